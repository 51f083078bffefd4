/* SPDX-License-Identifier: MIT */
/* markup_foreign.c - a short stack of what leads into and out of foreign content */
#include "links/markup_foreign.h"

/* What an element opens. */
static const struct {
	const char *name;
	bool is_foreign; /* its content is SVG or MathML, else HTML again */
} elements[] = {
	{"svg", true},
	{"math", true},
	{"foreignobject", false},
	{"desc", false},
	{"title", false},
	{"annotation-xml", false},
	{"mi", false},
	{"mo", false},
	{"mn", false},
	{"ms", false},
	{"mtext", false},
};
#define ELEMENT_COUNT (sizeof(elements) / sizeof(elements[0]))

/* HTML elements that end foreign content. */
static const char *const html_names[] = {"b", "big", "blockquote", "body", "br", "center", "code",
	"dd", "div", "dl", "dt", "em", "embed", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr",
	"i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small",
	"span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var"};

static bool is_html_name(struct bytes name)
{
	for (size_t i = 0; i < sizeof(html_names) / sizeof(html_names[0]); i++) {
		if (bytes_is_name(name, html_names[i])) {
			return true;
		}
	}
	return false;
}

static size_t element_of(struct bytes name)
{
	size_t i = 0;
	while (i < ELEMENT_COUNT && !bytes_is_name(name, elements[i].name)) {
		i++;
	}
	return i;
}

static void enter(struct markup_foreign *foreign, size_t element)
{
	if (foreign->count < MARKUP_FOREIGN_DEPTH) {
		foreign->places[foreign->count++] =
			(struct markup_foreign_place){.element = (uint32_t)element};
	}
}

bool markup_foreign_is_inside(const struct markup_foreign *foreign)
{
	return foreign->count > 0 &&
	       elements[foreign->places[foreign->count - 1].element].is_foreign;
}

bool markup_foreign_start(struct markup_foreign *foreign, struct bytes name, bool is_self_closing)
{
	bool inside = markup_foreign_is_inside(foreign);
	if (inside && is_html_name(name)) {
		while (markup_foreign_is_inside(foreign)) {
			foreign->count--;
		}
		return false;
	}
	if (!inside && !bytes_is_name(name, "svg") && !bytes_is_name(name, "math")) {
		return false;
	}
	if (is_self_closing) {
		return true;
	}
	size_t element = element_of(name);
	if (element < ELEMENT_COUNT) {
		enter(foreign, element);
	} else {
		foreign->places[foreign->count - 1].open++;
	}
	return true;
}

void markup_foreign_end(struct markup_foreign *foreign, struct bytes name)
{
	if (foreign->count == 0) {
		return;
	}
	for (size_t i = foreign->count; i > 0; i--) {
		size_t element = foreign->places[i - 1].element;
		if (bytes_is_name(name, elements[element].name)) {
			foreign->count = i - 1;
			return;
		}
	}
	if (markup_foreign_is_inside(foreign)) {
		/* None of its own: the end of an element around it. */
		struct markup_foreign_place *place = &foreign->places[foreign->count - 1];
		if (place->open > 0) {
			place->open--;
		} else {
			foreign->count--;
		}
	}
}
