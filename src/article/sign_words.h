/* SPDX-License-Identifier: MIT */
/* sign_words.h - what titles and headings say where a story should be: "not found", "log in",
 * "verify you are human"
 *
 * Hints only, in the languages of larger presses: each class of pages that article/verdict tells
 * apart has signs enough without them. */
#ifndef ARTICLE_SIGN_WORDS_H
#define ARTICLE_SIGN_WORDS_H

#include "base/bytes.h"

enum sign_words {
	WORDS_CHECK = 1 << 0,
	WORDS_DENIED = 1 << 1,
	WORDS_CONSENT = 1 << 2,
	WORDS_LOGIN = 1 << 3,
	WORDS_WALL = 1 << 4,
	WORDS_NOT_FOUND = 1 << 5,
	WORDS_SCRIPTS = 1 << 6 /* JavaScript */
};

/* The classes of all phrases in a text (UTF-8), of which the first 2,000 bytes are read. Capitals
 * count as small letters, and a phrase begins where a word does. */
unsigned sign_words_of(struct bytes text);

#endif
