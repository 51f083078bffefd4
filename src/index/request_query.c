/* SPDX-License-Identifier: MIT */
/* request_query.c - the body of a POST or PUT as query text */
#include "index/request_query.h"

#include "base/base64.h"
#include "index/request_query_form.h"
#include "index/request_query_json.h"
#include "web/utf8.h"

void request_query_quote(struct bytes text, struct buf *out)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (char_is_alnum(c) || c == '_' || c == '.' || c == '-' || c == '~') {
			buf_add_char(out, c);
		} else if (c == ' ') {
			buf_add_char(out, '+');
		} else {
			buf_add_char(out, '%');
			buf_add_char(out, hex[(unsigned char)c >> 4]);
			buf_add_char(out, hex[(unsigned char)c & 15]);
		}
	}
}

static void add_binary(struct bytes body, struct buf *out)
{
	buf_add_text(out, "__wb_post_data=");
	/* A multiple of three bytes, and more than can be kept. */
	base64_encode(bytes_slice(body, 0, REQUEST_QUERY_MAX / 4 * 3), out);
}

/* The length of the first REQUEST_QUERY_MAX characters. */
static size_t length_kept(struct bytes text)
{
	size_t at = 0;
	for (size_t count = 0; count < REQUEST_QUERY_MAX && at < text.len; count++) {
		(void)utf8_next(text, &at);
	}
	return at;
}

void request_query_add(
	struct bytes content_type, struct bytes body, bool is_whole, struct buf *query_out)
{
	size_t start = query_out->len;
	bool done = false;
	if (bytes_starts(content_type, BYTES("application/x-www-form-urlencoded"))) {
		done = request_query_add_form(body, is_whole, query_out);
	} else if (bytes_starts(content_type, BYTES("multipart/"))) {
		done = request_query_add_multipart(content_type, body, query_out);
	} else if (bytes_starts(content_type, BYTES("application/json"))) {
		(void)request_query_add_json(body, is_whole, query_out);
		done = true;
	} else if (bytes_starts(content_type, BYTES("text/plain"))) {
		done = request_query_add_json(body, is_whole, query_out);
	}
	if (!done) {
		add_binary(body, query_out);
	}
	struct bytes text = bytes_slice(buf_bytes(query_out), start, query_out->len);
	buf_truncate(query_out, start + length_kept(text));
}

void request_query_add_url(
	struct bytes url, struct bytes method, struct bytes query, struct buf *url_out)
{
	buf_add(url_out, url);
	buf_add_char(url_out, bytes_find_char(url, '?', 0) == SIZE_MAX ? '?' : '&');
	buf_add_text(url_out, "__wb_method=");
	buf_add(url_out, method);
	if (query.len > 0) {
		buf_add_char(url_out, '&');
		buf_add(url_out, query);
	}
}
