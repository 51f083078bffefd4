/* SPDX-License-Identifier: MIT */
/* sizes.h - how wide an image will be: the sizes attribute and media conditions, as far as pages
 * use them (HTML 4.8.4.4.9, mediaqueries-4) */
#ifndef LINKS_SIZES_H
#define LINKS_SIZES_H

#include <stdbool.h>

#include "base/bytes.h"
#include "links/srcset.h"

/* Reads all of `text` as a floating-point number of HTML ("1", "-.5", "2e3"); no "+", no "1.". */
bool sizes_read_number(struct bytes text, double *number_out);
/* The length in CSS px that a sizes attribute gives on a screen so wide; 100vw when it says
 * nothing that is understood. Knows px, em, rem, vw, and calc() and min() and max() of them. */
double sizes_length(struct bytes sizes, double screen_width);
/* Whether a media query list matches a screen: media types, (min|max)-width, -height, ranges such
 * as (width <= 600px), orientation, resolution, "and", "not". What is not understood does not
 * match. */
bool sizes_media_matches(struct bytes media, const struct srcset_screen *screen);

#endif
