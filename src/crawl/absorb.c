/* SPDX-License-Identifier: MIT */
/* absorb.c - a flight has landed: what became of the visit, and what follows from it
 *
 * The bytes are in the archive already, whatever they are. Here they are judged: tried again later,
 * followed as a redirect, read for links, or counted as missing with a reason. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawl/crawl_private.h"
#include "crawl/feeds.h"
#include "crawl/media_policy.h"
#include "crawl/revisits.h"
#include "crawl/server_clock.h"
#include "web/media_type.h"

/* First pause before trying again; it doubles with every try and is spread by a quarter, so that
 * hosts are not asked in step. */
#define BACKOFF_MS 1000
/* Longest pause that a server can ask for with Retry-After. */
#define RETRY_AFTER_MAX_MS 600000

static const struct exchange *exchange_of(const struct flight *flight)
{
	return flight->recorded->exchange;
}

static bool is_redirect_status(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool absorb_wants_parser(const struct visit *visit, const struct exchange *exchange)
{
	int status = exchange_status(exchange);
	if ((exchange->outcome != EXCHANGE_OK && exchange->outcome != EXCHANGE_LIMIT) ||
		status < 200 || (visit->kind == VISIT_DISCOVERY && !feeds_is_feed(visit)) ||
		visit->kind == VISIT_ROBOTS) {
		return false;
	}
	struct bytes type = headers_first(&exchange->parsed.headers, "content-type");
	if (status > 299) {
		/* Of an error only what it is: a bot check or what it says. */
		return status >= 400 && visit->kind == VISIT_PAGE && media_type_is_html(type);
	}
	if (visit->kind == VISIT_PAGE) {
		return type.len == 0 || media_type_is_html(type) || media_type_is_xml(type);
	}
	switch (visit->role) {
	case ROLE_STYLE:
	case ROLE_FRAME:
	case ROLE_MANIFEST:
	case ROLE_PLAYLIST:
	case ROLE_TRACK:
		return true;
	case ROLE_IMAGE:
	case ROLE_ICON:
	case ROLE_OBJECT:
	case ROLE_UNKNOWN:
		return media_type_is(type, "image/svg+xml") || media_type_is(type, "text/css") ||
		       (visit->role == ROLE_OBJECT && media_type_is_html(type));
	case ROLE_SCRIPT:
	case ROLE_WORKER:
		return type.len == 0 || media_type_is_javascript(type) ||
		       media_type_is(type, "text/plain") ||
		       media_type_is(type, "application/octet-stream");
	case ROLE_FEED:
		return feeds_is_feed(visit);
	case ROLE_FONT:
	case ROLE_MEDIA:
	case ROLE_POSTER:
	case ROLE_DOCUMENT:
	case ROLE_REDIRECT:
		return false;
	}
	return false;
}

/* Whether another try may help. */
static bool may_pass(const struct exchange *exchange)
{
	switch (exchange->outcome) {
	case EXCHANGE_DNS:
	case EXCHANGE_CONNECT:
	case EXCHANGE_TIMEOUT:
	case EXCHANGE_DISCONNECT:
		return true;
	case EXCHANGE_OK: {
		int status = exchange_status(exchange);
		return status == 429 || status == 500 || status == 502 || status == 503 ||
		       status == 504;
	}
	case EXCHANGE_TLS:
	case EXCHANGE_PROTOCOL:
	case EXCHANGE_LIMIT:
	case EXCHANGE_REFUSED:
	case EXCHANGE_ABORTED:
		return false;
	}
	return false;
}

static bool is_number(struct bytes text)
{
	size_t digits = 0;
	while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') {
		digits++;
	}
	return digits > 0 && digits == text.len;
}

/* Retry-After in milliseconds, at most RETRY_AFTER_MAX_MS, or -1 when it says nothing of use (RFC
 * 9110 10.2.3: seconds or a date). */
