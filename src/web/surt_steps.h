/* SPDX-License-Identifier: MIT */
/* surt_steps.h - canonical host, path and query of a key (used by web/surt.c only) */
#ifndef WEB_SURT_STEPS_H
#define WEB_SURT_STEPS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Steps 6 and 7: appends the canonical host, lower case, without "www." in front unless it
 * `keeps_www`. */
void surt_steps_host(struct bytes host, bool keeps_www, struct buf *out);
/* Step 9: appends the canonical path, lower case. */
void surt_steps_path(struct bytes path, struct buf *out);
/* The path of a URL without host: unescaped, escaped, lower case, without one slash at the end. */
void surt_steps_opaque(struct bytes path, struct buf *out);
/* Step 10 without sorting: appends the query, unescaped and escaped, lower case, without session
 * ids. */
void surt_steps_query(struct bytes query, struct buf *out);
/* Appends the items between '&' in order; by name then value, or as whole text. */
void surt_steps_sort(struct bytes query, bool by_name, struct buf *out);
/* Without "www.", "www2." and so on at the start. */
struct bytes surt_steps_without_www(struct bytes host);

#endif
