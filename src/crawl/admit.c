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
	if (options->robots == ROBOTS_IGNORE || visit->kind != VISIT_PAGE ||
		(visit->is_seed && options->robots != ROBOTS_ALL)) {
		return FLONG_OK;
	}
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(bytes_of(visit->url), NULL, &url, &ignored) < 0) {
		return FLONG_OK;
	}
	const struct frontier_target target = {visit->origin, url_target(url), !visit->is_seed};
	return frontier_robots_refusal(crawl->frontier, &target, reason_out, err);
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

void admit_note_answer(
	struct crawl *crawl, const struct flight *flight, const struct exchange *exchange)
{
	int status = exchange_status(exchange);
	const struct frontier_answer answer = {
		.was_asked = exchange->outcome != EXCHANGE_REFUSED,
		.is_reply = exchange->has_response,
		.is_busy = status == 429 || status == 503,
		.response_ms = exchange->times.first_byte_us >= 0
				       ? exchange->times.first_byte_us / 1000
				       : 0,
	};
	frontier_answered(crawl->frontier, flight->visit, &answer, clock_monotonic_ms());
}
