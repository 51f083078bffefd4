/* SPDX-License-Identifier: MIT */
/* json_ld.h - the story that a page describes in JSON-LD (schema.org) */
#ifndef ARTICLE_JSON_LD_H
#define ARTICLE_JSON_LD_H

#include "article/outline.h"
#include "base/json.h"

#define JSON_LD_DOCUMENTS 32

struct json_ld {
	struct json_document *documents[JSON_LD_DOCUMENTS]; /* owned */
	size_t count;
	const struct json *article; /* borrowed from the documents; NULL when there is none */
};

/* Reads all JSON-LD of the page, broken pieces are left out, and picks the object that describes
 * this page: an article type, best one that names `canonical` or the page's headline. */
void json_ld_open(const struct outline *outline, struct bytes canonical, struct json_ld *ld_out);
void json_ld_clear(struct json_ld *ld);
/* The object of that @id in any of the documents, one that says more than its id; NULL when there
 * is none or `id` is empty. */
const struct json *json_ld_by_id(const struct json_ld *ld, struct bytes id);
/* A member as text: a string, the first of an array, or an object's "name", "url" or "@id". */
struct bytes json_ld_text(const struct json *object, const char *member);
/* As json_ld_text for URLs: an object's "url", "contentUrl" or "@id". */
struct bytes json_ld_url(const struct json *object, const char *member);

#endif
