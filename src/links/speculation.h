/* SPDX-License-Identifier: MIT */
/* speculation.h - speculation rules: pages that may be visited next (L-40; HTML 7.6) */
#ifndef LINKS_SPECULATION_H
#define LINKS_SPECULATION_H

#include "links/references.h"

/* Collects the URLs that a set of rules lists, as discovery. Rules for the links of the page name
 * none. */
void speculation_find(struct bytes json, struct references *references);
/* Collects the sets that a Speculation-Rules field names: a list of strings (RFC 9651). */
void speculation_find_in_header(struct bytes value, struct references *references);

#endif
