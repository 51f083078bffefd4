/* SPDX-License-Identifier: MIT */
/* pages_indexed.c - the lines of a page list whose captures an index has */
#include "index/pages_indexed.h"

#include <errno.h>
#include <fcntl.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "base/stream.h"
#include "index/cdxj.h"
#include "index/line_file.h"

int pages_indexed_has(struct lookup *index, struct bytes url, int64_t date_ms, bool *found_out,
	struct flong_error *err)
{
	SCOPED(buf_clear) struct buf key = {0};
	char stamp[CLOCK_DIGITS_SIZE];
	struct bytes line;
	clock_format_digits17(date_ms, stamp);
	lookup_key(url, LOOKUP_EXACT, &key);
	*found_out = false;
	int rc = lookup_find(index, buf_bytes(&key), LOOKUP_EXACT, err);
	while (rc == FLONG_OK && !*found_out) {
		rc = lookup_next(index, &line, err);
		struct cdxj_row row = {0};
		if (rc == FLONG_OK) {
			rc = cdxj_parse(line, &row, err);
			*found_out = rc == FLONG_OK &&
				     bytes_equal(row.entry.timestamp, bytes_of(stamp)) &&
				     bytes_equal(row.entry.url, url);
		}
		cdxj_clear(&row);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static int copy_line(
	struct lookup *index, struct bytes line, struct sink *out, struct flong_error *err)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	int rc = json_parse(line, JSON_STRICT, &document, err);
	if (rc < 0) {
		return rc;
	}
	const struct json *root = json_root(document);
	struct bytes url = json_text(json_get(root, "url"));
	struct bytes time = json_text(json_get(root, "ts"));
	int64_t date_ms = 0;
	bool stays = true;
	if (time.len == 0) {
		time = json_text(json_get(root, "timestamp"));
	}
	if (url.len > 0 && clock_parse_iso(time, &date_ms)) {
		rc = pages_indexed_has(index, url, date_ms, &stays, err);
	}
	if (rc < 0 || !stays) {
		return rc;
	}
	rc = sink_write(out, line, err);
	return rc == FLONG_OK ? sink_write(out, BYTES("\n"), err) : rc;
}

static int copy_lines(
	struct lookup *index, const char *from, struct sink *out, struct flong_error *err)
{
	SCOPED(line_file_closep) struct line_file *file = NULL;
	int rc = line_file_open(from, &file, err);
	uint64_t at = 0;
	struct bytes line;
	while (rc == FLONG_OK) {
		rc = line_file_read(file, at, &line, &at, err);
		if (rc == FLONG_OK) {
			rc = copy_line(index, line, out, err);
		}
	}
	if (rc == FLONG_END) {
		return sink_finish(out, err);
	}
	return rc < 0 ? error_context(err, "%s", from) : rc;
}

int pages_indexed_copy(
	struct lookup *index, const char *from, const char *to, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf partial = {0};
	buf_addf(&partial, "%s.partial", to);
	SCOPED(files_close_fd)
	int fd = io_open(buf_text(&partial), O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", buf_text(&partial));
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	int rc = copy_lines(index, from, sink, err);
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, buf_text(&partial), err);
	}
	return rc == FLONG_OK ? files_replace_by(buf_text(&partial), to, err) : rc;
}
