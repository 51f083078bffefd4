/* SPDX-License-Identifier: MIT */
/* trap_shape.h - what the form of a URL says of the row of pages that it belongs to */
#ifndef CRAWL_TRAP_SHAPE_H
#define CRAWL_TRAP_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "web/url.h"

/* Parameters of the query; one that is a date counts as two, for days go on for ever. */
size_t trap_parameters(const struct url *url);
/* Appends the URL without session ids; false, and nothing is appended, when it has none. */
bool trap_without_session(const struct url *url, struct buf *out);

#endif
