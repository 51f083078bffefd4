/* SPDX-License-Identifier: MIT */
/* page_result.c - storage of a page's findings, and the findings as bytes and back
 *
 * The bytes cross from a parser process, which has read hostile input, to the crawl: reading them
 * trusts nothing. Layout: "FPR" and a version byte, then the fields in a fixed order; numbers are
 * little endian, texts are a 32-bit length and bytes. */
#include "article/page.h"

#include <stdlib.h>
#include <string.h>

#include "article/signs.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "web/charset.h"

/* Pieces double: most results are small, and many wait at once. */
#define CHUNK_MIN_BYTES ((size_t)1 << 10)
#define CHUNK_MAX_BYTES ((size_t)8 << 10)
#define MAGIC BYTES("FPR\x04")

/* One piece of storage; texts never move. */
struct chunk {
	struct chunk *next; /* owned */
	size_t used;
	size_t size;
	char data[];
};

/* All storage of a result. */
struct arena {
	struct chunk *first; /* owned */
	size_t total;
};

static char *arena_take(struct page_result *result, size_t len)
{
	if (result->arena == NULL) {
		result->arena = ALLOC(struct arena);
	}
	struct arena *arena = result->arena;
	if (len > LIMIT_PAGE_TEXT_BYTES || arena->total > LIMIT_PAGE_TEXT_BYTES - len) {
		return NULL;
	}
	struct chunk *chunk = arena->first;
	if (chunk == NULL || chunk->size - chunk->used < len) {
		size_t usual = chunk == NULL ? CHUNK_MIN_BYTES : 2 * chunk->size;
		usual = usual < CHUNK_MAX_BYTES ? usual : CHUNK_MAX_BYTES;
		size_t size = len > usual / 4 ? len : usual;
		struct chunk *fresh = alloc_resize(NULL, 1, sizeof(*fresh) + size);
		*fresh = (struct chunk){.size = size};
		if (chunk != NULL && size == len) {
			/* A large text has its own piece; the open one stays in front. */
			fresh->next = chunk->next;
			chunk->next = fresh;
		} else {
			fresh->next = chunk;
			arena->first = fresh;
		}
		chunk = fresh;
	}
	char *place = chunk->data + chunk->used;
	chunk->used += len;
	arena->total += len;
	return place;
}

struct bytes page_result_keep(struct page_result *result, struct bytes text)
{
	if (text.len == 0) {
		return (struct bytes){NULL, 0};
	}
	char *place = arena_take(result, text.len);
	if (place == NULL) {
		return (struct bytes){NULL, 0};
	}
	memcpy(place, text.ptr, text.len);
	return bytes_from(place, text.len);
}

void page_result_clear(struct page_result *result)
{
	link_list_clear(&result->links);
	free(result->stories);
	free(result->videos);
	free(result->authors.items);
	free(result->agencies.items);
	free(result->tags.items);
	free(result->captions.items);
	struct arena *arena = result->arena;
	if (arena != NULL) {
		struct chunk *chunk = arena->first;
		while (chunk != NULL) {
			struct chunk *next = chunk->next;
			free(chunk);
			chunk = next;
		}
		free(arena);
	}
	*result = (struct page_result){0};
}

const char *story_kind_name(enum story_kind kind)
{
	static const char *const names[] = {"related", "more", "inline", "pagination", "section",
		"nav", "other", "state", "entry", "list"};
	return (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "other";
}

/* Closed sets of static texts: a number on the wire, the text in memory. */
static const char *const date_sources[] = {
	NULL, "json-ld", "meta", "itemprop", "time", "url", "text", "state", "image"};
static const char *const video_sources[] = {NULL, "json-ld", "itemprop", "meta", "video"};
static const char *const date_precisions[] = {NULL, "second", "minute", "hour", "day", "relative"};
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static uint32_t number_of(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 1; name != NULL && i < count; i++) {
		if (strcmp(names[i], name) == 0) {
			return (uint32_t)i;
		}
	}
	return 0;
}

static void put_u64(struct buf *out, uint64_t number)
{
	char raw[8];
	for (size_t i = 0; i < sizeof(raw); i++) {
		raw[i] = (char)(unsigned char)(number >> (8 * i));
	}
	buf_add(out, bytes_from(raw, sizeof(raw)));
}

