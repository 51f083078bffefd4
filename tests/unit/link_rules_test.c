/* SPDX-License-Identifier: MIT */
/* link_rules_test.c - each rule of links/rules.c that HTML has, with what it finds and what it must
 * not */
#include "unit.h"

#include "base/buf.h"
#include "link_rules_rows.h"
#include "link_rules_script_rows.h"
#include "links/html.h"
#include "links/rules.h"

#define SITE "https://news.example"

#define MARKUP_ROWS (sizeof(rows) / sizeof(rows[0]))
#define ROW_COUNT (MARKUP_ROWS + sizeof(script_rows) / sizeof(script_rows[0]))

static const struct row *row_at(size_t index)
{
	return index < MARKUP_ROWS ? &rows[index] : &script_rows[index - MARKUP_ROWS];
}

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
		failed += check_row(row_at(i)) ? 0 : 1;
	}
	assert_int_equal(failed, 0);
}

/* Whether the row has a link that the rule found. */
static bool is_found_by(const struct row *row, const char *rule)
{
	SCOPED(buf_clear) struct buf wanted = {0};
	buf_addf(&wanted, " %s ", rule);
	return bytes_find(bytes_of(row->links), buf_bytes(&wanted), 0) != SIZE_MAX;
}

/* Rules whose test is another but which pages have too. */
static bool has_rows(const struct link_rule *rule)
{
	static const char *const tests[] = {"link_rules", "script", "import_map"};
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (rule->test != NULL && strcmp(rule->test, tests[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* What the rows of one rule show. */
struct shown {
	bool row, with, without;
};

static struct shown shown_of(const struct link_rule *rule)
{
	struct shown shown = {false, false, false};
	/* What stands in noscript, say, is found by the rules of its elements. */
	bool by_others = strcmp(rule->test, "link_rules") == 0;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row *row = row_at(i);
		if (strcmp(row->rule, rule->id) == 0) {
			bool is_found = is_found_by(row, rule->id);
			shown.row = true;
			shown.with = shown.with || is_found || (by_others && row->links[0] != '\0');
			shown.without = shown.without || !is_found;
		}
	}
	return shown;
}

/* A rule that finds something has a row where it does; one that must not (X), and one of scripts, a
 * row where it does not. */
TEST(each_rule_has_rows_for_and_against_it)
{
	for (size_t i = 0; link_rules_at(i) != NULL; i++) {
		const struct link_rule *rule = link_rules_at(i);
		if (!has_rows(rule)) {
			continue;
		}
		bool finds = strpbrk(rule->class_name, "PND") != NULL;
		bool must_not = strchr(rule->class_name, 'X') != NULL ||
				strcmp(rule->test, "link_rules") != 0;
		struct shown shown = shown_of(rule);
		if (!shown.row || (finds && !shown.with) || (must_not && !shown.without)) {
			fail_msg("%s: %s", rule->id,
				!shown.row ? "no row"
					   : (shown.with ? "no row against it" : "no row for it"));
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

RUN_TESTS(CASE(each_row_gives_its_links_and_no_others), CASE(each_rule_has_rows_for_and_against_it),
	CASE(depth_and_odd_bytes_lose_nothing))
