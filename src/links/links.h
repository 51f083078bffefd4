/* SPDX-License-Identifier: MIT */
/* links.h - what a document points to: every URL with the rule that found it
 *
 * Pure: bytes and context in, a list out. No network, no files, no clock. Rules are the L-numbers
 * of links/README.md: L-01 base, L-05 script src, L-10 srcset, ...
 */
#ifndef LINKS_LINKS_H
#define LINKS_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "web/url.h"

/* What a URL is to the page. */
enum link_kind {
	LINK_REQUISITE, /* a browser loads it to show the page */
	LINK_PAGE,      /* a person can follow it */
	LINK_DISCOVERY  /* it names something related (feed, canonical, AMP, sitemap); fetched by
			   policy only */
};

/* What a requisite is loaded as, so that its own links are read rightly. */
enum link_role {
	ROLE_UNKNOWN,
	ROLE_STYLE,
	ROLE_SCRIPT,
	ROLE_IMAGE,
	ROLE_FONT,
	ROLE_FRAME,
	ROLE_MEDIA,  /* video, audio */
	ROLE_POSTER, /* still picture of a video */
	ROLE_TRACK,
	ROLE_PLAYLIST, /* HLS, DASH */
	ROLE_MANIFEST,
	ROLE_ICON,
	ROLE_OBJECT,
	ROLE_FEED,
	ROLE_DOCUMENT,
	ROLE_REDIRECT, /* meta refresh, Refresh */
	ROLE_WORKER    /* a script that runs by itself: what it names is relative to itself */
};

/* How a browser chooses among several images for one place; lets a policy take fewer. Bits. */
enum link_candidate {
	CANDIDATE_ONLY = 0,        /* no choice: load it */
	CANDIDATE_SRCSET = 1 << 0, /* one of several in a srcset */
	CANDIDATE_SHOWN = 1 << 1,  /* of these, what a phone, a laptop or a 2x laptop would pick */
	CANDIDATE_TEMPLATE = 1 << 2, /* expanded from a URL template such as _${formatId}.jpg */
	CANDIDATE_BEST = 1 << 3,     /* of the variants of a video the one of most bandwidth */
	CANDIDATE_ALL_BITS = (1 << 4) - 1
};

/* One link. The texts are owned by the list. */
struct link {
	struct bytes url; /* WHATWG href without fragment, http or https */
	enum link_kind kind;
	enum link_role role;
	unsigned candidate; /* enum link_candidate bits */
	const char *rule;   /* static: "L-10" */
	const char *where;  /* static: "img srcset", "css url()", "json state" */
	struct bytes rel;   /* the rel attribute for <link> and <a>, else empty */
	uint32_t anchor;    /* for a and area: index of the anchor evidence (article/related), else
			       UINT32_MAX */
};

/* Whether it is only likely to be there: a favicon by convention (L-42), a string in a script
 * (L-46). */
bool link_is_guess(const struct link *link);

/* Growing list of links, deduplicated by (url, kind); the first finding wins, candidates bits are
 * merged so that an unconditional finding wins over a choice. Zeroed is valid. */
struct link_list {
	struct link *items; /* owned */
	size_t count;
	size_t capacity;
	size_t requisites; /* of kind LINK_REQUISITE */
	size_t dropped;    /* over the limits of base/limits.h: reported, never silent */
	bool is_cut;       /* of some document only the beginning was read; likewise */
	void *table;       /* private: hash table and text storage */
};

void link_list_clear(struct link_list *list);
/* Adds `reference` resolved against `base`; what is no http(s) URL, is empty, or is only a fragment
 * is left out (L-03, L-34). Returns whether it was added or merged. `prototype` gives all fields
 * but the url. */
bool link_list_add(struct link_list *list, const struct url *base, struct bytes reference,
	const struct link *prototype);
/* As above, for a reference whose query is in the encoding of its document; NULL: UTF-8. */
bool link_list_add_in(struct link_list *list, const struct url *base, struct bytes reference,
	struct charset_encoder *encoder, const struct link *prototype);
/* Whether the list holds the URL (an href without fragment) in any kind. */
bool link_list_has(const struct link_list *list, struct bytes url);

/* The document and how it was received. */
struct links_input {
	struct bytes document;     /* content coding undone, as bytes in its own charset */
	const struct url *url;     /* where it was finally found; base of relative URLs */
	const struct url *page;    /* of a script: the page or worker that runs it, or NULL */
	struct bytes import_map;   /* of a script: that page's as import_map_write has it */
	struct bytes content_type; /* Content-Type value, may be empty */
	enum link_role role;       /* what it was loaded as; ROLE_DOCUMENT for pages */
	const char *charset;       /* for html.h: what the text was decoded from; NULL: UTF-8 */
	const char *environment;   /* charset of the document that names a style sheet, or NULL */
};

/* What kind of document it is, by declared type, role and (only when undeclared) by its first
 * bytes. */
enum links_format {
	LINKS_NONE,
	LINKS_HTML,
	LINKS_CSS,
	LINKS_SVG,
	LINKS_XML_FEED,
	LINKS_SITEMAP,
	LINKS_JSON,
	LINKS_MANIFEST,
	LINKS_PLAYLIST, /* HLS */
	LINKS_DASH,
	LINKS_MEDIA_LIST, /* m3u, pls, ASX, SMIL, XSPF, Smooth Streaming */
	LINKS_TRACK,      /* WebVTT, TTML */
	LINKS_SETTINGS,   /* browserconfig.xml, OpenSearch description */
	LINKS_OEMBED,     /* in XML */
	LINKS_ROBOTS,     /* robots.txt */
	LINKS_XML,        /* of no kind known here: its style sheets only */
	LINKS_SCRIPT
};
enum links_format links_format_of(const struct links_input *input);

/* The text of a document as links_find reads it: its packing undone, in UTF-8. Borrowed from the
 * document or from one of the two, which are empty before; `unpacked` has a limit. *cut_out is set
 * when it goes further. */
enum links_format links_text(const struct links_input *input, struct buf *unpacked,
	struct buf *utf8, struct bytes *text_out, bool *cut_out);
/* Finds the links of one document of any format. Never fails on content. `list_out` is added to.
 * HTML goes through article/page, which reads markup once for links and story; this entry is for
 * all other formats, and for HTML in tests and `inspect links`. */
MUST_CHECK int links_find(
	const struct links_input *input, struct link_list *list_out, struct flong_error *err);
/* Adds what response headers point to (L-43). `heads` are the heads of the reply, one behind the
 * other: interim ones (103 with its Link fields) and the final one. */
void links_find_in_headers(const struct url *url, struct bytes heads, struct link_list *list_out);
const char *link_kind_name(enum link_kind kind); /* "requisite", "page", "discovery" */
const char *link_role_name(enum link_role role);

#endif
