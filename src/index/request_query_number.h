/* SPDX-License-Identifier: MIT */
/* request_query_number.h - numbers as JavaScript prints them */
#ifndef INDEX_REQUEST_QUERY_NUMBER_H
#define INDEX_REQUEST_QUERY_NUMBER_H

#include "base/buf.h"

/* Appends a finite number with the fewest digits that read back as it, as ECMA-262
 * Number::toString does: 44 for 44.0, 0.00001, 1e+21. */
void request_query_add_number(double number, struct buf *out);

#endif
