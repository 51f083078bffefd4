/* SPDX-License-Identifier: MIT */
/* words.h - how many words a text has, in any script */
#ifndef ARTICLE_WORDS_H
#define ARTICLE_WORDS_H

#include <stdbool.h>

#include "base/bytes.h"

/* Words as a headline counts them: 2.5 CJK or 4 Thai characters are one. UTF-8; damaged text is
 * counted somehow. */
double words_count(struct bytes text);
/* Whether a list of words with white space between (class, rel, itemprop) has this one; ASCII case
 * is the same. */
bool words_has_item(struct bytes list, const char *word);

#endif
