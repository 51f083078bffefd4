/* SPDX-License-Identifier: MIT */
/* admit.c - whether a visit whose turn it is is fetched, and what its answer means for the next
 * ones
 */
#include "base/clock.h"
#include "base/log.h"
#include "crawl/crawl_private.h"
#include "crawl/media_policy.h"

/* Why robots.txt refuses a visit, or NULL: followed pages always (unless ignored), seeds only with
 * --robots all, and not for a robots.txt that cannot be reached. */
static int find_robots_refusal(struct crawl *crawl, const struct visit *visit,
	const char **reason_out, struct flong_error *err)
{
	const struct crawl_options *options = crawl->options;
	bool is_given = visit->is_seed && !visit_is_entry(visit);
	if (options->robots == ROBOTS_IGNORE || visit->kind != VISIT_PAGE ||
		(is_given && options->robots != ROBOTS_ALL)) {
		return FLONG_OK;
	}
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(bytes_of(visit->url), NULL, &url, &ignored) < 0) {
		return FLONG_OK;
	}
	const struct frontier_target target = {visit->origin, url_target(url), !is_given};
	int rc = frontier_robots_refusal(crawl->frontier, &target, reason_out, err);
	if (rc == FLONG_OK && *reason_out == NULL) {
		log_debug("%s: allowed by robots.txt", visit->url);
	}
	return rc;
}

int admit_find_refusal(struct crawl *crawl, const struct visit *visit, const char **reason_out,
	struct flong_error *err)
{
	int rc = find_robots_refusal(crawl, visit, reason_out, err);
	if (rc < 0 || *reason_out != NULL) {
		return rc;
	}
	rc = media_policy_refuses_visit(
		crawl->options->media, crawl->state, visit, reason_out, err);
	crawl->counts.media_over += rc == FLONG_OK && *reason_out != NULL;
	return rc;
}

int admit_skip(
	struct crawl *crawl, struct visit *visit_take, const char *reason, struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *visit = visit_take;
	const struct state_result result = {.state = VISIT_SKIPPED, .reason = bytes_of(reason)};
	log_info("%s: %s", visit->url, reason);
	int rc = state_finish_visit(crawl->state, visit, &result, err);
	const struct frontier_answer unasked = {.was_asked = false};
	frontier_answered(crawl->frontier, visit, &unasked, clock_monotonic_ms());
	frontier_finished(crawl->frontier, visit);
	return rc;
}

static void add_time(struct buf *line, const char *name, int64_t us)
{
	if (us >= 0) {
		buf_addf(
			line, "%s%s %lld", line->len > 0 ? ", " : "", name, (long long)(us / 1000));
	}
}

/* One request with its times, for who asked for all (-v -v). */
static void tell_answer(const struct visit *visit, const struct exchange *exchange)
{
	const struct exchange_times *times = &exchange->times;
	SCOPED(buf_clear) struct buf steps = {0};
	if (exchange->connection.is_reused) {
		buf_add_text(&steps, "kept connection");
	} else {
		add_time(&steps, "name", times->dns_us);
		add_time(&steps, "connected", times->connect_us);
		add_time(&steps, "TLS", times->tls_us);
	}
	add_time(&steps, "first byte", times->first_byte_us);
	add_time(&steps, "end", times->total_us);
	uint64_t bytes = exchange->head.len + spool_size(exchange->body);
	log_debug("%s: try %d: %s, status %d, %llu bytes from %s (ms: %s)", visit->url,
		visit->tries, exchange_outcome_name(exchange->outcome), exchange_status(exchange),
		(unsigned long long)bytes,
		exchange->connection.ip[0] == '\0' ? "nowhere" : exchange->connection.ip,
		steps.len > 0 ? buf_text(&steps) : "none");
}

void admit_note_answer(
	struct crawl *crawl, const struct flight *flight, const struct exchange *exchange)
{
	int status = exchange_status(exchange);
	tell_answer(flight->visit, exchange);
	const struct frontier_answer answer = {
		.was_asked = exchange->outcome != EXCHANGE_REFUSED,
		.is_reply = exchange->has_response,
		.is_busy = status == 429 || status == 503,
		.response_ms = exchange->times.first_byte_us >= 0
				       ? exchange->times.first_byte_us / 1000
				       : 0,
	};
	int64_t now_ms = clock_monotonic_ms();
	frontier_answered(crawl->frontier, flight->visit, &answer, now_ms);
	int64_t outage_ms = exchange->has_response ? outage_replied(&crawl->outage, now_ms) : -1;
	if (outage_ms >= 0) {
		log_warn("the network is back after %lld s", (long long)(outage_ms + 500) / 1000);
	}
}

int64_t admit_pause_ms(const struct crawl *crawl)
{
	if (!outage_lasts(&crawl->outage)) {
		return 0;
	}
	return fetcher_in_flight(crawl->fetcher) > 0
		       ? -1
		       : outage_wait_ms(&crawl->outage, clock_monotonic_ms());
}

void admit_note_start(struct crawl *crawl)
{
	if (outage_lasts(&crawl->outage)) {
		outage_probed(&crawl->outage, clock_monotonic_ms());
	}
}

static bool is_unreachable(const struct exchange *exchange)
{
	return exchange->outcome == EXCHANGE_DNS || exchange->outcome == EXCHANGE_CONNECT ||
	       (exchange->outcome == EXCHANGE_TIMEOUT && !exchange->has_response);
}

bool admit_waits_out(struct crawl *crawl, struct flight *flight)
{
	struct visit *visit = flight->visit;
	if (!is_unreachable(flight->recorded->exchange)) {
		return false;
	}
	uint64_t answered = 0;
	bool is_known = frontier_has_answered(crawl->frontier, visit, &answered);
	int64_t now_ms = clock_monotonic_ms();
	switch (outage_failed(&crawl->outage, visit->origin, is_known, answered, now_ms)) {
	case OUTAGE_NONE:
		return false;
	case OUTAGE_BEGINS:
		log_warn("the network seems to be down, no host can be reached (%s): waiting for "
			 "it",
			flight->recorded->exchange->reason);
		break;
	case OUTAGE_LASTS:
		break;
	case OUTAGE_ENDLESS:
		if (crawl->stopped == CRAWL_EXIT_OK) {
			log_warn("the network is still down: stopping");
			crawl->stopped = CRAWL_EXIT_UNREACHABLE;
		}
		break;
	}
	visit->tries -= visit->tries > 0;
	visit->due_ms = now_ms;
	frontier_delay(crawl->frontier, visit);
	flight->visit = NULL;
	return true;
}
