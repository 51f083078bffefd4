/* SPDX-License-Identifier: MIT */
/* buf.c - growing output with a limit */
#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Below this a buffer grows to the double: most are done soon, and each step copies. */
#define DOUBLED_BYTES ((size_t)32 << 10)
/* From this size on the first addition gets what it needs: many are a copy, and done with it. */
#define EXACT_BYTES ((size_t)1 << 10)

void buf_clear(struct buf *buf)
{
	free(buf->ptr);
	*buf = (struct buf){.max = buf->max};
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->ptr != NULL) {
		buf->ptr[0] = '\0';
	}
}

/* Bytes to allocate for `size` in all. */
static size_t capacity_for(const struct buf *buf, size_t size)
{
	if (buf->cap == 0 && size > EXACT_BYTES) {
		return size;
	}
	size_t cap = buf->cap < 64 ? 64 : buf->cap;
	while (cap < size) {
		cap += cap < DOUBLED_BYTES ? cap : cap / 2;
	}
	return cap;
}

char *buf_reserve(struct buf *buf, size_t len)
{
	size_t needed;
	if (buf->failed || !size_add(buf->len, len, &needed) || needed > buf_limit(buf)) {
		buf->failed = true;
		return NULL;
	}
	if (needed + 1 > buf->cap) {
		buf->cap = capacity_for(buf, needed + 1);
		buf->ptr = alloc_resize(buf->ptr, buf->cap, 1);
	}
	return buf->ptr + buf->len;
}

void buf_commit(struct buf *buf, size_t len)
{
	assert(buf->ptr != NULL && len < buf->cap - buf->len);
	buf->len += len;
	buf->ptr[buf->len] = '\0';
}

void buf_add_slowly(struct buf *buf, struct bytes b)
{
	char *room = buf_reserve(buf, b.len);
	if (room == NULL) {
		return;
	}
	if (b.len > 0) {
		memcpy(room, b.ptr, b.len);
	}
	buf_commit(buf, b.len);
}

void buf_add_u64(struct buf *buf, unsigned long long number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	buf_add(buf, bytes_from(digits + at, sizeof(digits) - at));
}

void buf_vaddf(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(length >= 0);
	char *room = buf_reserve(buf, (size_t)length);
	if (room == NULL) {
		return;
	}
	(void)vsnprintf(room, (size_t)length + 1, format, args);
	buf_commit(buf, (size_t)length);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_vaddf(buf, format, args);
	va_end(args);
}

void buf_truncate(struct buf *buf, size_t len)
{
	if (len < buf->len) {
		buf->len = len;
		buf->ptr[len] = '\0';
	}
}

void buf_shrink(struct buf *buf, size_t len)
{
	buf_truncate(buf, len);
	if (buf->cap > buf->len + 1) {
		buf->cap = buf->len + 1;
		buf->ptr = alloc_resize(buf->ptr, buf->cap, 1);
	}
}

const char *buf_text(const struct buf *buf)
{
	return buf->ptr == NULL ? "" : buf->ptr;
}

char *buf_take(struct buf *buf)
{
	char *text = buf->ptr == NULL ? alloc_text("", 0) : buf->ptr;
	*buf = (struct buf){.max = buf->max};
	return text;
}
