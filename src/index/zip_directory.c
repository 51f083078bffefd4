/* SPDX-License-Identifier: MIT */
/* zip_directory.c - the central directory of a ZIP file, each entry judged by what it says itself
 */
#include "index/zip_directory.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "index/zip_format.h"
#include "index/zip_names.h"

/* Deflate makes at most 258 bytes of two bits (RFC 1951). */
#define DEFLATE_RATIO 1032

void zip_directory_clear(struct zip_directory *directory)
{
	free(directory->entries);
	buf_clear(&directory->raw);
	*directory = (struct zip_directory){0};
}

/* --- extra fields ----------------------------------------------------------------------------- */

static bool is_padding(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		if (b.ptr[i] != '\0') {
			return false;
		}
	}
	return true;
}

int zip_directory_extra(
	struct bytes extra, unsigned id, struct bytes *value_out, struct flong_error *err)
{
	bool is_found = false;
	*value_out = (struct bytes){NULL, 0};
	for (size_t at = 0; at < extra.len;) {
		if (extra.len - at < 4 && is_padding(bytes_slice(extra, at, extra.len))) {
			break; /* some tools align the data so */
		}
		size_t length = extra.len - at < 4 ? SIZE_MAX : zip_number(extra, at + 2, 2);
		if (length > extra.len - at - 4) {
			return error_set(err, FLONG_E_FORMAT, "its extra fields do not fit");
		}
		if (zip_number(extra, at, 2) == id) {
			if (is_found) {
				return error_set(err, FLONG_E_FORMAT,
					"it has the extra field 0x%04x twice", id);
			}
			is_found = true;
			*value_out = bytes_slice(extra, at + 4, at + 4 + length);
		}
		at += 4 + length;
	}
	return is_found ? FLONG_OK : FLONG_END;
}

/* A ZIP64 field that holds all values, not only those that need it: none may contradict. */
static bool take_all(struct bytes value, uint64_t *values[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i * 8 + 8 > value.len) {
			if (*values[i] == ZIP_ELSEWHERE32) {
				return false;
			}
			continue;
		}
		uint64_t wide = zip_number(value, i * 8, 8);
		if (*values[i] != ZIP_ELSEWHERE32 && *values[i] != wide) {
			return false;
		}
		*values[i] = wide;
	}
	return true;
}

int zip_directory_wide(
	struct bytes extra, uint64_t *values[], size_t count, struct flong_error *err)
{
	struct bytes value;
	int rc = zip_directory_extra(extra, ZIP_EXTRA_ZIP64, &value, err);
	size_t needed = 0;
	for (size_t i = 0; i < count; i++) {
		needed += *values[i] == ZIP_ELSEWHERE32 ? 1 : 0;
	}
	if (rc < 0) {
		return rc;
	}
	if (rc == FLONG_END) {
		return needed == 0 ? FLONG_OK
				   : error_set(err, FLONG_E_REFUSED,
					     "it needs a ZIP64 field and has none");
	}
	if (value.len == needed * 8) {
		size_t at = 0;
		for (size_t i = 0; i < count; i++) {
			if (*values[i] == ZIP_ELSEWHERE32) {
				*values[i] = zip_number(value, at, 8);
				at += 8;
			}
		}
		return FLONG_OK;
	}
	bool is_whole = value.len == 16 || value.len == 24 || value.len == 28;
	return is_whole && take_all(value, values, count)
		       ? FLONG_OK
		       : error_set(err, FLONG_E_REFUSED, "its ZIP64 field contradicts its header");
}

/* --- one entry -------------------------------------------------------------------------------- */

/* An entry's header in the directory, cut into its parts. */
struct central {
	struct bytes fixed, name, extra;
};

static bool cut_central(struct bytes *rest, struct central *central_out)
{
	if (rest->len < ZIP_CENTRAL_BYTES || zip_number(*rest, 0, 4) != ZIP_CENTRAL_SIGNATURE) {
		return false;
	}
	size_t name = ZIP_CENTRAL_BYTES + zip_number(*rest, 28, 2);
	size_t extra = name + zip_number(*rest, 30, 2);
	size_t end = extra + zip_number(*rest, 32, 2);
	if (end > rest->len) {
		return false;
	}
	central_out->fixed = bytes_slice(*rest, 0, ZIP_CENTRAL_BYTES);
	central_out->name = bytes_slice(*rest, ZIP_CENTRAL_BYTES, name);
	central_out->extra = bytes_slice(*rest, name, extra);
	*rest = bytes_slice(*rest, end, rest->len);
	return true;
}

static int judge_method(struct bytes fixed, const struct zip_entry *entry, struct flong_error *err)
{
	unsigned method = (unsigned)zip_number(fixed, 10, 2);
	if ((entry->flags & (ZIP_FLAG_ENCRYPTED | ZIP_FLAG_STRONG | ZIP_FLAG_MASKED)) != 0 ||
		method == ZIP_METHOD_AES) {
		return error_set(err, FLONG_E_UNSUPPORTED, "it is encrypted");
	}
	if ((entry->flags & ZIP_FLAG_PATCH) != 0 ||
		(method != ZIP_METHOD_STORED && method != ZIP_METHOD_DEFLATED)) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"its compression method %u is not known: stored and deflated are", method);
	}
	return FLONG_OK;
}

static int judge_sizes(const struct zip_entry *entry, struct flong_error *err)
{
	uint64_t most = entry->stored_size;
	if (entry->is_stored || u64_mul(entry->stored_size, DEFLATE_RATIO, &most)) {
		if (entry->size > most || (entry->is_stored && entry->size != most)) {
			return error_set(err, FLONG_E_DAMAGED,
				"its sizes lie: %llu bytes cannot be %s as %llu",
				(unsigned long long)entry->size,
				entry->is_stored ? "stored" : "deflated",
				(unsigned long long)entry->stored_size);
		}
	}
	if (entry->is_directory && (entry->size != 0 || entry->stored_size > 2)) {
		return error_set(err, FLONG_E_REFUSED, "it is a directory and has data");
	}
	return FLONG_OK;
}

