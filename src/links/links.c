/* SPDX-License-Identifier: MIT */
/* links.c - which finder reads a document of which format */
#include "links/links.h"

#include <string.h>

#include "base/gzip.h"
#include "base/limits.h"
#include "base/stream.h"
#include "links/css.h"
#include "links/dash.h"
#include "links/feed.h"
#include "links/header_links.h"
#include "links/html.h"
#include "links/json_documents.h"
#include "links/json_urls.h"
#include "links/manifest.h"
#include "links/media_list.h"
#include "links/oembed_xml.h"
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
	case LINKS_OEMBED:
	case LINKS_XML:
		return CHARSET_XML;
	case LINKS_NONE:
	case LINKS_JSON:
	case LINKS_MANIFEST:
	case LINKS_PLAYLIST:
	case LINKS_ROBOTS:
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
		playlist_find(utf8, input->url, &references);
		break;
	case LINKS_TRACK:
		rc = track_find(utf8, &references, err);
		break;
	case LINKS_SITEMAP:
		rc = find_in_sitemap(utf8, &references, err);
		break;
	case LINKS_ROBOTS:
		sitemap_find_in_robots(utf8, &references);
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
	case LINKS_NONE:
	case LINKS_HTML:
	case LINKS_SVG:
	case LINKS_XML_FEED:
	case LINKS_DASH:
	case LINKS_OEMBED:
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

/* Finders that resolve by themselves, as their base may change inside. */
static int find_resolved(enum links_format format, struct bytes utf8,
	const struct links_input *input, struct link_list *list, struct flong_error *err)
{
	switch (format) {
	case LINKS_HTML:
	case LINKS_SVG:
		return html_find(utf8, input, list, err);
	case LINKS_XML_FEED:
		return feed_find(utf8, input->url, list, err);
	case LINKS_DASH:
		return dash_find(utf8, input->url, list, err);
	case LINKS_OEMBED:
		return oembed_xml_find(utf8, input->url, list, err);
	case LINKS_MEDIA_LIST:
		return is_markup(utf8) ? media_list_find_in_xml(utf8, input->url, list, err)
				       : FLONG_OK;
	case LINKS_SCRIPT:
		find_in_script(utf8, input, list);
		break;
	case LINKS_NONE:
	case LINKS_CSS:
	case LINKS_SITEMAP:
	case LINKS_JSON:
	case LINKS_MANIFEST:
	case LINKS_PLAYLIST:
	case LINKS_TRACK:
	case LINKS_SETTINGS:
	case LINKS_ROBOTS:
	case LINKS_XML:
		break;
	}
	return FLONG_OK;
}

static int find_in_text(enum links_format format, struct bytes utf8,
	const struct links_input *input, struct link_list *list, struct flong_error *err)
{
	int rc = find_resolved(format, utf8, input, list, err);
	if (rc != FLONG_OK || format == LINKS_HTML ||
		(format == LINKS_JSON && json_documents_find(utf8, input->url, list))) {
		return rc;
	}
	return find_flat(format, utf8, input, list, err);
}

/* A packed document (sitemap.xml.gz) that no content coding tells of: appended without its packing,
 * as far as it goes. False when it is not packed. */
static bool unpack(struct bytes document, struct buf *out)
{
	if (!bytes_starts(document, BYTES("\x1F\x8B\x08"))) {
		return false;
	}
	struct flong_error ignored = {0};
	SCOPED(source_closep)
	struct source *source = inflate_open_coding(source_from_bytes(document), INFLATE_GZIP);
	(void)!source_read_all(source, out, &ignored);
	return true;
}

bool link_is_guess(const struct link *link)
{
	return strcmp(link->rule, "L-42") == 0 || strcmp(link->rule, "L-46") == 0;
}

/* Undoes packing and encoding; *plain_out is the document without them. */
static enum links_format read_text(const struct links_input *input, struct buf *unpacked,
	struct buf *utf8, struct links_input *plain_out, bool *cut_out)
{
	*plain_out = *input;
	if (unpack(input->document, unpacked)) {
		plain_out->document = buf_bytes(unpacked);
		*cut_out = *cut_out || unpacked->len == LIMIT_DOCUMENT_BYTES;
	}
	enum links_format format = links_format_of(plain_out);
	if (format == LINKS_NONE) {
		return format;
	}
	/* As article/page has it: a page that declares nothing but is valid UTF-8 is UTF-8. */
	const char *fallback = format == LINKS_CSS ? plain_out->environment : NULL;
	if (format == LINKS_HTML && utf8_is_valid(plain_out->document)) {
		fallback = "utf-8";
	}
	plain_out->charset = charset_detect(plain_out->document,
		media_type_charset(plain_out->content_type), charset_kind_of(format), fallback);
	bool is_page = format == LINKS_HTML || format == LINKS_SVG;
	bool is_cut = false;
	plain_out->document = charset_text(plain_out->document, plain_out->charset,
		is_page ? LIMIT_MARKUP_BYTES : LIMIT_DOCUMENT_BYTES, utf8, &is_cut);
	*cut_out = *cut_out || is_cut;
	return format;
}

enum links_format links_text(const struct links_input *input, struct buf *unpacked,
	struct buf *utf8, struct bytes *text_out, bool *cut_out)
{
	struct links_input plain;
	enum links_format format = read_text(input, unpacked, utf8, &plain, cut_out);
	*text_out = plain.document;
	return format;
}

int links_find(const struct links_input *input, struct link_list *list_out, struct flong_error *err)
{
	struct links_input plain;
	SCOPED(buf_clear) struct buf unpacked = buf_with_max(LIMIT_DOCUMENT_BYTES);
	SCOPED(buf_clear) struct buf utf8 = {0};
	enum links_format format = read_text(input, &unpacked, &utf8, &plain, &list_out->is_cut);
	struct bytes text = plain.document;
	plain.document = unpacked.len > 0 ? buf_bytes(&unpacked) : input->document;
	return format == LINKS_NONE ? FLONG_OK : find_in_text(format, text, &plain, list_out, err);
}

/* Takes the next head off *heads. */
static bool next_head(struct bytes *heads, struct bytes *head_out)
{
	if (heads->len == 0) {
		return false;
	}
	size_t length = http_head_length(*heads);
	length = length == 0 ? heads->len : length;
	*head_out = bytes_slice(*heads, 0, length);
	*heads = bytes_slice(*heads, length, heads->len);
	return true;
}

void links_find_in_headers(const struct url *url, struct bytes heads, struct link_list *list_out)
{
	struct bytes bytes;
	while (next_head(&heads, &bytes)) {
		struct http_head head = {0};
		struct flong_error ignored = {0};
		if (http_head_parse_response(bytes, &head, &ignored) == FLONG_OK) {
			struct references references = {0};
			header_links_find(&head, &references);
			references_resolve(&references, url, list_out);
			references_clear(&references);
		}
		http_head_clear(&head);
	}
}
