/* SPDX-License-Identifier: MIT */
/* html_head.c - link relations and metadata names, by closed lists */
#include "links/html_head.h"

#include "links/html_values.h"
#include "links/media_kinds.h"

struct relation {
	const char *name;
	enum link_role role;
	const char *rule; /* NULL: a hint to connect, or a service, nothing to fetch (L-07) */
	const char *where;
	enum link_kind kind;
};

/* The first line whose token is in rel decides: what a browser loads comes before what it does
 * not. */
static const struct relation relations[] = {
	{"stylesheet", ROLE_STYLE, "L-06", "link stylesheet", LINK_REQUISITE},
	{"icon", ROLE_ICON, "L-06", "link icon", LINK_REQUISITE},
	{"apple-touch-icon", ROLE_ICON, "L-06", "link apple-touch-icon", LINK_REQUISITE},
	{"apple-touch-icon-precomposed", ROLE_ICON, "L-06", "link apple-touch-icon",
		LINK_REQUISITE},
	{"apple-touch-startup-image", ROLE_IMAGE, "L-06", "link apple-touch-startup-image",
		LINK_REQUISITE},
	{"mask-icon", ROLE_ICON, "L-06", "link mask-icon", LINK_REQUISITE},
	{"fluid-icon", ROLE_ICON, "L-06", "link fluid-icon", LINK_REQUISITE},
	{"manifest", ROLE_MANIFEST, "L-06", "link manifest", LINK_REQUISITE},
	{"modulepreload", ROLE_SCRIPT, "L-06", "link modulepreload", LINK_REQUISITE},
	{"preload", ROLE_UNKNOWN, "L-06", "link preload", LINK_REQUISITE},
	{"prefetch", ROLE_UNKNOWN, "L-06", "link prefetch", LINK_REQUISITE},
	{"image_src", ROLE_IMAGE, "L-23", "link image_src", LINK_REQUISITE},
	{"preconnect", ROLE_UNKNOWN, NULL, NULL, LINK_DISCOVERY},
	{"dns-prefetch", ROLE_UNKNOWN, NULL, NULL, LINK_DISCOVERY},
	{"pingback", ROLE_UNKNOWN, NULL, NULL, LINK_DISCOVERY},
	{"edituri", ROLE_UNKNOWN, NULL, NULL, LINK_DISCOVERY},
	{"wlwmanifest", ROLE_UNKNOWN, NULL, NULL, LINK_DISCOVERY},
	{"profile", ROLE_UNKNOWN, NULL, NULL, LINK_DISCOVERY},
	{"canonical", ROLE_DOCUMENT, "L-08", "link canonical", LINK_DISCOVERY},
	{"amphtml", ROLE_DOCUMENT, "L-08", "link amphtml", LINK_DISCOVERY},
	{"shortlink", ROLE_DOCUMENT, "L-08", "link shortlink", LINK_DISCOVERY},
	{"alternate", ROLE_UNKNOWN, "L-08", "link alternate", LINK_DISCOVERY},
	{"next", ROLE_DOCUMENT, "L-08", "link next", LINK_DISCOVERY},
	{"prev", ROLE_DOCUMENT, "L-08", "link prev", LINK_DISCOVERY},
	{"search", ROLE_UNKNOWN, "L-08", "link search", LINK_DISCOVERY},
};

bool html_head_rel_has(struct bytes rel, const char *token)
{
	size_t at = 0;
	while (at < rel.len) {
		while (at < rel.len && char_is_space(rel.ptr[at])) {
			at++;
		}
		size_t start = at;
		while (at < rel.len && !char_is_space(rel.ptr[at])) {
			at++;
		}
		if (at > start &&
			bytes_equal_nocase(bytes_slice(rel, start, at), bytes_of(token))) {
			return true;
		}
	}
	return false;
}

/* The destination of a preload (fetch standard). */
static enum link_role role_of_as(struct bytes as)
{
	static const struct {
		const char *name;
		enum link_role role;
	} roles[] = {
		{"style", ROLE_STYLE},
		{"script", ROLE_SCRIPT},
		{"worker", ROLE_SCRIPT},
		{"image", ROLE_IMAGE},
		{"font", ROLE_FONT},
		{"track", ROLE_TRACK},
		{"video", ROLE_MEDIA},
		{"audio", ROLE_MEDIA},
		{"document", ROLE_FRAME},
		{"manifest", ROLE_MANIFEST},
	};
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (bytes_equal_nocase(as, bytes_of(roles[i].name))) {
			return roles[i].role;
		}
	}
	return ROLE_UNKNOWN;
}