static int64_t retry_after_ms(const struct exchange *exchange)
{
	struct bytes value = bytes_trim(headers_first(&exchange->parsed.headers, "retry-after"));
	uint64_t seconds = 0;
	int64_t date_ms = 0;
	if (bytes_to_u64(value, RETRY_AFTER_MAX_MS / 1000, &seconds)) {
		return seconds == 0 ? -1 : (int64_t)seconds * 1000;
	}
	if (is_number(value)) {
		return RETRY_AFTER_MAX_MS;
	}
	if (value.len == 0 || !clock_parse_http(value, &date_ms)) {
		return -1;
	}
	int64_t wait_ms = date_ms - clock_wall_ms();
	return wait_ms <= 0 ? -1 : wait_ms < RETRY_AFTER_MAX_MS ? wait_ms : RETRY_AFTER_MAX_MS;
}

static int64_t backoff_ms(const struct crawl *crawl, const struct visit *visit)
{
	int64_t wait_ms = BACKOFF_MS;
	for (int i = 1; i < visit->tries && wait_ms < RETRY_AFTER_MAX_MS; i++) {
		wait_ms *= 2;
	}
	if (crawl->fake_now_ms == 0) {
		uint16_t random = 0;
		digest_random(&random, sizeof(random));
		wait_ms += wait_ms * random / (4 * (int64_t)UINT16_MAX);
	}
	return wait_ms;
}

static const char *hop_or_dash(const char *text)
{
	return text == NULL || text[0] == '\0' ? "-" : text;
}

/* Fetch status of Heritrix's crawl log: the HTTP status, or a negative number for what never got
 * one. */
static int log_status(const struct exchange *exchange)
{
	int status = exchange_status(exchange);
	switch (exchange->outcome) {
	case EXCHANGE_OK:
	case EXCHANGE_LIMIT:
		return status;
	case EXCHANGE_DNS:
		return -1;
	case EXCHANGE_CONNECT:
	case EXCHANGE_TLS:
		return -2;
	case EXCHANGE_DISCONNECT:
		return status > 0 ? status : -3;
	case EXCHANGE_TIMEOUT:
		return status > 0 ? status : -4;
	case EXCHANGE_PROTOCOL:
		return status > 0 ? status : -8;
	case EXCHANGE_REFUSED:
		return -5000;
	case EXCHANGE_ABORTED:
		return -5;
	}
	return 0;
}

/* One line of logs/crawl.log in Heritrix's 12 fields. */
static void log_flight(struct crawl *crawl, const struct flight *flight)
{
	const struct exchange *exchange = exchange_of(flight);
	const struct visit *visit = flight->visit;
	if (!exchange->has_response && visit->tries <= crawl->options->retries &&
		may_pass(exchange)) {
		return;
	}
	char now[CLOCK_ISO_SIZE];
	char begun[CLOCK_DIGITS_SIZE];
	clock_format_iso_ms(crawl->fake_now_ms != 0 ? crawl->fake_now_ms : clock_wall_ms(), now);
	clock_format_digits17(exchange->started_ms, begun);
	struct bytes type =
		media_type_essence(headers_first(&exchange->parsed.headers, "content-type"));
	SCOPED(buf_clear) struct buf line = buf_with_max(4 * LIMIT_URL_BYTES);
	uint64_t wire_bytes = exchange->head.len + spool_size(exchange->body);
	buf_addf(&line, "%s %5d %10" PRIu64 " %s %s %s ", now, log_status(exchange), wire_bytes,
		visit->url, hop_or_dash(visit->hops), hop_or_dash(visit->via_url));
	buf_add(&line, type.len > 0 && bytes_find_char(type, ' ', 0) == SIZE_MAX
			       ? type
			       : BYTES("unknown"));
	buf_addf(&line, " #000 %s+%lld %s - ", begun,
		(long long)(exchange->times.total_us > 0 && crawl->fake_now_ms == 0
				    ? exchange->times.total_us / 1000
				    : 0),
		hop_or_dash(flight->recorded->payload_digest));
	size_t before = line.len;
	if (flight->recorded->is_revisit) {
		buf_add_text(&line, ",warcRevisit:digest");
	}
	if (visit->tries > 1) {
		buf_addf(&line, ",%dt", visit->tries);
	}
	if (exchange->truncated != TRUNCATED_NOT) {
		buf_addf(&line, ",truncated:%s", exchange_truncation_name(exchange->truncated));
	}
	if (exchange->outcome != EXCHANGE_OK) {
		buf_addf(&line, ",err=%s", exchange_outcome_name(exchange->outcome));
	}
	if (flight->verdict != VERDICT_NONE) {
		buf_addf(&line, ",page:%s",
			verdict_name(flight->verdict, flight->parsed->result.class));
	}
	if (line.len == before) {
		buf_add_char(&line, '-');
	} else {
		/* The first comma only separates. */
		memmove(line.ptr + before, line.ptr + before + 1, line.len - before - 1);
		buf_truncate(&line, line.len - 1);
	}
	recorder_log(crawl->recorder, buf_bytes(&line));
}

