/* SPDX-License-Identifier: MIT */
/* page.h - everything a page says, as one flat value: its links, its related stories, its metadata
 * and text
 *
 * Pure: (bytes, context) -> result. It runs in a parser process; the result crosses to the crawl as
 * bytes (page_result_write and page_result_read). */
#ifndef ARTICLE_PAGE_H
#define ARTICLE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "links/links.h"
#include "web/url.h"

/* The document and its circumstances. All borrowed. */
struct page_input {
	struct bytes document;     /* content coding undone */
	const struct url *url;     /* final URL */
	struct bytes request_url;  /* URL first asked for when redirects led here, else empty */
	struct bytes content_type; /* header value */
	struct bytes import_map;   /* of a script: page_result.import_map of that page, or empty */
	struct bytes head;         /* response heads, interim ones first; may be empty */
	const struct url *page;    /* of a script: the page or worker that runs it, or NULL */
	enum link_role role;       /* what it was loaded as; ROLE_DOCUMENT for pages */
	const char *environment;   /* of a style sheet: charset of what names it, or NULL */
	int64_t captured_ms;       /* wall clock: relative times are resolved against it */
	bool wants_markdown;       /* also the text as Markdown, and the captions of its pictures */
	unsigned without;          /* enum related_evidence bits left out, to measure; else 0 */
};

/* Why a link would be followed (or not), as `inspect related` says it. */
enum story_kind {
	STORY_RELATED,
	STORY_MORE,
	STORY_INLINE,
	STORY_PAGINATION,
	STORY_SECTION,
	STORY_NAV,
	STORY_OTHER,
	STORY_STATE, /* only in the page's embedded state; never accepted by itself */
	STORY_ENTRY, /* of a feed or sitemap */
	STORY_LIST   /* a sitemap that an index of sitemaps names */
};

/* One candidate of the page: unique URL on the same site, judged. Texts are owned by the result. */
struct page_story {
	struct bytes url;
	struct bytes title;
	struct bytes section;  /* heading of the block it stands in */
	struct bytes date;     /* as written on the page, or ISO 8601 */
	struct bytes kicker;   /* the small line over its title: "Politics" */
	struct bytes duration; /* of a video or sound, as written: "02:38" */
	struct bytes reasons;  /* "slug +2; heading +1; nav -0.7" */
	enum story_kind kind;
	double score;
	bool accepted; /* kind RELATED, MORE or the like and score over the threshold */
};

/* A video of the page's own story. */
struct page_video {
	struct bytes url;   /* of the file, its player, or its page: the first that is told */
	struct bytes title; /* or empty */
	uint32_t seconds;   /* 0: not known */
	const char *source; /* static: "json-ld", "itemprop", "meta", "video" */
};

/* A date with where it came from and how exact it is. */
struct page_date {
	struct bytes value;    /* ISO 8601, or empty */
	const char *source;    /* static: "json-ld", "meta", "itemprop", "time", "url", "text",
				  "image"; or NULL */
	const char *precision; /* static: "second", "minute", "hour", "day", "relative" */
};

/* A list of texts. */
struct page_texts {
	struct bytes *items; /* owned array */
	size_t count;
};

/* What became of the page's text: the report counts pages that need scripts to show any. */
enum page_class { PAGE_ARTICLE, PAGE_OTHER, PAGE_EMPTY, PAGE_NEEDS_SCRIPTS };

/* By which signs the page shows that it is no story but something in its place: article/signs.h
 * names the bits, article/verdict.h weighs them. */
struct page_signs {
	uint64_t bits;       /* of enum sign */
	uint32_t visible;    /* bytes of text that a reader sees */
	uint32_t anchors;    /* links in it */
	uint32_t told_words; /* how long the story is, by JSON-LD; 0 unknown */
};

struct page_result {
	enum links_format format;
	enum page_class class;
	struct page_signs signs;
	const char *charset; /* of HTML and CSS, WHATWG name, static; NULL for the rest */
	struct link_list links;
	struct page_story *stories; /* owned; only for HTML */
	size_t story_count;
	/* metadata; empty when unknown */
	struct bytes title; /* <title> */
	struct bytes headline, kicker, description, section, language, canonical, short_url,
		amp_url, favicon;
	struct page_date published, modified;
	struct page_texts authors, agencies, tags;
	struct bytes image_url, image_caption, image_credit;
	struct page_video *videos; /* owned */
	size_t video_count;
	struct bytes text; /* main text, plain */
	/* Only with wants_markdown; neither crosses to the crawl. */
	struct bytes markdown;
	struct page_texts captions;
	struct bytes import_map; /* for the page_input of its scripts; empty without one */
	uint64_t links_dropped;  /* over the limits */
	bool is_cut;             /* only the beginning was read: over the limits */
	void *arena;             /* owned storage of all texts */
};

/* Reads one document of any format (HTML, CSS, SVG, feed, manifest, ...). Fails only on limits of
 * memory; odd content gives fewer findings. The caller clears *result_out. */
MUST_CHECK int page_read(
	const struct page_input *input, struct page_result *result_out, struct flong_error *err);
void page_result_clear(struct page_result *result);
/* Copies bytes into the result's storage (for the modules that fill it). */
struct bytes page_result_keep(struct page_result *result, struct bytes text);

/* The result as bytes, and back. Reading trusts nothing: FLONG_E_FORMAT for anything malformed. */
MUST_CHECK int page_result_write(
	const struct page_result *result, struct buf *out, struct flong_error *err);
MUST_CHECK int page_result_read(
	struct bytes serialised, struct page_result *result_out, struct flong_error *err);
const char *story_kind_name(enum story_kind kind);

#endif
