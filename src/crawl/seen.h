/* SPDX-License-Identifier: MIT */
/* seen.h - which rows of the state may have a URL: seven to eleven bytes of memory a URL
 *
 * A table of fingerprints stands for a unique index over the URLs, which costs a page of the disk
 * for every new URL once it outgrows the memory. It says "no row" for certain, and else which rows
 * to compare. The state keeps the hashes in the order of the rows, so that the table is made again
 * without reading the URLs. The hash is keyed: pages cannot choose URLs that fall on one place. */
#ifndef CRAWL_SEEN_H
#define CRAWL_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"

#define SEEN_KEY_BYTES 16

struct seen;

struct seen *seen_create(void);
void seen_close(struct seen *seen);
SCOPED_CLOSE(struct seen *, seen_close)
/* The hash of a text under a key (SipHash-1-3: Aumasson and Bernstein, "SipHash", 2012). */
uint64_t seen_hash(const unsigned char key[SEEN_KEY_BYTES], struct bytes text);
/* Adds a row; its number is over 0. The table must not be full. */
void seen_add(struct seen *seen, uint64_t hash, uint32_t row);
/* Whether the next seen_add needs seen_grow before it. */
bool seen_is_full(const struct seen *seen);
/* Empties the table and makes it large enough for `rows` and half as many again; the caller adds
 * them. */
void seen_grow(struct seen *seen, uint64_t rows);
/* Rows in the table. */
uint64_t seen_count(const struct seen *seen);

/* The rows that may have a hash, one by one; 0 when there are no more. A zeroed search begins. */
struct seen_search {
	uint64_t steps, at;
};
uint32_t seen_next(const struct seen *seen, uint64_t hash, struct seen_search *search);

#endif