static bool is_busy(const struct exchange *exchange)
{
	int status = exchange_status(exchange);
	return exchange->outcome == EXCHANGE_OK && (status == 429 || status == 503);
}

/* Puts the visit back when another try may help. True when it did. */
static bool try_again_later(struct crawl *crawl, struct flight *flight)
{
	const struct exchange *exchange = exchange_of(flight);
	struct visit *visit = flight->visit;
	if (!may_pass(exchange)) {
		return false;
	}
	int64_t now_ms = clock_monotonic_ms();
	int64_t asked_ms = exchange->outcome == EXCHANGE_OK ? retry_after_ms(exchange) : -1;
	int64_t wait_ms = asked_ms >= 0 ? asked_ms : backoff_ms(crawl, visit);
	/* A server that has too much to do gets nothing else either. */
	if (asked_ms >= 0 || is_busy(exchange)) {
		frontier_hold(crawl->frontier, visit, now_ms + wait_ms);
	}
	if (visit->tries > crawl->options->retries) {
		return false;
	}
	visit->due_ms = now_ms + wait_ms;
	crawl->counts.retries++;
	if (exchange->outcome == EXCHANGE_OK) {
		log_info("%s: status %d, tried again in %lld ms", visit->url,
			exchange_status(exchange), (long long)(visit->due_ms - now_ms));
	} else {
		log_info("%s: %s, tried again in %lld ms", visit->url, exchange->reason,
			(long long)(visit->due_ms - now_ms));
	}
	frontier_delay(crawl->frontier, TAKE(flight->visit));
	return true;
}

static int set_robots(struct crawl *crawl, const struct flight *flight, enum state_robots_kind kind,
	struct bytes text, struct flong_error *err)
{
	const struct state_robots robots = {.kind = kind, .text = text};
	return frontier_set_robots(
		crawl->frontier, flight->visit, &robots, clock_monotonic_ms(), err);
}

/* RFC 9309 2.3.1: unavailable (4xx) allows everything, unreachable (5xx, no answer) nothing. */
static int read_robots(struct crawl *crawl, const struct flight *flight, struct flong_error *err)
{
	const struct exchange *exchange = exchange_of(flight);
	int status = exchange_status(exchange);
	if (exchange->outcome == EXCHANGE_REFUSED || exchange->outcome == EXCHANGE_ABORTED ||
		(status >= 300 && status <= 499)) {
		return set_robots(crawl, flight, STATE_ROBOTS_NONE, BYTES(""), err);
	}
	/* A longer or damaged file counts as far as it goes. */
	bool is_cut = exchange->outcome == EXCHANGE_LIMIT;
	if ((exchange->outcome != EXCHANGE_OK && !is_cut) || status < 200 || status >= 500) {
		return set_robots(crawl, flight, STATE_ROBOTS_UNREACHABLE, BYTES(""), err);
	}
	SCOPED(source_closep) struct source *document = NULL;
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_ROBOTS_BYTES);
	struct flong_error ignored = {0};
	if (exchange_open_document(exchange, &document, &ignored) == FLONG_OK) {
		(void)!source_read_all(document, &text, &ignored);
	}
	return set_robots(crawl, flight, STATE_ROBOTS_RULES, buf_bytes(&text), err);
}