static void put_u32(struct buf *out, uint32_t number)
{
	char raw[4];
	for (size_t i = 0; i < sizeof(raw); i++) {
		raw[i] = (char)(unsigned char)(number >> (8 * i));
	}
	buf_add(out, bytes_from(raw, sizeof(raw)));
}

static void put_text(struct buf *out, struct bytes text)
{
	put_u32(out, (uint32_t)text.len);
	buf_add(out, text);
}

static void put_texts(struct buf *out, const struct page_texts *texts)
{
	put_u32(out, (uint32_t)texts->count);
	for (size_t i = 0; i < texts->count; i++) {
		put_text(out, texts->items[i]);
	}
}

static void put_date(struct buf *out, const struct page_date *date)
{
	put_text(out, date->value);
	put_u32(out, number_of(date_sources, COUNT_OF(date_sources), date->source));
	put_u32(out, number_of(date_precisions, COUNT_OF(date_precisions), date->precision));
}

static void put_signs(struct buf *out, const struct page_signs *signs)
{
	put_u64(out, signs->bits);
	put_u32(out, signs->visible);
	put_u32(out, signs->anchors);
	put_u32(out, signs->told_words);
}

static void put_links(struct buf *out, const struct link_list *links)
{
	put_u32(out, (uint32_t)links->count);
	put_u64(out, links->dropped);
	for (size_t i = 0; i < links->count; i++) {
		const struct link *link = &links->items[i];
		put_text(out, link->url);
		put_u32(out, (uint32_t)link->kind);
		put_u32(out, (uint32_t)link->role);
		put_u32(out, link->candidate);
		put_text(out, bytes_of(link->rule));
		put_text(out, bytes_of(link->where));
		put_text(out, link->rel);
		put_u32(out, link->anchor);
	}
}

static void put_videos(struct buf *out, const struct page_result *result)
{
	put_u32(out, (uint32_t)result->video_count);
	for (size_t i = 0; i < result->video_count; i++) {
		put_text(out, result->videos[i].url);
		put_text(out, result->videos[i].title);
		put_u32(out, result->videos[i].seconds);
		put_u32(out, number_of(video_sources, COUNT_OF(video_sources),
				     result->videos[i].source));
	}
}

static void put_stories(struct buf *out, const struct page_result *result)
{
	put_u32(out, (uint32_t)result->story_count);
	for (size_t i = 0; i < result->story_count; i++) {
		const struct page_story *story = &result->stories[i];
		put_text(out, story->url);
		put_text(out, story->title);
		put_text(out, story->section);
		put_text(out, story->date);
		put_text(out, story->kicker);
		put_text(out, story->duration);
		put_text(out, story->reasons);
		put_u32(out, (uint32_t)story->kind);
		put_u32(out, story->accepted ? 1 : 0);
		uint64_t raw;
		memcpy(&raw, &story->score, sizeof(raw));
		put_u64(out, raw);
	}
}

/* The plain text members in the order of the layout. */
#define TEXT_MEMBERS 15
static void text_members(struct page_result *result, struct bytes *members[TEXT_MEMBERS])
{
	struct bytes *all[TEXT_MEMBERS] = {&result->title, &result->headline, &result->kicker,
		&result->description, &result->section, &result->language, &result->canonical,
		&result->short_url, &result->amp_url, &result->favicon, &result->image_url,
		&result->image_caption, &result->image_credit, &result->text, &result->import_map};
	memcpy(members, all, sizeof(all));
}

int page_result_write(const struct page_result *result, struct buf *out, struct flong_error *err)
{
	buf_add(out, MAGIC);
	put_u32(out, (uint32_t)result->format);
	put_u32(out, (uint32_t)result->class);
	put_signs(out, &result->signs);
	put_u64(out, result->links_dropped);
	put_u32(out, result->is_cut ? 1 : 0);
	put_text(out, bytes_of(result->charset == NULL ? "" : result->charset));
	struct page_result view = *result;
	struct bytes *members[TEXT_MEMBERS];
	text_members(&view, members);
	for (size_t i = 0; i < TEXT_MEMBERS; i++) {
		put_text(out, *members[i]);
	}
	put_date(out, &result->published);
	put_date(out, &result->modified);
	put_texts(out, &result->authors);
	put_texts(out, &result->agencies);
	put_texts(out, &result->tags);
	put_videos(out, result);
	put_stories(out, result);
	put_links(out, &result->links);
	if (buf_failed(out)) {
		return error_set(
			err, FLONG_E_LIMIT, "the findings of a page pass %zu bytes", out->max);
	}
	return FLONG_OK;
}

