/* SPDX-License-Identifier: MIT */
/* zip_build.h - ZIP files made byte by byte, so that tests can make each kind of wrong one */
#ifndef TESTS_SUPPORT_ZIP_BUILD_H
#define TESTS_SUPPORT_ZIP_BUILD_H

#include "unit.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/gzip.h"
#include "index/zip_reader.h"

#define ZIP_BUILD_WARC "archive/data.warc.gz"

enum { ZIP_BUILD_MAX = 8 };

/* What an entry is made of; zeroed fields are the usual ones. */
struct zip_build_entry {
	const char *name;
	size_t name_length; /* 0: up to the NUL */
	struct bytes data;
	const struct buf *deflated; /* NULL: stored */
	uint32_t mode;              /* Unix mode; 0: none */
	struct bytes local_extra, central_extra;
	unsigned flags;
	bool has_descriptor; /* sizes stand behind the data only */
};

struct zip_build {
	struct buf zip;
	size_t count;
	size_t local[ZIP_BUILD_MAX];   /* offsets of the local headers */
	size_t central[ZIP_BUILD_MAX]; /* and of the entries in the directory */
	size_t end;                    /* of the end record */
	struct zip_build_entry entries[ZIP_BUILD_MAX];
};

static inline void zip_build_number(struct buf *out, uint64_t number, size_t width)
{
	for (size_t i = 0; i < width; i++) {
		buf_add_char(out, (char)(unsigned char)(number >> (8 * i)));
	}
}

/* Overwrites a field. */
static inline void zip_build_patch(
	struct zip_build *build, size_t at, uint64_t number, size_t width)
{
	assert_true(at + width <= build->zip.len);
	for (size_t i = 0; i < width; i++) {
		build->zip.ptr[at + i] = (char)(unsigned char)(number >> (8 * i));
	}
}

static inline struct bytes zip_build_name(const struct zip_build_entry *entry)
{
	size_t length = entry->name_length != 0 ? entry->name_length : strlen(entry->name);
	return bytes_from(entry->name, length);
}

static inline struct bytes zip_build_stored(const struct zip_build_entry *entry)
{
	return entry->deflated != NULL ? buf_bytes(entry->deflated) : entry->data;
}

/* Method, time, date, checksum and sizes: the same in both headers. */
static inline void zip_build_common(
	struct buf *out, const struct zip_build_entry *entry, bool is_local)
{
	bool is_later = is_local && entry->has_descriptor;
	zip_build_number(out, entry->flags | (entry->has_descriptor ? 8 : 0), 2);
	zip_build_number(out, entry->deflated != NULL ? 8 : 0, 2);
	zip_build_number(out, 0x5b770000, 4);
	zip_build_number(out, is_later ? 0 : gzip_crc32(0, entry->data), 4);
	zip_build_number(out, is_later ? 0 : zip_build_stored(entry).len, 4);
	zip_build_number(out, is_later ? 0 : entry->data.len, 4);
	zip_build_number(out, zip_build_name(entry).len, 2);
}

static inline void zip_build_add(struct zip_build *build, struct zip_build_entry entry)
{
	struct buf *zip = &build->zip;
	assert_true(build->count < ZIP_BUILD_MAX);
	build->local[build->count] = zip->len;
	build->entries[build->count++] = entry;
	zip_build_number(zip, 0x04034b50, 4);
	zip_build_number(zip, 20, 2);
	zip_build_common(zip, &entry, true);
	zip_build_number(zip, entry.local_extra.len, 2);
	buf_add(zip, zip_build_name(&entry));
	buf_add(zip, entry.local_extra);
	buf_add(zip, zip_build_stored(&entry));
	if (entry.has_descriptor) {
		zip_build_number(zip, 0x08074b50, 4);
		zip_build_number(zip, gzip_crc32(0, entry.data), 4);
		zip_build_number(zip, zip_build_stored(&entry).len, 4);
		zip_build_number(zip, entry.data.len, 4);
	}
}

