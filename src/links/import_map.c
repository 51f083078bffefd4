/* SPDX-License-Identifier: MIT */
/* import_map.c - rules of all maps in one array; the longest that fits is taken
 *
 * Modules that are files need the map of their page. It goes with them as JSON, an array with three
 * texts a rule: scope, key, address. */
#include "links/import_map.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/limits.h"

/* A map that is being read. */
struct reading {
	struct import_map *map;
	const struct url *base;
	struct references *references;
	struct bytes scope;
};

static bool ends_in_slash(struct bytes text)
{
	return text.len > 0 && text.ptr[text.len - 1] == '/';
}

/* A specifier that is a URL: absolute, or beginning with "/", "./", "../". NULL for bare ones. The
 * caller closes it. */
static struct url *url_of(struct bytes specifier, const struct url *base)
{
	struct flong_error ignored = {0};
	struct url *url = NULL;
	bool is_relative = bytes_starts(specifier, BYTES("/")) ||
			   bytes_starts(specifier, BYTES("./")) ||
			   bytes_starts(specifier, BYTES("../"));
	return url_parse(specifier, is_relative ? base : NULL, &url, &ignored) == FLONG_OK ? url
											   : NULL;
}

static void add_reference(struct references *references, struct bytes address, const char *where)
{
	const struct link link = {.kind = LINK_REQUISITE,
		.role = ROLE_SCRIPT,
		.rule = "L-38",
		.where = where,
		.anchor = UINT32_MAX};
	references_add(references, address, &link);
}

/* Keeps copies of key and address; false when it is over the limits. */
static bool keep_rule(
	struct import_map *map, struct bytes scope, struct bytes key, struct bytes address)
{
	if (map->count >= LIMIT_IMPORT_MAP_RULES || key.len > LIMIT_URL_BYTES) {
		return false;
	}
	if (map->count == map->capacity) {
		map->capacity = map->capacity == 0 ? 32 : 2 * map->capacity;
		map->rules = alloc_resize(map->rules, map->capacity, sizeof(*map->rules));
	}
	map->rules[map->count++] = (struct import_map_rule){.scope = scope,
		.key = text_store_keep(&map->store, key),
		.address = text_store_keep(&map->store, address)};
	return true;
}

static void add_rule(const struct reading *reading, struct bytes key, struct bytes address)
{
	if (!keep_rule(reading->map, reading->scope, key, address)) {
		reading->references->dropped++;
	}
}

static bool add_import(struct bytes name, const struct json *value, void *context)
{
	struct reading *reading = context;
	SCOPED(url_closep) struct url *key = url_of(name, reading->base);
	SCOPED(url_closep) struct url *address = url_of(json_text(value), reading->base);
	bool is_prefix = ends_in_slash(name);
	struct bytes text = address == NULL ? (struct bytes){NULL, 0} : address->all;
	if (name.len == 0) {
		return true;
	}
	if (is_prefix && !ends_in_slash(text)) {
		text = (struct bytes){NULL, 0};
	}
	if (text.len > 0 && !is_prefix) {
		add_reference(reading->references, text, "import map");
	}
	add_rule(reading, key == NULL ? name : key->all, text);
	return true;
}

static bool add_scope(struct bytes name, const struct json *value, void *context)
{
	struct reading *reading = context;
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *scope = NULL;
	if (url_parse(name, reading->base, &scope, &ignored) == FLONG_OK) {
		reading->scope = text_store_keep(&reading->map->store, scope->all);
		json_each(value, add_import, reading);
	}
	return true;
}

static bool add_integrity(struct bytes name, const struct json *value, void *context)
{
	struct reading *reading = context;
	SCOPED(url_closep) struct url *url = url_of(name, reading->base);
	(void)value;
	if (url != NULL) {
		add_reference(reading->references, url->all, "import map integrity");
	}
	return true;
}

void import_map_add(struct import_map *map, struct bytes json, const struct url *base,
	struct references *references)
{
	struct flong_error ignored = {0};
	SCOPED(json_closep) struct json_document *document = NULL;
	if (json_parse(json, JSON_STRICT, &document, &ignored) != FLONG_OK) {
		return;
	}
	struct reading reading = {.map = map, .base = base, .references = references};
	const struct json *root = json_root(document);
	json_each(json_get(root, "imports"), add_import, &reading);
	json_each(json_get(root, "scopes"), add_scope, &reading);
	json_each(json_get(root, "integrity"), add_integrity, &reading);
}

static bool fits_scope(const struct import_map_rule *rule, struct bytes base)
{
	return rule->scope.len == 0 || bytes_equal(rule->scope, base) ||
	       (ends_in_slash(rule->scope) && bytes_starts(base, rule->scope));
}

