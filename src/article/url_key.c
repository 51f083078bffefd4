/* SPDX-License-Identifier: MIT */
/* url_key.c - when two URLs are one story, and when a host belongs to the page's publisher */
#include "article/url_key.h"

#include "article/url_shape.h"

/* Query parameters that say where a reader came from. */
static bool is_tracking(struct bytes name)
{
	static const char *const names[] = {"at_campaign", "at_medium", "cmp", "cmpid", "fbclid",
		"from", "gclid", "int_source", "maca", "mc_cid", "mc_eid", "msclkid", "ns_campaign",
		"ns_mchannel", "ocid", "partner", "ref", "ref_src", "referer", "rel", "rss", "smid",
		"source", "src", "tracking", "wt_mc", "xtor"};
	if (bytes_starts_nocase(name, BYTES("utm_")) || bytes_starts_nocase(name, BYTES("pk_")) ||
		bytes_starts_nocase(name, BYTES("itm_"))) {
		return true;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* Whether the path alone names a story, so that its query is an ornament. */
static bool path_is_enough(const struct url_shape *path)
{
	return path->slug_words >= 3 || path->has_date || path->id != URL_ID_NONE;
}

void url_key_add(struct buf *out, const struct url *url)
{
	struct bytes host = url->host;
	if (bytes_starts(host, BYTES("www."))) {
		host = bytes_slice(host, 4, host.len);
	}
	struct bytes path = url->path;
	if (path.len > 0 && path.ptr[path.len - 1] == '/') {
		path = bytes_slice(path, 0, path.len - 1);
	}
	buf_add(out, host);
	buf_add(out, path);
	if (url->query.len <= 1) {
		return;
	}
	/* Without the query: it may be the one that names the story. */
	struct url_shape bare = url_shape_of(url->path, (struct bytes){NULL, 0});
	if (path_is_enough(&bare)) {
		return;
	}
	struct bytes rest = bytes_slice(url->query, 1, url->query.len);
	struct bytes item;
	char separator = '?';
	while (bytes_next_item(&rest, '&', &item)) {
		struct bytes name = bytes_slice(item, 0, bytes_find_char(item, '=', 0));
		if (!is_tracking(name)) {
			buf_add_char(out, separator);
			buf_add(out, item);
			separator = '&';
		}
	}
}

bool url_key_in_domain(struct bytes host, struct bytes site)
{
	return bytes_ends(host, site) &&
	       (host.len == site.len || host.ptr[host.len - site.len - 1] == '.');
}

bool url_key_same_site(struct bytes host, struct bytes site)
{
	if (url_key_in_domain(host, site)) {
		return true;
	}
	struct bytes domain = url_registrable_domain(host);
	struct bytes brand = bytes_slice(domain, 0, bytes_find_char(domain, '.', 0));
	struct bytes own = bytes_slice(site, 0, bytes_find_char(site, '.', 0));
	return brand.len >= 3 && bytes_equal(brand, own);
}

static bool is_page_number(struct bytes text)
{
	uint64_t number = 0;
	return text.len <= 2 && bytes_to_u64(text, 60, &number) && number >= 1;
}

static bool is_page_word(struct bytes word)
{
	return bytes_equal_nocase(word, BYTES("page")) || bytes_equal_nocase(word, BYTES("p")) ||
	       bytes_equal_nocase(word, BYTES("seite")) || bytes_equal_nocase(word, BYTES("pg")) ||
	       bytes_equal_nocase(word, BYTES("pagina"));
}

static bool query_is_page(struct bytes query)
{
	struct bytes rest = bytes_slice(query, 1, query.len);
	struct bytes item;
	while (bytes_next_item(&rest, '&', &item)) {
		struct bytes name;
		struct bytes value;
		if (bytes_cut(item, '=', &name, &value) && is_page_word(name) &&
			is_page_number(value)) {
			return true;
		}
	}
	return false;
}

bool url_key_is_page_of(const struct url *url, const struct url *seed)
{
	if (!bytes_equal(url->host, seed->host)) {
		return false;
	}
	if (bytes_equal(url->path, seed->path)) {
		return query_is_page(url->query) && !bytes_equal(url->query, seed->query);
	}
	struct bytes stem = seed->path;
	size_t dot = bytes_find_last_char(stem, '.');
	if (dot != SIZE_MAX && stem.len - dot <= 6) {
		stem = bytes_slice(stem, 0, dot);
	}
	while (stem.len > 1 && stem.ptr[stem.len - 1] == '/') {
		stem = bytes_slice(stem, 0, stem.len - 1);
	}
	if (stem.len < 2 || !bytes_starts(url->path, stem)) {
		return false;
	}
	struct bytes rest = bytes_slice(url->path, stem.len, url->path.len);
	struct bytes part = {NULL, 0};
	size_t start = 0;
	bool found = false;
	for (size_t i = 0; i <= rest.len; i++) {
		if (i < rest.len && char_is_alnum(rest.ptr[i])) {
			continue;
		}
		part = bytes_slice(rest, start, i);
		start = i + 1;
		if (part.len == 0) {
			continue;
		}
		bool is_number = is_page_number(part);
		if (!is_number && !is_page_word(part) && !(found && part.len <= 5)) {
			return false;
		}
		found = found || is_number;
	}
	return found && rest.len > 0 && !char_is_alnum(rest.ptr[0]);
}
