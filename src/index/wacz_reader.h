/* SPDX-License-Identifier: MIT */
/* wacz_reader.h - the files of a collection, whether it is a directory or packed into a WACZ
 *
 * A WACZ is read in place, its structure judged before by zip_reader.h; in a directory no link is
 * followed. Both have the folders that the format names, and in them files. */
#ifndef INDEX_WACZ_READER_H
#define INDEX_WACZ_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/zip_reader.h"
#include "warc/reader.h"

/* One file. */
struct wacz_file {
	char *path; /* "archive/data.warc.gz"; owned by the reader */
	uint64_t size;
	bool is_stored;                /* ranges of it can be read at once */
	const struct zip_entry *entry; /* of a WACZ, else NULL */
};

struct wacz_reader;

/* What a name on the command line is, by its content: FLONG_OK and *is_wacz_out: a directory or a
 * ZIP file. False for everything else, "-" too. FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int wacz_reader_is_one(const char *path, bool *is_wacz_out, struct flong_error *err);

/* Opens a collection directory or a WACZ file. FLONG_E_UNSUPPORTED: neither; a directory must have
 * archive/, a WACZ a file in it or datapackage.json. Errors of zip_reader_open. */
MUST_CHECK int wacz_reader_open(
	const char *path, struct wacz_reader **reader_out, struct flong_error *err);
void wacz_reader_close(struct wacz_reader *reader);
SCOPED_CLOSE(struct wacz_reader *, wacz_reader_close)

/* As it was given to open. Borrowed. */
const char *wacz_reader_path(const struct wacz_reader *reader);
/* The ZIP file behind it, or NULL for a directory. Borrowed. */
const struct zip_reader *wacz_reader_zip(const struct wacz_reader *reader);
/* Files sorted by path; of a directory those one level deep in archive, indexes, pages, stories,
 * logs and reports, and datapackage*.json. Borrowed until close. */
size_t wacz_reader_count(const struct wacz_reader *reader);
const struct wacz_file *wacz_reader_at(const struct wacz_reader *reader, size_t index);
/* The file of that path, or NULL. */
const struct wacz_file *wacz_reader_find(const struct wacz_reader *reader, struct bytes path);
/* The WARC or ARC file that a row of an index names: archive/NAME, or the only one in archive/
 * whose last part is NAME. NULL when there is none. */
const struct wacz_file *wacz_reader_find_archive(
	const struct wacz_reader *reader, struct bytes name);
/* Whether it is a WARC or ARC file of archive/, by its name; also one that is still written. */
bool wacz_reader_is_archive(const struct wacz_file *file);

/* Opens a file from its first byte; of a WACZ its size and checksum are checked at the end
 * (FLONG_E_DAMAGED). The reader is borrowed until the source is closed. */
MUST_CHECK int wacz_reader_open_file(const struct wacz_reader *reader, const struct wacz_file *file,
	struct source **source_out, struct flong_error *err);
/* Opens a file from `offset` on, without the check of a WACZ's checksum. Where it is stored the
 * source can be moved (source_seek) over all of the file. */
MUST_CHECK int wacz_reader_open_file_at(const struct wacz_reader *reader,
	const struct wacz_file *file, uint64_t offset, struct source **source_out,
	struct flong_error *err);
/* Opens a WARC or ARC file for the record at `offset`; reader_next gives that one first. Messages
 * name it "WACZ: archive/NAME". */
MUST_CHECK int wacz_reader_open_records(const struct wacz_reader *reader,
	const struct wacz_file *file, uint64_t offset, struct reader **records_out,
	struct flong_error *err);

#endif
