/* SPDX-License-Identifier: MIT */
/* zip.c - writing a ZIP file that players can read by ranges
 *
 * libzip writes nothing before zip_close. Then it asks each entry's source for its size, opens it
 * and reads it to its end, one after the other. So an input can be made of what was read before it:
 * that is how the hashes of all files get into the last entries in one pass. */
#include "index/zip.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zip.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"

#define GATHER_BYTES ((size_t)256 << 10)
/* The disk is kept busy while the rest is read, so that the sync at the end has little to wait for.
 */
#define BEGIN_BYTES ((uint64_t)8 << 20)

/* An entry's input, as libzip reads it. Owned by libzip, freed on its ZIP_SOURCE_FREE. */
struct entry {
	struct zip_writer *writer; /* borrowed */
	struct zip_input input;
	struct source *source; /* owned; while prepared or open */
	bool prepared;
	uint64_t size;
	uint64_t read;
	zip_error_t error;
};

struct zip_writer {
	zip_t *archive; /* owned */
	int fd;         /* borrowed */
	uint64_t at;    /* write position */
	uint64_t end;   /* bytes written so far */
	char *gathered; /* owned; GATHER_BYTES; what libzip wrote and the file does not have yet */
	size_t held;    /* of these */
	uint64_t held_at;  /* where in the file they belong */
	uint64_t begun_at; /* up to here the system was asked to write to the disk */
	uint16_t dos_time;
	uint16_t dos_date;
	struct flong_error failure; /* the first of an input or of the file */
	zip_error_t error;
};

/* --- the entries' sources --------------------------------------------------------------------- */

/* Keeps the first failure, so that it is reported instead of libzip's general words. */
static zip_int64_t entry_fails(struct entry *entry, const struct flong_error *failure)
{
	if (entry->writer->failure.code == 0) {
		entry->writer->failure = *failure;
	}
	zip_error_set(&entry->error, ZIP_ER_READ, EIO);
	return -1;
}

static zip_int64_t entry_prepare(struct entry *entry)
{
	struct flong_error failure = {0};
	if (!entry->prepared) {
		int rc = entry->input.open(
			entry->input.context, &entry->source, &entry->size, &failure);
		if (rc < 0) {
			return entry_fails(entry, &failure);
		}
		entry->prepared = true;
	}
	return 0;
}

static zip_int64_t entry_stat(struct entry *entry, void *data, zip_uint64_t len)
{
	zip_stat_t *stat = (zip_stat_t *)data;
	if (len < sizeof(*stat) || entry_prepare(entry) < 0) {
		return -1;
	}
	zip_stat_init(stat);
	stat->size = entry->size;
	stat->comp_size = entry->size;
	stat->comp_method = ZIP_CM_STORE;
	stat->encryption_method = ZIP_EM_NONE;
	stat->valid = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
		      ZIP_STAT_ENCRYPTION_METHOD;
	return sizeof(*stat);
}

static zip_int64_t entry_read(struct entry *entry, void *room, zip_uint64_t max)
{
	struct flong_error failure = {0};
	size_t got = 0;
	int rc = source_read(entry->source, room, (size_t)max, &got, &failure);
	entry->read += got;
	if (rc == FLONG_END && entry->read != entry->size) {
		rc = error_set(&failure, FLONG_E_DAMAGED, "a file changed while it was packed");
	}
	return rc < 0 ? entry_fails(entry, &failure) : (zip_int64_t)got;
}

static void entry_close(struct entry *entry)
{
	source_close(entry->source);
	entry->source = NULL;
}

static zip_int64_t entry_source(
	void *context, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
	struct entry *entry = (struct entry *)context;
	if (command == ZIP_SOURCE_SUPPORTS) {
		return ZIP_SOURCE_SUPPORTS_READABLE;
	}
	if (command == ZIP_SOURCE_STAT) {
		return entry_stat(entry, data, len);
	}
	if (command == ZIP_SOURCE_OPEN) {
		return entry_prepare(entry);
	}
	if (command == ZIP_SOURCE_READ) {
		return entry_read(entry, data, len);
	}
	if (command == ZIP_SOURCE_CLOSE) {
		entry_close(entry);
		return 0;
	}
	if (command == ZIP_SOURCE_ERROR) {
		return zip_error_to_data(&entry->error, data, len);
	}
	if (command == ZIP_SOURCE_FREE) {
		entry_close(entry);
		free(entry);
		return 0;
	}
	zip_error_set(&entry->error, ZIP_ER_OPNOTSUPP, 0);
	return -1;
}

