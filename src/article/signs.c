/* SPDX-License-Identifier: MIT */
/* signs.c - by which signs a page shows that something stands in the place of its story */
#include "article/signs.h"

#include "article/sign_words.h"
#include "article/soft_words.h"
#include "article/words.h"
#include "base/buf.h"

/* Bytes of text up to which a page has few words: all of them are looked at for what they say. */
#define FEW_BYTES ((size_t)1200)
/* Bytes of a story from which nobody asks what stands in its place. */
#define STORY_BYTES ((size_t)3000)
/* Headings that are looked at; bytes of each. */
#define HEADINGS_MAX 6
#define HEADING_BYTES 300
/* Lines in which a wall may ask for a subscription, and the bytes of one. */
#define LINES_MAX 400
#define LINE_MIN ((size_t)8)
#define LINE_MAX ((size_t)200)
/* Bytes of a box that is named after a wall. */
#define WALL_MIN 20
#define WALL_MAX 4000
/* Digits and letters of a code under which a refusal is filed. */
#define INCIDENT_CHARS 12
#define INCIDENT_DIGITS 20

/* What is gathered on the way. */
struct gathering {
	const struct outline *outline;
	const struct page_input *input;
	struct page_result *result;
	uint64_t bits;
	size_t visible;
	size_t dialog; /* bytes of text in boxes named after consent */
	struct bytes og_url;
	int headings;
	int lines;
	struct buf scratch; /* owned */
};

static void add(struct gathering *all, enum sign sign)
{
	all->bits |= SIGN_BIT(sign);
}

static void add_if(struct gathering *all, bool holds, enum sign sign)
{
	all->bits |= holds ? SIGN_BIT(sign) : 0;
}

static bool contains(struct bytes text, const char *part)
{
	return bytes_find_nocase(text, bytes_of(part), 0) != SIZE_MAX;
}

/* Makes of bot checks: what their pages load, and no page beside its story does. */
static bool is_check_page(struct bytes url)
{
	static const char *const marks[] = {"captcha-delivery.", "/orchestrate/", "_incapsula_",
		"/_sec/cp_challenge", "/captcha/captcha.js", "awswaf.com", "/ddos-guard/check",
		"validate.perfdrive", "/.within.website/", "/kramericaindustries/",
		"/vercel/security/", "/_guard/", "/akam/13/challenge"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (contains(url, marks[i])) {
			return true;
		}
	}
	return false;
}

/* What a script, frame or form is fetched from or sent to. */
static void see_reference(struct gathering *all, uint32_t node)
{
	uint8_t tag = all->outline->nodes[node].tag;
	struct bytes url = outline_value(all->outline, node, ATTR_SRC);
	if (url.len == 0 || url.len > 2000) {
		return;
	}
	if (tag == TAG_SCRIPT || tag == TAG_IFRAME) {
		add_if(all, contains(url, "captcha") || contains(url, "challenge"), SIGN_CHECK);
		add_if(all, is_check_page(url), SIGN_CHECK_PAGE);
	}
	add_if(all, tag == TAG_IFRAME && (soft_words_of_box(url) & BOX_CONSENT) != 0,
		SIGN_CONSENT_FORM);
}

/* "5; url=/x" sends on, "5" alone or the page's own address load it again (HTML 4.2.5.3). */
static void see_refresh(struct gathering *all, struct bytes content)
{
	size_t at = bytes_find_nocase(content, BYTES("url"), 0);
	struct bytes target = {NULL, 0};
	if (at != SIZE_MAX) {
		target = bytes_trim(bytes_slice(content, at + 3, content.len));
		while (target.len > 0 && (target.ptr[0] == '=' || target.ptr[0] == '\'' ||
						 target.ptr[0] == '"' || target.ptr[0] == ' ')) {
			target = bytes_slice(target, 1, target.len);
		}
		while (target.len > 0 &&
			(bytes_ends(target, BYTES("'")) || bytes_ends(target, BYTES("\"")))) {
			target = bytes_slice(target, 0, target.len - 1);
		}
	}
	struct flong_error ignored;
	SCOPED(url_closep) struct url *url = NULL;
	bool is_self = target.len == 0 ||
		       (url_parse(target, all->input->url, &url, &ignored) == FLONG_OK &&
			       bytes_equal(url->host, all->input->url->host) &&
			       bytes_equal(url->path, all->input->url->path));
	add(all, is_self ? SIGN_REFRESH_SELF : SIGN_REFRESH_OTHER);
}

