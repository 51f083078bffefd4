/* SPDX-License-Identifier: MIT */
/* rewrite.c - URLs and style sheets that lead into the archive */
#include "replay/rewrite.h"

#include "links/css.h"
#include "web/charset.h"

/* ASCII is the same in all of them, but for what ISO-2022-JP switches with an escape. */
static bool is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c >= 0x80 || c == 0x1b) {
			return false;
		}
	}
	return true;
}

void rewrite_decode(const struct rewrite *rewrite, struct bytes text, struct buf *utf8_out)
{
	if (is_plain(text)) {
		buf_add(utf8_out, text);
	} else {
		charset_decode(text, rewrite->charset, utf8_out);
	}
}

bool rewrite_url(const struct rewrite *rewrite, struct bytes url, const char *mod, struct buf *out)
{
	SCOPED(url_closep) struct url *parsed = NULL;
	struct flong_error ignored = {0};
	url = bytes_trim(url);
	if (url.len == 0 || url.ptr[0] == '#' ||
		url_parse_in(url, rewrite->base, rewrite->encoder, &parsed, &ignored) < 0 ||
		!parsed->is_http) {
		return false;
	}
	buf_addf(out, "/%s/%s%s_/", rewrite->collection, rewrite->digits, mod);
	buf_add_text(out, parsed->href);
	return true;
}

/* --- style sheets ------------------------------------------------------------------------------
 */

struct css_copy {
	const struct rewrite *rewrite;
	struct bytes css;
	size_t copied;
	struct buf *out;
};

/* A URL is ASCII without white space; what ends a string or url() early is escaped. */
static void add_css_url(struct buf *out, struct bytes url)
{
	for (size_t i = 0; i < url.len; i++) {
		char c = url.ptr[i];
		if (c == '"' || c == '\'' || c == '(' || c == ')' || c == '\\') {
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
		} else {
			buf_add_char(out, c);
		}
	}
}

static void take_css_url(struct bytes url, const struct css_span *span, void *context)
{
	struct css_copy *copy = (struct css_copy *)context;
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(buf_clear) struct buf to = {0};
	const char *mod = span->place == CSS_IMPORT ? "cs" : "im";
	rewrite_decode(copy->rewrite, url, &text);
	if (span->place == CSS_NAMESPACE ||
		!rewrite_url(copy->rewrite, buf_bytes(&text), mod, &to)) {
		return;
	}
	buf_add(copy->out, bytes_slice(copy->css, copy->copied, span->start));
	buf_add_char(copy->out, '"');
	add_css_url(copy->out, buf_bytes(&to));
	buf_add_char(copy->out, '"');
	copy->copied = span->end;
}

void rewrite_css(const struct rewrite *rewrite, struct bytes css, struct buf *out)
{
	struct css_copy copy = {.rewrite = rewrite, .css = css, .out = out};
	css_each_url(css, take_css_url, &copy);
	buf_add(out, bytes_slice(css, copy.copied, css.len));
}
