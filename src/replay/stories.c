/* SPDX-License-Identifier: MIT */
/* stories.c - the stories of a holding for the library */
#include "replay/stories.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/limits.h"
#include "index/cdxj.h"

#define READ_BYTES ((size_t)64 << 10)

static void story_clear(struct story *story)
{
	buf_clear(&story->url);
	buf_clear(&story->headline);
	buf_clear(&story->kicker);
	buf_clear(&story->description);
	buf_clear(&story->image);
	buf_clear(&story->instead);
	buf_clear(&story->digest);
}

void stories_clear(struct stories *stories)
{
	for (size_t i = 0; i < stories->count; i++) {
		story_clear(&stories->items[i]);
	}
	free(stories->items);
	*stories = (struct stories){0};
}

/* --- one line ----------------------------------------------------------------------------------
 */

struct reading {
	struct stories *stories;
	struct bytes words;
};

static struct bytes text_of(const struct json *object, const char *name)
{
	return json_text(json_get(object, name));
}

/* Whether each word stands in one of the texts. */
static bool has_words(struct bytes words, const struct json *line)
{
	static const char *const places[] = {
		"headline", "title", "description", "text", "url", "kicker"};
	struct bytes word;
	while (bytes_next_item(&words, ' ', &word)) {
		bool is_there = word.len == 0;
		for (size_t i = 0; !is_there && i < sizeof(places) / sizeof(places[0]); i++) {
			is_there = bytes_find_nocase(text_of(line, places[i]), word, 0) != SIZE_MAX;
		}
		if (!is_there) {
			return false;
		}
	}
	return true;
}

/* The same story, captured before or after. */
static struct story *find_story(struct stories *stories, struct bytes url)
{
	for (size_t i = 0; i < stories->count; i++) {
		if (bytes_equal(buf_bytes(&stories->items[i].url), url)) {
			return &stories->items[i];
		}
	}
	return NULL;
}

static struct story *add_story(struct stories *stories)
{
	if (stories->count == stories->capacity) {
		stories->capacity = stories->capacity == 0 ? 64 : stories->capacity * 2;
		stories->items = (struct story *)alloc_resize(
			stories->items, stories->capacity, sizeof(stories->items[0]));
	}
	struct story *story = &stories->items[stories->count++];
	*story = (struct story){0};
	return story;
}

static void set_text(struct buf *out, struct bytes text)
{
	buf_reset(out);
	buf_add(out, text);
}

bool stories_line_time(const struct json *line, int64_t *captured_ms_out)
{
	struct bytes time = text_of(line, "timestamp");
	return clock_parse_iso(time.len > 0 ? time : text_of(line, "ts"), captured_ms_out);
}

/* Lines stand in the order of their captures, but for those of several archives in one. */
static void count_change(struct story *story, const struct json *line)
{
	struct bytes digest = text_of(line, "versionDigest");
	if (digest.len > 0 && story->digest.len > 0 &&
		!bytes_equal(digest, buf_bytes(&story->digest))) {
		story->changes++;
	}
	if (digest.len > 0) {
		set_text(&story->digest, digest);
	}
}

static void take_story(void *context, const struct json *line)
{
	struct reading *reading = (struct reading *)context;
	struct stories *stories = reading->stories;
	struct bytes url = text_of(line, "url");
	int64_t captured_ms = 0;
	if (url.len == 0 || !stories_line_time(line, &captured_ms) ||
		!has_words(reading->words, line)) {
		return;
	}
	struct story *story = find_story(stories, url);
	if (story == NULL && stories->count == LIMIT_LIBRARY_STORIES) {
		stories->total++;
		return;
	}
	if (story == NULL) {
		story = add_story(stories);
		stories->total++;
	} else if (captured_ms == story->captured_ms) {
		return; /* one capture in two lists */
	}
	story->captures++;
	count_change(story, line);
	if (story->captures > 1 && captured_ms < story->captured_ms) {
		return;
	}
	struct bytes headline = text_of(line, "headline");
	set_text(&story->url, url);
	set_text(&story->headline, headline.len > 0 ? headline : text_of(line, "title"));
	set_text(&story->kicker, text_of(line, "kicker"));
	set_text(&story->description, text_of(line, "description"));
	set_text(&story->image, text_of(json_get(line, "image"), "url"));
	const struct json *is_captured = json_get(line, "captured");
	bool is_replaced = json_type(is_captured) == JSON_BOOL && !json_bool(is_captured);
	set_text(&story->instead, is_replaced ? text_of(line, "class") : BYTES(""));
	story->captured_ms = captured_ms;
	story->depth = (int)json_int(json_get(line, "depth"));
	story->published_ms = 0;
	(void)clock_parse_iso(text_of(json_get(line, "published"), "value"), &story->published_ms);
}

/* Where lines go while they are read. */
struct listening {
	stories_line *each;
	void *context;
};

static void take_line(const struct listening *listening, struct bytes line)
{
	struct json_document *document = NULL;
	struct flong_error ignored = {0};
	if (json_parse(line, JSON_LENIENT, &document, &ignored) == FLONG_OK) {
		listening->each(listening->context, json_root(document));
		json_close(document);
	}
}

