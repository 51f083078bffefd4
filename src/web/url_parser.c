/* SPDX-License-Identifier: MIT */
/* url_parser.c - WHATWG URL 4.4, told as a descent instead of a state machine
 *
 * The standard walks the input with a pointer and states. Here the fragment and the query are cut
 * off first, where that is the same, and each function takes the part that one group of states
 * reads. The names of the states stand in the comments. */
#include "web/url_parser.h"

#include "base/limits.h"
#include "web/percent.h"
#include "web/url_host.h"

int url_parser_default_port(struct bytes scheme)
{
	static const struct {
		const char *scheme;
		int port;
	} special[] = {
		{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}, {"file", 0}};
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (bytes_equal(scheme, bytes_of(special[i].scheme))) {
			return special[i].port;
		}
	}
	return -1;
}

void url_parser_clear(struct url_parts *parts)
{
	buf_clear(&parts->scheme);
	buf_clear(&parts->username);
	buf_clear(&parts->password);
	buf_clear(&parts->host);
	buf_clear(&parts->path);
	buf_clear(&parts->query);
	buf_clear(&parts->fragment);
}

static bool is_file(const struct url_parts *parts)
{
	return bytes_equal(buf_bytes(&parts->scheme), BYTES("file"));
}

static bool is_slash(const struct url_parts *parts, char c)
{
	return c == '/' || (parts->is_special && c == '\\');
}

/* Whether `b` begins with one that the path states would end a part at. */
static bool starts_with_slash(const struct url_parts *parts, struct bytes b)
{
	return b.len > 0 && is_slash(parts, b.ptr[0]);
}

static bool is_drive_letter(struct bytes b)
{
	return b.len == 2 && char_is_alpha(b.ptr[0]) && (b.ptr[1] == ':' || b.ptr[1] == '|');
}

static bool is_normal_drive_letter(struct bytes b)
{
	return is_drive_letter(b) && b.ptr[1] == ':';
}

/* "C:" alone or followed by a slash, '?' or '#' (those two are cut off already). */
static bool starts_with_drive_letter(struct bytes b)
{
	return is_drive_letter(bytes_slice(b, 0, 2)) &&
	       (b.len == 2 || b.ptr[2] == '/' || b.ptr[2] == '\\' || b.ptr[2] == '?');
}

/* The path is kept as "/a/b": each segment with the slash before it. */
static void path_shorten(struct url_parts *parts)
{
	struct bytes path = buf_bytes(&parts->path);
	size_t slash = bytes_find_last_char(path, '/');
	if (slash == SIZE_MAX) {
		return;
	}
	if (is_file(parts) && slash == 0 &&
		is_normal_drive_letter(bytes_slice(path, 1, path.len))) {
		return;
	}
	buf_truncate(&parts->path, slash);
}

/* "." and "%2e", in any case. */
static bool take_dot(struct bytes *b)
{
	if (bytes_starts(*b, BYTES("."))) {
		*b = bytes_slice(*b, 1, b->len);
		return true;
	}
	if (bytes_starts_nocase(*b, BYTES("%2e"))) {
		*b = bytes_slice(*b, 3, b->len);
		return true;
	}
	return false;
}

/* One segment of the path state; `has_more` when a slash ended it. */
static void add_segment(struct url_parts *parts, struct bytes segment, bool has_more)
{
	struct bytes rest = segment;
	bool has_dot = take_dot(&rest);
	bool is_single = has_dot && rest.len == 0;
	bool is_double = has_dot && take_dot(&rest) && rest.len == 0;
	if (is_double) {
		path_shorten(parts);
	}
	if (is_single || is_double) {
		if (!has_more) {
			buf_add_char(&parts->path, '/');
		}
		return;
	}
	bool is_drive = is_file(parts) && parts->path.len == 0 && is_drive_letter(segment);
	buf_add_char(&parts->path, '/');
	if (is_drive) {
		buf_add_char(&parts->path, segment.ptr[0]);
		buf_add_char(&parts->path, ':');
		return;
	}
	percent_encode(segment, PERCENT_PATH, &parts->path);
}

