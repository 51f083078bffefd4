/* SPDX-License-Identifier: MIT */
/* state.c - related stories that a page only names in its embedded JSON state */
#include "article/state.h"

#include <stdlib.h>

#include "article/plain.h"
#include "article/script_state.h"
#include "article/url_key.h"
#include "article/words.h"
#include "base/alloc.h"
#include "base/json.h"

/* Largest state that is read: parsing takes about 20 ms a megabyte. */
#define STATE_BYTES_MAX ((size_t)1 << 20)
/* Values that are visited, and how deep; a real state has under 20,000. */
#define VALUES_MAX 60000
#define DEPTH_MAX 40
/* Stories that are taken from states. */
#define STORIES_MAX 60
/* Accepted stories that must also be in the state, so that its objects are known to be teasers. */
#define KNOWN_MIN 2

/* An object of the state that may be a story. */
struct find {
	struct url *url; /* owned */
	struct bytes title;
	uint64_t hash;
};

struct search {
	const struct evidence *evidence;
	const struct url *base;
	const struct page_result *result;
	struct bytes site;
	struct url_table ids; /* identifiers of the page and of all that it links to */
	struct find finds[STORIES_MAX];
	size_t find_count;
	size_t known;
	size_t values;
	int depth;
};

/* What one object says about itself. */
struct object {
	struct search *search;
	struct bytes url;
	struct bytes title;
	double words;
};

