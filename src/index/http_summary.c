/* SPDX-License-Identifier: MIT */
/* http_summary.c - the facts of an HTTP head that go into an index */
#include "index/http_summary.h"

#include <stdint.h>

/* What Python's str.strip takes away, as far as it is ASCII. */
static bool is_blank(char c)
{
	return char_is_space(c) || c == '\v' || (c >= 0x1c && c <= 0x1f);
}

static struct bytes trim_end(struct bytes b)
{
	while (b.len > 0 && is_blank(b.ptr[b.len - 1])) {
		b.len--;
	}
	return b;
}

static struct bytes trim_start(struct bytes b)
{
	while (b.len > 0 && is_blank(b.ptr[0])) {
		b = bytes_slice(b, 1, b.len);
	}
	return b;
}

/* The line at `at` without blanks at its end; moves `at` behind its LF. */
static struct bytes take_line(struct bytes block, size_t *at)
{
	size_t feed = bytes_find_char(block, '\n', *at);
	size_t end = feed == SIZE_MAX ? block.len : feed + 1;
	struct bytes line = bytes_slice(block, *at, end);
	*at = end;
	return trim_end(line);
}

/* The part up to the first byte for which it is true; the whole when there is none. */
static struct bytes up_to(struct bytes text, bool (*is_end)(char c))
{
	size_t len = 0;
	while (len < text.len && !is_end(text.ptr[len])) {
		len++;
	}
	return bytes_slice(text, 0, len);
}

static bool is_space_char(char c)
{
	return c == ' ';
}

static bool ends_media_type(char c)
{
	return c == ';' || is_blank(c);
}

/* "HTTP/1.1 200 OK" -> "200"; empty but present when there is only one word. */
static struct bytes status_of(struct bytes line)
{
	struct bytes version = up_to(line, is_space_char);
	struct bytes rest = bytes_slice(line, version.len, line.len);
	rest = trim_end(trim_start(rest));
	return bytes_from(rest.ptr, up_to(rest, is_space_char).len);
}

struct bytes http_summary_media_type(struct bytes value)
{
	const char *start = value.ptr;
	value = up_to(trim_start(value), ends_media_type);
	return value.len == 0 ? bytes_from(start, 0) : value;
}

/* Splits a field line; the value keeps its leading blanks. */
static bool split_field(struct bytes line, struct bytes *name_out, struct bytes *value_out)
{
	if (!bytes_cut(line, ':', name_out, value_out)) {
		return false;
	}
	while (name_out->len > 0 && (name_out->ptr[name_out->len - 1] == ' ' ||
					    name_out->ptr[name_out->len - 1] == '\t')) {
		name_out->len--;
	}
	return true;
}

/* Takes the media type from a field line, unless one was found before. */
static void read_field(struct bytes line, struct http_summary *summary, bool *any_out)
{
	struct bytes name;
	struct bytes value;
	if (!split_field(line, &name, &value)) {
		return;
	}
	*any_out = true;
	if (summary->media_type.ptr == NULL && bytes_equal_nocase(name, BYTES("Content-Type"))) {
		/* An empty value counts as well. */
		summary->media_type = http_summary_media_type(
			value.ptr == NULL ? bytes_from(name.ptr, 0) : value);
	}
}

struct http_summary http_summary_of(struct bytes block)
{
	struct http_summary summary = {.length = 0};
	struct bytes first = take_line(block, &summary.length);
	if (first.len == 0) {
		return summary;
	}
	bool any_field = false;
	struct bytes line = take_line(block, &summary.length);
	while (line.len > 0) {
		/* A folded line belongs to the value before it. */
		if (!char_is_space(line.ptr[0])) {
			read_field(line, &summary, &any_field);
		}
		line = take_line(block, &summary.length);
	}
	struct bytes status = status_of(first);
	if (status.len > 0 || any_field) {
		summary.status = status.len > 0 ? status : bytes_from(first.ptr, 0);
	}
	return summary;
}

struct bytes http_summary_method(struct bytes block)
{
	size_t at = 0;
	return up_to(take_line(block, &at), is_space_char);
}

bool http_summary_field(struct bytes block, struct bytes name, struct buf *value_out)
{
	size_t at = 0;
	bool is_found = false;
	struct bytes line = take_line(block, &at);
	while (line.len > 0) {
		line = take_line(block, &at);
		struct bytes field;
		struct bytes value;
		bool is_fold = line.len > 0 && char_is_space(line.ptr[0]);
		if (is_found && !is_fold) {
			return true;
		}
		if (is_fold) {
			buf_add(value_out, is_found ? line : bytes_slice(line, 0, 0));
		} else if (split_field(line, &field, &value) && bytes_equal_nocase(field, name)) {
			buf_add(value_out, trim_start(value));
			is_found = true;
		}
	}
	return is_found;
}
