/* SPDX-License-Identifier: MIT */
/* revisits.c - which stories of earlier runs a run captures again */
#include "crawl/revisits.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"

int revisits_refuse(struct crawl *crawl, struct bytes url, struct buf *reason, bool *refused_out,
	struct flong_error *err)
{
	const struct cadence *cadence = crawl->options->cadence;
	struct cadence_story story = {0};
	struct flong_error fault = {0};
	*refused_out = false;
	if (cadence == NULL) {
		return FLONG_OK;
	}
	int rc = state_find_story(crawl->state, url, &story, &fault);
	if (rc < 0) {
		*err = fault;
		return rc == FLONG_E_NOT_FOUND ? FLONG_OK : rc;
	}
	/* What was captured since the run began was captured by it. */
	if (story.last_ms >= crawl->started_wall_ms ||
		cadence_is_due(cadence, &story, crawl->started_wall_ms)) {
		return FLONG_OK;
	}
	int64_t due_ms = cadence_due_ms(cadence, &story, crawl->started_wall_ms);
	char text[CLOCK_ISO_SIZE] = "";
	if (due_ms != INT64_MAX) {
		clock_format_iso_s(due_ms, text);
	}
	buf_addf(reason, "known, not due %s%s", due_ms == INT64_MAX ? "any more" : "before ", text);
	*refused_out = true;
	return FLONG_OK;
}

static int add_due(void *context, struct bytes text, const struct cadence_story *story,
	struct flong_error *err)
{
	struct crawl *crawl = context;
	struct flong_error ignored = {0};
	const char *reason = NULL;
	SCOPED(url_closep) struct url *url = NULL;
	if (story->last_ms >= crawl->started_wall_ms ||
		!cadence_is_due(crawl->options->cadence, story, crawl->started_wall_ms) ||
		url_parse(text, NULL, &url, &ignored) < 0 || !url->is_http ||
		!scope_allows_requisite(crawl->scope, url, &reason)) {
		return FLONG_OK;
	}
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_text(text.ptr, text.len);
	visit->kind = VISIT_PAGE;
	visit->role = ROLE_DOCUMENT;
	visit->depth = crawl->options->depth; /* nothing it leads to is followed */
	return frontier_add(crawl->frontier, visit, NULL, err);
}

bool revisits_are_next(const struct crawl *crawl)
{
	return crawl->options->cadence != NULL && !crawl->added_due &&
	       crawl->stopped == CRAWL_EXIT_OK && crawl->flights == 0 &&
	       frontier_is_empty(crawl->frontier);
}

int revisits_add_due(struct crawl *crawl, struct flong_error *err)
{
	crawl->added_due = true;
	return state_each_story(crawl->state, add_due, crawl, err);
}

int revisits_note_page(struct crawl *crawl, const struct flight *flight, struct flong_error *err)
{
	const struct exchange *exchange = flight->recorded->exchange;
	const struct page_result *result = &flight->parsed->result;
	/* A wall instead of the story says nothing about it: it stays due. */
	bool is_given = flight->visit->is_seed && !visit_is_entry(flight->visit);
	if (is_given || flight->verdict != VERDICT_NONE) {
		return FLONG_OK;
	}
	const struct digest digest = flight->recorded->has_text_digest
					     ? flight->recorded->text_digest
					     : digest_of(DIGEST_SHA256, result->text);
	char text[DIGEST_TEXT_SIZE];
	int64_t published_ms = 0;
	digest_format(&digest, text);
	struct state_story story = {
		.known = {.born_ms = exchange->started_ms, .last_ms = exchange->started_ms},
		.digest = bytes_of(text)};
	if (clock_parse_iso(result->published.value, &published_ms) && published_ms > 0 &&
		published_ms < story.known.born_ms) {
		story.known.born_ms = published_ms;
	}
	return state_note_story(
		crawl->state, bytes_of(exchange->url), &story, STATE_STORY_SEEN, err);
}

int revisits_note_failure(
	struct crawl *crawl, const struct flight *flight, int status, struct flong_error *err)
{
	const struct visit *visit = flight->visit;
	bool is_given = visit->is_seed && !visit_is_entry(visit);
	if (visit->kind != VISIT_PAGE || is_given || (status >= 200 && status <= 299)) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf digest = {0};
	buf_addf(&digest, "status %d", status);
	const struct state_story story = {
		.known = {.last_ms = flight->recorded->exchange->started_ms},
		.digest = buf_bytes(&digest)};
	return state_note_story(
		crawl->state, bytes_of(visit->url), &story, STATE_STORY_FAILED, err);
}
