/* SPDX-License-Identifier: MIT */
/* segment.h - one WARC file while it is written: NAME.open, then checked, synced and renamed
 *
 * What was appended stays whole whatever happens next: a group that cannot be written is cut off
 * again, and after a crash the file is cut behind its last whole record (W-21). */
#ifndef WARC_SEGMENT_H
#define WARC_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "base/syncs.h"
#include "flong/error.h"
#include "warc/capture.h"
#include "warc/check.h"

struct segment;

/* Lines of the warcinfo record; NULL leaves one out. Borrowed during the call. */
struct segment_info {
	const char *software; /* "flong/0.1.0 (...)" */
	const char *robots;   /* the policy: "pages", "all", "ignore" */
	const char *operator_name;
	const char *user_agent; /* http-header-user-agent */
	const char *is_part_of;
	const char *description;
	const char *arguments; /* flong-arguments: the command line without secrets */
	const char *hostname;  /* only when asked for */
};

struct segment_options {
	const char *exact_name; /* "x.warc.gz"; NULL makes PREFIX-TIMESTAMP-SERIAL-HOST.warc.gz */
	const char *prefix;     /* characters outside A-Za-z0-9._- become '-' */
	const char *host;
	unsigned serial;
	int64_t now_ms; /* of the name and of the warcinfo record */
	int level;      /* 1-9; 0 writes plain .warc */
	enum digest_algorithm algorithm;
	bool is_foreign; /* records of others are appended as they are: segment_finish asks only
			    that they are whole */
	struct record_ids *ids;          /* borrowed during the call; NULL gives random ids */
	const char *warcinfo_id;         /* NULL makes one */
	const struct segment_info *info; /* NULL: software, format and conformsTo only */
};

/* Makes DIR/NAME.open with its warcinfo record. FLONG_E_EXISTS when NAME or NAME.open is there. */
MUST_CHECK int segment_create(const char *dir, const struct segment_options *options,
	struct segment **segment_out, struct flong_error *err);
/* Where a file ends. */
struct segment_end {
	uint64_t size;
	uint64_t last; /* offset of the last record, or of one before it; 0 = the first */
};
/* Opens DIR/`open_name` ("NAME.open") after a crash or a stop and cuts it: at `acknowledged.size`
 * when that is not 0, else behind its last whole record. Reads the warcinfo record, whose id it
 * goes on with, and the records from `acknowledged.last` on: what is between is read by
 * segment_finish. FLONG_E_DAMAGED: the warcinfo record is not whole, or no whole record ends there.
 */
MUST_CHECK int segment_reopen(const char *dir, const char *open_name,
	struct segment_end acknowledged, struct segment **segment_out, struct flong_error *err);
/* Closes the file as it is; `.open` stays unless segment_finish renamed it. */
void segment_close(struct segment *segment);
SCOPED_CLOSE(struct segment *, segment_close)

/* Where a member was put. */
struct segment_place {
	uint64_t offset, length;
	struct digest record; /* SHA-256 of the stored bytes (recordDigest) */
};
/* Appends a whole group or nothing. `places_out` has room for one entry a member; may be NULL.
 * FLONG_E_USAGE: the group names another warcinfo. FLONG_E_IO: nothing of the group is in the file
 * (the message says when even that failed). */
MUST_CHECK int segment_append(struct segment *segment, const struct capture_group *group,
	struct segment_place *places_out, struct flong_error *err);
/* Appends `length` stored bytes of another file, which `source` gives next, as they are: whole
 * records, which segment_finish checks. FLONG_E_DAMAGED: there are fewer. FLONG_E_IO as above. */
MUST_CHECK int segment_append_stored(
	struct segment *segment, struct source *source, uint64_t length, struct flong_error *err);
/* Bytes in the file. */
uint64_t segment_size(const struct segment *segment);
/* What segment_reopen needs to go on with the file as it is now. */
struct segment_end segment_end(const struct segment *segment);
/* The final base name, what WARC-Filename says. Borrowed. */
const char *segment_name(const struct segment *segment);
/* The path as it is now, with ".open" until finished. Borrowed. */
const char *segment_path(const struct segment *segment);
/* The id of the warcinfo record, without brackets. Borrowed. */
const char *segment_warcinfo_id(const struct segment *segment);
/* fdatasync: what was appended survives a crash from here on. */
MUST_CHECK int segment_sync(struct segment *segment, struct flong_error *err);
/* The same by syncs_begin: the file, until segment_finish. Borrowed. */
struct sync_file segment_file(const struct segment *segment);
/* Begins to check the file while it is written, on a thread of its own that calls the hooks (may be
 * NULL; copied). FLONG_E_IO, FLONG_E_INTERNAL. */
MUST_CHECK int segment_begin_check(
	struct segment *segment, const struct check_hooks *hooks, struct flong_error *err);
/* What was appended so far may be checked: what the hooks compare it with is there too. Nothing
 * without segment_begin_check. */
void segment_let_check(struct segment *segment);
/* Reads the file again, or what the check that was begun has not read yet, and checks it by our own
 * rules; `hooks` (may be NULL; not used by a check that was begun) sees each record, so that the
 * caller can compare its index rows. When all is well: fsync, rename to the final name,
 * fsync of the directory. Any error finding: FLONG_E_DAMAGED naming the offset, and `.open` stays.
 * No append may follow a success. */
MUST_CHECK int segment_finish(
	struct segment *segment, const struct check_hooks *hooks, struct flong_error *err);

/* The bytes of all files of a directory that are finished (not .open). */
MUST_CHECK int segment_finished_bytes(
	const char *dir, uint64_t *bytes_out, struct flong_error *err);

#endif
