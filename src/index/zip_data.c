/* SPDX-License-Identifier: MIT */
/* zip_data.c - the data of one ZIP entry, stored or deflated, its size and CRC-32 checked
 *
 * Deflated data is read as the gzip member that it becomes between a gzip header and the CRC-32 and
 * size of the directory: so base/gzip checks them, and that the data ends where it should. */
#include "index/zip_data.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/gzip.h"

static const char gzip_head[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
enum { HEAD_BYTES = 10, TRAILER_BYTES = 8 };
#define WINDOW_BYTES ((size_t)64 << 10)

/* The stored bytes as a gzip member. */
struct member {
	struct source source;
	struct source *stored; /* owned */
	char trailer[TRAILER_BYTES];
	size_t head_read, trailer_read;
};

static int give(struct bytes part, size_t *read, void *room, size_t max, size_t *got_out)
{
	size_t length = part.len - *read < max ? part.len - *read : max;
	memcpy(room, part.ptr + *read, length);
	*read += length;
	*got_out = length;
	return FLONG_OK;
}

static int member_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct member *member = (struct member *)source;
	if (member->head_read < HEAD_BYTES) {
		return give(
			bytes_from(gzip_head, HEAD_BYTES), &member->head_read, room, max, got_out);
	}
	int rc = source_read(member->stored, room, max, got_out, err);
	if (rc == FLONG_END && member->trailer_read < TRAILER_BYTES) {
		return give(bytes_from(member->trailer, TRAILER_BYTES), &member->trailer_read, room,
			max, got_out);
	}
	return rc;
}

static void member_close(struct source *source)
{
	struct member *member = (struct member *)source;
	source_close(member->stored);
	free(member);
}

static struct source *member_open(struct source *stored_take, const struct zip_entry *entry)
{
	static const struct source_ops ops = {.read = member_read, .close = member_close};
	struct member *member = ALLOC(struct member);
	member->source.ops = &ops;
	member->stored = stored_take;
	for (unsigned i = 0; i < 4; i++) {
		member->trailer[i] = (char)(unsigned char)(entry->crc32 >> (8 * i));
		member->trailer[4 + i] = (char)(unsigned char)(entry->size >> (8 * i));
	}
	return &member->source;
}

/* --- the entry's data ------------------------------------------------------------------------- */

struct data {
	struct source source;
	const struct zip_entry *entry; /* borrowed */
	struct source *stored;         /* owned; NULL where the data is deflated */
	struct members *members;       /* owned; the other way round */
	struct bytes view;             /* inflated bytes that were not given yet */
	bool is_started, is_done;
	uint32_t crc32;
	uint64_t given;
};

static int fail(const struct data *data, const char *fault, struct flong_error *err)
{
	return error_set(err, FLONG_E_DAMAGED, "ZIP entry '" BYTES_FMT "': %s",
		BYTES_ARG(data->entry->name), fault);
}

/* What was given is all there is; the compressed bytes must end here too. */
static int check_end(const struct data *data, struct flong_error *err)
{
	const struct zip_entry *entry = data->entry;
	if (data->given != entry->size) {
		return fail(data, "it has fewer bytes than its directory says", err);
	}
	if (data->crc32 != entry->crc32) {
		return fail(data, "its data does not match its checksum", err);
	}
	if (data->members != NULL &&
		data->members->end != HEAD_BYTES + entry->stored_size + TRAILER_BYTES) {
		return fail(data, "its deflated data ends before it should", err);
	}
	return FLONG_END;
}

/* The next inflated bytes; the faults of a member are the entry's. */
static int inflate_some(
	struct data *data, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	int rc = data->is_started ? FLONG_OK : members_next(data->members, err);
	data->is_started = true;
	if (rc == FLONG_OK && data->view.len == 0) {
		rc = members_view(data->members, &data->view, err);
	}
	if (rc != FLONG_OK) {
		return rc < 0 && rc != FLONG_E_IO
			       ? fail(data,
					 "its data is damaged, or is not what size and checksum "
					 "say",
					 err)
			       : rc;
	}
	size_t length = data->view.len < max ? data->view.len : max;
	memcpy(room, data->view.ptr, length);
	data->view = bytes_slice(data->view, length, data->view.len);
	*got_out = length;
	return FLONG_OK;
}

static int data_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct data *data = (struct data *)source;
	*got_out = 0;
	if (data->is_done) {
		return FLONG_END;
	}
	size_t got = 0;
	int rc = data->members != NULL ? inflate_some(data, room, max, &got, err)
				       : source_read(data->stored, room, max, &got, err);
	if (rc == FLONG_OK && got > data->entry->size - data->given) {
		rc = fail(data, "it has more bytes than its directory says", err);
	}
	if (rc == FLONG_OK) {
		data->crc32 = gzip_crc32(data->crc32, bytes_from(room, got));
		data->given += got;
		*got_out = got;
		return FLONG_OK;
	}
	data->is_done = true;
	return rc == FLONG_END ? check_end(data, err) : rc;
}

static void data_close(struct source *source)
{
	struct data *data = (struct data *)source;
	members_close(data->members);
	source_close(data->stored);
	free(data);
}

int zip_data_open(
	int fd, const struct zip_entry *entry, struct source **source_out, struct flong_error *err)
{
	static const struct source_ops ops = {.read = data_read, .close = data_close};
	(void)err;
	struct data *data = ALLOC(struct data);
	data->source.ops = &ops;
	data->entry = entry;
	struct source *stored =
		source_from_fd_range(fd, (off_t)entry->data_offset, entry->stored_size);
	bool is_empty = entry->size == 0 && entry->stored_size == 0;
	if (entry->is_stored || is_empty) {
		data->stored = stored;
	} else {
		data->members =
			gunzip_open(intake_create(member_open(stored, entry), 0, WINDOW_BYTES));
	}
	*source_out = &data->source;
	return FLONG_OK;
}
