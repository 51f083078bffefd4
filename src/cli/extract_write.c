/* SPDX-License-Identifier: MIT */
/* extract_write.c - payloads become files of one new directory, and lines of its extract.jsonl */
#include "cli/extract_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "base/safe_path.h"
#include "web/file_name.h"

#define MANIFEST "extract.jsonl"
#define COPY_BYTES ((size_t)64 << 10)
/* Files that would have one name: more are not told apart by their number. */
#define SAME_NAME_MAX 10000

struct extract_writer {
	int dir_fd;
	int manifest_fd;
	struct digester *digester; /* owned */
	char *room;                /* owned, COPY_BYTES */
	struct buf line;
	uint64_t count;
};

/* What was written. */
struct written {
	struct buf path;
	uint64_t bytes;
	struct digest digest;
};

static int make_dir(const char *dir, struct flong_error *err)
{
	if (io_make_dir(dir, 0750) == 0) {
		return FLONG_OK;
	}
	if (errno != EEXIST || !files_is_dir(dir)) {
		int code = errno == EEXIST ? FLONG_E_EXISTS : FLONG_E_IO;
		return error_set_errno(err, code, errno, "cannot make %s", dir);
	}
	struct buf names = {0};
	int rc = files_list(dir, "", &names, err);
	if (rc == FLONG_OK && names.len > 0) {
		rc = error_set(err, FLONG_E_EXISTS, "%s exists already and is not empty", dir);
	}
	buf_clear(&names);
	return rc;
}

