/* SPDX-License-Identifier: MIT */
/* xml_stylesheet.c - what stands before the root element */
#include "links/xml_stylesheet.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/markup.h"
#include "links/markup_decode.h"

static const struct link style = {.kind = LINK_REQUISITE,
	.role = ROLE_STYLE,
	.rule = "L-37",
	.where = "xml-stylesheet",
	.anchor = UINT32_MAX};

/* Where a doctype ends: its internal subset, in brackets, may hold '>'. */
static size_t doctype_end(struct bytes rest)
{
	size_t close = bytes_find_char(rest, '>', 0);
	size_t open = bytes_find_char(bytes_slice(rest, 0, close), '[', 0);
	if (open == SIZE_MAX) {
		return close;
	}
	size_t end = bytes_find_char(rest, ']', open);
	return end == SIZE_MAX ? SIZE_MAX : bytes_find_char(rest, '>', end);
}

/* Takes one piece of the prolog off *rest; false at the root element or where no XML is. */
static bool next_piece(struct bytes *rest, struct bytes *piece_out)
{
	*rest = bytes_trim(*rest);
	size_t end = SIZE_MAX;
	if (bytes_starts(*rest, BYTES("<!--"))) {
		end = bytes_find(*rest, BYTES("-->"), 4);
		end += end == SIZE_MAX ? 0 : 2;
	} else if (bytes_starts(*rest, BYTES("<?"))) {
		end = bytes_find(*rest, BYTES("?>"), 2);
		end += end == SIZE_MAX ? 0 : 1;
	} else if (bytes_starts(*rest, BYTES("<!"))) {
		end = doctype_end(*rest);
	}
	if (end == SIZE_MAX) {
		return false;
	}
	*piece_out = bytes_slice(*rest, 0, end + 1);
	*rest = bytes_slice(*rest, end + 1, rest->len);
	return true;
}

static struct bytes without_bom(struct bytes document)
{
	return bytes_starts(document, BYTES("\xEF\xBB\xBF"))
		       ? bytes_slice(document, 3, document.len)
		       : document;
}

struct bytes xml_stylesheet_root(struct bytes document)
{
	struct bytes rest = without_bom(document);
	struct bytes piece;
	while (next_piece(&rest, &piece)) {
		if (bytes_starts_nocase(piece, BYTES("<!doctype html"))) {
			return BYTES("html");
		}
	}
	if (rest.len == 0 || rest.ptr[0] != '<') {
		return (struct bytes){0};
	}
	size_t end = 1;
	while (end < rest.len && !char_is_space(rest.ptr[end]) && rest.ptr[end] != '>' &&
		rest.ptr[end] != '/') {
		end++;
	}
	return bytes_slice(rest, 1, end);
}

/* The value of a pseudo-attribute; empty when absent. */
static struct bytes pseudo_attribute(struct bytes body, struct bytes wanted)
{
	while (body.len > 0) {
		size_t equals = bytes_find_char(body, '=', 0);
		struct bytes name = bytes_trim(bytes_slice(body, 0, equals));
		body = bytes_trim(
			bytes_slice(body, equals == SIZE_MAX ? body.len : equals + 1, body.len));
		if (body.len == 0 || (body.ptr[0] != '"' && body.ptr[0] != '\'')) {
			break;
		}
		size_t close = bytes_find_char(body, body.ptr[0], 1);
		if (close == SIZE_MAX) {
			break;
		}
		if (bytes_equal(name, wanted)) {
			return bytes_slice(body, 1, close);
		}
		body = bytes_slice(body, close + 1, body.len);
	}
	return (struct bytes){0};
}

void xml_stylesheet_find(struct bytes utf8, struct references *references)
{
	struct bytes rest = without_bom(utf8);
	struct bytes piece;
	while (next_piece(&rest, &piece)) {
		static const struct bytes open = {"<?xml-stylesheet", 16};
		if (bytes_starts(piece, open) && piece.len > open.len &&
			char_is_space(piece.ptr[open.len])) {
			SCOPED(buf_clear) struct buf href = buf_with_max(LIMIT_URL_BYTES);
			struct bytes body = bytes_slice(piece, open.len, piece.len - 2);
			markup_decode(pseudo_attribute(body, BYTES("href")), &href);
			references_add(references, buf_bytes(&href), &style);
		}
	}
}

static void on_start(void *context, const struct markup_element *element)
{
	struct bytes name = markup_local_name(element->name);
	if (bytes_equal(name, BYTES("import")) || bytes_equal(name, BYTES("include"))) {
		struct link link = style;
		link.where = "xsl import";
		references_add(context, markup_attribute_value(element, "href"), &link);
	}
}

int xml_stylesheet_find_imports(
	struct bytes utf8, struct references *references, struct flong_error *err)
{
	struct bytes root = markup_local_name(xml_stylesheet_root(utf8));
	if (!bytes_equal(root, BYTES("stylesheet")) && !bytes_equal(root, BYTES("transform"))) {
		return FLONG_OK;
	}
	struct markup_listener listener = {.start = on_start, .context = references};
	return markup_read_xml(utf8, &listener, 1, err);
}
