/* SPDX-License-Identifier: MIT */
/* header_links.h - what response headers point to: Link (RFC 8288), Refresh, SourceMap: L-43 */
#ifndef LINKS_HEADER_LINKS_H
#define LINKS_HEADER_LINKS_H

#include "links/references.h"
#include "web/headers.h"

/* Collects from all fields of those names. */
void header_links_find(const struct headers *headers, struct references *references);

#endif
