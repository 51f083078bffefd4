/* SPDX-License-Identifier: MIT */
/* check.h - reading a WARC file from end to end and saying what is wrong with it
 *
 * Digests, lengths, fields, order, one record a member: the rules of src/rules.md, by their ids. */
#ifndef WARC_CHECK_H
#define WARC_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

enum check_severity {
	CHECK_NOTE,    /* worth knowing: a digest of an unknown kind */
	CHECK_WARNING, /* readers cope, or some do not */
	CHECK_ERROR    /* data is lost or wrong */
};

/* One thing found. Texts are valid during the call. */
struct check_finding {
	uint64_t offset; /* in the file */
	enum check_severity severity;
	const char *rule; /* "W-12" */
	const char *text; /* one sentence */
};

/* What is called while a file is read; each may be NULL. */
struct check_hooks {
	void (*finding)(void *context, const struct check_finding *finding);
	/* After a record was read and checked; offset, length, headers and so on are final.
	 * `payload` is the computed payload digest as text in the form of the record's own, empty
	 * when it has none. A finding about the record may be reported by the callee itself by
	 * returning FLONG_E_DAMAGED with the sentence in `err`: it counts as an error, and the
	 * check goes on. Other negative codes end the check. */
	int (*record)(void *context, const struct reader_record *record, struct flong_error *err);
	void *context;
};

struct check_options {
	bool is_ours; /* apply the rules of our own writer too (order, forms, names) */
	const char *
		name; /* what WARC-Filename should be; NULL: the path's base name without ".open" */
};

struct check_summary {
	uint64_t records;
	uint64_t bytes; /* of whole records */
	uint64_t errors, warnings, notes;
	struct flong_error first; /* the first error finding, with its offset; code 0 when none */
};

/* Checks one file. FLONG_OK whatever is found; negative when it cannot be opened or read, or a hook
 * said so. */
MUST_CHECK int check_file(const char *path, const struct check_options *options,
	const struct check_hooks *hooks, struct check_summary *summary_out,
	struct flong_error *err);

#endif
