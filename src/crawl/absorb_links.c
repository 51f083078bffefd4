/* SPDX-License-Identifier: MIT */
/* absorb_links.c - the links of a document become visits, or are noted with the reason why not */
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
#include "crawl/trap.h"

/* Adds a visit named by `from`; *added_out (may be NULL) tells whether it was not known. */
static int add_visit(struct crawl *crawl, const struct visit *from, const struct url *url,
	struct visit shape, bool *added_out, struct flong_error *err)
{
	struct visit *visit = ALLOC(struct visit);
	*visit = shape;
	visit->url = alloc_text(url->all.ptr, url->all.len);
	visit->via = from->id;
	visit->via_url = alloc_copy(from->url);
	visit_add_hop(from->hops, shape.hops[0], visit->hops);
	return frontier_add(crawl->frontier, visit, added_out, err);
}

static int note_skipped(struct crawl *crawl, const struct visit *from, struct bytes url,
	enum visit_kind kind, struct bytes reason, struct flong_error *err)
{
	SCOPED(free_textp) char *text = alloc_text(url.ptr, url.len);
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *parsed = NULL;
	if (bytes_find_char(url, '@', 0) != SIZE_MAX &&
		url_parse(url, NULL, &parsed, &ignored) == FLONG_OK && parsed->is_http) {
		url_drop_credentials(&parsed);
		free(text);
		text = alloc_text(parsed->all.ptr, parsed->all.len);
	}
	struct visit visit = {.url = text,
		.kind = kind,
		.depth = from->depth + (kind == VISIT_PAGE),
		.via = from->id};
	return state_add_skipped(crawl->state, &visit, reason, err);
}

/* Requisite hops; a page is none of them. */
static int embeds_of(const struct visit *visit)
{
	return visit->kind == VISIT_PAGE ? 0 : visit->embeds;
}

/* Why a requisite is not wanted, or NULL. */
static const char *requisite_refusal(
	const struct crawl *crawl, const struct visit *from, const struct link *link)
{
	const struct crawl_options *options = crawl->options;
	if (embeds_of(from) + 1 > LIMIT_EMBEDS) {
		return "too many hops from the page";
	}
	if (media_policy_covers(link->role)) {
		return media_policy_refuses_link(options->media, link);
	}
	bool is_choice =
		link->candidate != CANDIDATE_ONLY && (link->candidate & CANDIDATE_SHOWN) == 0;
	bool takes_all = options->images == IMAGES_ALL ||
			 (options->images == IMAGES_AUTO && from->depth == 0);
	return is_choice && !takes_all ? "image candidate left out by --images" : NULL;
}

/* What a page needs of its own host obeys the robots.txt of that with --robots all. */
static int robots_refusal(struct crawl *crawl, const struct visit *from, const struct url *url,
	const char **reason_out, struct flong_error *err)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *page = NULL;
	if (url_parse(bytes_of(from->url), NULL, &page, &ignored) < 0 ||
		!url_same_origin(page, url)) {
		return FLONG_OK;
	}
	const struct frontier_target target = {from->origin, url_target(url), true};
	return frontier_robots_refusal(crawl->frontier, &target, reason_out, err);
}

static int absorb_requisite(struct crawl *crawl, const struct visit *from, const struct link *link,
	struct flong_error *err)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(link->url, NULL, &url, &ignored) < 0 || !url->is_http) {
		return FLONG_OK;
	}
	url_drop_credentials(&url);
	const char *reason = requisite_refusal(crawl, from, link);
	if (reason == NULL && !scope_allows_requisite(crawl->scope, url, &reason)) {
		return note_skipped(crawl, from, url->all, VISIT_REQUISITE, bytes_of(reason), err);
	}
	if (reason == NULL && crawl->options->robots == ROBOTS_ALL) {
		int rc = robots_refusal(crawl, from, url, &reason, err);
		if (rc < 0) {
			return rc;
		}
	}
	if (reason != NULL) {
		return note_skipped(crawl, from, url->all, VISIT_REQUISITE, bytes_of(reason), err);
	}
	bool is_guess = link_is_guess(link);
	const struct visit shape = {
		.kind = VISIT_REQUISITE,
		.role = link->role,
		.depth = from->depth,
		.embeds = embeds_of(from) + 1,
		.is_speculative = is_guess || from->is_speculative,
		.hops = {is_guess ? 'I' : 'E'},
	};
	return add_visit(crawl, from, url, shape, NULL, err);
}

