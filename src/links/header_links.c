/* SPDX-License-Identifier: MIT */
/* header_links.c - the Link header's list syntax, read tolerantly (RFC 8288 appendix B.2) */
#include "links/header_links.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/html_head.h"
#include "links/speculation.h"
#include "links/srcset.h"

/* The parameters of one link that matter; the first of a name counts (RFC 8288 3). */
enum parameter { REL, AS, TYPE, ANCHOR, IMAGESRCSET, IMAGESIZES, PARAMETERS };

struct link_value {
	struct buf values[PARAMETERS];
	bool has[PARAMETERS];
};

static const char *const parameter_names[PARAMETERS] = {
	"rel", "as", "type", "anchor", "imagesrcset", "imagesizes"};

static void skip_space(struct bytes text, size_t *at)
{
	while (*at < text.len && char_is_space(text.ptr[*at])) {
		(*at)++;
	}
}

/* Reads a quoted string whose quote stands at *at; escapes undone (RFC 9110 5.6.4). */
static void take_quoted(struct bytes text, size_t *at, struct buf *value_out)
{
	for ((*at)++; *at < text.len && text.ptr[*at] != '"'; (*at)++) {
		if (text.ptr[*at] == '\\' && *at + 1 < text.len) {
			(*at)++;
		}
		buf_add_char(value_out, text.ptr[*at]);
	}
	*at += *at < text.len;
}

static bool ends_token(char c)
{
	return c == ';' || c == ',' || char_is_space(c);
}

/* Takes "name", "name=token" or "name=\"string\"" at *at. */
static void take_parameter(struct bytes text, size_t *at, struct link_value *link)
{
	size_t start = *at;
	while (*at < text.len && text.ptr[*at] != '=' && !ends_token(text.ptr[*at])) {
		(*at)++;
	}
	struct bytes name = bytes_slice(text, start, *at);
	SCOPED(buf_clear) struct buf value = buf_with_max(LIMIT_URL_BYTES);
	skip_space(text, at);
	if (*at < text.len && text.ptr[*at] == '=') {
		(*at)++;
		skip_space(text, at);
		start = *at;
		if (*at < text.len && text.ptr[*at] == '"') {
			take_quoted(text, at, &value);
		} else {
			while (*at < text.len && !ends_token(text.ptr[*at])) {
				(*at)++;
			}
			buf_add(&value, bytes_slice(text, start, *at));
		}
	}
	for (size_t i = 0; i < PARAMETERS; i++) {
		if (!link->has[i] && bytes_equal_nocase(name, bytes_of(parameter_names[i]))) {
			link->has[i] = true;
			buf_add(&link->values[i], buf_bytes(&value));
		}
	}
}

static void add_candidates(
	const struct link_value *value, struct link link, struct references *references)
{
	struct srcset set;
	srcset_parse(buf_bytes(&value->values[IMAGESRCSET]), &set);
	srcset_choose(&set, buf_bytes(&value->values[IMAGESIZES]), SRCSET_ALL_SCREENS);
	for (size_t i = 0; i < set.count; i++) {
		link.candidate = CANDIDATE_SRCSET | (set.items[i].shown != 0 ? CANDIDATE_SHOWN : 0);
		references_add(references, set.items[i].url, &link);
	}
}

static void add_link(
	struct bytes target, const struct link_value *value, struct references *references)
{
	struct link link;
	if (!html_head_link(buf_bytes(&value->values[REL]), buf_bytes(&value->values[AS]),
		    buf_bytes(&value->values[TYPE]), &link)) {
		return;
	}
	link.rule = "L-43";
	link.where = "Link header";
	struct bytes anchor = bytes_trim(buf_bytes(&value->values[ANCHOR]));
	if (anchor.len > 0 && anchor.ptr[0] != '#') {
		/* It says what another resource needs. */
		link.kind = LINK_DISCOVERY;
	}
	references_add(references, target, &link);
	if (link.kind == LINK_REQUISITE) {
		add_candidates(value, link, references);
	}
}

/* Reads the parameters behind a target, up to the comma that ends the link. */
static void take_parameters(struct bytes text, size_t *at, struct link_value *link)
{
	while (*at < text.len && text.ptr[*at] != ',') {
		size_t before = *at;
		if (text.ptr[*at] == ';' || char_is_space(text.ptr[*at])) {
			(*at)++;
		} else {
			take_parameter(text, at, link);
		}
		/* A stray '=' is nobody's. */
		*at += *at == before;
	}
}

static void find_in_link_field(struct bytes text, struct references *references)
{
	size_t at = 0;
	for (;;) {
		size_t open = bytes_find_char(text, '<', at);
		size_t close = open == SIZE_MAX ? SIZE_MAX : bytes_find_char(text, '>', open);
		if (close == SIZE_MAX) {
			return;
		}
		struct link_value link = {.has = {false}};
		for (size_t i = 0; i < PARAMETERS; i++) {
			link.values[i].max = LIMIT_URL_BYTES;
		}
		at = close + 1;
		take_parameters(text, &at, &link);
		add_link(bytes_slice(text, open + 1, close), &link, references);
		for (size_t i = 0; i < PARAMETERS; i++) {
			buf_clear(&link.values[i]);
		}
	}
}

static void add_field(const struct headers *headers, const char *name, struct link link,
	struct references *references)
{
	link.rule = "L-43";
	link.anchor = UINT32_MAX;
	references_add(references, bytes_trim(headers_first(headers, name)), &link);
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void header_links_find(const struct http_head *head, struct references *references)
{
	const struct headers *headers = &head->headers;
	struct bytes value;
	for (size_t i = 0; headers_nth(headers, "Link", i, &value); i++) {
		find_in_link_field(value, references);
	}
	if (head->status < 200) {
		return;
	}
	struct link link = {.kind = LINK_PAGE,
		.role = ROLE_REDIRECT,
		.rule = "L-43",
		.where = "Refresh header",
		.anchor = UINT32_MAX};
	for (size_t i = 0; headers_nth(headers, "Refresh", i, &value); i++) {
		references_add(references, html_head_refresh_url(value), &link);
	}
	for (size_t i = 0; headers_nth(headers, "Speculation-Rules", i, &value); i++) {
		speculation_find_in_header(value, references);
	}
	if (is_redirect(head->status)) {
		link.where = "Location header";
		add_field(headers, "Location", link, references);
	}
	link.kind = LINK_DISCOVERY;
	link.role = ROLE_UNKNOWN;
	link.where = "SourceMap header";
	add_field(headers, "SourceMap", link, references);
	add_field(headers, "X-SourceMap", link, references);
	link.role = ROLE_DOCUMENT;
	link.where = "Content-Location header";
	add_field(headers, "Content-Location", link, references);
}
