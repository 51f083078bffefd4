/* SPDX-License-Identifier: MIT */
/* state.h - what a crawl must remember to go on after a kill: visits, pages, digests, where the
 * archive ends (owner of SQLite)
 *
 * One transaction is always open; state_commit ends it after the records it speaks of were synced,
 * and starts the next. So after a kill the state is that of the last acknowledgement, and the
 * archive is cut back to the offset it names. */
#ifndef CRAWL_STATE_H
#define CRAWL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "base/syncs.h"
#include "crawl/cadence.h"
#include "crawl/visit.h"
#include "flong/error.h"

struct state;

/* Opens or makes the database; one of an older version is brought to this one's tables. FLONG_E_IO;
 * FLONG_E_FORMAT when it is not ours or from a newer version. */
MUST_CHECK int state_open(const char *path, struct state **state_out, struct flong_error *err);
/* Rolls the open transaction back. */
void state_close(struct state *state);
SCOPED_CLOSE(struct state *, state_close)
/* Makes a new database durable with its name; nothing for one that was there. state_commit does it
 * first: earlier only where other files are to find a state beside them. FLONG_E_IO. */
MUST_CHECK int state_keep(struct state *state, struct flong_error *err);
MUST_CHECK int state_commit(struct state *state, struct flong_error *err);
/* The texts of pages lie in a file beside the database that must be durable before the commit,
 * which otherwise sees to it. Writes what waits; *wanted_out: the file is to be synced
 * (syncs_begin; borrowed), the commit takes it for done. FLONG_E_IO. */
MUST_CHECK int state_begin_sync(
	struct state *state, struct sync_file *file_out, bool *wanted_out, struct flong_error *err);
/* Reads the whole database. FLONG_E_FORMAT: it is damaged. */
MUST_CHECK int state_verify(struct state *state, struct flong_error *err);

/* A named text: options, segment names and offsets. *value_out gets it (FLONG_E_NOT_FOUND when
 * absent). */
MUST_CHECK int state_set(
	struct state *state, const char *name, struct bytes value, struct flong_error *err);
MUST_CHECK int state_get(
	struct state *state, const char *name, struct buf *value_out, struct flong_error *err);

/* Forgets the texts whose names begin with `prefix`. */
MUST_CHECK int state_forget_facts(struct state *state, const char *prefix, struct flong_error *err);

/* The row number of an origin ("https://host:port"), made when new. */
MUST_CHECK int state_origin(
	struct state *state, struct bytes origin, uint64_t *id_out, struct flong_error *err);
/* Appends the text of an origin. FLONG_E_NOT_FOUND. */
MUST_CHECK int state_origin_text(
	struct state *state, uint64_t id, struct buf *text_out, struct flong_error *err);
/* Visits of one origin and depth that are queued: its pages or all others. */
struct state_waiting {
	uint64_t origin;
	bool pages;
	int depth;
	uint64_t count;
};
/* Calls `each` for all of them, by origin. Reads an index, not the visits. */
MUST_CHECK int state_each_waiting(struct state *state,
	int (*each)(void *context, const struct state_waiting *waiting, struct flong_error *err),
	void *context, struct flong_error *err);

/* Adds a visit unless its URL is known. *added_out tells; visit->id is set in both cases. A URL
 * known as requisite that is now wanted as page becomes one and counts as added;
 * visit->was_queued tells whether it waited as a requisite. One known as a guess that is now named
 * for sure is no guess any more. */
MUST_CHECK int state_add_visit(
	struct state *state, struct visit *visit, bool *added_out, struct flong_error *err);
/* Whether a visit of this URL was added and not skipped. */
MUST_CHECK int state_has_visit(
	struct state *state, struct bytes url, bool *found_out, struct flong_error *err);
/* Notes a URL that is known and not wanted, and why, unless it is known already. A later
 * state_add_visit may still want it. */
MUST_CHECK int state_add_skipped(struct state *state, const struct visit *visit,
	struct bytes reason, struct flong_error *err);
/* Puts a known URL back into the queue with the visit's values (a redirect that must be asked
 * again). */
MUST_CHECK int state_requeue(
	struct state *state, const struct visit *visit, struct flong_error *err);
/* What became of a visit. */
struct state_result {
	enum visit_state state;
	int status;          /* HTTP status or 0 */
	bool is_complete;    /* an OK outcome */
	struct bytes reason; /* why it failed or was skipped */
	uint64_t payload_bytes;
	struct bytes redirect; /* URL it leads to, or empty */
};
MUST_CHECK int state_finish_visit(struct state *state, const struct visit *visit,
	const struct state_result *result, struct flong_error *err);
/* The visit that a URL has, whatever became of it, and its state. The visit is the caller's.
 * FLONG_E_NOT_FOUND. */
MUST_CHECK int state_find_visit(struct state *state, struct bytes url, struct visit **visit_out,
	enum visit_state *state_out, struct flong_error *err);
