/* SPDX-License-Identifier: MIT */
/* server_clock.c - what the clocks of servers say of ours */
#include "crawl/server_clock.h"

#include <stdlib.h>

#include "base/clock.h"

void server_clock_note(struct crawl *crawl, const struct exchange *exchange)
{
	struct crawl_counts *counts = &crawl->counts;
	int64_t date_ms = 0;
	if (!exchange->has_response || crawl->fake_now_ms != 0 ||
		!clock_parse_http(headers_first(&exchange->parsed.headers, "date"), &date_ms)) {
		return;
	}
	int64_t off_ms = date_ms - exchange->started_ms;
	if (!counts->knows_clock || llabs(off_ms) < llabs(counts->clock_off_ms)) {
		counts->knows_clock = true;
		counts->clock_off_ms = off_ms;
	}
}