/* Why a page is not followed, or NULL: static text. */
static int find_page_refusal(struct crawl *crawl, const struct url *url, const struct visit *shape,
	const char **reason_out, struct flong_error *err)
{
	if (!scope_allows_page(crawl->scope, url, reason_out)) {
		return FLONG_OK;
	}
	if (shape->depth > crawl->options->depth) {
		*reason_out = "over --depth";
		return FLONG_OK;
	}
	int64_t now_ms = crawl->fake_now_ms != 0 ? crawl->fake_now_ms : clock_wall_ms();
	*reason_out = shape->embeds > LIMIT_ARTICLE_PAGES ? TRAP_ARTICLE_PAGES
							  : trap_by_shape(url, now_ms);
	bool is_known = false;
	int rc = *reason_out == NULL ? state_has_visit(crawl->state, url->all, &is_known, err)
				     : FLONG_OK;
	/* Most links of a page are those of the one before: they are counted already. */
	return rc < 0 || *reason_out != NULL || is_known
		       ? rc
		       : trap_by_count(crawl->state, url, reason_out, err);
}

/* Follows a page link: depth, rank and hop are those of `shape`. Or notes why not. */
static int follow_page(struct crawl *crawl, const struct visit *from, struct bytes href,
	struct visit shape, struct flong_error *err)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(href, NULL, &url, &ignored) < 0 || !url->is_http) {
		return FLONG_OK;
	}
	url_drop_credentials(&url);
	const char *reason = NULL;
	int rc = find_page_refusal(crawl, url, &shape, &reason, err);
	if (rc < 0) {
		return rc;
	}
	if (reason != NULL) {
		return note_skipped(crawl, from, url->all, VISIT_PAGE, bytes_of(reason), err);
	}
	SCOPED(buf_clear) struct buf not_due = {0};
	bool is_refused = false;
	if (shape.hops[0] == 'L') {
		rc = revisits_refuse(crawl, url->all, &not_due, &is_refused, err);
	}
	if (rc < 0 || is_refused) {
		return rc < 0 ? rc
			      : note_skipped(crawl, from, url->all, VISIT_PAGE, buf_bytes(&not_due),
					err);
	}
	shape.kind = VISIT_PAGE;
	shape.role = ROLE_DOCUMENT;
	bool added = false;
	rc = add_visit(crawl, from, url, shape, &added, err);
	return rc == FLONG_OK && added ? trap_count(crawl->state, url, err) : rc;
}

/* Whether --follow takes this kind of story. */
static bool follows_kind(const struct crawl *crawl, enum story_kind kind)
{
	unsigned follow = crawl->options->follow;
	switch (kind) {
	case STORY_RELATED:
	case STORY_MORE:
	case STORY_STATE:
		return (follow & FOLLOW_RELATED) != 0;
	case STORY_INLINE:
		return (follow & FOLLOW_INLINE) != 0;
	case STORY_PAGINATION:
		return (follow & FOLLOW_PAGINATION) != 0;
	case STORY_SECTION:
		return (follow & FOLLOW_SECTION) != 0;
	case STORY_NAV:
	case STORY_OTHER:
	case STORY_ENTRY:
	case STORY_LIST:
		return false;
	}
	return false;
}

static bool is_related(const struct page_story *story)
{
	return story->kind == STORY_RELATED || story->kind == STORY_MORE ||
	       story->kind == STORY_STATE;
}

/* The better a story is related, the earlier. */
static int rank_of_story(const struct page_story *story)
{
	double score = story->score < 0 ? 0 : story->score > 90 ? 90 : story->score;
	return VISIT_RANK_LAST - (int)(10 * score) - 1;
}

static int absorb_story(struct crawl *crawl, const struct visit *from,
	const struct page_story *story, struct flong_error *err)
{
	if (follows_kind(crawl, story->kind) && (!is_related(story) || story->accepted)) {
		/* The pages of one article are one story: its pagination costs no depth. */
		bool is_same = story->kind == STORY_PAGINATION;
		const struct visit shape = {.depth = from->depth + !is_same,
			.embeds = is_same ? from->embeds + 1 : 0,
			.rank = rank_of_story(story),
			.hops = "L"};
		return follow_page(crawl, from, story->url, shape, err);
	}
	SCOPED(buf_clear) struct buf reason = {0};
	buf_addf(&reason, "not a related story: %s, score %.1f", story_kind_name(story->kind),
		story->score);
	if (story->reasons.len > 0) {
		buf_add_text(&reason, ": ");
		buf_add(&reason, story->reasons);
	}
	return note_skipped(crawl, from, story->url, VISIT_PAGE, buf_bytes(&reason), err);
}

static int absorb_link(struct crawl *crawl, const struct visit *from, const struct link *link,
	struct flong_error *err)
{
	if (link->kind == LINK_REQUISITE) {
		return absorb_requisite(crawl, from, link, err);
	}
	if (link->kind == LINK_PAGE && link->role == ROLE_REDIRECT &&
		from->redirects < LIMIT_REDIRECTS) {
		/* meta refresh: the page sends its reader on, as a redirect does. */
		if (from->kind == VISIT_PAGE) {
			const struct visit same = {.depth = from->depth,
				.embeds = from->embeds,
				.rank = from->rank,
				.hops = "R"};
			return follow_page(crawl, from, link->url, same, err);
		}
		struct link as_requisite = *link;
		as_requisite.role = from->role;
		return absorb_requisite(crawl, from, &as_requisite, err);
	}
	if (from->kind != VISIT_PAGE || link->kind != LINK_PAGE ||
		crawl->options->scope == SCOPE_RELATED) {
		return FLONG_OK;
	}
	if (crawl->options->scope == SCOPE_PAGE) {
		return note_skipped(crawl, from, link->url, VISIT_PAGE, BYTES("--scope page"), err);
	}
	const struct visit next = {.depth = from->depth + 1, .rank = VISIT_RANK_LAST, .hops = "L"};
	return follow_page(crawl, from, link->url, next, err);
}

