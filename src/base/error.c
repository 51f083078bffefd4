/* SPDX-License-Identifier: MIT */
/* error.c - one sentence about what went wrong */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void make_printable(char *text)
{
	for (char *c = text; *c != '\0'; c++) {
		unsigned char byte = (unsigned char)*c;
		if (byte < 0x20 || byte == 0x7f) {
			*c = '?';
		}
	}
}

int error_set(struct flong_error *err, int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	make_printable(err->message);
	err->code = code;
	return code;
}

int error_set_errno(struct flong_error *err, int code, int saved_errno, const char *format, ...)
{
	char reason[128];
	const char *text = strerror_r(saved_errno, reason, sizeof(reason));
	va_list args;
	va_start(args, format);
	(void)vsnprintf(err->message, sizeof(err->message) - strlen(text) - 2, format, args);
	va_end(args);
	size_t length = strlen(err->message);
	(void)snprintf(err->message + length, sizeof(err->message) - length, ": %s", text);
	make_printable(err->message);
	err->code = code;
	return code;
}

int error_context(struct flong_error *err, const char *format, ...)
{
	char context[FLONG_ERROR_MAX];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(context, sizeof(context), format, args);
	va_end(args);
	make_printable(context);
	size_t cause = strlen(err->message);
	size_t room = sizeof(err->message) - 1 - cause;
	if (room < 3) {
		return err->code;
	}
	size_t length = strnlen(context, room - 2);
	memmove(err->message + length + 2, err->message, cause + 1);
	memcpy(err->message, context, length);
	memcpy(err->message + length, ": ", 2);
	return err->code;
}
