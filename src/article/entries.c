/* SPDX-License-Identifier: MIT */
/* entries.c - the stories that a feed or a sitemap lists
 *
 * What belongs to an entry stands directly in it, but for the date and title of news sitemaps: so
 * the source of an Atom entry, or a group of media, is not taken for the entry itself. */
#include "article/entries.h"

#include "article/dates.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "links/html_head.h"
#include "links/markup.h"
#include "links/xml_base.h"
#include "web/media_type.h"

/* What the text of an element of an entry is. */
enum part { PART_NONE, PART_LINK, PART_GUID, PART_TITLE, PART_DATE };

/* How sure an address is: the better one wins. */
enum trust { TRUST_NONE, TRUST_GUID, TRUST_LINK, TRUST_ORIGIN };

struct entries {
	struct xml_base base;
	struct page_result *result;
	bool is_feed; /* the root element is one of a feed or sitemap */
	bool is_open; /* an entry is */
	size_t depth; /* of the entry */
	enum story_kind kind;
	enum part part; /* of the open element */
	size_t part_depth;
	enum trust text_trust;
	enum trust trust; /* of the address so far */
	int64_t date_ms;  /* the newest, or 0 */
	struct buf url, title, text;
};

static const struct {
	const char *name;
	enum part part;
	enum trust trust;
	bool is_deep; /* also further inside: news:publication_date in news:news */
} parts[] = {
	{"link", PART_LINK, TRUST_LINK, false},
	{"loc", PART_LINK, TRUST_LINK, false},
	{"origLink", PART_LINK, TRUST_ORIGIN, false},
	{"guid", PART_GUID, TRUST_GUID, false},
	{"title", PART_TITLE, TRUST_NONE, true},
	{"pubDate", PART_DATE, TRUST_NONE, false},
	{"date", PART_DATE, TRUST_NONE, false},
	{"published", PART_DATE, TRUST_NONE, false},
	{"updated", PART_DATE, TRUST_NONE, false},
	{"modified", PART_DATE, TRUST_NONE, false},
	{"issued", PART_DATE, TRUST_NONE, false},
	{"created", PART_DATE, TRUST_NONE, false},
	{"lastmod", PART_DATE, TRUST_NONE, false},
	{"publication_date", PART_DATE, TRUST_NONE, true},
};

static bool is_root(struct bytes name)
{
	static const char *const roots[] = {
		"rss", "RDF", "feed", "channel", "urlset", "sitemapindex"};
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(roots[i]))) {
			return true;
		}
	}
	return false;
}

static bool is_entry(struct bytes name, enum story_kind *kind_out)
{
	*kind_out = bytes_equal_nocase(name, BYTES("sitemap")) ? STORY_LIST : STORY_ENTRY;
	return *kind_out == STORY_LIST || bytes_equal_nocase(name, BYTES("item")) ||
	       bytes_equal_nocase(name, BYTES("entry")) || bytes_equal_nocase(name, BYTES("url"));
}

static int64_t ms_of(const struct dates_value *date)
{
	SCOPED(buf_clear) struct buf iso = {0};
	int64_t ms = 0;
	buf_addf(&iso, "%04d-%02d-%02dT%02d:%02d:%02dZ", date->year, date->month, date->day,
		date->hour, date->minute, date->second);
	if (!clock_parse_iso(buf_bytes(&iso), &ms)) {
		return 0;
	}
	return ms - (date->has_zone ? (int64_t)date->zone_minutes * 60000 : 0);
}

/* A day without a time is all of it: an entry is not older than its day. */
static void take_date(int64_t *newest_ms, struct bytes text)
{
	struct dates_value date = {0};
	int64_t ms =
		dates_read(text, 0, &date) && date.precision != DATES_RELATIVE ? ms_of(&date) : 0;
	if (ms > 0 && date.precision == DATES_DAY) {
		ms += INT64_C(86400000) - 1;
	}
	*newest_ms = ms > *newest_ms ? ms : *newest_ms;
}

static void take_url(
	struct entries *entries, struct bytes reference, const struct url *base, enum trust trust)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	reference = bytes_trim(reference);
	if (trust > entries->trust && reference.len > 0 &&
		url_parse(reference, base, &url, &ignored) == FLONG_OK && url->is_http) {
		entries->trust = trust;
		buf_reset(&entries->url);
		buf_add(&entries->url, url->all);
	}
}

