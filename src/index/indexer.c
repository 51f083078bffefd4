/* SPDX-License-Identifier: MIT */
/* indexer.c - the index rows of WARC files
 *
 * The details are those of cdxj-indexer 1.5 over warcio 1.8, so that its lines and ours are the
 * same bytes: how much of a broken HTTP head counts, what a missing digest is replaced by, and
 * which bytes of a plain record belong to it. */
#include "index/indexer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "index/http_summary.h"
#include "index/sorter.h"
#include "warc/reader.h"
#include "web/surt.h"
#include "web/utf8.h"

#define READ_BYTES 65536

/* One run over one file. */
struct run {
	const struct indexer_options *options; /* borrowed */
	const char *path;                      /* borrowed */
	struct bytes filename;
	struct reader *reader; /* owned */
	int fd;                /* of the same file, for record digests; -1 without */
	struct digester *sha1; /* owned; for payload digests that are missing */
	/* The row being made; the entry borrows from these. */
	struct cdxj_entry entry;
	struct buf key;
	struct buf url;
	struct buf mime;
	struct buf status;
	struct buf digest;
	char timestamp[CLOCK_DIGITS_SIZE];
	char payload_digest[DIGEST_TEXT_SIZE];
	char record_digest[DIGEST_TEXT_SIZE];
};

/* A copy of a field's text in `room`: UTF-8, or else read as ISO 8859-1. Absent stays absent. */
static struct bytes copy_text(struct bytes value, struct buf *room)
{
	buf_reset(room);
	if (value.ptr == NULL) {
		return value;
	}
	if (utf8_is_valid(value)) {
		buf_add(room, value);
	} else {
		for (size_t i = 0; i < value.len; i++) {
			utf8_add(room, (unsigned char)value.ptr[i]);
		}
	}
	return bytes_from(buf_text(room), room->len);
}

/* The URL without the brackets of some writers and with its spaces escaped. */
static struct bytes copy_url(const struct reader_record *record, struct buf *room)
{
	struct buf text = {0};
	struct bytes url = copy_text(reader_uri(record, "WARC-Target-URI"), &text);
	buf_reset(room);
	for (size_t i = 0; i < url.len; i++) {
		if (url.ptr[i] == ' ') {
			buf_add_text(room, "%20");
		} else {
			buf_add_char(room, url.ptr[i]);
		}
	}
	buf_clear(&text);
	return url.ptr == NULL ? url : bytes_from(buf_text(room), room->len);
}

static bool has_row(const struct reader_record *record)
{
	if (record->type == RECORD_RESPONSE || record->type == RECORD_REVISIT) {
		return true;
	}
	if (record->type != RECORD_RESOURCE && record->type != RECORD_METADATA) {
		return false;
	}
	struct bytes type = headers_first(&record->headers, "Content-Type");
	return !bytes_equal(type, BYTES(RECORD_TYPE_FIELDS));
}

/* Status and media type of a response or revisit; *head_out is the length of its HTTP head. */
static int read_http(struct run *run, const struct reader_record *record, size_t *head_out,
	struct flong_error *err)
{
	struct cdxj_entry *entry = &run->entry;
	if (record->block_length == 0 || (!bytes_starts(entry->url, BYTES("http:")) &&
						 !bytes_starts(entry->url, BYTES("https:")))) {
		return FLONG_OK;
	}
	struct bytes block;
	struct http_summary summary = {.length = 0};
	/* Most heads are short: only what does not end in a first piece needs more memory. */
	for (size_t max = READ_BYTES; max <= LIMIT_RECORD_HEAD_BYTES; max *= 16) {
		int rc = reader_peek(run->reader, max, &block, err);
		if (rc < 0) {
			return rc;
		}
		summary = http_summary_of(block);
		if (summary.length < block.len || block.len == record->block_length) {
			break;
		}
	}
	entry->status = copy_text(summary.status, &run->status);
	if (record->type == RECORD_RESPONSE) {
		entry->mime = copy_text(summary.media_type, &run->mime);
	}
	*head_out = summary.length;
	return FLONG_OK;
}

