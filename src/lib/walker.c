/* SPDX-License-Identifier: MIT */
/* walker.c - what flong/reader.h tells of going from record to record */
#include "lib/walker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "lib/adapter.h"
#include "lib/api.h"

/* --- what is read from ------------------------------------------------------------------------ */

static struct origin *origin_of(struct source *lent)
{
	return (struct origin *)lent; /* its first member */
}

static int lent_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct origin *origin = origin_of(source);
	int rc = source_read(origin->inner, room, max, got_out, err);
	origin->at += *got_out;
	return rc;
}

static int lent_seek(struct source *source, int64_t by, struct flong_error *err)
{
	struct origin *origin = origin_of(source);
	int rc = source_seek(origin->inner, by, err);
	if (rc == FLONG_OK) {
		origin->at = (uint64_t)((int64_t)origin->at + by);
	}
	return rc;
}

static void lent_close(struct source *source)
{
	(void)source;
}

static const struct source_ops lent_ops = {lent_read, lent_close, lent_seek};

/* Makes `offset` what is read next. */
static int origin_move(struct origin *origin, uint64_t offset, struct flong_error *err)
{
	if (offset > INT64_MAX) {
		return error_set(
			err, FLONG_E_USAGE, "offset %" PRIu64 " is no file offset", offset);
	}
	if (origin->is_memory) { /* anew, because it stops at its end when it is moved further */
		source_close(origin->inner);
		origin->inner = source_from_bytes(origin->memory);
		origin->at = 0;
	}
	return lent_seek(&origin->lent, (int64_t)offset - (int64_t)origin->at, err);
}

/* --- opening and closing ---------------------------------------------------------------------- */

int walker_note(struct flong_reader *reader, int rc)
{
	reader->is_failed = reader->is_failed || rc < 0;
	return rc;
}

int walker_need_record(const struct flong_reader *reader, struct flong_error *err)
{
	if (reader == NULL) {
		return api_null("reader", err);
	}
	if (reader->has_record && reader->is_failed) {
		return error_set(err, FLONG_E_USAGE, "the current record could not be read");
	}
	return reader->has_record ? FLONG_OK
				  : error_set(err, FLONG_E_USAGE, "there is no current record");
}

int walker_need_block(const struct flong_reader *reader, struct flong_error *err)
{
	int rc = walker_need_record(reader, err);
	if (rc == FLONG_OK && reader->is_taken) {
		rc = error_set(err, FLONG_E_USAGE, "bytes of the record's block were taken before");
	}
	return rc;
}

/* The current record, its HTTP head and its stream are over. */
static void leave_record(struct flong_reader *reader)
{
	adapter_stream_end(&reader->stream);
	message_clear(&reader->http);
	reader->record.found = NULL;
	reader->has_record = false;
	reader->is_taken = false;
	reader->has_http = false;
	reader->is_http = false;
}

static int open_source(struct source *source_take, struct bytes memory, const char *name,
	struct flong_reader **reader_out, struct flong_error *err)
{
	struct flong_reader *reader = ALLOC(struct flong_reader);
	reader->name = alloc_copy(name);
	reader->origin = (struct origin){.lent = {&lent_ops},
		.inner = source_take,
		.memory = memory,
		.is_memory = memory.ptr != NULL};
	int rc = reader_create(&reader->origin.lent, 0, name, &reader->reader, err);
	if (rc != FLONG_OK) {
		flong_reader_close(reader);
		return rc;
	}
	*reader_out = reader;
	return FLONG_OK;
}

int walker_open(struct source *source_take, const char *name, struct flong_reader **reader_out,
	struct flong_error *err)
{
	return open_source(source_take, (struct bytes){NULL, 0}, name, reader_out, err);
}

int flong_reader_open(const char *path, struct flong_reader **reader_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (reader_out == NULL) {
		return api_null("reader_out", err);
	}
	*reader_out = NULL;
	if (path == NULL) {
		return api_null("path", err);
	}
	struct source *source = NULL;
	int rc = source_open_file(path, &source, err);
	return rc == FLONG_OK ? walker_open(source, path, reader_out, err) : rc;
}

static const char *name_or_default(const char *name)
{
	return name == NULL ? "input" : name;
}

int flong_reader_open_fd(
	int fd, const char *name, struct flong_reader **reader_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (reader_out == NULL) {
		return api_null("reader_out", err);
	}
	*reader_out = NULL;
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (copy < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "descriptor %d", fd);
	}
	return walker_open(source_from_fd(copy), name_or_default(name), reader_out, err);
}

