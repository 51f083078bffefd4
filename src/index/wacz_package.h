/* SPDX-License-Identifier: MIT */
/* wacz_package.h - the datapackage.json of a WACZ, read piece by piece
 *
 * Its list of resources grows with the files of the package and may be of any length in a hostile
 * one; so they are given one by one and never held together. */
#ifndef INDEX_WACZ_PACKAGE_H
#define INDEX_WACZ_PACKAGE_H

#include "base/digest.h"
#include "base/json.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

struct wacz_package_hooks {
	/* Each element of "resources", in its order, of any type. A negative code ends the reading.
	 */
	int (*resource)(void *context, const struct json *resource, struct flong_error *err);
	void *context;
	struct digester *digester; /* borrowed; NULL, or is given every byte that is read */
};

/* Reads the document to the end of the source (borrowed). *rest_out is all of it but the elements
 * of "resources", which is an empty array then; NULL on failure. FLONG_E_FORMAT: no JSON object, or
 * "resources" twice; FLONG_E_LIMIT: over LIMIT_RESOURCE_BYTES or LIMIT_PACKAGE_REST_BYTES; errors
 * of the source and of `resource`. After a failure the rest of the source was not read. */
MUST_CHECK int wacz_package_read(struct source *source, const struct wacz_package_hooks *hooks,
	struct json_document **rest_out, struct flong_error *err);

#endif
