/* SPDX-License-Identifier: MIT */
/* links_text.h - a list of links as lines, so that a test compares one text */
#ifndef TESTS_SUPPORT_LINKS_TEXT_H
#define TESTS_SUPPORT_LINKS_TEXT_H

#include "links/links.h"

/* Appends "kind role rule url" lines, with " src", " shown", " template", " best" for the choice.
 */
static inline void links_text_add(const struct link_list *list, struct buf *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct link *link = &list->items[i];
		buf_addf(out, "%s %s %s ", link_kind_name(link->kind), link_role_name(link->role),
			link->rule);
		buf_add(out, link->url);
		buf_add_text(out, (link->candidate & CANDIDATE_SRCSET) != 0 ? " srcset" : "");
		buf_add_text(out, (link->candidate & CANDIDATE_TEMPLATE) != 0 ? " template" : "");
		buf_add_text(out, (link->candidate & CANDIDATE_SHOWN) != 0 ? " shown" : "");
		buf_add_text(out, (link->candidate & CANDIDATE_BEST) != 0 ? " best" : "");
		buf_add_char(out, '\n');
	}
}

#endif