/* Which queued visits: of an origin, its pages or all others, at most `limit`. */
struct state_queue {
	uint64_t origin;
	bool pages;
	size_t limit;
};
/* Gives them to `each`, which takes the visit: by depth, then pages by rank, others by kind, then
 * in the order of discovery. */
MUST_CHECK int state_load_queued(struct state *state, struct state_queue queue,
	int (*each)(void *context, struct visit *visit_take, struct flong_error *err),
	void *context, struct flong_error *err);
/* Appends the URL that was asked for first when redirects led to `visit`; nothing else. */
MUST_CHECK int state_chain_start(struct state *state, const struct visit *visit,
	struct buf *url_out, struct flong_error *err);
/* Whether `url` is on the redirect chain that led to `visit`, itself included. */
MUST_CHECK int state_in_chain(struct state *state, const struct visit *visit, struct bytes url,
	bool *found_out, struct flong_error *err);
/* What the robots.txt of an origin said, and when (wall clock). */
enum state_robots_kind {
	STATE_ROBOTS_NONE,       /* there is none: everything is allowed */
	STATE_ROBOTS_RULES,      /* `text` */
	STATE_ROBOTS_UNREACHABLE /* a server error or no answer: everything is forbidden */
};
struct state_robots {
	enum state_robots_kind kind;
	int64_t fetched_ms;
	struct bytes text;
};
/* The origin whose robots.txt redirects led to `visit`; its own without redirects. */
MUST_CHECK int state_robots_origin(struct state *state, const struct visit *visit,
	uint64_t *origin_out, struct flong_error *err);
/* Whether what the robots.txt of this row redirected to waits to be fetched (after a resume). */
MUST_CHECK int state_robots_on_way(
	struct state *state, uint64_t visit, bool *is_on_way_out, struct flong_error *err);
MUST_CHECK int state_set_robots(struct state *state, uint64_t origin,
	const struct state_robots *robots, struct flong_error *err);
/* Its text goes to `text_out`, empty before; fetched_ms is 0 when nothing is known. */
MUST_CHECK int state_get_robots(struct state *state, uint64_t origin,
	struct state_robots *robots_out, struct buf *text_out, struct flong_error *err);
/* How often something was counted in this run, by a name of any length. */
MUST_CHECK int state_tally(
	struct state *state, struct bytes name, uint64_t *count_out, struct flong_error *err);
MUST_CHECK int state_tally_add(struct state *state, struct bytes name, struct flong_error *err);
/* Keeps the import map of a page or frame, as page_result has it. */
MUST_CHECK int state_add_import_map(struct state *state, const struct visit *visit,
	struct bytes import_map, struct flong_error *err);
/* What runs a script; empty texts when that is not known. The caller clears it. */
struct state_runner {
	struct buf url, import_map;
};
void state_runner_clear(struct state_runner *runner);
/* Finds the nearest page, frame or worker on the way that led to `visit`. A script of several pages
 * is read once, as one of the first of them. */
MUST_CHECK int state_find_runner(struct state *state, const struct visit *visit,
	struct state_runner *runner_out, struct flong_error *err);

/* Numbers of visits by kind and state. A redirect is not counted: what it leads to is. */
struct state_counts {
	uint64_t pages[4], requisites[4], others[4]; /* by enum visit_state */
	uint64_t pages_ok, requisites_ok;            /* done with status 200-399 and complete */
	uint64_t missing; /* requisites finished that are not ok, guesses left out */
};
MUST_CHECK int state_counts(
	struct state *state, struct state_counts *counts_out, struct flong_error *err);
/* Calls `each` for finished visits of the kind that are not ok (guesses left out), at most `limit`.
 */
MUST_CHECK int state_each_missing(struct state *state, enum visit_kind kind, size_t limit,
	void (*each)(void *context, const struct visit *visit, const struct state_result *result),
	void *context, struct flong_error *err);
/* Calls `each` for every skipped URL, in order of discovery. */
MUST_CHECK int state_each_skipped(struct state *state,
	void (*each)(void *context, const struct visit *visit, const struct state_result *result),
	void *context, struct flong_error *err);
/* Calls `each` for every reason that begins with `prefix`, and how many URLs were skipped for it.
 */
MUST_CHECK int state_each_reason(struct state *state, const char *prefix,
	void (*each)(void *context, struct bytes reason, uint64_t count), void *context,
	struct flong_error *err);
/* Calls `each` for every seed. */
MUST_CHECK int state_each_seed(struct state *state,
	void (*each)(void *context, const struct visit *visit, const struct state_result *result),
	void *context, struct flong_error *err);

