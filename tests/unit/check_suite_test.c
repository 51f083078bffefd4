/* SPDX-License-Identifier: MIT */
/* check_suite_test.c - the verdicts of the shared suite of WARC files, when it is at hand
 *
 * A file that all tools accept has no errors; one that they reject for its structure or its digests
 * has one, with its offset; one that JHOVE calls invalid has a finding. Where tools disagree
 * nothing is asked, but the table tells. */
#include "unit.h"

#include "check_texts.h"
#include "suite.h"

static size_t mixed;

static struct check_texts_found found;

static void check(const char *name)
{
	struct flong_error err;
	char path[4096];
	char file[300];
	(void)snprintf(file, sizeof(file), "warc/%s", name);
	const struct check_set_options options = {.temp_dir = "/tmp"};
	const struct check_set_hooks hooks = {.finding = check_texts_finding,
		.warc = check_texts_warc,
		.lines = check_texts_lines,
		.context = &found};
	const struct check_set_warc warc = {.name = path};
	struct source *source = NULL;
	found.summary = (struct check_summary){0};
	buf_reset(&found.list);
	assert_true(suite_path(file, path, sizeof(path)));
	struct check_set *set = check_set_create(&options, &hooks);
	assert_int_equal(source_open_file(path, &source, &err), FLONG_OK);
	assert_int_equal(check_set_add_warc(set, source, &warc, &err), FLONG_OK);
	assert_int_equal(check_set_finish(set, &found.joined, &err), FLONG_OK);
	check_set_close(set);
}

static bool judge(const struct json *row)
{
	struct bytes verdict = json_text(json_get(row, "verdict"));
	struct bytes severity = json_text(json_get(row, "severity"));
	const struct json *jhove = json_get(row, "jhove_expected");
	SCOPED(buf_clear) struct buf name = {0};
	buf_add(&name, json_text(json_get(row, "file")));
	check(buf_text(&name));
	bool has_error = bytes_find_char(buf_bytes(&found.list), '!', 0) != SIZE_MAX;
	bool is_grave = bytes_equal(severity, BYTES("structural")) ||
			bytes_equal(severity, BYTES("digest"));
	bool is_fine = true;
	if (bytes_equal(verdict, BYTES("accept"))) {
		is_fine = !has_error;
	} else if ((bytes_equal(verdict, BYTES("reject")) && is_grave) ||
		   bytes_equal(verdict, BYTES("gzip-invalid"))) {
		is_fine = has_error;
	} else if (bytes_equal(verdict, BYTES("mixed"))) {
		mixed++;
	}
	if (json_type(json_get(jhove, "valid")) == JSON_BOOL &&
		!json_bool(json_get(jhove, "valid"))) {
		is_fine = is_fine && found.list.len > 0;
	}
	(void)fprintf(stderr, "# %s %-7.*s %-11.*s %-5s %s\n", is_fine ? "ok " : "BAD",
		(int)verdict.len, verdict.ptr, (int)severity.len, severity.ptr,
		has_error ? "error" : "", strrchr(buf_text(&name), '/') + 1);
	return is_fine;
}

TEST(verdicts_hold)
{
	struct suite_score score;
	assert_true(suite_run("warc/manifest.jsonl", judge, &score));
	(void)fprintf(stderr, "# %zu rows of mixed verdict are listed only\n", mixed);
	assert_int_equal(score.failed, 0);
	assert_true(score.rows > 100);
	buf_clear(&found.list);
}

int main(void)
{
	char path[4096];
	if (!suite_path("warc/manifest.jsonl", path, sizeof(path))) {
		SKIP_ALL("the shared suite warc is not at hand");
	}
	const struct CMUnitTest tests[] = {CASE(verdicts_hold)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
