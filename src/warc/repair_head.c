/* SPDX-License-Identifier: MIT */
/* repair_head.c - a record's head written anew from what its fields say */
#include "warc/repair_head.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "web/utf8.h"

/* What the value of a field is, as far as its form can be mended. */
enum value_kind { VALUE_TEXT, VALUE_URI, VALUE_ID, VALUE_DATE, VALUE_DIGEST };

static const struct {
	const char *name;
	enum value_kind kind;
} kinds[] = {
	{"WARC-Record-ID", VALUE_ID},
	{"WARC-Concurrent-To", VALUE_ID},
	{"WARC-Refers-To", VALUE_ID},
	{"WARC-Warcinfo-ID", VALUE_ID},
	{"WARC-Segment-Origin-ID", VALUE_ID},
	{"WARC-Target-URI", VALUE_URI},
	{"WARC-Profile", VALUE_URI},
	{"WARC-Refers-To-Target-URI", VALUE_URI},
	{"WARC-Date", VALUE_DATE},
	{"WARC-Refers-To-Date", VALUE_DATE},
	{"WARC-Block-Digest", VALUE_DIGEST},
	{"WARC-Payload-Digest", VALUE_DIGEST},
};

static bool is(struct bytes name, const char *wanted)
{
	return bytes_equal_nocase(name, bytes_of(wanted));
}

static enum value_kind kind_of(struct bytes name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (is(name, kinds[i].name)) {
			return kinds[i].kind;
		}
	}
	return VALUE_TEXT;
}

static void note(struct buf *notes, struct bytes name, const char *what)
{
	buf_add_text(notes, notes->len > 0 ? "; " : "");
	buf_addf(notes, BYTES_FMT " %s", BYTES_ARG(name), what);
}

/* A token (RFC 9110 5.6.2). */
static bool is_name(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (!char_is_alnum(name.ptr[i]) && strchr("!#$%&'*+-.^_`|~", name.ptr[i]) == NULL) {
			return false;
		}
	}
	return name.len > 0;
}

static bool may_repeat(struct bytes name)
{
	return is(name, "WARC-Concurrent-To") || is(name, "WARC-Protocol");
}

static bool is_repeated(const struct headers *headers, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (bytes_equal_nocase(headers->fields[i].name, headers->fields[at].name)) {
			return !may_repeat(headers->fields[at].name);
		}
	}
	return false;
}

static struct bytes without_brackets(struct bytes value)
{
	bool has = value.len >= 2 && value.ptr[0] == '<' && value.ptr[value.len - 1] == '>';
	return has ? bytes_slice(value, 1, value.len - 1) : value;
}

/* "2014-02-16T05:02:21Z"; with a fraction only in WARC/1.1. */
static bool is_usual_date(struct bytes value, bool is_11)
{
	size_t seconds = sizeof("2014-02-16T05:02:21") - 1;
	if (value.len == seconds + 1) {
		return value.ptr[seconds] == 'Z';
	}
	return is_11 && value.len >= seconds + 3 && value.len <= seconds + 11 &&
	       value.ptr[seconds] == '.' && value.ptr[value.len - 1] == 'Z';
}

static void add_date(struct buf *out, struct bytes value, bool is_11)
{
	char text[CLOCK_ISO_SIZE];
	int64_t wall_ms;
	if (is_usual_date(value, is_11) || !clock_parse_iso(value, &wall_ms)) {
		buf_add(out, value);
		return;
	}
	if (is_11 && wall_ms % 1000 != 0) {
		clock_format_iso_ms(wall_ms, text);
	} else {
		clock_format_iso_s(wall_ms, text);
	}
	buf_add_text(out, text);
}

static void add_digest(struct buf *out, struct bytes value)
{
	struct digest digest;
	struct flong_error ignored;
	if (digest_parse(value, &digest, &ignored) != FLONG_OK) {
		buf_add(out, value);
		return;
	}
	char text[DIGEST_TEXT_SIZE];
	digest_format(&digest, text);
	buf_add_text(out, text);
}

