/* SPDX-License-Identifier: MIT */
/* css_links.c - what a style sheet points to, as links with their rules */
#include "links/css.h"

static void add_reference(struct bytes url, const struct css_span *span, void *context)
{
	struct link link = {.kind = LINK_REQUISITE, .anchor = UINT32_MAX};
	switch (span->place) {
	case CSS_NAMESPACE:
		return;
	case CSS_IMPORT:
		link.role = ROLE_STYLE;
		link.rule = "L-30";
		link.where = "css @import";
		break;
	case CSS_FONT:
		link.role = ROLE_FONT;
		link.rule = "L-32";
		link.where = "css @font-face";
		break;
	case CSS_IMAGE_SET:
		link.role = ROLE_IMAGE;
		link.rule = "L-31";
		link.where = "css image-set()";
		break;
	case CSS_URL:
		link.role = ROLE_IMAGE;
		link.rule = "L-29";
		link.where = "css url()";
		break;
	}
	references_add(context, url, &link);
}

void css_find(struct bytes utf8, struct references *references)
{
	css_each_url(utf8, add_reference, references);
}
