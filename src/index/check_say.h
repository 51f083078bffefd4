/* SPDX-License-Identifier: MIT */
/* check_say.h - the sentence of a finding, made as printf makes it */
#ifndef INDEX_CHECK_SAY_H
#define INDEX_CHECK_SAY_H

#include <stdarg.h>

#include "warc/check.h"

/* Who is told of findings. */
struct check_listener {
	void (*finding)(void *context, const struct check_finding *finding);
	void *context;
};

/* Gives the finding `place` with the text that is made of format and args; control bytes in it
 * become '?'. */
void check_say(const struct check_listener *listener, const struct check_finding *place,
	const char *format, va_list args) __attribute__((format(printf, 3, 0)));

#endif
