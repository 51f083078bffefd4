/* SPDX-License-Identifier: MIT */
/* public_suffix.h - where a registrable domain begins (owner of libpsl; its built-in list) */
#ifndef WEB_PUBLIC_SUFFIX_H
#define WEB_PUBLIC_SUFFIX_H

#include <stdbool.h>

#include "base/bytes.h"

/* Whether the ASCII domain is a public suffix such as "com" or "co.uk"; unlisted top-level labels
 * count as one. */
bool public_suffix_is(struct bytes domain);
/* The registrable domain, as the end of `domain`, or empty when there is none. A trailing dot is
 * kept. */
struct bytes public_suffix_registrable(struct bytes domain);

#endif
