/* SPDX-License-Identifier: MIT */
/* zip_end.c - the records at the end of a ZIP file: where its directory is */
#include "index/zip_end.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "index/zip_format.h"

/* Numbers for messages. */
typedef unsigned long long number;

/* The end record as it stands, and what its ZIP64 record says instead. */
struct end_record {
	uint64_t at; /* file offset */
	uint64_t disk, directory_disk, disk_entries, entries, size, offset;
};

/* Looks for the record whose comment ends with the file. */
static int find_end(struct bytes tail, size_t *at_out, struct flong_error *err)
{
	size_t count = 0;
	size_t last = SIZE_MAX; /* the last record of any kind */
	for (size_t i = tail.len - ZIP_END_BYTES + 1; i > 0; i--) {
		size_t at = i - 1;
		if (zip_number(tail, at, 4) != ZIP_END_SIGNATURE) {
			continue;
		}
		last = last == SIZE_MAX ? at : last;
		if (at + ZIP_END_BYTES + zip_number(tail, at + 20, 2) == tail.len) {
			*at_out = at;
			count++;
		}
	}
	if (count > 1) {
		return error_set(err, FLONG_E_REFUSED,
			"the ZIP file can be read in %zu ways: its comment holds another end "
			"record",
			count);
	}
	if (count == 1) {
		return FLONG_OK;
	}
	if (last == SIZE_MAX) {
		return error_set(err, FLONG_E_FORMAT,
			"no ZIP file, or one that is cut: it has no end record");
	}
	size_t end = last + ZIP_END_BYTES + (size_t)zip_number(tail, last + 20, 2);
	return end > tail.len ? error_set(err, FLONG_E_FORMAT,
					"the ZIP file is cut inside the comment at its end")
			      : error_set(err, FLONG_E_REFUSED,
					"%zu bytes follow the end of the ZIP file", tail.len - end);
}

static void read_fields(struct bytes b, struct end_record *record)
{
	record->disk = zip_number(b, 4, 2);
	record->directory_disk = zip_number(b, 6, 2);
	record->disk_entries = zip_number(b, 8, 2);
	record->entries = zip_number(b, 10, 2);
	record->size = zip_number(b, 12, 4);
	record->offset = zip_number(b, 16, 4);
}

static bool needs_zip64(const struct end_record *record)
{
	return record->entries == ZIP_ELSEWHERE16 || record->disk_entries == ZIP_ELSEWHERE16 ||
	       record->size == ZIP_ELSEWHERE32 || record->offset == ZIP_ELSEWHERE32;
}

/* A field of the plain record says the same as ZIP64's, or that it does not say. */
static bool agrees(uint64_t plain, uint64_t elsewhere, uint64_t wide)
{
	return plain == elsewhere || plain == wide;
}

/* Replaces the fields by those of the ZIP64 record, which must contradict none of them. */
static int read_zip64(int fd, struct bytes locator, struct end_record *record,
	uint64_t *directory_end, struct flong_error *err)
{
	uint64_t at = zip_number(locator, 8, 8);
	uint64_t locator_at = record->at - ZIP_LOCATOR_BYTES;
	char room[ZIP_END64_BYTES];
	if (locator_at < ZIP_END64_BYTES || at > locator_at - ZIP_END64_BYTES) {
		return error_set(err, FLONG_E_REFUSED,
			"the ZIP64 end record is not at offset %llu, where it should be",
			(number)at);
	}
	int rc = files_read_at(fd, room, sizeof(room), at, "the ZIP64 end record", err);
	if (rc < 0) {
		return rc;
	}
	struct bytes b = bytes_from(room, sizeof(room));
	if (zip_number(b, 0, 4) != ZIP_END64_SIGNATURE ||
		zip_number(b, 4, 8) != locator_at - at - 12) {
		return error_set(err, FLONG_E_REFUSED,
			"the ZIP64 end record is not at offset %llu, where it should be",
			(number)at);
	}
	const struct end_record wide = {.disk = zip_number(b, 16, 4),
		.directory_disk = zip_number(b, 20, 4),
		.disk_entries = zip_number(b, 24, 8),
		.entries = zip_number(b, 32, 8),
		.size = zip_number(b, 40, 8),
		.offset = zip_number(b, 48, 8)};
	if (!agrees(record->disk, ZIP_ELSEWHERE16, wide.disk) ||
		!agrees(record->directory_disk, ZIP_ELSEWHERE16, wide.directory_disk) ||
		!agrees(record->disk_entries, ZIP_ELSEWHERE16, wide.disk_entries) ||
		!agrees(record->entries, ZIP_ELSEWHERE16, wide.entries) ||
		!agrees(record->size, ZIP_ELSEWHERE32, wide.size) ||
		!agrees(record->offset, ZIP_ELSEWHERE32, wide.offset)) {
		return error_set(
			err, FLONG_E_REFUSED, "the ZIP64 end record contradicts the end record");
	}
	*record = wide;
	*directory_end = at;
	return FLONG_OK;
}

