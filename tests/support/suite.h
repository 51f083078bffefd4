/* SPDX-License-Identifier: MIT */
/* suite.h - the shared conformance suites, one JSON object a line; tests skip when they are absent
 *
 * A suite lies at ../shared/suites beside the source tree and is no part of it. */
#ifndef TESTS_SUPPORT_SUITE_H
#define TESTS_SUPPORT_SUITE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/json.h"

/* Writes the path of a file of the suites into `out`; false when it does not exist. */
static inline bool suite_path(const char *name, char *out, size_t size)
{
	const char *root = getenv("FLONG_SOURCE_ROOT");
	(void)snprintf(out, size, "%s/../shared/suites/%s", root == NULL ? "." : root, name);
	return access(out, R_OK) == 0;
}

/* Reads a whole file of the suites; false when it is absent. */
static inline bool suite_read(const char *name, struct buf *out)
{
	char path[4096];
	if (!suite_path(name, path, sizeof(path))) {
		return false;
	}
	FILE *file = fopen(path, "rbe");
	if (file == NULL) {
		return false;
	}
	char *room;
	size_t got = 1;
	while (got > 0 && (room = buf_reserve(out, 65536)) != NULL) {
		got = fread(room, 1, 65536, file);
		buf_commit(out, got);
	}
	(void)fclose(file);
	return !buf_failed(out);
}

/* Appends what the base64 text holds, up to the first byte that is none of its letters. */
static inline void suite_add_base64(struct buf *out, struct bytes text)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0;
	unsigned count = 0;
	for (size_t i = 0; i < text.len; i++) {
		const char *at = strchr(letters, text.ptr[i]);
		if (at == NULL || *at == '\0') {
			break;
		}
		bits = bits << 6 | (unsigned)(at - letters);
		count += 6;
		if (count >= 8) {
			count -= 8;
			buf_add_char(out, (char)(bits >> count & 255));
		}
	}
}

/* What a run over a suite gave. */
struct suite_score {
	size_t rows, failed, unread;
};

/* Calls `judge` for each row of a JSONL file; it returns whether the row is as it should be. Rows
 * that our JSON parser does not take (lone surrogates) are not judged; how many is printed. */
static inline bool suite_run(
	const char *name, bool (*judge)(const struct json *row), struct suite_score *score)
{
	SCOPED(buf_clear) struct buf text = buf_with_max((size_t)64 << 20);
	*score = (struct suite_score){0, 0, 0};
	if (!suite_read(name, &text)) {
		return false;
	}
	struct bytes rest = buf_bytes(&text);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		SCOPED(json_closep) struct json_document *document = NULL;
		struct flong_error err = {0};
		if (line.len == 0) {
			continue;
		}
		if (json_parse(line, JSON_STRICT, &document, &err) != FLONG_OK) {
			score->unread++;
			continue;
		}
		score->rows++;
		if (!judge(json_root(document))) {
			score->failed++;
		}
	}
	(void)fprintf(stderr, "# %s: %zu of %zu rows as expected, %zu not read\n", name,
		score->rows - score->failed, score->rows, score->unread);
	return true;
}

#endif
