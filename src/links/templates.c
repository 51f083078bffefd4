/* SPDX-License-Identifier: MIT */
/* templates.c - matching templates with the concrete URLs of a page */
#include "links/templates.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "links/media_kinds.h"
#include "links/srcset.h"

/* A page with more of either is no news page; both bound the time of the matching. */
#define MAX_TEMPLATES 1000
#define MAX_SOURCES 200
/* Values of one family (DW has 6) and their longest spelling. */
#define MAX_CODES 24
#define MAX_CODE_BYTES 16
/* Shapes of templates whose family is remembered. */
#define MAX_SHAPES 8

/* A template cut at its placeholder. */
struct split {
	struct bytes before;
	struct bytes after;
};

struct code {
	struct bytes text; /* borrowed from a srcset */
	bool shown;
};

/* The values that belong together: one aspect ratio in several sizes. */
struct family {
	struct code codes[MAX_CODES];
	size_t count;
	bool of_image;
};

/* A family that was found for a template, reused for those of the same shape. */
struct shape {
	struct split like;
	struct family family;
};

/* How placeholders open and close; the longer come first. */
static const struct {
	struct bytes open;
	struct bytes close;
	bool is_upper; /* only with a name in capitals: "__small__" is part of a name */
} brackets[] = {
	{{"${", 2}, {"}", 1}, false},
	{{"{{", 2}, {"}}", 2}, false},
	{{"{", 1}, {"}", 1}, false},
	{{"%7b%7b", 6}, {"%7d%7d", 6}, false},
	{{"%24%7b", 6}, {"%7d", 3}, false},
	{{"%7b", 3}, {"%7d", 3}, false},
	{{"__", 2}, {"__", 2}, true},
};
#define BRACKET_COUNT (sizeof(brackets) / sizeof(brackets[0]))

/* Length of the name at `at`. */
static size_t name_length(struct bytes text, size_t at, bool is_upper)
{
	size_t end = at;
	while (end < text.len &&
		(is_upper ? text.ptr[end] >= 'A' && text.ptr[end] <= 'Z'
			  : char_is_alnum(text.ptr[end]) || text.ptr[end] == '_')) {
		end++;
	}
	return end - at;
}

/* The placeholder at `at`: its length, 0 when there is none. */
static size_t placeholder_length(struct bytes text, size_t at)
{
	struct bytes rest = bytes_slice(text, at, text.len);
	for (size_t i = 0; i < BRACKET_COUNT; i++) {
		struct bytes open = brackets[i].open;
		if (!bytes_starts_nocase(rest, open)) {
			continue;
		}
		size_t name = name_length(rest, open.len, brackets[i].is_upper);
		struct bytes behind = bytes_slice(rest, open.len + name, rest.len);
		if (name > 0 && bytes_starts_nocase(behind, brackets[i].close)) {
			return open.len + name + brackets[i].close.len;
		}
	}
	return 0;
}

/* Cuts at the first placeholder. */
static bool split_template(struct bytes text, struct split *split_out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		size_t length = c == '$' || c == '{' || c == '%' || c == '_'
					? placeholder_length(text, i)
					: 0;
		if (length > 0) {
			split_out->before = bytes_slice(text, 0, i);
			split_out->after = bytes_slice(text, i + length, text.len);
			return true;
		}
	}
	return false;
}

bool template_has_placeholder(struct bytes text)
{
	struct split split;
	return split_template(text, &split);
}

/* Length of the start of `url` that equals `pattern` when every run of digits counts as any other
 * run of digits; SIZE_MAX when it does not match. */
static size_t match_pattern(struct bytes url, struct bytes pattern)
{
	size_t u = 0;
	size_t p = 0;
	while (p < pattern.len) {
		if (u >= url.len) {
			return SIZE_MAX;
		}
		if (char_is_digit(pattern.ptr[p]) && char_is_digit(url.ptr[u])) {
			while (p < pattern.len && char_is_digit(pattern.ptr[p])) {
				p++;
			}
			while (u < url.len && char_is_digit(url.ptr[u])) {
				u++;
			}
			continue;
		}
		if (pattern.ptr[p] != url.ptr[u]) {
			return SIZE_MAX;
		}
		p++;
		u++;
	}
	return u;
}

/* ".jpg" and ".webp" are the same picture in another coding. */
static bool same_ending(struct bytes a, struct bytes b)
{
	if (bytes_equal(a, b)) {
		return true;
	}
	return a.len > 0 && b.len > 0 && a.ptr[0] == '.' && b.ptr[0] == '.' &&
	       media_kinds_role(a) == ROLE_IMAGE && media_kinds_role(b) == ROLE_IMAGE;
}

/* The value that `url` has where the template has its placeholder; empty when it is not of that
 * shape. */
static struct bytes match_code(struct bytes url, const struct split *split)
{
	size_t start = match_pattern(url, split->before);
	if (start == SIZE_MAX) {
		return (struct bytes){0};
	}
	size_t end = start;
	while (end < url.len && end - start <= MAX_CODE_BYTES &&
		(char_is_alnum(url.ptr[end]) || url.ptr[end] == '_' || url.ptr[end] == '-')) {
		end++;
	}
	if (end - start > MAX_CODE_BYTES ||
		!same_ending(bytes_slice(url, end, url.len), split->after)) {
		return (struct bytes){0};
	}
	return bytes_slice(url, start, end);
}

