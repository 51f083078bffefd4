/* SPDX-License-Identifier: MIT */
/* choice.h - which of several captures is meant by a URL and a time
 *
 * A capture of exactly the URL is preferred to one of the same key (http or https, www, letter
 * case); of two alike the one nearer in time, of two equally near ones the earlier. */
#ifndef INDEX_CHOICE_H
#define INDEX_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* What is looked for; bytes are borrowed. */
struct choice {
	struct bytes url;  /* as it was asked for */
	struct bytes href; /* the same as browsers write it; empty: not known */
	bool has_date;     /* else the latest one is meant */
	int64_t date_ms;
	bool no_revisits;
	struct bytes digest; /* of the payload, with or without label; empty: any */
};

/* A capture whose key fits; bytes are borrowed. */
struct choice_capture {
	struct bytes url;
	int64_t date_ms;
	bool is_revisit;
	struct bytes digest;
};

/* How good the best one so far is. Zeroed: there is none. */
struct choice_best {
	bool is_found, is_exact;
	int64_t date_ms;
};

/* Whether the capture is better than the best so far; then *best is of it. */
bool choice_take(const struct choice *choice, const struct choice_capture *capture,
	struct choice_best *best);
/* How far a time is from the one that is meant: the smaller, the better. */
uint64_t choice_distance(const struct choice *choice, int64_t date_ms);

#endif
