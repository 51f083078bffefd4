/* SPDX-License-Identifier: MIT */
/* page_dump.c - prints what article/page finds in files: one JSON object a page, for the scorers
 *
 * page_dump [KIND | markdown]: reads lines "URL TAB FILE TAB captured-ms" from standard input. KIND
 * is a kind of evidence for related stories that is left out (article/related.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "article/article_json.h"
#include "article/related.h"
#include "article/verdict.h"
#include "base/clock.h"

static struct bytes slurp(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		return bytes_from(NULL, 0);
	}
	size_t cap = (size_t)32 << 20;
	char *data = malloc(cap);
	size_t len = data == NULL ? 0 : fread(data, 1, cap, file);
	(void)fclose(file);
	return bytes_from(data, len);
}

static int dump(struct bytes address, const char *path, const struct page_input *how)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(address, NULL, &url, &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	struct bytes document = slurp(path);
	struct page_input input = *how;
	input.document = document;
	input.url = url;
	input.content_type = BYTES("text/html");
	input.role = ROLE_DOCUMENT;
	struct page_result result = {0};
	int64_t started = clock_monotonic_us();
	int rc = page_read(&input, &result, &err);
	int64_t took = clock_monotonic_us() - started;
	struct buf out = buf_with_max((size_t)256 << 20);
	struct buf reasons = {0};
	struct verdict_input judged = {.page = &result, .url = url};
	if (rc < 0) {
		(void)fprintf(stderr, "%s\n", err.message);
	} else {
		enum verdict verdict = verdict_of(&judged, &reasons);
		buf_addf(&out, "{\"us\":%lld,\"bytes\":%zu,\"article\":", (long long)took,
			document.len);
		article_json_add_article(&out, url->all, &result, verdict, buf_bytes(&reasons));
		buf_truncate(&out, out.len - 1);
		buf_add_text(&out, ",\"candidates\":[");
		struct buf lines = buf_with_max((size_t)256 << 20);
		article_json_add_related(&lines, &result);
		struct bytes rest = buf_bytes(&lines);
		struct bytes line;
		const char *comma = "";
		while (bytes_next_line(&rest, &line)) {
			buf_add_text(&out, comma);
			buf_add(&out, line);
			comma = ",";
		}
		buf_clear(&lines);
		buf_add_text(&out, "]}\n");
		(void)fwrite(out.ptr, 1, out.len, stdout);
	}
	buf_clear(&reasons);
	buf_clear(&out);
	page_result_clear(&result);
	free((void *)(uintptr_t)document.ptr);
	return rc < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct bytes word = bytes_of(argc > 1 ? argv[1] : "");
	struct page_input how = {.without = related_evidence_of(word),
		.wants_markdown = bytes_equal(word, BYTES("markdown"))};
	if (argc > 2 || (argc == 2 && how.without == 0 && !how.wants_markdown)) {
		(void)fputs("usage: page_dump [KIND-OF-EVIDENCE | markdown]\n", stderr);
		return 2;
	}
	char line[16384];
	int rc = 0;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct bytes rest = bytes_trim(bytes_of(line));
		struct bytes url;
		struct bytes path;
		struct bytes time;
		uint64_t captured_ms = 0;
		if (!bytes_cut(rest, '\t', &url, &rest) || !bytes_cut(rest, '\t', &path, &time) ||
			!bytes_to_u64(time, INT64_MAX, &captured_ms)) {
			return 2;
		}
		char *file = strndup(path.ptr, path.len);
		how.captured_ms = (int64_t)captured_ms;
		rc |= dump(url, file, &how);
		free(file);
	}
	return rc;
}
