/* SPDX-License-Identifier: MIT */
/* markup.c - libxml2's HTML parser as a plain stream of events (the only user of libxml2)
 *
 * The push parser with our own SAX handlers and no tree. What it would do to a page if left alone,
 * and what is done about it: its tokenizer is of another age (markup_clean reads tags and texts by
 * the standard's, and gives it what it cannot misread), it re-reads the rest as Latin-1 at the
 * first bad byte (the input is valid UTF-8 and HTML_PARSE_IGNORE_ENC is set), it cuts the input at
 * NUL (replaced before), it thinks that <source> and <track> have content (they are ended at once
 * here), its stack of open elements has no bound (cut here). HTML_PARSE_NOIMPLIED must not be set:
 * the push parser would stop at the end of the first element without parent. */
#include "links/markup.h"

#include <limits.h>
#include <string.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "links/markup_clean.h"
#include "links/markup_tag.h"

/* Bytes of XML given to the parser at a time: libxml2 moves the rest of its input for each piece.
 */
#define PIECE_BYTES ((size_t)64 << 10)

struct markup_reader {
	const struct markup_listener *listeners;
	size_t listener_count;
	htmlParserCtxtPtr parser;
	xmlParserCtxtPtr xml;
	size_t depth; /* open elements, as heard */
	struct markup_spans spans;
	struct buf scratch; /* marks replaced */
	struct bytes html;  /* the document; empty for XML */
	size_t place;       /* of the last start tag with attributes, in it */
	struct markup_attributes attributes;
};

static struct bytes bytes_of_xml(const xmlChar *text)
{
	return bytes_of((const char *)text);
}

/* Elements without content that libxml2 2.9 does not know as such. */
static bool is_unknown_void(struct bytes name)
{
	return bytes_equal(name, BYTES("source")) || bytes_equal(name, BYTES("track")) ||
	       bytes_equal(name, BYTES("wbr"));
}

static void tell_end(struct markup_reader *reader, struct bytes name)
{
	if (reader->depth > 0) {
		reader->depth--;
	}
	for (size_t i = 0; i < reader->listener_count; i++) {
		const struct markup_listener *listener = &reader->listeners[i];
		if (listener->end != NULL) {
			listener->end(listener->context, name, reader->depth);
		}
	}
}

/* Takes the element off libxml2's stack while it is being opened: it never has content. */
static void forget_open_element(struct markup_reader *reader)
{
	htmlParserCtxtPtr parser = reader->parser;
	if (parser->nameNr > 1) {
		parser->nameNr--;
		parser->name = parser->nameTab[parser->nameNr - 1];
	}
}

/* Tells the listeners and counts the element as open. */
static void tell_start(struct markup_reader *reader, struct bytes name)
{
	struct markup_element element = {.name = name,
		.attributes = reader->attributes.items,
		.attribute_count = reader->attributes.count,
		.depth = reader->depth};
	for (size_t i = 0; i < reader->listener_count; i++) {
		const struct markup_listener *listener = &reader->listeners[i];
		if (listener->start != NULL) {
			listener->start(listener->context, &element);
		}
	}
	reader->depth++;
}

/* The element's attributes as the document has them; *name_out is its name there when libxml2 was
 * given another. False when the tag was told before. */
static bool read_attributes(
	struct markup_reader *reader, struct bytes value, struct bytes *name_out)
{
	size_t place = markup_clean_place(value);
	bool is_stand_in = bytes_equal(*name_out, BYTES(MARKUP_SECOND_NAME)) ||
			   bytes_equal(*name_out, BYTES(MARKUP_ODD_NAME));
	if (is_stand_in && place == reader->place) {
		return false;
	}
	reader->place = place;
	markup_attributes_read(&reader->attributes, reader->html, place);
	if (is_stand_in) {
		*name_out = reader->attributes.name;
	}
	return true;
}

static void on_start(void *context, const xmlChar *xml_name, const xmlChar **attributes)
{
	struct markup_reader *reader = context;
	struct bytes name = bytes_of_xml(xml_name);
	bool is_empty = is_unknown_void(name);
	reader->attributes.count = 0;
	if (attributes != NULL && attributes[0] != NULL && attributes[1] != NULL &&
		!read_attributes(reader, bytes_of_xml(attributes[1]), &name)) {
		forget_open_element(reader);
		return;
	}
	tell_start(reader, name);
	if (is_empty) {
		tell_end(reader, name);
		forget_open_element(reader);
	} else if (reader->depth >= LIMIT_MARKUP_DEPTH && !bytes_equal(name, BYTES("script")) &&
		   !bytes_equal(name, BYTES("style"))) {
		/* Heard, but not kept open: end tags search the whole stack. */
		reader->depth--;
		forget_open_element(reader);
	}
}