/* The rule of the longest scope and key; of equals the first. */
static const struct import_map_rule *find_rule(
	const struct import_map *map, struct bytes specifier, struct bytes base)
{
	const struct import_map_rule *best = NULL;
	for (size_t i = 0; map != NULL && i < map->count; i++) {
		const struct import_map_rule *rule = &map->rules[i];
		bool fits = bytes_equal(rule->key, specifier) ||
			    (ends_in_slash(rule->key) && bytes_starts(specifier, rule->key));
		bool is_better =
			best == NULL || rule->scope.len > best->scope.len ||
			(rule->scope.len == best->scope.len && rule->key.len > best->key.len);
		if (fits && is_better && fits_scope(rule, base)) {
			best = rule;
		}
	}
	return best;
}

/* What a prefix stands for, with the rest of the specifier; it must not climb out of it. */
static bool resolve_prefix(
	const struct import_map_rule *rule, struct bytes specifier, struct buf *url_out)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *prefix = NULL;
	SCOPED(url_closep) struct url *url = NULL;
	struct bytes rest = bytes_slice(specifier, rule->key.len, specifier.len);
	if (url_parse(rule->address, NULL, &prefix, &ignored) != FLONG_OK ||
		url_parse(rest, prefix, &url, &ignored) != FLONG_OK ||
		!bytes_starts(url->all, rule->address)) {
		return false;
	}
	buf_add(url_out, url->all);
	return true;
}

bool import_map_resolve(const struct import_map *map, struct bytes specifier,
	const struct url *base, struct buf *url_out)
{
	SCOPED(url_closep) struct url *url = url_of(specifier, base);
	struct bytes normal = url == NULL ? specifier : url->all;
	const struct import_map_rule *rule = find_rule(map, normal, base->all);
	if (rule != NULL && rule->address.len == 0) {
		return false;
	}
	if (rule != NULL && rule->key.len < normal.len) {
		return resolve_prefix(rule, normal, url_out);
	}
	if (rule == NULL && url == NULL) {
		return false;
	}
	buf_add(url_out, rule != NULL ? rule->address : url->all);
	return true;
}

void import_map_resolve_all(const struct import_map *map, const struct references *specifiers,
	const struct url *base, struct link_list *list)
{
	SCOPED(buf_clear) struct buf url = buf_with_max(LIMIT_URL_BYTES);
	size_t count = specifiers->count;
	if (count > LIMIT_PAGE_REQUISITES) {
		list->dropped += count - LIMIT_PAGE_REQUISITES;
		count = LIMIT_PAGE_REQUISITES;
	}
	for (size_t i = 0; i < count; i++) {
		const struct reference *item = &specifiers->items[i];
		buf_reset(&url);
		if (import_map_resolve(map, item->text, base, &url)) {
			(void)link_list_add(list, base, buf_bytes(&url), &item->prototype);
		}
	}
	list->dropped += specifiers->dropped;
}

size_t import_map_write(const struct import_map *map, struct buf *out)
{
	size_t left_out = 0;
	SCOPED(buf_clear) struct buf row = buf_with_max(buf_limit(out));
	buf_add_char(out, '[');
	for (size_t i = 0; i < map->count; i++) {
		const struct import_map_rule *rule = &map->rules[i];
		const struct bytes texts[] = {rule->scope, rule->key, rule->address};
		buf_reset(&row);
		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
			buf_add_text(&row, out->len > 1 || j > 0 ? "," : "");
			json_add_string(&row, texts[j]);
		}
		/* One byte is for the bracket. */
		if (buf_failed(&row) || row.len >= buf_limit(out) - out->len) {
			left_out++;
		} else {
			buf_add(out, buf_bytes(&row));
		}
	}
	buf_add_char(out, ']');
	return left_out;
}

void import_map_read(struct import_map *map, struct bytes text)
{
	struct flong_error ignored = {0};
	SCOPED(json_closep) struct json_document *document = NULL;
	if (text.len == 0 || json_parse(text, JSON_STRICT, &document, &ignored) != FLONG_OK) {
		return;
	}
	const struct json *rows = json_root(document);
	struct bytes scope = {NULL, 0};
	for (size_t i = 0; i + 2 < json_count(rows); i += 3) {
		struct bytes written = json_text(json_at(rows, i));
		if (!bytes_equal(written, scope)) {
			scope = text_store_keep(&map->store, written);
		}
		(void)keep_rule(map, scope, json_text(json_at(rows, i + 1)),
			json_text(json_at(rows, i + 2)));
	}
}

void import_map_clear(struct import_map *map)
{
	free(map->rules);
	text_store_clear(&map->store);
	*map = (struct import_map){0};
}
