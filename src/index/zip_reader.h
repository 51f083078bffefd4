/* SPDX-License-Identifier: MIT */
/* zip_reader.h - reading a ZIP file of any origin, which must say one thing only
 *
 * libzip reads what it can; here a file is refused, before any of its data is used, when its parts
 * contradict: the directory and the headers before the data, two entries that share bytes or a
 * name, sizes that lie. So no other program can see other content in it. Its data is then read
 * with every checksum and size checked. */
#ifndef INDEX_ZIP_READER_H
#define INDEX_ZIP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/zip_directory.h"

struct zip_reader;

/* Opens a regular file and checks the structure of all of it but the data: end records, directory,
 * every local header and data descriptor, overlaps. The message names the file, the entry and what
 * is wrong. FLONG_E_NOT_FOUND, FLONG_E_IO; FLONG_E_FORMAT: no ZIP file, or a cut one;
 * FLONG_E_DAMAGED, FLONG_E_REFUSED, FLONG_E_UNSUPPORTED, FLONG_E_LIMIT: see zip_end.h and
 * zip_directory.h. */
MUST_CHECK int zip_reader_open(
	const char *path, struct zip_reader **reader_out, struct flong_error *err);
/* Of an open descriptor (taken, even on failure); `name` is for messages (copied). */
MUST_CHECK int zip_reader_open_fd(
	int fd_take, const char *name, struct zip_reader **reader_out, struct flong_error *err);
void zip_reader_close(struct zip_reader *reader);
SCOPED_CLOSE(struct zip_reader *, zip_reader_close)

/* Entries in the order of the directory, directories among them. Borrowed until close. */
size_t zip_reader_count(const struct zip_reader *reader);
const struct zip_entry *zip_reader_at(const struct zip_reader *reader, size_t index);
/* The file of that exact name, or NULL. */
const struct zip_entry *zip_reader_find(const struct zip_reader *reader, struct bytes name);
/* Bytes between the entries that belong to none; harmless, but no tool writes them. */
uint64_t zip_reader_unclaimed(const struct zip_reader *reader);

/* The data of an entry; FLONG_END comes after size and CRC-32 were checked (FLONG_E_DAMAGED when
 * they differ, and never more than `size` bytes before). Several may be open at once; the reader
 * is borrowed until the source is closed. */
MUST_CHECK int zip_reader_open_entry(const struct zip_reader *reader, const struct zip_entry *entry,
	struct source **source_out, struct flong_error *err);
/* The data from `offset` on, without the check of its CRC-32: at once where it is stored, and such
 * a source can be moved over all of the entry (source_seek); where it is deflated what is before is
 * read and dropped. An offset behind the end gives no bytes. */
MUST_CHECK int zip_reader_open_entry_at(const struct zip_reader *reader,
	const struct zip_entry *entry, uint64_t offset, struct source **source_out,
	struct flong_error *err);
/* The file's descriptor, for reading ranges of stored entries by pread: the byte at N of an entry
 * is at data_offset + N. Borrowed. */
int zip_reader_fd(const struct zip_reader *reader);

#endif