/* --- the lists ---------------------------------------------------------------------------------
 */

static int take_lines(
	const struct listening *listening, struct source *source, struct flong_error *err)
{
	SCOPED(free_textp) char *room = (char *)alloc_zeroed(1, READ_BYTES);
	SCOPED(buf_clear) struct buf line = buf_with_max(LIMIT_LIST_LINE_BYTES);
	for (;;) {
		size_t got = 0;
		int rc = source_read(source, room, READ_BYTES, &got, err);
		if (rc != FLONG_OK) {
			take_line(listening, buf_bytes(&line));
			return rc == FLONG_END ? FLONG_OK : rc;
		}
		struct bytes rest = bytes_from(room, got);
		struct bytes part;
		while (bytes_cut(rest, '\n', &part, &rest)) {
			buf_add(&line, part);
			if (!buf_failed(&line)) {
				take_line(listening, buf_bytes(&line));
			}
			buf_reset(&line);
		}
		buf_add(&line, rest);
	}
}

/* Reads one of the lists; *found_out: it is there. */
static int take_file(const struct listening *listening, const struct holding *holding,
	const char *path, bool *found_out, struct flong_error *err)
{
	const struct wacz_reader *reader = holding_reader(holding);
	const struct wacz_file *file =
		reader != NULL ? wacz_reader_find(reader, bytes_of(path)) : NULL;
	if (file == NULL) {
		return FLONG_OK;
	}
	*found_out = true;
	SCOPED(source_closep) struct source *source = NULL;
	int rc = wacz_reader_open_file_at(reader, file, 0, &source, err);
	return rc == FLONG_OK ? take_lines(listening, source, err) : rc;
}

/* Without any list: replies that are pages. */
static int take_index(
	const struct listening *listening, const struct holding *holding, struct flong_error *err)
{
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(holding);
	struct bytes line;
	int rc = lookup_find(lookup, BYTES(""), LOOKUP_PREFIX, err);
	while (rc == FLONG_OK && (rc = lookup_next(lookup, &line, err)) == FLONG_OK) {
		SCOPED(cdxj_clear) struct cdxj_row row = {0};
		struct flong_error ignored = {0};
		int64_t time_ms = 0;
		char iso[CLOCK_ISO_SIZE];
		if (cdxj_parse(line, &row, &ignored) < 0 ||
			!bytes_equal(row.entry.status, BYTES("200")) ||
			!bytes_equal(row.entry.mime, BYTES("text/html")) ||
			!clock_parse_digits(row.entry.timestamp, &time_ms)) {
			continue;
		}
		SCOPED(buf_clear) struct buf object = {0};
		clock_format_iso_ms(time_ms, iso);
		buf_add_char(&object, '{');
		json_add_member(&object, "url", row.entry.url);
		json_add_member(&object, "title", row.entry.url);
		json_add_member(&object, "ts", bytes_of(iso));
		buf_add_char(&object, '}');
		take_line(listening, buf_bytes(&object));
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static int compare_stories(const void *a, const void *b)
{
	const struct story *left = (const struct story *)a;
	const struct story *right = (const struct story *)b;
	bool left_is_seed = left->depth == 0;
	bool right_is_seed = right->depth == 0;
	if (left_is_seed != right_is_seed) {
		return left_is_seed ? -1 : 1;
	}
	if (left->captured_ms != right->captured_ms) {
		return left->captured_ms > right->captured_ms ? -1 : 1;
	}
	return bytes_compare(buf_bytes(&left->url), buf_bytes(&right->url));
}

int stories_each(const struct holding *holding, bool wants_texts, stories_line *each, void *context,
	struct flong_error *err)
{
	/* Texts stand in the lists of pages; what else a story has in its own. */
	static const char *const lists[] = {
		"stories/stories.jsonl", "pages/extraPages.jsonl", "pages/pages.jsonl"};
	const struct listening listening = {each, context};
	bool is_found = false;
	int rc = FLONG_OK;
	if (!wants_texts) {
		rc = take_file(&listening, holding, lists[0], &is_found, err);
	}
	/* Some writers have the seeds in one list only and the other pages in the other. */
	bool is_whole = is_found;
	for (size_t i = 1; rc == FLONG_OK && !is_whole && i < sizeof(lists) / sizeof(lists[0]);
		i++) {
		rc = take_file(&listening, holding, lists[i], &is_found, err);
	}
	if (rc == FLONG_OK && !is_found) {
		rc = take_index(&listening, holding, err);
	}
	return rc;
}

int stories_read(const struct holding *holding, struct bytes words, struct stories *stories_out,
	struct flong_error *err)
{
	struct reading reading = {stories_out, words};
	int rc = stories_each(holding, words.len > 0, take_story, &reading, err);
	if (stories_out->count > 0) {
		qsort(stories_out->items, stories_out->count, sizeof(stories_out->items[0]),
			compare_stories);
	}
	return rc;
}
