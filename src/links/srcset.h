/* SPDX-License-Identifier: MIT */
/* srcset.h - image candidates, and which of them common screens pick (HTML 4.8.4.3 and 4.8.4.4) */
#ifndef LINKS_SRCSET_H
#define LINKS_SRCSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

enum srcset_unit { SRCSET_DENSITY, SRCSET_WIDTH };

struct srcset_candidate {
	struct bytes url; /* borrowed from the attribute */
	enum srcset_unit unit;
	double value;   /* pixel density or width; a candidate without descriptor has density 1 */
	unsigned shown; /* screens that pick it: bit i for screen i of srcset_screens */
};

/* Candidates of one attribute; more than any real page has are left out. */
#define SRCSET_MAX_CANDIDATES 100
struct srcset {
	struct srcset_candidate items[SRCSET_MAX_CANDIDATES];
	size_t count;
};

/* A screen that an archived page is looked at on. */
struct srcset_screen {
	double width; /* CSS px */
	double density;
};
/* Phone 360 px 2x, laptop 1440 px, laptop 1440 px 2x. */
#define SRCSET_SCREENS 3
#define SRCSET_ALL_SCREENS ((1u << SRCSET_SCREENS) - 1)
extern const struct srcset_screen srcset_screens[SRCSET_SCREENS];

/* Parses a srcset attribute: a URL is a run without white space, commas inside it stay, those at
 * its end separate. A candidate with wrong descriptors is left out, as browsers do. */
void srcset_parse(struct bytes attribute, struct srcset *srcset_out);
/* Sets `shown` for those of `screens` (bits) that choose from this set, with the `sizes` attribute
 * (may be empty: 100vw). */
void srcset_choose(struct srcset *srcset, struct bytes sizes, unsigned screens);
/* Screens (bits) that a media attribute matches; empty matches all, what is not understood none. */
unsigned srcset_media_screens(struct bytes media);

#endif
