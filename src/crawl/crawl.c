/* SPDX-License-Identifier: MIT */
/* crawl.c - the loop: start here
 *
 * One thread runs four steps over and over: start the fetches that are due; wait; hand documents to
 * the parsers and all other exchanges to the recorder; hand read documents to the recorder too, and
 * absorb what came back from it. An exchange on its way is a flight; when its document is read and
 * its records are composed, the flight has landed: the records go into the file and absorb.c
 * decides what follows. Nothing here holds a body in memory or waits for a disk, except the commit
 * of the state, for many exchanges at once: syncs go on beside the loop, and meanwhile nothing
 * lands. */
#include "crawl/crawl.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawl/crawl_private.h"
#include "crawl/metrics.h"
#include "crawl/progress.h"
#include "crawl/request.h"
#include "crawl/revisits.h"
#include "crawl/room.h"

/* Exchanges that may wait for worker or parser beyond those in flight; with more, no fetch is
 * started. */
#define LANDING_MAX 64
#define LANDING_PER_JOB 4
/* What was appended is made durable after some exchanges, so many bytes, or after this time, which
 * with a turn and the sync itself is within a second of the first of them. */
#define SYNC_BYTES (UINT64_C(64) << 20)
#define SYNC_MS 500
/* Longest wait in one turn, so that limits and progress are looked at. */
#define TURN_MS 250
/* Time that fetches in flight are given when the crawl is to stop. */
#define GRACE_MS 5000
/* Turns of the network before the archive is open: a near server is connected in the first and
 * asked in the second. */
#define EARLY_TURNS 3

static volatile sig_atomic_t stop_requests;

void crawl_request_stop(void)
{
	if (stop_requests < 2) {
		stop_requests = stop_requests + 1;
	}
}

bool crawl_stop_requested(void)
{
	return stop_requests > 0;
}

int64_t crawl_now_ms(void *context)
{
	struct crawl *crawl = context;
	if (crawl->fake_now_ms == 0) {
		return clock_wall_ms();
	}
	crawl->fake_now_ms += 1;
	return crawl->fake_now_ms;
}

void flight_close(struct flight *flight)
{
	if (flight == NULL) {
		return;
	}
	visit_close(flight->visit);
	exchange_close(flight->exchange);
	recorded_close(flight->recorded);
	parsed_close(flight->parsed);
	buf_clear(&flight->verdict_reasons);
	if (flight->link != NULL) {
		*flight->link = flight->next;
		if (flight->next != NULL) {
			flight->next->link = flight->link;
		}
	}
	free(flight);
}

static void note_flight(struct crawl *crawl, struct flight *flight)
{
	flight->next = crawl->first_flight;
	flight->link = &crawl->first_flight;
	if (flight->next != NULL) {
		flight->next->link = &flight->next;
	}
	crawl->first_flight = flight;
	crawl->flights++;
}

static int start_fetch(struct crawl *crawl, struct visit *visit_take, struct flong_error *err)
{
	SCOPED(flight_closep) struct flight *flight = ALLOC(struct flight);
	flight->visit = visit_take;
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(request_lines_clear) struct request_lines lines = {0};
	int rc = url_parse(bytes_of(visit_take->url), NULL, &url, err);
	if (rc < 0) {
		return rc;
	}
	request_lines_make(crawl, visit_take, url, &lines);
	size_t length = url->host.len < sizeof(crawl->current_host) - 1
				? url->host.len
				: sizeof(crawl->current_host) - 1;
	memcpy(crawl->current_host, url->host.ptr, length);
	crawl->current_host[length] = '\0';
	const struct fetch_request request = {
		.ticket = (uint64_t)(uintptr_t)flight,
		.url = bytes_of(visit_take->url),
		.extra_headers = lines.items,
	};
	rc = fetcher_start(crawl->fetcher, &request, err);
	if (rc < 0) {
		return rc;
	}
	visit_take->tries++;
	note_flight(crawl, flight);
	admit_note_start(crawl);
	(void)TAKE(flight);
	return FLONG_OK;
}

/* Whether as many pages as --max-pages allows are done or under way; what they need is still
 * fetched. */
static bool has_all_pages(const struct crawl *crawl)
{
	uint64_t max = crawl->options->max_pages;
	return max > 0 && crawl->counts.pages_done + frontier_pages_given(crawl->frontier) >= max;
}