static int judge(const struct end_record *record, uint64_t directory_end, struct flong_error *err)
{
	if (record->disk != 0 || record->directory_disk != 0 ||
		record->disk_entries != record->entries) {
		return error_set(err, FLONG_E_UNSUPPORTED, "the ZIP file goes over several disks");
	}
	uint64_t end;
	if (!u64_add(record->offset, record->size, &end) || end != directory_end) {
		return error_set(err, FLONG_E_REFUSED,
			"the ZIP directory is %llu bytes at offset %llu as its end record says, "
			"but it must end at offset %llu: the file is damaged, or something was "
			"put in front of it",
			(number)record->size, (number)record->offset, (number)directory_end);
	}
	if (record->entries > LIMIT_ZIP_ENTRIES) {
		return error_set(err, FLONG_E_LIMIT,
			"the ZIP file has %llu entries; up to %d are read", (number)record->entries,
			LIMIT_ZIP_ENTRIES);
	}
	if (record->size > LIMIT_ZIP_DIRECTORY_BYTES) {
		return error_set(err, FLONG_E_LIMIT,
			"the ZIP directory has %llu bytes; up to %zu are read",
			(number)record->size, LIMIT_ZIP_DIRECTORY_BYTES);
	}
	return FLONG_OK;
}

int zip_end_read(int fd, uint64_t size, struct zip_end *end_out, struct flong_error *err)
{
	const size_t most = ZIP_END_BYTES + ZIP_COMMENT_MAX + ZIP_LOCATOR_BYTES;
	if (size < ZIP_END_BYTES) {
		return error_set(
			err, FLONG_E_FORMAT, "no ZIP file: it has only %llu bytes", (number)size);
	}
	size_t length = size < most ? (size_t)size : most;
	SCOPED(free_textp) char *room = (char *)alloc_zeroed(1, length);
	int rc = files_read_at(fd, room, length, size - length, "the end of the ZIP file", err);
	size_t at = 0;
	struct bytes tail = bytes_from(room, length);
	if (rc == FLONG_OK) {
		rc = find_end(tail, &at, err);
	}
	if (rc < 0) {
		return rc;
	}
	struct end_record record = {.at = size - length + at};
	uint64_t directory_end = record.at;
	read_fields(bytes_slice(tail, at, tail.len), &record);
	bool has_locator = at >= ZIP_LOCATOR_BYTES &&
			   zip_number(tail, at - ZIP_LOCATOR_BYTES, 4) == ZIP_LOCATOR_SIGNATURE;
	if (has_locator) {
		rc = read_zip64(fd, bytes_slice(tail, at - ZIP_LOCATOR_BYTES, at), &record,
			&directory_end, err);
	} else if (needs_zip64(&record)) {
		rc = error_set(err, FLONG_E_REFUSED,
			"the end record points to a ZIP64 record that is not there");
	}
	if (rc == FLONG_OK) {
		rc = judge(&record, directory_end, err);
	}
	if (rc == FLONG_OK) {
		*end_out = (struct zip_end){record.entries, record.offset, record.size};
	}
	return rc;
}
