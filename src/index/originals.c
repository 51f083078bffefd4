/* SPDX-License-Identifier: MIT */
/* originals.c - the responses that revisits need, taken over
 *
 * Revisits and originals meet by their payload digest, in a sorted list: memory does not grow with
 * the collection. Then each file that has originals is read once from its beginning. */
#include "index/originals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/stream.h"
#include "index/cdxj.h"
#include "index/line_file.h"
#include "index/sorter.h"
#include "warc/reader.h"
#include "warc/segment.h"

#define MIME_REVISIT BYTES("warc/revisit")

struct copying {
	const struct originals_options *options; /* borrowed */
	struct segment *segment;                 /* owned; NULL until the first record */
	enum digest_algorithm digest;            /* of its own warcinfo */
	uint64_t count;
};

/* Calls `each` for every line of a file. */
static int each_line(const char *path,
	int (*each)(void *context, struct bytes line, struct flong_error *err), void *context,
	struct flong_error *err)
{
	SCOPED(line_file_closep) struct line_file *file = NULL;
	int rc = line_file_open(path, &file, err);
	uint64_t at = 0;
	struct bytes line;
	while (rc == FLONG_OK) {
		rc = line_file_read(file, at, &line, &at, err);
		if (rc == FLONG_OK) {
			rc = each(context, line, err);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* Lines of the sorter into a new file. */
static int write_sorted(struct sorter *sorter, const char *path, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", path);
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	int rc = sorter_write(sorter, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	return rc == FLONG_OK ? files_close_written(&fd, path, err) : rc;
}

struct gathering {
	const struct originals_options *options;
	struct sorter *sorter;
	struct buf line, digest;
	bool is_sha1; /* the digests of the collection, else SHA-256 */
};

/* "DIGEST 0" for a revisit that is kept, "DIGEST 1 OFFSET FILE" for a response that is left. */
static int gather_row(void *context, struct bytes text, struct flong_error *err)
{
	struct gathering *gathering = context;
	const struct originals_options *options = gathering->options;
	struct flong_error ignored = {0};
	struct cdxj_row row = {0};
	if (cdxj_parse(text, &row, &ignored) < 0) { /* a header line */
		cdxj_clear(&row);
		return FLONG_OK;
	}
	SCOPED(free_textp) char *file = alloc_text(row.entry.filename.ptr, row.entry.filename.len);
	bool is_revisit = bytes_equal(row.entry.mime, MIME_REVISIT);
	int rc = FLONG_OK;
	buf_reset(&gathering->line);
	buf_add(&gathering->line, row.entry.digest);
	gathering->is_sha1 = gathering->is_sha1 || bytes_starts(row.entry.digest, BYTES("sha1:"));
	if (row.entry.digest.len == 0) {
		cdxj_clear(&row);
		return FLONG_OK;
	}
	if (is_revisit && options->is_kept(options->context, file)) {
		buf_add_text(&gathering->line, " 0");
		rc = sorter_add(gathering->sorter, buf_bytes(&gathering->line), err);
	} else if (!is_revisit && options->is_left(options->context, file)) {
		buf_addf(&gathering->line, " 1 %020llu %s", (unsigned long long)row.entry.offset,
			file);
		rc = sorter_add(gathering->sorter, buf_bytes(&gathering->line), err);
	}
	cdxj_clear(&row);
	return rc;
}

/* Of the sorted lines those of originals whose digest a revisit has: "FILE OFFSET". */
static int choose_line(void *context, struct bytes line, struct flong_error *err)
{
	struct gathering *gathering = context;
	struct bytes digest, rest, offset, file;
	if (!bytes_cut(line, ' ', &digest, &rest)) {
		return FLONG_OK;
	}
	if (bytes_equal(rest, BYTES("0"))) {
		buf_reset(&gathering->digest);
		buf_add(&gathering->digest, digest);
		return FLONG_OK;
	}
	if (!bytes_equal(digest, buf_bytes(&gathering->digest)) ||
		!bytes_cut(rest, ' ', &digest, &rest) || !bytes_cut(rest, ' ', &offset, &file)) {
		return FLONG_OK;
	}
	buf_reset(&gathering->line);
	buf_add(&gathering->line, file);
	buf_add_char(&gathering->line, '/'); /* which no name has, and sorts before others */
	buf_add(&gathering->line, offset);
	return sorter_add(gathering->sorter, buf_bytes(&gathering->line), err);
}

static int gather(struct gathering *gathering, const char *list, struct flong_error *err)
{
	SCOPED(free_textp) char *index = files_join(gathering->options->dir, "indexes/index.cdx");
	int rc = each_line(index, gather_row, gathering, err);
	if (rc == FLONG_OK) {
		rc = write_sorted(gathering->sorter, list, err);
	}
	if (rc == FLONG_OK) {
		rc = each_line(list, choose_line, gathering, err);
	}
	return rc == FLONG_OK ? write_sorted(gathering->sorter, list, err) : rc;
}

/* One file that is read, and what of it was copied. */
struct left_file {
	char *path;           /* owned */
	uint64_t info_at;     /* of the warcinfo record in effect */
	uint64_t info_length; /* 0: none, or copied already */
	struct buf id;        /* owned: of the response that was copied last */
};

static void left_file_clear(struct left_file *file)
{
	free(file->path);
	buf_clear(&file->id);
}

static int begin_segment(struct copying *copying, struct flong_error *err)
{
	const struct originals_options *options = copying->options;
	if (copying->segment != NULL) {
		return FLONG_OK;
	}
	const struct segment_options segment = {
		.exact_name = options->name,
		.now_ms = options->now_ms,
		.level = bytes_ends(bytes_of(options->name), BYTES(".gz")) ? 6 : 0,
		.algorithm = copying->digest,
	};
	return segment_create(options->out_dir, &segment, &copying->segment, err);
}

static int copy_range(struct copying *copying, const struct left_file *file, uint64_t offset,
	uint64_t length, struct flong_error *err)
{
	int rc = begin_segment(copying, err);
	return rc == FLONG_OK
		       ? segment_append_stored(copying->segment, file->path, offset, length, err)
		       : rc;
}

static bool belongs(const struct left_file *file, const struct reader_record *record)
{
	static const char *const names[] = {"WARC-Concurrent-To", "WARC-Refers-To"};
	bool is_reply = record->type == RECORD_RESPONSE || record->type == RECORD_REVISIT ||
			record->type == RECORD_RESOURCE;
	for (size_t i = 0; !is_reply && file->id.len > 0 && i < 2; i++) {
		if (bytes_equal(reader_uri(record, names[i]), buf_bytes(&file->id))) {
			return true;
		}
	}
	return false;
}

/* Copies the record that the reader stands in when it is the one at `wanted`, or belongs to the one
 * before. */
static int take_record(struct copying *copying, struct left_file *file, struct reader *reader,
	const struct reader_record *record, uint64_t wanted, struct flong_error *err)
{
	bool is_wanted = record->offset == wanted;
	bool is_copied = is_wanted || belongs(file, record);
	if (is_wanted) {
		buf_reset(&file->id);
		buf_add(&file->id, reader_uri(record, "WARC-Record-ID"));
	}
	int rc = reader_finish(reader, err);
	if (rc < 0) {
		return rc;
	}
	if (record->type == RECORD_WARCINFO) {
		file->info_at = record->offset;
		file->info_length = record->length;
	}
	if (!is_copied) {
		return FLONG_OK;
	}
	if (file->info_length > 0) {
		rc = copy_range(copying, file, file->info_at, file->info_length, err);
		file->info_length = 0;
	}
	copying->count += is_wanted;
	return rc == FLONG_OK ? copy_range(copying, file, record->offset, record->length, err) : rc;
}

/* The next line of the list, if it is of this file: false else. */
static bool read_wanted(struct bytes line, const char *name, uint64_t *offset_out)
{
	struct bytes file, offset;
	return bytes_cut(line, '/', &file, &offset) && bytes_equal(file, bytes_of(name)) &&
	       bytes_to_u64(offset, INT64_MAX, offset_out);
}

/* Copies what the list wants of the file `name`, whose lines begin at *at; leaves *at behind them.
 */
static int copy_file(struct copying *copying, const char *name, struct line_file *list,
	uint64_t *at, struct flong_error *err)
{
	SCOPED(left_file_clear) struct left_file file = {0};
	SCOPED(free_textp) char *archive = files_join(copying->options->dir, "archive");
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record = NULL;
	uint64_t next = *at;
	uint64_t wanted = 0;
	struct bytes line;
	bool is_taken = true;
	bool has_wanted = true;
	file.path = files_join(archive, name);
	int rc = reader_open(file.path, &reader, err);
	while (rc == FLONG_OK) {
		if (is_taken && has_wanted) {
			rc = line_file_read(list, next, &line, &next, err);
			has_wanted = rc == FLONG_OK && read_wanted(line, name, &wanted);
			*at = has_wanted ? next : *at;
			wanted = has_wanted ? wanted : UINT64_MAX;
			rc = rc == FLONG_END ? FLONG_OK : rc;
		}
		if (rc == FLONG_OK) {
			rc = reader_next(reader, &record, err);
		}
		if (rc == FLONG_OK) {
			is_taken = record->offset == wanted;
			rc = take_record(copying, &file, reader, record, wanted, err);
		}
	}
	if (rc == FLONG_END && has_wanted) {
		return error_set(err, FLONG_E_DAMAGED, "%s has no record at offset %llu", file.path,
			(unsigned long long)wanted);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static int copy_all(struct copying *copying, const char *path, struct flong_error *err)
{
	SCOPED(line_file_closep) struct line_file *list = NULL;
	uint64_t at = 0;
	int rc = line_file_open(path, &list, err);
	while (rc == FLONG_OK) {
		struct bytes line, name;
		uint64_t next = 0;
		rc = line_file_read(list, at, &line, &next, err);
		if (rc == FLONG_OK && bytes_cut(line, '/', &name, &line)) {
			SCOPED(free_textp) char *text = alloc_text(name.ptr, name.len);
			rc = copy_file(copying, text, list, &at, err);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

int originals_copy(
	const struct originals_options *options, uint64_t *count_out, struct flong_error *err)
{
	SCOPED(free_textp) char *list = files_join(options->temp_dir, "originals.list");
	struct gathering gathering = {
		.options = options, .sorter = sorter_create(options->temp_dir, 0)};
	struct copying copying = {.options = options};
	int rc = gather(&gathering, list, err);
	sorter_close(gathering.sorter);
	buf_clear(&gathering.line);
	buf_clear(&gathering.digest);
	copying.digest = gathering.is_sha1 ? DIGEST_SHA1 : DIGEST_SHA256;
	if (rc == FLONG_OK) {
		rc = copy_all(&copying, list, err);
	}
	(void)io_unlink(list);
	if (rc == FLONG_OK && copying.segment != NULL) {
		rc = segment_finish(copying.segment, NULL, err);
	}
	segment_close(copying.segment);
	*count_out = copying.count;
	return rc;
}
