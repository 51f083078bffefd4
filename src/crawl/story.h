/* SPDX-License-Identifier: MIT */
/* story.h - what a page says of itself, as it is kept with the archive
 *
 * Beside the response stand a metadata record (application/warc-fields: title, dates, authors,
 * where the page leads to) and a conversion record (its text); stories/stories.jsonl has a line for
 * each capture of a page. --text says which of them are kept. */
#ifndef CRAWL_STORY_H
#define CRAWL_STORY_H

#include <stdint.h>

#include "article/verdict.h"
#include "base/buf.h"
#include "base/digest.h"

/* Where and when the page was captured. Borrowed. */
struct story_capture {
	const char *url;
	const char *via;       /* what led to it, or NULL */
	const char *record_id; /* of its response, without brackets */
	int64_t captured_ms;
	int depth;
	enum verdict verdict; /* what it is, if not what was asked for */
	struct bytes reasons; /* the signs for that */
};

/* Appends lines of application/warc-fields: class, classReason, title, headline, published,
 * modified, author, agency, section, language, canonical, shortLink, and an outlink for each link:
 * "outlink: URL L a/href", with the letters of Heritrix's hops: L what a person can follow, E what
 * the page needs, I what may be there, R where it sends the browser. Where Heritrix names the
 * attribute, we name element and attribute. */
void story_add_fields(
	const struct story_capture *capture, const struct page_result *result, struct buf *lines);
/* Appends the page's line for stories.jsonl, with line end: url, timestamp, via, depth, class,
 * captured, reasons (of the class), record, the members of article_json_add_members, textDigest
 * (given: SHA-256 of the text), textBytes, and versionDigest (compare_digest). */
void story_add_json(const struct story_capture *capture, const struct page_result *result,
	const struct digest *text_digest, struct buf *out);

#endif
