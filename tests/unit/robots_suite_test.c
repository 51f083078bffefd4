/* SPDX-License-Identifier: MIT */
/* robots_suite_test.c - verdicts on real and made robots.txt files, when the suite is at hand */
#include "unit.h"

#include "suite.h"

#include "web/robots.h"
#include "web/url.h"

/* Path and query of a row's URL as the row has it, which may be no URL at all. */
static void add_target(struct buf *out, struct bytes text)
{
	SCOPED(url_closep) struct url *url = NULL;
	struct flong_error err = {0};
	if (url_parse(text, NULL, &url, &err) == FLONG_OK && url->is_http) {
		buf_add(out, url_target(url));
	} else {
		buf_add_text(out, bytes_starts(text, BYTES("/")) ? "" : "/");
		buf_add(out, text);
	}
}

static bool allows(struct bytes robots_txt, const struct json *row)
{
	SCOPED(buf_clear) struct buf target = {0};
	SCOPED(robots_closep)
	struct robots *robots = robots_parse(robots_txt, json_text(json_get(row, "ua")));
	add_target(&target, json_text(json_get(row, "url")));
	return robots_allows(robots, buf_bytes(&target), NULL);
}

static bool judge(bool got, const struct json *row)
{
	bool wanted = json_bool(json_get(row, "allowed"));
	if (got != wanted) {
		(void)fprintf(stderr, "# " BYTES_FMT " " BYTES_FMT " " BYTES_FMT ": %s\n",
			BYTES_ARG(json_text(json_get(row, "id"))),
			BYTES_ARG(json_text(json_get(row, "ua"))),
			BYTES_ARG(json_text(json_get(row, "url"))), got ? "allowed" : "forbidden");
	}
	return got == wanted;
}

static size_t core_rows, told_rows, told_same;

static bool judge_case(const struct json *row)
{
	SCOPED(buf_clear) struct buf text = {0};
	if (!bytes_equal(json_text(json_get(row, "class")), BYTES("core"))) {
		/* Libraries disagree on these: told, not judged. */
		if (json_type(json_get(row, "ua")) == JSON_STRING) {
			suite_add_base64(&text, json_text(json_get(row, "robots_b64")));
			told_rows++;
			told_same += allows(buf_bytes(&text), row) ==
				     json_bool(json_get(row, "allowed"));
		}
		return true;
	}
	core_rows++;
	suite_add_base64(&text, json_text(json_get(row, "robots_b64")));
	return judge(allows(buf_bytes(&text), row), row);
}

static bool judge_real(const struct json *row)
{
	SCOPED(buf_clear) struct buf text = {0};
	char name[512];
	(void)snprintf(name, sizeof(name), "robots/" BYTES_FMT,
		BYTES_ARG(json_text(json_get(row, "file"))));
	return suite_read(name, &text) && judge(allows(buf_bytes(&text), row), row);
}

TEST(made_files_are_judged_as_by_the_reference)
{
	struct suite_score score;
	assert_true(suite_run("robots/cases.jsonl", judge_case, &score));
	assert_true(core_rows > 200);
	assert_int_equal(score.failed, 0);
	(void)fprintf(stderr,
		"# robots: %zu core rows; %zu of %zu others as expected, not judged\n", core_rows,
		told_same, told_rows);
}

TEST(real_files_are_judged_as_by_three_libraries)
{
	struct suite_score score;
	assert_true(suite_run("robots/real-cases.jsonl", judge_real, &score));
	assert_true(score.rows > 4000);
	assert_int_equal(score.failed, 0);
}

int main(void)
{
	char path[4096];
	if (!suite_path("robots/cases.jsonl", path, sizeof(path))) {
		SKIP_ALL("../shared is absent");
	}
	const struct CMUnitTest tests[] = {CASE(made_files_are_judged_as_by_the_reference),
		CASE(real_files_are_judged_as_by_three_libraries)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
