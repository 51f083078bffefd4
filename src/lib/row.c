/* SPDX-License-Identifier: MIT */
/* row.c - what flong/cdxj.h tells of rows */
#include "lib/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "index/cdx.h"
#include "lib/api.h"

void row_store_clear(struct row_store *store)
{
	buf_clear(&store->text);
	*store = (struct row_store){0};
}

/* Position of the copy in the text, or SIZE_MAX for what is absent. */
static size_t keep(struct buf *text, struct bytes b)
{
	size_t at = text->len;
	if (b.ptr == NULL) {
		return SIZE_MAX;
	}
	buf_add(text, b);
	buf_add_char(text, '\0');
	return at;
}

void row_store_set(struct row_store *store, const struct cdxj_entry *entry, struct bytes redirect)
{
	struct flong_row *row = &store->row;
	const struct {
		struct bytes from;
		const char **to;
	} texts[] = {{entry->key, &row->key}, {entry->timestamp, &row->timestamp},
		{entry->url, &row->url}, {entry->mime, &row->mime}, {entry->status, &row->status},
		{entry->digest, &row->digest}, {entry->filename, &row->filename},
		{entry->record_digest, &row->record_digest}, {entry->method, &row->method},
		{entry->request_body, &row->request_body}, {redirect, &row->redirect}};
	enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
	size_t places[TEXTS];
	*row = (struct flong_row){.offset = entry->offset, .length = entry->length};
	buf_reset(&store->text);
	store->text.max = 2 * LIMIT_INDEX_LINE_BYTES; /* of a line that has passed that limit */
	for (size_t i = 0; i < TEXTS; i++) {
		places[i] = keep(&store->text, texts[i].from);
	}
	const char *start = buf_text(&store->text);
	for (size_t i = 0; i < TEXTS; i++) { /* now that the text does not move any more */
		*texts[i].to = places[i] == SIZE_MAX ? NULL : start + places[i];
	}
}

static int parse_cdxj(struct row_store *store, struct bytes line, struct flong_error *err)
{
	struct cdxj_row parsed = {.status = ""};
	int rc = cdxj_parse(line, &parsed, err);
	if (rc == FLONG_OK) {
		row_store_set(store, &parsed.entry, (struct bytes){NULL, 0});
	}
	cdxj_clear(&parsed);
	return rc;
}

static int parse_cdx(struct row_store *store, struct bytes line, struct flong_error *err)
{
	struct cdx_row parsed;
	if (cdx_is_header(line)) {
		return error_set(err, FLONG_E_UNSUPPORTED, "a header line is no row");
	}
	int rc = cdx_parse(line, NULL, &parsed, err);
	if (rc == FLONG_OK) {
		row_store_set(store, &parsed.entry, parsed.redirect);
	}
	return rc;
}

int row_store_parse(struct row_store *store, struct bytes line, enum flong_row_form form,
	struct flong_error *err)
{
	if (line.len > LIMIT_INDEX_LINE_BYTES) {
		return error_set(
			err, FLONG_E_LIMIT, "an index line of %zu bytes is too long", line.len);
	}
	switch (form) {
	case FLONG_CDXJ:
		return parse_cdxj(store, line, err);
	case FLONG_CDX:
		return parse_cdx(store, line, err);
	}
	return error_set(err, FLONG_E_USAGE, "there is no form of rows %d", (int)form);
}

int flong_row_parse(const char *line, size_t length, enum flong_row_form form,
	struct flong_row **row_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (row_out == NULL) {
		return api_null("row_out", err);
	}
	*row_out = NULL;
	if (line == NULL) {
		return api_null("line", err);
	}
	struct row_store *store = ALLOC(struct row_store);
	int rc = row_store_parse(store, bytes_from(line, length), form, err);
	if (rc != FLONG_OK) {
		row_store_clear(store);
		free(store);
		return rc;
	}
	*row_out = &store->row;
	return FLONG_OK;
}

void flong_row_close(struct flong_row *row)
{
	if (row != NULL) {
		struct row_store *store = (struct row_store *)row; /* its first member */
		row_store_clear(store);
		free(store);
	}
}

bool flong_row_time(const struct flong_row *row, int64_t *time_out)
{
	return row != NULL && row->timestamp != NULL && time_out != NULL &&
	       clock_parse_digits(bytes_of(row->timestamp), time_out);
}

/* Neither empty nor with what ends a column. */
static bool is_column(const char *text)
{
	for (const char *c = text; c != NULL && *c != '\0'; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f) {
			return false;
		}
	}
	return text != NULL && text[0] != '\0';
}

static bool is_timestamp(const char *text)
{
	size_t length = text == NULL ? 0 : strlen(text);
	return (length == 14 || length == 17) && strspn(text, "0123456789") == length;
}

static struct bytes column_or_absent(const char *text)
{
	return text == NULL ? (struct bytes){NULL, 0} : bytes_of(text);
}

int flong_row_format(const struct flong_row *row, enum flong_row_form form, char **line_out,
	struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (row == NULL || line_out == NULL) {
		return api_null("row or line_out", err);
	}
	if (form != FLONG_CDXJ && form != FLONG_CDX) {
		return error_set(err, FLONG_E_USAGE, "there is no form of rows %d", (int)form);
	}
	int rc = api_reserved(row->reserved, "struct flong_row", err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (!is_column(row->key) || !is_timestamp(row->timestamp) || row->filename == NULL ||
		row->filename[0] == '\0') {
		return error_set(err, FLONG_E_USAGE,
			"a row needs a key without blanks, a time of 14 or 17 digits and a file "
			"name");
	}
	const struct cdxj_entry entry = {.key = bytes_of(row->key),
		.timestamp = bytes_of(row->timestamp),
		.url = column_or_absent(row->url),
		.mime = column_or_absent(row->mime),
		.status = column_or_absent(row->status),
		.digest = column_or_absent(row->digest),
		.length = row->length,
		.offset = row->offset,
		.filename = bytes_of(row->filename),
		.record_digest = column_or_absent(row->record_digest),
		.request_body = column_or_absent(row->request_body),
		.method = column_or_absent(row->method)};
	const struct cdxj_options options = {
		.digits = (int)entry.timestamp.len, .record_digest = row->record_digest != NULL};
	SCOPED(buf_clear) struct buf line = {0};
	if (form == FLONG_CDXJ) {
		cdxj_format(&entry, &options, &line);
	} else {
		cdx_format(&entry, CDX_11, &line);
	}
	if (buf_failed(&line)) {
		return error_set(err, FLONG_E_LIMIT, "the line is too long");
	}
	*line_out = buf_take(&line);
	return FLONG_OK;
}
