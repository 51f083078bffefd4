/* SPDX-License-Identifier: MIT */
/* zip_reader.c - reading a ZIP file of any origin, which must say one thing only */
#include "index/zip_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "index/zip_data.h"
#include "index/zip_end.h"
#include "index/zip_format.h"

struct zip_reader {
	char *path; /* owned */
	int fd;     /* owned */
	uint64_t size;
	struct zip_directory directory;
	uint64_t unclaimed;
};

/* --- local headers ---------------------------------------------------------------------------- */

/* What one local header says. */
struct local {
	unsigned flags, method;
	uint32_t crc32;
	uint64_t size, stored_size;
	size_t name_length, extra_length;
};

static void read_local(struct bytes b, struct local *local)
{
	*local = (struct local){.flags = (unsigned)zip_number(b, 6, 2),
		.method = (unsigned)zip_number(b, 8, 2),
		.crc32 = (uint32_t)zip_number(b, 14, 4),
		.stored_size = zip_number(b, 18, 4),
		.size = zip_number(b, 22, 4),
		.name_length = zip_number(b, 26, 2),
		.extra_length = zip_number(b, 28, 2)};
}

/* The sizes may be left to the descriptor behind the data, then they are 0 here. */
static bool is_same(uint64_t local, uint64_t central, bool may_be_zero)
{
	return local == central || (may_be_zero && local == 0);
}

static int compare_local(
	const struct local *local, const struct zip_entry *entry, struct flong_error *err)
{
	const unsigned kept = ZIP_FLAG_ENCRYPTED | ZIP_FLAG_DESCRIPTOR | ZIP_FLAG_PATCH |
			      ZIP_FLAG_STRONG | ZIP_FLAG_MASKED;
	bool is_later = (entry->flags & ZIP_FLAG_DESCRIPTOR) != 0;
	unsigned method = entry->is_stored ? ZIP_METHOD_STORED : ZIP_METHOD_DEFLATED;
	if ((local->flags & kept) != (entry->flags & kept) || local->method != method) {
		return error_set(err, FLONG_E_DAMAGED,
			"its local header has another method or other flags than the directory");
	}
	if (!is_same(local->crc32, entry->crc32, is_later)) {
		return error_set(err, FLONG_E_DAMAGED,
			"its local header has another checksum than the directory");
	}
	if (!is_same(local->size, entry->size, is_later) ||
		!is_same(local->stored_size, entry->stored_size, is_later)) {
		return error_set(err, FLONG_E_DAMAGED,
			"its sizes lie: %llu of %llu bytes in its local header, %llu of %llu in "
			"the directory",
			(unsigned long long)local->stored_size, (unsigned long long)local->size,
			(unsigned long long)entry->stored_size, (unsigned long long)entry->size);
	}
	return FLONG_OK;
}

/* Reads name and extra fields of the local header and finds where the data is. */
static int check_local_tail(const struct zip_reader *reader, struct zip_entry *entry,
	struct local *local, uint64_t limit, struct flong_error *err)
{
	size_t length = local->name_length + local->extra_length;
	uint64_t start = entry->header_offset + ZIP_LOCAL_BYTES;
	uint64_t data = start + length;
	if (data > limit || entry->stored_size > limit - data) {
		return error_set(err, FLONG_E_DAMAGED,
			"its %llu bytes at offset %llu go over the end of all data",
			(unsigned long long)entry->stored_size, (unsigned long long)data);
	}
	SCOPED(free_textp) char *room = (char *)alloc_zeroed(1, length + 1);
	int rc = files_read_at(reader->fd, room, length, start, reader->path, err);
	if (rc < 0) {
		return rc;
	}
	struct bytes name = bytes_from(room, local->name_length);
	size_t central_length = entry->name.len + (entry->is_directory ? 1 : 0);
	if (name.len != central_length ||
		!bytes_equal(bytes_slice(name, 0, entry->name.len), entry->name) ||
		(entry->is_directory && name.ptr[name.len - 1] != '/')) {
		return error_set(err, FLONG_E_DAMAGED,
			"its local header has another name: '" BYTES_FMT "'", BYTES_ARG(name));
	}
	struct bytes extra = bytes_from(room + name.len, local->extra_length);
	uint64_t *values[] = {&local->size, &local->stored_size};
	entry->data_offset = data;
	entry->end_offset = entry->data_offset + entry->stored_size;
	if (extra.len > 0 && !entry->has_extra) {
		entry->oddities |= ZIP_ODD_LOCAL_EXTRA;
	}
	return zip_directory_wide(extra, values, 2, err);
}