/* Reads forward; any fault makes all later reads give nothing. */
struct reader {
	struct bytes rest;
	struct page_result *result;
	bool failed;
};

static uint64_t take_number(struct reader *reader, size_t size)
{
	if (reader->failed || reader->rest.len < size) {
		reader->failed = true;
		return 0;
	}
	uint64_t number = 0;
	for (size_t i = 0; i < size; i++) {
		number |= (uint64_t)(unsigned char)reader->rest.ptr[i] << (8 * i);
	}
	reader->rest = bytes_slice(reader->rest, size, reader->rest.len);
	return number;
}

static uint32_t take_u32(struct reader *reader)
{
	return (uint32_t)take_number(reader, 4);
}

/* A number below `end`: an enumeration or an index. */
static uint32_t take_below(struct reader *reader, size_t end)
{
	uint32_t number = take_u32(reader);
	if (number >= end) {
		reader->failed = true;
		return 0;
	}
	return number;
}

/* How many items follow; each takes at least `item_bytes`, so that the memory asked for is bounded
 * by the input. */
static size_t take_count(struct reader *reader, size_t item_bytes)
{
	uint32_t count = take_u32(reader);
	if (count > reader->rest.len / item_bytes) {
		reader->failed = true;
		return 0;
	}
	return count;
}

static struct bytes take_borrowed(struct reader *reader)
{
	uint32_t len = take_u32(reader);
	if (reader->failed || len > reader->rest.len) {
		reader->failed = true;
		return (struct bytes){NULL, 0};
	}
	struct bytes text = bytes_slice(reader->rest, 0, len);
	reader->rest = bytes_slice(reader->rest, len, reader->rest.len);
	return text;
}

static struct bytes take_text(struct reader *reader)
{
	return page_result_keep(reader->result, take_borrowed(reader));
}

static void take_texts(struct reader *reader, struct page_texts *texts_out)
{
	size_t count = take_count(reader, 4);
	if (count == 0) {
		return;
	}
	texts_out->items = ALLOC_ARRAY(struct bytes, count);
	for (size_t i = 0; i < count && !reader->failed; i++) {
		texts_out->items[i] = take_text(reader);
		texts_out->count++;
	}
}

static void take_date(struct reader *reader, struct page_date *date_out)
{
	date_out->value = take_text(reader);
	date_out->source = date_sources[take_below(reader, COUNT_OF(date_sources))];
	date_out->precision = date_precisions[take_below(reader, COUNT_OF(date_precisions))];
	bool is_whole = date_out->source != NULL && date_out->precision != NULL;
	reader->failed = reader->failed || (date_out->value.len > 0 && !is_whole);
}

static void take_signs(struct reader *reader, struct page_signs *signs_out)
{
	signs_out->bits = take_number(reader, 8);
	reader->failed = reader->failed || (signs_out->bits & ~SIGNS_OF_PAGE) != 0;
	signs_out->visible = take_u32(reader);
	signs_out->anchors = take_u32(reader);
	signs_out->told_words = take_u32(reader);
}

static void take_videos(struct reader *reader)
{
	size_t count = take_count(reader, 4 * 4);
	if (count == 0 || count > LIMIT_PAGE_VIDEOS) {
		reader->failed = reader->failed || count > LIMIT_PAGE_VIDEOS;
		return;
	}
	reader->result->videos = ALLOC_ARRAY(struct page_video, count);
	for (size_t i = 0; i < count && !reader->failed; i++) {
		struct page_video *video = &reader->result->videos[i];
		video->url = take_text(reader);
		video->title = take_text(reader);
		video->seconds = take_u32(reader);
		video->source = video_sources[take_below(reader, COUNT_OF(video_sources))];
		reader->failed = reader->failed || video->source == NULL;
		reader->result->video_count += !reader->failed;
	}
}

