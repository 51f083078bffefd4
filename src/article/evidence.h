/* SPDX-License-Identifier: MIT */
/* evidence.h - what a page shows about each of its own site's URLs: every anchor, its words, its
 * place, its card
 *
 * The unit of decision is a unique URL (host without "www.", path, and a query only where the path
 * alone names nothing); the evidence is all its anchors. */
#ifndef ARTICLE_EVIDENCE_H
#define ARTICLE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "article/outline.h"
#include "article/soft_words.h"
#include "article/url_shape.h"
#include "article/url_table.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "web/url.h"

/* A part of evidence.texts. */
struct evidence_span {
	uint32_t start;
	uint32_t len;
};

struct evidence_anchor {
	uint32_t node;      /* in the outline */
	uint32_t candidate; /* whose URL it points to */
	uint32_t next;      /* next anchor of the same candidate, OUTLINE_NONE at the end */
	uint32_t card;      /* outermost element with anchors of this candidate only */
	struct evidence_span text;
	double words;     /* of the text; CJK characters count less */
	uint64_t path;    /* equal for anchors with the same four levels of tag and class */
	bool is_excluded; /* in menus, page header or page footer */
	bool has_heading; /* is in a heading or holds one */
	bool has_image;
	bool is_inline;   /* in running prose */
	bool is_wordless; /* nothing in its card is text: a picture only */
	bool is_labelled; /* its text comes from a label or title, not from the page's text */
	unsigned soft;    /* enum soft_word bits */
};

struct evidence_candidate {
	struct evidence_span url; /* as first linked, without fragment */
	struct url_shape shape;   /* borrows from evidence.texts: valid once collected */
	uint64_t template;
	uint32_t first; /* anchor */
	uint32_t last;
	uint32_t anchors;
	size_t path_at; /* where the path starts in url */
	size_t path_len;
	bool is_elsewhere; /* under another registrable domain than the page */
	bool is_page;      /* another page of the same story */
};

/* Sums over what is inside an element. */
struct evidence_sums {
	uint32_t text;    /* bytes of visible text */
	uint32_t linked;  /* of these, inside anchors */
	uint32_t anchors; /* with a candidate */
	uint32_t brief;   /* of these, under 2.5 words */
	uint32_t only;    /* the one candidate inside, OUTLINE_NONE for none, EVIDENCE_MIXED */
};
#define EVIDENCE_MIXED (UINT32_MAX - 1)

struct evidence {
	const struct outline *outline;   /* borrowed */
	struct evidence_anchor *anchors; /* owned */
	size_t anchor_count;
	size_t anchor_capacity;
	struct evidence_candidate *candidates; /* owned */
	size_t candidate_count;
	size_t candidate_capacity;
	struct evidence_sums *sums; /* owned: one a node */
	struct buf texts;
	struct url_table keys; /* key of a URL -> candidate */
	struct url_table own;  /* keys of the page itself */
	struct url_shape seed;
	size_t dropped; /* anchors over LIMIT_PAGE_LINKS */
};

/* Where the page is and under which other names. All borrowed. */
struct evidence_input {
	const struct url *url;
	const struct url *base;
	struct charset_encoder *encoder; /* of queries in the page's links; NULL for UTF-8 */
	const struct bytes *own_urls;    /* absolute: request URL, canonical, alternates */
	size_t own_url_count;
};

/* Collects the evidence of an outline; evidence_clear frees it. */
void evidence_collect(const struct outline *outline, const struct evidence_input *input,
	struct evidence *evidence_out);
void evidence_clear(struct evidence *evidence);
/* The candidate of a URL; OUTLINE_NONE when the page does not link to it. *is_own_out tells whether
 * it is the page itself. */
uint32_t evidence_candidate_of(
	const struct evidence *evidence, const struct url *url, bool *is_own_out);
struct bytes evidence_text(const struct evidence *evidence, struct evidence_span span);

#endif
