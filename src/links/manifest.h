/* SPDX-License-Identifier: MIT */
/* manifest.h - web app manifests (W3C appmanifest): L-41 */
#ifndef LINKS_MANIFEST_H
#define LINKS_MANIFEST_H

#include "links/references.h"

/* Collects all icons as requisites; screenshots, start_url, shortcuts and related applications as
 * discovery. Templates, which wait for what a user hands over, are never taken. What is no JSON
 * gives nothing. */
void manifest_find(struct bytes utf8, struct references *references);

#endif
