/* SPDX-License-Identifier: MIT */
/* links_json.h - a link as one line of JSON, as "inspect links" prints it */
#ifndef LINKS_LINKS_JSON_H
#define LINKS_LINKS_JSON_H

#include "base/buf.h"
#include "links/links.h"

/* Appends {"url":..,"kind":..,"rel":..,"where":..,"rule":..} without a line end. */
void links_json_add(const struct link *link, struct buf *out);

#endif
