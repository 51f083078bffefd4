/* SPDX-License-Identifier: MIT */
/* excise.c - a WARC file without the captures of one URL
 *
 * Each file is looked through first: most have nothing of the URL, and are not written. */
#include "index/excise.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/gzip.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/stream.h"
#include "index/wacz_find.h"
#include "warc/capture.h"
#include "warc/reader.h"

enum { COPY_BYTES = 65536, LEVEL = 6 };
#define TRAILER "\r\n\r\n"

enum fate { FATE_STAYS, FATE_GOES, FATE_FILLED };

struct excision {
	const struct excise_options *options; /* borrowed */
	struct reader *reader;                /* owned */
	const struct reader_record *record;   /* borrowed from it */
	struct buf gone_id, kept_id;          /* of the reply before, by what became of it */
	struct excise_counts counts;
	struct sink *out;          /* owned; NULL while the file is only looked through */
	struct deflater *deflater; /* owned; NULL for plain files */
	int in_fd;
};

static void excision_clear(struct excision *excision)
{
	reader_close(excision->reader);
	sink_close(excision->out);
	deflater_close(excision->deflater);
	buf_clear(&excision->gone_id);
	buf_clear(&excision->kept_id);
	files_close_fd(&excision->in_fd);
}

static bool belongs(const struct reader_record *record, const struct buf *id)
{
	static const char *const names[] = {"WARC-Concurrent-To", "WARC-Refers-To"};
	for (size_t i = 0; id->len > 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal(reader_uri(record, names[i]), buf_bytes(id))) {
			return true;
		}
	}
	return false;
}

static bool is_reply(const struct reader_record *record)
{
	return record->type == RECORD_RESPONSE || record->type == RECORD_REVISIT ||
	       record->type == RECORD_RESOURCE;
}

static enum fate fate_of(struct excision *excision)
{
	const struct reader_record *record = excision->record;
	struct bytes url = excision->options->url;
	bool is_of_url = bytes_equal(reader_uri(record, "WARC-Target-URI"), url);
	if (!is_reply(record)) {
		bool goes = belongs(record, &excision->gone_id) ||
			    (is_of_url && !belongs(record, &excision->kept_id));
		return goes ? FATE_GOES : FATE_STAYS;
	}
	buf_reset(&excision->gone_id);
	buf_reset(&excision->kept_id);
	buf_add(is_of_url ? &excision->gone_id : &excision->kept_id,
		reader_uri(record, "WARC-Record-ID"));
	if (is_of_url) {
		return FATE_GOES;
	}
	bool needs = record->type == RECORD_REVISIT &&
		     bytes_equal(reader_uri(record, "WARC-Refers-To-Target-URI"), url);
	return needs ? FATE_FILLED : FATE_STAYS;
}

/* The original of the revisit that the reader stands in. FLONG_E_NOT_FOUND. */
static int read_original(
	const struct excision *excision, struct exchange **original_out, struct flong_error *err)
{
	const struct wacz_reader *collection = excision->options->collection;
	const struct headers *headers = &excision->record->headers;
	SCOPED(wacz_capture_clear) struct wacz_capture capture = {0};
	SCOPED(reader_closep) struct reader *records = NULL;
	const struct reader_record *record = NULL;
	struct wacz_query query = {.url = excision->options->url,
		.no_revisits = true,
		.digest = headers_first(headers, "WARC-Payload-Digest")};
	query.has_date =
		clock_parse_iso(headers_first(headers, "WARC-Refers-To-Date"), &query.date_ms);
	const char *path = wacz_reader_path(collection);
	int rc = wacz_find(path, collection, &query, &capture, err);
	if (rc == FLONG_OK) {
		rc = wacz_find_open(path, collection, &capture, &records, &record, err);
	}
	return rc == FLONG_OK ? capture_read(records, record, excision->options->temp_dir,
					original_out, err)
			      : rc;
}

/* Whether the original has what the revisit says it repeats, in the same framing. */
static int check_original(const struct excision *excision, const struct exchange *original,
	const struct exchange *revisit, struct flong_error *err)
{
	const struct headers *headers = &excision->record->headers;
	struct digest wanted = {0};
	struct capture_digests found = {0};
	SCOPED(buf_clear) struct buf coding = {0};
	SCOPED(buf_clear) struct buf original_coding = {0};
	int rc = digest_parse(headers_first(headers, "WARC-Payload-Digest"), &wanted, err);
	if (rc == FLONG_OK) {
		rc = capture_digest(original, wanted.algorithm, &found, err);
	}
	if (rc < 0) {
		return rc;
	}
	capture_transfer_encoding(revisit, &coding);
	capture_transfer_encoding(original, &original_coding);
	if (!digest_equal(&wanted, &found.payload) ||
		!bytes_equal(buf_bytes(&coding), buf_bytes(&original_coding))) {
		return error_set(err, FLONG_E_DAMAGED,
			"%s: the revisit of %s at offset %llu has another payload or framing than "
			"its original",
			excision->options->path, revisit->url,
			(unsigned long long)excision->record->offset);
	}
	return FLONG_OK;
}

