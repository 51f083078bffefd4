/* SPDX-License-Identifier: MIT */
/* rewrite_values.c - attributes of a page that is copied, given values that lead into the archive
 */
#include "replay/rewrite_values.h"

#include "base/limits.h"
#include "links/srcset.h"
#include "web/html_escape.h"
#include "web/utf8.h"

void rewrite_copy_to(struct rewrite_page *page, size_t end)
{
	buf_add(page->out, bytes_slice(page->html, page->copied, end));
	page->copied = end;
}

static size_t offset_of(const struct rewrite_page *page, struct bytes part)
{
	return (size_t)(part.ptr - page->html.ptr);
}

/* As references where it is no ASCII: so it is the same in every encoding. */
static void add_escaped(struct buf *out, struct bytes text)
{
	size_t at = 0;
	while (at < text.len) {
		uint32_t code = utf8_next(text, &at);
		if (html_escape(code, out)) {
			continue;
		}
		if (code < 0x80) {
			buf_add_char(out, (char)code);
		} else {
			buf_addf(out, "&#%u;", (unsigned)code);
		}
	}
}

/* Puts another value in the place of one, in quotes. Borrowed values have a place in the page. */
void rewrite_value(
	struct rewrite_page *page, const struct rewrite_attribute *attribute, struct bytes text)
{
	if (attribute->value.ptr == NULL) {
		return;
	}
	size_t start = offset_of(page, attribute->value);
	size_t end = start + attribute->value.len;
	char before = start > 0 ? page->html.ptr[start - 1] : ' ';
	bool is_quoted = before == '"' || before == '\'';
	rewrite_copy_to(page, is_quoted ? start - 1 : start);
	buf_add_char(page->out, '"');
	add_escaped(page->out, text);
	buf_add_char(page->out, '"');
	page->copied = is_quoted && end < page->html.len ? end + 1 : end;
}

/* Gives an attribute a name that nobody knows. */
void rewrite_disarm(struct rewrite_page *page, const struct rewrite_attribute *attribute)
{
	rewrite_copy_to(page, offset_of(page, attribute->name));
	buf_add_text(page->out, "data-flong-");
}

void rewrite_url_value(
	struct rewrite_page *page, const struct rewrite_attribute *attribute, const char *mod)
{
	SCOPED(buf_clear) struct buf to = {0};
	if (rewrite_url(&page->rewrite, attribute->text, mod, &to)) {
		rewrite_value(page, attribute, buf_bytes(&to));
	}
}

/* URLs between spaces and commas. */
void rewrite_list(struct rewrite_page *page, const struct rewrite_attribute *attribute)
{
	SCOPED(buf_clear) struct buf all = {0};
	struct bytes rest = attribute->text;
	struct bytes item;
	while (bytes_next_item(&rest, ',', &item)) {
		item = bytes_trim(item);
		buf_add_text(&all, all.len > 0 ? "," : "");
		if (!rewrite_url(&page->rewrite, item, "oe", &all)) {
			buf_add(&all, item);
		}
	}
	rewrite_value(page, attribute, buf_bytes(&all));
}

void rewrite_srcset(struct rewrite_page *page, const struct rewrite_attribute *attribute)
{
	struct srcset set;
	SCOPED(buf_clear) struct buf all = {0};
	srcset_parse(attribute->text, &set);
	for (size_t i = 0; i < set.count; i++) {
		const struct srcset_candidate *candidate = &set.items[i];
		buf_add_text(&all, i > 0 ? ", " : "");
		if (!rewrite_url(&page->rewrite, candidate->url, "im", &all)) {
			buf_add(&all, candidate->url);
		}
		if (candidate->unit == SRCSET_WIDTH) {
			buf_addf(&all, " %.0fw", candidate->value);
		} else if (candidate->value != 1) {
			buf_addf(&all, " %gx", candidate->value);
		}
	}
	if (set.count > 0) {
		rewrite_value(page, attribute, buf_bytes(&all));
	}
}

void rewrite_css_value(struct rewrite_page *page, const struct rewrite_attribute *attribute)
{
	struct rewrite as_text = page->rewrite;
	SCOPED(buf_clear) struct buf css = {0};
	as_text.charset = "utf-8";
	rewrite_css(&as_text, attribute->text, &css);
	if (!bytes_equal(buf_bytes(&css), attribute->text)) {
		rewrite_value(page, attribute, buf_bytes(&css));
	}
}

/* A document in an attribute. It has the page's base, and scripts of its own. */
void rewrite_document(struct rewrite_page *page, const struct rewrite_attribute *attribute)
{
	struct rewrite inner = page->rewrite;
	SCOPED(buf_clear) struct buf html = {0};
	inner.charset = "utf-8";
	inner.encoder = NULL;
	inner.depth++;
	if (inner.depth > LIMIT_REWRITE_DEPTH) {
		rewrite_value(page, attribute, BYTES(" "));
		return;
	}
	rewrite_html(&inner, attribute->text, &html);
	rewrite_value(page, attribute, buf_bytes(&html));
}

/* "5; url=/next" */
void rewrite_refresh(struct rewrite_page *page, const struct rewrite_attribute *attribute)
{
	struct bytes text = attribute->text;
	size_t start = bytes_find_nocase(text, BYTES("url"), 0);
	size_t equals = start == SIZE_MAX ? SIZE_MAX : bytes_find_char(text, '=', start);
	if (equals == SIZE_MAX) {
		return;
	}
	struct bytes url = bytes_trim(bytes_slice(text, equals + 1, text.len));
	if (url.len > 1 && (url.ptr[0] == '\'' || url.ptr[0] == '"')) {
		size_t end = bytes_find_char(url, url.ptr[0], 1);
		url = bytes_slice(url, 1, end);
	}
	SCOPED(buf_clear) struct buf to = {0};
	buf_add(&to, bytes_slice(text, 0, equals + 1));
	if (rewrite_url(&page->rewrite, url, "mp", &to)) {
		rewrite_value(page, attribute, buf_bytes(&to));
	}
}
