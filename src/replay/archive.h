/* SPDX-License-Identifier: MIT */
/* archive.h - what is shown: collections, WACZ and WARC files, each under a name of its own
 *
 * Each is a holding. It has one sorted index: that of the collection where it has a plain one, read
 * in place; else one made at the start in a temporary file without a name. */
#ifndef REPLAY_ARCHIVE_H
#define REPLAY_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/lookup.h"
#include "index/wacz_reader.h"
#include "warc/reader.h"

struct archive;
struct holding;

/* Never NULL. */
struct archive *archive_create(void);
void archive_close(struct archive *archive);
SCOPED_CLOSE(struct archive *, archive_close)
/* Opens a collection directory, a WACZ or a WARC file and gives it a name made of its own, unlike
 * all others. FLONG_E_NOT_FOUND, FLONG_E_IO; FLONG_E_UNSUPPORTED, FLONG_E_FORMAT: it is none of
 * these; FLONG_E_DAMAGED: its index cannot be read, and so on for errors of wacz_reader_open and
 * indexer_write. */
MUST_CHECK int archive_add(struct archive *archive, const char *path, struct flong_error *err);
/* Opens those anew whose files have changed since; one that cannot be opened stays as it was. What
 * was borrowed from a holding that was replaced stays until archive_release; while
 * LIMIT_ARCHIVES_RETIRED of these are kept, nothing is opened anew. */
void archive_refresh(struct archive *archive);
/* Closes what was replaced: nothing may be borrowed from it any more. */
void archive_release(struct archive *archive);
size_t archive_count(const struct archive *archive);
struct holding *archive_at(const struct archive *archive, size_t index);
/* By its name; NULL when there is none. */
struct holding *archive_find(const struct archive *archive, struct bytes name);

/* Borrowed: letters, digits, '-', '_' and '.' only. */
const char *holding_name(const struct holding *holding);
const char *holding_path(const struct holding *holding);
/* The files of a collection or WACZ; NULL for a WARC file. Borrowed until it is released. */
const struct wacz_reader *holding_reader(const struct holding *holding);
/* A search in its index. The caller closes it before the holding is. Never NULL. */
struct lookup *holding_lookup(const struct holding *holding);
/* Opens the WARC file that a row of the index names, for the record at `offset`.
 * FLONG_E_NOT_FOUND: no such file. */
MUST_CHECK int holding_open_records(const struct holding *holding, struct bytes filename,
	uint64_t offset, struct reader **records_out, struct flong_error *err);

#endif