/* The digest of the new block, as the record says it already: by the same algorithm. */
static int digest_block(const struct excision *excision, const struct buf *head,
	const struct spool *body, char out[DIGEST_TEXT_SIZE], struct flong_error *err)
{
	struct digest before = {0};
	struct flong_error ignored = {0};
	if (digest_parse(headers_first(&excision->record->headers, "WARC-Block-Digest"), &before,
		    &ignored) < 0) {
		before.algorithm = DIGEST_SHA256;
	}
	SCOPED(digester_closep) struct digester *digester = digester_create(before.algorithm);
	SCOPED(source_closep) struct source *source = NULL;
	int rc = spool_open(body, &source, err);
	digester_add(digester, buf_bytes(head));
	while (rc == FLONG_OK) {
		char room[4096];
		size_t got = 0;
		rc = source_read(source, room, sizeof(room), &got, err);
		if (rc == FLONG_OK) {
			digester_add(digester, bytes_from(room, got));
		}
	}
	const struct digest digest = digester_end(digester);
	digest_format(&digest, out);
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* The fields of the revisit, but for what made it one. */
static void write_head(
	const struct reader_record *record, uint64_t length, const char *digest, struct buf *out)
{
	static const char *const dropped[] = {"WARC-Refers-To", "WARC-Refers-To-Target-URI",
		"WARC-Refers-To-Date", "WARC-Profile", "WARC-Truncated"};
	buf_addf(out, "WARC/%s\r\n", record->version == 11 ? "1.1" : "1.0");
	for (size_t i = 0; i < record->headers.count; i++) {
		struct bytes name = record->headers.fields[i].name;
		bool is_dropped = false;
		for (size_t k = 0; k < sizeof(dropped) / sizeof(dropped[0]); k++) {
			is_dropped = is_dropped || bytes_equal_nocase(name, bytes_of(dropped[k]));
		}
		if (is_dropped) {
			continue;
		}
		buf_add(out, name);
		if (bytes_equal_nocase(name, BYTES("WARC-Type"))) {
			buf_add_text(out, ": response\r\n");
		} else if (bytes_equal_nocase(name, BYTES("WARC-Block-Digest"))) {
			buf_addf(out, ": %s\r\n", digest);
		} else if (bytes_equal_nocase(name, BYTES("Content-Length"))) {
			buf_addf(out, ": %llu\r\n", (unsigned long long)length);
		} else {
			buf_addf(out, ": " BYTES_FMT "\r\n",
				BYTES_ARG(record->headers.fields[i].value));
		}
	}
	buf_add_text(out, "\r\n");
}

static int store(const struct excision *excision, const struct buf *head, const struct buf *block,
	const struct spool *body, struct flong_error *err)
{
	if (excision->deflater != NULL) {
		const struct gzip_part parts[] = {{GZIP_DEFLATE, buf_bytes(head), NULL},
			{GZIP_DEFLATE, buf_bytes(block), NULL}, {GZIP_DEFLATE, BYTES(""), body},
			{GZIP_DEFLATE, BYTES(TRAILER), NULL}};
		return gzip_write_member(excision->deflater, parts, 4, excision->out, err);
	}
	SCOPED(source_closep) struct source *source = NULL;
	int rc = spool_open(body, &source, err);
	if (rc == FLONG_OK) {
		rc = sink_write(excision->out, buf_bytes(head), err);
	}
	if (rc == FLONG_OK) {
		rc = sink_write(excision->out, buf_bytes(block), err);
	}
	if (rc == FLONG_OK) {
		rc = stream_copy(source, excision->out, NULL, err);
	}
	return rc == FLONG_OK ? sink_write(excision->out, BYTES(TRAILER), err) : rc;
}

/* Writes the revisit that the reader stands in as a response. FLONG_E_NOT_FOUND: it has no original
 * in the collection, and stays what it is. */
static int fill(struct excision *excision, struct flong_error *err)
{
	SCOPED(exchange_closep) struct exchange *original = NULL;
	SCOPED(exchange_closep) struct exchange *revisit = NULL;
	SCOPED(buf_clear) struct buf head = buf_with_max(2 * LIMIT_RECORD_HEAD_BYTES);
	char digest[DIGEST_TEXT_SIZE];
	int rc = read_original(excision, &original, err);
	if (rc == FLONG_OK && reader_form(excision->reader) == READER_ZSTD) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"%s: a revisit in a zstd file cannot be given its payload; 'flong repair "
			"--compress gzip' makes a file in which it can",
			excision->options->path);
	}
	if (rc == FLONG_OK) {
		rc = capture_read(excision->reader, excision->record, excision->options->temp_dir,
			&revisit, err);
	}
	if (rc == FLONG_OK) {
		rc = check_original(excision, original, revisit, err);
	}
	if (rc == FLONG_OK) {
		rc = digest_block(excision, &revisit->head, original->body, digest, err);
	}
	if (rc < 0) {
		return rc;
	}
	write_head(excision->record, revisit->head.len + spool_size(original->body), digest, &head);
	return store(excision, &head, &revisit->head, original->body, err);
}