static void on_xml_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
	struct markup_reader *reader = context;
	struct markup_attributes *kept = &reader->attributes;
	kept->count = 0;
	for (const xmlChar **at = attributes; at != NULL && at[0] != NULL; at += 2) {
		if (kept->count == MARKUP_MAX_ATTRIBUTES) {
			break;
		}
		kept->items[kept->count++] = (struct markup_attribute){.name = bytes_of_xml(at[0]),
			.value = at[1] == NULL ? BYTES("") : bytes_of_xml(at[1])};
	}
	tell_start(reader, bytes_of_xml(name));
	if (reader->depth >= LIMIT_MARKUP_DEPTH) {
		/* libxml2 would keep each open element; no document that means well is so deep. */
		xmlStopParser(reader->xml);
	}
}

static void on_xml_end(void *context, const xmlChar *name)
{
	tell_end(context, bytes_of_xml(name));
}

/* No entity but the predefined ones: nothing that a document declares is ever expanded. */
static xmlEntityPtr on_entity(void *context, const xmlChar *name)
{
	(void)context;
	return xmlGetPredefinedEntity(name);
}

static void on_end(void *context, const xmlChar *name)
{
	struct markup_reader *reader = context;
	struct bytes element = bytes_of_xml(name);
	if (!is_unknown_void(element)) {
		tell_end(reader, element);
	}
}

static void tell_text(struct markup_reader *reader, struct bytes text)
{
	for (size_t i = 0; i < reader->listener_count; i++) {
		const struct markup_listener *listener = &reader->listeners[i];
		if (listener->text != NULL && text.len > 0) {
			listener->text(listener->context, text);
		}
	}
}

/* Text comes in pieces of this size, or up to three bytes over it to end with a character. */
#define TEXT_PIECE ((size_t)1000)

static void on_text(void *context, const xmlChar *text, int length)
{
	struct markup_reader *reader = context;
	struct bytes rest = bytes_from(text, length > 0 ? (size_t)length : 0);
	size_t came = rest.len;
	rest = markup_spans_expand(&reader->spans, rest, &reader->scratch);
	while (rest.len > TEXT_PIECE && rest.len != came) {
		/* As libxml2 would have cut it. */
		size_t end = TEXT_PIECE;
		while (end < rest.len && ((unsigned char)rest.ptr[end] & 0xc0) == 0x80) {
			end++;
		}
		tell_text(reader, bytes_slice(rest, 0, end));
		rest = bytes_slice(rest, end, rest.len);
		came = 0;
	}
	tell_text(reader, rest);
}

/* The content of script and style, of any size. */
static void on_raw(void *context, const xmlChar *text, int length)
{
	struct markup_reader *reader = context;
	struct bytes raw = bytes_from(text, length > 0 ? (size_t)length : 0);
	tell_text(reader, markup_spans_expand(&reader->spans, raw, &reader->scratch));
}

static void on_comment(void *context, const xmlChar *text)
{
	struct markup_reader *reader = context;
	struct bytes comment =
		markup_spans_expand(&reader->spans, bytes_of_xml(text), &reader->scratch);
	for (size_t i = 0; i < reader->listener_count; i++) {
		const struct markup_listener *listener = &reader->listeners[i];
		if (listener->comment != NULL) {
			listener->comment(listener->context, comment);
		}
	}
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
	struct markup_reader reader = {.listeners = listeners, .listener_count = listener_count};
	htmlSAXHandler handler = {
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_raw,
		.comment = on_comment,
	};
	SCOPED(buf_clear) struct buf storage = {0};
	SCOPED(buf_clear) struct buf cleaned = {0};
	struct bytes whole = without_nul(utf8, &storage);
	reader.scratch.max = whole.len;
	reader.html = whole;
	reader.place = SIZE_MAX;
	struct bytes text = markup_clean(whole, &reader.spans, &cleaned);
	reader.parser =
		htmlCreatePushParserCtxt(&handler, &reader, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (reader.parser == NULL) {
		return error_set(err, FLONG_E_INTERNAL, "libxml2 gave no parser");
	}
	(void)htmlCtxtUseOptions(reader.parser, HTML_PARSE_IGNORE_ENC | HTML_PARSE_NONET |
							HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
							HTML_PARSE_NOWARNING);
	/* All at once and as the last piece: it need not look ahead for what might be cut. */
	(void)htmlParseChunk(reader.parser, text.ptr, (int)text.len, 1);
	htmlFreeParserCtxt(reader.parser);
	markup_spans_clear(&reader.spans);
	markup_attributes_clear(&reader.attributes);
	buf_clear(&reader.scratch);
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
	struct markup_reader reader = {.listeners = listeners, .listener_count = listener_count};
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