static void see_meta(struct gathering *all, uint32_t node)
{
	const struct outline *outline = all->outline;
	struct bytes content = outline_value(outline, node, ATTR_CONTENT);
	struct bytes property = outline_value(outline, node, ATTR_PROPERTY);
	struct bytes name = outline_value(outline, node, ATTR_NAME);
	name = name.len > 0 ? name : property;
	if (bytes_equal_nocase(outline_value(outline, node, ATTR_HTTP_EQUIV), BYTES("refresh"))) {
		see_refresh(all, content);
	} else if (bytes_equal_nocase(name, BYTES("robots"))) {
		add_if(all, contains(content, "noindex"), SIGN_NOINDEX);
	} else if (bytes_equal_nocase(name, BYTES("og:type"))) {
		add_if(all, bytes_equal_nocase(bytes_trim(content), BYTES("article")),
			SIGN_ARTICLE);
	} else if (bytes_equal_nocase(name, BYTES("og:url"))) {
		all->og_url = bytes_trim(content);
	} else if (bytes_equal_nocase(name, BYTES("article:content_tier"))) {
		add_if(all, contains(content, "locked") || contains(content, "metered"),
			SIGN_LOCKED);
	}
}

static void see_words(struct gathering *all, struct bytes text, bool is_title)
{
	static const struct {
		unsigned words;
		enum sign sign;
	} rows[] = {{WORDS_CHECK, SIGN_CHECK_WORDS}, {WORDS_DENIED, SIGN_DENIED_WORDS},
		{WORDS_CONSENT, SIGN_CONSENT_WORDS}, {WORDS_LOGIN, SIGN_LOGIN_WORDS}};
	unsigned words = sign_words_of(text);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		add_if(all, (words & rows[i].words) != 0, rows[i].sign);
	}
	add_if(all, (words & WORDS_NOT_FOUND) != 0,
		is_title ? SIGN_NOT_FOUND_TITLE : SIGN_NOT_FOUND_HEADING);
}

static struct bytes gather(struct gathering *all, uint32_t node, size_t max)
{
	buf_reset(&all->scratch);
	outline_gather(all->outline, node, max, &all->scratch);
	return bytes_trim(buf_bytes(&all->scratch));
}

/* The first pass: sizes, and what elements of one kind say. */
static void see_element(struct gathering *all, uint32_t node)
{
	const struct outline *outline = all->outline;
	uint8_t tag = outline->nodes[node].tag;
	bool is_seen = (outline->nodes[node].place & (IN_RAW | IN_UNSEEN)) == 0;
	switch (tag) {
	case TAG_TEXT:
		all->visible += is_seen ? outline->nodes[node].len : 0;
		break;
	case TAG_A:
		all->result->signs.anchors += is_seen;
		break;
	case TAG_META:
		see_meta(all, node);
		break;
	case TAG_SCRIPT:
	case TAG_IFRAME:
		see_reference(all, node);
		break;
	case TAG_INPUT:
		add_if(all,
			is_seen && bytes_equal_nocase(outline_value(outline, node, ATTR_TYPE),
					   BYTES("password")),
			SIGN_PASSWORD);
		break;
	case TAG_H1:
	case TAG_H2:
		if (is_seen && all->headings++ < HEADINGS_MAX) {
			see_words(all, gather(all, node, HEADING_BYTES), false);
		}
		break;
	case TAG_NOSCRIPT:
		add_if(all, (sign_words_of(gather(all, node, HEADING_BYTES)) & WORDS_SCRIPTS) != 0,
			SIGN_ASKS_SCRIPTS);
		break;
	default:
		break;
	}
}

/* A box named after what stands in the place of the story. Returns whether what is inside has been
 * counted. */
static bool see_box(struct gathering *all, uint32_t node)
{
	const struct outline *outline = all->outline;
	uint8_t tag = outline->nodes[node].tag;
	unsigned box = soft_words_of_box(outline_value(outline, node, ATTR_CLASS)) |
		       soft_words_of_box(outline_value(outline, node, ATTR_ID)) |
		       soft_words_of_box(outline_value(outline, node, ATTR_NAME));
	if (box == 0 || tag == TAG_BODY || tag == TAG_HTML || tag == TAG_META || tag == TAG_LINK) {
		return false;
	}
	add_if(all, (box & BOX_CHECK) != 0, SIGN_CHECK);
	bool is_seen = (outline->nodes[node].place & (IN_RAW | IN_UNSEEN)) == 0;
	if (!is_seen) {
		return false;
	}
	bool is_control = tag == TAG_BUTTON || tag == TAG_FORM || tag == TAG_INPUT;
	add_if(all, is_control && (box & BOX_CONSENT) != 0, SIGN_CONSENT_FORM);
	if ((box & (BOX_CONSENT | BOX_WALL)) == 0 || is_control) {
		return false;
	}
	size_t text = 0;
	bool has_control = false;
	for (uint32_t i = node; i < outline->nodes[node].end; i++) {
		const struct outline_node *inside = &outline->nodes[i];
		bool counts = (inside->place & (IN_RAW | IN_UNSEEN)) == 0;
		text += counts && inside->tag == TAG_TEXT ? inside->len : 0;
		has_control = has_control || inside->tag == TAG_BUTTON ||
			      inside->tag == TAG_INPUT || (inside->tag == TAG_A && counts);
	}
	if ((box & BOX_CONSENT) != 0) {
		all->dialog += text;
		add_if(all, has_control && text > 0, SIGN_CONSENT_FORM);
	} else {
		add_if(all, has_control && text >= WALL_MIN && text <= WALL_MAX, SIGN_WALL);
	}
	return true;
}