static bool is_feed_type(struct bytes type)
{
	return bytes_starts_nocase(type, BYTES("application/rss+xml")) ||
	       bytes_starts_nocase(type, BYTES("application/atom+xml")) ||
	       bytes_starts_nocase(type, BYTES("application/rdf+xml")) ||
	       bytes_starts_nocase(type, BYTES("application/feed+json"));
}

bool html_head_link(struct bytes rel, struct bytes as, struct bytes type, struct link *link_out)
{
	*link_out = (struct link){.kind = LINK_DISCOVERY,
		.rule = "L-08",
		.where = "link other",
		.rel = rel,
		.anchor = UINT32_MAX};
	if (bytes_trim(rel).len == 0) {
		return false;
	}
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		const struct relation *relation = &relations[i];
		if (!html_head_rel_has(rel, relation->name)) {
			continue;
		}
		if (relation->rule == NULL) {
			return false;
		}
		link_out->kind = relation->kind;
		link_out->role = relation->role;
		link_out->rule = relation->rule;
		link_out->where = relation->where;
		break;
	}
	if (link_out->role == ROLE_UNKNOWN && link_out->kind == LINK_REQUISITE) {
		link_out->role = role_of_as(as);
	}
	if (link_out->kind == LINK_DISCOVERY && is_feed_type(type)) {
		link_out->role = ROLE_FEED;
		link_out->where = "link feed";
	} else if (link_out->kind == LINK_DISCOVERY &&
		   bytes_find_nocase(type, BYTES("oembed"), 0) != SIZE_MAX) {
		link_out->rule = "L-54";
		link_out->where = "link oembed";
	}
	return true;
}

struct bytes html_head_refresh_url(struct bytes value)
{
	value = bytes_trim(value);
	size_t at = 0;
	while (at < value.len && (char_is_digit(value.ptr[at]) || value.ptr[at] == '.')) {
		at++;
	}
	if (at == 0) {
		return (struct bytes){0};
	}
	struct bytes rest = bytes_trim(bytes_slice(value, at, value.len));
	if (rest.len > 0 && (rest.ptr[0] == ';' || rest.ptr[0] == ',')) {
		rest = bytes_trim(bytes_slice(rest, 1, rest.len));
	}
	if (bytes_starts_nocase(rest, BYTES("url"))) {
		struct bytes after = bytes_trim(bytes_slice(rest, 3, rest.len));
		if (after.len > 0 && after.ptr[0] == '=') {
			rest = bytes_trim(bytes_slice(after, 1, after.len));
		}
	}
	if (rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'')) {
		size_t end = bytes_find_char(rest, rest.ptr[0], 1);
		rest = bytes_slice(rest, 1, end == SIZE_MAX ? rest.len : end);
	}
	return rest;
}

/* Names of metadata whose content is a URL. */
static const struct {
	const char *name;
	enum link_kind kind;
	enum link_role role;
	const char *rule;
} metadata[] = {
	{"og:image", LINK_REQUISITE, ROLE_IMAGE, "L-23"},
	{"og:image:url", LINK_REQUISITE, ROLE_IMAGE, "L-23"},
	{"og:image:secure_url", LINK_REQUISITE, ROLE_IMAGE, "L-23"},
	{"twitter:image", LINK_REQUISITE, ROLE_IMAGE, "L-23"},
	{"twitter:image:src", LINK_REQUISITE, ROLE_IMAGE, "L-23"},
	{"msapplication-tileimage", LINK_REQUISITE, ROLE_ICON, "L-23"},
	{"msapplication-square70x70logo", LINK_REQUISITE, ROLE_ICON, "L-23"},
	{"msapplication-square150x150logo", LINK_REQUISITE, ROLE_ICON, "L-23"},
	{"msapplication-square310x310logo", LINK_REQUISITE, ROLE_ICON, "L-23"},
	{"msapplication-wide310x150logo", LINK_REQUISITE, ROLE_ICON, "L-23"},
	{"thumbnail", LINK_REQUISITE, ROLE_IMAGE, "L-23"},
	{"og:url", LINK_DISCOVERY, ROLE_DOCUMENT, "L-23"},
	{"og:video", LINK_DISCOVERY, ROLE_UNKNOWN, "L-23"},
	{"og:video:url", LINK_DISCOVERY, ROLE_UNKNOWN, "L-23"},
	{"og:video:secure_url", LINK_DISCOVERY, ROLE_UNKNOWN, "L-23"},
	{"og:audio", LINK_DISCOVERY, ROLE_UNKNOWN, "L-23"},
	{"og:audio:url", LINK_DISCOVERY, ROLE_UNKNOWN, "L-23"},
	{"og:audio:secure_url", LINK_DISCOVERY, ROLE_UNKNOWN, "L-23"},
	{"twitter:player", LINK_DISCOVERY, ROLE_UNKNOWN, "L-23"},
	{"twitter:player:stream", LINK_DISCOVERY, ROLE_UNKNOWN, "L-23"},
	{"msapplication-config", LINK_DISCOVERY, ROLE_UNKNOWN, "L-42"},
};

