/* SPDX-License-Identifier: MIT */
/* header_links.c - the Link header's list syntax, read tolerantly (RFC 8288 appendix B.2) */
#include "links/header_links.h"

#include "links/html_head.h"
#include "links/speculation.h"
#include "links/srcset.h"

/* The parameters of one link that matter. */
struct parameters {
	struct bytes rel, as, type, imagesrcset;
};

/* Takes "name=value" or "name" off the front of *rest; the value without quotes (escapes in it do
 * not occur in what we read). */
static void take_parameter(struct bytes *rest, struct parameters *found)
{
	size_t end = 0;
	while (end < rest->len && rest->ptr[end] != '=' && rest->ptr[end] != ';' &&
		rest->ptr[end] != ',') {
		end++;
	}
	struct bytes name = bytes_trim(bytes_slice(*rest, 0, end));
	struct bytes value = {0};
	*rest = bytes_slice(*rest, end, rest->len);
	if (rest->len > 0 && rest->ptr[0] == '=') {
		*rest = bytes_trim(bytes_slice(*rest, 1, rest->len));
		bool quoted = rest->len > 0 && rest->ptr[0] == '"';
		size_t start = quoted ? 1 : 0;
		end = start;
		while (end < rest->len &&
			(quoted ? rest->ptr[end] != '"'
				: rest->ptr[end] != ';' && rest->ptr[end] != ',')) {
			end++;
		}
		value = bytes_trim(bytes_slice(*rest, start, end));
		*rest = bytes_slice(*rest, quoted ? end + 1 : end, rest->len);
	}
	if (bytes_equal_nocase(name, BYTES("rel")) && found->rel.len == 0) {
		found->rel = value;
	} else if (bytes_equal_nocase(name, BYTES("as"))) {
		found->as = value;
	} else if (bytes_equal_nocase(name, BYTES("type"))) {
		found->type = value;
	} else if (bytes_equal_nocase(name, BYTES("imagesrcset"))) {
		found->imagesrcset = value;
	}
}

static void add_link(
	struct bytes target, const struct parameters *found, struct references *references)
{
	struct link link;
	if (!html_head_link(found->rel, found->as, found->type, &link)) {
		return;
	}
	link.rule = "L-43";
	link.where = "Link header";
	references_add(references, target, &link);
	struct srcset set;
	srcset_parse(found->imagesrcset, &set);
	link.candidate = CANDIDATE_SRCSET;
	for (size_t i = 0; i < set.count; i++) {
		references_add(references, set.items[i].url, &link);
	}
}

static void find_in_link_field(struct bytes rest, struct references *references)
{
	for (;;) {
		size_t open = bytes_find_char(rest, '<', 0);
		size_t close = bytes_find_char(rest, '>', open == SIZE_MAX ? 0 : open);
		if (open == SIZE_MAX || close == SIZE_MAX) {
			return;
		}
		struct bytes target = bytes_slice(rest, open + 1, close);
		struct parameters found = {0};
		rest = bytes_trim(bytes_slice(rest, close + 1, rest.len));
		while (rest.len > 0 && rest.ptr[0] != ',') {
			size_t before = rest.len;
			rest = bytes_trim(bytes_slice(rest, rest.ptr[0] == ';' ? 1 : 0, rest.len));
			take_parameter(&rest, &found);
			rest = bytes_trim(rest);
			if (rest.len == before) {
				rest = bytes_slice(rest, 1, rest.len);
			}
		}
		add_link(target, &found, references);
	}
}

void header_links_find(const struct headers *headers, struct references *references)
{
	struct bytes value;
	for (size_t i = 0; headers_nth(headers, "Link", i, &value); i++) {
		find_in_link_field(value, references);
	}
	struct link refresh = {.kind = LINK_PAGE,
		.role = ROLE_REDIRECT,
		.rule = "L-43",
		.where = "Refresh header",
		.anchor = UINT32_MAX};
	for (size_t i = 0; headers_nth(headers, "Refresh", i, &value); i++) {
		references_add(references, html_head_refresh_url(value), &refresh);
	}
	for (size_t i = 0; headers_nth(headers, "Speculation-Rules", i, &value); i++) {
		speculation_find_in_header(value, references);
	}
	struct link map = {.kind = LINK_DISCOVERY,
		.rule = "L-43",
		.where = "SourceMap header",
		.anchor = UINT32_MAX};
	references_add(references, headers_first(headers, "SourceMap"), &map);
}
