/* SPDX-License-Identifier: MIT */
/* links_json.c - five members in a fixed order */
#include "links/links_json.h"

#include "base/json.h"

void links_json_add(const struct link *link, struct buf *out)
{
	buf_add_char(out, '{');
	json_add_member(out, "url", link->url);
	json_add_member(out, "kind", bytes_of(link_kind_name(link->kind)));
	json_add_member(out, "rel", link->rel);
	json_add_member(out, "where", bytes_of(link->where));
	json_add_member(out, "rule", bytes_of(link->rule));
	buf_add_char(out, '}');
}
