/* SPDX-License-Identifier: MIT */
/* http_body.c - the chunk parser, byte by byte on size lines and in blocks on data, and a source on
 * top of it */
#include "web/http_body.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"

/* 16 digits hold any 64-bit length; curl refuses more, leading zeros included. */
#define SIZE_DIGITS_MAX 16
/* Blanks after the digits: some servers pad the size to a fixed width. */
#define SIZE_BLANKS_MAX 32

static bool parser_break(struct chunk_parser *parser, const char *fault)
{
	parser->state = CHUNK_BROKEN;
	parser->fault = fault;
	return false;
}

/* Counts a byte that is kept but means nothing to us. */
static bool count_trailer(struct chunk_parser *parser)
{
	if (parser->trailer_bytes >= LIMIT_HEAD_KEPT_BYTES) {
		return parser_break(parser, "chunk extensions and trailers are too long");
	}
	parser->trailer_bytes++;
	return true;
}

static bool end_size_line(struct chunk_parser *parser)
{
	parser->state = parser->left == 0 ? CHUNK_TRAILER : CHUNK_DATA;
	parser->has_size = true;
	parser->line_length = 0;
	return true;
}

static bool take_size(struct chunk_parser *parser, char c)
{
	int digit = char_hex(c);
	if (digit >= 0 && parser->line_length == 0) {
		if (parser->size_digits == SIZE_DIGITS_MAX) {
			return parser_break(parser, "a chunk size has over 16 digits");
		}
		parser->left = parser->left << 4 | (unsigned)digit;
		parser->size_digits++;
		return true;
	}
	if (parser->size_digits == 0) {
		return parser_break(parser, "a chunk size is no hexadecimal number");
	}
	if (parser->left > INT64_MAX) {
		return parser_break(parser, "a chunk size is too large");
	}
	if (c == '\n') {
		return end_size_line(parser);
	}
	if (c == '\r') {
		parser->state = CHUNK_SIZE_LF;
		return true;
	}
	if (c == ';') {
		parser->state = CHUNK_EXTENSION;
		parser->has_extension = true;
		return count_trailer(parser);
	}
	if ((c == ' ' || c == '\t') && parser->line_length < SIZE_BLANKS_MAX) {
		parser->line_length++;
		return true;
	}
	return parser_break(parser, "a chunk size is no hexadecimal number");
}

static bool take_data_end(struct chunk_parser *parser, char c)
{
	if (c == '\n') {
		parser->state = CHUNK_SIZE;
		parser->size_digits = 0;
		parser->line_length = 0;
		return true;
	}
	if (c == '\r') {
		return true;
	}
	return parser_break(parser, "a chunk is longer than its size says");
}

static bool take_trailer(struct chunk_parser *parser, char c)
{
	if (c == '\n') {
		if (parser->line_length == 0) {
			parser->state = CHUNK_DONE;
			return true;
		}
		parser->line_length = 0;
		return count_trailer(parser);
	}
	if (c == '\r') {
		return true;
	}
	if (c == '\0') {
		return parser_break(parser, "a trailer holds a NUL byte");
	}
	parser->line_length = 1;
	parser->has_trailer = true;
	return count_trailer(parser);
}

/* One byte outside chunk data. False when it does not belong to the body. */
static bool take_byte(struct chunk_parser *parser, char c)
{
	switch (parser->state) {
	case CHUNK_SIZE:
		return take_size(parser, c);
	case CHUNK_SIZE_LF:
		if (c != '\n') {
			return parser_break(parser, "a chunk size line does not end with LF");
		}
		return end_size_line(parser);
	case CHUNK_EXTENSION:
		return c == '\n' ? end_size_line(parser) : count_trailer(parser);
	case CHUNK_DATA_END:
		return take_data_end(parser, c);
	case CHUNK_TRAILER:
		return take_trailer(parser, c);
	case CHUNK_DATA:
	case CHUNK_DONE:
	case CHUNK_BROKEN:
		break;
	}
	return false;
}

