/* SPDX-License-Identifier: MIT */
/* metadata.c - headline, dates, authors, pictures and names of a story
 *
 * Every field has sources in an order of trust: what the page says to machines about this story
 * (JSON-LD), then meta elements, then what a reader sees near the headline. */
#include "article/metadata.h"

#include <string.h>

#include "article/authors.h"
#include "article/byline.h"
#include "article/json_ld.h"
#include "article/plain.h"
#include "article/published.h"
#include "article/share_links.h"
#include "article/signs.h"
#include "article/videos.h"
#include "article/words.h"

/* Headings that may be the story's: menus and boxes before it have some too. */
#define HEADINGS_MAX 80

/* Bytes of a title. */
#define TITLE_BYTES 2000
/* A title for other sites that is long enough to be a headline. */
#define SHARED_BYTES ((size_t)20)

/* What is found on the way through the outline. */
struct found {
	const struct outline *outline;
	const struct url *base;
	const struct page_input *input;
	struct page_result *result;
	struct json_ld ld;
	struct bytes og_title, site_name, og_image;
	struct bytes meta_published, meta_modified;
	struct bytes item_published, item_modified;
	struct bytes og_locale;
	struct authors_meta authors;
	uint32_t html;
	uint32_t headline; /* h1 of the story, OUTLINE_NONE */
};

static void set_once(struct bytes *slot, struct bytes value)
{
	if (slot->len == 0) {
		*slot = bytes_trim(value);
	}
}

/* Keeps a URL made absolute, or nothing when it is none. */
static struct bytes keep_url(struct found *found, struct bytes reference)
{
	struct flong_error ignored;
	SCOPED(url_closep) struct url *url = NULL;
	reference = bytes_trim(reference);
	if (reference.len == 0 || url_parse(reference, found->base, &url, &ignored) < 0 ||
		!url->is_http) {
		return (struct bytes){NULL, 0};
	}
	return page_result_keep(found->result, url->all);
}

static void set_url_once(struct found *found, struct bytes *slot, struct bytes reference)
{
	if (slot->len == 0) {
		*slot = keep_url(found, reference);
	}
}

/* Names of meta elements and the member of struct found or of the result that they fill. */
static struct bytes *slot_of_meta(struct found *found, struct bytes name)
{
	struct {
		const char *name;
		struct bytes *slot;
	} slots[] = {{"og:title", &found->og_title}, {"og:site_name", &found->site_name},
		{"og:image", &found->og_image}, {"og:image:url", &found->og_image},
		{"og:locale", &found->og_locale},
		{"article:published_time", &found->meta_published},
		{"og:article:published_time", &found->meta_published},
		{"article:published", &found->meta_published}, {"date", &found->meta_published},
		{"dc.date", &found->meta_published}, {"dc.date.issued", &found->meta_published},
		{"dcterms.created", &found->meta_published}, {"pubdate", &found->meta_published},
		{"publishdate", &found->meta_published}, {"publish-date", &found->meta_published},
		{"parsely-pub-date", &found->meta_published},
		{"sailthru.date", &found->meta_published},
		{"cxenseparse:recs:publishtime", &found->meta_published},
		{"article:modified_time", &found->meta_modified},
		{"og:updated_time", &found->meta_modified}, {"lastmod", &found->meta_modified},
		{"last-modified", &found->meta_modified},
		{"dcterms.modified", &found->meta_modified},
		{"datepublished", &found->item_published}, {"datemodified", &found->item_modified}};
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		if (char_lower(name.ptr[0]) == slots[i].name[0] &&
			bytes_equal_nocase(name, bytes_of(slots[i].name))) {
			return slots[i].slot;
		}
	}
	return NULL;
}

static void see_meta(struct found *found, uint32_t node)
{
	struct bytes content = outline_value(found->outline, node, ATTR_CONTENT);
	struct bytes name = outline_value(found->outline, node, ATTR_PROPERTY);
	name = name.len > 0 ? name : outline_value(found->outline, node, ATTR_NAME);
	name = name.len > 0 ? name : outline_value(found->outline, node, ATTR_ITEMPROP);
	if (name.len == 0 || content.len == 0) {
		return;
	}
	struct page_result *result = found->result;
	struct bytes *slot = slot_of_meta(found, name);
	authors_see_meta(&found->authors, name, content);
	if (slot != NULL) {
		set_once(slot, content);
	} else if (bytes_equal_nocase(name, BYTES("og:description"))) {
		result->description = plain_keep(result, content);
	} else if (bytes_equal_nocase(name, BYTES("description")) && result->description.len == 0) {
		result->description = plain_keep(result, content);
	} else if (bytes_equal_nocase(name, BYTES("article:section"))) {
		result->section =
			result->section.len > 0 ? result->section : plain_keep(result, content);
	} else if (bytes_equal_nocase(name, BYTES("article:tag")) ||
		   bytes_equal_nocase(name, BYTES("keywords")) ||
		   bytes_equal_nocase(name, BYTES("news_keywords"))) {
		struct bytes item;
		while (bytes_next_item(&content, ',', &item)) {
			plain_append(result, &result->tags, item);
		}
	}
}

