/* SPDX-License-Identifier: MIT */
/* links_format.c - what kind of document it is: by its declared type, its role, its first bytes */
#include "links/links.h"
#include "links/markup.h"
#include "links/playlist.h"
#include "links/xml_stylesheet.h"
#include "web/charset.h"
#include "web/media_type.h"

/* How much of a document is looked at to know its format: declarations and comments stand before
 * the root element. */
#define START_BYTES ((size_t)16 << 10)

/* The start of the document as UTF-8 without white space before it: borrowed, or from `storage`
 * when it is in UTF-16. */
static struct bytes start_of(struct bytes document, struct buf *storage)
{
	struct bytes start = bytes_slice(document, 0, START_BYTES);
	const char *charset = charset_detect(start, (struct bytes){0}, CHARSET_XML, NULL);
	bool is_wide = bytes_starts(bytes_of(charset), BYTES("utf-16"));
	bool is_cut = false;
	return bytes_trim(
		charset_text(start, is_wide ? charset : "utf-8", START_BYTES, storage, &is_cut));
}

/* Formats by the name of the root element, whatever its prefix. */
static enum links_format format_by_root(struct bytes start)
{
	static const struct {
		const char *name;
		enum links_format format;
	} roots[] = {
		{"urlset", LINKS_SITEMAP},
		{"sitemapindex", LINKS_SITEMAP},
		{"rss", LINKS_XML_FEED},
		{"feed", LINKS_XML_FEED},
		{"RDF", LINKS_XML_FEED},
		{"channel", LINKS_XML_FEED},
		{"html", LINKS_HTML},
		{"svg", LINKS_SVG},
		{"MPD", LINKS_DASH},
		{"tt", LINKS_TRACK},
		{"smil", LINKS_MEDIA_LIST},
		{"asx", LINKS_MEDIA_LIST},
		{"playlist", LINKS_MEDIA_LIST},
		{"SmoothStreamingMedia", LINKS_MEDIA_LIST},
		{"browserconfig", LINKS_SETTINGS},
		{"OpenSearchDescription", LINKS_SETTINGS},
		{"oembed", LINKS_OEMBED},
	};
	struct bytes root = markup_local_name(xml_stylesheet_root(start));
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (bytes_equal_nocase(root, bytes_of(roots[i].name))) {
			return roots[i].format;
		}
	}
	return LINKS_NONE;
}

/* HLS, or a plain list of files: HLS by its tags, or because a page plays it. */
static enum links_format format_of_m3u(struct bytes start, enum link_role role)
{
	bool is_played = role == ROLE_PLAYLIST || role == ROLE_MEDIA;
	return is_played || playlist_is_hls(start) ? LINKS_PLAYLIST : LINKS_MEDIA_LIST;
}

/* Formats whose first bytes tell. */
static enum links_format format_by_content(struct bytes start, enum link_role role)
{
	static const struct {
		const char *start;
		enum links_format format;
	} starts[] = {
		{"WEBVTT", LINKS_TRACK},
		{"[playlist]", LINKS_MEDIA_LIST},
		{"[reference]", LINKS_MEDIA_LIST},
		{"{", LINKS_JSON},
		{"[", LINKS_JSON},
		{"http://", LINKS_SITEMAP}, /* one that is text */
		{"https://", LINKS_SITEMAP},
	};
	if (bytes_starts(start, BYTES("#EXTM3U"))) {
		return format_of_m3u(start, role);
	}
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (bytes_starts_nocase(start, bytes_of(starts[i].start))) {
			return starts[i].format;
		}
	}
	return format_by_root(start);
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
	case ROLE_FEED:
		return LINKS_SITEMAP;
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
		break;
	}
	return LINKS_NONE;
}

