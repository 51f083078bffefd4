/* SPDX-License-Identifier: MIT */
/* share_links.c - the short address of a page, as its share buttons spell it */
#include "article/share_links.h"

#define CANDIDATES_MAX 8
#define SHARE_LINKS_MAX 200
#define SHORT_PATH_MAX ((size_t)12)

struct counted {
	struct bytes url; /* owned by the result */
	size_t count;
};

/* The text with %XX decoded once. */
static void decode_percent(struct bytes text, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '%' && i + 2 < text.len && char_hex(text.ptr[i + 1]) >= 0 &&
			char_hex(text.ptr[i + 2]) >= 0) {
			buf_add_char(out, (char)(unsigned char)(char_hex(text.ptr[i + 1]) * 16 +
								char_hex(text.ptr[i + 2])));
			i += 2;
		} else {
			buf_add_char(out, text.ptr[i]);
		}
	}
}

/* The http(s) URL inside `text` that does not start it, up to its query; empty when there is none.
 */
static struct bytes embedded_url(struct bytes text)
{
	size_t at = bytes_find(text, BYTES("http"), 1);
	if (at == SIZE_MAX) {
		return (struct bytes){NULL, 0};
	}
	size_t end = at;
	while (end < text.len && text.ptr[end] != '?' && text.ptr[end] != '&' &&
		text.ptr[end] != '#' && !char_is_space(text.ptr[end])) {
		end++;
	}
	return bytes_slice(text, at, end);
}

static bool is_short(const struct url *url, const struct page_input *input)
{
	/* The code is the last segment; "/p/" and the like may stand before it. */
	size_t slash = bytes_find_last_char(url->path, '/');
	struct bytes code =
		slash == SIZE_MAX ? url->path : bytes_slice(url->path, slash + 1, url->path.len);
	return url->is_http && !bytes_equal(url->host, input->url->host) && code.len >= 3 &&
	       code.len <= 8 && url->path.len <= SHORT_PATH_MAX;
}

static void count_url(
	struct counted *seen, size_t *count, struct bytes address, struct page_result *result)
{
	for (size_t i = 0; i < *count; i++) {
		if (bytes_equal(seen[i].url, address)) {
			seen[i].count++;
			return;
		}
	}
	if (*count < CANDIDATES_MAX) {
		seen[*count].url = page_result_keep(result, address);
		seen[(*count)++].count = 1;
	}
}

void share_links_find_short(const struct share_input *share, struct page_result *result)
{
	const struct outline *outline = share->outline;
	struct counted seen[CANDIDATES_MAX] = {{{NULL, 0}, 0}};
	size_t count = 0;
	struct buf decoded = {0};
	size_t looked = 0;
	for (uint32_t i = 0; i < outline->count && looked < SHARE_LINKS_MAX; i++) {
		if (outline->nodes[i].tag != TAG_A) {
			continue;
		}
		struct bytes href = outline_value(outline, i, ATTR_HREF);
		if (href.len > 4096 ||
			(bytes_find_nocase(href, BYTES("http%3a"), 1) == SIZE_MAX &&
				bytes_find_nocase(href, BYTES("https%3a"), 1) == SIZE_MAX &&
				bytes_find(href, BYTES("http"), 1) == SIZE_MAX)) {
			continue;
		}
		looked++;
		decode_percent(href, &decoded);
		struct flong_error ignored;
		SCOPED(url_closep) struct url *url = NULL;
		struct bytes inner = embedded_url(buf_bytes(&decoded));
		if (inner.len > 0 && inner.len < 200 &&
			url_parse(inner, NULL, &url, &ignored) == FLONG_OK &&
			is_short(url, share->input)) {
			count_url(seen, &count, url->all, result);
		}
	}
	buf_clear(&decoded);
	for (size_t i = 0; i < count; i++) {
		if (seen[i].count >= 2) {
			result->short_url = seen[i].url;
			return;
		}
	}
}