static void see_link(struct found *found, uint32_t node)
{
	struct bytes rel = outline_value(found->outline, node, ATTR_REL);
	struct bytes href = outline_value(found->outline, node, ATTR_HREF);
	if (words_has_item(rel, "canonical")) {
		set_url_once(found, &found->result->canonical, href);
	} else if (words_has_item(rel, "amphtml")) {
		set_url_once(found, &found->result->amp_url, href);
	} else if (words_has_item(rel, "shortlink")) {
		set_url_once(found, &found->result->short_url, href);
	} else if (words_has_item(rel, "icon")) {
		set_url_once(found, &found->result->favicon, href);
	}
}

static void see_item(struct found *found, uint32_t node)
{
	struct bytes itemprop = outline_value(found->outline, node, ATTR_ITEMPROP);
	if (itemprop.len == 0) {
		return;
	}
	struct bytes value = outline_value(found->outline, node, ATTR_DATETIME);
	value = value.len > 0 ? value : outline_value(found->outline, node, ATTR_CONTENT);
	if (words_has_item(itemprop, "datePublished")) {
		set_once(&found->item_published, value);
	} else if (words_has_item(itemprop, "dateModified")) {
		set_once(&found->item_modified, value);
	}
}

static void walk(struct found *found)
{
	const struct outline *outline = found->outline;
	for (uint32_t i = 0; i < outline->count; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->tag == TAG_META) {
			see_meta(found, i);
		} else if (node->tag == TAG_LINK) {
			see_link(found, i);
		} else if (node->tag == TAG_TITLE && found->result->title.len == 0 &&
			   i + 1 < node->end) {
			/* A reference such as &szlig; ends a text. */
			SCOPED(buf_clear) struct buf title = {0};
			outline_gather(outline, i, TITLE_BYTES, &title);
			found->result->title = plain_keep(found->result, buf_bytes(&title));
		} else if (node->tag == TAG_HTML && found->html == OUTLINE_NONE) {
			found->html = i;
		}
		if (node->tag < TAG_TEXT && node->len > 0) {
			see_item(found, i);
		}
	}
}

/* Cuts a title at the last " | ", " - " or the like; false when it has none. */
static bool cut_at_last_mark(struct bytes title, struct bytes *head_out, struct bytes *tail_out)
{
	static const char *const marks[] = {
		" | ", " - ", " \u2013 ", " \u2014 ", " \u00b7 ", " :: "};
	bool is_cut = false;
	*head_out = (struct bytes){NULL, 0};
	*tail_out = title;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		struct bytes mark = bytes_of(marks[i]);
		size_t at = bytes_find(title, mark, is_cut ? head_out->len + 1 : 0);
		for (; at != SIZE_MAX; at = bytes_find(title, mark, at + 1)) {
			*head_out = bytes_slice(title, 0, at);
			*tail_out = bytes_slice(title, at + mark.len, title.len);
			is_cut = true;
		}
	}
	return is_cut;
}

/* Whether a heading says what the page's title says, with its kicker maybe. The site's name at the
 * title's end is not that. */
static bool is_title(const struct found *found, struct bytes text)
{
	struct bytes told = found->og_title;
	struct bytes head;
	struct bytes tail;
	bool is_site = cut_at_last_mark(found->result->title, &head, &tail) &&
		       plain_same(tail, text) && words_count(head) > words_count(text);
	return text.len >= 8 && !is_site &&
	       (bytes_find(found->result->title, text, 0) != SIZE_MAX ||
		       bytes_find(told, text, 0) != SIZE_MAX ||
		       (told.len >= 20 && bytes_find(text, told, 0) != SIZE_MAX));
}

/* Of the first headings from `first` to `last`, the longest whose words the page's title repeats.
 * *other_out is the first of them with three words or more. */
