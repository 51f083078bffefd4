/* SPDX-License-Identifier: MIT */
/* page_fuzz.c - any bytes as a page: reading them is safe, and the findings survive the way to the
 * crawl
 *
 * The first byte chooses the page's URL, so that dates, identifiers and slugs all meet, and whether
 * Markdown is asked for and a kind of evidence left out. */
#include <stdlib.h>
#include <string.h>

#include "article/article_json.h"
#include "article/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct page_result *result)
{
	struct flong_error err;
	struct buf first = buf_with_max((size_t)256 << 20);
	struct page_result copy;
	if (page_result_write(result, &first, &err) < 0 ||
		page_result_read(buf_bytes(&first), &copy, &err) < 0 ||
		copy.story_count != result->story_count || copy.text.len != result->text.len ||
		copy.links.count != result->links.count) {
		abort();
	}
	page_result_clear(&copy);
	buf_clear(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const urls[] = {
		"https://www.news.example/world/a-long-slug-here/a-65908274",
		"https://news.example/2024/05/03/bridge-opens-in-town.html",
		"https://news.example/?p=12345", "http://127.0.0.1/"};
	if (size == 0) {
		return 0;
	}
	struct flong_error err;
	struct url *url = NULL;
	if (url_parse(bytes_of(urls[data[0] % 4]), NULL, &url, &err) < 0) {
		abort();
	}
	struct page_input input = {.document = bytes_from(data + 1, size - 1),
		.url = url,
		.content_type = BYTES("text/html; charset=utf-8"),
		.role = ROLE_DOCUMENT,
		.captured_ms = INT64_C(1686731400000),
		.wants_markdown = (data[0] & 4) != 0,
		.without = (data[0] & 8) != 0 ? 1U << (data[0] >> 4) : 0};
	struct page_result result;
	if (page_read(&input, &result, &err) == FLONG_OK) {
		struct buf out = buf_with_max((size_t)256 << 20);
		struct buf reasons = {0};
		struct verdict_input judged = {.page = &result,
			.url = url,
			.asked_url = bytes_of(urls[data[0] >> 6]),
			.status = size % 2 == 0 ? 403 : 200};
		enum verdict verdict = verdict_of(&judged, &reasons);
		article_json_add_article(&out, url->all, &result, verdict, buf_bytes(&reasons));
		buf_clear(&reasons);
		article_json_add_related(&out, &result);
		buf_clear(&out);
		check_round_trip(&result);
		page_result_clear(&result);
	}
	url_close(url);
	return 0;
}
