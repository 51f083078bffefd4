/* SPDX-License-Identifier: MIT */
/* article_json.c - a page's findings as JSON */
#include "article/article_json.h"

#include <math.h>

#include "article/videos.h"
#include "base/json.h"

static void add_score(struct buf *out, double score)
{
	json_add_name(out, "score");
	buf_addf(out, "%.2f", isfinite(score) ? score : 0.0);
}

/* "a +1; b -2" as an array. */
static void add_reasons(struct buf *out, struct bytes reasons)
{
	json_add_name(out, "reasons");
	buf_add_char(out, '[');
	struct bytes item;
	const char *comma = "";
	while (bytes_next_item(&reasons, ';', &item)) {
		buf_add_text(out, comma);
		json_add_string(out, bytes_trim(item));
		comma = ",";
	}
	buf_add_char(out, ']');
}

static void add_story(struct buf *out, const struct page_story *story)
{
	buf_add_char(out, '{');
	json_add_member(out, "url", story->url);
	json_add_member(out, "title", story->title);
	json_add_member(out, "kind", bytes_of(story_kind_name(story->kind)));
	json_add_member(out, "section", story->section);
	json_add_member(out, "date", story->date);
	json_add_member(out, "kicker", story->kicker);
	json_add_member(out, "duration", story->duration);
	add_score(out, story->score);
	json_add_member_bool(out, "accepted", story->accepted);
	add_reasons(out, story->reasons);
	buf_add_char(out, '}');
}

void article_json_add_related(struct buf *out, const struct page_result *result)
{
	for (size_t i = 0; i < result->story_count; i++) {
		add_story(out, &result->stories[i]);
		buf_add_char(out, '\n');
	}
}

static void add_date(struct buf *out, const char *name, const struct page_date *date)
{
	json_add_name(out, name);
	if (date->value.len == 0) {
		buf_add_text(out, "null");
		return;
	}
	buf_add_char(out, '{');
	json_add_member(out, "value", date->value);
	json_add_member(out, "source", bytes_of(date->source));
	json_add_member(out, "precision", bytes_of(date->precision));
	buf_add_char(out, '}');
}

static void add_texts(struct buf *out, const char *name, const struct page_texts *texts)
{
	json_add_name(out, name);
	buf_add_char(out, '[');
	for (size_t i = 0; i < texts->count; i++) {
		buf_add_text(out, i == 0 ? "" : ",");
		json_add_string(out, texts->items[i]);
	}
	buf_add_char(out, ']');
}

static void add_image(struct buf *out, const struct page_result *result)
{
	json_add_name(out, "image");
	if (result->image_url.len == 0) {
		buf_add_text(out, "null");
		return;
	}
	buf_add_char(out, '{');
	json_add_member(out, "url", result->image_url);
	json_add_member(out, "caption", result->image_caption);
	json_add_member(out, "credit", result->image_credit);
	buf_add_char(out, '}');
}

static void add_videos(struct buf *out, const struct page_result *result)
{
	json_add_name(out, "videos");
	buf_add_char(out, '[');
	for (size_t i = 0; i < result->video_count; i++) {
		const struct page_video *video = &result->videos[i];
		SCOPED(buf_clear) struct buf duration = {0};
		videos_add_duration(&duration, video->seconds);
		buf_add_text(out, i == 0 ? "{" : ",{");
		json_add_member(out, "url", video->url);
		json_add_member(out, "title", video->title);
		json_add_member(out, "duration", buf_bytes(&duration));
		json_add_member_u64(out, "seconds", video->seconds);
		json_add_member(out, "source", bytes_of(video->source));
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_accepted(struct buf *out, const struct page_result *result)
{
	json_add_name(out, "related");
	buf_add_char(out, '[');
	const char *comma = "";
	for (size_t i = 0; i < result->story_count; i++) {
		if (result->stories[i].accepted) {
			buf_add_text(out, comma);
			add_story(out, &result->stories[i]);
			comma = ",";
		}
	}
	buf_add_char(out, ']');
}

void article_json_add_members(struct buf *out, const struct page_result *result)
{
	json_add_member(out, "canonical", result->canonical);
	json_add_member(out, "short_url", result->short_url);
	json_add_member(out, "amp_url", result->amp_url);
	json_add_member(out, "title", result->title);
	json_add_member(out, "headline", result->headline);
	json_add_member(out, "kicker", result->kicker);
	json_add_member(out, "description", result->description);
	add_date(out, "published", &result->published);
	add_date(out, "modified", &result->modified);
	add_texts(out, "authors", &result->authors);
	add_texts(out, "agencies", &result->agencies);
	json_add_member(out, "section", result->section);
	json_add_member(out, "language", result->language);
	add_texts(out, "tags", &result->tags);
	json_add_member(out, "favicon", result->favicon);
	add_image(out, result);
	add_videos(out, result);
	add_accepted(out, result);
}

void article_json_add_class(struct buf *out, const struct page_result *result, enum verdict verdict,
	struct bytes reasons)
{
	json_add_member(out, "class", bytes_of(verdict_name(verdict, result->class)));
	json_add_member_bool(out, "captured", verdict == VERDICT_NONE);
	add_reasons(out, reasons);
}

void article_json_add_article(struct buf *out, struct bytes url, const struct page_result *result,
	enum verdict verdict, struct bytes reasons)
{
	buf_add_char(out, '{');
	json_add_member(out, "url", url);
	article_json_add_class(out, result, verdict, reasons);
	article_json_add_members(out, result);
	json_add_member(out, "text", result->text);
	json_add_member(out, "markdown", result->markdown);
	add_texts(out, "captions", &result->captions);
	buf_add_text(out, "}\n");
}