static void family_add(struct family *family, struct bytes code, bool shown)
{
	for (size_t i = 0; i < family->count; i++) {
		if (bytes_equal(family->codes[i].text, code)) {
			family->codes[i].shown = family->codes[i].shown || shown;
			return;
		}
	}
	if (family->count < MAX_CODES) {
		family->codes[family->count++] = (struct code){.text = code, .shown = shown};
	}
}

static void family_of_source(const struct template_source *source, const struct split *split,
	struct srcset *scratch, struct family *family_out)
{
	*family_out = (struct family){.of_image = source->of_image};
	srcset_parse(source->srcset, scratch);
	/* What scripts fill in later is mostly a card, a third of a wide screen. */
	srcset_choose(scratch, BYTES("(max-width: 600px) 100vw, 33vw"), SRCSET_ALL_SCREENS);
	for (size_t i = 0; i < scratch->count; i++) {
		struct bytes code = match_code(scratch->items[i].url, split);
		if (code.len > 0) {
			family_add(family_out, code, scratch->items[i].shown != 0);
		}
	}
}

/* Same length and same spelling up to the last character: 600 and 605, not 600 and 800. */
static bool are_kin(struct bytes a, struct bytes b)
{
	return a.len == b.len && a.len > 1 && bytes_starts(a, bytes_slice(b, 0, b.len - 1));
}

/* The srcset with most values, of equals one of an img; and their kin from the other ones. */
static void learn_family(
	const struct templates *templates, const struct split *split, struct family *family_out)
{
	struct srcset *scratch = ALLOC(struct srcset);
	struct family found;
	*family_out = (struct family){0};
	for (size_t i = 0; i < templates->source_count; i++) {
		family_of_source(&templates->sources[i], split, scratch, &found);
		if (found.count > family_out->count ||
			(found.count > 0 && found.count == family_out->count && found.of_image &&
				!family_out->of_image)) {
			*family_out = found;
		}
	}
	for (size_t i = 0; i < templates->source_count && family_out->count > 0; i++) {
		family_of_source(&templates->sources[i], split, scratch, &found);
		for (size_t k = 0; k < found.count; k++) {
			if (are_kin(found.codes[k].text, family_out->codes[0].text)) {
				family_add(family_out, found.codes[k].text, false);
			}
		}
	}
	free(scratch);
}

static bool same_shape(const struct split *a, const struct split *b)
{
	return bytes_equal(a->after, b->after) &&
	       match_pattern(a->before, b->before) == a->before.len;
}

static void expand_one(const struct reference *template, const struct split *split,
	const struct family *family, struct references *references)
{
	SCOPED(buf_clear) struct buf text = {0};
	for (size_t i = 0; i < family->count; i++) {
		buf_reset(&text);
		buf_add(&text, split->before);
		buf_add(&text, family->codes[i].text);
		buf_add(&text, split->after);
		struct link link = template->prototype;
		link.candidate = CANDIDATE_TEMPLATE;
		if (family->codes[i].shown) {
			link.candidate |= CANDIDATE_SHOWN;
		}
		link.rule = "L-45";
		references_add(references, buf_bytes(&text), &link);
	}
}

void templates_expand(const struct templates *templates, struct references *references)
{
	if (templates->count == 0 || templates->source_count == 0) {
		return;
	}
	struct shape *shapes = ALLOC_ARRAY(struct shape, MAX_SHAPES);
	size_t shape_count = 0;
	for (size_t i = 0; i < templates->count; i++) {
		struct split split;
		if (!split_template(templates->items[i].text, &split)) {
			continue;
		}
		size_t s = 0;
		while (s < shape_count && !same_shape(&split, &shapes[s].like)) {
			s++;
		}
		if (s == MAX_SHAPES) {
			continue;
		}
		if (s == shape_count) {
			shapes[s].like = split;
			learn_family(templates, &split, &shapes[s].family);
			shape_count++;
		}
		expand_one(&templates->items[i], &split, &shapes[s].family, references);
	}
	free(shapes);
}

void templates_add(struct templates *templates, struct bytes text, const struct link *prototype)
{
	if (templates->count >= MAX_TEMPLATES || text.len > LIMIT_URL_BYTES) {
		return;
	}
	if (templates->count == templates->capacity) {
		templates->capacity = templates->capacity == 0 ? 32 : 2 * templates->capacity;
		templates->items = alloc_resize(
			templates->items, templates->capacity, sizeof(*templates->items));
	}
	templates->items[templates->count++] = (struct reference){
		.text = text_store_keep(&templates->store, text), .prototype = *prototype};
}

void templates_learn(struct templates *templates, struct bytes srcset, bool of_image)
{
	if (templates->source_count >= MAX_SOURCES || srcset.len > LIMIT_URL_BYTES) {
		return;
	}
	if (templates->source_count == templates->source_capacity) {
		templates->source_capacity =
			templates->source_capacity == 0 ? 16 : 2 * templates->source_capacity;
		templates->sources = alloc_resize(templates->sources, templates->source_capacity,
			sizeof(*templates->sources));
	}
	templates->sources[templates->source_count++] = (struct template_source){
		.srcset = text_store_keep(&templates->store, srcset), .of_image = of_image};
}

void templates_clear(struct templates *templates)
{
	free(templates->items);
	free(templates->sources);
	text_store_clear(&templates->store);
	*templates = (struct templates){0};
}