static void add_story(struct page_result *result, struct bytes url, struct bytes title,
	int64_t date_ms, enum story_kind kind)
{
	char date[CLOCK_ISO_SIZE] = "";
	if (result->story_count >= LIMIT_FEED_ENTRIES) {
		result->links_dropped++;
		return;
	}
	if (date_ms > 0) {
		clock_format_iso_s(date_ms, date);
	}
	if ((result->story_count & (result->story_count - 1)) == 0) {
		size_t room = result->story_count == 0 ? 1 : result->story_count * 2;
		result->stories = alloc_resize(result->stories, room, sizeof(result->stories[0]));
	}
	result->stories[result->story_count++] = (struct page_story){
		.url = page_result_keep(result, url),
		.title = page_result_keep(result, bytes_slice(title, 0, LIMIT_FEED_TITLE_BYTES)),
		.date = page_result_keep(result, bytes_of(date)),
		.kind = kind,
		.accepted = true};
}

/* Atom: <link rel=alternate href>; the first that is no other relation. */
static void take_link_element(
	struct entries *entries, const struct markup_element *element, const struct url *base)
{
	struct bytes rel = markup_attribute_value(element, "rel");
	if (rel.len == 0 || html_head_rel_has(rel, "alternate")) {
		take_url(entries, markup_attribute_value(element, "href"), base, TRUST_LINK);
	}
}

static void open_part(struct entries *entries, struct bytes name,
	const struct markup_element *element, const struct url *base)
{
	bool is_direct = element->depth == entries->depth + 1;
	entries->part = PART_NONE;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(parts[i].name)) &&
			(is_direct || parts[i].is_deep)) {
			entries->part = parts[i].part;
			entries->text_trust = parts[i].trust;
			entries->part_depth = element->depth;
			buf_reset(&entries->text);
		}
	}
	if (entries->part == PART_LINK && is_direct) {
		take_link_element(entries, element, base);
	}
	if (entries->part == PART_GUID &&
		bytes_equal_nocase(
			markup_attribute_value(element, "isPermaLink"), BYTES("false"))) {
		entries->part = PART_NONE;
	}
}

static void on_start(void *context, const struct markup_element *element)
{
	struct entries *entries = context;
	struct bytes name = markup_local_name(element->name);
	const struct url *base = xml_base_push(&entries->base, element);
	enum story_kind kind = STORY_ENTRY;
	entries->is_feed = entries->is_feed || (element->depth == 0 && is_root(name));
	if (entries->is_open) {
		open_part(entries, name, element, base);
	} else if (is_entry(name, &kind) && element->depth > 0 && entries->is_feed) {
		entries->is_open = true;
		entries->depth = element->depth;
		entries->kind = kind;
		entries->trust = TRUST_NONE;
		entries->date_ms = 0;
		entries->part = PART_NONE;
		buf_reset(&entries->url);
		buf_reset(&entries->title);
		take_url(entries, markup_attribute_value(element, "rdf:about"), base, TRUST_GUID);
	}
}

static void close_part(struct entries *entries, const struct url *base)
{
	struct bytes text = bytes_trim(buf_bytes(&entries->text));
	switch (entries->part) {
	case PART_NONE:
		break;
	case PART_GUID:
		/* Only what is an address by itself. */
		take_url(entries, text, NULL, TRUST_GUID);
		break;
	case PART_LINK:
		take_url(entries, text, base, entries->text_trust);
		break;
	case PART_TITLE:
		if (entries->title.len == 0) {
			buf_add(&entries->title, text);
		}
		break;
	case PART_DATE:
		take_date(&entries->date_ms, text);
		break;
	}
	entries->part = PART_NONE;
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct entries *entries = context;
	(void)name;
	if (entries->is_open && entries->part != PART_NONE && depth == entries->part_depth) {
		close_part(entries, xml_base_at(&entries->base, depth));
	}
	if (entries->is_open && depth == entries->depth) {
		entries->is_open = false;
		if (entries->url.len > 0) {
			add_story(entries->result, buf_bytes(&entries->url),
				buf_bytes(&entries->title), entries->date_ms, entries->kind);
		}
	}
	xml_base_pop(&entries->base, depth);
}