/* --- data descriptors ------------------------------------------------------------------------- */

/* Whether `b` begins with the descriptor of the entry (4.3.9), in the form of `width` bytes a size.
 * Some writers cut large sizes to 32 bits. */
static bool has_descriptor(struct bytes b, const struct zip_entry *entry, size_t width)
{
	uint64_t mask = width == 8 ? UINT64_MAX : UINT32_MAX;
	return b.len >= 4 + 2 * width && zip_number(b, 0, 4) == entry->crc32 &&
	       zip_number(b, 4, width) == (entry->stored_size & mask) &&
	       zip_number(b, 4 + width, width) == (entry->size & mask);
}

/* The length of the descriptor behind the data, or 0 when none of the entry is there. */
static size_t descriptor_length(struct bytes b, const struct zip_entry *entry)
{
	static const size_t widths[] = {8, 4};
	bool is_signed = b.len >= 4 && zip_number(b, 0, 4) == ZIP_DESCRIPTOR_SIGNATURE;
	for (size_t skip = is_signed ? 4 : 0;; skip = 0) {
		for (size_t i = 0; i < 2; i++) {
			if (has_descriptor(bytes_slice(b, skip, b.len), entry, widths[i])) {
				return skip + 4 + 2 * widths[i];
			}
		}
		if (skip == 0) {
			return 0;
		}
	}
}

static int check_descriptor(const struct zip_reader *reader, struct zip_entry *entry,
	const struct local *local, uint64_t limit, struct flong_error *err)
{
	if ((entry->flags & ZIP_FLAG_DESCRIPTOR) == 0) {
		return FLONG_OK;
	}
	char room[24];
	uint64_t left = limit - entry->end_offset;
	size_t length = left < sizeof(room) ? (size_t)left : sizeof(room);
	int rc = files_read_at(reader->fd, room, length, entry->end_offset, reader->path, err);
	if (rc < 0) {
		return rc;
	}
	size_t found = descriptor_length(bytes_from(room, length), entry);
	bool is_known = local->crc32 == entry->crc32 && local->size == entry->size &&
			local->stored_size == entry->stored_size;
	if (found == 0 && !is_known) {
		return error_set(err, FLONG_E_DAMAGED,
			"the sizes behind its data are others than those in the directory");
	}
	entry->oddities |= ZIP_ODD_DESCRIPTOR;
	entry->end_offset += found;
	return FLONG_OK;
}

static int check_entry(const struct zip_reader *reader, struct zip_entry *entry, uint64_t limit,
	struct flong_error *err)
{
	char room[ZIP_LOCAL_BYTES];
	struct local local;
	if (entry->header_offset + ZIP_LOCAL_BYTES > limit) {
		return error_set(err, FLONG_E_DAMAGED, "its offset %llu is behind all data",
			(unsigned long long)entry->header_offset);
	}
	int rc = files_read_at(
		reader->fd, room, sizeof(room), entry->header_offset, reader->path, err);
	if (rc < 0) {
		return rc;
	}
	struct bytes fixed = bytes_from(room, sizeof(room));
	if (zip_number(fixed, 0, 4) != ZIP_LOCAL_SIGNATURE) {
		return error_set(err, FLONG_E_DAMAGED, "it has no local header at offset %llu",
			(unsigned long long)entry->header_offset);
	}
	read_local(fixed, &local);
	rc = check_local_tail(reader, entry, &local, limit, err);
	if (rc == FLONG_OK) {
		rc = compare_local(&local, entry, err);
	}
	return rc == FLONG_OK ? check_descriptor(reader, entry, &local, limit, err) : rc;
}

/* --- the file --------------------------------------------------------------------------------- */

static int by_offset(const void *a, const void *b)
{
	uint64_t left = (*(const struct zip_entry *const *)a)->header_offset;
	uint64_t right = (*(const struct zip_entry *const *)b)->header_offset;
	return (left > right) - (left < right);
}

/* No byte may belong to two entries: a few bytes that are many files are a bomb. */
static int check_overlaps(struct zip_reader *reader, uint64_t limit, struct flong_error *err)
{
	size_t count = reader->directory.count;
	const struct zip_entry **sorted = ALLOC_ARRAY(const struct zip_entry *, count + 1);
	for (size_t i = 0; i < count; i++) {
		sorted[i] = &reader->directory.entries[i];
	}
	qsort((void *)sorted, count, sizeof(struct zip_entry *), by_offset);
	uint64_t end = 0;
	int rc = FLONG_OK;
	for (size_t i = 0; i < count && rc == FLONG_OK; i++) {
		if (sorted[i]->header_offset < end) {
			rc = error_set(err, FLONG_E_REFUSED,
				"ZIP entry '" BYTES_FMT "': it overlaps '" BYTES_FMT "'",
				BYTES_ARG(sorted[i]->name), BYTES_ARG(sorted[i - 1]->name));
		} else {
			reader->unclaimed += sorted[i]->header_offset - end;
			end = sorted[i]->end_offset;
		}
	}
	reader->unclaimed += limit - end;
	free((void *)sorted);
	return rc;
}

