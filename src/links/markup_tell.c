/* SPDX-License-Identifier: MIT */
/* markup_tell.c - what a parser heard goes to all who listen */
#include "links/markup_tell.h"

/* A paragraph in one piece, and no more than a screen of text that has no tags. */
#define PIECE_BYTES ((size_t)1000)

void markup_tell_start(struct markup_teller *teller, struct bytes name,
	const struct markup_attribute *attributes, size_t attribute_count)
{
	const struct markup_element element = {.name = name,
		.attributes = attributes,
		.attribute_count = attribute_count,
		.depth = teller->depth};
	for (size_t i = 0; i < teller->listener_count; i++) {
		const struct markup_listener *listener = &teller->listeners[i];
		if (listener->start != NULL) {
			listener->start(listener->context, &element);
		}
	}
	teller->depth++;
}

void markup_tell_end(struct markup_teller *teller, struct bytes name)
{
	if (teller->depth > 0) {
		teller->depth--;
	}
	for (size_t i = 0; i < teller->listener_count; i++) {
		const struct markup_listener *listener = &teller->listeners[i];
		if (listener->end != NULL) {
			listener->end(listener->context, name, teller->depth);
		}
	}
}

void markup_tell_text(struct markup_teller *teller, struct bytes text)
{
	for (size_t i = 0; text.len > 0 && i < teller->listener_count; i++) {
		const struct markup_listener *listener = &teller->listeners[i];
		if (listener->text != NULL) {
			listener->text(listener->context, text);
		}
	}
}

void markup_tell_pieces(struct markup_teller *teller, struct bytes text)
{
	while (text.len > PIECE_BYTES) {
		size_t end = PIECE_BYTES;
		while (end < text.len && ((unsigned char)text.ptr[end] & 0xc0) == 0x80) {
			end++;
		}
		markup_tell_text(teller, bytes_slice(text, 0, end));
		text = bytes_slice(text, end, text.len);
	}
	markup_tell_text(teller, text);
}

void markup_tell_comment(struct markup_teller *teller, struct bytes text)
{
	for (size_t i = 0; i < teller->listener_count; i++) {
		const struct markup_listener *listener = &teller->listeners[i];
		if (listener->comment != NULL) {
			listener->comment(listener->context, text);
		}
	}
}
