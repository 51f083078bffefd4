/* SPDX-License-Identifier: MIT */
/* feeds.c - seeds from feeds and sitemaps */
#include "crawl/feeds.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawl/access.h"
#include "crawl/revisits.h"

/* As many as --parsers allows. */
enum { PARSERS_MAX = 64 };

/* Base of the addresses in a file, which has none of its own: what is still under it is left out.
 */
static const char no_base[] = "http://feed.invalid/";

/* Names the time when a feed was read last, in the state. */
static const char read_fact[] = "feed-read:";

static const char not_a_feed[] = "neither a feed nor a sitemap";

struct reading {
	struct crawl *crawl;
	const struct visit *from; /* NULL for a file */
	const char *name;
	int64_t since_ms; /* 0: all */
	uint64_t listed, old, known, added, lists;
};

int feeds_parse(const char *text, struct url **url_out, struct flong_error *err)
{
	*url_out = NULL;
	if (files_exists(text)) {
		return FLONG_OK;
	}
	if (strchr(text, '/') == NULL) {
		return error_set(err, FLONG_E_USAGE, "--feed: there is no file '%s'", text);
	}
	int rc = setup_parse_seed(text, url_out, err);
	return rc < 0 ? error_context(err, "--feed: there is no such file") : rc;
}

bool feeds_is_feed(const struct visit *visit)
{
	return visit->kind == VISIT_DISCOVERY && visit->role == ROLE_FEED;
}

const char *feeds_find_fault(const struct flight *flight)
{
	const struct page_result *result = &flight->parsed->result;
	if (feeds_is_feed(flight->visit)) {
		return result->format == LINKS_NONE ? not_a_feed : NULL;
	}
	return verdict_text(flight->verdict, result->class);
}

static void fact_of(const char *name, struct buf *fact)
{
	buf_addf(fact, "%s%s", read_fact, name);
}

/* Since when entries count. */
static int find_since(struct reading *reading, struct flong_error *err)
{
	const struct crawl_options *options = reading->crawl->options;
	reading->since_ms = options->since_ms;
	if (!options->is_since_last) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf fact = {0};
	SCOPED(buf_clear) struct buf text = {0};
	fact_of(reading->name, &fact);
	int64_t last_ms = 0;
	int rc = state_get(reading->crawl->state, buf_text(&fact), &text, err);
	if (rc == FLONG_OK && clock_parse_iso(buf_bytes(&text), &last_ms)) {
		reading->since_ms = last_ms - FEEDS_MARGIN_MS;
	}
	return rc == FLONG_E_NOT_FOUND ? FLONG_OK : rc;
}

static int note_read(const struct reading *reading, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf fact = {0};
	char now[CLOCK_ISO_SIZE];
	fact_of(reading->name, &fact);
	clock_format_iso_s(reading->crawl->started_wall_ms, now);
	return state_set(reading->crawl->state, buf_text(&fact), bytes_of(now), err);
}

/* Entries without a date are not known to be old. */
static bool is_old(const struct reading *reading, const struct page_story *story)
{
	int64_t date_ms = 0;
	return reading->since_ms != 0 && clock_parse_iso(story->date, &date_ms) &&
	       date_ms < reading->since_ms;
}

static int note_skipped(const struct reading *reading, const struct url *url, struct bytes reason,
	struct flong_error *err)
{
	SCOPED(free_textp) char *text = alloc_text(url->all.ptr, url->all.len);
	const struct visit visit = {.url = text,
		.kind = VISIT_PAGE,
		.via = reading->from != NULL ? reading->from->id : 0};
	return state_add_skipped(reading->crawl->state, &visit, reason, err);
}

static int add_visit(
	struct reading *reading, const struct url *url, struct visit shape, struct flong_error *err)
{
	struct visit *visit = ALLOC(struct visit);
	bool added = false;
	*visit = shape;
	visit->url = alloc_text(url->all.ptr, url->all.len);
	if (reading->from != NULL) {
		visit->via = reading->from->id;
		visit->via_url = alloc_copy(reading->from->url);
	}
	visit_add_hop(
		reading->from != NULL ? reading->from->hops : "", VISIT_HOP_ENTRY, visit->hops);
	int rc = frontier_add(reading->crawl->frontier, visit, &added, err);
	reading->added += rc == FLONG_OK && added && shape.kind == VISIT_PAGE;
	return rc;
}

