/* SPDX-License-Identifier: MIT */
/* check_rules_test.c - the table of rules and src/rules.md say the same */
#include "unit.h"

#include "base/buf.h"
#include "base/files.h"
#include "warc/check_rules.h"

TEST(the_table_and_the_page_have_the_same_rows)
{
	SCOPED(buf_clear) struct buf page = {0};
	struct flong_error err;
	char path[4096];
	const char *root = getenv("FLONG_SOURCE_ROOT");
	(void)snprintf(path, sizeof(path), "%s/src/rules.md", root == NULL ? "." : root);
	assert_int_equal(files_read(path, &page, &err), FLONG_OK);
	for (size_t i = 0; check_rules_at(i) != NULL; i++) {
		SCOPED(buf_clear) struct buf row = {0};
		const struct check_rule *rule = check_rules_at(i);
		buf_addf(&row, "\n| %s | %s | %s |\n", rule->id, rule->title, rule->source);
		if (bytes_find(buf_bytes(&page), buf_bytes(&row), 0) == SIZE_MAX) {
			print_message("# not in src/rules.md: %s\n", buf_text(&row));
		}
		assert_true(bytes_find(buf_bytes(&page), buf_bytes(&row), 0) != SIZE_MAX);
	}
}

TEST(ids_are_in_order_and_found)
{
	for (size_t i = 0; check_rules_at(i) != NULL; i++) {
		const char *id = check_rules_at(i)->id;
		assert_int_equal(check_rules_index(id), i);
		assert_ptr_equal(check_rules_find(id), check_rules_at(i));
		assert_true(i == 0 || strcmp(check_rules_at(i - 1)->id, id) < 0);
	}
}

RUN_TESTS(CASE(the_table_and_the_page_have_the_same_rows), CASE(ids_are_in_order_and_found))
