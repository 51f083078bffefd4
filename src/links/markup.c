/* SPDX-License-Identifier: MIT */
/* markup.c - HTML by our own reader, XML by libxml2's, as one stream of events (the only user of
 * libxml2)
 *
 * For XML the push parser with our own SAX handlers and no tree: names as written, no entity but
 * the predefined ones, a stack of open elements that is cut. */
#include "links/markup.h"

#include <limits.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "links/markup_html.h"
#include "links/markup_tag.h"
#include "links/markup_tell.h"

/* Bytes of XML given to the parser at a time: libxml2 moves the rest of its input for each piece.
 */
#define PIECE_BYTES ((size_t)64 << 10)

struct xml_reader {
	struct markup_teller teller;
	xmlParserCtxtPtr xml;
	struct markup_attribute attributes[MARKUP_MAX_ATTRIBUTES];
};

static struct bytes bytes_of_xml(const xmlChar *text)
{
	return bytes_of((const char *)text);
}

static void on_xml_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
	struct xml_reader *reader = context;
	size_t count = 0;
	for (const xmlChar **at = attributes; at != NULL && at[0] != NULL; at += 2) {
		if (count == MARKUP_MAX_ATTRIBUTES) {
			break;
		}
		reader->attributes[count++] = (struct markup_attribute){.name = bytes_of_xml(at[0]),
			.value = at[1] == NULL ? BYTES("") : bytes_of_xml(at[1])};
	}
	markup_tell_start(&reader->teller, bytes_of_xml(name), reader->attributes, count);
	if (reader->teller.depth >= LIMIT_MARKUP_DEPTH) {
		/* libxml2 would keep each open element; no document that means well is so deep. */
		xmlStopParser(reader->xml);
	}
}

static void on_xml_end(void *context, const xmlChar *name)
{
	struct xml_reader *reader = context;
	markup_tell_end(&reader->teller, bytes_of_xml(name));
}

/* No entity but the predefined ones: nothing that a document declares is ever expanded. */
static xmlEntityPtr on_entity(void *context, const xmlChar *name)
{
	(void)context;
	return xmlGetPredefinedEntity(name);
}

static void on_text(void *context, const xmlChar *text, int length)
{
	struct xml_reader *reader = context;
	markup_tell_text(&reader->teller, bytes_from(text, length > 0 ? (size_t)length : 0));
}

static void on_comment(void *context, const xmlChar *text)
{
	struct xml_reader *reader = context;
	markup_tell_comment(&reader->teller, bytes_of_xml(text));
}

/* NUL would end a value or the whole input: U+FFFD stands for it, as in the HTML standard. Borrows
 * the input when there is none; one of nothing else is cut when it has grown too far. */
static struct bytes without_nul(struct bytes utf8, struct buf *storage)
{
	if (memchr(utf8.ptr, '\0', utf8.len) == NULL) {
		return utf8;
	}
	storage->max = 3 * utf8.len + 1;
	size_t most = utf8.len > LIMIT_MARKUP_BYTES ? utf8.len : LIMIT_MARKUP_BYTES;
	struct bytes rest = utf8;
	for (;;) {
		size_t nul = bytes_find_char(rest, '\0', 0);
		buf_add(storage, bytes_slice(rest, 0, nul));
		if (nul == SIZE_MAX || storage->len > most) {
			return buf_bytes(storage);
		}
		buf_add(storage, BYTES("\xEF\xBF\xBD"));
		rest = bytes_slice(rest, nul + 1, rest.len);
	}
}

int markup_read(struct bytes utf8, const struct markup_listener *listeners, size_t listener_count,
	struct flong_error *err)
{
	if (utf8.len == 0) {
		return FLONG_OK;
	}
	if (utf8.len > (size_t)INT_MAX / 4) {
		return error_set(err, FLONG_E_LIMIT, "document has %zu bytes", utf8.len);
	}
	struct markup_teller teller = {.listeners = listeners, .listener_count = listener_count};
	SCOPED(buf_clear) struct buf storage = {0};
	markup_html_read(without_nul(utf8, &storage), &teller);
	return FLONG_OK;
}