/* The second pass, where there is no long story: boxes, and lines that ask for a subscription. */
static void see_boxes(struct gathering *all)
{
	const struct outline *outline = all->outline;
	const unsigned around = IN_RAW | IN_UNSEEN | IN_NAV | IN_HEADER | IN_FOOTER;
	uint32_t box_end = 0; /* boxes in boxes are counted once */
	for (uint32_t i = 0; i < outline->count; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (i >= box_end && node->tag != TAG_TEXT && node->len > 0 && see_box(all, i)) {
			box_end = node->end;
		}
		struct bytes line = outline_text(outline, i);
		if (line.len > LINE_MIN && line.len <= LINE_MAX && (node->place & around) == 0 &&
			all->lines++ < LINES_MAX) {
			add_if(all, (sign_words_of(line) & WORDS_WALL) != 0, SIGN_WALL_WORDS);
		}
	}
	add_if(all, all->dialog * 2 > all->visible, SIGN_CONSENT_DIALOG);
}

static bool is_incident(struct bytes word)
{
	size_t digits = 0;
	size_t letters = 0;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		if (char_is_digit(c)) {
			digits++;
		} else if (char_hex(c) >= 0) {
			letters++;
		} else if (c != '.' && c != '-') {
			return false;
		}
	}
	return (digits + letters >= INCIDENT_CHARS && digits >= 4 && letters > 0) ||
	       digits >= INCIDENT_DIGITS;
}

/* What a page of few words says, wherever it says it. */
static void see_few_words(struct gathering *all)
{
	if (all->visible > FEW_BYTES || all->outline->count == 0) {
		return;
	}
	const struct outline *outline = all->outline;
	buf_reset(&all->scratch);
	for (uint32_t i = 0; i < outline->count; i++) {
		if ((outline->nodes[i].place & (IN_RAW | IN_UNSEEN)) == 0) {
			buf_add(&all->scratch, outline_text(outline, i));
		}
	}
	struct bytes text = buf_bytes(&all->scratch);
	see_words(all, text, false);
	add_if(all, (sign_words_of(text) & WORDS_SCRIPTS) != 0, SIGN_ASKS_SCRIPTS);
	struct bytes rest = text;
	struct bytes word;
	while (bytes_next_item(&rest, ' ', &word)) {
		while (word.len > 0 && !char_is_alnum(word.ptr[0])) {
			word = bytes_slice(word, 1, word.len);
		}
		add_if(all, is_incident(word), SIGN_INCIDENT);
	}
}

static struct bytes without_end(struct bytes path)
{
	while (path.len > 0 && path.ptr[path.len - 1] == '/') {
		path = bytes_slice(path, 0, path.len - 1);
	}
	return path;
}

/* Which page this is by its own word. */
static void see_address(struct gathering *all, struct bytes told)
{
	struct flong_error ignored;
	SCOPED(url_closep) struct url *url = NULL;
	const struct url *here = all->input->url;
	if (told.len == 0 || url_parse(told, here, &url, &ignored) < 0) {
		return;
	}
	bool is_home = without_end(url->path).len == 0 && url->query.len == 0;
	bool is_here = bytes_equal(without_end(url->path), without_end(here->path));
	add_if(all, is_here, SIGN_OWN_ADDRESS);
	add_if(all, is_home && !is_here, SIGN_HOME_ADDRESS);
}

/* An empty element with an id: where scripts put what they make. */
static bool is_mount(const struct outline *outline, uint32_t node)
{
	uint8_t tag = outline->nodes[node].tag;
	return (tag == TAG_DIV || tag == TAG_MAIN || tag == TAG_SECTION || tag == TAG_OTHER) &&
	       outline->nodes[node].end == node + 1 &&
	       outline_value(outline, node, ATTR_ID).len > 0;
}

