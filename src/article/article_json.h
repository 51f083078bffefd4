/* SPDX-License-Identifier: MIT */
/* article_json.h - a page's findings as JSON for `inspect related` and `inspect article` */
#ifndef ARTICLE_ARTICLE_JSON_H
#define ARTICLE_ARTICLE_JSON_H

#include "article/verdict.h"

/* Appends one line for each candidate: {"url","title","kind","section","date","kicker","duration",
 * "score","accepted","reasons":[...]}. */
void article_json_add_related(struct buf *out, const struct page_result *result);
/* Appends the members that tell of the story, each behind a comma where one is needed: canonical,
 * short_url, ..., related as in article_json_add_article; no text. */
void article_json_add_members(struct buf *out, const struct page_result *result);
/* Appends what the page is: class (verdict_name), captured (false when something came in its place)
 * and the reasons for that, which verdict_of gave. */
void article_json_add_class(struct buf *out, const struct page_result *result, enum verdict verdict,
	struct bytes reasons);
/* Appends one object and a line end: url, class, captured, reasons, canonical, short_url, headline,
 * kicker, description, published, modified, authors, agencies, section, language, image, text,
 * markdown, captions, related. */
void article_json_add_article(struct buf *out, struct bytes url, const struct page_result *result,
	enum verdict verdict, struct bytes reasons);

#endif
