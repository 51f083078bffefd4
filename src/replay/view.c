/* SPDX-License-Identifier: MIT */
/* view.c - pages of the library as text */
#include "replay/view.h"

#include "base/clock.h"
#include "web/html_escape.h"
#include "web/utf8.h"

void view_begin(struct buf *out, const char *title)
{
	buf_add_text(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	view_add(out, bytes_of(title));
	buf_add_text(out,
		"</title>\n<link rel=\"stylesheet\" href=\"/-/style.css\">\n"
		"<link rel=\"icon\" href=\"/-/icon.svg\" type=\"image/svg+xml\">\n</head>\n<body>\n"
		"<a class=\"skip\" href=\"#main\">To the content</a>\n");
}

void view_end(struct buf *out)
{
	buf_add_text(out, "\n</body>\n</html>\n");
}

void view_add(struct buf *out, struct bytes text)
{
	size_t at = 0;
	while (at < text.len) {
		uint32_t code = utf8_next(text, &at);
		/* Controls say nothing to a reader. */
		if (!html_escape(code, out) && (code >= ' ' || code == '\n' || code == '\t')) {
			utf8_add(out, code == 0x7f ? UTF8_REPLACEMENT : code);
		}
	}
}

void view_add_query(struct buf *out, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (char_is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == ':') {
			buf_add_char(out, c);
		} else {
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
		}
	}
}

const char *view_month_name(int month)
{
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"};
	return months[month >= 1 && month <= 12 ? month - 1 : 0];
}

/* "29 November 2026" of a time in its ISO form. */
static void add_day(struct buf *out, const char *iso)
{
	int month = (iso[5] - '0') * 10 + (iso[6] - '0');
	buf_addf(out, "%.*s %s %.4s", iso[8] == '0' ? 1 : 2, iso[8] == '0' ? iso + 9 : iso + 8,
		view_month_name(month), iso);
}

static void add_time(struct buf *out, int64_t wall_ms, int digits)
{
	char iso[CLOCK_ISO_SIZE];
	clock_format_iso_s(wall_ms, iso);
	buf_addf(out, "<time datetime=\"%s\">", iso);
	add_day(out, iso);
	buf_addf(out, ", %.*s UTC</time>", digits, iso + 11);
}

void view_add_time(struct buf *out, int64_t wall_ms)
{
	add_time(out, wall_ms, 5);
}

void view_add_second(struct buf *out, int64_t wall_ms)
{
	add_time(out, wall_ms, 8);
}

void view_add_date(struct buf *out, int64_t wall_ms)
{
	char iso[CLOCK_ISO_SIZE];
	clock_format_iso_s(wall_ms, iso);
	buf_addf(out, "<time datetime=\"%.10s\">", iso);
	add_day(out, iso);
	buf_add_text(out, "</time>");
}

void view_add_size(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	double number = (double)bytes;
	size_t unit = 0;
	while (number >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		number /= 1000;
		unit++;
	}
	buf_addf(out, unit == 0 || number >= 100 ? "%.0f %s" : "%.1f %s", number, units[unit]);
}