static uint32_t find_titled(
	const struct found *found, uint8_t first, uint8_t last, uint32_t *other_out)
{
	const struct outline *outline = found->outline;
	SCOPED(buf_clear) struct buf scratch = {0};
	uint32_t best = OUTLINE_NONE;
	size_t best_len = 0;
	*other_out = OUTLINE_NONE;
	int seen = 0;
	for (uint32_t i = 0; i < outline->count && seen < HEADINGS_MAX; i++) {
		uint8_t tag = outline->nodes[i].tag;
		if (tag < first || tag > last) {
			continue;
		}
		seen++;
		buf_reset(&scratch);
		outline_gather(outline, i, 500, &scratch);
		struct bytes text = bytes_trim(buf_bytes(&scratch));
		if (text.len > best_len && is_title(found, text)) {
			best = i;
			best_len = text.len;
		}
		if (*other_out == OUTLINE_NONE && words_count(text) >= 3) {
			*other_out = i;
		}
	}
	return best;
}

/* The h1 whose words the page's title repeats, else the first h1 with three words or more; where
 * h1 is only the site's name, a lower heading that the title repeats. */
static void find_headline_element(struct found *found)
{
	uint32_t other;
	uint32_t ignored;
	found->headline = find_titled(found, TAG_H1, TAG_H1, &other);
	if (found->headline == OUTLINE_NONE) {
		found->headline = other != OUTLINE_NONE
					  ? other
					  : find_titled(found, TAG_H2, TAG_H4, &ignored);
	}
}

/* A title without the site's name at its end: what stands before a mark, when what is cut is short
 * or names the site. */
static struct bytes without_site(struct bytes title, struct bytes site_name, struct bytes host)
{
	struct bytes head;
	struct bytes tail;
	while (cut_at_last_mark(title, &head, &tail)) {
		bool is_site =
			(site_name.len > 0 && plain_same(tail, site_name)) ||
			(tail.len >= 2 && tail.len < 40 &&
				bytes_find_nocase(host, bytes_slice(tail, 0, 5), 0) != SIZE_MAX);
		if (!is_site && !(words_count(tail) <= 3 && words_count(head) >= 4)) {
			break;
		}
		title = bytes_trim(head);
	}
	return title;
}

/* "Kicker: headline" where the title for other sites is the headline alone: both are kept. */
static void part_kicker(struct found *found, struct bytes shared)
{
	static const char *const marks[] = {": ", " - ", " \u2013 ", " | "};
	struct page_result *result = found->result;
	struct bytes headline = result->headline;
	if (shared.len < SHARED_BYTES || headline.len <= shared.len ||
		!bytes_ends(headline, shared)) {
		return;
	}
	struct bytes before = bytes_slice(headline, 0, headline.len - shared.len);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (bytes_ends(before, bytes_of(marks[i]))) {
			result->headline = shared;
			result->kicker =
				bytes_slice(before, 0, before.len - bytes_of(marks[i]).len);
			return;
		}
	}
}

static void set_headline(struct found *found, struct buf *scratch)
{
	struct page_result *result = found->result;
	buf_reset(scratch);
	if (found->headline != OUTLINE_NONE) {
		outline_gather(found->outline, found->headline, 500, scratch);
	}
	struct bytes seen = bytes_trim(buf_bytes(scratch));
	struct bytes told = json_ld_text(found->ld.article, "headline");
	if (told.len == 0) {
		told = json_ld_text(found->ld.article, "name");
	}
	struct bytes plain = plain_keep(result, told);
	struct bytes stem = plain;
	if (bytes_ends(stem, BYTES("..."))) {
		stem = bytes_slice(stem, 0, stem.len - 3);
	} else if (bytes_ends(stem, bytes_of("\u2026"))) {
		stem = bytes_slice(stem, 0, stem.len - 3);
	}
	bool is_cut = stem.len < plain.len && bytes_starts(seen, bytes_trim(stem));
	/* Two of three that agree are right: JSON-LD may hold a search engine's version. */
	struct bytes shared = plain_keep(result, found->og_title);
	shared = without_site(shared, found->site_name, found->input->url->host);
	struct bytes title = without_site(result->title, found->site_name, found->input->url->host);
	bool is_alone = plain.len == 0 && shared.len >= SHARED_BYTES && plain_same(shared, title) &&
			words_count(shared) >= 4;
	bool is_outvoted = seen.len > 0 && plain_same(seen, shared) && !plain_same(seen, plain);
	if (plain.len > 0 && !is_cut && !is_outvoted) {
		result->headline = without_site(plain, found->site_name, found->input->url->host);
	} else if (seen.len > 0 && !is_alone) {
		/* A heading that holds the kicker too. */
		bool has_kicker = shared.len >= SHARED_BYTES && bytes_ends(seen, shared);
		result->headline = has_kicker ? shared : page_result_keep(result, seen);
	} else {
		result->headline = shared.len > 0 ? shared : title;
	}
	part_kicker(found, shared);
}