/* Where the declarations of a document type start and end, "[" and "]" with them. */
static bool find_declarations(struct bytes xml, size_t *start_out, size_t *end_out)
{
	size_t type = bytes_find(bytes_slice(xml, 0, PIECE_BYTES), BYTES("<!DOCTYPE"), 0);
	size_t root = type;
	while (root < xml.len && xml.ptr[root] != '[' && xml.ptr[root] != '>') {
		root++;
	}
	if (type == SIZE_MAX || root >= xml.len || xml.ptr[root] != '[') {
		return false;
	}
	size_t end = root + 1;
	while (end < xml.len && xml.ptr[end] != ']') {
		struct bytes rest = bytes_slice(xml, end, end + 4);
		size_t close = end;
		if (bytes_equal(rest, BYTES("<!--"))) {
			close = bytes_find(xml, BYTES("-->"), end);
		} else if (xml.ptr[end] == '"' || xml.ptr[end] == '\'') {
			close = bytes_find_char(xml, xml.ptr[end], end + 1);
		}
		end = close == SIZE_MAX ? xml.len : close + 1;
	}
	*start_out = root;
	*end_out = end < xml.len ? end + 1 : end;
	return true;
}

/* The document without what its type declares: libxml2 keeps each entity, in a table that becomes
 * slow, and none is ever expanded. */
static void cut_declarations(struct bytes xml, struct bytes *before_out, struct bytes *behind_out)
{
	size_t start;
	size_t end;
	bool has_any = find_declarations(xml, &start, &end);
	*before_out = has_any ? bytes_slice(xml, 0, start) : xml;
	*behind_out = has_any ? bytes_slice(xml, end, xml.len) : (struct bytes){0};
}

static void parse_pieces(xmlParserCtxtPtr parser, struct bytes text)
{
	for (size_t at = 0; at < text.len; at += PIECE_BYTES) {
		struct bytes piece = bytes_slice(text, at, at + PIECE_BYTES);
		(void)xmlParseChunk(parser, piece.ptr, (int)piece.len, 0);
	}
}

int markup_read_xml(struct bytes utf8, const struct markup_listener *listeners,
	size_t listener_count, struct flong_error *err)
{
	if (utf8.len == 0) {
		return FLONG_OK;
	}
	if (utf8.len > (size_t)INT_MAX / 4) {
		return error_set(err, FLONG_E_LIMIT, "document has %zu bytes", utf8.len);
	}
	struct xml_reader reader = {
		.teller = {.listeners = listeners, .listener_count = listener_count}};
	xmlSAXHandler handler = {
		.getEntity = on_entity,
		.startElement = on_xml_start,
		.endElement = on_xml_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.comment = on_comment,
	};
	SCOPED(buf_clear) struct buf storage = {0};
	struct bytes text = without_nul(utf8, &storage);
	struct bytes before, behind;
	cut_declarations(text, &before, &behind);
	xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, &reader, NULL, 0, NULL);
	if (parser == NULL) {
		return error_set(err, FLONG_E_INTERNAL, "libxml2 gave no parser");
	}
	reader.xml = parser;
	/* NOENT, because without it "&amp;" in an attribute stays "&#38;". */
	(void)xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NOENT | XML_PARSE_NONET |
						XML_PARSE_IGNORE_ENC | XML_PARSE_NOERROR |
						XML_PARSE_NOWARNING);
	parse_pieces(parser, before);
	parse_pieces(parser, behind);
	(void)xmlParseChunk(parser, NULL, 0, 1);
	/* Entity declarations are kept in a document of their own, unused. */
	xmlFreeDoc(parser->myDoc);
	parser->myDoc = NULL;
	xmlFreeParserCtxt(parser);
	return FLONG_OK;
}

struct bytes markup_attribute_value(const struct markup_element *element, const char *name)
{
	struct bytes wanted = bytes_of(name);
	for (size_t i = 0; i < element->attribute_count; i++) {
		if (bytes_equal(element->attributes[i].name, wanted)) {
			return element->attributes[i].value;
		}
	}
	return (struct bytes){0};
}

struct bytes markup_local_name(struct bytes name)
{
	size_t colon = bytes_find_last_char(name, ':');
	return colon == SIZE_MAX ? name : bytes_slice(name, colon + 1, name.len);
}