/* SHA-1 of the block behind its HTTP head, the transfer coding left in: what warcio computes. */
static int digest_payload(struct run *run, size_t head, struct flong_error *err)
{
	char room[READ_BYTES];
	size_t got = 0;
	int rc;
	while ((rc = reader_read(run->reader, room, sizeof(room), &got, err)) == FLONG_OK) {
		size_t skip = head < got ? head : got;
		head -= skip;
		digester_add(run->sha1, bytes_from(room + skip, got - skip));
	}
	if (rc < 0) {
		return rc;
	}
	struct digest digest = digester_end(run->sha1);
	digest_format(&digest, run->payload_digest);
	run->entry.digest = bytes_of(run->payload_digest);
	return FLONG_OK;
}

static int read_content(
	struct run *run, const struct reader_record *record, struct flong_error *err)
{
	struct cdxj_entry *entry = &run->entry;
	size_t head = 0;
	if (record->type == RECORD_REVISIT || record->type == RECORD_RESPONSE) {
		int rc = read_http(run, record, &head, err);
		if (rc < 0) {
			return rc;
		}
	} else {
		entry->mime =
			copy_text(headers_first(&record->headers, "Content-Type"), &run->mime);
		entry->mime = http_summary_media_type(entry->mime);
	}
	struct bytes digest = headers_first(&record->headers, "WARC-Payload-Digest");
	if (record->type == RECORD_REVISIT) {
		entry->mime = BYTES("warc/revisit");
		entry->digest = copy_text(digest, &run->digest);
		return FLONG_OK;
	}
	if (digest.len == 0) {
		return digest_payload(run, head, err);
	}
	entry->digest = copy_text(digest, &run->digest);
	return FLONG_OK;
}

static int digest_record(struct run *run, struct flong_error *err)
{
	SCOPED(source_closep)
	struct source *stored =
		source_from_fd_range(run->fd, (off_t)run->entry.offset, run->entry.length);
	SCOPED(digester_closep) struct digester *sha256 = digester_create(DIGEST_SHA256);
	char room[READ_BYTES];
	size_t got = 0;
	int rc;
	while ((rc = source_read(stored, room, sizeof(room), &got, err)) == FLONG_OK) {
		digester_add(sha256, bytes_from(room, got));
	}
	if (rc < 0) {
		return error_context(err, "%s", run->path);
	}
	struct digest digest = digester_end(sha256);
	digest_format_hex(&digest, run->record_digest);
	run->entry.record_digest = bytes_of(run->record_digest);
	return FLONG_OK;
}

static int read_time(struct run *run, const struct reader_record *record, struct flong_error *err)
{
	struct bytes date = headers_first(&record->headers, "WARC-Date");
	int64_t time_ms;
	if (!clock_parse_iso(date, &time_ms)) {
		return error_set(err, FLONG_E_FORMAT,
			"%s: record at offset %" PRIu64 ": WARC-Date '" BYTES_FMT "' is no time",
			run->path, record->offset, BYTES_ARG(date));
	}
	clock_format_digits17(time_ms, run->timestamp);
	run->entry.timestamp = bytes_of(run->timestamp);
	return FLONG_OK;
}

/* Where the record is stored; only known when it was read to its end. */
static int read_place(struct run *run, const struct reader_record *record, struct flong_error *err)
{
	int rc = reader_finish(run->reader, err);
	if (rc < 0) {
		return rc;
	}
	if ((record->oddities & READER_ODD_SHARED) != 0) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"%s: record at offset %" PRIu64
			" shares its gzip member with another one: repair the file first",
			run->path, record->offset);
	}
	run->entry.offset = record->offset;
	/* The line ends after a record belong to its gzip member, but not to a plain record. */
	run->entry.length = reader_form(run->reader) != READER_PLAIN
				    ? record->length
				    : record->length - record->trailer_bytes;
	return run->fd >= 0 ? digest_record(run, err) : FLONG_OK;
}

