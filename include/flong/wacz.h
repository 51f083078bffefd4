/* SPDX-License-Identifier: MIT */
/* wacz.h - WACZ packages: a collection of WARC files, index and page list in one file
 *
 * Source: WACZ 1.1.1. */
#ifndef FLONG_WACZ_H
#define FLONG_WACZ_H

#include "flong/flong.h"
#include "flong/reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a package says about itself. Zero it first; texts are UTF-8 and may be NULL. */
struct flong_wacz_options {
	const char *title;
	const char *description;
	const char *software; /* NULL: "flong" and its version */
	int64_t created;      /* time of the package; 0: now */
	const char *main_url; /* the page that players open */
	int64_t main_time;    /* of its capture; 0: unknown */
	void *reserved[4];
};

/* Packs a collection directory, as flong(5) describes it: archive/, indexes/index.cdx,
 * pages/pages.jsonl and what else it has, into `path`, which gets its name when it is complete and
 * synced. `options` may be NULL. FLONG_E_EXISTS: there is such a file already; FLONG_E_NOT_FOUND:
 * the collection has no WARC, index or page list; FLONG_E_USAGE: a WARC file is still open
 * (".open"); FLONG_E_DAMAGED: a file changed meanwhile; FLONG_E_IO. */
FLONG_FALLIBLE int flong_wacz_pack(const char *directory, const char *path,
	const struct flong_wacz_options *options, struct flong_error *err);

/* Unpacks a WACZ file into the new directory `directory`, a collection as flong(5) describes it.
 * The structure of the file is judged before anything is written; only files in the folders that
 * the format names are written, whatever other entries say; sizes, checksums and hashes are
 * compared. FLONG_E_EXISTS: there is such a directory, or DIRECTORY.partial; FLONG_E_DAMAGED:
 * something does not match, or a file is missing; FLONG_E_IO. Errors of flong_wacz_open. Nothing is
 * left behind then. */
FLONG_FALLIBLE int flong_wacz_unpack(
	const char *path, const char *directory, struct flong_error *err);

/* A WACZ file, or a collection directory, that is read in place. It is used, with all streams and
 * readers that it gave, by one thread at a time. */
struct flong_wacz;

/* Opens a WACZ file or a collection directory. All of a WACZ's structure is judged first: parts
 * that contradict each other, entries that overlap or share a name, names that lead out of it,
 * links. FLONG_E_NOT_FOUND, FLONG_E_IO; FLONG_E_FORMAT: no ZIP file, or a cut one;
 * FLONG_E_UNSUPPORTED: no collection, or compressed or encrypted in a way that WACZ does not allow;
 * FLONG_E_DAMAGED, FLONG_E_REFUSED, FLONG_E_LIMIT: the message names the entry and what is wrong
 * with it. The caller closes *wacz_out. */
FLONG_FALLIBLE int flong_wacz_open(
	const char *path, struct flong_wacz **wacz_out, struct flong_error *err);
/* What was opened from it stays readable and is closed on its own, before or after. */
FLONG_API void flong_wacz_close(struct flong_wacz *wacz);

/* How many files it has; 0 for NULL. */
FLONG_API size_t flong_wacz_count(const struct flong_wacz *wacz);
/* Path of file number `index`, in the order of paths, such as "archive/data.warc.gz"; NULL when
 * there are not so many. Never use it as a path of your own without a look at it. */
FLONG_API const char *flong_wacz_path(const struct flong_wacz *wacz, size_t index);
/* Bytes of that file, uncompressed; 0 when there are not so many. */
FLONG_API uint64_t flong_wacz_size(const struct flong_wacz *wacz, size_t index);
/* Opens the file of that exact path. The stream is the caller's; at its end size and checksum of a
 * WACZ's entry are checked (FLONG_E_DAMAGED). FLONG_E_NOT_FOUND, FLONG_E_IO. */
FLONG_FALLIBLE int flong_wacz_open_file(struct flong_wacz *wacz, const char *path,
	struct flong_stream **stream_out, struct flong_error *err);
/* Opens the WARC or ARC file that `filename` of an index row names: archive/FILENAME, or the only
 * one in archive/ whose last part it is. The reader is the caller's; flong_reader_seek works where
 * the file is stored, not where it is compressed inside the package (FLONG_E_UNSUPPORTED). The
 * entry's checksum is not compared. FLONG_E_NOT_FOUND, and errors of flong_reader_open. */
FLONG_FALLIBLE int flong_wacz_open_reader(struct flong_wacz *wacz, const char *filename,
	struct flong_reader **reader_out, struct flong_error *err);

#ifdef __cplusplus
}
#endif
#endif
