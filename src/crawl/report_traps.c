/* SPDX-License-Identifier: MIT */
/* report_traps.c - what the rules against endless rows of pages left out */
#include <string.h>

#include "base/json.h"
#include "crawl/crawl_private.h"
#include "crawl/report.h"
#include "crawl/trap.h"

static void note_trap(void *context, struct bytes reason, uint64_t count)
{
	struct report *report = context;
	report->trap_links += count;
	buf_addf(&report->traps, "%llu\t", (unsigned long long)count);
	buf_add(&report->traps, reason);
	buf_add_char(&report->traps, '\n');
}

int report_gather_traps(const struct crawl *crawl, struct report *report, struct flong_error *err)
{
	return state_each_reason(crawl->state, TRAP_PREFIX, note_trap, report, err);
}

/* "  traps         120 links left out: calendar (73), session id (47)" */
void report_add_traps_text(const struct report *report, struct buf *text)
{
	struct bytes rest = buf_bytes(&report->traps);
	struct bytes line;
	struct bytes count;
	struct bytes rule;
	if (rest.len > 0) {
		buf_addf(text, "  traps         %llu links left out",
			(unsigned long long)report->trap_links);
	}
	for (const char *before = ": "; bytes_next_line(&rest, &line); before = ", ") {
		if (bytes_cut(line, '\t', &count, &rule)) {
			buf_add_text(text, before);
			buf_add(text, bytes_slice(rule, strlen(TRAP_PREFIX), rule.len));
			buf_addf(text, " (" BYTES_FMT ")", BYTES_ARG(count));
		}
	}
	if (report->traps.len > 0) {
		buf_add_char(text, '\n');
	}
}

void report_add_traps_json(const struct report *report, struct buf *json)
{
	json_add_name(json, "traps");
	buf_add_char(json, '[');
	struct bytes rest = buf_bytes(&report->traps);
	struct bytes line;
	struct bytes count;
	struct bytes rule;
	for (bool is_first = true; bytes_next_line(&rest, &line); is_first = false) {
		uint64_t links = 0;
		if (bytes_cut(line, '\t', &count, &rule) &&
			bytes_to_u64(count, UINT64_MAX, &links)) {
			buf_add_text(json, is_first ? "{" : ",{");
			json_add_member(json, "rule", rule);
			json_add_member_u64(json, "links", links);
			buf_add_char(json, '}');
		}
	}
	buf_add_char(json, ']');
}
