/* SPDX-License-Identifier: MIT */
/* links.c - which finder reads a document: by its declared type, its role, its first bytes */
#include "links/links.h"

#include "base/limits.h"
#include "links/css.h"
#include "links/dash.h"
#include "links/feed.h"
#include "links/header_links.h"
#include "links/html.h"
#include "links/json_documents.h"
#include "links/json_urls.h"
#include "links/manifest.h"
#include "links/playlist.h"
#include "links/references.h"
#include "links/script.h"
#include "links/sitemap.h"
#include "links/source_map.h"
#include "links/track.h"
#include "web/charset.h"
#include "web/http_head.h"
#include "web/media_type.h"
#include "web/utf8.h"

/* The first bytes that are not white space or a byte order mark. */
static struct bytes document_start(struct bytes document)
{
	if (bytes_starts(document, BYTES("\xEF\xBB\xBF"))) {
		document = bytes_slice(document, 3, document.len);
	}
	return bytes_slice(bytes_trim(bytes_slice(document, 0, 4096)), 0, 1024);
}

static enum links_format format_by_content(struct bytes document)
{
	struct bytes start = document_start(document);
	if (bytes_starts(start, BYTES("#EXTM3U"))) {
		return LINKS_PLAYLIST;
	}
	if (bytes_starts(start, BYTES("WEBVTT"))) {
		return LINKS_TRACK;
	}
	if (bytes_starts(start, BYTES("{")) || bytes_starts(start, BYTES("["))) {
		return LINKS_JSON;
	}
	static const struct {
		const char *tag;
		enum links_format format;
	} roots[] = {
		{"<urlset", LINKS_SITEMAP},
		{"<sitemapindex", LINKS_SITEMAP},
		{"<rss", LINKS_XML_FEED},
		{"<feed", LINKS_XML_FEED},
		{"<rdf:RDF", LINKS_XML_FEED},
		{"<html", LINKS_HTML},
		{"<!doctype html", LINKS_HTML},
		{"<svg", LINKS_SVG},
		{"<MPD", LINKS_DASH},
		{"<tt xmlns", LINKS_TRACK},
		{"<tt:tt", LINKS_TRACK},
	};
	if (!bytes_starts(start, BYTES("<"))) {
		return LINKS_NONE;
	}
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (bytes_find_nocase(start, bytes_of(roots[i].tag), 0) != SIZE_MAX) {
			return roots[i].format;
		}
	}
	return LINKS_NONE;
}

static bool is_playlist_type(struct bytes type)
{
	return media_type_is(type, "application/vnd.apple.mpegurl") ||
	       media_type_is(type, "application/x-mpegurl") ||
	       media_type_is(type, "audio/mpegurl") || media_type_is(type, "audio/x-mpegurl");
}

static enum links_format format_by_role(enum link_role role)
{
	switch (role) {
	case ROLE_STYLE:
		return LINKS_CSS;
	case ROLE_SCRIPT:
	case ROLE_WORKER:
		return LINKS_SCRIPT;
	case ROLE_MANIFEST:
		return LINKS_MANIFEST;
	case ROLE_TRACK:
		return LINKS_TRACK;
	case ROLE_FRAME:
	case ROLE_DOCUMENT:
	case ROLE_REDIRECT:
		return LINKS_HTML;
	case ROLE_UNKNOWN:
	case ROLE_IMAGE:
	case ROLE_FONT:
	case ROLE_MEDIA:
	case ROLE_POSTER:
	case ROLE_PLAYLIST:
	case ROLE_ICON:
	case ROLE_OBJECT:
	case ROLE_FEED:
		break;
	}
	return LINKS_NONE;
}

/* XML of no special type: its root element tells. */
static enum links_format format_of_xml(struct bytes document)
{
	enum links_format format = format_by_content(document);
	return format == LINKS_JSON || format == LINKS_PLAYLIST ? LINKS_NONE : format;
}

enum links_format links_format_of(const struct links_input *input)
{
	struct bytes type = input->content_type;
	if (media_type_essence(type).len == 0 || media_type_is(type, "application/octet-stream") ||
		media_type_is(type, "text/plain")) {
		if (input->role == ROLE_SCRIPT || input->role == ROLE_WORKER) {
			return LINKS_SCRIPT;
		}
		enum links_format format = format_by_content(input->document);
		if (format == LINKS_NONE && input->role == ROLE_FEED) {
			return LINKS_SITEMAP;
		}
		if (format == LINKS_NONE && media_type_essence(type).len == 0) {
			format = format_by_role(input->role);
		}
		return format;
	}
	if (media_type_is_html(type)) {
		return LINKS_HTML;
	}
	if (media_type_is(type, "text/css")) {
		return LINKS_CSS;
	}
	if (media_type_is(type, "image/svg+xml")) {
		return LINKS_SVG;
	}
	if (media_type_is(type, "application/rss+xml") ||
		media_type_is(type, "application/atom+xml") ||
		media_type_is(type, "application/rdf+xml")) {
		return LINKS_XML_FEED;
	}
	if (media_type_is(type, "application/dash+xml")) {
		return LINKS_DASH;
	}
	if (media_type_is(type, "text/vtt") || media_type_is(type, "application/ttml+xml")) {
		return LINKS_TRACK;
	}
	if (media_type_is_xml(type)) {
		return format_of_xml(input->document);
	}
	if (media_type_is(type, "application/manifest+json") ||
		(media_type_is_json(type) && input->role == ROLE_MANIFEST)) {
		return LINKS_MANIFEST;
	}
	if (media_type_is_json(type)) {
		return LINKS_JSON;
	}
	if (is_playlist_type(type)) {
		return LINKS_PLAYLIST;
	}
	return media_type_is_javascript(type) ? LINKS_SCRIPT : LINKS_NONE;
}