/* What a redirect leads to; NULL and a reason when it is not followed. */
static struct url *redirect_target(const struct flight *flight, const char **reason_out)
{
	const struct exchange *exchange = exchange_of(flight);
	struct bytes location = headers_first(&exchange->parsed.headers, "location");
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *base = NULL;
	SCOPED(url_closep) struct url *target = NULL;
	if (bytes_trim(location).len == 0) {
		*reason_out = "redirect without Location";
	} else if (url_parse(bytes_of(flight->visit->url), NULL, &base, &ignored) < 0 ||
		   url_parse(location, base, &target, &ignored) < 0) {
		*reason_out = "redirect to what is no URL";
	} else if (!target->is_http) {
		*reason_out = "redirect to a scheme that is not fetched";
	} else if (flight->visit->redirects + 1 > (flight->visit->kind == VISIT_ROBOTS
								  ? LIMIT_ROBOTS_REDIRECTS
								  : LIMIT_REDIRECTS)) {
		*reason_out = "too many redirects";
	} else {
		url_drop_credentials(&target);
		return TAKE(target);
	}
	return NULL;
}

static struct visit *redirected_visit(const struct visit *visit, const struct url *target)
{
	struct visit *next = ALLOC(struct visit);
	next->url = alloc_text(target->all.ptr, target->all.len);
	next->kind = visit->kind;
	next->role = visit->role;
	next->depth = visit->depth;
	next->embeds = visit->embeds;
	next->rank = visit->rank;
	next->redirects = visit->redirects + 1;
	next->is_seed = visit->is_seed;
	next->is_speculative = visit->is_speculative;
	next->via = visit->id;
	next->via_url = alloc_copy(visit->url);
	visit_add_hop(visit->hops, 'R', next->hops);
	if (visit->kind == VISIT_ROBOTS) {
		next->robots_for = visit->robots_for != 0 ? visit->robots_for : visit->origin;
	}
	return next;
}

/* Follows a redirect. Sets *reason_out when it leads nowhere. */
static int follow_redirect(struct crawl *crawl, const struct flight *flight, struct buf *target_out,
	const char **reason_out, struct flong_error *err)
{
	SCOPED(url_closep) struct url *target = redirect_target(flight, reason_out);
	if (target == NULL) {
		return FLONG_OK;
	}
	buf_add(target_out, target->all);
	const struct visit *visit = flight->visit;
	const char *refusal = NULL;
	bool is_allowed = visit->kind == VISIT_PAGE && !visit->is_seed
				  ? scope_allows_page(crawl->scope, target, &refusal)
				  : scope_allows_requisite(crawl->scope, target, &refusal);
	if (!is_allowed) {
		*reason_out = refusal;
		return FLONG_OK;
	}
	if (visit->is_seed) {
		scope_add_seed(crawl->scope, target);
	}
	SCOPED(visit_closep) struct visit *next = redirected_visit(visit, target);
	bool is_loop = false;
	int rc = state_in_chain(crawl->state, visit, target->all, &is_loop, err);
	if (rc < 0) {
		return rc;
	}
	if (is_loop && !flight->sets_cookie) {
		*reason_out = "redirect loop";
		return FLONG_OK;
	}
	bool added = false;
	if (is_loop) {
		/* The reply set a cookie and sent us back: with it the answer may be another one.
		 * Same row, next hop of the chain. */
		rc = state_add_visit(crawl->state, next, &added, err);
		next->via = visit->via;
		return rc < 0 ? rc : frontier_requeue(crawl->frontier, TAKE(next), err);
	}
	rc = visit->kind == VISIT_ROBOTS
		     ? frontier_add_robots(crawl->frontier, TAKE(next), &added, err)
		     : frontier_add(crawl->frontier, TAKE(next), &added, err);
	if (visit->kind == VISIT_ROBOTS && !added) {
		*reason_out = "redirect to what is fetched as something else";
	}
	return rc;
}

