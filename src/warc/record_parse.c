/* SPDX-License-Identifier: MIT */
/* record_parse.c - record heads as files in the wild have them */
#include "warc/record_parse.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"

size_t record_parse_length(struct bytes b, size_t *scanned_io)
{
	/* An empty line may begin with the two bytes before what is new. */
	size_t from = *scanned_io < 3 ? 0 : *scanned_io - 3;
	for (;;) {
		size_t at = bytes_find_char(b, '\n', from);
		if (at == SIZE_MAX) {
			*scanned_io = b.len;
			return 0;
		}
		if (at + 1 < b.len && b.ptr[at + 1] == '\n') {
			return at + 2;
		}
		if (at + 2 < b.len && b.ptr[at + 1] == '\r' && b.ptr[at + 2] == '\n') {
			return at + 3;
		}
		from = at + 1;
	}
}

static int parse_version(struct bytes line, struct reader_record *record, struct flong_error *err)
{
	struct bytes version = bytes_trim(bytes_slice(line, 5, line.len));
	bool is_digits = version.len == 3 && char_is_digit(version.ptr[0]) &&
			 version.ptr[1] == '.' && char_is_digit(version.ptr[2]);
	bool is_old = version.len == 4 && bytes_starts(version, BYTES("0.1")) &&
		      char_is_digit(version.ptr[3]); /* 0.17, 0.18 */
	if (!bytes_starts(line, BYTES("WARC/")) || (!is_digits && !is_old)) {
		return error_set(
			err, FLONG_E_FORMAT, "'" BYTES_FMT "' is no WARC version", BYTES_ARG(line));
	}
	record->version = is_old ? 0 : (version.ptr[0] - '0') * 10 + (version.ptr[2] - '0');
	if (record->version != 10 && record->version != 11) {
		record->oddities |= READER_ODD_VERSION;
	}
	return FLONG_OK;
}

static bool is_fold(struct bytes rest)
{
	return rest.len > 0 && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t');
}

/* Takes a field and the folded lines after it off *rest; joined in `room` only when there are any.
 * False when there is none. */
static bool next_field(
	struct bytes *rest, struct buf *room, struct bytes *field_out, struct reader_record *record)
{
	struct bytes line;
	if (!bytes_next_line(rest, &line) || line.len == 0) {
		return false;
	}
	*field_out = bytes_trim(line);
	if (!is_fold(*rest)) {
		return true;
	}
	buf_reset(room);
	buf_add(room, *field_out);
	while (is_fold(*rest)) {
		(void)bytes_next_line(rest, &line);
		buf_add_char(room, ' ');
		buf_add(room, bytes_trim(line));
	}
	record->oddities |= READER_ODD_FOLD;
	*field_out = buf_bytes(room);
	return true;
}

static int parse_fields(struct bytes rest, struct reader_record *record, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf room = buf_with_max(LIMIT_RECORD_LINE_BYTES);
	struct bytes field;
	while (next_field(&rest, &room, &field, record)) {
		struct bytes name;
		struct bytes value;
		if (buf_failed(&room) || field.len > LIMIT_RECORD_LINE_BYTES) {
			return error_set(err, FLONG_E_LIMIT, "a line of the head is too long");
		}
		if (!bytes_cut(field, ':', &name, &value) || name.len == 0) {
			record->oddities |= READER_ODD_FIELD;
			continue;
		}
		if (record->headers.count >= LIMIT_RECORD_FIELDS) {
			return error_set(err, FLONG_E_LIMIT, "the head has over %d fields",
				LIMIT_RECORD_FIELDS);
		}
		headers_add(&record->headers, bytes_trim(name), bytes_trim(value));
	}
	return FLONG_OK;
}

static int parse_length(struct reader_record *record, struct flong_error *err)
{
	struct bytes value = headers_first(&record->headers, "Content-Length");
	if (value.ptr == NULL) {
		return error_set(err, FLONG_E_FORMAT, "there is no Content-Length");
	}
	struct bytes other;
	for (size_t n = 1; headers_nth(&record->headers, "Content-Length", n, &other); n++) {
		if (!bytes_equal(value, other)) {
			return error_set(
				err, FLONG_E_FORMAT, "there are two Content-Length values");
		}
	}
	if (!bytes_to_u64(value, INT64_MAX, &record->block_length)) {
		return error_set(err, FLONG_E_FORMAT, "Content-Length '" BYTES_FMT "' is no length",
			BYTES_ARG(value));
	}
	return FLONG_OK;
}

int record_parse_head(struct bytes b, struct reader_record *record, struct flong_error *err)
{
	struct bytes rest = b;
	struct bytes line;
	record->head_bytes = b.len;
	if (!bytes_next_line(&rest, &line)) {
		return error_set(err, FLONG_E_FORMAT, "the head is empty");
	}
	int rc = parse_version(line, record, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (bytes_find_char(b, '\0', 0) != SIZE_MAX) {
		record->oddities |= READER_ODD_FIELD;
	}
	if (!bytes_ends(b, BYTES("\r\n\r\n")) ||
		bytes_find_char(b, '\n', 0) != bytes_find(b, BYTES("\r\n"), 0) + 1) {
		record->oddities |= READER_ODD_LINE_END;
	}
	rc = parse_fields(rest, record, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	record->type = record_type_of(headers_first(&record->headers, "WARC-Type"));
	return parse_length(record, err);
}