static bool is_title_name(struct bytes name)
{
	static const char *const names[] = {
		"title", "headline", "shortTitle", "teaserTitle", "name", "hed"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal(name, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* An address of the make of the page's own: a path or a whole URL, without spaces. */
static bool is_story_address(const struct search *search, struct bytes text)
{
	bool is_path = text.len > 8 && text.ptr[0] == '/' && text.ptr[1] != '/';
	bool is_url = bytes_starts(text, BYTES("https://")) || bytes_starts(text, BYTES("http://"));
	if ((!is_path && !is_url) || text.len > 1000 || bytes_find_char(text, ' ', 0) != SIZE_MAX ||
		bytes_find_char(text, '{', 0) != SIZE_MAX) {
		return false;
	}
	size_t path = is_path ? 0 : bytes_find_char(text, '/', 8);
	struct url_shape shape = url_shape_of(bytes_slice(text, path, text.len), BYTES(""));
	return !shape.is_file && url_shape_points(&shape) >= 1.5 &&
	       url_shape_agreement(&shape, &search->evidence->seed) >= 1;
}

static void visit(struct search *search, const struct json *value);

static bool see_member(struct bytes name, const struct json *value, void *context)
{
	struct object *object = context;
	if (json_type(value) == JSON_STRING) {
		struct bytes text = json_text(value);
		if (object->url.len == 0 && is_story_address(object->search, text)) {
			object->url = text;
		} else if (is_title_name(name) && words_count(text) > object->words) {
			object->title = text;
			object->words = words_count(text);
		}
		return true;
	}
	visit(object->search, value);
	return object->search->values < VALUES_MAX;
}

/* Keeps the object when it is a story that the markup does not name. */
static void consider(struct search *search, const struct object *object)
{
	struct flong_error ignored;
	SCOPED(url_closep) struct url *url = NULL;
	if (object->url.len == 0 || object->words < 3 || search->find_count == STORIES_MAX ||
		url_parse(object->url, search->base, &url, &ignored) < 0 || !url->is_http ||
		!url_key_in_domain(url->host, search->site)) {
		return;
	}
	bool is_own;
	uint32_t candidate = evidence_candidate_of(search->evidence, url, &is_own);
	if (candidate != OUTLINE_NONE) {
		search->known += search->result->stories[candidate].accepted ? 1 : 0;
		return;
	}
	struct url_shape shape = url_shape_of(url->path, url->query);
	if (shape.id != URL_ID_NONE && url_table_has(&search->ids, url_table_hash(shape.id_text))) {
		return; /* the same story under an earlier address */
	}
	uint64_t hash = bytes_hash(url->all);
	for (size_t i = 0; i < search->find_count; i++) {
		if (search->finds[i].hash == hash) {
			return;
		}
	}
	if (!is_own) {
		search->finds[search->find_count++] =
			(struct find){.url = TAKE(url), .title = object->title, .hash = hash};
	}
}

static void visit(struct search *search, const struct json *value)
{
	search->values++;
	if (search->depth >= DEPTH_MAX || search->values >= VALUES_MAX) {
		return;
	}
	search->depth++;
	if (json_type(value) == JSON_ARRAY) {
		for (size_t i = 0; i < json_count(value) && search->values < VALUES_MAX; i++) {
			visit(search, json_at(value, i));
		}
	} else if (json_type(value) == JSON_OBJECT) {
		struct object object = {.search = search};
		json_each(value, see_member, &object);
		consider(search, &object);
	}
	search->depth--;
}

/* Whether the text names enough accepted stories: spares the parsing of other states. */
static bool names_stories(
	const struct evidence *evidence, const struct page_result *result, struct bytes text)
{
	size_t named = 0;
	size_t looked = 0;
	for (size_t i = 0; i < evidence->candidate_count && looked < 12; i++) {
		struct bytes last = evidence->candidates[i].shape.last;
		if (result->stories[i].accepted && last.len >= 5) {
			looked++;
			named += bytes_find(text, last, 0) != SIZE_MAX ? 1 : 0;
			if (named >= KNOWN_MIN) {
				return true;
			}
		}
	}
	return false;
}

static void append(struct search *search, struct page_result *result)
{
	size_t count = result->story_count + search->find_count;
	result->stories = alloc_resize(result->stories, count, sizeof(result->stories[0]));
	for (size_t i = 0; i < search->find_count; i++) {
		const struct url *url = search->finds[i].url;
		struct url_shape shape = url_shape_of(url->path, url->query);
		double points = url_shape_points(&shape) +
				url_shape_agreement(&shape, &search->evidence->seed);
		struct buf reasons = {0};
		buf_addf(&reasons, "embedded state %+.1f", points);
		result->stories[result->story_count++] =
			(struct page_story){.url = page_result_keep(result, url->all),
				.title = plain_keep(result, search->finds[i].title),
				.reasons = page_result_keep(result, buf_bytes(&reasons)),
				.kind = STORY_STATE,
				.score = points};
		buf_clear(&reasons);
	}
}

static void add_ids(struct search *search)
{
	const struct evidence *evidence = search->evidence;
	bool ignored;
	for (size_t i = 0; i < evidence->candidate_count; i++) {
		const struct url_shape *shape = &evidence->candidates[i].shape;
		if (shape->id != URL_ID_NONE) {
			(void)url_table_slot(
				&search->ids, url_table_hash(shape->id_text), &ignored);
		}
	}
	if (evidence->seed.id != URL_ID_NONE) {
		(void)url_table_slot(
			&search->ids, url_table_hash(evidence->seed.id_text), &ignored);
	}
}

static void read_state(const struct evidence *evidence, const struct url *base, struct bytes text,
	struct page_result *result)
{
	struct flong_error ignored;
	SCOPED(json_closep) struct json_document *document = NULL;
	if (json_parse(text, JSON_LENIENT, &document, &ignored) < 0) {
		return; /* not JSON after all */
	}
	struct search search = {.evidence = evidence,
		.base = base,
		.result = result,
		.site = url_registrable_domain(base->host)};
	add_ids(&search);
	visit(&search, json_root(document));
	if (search.known >= KNOWN_MIN && search.find_count > 0) {
		append(&search, result);
	}
	for (size_t i = 0; i < search.find_count; i++) {
		url_close(search.finds[i].url);
	}
	url_table_clear(&search.ids);
}

void state_find(const struct evidence *evidence, const struct url *base, struct page_result *result)
{
	const struct outline *outline = evidence->outline;
	size_t read = 0;
	for (uint32_t i = 0; i + 1 < outline->count; i++) {
		if (outline->nodes[i].tag != TAG_SCRIPT) {
			continue;
		}
		struct bytes text = outline_text(outline, i + 1);
		struct bytes type = outline_value(outline, i, ATTR_TYPE);
		if (bytes_find_nocase(type, BYTES("json"), 0) == SIZE_MAX) {
			text = bytes_slice(text, script_state_start(text), text.len);
		}
		if (text.len < 200 || read + text.len > STATE_BYTES_MAX ||
			bytes_find_nocase(type, BYTES("ld+json"), 0) != SIZE_MAX ||
			!names_stories(evidence, result, text)) {
			continue;
		}
		read += text.len;
		read_state(evidence, base, text, result);
		return; /* one state a page */
	}
}
