/* SPDX-License-Identifier: MIT */
/* story.c - what a page says of itself, as fields and as JSON */
#include "crawl/story.h"

#include "article/article_json.h"
#include "article/compare.h"
#include "base/clock.h"
#include "base/json.h"
#include "warc/record.h"

static void add_field(struct buf *lines, const char *name, struct bytes value)
{
	if (value.len > 0) {
		record_add_field(lines, name, value);
	}
}

static void add_fields(struct buf *lines, const char *name, const struct page_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		add_field(lines, name, texts->items[i]);
	}
}

/* The letter that Heritrix has for how one comes to the link. */
static char hop_of(const struct link *link)
{
	if (link->role == ROLE_REDIRECT) {
		return 'R';
	}
	if (link->kind == LINK_REQUISITE) {
		return link_is_guess(link) ? 'I' : 'E';
	}
	return 'L';
}

static void add_outlink(struct buf *lines, const struct link *link)
{
	buf_add_text(lines, "outlink: ");
	buf_add(lines, link->url);
	buf_addf(lines, " %c ", hop_of(link));
	for (const char *c = link->where; *c != '\0'; c++) {
		buf_add_char(lines, *c == ' ' ? '/' : *c);
	}
	buf_add_text(lines, "\r\n");
}

void story_add_fields(
	const struct story_capture *capture, const struct page_result *result, struct buf *lines)
{
	add_field(lines, "class", bytes_of(verdict_name(capture->verdict, result->class)));
	add_field(lines, "classReason", capture->reasons);
	add_field(lines, "title", result->title);
	add_field(lines, "headline", result->headline);
	add_field(lines, "published", result->published.value);
	add_field(lines, "modified", result->modified.value);
	add_fields(lines, "author", &result->authors);
	add_fields(lines, "agency", &result->agencies);
	add_field(lines, "section", result->section);
	add_field(lines, "language", result->language);
	add_field(lines, "canonical", result->canonical);
	add_field(lines, "shortLink", result->short_url);
	for (size_t i = 0; i < result->links.count; i++) {
		add_outlink(lines, &result->links.items[i]);
	}
}

void story_add_json(const struct story_capture *capture, const struct page_result *result,
	const struct digest *text_digest, struct buf *out)
{
	char timestamp[CLOCK_ISO_SIZE];
	clock_format_iso_ms(capture->captured_ms, timestamp);
	buf_add_char(out, '{');
	json_add_member(out, "url", bytes_of(capture->url));
	json_add_member(out, "timestamp", bytes_of(timestamp));
	if (capture->via != NULL) {
		json_add_member(out, "via", bytes_of(capture->via));
	}
	json_add_member_u64(out, "depth", (uint64_t)capture->depth);
	article_json_add_class(out, result, capture->verdict, capture->reasons);
	json_add_member(out, "record", bytes_of(capture->record_id));
	article_json_add_members(out, result);
	char text[DIGEST_TEXT_SIZE];
	digest_format(text_digest, text);
	json_add_member(out, "textDigest", bytes_of(text));
	json_add_member_u64(out, "textBytes", result->text.len);
	struct digest version = compare_digest(result);
	digest_format(&version, text);
	json_add_member(out, "versionDigest", bytes_of(text));
	buf_add_text(out, "}\n");
}
