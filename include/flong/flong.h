/* SPDX-License-Identifier: MIT */
/* flong.h - the library's version and its common types */
#ifndef FLONG_FLONG_H
#define FLONG_FLONG_H

#include "flong/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version as "MAJOR.MINOR.PATCH"; never NULL, lives as long as the program. */
const char *flong_version(void);

#ifdef __cplusplus
}
#endif
#endif