/* Whether the page could show something, with its scripts or without. */
static void see_substance(struct gathering *all)
{
	const struct outline *outline = all->outline;
	bool has_requisite = false;
	for (size_t i = 0; i < all->result->links.count; i++) {
		const struct link *link = &all->result->links.items[i];
		has_requisite =
			has_requisite || (link->kind == LINK_REQUISITE && !link_is_guess(link) &&
						 link->role != ROLE_ICON);
	}
	bool has_mount = false;
	bool has_media = false;
	for (uint32_t i = 0; i < outline->count; i++) {
		const struct outline_node *node = &outline->nodes[i];
		bool is_media = node->tag == TAG_IMG || node->tag == TAG_VIDEO ||
				node->tag == TAG_AUDIO || node->tag == TAG_IFRAME;
		has_media = has_media || (is_media && (node->place & IN_UNSEEN) == 0);
		has_mount = has_mount || is_mount(outline, i);
	}
	bool sends_on = (all->bits & SIGN_BIT(SIGN_REFRESH_OTHER)) != 0;
	add_if(all,
		all->visible == 0 && !has_requisite && !sends_on && outline->script_bytes == 0 &&
			all->result->signs.anchors == 0,
		SIGN_NOTHING);
	add_if(all,
		all->result->class == PAGE_NEEDS_SCRIPTS && !sends_on && !has_media &&
			(has_mount || outline->script_bytes > 500 ||
				(all->bits & SIGN_BIT(SIGN_ASKS_SCRIPTS)) != 0),
		SIGN_SHELL);
}

static bool is_cut(struct bytes text)
{
	static const char *const ends[] = {"\u2026", "...", "[\u2026]", "[...]"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (bytes_ends(text, bytes_of(ends[i]))) {
			return true;
		}
	}
	return false;
}

void signs_find(
	const struct outline *outline, const struct page_input *input, struct page_result *result)
{
	struct gathering all = {.outline = outline, .input = input, .result = result};
	for (uint32_t i = 0; i < outline->count; i++) {
		see_element(&all, i);
	}
	see_words(&all, bytes_slice(result->title, 0, HEADING_BYTES), true);
	see_few_words(&all);
	if (result->text.len < STORY_BYTES || (result->signs.bits & SIGN_BIT(SIGN_NOT_FREE)) != 0) {
		see_boxes(&all);
	}
	see_address(&all, result->canonical);
	see_address(&all, all.og_url);
	add_if(&all, result->canonical.len == 0 && all.og_url.len == 0, SIGN_NO_ADDRESS);
	see_substance(&all);
	add_if(&all, is_cut(bytes_trim(result->text)), SIGN_TEXT_CUT);
	add_if(&all, outline->has_check, SIGN_CHECK);
	result->signs.bits |= all.bits;
	result->signs.visible = (uint32_t)(all.visible > UINT32_MAX ? UINT32_MAX : all.visible);
	buf_clear(&all.scratch);
}

static bool says(const struct json *value, bool wanted)
{
	if (json_type(value) == JSON_BOOL) {
		return json_bool(value) == wanted;
	}
	return bytes_equal_nocase(json_text(value), bytes_of(wanted ? "true" : "false"));
}

void signs_see_json(const struct json_ld *ld, struct page_result *result)
{
	const struct json *article = ld->article;
	const struct json *free = json_get(article, "isAccessibleForFree");
	if (free == NULL) {
		free = json_get(article, "isAccessibleForfree"); /* as some systems write it */
	}
	const struct json *part = json_get(article, "hasPart");
	part = json_type(part) == JSON_ARRAY ? json_at(part, 0) : part;
	bool part_is_shut = says(json_get(part, "isAccessibleForFree"), false);
	uint64_t bits = 0;
	bits |= says(free, false) || (part_is_shut && !says(free, true)) ? SIGN_BIT(SIGN_NOT_FREE)
									 : 0;
	bits |= says(free, true) ? SIGN_BIT(SIGN_FREE) : 0;
	bits |= json_get(article, "headline") != NULL ? SIGN_BIT(SIGN_ARTICLE) : 0;
	const struct json *count = json_get(article, "wordCount");
	uint64_t words = 0;
	if (json_type(count) == JSON_NUMBER && json_int(count) > 0) {
		words = (uint64_t)json_int(count);
	} else if (!bytes_to_u64(json_text(count), 10000000, &words)) {
		words = 0;
	}
	result->signs.told_words = words > 10000000 ? 0 : (uint32_t)words;
	result->signs.bits |= bits;
}