/* --- the file, as libzip writes it ------------------------------------------------------------ */

/* libzip writes pieces of 8 KiB: one call for each costs as much as what it writes. */
static int put_gathered(struct zip_writer *writer)
{
	size_t done = 0;
	while (done < writer->held) {
		ssize_t put = io_write_at(writer->fd, writer->gathered + done, writer->held - done,
			writer->held_at + done);
		if (put < 0) {
			zip_error_set(&writer->error, ZIP_ER_WRITE, errno);
			return -1;
		}
		done += (size_t)put;
	}
	writer->held_at += done;
	writer->held = 0;
	if (writer->held_at >= writer->begun_at + BEGIN_BYTES) {
		io_begin_write_out(writer->fd);
		writer->begun_at = writer->held_at;
	}
	return 0;
}

static zip_int64_t file_write(struct zip_writer *writer, const char *data, zip_uint64_t len)
{
	if (writer->at != writer->held_at + writer->held) {
		if (put_gathered(writer) < 0) {
			return -1;
		}
		writer->held_at = writer->at;
	}
	for (size_t done = 0, part; done < len; done += part) {
		if (writer->held == GATHER_BYTES && put_gathered(writer) < 0) {
			return -1;
		}
		size_t room = GATHER_BYTES - writer->held;
		part = len - done < room ? (size_t)len - done : room;
		memcpy(writer->gathered + writer->held, data + done, part);
		writer->held += part;
	}
	writer->at += len;
	if (writer->at > writer->end) {
		writer->end = writer->at;
	}
	return (zip_int64_t)len;
}

static zip_int64_t file_seek(struct zip_writer *writer, void *data, zip_uint64_t len)
{
	zip_int64_t at =
		zip_source_seek_compute_offset(writer->at, writer->end, data, len, &writer->error);
	if (at < 0) {
		return -1;
	}
	writer->at = (uint64_t)at;
	return 0;
}

/* A file that is empty until libzip has written all of it. */
static zip_int64_t file_stat(struct zip_writer *writer, void *data, zip_uint64_t len)
{
	zip_stat_t *stat = (zip_stat_t *)data;
	if (len < sizeof(*stat)) {
		zip_error_set(&writer->error, ZIP_ER_INVAL, 0);
		return -1;
	}
	zip_stat_init(stat);
	stat->size = 0;
	stat->valid = ZIP_STAT_SIZE;
	return sizeof(*stat);
}

static zip_int64_t file_source(
	void *context, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
	struct zip_writer *writer = (struct zip_writer *)context;
	if (command == ZIP_SOURCE_SUPPORTS) {
		return ZIP_SOURCE_SUPPORTS_WRITABLE;
	}
	if (command == ZIP_SOURCE_WRITE) {
		return file_write(writer, (const char *)data, len);
	}
	if (command == ZIP_SOURCE_SEEK_WRITE) {
		return file_seek(writer, data, len);
	}
	if (command == ZIP_SOURCE_TELL_WRITE) {
		return (zip_int64_t)writer->at;
	}
	if (command == ZIP_SOURCE_STAT) {
		return file_stat(writer, data, len);
	}
	if (command == ZIP_SOURCE_COMMIT_WRITE) {
		return put_gathered(writer);
	}
	if (command == ZIP_SOURCE_ERROR) {
		return zip_error_to_data(&writer->error, data, len);
	}
	/* The rest opens, closes or reads the old content, of which there is none. */
	return 0;
}

/* --- the writer ------------------------------------------------------------------------------- */

