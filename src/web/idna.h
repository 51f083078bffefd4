/* SPDX-License-Identifier: MIT */
/* idna.h - domain names in ASCII: UTS #46 as browsers use it, and the older IDNA 2003 (owner of
 * ICU) */
#ifndef WEB_IDNA_H
#define WEB_IDNA_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Appends the ASCII form of a UTF-8 domain (WHATWG URL 3.3 "domain to ASCII", not strict): ASCII
 * input is only lower-cased. False when a label is not allowed or nothing is left. */
bool idna_to_ascii(struct bytes domain, struct buf *ascii_out);
/* Appends the ASCII form by IDNA 2003 (RFC 3490), as Python's "idna" codec; false when a label is
 * not allowed or its length is not 1-63 bytes. */
bool idna_to_ascii_2003(struct bytes domain, struct buf *ascii_out);
/* Appends `text` (UTF-8) in lower case, free of any language's rules, as JavaScript's toLowerCase.
 */
void idna_to_lower(struct bytes text, struct buf *lower_out);

#endif