/* Step 1. */
static int start_due_fetches(struct crawl *crawl, int64_t *wait_ms_out, struct flong_error *err)
{
	*wait_ms_out = -1;
	while (crawl->stopped == CRAWL_EXIT_OK &&
		fetcher_in_flight(crawl->fetcher) < (size_t)crawl->options->jobs &&
		crawl->landed < LANDING_MAX &&
		crawl->landed < LANDING_PER_JOB * (size_t)crawl->options->jobs) {
		*wait_ms_out = admit_pause_ms(crawl);
		if (*wait_ms_out != 0) {
			return FLONG_OK;
		}
		struct visit *visit = NULL;
		frontier_hold_pages(crawl->frontier, has_all_pages(crawl));
		int rc = frontier_next(
			crawl->frontier, clock_monotonic_ms(), &visit, wait_ms_out, err);
		if (rc < 0 || visit == NULL) {
			return rc;
		}
		const char *reason = NULL;
		rc = admit_find_refusal(crawl, visit, &reason, err);
		if (rc < 0) {
			visit_close(visit);
			return rc;
		}
		rc = reason != NULL ? admit_skip(crawl, visit, reason, err)
				    : start_fetch(crawl, visit, err);
		if (rc < 0) {
			return rc;
		}
	}
	return FLONG_OK;
}

/* Step 2. */
static int wait_for_something(struct crawl *crawl, int64_t due_ms, struct flong_error *err)
{
	int fds[80];
	size_t count = 0;
	const int *parser_fds = parsers_fds(crawl->parsers, &count);
	count = count < 64 ? count : 64;
	if (count > 0) {
		memcpy(fds, parser_fds, count * sizeof(int));
	}
	int fd = recorder_is_syncing(crawl->recorder) ? recorder_sync_fd(crawl->recorder)
						      : recorder_wake_fd(crawl->recorder);
	if (fd >= 0) {
		fds[count++] = fd;
	}
	int64_t wait_ms = due_ms >= 0 && due_ms < TURN_MS ? due_ms : TURN_MS;
	return fetcher_wait(crawl->fetcher, wait_ms, fds, count, err);
}

static void take_cookies(
	struct crawl *crawl, struct flight *flight, const struct exchange *exchange)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (crawl->cookies == NULL ||
		url_parse(bytes_of(exchange->url), NULL, &url, &ignored) < 0) {
		return;
	}
	struct bytes value;
	for (size_t i = 0; headers_nth(&exchange->parsed.headers, "set-cookie", i, &value); i++) {
		cookies_set(crawl->cookies, url, value, clock_wall_ms());
		flight->sets_cookie = true;
	}
}

/* How the exchange was found, for its metadata record. */
static void describe(const struct visit *visit, struct buf *lines)
{
	if (visit->via_url != NULL) {
		buf_addf(lines, "via: %s\r\n", visit->via_url);
	}
	buf_addf(lines, "hopsFromSeed: %s\r\n", visit->hops);
}

/* A script's strings are relative to the page or worker that runs it, and its modules are those of
 * the page's import map; a style sheet without a charset is in that of the document that names it.
 */
int crawl_submit_document(struct crawl *crawl, const struct visit *visit,
	const struct exchange *exchange, struct flong_error *err)
{
	SCOPED(state_runner_clear) struct state_runner runner = {0};
	SCOPED(buf_clear) struct buf environment = buf_with_max(LIMIT_URL_BYTES);
	int rc = FLONG_OK;
	if (visit->role == ROLE_SCRIPT) {
		rc = state_find_runner(crawl->state, visit, &runner, err);
	} else if (visit->role == ROLE_STYLE) {
		rc = state_find_environment(crawl->state, visit, &environment, err);
	}
	if (rc < 0) {
		return rc;
	}
	const struct parsers_document document = {.ticket = exchange->ticket,
		.exchange = exchange,
		.role = visit->role,
		.page = buf_bytes(&runner.url),
		.import_map = buf_bytes(&runner.import_map),
		.environment = buf_bytes(&environment)};
	return parsers_submit(crawl->parsers, &document, err);
}

/* Hands the exchange to the recorder, with what its page says. */
static void submit_records(struct crawl *crawl, struct flight *flight)
{
	SCOPED(buf_clear) struct buf lines = buf_with_max(4 * LIMIT_URL_BYTES);
	SCOPED(buf_clear) struct buf fields = buf_with_max(LIMIT_PAGE_RESULT_BYTES);
	describe(flight->visit, &lines);
	bool has_story = absorb_describe_story(crawl, flight, &fields);
	const struct recorder_notes notes = {.metadata = buf_bytes(&lines),
		.has_story = has_story,
		.story = buf_bytes(&fields),
		.text = has_story ? flight->parsed->result.text : BYTES(""),
		.keeps_body = flight->visit->kind == VISIT_ROBOTS}; /* read when it has landed */
	recorder_submit(crawl->recorder, TAKE(flight->exchange), &notes);
}