/* Path state. `text` has no slash in front: it is what follows one. */
static void read_path(struct url_parts *parts, struct bytes text)
{
	size_t start = 0;
	for (size_t i = 0; i <= text.len; i++) {
		bool is_end = i == text.len;
		if (is_end || is_slash(parts, text.ptr[i])) {
			add_segment(parts, bytes_slice(text, start, i), !is_end);
			start = i + 1;
		}
	}
}

static void read_query(struct url_parts *parts, struct bytes text)
{
	parts->has_query = true;
	buf_reset(&parts->query);
	enum percent_set set = parts->is_special ? PERCENT_SPECIAL_QUERY : PERCENT_QUERY;
	bool is_socket = bytes_starts(buf_bytes(&parts->scheme), BYTES("ws"));
	if (parts->encoder != NULL && parts->is_special && !is_socket) {
		charset_encode_query(parts->encoder, text, set, &parts->query);
	} else {
		percent_encode(text, set, &parts->query);
	}
}

/* Cuts the query off `text` and reads it, when there is one. */
static struct bytes split_query(struct url_parts *parts, struct bytes text)
{
	struct bytes before = text;
	struct bytes query;
	if (bytes_cut(text, '?', &before, &query)) {
		read_query(parts, query);
	}
	return before;
}

/* Path start state: `text` begins after the authority. */
static void read_path_start(struct url_parts *parts, struct bytes text)
{
	text = split_query(parts, text);
	if (starts_with_slash(parts, text)) {
		read_path(parts, bytes_slice(text, 1, text.len));
	} else if (text.len > 0 || parts->is_special) {
		read_path(parts, text);
	}
}

static const char *read_port(struct url_parts *parts, struct bytes text)
{
	uint64_t port = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_digit(text.ptr[i])) {
			return "the port is no number";
		}
	}
	if (text.len == 0) {
		return NULL;
	}
	if (!bytes_to_u64(text, 65535, &port)) {
		return "the port is over 65535";
	}
	bool is_default =
		(int)port == url_parser_default_port(buf_bytes(&parts->scheme)) && !is_file(parts);
	parts->port = is_default ? -1 : (int)port;
	return NULL;
}

/* Host and port states; the authority without credentials. */
static const char *read_host(struct url_parts *parts, struct bytes text)
{
	bool in_brackets = false;
	size_t colon = 0;
	while (colon < text.len && (in_brackets || text.ptr[colon] != ':')) {
		in_brackets = text.ptr[colon] == '[' || (in_brackets && text.ptr[colon] != ']');
		colon++;
	}
	struct bytes host = bytes_slice(text, 0, colon);
	parts->has_host = true;
	if (host.len == 0 && (parts->is_special || colon < text.len)) {
		return "the host is missing";
	}
	const char *fault = url_host_parse(host, parts->is_special, &parts->host);
	if (fault == NULL && colon < text.len) {
		fault = read_port(parts, bytes_slice(text, colon + 1, text.len));
	}
	return fault;
}

/* Authority state: the last '@' before the end divides credentials and host. */
static const char *read_authority(struct url_parts *parts, struct bytes text)
{
	size_t end = 0;
	while (end < text.len && text.ptr[end] != '?' && !is_slash(parts, text.ptr[end])) {
		end++;
	}
	struct bytes authority = bytes_slice(text, 0, end);
	struct bytes host = authority;
	size_t at = bytes_find_last_char(authority, '@');
	if (at != SIZE_MAX) {
		struct bytes user = bytes_slice(authority, 0, at);
		struct bytes password = {NULL, 0};
		(void)bytes_cut(user, ':', &user, &password);
		percent_encode(user, PERCENT_USERINFO, &parts->username);
		percent_encode(password, PERCENT_USERINFO, &parts->password);
		host = bytes_slice(authority, at + 1, authority.len);
		if (host.len == 0) {
			return "the host is missing";
		}
	}
	const char *fault = read_host(parts, host);
	if (fault == NULL) {
		read_path_start(parts, bytes_slice(text, end, text.len));
	}
	return fault;
}

/* Special authority ignore slashes state. */
static const char *read_special_authority(struct url_parts *parts, struct bytes text)
{
	while (starts_with_slash(parts, text)) {
		text = bytes_slice(text, 1, text.len);
	}
	return read_authority(parts, text);
}