/* DOS date and time of UTC: local time would make the bytes depend on the machine. */
static void set_dos_time(struct zip_writer *writer, int64_t time_ms)
{
	char digits[CLOCK_DIGITS_SIZE];
	clock_format_digits14(time_ms, digits);
	static const size_t ends[] = {4, 6, 8, 10, 12, 14};
	uint64_t parts[6] = {0};
	for (size_t i = 0, start = 0; i < 6; start = ends[i], i++) {
		(void)bytes_to_u64(bytes_slice(bytes_of(digits), start, ends[i]), 9999, &parts[i]);
	}
	uint64_t year = parts[0] < 1980 ? 0 : parts[0] > 2107 ? 127 : parts[0] - 1980;
	writer->dos_date = (uint16_t)(year << 9 | parts[1] << 5 | parts[2]);
	writer->dos_time = (uint16_t)(parts[3] << 11 | parts[4] << 5 | parts[5] / 2);
}

int zip_writer_create(
	int fd, int64_t time_ms, struct zip_writer **writer_out, struct flong_error *err)
{
	SCOPED(zip_writer_closep) struct zip_writer *writer = ALLOC(struct zip_writer);
	writer->fd = fd;
	writer->gathered = alloc_zeroed(1, GATHER_BYTES);
	set_dos_time(writer, time_ms);
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *file = zip_source_function_create(file_source, writer, &error);
	if (file != NULL) {
		writer->archive = zip_open_from_source(file, ZIP_CREATE | ZIP_TRUNCATE, &error);
	}
	if (writer->archive == NULL) {
		int rc = error_set(err, FLONG_E_INTERNAL, "cannot start a ZIP file: %s",
			zip_error_strerror(&error));
		zip_source_free(file);
		zip_error_fini(&error);
		return rc;
	}
	zip_error_fini(&error);
	*writer_out = TAKE(writer);
	return FLONG_OK;
}

void zip_writer_close(struct zip_writer *writer)
{
	if (writer != NULL) {
		if (writer->archive != NULL) {
			zip_discard(writer->archive);
		}
		free(writer->gathered);
		free(writer);
	}
}

static int fail(struct zip_writer *writer, const char *name, struct flong_error *err)
{
	zip_error_t *error = zip_get_error(writer->archive);
	int code = zip_error_code_zip(error) == ZIP_ER_EXISTS ? FLONG_E_EXISTS : FLONG_E_INTERNAL;
	return error_set(err, code, "ZIP entry %s: %s", name, zip_error_strerror(error));
}

int zip_writer_add(struct zip_writer *writer, const char *name, const struct zip_input *input,
	struct flong_error *err)
{
	struct entry *entry = ALLOC(struct entry);
	entry->writer = writer;
	entry->input = *input;
	zip_source_t *source = zip_source_function(writer->archive, entry_source, entry);
	if (source == NULL) {
		free(entry);
		return fail(writer, name, err);
	}
	zip_int64_t added = zip_file_add(writer->archive, name, source, ZIP_FL_ENC_UTF_8);
	if (added < 0) {
		int rc = fail(writer, name, err);
		zip_source_free(source);
		return rc;
	}
	zip_uint64_t at = (zip_uint64_t)added;
	if (zip_set_file_compression(writer->archive, at, ZIP_CM_STORE, 0) < 0 ||
		zip_file_set_dostime(writer->archive, at, writer->dos_time, writer->dos_date, 0) <
			0 ||
		zip_file_set_external_attributes(
			writer->archive, at, 0, ZIP_OPSYS_UNIX, (zip_uint32_t)0100644 << 16) < 0) {
		return fail(writer, name, err);
	}
	return FLONG_OK;
}

int zip_writer_finish(struct zip_writer *writer, struct flong_error *err)
{
	assert(writer->archive != NULL);
	if (zip_close(writer->archive) == 0) {
		writer->archive = NULL;
		return FLONG_OK;
	}
	if (writer->failure.code != 0) {
		*err = writer->failure;
		return err->code;
	}
	zip_error_t *error = zip_get_error(writer->archive);
	int code = zip_error_code_zip(error) == ZIP_ER_WRITE ? FLONG_E_IO : FLONG_E_INTERNAL;
	return error_set(err, code, "cannot write the ZIP file: %s", zip_error_strerror(error));
}
