/* SPDX-License-Identifier: MIT */
/* soft_words.h - what words in class and id values hint at: menus, advertisements, tag lists
 *
 * Hints only: pages name things as they like, and a word alone never decides (article/related). */
#ifndef ARTICLE_SOFT_WORDS_H
#define ARTICLE_SOFT_WORDS_H

#include "base/bytes.h"

enum soft_word {
	SOFT_MENU = 1 << 0,
	SOFT_ADVERT = 1 << 1,
	SOFT_TAGS = 1 << 2,        /* tag lists, bylines */
	SOFT_ADVERT_NEAR = 1 << 3, /* the card itself is named an advertisement */
	SOFT_BOILER = 1 << 4,      /* share bars, newsletters: not the story's text */
	SOFT_COMMENTS = 1 << 5
};

/* What stands in the place of a story (article/signs). */
enum soft_box {
	BOX_CHECK = 1 << 0,   /* a bot check */
	BOX_CONSENT = 1 << 1, /* a dialogue about consent */
	BOX_WALL = 1 << 2     /* a paywall */
};

/* The bits of all words in a class or id value; words end at punctuation and before a capital. */
unsigned soft_words_of(struct bytes value);
/* The same for enum soft_box bits. */
unsigned soft_words_of_box(struct bytes value);

#endif
