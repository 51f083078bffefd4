/* SPDX-License-Identifier: MIT */
/* reply.c - the answer to a request */
#include "replay/reply.h"

#include <stdarg.h>

#include "base/limits.h"

void reply_clear(struct reply *reply)
{
	source_close(reply->content);
	if (reply->close_owner != NULL) {
		reply->close_owner(reply->owner);
	}
	headers_clear(&reply->fields);
	buf_clear(&reply->body);
	*reply = (struct reply){0};
}

void reply_field(struct reply *reply, const char *name, struct bytes value)
{
	SCOPED(buf_clear) struct buf clean = buf_with_max(4 * LIMIT_URL_BYTES);
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		if ((c >= ' ' && c != 0x7f) || c == '\t') {
			buf_add_char(&clean, value.ptr[i]);
		}
	}
	headers_add(&reply->fields, bytes_of(name), buf_bytes(&clean));
}

void reply_fieldf(struct reply *reply, const char *name, const char *format, ...)
{
	SCOPED(buf_clear) struct buf value = buf_with_max(4 * LIMIT_URL_BYTES);
	va_list args;
	va_start(args, format);
	buf_vaddf(&value, format, args);
	va_end(args);
	reply_field(reply, name, buf_bytes(&value));
}

void reply_plain(struct reply *reply, int status, const char *format, ...)
{
	va_list args;
	reply->status = status;
	va_start(args, format);
	buf_vaddf(&reply->body, format, args);
	va_end(args);
	buf_add_char(&reply->body, '\n');
	reply_field(reply, "Content-Type", BYTES("text/plain; charset=utf-8"));
	reply_field(reply, "X-Content-Type-Options", BYTES("nosniff"));
}

void reply_redirect(struct reply *reply, int status, struct bytes location)
{
	reply->status = status;
	reply_field(reply, "Location", location);
}
