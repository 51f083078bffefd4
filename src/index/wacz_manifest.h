/* SPDX-License-Identifier: MIT */
/* wacz_manifest.h - what the datapackage.json of a WACZ says about its files, and its own digest */
#ifndef INDEX_WACZ_MANIFEST_H
#define INDEX_WACZ_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/wacz_reader.h"

/* One of its resources. */
struct wacz_resource {
	char *path; /* owned */
	bool has_hash;
	struct digest hash;
	bool has_size;
	uint64_t size;
};

/* Zeroed is valid and empty. */
struct wacz_manifest {
	bool is_there;                   /* there is a datapackage.json */
	bool has_digest;                 /* and a datapackage-digest.json, which fits */
	struct wacz_resource *resources; /* owned; sorted by path once it was read */
	size_t count, capacity;
};

/* Reads it, and compares it with datapackage-digest.json. FLONG_E_FORMAT: one of them is no such
 * file; FLONG_E_DAMAGED: the digest does not fit; FLONG_E_LIMIT: over
 * LIMIT_ZIP_ENTRIES resources; errors of wacz_package_read. The caller clears it, after failure
 * too.
 */
MUST_CHECK int wacz_manifest_read(
	const struct wacz_reader *reader, struct wacz_manifest *manifest, struct flong_error *err);
void wacz_manifest_clear(struct wacz_manifest *manifest);
/* Adds a resource of that path, not in order; the rest of it is zeroed. Borrowed until the next one
 * is added. FLONG_E_LIMIT: there are LIMIT_ZIP_ENTRIES already. */
MUST_CHECK int wacz_manifest_add(struct wacz_manifest *manifest, struct bytes path,
	struct wacz_resource **resource_out, struct flong_error *err);
void wacz_manifest_sort(struct wacz_manifest *manifest);
/* The resource of that path, or NULL. */
const struct wacz_resource *wacz_manifest_find(
	const struct wacz_manifest *manifest, const char *path);

#endif
