/* SPDX-License-Identifier: MIT */
/* story_text.h - texts made comparable: one form for the same words, and the words one by one
 *
 * What readers do not see must not count as a change: kinds and numbers of blanks, line ends, marks
 * without width. Letters, punctuation and the limits of paragraphs count. */
#ifndef ARTICLE_STORY_TEXT_H
#define ARTICLE_STORY_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Appends `text` with each paragraph on a line of its own, the lines divided by LF, the words of a
 * line by one space; no blank at either end. Malformed UTF-8 becomes U+FFFD. */
void story_text_add(struct buf *out, struct bytes text);
/* Takes the next word off *rest, which is such a line or what is left of it. A word is letters and
 * digits with what holds them together (don't, 3.5, well-known), one other character, or one
 * character of a script without blanks (Chinese, Japanese, Thai). *is_apart_out: a space stands
 * before it. False at the end. */
bool story_text_next_word(struct bytes *rest, struct bytes *word_out, bool *is_apart_out);

#endif
