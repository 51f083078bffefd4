/* SPDX-License-Identifier: MIT */
/* words.h - how many words a text has, in any script */
#ifndef ARTICLE_WORDS_H
#define ARTICLE_WORDS_H

#include "base/bytes.h"

/* Words as a headline counts them: 2.5 CJK or 4 Thai characters are one. UTF-8; damaged text is
 * counted somehow. */
double words_count(struct bytes text);

#endif