/* Where place decides what is followed, related stories still go before the other links. */
static int put_related_first(struct crawl *crawl, const struct visit *from,
	const struct page_result *result, struct flong_error *err)
{
	enum crawl_scope scope = crawl->options->scope;
	if (from->kind != VISIT_PAGE || scope == SCOPE_RELATED || scope == SCOPE_PAGE) {
		return FLONG_OK;
	}
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < result->story_count; i++) {
		const struct page_story *story = &result->stories[i];
		/* What only the embedded data names is no link. */
		if (story->accepted && is_related(story) && story->kind != STORY_STATE) {
			const struct visit shape = {.depth = from->depth + 1,
				.rank = rank_of_story(story),
				.hops = "L"};
			rc = follow_page(crawl, from, story->url, shape, err);
		}
	}
	return rc;
}

/* The short link of a story is captured as the redirect it is; nothing on it is followed. */
static int absorb_short_link(
	struct crawl *crawl, const struct visit *from, struct bytes href, struct flong_error *err)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	const char *reason = NULL;
	if (href.len == 0 || url_parse(href, NULL, &url, &ignored) < 0 || !url->is_http ||
		!scope_allows_requisite(crawl->scope, url, &reason)) {
		return FLONG_OK;
	}
	url_drop_credentials(&url);
	const struct visit shape = {.kind = VISIT_DISCOVERY,
		.role = ROLE_DOCUMENT,
		.depth = from->depth,
		.is_speculative = true,
		.hops = "L"};
	return add_visit(crawl, from, url, shape, NULL, err);
}

/* What the limits left out is told, never silent. */
static int note_limits(struct crawl *crawl, const struct flight *flight, struct flong_error *err)
{
	const struct page_result *result = &flight->parsed->result;
	if (!result->is_cut && result->links_dropped == 0) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf reason = {0};
	if (result->is_cut) {
		buf_add_text(&reason, "too long, only the beginning was read");
	}
	if (result->links_dropped > 0) {
		buf_addf(&reason, "%s%llu links or elements over the limits left out",
			result->is_cut ? "; " : "", (unsigned long long)result->links_dropped);
	}
	return state_note_reading(
		crawl->state, flight->visit, STATE_READ_IN_PART, buf_bytes(&reason), err);
}

int absorb_note_not_read(struct crawl *crawl, const struct flight *flight, struct flong_error *err)
{
	const char *fault = flight->parsed->fault;
	log_warn("%s: its links are unknown: %s", flight->visit->url, fault);
	return state_note_reading(
		crawl->state, flight->visit, STATE_NOT_READ, bytes_of(fault), err);
}

/* What leads away from a wall or a front page is related to no story. */
static bool replaces_story(enum verdict verdict)
{
	return verdict == VERDICT_CHALLENGE || verdict == VERDICT_CONSENT ||
	       verdict == VERDICT_LOGIN || verdict == VERDICT_NOT_FOUND;
}

int absorb_page_result(struct crawl *crawl, const struct flight *flight, struct flong_error *err)
{
	const struct page_result *result = &flight->parsed->result;
	const struct visit *from = flight->visit;
	if (feeds_is_feed(from)) {
		return feeds_absorb(crawl, flight, err);
	}
	int rc = note_limits(crawl, flight, err);
	if (rc == FLONG_OK && result->charset != NULL) {
		rc = state_set_charset(crawl->state, from, result->charset, err);
	}
	if (rc == FLONG_OK && result->import_map.len > 0) {
		rc = state_add_import_map(crawl->state, from, result->import_map, err);
	}
	if (rc == FLONG_OK) {
		rc = put_related_first(crawl, from, result, err);
	}
	for (size_t i = 0; rc == FLONG_OK && i < result->links.count; i++) {
		rc = absorb_link(crawl, from, &result->links.items[i], err);
	}
	if (from->kind != VISIT_PAGE) {
		return rc;
	}
	bool is_wall = replaces_story(flight->verdict);
	if (crawl->options->scope == SCOPE_RELATED) {
		for (size_t i = 0; rc == FLONG_OK && i < result->story_count; i++) {
			rc = is_wall ? note_skipped(crawl, from, result->stories[i].url, VISIT_PAGE,
					       BYTES("named by what came instead of a story"), err)
				     : absorb_story(crawl, from, &result->stories[i], err);
		}
	}
	if (rc == FLONG_OK && !is_wall) {
		rc = absorb_short_link(crawl, from, result->short_url, err);
	}
	return rc;
}
