/* SPDX-License-Identifier: MIT */
/* text_store.h - many small texts kept until the end, freed together */
#ifndef LINKS_TEXT_STORE_H
#define LINKS_TEXT_STORE_H

#include <stddef.h>

#include "base/bytes.h"

struct text_chunk;

/* Owner of copies. Zeroed is valid and empty. */
struct text_store {
	struct text_chunk *head; /* owned list, the one being filled first */
	size_t bytes;            /* sum of the texts kept */
};

/* A copy that lives until text_store_clear; followed by a NUL that does not count. */
struct bytes text_store_keep(struct text_store *store, struct bytes text);
/* Frees all texts; the store is empty and usable afterwards. */
void text_store_clear(struct text_store *store);

#endif
