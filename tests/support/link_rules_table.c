/* SPDX-License-Identifier: MIT */
/* link_rules_table.c - prints src/links/README.md from the table of rules */
#include <stdio.h>

#include "links/rules.h"

static const char head[] =
	"# Link rules\n"
	"\n"
	"What `flong inspect links` prints as `rule`, and what comments and tests name. This page "
	"is printed from\n"
	"`rules.c`; after a change there:\n"
	"\n"
	"    ninja -C build && build/tests/support/link_rules_table >src/links/README.md\n"
	"\n"
	"P: a requisite, fetched with its page. N: a page that can be followed. D: something that "
	"the document names, fetched\n"
	"by policy only. X: never fetched. -: how URLs are read. The test is `meson test -C build "
	"NAME`.\n"
	"\n"
	"| rule | where | class | source | test |\n"
	"|---|---|---|---|---|\n";

int main(void)
{
	(void)fputs(head, stdout);
	for (size_t i = 0; link_rules_at(i) != NULL; i++) {
		const struct link_rule *rule = link_rules_at(i);
		(void)printf("| %s | %s | %s | %s | %s |\n", rule->id, rule->where,
			rule->class_name, rule->source,
			rule->test == NULL ? "not done yet" : rule->test);
	}
	return 0;
}
