/* SPDX-License-Identifier: MIT */
/* links_suite_test.c - srcset and CSS rows of the shared suites */
#include "unit.h"

#include "links/css.h"
#include "links/srcset.h"
#include "suite.h"

static bool judge_srcset(const struct json *row)
{
	struct bytes wanted = json_text(json_get(row, "expect_first"));
	struct srcset set;
	srcset_parse(json_text(json_get(row, "srcset_decoded")), &set);
	if (wanted.len == 0) {
		return set.count == 0;
	}
	for (size_t i = 0; i < set.count; i++) {
		if (bytes_equal(set.items[i].url, wanted)) {
			return true;
		}
	}
	struct bytes input = json_text(json_get(row, "srcset_decoded"));
	(void)fprintf(stderr, "# " BYTES_FMT " lacks " BYTES_FMT "\n", BYTES_ARG(input),
		BYTES_ARG(wanted));
	return false;
}

TEST(every_srcset_row_gives_its_candidate)
{
	struct suite_score score;
	assert_true(suite_run("html-srcset/cases.jsonl", judge_srcset, &score));
	assert_true(score.rows > 100);
	assert_int_equal(score.failed, 0);
}

static void write_url(struct bytes url, const struct css_span *span, void *context)
{
	(void)span;
	buf_add(context, url);
	buf_add_char(context, '\n');
}

static bool judge_css(const struct json *row)
{
	SCOPED(buf_clear) struct buf got = {0};
	SCOPED(buf_clear) struct buf wanted = {0};
	css_each_url(json_text(json_get(row, "input")), write_url, &got);
	const struct json *urls = json_get(row, "urls");
	for (size_t i = 0; i < json_count(urls); i++) {
		write_url(json_text(json_at(urls, i)), NULL, &wanted);
	}
	if (bytes_equal(buf_bytes(&got), buf_bytes(&wanted))) {
		return true;
	}
	struct bytes input = json_text(json_get(row, "input"));
	(void)fprintf(stderr, "# " BYTES_FMT "\n# got:    " BYTES_FMT "# wanted: " BYTES_FMT "\n",
		BYTES_ARG(input), BYTES_ARG(buf_bytes(&got)), BYTES_ARG(buf_bytes(&wanted)));
	return false;
}

TEST(every_css_row_gives_its_urls)
{
	struct suite_score score;
	assert_true(suite_run("css/cases.jsonl", judge_css, &score));
	assert_true(score.rows > 100);
	assert_int_equal(score.failed, 0);
}

int main(void)
{
	char path[4096];
	if (!suite_path("html-srcset/cases.jsonl", path, sizeof(path))) {
		SKIP_ALL("../shared is absent");
	}
	const struct CMUnitTest tests[] = {
		CASE(every_srcset_row_gives_its_candidate), CASE(every_css_row_gives_its_urls)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