/* Types that mean one format. */
static const struct {
	const char *type;
	enum links_format format;
} types[] = {
	{"text/css", LINKS_CSS},
	{"image/svg+xml", LINKS_SVG},
	{"application/rss+xml", LINKS_XML_FEED},
	{"application/atom+xml", LINKS_XML_FEED},
	{"application/rdf+xml", LINKS_XML_FEED},
	{"application/x-cdf", LINKS_XML_FEED},
	{"application/manifest+json", LINKS_MANIFEST},
	{"application/vnd.apple.mpegurl", LINKS_PLAYLIST},
	{"application/dash+xml", LINKS_DASH},
	{"video/vnd.mpeg.dash.mpd", LINKS_DASH},
	{"text/vtt", LINKS_TRACK},
	{"application/ttml+xml", LINKS_TRACK},
	{"application/smil+xml", LINKS_MEDIA_LIST},
	{"application/smil", LINKS_MEDIA_LIST},
	{"application/xspf+xml", LINKS_MEDIA_LIST},
	{"application/vnd.ms-sstr+xml", LINKS_MEDIA_LIST},
	{"application/vnd.ms-wpl", LINKS_MEDIA_LIST},
	{"audio/x-scpls", LINKS_MEDIA_LIST},
	{"video/x-ms-asf", LINKS_MEDIA_LIST},
	{"video/x-ms-asx", LINKS_MEDIA_LIST},
	{"application/opensearchdescription+xml", LINKS_SETTINGS},
	{"text/xml+oembed", LINKS_OEMBED},
};

/* Types of m3u lists, which HLS uses too. */
static bool is_m3u_type(struct bytes type)
{
	return media_type_is(type, "application/x-mpegurl") ||
	       media_type_is(type, "audio/mpegurl") || media_type_is(type, "audio/x-mpegurl");
}

/* Types that servers give to what they do not know. */
static bool is_vague_type(struct bytes type)
{
	static const char *const vague[] = {"application/octet-stream", "binary/octet-stream",
		"text/plain", "application/gzip", "application/x-gzip"};
	for (size_t i = 0; i < sizeof(vague) / sizeof(vague[0]); i++) {
		if (media_type_is(type, vague[i])) {
			return true;
		}
	}
	return false;
}

/* JSON of no special type: only a manifest is known by what it was loaded as. */
static enum links_format format_of_json(enum link_role role)
{
	return role == ROLE_MANIFEST ? LINKS_MANIFEST : LINKS_JSON;
}

static bool is_robots_txt(const struct links_input *input)
{
	return input->url != NULL && bytes_equal(input->url->path, BYTES("/robots.txt"));
}

/* Of a document without a type, or with one that says nothing. */
static enum links_format format_of_undeclared(
	const struct links_input *input, struct bytes start, bool is_vague)
{
	if (input->role == ROLE_SCRIPT || input->role == ROLE_WORKER) {
		return LINKS_SCRIPT;
	}
	if (is_robots_txt(input)) {
		return LINKS_ROBOTS;
	}
	enum links_format format = format_by_content(start, input->role);
	if (format == LINKS_JSON) {
		return format_of_json(input->role);
	}
	if (format == LINKS_NONE && (!is_vague || input->role == ROLE_FEED)) {
		return format_by_role(input->role);
	}
	return format;
}

enum links_format links_format_of(const struct links_input *input)
{
	struct bytes type = input->content_type;
	SCOPED(buf_clear) struct buf storage = {0};
	struct bytes start = start_of(input->document, &storage);
	bool is_vague = is_vague_type(type);
	if (is_vague || media_type_essence(type).len == 0) {
		return format_of_undeclared(input, start, is_vague);
	}
	if (media_type_is_html(type)) {
		return LINKS_HTML;
	}
	if (is_m3u_type(type)) {
		return format_of_m3u(start, input->role);
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (media_type_is(type, types[i].type)) {
			return types[i].format;
		}
	}
	if (media_type_is_xml(type)) {
		enum links_format format = format_by_root(start);
		return format == LINKS_NONE ? LINKS_XML : format;
	}
	if (media_type_is_json(type)) {
		return format_of_json(input->role);
	}
	return media_type_is_javascript(type) ? LINKS_SCRIPT : LINKS_NONE;
}