/* Adds a plain stored file. */
static inline void zip_build_file(struct zip_build *build, const char *name, struct bytes data)
{
	zip_build_add(build, (struct zip_build_entry){.name = name, .data = data});
}

static inline void zip_build_directory(struct zip_build *build)
{
	struct buf *zip = &build->zip;
	for (size_t i = 0; i < build->count; i++) {
		const struct zip_build_entry *entry = &build->entries[i];
		build->central[i] = zip->len;
		zip_build_number(zip, 0x02014b50, 4);
		zip_build_number(zip, entry->mode != 0 ? 0x0314 : 20, 2);
		zip_build_number(zip, 20, 2);
		zip_build_common(zip, entry, false);
		zip_build_number(zip, entry->central_extra.len, 2);
		zip_build_number(zip, 0, 8); /* comment, disk, attributes inside, MS-DOS ones */
		zip_build_number(zip, entry->mode, 2);
		zip_build_number(zip, build->local[i], 4);
		buf_add(zip, zip_build_name(entry));
		buf_add(zip, entry->central_extra);
	}
}

/* The end record; `comment` may be empty. */
static inline void zip_build_end(struct zip_build *build, size_t start, struct bytes comment)
{
	struct buf *zip = &build->zip;
	size_t size = zip->len - start;
	build->end = zip->len;
	zip_build_number(zip, 0x06054b50, 4);
	zip_build_number(zip, 0, 4);
	zip_build_number(zip, build->count, 2);
	zip_build_number(zip, build->count, 2);
	zip_build_number(zip, size, 4);
	zip_build_number(zip, start, 4);
	zip_build_number(zip, comment.len, 2);
	buf_add(zip, comment);
}

/* The directory and the end. */
static inline void zip_build_finish(struct zip_build *build)
{
	size_t start = build->zip.len;
	zip_build_directory(build);
	zip_build_end(build, start, BYTES(""));
}

static inline int zip_build_fd(struct bytes content)
{
	int fd = memfd_create("zip", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content.ptr, content.len), (ssize_t)content.len);
	return fd;
}

static inline int zip_build_open(
	const struct zip_build *build, struct zip_reader **reader_out, struct flong_error *err)
{
	return zip_reader_open_fd(zip_build_fd(buf_bytes(&build->zip)), "x.wacz", reader_out, err);
}

/* Asserts that the file is refused with this code and a message that has the fragment. */
static inline void zip_build_refuse(struct zip_build *build, int code, const char *fragment)
{
	struct flong_error err = {0};
	struct zip_reader *reader = NULL;
	int rc = zip_build_open(build, &reader, &err);
	assert_null(reader);
	if (rc != code || strstr(err.message, fragment) == NULL) {
		fail_msg("%d '%s' instead of %d '%s'", rc, err.message, code, fragment);
	}
	buf_clear(&build->zip);
}

static inline void zip_build_accept(struct zip_build *build, struct zip_reader **reader_out)
{
	struct flong_error err = {0};
	if (zip_build_open(build, reader_out, &err) != FLONG_OK) {
		fail_msg("refused: %s", err.message);
	}
	buf_clear(&build->zip);
}

static inline struct zip_build zip_build_two(void)
{
	struct zip_build build = {0};
	zip_build_file(&build, ZIP_BUILD_WARC, BYTES("first bytes"));
	zip_build_file(&build, "datapackage.json", BYTES("{}"));
	zip_build_finish(&build);
	return build;
}

/* The bytes as raw deflate data. */
static inline void zip_build_deflate(struct bytes data, struct buf *out)
{
	struct buf member = {0};
	struct flong_error err = {0};
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&member);
	struct gzip_part part = {.form = GZIP_DEFLATE, .bytes = data};
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
	buf_add(out, bytes_slice(buf_bytes(&member), 10, member.len - 8));
	buf_clear(&member);
}

#endif