static enum charset_kind charset_kind_of(enum links_format format)
{
	switch (format) {
	case LINKS_HTML:
		return CHARSET_HTML;
	case LINKS_CSS:
		return CHARSET_CSS;
	case LINKS_SVG:
	case LINKS_XML_FEED:
	case LINKS_SITEMAP:
	case LINKS_DASH:
	case LINKS_TRACK:
		return CHARSET_XML;
	case LINKS_NONE:
	case LINKS_JSON:
	case LINKS_MANIFEST:
	case LINKS_PLAYLIST:
	case LINKS_SCRIPT:
		break;
	}
	return CHARSET_TEXT;
}

/* A text sitemap is one only when nothing in it is markup. */
static int find_in_sitemap(
	struct bytes utf8, struct references *references, struct flong_error *err)
{
	if (bytes_starts(bytes_trim(utf8), BYTES("<"))) {
		return sitemap_find(utf8, references, err);
	}
	sitemap_find_in_text(utf8, references);
	return FLONG_OK;
}

/* Finders that collect references and resolve them against the document's URL. */
static int find_flat(enum links_format format, struct bytes utf8, const struct links_input *input,
	struct link_list *list, struct flong_error *err)
{
	SCOPED(charset_encoder_closep) struct charset_encoder *encoder = NULL;
	struct references references = {0};
	int rc = FLONG_OK;
	switch (format) {
	case LINKS_CSS:
		encoder = charset_encoder_create(input->charset);
		references.encoder = encoder;
		css_find(utf8, &references);
		source_map_find_in_css(utf8, &references);
		break;
	case LINKS_JSON:
		json_urls_find(utf8, JSON_URLS_STATE, &references, NULL);
		break;
	case LINKS_MANIFEST:
		manifest_find(utf8, &references);
		break;
	case LINKS_PLAYLIST:
		playlist_find(utf8, &references);
		break;
	case LINKS_TRACK:
		rc = track_find(utf8, &references, err);
		break;
	case LINKS_SITEMAP:
		rc = find_in_sitemap(utf8, &references, err);
		break;
	case LINKS_SVG:
	case LINKS_XML_FEED:
		feed_find_stylesheets(utf8, &references);
		break;
	case LINKS_NONE:
	case LINKS_HTML:
	case LINKS_DASH:
	case LINKS_SCRIPT:
		break;
	}
	references_resolve(&references, input->url, list);
	references_clear(&references);
	return rc;
}

static void find_in_script(
	struct bytes utf8, const struct links_input *input, struct link_list *list)
{
	struct import_map map = {.count = 0};
	const struct script_runner runner = {.page = input->page, .map = &map};
	import_map_read(&map, input->import_map);
	script_find_in_file(utf8, input->url, &runner, list);
	import_map_clear(&map);
}

int links_find(const struct links_input *input, struct link_list *list_out, struct flong_error *err)
{
	enum links_format format = links_format_of(input);
	if (format == LINKS_NONE) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf utf8 = {0};
	/* As article/page has it: a page that declares nothing but is valid UTF-8 is UTF-8. */
	bool is_utf8 = format == LINKS_HTML && utf8_is_valid(input->document);
	const char *charset =
		charset_detect(input->document, media_type_charset(input->content_type),
			charset_kind_of(format), is_utf8 ? "utf-8" : NULL);
	bool is_markup = format == LINKS_HTML || format == LINKS_SVG;
	bool is_cut = false;
	struct bytes text = charset_text(input->document, charset,
		is_markup ? LIMIT_MARKUP_BYTES : LIMIT_DOCUMENT_BYTES, &utf8, &is_cut);
	list_out->is_cut = list_out->is_cut || is_cut;
	struct links_input decoded = *input;
	decoded.charset = charset;
	int rc = FLONG_OK;
	if (is_markup) {
		rc = html_find(text, &decoded, list_out, err);
	} else if (format == LINKS_XML_FEED) {
		rc = feed_find(text, input->url, list_out, err);
	} else if (format == LINKS_SCRIPT) {
		find_in_script(text, input, list_out);
	} else if (format == LINKS_DASH) {
		rc = dash_find(text, input->url, list_out, err);
	}
	if (rc != FLONG_OK || format == LINKS_HTML ||
		(format == LINKS_JSON && json_documents_find(text, input->url, list_out))) {
		return rc;
	}
	return find_flat(format, text, &decoded, list_out, err);
}

void links_find_in_headers(
	const struct url *url, struct bytes head_fields, struct link_list *list_out)
{
	struct http_head head = {0};
	struct flong_error ignored = {0};
	if (http_head_parse_response(head_fields, &head, &ignored) == FLONG_OK) {
		struct references references = {0};
		header_links_find(&head.headers, &references);
		references_resolve(&references, url, list_out);
		references_clear(&references);
	}
	http_head_clear(&head);
}
