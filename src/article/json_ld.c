/* SPDX-License-Identifier: MIT */
/* json_ld.c - the story that a page describes in JSON-LD */
#include "article/json_ld.h"

/* Objects that are looked at over all documents; pages have under a hundred. */
#define OBJECTS_MAX 2000

struct search {
	struct bytes canonical;
	const struct json *best;
	double best_points;
	size_t seen;
};

static bool type_contains(const struct json *type, struct bytes word)
{
	if (json_type(type) == JSON_STRING) {
		return bytes_find(json_text(type), word, 0) != SIZE_MAX;
	}
	for (size_t i = 0; i < json_count(type) && i < 8; i++) {
		if (bytes_find(json_text(json_at(type, i)), word, 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

static struct bytes path_of(struct bytes url)
{
	size_t host = bytes_find(url, BYTES("//"), 0);
	size_t start = bytes_find_char(url, '/', host == SIZE_MAX ? 0 : host + 2);
	struct bytes path =
		start == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(url, start, url.len);
	size_t end = 0;
	while (end < path.len && path.ptr[end] != '?' && path.ptr[end] != '#') {
		end++;
	}
	while (end > 0 && path.ptr[end - 1] == '/') {
		end--;
	}
	return bytes_slice(path, 0, end);
}

static double points_of(const struct json *object, struct bytes canonical)
{
	const struct json *type = json_get(object, "@type");
	double points = 0;
	if (type_contains(type, BYTES("Article")) || type_contains(type, BYTES("BlogPosting")) ||
		type_contains(type, BYTES("Report"))) {
		points = 4;
	} else if (type_contains(type, BYTES("VideoObject")) ||
		   type_contains(type, BYTES("Recipe")) || type_contains(type, BYTES("Review"))) {
		points = 2;
	} else if (type_contains(type, BYTES("WebPage"))) {
		points = 1;
	} else {
		return 0;
	}
	struct bytes own = path_of(canonical);
	bool is_this = own.len > 1 &&
		       (bytes_equal(path_of(json_ld_url(object, "url")), own) ||
			       bytes_equal(path_of(json_ld_url(object, "mainEntityOfPage")), own) ||
			       bytes_equal(path_of(json_text(json_get(object, "@id"))), own));
	points += is_this ? 1.5 : 0;
	points += json_get(object, "headline") != NULL ? 1 : 0;
	points += json_get(object, "datePublished") != NULL ? 0.5 : 0;
	return points;
}

static void consider(struct search *search, const struct json *value, int depth)
{
	if (search->seen >= OBJECTS_MAX || depth > 4) {
		return;
	}
	search->seen++;
	if (json_type(value) == JSON_ARRAY) {
		for (size_t i = 0; i < json_count(value); i++) {
			consider(search, json_at(value, i), depth + 1);
		}
		return;
	}
	if (json_type(value) != JSON_OBJECT) {
		return;
	}
	double points = points_of(value, search->canonical);
	if (points > search->best_points) {
		search->best_points = points;
		search->best = value;
	}
	consider(search, json_get(value, "@graph"), depth + 1);
	consider(search, json_get(value, "mainEntity"), depth + 1);
	consider(search, json_get(value, "mainEntityOfPage"), depth + 1);
}

/* Without the comment or CDATA marks that some systems put around. */
static struct bytes unwrap(struct bytes text)
{
	size_t start = 0;
	while (start < text.len && text.ptr[start] != '{' && text.ptr[start] != '[') {
		start++;
	}
	if (bytes_starts(bytes_slice(text, start, text.len), BYTES("[CDATA["))) {
		start += 7;
		while (start < text.len && text.ptr[start] != '{' && text.ptr[start] != '[') {
			start++;
		}
	}
	return bytes_slice(text, start, text.len);
}

void json_ld_open(const struct outline *outline, struct bytes canonical, struct json_ld *ld_out)
{
	*ld_out = (struct json_ld){.count = 0};
	struct search search = {.canonical = canonical};
	for (uint32_t i = 0; i + 1 < outline->count && ld_out->count < JSON_LD_DOCUMENTS; i++) {
		if (outline->nodes[i].tag != TAG_SCRIPT ||
			bytes_find_nocase(outline_value(outline, i, ATTR_TYPE), BYTES("ld+json"),
				0) == SIZE_MAX) {
			continue;
		}
		struct flong_error ignored; /* broken JSON is left out */
		struct json_document *document = NULL;
		if (json_parse(unwrap(outline_text(outline, i + 1)), JSON_LENIENT, &document,
			    &ignored) < 0) {
			continue;
		}
		ld_out->documents[ld_out->count++] = document;
		consider(&search, json_root(document), 0);
	}
	ld_out->article = search.best;
}

struct id_search {
	struct bytes id;
	const struct json *found;
	size_t seen;
};

static void search_id(struct id_search *search, const struct json *value, int depth)
{
	if (search->found != NULL || search->seen >= OBJECTS_MAX || depth > 4) {
		return;
	}
	search->seen++;
	if (json_type(value) == JSON_ARRAY) {
		for (size_t i = 0; i < json_count(value); i++) {
			search_id(search, json_at(value, i), depth + 1);
		}
	} else if (json_type(value) == JSON_OBJECT) {
		if (json_get(value, "name") != NULL &&
			bytes_equal(json_text(json_get(value, "@id")), search->id)) {
			search->found = value;
			return;
		}
		search_id(search, json_get(value, "@graph"), depth + 1);
	}
}

const struct json *json_ld_by_id(const struct json_ld *ld, struct bytes id)
{
	struct id_search search = {.id = id};
	for (size_t i = 0; id.len > 0 && i < ld->count; i++) {
		search_id(&search, json_root(ld->documents[i]), 0);
	}
	return search.found;
}

void json_ld_clear(struct json_ld *ld)
{
	for (size_t i = 0; i < ld->count; i++) {
		json_close(ld->documents[i]);
	}
	*ld = (struct json_ld){.count = 0};
}

static struct bytes text_of(const struct json *value, const char *first, const char *second)
{
	if (json_type(value) == JSON_ARRAY) {
		value = json_at(value, 0);
	}
	if (json_type(value) == JSON_OBJECT) {
		const struct json *inner = json_get(value, first);
		inner = json_type(inner) == JSON_STRING ? inner : json_get(value, second);
		inner = json_type(inner) == JSON_STRING ? inner : json_get(value, "@id");
		value = inner;
	}
	return json_text(value);
}

struct bytes json_ld_text(const struct json *object, const char *member)
{
	return text_of(json_get(object, member), "name", "url");
}

struct bytes json_ld_url(const struct json *object, const char *member)
{
	return text_of(json_get(object, member), "url", "contentUrl");
}
