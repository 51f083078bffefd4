/* SPDX-License-Identifier: MIT */
/* check_rules.h - the rules a finding can name: id, what it asks for, and where that is written */
#ifndef WARC_CHECK_RULES_H
#define WARC_CHECK_RULES_H

#include <stddef.h>

struct check_rule {
	const char *id;     /* "W-12" */
	const char *title;  /* one sentence */
	const char *source; /* "WARC/1.1 5.8"; "flong" for what only we ask for */
};

/* The rules in the order of their ids; NULL from the count on. src/rules.md has the same rows. */
const struct check_rule *check_rules_at(size_t index);
/* The rule of that id, never NULL: an id that is not there is a fault of ours and asserts. */
const struct check_rule *check_rules_find(const char *id);
/* Position of the rule in the order of check_rules_at; asserts as above. */
size_t check_rules_index(const char *id);
/* No more rules than that, for tables with a row a rule. */
enum { CHECK_RULES_MAX = 64 };

#endif