/* A captured HTML page for pages.jsonl and the report. */
struct state_page {
	uint64_t visit; /* 0 = of an earlier run */
	struct bytes url, title, text, favicon, mime, headline;
	struct bytes story; /* its line for stories.jsonl, or empty */
	int64_t captured_ms;
	int status, depth;
	bool is_seed, needs_scripts;
	int verdict;      /* enum verdict (article/verdict.h) */
	uint64_t stories; /* related stories found on it */
	uint64_t payload_bytes;
};
MUST_CHECK int state_add_page(
	struct state *state, const struct state_page *page, struct flong_error *err);
/* Calls `each` for every page: seeds first, then by depth. STATE_NO_TEXTS leaves text and story
 * empty and is quicker. */
enum state_texts_wanted { STATE_TEXTS, STATE_NO_TEXTS };
MUST_CHECK int state_each_page(struct state *state, enum state_texts_wanted wanted,
	int (*each)(void *context, const struct state_page *page, struct flong_error *err),
	void *context, struct flong_error *err);

/* The first full capture of a payload, for revisit records. Texts are the caller's on the way in;
 * owned by the caller on the way out. */
struct state_original {
	char *url, *record_id, *transfer_encoding;
	int64_t date_ms;
};
void state_original_clear(struct state_original *original);
/* Safe from any thread. FLONG_E_NOT_FOUND when the payload is new. */
MUST_CHECK int state_find_original(struct state *state, struct bytes digest,
	struct state_original *original_out, struct flong_error *err);
MUST_CHECK int state_add_original(struct state *state, struct bytes digest,
	const struct state_original *original, struct flong_error *err);

/* Counts bytes of video and audio for the page that the visit belongs to, and tells the sum. */
MUST_CHECK int state_add_media(
	struct state *state, const struct visit *visit, uint64_t bytes, struct flong_error *err);
MUST_CHECK int state_media(struct state *state, const struct visit *visit, uint64_t *bytes_out,
	struct flong_error *err);

/* Notes the charset of a document that names style sheets, and appends that of the nearest document
 * on the way that led to `visit`: those between are redirects. Nothing when none is known. */
MUST_CHECK int state_set_charset(struct state *state, const struct visit *visit,
	const char *charset, struct flong_error *err);
MUST_CHECK int state_find_environment(struct state *state, const struct visit *visit,
	struct buf *charset_out, struct flong_error *err);

/* How a document was read, when not as a whole; kept over an interruption. */
enum state_reading {
	STATE_READ_IN_PART, /* over the limits of what is read */
	STATE_NOT_READ      /* its parser died, or took too long */
};
/* Notes that of a document; the last note counts, and none of a requisite that has become a page
 * since: it is read again. */
MUST_CHECK int state_note_reading(struct state *state, const struct visit *visit,
	enum state_reading reading, struct bytes reason, struct flong_error *err);
/* How many documents of this run were read so. */
MUST_CHECK int state_count_readings(struct state *state, enum state_reading reading,
	uint64_t *count_out, struct flong_error *err);
/* Calls `each` for the first `limit` of them, in the order of discovery. */
MUST_CHECK int state_each_reading(struct state *state, enum state_reading reading, size_t limit,
	void (*each)(void *context, struct bytes url, struct bytes reason), void *context,
	struct flong_error *err);

/* What is known of a story that a run captured; kept from run to run. */
struct state_story {
	struct cadence_story known;
	struct bytes digest; /* of its text; equal when nothing changed */
};
enum state_story_note {
	STATE_STORY_SEEN,  /* captured: known from now on */
	STATE_STORY_FAILED /* no page this time: noted only when it is known */
};
/* Notes a story. When its digest is that of the last time, it counts as unchanged once more. */
MUST_CHECK int state_note_story(struct state *state, struct bytes url,
	const struct state_story *story, enum state_story_note note, struct flong_error *err);
/* FLONG_E_NOT_FOUND: no earlier run has it. */
MUST_CHECK int state_find_story(struct state *state, struct bytes url,
	struct cadence_story *story_out, struct flong_error *err);
/* Calls `each` for every known story, the one captured longest ago first. Pages of earlier runs
 * that are not known as stories become some. */
MUST_CHECK int state_each_story(struct state *state,
	int (*each)(void *context, struct bytes url, const struct cadence_story *story,
		struct flong_error *err),
	void *context, struct flong_error *err);

/* Marks the capture of a URL at this time as gone; state_forget_end then deletes the pages, their
 * texts and originals of all that are marked. The caller commits. */
MUST_CHECK int state_forget(
	struct state *state, struct bytes url, int64_t date_ms, struct flong_error *err);
MUST_CHECK int state_forget_end(struct state *state, struct flong_error *err);
/* Marks every capture of a URL. */
MUST_CHECK int state_forget_url(struct state *state, struct bytes url, struct flong_error *err);

/* Starts a new run on a finished collection: forgets visits, keeps pages and digests. */
MUST_CHECK int state_start_run(struct state *state, struct flong_error *err);

#endif