static void copy_authority(struct url_parts *parts, const struct url *base)
{
	uint64_t port = 0;
	parts->has_host = base->host.ptr != NULL;
	buf_add(&parts->host, base->host);
	buf_add(&parts->username, base->username);
	buf_add(&parts->password, base->password);
	if (bytes_to_u64(base->port, 65535, &port)) {
		parts->port = (int)port;
	}
}

/* Path and query of the base, the query only while `text` is empty; then `text` after it. */
static void read_relative_path(struct url_parts *parts, struct bytes text, const struct url *base)
{
	buf_add(&parts->path, base->path);
	if (text.len == 0) {
		if (base->query.len > 0) {
			parts->has_query = true;
			buf_add(&parts->query, bytes_slice(base->query, 1, base->query.len));
		}
		return;
	}
	struct bytes path = split_query(parts, text);
	if (path.len == 0) {
		return;
	}
	if (is_file(parts) && starts_with_drive_letter(path)) {
		buf_reset(&parts->path);
	} else {
		path_shorten(parts);
	}
	read_path(parts, path);
}

/* Relative and relative slash states. */
static const char *read_relative(struct url_parts *parts, struct bytes text, const struct url *base)
{
	if (starts_with_slash(parts, text)) {
		struct bytes rest = bytes_slice(text, 1, text.len);
		if (starts_with_slash(parts, rest)) {
			rest = bytes_slice(rest, 1, rest.len);
			return parts->is_special ? read_special_authority(parts, rest)
						 : read_authority(parts, rest);
		}
		copy_authority(parts, base);
		read_path(parts, split_query(parts, rest));
		return NULL;
	}
	copy_authority(parts, base);
	read_relative_path(parts, text, base);
	return NULL;
}

/* File host state: `text` follows two slashes. */
static const char *read_file_host(struct url_parts *parts, struct bytes text)
{
	size_t end = 0;
	while (end < text.len && text.ptr[end] != '?' && !is_slash(parts, text.ptr[end])) {
		end++;
	}
	struct bytes host = bytes_slice(text, 0, end);
	if (is_drive_letter(host)) {
		read_path(parts, split_query(parts, text));
		return NULL;
	}
	if (host.len > 0) {
		const char *fault = url_host_parse(host, true, &parts->host);
		if (fault != NULL) {
			return fault;
		}
		if (bytes_equal(buf_bytes(&parts->host), BYTES("localhost"))) {
			buf_reset(&parts->host);
		}
	}
	read_path_start(parts, bytes_slice(text, end, text.len));
	return NULL;
}

/* The first segment of a file base's path, when it is a drive letter. */
static struct bytes base_drive(const struct url *base)
{
	struct bytes rest = bytes_slice(base->path, 1, base->path.len);
	struct bytes first = rest;
	struct bytes after;
	(void)bytes_cut(rest, '/', &first, &after);
	return is_normal_drive_letter(first) ? first : (struct bytes){NULL, 0};
}

/* File and file slash states. `base` is NULL unless it is a file URL. */
static const char *read_file(struct url_parts *parts, struct bytes text, const struct url *base)
{
	parts->has_host = true;
	if (starts_with_slash(parts, text)) {
		struct bytes rest = bytes_slice(text, 1, text.len);
		if (starts_with_slash(parts, rest)) {
			return read_file_host(parts, bytes_slice(rest, 1, rest.len));
		}
		if (base != NULL) {
			buf_add(&parts->host, base->host);
			struct bytes drive = base_drive(base);
			if (drive.len > 0 && !starts_with_drive_letter(rest)) {
				buf_add_char(&parts->path, '/');
				buf_add(&parts->path, drive);
			}
		}
		read_path(parts, split_query(parts, rest));
		return NULL;
	}
	if (base != NULL) {
		buf_add(&parts->host, base->host);
		read_relative_path(parts, text, base);
		return NULL;
	}
	read_path(parts, split_query(parts, text));
	return NULL;
}

