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
#define MAX_IMAGES 2000
/* Values of one family (DW has 6) and their longest spelling. */
#define MAX_CODES 24
#define MAX_CODE_BYTES 16
/* Shapes of templates whose family is remembered. */
#define MAX_SHAPES 8
/* Placeholders of one template: width, height, format, quality. */
#define MAX_PLACES 4

/* A template cut at its placeholders. */
struct split {
	struct bytes literals[MAX_PLACES + 1]; /* before, between and behind them */
	struct bytes names[MAX_PLACES];
	size_t first[MAX_PLACES]; /* the first placeholder of the same name */
	size_t count;
};

/* What one URL of the page has where the template has its placeholders. */
struct code {
	struct bytes texts[MAX_PLACES]; /* borrowed from the page */
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
static size_t placeholder_length(struct bytes text, size_t at, struct bytes *name_out)
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
			*name_out = bytes_slice(rest, open.len, open.len + name);
			return open.len + name + brackets[i].close.len;
		}
	}
	return 0;
}

static void add_place(struct split *split, struct bytes name)
{
	size_t first = 0;
	while (first < split->count && !bytes_equal(split->names[first], name)) {
		first++;
	}
	split->names[split->count] = name;
	split->first[split->count++] = first;
}

/* Cuts at the placeholders. False when there is none; too many, or two that touch, cannot be told
 * apart in URLs: then *is_clear_out is false. */
static bool split_template(struct bytes text, struct split *split_out, bool *is_clear_out)
{
	size_t start = 0;
	*split_out = (struct split){.count = 0};
	*is_clear_out = true;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		struct bytes name = {NULL, 0};
		size_t length = c == '$' || c == '{' || c == '%' || c == '_'
					? placeholder_length(text, i, &name)
					: 0;
		if (length == 0) {
			continue;
		}
		if (split_out->count == MAX_PLACES || (split_out->count > 0 && i == start)) {
			*is_clear_out = false;
			return true;
		}
		split_out->literals[split_out->count] = bytes_slice(text, start, i);
		add_place(split_out, name);
		start = i + length;
		i = start - 1;
	}
	split_out->literals[split_out->count] = bytes_slice(text, start, text.len);
	return split_out->count > 0;
}

bool template_has_placeholder(struct bytes text)
{
	struct split split;
	bool is_clear;
	return split_template(text, &split, &is_clear);
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

static bool is_code_char(char c)
{
	return char_is_alnum(c) || c == '_' || c == '-';
}

/* Whether all of it can be a value. */
static bool is_code(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_code_char(text.ptr[i])) {
			return false;
		}
	}
	return text.len > 0 && text.len <= MAX_CODE_BYTES;
}

/* Length of the value at the start of `rest` that reaches to the end but for `ending`; 0 when it is
 * none. */
static size_t last_code(struct bytes rest, struct bytes ending)
{
	size_t end =
		bytes_ends(rest, ending) ? rest.len - ending.len : bytes_find_char(rest, '.', 0);
	struct bytes code = bytes_slice(rest, 0, end);
	return is_code(code) && same_ending(bytes_slice(rest, end, rest.len), ending) ? code.len
										      : 0;
}

/* Length of the shortest value that `literal` follows, 0 when there is none; *behind_out is the
 * place behind the literal. */
static size_t inner_code(struct bytes rest, struct bytes literal, size_t *behind_out)
{
	for (size_t length = 1;
		length <= MAX_CODE_BYTES && length < rest.len && is_code_char(rest.ptr[length - 1]);
		length++) {
		size_t matched = match_pattern(bytes_slice(rest, length, rest.len), literal);
		if (matched != SIZE_MAX) {
			*behind_out = length + matched;
			return length;
		}
	}
	return 0;
}

/* The values that `url` has where the template has its placeholders; false when it is not of that
 * shape. */
