/* SPDX-License-Identifier: MIT */
/* signs.h - by which signs a page shows that something stands in the place of its story
 *
 * Each sign is a fact about the form of the page or of the reply: that a form asks for a password,
 * that a script is named after a bot check, that the headline says "not found". None of them
 * decides; article/verdict.h weighs them. Those of the page are collected here, where its markup
 * is; they cross to the crawl in struct page_signs. */
#ifndef ARTICLE_SIGNS_H
#define ARTICLE_SIGNS_H

#include <stdint.h>

#include "article/json_ld.h"
#include "article/outline.h"
#include "article/page.h"

enum sign {
	/* Of the page. */
	SIGN_CHECK,          /* script, frame, form or box named after a bot check */
	SIGN_CHECK_PAGE,     /* of a make that only pages with nothing but a check have */
	SIGN_CHECK_WORDS,    /* "Just a moment", "verify you are human" */
	SIGN_DENIED_WORDS,   /* "Access denied" */
	SIGN_INCIDENT,       /* a code by which somebody could look the refusal up */
	SIGN_ASKS_SCRIPTS,   /* asks for JavaScript, in a noscript or openly */
	SIGN_REFRESH_SELF,   /* loads itself again */
	SIGN_REFRESH_OTHER,  /* sends its reader on */
	SIGN_NOINDEX,        /* asks not to be indexed */
	SIGN_CONSENT_FORM,   /* form, button or frame named after consent */
	SIGN_CONSENT_DIALOG, /* most of its text stands in a box named after consent */
	SIGN_CONSENT_WORDS,
	SIGN_PASSWORD, /* asks for a password */
	SIGN_LOGIN_WORDS,
	SIGN_NOT_FREE,   /* JSON-LD: isAccessibleForFree false */
	SIGN_FREE,       /* the same: true */
	SIGN_LOCKED,     /* article:content_tier locked or metered */
	SIGN_WALL,       /* a box named after a paywall, with text */
	SIGN_WALL_WORDS, /* asks to subscribe, in a line of its own */
	SIGN_TEXT_CUT,   /* the text ends in an ellipsis */
	SIGN_NOT_FOUND_TITLE,
	SIGN_NOT_FOUND_HEADING, /* of the page, or its few words */
	SIGN_OWN_ADDRESS,       /* canonical or og:url name this page */
	SIGN_NO_ADDRESS,        /* there is neither */
	SIGN_HOME_ADDRESS,      /* they name the front page */
	SIGN_ARTICLE,           /* says to machines that it is an article */
	SIGN_NOTHING,           /* no text, and nothing that could be shown */
	SIGN_SHELL,             /* only a place where scripts would put the page */
	/* Of sizes and words together; set by the verdict. */
	SIGN_LITTLE_TEXT,
	SIGN_STORY, /* text enough to be one */
	SIGN_SHORT_STORY,
	SIGN_LONG_STORY,
	SIGN_TOLD_LONGER, /* wordCount of JSON-LD is more than twice the words here */
	SIGN_TOLD_WHOLE,  /* it is about the words here */
	SIGN_MANY_LINKS,
	/* Of the reply and its address. */
	SIGN_MITIGATED,         /* a field says that the reply is a challenge */
	SIGN_CHECK_FIELD,       /* a field of a bot check */
	SIGN_STATUS_BLOCKED,    /* 403, 405, 429, 503 */
	SIGN_STATUS_LOGIN,      /* 401, 407, 511 */
	SIGN_STATUS_PAY,        /* 402 */
	SIGN_SENT_WITH_ADDRESS, /* redirected, and the query holds what was asked for */
	SIGN_ADDRESS_CONSENT,   /* redirected to an address named after consent */
	SIGN_ADDRESS_LOGIN,
	SIGN_ADDRESS_NOT_FOUND,
	SIGN_SENT_HOME, /* redirected from a story's address to a front page */
	SIGN_COUNT
};
_Static_assert(SIGN_COUNT <= 64, "signs are bits of 64");
#define SIGN_BIT(sign) (UINT64_C(1) << (sign))
/* Signs that a page may bring from a parser process. */
#define SIGNS_OF_PAGE (SIGN_BIT(SIGN_LITTLE_TEXT) - 1)

/* Collects the signs of a page. After metadata and text, which it looks at. */
void signs_find(
	const struct outline *outline, const struct page_input *input, struct page_result *result);
/* Signs in what the page says of itself in JSON-LD. */
void signs_see_json(const struct json_ld *ld, struct page_result *result);

#endif
