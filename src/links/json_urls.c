/* SPDX-License-Identifier: MIT */
/* json_urls.c - a JSON scanner that keeps only keys and strings
 *
 * Linear in the text, no recursion but for JSON inside strings (three levels), no tree. */
#include "links/json_urls.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "links/json_text.h"
#include "links/media_kinds.h"

/* Nesting whose keys are remembered; deeper values have no key. */
#define MAX_LEVELS 64
/* JSON in a string in a string. */
#define MAX_INNER 3

struct level {
	struct bytes key; /* raw, borrowed */
	bool is_object;
};

struct finder {
	struct references *references;
	struct templates *templates;
	enum json_urls_kind kind;
	size_t inner; /* strings around this text */
	struct bytes text;
	size_t at;
	size_t depth;
	struct level levels[MAX_LEVELS];
	struct buf decoded;
};

static bool is_one_of(struct bytes key, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_equal_nocase(key, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* Keys whose value is a picture even when its URL has no extension. */
static bool is_image_key(struct bytes key)
{
	static const char *const names[] = {"image", "images", "imageUrl", "image_url", "imageSrc",
		"thumbnail", "thumbnailUrl", "thumbnail_url", "logo", "poster", "posterUrl",
		"photo", "picture", "contentUrl", "primaryImageOfPage", "staticUrl"};
	return is_one_of(key, names, sizeof(names) / sizeof(names[0]));
}

static bool is_page_key(struct bytes key)
{
	static const char *const names[] = {"url", "href", "link", "permalink", "permaLinkUrl",
		"canonicalUrl", "canonical_url", "namedUrl", "ampUrl", "shareUrl", "webUrl", "@id",
		"external_url", "home_page_url", "feed_url", "next_url", "mainEntityOfPage",
		"sameAs", "embedUrl", "item", "isPartOf", "path"};
	return is_one_of(key, names, sizeof(names) / sizeof(names[0]));
}

static struct bytes level_key(const struct finder *f, size_t up)
{
	if (f->depth <= up || f->depth - up > MAX_LEVELS) {
		return (struct bytes){0};
	}
	return f->levels[f->depth - up - 1].key;
}

/* The key of the value being read: of this level, or of the one around an array. */
static struct bytes value_key(const struct finder *f, struct bytes *outer_out)
{
	size_t up = 0;
	while (up < 3 && f->depth > up + 1 && f->depth - up <= MAX_LEVELS &&
		!f->levels[f->depth - up - 1].is_object) {
		up++;
	}
	struct bytes key = level_key(f, up);
	do {
		up++;
		*outer_out = level_key(f, up);
	} while (outer_out->len == 0 && up < 5);
	return key;
}

/* A URL on its own: absolute, or from the root; in JSON-LD any form for known keys. */
static bool is_url_like(struct bytes value)
{
	bool absolute = bytes_starts_nocase(value, BYTES("http://")) ||
			bytes_starts_nocase(value, BYTES("https://"));
	if (!absolute && (value.len < 2 || value.ptr[0] != '/')) {
		return false;
	}
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		if (c <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '`') {
			return false;
		}
	}
	return true;
}

static bool is_state_image(struct bytes key, struct bytes outer)
{
	return is_image_key(key) ||
	       (is_image_key(outer) &&
		       (bytes_equal(key, BYTES("url")) || bytes_equal(key, BYTES("src")) ||
			       bytes_equal(key, BYTES("@id"))));
}

static void judge_url(struct finder *f, struct bytes value)
{
	struct bytes outer;
	struct bytes key = value_key(f, &outer);
	bool ld = f->kind == JSON_URLS_LD;
	struct link link = {.kind = LINK_REQUISITE,
		.anchor = UINT32_MAX,
		.rule = ld ? "L-24" : "L-44",
		.where = ld ? "json-ld" : "json state"};
	link.role = media_kinds_role(value);
	bool absolute = value.ptr[0] != '/' || (value.len > 1 && value.ptr[1] == '/');
	if (f->kind == JSON_URLS_PLAYER) {
		link.rule = "L-20";
		link.where = "player settings";
	}
	if (link.role == ROLE_UNKNOWN && (ld || absolute) && is_state_image(key, outer)) {
		link.role = ROLE_IMAGE;
	}
	if (bytes_equal(key, BYTES("@id")) && !is_image_key(outer)) {
		link.role = ROLE_UNKNOWN;
	}
	if (link.role != ROLE_UNKNOWN) {
		if (!template_has_placeholder(value)) {
			references_add(f->references, value, &link);
		} else if (f->templates != NULL) {
			templates_add(f->templates, value, &link);
		}
	} else if (is_page_key(key) && !template_has_placeholder(value)) {
		link.kind = LINK_DISCOVERY;
		references_add(f->references, value, &link);
	}
}

static void find_in_text(struct finder *f);

/* JSON in a string: state that is parsed by JSON.parse, flight data of frameworks. */
static void look_inside(struct finder *f, struct bytes value)
{
	if (f->inner >= MAX_INNER || bytes_find(value, BYTES("\":"), 0) == SIZE_MAX) {
		return;
	}
	struct finder inner = {.references = f->references,
		.templates = f->templates,
		.kind = JSON_URLS_SCRIPT,
		.inner = f->inner + 1,
		.text = value,
		.decoded = {.max = LIMIT_DOCUMENT_BYTES}};
	find_in_text(&inner);
	buf_clear(&inner.decoded);
}

static void judge_string(struct finder *f, struct bytes raw)
{
	if (raw.len < 2) {
		return;
	}
	bool escaped = memchr(raw.ptr, '\\', raw.len) != NULL;
	char first = raw.ptr[0];
	bool maybe_url = first == 'h' || first == 'H' || first == '/' || first == '\\';
	if (!escaped) {
		if (maybe_url && raw.len <= LIMIT_URL_BYTES && is_url_like(raw)) {
			judge_url(f, raw);
		} else if (f->kind == JSON_URLS_LD && !maybe_url && raw.len <= LIMIT_URL_BYTES) {
			struct bytes outer;
			/* "image": ["a_804.jpg"] */
			if (is_image_key(value_key(f, &outer)) &&
				media_kinds_role(raw) == ROLE_IMAGE) {
				judge_url(f, raw);
			}
		}
		return;
	}
	bool maybe_json = bytes_find(raw, BYTES("\\\":"), 0) != SIZE_MAX;
	if (!maybe_url && !maybe_json) {
		return;
	}
	buf_reset(&f->decoded);
	json_text_decode(raw, &f->decoded);
	struct bytes value = buf_bytes(&f->decoded);
	if (maybe_url && value.len <= LIMIT_URL_BYTES && is_url_like(value)) {
		judge_url(f, value);
	} else if (maybe_json) {
		look_inside(f, value);
	}
}

/* A string in quotes is next. False when it has no end. */
static bool take_string(struct finder *f)
{
	struct bytes raw;
	if (!json_text_string(f->text, &f->at, &raw)) {
		return false;
	}
	size_t ahead = f->at;
	while (ahead < f->text.len && (char_is_space(f->text.ptr[ahead]))) {
		ahead++;
	}
	bool known = f->depth > 0 && f->depth <= MAX_LEVELS;
	struct level *level = known ? &f->levels[f->depth - 1] : NULL;
	if (level != NULL && level->is_object && ahead < f->text.len && f->text.ptr[ahead] == ':') {
		level->key = raw;
		f->at = ahead + 1;
		return true;
	}
	judge_string(f, raw);
	return true;
}

static void take_bracket(struct finder *f, char c)
{
	f->at++;
	if (c == '{' || c == '[') {
		if (f->depth < MAX_LEVELS) {
			f->levels[f->depth] = (struct level){.is_object = c == '{'};
		}
		f->depth++;
	} else if (f->depth > 0) {
		f->depth--;
	}
}

/* A number, true, null, or the bare key of a script's object. */
static bool take_word(struct finder *f)
{
	size_t start = f->at;
	while (f->at < f->text.len) {
		char c = f->text.ptr[f->at];
		if (!char_is_alnum(c) && c != '_' && c != '$' && c != '.' && c != '-' && c != '+' &&
			c != '!') {
			break;
		}
		f->at++;
	}
	if (f->at == start) {
		return false;
	}
	if (f->at < f->text.len && f->text.ptr[f->at] == ':' && f->depth > 0 &&
		f->depth <= MAX_LEVELS && f->levels[f->depth - 1].is_object) {
		f->levels[f->depth - 1].key = bytes_slice(f->text, start, f->at);
	}
	return true;
}

/* One value from f->at on; stops behind it, or where it is no JSON. */
static void take_value(struct finder *f)
{
	f->depth = 0;
	do {
		char c = f->text.ptr[f->at];
		if (c == '"') {
			if (!take_string(f)) {
				return;
			}
		} else if (c == '{' || c == '[' || c == '}' || c == ']') {
			take_bracket(f, c);
		} else if (c == ',' || c == ':' || char_is_space(c)) {
			f->at++;
		} else if (!take_word(f)) {
			return;
		}
	} while (f->depth > 0 && f->at < f->text.len);
}

/* In a script: a bracket that opens JSON, or the string given to JSON.parse. */
static bool opens_value(const struct finder *f)
{
	size_t ahead = f->at + 1;
	while (ahead < f->text.len && ahead - f->at < 256 && char_is_space(f->text.ptr[ahead])) {
		ahead++;
	}
	if (ahead >= f->text.len) {
		return false;
	}
	char c = f->text.ptr[ahead];
	return c == '"' || c == '{' || c == '[' || (f->text.ptr[f->at] == '[' && char_is_digit(c));
}

static void find_in_script(struct finder *f)
{
	static const struct bytes parse = {"JSON.parse(\"", 12};
	while (f->at < f->text.len) {
		char c = f->text.ptr[f->at];
		if (c == 'J' && bytes_starts(bytes_slice(f->text, f->at, f->text.len), parse)) {
			f->at += parse.len - 1;
			f->depth = 0;
			if (!take_string(f)) {
				f->at++;
			}
		} else if ((c == '{' || c == '[') && opens_value(f)) {
			take_value(f);
			/* Where it stopped may be what it stumbled over. */
			if (f->at < f->text.len && f->text.ptr[f->at] == '"') {
				f->at++;
			}
		} else {
			f->at++;
		}
	}
}

static void find_in_text(struct finder *f)
{
	if (f->kind == JSON_URLS_SCRIPT) {
		find_in_script(f);
		return;
	}
	while (f->at < f->text.len) {
		size_t before = f->at;
		take_value(f);
		if (f->at == before) {
			f->at++;
		}
	}
}

void json_urls_find(struct bytes utf8, enum json_urls_kind kind, struct references *references,
	struct templates *templates)
{
	struct finder finder = {.references = references,
		.templates = templates,
		.kind = kind,
		.text = utf8,
		.decoded = {.max = LIMIT_DOCUMENT_BYTES}};
	find_in_text(&finder);
	buf_clear(&finder.decoded);
}
