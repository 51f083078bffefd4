/* SPDX-License-Identifier: MIT */
/* check_say.c - the sentence of a finding, made as printf makes it */
#include "index/check_say.h"

#include <stdio.h>

#include "base/error.h"

void check_say(const struct check_listener *listener, const struct check_finding *place,
	const char *format, va_list args)
{
	struct flong_error text; /* its message has the printable form that findings need */
	char message[FLONG_ERROR_MAX];
	(void)vsnprintf(message, sizeof(message), format, args);
	(void)error_set(&text, FLONG_E_DAMAGED, "%s", message);
	struct check_finding finding = *place;
	finding.text = text.message;
	listener->finding(listener->context, &finding);
}
