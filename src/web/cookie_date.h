/* SPDX-License-Identifier: MIT */
/* cookie_date.h - the dates of Expires, in any order and shape (used by web/cookies.c only) */
#ifndef WEB_COOKIE_DATE_H
#define WEB_COOKIE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* Reads a date by the tokens of RFC 6265 5.1.1. False when a part is missing or impossible. */
bool cookie_date_parse(struct bytes text, int64_t *wall_ms_out);

#endif