int flong_reader_open_memory(const void *bytes, size_t length, const char *name,
	struct flong_reader **reader_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (reader_out == NULL) {
		return api_null("reader_out", err);
	}
	*reader_out = NULL;
	if (bytes == NULL && length > 0) {
		return api_null("bytes", err);
	}
	struct bytes memory = length == 0 ? BYTES("") : bytes_from(bytes, length);
	return open_source(
		source_from_bytes(memory), memory, name_or_default(name), reader_out, err);
}

int flong_reader_open_input(const struct flong_input *input, const char *name,
	struct flong_reader **reader_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (input == NULL) {
		return api_null("input", err);
	}
	struct source *source = NULL;
	int rc = adapter_source_open(input, &source, err);
	if (reader_out != NULL) {
		*reader_out = NULL;
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	if (reader_out == NULL) {
		source_close(source);
		return api_null("reader_out", err);
	}
	return walker_open(source, name_or_default(name), reader_out, err);
}

void flong_reader_close(struct flong_reader *reader)
{
	if (reader != NULL) {
		leave_record(reader);
		found_clear(&reader->record);
		reader_close(reader->reader);
		source_close(reader->origin.inner);
		free(reader->name);
		free(reader);
	}
}

enum flong_form flong_reader_form(const struct flong_reader *reader)
{
	enum reader_form form = reader == NULL || reader->reader == NULL
					? READER_PLAIN
					: reader_form(reader->reader);
	return form == READER_GZIP ? FLONG_GZIP : form == READER_ZSTD ? FLONG_ZSTD : FLONG_PLAIN;
}

uint64_t flong_reader_good_end(const struct flong_reader *reader)
{
	return reader == NULL || reader->reader == NULL ? 0 : reader_good_end(reader->reader);
}

/* --- moving ----------------------------------------------------------------------------------- */

int flong_reader_next(struct flong_reader *reader, const struct flong_record **record_out,
	struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (reader == NULL || record_out == NULL) {
		return api_null("reader or record_out", err);
	}
	*record_out = NULL;
	leave_record(reader);
	if (reader->reader == NULL) {
		return FLONG_END;
	}
	const struct reader_record *found = NULL;
	int rc = walker_note(reader, reader_next(reader->reader, &found, err));
	if (rc == FLONG_OK) {
		found_set(&reader->record, found, reader_is_arc(reader->reader));
		reader->has_record = true;
		*record_out = &reader->record;
	}
	return rc;
}

int flong_reader_seek(struct flong_reader *reader, uint64_t offset, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (reader == NULL) {
		return api_null("reader", err);
	}
	leave_record(reader);
	reader_close(TAKE(reader->reader));
	reader->is_failed = false;
	int rc = origin_move(&reader->origin, offset, err);
	if (rc != FLONG_OK) {
		return error_context(err, "%s", reader->name);
	}
	return reader_create(&reader->origin.lent, offset, reader->name, &reader->reader, err);
}

int flong_reader_resync(
	struct flong_reader *reader, struct flong_gap *gap_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (reader == NULL) {
		return api_null("reader", err);
	}
	if (reader->reader == NULL || !reader->is_failed) {
		return error_set(
			err, FLONG_E_USAGE, "nothing has failed that could be gone on from");
	}
	leave_record(reader);
	struct reader_gap gap;
	int rc = reader_resync(reader->reader, &gap, err);
	if (rc >= 0) {
		reader->is_failed = false;
		if (gap_out != NULL) {
			/* What is found can stand before the fault: in the block of the record
			 * before. */
			*gap_out =
				(struct flong_gap){gap.from < gap.to ? gap.from : gap.to, gap.to};
		}
	}
	return rc;
}

int flong_reader_read(struct flong_reader *reader, void *room, size_t max, size_t *got_out,
	struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (reader == NULL || got_out == NULL || (room == NULL && max > 0)) {
		return api_null("reader, room or got_out", err);
	}
	*got_out = 0;
	int rc = walker_need_record(reader, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (reader->stream != NULL) {
		return error_set(err, FLONG_E_USAGE, "the payload of the record is being read");
	}
	if (max == 0) {
		return FLONG_OK;
	}
	reader->is_taken = true;
	return walker_note(reader, reader_read(reader->reader, room, max, got_out, err));
}

int flong_reader_finish(struct flong_reader *reader, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	int rc = walker_need_record(reader, err);
	if (rc == FLONG_OK) {
		adapter_stream_end(&reader->stream);
		reader->is_taken = true;
		rc = walker_note(reader, reader_finish(reader->reader, err));
	}
	return rc;
}