static int make_row(struct run *run, const struct reader_record *record, struct flong_error *err)
{
	run->entry = (struct cdxj_entry){.filename = run->filename};
	run->entry.url = copy_url(record, &run->url);
	buf_reset(&run->key);
	surt_ia(run->entry.url, &run->key);
	run->entry.key = buf_bytes(&run->key);
	int rc = read_time(run, record, err);
	if (rc == FLONG_OK) {
		rc = read_content(run, record, err);
	}
	if (rc == FLONG_OK) {
		rc = read_place(run, record, err);
	}
	return rc == FLONG_OK ? run->options->take(run->options->context, &run->entry, err) : rc;
}

static int read_records(struct run *run, struct flong_error *err)
{
	const struct reader_record *record;
	int rc;
	while ((rc = reader_next(run->reader, &record, err)) == FLONG_OK) {
		if (has_row(record)) {
			rc = make_row(run, record, err);
			if (rc < 0) {
				return rc;
			}
		}
	}
	return rc < 0 ? rc : FLONG_OK;
}

static void run_clear(struct run *run)
{
	reader_close(run->reader);
	files_close_fd(&run->fd);
	digester_close(run->sha1);
	buf_clear(&run->key);
	buf_clear(&run->url);
	buf_clear(&run->mime);
	buf_clear(&run->status);
	buf_clear(&run->digest);
}

int indexer_run(const char *path, const struct indexer_options *options, struct flong_error *err)
{
	struct run run = {.options = options, .path = path, .fd = -1};
	run.filename =
		bytes_of(options->filename != NULL ? options->filename : files_base_name(path));
	bool is_stdin = strcmp(path, "-") == 0;
	if (is_stdin && options->record_digest) {
		return error_set(
			err, FLONG_E_USAGE, "record digests need a file, not standard input");
	}
	int rc = reader_open(path, &run.reader, err);
	if (rc == FLONG_OK && options->record_digest) {
		run.fd = open(path, O_RDONLY | O_CLOEXEC);
		if (run.fd < 0) {
			rc = error_set_errno(err, FLONG_E_IO, errno, "cannot open %s", path);
		}
	}
	if (rc == FLONG_OK) {
		run.sha1 = digester_create(DIGEST_SHA1);
		rc = read_records(&run, err);
	}
	run_clear(&run);
	return rc;
}

/* --- sorted lines of several files ------------------------------------------------------------ */

struct lines {
	const struct cdxj_options *form; /* borrowed */
	struct sorter *sorter;           /* owned by the caller */
	struct buf line;
};

static int add_line(void *context, const struct cdxj_entry *entry, struct flong_error *err)
{
	struct lines *lines = (struct lines *)context;
	buf_reset(&lines->line);
	cdxj_format(entry, lines->form, &lines->line);
	if (buf_failed(&lines->line)) {
		return error_set(err, FLONG_E_LIMIT,
			"the index line of '" BYTES_FMT "' is too long", BYTES_ARG(entry->url));
	}
	return sorter_add(lines->sorter, buf_bytes(&lines->line), err);
}

int indexer_write(const char *const *paths, size_t count, const struct indexer_form *form,
	struct sink *out, struct flong_error *err)
{
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create(form->temp_dir, 0);
	struct lines lines = {.form = &form->line, .sorter = sorter};
	const struct indexer_options options = {
		.record_digest = form->line.record_digest,
		.take = add_line,
		.context = &lines,
	};
	int rc = FLONG_OK;
	for (size_t i = 0; i < count && rc == FLONG_OK; i++) {
		rc = indexer_run(paths[i], &options, err);
	}
	buf_clear(&lines.line);
	return rc == FLONG_OK ? sorter_write(sorter, out, err) : rc;
}
