/* SPDX-License-Identifier: MIT */
/* file_name.c - a file name for what a URL gave, safe on every file system */
#include "web/file_name.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/safe_path.h"
#include "web/media_type.h"
#include "web/percent.h"
#include "web/url.h"
#include "web/utf8.h"

/* Bytes of one part, and folders below the host: so all of it is within the limits of safe_path
 * with room for what makes it unique. */
#define PART_BYTES ((size_t)80)
#define FOLDERS_MAX 8
#define EXTENSION_MAX ((size_t)6)

/* --- one part ----------------------------------------------------------------------------------
 */

/* Controls, and what changes the direction of text or is not seen: a name must be what it looks. */
static bool is_hidden(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || code == UTF8_REPLACEMENT;
}

static bool is_forbidden(uint32_t code)
{
	return is_hidden(code) ||
	       (code < 0x80 && bytes_find_char(BYTES("/\\:*?\"<>|"), (char)code, 0) != SIZE_MAX);
}

/* Adds a hash of `text`, eight digits. */
static void add_hash(struct buf *out, struct bytes text)
{
	buf_addf(out, "~%08" PRIx32, (uint32_t)(bytes_hash(text) ^ (bytes_hash(text) >> 32)));
}

static void add_clean(struct buf *out, struct bytes text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t code = utf8_next(text, &at);
		if (is_forbidden(code)) {
			buf_add_char(out, '_');
		} else {
			utf8_add(out, code < 0x80 ? (uint32_t)(unsigned char)char_lower((char)code)
						  : code);
		}
	}
}

/* Cuts what was added since `start` to PART_BYTES at the boundary of a character. */
static void cut(struct buf *out, size_t start, struct bytes whole)
{
	if (out->len - start <= PART_BYTES) {
		return;
	}
	size_t end = start + PART_BYTES - 9;
	while (end > start && ((unsigned char)out->ptr[end] & 0xc0) == 0x80) {
		end--;
	}
	buf_truncate(out, end);
	add_hash(out, whole);
}

/* Adds one part of a path: never empty, never one that means something to a system. */
static void add_part(struct buf *out, struct bytes part)
{
	size_t start = out->len;
	struct buf decoded = {.max = part.len + 1};
	percent_decode(part, &decoded);
	add_clean(out, utf8_is_valid(buf_bytes(&decoded)) ? buf_bytes(&decoded) : part);
	buf_clear(&decoded);
	cut(out, start, part);
	if (out->len == start) {
		buf_add_char(out, '_');
	}
	if (out->ptr[start] == '.') {
		out->ptr[start] = '_';
	}
	char *last = &out->ptr[out->len - 1];
	if (*last == '.' || *last == ' ') {
		*last = '_';
	}
	struct bytes made = bytes_slice(buf_bytes(out), start, out->len);
	if (safe_path_is_reserved(made)) {
		size_t dot = bytes_find_char(made, '.', 0);
		out->ptr[dot == SIZE_MAX ? out->len - 1 : start + dot - 1] = '_';
	}
}

/* The length of an extension at the end, dot included; 0 when there is none. */
static size_t extension_length(struct bytes name)
{
	size_t dot = bytes_find_last_char(name, '.');
	if (dot == SIZE_MAX || dot == 0 || name.len - dot < 2 || name.len - dot > EXTENSION_MAX) {
		return 0;
	}
	for (size_t i = dot + 1; i < name.len; i++) {
		if (!char_is_alnum(name.ptr[i])) {
			return 0;
		}
	}
	return name.len - dot;
}

/* A folder does not end like a file. */
static void add_folder(struct buf *out, struct bytes part)
{
	size_t start = out->len;
	add_part(out, part);
	if (extension_length(bytes_slice(buf_bytes(out), start, out->len)) > 0) {
		buf_add_char(out, '_');
	}
	buf_add_char(out, '/');
}

/* --- the file ----------------------------------------------------------------------------------
 */