/* Step 3. A document is read before its records are composed: some are of what it says. */
static int hand_over(struct crawl *crawl, struct flong_error *err)
{
	for (struct exchange *exchange = fetcher_take(crawl->fetcher); exchange != NULL;
		exchange = fetcher_take(crawl->fetcher)) {
		struct flight *flight = (struct flight *)(uintptr_t)exchange->ticket;
		flight->exchange = exchange;
		if (exchange->is_lost) {
			return error_set(
				err, FLONG_E_IO, "%s: %s", exchange->url, exchange->reason);
		}
		admit_note_answer(crawl, flight, exchange);
		take_cookies(crawl, flight, exchange);
		crawl->counts.exchanges += exchange->has_response;
		crawl->counts.wire_bytes += exchange->head.len + spool_size(exchange->body);
		crawl->counts.chunk_oddities +=
			exchange->has_chunk_extension || exchange->has_trailer;
		crawl->landed++;
		if (absorb_wants_parser(flight->visit, exchange)) {
			int rc = crawl_submit_document(crawl, flight->visit, exchange, err);
			if (rc < 0) {
				flight_close(flight);
				return rc;
			}
		} else {
			submit_records(crawl, flight);
		}
	}
	return FLONG_OK;
}

static int sync_when_due(struct crawl *crawl, struct flong_error *err)
{
	const struct recorder_unsynced unsynced = recorder_unsynced(crawl->recorder);
	if (recorder_is_syncing(crawl->recorder)) {
		return recorder_end_sync(crawl->recorder, false, err);
	}
	bool is_due = unsynced.exchanges >= crawl->options->acknowledge_after ||
		      unsynced.bytes >= SYNC_BYTES ||
		      clock_monotonic_ms() - unsynced.since_ms >= SYNC_MS;
	if (unsynced.since_ms == 0 || !is_due) {
		return FLONG_OK;
	}
	int rc = recorder_begin_sync(crawl->recorder, err);
	/* Without threads it is done already. */
	return rc == FLONG_OK ? recorder_end_sync(crawl->recorder, false, err) : rc;
}

/* Records go into the file, and what follows from them into the state, with no sync between. */
static int land(struct crawl *crawl, struct flight *flight, struct flong_error *err)
{
	crawl->flights--;
	crawl->landed--;
	int rc = recorder_append(crawl->recorder, flight->recorded, err);
	if (rc < 0) {
		flight_close(flight);
		return rc;
	}
	rc = absorb_flight(crawl, flight, err);
	return rc == FLONG_OK ? sync_when_due(crawl, err) : rc;
}

/* Step 4. Documents first: what they say becomes records that may be done at once. Nothing lands
 * during a sync. */
static int absorb(struct crawl *crawl, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (struct parsed *parsed = parsers_take(crawl->parsers); parsed != NULL;
		parsed = parsers_take(crawl->parsers)) {
		struct flight *flight = (struct flight *)(uintptr_t)parsed->ticket;
		flight->parsed = parsed;
		rc = absorb_verdict(crawl, flight, err);
		if (rc < 0) {
			flight_close(flight);
			return rc;
		}
		submit_records(crawl, flight);
	}
	while (rc == FLONG_OK && !recorder_is_syncing(crawl->recorder)) {
		struct recorded *recorded = NULL;
		rc = recorder_take(crawl->recorder, &recorded, err);
		if (rc < 0 || recorded == NULL) {
			break;
		}
		struct flight *flight = (struct flight *)(uintptr_t)recorded->ticket;
		flight->recorded = recorded;
		rc = land(crawl, flight, err);
	}
	return rc;
}

static void look_at_limits(struct crawl *crawl)
{
	const struct crawl_options *options = crawl->options;
	if (crawl->stopped != CRAWL_EXIT_OK) {
		return;
	}
	if (options->max_time_ms > 0 &&
		clock_monotonic_ms() - crawl->started_ms >= options->max_time_ms) {
		crawl->stopped = CRAWL_EXIT_TIME;
	} else if ((options->max_bytes > 0 && crawl->counts.wire_bytes >= options->max_bytes) ||
		   (has_all_pages(crawl) && frontier_has_only_pages(crawl->frontier) &&
			   !frontier_is_empty(crawl->frontier))) {
		crawl->stopped = CRAWL_EXIT_SIZE;
	}
}

/* With too little room on the disk nothing more is begun. */
static void look_at_room(struct crawl *crawl)
{
	struct flong_error why = {0};
	if (crawl->stopped == CRAWL_EXIT_OK &&
		room_check(crawl->options, crawl->output.dir, recorder_total_bytes(crawl->recorder),
			crawl->output.final != NULL, &why) < 0) {
		log_error("stopping: %s", why.message);
		crawl->stopped = CRAWL_EXIT_WRITE;
	}
}

/* A signal or a limit lets fetches in flight end within the grace; a second signal, or its end,
 * aborts them. */
