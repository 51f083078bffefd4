/* SPDX-License-Identifier: MIT */
/* rules.h - the map of link rules: what L-10 stands for, where it comes from, which test has it
 *
 * src/links/README.md is printed from this table by tests/support/link_rules_table.c. */
#ifndef LINKS_RULES_H
#define LINKS_RULES_H

#include <stddef.h>

struct link_rule {
	const char *id;         /* "L-10" */
	const char *where;      /* where URLs stand, or what the rule says of them */
	const char *class_name; /* P requisite, N page, D discovery, X never, - about reading */
	const char *source;     /* the standard, or who does it */
	const char *test;       /* name of the unit test that has its cases; NULL: not done yet */
};

/* The rules in order of their ids; NULL behind the last. */
const struct link_rule *link_rules_at(size_t index);

#endif
