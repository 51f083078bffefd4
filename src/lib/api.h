/* SPDX-License-Identifier: MIT */
/* api.h - what every function at the border does: an error that may be NULL, arguments that may be
 */
#ifndef LIB_API_H
#define LIB_API_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/scoped.h"
#include "flong/flong.h"

/* Members that later versions may use; see struct flong_input. */
enum { API_RESERVED = 4 };

/* The caller's error value, or `own` when the caller wants none. */
static inline struct flong_error *api_error(struct flong_error *err, struct flong_error *own)
{
	return err != NULL ? err : own;
}

/* FLONG_E_USAGE: `what` is NULL. */
static inline int api_null(const char *what, struct flong_error *err)
{
	return error_set(err, FLONG_E_USAGE, "%s is NULL", what);
}

/* FLONG_E_USAGE unless all reserved members of the struct `what` are NULL. */
static inline int api_reserved(void *const *reserved, const char *what, struct flong_error *err)
{
	for (size_t i = 0; i < API_RESERVED; i++) {
		if (reserved[i] != NULL) {
			return error_set(err, FLONG_E_USAGE,
				"a reserved member of %s is set: not zeroed, or of a newer version",
				what);
		}
	}
	return FLONG_OK;
}

#endif
