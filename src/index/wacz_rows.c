/* SPDX-License-Identifier: MIT */
/* wacz_rows.c - the lines of every index of a collection or WACZ, and of its other lists */
#include "index/wacz_rows.h"

#include "base/error.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "base/stream.h"
#include "index/line_source.h"

static bool is_index(const struct wacz_file *file, bool *is_gzip_out)
{
	struct bytes path = bytes_of(file->path);
	*is_gzip_out = bytes_ends(path, BYTES(".cdx.gz")) || bytes_ends(path, BYTES(".cdxj.gz"));
	return bytes_starts(path, BYTES("indexes/")) &&
	       (*is_gzip_out || bytes_ends(path, BYTES(".cdx")) ||
		       bytes_ends(path, BYTES(".cdxj")));
}

static int read_lines(struct source *source, wacz_rows_each *each, void *context,
	bool passes_long_ones, struct flong_error *err)
{
	SCOPED(line_source_clear) struct line_source lines = {.source = source};
	for (;;) {
		struct bytes line;
		int rc = line_source_next(&lines, &line, err);
		if (rc == FLONG_E_LIMIT && passes_long_ones) {
			continue;
		}
		if (rc == FLONG_E_LIMIT) {
			return error_set(err, FLONG_E_LIMIT,
				"a line of the index is over %zu bytes", LIMIT_INDEX_LINE_BYTES);
		}
		if (rc == FLONG_OK) {
			rc = each(context, line, err);
		}
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? FLONG_OK : rc;
		}
	}
}

int wacz_rows_read_file(const struct wacz_reader *reader, const struct wacz_file *file,
	wacz_rows_each *each, void *context, struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	int rc = wacz_reader_open_file(reader, file, &source, err);
	if (rc == FLONG_OK) {
		rc = read_lines(source, each, context, true, err);
	}
	return rc < 0 ? error_context(err, "%s: %s", wacz_reader_path(reader), file->path) : rc;
}

int wacz_rows_read(const struct wacz_reader *reader, wacz_rows_each *each, void *context,
	bool *has_index_out, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < wacz_reader_count(reader); i++) {
		const struct wacz_file *file = wacz_reader_at(reader, i);
		bool is_gzip;
		if (!is_index(file, &is_gzip)) {
			continue;
		}
		*has_index_out = true;
		SCOPED(source_closep) struct source *source = NULL;
		rc = wacz_reader_open_file(reader, file, &source, err);
		if (rc == FLONG_OK && is_gzip) {
			source = inflate_open_coding(source, INFLATE_GZIP);
		}
		if (rc == FLONG_OK) {
			rc = read_lines(source, each, context, false, err);
		}
		if (rc < 0) {
			(void)error_context(err, "%s: %s", wacz_reader_path(reader), file->path);
		}
	}
	return rc;
}
