/* SPDX-License-Identifier: MIT */
/* check_join.h - what records, rows and pages say of each other, brought together in bounded memory
 *
 * Each statement becomes a short line: "this id is here", "that id is named there". The lines are
 * sorted outside of memory when there are many, and what belongs together stands side by side. So
 * nothing is left out in collections of any size. */
#ifndef INDEX_CHECK_JOIN_H
#define INDEX_CHECK_JOIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/cdxj.h"
#include "warc/check.h"

struct check_join;

struct check_join_options {
	/* All files that belong together are there: what does not resolve is missing, not
	 * elsewhere. */
	bool is_whole;
	const char *temp_dir; /* borrowed; for what does not fit in memory */
	/* A finding about a file that was added, in the order of files and places. */
	void (*finding)(void *context, unsigned file, const struct check_finding *finding);
	/* NULL, or opens `length` stored bytes at `offset` of the WARC file of that name, to
	 * compare them with the recordDigest of a row. FLONG_E_NOT_FOUND: there is no such file. */
	int (*open)(void *context, struct bytes filename, uint64_t offset, uint64_t length,
		struct source **source_out, struct flong_error *err);
	void *context;
};

/* What the joins found out. */
struct check_join_summary {
	uint64_t revisits,
		resolved; /* revisits that name URI and date; those whose original is there */
	uint64_t rows, pages;
	uint64_t record_digests; /* of rows, compared with the stored bytes and equal */
};

/* `options` is borrowed until close. Never NULL. */
struct check_join *check_join_create(const struct check_join_options *options);
void check_join_close(struct check_join *join);
SCOPED_CLOSE(struct check_join *, check_join_close)

/* Makes a file known; the number is for the calls below. `name` is copied, for messages. */
unsigned check_join_file(struct check_join *join, const char *name);
/* A WARC file whose records are added. */
struct check_join_source {
	unsigned file;
	const char *filename; /* borrowed: what rows call it; NULL: there are no rows */
	bool wants_rows;      /* a record that a player can show must have one */
};
MUST_CHECK int check_join_record(struct check_join *join, const struct check_join_source *source,
	const struct check_seen *seen, struct flong_error *err);
/* A row of an index file. */
MUST_CHECK int check_join_row(struct check_join *join, unsigned file, uint64_t line,
	const struct cdxj_entry *row, struct flong_error *err);
/* A page of a list. */
struct check_join_page {
	unsigned file;
	uint64_t line;    /* 0: the main page of a package */
	struct bytes url; /* borrowed; its fragment does not count */
	bool has_no_time; /* any capture will do */
	int64_t time_ms;  /* its ts */
};
MUST_CHECK int check_join_page(
	struct check_join *join, const struct check_join_page *page, struct flong_error *err);
/* Compares everything, reports the findings, and forgets the lines. FLONG_E_IO; errors of `open`
 * but FLONG_E_NOT_FOUND. */
MUST_CHECK int check_join_run(
	struct check_join *join, struct check_join_summary *summary_out, struct flong_error *err);

#endif
