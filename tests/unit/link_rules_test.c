/* SPDX-License-Identifier: MIT */
/* link_rules_test.c - each rule of links/rules.c that HTML has, with what it finds and what it must
 * not */
#include "unit.h"

#include "base/buf.h"
#include "link_rules_rows.h"
#include "links/html.h"
#include "links/rules.h"

#define SITE "https://news.example"

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static void write_link(const struct link *link, struct buf *out)
{
	struct bytes url = link->url;
	if (bytes_starts(url, BYTES(SITE "/"))) {
		url = bytes_slice(url, sizeof(SITE) - 1, url.len);
	}
	buf_addf(out, "%s %s ", link_kind_name(link->kind), link->rule);
	buf_add(out, url);
	buf_add_char(out, '\n');
}

static bool has_line(const char *lines, struct bytes line)
{
	struct bytes rest = bytes_of(lines);
	struct bytes one;
	while (bytes_next_line(&rest, &one)) {
		if (bytes_equal(one, bytes_slice(line, 0, line.len - 1))) {
			return true;
		}
	}
	return false;
}

static size_t count_lines(const char *lines)
{
	size_t count = 0;
	for (; *lines != '\0'; lines++) {
		count += *lines == '\n' ? 1 : 0;
	}
	return count;
}

static bool check_row(const struct row *row)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf got = {0};
	SCOPED(buf_clear) struct buf line = {0};
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(SITE "/en/story"), NULL, &url, &err), FLONG_OK);
	struct links_input input = {.url = url, .role = ROLE_FRAME};
	assert_int_equal(html_find(bytes_of(row->html), &input, &list, &err), FLONG_OK);
	bool ok = list.count == count_lines(row->links);
	for (size_t i = 0; i < list.count; i++) {
		buf_reset(&line);
		write_link(&list.items[i], &line);
		ok = ok && has_line(row->links, buf_bytes(&line));
		buf_add(&got, buf_bytes(&line));
	}
	link_list_clear(&list);
	if (!ok) {
		print_error("%s: %s\ngot:\n%swanted:\n%s\n", row->rule, row->html, buf_text(&got),
			row->links);
	}
	return ok;
}

TEST(each_row_gives_its_links_and_no_others)
{
	size_t failed = 0;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		failed += check_row(&rows[i]) ? 0 : 1;
	}
	assert_int_equal(failed, 0);
}

TEST(each_rule_of_this_test_has_a_row)
{
	for (size_t i = 0; link_rules_at(i) != NULL; i++) {
		const struct link_rule *rule = link_rules_at(i);
		if (rule->test == NULL || strcmp(rule->test, "link_rules") != 0) {
			continue;
		}
		bool found = false;
		for (size_t k = 0; k < ROW_COUNT; k++) {
			found = found || strcmp(rows[k].rule, rule->id) == 0;
		}
		if (!found) {
			fail_msg("%s has no row", rule->id);
		}
	}
}

/* Tags inside of tags are no reason to lose one, and NUL and bad bytes are none. */
TEST(depth_and_odd_bytes_lose_nothing)
{
	SCOPED(buf_clear) struct buf html = {0};
	for (size_t i = 0; i < 3000; i++) {
		buf_add_text(&html, "<div><span>");
	}
	buf_add(&html,
		BYTES("<img src=/a\0b.png><img src=/c.png>\0<img\0src=/no.png><img src=/d.png>"));
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(SITE "/"), NULL, &url, &err), FLONG_OK);
	struct links_input input = {.url = url, .role = ROLE_FRAME};
	assert_int_equal(html_find(buf_bytes(&html), &input, &list, &err), FLONG_OK);
	assert_int_equal(list.count, 3);
	assert_bytes(list.items[0].url, SITE "/a%EF%BF%BDb.png");
	assert_bytes(list.items[1].url, SITE "/c.png");
	assert_bytes(list.items[2].url, SITE "/d.png");
	link_list_clear(&list);
}

RUN_TESTS(CASE(each_row_gives_its_links_and_no_others), CASE(each_rule_of_this_test_has_a_row),
	CASE(depth_and_odd_bytes_lose_nothing))
