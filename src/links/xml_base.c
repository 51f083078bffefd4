/* SPDX-License-Identifier: MIT */
/* xml_base.c - one slot a level */
#include "links/xml_base.h"

const struct url *xml_base_at(const struct xml_base *base, size_t depth)
{
	for (size_t i = depth < XML_BASE_DEPTH ? depth + 1 : XML_BASE_DEPTH; i > 0; i--) {
		if (base->bases[i - 1] != NULL) {
			return base->bases[i - 1];
		}
	}
	return base->url;
}

const struct url *xml_base_push(struct xml_base *base, const struct markup_element *element)
{
	size_t depth = element->depth;
	if (depth >= XML_BASE_DEPTH) {
		return xml_base_at(base, depth);
	}
	url_close(TAKE(base->bases[depth]));
	struct bytes value = markup_attribute_value(element, "xml:base");
	struct flong_error ignored = {0};
	struct url *own = NULL;
	if (value.len > 0 &&
		url_parse(value, xml_base_at(base, depth), &own, &ignored) == FLONG_OK) {
		base->bases[depth] = own;
	}
	return xml_base_at(base, depth);
}

void xml_base_pop(struct xml_base *base, size_t depth)
{
	if (depth < XML_BASE_DEPTH) {
		url_close(TAKE(base->bases[depth]));
	}
}

void xml_base_clear(struct xml_base *base)
{
	for (size_t i = 0; i < XML_BASE_DEPTH; i++) {
		url_close(TAKE(base->bases[i]));
	}
}