/* A sitemap that an index names; one that is named there again is none. */
static int add_list(struct reading *reading, const struct url *url, struct flong_error *err)
{
	int embeds = reading->from != NULL ? reading->from->embeds + 1 : 1;
	if (embeds > 1) {
		return note_skipped(
			reading, url, BYTES("an index of sitemaps in another one"), err);
	}
	if (reading->lists >= LIMIT_FEED_LISTS) {
		return note_skipped(reading, url, BYTES("too many sitemaps in one index"), err);
	}
	reading->lists++;
	const struct visit shape = {.kind = VISIT_DISCOVERY, .role = ROLE_FEED, .embeds = embeds};
	return add_visit(reading, url, shape, err);
}

static int add_entry(struct reading *reading, const struct url *url, struct flong_error *err)
{
	struct crawl *crawl = reading->crawl;
	SCOPED(buf_clear) struct buf not_due = {0};
	bool is_refused = false;
	int rc = revisits_refuse(crawl, url->all, &not_due, &is_refused, err);
	if (rc < 0 || is_refused) {
		reading->known += rc == FLONG_OK;
		return rc < 0 ? rc : note_skipped(reading, url, buf_bytes(&not_due), err);
	}
	scope_add_seed(crawl->scope, url);
	const struct visit shape = {.kind = VISIT_PAGE, .role = ROLE_DOCUMENT, .is_seed = true};
	return add_visit(reading, url, shape, err);
}

static int take_story(
	struct reading *reading, const struct page_story *story, struct flong_error *err)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	const char *reason = NULL;
	if ((story->kind != STORY_ENTRY && story->kind != STORY_LIST) ||
		bytes_starts(story->url, bytes_of(no_base)) ||
		url_parse(story->url, NULL, &url, &ignored) < 0 || !url->is_http) {
		return FLONG_OK;
	}
	url_drop_credentials(&url);
	bool is_list = story->kind == STORY_LIST;
	reading->listed += !is_list;
	reading->crawl->counts.feed_entries += !is_list;
	if (is_old(reading, story)) {
		reading->old += !is_list;
		return note_skipped(reading, url, BYTES("older than --since"), err);
	}
	if (is_list) {
		return add_list(reading, url, err);
	}
	return scope_allows_entry(reading->crawl->scope, url, &reason)
		       ? add_entry(reading, url, err)
		       : note_skipped(reading, url, bytes_of(reason), err);
}

static void tell(const struct reading *reading)
{
	const struct {
		uint64_t count;
		const char *what;
	} parts[] = {{reading->old, "too old"}, {reading->known, "known and not due"},
		{reading->lists, "further sitemaps"}};
	SCOPED(buf_clear) struct buf text = {0};
	buf_addf(&text, "%llu listed", (unsigned long long)reading->listed);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].count > 0) {
			buf_addf(&text, ", %llu %s", (unsigned long long)parts[i].count,
				parts[i].what);
		}
	}
	log_notice("%s: %s; %llu to be captured", reading->name, buf_text(&text),
		(unsigned long long)reading->added);
}

static int take_stories(
	struct reading *reading, const struct page_result *result, struct flong_error *err)
{
	int rc = find_since(reading, err);
	for (size_t i = 0; rc == FLONG_OK && i < result->story_count; i++) {
		rc = take_story(reading, &result->stories[i], err);
	}
	if (rc < 0) {
		return rc;
	}
	tell(reading);
	if (result->links_dropped > 0 || result->is_cut) {
		log_warn("%s: only its beginning was read", reading->name);
	}
	return note_read(reading, err);
}

