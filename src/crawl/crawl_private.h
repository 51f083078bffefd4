/* SPDX-License-Identifier: MIT */
/* crawl_private.h - what the files of the crawl share: the crawl itself and the flights under way
 */
#ifndef CRAWL_CRAWL_PRIVATE_H
#define CRAWL_CRAWL_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "article/verdict.h"
#include "base/buf.h"
#include "crawl/crawl.h"
#include "crawl/fetcher.h"
#include "crawl/frontier.h"
#include "crawl/given.h"
#include "crawl/guard.h"
#include "crawl/outage.h"
#include "crawl/output.h"
#include "crawl/parsers.h"
#include "crawl/recorder.h"
#include "crawl/scope.h"
#include "crawl/state.h"
#include "web/cookies.h"
#include "web/credentials.h"

/* A visit from the moment it is given out until all that follows from it is known. Its address is
 * the ticket. */
struct flight {
	struct visit *visit;         /* owned */
	struct exchange *exchange;   /* owned, while its document is read; then the recorder's */
	struct parsed *parsed;       /* owned, once read; NULL when nothing was to read */
	enum verdict verdict;        /* of a page that was read */
	struct buf verdict_reasons;  /* owned: the signs it stands on */
	struct recorded *recorded;   /* owned, once its records are composed; holds the exchange */
	struct flight *next, **link; /* in the crawl's list; link is what points here */
	bool sets_cookie;            /* the reply changed the cookie jar */
};

/* Running numbers for the progress line. */
struct crawl_counts {
	uint64_t pages_done, exchanges, failures, wire_bytes, revisits;
	uint64_t chunk_oddities; /* replies whose framing some players cannot undo */
	uint64_t retries;
	bool knows_clock;      /* some server told the time */
	int64_t clock_off_ms;  /* of the one nearest to ours: theirs less ours */
	uint64_t feed_entries; /* stories that feeds list, old and known ones too */
	uint64_t media_over;   /* files over the media limit of their page */
};

struct progress;

struct crawl {
	struct crawl_options *options; /* borrowed */
	struct output output;
	struct state *state;
	struct frontier *frontier;
	struct fetcher *fetcher;
	struct recorder *recorder;
	struct given *given; /* archives of --dedup; NULL for none */
	struct parsers *parsers;
	struct scope *scope;
	struct guard *guard;
	struct proxies *proxies;
	struct cookies *cookies;
	struct credentials *credentials;
	struct crawl_texts redact;       /* what request records must not show */
	struct crawl_texts seed_origins; /* of the seeds given by hand */
	struct progress *progress;
	int64_t metrics_ms; /* monotonic: when the metrics were written */
	bool metrics_failed;
	char *user_agent, *spool_dir, *seed_host; /* owned */
	struct flight *first_flight;              /* owned: those under way */
	size_t flights, landed;                   /* under way; of these not fetching any more */
	int64_t started_ms;                       /* monotonic */
	int64_t started_wall_ms;
	int64_t fake_now_ms; /* wall clock of --deterministic, 0 = real */
	struct crawl_counts counts;
	struct outage outage;
	enum crawl_exit
		stopped; /* CRAWL_EXIT_OK while running; else why it stops: signal, size, time */
	char current_host[128];
	bool added_due;     /* the known stories that are due are in the frontier */
	bool saves_run;     /* what it is told is to be kept (setup_save_run) */
	uint64_t log_start; /* length of logs/crawl.log when the run began */
	bool made_output;   /* something worth keeping is in the output */
};

/* Wall clock of the crawl (fixed steps with --deterministic). The shape of fetcher_options.now_ms.
 */
int64_t crawl_now_ms(void *context);

/* Hands a document of a visit to the parsers; its ticket is that of the exchange. */
MUST_CHECK int crawl_submit_document(struct crawl *crawl, const struct visit *visit,
	const struct exchange *exchange, struct flong_error *err);

/* setup.c: everything that must be in place before the first request. Nothing of it is durable yet.
 * FLONG_END: the crawl that is resumed was whole; what is left is finish_delivery. */
MUST_CHECK int setup_open(struct crawl *crawl, struct flong_error *err);
/* What must be in place before a reply is kept: parsers, what the run was told, archive. All is
 * durable then, the state and its seeds too. On failure of this or of what comes before,
 * setup_close leaves nothing new behind but a .partial that belongs to a resumable crawl. */
MUST_CHECK int setup_open_archive(struct crawl *crawl, struct flong_error *err);
/* The parsers, if they are not there yet. */
MUST_CHECK int setup_open_parsers(struct crawl *crawl, struct flong_error *err);
void setup_close(struct crawl *crawl);
/* Nothing is fetched or read any more: connections and parser processes go, before the end of the
 * crawl needs memory for sorting. */