/* What is kept of the outcome; links and redirects are followed on the way. */
static int judge(struct crawl *crawl, struct flight *flight, struct state_result *result,
	struct buf *target, struct flong_error *err)
{
	const struct exchange *exchange = exchange_of(flight);
	int status = exchange_status(exchange);
	int rc = FLONG_OK;
	result->state = VISIT_DONE;
	result->status = status;
	result->payload_bytes = exchange->payload_bytes;
	if (exchange->outcome != EXCHANGE_OK) {
		result->state = exchange->has_response ? VISIT_DONE : VISIT_FAILED;
		result->status = status > 0 ? status : -(int)exchange->outcome;
		result->reason = bytes_of(exchange->reason);
		crawl->counts.failures++;
		log_info("%s: %s", flight->visit->url, exchange->reason);
		if (flight->visit->kind == VISIT_ROBOTS) {
			return read_robots(crawl, flight, err);
		}
		/* A cut body is kept, and what could be read of it counts. */
		if (exchange->outcome != EXCHANGE_LIMIT) {
			return FLONG_OK;
		}
	}
	const char *reason = NULL;
	if (flight->visit->kind == VISIT_ROBOTS && !is_redirect_status(status)) {
		rc = read_robots(crawl, flight, err);
	} else if (is_redirect_status(status)) {
		rc = follow_redirect(crawl, flight, target, &reason, err);
		if (flight->visit->kind == VISIT_ROBOTS && reason != NULL) {
			/* RFC 9309 2.3.1.2: a chain that leads nowhere counts as no robots.txt. */
			rc = set_robots(crawl, flight, STATE_ROBOTS_NONE, BYTES(""), err);
		}
	} else if (flight->parsed != NULL && flight->parsed->is_read) {
		reason = feeds_find_fault(flight);
		rc = absorb_page(crawl, flight, err);
		if (rc == FLONG_OK && status < 300) {
			rc = absorb_page_result(crawl, flight, err);
		}
	} else if (flight->parsed != NULL) {
		rc = absorb_note_not_read(crawl, flight, err);
	}
	result->is_complete = exchange->outcome == EXCHANGE_OK && reason == NULL;
	result->redirect = buf_bytes(target);
	if (reason != NULL) {
		result->reason = bytes_of(reason);
	}
	return rc;
}

int absorb_flight(struct crawl *crawl, struct flight *flight_take, struct flong_error *err)
{
	SCOPED(flight_closep) struct flight *flight = flight_take;
	const struct exchange *exchange = exchange_of(flight);
	if (crawl->recorder != NULL) { /* else it is done once more, from the archive */
		if (admit_waits_out(crawl, flight)) {
			return FLONG_OK;
		}
		log_flight(crawl, flight);
		server_clock_note(crawl, exchange);
	}
	crawl->counts.revisits += flight->recorded->is_revisit;
	if (exchange->outcome == EXCHANGE_ABORTED && crawl->stopped == CRAWL_EXIT_OK) {
		/* Nobody asked for it: the body could not be kept. */
		return error_set(err, FLONG_E_IO, "%s: %s", exchange->url, exchange->reason);
	}
	if (exchange->outcome == EXCHANGE_ABORTED) {
		flight->visit->due_ms = INT64_MAX;
		frontier_delay(crawl->frontier, TAKE(flight->visit));
		return FLONG_OK;
	}
	if (try_again_later(crawl, flight)) {
		return FLONG_OK;
	}
	struct state_result result = {0};
	SCOPED(buf_clear) struct buf target = buf_with_max(LIMIT_URL_BYTES);
	int rc = judge(crawl, flight, &result, &target, err);
	if (rc == FLONG_OK) {
		rc = media_policy_count(crawl->state, flight->visit, result.payload_bytes, err);
	}
	if (rc < 0) {
		return rc;
	}
	/* A redirect back to itself with a cookie has put the row in the queue again: it is not
	 * finished. */
	if (!(flight->sets_cookie && bytes_equal(result.redirect, bytes_of(flight->visit->url)) &&
		    result.is_complete)) {
		rc = state_finish_visit(crawl->state, flight->visit, &result, err);
	}
	if (rc == FLONG_OK) {
		rc = revisits_note_failure(crawl, flight, result.status, err);
	}
	crawl->counts.pages_done +=
		flight->visit->kind == VISIT_PAGE && result.status >= 200 && result.status <= 299;
	frontier_finished(crawl->frontier, flight->visit);
	return rc;
}
