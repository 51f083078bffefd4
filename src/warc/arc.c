/* SPDX-License-Identifier: MIT */
/* arc.c - the head lines of ARC 1.x files */
#include "warc/arc.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/limits.h"

enum { DATE_MIN = 12, DATE_MAX = 18, DATE_DIGITS = 14, FIELDS_OF_VERSION_2 = 5 };

/* The parts of a head line. Borrowed. */
struct arc_line {
	struct bytes url, ip, date, type, length;
};

static bool is_digits(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		if (!char_is_digit(b.ptr[i])) {
			return false;
		}
	}
	return b.len > 0;
}

static bool is_address(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		if (char_hex(b.ptr[i]) < 0 && b.ptr[i] != '.' && b.ptr[i] != ':') {
			return false;
		}
	}
	return b.len > 0;
}

static bool is_date(struct bytes b)
{
	return is_digits(b) && b.len >= DATE_MIN && b.len <= DATE_MAX;
}

/* "scheme:" at the start. */
static bool is_url(struct bytes b)
{
	size_t at = 0;
	while (at < b.len && (char_is_alnum(b.ptr[at]) || b.ptr[at] == '+' || b.ptr[at] == '-' ||
				     b.ptr[at] == '.')) {
		at++;
	}
	return at > 0 && at < b.len && b.ptr[at] == ':' && char_is_alpha(b.ptr[0]);
}

/* Takes the last field off the line; it may be empty. False when there is no space before it. */
static bool take_last(struct bytes *line, struct bytes *field_out)
{
	size_t space = bytes_find_last_char(*line, ' ');
	if (space == SIZE_MAX) {
		return false;
	}
	*field_out = bytes_slice(*line, space + 1, line->len);
	*line = bytes_slice(*line, 0, space);
	return true;
}

/* Takes content type, date and address off the line's end; the rest is the URL. */
static bool take_middle(struct bytes line, struct arc_line *out)
{
	bool is_there = take_last(&line, &out->type) && take_last(&line, &out->date) &&
			take_last(&line, &out->ip);
	out->url = line;
	return is_there && is_date(out->date) && is_address(out->ip) && is_url(line);
}

/* Cuts the line from its end, because URLs may hold spaces. Version 2 has five fields more before
 * the length. False when it is no head line. */
static bool cut_line(struct bytes line, struct arc_line *out)
{
	if (!take_last(&line, &out->length)) {
		return false;
	}
	if (take_middle(line, out)) {
		return true;
	}
	struct bytes skipped;
	for (int i = 0; i < FIELDS_OF_VERSION_2; i++) {
		if (!take_last(&line, &skipped)) {
			return false;
		}
	}
	return take_middle(line, out);
}

static struct bytes first_line(struct bytes b, size_t *length_out)
{
	size_t end = bytes_find_char(bytes_slice(b, 0, LIMIT_RECORD_LINE_BYTES), '\n', 0);
	*length_out = end == SIZE_MAX ? 0 : end + 1;
	struct bytes line = bytes_slice(b, 0, end == SIZE_MAX ? 0 : end);
	if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
		line.len--;
	}
	return line;
}

size_t arc_head_length(struct bytes b)
{
	struct arc_line line;
	size_t length;
	return cut_line(first_line(b, &length), &line) ? length : 0;
}

/* "20140216050221" as WARC-Date has it; digits that are missing count as zero. */
static void add_date(struct headers *headers, struct bytes date)
{
	char text[] = "0000-00-00T00:00:00Z";
	size_t at = 0;
	for (size_t i = 0; i < DATE_DIGITS && i < date.len; i++) {
		while (!char_is_digit(text[at])) {
			at++;
		}
		text[at++] = date.ptr[i];
	}
	headers_add(headers, BYTES("WARC-Date"), bytes_of(text));
}

int arc_parse_head(struct bytes line, struct reader_record *record, struct flong_error *err)
{
	struct arc_line arc;
	size_t length;
	record->head_bytes = line.len;
	if (!cut_line(first_line(line, &length), &arc)) {
		return error_set(err, FLONG_E_FORMAT, "no ARC head line");
	}
	if (!is_digits(arc.length)) {
		record->block_length = 0;
		record->oddities |= READER_ODD_FIELD;
	} else if (!bytes_to_u64(arc.length, INT64_MAX, &record->block_length)) {
		return error_set(
			err, FLONG_E_FORMAT, "'" BYTES_FMT "' is no length", BYTES_ARG(arc.length));
	}
	bool is_http = bytes_starts_nocase(arc.url, BYTES("http:")) ||
		       bytes_starts_nocase(arc.url, BYTES("https:"));
	record->type = bytes_starts_nocase(arc.url, BYTES("filedesc:")) ? RECORD_WARCINFO
		       : is_http                                        ? RECORD_RESPONSE
									: RECORD_RESOURCE;
	struct headers *headers = &record->headers;
	char text[24];
	(void)snprintf(text, sizeof(text), "%" PRIu64, record->block_length);
	headers_add(headers, BYTES("WARC-Type"), bytes_of(record_type_name(record->type)));
	headers_add(headers, BYTES("WARC-Target-URI"), arc.url);
	add_date(headers, arc.date);
	headers_add(headers, BYTES("WARC-IP-Address"), arc.ip);
	headers_add(headers, BYTES("Content-Type"),
		is_http ? BYTES("application/http;msgtype=response") : arc.type);
	headers_add(headers, BYTES("ARC-Content-Type"), arc.type);
	headers_add(headers, BYTES("Content-Length"), bytes_of(text));
	return FLONG_OK;
}
