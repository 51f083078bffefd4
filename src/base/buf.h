/* SPDX-License-Identifier: MIT */
/* buf.h - growing output with a limit: add freely, test once before use */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "base/scoped.h"

/* Owned bytes. Zeroed is valid and has the limit BUF_DEFAULT_MAX. The content is always followed by
 * a NUL that does not count. When an addition would pass the limit, nothing is added, and
 * buf_failed() is true from then on. */
struct buf {
	char *ptr;   /* owned; NULL while empty */
	size_t len;  /* bytes in use */
	size_t cap;  /* bytes allocated */
	size_t max;  /* limit of len; 0 means BUF_DEFAULT_MAX */
	bool failed; /* an addition was refused */
};

#define BUF_DEFAULT_MAX ((size_t)16 << 20)

/* An empty buffer that may grow to `max` bytes. */
static inline struct buf buf_with_max(size_t max)
{
	return (struct buf){.max = max};
}
/* Frees the memory; the buffer is empty and usable afterwards, with the same limit. */
void buf_clear(struct buf *buf);
/* Empties it but keeps the memory for reuse, and forgets a failure. */
void buf_reset(struct buf *buf);
/* The limit of its length, never 0. */
static inline size_t buf_limit(const struct buf *buf)
{
	return buf->max == 0 ? BUF_DEFAULT_MAX : buf->max;
}
/* Whether `len` more bytes fit without growing. */
static inline bool buf_has_room(const struct buf *buf, size_t len)
{
	return !buf->failed && len < buf->cap - buf->len && buf->len + len <= buf_limit(buf);
}
/* For buf_add only: the addition that must grow the buffer, or is refused. */
void buf_add_slowly(struct buf *buf, struct bytes b);
static inline void buf_add(struct buf *buf, struct bytes b)
{
	if (!buf_has_room(buf, b.len)) {
		buf_add_slowly(buf, b);
		return;
	}
	if (b.len == 0) {
		return;
	}
	assert(buf->ptr != NULL && b.ptr != NULL); /* room and length are never without memory */
	memcpy(buf->ptr + buf->len, b.ptr, b.len);
	buf->len += b.len;
	buf->ptr[buf->len] = '\0';
}
static inline void buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, bytes_of(text));
}
static inline void buf_add_char(struct buf *buf, char c)
{
	if (!buf_has_room(buf, 1)) {
		buf_add_slowly(buf, bytes_from(&c, 1));
		return;
	}
	buf->ptr[buf->len++] = c;
	buf->ptr[buf->len] = '\0';
}
void buf_add_u64(struct buf *buf, unsigned long long number);
void buf_addf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *buf, const char *format, va_list args) PRINTF_LIKE(2, 0);
/* Room for `len` more bytes at the end, to be counted with buf_commit; NULL when that would pass
 * the limit. */
char *buf_reserve(struct buf *buf, size_t len);
/* Counts `len` bytes written into reserved room. */
void buf_commit(struct buf *buf, size_t len);
/* Shortens to `len` bytes (no effect when shorter already). */
void buf_truncate(struct buf *buf, size_t len);
/* The same, and gives back the memory behind. */
void buf_shrink(struct buf *buf, size_t len);
/* Whether an addition was refused since the last reset. */
static inline bool buf_failed(const struct buf *buf)
{
	return buf->failed;
}
/* Borrows the content, valid until the next change. */
static inline struct bytes buf_bytes(const struct buf *buf)
{
	return (struct bytes){buf->ptr, buf->len};
}
/* The content as a zero-terminated string, never NULL, borrowed until the next change. */
const char *buf_text(const struct buf *buf);
/* Gives the content away as an owned zero-terminated string (never NULL) and leaves the buffer
 * empty. */
char *buf_take(struct buf *buf);

#endif
