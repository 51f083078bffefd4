/* SPDX-License-Identifier: MIT */
/* check.h - reading a WARC file from end to end and saying what is wrong with it
 *
 * Digests, lengths, fields, order, one record a member: the rules of src/rules.md, by their ids.
 * Damage does not end a check: what is damaged is one finding, what was skipped another, and the
 * rest of the file is checked. What needs more than one record (do references resolve?) is found by
 * index/check_set. */
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
	CHECK_ADVICE,  /* worth knowing: a digest of an unknown kind */
	CHECK_WARNING, /* readers cope, or some do not; or the standard advises against it */
	CHECK_ERROR    /* data is lost or wrong, or the standard forbids it */
};
/* "advice", "warning", "error". Static text. */
const char *check_severity_name(enum check_severity severity);

/* One thing found. Texts are valid during the call. */
struct check_finding {
	uint64_t offset; /* in the file; of the record where there is one */
	uint64_t line;   /* in a file of lines, from 1; 0 in a WARC file */
	bool is_of_file; /* it is about all of the file, not about a place in it */
	enum check_severity severity;
	const char *rule;    /* "W-12" (check_rules.h) */
	struct bytes record; /* its WARC-Record-ID as it stands; empty when not known */
	const char *text;    /* one sentence */
};

/* What became of a digest that a record states, or could. */
enum check_digest {
	CHECK_DIGEST_NONE,         /* this kind of record needs none, and has none */
	CHECK_DIGEST_ABSENT,       /* there is none */
	CHECK_DIGEST_VERIFIED,     /* computed, and equal */
	CHECK_DIGEST_FAILED,       /* computed, and different; or it cannot be read */
	CHECK_DIGEST_UNVERIFIABLE, /* of an unknown kind, or of bytes that are not in this record */
	CHECK_DIGEST_STATES
};

/* What is known of a record once it was read. Borrowed for the call. */
struct check_seen {
	const struct reader_record *record; /* offset, length, headers are final */
	enum reader_form form;
	enum check_digest block, payload;
	int status;             /* of the HTTP reply, 0 when there is none */
	bool is_chunked;        /* its head says so */
	uint64_t payload_bytes; /* without chunk framing */
};

/* What is called while a file is read; each may be NULL. */
struct check_hooks {
	void (*finding)(void *context, const struct check_finding *finding);
	/* After a record was read and checked; offset, length, headers and so on are final. A
	 * finding about the record may be reported by the callee itself by returning
	 * FLONG_E_DAMAGED with the sentence in `err`: it counts as an error, and the check goes on.
	 * Other negative codes end the check. */
	int (*record)(void *context, const struct reader_record *record, struct flong_error *err);
	/* The same with what the check knows; a negative code ends the check. */
	int (*seen)(void *context, const struct check_seen *seen, struct flong_error *err);
	void *context;
};

struct check_options {
	bool is_ours;    /* apply the rules of our own writer too (order, forms, names) */
	bool leaves_ids; /* the caller compares record ids; else up to LIMIT_CHECK_IDS of a file are
			    kept in memory and compared here */
	const char *
		name; /* what WARC-Filename should be; NULL: the path's base name without ".open" */
};

struct check_summary {
	uint64_t records;
	uint64_t bytes; /* of whole records */
	uint64_t errors, warnings, advice;
	uint64_t skipped; /* bytes that are no records */
	uint64_t blocks[CHECK_DIGEST_STATES], payloads[CHECK_DIGEST_STATES]; /* digests by fate */
	enum reader_form form;
	bool is_arc;
	struct flong_error first; /* the first error finding, with its offset; code 0 when none */
};

/* Checks one file. FLONG_OK whatever is found; negative when it cannot be opened or read, or a hook
 * said so. */
MUST_CHECK int check_file(const char *path, const struct check_options *options,
	const struct check_hooks *hooks, struct check_summary *summary_out,
	struct flong_error *err);
/* The same for bytes from any source (taken, even on failure), which begin a file; `name` is for
 * messages, and for WARC-Filename when the options have none. */
MUST_CHECK int check_source(struct source *source_take, const char *name,
	const struct check_options *options, const struct check_hooks *hooks,
	struct check_summary *summary_out, struct flong_error *err);

#endif
