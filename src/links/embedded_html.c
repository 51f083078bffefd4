/* SPDX-License-Identifier: MIT */
/* embedded_html.c - the finder of HTML, with a list of its own */
#include "links/embedded_html.h"

#include "links/html.h"

void embedded_html_add(
	struct bytes html, const struct url *base, const struct link *found, struct link_list *list)
{
	if (bytes_find_char(html, '<', 0) == SIZE_MAX) {
		return;
	}
	struct link_list inner = {0};
	struct links_input input = {.url = base, .role = ROLE_FRAME};
	struct flong_error ignored = {0};
	if (html_find(html, &input, &inner, &ignored) == FLONG_OK) {
		for (size_t i = 0; i < inner.count; i++) {
			struct link link = *found;
			link.kind = LINK_DISCOVERY;
			link.role = inner.items[i].role;
			link.anchor = UINT32_MAX;
			(void)link_list_add(list, NULL, inner.items[i].url, &link);
		}
		list->dropped += inner.dropped;
		list->is_cut = list->is_cut || inner.is_cut;
	}
	link_list_clear(&inner);
}
