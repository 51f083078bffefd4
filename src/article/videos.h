/* SPDX-License-Identifier: MIT */
/* videos.h - the videos of a story: where they are, what they are called, how long they take
 *
 * What the page says to machines comes first (JSON-LD VideoObject, microdata, og:video), then what
 * stands on it: video elements, and the "02:38 min" beside one. Videos of other stories, in their
 * cards, are not these: page_story.duration has theirs. */
#ifndef ARTICLE_VIDEOS_H
#define ARTICLE_VIDEOS_H

#include "article/json_ld.h"
#include "article/page.h"

/* All borrowed. */
struct videos_input {
	const struct outline *outline;
	const struct url *base;
	const struct json_ld *ld;
};

/* Fills result->videos, at most LIMIT_PAGE_VIDEOS. */
void videos_find(const struct videos_input *input, struct page_result *result);
/* Seconds of "PT2M38S" (ISO 8601), "02:38", "1:02:38" or "158"; 0 for anything else, and over
 * 1,000 hours. */
uint32_t videos_seconds(struct bytes text);
/* Seconds as they are shown: "02:38", "1:02:38"; nothing for 0. */
void videos_add_duration(struct buf *out, uint32_t seconds);

#endif
