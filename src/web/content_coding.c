/* SPDX-License-Identifier: MIT */
/* content_coding.c - a chain of decoders over a payload; brotli is done here (owner of
 * libbrotlidec)
 */
#include "web/content_coding.h"

#include <brotli/decode.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/gzip.h"
#include "base/zstd.h"
#include "web/media_type.h"

/* curl allows five; real replies have one. */
#define CODINGS_MAX 5
#define ROOM_BYTES 16384

struct brotli_source {
	struct source base;
	struct source *inner; /* owned */
	BrotliDecoderState *state;
	uint8_t room[ROOM_BYTES];
	const uint8_t *next; /* of the input in room */
	size_t left;
	bool is_over;
};

static int brotli_refill(struct brotli_source *self, struct flong_error *err)
{
	size_t got = 0;
	int rc = source_read(self->inner, self->room, sizeof(self->room), &got, err);
	self->next = self->room;
	self->left = got;
	if (rc == FLONG_END) {
		self->is_over = true;
		return error_set(err, FLONG_E_DAMAGED, "brotli data ends too early");
	}
	return rc;
}

static int brotli_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct brotli_source *self = (struct brotli_source *)source;
	uint8_t *out = room;
	size_t free_bytes = max;
	*got_out = 0;
	while (!self->is_over && free_bytes == max) {
		BrotliDecoderResult result = BrotliDecoderDecompressStream(
			self->state, &self->left, &self->next, &free_bytes, &out, NULL);
		if (result == BROTLI_DECODER_RESULT_ERROR) {
			/* What was decoded before the fault is given first. */
			if (free_bytes < max) {
				break;
			}
			return error_set(err, FLONG_E_DAMAGED, "brotli data is damaged");
		}
		self->is_over = result == BROTLI_DECODER_RESULT_SUCCESS;
		if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT && free_bytes == max) {
			int rc = brotli_refill(self, err);
			if (rc != FLONG_OK) {
				return rc;
			}
		}
	}
	*got_out = max - free_bytes;
	return *got_out == 0 ? FLONG_END : FLONG_OK;
}

static void brotli_close(struct source *source)
{
	struct brotli_source *self = (struct brotli_source *)source;
	BrotliDecoderDestroyInstance(self->state);
	source_close(self->inner);
	free(self);
}

static struct source *brotli_open(struct source *inner_take)
{
	static const struct source_ops ops = {.read = brotli_read, .close = brotli_close};
	struct brotli_source *self = ALLOC(struct brotli_source);
	self->base.ops = &ops;
	self->inner = inner_take;
	self->state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	if (self->state == NULL) {
		alloc_failed(0);
	}
	return &self->base;
}

enum coding {
	CODING_GZIP,
	CODING_DEFLATE,
	CODING_BROTLI,
	CODING_ZSTD,
	CODING_IDENTITY,
	CODING_UNKNOWN
};

static enum coding coding_of(struct bytes name)
{
	static const struct {
		const char *name;
		enum coding coding;
	} known[] = {{"gzip", CODING_GZIP}, {"x-gzip", CODING_GZIP}, {"deflate", CODING_DEFLATE},
		{"br", CODING_BROTLI}, {"zstd", CODING_ZSTD}, {"identity", CODING_IDENTITY},
		{"", CODING_IDENTITY}};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(known[i].name))) {
			return known[i].coding;
		}
	}
	return CODING_UNKNOWN;
}

static int read_codings(struct bytes field, enum coding codings[CODINGS_MAX], size_t *count_out,
	struct flong_error *err)
{
	struct bytes item;
	size_t count = 0;
	while (bytes_next_item(&field, ',', &item)) {
		enum coding coding = coding_of(bytes_trim(item));
		if (coding == CODING_UNKNOWN) {
			return error_set(err, FLONG_E_UNSUPPORTED,
				"content coding '" BYTES_FMT "' is not known",
				BYTES_ARG(bytes_trim(item)));
		}
		if (coding == CODING_IDENTITY) {
			continue;
		}
		if (count == CODINGS_MAX) {
			return error_set(
				err, FLONG_E_LIMIT, "over %d content codings", CODINGS_MAX);
		}
		codings[count++] = coding;
	}
	*count_out = count;
	return FLONG_OK;
}

int content_coding_open(struct source *payload_take, struct bytes content_encoding,
	struct source **source_out, struct flong_error *err)
{
	enum coding codings[CODINGS_MAX];
	size_t count = 0;
	int rc = read_codings(content_encoding, codings, &count, err);
	if (rc != FLONG_OK) {
		source_close(payload_take);
		return rc;
	}
	struct source *source = payload_take;
	while (count > 0) {
		enum coding coding = codings[--count];
		if (coding == CODING_BROTLI) {
			source = brotli_open(source);
		} else if (coding == CODING_ZSTD) {
			source = zstd_open_coding(source);
		} else {
			source = inflate_open_coding(
				source, coding == CODING_GZIP ? INFLATE_GZIP : INFLATE_DEFLATE);
		}
	}
	*source_out = source;
	return FLONG_OK;
}

/* Several fields are one list (RFC 9110 5.3). */
static void add_codings(const struct headers *headers, const char *name, struct buf *out)
{
	struct bytes value;
	for (size_t n = 0; headers_nth(headers, name, n, &value); n++) {
		struct bytes item;
		while (bytes_next_item(&value, ',', &item)) {
			if (!bytes_equal_nocase(bytes_trim(item), BYTES("chunked"))) {
				buf_add_text(out, out->len == 0 ? "" : ", ");
				buf_add(out, item);
			}
		}
	}
}

void content_coding_list(const struct headers *headers, struct buf *out)
{
	add_codings(headers, "Content-Encoding", out);
	add_codings(headers, "Transfer-Encoding", out);
}

bool content_coding_is_compressed(struct bytes content_encoding, struct bytes content_type)
{
	static const char *const plain[] = {"image/svg+xml", "image/bmp", "image/x-icon",
		"image/vnd.microsoft.icon", "audio/wav"};
	static const char *const packed[] = {"font/woff", "font/woff2", "application/font-woff",
		"application/font-woff2", "application/zip", "application/gzip",
		"application/x-gzip", "application/x-7z-compressed", "application/x-rar-compressed",
		"application/epub+zip"};
	struct bytes item;
	while (bytes_next_item(&content_encoding, ',', &item)) {
		if (coding_of(bytes_trim(item)) != CODING_IDENTITY) {
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (media_type_is(content_type, plain[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		if (media_type_is(content_type, packed[i])) {
			return true;
		}
	}
	struct bytes essence = media_type_essence(content_type);
	return bytes_starts_nocase(essence, BYTES("image/")) ||
	       bytes_starts_nocase(essence, BYTES("video/")) ||
	       bytes_starts_nocase(essence, BYTES("audio/"));
}