static void take_stories(struct reader *reader)
{
	size_t count = take_count(reader, 7 * 4 + 2 * 4 + 8);
	if (count == 0) {
		return;
	}
	reader->result->stories = ALLOC_ARRAY(struct page_story, count);
	for (size_t i = 0; i < count && !reader->failed; i++) {
		struct page_story *story = &reader->result->stories[i];
		story->url = take_text(reader);
		story->title = take_text(reader);
		story->section = take_text(reader);
		story->date = take_text(reader);
		story->kicker = take_text(reader);
		story->duration = take_text(reader);
		story->reasons = take_text(reader);
		story->kind = (enum story_kind)take_below(reader, STORY_LIST + 1);
		story->accepted = take_below(reader, 2) == 1;
		uint64_t raw = take_number(reader, 8);
		memcpy(&story->score, &raw, sizeof(raw));
		reader->result->story_count++;
	}
}

/* Texts that are static at the sender (rule, where) are few: each is kept once. */
#define NAMES_MAX 256
struct names {
	struct bytes items[NAMES_MAX]; /* each with its zero behind it */
	size_t count;
};

static const char *take_name(struct reader *reader, struct names *names)
{
	struct bytes text = take_borrowed(reader);
	if (text.len == 0 || text.len > 64 || memchr(text.ptr, '\0', text.len) != NULL) {
		reader->failed = reader->failed || text.len != 0;
		return "";
	}
	for (size_t i = 0; i < names->count; i++) {
		if (bytes_equal(names->items[i], text)) {
			return names->items[i].ptr;
		}
	}
	char *copy = names->count < NAMES_MAX ? arena_take(reader->result, text.len + 1) : NULL;
	if (copy == NULL) {
		reader->failed = true;
		return "";
	}
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	names->items[names->count++] = bytes_from(copy, text.len);
	return copy;
}

static void take_links(struct reader *reader)
{
	struct names names;
	names.count = 0;
	size_t count = take_count(reader, 4 * 8);
	uint64_t dropped = take_number(reader, 8);
	for (size_t i = 0; i < count && !reader->failed; i++) {
		struct bytes url = take_borrowed(reader);
		struct link link = {0};
		link.kind = (enum link_kind)take_below(reader, LINK_DISCOVERY + 1);
		link.role = (enum link_role)take_below(reader, ROLE_WORKER + 1);
		link.candidate = take_below(reader, CANDIDATE_ALL_BITS + 1);
		link.rule = take_name(reader, &names);
		link.where = take_name(reader, &names);
		link.rel = take_borrowed(reader);
		link.anchor = take_u32(reader);
		if (!reader->failed) {
			/* Parsed anew: what is no http(s) URL does not pass. */
			(void)link_list_add(&reader->result->links, NULL, url, &link);
		}
	}
	reader->result->links.dropped = (size_t)dropped;
}

int page_result_read(
	struct bytes serialised, struct page_result *result_out, struct flong_error *err)
{
	struct page_result result = {0};
	if (!bytes_starts(serialised, MAGIC)) {
		return error_set(
			err, FLONG_E_FORMAT, "the findings of a page have no known version");
	}
	struct reader reader = {
		.rest = bytes_slice(serialised, MAGIC.len, serialised.len), .result = &result};
	result.format = (enum links_format)take_below(&reader, LINKS_SCRIPT + 1);
	result.class = (enum page_class)take_below(&reader, PAGE_NEEDS_SCRIPTS + 1);
	take_signs(&reader, &result.signs);
	result.links_dropped = take_number(&reader, 8);
	result.is_cut = take_below(&reader, 2) == 1;
	result.charset = charset_from_label(take_borrowed(&reader));
	struct bytes *members[TEXT_MEMBERS];
	text_members(&result, members);
	for (size_t i = 0; i < TEXT_MEMBERS; i++) {
		*members[i] = take_text(&reader);
	}
	take_date(&reader, &result.published);
	take_date(&reader, &result.modified);
	take_texts(&reader, &result.authors);
	take_texts(&reader, &result.agencies);
	take_texts(&reader, &result.tags);
	take_videos(&reader);
	take_stories(&reader);
	take_links(&reader);
	if (reader.failed || reader.rest.len != 0) {
		size_t left = reader.rest.len;
		page_result_clear(&result);
		return error_set(err, FLONG_E_FORMAT,
			"the findings of a page are malformed, %zu bytes before their end", left);
	}
	*result_out = result;
	return FLONG_OK;
}
