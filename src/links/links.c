/* SPDX-License-Identifier: MIT */
/* links.c - which finder reads a document of which format */
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
#include "links/media_list.h"
#include "links/playlist.h"
#include "links/references.h"
#include "links/script.h"
#include "links/settings.h"
#include "links/sitemap.h"
#include "links/source_map.h"
#include "links/track.h"
#include "links/xml_stylesheet.h"
#include "web/charset.h"
#include "web/http_head.h"
#include "web/media_type.h"
#include "web/utf8.h"

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
	case LINKS_MEDIA_LIST:
	case LINKS_TRACK:
	case LINKS_SETTINGS:
	case LINKS_XML:
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

/* Of formats that come as text too. */
static bool is_markup(struct bytes utf8)
{
	return bytes_starts(bytes_trim(utf8), BYTES("<"));
}

static int find_in_sitemap(
	struct bytes utf8, struct references *references, struct flong_error *err)
{
	if (is_markup(utf8)) {
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
		playlist_find(utf8, url, &references);
		break;
	case LINKS_TRACK:
		rc = track_find(utf8, &references, err);
		break;
	case LINKS_SITEMAP:
		rc = find_in_sitemap(utf8, &references, err);
		break;
	case LINKS_SETTINGS:
		rc = settings_find(utf8, &references, err);
		break;
	case LINKS_MEDIA_LIST:
		if (!is_markup(utf8)) {
			media_list_find(utf8, &references);
		}
		break;
	case LINKS_XML:
		rc = xml_stylesheet_find_imports(utf8, &references, err);
		break;
	case LINKS_SVG:
	case LINKS_XML_FEED:
	case LINKS_NONE:
	case LINKS_HTML:
	case LINKS_DASH:
	case LINKS_SCRIPT:
		break;
	}
	if (is_markup(utf8)) {
		xml_stylesheet_find(utf8, &references);
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
	bool is_page = format == LINKS_HTML || format == LINKS_SVG;
	bool is_cut = false;
	struct bytes text = charset_text(input->document, charset,
		is_page ? LIMIT_MARKUP_BYTES : LIMIT_DOCUMENT_BYTES, &utf8, &is_cut);
	list_out->is_cut = list_out->is_cut || is_cut;
	struct links_input decoded = *input;
	decoded.charset = charset;
	int rc = FLONG_OK;
	if (is_page) {
		rc = html_find(text, &decoded, list_out, err);
	} else if (format == LINKS_XML_FEED) {
		rc = feed_find(text, input->url, list_out, err);
	} else if (format == LINKS_SCRIPT) {
		find_in_script(text, input, list_out);
	} else if (format == LINKS_DASH) {
		rc = dash_find(text, input->url, list_out, err);
	} else if (format == LINKS_MEDIA_LIST && is_markup(text)) {
		rc = media_list_find_in_xml(text, input->url, list_out, err);
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
