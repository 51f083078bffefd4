/* SPDX-License-Identifier: MIT */
/* version.c - the version that is built, as text and as the default user agent */
#include "flong/flong.h"

const char *flong_version(void)
{
	return FLONG_VERSION;
}
