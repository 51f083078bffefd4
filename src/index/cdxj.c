/* SPDX-License-Identifier: MIT */
/* cdxj.c - one line of a CDXJ index, written and read */
#include "index/cdxj.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/json.h"

#define DIGITS_MIN 14
#define DIGITS_MAX 17

static void add_name(struct buf *out, const char *name)
{
	if (out->len > 0 && out->ptr[out->len - 1] != '{') {
		buf_add_text(out, ", ");
	}
	json_add_string_ascii(out, bytes_of(name));
	buf_add_text(out, ": ");
}

static void add_text(struct buf *out, const char *name, struct bytes text)
{
	if (text.ptr != NULL) {
		add_name(out, name);
		json_add_string_ascii(out, text);
	}
}

/* Numbers are strings in CDXJ: pywb compares them as such. */
static void add_number(struct buf *out, const char *name, uint64_t number)
{
	add_name(out, name);
	buf_add_char(out, '"');
	buf_add_u64(out, number);
	buf_add_char(out, '"');
}

void cdxj_format(
	const struct cdxj_entry *entry, const struct cdxj_options *options, struct buf *line_out)
{
	assert(options->digits == DIGITS_MIN || options->digits == DIGITS_MAX);
	size_t digits = (size_t)options->digits;
	buf_add(line_out, entry->key);
	buf_add_char(line_out, ' ');
	buf_add(line_out, bytes_slice(entry->timestamp, 0, digits));
	for (size_t i = entry->timestamp.len; i < digits; i++) {
		buf_add_char(line_out, '0');
	}
	buf_add_text(line_out, " {");
	add_text(line_out, "url", entry->url);
	add_text(line_out, "mime", entry->mime);
	add_text(line_out, "status", entry->status);
	add_text(line_out, "digest", entry->digest);
	add_number(line_out, "length", entry->length);
	add_number(line_out, "offset", entry->offset);
	add_text(line_out, "filename", entry->filename);
	if (options->record_digest) {
		add_text(line_out, "recordDigest", entry->record_digest);
	}
	for (size_t i = 0; i < entry->extra_count; i++) {
		add_text(line_out, entry->extras[i].name, entry->extras[i].value);
	}
	add_text(line_out, "requestBody", entry->request_body);
	add_text(line_out, "method", entry->method);
	buf_add_text(line_out, "}\n");
}

bool cdxj_split(struct bytes line, struct bytes *key_out, struct bytes *timestamp_out,
	struct bytes *json_out)
{
	struct bytes key;
	struct bytes timestamp;
	struct bytes rest;
	if (!bytes_cut(line, ' ', &key, &rest) || !bytes_cut(rest, ' ', &timestamp, &rest)) {
		return false;
	}
	*key_out = key;
	*timestamp_out = timestamp;
	*json_out = rest;
	return true;
}

static bool is_timestamp(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_digit(text.ptr[i])) {
			return false;
		}
	}
	return text.len >= DIGITS_MIN && text.len <= DIGITS_MAX;
}

/* A string member, absent when it is missing or of another type. */
static struct bytes text_member(const struct json *object, const char *name)
{
	return json_text(json_get(object, name));
}

static int number_member(
	const struct json *object, const char *name, uint64_t *number_out, struct flong_error *err)
{
	const struct json *value = json_get(object, name);
	if (json_type(value) == JSON_NUMBER) {
		double number = json_number(value);
		if (number >= 0 && number < 0x1p63) {
			*number_out = (uint64_t)json_int(value);
			return FLONG_OK;
		}
	} else if (bytes_to_u64(json_text(value), INT64_MAX, number_out)) {
		return FLONG_OK;
	}
	return error_set(err, FLONG_E_FORMAT, "index line: %s is no file position", name);
}

static void read_status(const struct json *object, struct cdxj_row *row)
{
	const struct json *status = json_get(object, "status");
	row->entry.status = json_text(status);
	if (json_type(status) == JSON_NUMBER) {
		(void)snprintf(row->status, sizeof(row->status), "%" PRId64, json_int(status));
		row->entry.status = bytes_of(row->status);
	}
}

static int read_members(struct cdxj_row *row, struct flong_error *err)
{
	const struct json *object = json_root(row->document);
	struct cdxj_entry *entry = &row->entry;
	if (json_type(object) != JSON_OBJECT) {
		return error_set(err, FLONG_E_FORMAT, "index line: no JSON object");
	}
	entry->filename = text_member(object, "filename");
	if (entry->filename.len == 0) {
		return error_set(err, FLONG_E_FORMAT, "index line: no filename");
	}
	int rc = number_member(object, "offset", &entry->offset, err);
	if (rc < 0) {
		return rc;
	}
	rc = number_member(object, "length", &entry->length, err);
	if (rc < 0) {
		return rc;
	}
	entry->url = text_member(object, "url");
	entry->mime = text_member(object, "mime");
	entry->digest = text_member(object, "digest");
	entry->record_digest = text_member(object, "recordDigest");
	entry->request_body = text_member(object, "requestBody");
	entry->method = text_member(object, "method");
	read_status(object, row);
	return FLONG_OK;
}

int cdxj_parse(struct bytes line, struct cdxj_row *row_out, struct flong_error *err)
{
	cdxj_clear(row_out);
	if (bytes_starts(line, BYTES("!")) || bytes_starts(line, BYTES(" CDX"))) {
		return error_set(err, FLONG_E_UNSUPPORTED, "index line: a header");
	}
	struct bytes json;
	if (!cdxj_split(line, &row_out->entry.key, &row_out->entry.timestamp, &json) ||
		row_out->entry.key.len == 0 || !is_timestamp(row_out->entry.timestamp)) {
		cdxj_clear(row_out);
		return error_set(err, FLONG_E_FORMAT,
			"index line: no key and timestamp in '" BYTES_FMT "'", BYTES_ARG(line));
	}
	int rc = json_parse(bytes_trim(json), JSON_STRICT, &row_out->document, err);
	if (rc == FLONG_OK) {
		rc = read_members(row_out, err);
	}
	if (rc < 0) {
		cdxj_clear(row_out);
	}
	return rc;
}

void cdxj_clear(struct cdxj_row *row)
{
	json_close(row->document);
	*row = (struct cdxj_row){.document = NULL};
}
