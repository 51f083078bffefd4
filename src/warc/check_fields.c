/* SPDX-License-Identifier: MIT */
/* check_fields.c - what a record's head says, and its place among its neighbours */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "warc/check_state.h"

static struct bytes field(const struct check_state *state, const char *name)
{
	return headers_first(&state->record->headers, name);
}

static void set(struct buf *buf, struct bytes b)
{
	buf_reset(buf);
	buf_add(buf, b);
}

/* Whether the hash of an id is new; remembers it. */
static bool remember_id(struct check_state *state, uint64_t hash)
{
	hash += hash == 0;
	if (state->id_count * 2 >= state->id_capacity) {
		size_t old_capacity = state->id_capacity;
		uint64_t *old = state->ids;
		state->id_capacity = old_capacity == 0 ? 1024 : old_capacity * 2;
		state->ids = ALLOC_ARRAY(uint64_t, state->id_capacity);
		state->id_count = 0;
		for (size_t i = 0; i < old_capacity; i++) {
			if (old[i] != 0) {
				(void)remember_id(state, old[i]);
			}
		}
		free(old);
	}
	size_t at = (size_t)hash & (state->id_capacity - 1);
	while (state->ids[at] != 0) {
		if (state->ids[at] == hash) {
			return false;
		}
		at = (at + 1) & (state->id_capacity - 1);
	}
	state->ids[at] = hash;
	state->id_count++;
	return true;
}

/* Whether this is "<urn:uuid:...>" of version 4 in lower case. */
static bool is_our_id(struct bytes id)
{
	static const char shape[] = "<urn:uuid:xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx>";
	if (id.len != sizeof(shape) - 1) {
		return false;
	}
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		bool is_hex = char_is_digit(c) || (c >= 'a' && c <= 'f');
		bool is_wild = i >= 10 && (shape[i] == 'x' || shape[i] == 'y');
		bool is_variant = c == '8' || c == '9' || c == 'a' || c == 'b';
		if (is_wild ? !is_hex || (shape[i] == 'y' && !is_variant) : c != shape[i]) {
			return false;
		}
	}
	return true;
}

static void check_id(struct check_state *state)
{
	struct bytes id = field(state, "WARC-Record-ID");
	if (id.len == 0) {
		check_state_report(state, CHECK_ERROR, "W-02", "there is no WARC-Record-ID");
		return;
	}
	if (id.ptr[0] != '<' || (state->options->is_ours && !is_our_id(id))) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-04",
			"WARC-Record-ID '" BYTES_FMT "' has an unusual form", BYTES_ARG(id));
	}
	if (!remember_id(state, bytes_hash(reader_uri(state->record, "WARC-Record-ID")))) {
		check_state_report(state, CHECK_ERROR, "W-04",
			"WARC-Record-ID '" BYTES_FMT "' was used before", BYTES_ARG(id));
	}
}

static void check_date(struct check_state *state)
{
	struct bytes date = field(state, "WARC-Date");
	int64_t date_ms;
	if (!clock_parse_iso(date, &date_ms)) {
		check_state_report(state, CHECK_ERROR, "W-02",
			"WARC-Date '" BYTES_FMT "' is missing or no date", BYTES_ARG(date));
	} else if (state->options->is_ours && (date.len != 24 || date.ptr[23] != 'Z')) {
		check_state_report(state, CHECK_ERROR, "W-05",
			"WARC-Date '" BYTES_FMT "' has not three fraction digits", BYTES_ARG(date));
	}
}

static void check_uri(struct check_state *state)
{
	enum record_type type = state->record->type;
	struct bytes uri = field(state, "WARC-Target-URI");
	bool is_needed = type != RECORD_WARCINFO && type != RECORD_METADATA && type != RECORD_OTHER;
	if (uri.len == 0) {
		if (is_needed) {
			check_state_report(
				state, CHECK_ERROR, "W-02", "there is no WARC-Target-URI");
		}
		return;
	}
	bool is_bad = uri.ptr[0] == '<' || bytes_find_char(uri, '#', 0) != SIZE_MAX;
	for (size_t i = 0; i < uri.len; i++) {
		is_bad = is_bad || uri.ptr[i] <= ' ' || uri.ptr[i] == 0x7f;
	}
	if (is_bad) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-06",
			"WARC-Target-URI '" BYTES_FMT "' is not as a browser would request it",
			BYTES_ARG(uri));
	}
}

static void check_repeats(struct check_state *state)
{
	const struct headers *headers = &state->record->headers;
	for (size_t i = 1; i < headers->count; i++) {
		struct bytes name = headers->fields[i].name;
		bool may_repeat = bytes_equal_nocase(name, BYTES("WARC-Concurrent-To")) ||
				  bytes_equal_nocase(name, BYTES("WARC-Protocol"));
		for (size_t k = 0; k < i && !may_repeat; k++) {
			if (bytes_equal_nocase(name, headers->fields[k].name)) {
				check_state_report(state, CHECK_STATE_STRICT(state), "W-18",
					BYTES_FMT " is there twice", BYTES_ARG(name));
				break;
			}
		}
	}
}

