/* SPDX-License-Identifier: MIT */
/* archive_walk.c - the exchanges in a collection's segments, in the order they were captured */
#include "crawl/archive_walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "warc/capture.h"
#include "warc/reader.h"

struct archive_walk {
	char *archive_dir; /* owned */
	char *spool_dir;   /* owned */
	struct buf names;  /* owned: base names, each with its zero */
	size_t at;         /* of the current or next name */
	char *path;        /* owned: of the current segment */
	struct reader *reader;
	const struct reader_record *record; /* the next one, read ahead */
	bool is_end;                        /* of the current segment */
	char *open_name;                    /* owned */
	uint64_t open_end;
	unsigned serial;
};

void walked_clear(struct walked *walked)
{
	exchange_close(walked->exchange);
	*walked = (struct walked){0};
}

/* The number in PREFIX-17DIGITS-NUMBER-HOST, or -1. */
static int64_t serial_of(struct bytes name)
{
	struct bytes part;
	size_t before = 0;
	while (bytes_next_item(&name, '-', &part)) {
		uint64_t number = 0;
		bool is_number = bytes_to_u64(part, UINT64_MAX, &number);
		if (is_number && before == 17 && number < UINT32_MAX) {
			return (int64_t)number;
		}
		before = is_number ? part.len : 0;
	}
	return -1;
}

static const char *current_name(const struct archive_walk *walk)
{
	return walk->at < walk->names.len ? walk->names.ptr + walk->at : NULL;
}

static bool is_open_name(const char *name)
{
	return bytes_ends(bytes_of(name), BYTES(".open"));
}

int archive_walk_open(const char *dir, const char *spool_dir, struct archive_walk **walk_out,
	struct flong_error *err)
{
	SCOPED(archive_walk_closep) struct archive_walk *walk = ALLOC(struct archive_walk);
	walk->archive_dir = files_join(dir, "archive");
	walk->spool_dir = alloc_copy(spool_dir);
	int rc = files_list(walk->archive_dir, "", &walk->names, err);
	for (size_t at = 0; rc == FLONG_OK && at < walk->names.len;
		at += strlen(walk->names.ptr + at) + 1) {
		int64_t serial = serial_of(bytes_of(walk->names.ptr + at));
		if (serial >= (int64_t)walk->serial) {
			walk->serial = (unsigned)serial + 1;
		}
	}
	if (rc < 0 && rc != FLONG_E_NOT_FOUND) {
		return rc;
	}
	*walk_out = TAKE(walk);
	return FLONG_OK;
}

static void close_segment(struct archive_walk *walk)
{
	reader_close(walk->reader);
	walk->reader = NULL;
	walk->record = NULL;
	free(walk->path);
	walk->path = NULL;
}

void archive_walk_close(struct archive_walk *walk)
{
	if (walk != NULL) {
		close_segment(walk);
		buf_clear(&walk->names);
		free(walk->archive_dir);
		free(walk->spool_dir);
		free(walk->open_name);
		free(walk);
	}
}

/* What cannot be read ends an open segment; in a finished one the walk goes on behind it. */
static int pass_damage(struct archive_walk *walk, struct flong_error *fault)
{
	struct reader_gap gap = {0};
	if (is_open_name(current_name(walk))) {
		return FLONG_END;
	}
	log_warn("%s", fault->message);
	return walk->reader == NULL ? FLONG_END : reader_resync(walk->reader, &gap, fault);
}

/* Reads the next record ahead; `record` is NULL behind the last of the segment. */
static void advance(struct archive_walk *walk)
{
	struct flong_error fault = {0};
	int rc = reader_next(walk->reader, &walk->record, &fault);
	while (rc < 0) {
		rc = pass_damage(walk, &fault);
		if (rc == FLONG_OK) {
			rc = reader_next(walk->reader, &walk->record, &fault);
		}
	}
	if (rc == FLONG_END) {
		walk->record = NULL;
	}
}

static void open_segment(struct archive_walk *walk)
{
	struct flong_error fault = {0};
	walk->path = files_join(walk->archive_dir, current_name(walk));
	if (reader_open(walk->path, &walk->reader, &fault) == FLONG_OK) {
		advance(walk);
	} else {
		(void)pass_damage(walk, &fault);
	}
}

