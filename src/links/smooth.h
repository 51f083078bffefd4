/* SPDX-License-Identifier: MIT */
/* smooth.h - chunks of Smooth Streaming manifests: L-58 (MS-SSTR 2.2.2) */
#ifndef LINKS_SMOOTH_H
#define LINKS_SMOOTH_H

#include "links/links.h"
#include "links/markup.h"

struct smooth;

/* Both are borrowed. Never NULL. */
struct smooth *smooth_create(const struct url *url, struct link_list *list);
void smooth_close(struct smooth *smooth);
/* Each element of the manifest, in order: StreamIndex, its QualityLevels, its chunks c. A chunk is
 * added for each quality level, as discovery. */
void smooth_start(struct smooth *smooth, const struct markup_element *element);

#endif
