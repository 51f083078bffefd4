/* SPDX-License-Identifier: MIT */
/* html_images.h - img, picture and source: all candidates, and which of them are shown */
#ifndef LINKS_HTML_IMAGES_H
#define LINKS_HTML_IMAGES_H

#include <stdbool.h>

#include "links/markup.h"
#include "links/references.h"
#include "links/srcset.h"
#include "links/templates.h"

/* Where in a <picture> the walk is. Zeroed: outside. */
struct html_images {
	struct references *references;
	struct templates *templates;
	bool in_picture;
	unsigned screens_left; /* screens that no source before has taken */
	bool had_source;
	struct srcset scratch;
};

void html_images_start_picture(struct html_images *images);
void html_images_end_picture(struct html_images *images);
/* Adds the candidates of a srcset attribute of this element; `prototype` gives rule, where and
 * role. */
void html_images_add_srcset(struct html_images *images, const struct markup_element *element,
	struct bytes srcset, struct bytes sizes, const struct link *prototype);
/* Whether an img (or a preload) with these attributes has a choice, so that its src is one of
 * several. */
bool html_images_has_choice(const struct html_images *images, const struct markup_element *element);

#endif