static void leave_segment(struct archive_walk *walk)
{
	const char *name = current_name(walk);
	if (is_open_name(name)) {
		free(walk->open_name);
		walk->open_name = alloc_copy(name);
		walk->open_end = walk->reader == NULL ? 0 : reader_good_end(walk->reader);
	}
	walk->at += strlen(name) + 1;
	close_segment(walk);
}

static bool is_reply(const struct reader_record *record)
{
	return record->type == RECORD_RESPONSE || record->type == RECORD_REVISIT ||
	       (record->type == RECORD_RESOURCE &&
		       bytes_starts(reader_uri(record, "WARC-Target-URI"), BYTES("http")));
}

static void copy_field(const struct reader_record *record, const char *name, char *out, size_t size)
{
	struct bytes value = reader_uri(record, name);
	if (value.ptr != NULL && value.len < size) {
		memcpy(out, value.ptr, value.len);
	}
}

static void describe(
	const struct archive_walk *walk, const struct reader_record *record, struct walked *walked)
{
	int64_t date_ms = 0;
	walked->file = current_name(walk);
	walked->is_open = is_open_name(walked->file);
	walked->offset = record->offset;
	walked->type = record->type;
	copy_field(record, "WARC-Record-ID", walked->record_id, sizeof(walked->record_id));
	copy_field(record, "WARC-Payload-Digest", walked->digest, sizeof(walked->digest));
	if (clock_parse_iso(headers_first(&record->headers, "WARC-Date"), &date_ms)) {
		clock_format_digits17(date_ms, walked->stamp);
	}
}

/* The records behind a reply that name it: what the metadata says of the fetch. */
static void read_companions(struct archive_walk *walk, struct walked *walked)
{
	struct flong_error ignored = {0};
	advance(walk);
	while (walk->record != NULL && !is_reply(walk->record)) {
		const struct reader_record *record = walk->record;
		bool belongs = bytes_equal(
			reader_uri(record, "WARC-Concurrent-To"), bytes_of(walked->record_id));
		if (belongs && record->type == RECORD_METADATA) {
			(void)!capture_read_metadata(walk->reader, walked->exchange, &ignored);
		}
		advance(walk);
	}
}

int archive_walk_next(struct archive_walk *walk, struct walked *walked_out, struct flong_error *err)
{
	while (current_name(walk) != NULL) {
		if (walk->path == NULL) {
			open_segment(walk);
		}
		while (walk->record != NULL && !is_reply(walk->record)) {
			advance(walk);
		}
		if (walk->record == NULL) {
			leave_segment(walk);
			continue;
		}
		SCOPED(walked_clear) struct walked walked = {0};
		describe(walk, walk->record, &walked);
		int rc = capture_read(
			walk->reader, walk->record, walk->spool_dir, &walked.exchange, err);
		if (rc == FLONG_E_IO) {
			return rc;
		}
		if (rc < 0) {
			log_warn("%s at offset %llu: %s", walked.file,
				(unsigned long long)walked.offset, err->message);
			advance(walk);
			continue;
		}
		read_companions(walk, &walked);
		*walked_out = walked;
		walked = (struct walked){0};
		return FLONG_OK;
	}
	return FLONG_END;
}

const char *archive_walk_open_segment(const struct archive_walk *walk, uint64_t *end_out)
{
	*end_out = walk->open_end;
	return walk->open_name;
}

unsigned archive_walk_serial(const struct archive_walk *walk)
{
	return walk->serial;
}

int archive_walk_read(const struct archive_walk *walk, const char *file, uint64_t offset,
	struct exchange **exchange_out, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(walk->archive_dir, file);
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record = NULL;
	int rc = reader_open_at(path, offset, &reader, err);
	if (rc == FLONG_OK) {
		rc = reader_next(reader, &record, err);
	}
	if (rc != FLONG_OK) {
		return rc == FLONG_END ? error_set(err, FLONG_E_FORMAT, "%s ends before %llu", path,
						 (unsigned long long)offset)
				       : rc;
	}
	return capture_read(reader, record, walk->spool_dir, exchange_out, err);
}
