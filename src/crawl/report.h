/* SPDX-License-Identifier: MIT */
/* report.h - what became of a crawl, for people and for programs */
#ifndef CRAWL_REPORT_H
#define CRAWL_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "article/verdict.h"
#include "base/buf.h"
#include "base/scoped.h"
#include "crawl/crawl.h"
#include "crawl/state.h"
#include "flong/error.h"

struct crawl;

/* "8.4 MB", three digits at most, powers of 1000. */
void report_format_bytes(uint64_t bytes, char out[32]);

/* Everything a report says. Texts are owned. Zeroed is valid. */
struct report {
	struct buf headline, url; /* of the first seed */
	struct state_counts counts;
	uint64_t stories;              /* related ones that the seeds lead to */
	uint64_t needs_scripts;        /* pages that show no text without scripts */
	struct buf needs_scripts_urls; /* a line each, the first few */
	struct buf missing;            /* "REASON<TAB>URL" lines, capped */
	uint64_t missing_listed;
	struct buf failed_pages; /* the same for pages, also for what came in their place */
	uint64_t replaced[VERDICT_EMPTY + 1]; /* of these, by enum verdict */
	bool has_earlier;                     /* the collection holds pages of earlier runs */
	/* The same for documents (enum state_reading), of which only the first are listed. */
	struct buf read_in_part, not_read;
	uint64_t read_in_part_count, not_read_count;
	struct buf vanished; /* "REASON<TAB>URL" lines: stories that this run found gone */
	uint64_t vanished_count;
	struct buf traps; /* "LINKS<TAB>RULE" lines */
	uint64_t trap_links;
	struct buf files; /* a path a line: what was written */
	struct buf show;  /* the command that shows it */
	enum crawl_exit exit;
	int64_t took_ms;
};
void report_clear(struct report *report);

/* Gathers what the state knows. */
MUST_CHECK int report_gather(
	const struct crawl *crawl, struct report *report, struct flong_error *err);
/* Adds the stories that were captured before and that this run found gone. Stories and index must
 * be written. What cannot be read is warned of: the run is no worse for it. */
void report_find_vanished(const struct crawl *crawl, struct report *report);
/* The worst exit code that fits. */
enum crawl_exit report_exit(const struct crawl *crawl, const struct report *report);
/* An error line for each seed that failed: it names the URL and the reason. */
MUST_CHECK int report_log_failed_seeds(const struct crawl *crawl, struct flong_error *err);
/* For people: a short text. */
void report_add_text(const struct crawl *crawl, const struct report *report, struct buf *text);
/* For programs: one JSON object with line end. */
void report_add_json(const struct crawl *crawl, const struct report *report, struct buf *json);
/* report_traps.c: what endless rows of pages were left out, gathered, as a line and as a member. */
MUST_CHECK int report_gather_traps(
	const struct crawl *crawl, struct report *report, struct flong_error *err);
void report_add_traps_text(const struct report *report, struct buf *text);
void report_add_traps_json(const struct report *report, struct buf *json);
/* Writes reports/skipped.jsonl: each URL not taken, and why. */
MUST_CHECK int report_write_skipped(const struct crawl *crawl, struct flong_error *err);

#endif