static bool meta_by_name(struct bytes name, struct link *link_out)
{
	for (size_t i = 0; i < sizeof(metadata) / sizeof(metadata[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(metadata[i].name))) {
			link_out->kind = metadata[i].kind;
			link_out->role = metadata[i].role;
			link_out->rule = metadata[i].rule;
			link_out->where = metadata[i].name;
			return true;
		}
	}
	return false;
}

/* Names of microdata and RDFa; those of schema.org may have its prefix. */
static bool judge_property(struct bytes names, struct link *link_out)
{
	static const char *const pictures[] = {"image", "thumbnailUrl", "thumbnail", "contentUrl",
		"logo", "primaryImageOfPage", "schema:image", "schema:thumbnailUrl",
		"schema:contentUrl", "schema:logo"};
	static const char *const pages[] = {
		"url", "embedUrl", "mainEntityOfPage", "schema:url", "schema:embedUrl"};
	link_out->rule = "L-25";
	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		if (html_head_rel_has(names, pictures[i])) {
			link_out->kind = LINK_REQUISITE;
			link_out->role = ROLE_IMAGE;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (html_head_rel_has(names, pages[i])) {
			link_out->kind = LINK_DISCOVERY;
			return true;
		}
	}
	return false;
}

/* What the path says is more certain than the name. */
static void refine_role(struct link *link, struct bytes url)
{
	enum link_role role = media_kinds_role(url);
	if (link->kind == LINK_REQUISITE && role != ROLE_UNKNOWN && link->role == ROLE_IMAGE) {
		link->role = role;
	}
}

bool html_head_property(
	const struct markup_element *element, struct bytes *url_out, struct link *link_out)
{
	static const char *const values[] = {"content", "resource", "href"};
	*link_out = (struct link){.where = "property", .anchor = UINT32_MAX};
	if (bytes_equal(element->name, BYTES("meta")) || bytes_equal(element->name, BYTES("a")) ||
		(!judge_property(markup_attribute_value(element, "itemprop"), link_out) &&
			!judge_property(markup_attribute_value(element, "property"), link_out))) {
		return false;
	}
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		*url_out = bytes_trim(markup_attribute_value(element, values[i]));
		if (html_values_is_url(*url_out)) {
			refine_role(link_out, *url_out);
			return true;
		}
	}
	return false;
}

bool html_head_meta(
	const struct markup_element *element, struct bytes *url_out, struct link *link_out)
{
	struct bytes content = markup_attribute_value(element, "content");
	*link_out = (struct link){.anchor = UINT32_MAX};
	*url_out = bytes_trim(content);
	if (content.len == 0) {
		return false;
	}
	struct bytes equiv = markup_attribute_value(element, "http-equiv");
	if (bytes_equal_nocase(bytes_trim(equiv), BYTES("refresh"))) {
		*url_out = html_head_refresh_url(content);
		link_out->kind = LINK_PAGE;
		link_out->role = ROLE_REDIRECT;
		link_out->rule = "L-22";
		link_out->where = "meta refresh";
		return url_out->len > 0;
	}
	if (meta_by_name(markup_attribute_value(element, "property"), link_out) ||
		meta_by_name(markup_attribute_value(element, "name"), link_out)) {
		refine_role(link_out, content);
		return true;
	}
	link_out->where = "meta itemprop";
	if (judge_property(markup_attribute_value(element, "itemprop"), link_out) &&
		html_values_is_url(*url_out)) {
		refine_role(link_out, *url_out);
		return true;
	}
	return false;
}