static void check_warcinfo(struct check_state *state)
{
	bool is_first = state->summary->records == 0;
	bool is_warcinfo = state->record->type == RECORD_WARCINFO;
	if (is_first && !is_warcinfo) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-03",
			"the file does not begin with a warcinfo record");
	}
	if (is_warcinfo) {
		struct bytes name = field(state, "WARC-Filename");
		if (is_first && state->options->is_ours &&
			!bytes_equal(name, bytes_of(state->options->name))) {
			check_state_report(state, CHECK_ERROR, "W-03",
				"WARC-Filename is '" BYTES_FMT "', not '%s'", BYTES_ARG(name),
				state->options->name);
		}
		set(&state->warcinfo_id, field(state, "WARC-Record-ID"));
		return;
	}
	struct bytes id = field(state, "WARC-Warcinfo-ID");
	if (state->options->is_ours && id.len > 0 &&
		!bytes_equal(id, buf_bytes(&state->warcinfo_id))) {
		check_state_report(state, CHECK_ERROR, "W-03",
			"WARC-Warcinfo-ID '" BYTES_FMT "' is not this file's", BYTES_ARG(id));
	}
}

static void check_revisit(struct check_state *state)
{
	static const char *const needed[] = {"WARC-Profile", "WARC-Payload-Digest",
		"WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"};
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (field(state, needed[i]).len == 0) {
			check_state_report(state, CHECK_STATE_STRICT(state), "W-24",
				"the revisit has no %s", needed[i]);
		}
	}
	struct bytes uri = field(state, "WARC-Refers-To-Target-URI");
	if (uri.len > 0 && uri.ptr[0] == '<') {
		check_state_report(state, CHECK_WARNING, "W-24",
			"WARC-Refers-To-Target-URI has brackets, which some players do not expect");
	}
}

/* Request and metadata come right behind their response and name it (W-07). */
static void check_order(struct check_state *state)
{
	enum record_type type = state->record->type;
	struct bytes concurrent = field(state, "WARC-Concurrent-To");
	bool is_reply =
		type == RECORD_RESPONSE || type == RECORD_REVISIT || type == RECORD_RESOURCE;
	/* A request that only had interim replies stands first itself. */
	if (is_reply || (type == RECORD_REQUEST && concurrent.len == 0)) {
		set(&state->main_id, field(state, "WARC-Record-ID"));
		set(&state->main_uri, field(state, "WARC-Target-URI"));
		set(&state->main_date, field(state, "WARC-Date"));
		return;
	}
	if (concurrent.len == 0 || !state->options->is_ours) {
		return;
	}
	if (type == RECORD_REQUEST &&
		(state->previous == RECORD_REQUEST || state->previous == RECORD_METADATA)) {
		check_state_report(
			state, CHECK_ERROR, "W-07", "the request does not follow its response");
	}
	if (!bytes_equal(concurrent, buf_bytes(&state->main_id)) ||
		!bytes_equal(field(state, "WARC-Target-URI"), buf_bytes(&state->main_uri))) {
		check_state_report(state, CHECK_ERROR, "W-07",
			"WARC-Concurrent-To does not name the record before");
	} else if (!bytes_equal(field(state, "WARC-Date"), buf_bytes(&state->main_date))) {
		check_state_report(
			state, CHECK_ERROR, "W-05", "WARC-Date differs from the response's");
	}
}

void check_fields_run(struct check_state *state)
{
	enum record_type type = state->record->type;
	if (field(state, "WARC-Type").len == 0) {
		check_state_report(state, CHECK_ERROR, "W-02", "there is no WARC-Type");
	}
	check_id(state);
	check_date(state);
	check_uri(state);
	check_repeats(state);
	check_warcinfo(state);
	check_order(state);
	if (type == RECORD_REVISIT) {
		check_revisit(state);
	}
	bool has_payload = field(state, "WARC-Payload-Digest").len > 0;
	if (has_payload && (type == RECORD_WARCINFO || type == RECORD_METADATA)) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-15",
			"a %s record has no payload to digest", record_type_name(type));
	}
	if (!has_payload && type == RECORD_RESOURCE) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-15",
			"the resource has no payload digest: some indexers take it for empty");
	}
	struct bytes truncated = field(state, "WARC-Truncated");
	if (truncated.len > 0 && !bytes_equal(truncated, BYTES("length")) &&
		!bytes_equal(truncated, BYTES("time")) &&
		!bytes_equal(truncated, BYTES("disconnect")) &&
		!bytes_equal(truncated, BYTES("unspecified"))) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-16",
			"WARC-Truncated '" BYTES_FMT "' is not one of the known reasons",
			BYTES_ARG(truncated));
	}
}