int extract_writer_open(
	const char *dir, struct extract_writer **writer_out, struct flong_error *err)
{
	int rc = make_dir(dir, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(extract_writer_closep) struct extract_writer *writer = ALLOC(struct extract_writer);
	writer->manifest_fd = -1;
	writer->dir_fd = io_open(dir, O_RDONLY | O_DIRECTORY, 0);
	if (writer->dir_fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot open %s", dir);
	}
	rc = safe_path_create(writer->dir_fd, BYTES(MANIFEST), &writer->manifest_fd, err);
	if (rc < 0) {
		return rc;
	}
	writer->digester = digester_create(DIGEST_SHA256);
	writer->room = (char *)alloc_zeroed(1, COPY_BYTES);
	*writer_out = TAKE(writer);
	return FLONG_OK;
}

void extract_writer_close(struct extract_writer *writer)
{
	if (writer != NULL) {
		files_close_fd(&writer->dir_fd);
		files_close_fd(&writer->manifest_fd);
		digester_close(writer->digester);
		buf_clear(&writer->line);
		free(writer->room);
		free(writer);
	}
}

uint64_t extract_writer_count(const struct extract_writer *writer)
{
	return writer->count;
}

/* --- the file ----------------------------------------------------------------------------------
 */

/* Makes the file. A name that is taken gets the time of the capture, then a number too. */
static int create_file(const struct extract_writer *writer, const struct extract_item *item,
	struct buf *path, int *fd_out, struct flong_error *err)
{
	struct buf name = {0};
	char digits[CLOCK_DIGITS_SIZE] = "0";
	int64_t time_ms;
	file_name_add(&name, reader_uri(item->record, "WARC-Target-URI"), item->media_type);
	if (clock_parse_iso(headers_first(&item->record->headers, "WARC-Date"), &time_ms)) {
		clock_format_digits14(time_ms, digits);
	}
	size_t stem = file_name_stem(buf_bytes(&name));
	bool is_manifest = bytes_starts(buf_bytes(&name), BYTES(MANIFEST "/"));
	int rc = FLONG_E_EXISTS;
	for (int i = 0; rc == FLONG_E_EXISTS && i < SAME_NAME_MAX; i++) {
		buf_reset(path);
		buf_add_text(path, is_manifest ? "_" : "");
		buf_add(path, bytes_slice(buf_bytes(&name), 0, stem));
		if (i > 0) {
			buf_addf(path, "~%s", digits);
		}
		if (i > 1) {
			buf_addf(path, "-%d", i);
		}
		buf_add(path, bytes_slice(buf_bytes(&name), stem, name.len));
		rc = safe_path_create(writer->dir_fd, buf_bytes(path), fd_out, err);
	}
	buf_clear(&name);
	return rc == FLONG_E_EXISTS ? error_set(err, FLONG_E_LIMIT,
					      "too many files are called '%s'", buf_text(path))
				    : rc;
}

/* Copies the body. What cannot be read of it is a problem, not a failure. */
static int write_body(struct extract_writer *writer, struct body *body, int fd,
	struct written *written, struct flong_error *problem, struct flong_error *err)
{
	for (;;) {
		size_t got = 0;
		int rc = source_read(body->content, writer->room, COPY_BYTES, &got, problem);
		if (rc != FLONG_OK) {
			if (rc < 0 && body->fault.code != 0) {
				*problem = body->fault; /* tells more than the coding */
			}
			written->digest = digester_end(writer->digester);
			return FLONG_OK;
		}
		struct bytes part = bytes_from(writer->room, got);
		digester_add(writer->digester, part);
		written->bytes += got;
		rc = files_write_all(fd, part, buf_text(&written->path), err);
		if (rc < 0) {
			(void)digester_end(writer->digester);
			return rc;
		}
	}
}

/* --- the line ----------------------------------------------------------------------------------
 */

static void add_field(
	struct buf *line, const char *name, const struct reader_record *record, const char *field)
{
	struct bytes value = headers_first(&record->headers, field);
	if (value.len > 0) {
		json_add_member(line, name, value);
	}
}

static void add_original(struct buf *line, const struct reader_record *record)
{
	json_add_name(line, "original");
	buf_add_char(line, '{');
	json_add_member(line, "url", reader_uri(record, "WARC-Refers-To-Target-URI"));
	json_add_member(line, "date", headers_first(&record->headers, "WARC-Refers-To-Date"));
	buf_add_char(line, '}');
}

static int write_line(struct extract_writer *writer, const struct extract_item *item,
	const struct written *written, const struct flong_error *problem, struct flong_error *err)
{
	struct buf *line = &writer->line;
	buf_reset(line);
	buf_add_char(line, '{');
	json_add_member(line, "url", reader_uri(item->record, "WARC-Target-URI"));
	json_add_member(line, "date", headers_first(&item->record->headers, "WARC-Date"));
	if (item->body != NULL) {
		char digest[DIGEST_TEXT_SIZE];
		digest_format_hex(&written->digest, digest);
		json_add_member(line, "file", buf_bytes(&written->path));
		json_add_member_u64(line, "bytes", written->bytes);
		json_add_member(line, "digest", bytes_of(digest));
	}
	if (item->status > 0) {
		json_add_member_u64(line, "status", (unsigned)item->status);
	}
	json_add_member(line, "mime", item->media_type);
	json_add_member(line, "type", headers_first(&item->record->headers, "WARC-Type"));
	add_field(line, "payload_digest", item->record, "WARC-Payload-Digest");
	json_add_member(line, "archive", bytes_of(item->file));
	json_add_member_u64(line, "offset", item->record->offset);
	if (item->record->type == RECORD_REVISIT) {
		add_original(line, item->record);
	}
	if (item->body != NULL && item->body->unknown_coding.len > 0) {
		json_add_member(line, "coding", buf_bytes(&item->body->unknown_coding));
	}
	if (problem->code != 0) {
		json_add_member(line, "error", bytes_of(problem->message));
	}
	buf_add_text(line, "}\n");
	return buf_failed(line)
		       ? error_set(err, FLONG_E_LIMIT, "a line of " MANIFEST " is too long")
		       : files_write_all(writer->manifest_fd, buf_bytes(line), MANIFEST, err);
}

int extract_writer_add(struct extract_writer *writer, const struct extract_item *item,
	struct flong_error *problem_out, struct flong_error *err)
{
	struct written written = {0};
	SCOPED(files_close_fd) int fd = -1;
	int rc = FLONG_OK;
	*problem_out = (struct flong_error){0};
	if (item->body != NULL) {
		rc = create_file(writer, item, &written.path, &fd, err);
		if (rc == FLONG_OK) {
			rc = write_body(writer, item->body, fd, &written, problem_out, err);
			writer->count++;
		}
		if (rc == FLONG_OK) {
			rc = files_close_written(&fd, buf_text(&written.path), err);
		}
	}
	if (rc == FLONG_OK) {
		rc = write_line(writer, item, &written, problem_out, err);
	}
	buf_clear(&written.path);
	return rc;
}

int extract_writer_finish(struct extract_writer *writer, struct flong_error *err)
{
	return files_finish(&writer->manifest_fd, MANIFEST, err);
}