static const char *extension_of(struct bytes media_type)
{
	static const struct {
		const char *type, *extension;
	} known[] = {{"text/html", "html"}, {"application/xhtml+xml", "xhtml"},
		{"text/plain", "txt"}, {"text/css", "css"}, {"text/javascript", "js"},
		{"application/javascript", "js"}, {"application/x-javascript", "js"},
		{"application/json", "json"}, {"application/ld+json", "json"},
		{"application/manifest+json", "json"}, {"text/xml", "xml"},
		{"application/xml", "xml"}, {"application/rss+xml", "xml"},
		{"application/atom+xml", "xml"}, {"image/jpeg", "jpg"}, {"image/png", "png"},
		{"image/gif", "gif"}, {"image/webp", "webp"}, {"image/avif", "avif"},
		{"image/svg+xml", "svg"}, {"image/x-icon", "ico"},
		{"image/vnd.microsoft.icon", "ico"}, {"image/bmp", "bmp"}, {"image/tiff", "tif"},
		{"font/woff", "woff"}, {"font/woff2", "woff2"}, {"font/ttf", "ttf"},
		{"font/otf", "otf"}, {"audio/mpeg", "mp3"}, {"audio/ogg", "ogg"},
		{"audio/mp4", "m4a"}, {"video/mp4", "mp4"}, {"video/webm", "webm"},
		{"video/mp2t", "ts"}, {"application/vnd.apple.mpegurl", "m3u8"},
		{"application/x-mpegurl", "m3u8"}, {"application/dash+xml", "mpd"},
		{"application/pdf", "pdf"}, {"application/zip", "zip"}, {"application/gzip", "gz"},
		{"application/wasm", "wasm"}, {"text/csv", "csv"}, {"text/vtt", "vtt"}};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (media_type_is(media_type, known[i].type)) {
			return known[i].extension;
		}
	}
	return "bin";
}

/* Whether the extension names the program that made a page, not the page. */
static bool is_program(struct bytes extension)
{
	static const char *const programs[] = {
		".php", ".asp", ".aspx", ".jsp", ".cgi", ".pl", ".do", ".cfm"};
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (bytes_equal(extension, bytes_of(programs[i]))) {
			return true;
		}
	}
	return false;
}

static void add_file(struct buf *out, struct bytes part, struct bytes query, struct bytes type)
{
	size_t start = out->len;
	add_part(out, part.len == 0 ? BYTES("index") : part);
	struct bytes made = bytes_slice(buf_bytes(out), start, out->len);
	size_t length = extension_length(made);
	char extension[EXTENSION_MAX + 2] = {0};
	if (length > 0 && made.ptr != NULL &&
		!(media_type_is_html(type) &&
			is_program(bytes_slice(made, made.len - length, made.len)))) {
		memcpy(extension, made.ptr + made.len - length, length);
		buf_truncate(out, out->len - length);
	}
	if (query.len > 1) {
		add_hash(out, query);
	}
	if (extension[0] != '\0') {
		buf_add_text(out, extension);
	} else {
		buf_addf(out, ".%s", extension_of(type));
	}
}

size_t file_name_stem(struct bytes path)
{
	return path.len - extension_length(path);
}

/* --- the path ----------------------------------------------------------------------------------
 */

static void add_host(struct buf *out, const struct url *url)
{
	struct buf host = {0};
	buf_add(&host, url->host);
	if (url->port.len > 0) {
		buf_add_char(&host, '_');
		buf_add(&host, url->port);
	}
	/* Hosts end like files too, but files stand below them only. */
	add_part(out, buf_bytes(&host));
	buf_add_char(out, '/');
	buf_clear(&host);
}

static void add_path(struct buf *out, struct bytes path, struct bytes query, struct bytes type)
{
	struct bytes rest = bytes_slice(path, 1, path.len);
	struct bytes part;
	unsigned folders = 0;
	while (bytes_cut(rest, '/', &part, &rest)) {
		if (part.len == 0) {
			continue;
		}
		if (++folders > FOLDERS_MAX) {
			size_t last = bytes_find_last_char(rest, '/');
			struct buf hash = {0};
			add_hash(&hash, path);
			add_folder(out, buf_bytes(&hash));
			buf_clear(&hash);
			rest = last == SIZE_MAX ? rest : bytes_slice(rest, last + 1, rest.len);
			break;
		}
		add_folder(out, part);
	}
	add_file(out, rest, query, type);
}

void file_name_add(struct buf *out, struct bytes url, struct bytes media_type)
{
	SCOPED(url_closep) struct url *parsed = NULL;
	struct flong_error ignored = {0};
	int rc = url_parse(url, NULL, &parsed, &ignored);
	if (rc == FLONG_OK && parsed->host.len > 0) {
		add_host(out, parsed);
		add_path(out, parsed->path, parsed->query, media_type);
		return;
	}
	/* urn:, data: and what is no URL: its scheme, and all else in one part. */
	size_t colon = bytes_find_char(url, ':', 0);
	bool has_scheme = colon != SIZE_MAX && colon > 0 && colon < 20;
	add_folder(out, has_scheme ? bytes_slice(url, 0, colon) : BYTES("other"));
	struct bytes rest = has_scheme ? bytes_slice(url, colon + 1, url.len) : url;
	while (rest.len > 0 && rest.ptr[0] == '/') {
		rest = bytes_slice(rest, 1, rest.len); /* file:///x */
	}
	add_file(out, rest, (struct bytes){NULL, 0}, media_type);
}
