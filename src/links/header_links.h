/* SPDX-License-Identifier: MIT */
/* header_links.h - URLs in response headers: L-43 */
#ifndef LINKS_HEADER_LINKS_H
#define LINKS_HEADER_LINKS_H

#include "links/references.h"
#include "web/http_head.h"

/* Collects what one head points to. Of an interim one (103) that is Link alone. Link by RFC 8288
 * and its appendix B; one whose anchor is another resource is discovery. Refresh is a redirect, so
 * is the Location of a redirecting status; SourceMap and Content-Location are discovery, and what
 * Speculation-Rules name (L-40). */
void header_links_find(const struct http_head *head, struct references *references);

#endif
