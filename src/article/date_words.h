/* SPDX-License-Identifier: MIT */
/* date_words.h - words of dates: months, units of time, "ago", "yesterday"
 *
 * Closed lists of the languages that much news is written in, by prefix where endings vary. */
#ifndef ARTICLE_DATE_WORDS_H
#define ARTICLE_DATE_WORDS_H

#include <stdbool.h>

#include "base/bytes.h"

/* 1 to 12, or -1 when the word names no month. */
int date_words_month(struct bytes word);
/* Minutes of "hours", "Tag", "m"; 0 for seconds, -1 when the word is no unit. */
int date_words_unit_minutes(struct bytes word);
/* 0 for "today", 1 for "yesterday", else -1. */
int date_words_days_back(struct bytes word);
/* Whether the word tells that a span of time lies behind: "ago", "vor", "hace". */
bool date_words_is_ago(struct bytes word);

#endif