/* The value without anything that could end its line. */
static void add_text(struct buf *out, struct bytes value)
{
	for (size_t i = 0; i < value.len; i++) {
		bool is_control = (unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f;
		buf_add_char(out, is_control && value.ptr[i] != '\t' ? ' ' : value.ptr[i]);
	}
}

/* A bare UUID, as some writers have it. */
static bool is_bare_uuid(struct bytes id)
{
	bool is_bare = id.len == 36;
	for (size_t i = 0; i < id.len && is_bare; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
		is_bare = is_dash ? id.ptr[i] == '-' : char_hex(id.ptr[i]) >= 0;
	}
	return is_bare;
}

static void add_value(struct buf *out, struct bytes name, struct bytes value, bool is_11)
{
	enum value_kind kind = kind_of(name);
	if (kind == VALUE_DATE) {
		add_date(out, value, is_11);
	} else if (kind == VALUE_DIGEST) {
		add_digest(out, value);
	} else if (kind == VALUE_URI) {
		add_text(out, without_brackets(value));
	} else if (kind == VALUE_ID) {
		value = without_brackets(value);
		buf_add_text(out, is_bare_uuid(value) ? "<urn:uuid:" : "<");
		add_text(out, value);
		buf_add_char(out, '>');
	} else {
		add_text(out, value);
	}
}

static bool is_dropped(const struct repair_head *head, struct bytes name)
{
	return (head->drops_block_digest && is(name, "WARC-Block-Digest")) ||
	       (head->drops_payload_digest && is(name, "WARC-Payload-Digest"));
}

static bool is_invalid(const struct repair_head *head, const struct header_field *field)
{
	if (kind_of(field->name) == VALUE_DIGEST && bytes_starts(field->value, BYTES(":"))) {
		return true; /* no algorithm */
	}
	for (size_t i = 0; i < head->invalid_count; i++) {
		if (bytes_equal_nocase(field->name, head->invalid[i])) {
			return true;
		}
	}
	return false;
}

/* A reply that is no HTTP message is a resource (formats of the wire stay as they were). */
static struct bytes value_of(const struct repair_head *head, const struct header_field *field)
{
	if (head->is_no_http && is(field->name, "WARC-Type")) {
		return BYTES("resource");
	}
	if (head->is_no_http && is(field->name, "Content-Type")) {
		return BYTES("application/octet-stream");
	}
	return field->value;
}

static void add_field(const struct repair_head *head, const struct header_field *field, bool is_11,
	struct buf *out, struct buf *notes)
{
	SCOPED(buf_clear) struct buf value = {0};
	struct bytes found = value_of(head, field);
	add_value(&value, field->name, found, is_11);
	if (is_invalid(head, field)) {
		note(notes, field->name, "has a value that says nothing and was renamed");
		buf_add_text(out, REPAIR_INVALID);
	} else if (is_dropped(head, field->name)) {
		note(notes, field->name, "does not match the data and was renamed");
		buf_add_text(out, REPAIR_UNVERIFIED);
	} else if (!bytes_equal(buf_bytes(&value), found)) {
		note(notes, field->name, "was written in its usual form");
	}
	buf_addf(out, "%.*s: ", (int)field->name.len, field->name.ptr);
	buf_add(out, bytes_trim(buf_bytes(&value)));
	buf_add_text(out, "\r\n");
}

static void add_fields(
	const struct repair_head *head, bool is_11, struct buf *out, struct buf *notes)
{
	const struct headers *headers = &head->record->headers;
	for (size_t i = 0; i < headers->count; i++) {
		const struct header_field *field = &headers->fields[i];
		if (is(field->name, "Content-Length")) {
			continue; /* comes last */
		}
		if (!is_name(field->name)) {
			note(notes, field->name, "is no name of a field and was left out");
		} else if (is_repeated(headers, i)) {
			note(notes, field->name, "is there twice, the first was kept");
		} else {
			add_field(head, field, is_11, out, notes);
		}
	}
}

void repair_head_write(const struct repair_head *head, struct buf *out, struct buf *notes_out)
{
	const struct reader_record *record = head->record;
	bool is_11 = record->version > 10;
	buf_add_text(out, is_11 ? "WARC/1.1\r\n" : "WARC/1.0\r\n");
	if ((record->oddities & READER_ODD_VERSION) != 0) {
		note(notes_out, BYTES("the version"), is_11 ? "became 1.1" : "became 1.0");
	}
	if ((record->oddities & (READER_ODD_LINE_END | READER_ODD_FIELD | READER_ODD_FOLD)) != 0) {
		note(notes_out, BYTES("the head's lines"), "were mended");
	}
	add_fields(head, is_11, out, notes_out);
	if (!headers_has(&record->headers, "WARC-Record-ID")) {
		char id[RECORD_ID_SIZE];
		record_ids_next(head->ids, id);
		buf_addf(out, "WARC-Record-ID: <%s>\r\n", id);
		if (!head->is_arc) {
			note(notes_out, BYTES("WARC-Record-ID"), "was missing and was made");
		}
	}
	if (head->is_cut && !headers_has(&record->headers, "WARC-Truncated")) {
		buf_add_text(out, "WARC-Truncated: unspecified\r\n");
		note(notes_out, BYTES("WARC-Truncated"), "was added: the HTTP body is cut");
	}
	buf_addf(out, "Content-Length: %" PRIu64 "\r\n\r\n", head->block_length);
}