/* Opaque path state. A blank right before the query or fragment is encoded, so that it stays. */
static void read_opaque_path(struct url_parts *parts, struct bytes text)
{
	struct bytes path = split_query(parts, text);
	bool ends_in_blank = path.len > 0 && path.ptr[path.len - 1] == ' ';
	bool is_followed = parts->has_query || parts->has_fragment;
	parts->has_opaque_path = true;
	if (ends_in_blank && is_followed) {
		percent_encode(bytes_slice(path, 0, path.len - 1), PERCENT_C0, &parts->path);
		buf_add_text(&parts->path, "%20");
	} else {
		percent_encode(path, PERCENT_C0, &parts->path);
	}
}

/* Scheme start and scheme states: length of the scheme, or 0. */
static size_t scheme_length(struct bytes text)
{
	size_t at = 0;
	if (text.len == 0 || !char_is_alpha(text.ptr[0])) {
		return 0;
	}
	while (at < text.len && (char_is_alnum(text.ptr[at]) || text.ptr[at] == '+' ||
					text.ptr[at] == '-' || text.ptr[at] == '.')) {
		at++;
	}
	return at < text.len && text.ptr[at] == ':' ? at : 0;
}

static const char *read_after_scheme(
	struct url_parts *parts, struct bytes text, const struct url *base)
{
	bool same = base != NULL && bytes_equal(base->scheme, buf_bytes(&parts->scheme));
	if (is_file(parts)) {
		return read_file(parts, text, same ? base : NULL);
	}
	if (parts->is_special) {
		/* Special relative or authority state, special authority slashes state. */
		if (same && !bytes_starts(text, BYTES("//"))) {
			return read_relative(parts, text, base);
		}
		return read_special_authority(parts, text);
	}
	if (bytes_starts(text, BYTES("//"))) {
		return read_authority(parts, bytes_slice(text, 2, text.len));
	}
	if (bytes_starts(text, BYTES("/"))) {
		read_path(parts, split_query(parts, bytes_slice(text, 1, text.len)));
		return NULL;
	}
	read_opaque_path(parts, text);
	return NULL;
}

/* No scheme state. */
static const char *read_without_scheme(
	struct url_parts *parts, struct bytes text, const struct url *base)
{
	if (base == NULL) {
		return "it is relative and there is no base";
	}
	bool base_is_opaque = base->host.ptr == NULL && !bytes_starts(base->path, BYTES("/"));
	if (base_is_opaque && (text.len > 0 || !parts->has_fragment)) {
		return "it is relative and its base has an opaque path";
	}
	buf_add(&parts->scheme, base->scheme);
	parts->is_special = url_parser_default_port(base->scheme) >= 0;
	parts->has_opaque_path = base_is_opaque;
	return is_file(parts) ? read_file(parts, text, base) : read_relative(parts, text, base);
}

/* Without controls and blanks at both ends, and without tabs and line ends inside. */
static void clean_input(struct bytes input, struct buf *out)
{
	size_t start = 0;
	size_t end = input.len;
	while (start < end && (unsigned char)input.ptr[start] <= ' ') {
		start++;
	}
	while (end > start && (unsigned char)input.ptr[end - 1] <= ' ') {
		end--;
	}
	for (size_t i = start; i < end; i++) {
		char c = input.ptr[i];
		if (c != '\t' && c != '\n' && c != '\r') {
			buf_add_char(out, c);
		}
	}
}

const char *url_parser_run(struct bytes input, const struct url *base, struct url_parts *parts)
{
	SCOPED(buf_clear) struct buf clean = buf_with_max(LIMIT_URL_BYTES * 3);
	clean_input(input, &clean);
	struct bytes text = buf_bytes(&clean);
	struct bytes fragment;
	parts->port = -1;
	if (bytes_cut(text, '#', &text, &fragment)) {
		parts->has_fragment = true;
		percent_encode(fragment, PERCENT_FRAGMENT, &parts->fragment);
	}
	size_t length = scheme_length(text);
	if (length == 0) {
		return read_without_scheme(parts, text, base);
	}
	for (size_t i = 0; i < length; i++) {
		buf_add_char(&parts->scheme, char_lower(text.ptr[i]));
	}
	parts->is_special = url_parser_default_port(buf_bytes(&parts->scheme)) >= 0;
	return read_after_scheme(parts, bytes_slice(text, length + 1, text.len), base);
}
