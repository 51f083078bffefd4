/* SPDX-License-Identifier: MIT */
/* markup_spans.c - a mark is DEL and the number of its span in letters */
#include "links/markup_spans.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Five digits of five bits, for what must not be read; of what is only quicker not read, fewer. */
#define MAX_SPANS ((size_t)1 << 25)
#define MAX_PLAIN_SPANS ((size_t)1 << 20)

void markup_spans_clear(struct markup_spans *spans)
{
	free(spans->items);
	*spans = (struct markup_spans){0};
}

bool markup_spans_take(const struct markup_spans *spans)
{
	return spans->count < MAX_PLAIN_SPANS;
}

void markup_spans_add(struct markup_spans *spans, struct bytes span, struct buf *out)
{
	if (span.len == 0 || spans->count == MAX_SPANS) {
		return;
	}
	if (spans->count == spans->capacity) {
		spans->capacity = spans->capacity == 0 ? 256 : 2 * spans->capacity;
		spans->items = alloc_resize(spans->items, spans->capacity, sizeof(spans->items[0]));
	}
	size_t number = spans->count++;
	spans->items[number] = span;
	char mark[MARKUP_MARK_BYTES] = {MARKUP_MARK};
	for (size_t i = 1; i < sizeof(mark); i++) {
		mark[i] = (char)('A' + (number & 31));
		number >>= 5;
	}
	buf_add(out, bytes_from(mark, sizeof(mark)));
}

/* The span of the mark at the start of `text`; NULL when it is none. */
static const struct bytes *span_of(const struct markup_spans *spans, struct bytes text)
{
	if (text.len < MARKUP_MARK_BYTES || text.ptr[0] != MARKUP_MARK) {
		return NULL;
	}
	size_t number = 0;
	for (size_t i = MARKUP_MARK_BYTES - 1; i > 0; i--) {
		size_t digit = (size_t)(unsigned char)text.ptr[i] - 'A';
		if (digit > 31) {
			return NULL;
		}
		number = number << 5 | digit;
	}
	return number < spans->count ? &spans->items[number] : NULL;
}

struct bytes markup_spans_expand(
	const struct markup_spans *spans, struct bytes text, struct buf *scratch)
{
	size_t at = spans->count == 0 ? SIZE_MAX : bytes_find_char(text, MARKUP_MARK, 0);
	if (at == SIZE_MAX) {
		return text;
	}
	const struct bytes *whole = span_of(spans, text);
	if (whole != NULL && text.len == MARKUP_MARK_BYTES) {
		return *whole;
	}
	buf_reset(scratch);
	while (at != SIZE_MAX) {
		buf_add(scratch, bytes_slice(text, 0, at));
		text = bytes_slice(text, at, text.len);
		const struct bytes *span = span_of(spans, text);
		buf_add(scratch, span != NULL ? *span : bytes_slice(text, 0, 1));
		text = bytes_slice(text, span != NULL ? MARKUP_MARK_BYTES : 1, text.len);
		at = bytes_find_char(text, MARKUP_MARK, 0);
	}
	buf_add(scratch, text);
	return buf_bytes(scratch);
}

/* Whether a byte ends a plain stretch. Controls are dropped, by libxml2 or for it; 0xEF may begin
 * U+FFFE and U+FFFF, which are dropped too. No branches: the loops below are for vector
 * instructions. */
static bool is_dropped(unsigned char c)
{
	return (c == (unsigned char)MARKUP_MARK) |
	       ((c < 0x20) & (c != '\t') & (c != '\n') & (c != '\r')) | (c == 0xef);
}

static bool is_markup(unsigned char c)
{
	return (c == '<') | (c == '>') | (c == '&');
}

bool markup_spans_is_plain(struct bytes span)
{
	const unsigned char *bytes = (const unsigned char *)span.ptr;
	unsigned char dropped = 0;
	unsigned char markup = 0;
	for (size_t i = 0; i < span.len; i++) {
		dropped |= is_dropped(bytes[i]);
	}
	for (size_t i = 0; i < span.len; i++) {
		markup |= is_markup(bytes[i]);
	}
	return dropped == 0 && markup == 0;
}