static void set_language(struct found *found)
{
	struct bytes language = {NULL, 0};
	if (found->html != OUTLINE_NONE) {
		language = bytes_trim(outline_value(found->outline, found->html, ATTR_LANG));
	}
	language = language.len > 0 ? language : found->og_locale;
	language = language.len > 0 ? language : json_ld_text(found->ld.article, "inLanguage");
	if (language.len == 0 || language.len > 20) {
		return;
	}
	char text[20];
	for (size_t i = 0; i < language.len; i++) {
		text[i] = language.ptr[i] == '_' ? '-' : language.ptr[i];
	}
	found->result->language = page_result_keep(found->result, bytes_from(text, language.len));
}

static void set_rest(struct found *found)
{
	struct page_result *result = found->result;
	const struct json *article = found->ld.article;
	if (result->description.len == 0) {
		result->description = plain_keep(result, json_ld_text(article, "description"));
	}
	if (result->section.len == 0) {
		result->section = plain_keep(result, json_ld_text(article, "articleSection"));
	}
	const struct json *keywords = json_get(article, "keywords");
	for (size_t i = 0; result->tags.count == 0 && json_type(keywords) == JSON_ARRAY &&
			   i < json_count(keywords);
		i++) {
		plain_append(result, &result->tags, json_text(json_at(keywords, i)));
	}
	set_url_once(found, &result->image_url, found->og_image);
	set_url_once(found, &result->image_url, json_ld_url(article, "image"));
	struct share_input share = {.outline = found->outline, .input = found->input};
	if (result->short_url.len == 0) {
		share_links_find_short(&share, result);
	}
}

void metadata_find(const struct outline *outline, const struct url *base,
	const struct page_input *input, struct page_result *result)
{
	struct found found = {.outline = outline,
		.base = base,
		.input = input,
		.result = result,
		.html = OUTLINE_NONE,
		.headline = OUTLINE_NONE};
	struct buf scratch = {0};
	walk(&found);
	json_ld_open(outline, result->canonical.len > 0 ? result->canonical : input->url->all,
		&found.ld);
	signs_see_json(&found.ld, result);
	find_headline_element(&found);
	set_headline(&found, &scratch);
	set_language(&found);
	set_rest(&found);
	struct published_input published = {.outline = outline,
		.page = input,
		.ld = &found.ld,
		.meta_published = found.meta_published,
		.meta_modified = found.meta_modified,
		.item_published = found.item_published,
		.item_modified = found.item_modified,
		.image_url = result->image_url,
		.headline = found.headline};
	published_find(&published, result);
	struct byline_input byline = {.outline = outline, .headline = found.headline};
	byline_find(&byline, result);
	struct authors_input authors = {.outline = outline,
		.ld = &found.ld,
		.meta = &found.authors,
		.site_name = found.site_name,
		.host = input->url->host,
		.headline = found.headline};
	authors_find(&authors, result);
	const struct videos_input videos = {.outline = outline, .base = base, .ld = &found.ld};
	videos_find(&videos, result);
	json_ld_clear(&found.ld);
	buf_clear(&scratch);
}

size_t metadata_own_urls(const struct outline *outline, const struct page_input *input,
	struct bytes urls_out[METADATA_OWN_URLS])
{
	size_t count = 0;
	if (input->request_url.len > 0) {
		urls_out[count++] = input->request_url;
	}
	for (uint32_t i = 0; i < outline->count && count < METADATA_OWN_URLS; i++) {
		if (outline->nodes[i].tag == TAG_LINK) {
			struct bytes rel = outline_value(outline, i, ATTR_REL);
			bool is_copy = words_has_item(rel, "canonical") ||
				       words_has_item(rel, "amphtml") ||
				       words_has_item(rel, "shortlink") ||
				       (words_has_item(rel, "alternate") &&
					       outline_value(outline, i, ATTR_HREFLANG).len > 0);
			if (is_copy) {
				urls_out[count++] = outline_value(outline, i, ATTR_HREF);
			}
		} else if (outline->nodes[i].tag == TAG_META &&
			   bytes_equal_nocase(
				   outline_value(outline, i, ATTR_PROPERTY), BYTES("og:url"))) {
			urls_out[count++] = outline_value(outline, i, ATTR_CONTENT);
		}
	}
	return count;
}
