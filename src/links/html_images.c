/* SPDX-License-Identifier: MIT */
/* html_images.c - the selection of an image source, for several screens at once (HTML 4.8.4.3.7) */
#include "links/html_images.h"

void html_images_start_picture(struct html_images *images)
{
	images->in_picture = true;
	images->screens_left = SRCSET_ALL_SCREENS;
	images->had_source = false;
}

void html_images_end_picture(struct html_images *images)
{
	images->in_picture = false;
}

/* Of the sources of a picture the first whose media matches is taken, by each screen for itself. */
static unsigned screens_of(struct html_images *images, const struct markup_element *element)
{
	if (!images->in_picture) {
		return SRCSET_ALL_SCREENS;
	}
	if (!bytes_equal(element->name, BYTES("source"))) {
		return images->screens_left;
	}
	unsigned matching = srcset_media_screens(markup_attribute_value(element, "media"));
	unsigned taken = images->screens_left & matching;
	images->screens_left &= ~taken;
	images->had_source = true;
	return taken;
}

void html_images_add_srcset(struct html_images *images, const struct markup_element *element,
	struct bytes srcset, struct bytes sizes, const struct link *prototype)
{
	bool of_image = bytes_equal(element->name, BYTES("img"));
	templates_learn(images->templates, srcset, of_image);
	srcset_parse(srcset, &images->scratch);
	unsigned screens = screens_of(images, element);
	srcset_choose(&images->scratch, sizes, screens);
	struct link link = *prototype;
	for (size_t i = 0; i < images->scratch.count; i++) {
		const struct srcset_candidate *candidate = &images->scratch.items[i];
		link.candidate = CANDIDATE_SRCSET;
		if (candidate->shown != 0) {
			link.candidate |= CANDIDATE_SHOWN;
		}
		if (template_has_placeholder(candidate->url)) {
			templates_add(images->templates, candidate->url, &link);
		} else {
			references_add(images->references, candidate->url, &link);
		}
	}
}

bool html_images_has_choice(const struct html_images *images, const struct markup_element *element)
{
	return (images->in_picture && images->had_source) ||
	       markup_attribute_value(element, "srcset").len > 0 ||
	       markup_attribute_value(element, "imagesrcset").len > 0;
}
