/* SPDX-License-Identifier: MIT */
/* check_set.h - files that are checked together: WARC files, their indexes, their page lists
 *
 * A set is one file, or all of a collection or package. Files come as sources, so that the caller
 * says where they are: in a directory, in a ZIP file, on standard input. */
#ifndef INDEX_CHECK_SET_H
#define INDEX_CHECK_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/check_join.h"
#include "warc/check.h"

/* What is called while the files are read; all but `open` and `seen` are needed. `name` is that of
 * the file as it was given. */
struct check_set_hooks {
	void (*finding)(void *context, const char *name, const struct check_finding *finding);
	/* A WARC file was read to its end; what it says of others is found by check_set_finish. */
	void (*warc)(void *context, const char *name, const struct check_summary *summary);
	/* An index or a page list was read, with so many lines behind its header. */
	void (*lines)(void *context, const char *name, uint64_t lines);
	/* May be NULL: each record; a negative code ends the check. */
	int (*seen)(void *context, const char *name, const struct check_seen *seen,
		struct flong_error *err);
	/* May be NULL: as in check_join_options. Also used for the bits of gzip members that no
	 * checksum covers. */
	int (*open)(void *context, struct bytes filename, uint64_t offset, uint64_t length,
		struct source **source_out, struct flong_error *err);
	void *context;
	void *open_context; /* for `open` */
};

struct check_set_options {
	bool is_whole; /* what is named and not in the set is missing, not elsewhere */
	bool has_rows; /* an index belongs to the set: captures need rows, pages are looked for */
	const char *temp_dir; /* borrowed */
};

struct check_set;

/* Both are borrowed until close. Never NULL. */
struct check_set *check_set_create(
	const struct check_set_options *options, const struct check_set_hooks *hooks);
void check_set_close(struct check_set *set);
SCOPED_CLOSE(struct check_set *, check_set_close)

/* A WARC file of the set. */
struct check_set_warc {
	const char *name;     /* for messages */
	const char *filename; /* what rows call it; NULL: its base name */
	bool is_unfinished;   /* it is being written: its captures need no rows yet */
};
/* Takes the source, even on failure. FLONG_OK whatever is found; FLONG_E_IO, FLONG_E_UNSUPPORTED
 * (no WARC file but a ZIP file), errors of `seen`. */
MUST_CHECK int check_set_add_warc(struct check_set *set, struct source *source_take,
	const struct check_set_warc *warc, struct flong_error *err);
/* Checks an index (CDXJ, CDX) or a page list of that name; when the name ends in ".gz" it is
 * unpacked. Takes the source, even on failure. FLONG_OK whatever is found; FLONG_E_IO. */
MUST_CHECK int check_set_add_index(struct check_set *set, struct source *source_take,
	const char *name, struct flong_error *err);
MUST_CHECK int check_set_add_pages(struct check_set *set, struct source *source_take,
	const char *name, struct flong_error *err);
/* Checks an index of blocks (check_blocks.h); the caller's functions give the blocks. Takes the
 * source, even on failure. FLONG_OK whatever is found; FLONG_E_IO. */
struct check_set_blocks {
	const char *name;
	int (*size)(void *place, const char *part, uint64_t *size_out, struct flong_error *err);
	int (*open)(void *place, const char *part, uint64_t offset, uint64_t length,
		struct source **source_out, struct flong_error *err);
	void *place;
};
MUST_CHECK int check_set_add_blocks(struct check_set *set, struct source *source_take,
	const struct check_set_blocks *blocks, struct flong_error *err);
/* A page that another file names: it must be in the index. Its `file` is set here, by the name of
 * that file. FLONG_E_IO. */
MUST_CHECK int check_set_add_page(struct check_set *set, const char *name,
	const struct check_join_page *page, struct flong_error *err);
/* Compares what the files say of each other, and reports it file by file. FLONG_E_IO. */
MUST_CHECK int check_set_finish(
	struct check_set *set, struct check_join_summary *summary_out, struct flong_error *err);

#endif
