/* SPDX-License-Identifier: MIT */
/* markup_entities.h - what "amp" and the 2,124 other names stand for (HTML 13.5) */
#ifndef LINKS_MARKUP_ENTITIES_H
#define LINKS_MARKUP_ENTITIES_H

#include <stdbool.h>

#include "base/bytes.h"

/* The longest name, without its semicolon; and the longest that may stand without it. */
#define MARKUP_ENTITY_NAME_BYTES ((size_t)31)
#define MARKUP_ENTITY_SHORT_BYTES ((size_t)6)

/* The UTF-8 text of a name, static. False when there is none, or none without semicolon. */
bool markup_entity_find(struct bytes name, bool has_semicolon, struct bytes *text_out);

#endif
