/* SPDX-License-Identifier: MIT */
/* choice.c - which of several captures is meant by a URL and a time */
#include "index/choice.h"

static struct bytes without_label(struct bytes digest)
{
	size_t colon = bytes_find_char(digest, ':', 0);
	return colon == SIZE_MAX ? digest : bytes_slice(digest, colon + 1, digest.len);
}

uint64_t choice_distance(const struct choice *choice, int64_t date_ms)
{
	if (!choice->has_date) {
		return (uint64_t)INT64_MAX - (uint64_t)date_ms; /* the latest is the nearest */
	}
	return date_ms > choice->date_ms ? (uint64_t)date_ms - (uint64_t)choice->date_ms
					 : (uint64_t)choice->date_ms - (uint64_t)date_ms;
}

static bool is_better(
	const struct choice *choice, const struct choice_best *best, bool is_exact, int64_t date_ms)
{
	if (!best->is_found || best->is_exact != is_exact) {
		return !best->is_found || is_exact;
	}
	uint64_t new_distance = choice_distance(choice, date_ms);
	uint64_t old_distance = choice_distance(choice, best->date_ms);
	return new_distance < old_distance ||
	       (new_distance == old_distance && date_ms < best->date_ms);
}

bool choice_take(
	const struct choice *choice, const struct choice_capture *capture, struct choice_best *best)
{
	if ((choice->no_revisits && capture->is_revisit) ||
		(choice->digest.len > 0 && !bytes_equal_nocase(without_label(choice->digest),
						   without_label(capture->digest)))) {
		return false;
	}
	bool is_exact = bytes_equal(capture->url, choice->url) ||
			(choice->href.len > 0 && bytes_equal(capture->url, choice->href));
	if (!is_better(choice, best, is_exact, capture->date_ms)) {
		return false;
	}
	*best = (struct choice_best){true, is_exact, capture->date_ms};
	return true;
}
