/* SPDX-License-Identifier: MIT */
/* manifest.h - web app manifests (W3C appmanifest): L-41 */
#ifndef LINKS_MANIFEST_H
#define LINKS_MANIFEST_H

#include "links/references.h"

/* Collects icons as requisites, screenshots and start_url as discovery. What is no JSON gives
 * nothing. */
void manifest_find(struct bytes utf8, struct references *references);

#endif
