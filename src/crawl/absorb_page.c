/* SPDX-License-Identifier: MIT */
/* absorb_page.c - a page that was read: its row for the list of pages, and what it says of itself
 */
#include "base/limits.h"
#include "crawl/crawl_private.h"
#include "crawl/revisits.h"
#include "crawl/story.h"
#include "web/media_type.h"

static const struct exchange *exchange_of(const struct flight *flight)
{
	return flight->recorded == NULL ? flight->exchange : flight->recorded->exchange;
}

static bool is_error(const struct flight *flight)
{
	return exchange_status(exchange_of(flight)) >= 300;
}

static bool is_read(const struct flight *flight)
{
	return flight->visit->kind == VISIT_PAGE && flight->parsed != NULL &&
	       flight->parsed->is_read && flight->parsed->result.format == LINKS_HTML;
}

/* An error is one only when there is something to say of it. */
static bool is_page(const struct flight *flight)
{
	return is_read(flight) && (!is_error(flight) || flight->verdict != VERDICT_NONE);
}

int absorb_verdict(struct crawl *crawl, struct flight *flight, struct flong_error *err)
{
	const struct exchange *exchange = flight->exchange;
	if (!is_read(flight)) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf asked = buf_with_max(LIMIT_URL_BYTES);
	SCOPED(url_closep) struct url *url = NULL;
	int rc = state_chain_start(crawl->state, flight->visit, &asked, err);
	if (rc == FLONG_OK) {
		rc = url_parse(bytes_of(exchange->url), NULL, &url, err);
	}
	if (rc < 0) {
		return rc;
	}
	const struct verdict_input input = {.page = &flight->parsed->result,
		.url = url,
		.asked_url = buf_bytes(&asked),
		.status = exchange_status(exchange),
		.headers = &exchange->parsed.headers};
	flight->verdict = verdict_of(&input, &flight->verdict_reasons);
	return FLONG_OK;
}

static struct story_capture capture_of(const struct flight *flight)
{
	const struct exchange *exchange = exchange_of(flight);
	return (struct story_capture){.url = exchange->url,
		.via = flight->visit->via_url,
		.record_id = flight->recorded == NULL ? NULL : flight->recorded->record_id,
		.captured_ms = exchange->started_ms,
		.depth = flight->visit->depth,
		.verdict = flight->verdict,
		.reasons = buf_bytes(&flight->verdict_reasons)};
}

bool absorb_describe_story(
	const struct crawl *crawl, const struct flight *flight, struct buf *fields_out)
{
	if (crawl->options->stories != STORIES_RECORDS || !is_page(flight)) {
		return false;
	}
	const struct story_capture capture = capture_of(flight);
	story_add_fields(&capture, &flight->parsed->result, fields_out);
	return true;
}

/* What the page says of itself, as its line for stories.jsonl. */
static void add_story_line(struct crawl *crawl, const struct flight *flight, struct buf *line)
{
	if (crawl->options->stories == STORIES_NONE || !flight->recorded->has_record) {
		return;
	}
	const struct story_capture capture = capture_of(flight);
	const struct recorded *recorded = flight->recorded;
	const struct digest digest =
		recorded->has_text_digest ? recorded->text_digest
					  : digest_of(DIGEST_SHA256, flight->parsed->result.text);
	story_add_json(&capture, &flight->parsed->result, &digest, line);
}

int absorb_page(struct crawl *crawl, const struct flight *flight, struct flong_error *err)
{
	const struct exchange *exchange = flight->recorded->exchange;
	const struct visit *visit = flight->visit;
	const struct page_result *result = &flight->parsed->result;
	if (!is_page(flight) || is_error(flight)) {
		return FLONG_OK; /* an error is marked, and no page to list */
	}
	uint64_t stories = 0;
	for (size_t i = 0; i < result->story_count; i++) {
		stories += result->stories[i].accepted;
	}
	SCOPED(buf_clear) struct buf story = buf_with_max(LIMIT_PAGE_RESULT_BYTES);
	add_story_line(crawl, flight, &story);
	struct bytes title =
		result->headline.len > 0 ? result->headline : bytes_trim(result->title);
	const struct state_page page = {
		.visit = visit->id,
		.url = bytes_of(exchange->url),
		.title = title.len > 0 ? title : bytes_of(exchange->url),
		.text = result->text,
		.story = buf_failed(&story) ? BYTES("") : buf_bytes(&story),
		.favicon = result->favicon,
		.mime = media_type_essence(
			headers_first(&exchange->parsed.headers, "content-type")),
		.headline = result->headline,
		.captured_ms = exchange->started_ms,
		.status = exchange_status(exchange),
		.depth = visit->depth,
		.is_seed = visit->is_seed,
		.needs_scripts = result->class == PAGE_NEEDS_SCRIPTS,
		.verdict = (int)flight->verdict,
		.stories = visit_is_entry(visit) ? 0 : stories, /* those of seeds are counted */
		.payload_bytes = exchange->payload_bytes,
	};
	int rc = state_add_page(crawl->state, &page, err);
	return rc == FLONG_OK ? revisits_note_page(crawl, flight, err) : rc;
}
