/* SPDX-License-Identifier: MIT */
/* outline.h - a page's markup as one flat array in document order: elements, texts and the
 * attributes that matter to a story
 *
 * A listener of links/markup builds it while the links are read. Children follow their parent, so
 * that sums over subtrees are one backward pass and nothing here recurses. */
#ifndef ARTICLE_OUTLINE_H
#define ARTICLE_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "links/markup.h"

#define OUTLINE_NONE UINT32_MAX

/* Elements that are told apart; the order is the alphabet's, as the table in outline.c. */
enum outline_tag {
	TAG_A,
	TAG_ADDRESS,
	TAG_AMP_IMG,
	TAG_AREA,
	TAG_ARTICLE,
	TAG_ASIDE,
	TAG_AUDIO,
	TAG_B,
	TAG_BASE,
	TAG_BLOCKQUOTE,
	TAG_BODY,
	TAG_BR,
	TAG_BUTTON,
	TAG_DD,
	TAG_DIV,
	TAG_DL,
	TAG_DT,
	TAG_EM,
	TAG_FIGCAPTION,
	TAG_FIGURE,
	TAG_FOOTER,
	TAG_FORM,
	TAG_H1,
	TAG_H2,
	TAG_H3,
	TAG_H4,
	TAG_H5,
	TAG_H6,
	TAG_HEAD,
	TAG_HEADER,
	TAG_HR,
	TAG_HTML,
	TAG_I,
	TAG_IFRAME,
	TAG_IMG,
	TAG_INPUT,
	TAG_LI,
	TAG_LINK,
	TAG_MAIN,
	TAG_META,
	TAG_NAV,
	TAG_NOSCRIPT,
	TAG_OL,
	TAG_OPTION,
	TAG_P,
	TAG_PICTURE,
	TAG_PRE,
	TAG_SCRIPT,
	TAG_SECTION,
	TAG_SELECT,
	TAG_SMALL,
	TAG_SOURCE,
	TAG_SPAN,
	TAG_STRONG,
	TAG_STYLE,
	TAG_SVG,
	TAG_TABLE,
	TAG_TBODY,
	TAG_TD,
	TAG_TEMPLATE,
	TAG_TEXTAREA,
	TAG_TH,
	TAG_TIME,
	TAG_TITLE,
	TAG_TR,
	TAG_UL,
	TAG_VIDEO,
	TAG_OTHER, /* any other element */
	TAG_TEXT   /* a text, not an element */
};

/* Attributes that are kept; alphabetical as well. */
enum outline_attribute {
	ATTR_ALT,
	ATTR_ARIA_HIDDEN,
	ATTR_ARIA_LABEL,
	ATTR_ARIA_LABELLEDBY,
	ATTR_CLASS,
	ATTR_CONTENT,
	ATTR_DATA_DURATION,
	ATTR_DATA_SRC,
	ATTR_DATETIME,
	ATTR_HIDDEN,
	ATTR_HREF,
	ATTR_HREFLANG,
	ATTR_HTTP_EQUIV,
	ATTR_ID,
	ATTR_ITEMPROP,
	ATTR_LANG,
	ATTR_NAME,
	ATTR_PROPERTY,
	ATTR_REL,
	ATTR_ROLE,
	ATTR_SIZES,
	ATTR_SRC,
	ATTR_SRCSET,
	ATTR_STYLE,
	ATTR_TITLE,
	ATTR_TYPE,
	ATTR_OTHER
};

/* Where a node stands: bits inherited from the elements around it, itself included. */
enum outline_place {
	IN_NAV = 1 << 0, /* nav, or role navigation, menu, menubar */
	IN_HEADER = 1 << 1,
	IN_FOOTER = 1 << 2,
	IN_MAIN = 1 << 3,
	IN_ARTICLE = 1 << 4,
	IN_ASIDE = 1 << 5,
	IN_HEADING = 1 << 6,
	IN_ANCHOR = 1 << 7,
	IN_UNSEEN = 1 << 8, /* noscript, template, head, hidden elements, form controls */
	IN_FIGURE = 1 << 9,
	IN_PARAGRAPH = 1 << 10,
	IN_RAW = 1 << 11 /* script, style */
};

struct outline_node {
	uint32_t parent; /* index, OUTLINE_NONE for a root */
	uint32_t end;    /* one past the last node inside */
	uint32_t start;  /* text: where it starts in outline.text; element: its first attribute */
	uint32_t len;    /* text: bytes; element: attributes */
	uint16_t place;  /* enum outline_place bits */
	uint8_t tag;     /* enum outline_tag */
};

struct outline_value {
	uint32_t start; /* in outline.text */
	uint32_t len;
	uint8_t name; /* enum outline_attribute */
};

/* Zeroed is valid; outline_clear leaves it reusable. */
struct outline {
	struct outline_node *nodes; /* owned */
	size_t count;
	size_t capacity;
	struct outline_value *values; /* owned */
	size_t value_count;
	size_t value_capacity;
	struct buf text;     /* all texts and attribute values */
	size_t script_bytes; /* of scripts, kept or not */
	bool has_check;      /* one of its first scripts speaks of a bot check */
	size_t dropped;      /* nodes over LIMIT_PAGE_NODES */
	uint32_t *open;      /* owned: indexes of the open elements */
	size_t *open_depth;  /* owned: their depth in the markup */
	size_t open_count;
	size_t open_capacity;
	bool space_pending; /* white space came after the last text */
};

void outline_init(struct outline *outline);
void outline_clear(struct outline *outline);
/* The listener that fills `outline`, which must outlive the reading. */
struct markup_listener outline_listener(struct outline *outline);
/* Ends what is still open; call it once after the reading. */
void outline_finish(struct outline *outline);

/* Value of an element's attribute; ptr NULL when absent. Borrowed from the outline. */
struct bytes outline_value(
	const struct outline *outline, uint32_t node, enum outline_attribute name);
/* The bytes of a text node. Borrowed. */
struct bytes outline_text(const struct outline *outline, uint32_t node);
/* Appends the text inside `node` with white space collapsed, a space between blocks, without
 * scripts, styles and unseen parts; stops after about `max` bytes. An unseen node's own text is
 * given when it is asked for. */
void outline_gather(const struct outline *outline, uint32_t node, size_t max, struct buf *out);
/* Whether it is h1 to h6. */
bool outline_is_heading(uint8_t tag);
/* Whether the element starts a new line of text. */
bool outline_is_block(uint8_t tag);

#endif
