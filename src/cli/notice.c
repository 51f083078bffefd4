/* SPDX-License-Identifier: MIT */
/* notice.c - lines on standard error that are no failures, and text from archives made fit for them
 */
#include "cli/notice.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "web/utf8.h"

void notice(const char *format, ...)
{
	struct buf text = {0};
	va_list args;
	va_start(args, format);
	buf_vaddf(&text, format, args);
	va_end(args);
	struct flong_error message = {0};
	(void)error_set(&message, FLONG_E_USAGE, "%s", buf_text(&text));
	buf_clear(&text);
	(void)fflush(stdout);
	(void)fprintf(stderr, "flong: %s\n", message.message);
}

void notice_damage(const struct flong_error *fault, const struct reader_gap *gap)
{
	if (gap == NULL) {
		notice("%s", fault->message);
	} else {
		notice("%s; passed over bytes %" PRIu64 " to %" PRIu64, fault->message, gap->from,
			gap->to);
	}
}

static bool is_control(uint32_t code)
{
	bool is_direction =
		(code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || is_direction;
}

void notice_add_clean(struct buf *out, struct bytes text)
{
	for (size_t at = 0; at < text.len;) {
		size_t plain = at;
		while (plain < text.len && text.ptr[plain] >= ' ' && text.ptr[plain] != 0x7f) {
			plain++;
		}
		if (plain > at) { /* mostly all of it */
			buf_add(out, bytes_slice(text, at, plain));
			at = plain;
			continue;
		}
		uint32_t code = utf8_next(text, &at);
		if (is_control(code)) {
			buf_addf(out, code < 0x100 ? "\\x%02" PRIx32 : "\\u%04" PRIx32, code);
		} else {
			utf8_add(out, code);
		}
	}
}