int chunk_parser_add(struct chunk_parser *parser, struct bytes b, struct sink *payload,
	size_t *used_out, struct flong_error *err)
{
	size_t at = 0;
	*used_out = 0;
	while (at < b.len && parser->state != CHUNK_DONE && parser->state != CHUNK_BROKEN) {
		if (parser->state != CHUNK_DATA) {
			if (!take_byte(parser, b.ptr[at])) {
				break;
			}
			at++;
			continue;
		}
		size_t count = b.len - at;
		if (count > parser->left) {
			count = (size_t)parser->left;
		}
		if (payload != NULL) {
			int rc = sink_write(payload, bytes_slice(b, at, at + count), err);
			if (rc != FLONG_OK) {
				return rc;
			}
		}
		at += count;
		parser->left -= count;
		parser->payload_bytes += count;
		if (parser->left == 0) {
			parser->state = CHUNK_DATA_END;
		}
	}
	*used_out = at;
	return FLONG_OK;
}

#define ROOM_BYTES 16384
/* Bytes of a first size line before it is complete: digits, blanks, CR. */
#define HELD_MAX 64

/* The payload of a chunked body. What the parser gives for one block is kept in `room` until it is
 * read. */
struct chunked_source {
	struct source base;
	struct sink collect; /* writes to room */
	struct source *raw;  /* owned */
	struct chunk_parser parser;
	char room[ROOM_BYTES + HELD_MAX];
	size_t start, end;   /* of what is ready in room */
	char held[HELD_MAX]; /* first bytes, until they prove to be a chunk size */
	size_t held_length;
	bool is_plain; /* they did not: bytes are given as they are */
};

static int collect_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct chunked_source *self =
		(struct chunked_source *)(void *)((char *)sink -
						  offsetof(struct chunked_source, collect));
	(void)err;
	memcpy(self->room + self->end, b.ptr, b.len);
	self->end += b.len;
	return FLONG_OK;
}

static void room_add(struct chunked_source *self, struct bytes b)
{
	if (b.len > 0) {
		memcpy(self->room + self->end, b.ptr, b.len);
		self->end += b.len;
	}
}

/* Nothing was chunked at all: what was held back comes first, then everything as it is. */
static void fall_back(struct chunked_source *self, struct bytes block)
{
	self->is_plain = true;
	self->end = 0;
	room_add(self, bytes_from(self->held, self->held_length));
	room_add(self, block);
	self->held_length = 0;
}

static int refill(struct chunked_source *self, struct flong_error *err)
{
	char block[ROOM_BYTES];
	size_t got = 0;
	size_t used = 0;
	self->start = 0;
	self->end = 0;
	int rc = source_read(self->raw, block, sizeof(block), &got, err);
	if (rc == FLONG_END && self->held_length > 0) {
		fall_back(self, (struct bytes){NULL, 0});
		return FLONG_OK;
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	struct bytes bytes = bytes_from(block, got);
	if (self->is_plain) {
		room_add(self, bytes);
		return FLONG_OK;
	}
	rc = chunk_parser_add(&self->parser, bytes, &self->collect, &used, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (self->parser.has_size || self->parser.has_extension) {
		self->held_length = 0;
	} else if (self->parser.state == CHUNK_BROKEN) {
		fall_back(self, bytes);
	} else {
		memcpy(self->held + self->held_length, block, used);
		self->held_length += used;
	}
	return FLONG_OK;
}

static int chunked_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct chunked_source *self = (struct chunked_source *)source;
	*got_out = 0;
	while (self->start == self->end) {
		bool is_over = self->parser.state == CHUNK_DONE ||
			       (self->parser.state == CHUNK_BROKEN && !self->is_plain);
		int rc = is_over ? FLONG_END : refill(self, err);
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	size_t count = self->end - self->start < max ? self->end - self->start : max;
	memcpy(room, self->room + self->start, count);
	self->start += count;
	*got_out = count;
	return FLONG_OK;
}

static void chunked_close(struct source *source)
{
	struct chunked_source *self = (struct chunked_source *)source;
	source_close(self->raw);
	free(self);
}

struct source *http_body_open_payload(struct source *raw_take, bool is_chunked)
{
	static const struct source_ops ops = {.read = chunked_read, .close = chunked_close};
	static const struct sink_ops collect_ops = {.write = collect_write};
	if (!is_chunked) {
		return raw_take;
	}
	struct chunked_source *self = ALLOC(struct chunked_source);
	self->base.ops = &ops;
	self->collect.ops = &collect_ops;
	self->raw = raw_take;
	return &self->base;
}
