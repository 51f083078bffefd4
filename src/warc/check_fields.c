/* SPDX-License-Identifier: MIT */
/* check_fields.c - what identifies a record: version, type, id, date; and its place among the
 * others
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "warc/check_state.h"

static struct bytes field(const struct check_state *state, const char *name)
{
	return check_state_field(state, name);
}

static void set(struct buf *buf, struct bytes b)
{
	buf_reset(buf);
	buf_add(buf, b);
}

static bool insert(uint64_t *ids, size_t capacity, uint64_t hash)
{
	size_t at = (size_t)hash & (capacity - 1);
	while (ids[at] != 0) {
		if (ids[at] == hash) {
			return false;
		}
		at = (at + 1) & (capacity - 1);
	}
	ids[at] = hash;
	return true;
}

/* Whether the hash of an id is new; remembers it. Over the cap all are new. */
static bool remember_id(struct check_state *state, uint64_t hash)
{
	if (state->id_count == LIMIT_CHECK_IDS) {
		state->id_count++;
		check_state_report(state, CHECK_ADVICE, "W-04",
			"over %d records: the ids of this and the following are not compared",
			LIMIT_CHECK_IDS);
	}
	if (state->id_count > LIMIT_CHECK_IDS) {
		return true;
	}
	if (state->id_count * 2 >= state->id_capacity) {
		size_t capacity = state->id_capacity == 0 ? 1024 : state->id_capacity * 2;
		uint64_t *ids = ALLOC_ARRAY(uint64_t, capacity);
		for (size_t i = 0; i < state->id_capacity; i++) {
			if (state->ids[i] != 0) {
				(void)insert(ids, capacity, state->ids[i]);
			}
		}
		free(state->ids);
		state->ids = ids;
		state->id_capacity = capacity;
	}
	bool is_new = insert(state->ids, state->id_capacity, hash + (hash == 0));
	state->id_count += is_new;
	return is_new;
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
	if (state->options->is_ours && !is_our_id(id)) {
		check_state_report(state, CHECK_ERROR, "W-04",
			"WARC-Record-ID '" BYTES_FMT "' is not one of ours", BYTES_ARG(id));
	}
	if (!state->options->leaves_ids &&
		!remember_id(state, bytes_hash(reader_uri(state->record, "WARC-Record-ID")))) {
		/* Wget 1.14 and others do it; nothing is lost by it. */
		check_state_report(state, CHECK_STATE_STRICT(state), "W-04",
			"WARC-Record-ID '" BYTES_FMT "' was used before", BYTES_ARG(id));
	}
}

static void check_version(struct check_state *state)
{
	int version = state->record->version;
	bool is_same = state->summary->records > 0 && version == state->version;
	state->version = version;
	if (is_same) {
		return;
	}
	if (version == 0) {
		check_state_report(state, CHECK_ADVICE, "W-50", "the version is that of a draft");
	} else if (version != 10 && version != 11) {
		check_state_report(state, CHECK_ERROR, "W-50",
			"there is no WARC/%d.%d: some readers refuse the file", version / 10,
			version % 10);
	}
}

static void check_type(struct check_state *state)
{
	struct bytes type = field(state, "WARC-Type");
	if (type.len == 0) {
		check_state_report(state, CHECK_ERROR, "W-02", "there is no WARC-Type");
	} else if (state->record->type == RECORD_OTHER && !check_state_is_continuation(state)) {
		check_state_report(state, CHECK_WARNING, "W-59",
			"WARC-Type '" BYTES_FMT
			"' is none of the standard: readers skip the record",
			BYTES_ARG(type));
	}
}

static void check_date(struct check_state *state)
{
	struct bytes date = field(state, "WARC-Date");
	int64_t date_ms;
	if (date.len == 0) {
		check_state_report(state, CHECK_ERROR, "W-02", "there is no WARC-Date");
	} else if (state->options->is_ours && clock_parse_iso(date, &date_ms) &&
		   (date.len != 24 || date.ptr[23] != 'Z')) {
		check_state_report(state, CHECK_ERROR, "W-05",
			"WARC-Date '" BYTES_FMT "' has not three fraction digits", BYTES_ARG(date));
	}
}

static void check_repeats(struct check_state *state)
{
	const struct headers *headers = &state->record->headers;
	for (size_t i = 1; i < headers->count; i++) {
		struct bytes name = headers->fields[i].name;
		bool is_warc = bytes_starts_nocase(name, BYTES("WARC-")) ||
			       bytes_starts_nocase(name, BYTES("Content-"));
		bool may_repeat = bytes_equal_nocase(name, BYTES("WARC-Concurrent-To")) ||
				  bytes_equal_nocase(name, BYTES("WARC-Protocol"));
		for (size_t k = 0; k < i && !may_repeat; k++) {
			if (bytes_equal_nocase(name, headers->fields[k].name)) {
				check_state_report(state,
					is_warc ? CHECK_ERROR : CHECK_STATE_STRICT(state), "W-18",
					BYTES_FMT " is there twice", BYTES_ARG(name));
				break;
			}
		}
	}
}

static void check_warcinfo(struct check_state *state)
{
	bool is_first = state->summary->records == 0 && !state->is_damaged;
	if (state->record->type != RECORD_WARCINFO) {
		struct bytes id = field(state, "WARC-Warcinfo-ID");
		if (is_first) {
			check_state_report(state,
				state->options->is_ours ? CHECK_ERROR : CHECK_ADVICE, "W-03",
				"the file does not begin with a warcinfo record");
		}
		if (state->options->is_ours && id.len > 0 &&
			!bytes_equal(id, buf_bytes(&state->warcinfo_id))) {
			check_state_report(state, CHECK_ERROR, "W-03",
				"WARC-Warcinfo-ID '" BYTES_FMT "' is not this file's",
				BYTES_ARG(id));
		}
		return;
	}
	struct bytes name = field(state, "WARC-Filename");
	/* A later one describes a file that records were taken over from. */
	if (state->options->is_ours && is_first &&
		!bytes_equal(name, bytes_of(state->options->name))) {
		check_state_report(state, CHECK_ERROR, "W-03",
			"WARC-Filename is '" BYTES_FMT "', not '%s'", BYTES_ARG(name),
			state->options->name);
	}
	set(&state->warcinfo_id, field(state, "WARC-Record-ID"));
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
	if (concurrent.len == 0) {
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
	check_version(state);
	check_type(state);
	check_id(state);
	check_date(state);
	check_repeats(state);
	check_warcinfo(state);
	if (state->options->is_ours) {
		check_order(state);
	}
}
