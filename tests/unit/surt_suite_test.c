/* SPDX-License-Identifier: MIT */
/* surt_suite_test.c - the key groups of the shared suite, when it is at hand */
#include "unit.h"

#include "suite.h"

#include "web/surt.h"
#include "web/url.h"

static const char *wanted_group;
static size_t rows_of_group;

static bool is_same(const struct json *row, struct bytes got)
{
	const struct json *wanted = json_get(row, "expected");
	bool same = bytes_equal(got, json_text(wanted));
	if (!same) {
		(void)fprintf(stderr,
			"# '" BYTES_FMT "': got '" BYTES_FMT "', wanted '" BYTES_FMT "'\n",
			BYTES_ARG(json_text(json_get(row, "input"))), BYTES_ARG(got),
			BYTES_ARG(json_text(wanted)));
	}
	return same;
}

static bool in_group(const struct json *row)
{
	bool is_in = bytes_equal(json_text(json_get(row, "group")), bytes_of(wanted_group));
	rows_of_group += is_in ? 1 : 0;
	return is_in;
}

static bool judge_key(const struct json *row)
{
	SCOPED(buf_clear) struct buf key = {0};
	struct bytes input = json_text(json_get(row, "input"));
	if (!in_group(row)) {
		return true;
	}
	if (bytes_equal(bytes_of(wanted_group), BYTES("WaybackURLKeyMakerTest")) &&
		bytes_starts(input, BYTES("dns:"))) {
		/* The Java tool turns dns: names around; the Python one, which we follow, does not.
		 */
		return true;
	}
	surt_ia(input, &key);
	return is_same(row, buf_bytes(&key));
}

static struct url *parse(struct bytes before, struct bytes input)
{
	SCOPED(buf_clear) struct buf text = {0};
	struct url *url = NULL;
	struct flong_error err = {0};
	buf_add(&text, before);
	buf_add(&text, input);
	return url_parse(buf_bytes(&text), NULL, &url, &err) == FLONG_OK ? url : NULL;
}

static bool judge_path(const struct json *row)
{
	if (!in_group(row)) {
		return true;
	}
	SCOPED(url_closep)
	struct url *url = parse(BYTES("http://x"), json_text(json_get(row, "input")));
	if (url == NULL) {
		return false;
	}
	/* The rows keep the backslashes that the URL standard makes slashes of. */
	SCOPED(buf_clear) struct buf wanted = {0};
	buf_add(&wanted, json_text(json_get(row, "expected")));
	for (size_t i = 0; i < wanted.len; i++) {
		wanted.ptr[i] = wanted.ptr[i] == '\\' ? '/' : wanted.ptr[i];
	}
	return bytes_equal(url->path, buf_bytes(&wanted));
}

static bool judge_ipv4(const struct json *row)
{
	if (!in_group(row)) {
		return true;
	}
	SCOPED(url_closep)
	struct url *url = parse(BYTES("http://"), json_text(json_get(row, "input")));
	if (json_type(json_get(row, "expected")) == JSON_NULL) {
		return url == NULL;
	}
	return url != NULL && is_same(row, url->host);
}

static bool judge_whatwg(const struct json *row)
{
	if (!in_group(row)) {
		return true;
	}
	SCOPED(url_closep) struct url *url = parse(BYTES(""), json_text(json_get(row, "input")));
	return is_same(row, url == NULL ? BYTES("(failure)") : bytes_of(url->href));
}

static size_t run(const char *group, bool (*judge)(const struct json *row), size_t at_least)
{
	struct suite_score score;
	wanted_group = group;
	rows_of_group = 0;
	assert_true(suite_run("surt/cases.jsonl", judge, &score));
	(void)fprintf(stderr, "# %s: %zu rows, %zu differ\n", group, rows_of_group, score.failed);
	assert_true(rows_of_group >= at_least);
	return score.failed;
}

TEST(keys_are_those_of_the_default_group)
{
	assert_int_equal(run("surt", judge_key, 10), 0);
	assert_int_equal(run("surt.json:defaultIASurt", judge_key, 5), 0);
	assert_int_equal(run("WaybackURLKeyMakerTest", judge_key, 5), 0);
}

TEST(the_url_parser_passes_the_helper_groups)
{
	assert_int_equal(run("path_dots:special", judge_path, 100), 0);
	assert_int_equal(run("funky_ipv4", judge_ipv4, 20), 0);
	/* Rows of an older URL standard: hosts of dots only or with a stray '%', blanks in
	 * fragments. Where they differ, the standard's own rows (url_suite_test) decide. */
	assert_true(run("urlcanon.whatwg", judge_whatwg, 50) <= 15);
}

int main(void)
{
	char path[4096];
	if (!suite_path("surt/cases.jsonl", path, sizeof(path))) {
		SKIP_ALL("../shared is absent");
	}
	const struct CMUnitTest tests[] = {CASE(keys_are_those_of_the_default_group),
		CASE(the_url_parser_passes_the_helper_groups)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