static int check_structure(struct zip_reader *reader, struct flong_error *err)
{
	struct zip_end end;
	int rc = zip_end_read(reader->fd, reader->size, &end, err);
	if (rc == FLONG_OK) {
		rc = zip_directory_read(reader->fd, &end, &reader->directory, err);
	}
	for (size_t i = 0; rc == FLONG_OK && i < reader->directory.count; i++) {
		struct zip_entry *entry = &reader->directory.entries[i];
		rc = check_entry(reader, entry, end.directory_offset, err);
		if (rc < 0) {
			return error_context(
				err, "ZIP entry '" BYTES_FMT "'", BYTES_ARG(entry->name));
		}
	}
	return rc == FLONG_OK ? check_overlaps(reader, end.directory_offset, err) : rc;
}

int zip_reader_open_fd(
	int fd_take, const char *name, struct zip_reader **reader_out, struct flong_error *err)
{
	SCOPED(zip_reader_closep) struct zip_reader *reader = ALLOC(struct zip_reader);
	reader->path = alloc_copy(name);
	reader->fd = fd_take;
	struct stat status;
	if (fstat(fd_take, &status) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "looking at '%s'", name);
	}
	if (!S_ISREG(status.st_mode)) {
		return error_set(err, FLONG_E_UNSUPPORTED, "%s is no regular file", name);
	}
	reader->size = (uint64_t)status.st_size;
	int rc = check_structure(reader, err);
	if (rc < 0) {
		return error_context(err, "%s", name);
	}
	*reader_out = TAKE(reader);
	return FLONG_OK;
}

int zip_reader_open(const char *path, struct zip_reader **reader_out, struct flong_error *err)
{
	int fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "cannot open %s", path);
	}
	return zip_reader_open_fd(fd, path, reader_out, err);
}

void zip_reader_close(struct zip_reader *reader)
{
	if (reader != NULL) {
		files_close_fd(&reader->fd);
		zip_directory_clear(&reader->directory);
		free(reader->path);
		free(reader);
	}
}

size_t zip_reader_count(const struct zip_reader *reader)
{
	return reader->directory.count;
}

const struct zip_entry *zip_reader_at(const struct zip_reader *reader, size_t index)
{
	return &reader->directory.entries[index];
}

const struct zip_entry *zip_reader_find(const struct zip_reader *reader, struct bytes name)
{
	for (size_t i = 0; i < reader->directory.count; i++) {
		const struct zip_entry *entry = &reader->directory.entries[i];
		if (!entry->is_directory && bytes_equal(entry->name, name)) {
			return entry;
		}
	}
	return NULL;
}

uint64_t zip_reader_unclaimed(const struct zip_reader *reader)
{
	return reader->unclaimed;
}

int zip_reader_fd(const struct zip_reader *reader)
{
	return reader->fd;
}

int zip_reader_open_entry(const struct zip_reader *reader, const struct zip_entry *entry,
	struct source **source_out, struct flong_error *err)
{
	return zip_data_open(reader->fd, entry, source_out, err);
}

int zip_reader_open_entry_at(const struct zip_reader *reader, const struct zip_entry *entry,
	uint64_t offset, struct source **source_out, struct flong_error *err)
{
	if (entry->is_stored) {
		SCOPED(source_closep)
		struct source *range =
			source_from_fd_range(reader->fd, (off_t)entry->data_offset, entry->size);
		int rc = source_seek(
			range, (int64_t)(offset < entry->size ? offset : entry->size), err);
		*source_out = TAKE(range);
		return rc;
	}
	SCOPED(source_closep) struct source *source = NULL;
	int rc = zip_data_open(reader->fd, entry, &source, err);
	for (uint64_t left = offset; rc == FLONG_OK && left > 0;) {
		char room[16384];
		size_t got;
		rc = source_read(
			source, room, left < sizeof(room) ? (size_t)left : sizeof(room), &got, err);
		left -= got;
	}
	if (rc < 0) {
		return rc;
	}
	*source_out = TAKE(source);
	return FLONG_OK;
}