static void on_text(void *context, struct bytes text)
{
	struct entries *entries = context;
	if (entries->is_open && entries->part != PART_NONE) {
		buf_add(&entries->text, text);
	}
}

static int find_in_xml(struct bytes utf8, const struct url *url, struct page_result *result,
	bool *is_feed_out, struct flong_error *err)
{
	struct entries entries = {.base = {.url = url},
		.result = result,
		.url = buf_with_max(LIMIT_URL_BYTES),
		.title = buf_with_max(LIMIT_URL_BYTES),
		.text = buf_with_max(LIMIT_URL_BYTES)};
	struct markup_listener listener = {
		.start = on_start, .end = on_end, .text = on_text, .context = &entries};
	int rc = markup_read_xml(utf8, &listener, 1, err);
	*is_feed_out = entries.is_feed;
	xml_base_clear(&entries.base);
	buf_clear(&entries.url);
	buf_clear(&entries.title);
	buf_clear(&entries.text);
	return rc;
}

static void add_json_item(
	const struct json *item, const struct url *base, struct page_result *result)
{
	static const char *const dates[] = {"date_published", "date_modified"};
	static const char *const addresses[] = {"url", "external_url", "id"};
	struct entries entries = {.url = buf_with_max(LIMIT_URL_BYTES)};
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		take_url(&entries, json_text(json_get(item, addresses[i])), i == 2 ? NULL : base,
			(enum trust)(TRUST_ORIGIN - (int)i));
	}
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		take_date(&entries.date_ms, json_text(json_get(item, dates[i])));
	}
	if (entries.url.len > 0) {
		add_story(result, buf_bytes(&entries.url), json_text(json_get(item, "title")),
			entries.date_ms, STORY_ENTRY);
	}
	buf_clear(&entries.url);
}

/* False when it is no JSON Feed. */
static bool find_in_json(struct bytes utf8, const struct url *base, struct page_result *result)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	struct flong_error ignored = {0};
	if (json_parse(utf8, JSON_LENIENT, &document, &ignored) != FLONG_OK) {
		return false;
	}
	const struct json *items = json_get(json_root(document), "items");
	for (size_t i = 0; i < json_count(items); i++) {
		add_json_item(json_at(items, i), base, result);
	}
	return bytes_find(json_text(json_get(json_root(document), "version")),
		       BYTES("jsonfeed.org"), 0) != SIZE_MAX;
}

/* One absolute URL a line. False when no line is one. */
static bool find_in_lines(struct bytes utf8, struct page_result *result)
{
	struct bytes line;
	while (bytes_next_line(&utf8, &line)) {
		struct flong_error ignored = {0};
		SCOPED(url_closep) struct url *url = NULL;
		line = bytes_trim(line);
		if (line.len > 0 && url_parse(line, NULL, &url, &ignored) == FLONG_OK &&
			url->is_http) {
			add_story(result, url->all, BYTES(""), 0, STORY_ENTRY);
		}
	}
	return result->story_count > 0;
}

int entries_find(
	const struct links_input *input, struct page_result *result, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf unpacked = buf_with_max(LIMIT_DOCUMENT_BYTES);
	SCOPED(buf_clear) struct buf room = {0};
	struct links_input plain = *input;
	struct bytes utf8;
	/* Feeds come under any type, text/html too: only the charset of it counts. */
	SCOPED(buf_clear) struct buf type = {0};
	struct bytes charset = media_type_charset(input->content_type);
	if (charset.len > 0) {
		buf_addf(&type, "text/plain; charset=" BYTES_FMT, BYTES_ARG(charset));
	}
	plain.content_type = buf_bytes(&type);
	enum links_format format = links_text(&plain, &unpacked, &room, &utf8, &result->is_cut);
	struct bytes start = bytes_trim(utf8);
	bool is_feed = format == LINKS_XML_FEED || format == LINKS_SITEMAP;
	int rc = FLONG_OK;
	if (is_feed && bytes_starts(start, BYTES("<"))) {
		rc = find_in_xml(utf8, input->url, result, &is_feed, err);
	} else if (format == LINKS_JSON) {
		is_feed = find_in_json(utf8, input->url, result);
	} else {
		is_feed = is_feed && find_in_lines(utf8, result);
	}
	result->format = is_feed ? format : LINKS_NONE;
	return rc;
}
