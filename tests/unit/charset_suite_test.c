/* SPDX-License-Identifier: MIT */
/* charset_suite_test.c - declarations, labels and East Asian tables of the shared suite */
#include "unit.h"

#include "suite.h"

#include "web/charset.h"

static bool judge_case(const struct json *row)
{
	SCOPED(buf_clear) struct buf document = {0};
	struct bytes wanted = json_text(json_get(row, "encoding"));
	suite_add_base64(&document, json_text(json_get(row, "data_b64")));
	const char *got = charset_detect(buf_bytes(&document), BYTES(""), CHARSET_HTML, NULL);
	bool is_same = bytes_equal_nocase(bytes_of(got), wanted);
	if (!is_same) {
		(void)fprintf(stderr, "# got %s, wanted " BYTES_FMT ": " BYTES_FMT "\n", got,
			BYTES_ARG(wanted), BYTES_ARG(buf_bytes(&document)));
	}
	return is_same;
}

/* The rows have names such as WINDOWS_1252. */
static bool judge_label(const struct json *row)
{
	struct bytes wanted = json_text(json_get(row, "encoding"));
	const char *got = charset_from_label(json_text(json_get(row, "label")));
	char name[64] = "";
	for (size_t i = 0; got != NULL && got[i] != '\0' && i < sizeof(name) - 1; i++) {
		name[i] = got[i] == '-' ? '_' : got[i];
		name[i + 1] = '\0';
	}
	return bytes_equal_nocase(bytes_of(name), wanted);
}

TEST(declarations_and_labels_are_known)
{
	struct suite_score score;
	assert_true(suite_run("html-charset/cases.jsonl", judge_case, &score));
	assert_true(score.rows > 30);
	assert_int_equal(score.failed, 0);
	assert_true(suite_run("html-charset/labels.jsonl", judge_label, &score));
	assert_true(score.rows > 50);
	assert_int_equal(score.failed, 0);
}

/* The bytes of a style sheet, one a code point of the text. */
static void add_bytes_of(struct bytes text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c >= 0xC2 && i + 1 < text.len) {
			i++;
			c = (unsigned char)(c << 6 | ((unsigned char)text.ptr[i] & 0x3F));
		}
		buf_add_char(out, (char)c);
	}
}

static bool judge_stylesheet(const struct json *row)
{
	SCOPED(buf_clear) struct buf document = {0};
	const struct json *input = json_get(row, "input");
	struct bytes wanted = json_text(json_at(json_get(row, "expected"), 1));
	struct bytes environment = json_text(json_get(input, "environment_encoding"));
	char fallback[64];
	(void)snprintf(fallback, sizeof(fallback), BYTES_FMT, BYTES_ARG(environment));
	add_bytes_of(json_text(json_get(input, "css_bytes")), &document);
	const char *got = charset_detect(buf_bytes(&document),
		json_text(json_get(input, "protocol_encoding")), CHARSET_CSS,
		environment.len > 0 ? fallback : NULL);
	if (!bytes_equal_nocase(bytes_of(got), wanted)) {
		(void)fprintf(stderr, "# got %s, wanted " BYTES_FMT "\n", got, BYTES_ARG(wanted));
	}
	return bytes_equal_nocase(bytes_of(got), wanted);
}

TEST(style_sheets_are_in_the_encoding_they_say)
{
	struct suite_score score;
	assert_true(suite_run("css/stylesheet-bytes.jsonl", judge_stylesheet, &score));
	assert_true(score.rows > 5);
	assert_int_equal(score.failed, 0);
}

static size_t lines_that_differ(const char *charset, const char *name)
{
	SCOPED(buf_clear) struct buf in = {0};
	SCOPED(buf_clear) struct buf reference = {0};
	SCOPED(buf_clear) struct buf out = {0};
	char path[256];
	(void)snprintf(path, sizeof(path), "html-charset/decode/%s_in.txt", name);
	if (!suite_read(path, &in)) {
		return 0;
	}
	(void)snprintf(path, sizeof(path), "html-charset/decode/%s_in_ref.txt", name);
	assert_true(suite_read(path, &reference));
	charset_decode(buf_bytes(&in), charset, &out);
	size_t count = 0;
	size_t shown = 0;
	struct bytes got_rest = buf_bytes(&out);
	struct bytes wanted_rest = buf_bytes(&reference);
	struct bytes got = {NULL, 0};
	struct bytes wanted = {NULL, 0};
	while (bytes_next_line(&wanted_rest, &wanted)) {
		(void)bytes_next_line(&got_rest, &got);
		if (!bytes_equal(got, wanted)) {
			count++;
			if (shown++ < 10) {
				(void)fprintf(stderr,
					"# %s: got '" BYTES_FMT "', wanted '" BYTES_FMT "'\n", name,
					BYTES_ARG(got), BYTES_ARG(wanted));
			}
		}
	}
	(void)fprintf(stderr, "# %s: %zu lines differ\n", name, count);
	return count + got_rest.len;
}

TEST(east_asian_tables_are_those_of_browsers)
{
	size_t count = 0;
	count += lines_that_differ("big5", "big5");
	count += lines_that_differ("euc-kr", "euc_kr");
	count += lines_that_differ("gb18030", "gb18030");
	count += lines_that_differ("shift_jis", "shift_jis");
	count += lines_that_differ("iso-2022-jp", "iso_2022_jp");
	count += lines_that_differ("euc-jp", "jis0208");
	count += lines_that_differ("euc-jp", "jis0212");
	assert_int_equal(count, 0);
}

int main(void)
{
	char path[4096];
	if (!suite_path("html-charset/cases.jsonl", path, sizeof(path))) {
		SKIP_ALL("../shared is absent");
	}
	const struct CMUnitTest tests[] = {CASE(declarations_and_labels_are_known),
		CASE(style_sheets_are_in_the_encoding_they_say),
		CASE(east_asian_tables_are_those_of_browsers)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