static bool match_code(struct bytes url, const struct split *split, struct code *code_out)
{
	size_t at = match_pattern(url, split->literals[0]);
	*code_out = (struct code){.shown = false};
	if (at == SIZE_MAX) {
		return false;
	}
	for (size_t i = 0; i < split->count; i++) {
		struct bytes rest = bytes_slice(url, at, url.len);
		struct bytes literal = split->literals[i + 1];
		size_t behind = rest.len;
		size_t length = i + 1 == split->count ? last_code(rest, literal)
						      : inner_code(rest, literal, &behind);
		code_out->texts[i] = bytes_slice(rest, 0, length);
		if (length == 0 ||
			!bytes_equal(code_out->texts[i], code_out->texts[split->first[i]])) {
			return false;
		}
		at += behind;
	}
	return true;
}

static bool same_code(const struct code *a, const struct code *b)
{
	for (size_t i = 0; i < MAX_PLACES; i++) {
		if (!bytes_equal(a->texts[i], b->texts[i])) {
			return false;
		}
	}
	return true;
}

static void family_add(struct family *family, const struct code *code)
{
	for (size_t i = 0; i < family->count; i++) {
		if (same_code(&family->codes[i], code)) {
			family->codes[i].shown = family->codes[i].shown || code->shown;
			return;
		}
	}
	if (family->count < MAX_CODES) {
		family->codes[family->count++] = *code;
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
		struct code code;
		if (match_code(scratch->items[i].url, split, &code)) {
			code.shown = scratch->items[i].shown != 0;
			family_add(family_out, &code);
		}
	}
}

/* Same length and same spelling up to the last character: 600 and 605, not 600 and 800. */
static bool are_kin(const struct code *a, const struct code *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct bytes text = a->texts[i];
		struct bytes other = b->texts[i];
		if (text.len != other.len || text.len <= 1 ||
			!bytes_starts(text, bytes_slice(other, 0, other.len - 1))) {
			return false;
		}
	}
	return true;
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
			found.codes[k].shown = false;
			if (are_kin(&found.codes[k], &family_out->codes[0], split->count)) {
				family_add(family_out, &found.codes[k]);
			}
		}
	}
	free(scratch);
}

/* What single pictures among the first `count` references tell, where no srcset does. */
static void learn_from_images(const struct references *references, size_t count,
	const struct split *split, struct family *family)
{
	size_t looked_at = 0;
	for (size_t i = 0; i < count && looked_at < MAX_IMAGES; i++) {
		const struct reference *item = &references->items[i];
		struct code code;
		if (item->prototype.kind != LINK_REQUISITE || item->prototype.role != ROLE_IMAGE) {
			continue;
		}
		looked_at++;
		if (match_code(item->text, split, &code)) {
			code.shown = true;
			family_add(family, &code);
		}
	}
}

static bool same_shape(const struct split *a, const struct split *b)
{
	bool is_same = a->count == b->count &&
		       match_pattern(a->literals[0], b->literals[0]) == a->literals[0].len;
	for (size_t i = 0; is_same && i < a->count; i++) {
		is_same = a->first[i] == b->first[i] &&
			  bytes_equal(a->literals[i + 1], b->literals[i + 1]);
	}
	return is_same;
}

static void expand_one(const struct reference *template, const struct split *split,
	const struct family *family, struct references *references)
{
	SCOPED(buf_clear) struct buf text = {0};
	for (size_t i = 0; i < family->count; i++) {
		buf_reset(&text);
		for (size_t k = 0; k < split->count; k++) {
			buf_add(&text, split->literals[k]);
			buf_add(&text, family->codes[i].texts[k]);
		}
		buf_add(&text, split->literals[split->count]);
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
	if (templates->count == 0) {
		return;
	}
	struct shape *shapes = ALLOC_ARRAY(struct shape, MAX_SHAPES);
	size_t shape_count = 0;
	size_t seen = references->count; /* what is added below was not on the page */
	for (size_t i = 0; i < templates->count; i++) {
		struct split split;
		bool is_clear;
		if (!split_template(templates->items[i].text, &split, &is_clear) || !is_clear) {
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
			if (shapes[s].family.count == 0) {
				learn_from_images(references, seen, &split, &shapes[s].family);
			}
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
