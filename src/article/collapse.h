/* SPDX-License-Identifier: MIT */
/* collapse.h - white space as a reader sees it: one space between words */
#ifndef ARTICLE_COLLAPSE_H
#define ARTICLE_COLLAPSE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Appends `text` without soft hyphens (U+00AD), with every run of white space (also U+00A0) as one
 * space; a run at the start is
 * written before the first word, or before it when `space_before`. Returns whether the end was
 * white space that has not been written. */
bool collapse_add(struct buf *out, struct bytes text, bool space_before);

#endif