static int copy(const struct excision *excision, struct flong_error *err)
{
	uint64_t at = excision->record->offset;
	uint64_t left = excision->record->length;
	int rc = FLONG_OK;
	char room[COPY_BYTES];
	while (rc == FLONG_OK && left > 0) {
		size_t part = left < sizeof(room) ? (size_t)left : sizeof(room);
		rc = files_read_at(excision->in_fd, room, part, at, excision->options->path, err);
		if (rc == FLONG_OK) {
			rc = sink_write(excision->out, bytes_from(room, part), err);
		}
		at += part;
		left -= part;
	}
	return rc;
}

static int take_record(struct excision *excision, struct flong_error *err)
{
	enum fate fate = fate_of(excision);
	int rc = FLONG_OK;
	if (fate != FATE_STAYS && reader_is_arc(excision->reader)) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"%s is an ARC file; 'flong repair' makes a WARC file of it",
			excision->options->path);
	}
	if (fate == FATE_FILLED && excision->out != NULL) {
		rc = fill(excision, err);
		fate = rc == FLONG_E_NOT_FOUND ? FATE_STAYS : FATE_FILLED;
		rc = rc == FLONG_E_NOT_FOUND ? FLONG_OK : rc;
	}
	if (rc == FLONG_OK) {
		rc = reader_finish(excision->reader, err);
	}
	if (rc == FLONG_OK && excision->out != NULL &&
		(excision->record->oddities & READER_ODD_SHARED) != 0) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"%s: several records are in the gzip member at offset %llu; 'flong repair' "
			"makes a file with one in each",
			excision->options->path, (unsigned long long)excision->record->offset);
	}
	excision->counts.captures += fate == FATE_GOES && is_reply(excision->record);
	excision->counts.records += fate == FATE_GOES;
	excision->counts.filled += fate == FATE_FILLED;
	return rc == FLONG_OK && fate == FATE_STAYS && excision->out != NULL ? copy(excision, err)
									     : rc;
}

/* Reads the file once. */
static int go_through(struct excision *excision, struct flong_error *err)
{
	int rc = reader_open(excision->options->path, &excision->reader, err);
	while (rc == FLONG_OK) {
		rc = reader_next(excision->reader, &excision->record, err);
		if (rc == FLONG_OK) {
			rc = take_record(excision, err);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* Reads it again and writes what stays. */
static int write_rest(const struct excise_options *options, enum reader_form form,
	struct excise_counts *counts, struct flong_error *err)
{
	SCOPED(excision_clear) struct excision excision = {.options = options, .in_fd = -1};
	SCOPED(files_close_fd)
	int fd = io_open(options->out_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0640);
	if (fd < 0) {
		int code = errno == EEXIST ? FLONG_E_EXISTS : FLONG_E_IO;
		return error_set_errno(err, code, errno, "%s", options->out_path);
	}
	excision.out = sink_to_fd(fd);
	excision.in_fd = io_open(options->path, O_RDONLY | O_NOFOLLOW, 0);
	if (excision.in_fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", options->path);
	}
	excision.deflater = form == READER_GZIP ? deflater_create(LEVEL) : NULL;
	int rc = go_through(&excision, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(excision.out, err);
	}
	if (rc == FLONG_OK) {
		rc = files_sync(fd, options->out_path, err);
	}
	counts->captures += excision.counts.captures;
	counts->records += excision.counts.records;
	counts->filled += excision.counts.filled;
	return rc;
}

int excise_file(const struct excise_options *options, struct excise_counts *counts,
	bool *changed_out, struct flong_error *err)
{
	SCOPED(excision_clear) struct excision look = {.options = options, .in_fd = -1};
	int rc = go_through(&look, err);
	*changed_out = rc == FLONG_OK && look.counts.records + look.counts.filled > 0;
	if (!*changed_out) {
		return rc;
	}
	rc = write_rest(options, reader_form(look.reader), counts, err);
	if (rc < 0 && rc != FLONG_E_EXISTS) {
		(void)io_unlink(options->out_path);
	}
	return rc;
}
