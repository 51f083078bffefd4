/* SPDX-License-Identifier: MIT */
/* check_texts.h - small WARC files made of text, and what a set says of them in one line */
#ifndef TESTS_SUPPORT_CHECK_TEXTS_H
#define TESTS_SUPPORT_CHECK_TEXTS_H

#include <stdlib.h>

#include "index/check_set.h"

/* Adds a record: `head` are its lines but Content-Length, each with LF; its id is <a:ID>. */
static inline void check_texts_add(
	struct buf *file, const char *type, const char *id, const char *head, const char *block)
{
	buf_addf(file, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <a:%s>\r\n", type, id);
	for (const char *c = head; *c != '\0'; c++) {
		buf_add_text(file, *c == '\n' ? "\r" : "");
		buf_add_char(file, *c);
	}
	buf_addf(file, "Content-Length: %zu\r\n\r\n%s\r\n\r\n", strlen(block), block);
}

/* What was found: " W-25!@12" for an error at offset 12, "?" for advice, "#3" for line 3. */
struct check_texts_found {
	struct buf list;
	struct check_summary summary;
	struct check_join_summary joined;
};

static inline void check_texts_finding(
	void *context, const char *name, const struct check_finding *finding)
{
	struct check_texts_found *found = context;
	(void)name;
	buf_addf(&found->list, " %s%s%s%llu", finding->rule,
		finding->severity == CHECK_ERROR     ? "!"
		: finding->severity == CHECK_WARNING ? ""
						     : "?",
		finding->line > 0 ? "#" : "@",
		(unsigned long long)(finding->line > 0 ? finding->line : finding->offset));
}

static inline void check_texts_warc(
	void *context, const char *name, const struct check_summary *summary)
{
	(void)name;
	((struct check_texts_found *)context)->summary = *summary;
}

static inline void check_texts_lines(void *context, const char *name, uint64_t lines)
{
	(void)context;
	(void)name;
	(void)lines;
}

/* Checks a WARC file a.warc, an index and a list of pages (each may be NULL) as one set. */
static inline void check_texts_run(const struct buf *warc, const char *index, const char *pages,
	bool is_whole, struct check_texts_found *found)
{
	struct flong_error err;
	const struct check_set_options options = {
		.is_whole = is_whole, .has_rows = index != NULL, .temp_dir = "/tmp"};
	const struct check_set_hooks hooks = {.finding = check_texts_finding,
		.warc = check_texts_warc,
		.lines = check_texts_lines,
		.context = found};
	const struct check_set_warc file = {.name = "a.warc"};
	struct check_set *set = check_set_create(&options, &hooks);
	buf_reset(&found->list);
	int rc = FLONG_OK;
	if (warc != NULL) {
		rc = check_set_add_warc(set, source_from_bytes(buf_bytes(warc)), &file, &err);
	}
	if (rc == FLONG_OK && index != NULL) {
		rc = check_set_add_index(
			set, source_from_bytes(bytes_of(index)), "index.cdx", &err);
	}
	if (rc == FLONG_OK && pages != NULL) {
		rc = check_set_add_pages(
			set, source_from_bytes(bytes_of(pages)), "pages.jsonl", &err);
	}
	if (rc != FLONG_OK || check_set_finish(set, &found->joined, &err) != FLONG_OK) {
		abort();
	}
	check_set_close(set);
}

#endif