/* The upper half of the attributes is a Unix mode where the host is Unix, and 0 elsewhere. */
static int judge_attributes(struct bytes fixed, bool is_directory, struct flong_error *err)
{
	static const struct {
		mode_t type;
		const char *name;
	} refused[] = {{S_IFLNK, "a symbolic link"}, {S_IFCHR, "a device"}, {S_IFBLK, "a device"},
		{S_IFIFO, "a pipe"}, {S_IFSOCK, "a socket"}};
	mode_t type = (mode_t)zip_number(fixed, 40, 2) & S_IFMT;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (type == refused[i].type) {
			return error_set(err, FLONG_E_REFUSED, "it is %s", refused[i].name);
		}
	}
	bool is_regular = type == 0 || type == S_IFREG;
	if ((type == S_IFDIR && !is_directory) || (!is_regular && type != S_IFDIR)) {
		return error_set(err, FLONG_E_REFUSED, "it is no regular file");
	}
	return FLONG_OK;
}

/* Info-ZIP's second name: a program that heeds it must not see another one. */
static int judge_second_name(const struct central *central, struct flong_error *err)
{
	struct bytes value;
	int rc = zip_directory_extra(central->extra, ZIP_EXTRA_UNICODE_NAME, &value, err);
	if (rc == FLONG_OK &&
		(value.len < 5 || !bytes_equal(bytes_slice(value, 5, value.len), central->name))) {
		return error_set(err, FLONG_E_REFUSED, "it has two names");
	}
	return rc < 0 ? rc : FLONG_OK;
}

static int read_central(const struct central *central, const struct zip_end *end,
	struct zip_entry *entry, struct flong_error *err)
{
	struct bytes fixed = central->fixed;
	*entry = (struct zip_entry){.flags = (unsigned)zip_number(fixed, 8, 2),
		.is_stored = zip_number(fixed, 10, 2) == ZIP_METHOD_STORED,
		.crc32 = (uint32_t)zip_number(fixed, 16, 4),
		.stored_size = zip_number(fixed, 20, 4),
		.size = zip_number(fixed, 24, 4),
		.header_offset = zip_number(fixed, 42, 4),
		.has_extra = central->extra.len > 0};
	int rc = zip_names_take(central->name, entry, err);
	if (rc == FLONG_OK) {
		rc = judge_method(fixed, entry, err);
	}
	if (rc == FLONG_OK) {
		uint64_t *values[] = {&entry->size, &entry->stored_size, &entry->header_offset};
		rc = zip_directory_wide(central->extra, values, 3, err);
	}
	if (rc == FLONG_OK) {
		rc = judge_sizes(entry, err);
	}
	if (rc == FLONG_OK) {
		rc = judge_attributes(fixed, entry->is_directory, err);
	}
	if (rc == FLONG_OK) {
		rc = judge_second_name(central, err);
	}
	if (rc == FLONG_OK && zip_number(fixed, 34, 2) != 0) {
		rc = error_set(err, FLONG_E_UNSUPPORTED, "it is on another disk");
	}
	if (rc == FLONG_OK && entry->header_offset >= end->directory_offset) {
		rc = error_set(err, FLONG_E_DAMAGED, "its offset %llu is behind all data",
			(unsigned long long)entry->header_offset);
	}
	return rc;
}

/* --- the directory ---------------------------------------------------------------------------- */

static int load(int fd, const struct zip_end *end, struct buf *raw, struct flong_error *err)
{
	raw->max = LIMIT_ZIP_DIRECTORY_BYTES;
	char *room = buf_reserve(raw, (size_t)end->directory_size);
	if (room == NULL) {
		return error_set(err, FLONG_E_LIMIT, "the ZIP directory is too long");
	}
	int rc = files_read_at(fd, room, (size_t)end->directory_size, end->directory_offset,
		"the ZIP directory", err);
	if (rc == FLONG_OK) {
		buf_commit(raw, (size_t)end->directory_size);
	}
	return rc;
}

int zip_directory_read(
	int fd, const struct zip_end *end, struct zip_directory *directory, struct flong_error *err)
{
	int rc = load(fd, end, &directory->raw, err);
	if (rc < 0) {
		return rc;
	}
	struct bytes rest = buf_bytes(&directory->raw);
	if (end->entries > rest.len / ZIP_CENTRAL_BYTES) {
		return error_set(err, FLONG_E_DAMAGED,
			"the ZIP directory cannot have %llu entries in %zu bytes",
			(unsigned long long)end->entries, rest.len);
	}
	directory->entries = ALLOC_ARRAY(struct zip_entry, (size_t)end->entries + 1);
	for (size_t i = 0; i < end->entries; i++) {
		struct central central;
		if (!cut_central(&rest, &central)) {
			return error_set(err, FLONG_E_DAMAGED,
				"the ZIP directory is damaged at its entry %zu of %llu", i + 1,
				(unsigned long long)end->entries);
		}
		rc = read_central(&central, end, &directory->entries[i], err);
		if (rc < 0) {
			return error_context(
				err, "ZIP entry '" BYTES_FMT "'", BYTES_ARG(central.name));
		}
		directory->count++;
	}
	if (rest.len > 0) {
		return error_set(err, FLONG_E_DAMAGED,
			"the ZIP directory has %zu bytes more than its %zu entries", rest.len,
			directory->count);
	}
	return zip_names_judge(directory->entries, directory->count, err);
}
