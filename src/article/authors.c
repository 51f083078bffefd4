/* SPDX-License-Identifier: MIT */
/* authors.c - who wrote a story */
#include "article/authors.h"

#include "article/author_names.h"
#include "article/author_seen.h"
#include "article/plain.h"

struct search {
	const struct authors_input *input;
	struct author_names names;
};

/* What meta elements name authors; the label of twitter:label1 in the languages of the system that
 * writes it. */
static const char *const meta_names[] = {
	"author", "article:author", "parsely-author", "dc.creator", "sailthru.author"};
static const char *const labels[] = {"Written by", "Verfasst von", "Geschrieben von", "Écrit par",
	"Escrito por", "Scritto da", "Geschreven door", "Skrevet av", "Skrevet af", "Skriven av",
	"Napisane przez", "Автор"};

static bool is_label(struct bytes text)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (bytes_equal_nocase(text, bytes_of(labels[i]))) {
			return true;
		}
	}
	return false;
}

static bool is_meta_name(struct bytes name)
{
	for (size_t i = 0; i < sizeof(meta_names) / sizeof(meta_names[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(meta_names[i]))) {
			return true;
		}
	}
	return false;
}

void authors_see_meta(struct authors_meta *meta, struct bytes name, struct bytes content)
{
	bool is_data = name.len == 13 && bytes_starts_nocase(name, BYTES("twitter:data")) &&
		       name.ptr[12] == meta->label;
	if (name.len == 14 && bytes_starts_nocase(name, BYTES("twitter:label")) &&
		is_label(bytes_trim(content))) {
		meta->label = name.ptr[13];
	}
	/* A URL of a profile is no author's name. */
	if ((is_data || is_meta_name(name)) && meta->count < AUTHORS_META_MAX &&
		bytes_find(content, BYTES("://"), 0) == SIZE_MAX) {
		meta->items[meta->count].name = name;
		meta->items[meta->count++].content = content;
	}
}

/* One author of JSON-LD: a text, or an object with its name in one or two parts, or only the id of
 * such an object. */
static void add_told(struct search *search, const struct json *one)
{
	if (json_type(one) == JSON_STRING) {
		author_names_add_plain(&search->names, json_text(one));
		return;
	}
	const struct json *name = json_get(one, "name");
	if (name == NULL && json_get(one, "familyName") == NULL) {
		one = json_ld_by_id(search->input->ld, json_text(json_get(one, "@id")));
		name = json_get(one, "name");
	}
	for (size_t i = 0; json_type(name) == JSON_ARRAY && i < json_count(name); i++) {
		author_names_add_plain(&search->names, json_text(json_at(name, i)));
	}
	struct bytes family = json_text(json_get(one, "familyName"));
	if (name == NULL && family.len > 0) {
		SCOPED(buf_clear) struct buf whole = {0};
		buf_add(&whole, json_text(json_get(one, "givenName")));
		buf_add_char(&whole, ' ');
		buf_add(&whole, family);
		author_names_add_plain(&search->names, buf_bytes(&whole));
		return;
	}
	author_names_add_plain(&search->names, json_text(name));
}

static bool find_told(struct search *search)
{
	const struct json *author = json_get(search->input->ld->article, "author");
	if (json_type(author) != JSON_ARRAY) {
		add_told(search, author);
	}
	for (size_t i = 0;
		json_type(author) == JSON_ARRAY && i < json_count(author) && i < NAMES_MAX; i++) {
		add_told(search, json_at(author, i));
	}
	return search->names.result->authors.count > 0;
}

/* Those of the first name that gives any. */
static bool find_meta(struct search *search)
{
	const struct authors_meta *meta = search->input->meta;
	struct bytes used = {NULL, 0};
	for (size_t i = 0; i < meta->count; i++) {
		if (used.len == 0 || bytes_equal_nocase(meta->items[i].name, used)) {
			author_names_add_plain(&search->names, meta->items[i].content);
			used = search->names.result->authors.count > 0 ? meta->items[i].name : used;
		}
	}
	return used.len > 0;
}

void authors_find(const struct authors_input *input, struct page_result *result)
{
	struct search search = {.input = input,
		.names = {.result = result,
			.publisher = json_ld_text(input->ld->article, "publisher"),
			.site_name = input->site_name,
			.host = input->host}};
	bool is_found = find_told(&search) || find_meta(&search) ||
			author_seen_find(input->outline, input->headline, &search.names);
	if (!is_found && result->agencies.count == 0) {
		plain_append(result, &result->authors, search.names.house);
	}
	author_names_clear(&search.names);
}