void setup_close_network(struct crawl *crawl);
/* open_state.c: the state of the collection, made anew when it cannot be used; and what the options
 * of a resumed crawl lack. */
MUST_CHECK int setup_open_state(struct crawl *crawl, struct flong_error *err);
/* Notes in state/run of a new collection what the run was told: not durable, but a kill leaves it.
 */
MUST_CHECK int setup_note_run(struct crawl *crawl, struct flong_error *err);
/* Keeps what the run was told, in state/run and, not committed yet, in the state. Nothing for a
 * crawl that is resumed. */
MUST_CHECK int setup_save_run(struct crawl *crawl, struct flong_error *err);
/* Adds the seeds of the options; FLONG_E_USAGE names one that is no http(s) URL. Before anything is
 * made. */
MUST_CHECK int setup_check_seeds(const struct crawl_options *options, struct flong_error *err);
/* Those given by hand; not committed yet. */
MUST_CHECK int setup_add_seeds(struct crawl *crawl, struct flong_error *err);
/* Those that feeds list. FLONG_E_USAGE: a file is no feed. */
MUST_CHECK int setup_add_feeds(struct crawl *crawl, struct flong_error *err);
/* A seed as people type it: without a scheme it is https, as in a browser's address bar.
 * FLONG_E_USAGE when it is nothing that can be archived. */
MUST_CHECK int setup_parse_seed(const char *text, struct url **url_out, struct flong_error *err);

/* admit.c: why a visit that is next is not fetched, or NULL. */
MUST_CHECK int admit_find_refusal(struct crawl *crawl, const struct visit *visit,
	const char **reason_out, struct flong_error *err);
/* Finishes a visit that is not fetched. Takes it. */
MUST_CHECK int admit_skip(
	struct crawl *crawl, struct visit *visit_take, const char *reason, struct flong_error *err);
/* A flight has its answer: its host may be asked again, sooner or later. */
void admit_note_answer(
	struct crawl *crawl, const struct flight *flight, const struct exchange *exchange);

/* Milliseconds until a fetch may start: 0 = now, -1 = after those in flight. More than 0 only while
 * the network is down. */
int64_t admit_pause_ms(const struct crawl *crawl);
/* A fetch has started. */
void admit_note_start(struct crawl *crawl);
/* Whether a flight failed because the network is down: then its visit waits for the end of that,
 * and the failure does not count. */
bool admit_waits_out(struct crawl *crawl, struct flight *flight);

/* absorb.c: a flight has landed: what became of the visit, and what follows from it. Takes the
 * flight. */
MUST_CHECK int absorb_flight(
	struct crawl *crawl, struct flight *flight_take, struct flong_error *err);
/* Whether a reply is a document to be read for links, and as what. */
bool absorb_wants_parser(const struct visit *visit, const struct exchange *exchange);

/* absorb_page.c: whether a page that was read is what was asked for (flight->verdict); once, before
 * its records are composed. */
MUST_CHECK int absorb_verdict(struct crawl *crawl, struct flight *flight, struct flong_error *err);
/* Adds what a page that was read says of itself, for a metadata record. False when nothing of it is
 * to be kept in records. */
bool absorb_describe_story(
	const struct crawl *crawl, const struct flight *flight, struct buf *fields_out);
/* Notes a page that was read, with its story. Nothing for what is no page. */
MUST_CHECK int absorb_page(
	struct crawl *crawl, const struct flight *flight, struct flong_error *err);

/* absorb_links.c: the links of a page result become visits. */
MUST_CHECK int absorb_page_result(
	struct crawl *crawl, const struct flight *flight, struct flong_error *err);
/* A document that was kept and whose parser gave no answer: told, and counted. */
MUST_CHECK int absorb_note_not_read(
	struct crawl *crawl, const struct flight *flight, struct flong_error *err);

/* Nothing is left for 'flong resume': the state knows, then state/run. */
MUST_CHECK int setup_mark_finished(struct crawl *crawl, struct flong_error *err);

/* finish.c: index, pages, reports, package. *report_out is the text for people. */
/* The end of a snapshot that was killed when all was kept and only the file had to be brought to
 * its place: does that, and removes the working directory. */
MUST_CHECK int finish_delivery(struct crawl *crawl, char **report_out, struct flong_error *err);
MUST_CHECK int finish_crawl(
	struct crawl *crawl, enum crawl_exit *exit_out, char **report_out, struct flong_error *err);

/* Whether it was stopped where nothing can be finished: by a signal, or a disk that is full. */
static inline bool crawl_is_interrupted(const struct crawl *crawl)
{
	return crawl->stopped == CRAWL_EXIT_SIGNAL || crawl->stopped == CRAWL_EXIT_WRITE;
}

void flight_close(struct flight *flight);
SCOPED_CLOSE(struct flight *, flight_close)

#endif
