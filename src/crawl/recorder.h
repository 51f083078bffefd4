/* SPDX-License-Identifier: MIT */
/* recorder.h - exchanges become records on disk: digested and compressed on worker threads,
 * appended here, acknowledged in groups
 *
 * The crawl thread owns it. Exchanges are handed over with recorder_submit and come back with
 * recorder_take once their records are composed. recorder_append puts them in the segment's file,
 * in the same breath as the state learns what became of the visit: so each acknowledgement speaks
 * of whole exchanges. A sync makes all of these durable, commits the state, and only then writes
 * their lines to the crawl log: a line there is the acknowledgement. */
#ifndef CRAWL_RECORDER_H
#define CRAWL_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "crawl/state.h"
#include "flong/error.h"
#include "warc/segment.h"
#include "web/exchange.h"

struct recorder;
struct given;
struct record_job;

struct recorder_options {
	const char
		*dir; /* the collection; borrowed for the recorder's life, as all pointers here */
	const char *single_name;  /* exact base name of the only file, or NULL: rotate */
	const char *prefix;       /* of file names */
	const char *host;         /* of file names: the first seed's */
	struct segment_info info; /* what the warcinfo record says */
	uint64_t segment_bytes;   /* rotate after this size */
	int compress_level;       /* 0 = plain */
	enum digest_algorithm digest;
	bool has_dedup;
	const char *const *redact; /* see capture_options */
	size_t workers;            /* threads; 0 = inline */
	struct given *given;       /* where else originals are; NULL for none */
	struct state *state;
	const char *deterministic_seed; /* NULL = random ids */
	int64_t (*now_ms)(void *context);
	void *now_context;
};

/* An exchange whose records are composed, and once appended in the file. */
struct recorded {
	uint64_t ticket;           /* of the exchange */
	struct exchange *exchange; /* owned */
	struct record_job *job;    /* owned: the records that wait to be appended */
	bool has_record;           /* false: there were no bytes to keep */
	bool is_revisit;
	char payload_digest[DIGEST_TEXT_SIZE]; /* empty without record */
	char record_id[RECORD_ID_SIZE];        /* of the response or revisit; empty without */
	bool has_text_digest;
	struct digest text_digest; /* then: SHA-256 of its story's text */
};

/* What is known of an exchange that is handed over. */
struct recorder_notes {
	struct bytes metadata; /* lines of its metadata record; copied */
	/* What its page says, for records that stand beside the response: lines of
	 * application/warc-fields, copied, and a text for a conversion record, empty for none. The
	 * text is borrowed until the exchange comes back or the recorder is closed. */
	bool has_story;
	struct bytes story, text;
	bool keeps_body; /* it will be read again; else what is in memory of it is freed once it is
			    composed: many exchanges wait for their turn */
};

/* Opens the collection's archive for writing: a new segment, or the one left open, cut back to what
 * was acknowledged. FLONG_E_IO, FLONG_E_DAMAGED. */
MUST_CHECK int recorder_create(const struct recorder_options *options,
	struct recorder **recorder_out, struct flong_error *err);
/* Leaves an unfinished segment as .open. */
void recorder_close(struct recorder *recorder);
SCOPED_CLOSE(struct recorder *, recorder_close)
/* Hands an exchange over. Records of its story are made when it becomes a response, those of a
 * revisit stand beside the original. Takes the exchange. */
void recorder_submit(struct recorder *recorder, struct exchange *exchange_take,
	const struct recorder_notes *notes);
/* The next exchange whose records are composed, or NULL when none is ready. May change segments. */
MUST_CHECK int recorder_take(
	struct recorder *recorder, struct recorded **recorded_out, struct flong_error *err);
/* Puts the records of an exchange that was taken into the file. FLONG_E_IO when they could not be
 * written (nothing of them is in the file then). */
MUST_CHECK int recorder_append(
	struct recorder *recorder, struct recorded *recorded, struct flong_error *err);
void recorded_close(struct recorded *recorded);
SCOPED_CLOSE(struct recorded *, recorded_close)
/* Exchanges handed over and not written yet. */
size_t recorder_pending(const struct recorder *recorder);
/* Readable when an exchange is ready; -1 without threads. Borrowed. */
int recorder_wake_fd(const struct recorder *recorder);
/* Adds a line (without line end) to the crawl log, written by the next sync. */
void recorder_log(struct recorder *recorder, struct bytes line);
/* What was appended since the last sync. */
struct recorder_unsynced {
	uint64_t bytes;
	unsigned exchanges; /* lines of the crawl log */
	int64_t since_ms;   /* monotonic: of the first of them; 0 = nothing to sync */
};
struct recorder_unsynced recorder_unsynced(const struct recorder *recorder);
/* What was found when the archive was opened. */
struct recorder_resumed {
	bool is_resumed;    /* a segment was left open */
	uint64_t cut_bytes; /* behind the last acknowledged record of it */
	char name[256];     /* of the segment that is written to, its final one */
};
const struct recorder_resumed *recorder_resumed(const struct recorder *recorder);
/* Begins to make everything appended durable, which waits for the disk on other threads. Until its
 * end nothing is appended, and the state learns of no flight that landed; all else may go on. */
MUST_CHECK int recorder_begin_sync(struct recorder *recorder, struct flong_error *err);
bool recorder_is_syncing(const struct recorder *recorder);
/* Readable when recorder_end_sync does not wait; -1 without threads. Borrowed. */
int recorder_sync_fd(const struct recorder *recorder);
/* Ends a sync that was begun: commits the state, writes the log. `waits`: for the disk; else
 * nothing is done before that is ready. */
MUST_CHECK int recorder_end_sync(struct recorder *recorder, bool waits, struct flong_error *err);
/* Makes everything appended durable, commits the state, writes the log. */
MUST_CHECK int recorder_sync(struct recorder *recorder, struct flong_error *err);
/* The end: checks the last segment against its digests and rows, gives it its name. Needs
 * recorder_pending() == 0. */
MUST_CHECK int recorder_finish(struct recorder *recorder, struct flong_error *err);
/* Bytes of all segments, the open one included. */
uint64_t recorder_total_bytes(const struct recorder *recorder);

#endif
