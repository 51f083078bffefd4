/* SPDX-License-Identifier: MIT */
/* wacz_main.h - the page that a package opens with: the first of its collection's pages.jsonl */
#ifndef INDEX_WACZ_MAIN_H
#define INDEX_WACZ_MAIN_H

#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"

/* Zeroed is valid: no page. */
struct wacz_main {
	char *url, *title; /* owned; NULL for none */
	int64_t date_ms;
};
void wacz_main_clear(struct wacz_main *page);
/* Reads it from DIR/pages/pages.jsonl; nothing when the list is empty. FLONG_E_NOT_FOUND,
 * FLONG_E_FORMAT, FLONG_E_IO. */
MUST_CHECK int wacz_main_read(const char *dir, struct wacz_main *page_out, struct flong_error *err);

#endif
