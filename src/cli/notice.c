/* SPDX-License-Identifier: MIT */
/* notice.c - lines on standard error that are no failures, and text from archives made fit for them
 */
#include "cli/notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

size_t notice_columns(struct bytes word)
{
	size_t columns = 0;
	for (size_t at = 0; at < word.len;) {
		uint32_t code = utf8_next(word, &at);
		bool is_wide =
			(code >= 0x1100 && code < 0x1160) || (code >= 0x2e80 && code < 0xa4d0) ||
			(code >= 0xac00 && code < 0xd7a4) || (code >= 0xf900 && code < 0xfb00) ||
			(code >= 0xff00 && code < 0xff61) || code >= 0x1f300;
		columns += is_wide ? 2 : 1;
	}
	return columns;
}

size_t notice_terminal_width(void)
{
	struct winsize size = {0};
	size_t width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
	return width < 40 ? 80 : (width > 100 ? 100 : width);
}