static void look_at_stop(struct crawl *crawl, int64_t *grace_until_ms)
{
	if (stop_requests > 0 && crawl->stopped != CRAWL_EXIT_SIGNAL) {
		crawl->stopped = CRAWL_EXIT_SIGNAL;
		log_warn("stopping: %zu fetches under way get %d s; a second signal stops at once",
			fetcher_in_flight(crawl->fetcher), GRACE_MS / 1000);
	}
	if (crawl->stopped == CRAWL_EXIT_OK) {
		return;
	}
	if (*grace_until_ms == 0) {
		*grace_until_ms = clock_monotonic_ms() + GRACE_MS;
	}
	if (stop_requests > 1 || clock_monotonic_ms() >= *grace_until_ms) {
		fetcher_abort_all(crawl->fetcher);
	}
}

static int run_loop(struct crawl *crawl, struct flong_error *err)
{
	int64_t grace_until_ms = 0;
	int rc = FLONG_OK;
	while (rc == FLONG_OK) {
		int64_t due_ms = -1;
		look_at_limits(crawl);
		look_at_room(crawl);
		look_at_stop(crawl, &grace_until_ms);
		rc = start_due_fetches(crawl, &due_ms, err);
		if (rc == FLONG_OK && revisits_are_next(crawl)) {
			rc = revisits_add_due(crawl, err);
			continue;
		}
		bool is_done =
			crawl->flights == 0 && recorder_pending(crawl->recorder) == 0 &&
			(crawl->stopped != CRAWL_EXIT_OK || frontier_is_empty(crawl->frontier));
		if (rc < 0 || is_done) {
			break;
		}
		rc = wait_for_something(crawl, due_ms, err);
		if (rc == FLONG_OK) {
			rc = hand_over(crawl, err);
		}
		if (rc == FLONG_OK) {
			rc = absorb(crawl, err);
		}
		if (rc == FLONG_OK) {
			rc = sync_when_due(crawl, err);
		}
		progress_update(crawl->progress, crawl);
		metrics_update(crawl);
	}
	return rc;
}

/* A new collection: sends the first requests before the archive is open, which takes about as long
 * as a reply does. */
static int begin_early(struct crawl *crawl, struct flong_error *err)
{
	const struct crawl_options *options = crawl->options;
	if (!crawl->output.is_new || options->feeds.count > 0 ||
		options->deterministic_seed != NULL) {
		return FLONG_OK;
	}
	int64_t due_ms = -1;
	int rc = setup_note_run(crawl, err);
	rc = rc == FLONG_OK ? start_due_fetches(crawl, &due_ms, err) : rc;
	for (int turn = 0; rc == FLONG_OK && turn < EARLY_TURNS; turn++) {
		rc = fetcher_wait(crawl->fetcher, 0, NULL, 0, err);
	}
	return rc;
}

int crawl_run(struct crawl_options *options, enum crawl_exit *exit_out, char **report_out,
	struct flong_error *err)
{
	struct crawl crawl = {.options = options, .output.lock_fd = -1};
	crawl.started_ms = clock_monotonic_ms();
	crawl.started_wall_ms = clock_wall_ms();
	int rc = setup_check_seeds(options, err);
	if (rc == FLONG_OK) {
		rc = setup_open(&crawl, err);
	}
	if (rc == FLONG_END) {
		*exit_out = CRAWL_EXIT_OK;
		rc = finish_delivery(&crawl, report_out, err);
		setup_close(&crawl);
		return rc;
	}
	rc = rc == FLONG_OK ? setup_add_seeds(&crawl, err) : rc;
	rc = rc == FLONG_OK ? begin_early(&crawl, err) : rc;
	rc = rc == FLONG_OK ? setup_open_archive(&crawl, err) : rc;
	if (rc == FLONG_OK) {
		rc = setup_add_feeds(&crawl, err);
		rc = rc == FLONG_OK ? metrics_begin(&crawl, err) : rc;
		crawl.made_output =
			rc != FLONG_E_USAGE; /* a file that is none, or cannot be made */
	}
	if (rc == FLONG_OK) {
		crawl.progress = progress_create(options->progress);
		rc = options->closes ? FLONG_OK : run_loop(&crawl, err);
		progress_close(crawl.progress);
		crawl.progress = NULL;
		if (rc == FLONG_OK) {
			rc = recorder_sync(crawl.recorder, err);
		}
		setup_close_network(&crawl);
		if (rc == FLONG_OK) {
			rc = finish_crawl(&crawl, exit_out, report_out, err);
		}
		metrics_end(&crawl, rc == FLONG_OK     ? *exit_out
				    : rc == FLONG_E_IO ? CRAWL_EXIT_WRITE
						       : CRAWL_EXIT_FAILURE);
		if (rc == FLONG_E_IO) {
			(void)error_context(err,
				"the archive could not be written (what is in it is safe; go on "
				"with 'flong resume %s')",
				crawl.output.dir);
		}
	}
	setup_close(&crawl);
	return rc;
}
