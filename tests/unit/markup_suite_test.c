/* SPDX-License-Identifier: MIT */
/* markup_suite_test.c - attributes of the shared tokenizer suite, as the markup reader hears them
 */
#include "unit.h"

#include "links/markup.h"
#include "suite.h"

/* Start tags heard, as "name a=b c=d;" texts. */
static void on_start(void *context, const struct markup_element *element)
{
	struct buf *out = context;
	buf_add(out, element->name);
	for (size_t i = 0; i < element->attribute_count; i++) {
		buf_add_char(out, '\1');
		buf_add(out, element->attributes[i].name);
		buf_add_char(out, '\2');
		buf_add(out, element->attributes[i].value);
	}
	buf_add_char(out, '\n');
}

static bool add_attribute(struct bytes name, const struct json *value, void *context)
{
	struct buf *out = context;
	buf_add_char(out, '\1');
	buf_add(out, name);
	buf_add_char(out, '\2');
	buf_add(out, json_text(value));
	return true;
}

static size_t rows_with_attributes;
static size_t rows_exact;

static bool judge(const struct json *row)
{
	SCOPED(buf_clear) struct buf got = {0};
	struct markup_listener listener = {.start = on_start, .context = &got};
	struct flong_error err = {0};
	struct bytes input = json_text(json_get(row, "input"));
	if (markup_read(input, &listener, 1, &err) != FLONG_OK) {
		return false;
	}
	if (!json_bool(json_get(row, "has_attributes"))) {
		return true;
	}
	rows_with_attributes++;
	const struct json *output = json_get(row, "output");
	bool ok = true;
	for (size_t i = 0; i < json_count(output); i++) {
		const struct json *token = json_at(output, i);
		if (!bytes_equal(json_text(json_at(token, 0)), BYTES("StartTag"))) {
			continue;
		}
		SCOPED(buf_clear) struct buf wanted = {0};
		buf_add(&wanted, json_text(json_at(token, 1)));
		json_each(json_at(token, 2), add_attribute, &wanted);
		buf_add_char(&wanted, '\n');
		if (bytes_find(buf_bytes(&got), buf_bytes(&wanted), 0) == SIZE_MAX) {
			ok = false;
		}
	}
	rows_exact += ok ? 1 : 0;
	return true;
}

TEST(attributes_are_heard_as_browsers_have_them)
{
	struct suite_score score;
	assert_true(suite_run("html-tokenizer/cases.jsonl", judge, &score));
	assert_true(score.rows > 3000 && score.failed == 0);
	(void)fprintf(stderr, "# html-tokenizer: %zu of %zu rows with attributes exact\n",
		rows_exact, rows_with_attributes);
	assert_true(rows_with_attributes > 100);
	assert_int_equal(rows_exact, rows_with_attributes);
}

int main(void)
{
	char path[4096];
	if (!suite_path("html-tokenizer/cases.jsonl", path, sizeof(path))) {
		SKIP_ALL("../shared is absent");
	}
	const struct CMUnitTest tests[] = {CASE(attributes_are_heard_as_browsers_have_them)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