int feeds_absorb(struct crawl *crawl, const struct flight *flight, struct flong_error *err)
{
	struct reading reading = {
		.crawl = crawl, .from = flight->visit, .name = flight->visit->url};
	const struct page_result *result = &flight->parsed->result;
	return result->format == LINKS_NONE ? FLONG_OK : take_stories(&reading, result, err);
}

/* The file as a reply, for the parsers. */
static int open_file(struct crawl *crawl, const char *path, struct exchange **exchange_out,
	struct flong_error *err)
{
	SCOPED(buf_clear) struct buf content = buf_with_max(LIMIT_DOCUMENT_BYTES);
	SCOPED(exchange_closep)
	struct exchange *exchange = exchange_create(bytes_of(no_base), crawl->spool_dir);
	int rc = files_read(path, &content, err);
	if (rc == FLONG_OK) {
		rc = spool_write(exchange->body, buf_bytes(&content), err);
	}
	if (rc == FLONG_OK) {
		rc = spool_finish(exchange->body, err);
	}
	buf_add_text(&exchange->head, "HTTP/1.1 200 OK\r\n\r\n");
	if (rc == FLONG_OK) {
		rc = http_head_parse_response(buf_bytes(&exchange->head), &exchange->parsed, err);
	}
	if (rc == FLONG_OK) {
		exchange->has_response = true;
		*exchange_out = TAKE(exchange);
	}
	return rc;
}

/* Waits for the one document that was handed over. */
static int wait_for_parser(struct crawl *crawl, struct parsed **parsed_out, struct flong_error *err)
{
	struct parsed *parsed = parsers_take(crawl->parsers);
	while (parsed == NULL) {
		struct pollfd polls[PARSERS_MAX];
		size_t count = 0;
		const int *fds = parsers_fds(crawl->parsers, &count);
		count = count < PARSERS_MAX ? count : PARSERS_MAX;
		for (size_t i = 0; i < count; i++) {
			polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
		}
		if (poll(polls, (nfds_t)count, 100) < 0 && errno != EINTR) {
			return error_set_errno(err, FLONG_E_IO, errno, "cannot wait for a parser");
		}
		parsed = parsers_take(crawl->parsers);
	}
	*parsed_out = parsed;
	return FLONG_OK;
}

static int add_file(struct crawl *crawl, const char *path, struct flong_error *err)
{
	SCOPED(exchange_closep) struct exchange *exchange = NULL;
	SCOPED(parsed_closep) struct parsed *parsed = NULL;
	struct reading reading = {.crawl = crawl, .name = path};
	int rc = open_file(crawl, path, &exchange, err);
	if (rc == FLONG_OK) {
		const struct parsers_document document = {.exchange = exchange, .role = ROLE_FEED};
		rc = parsers_submit(crawl->parsers, &document, err);
	}
	if (rc == FLONG_OK) {
		rc = wait_for_parser(crawl, &parsed, err);
	}
	if (rc < 0) {
		return error_context(err, "--feed %s", path);
	}
	if (!parsed->is_read || parsed->result.format == LINKS_NONE) {
		return error_set(err, FLONG_E_USAGE, "--feed %s: %s", path,
			parsed->is_read ? not_a_feed : parsed->fault);
	}
	return take_stories(&reading, &parsed->result, err);
}

static int add_url(struct crawl *crawl, struct url **url, struct flong_error *err)
{
	url_drop_credentials(url);
	access_add_seed(crawl, *url);
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_text((*url)->all.ptr, (*url)->all.len);
	visit->kind = VISIT_DISCOVERY;
	visit->role = ROLE_FEED;
	visit->is_seed = true;
	return frontier_add(crawl->frontier, visit, NULL, err);
}

int feeds_add(struct crawl *crawl, struct flong_error *err)
{
	const struct crawl_texts *feeds = &crawl->options->feeds;
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < feeds->count; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		rc = feeds_parse(feeds->items[i], &url, err);
		if (rc == FLONG_OK) {
			rc = url != NULL ? add_url(crawl, &url, err)
					 : add_file(crawl, feeds->items[i], err);
		}
	}
	return rc;
}
