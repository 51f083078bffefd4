/* SPDX-License-Identifier: MIT */
/* indexer_lines.c - index files as input */
#include "index/indexer_lines.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "index/cdx.h"
#include "index/line_file.h"
#include "web/surt.h"

/* Lines that are looked at to tell what a file is: headers may come first. */
#define LOOK_LINES 4

static bool is_time(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_digit(text.ptr[i])) {
			return false;
		}
	}
	return text.len >= 14 && text.len <= 17;
}

bool indexer_lines_is_row(struct bytes line)
{
	struct bytes key;
	struct bytes time;
	struct bytes json;
	return bytes_find_char(line, '\0', 0) == SIZE_MAX && cdxj_split(line, &key, &time, &json) &&
	       key.len > 0 && is_time(time) && json.len >= 2 && json.ptr[0] == '{' &&
	       json.ptr[json.len - 1] == '}';
}

/* Lines that are there without being rows. */
static bool is_no_row(struct bytes line)
{
	return line.len == 0 || line.ptr[0] == '!' || line.ptr[0] == '#' || cdx_is_header(line);
}

static enum indexer_input kind_of_line(struct bytes line)
{
	struct flong_error ignored = {0};
	struct cdx_row row;
	if (indexer_lines_is_row(line)) {
		return INDEXER_INPUT_CDXJ;
	}
	if (cdx_is_header(line) || cdx_parse(line, NULL, &row, &ignored) == FLONG_OK) {
		return INDEXER_INPUT_CDX;
	}
	return INDEXER_INPUT_RECORDS;
}

enum indexer_input indexer_lines_kind(const char *path)
{
	struct stat status;
	struct flong_error ignored = {0};
	SCOPED(line_file_closep) struct line_file *file = NULL;
	if (strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
		line_file_open(path, &file, &ignored) < 0) {
		return INDEXER_INPUT_RECORDS;
	}
	uint64_t at = 0;
	struct bytes line;
	for (int i = 0; i < LOOK_LINES; i++) {
		if (line_file_read(file, at, &line, &at, &ignored) != FLONG_OK) {
			break;
		}
		enum indexer_input kind = kind_of_line(line);
		if (kind != INDEXER_INPUT_RECORDS || !is_no_row(line)) {
			return kind;
		}
	}
	return INDEXER_INPUT_RECORDS;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* A walk over one file. */
struct walk {
	const char *path; /* borrowed */
	const struct indexer_lines *lines;
	struct line_file *file; /* owned */
	uint64_t at;
	uint64_t number; /* of the line that was read last, from 1 */
	struct cdx_layout layout;
	bool has_layout;
	struct buf key;
};

static void tell(const struct walk *walk, struct flong_error *fault)
{
	(void)error_context(fault, "%s:%" PRIu64, walk->path, walk->number);
	walk->lines->fault(walk->lines->context, fault);
}

static int give_cdxj(const struct walk *walk, struct bytes line, struct flong_error *err)
{
	const struct indexer_lines *lines = walk->lines;
	struct flong_error fault = {0};
	if (!lines->with_entries) {
		if (indexer_lines_is_row(line)) {
			return lines->take(lines->context, line, NULL, err);
		}
		(void)error_set(&fault, FLONG_E_FORMAT, "no index row");
		tell(walk, &fault);
		return FLONG_OK;
	}
	struct cdxj_row row = {0};
	int rc = cdxj_parse(line, &row, &fault);
	if (rc == FLONG_OK) {
		rc = lines->take(lines->context, line, &row.entry, err);
		cdxj_clear(&row);
		return rc;
	}
	tell(walk, &fault);
	return FLONG_OK;
}

static int give_cdx(struct walk *walk, struct bytes line, struct flong_error *err)
{
	const struct indexer_lines *lines = walk->lines;
	struct flong_error fault = {0};
	struct cdx_row row;
	int rc = cdx_parse(line, walk->has_layout ? &walk->layout : NULL, &row, &fault);
	if (rc == FLONG_OK && lines->needs_length && !row.has_length) {
		rc = error_set(&fault, FLONG_E_FORMAT,
			"the row has no length: index its WARC file instead");
	}
	if (rc < 0) {
		tell(walk, &fault);
		return FLONG_OK;
	}
	if (row.entry.key.ptr == NULL) {
		buf_reset(&walk->key);
		surt_ia(row.entry.url, &walk->key);
		row.entry.key = buf_bytes(&walk->key);
	}
	return lines->take(lines->context, line, &row.entry, err);
}

static int give_line(
	struct walk *walk, enum indexer_input kind, struct bytes line, struct flong_error *err)
{
	if (kind == INDEXER_INPUT_CDX && cdx_is_header(line)) {
		struct flong_error fault = {0};
		walk->has_layout = cdx_parse_header(line, &walk->layout, &fault) == FLONG_OK;
		if (!walk->has_layout) {
			tell(walk, &fault);
		}
		return FLONG_OK;
	}
	if (is_no_row(line)) {
		return FLONG_OK;
	}
	return kind == INDEXER_INPUT_CDX ? give_cdx(walk, line, err) : give_cdxj(walk, line, err);
}

int indexer_lines_read(const char *path, enum indexer_input kind, const struct indexer_lines *lines,
	struct flong_error *err)
{
	struct walk walk = {.path = path, .lines = lines, .key = {.max = LIMIT_INDEX_LINE_BYTES}};
	struct bytes line;
	int rc = line_file_open(path, &walk.file, err);
	while (rc == FLONG_OK &&
		(rc = line_file_read(walk.file, walk.at, &line, &walk.at, err)) == FLONG_OK) {
		walk.number++;
		rc = give_line(&walk, kind, line, err);
	}
	line_file_close(walk.file);
	buf_clear(&walk.key);
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* --- order ------------------------------------------------------------------------------------ */

struct order {
	const struct indexer_lines *lines; /* of the caller */
	struct buf last;
	bool is_sorted;
};

static int see_line(
	void *context, struct bytes line, const struct cdxj_entry *entry, struct flong_error *err)
{
	struct order *order = (struct order *)context;
	(void)entry;
	(void)err;
	order->is_sorted = order->is_sorted && bytes_compare(buf_bytes(&order->last), line) <= 0;
	buf_reset(&order->last);
	buf_add(&order->last, line);
	return FLONG_OK;
}

static void tell_order(void *context, const struct flong_error *fault)
{
	const struct order *order = (const struct order *)context;
	order->lines->fault(order->lines->context, fault);
}

int indexer_lines_check(const char *path, const struct indexer_lines *lines, bool *is_sorted_out,
	struct flong_error *err)
{
	struct order order = {
		.lines = lines, .last = {.max = LIMIT_INDEX_LINE_BYTES}, .is_sorted = true};
	const struct indexer_lines see = {.take = see_line, .fault = tell_order, .context = &order};
	int rc = indexer_lines_read(path, INDEXER_INPUT_CDXJ, &see, err);
	buf_clear(&order.last);
	*is_sorted_out = order.is_sorted;
	return rc;
}
