/* SPDX-License-Identifier: MIT */
/* content_coding_test.c - codings undone in any order, and broken ones told */
#include "unit.h"

#include "base/buf.h"
#include "base/zstd.h"
#include "web/content_coding.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* "hello coding" in each form; the brotli ones are stored blocks made by hand (RFC 7932 9.2). */
#define GZIP                                                                                       \
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\x48\xce\x4f\xc9\xcc\x4b" \
	"\x07\x00\x67\x44\x1a\x8d\x0c\x00\x00\x00"
#define DEFLATE_RAW "\xcb\x48\xcd\xc9\xc9\x57\x48\xce\x4f\xc9\xcc\x4b\x07\x00"
#define DEFLATE_ZLIB "\x78\x9c" DEFLATE_RAW "\x1e\x2a\x04\xa9"
#define BROTLI "\xb0\x00\x10hello coding\x03"
#define BROTLI_OF_GZIP "\xf0\x01\x10" GZIP "\x03"

static int decode(struct bytes data, const char *codings, struct buf *out)
{
	SCOPED(source_closep) struct source *source = NULL;
	struct flong_error err = {0};
	int rc = content_coding_open(source_from_bytes(data), bytes_of(codings), &source, &err);
	return rc != FLONG_OK ? rc : source_read_all(source, out, &err);
}

TEST(known_codings_are_undone_last_first)
{
	static const struct {
		struct bytes data;
		const char *codings;
	} cases[] = {
		{{"hello coding", 12}, ""},
		{{"hello coding", 12}, "identity"},
		{{GZIP, sizeof(GZIP) - 1}, "gzip"},
		{{GZIP, sizeof(GZIP) - 1}, " X-GZip ,"},
		{{DEFLATE_RAW, sizeof(DEFLATE_RAW) - 1}, "deflate"},
		{{DEFLATE_ZLIB, sizeof(DEFLATE_ZLIB) - 1}, "Deflate"},
		{{BROTLI, sizeof(BROTLI) - 1}, "br"},
		{{BROTLI "garbage", sizeof(BROTLI "garbage") - 1}, "br"},
		{{BROTLI_OF_GZIP, sizeof(BROTLI_OF_GZIP) - 1}, "gzip, br"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(buf_clear) struct buf out = {0};
		assert_int_equal(decode(cases[i].data, cases[i].codings, &out), FLONG_OK);
		assert_bytes(buf_bytes(&out), "hello coding");
	}
}

TEST(cut_and_broken_data_is_damage_after_what_was_readable)
{
	SCOPED(buf_clear) struct buf out = {0};
	assert_int_equal(decode(bytes_from(BROTLI, 9), "br", &out), FLONG_E_DAMAGED);
	assert_bytes(buf_bytes(&out), "hello ");
	buf_reset(&out);
	assert_int_equal(decode(BYTES("\xff\xff\xff\xff"), "br", &out), FLONG_E_DAMAGED);
	assert_int_equal(decode(bytes_from(GZIP, 20), "gzip", &out), FLONG_E_DAMAGED);
	buf_reset(&out);
	assert_int_equal(decode(BYTES(""), "br", &out), FLONG_E_DAMAGED);
}

TEST(zstd_is_undone)
{
	struct flong_error err;
	struct buf packed = {0};
	struct buf out = {0};
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&packed);
	SCOPED(zstd_packer_closep) struct zstd_packer *packer = zstd_packer_create(3);
	for (int i = 0; i < 2; i++) { /* frames may follow each other */
		SCOPED(source_closep) struct source *text = source_from_bytes(BYTES("hello "));
		assert_int_equal(zstd_write_frame(packer, text, 6, sink, &err), FLONG_OK);
	}
	assert_int_equal(decode(buf_bytes(&packed), "zstd", &out), FLONG_OK);
	assert_bytes(buf_bytes(&out), "hello hello ");
	buf_reset(&out);
	assert_int_equal(decode(bytes_slice(buf_bytes(&packed), 0, packed.len - 1), "Zstd", &out),
		FLONG_E_DAMAGED);
	packed.ptr[packed.len - 1] ^= 1; /* the checksum */
	buf_reset(&out);
	assert_int_equal(decode(buf_bytes(&packed), "zstd", &out), FLONG_E_DAMAGED);
	buf_clear(&packed);
	buf_clear(&out);
}

TEST(unknown_and_too_many_codings_are_refused)
{
	SCOPED(buf_clear) struct buf out = {0};
	assert_int_equal(decode(BYTES("x"), "compress", &out), FLONG_E_UNSUPPORTED);
	assert_int_equal(decode(BYTES("x"), "gzip,gzip,gzip,gzip,gzip,gzip", &out), FLONG_E_LIMIT);
}

TEST(compressed_types_are_known)
{
	assert_true(content_coding_is_compressed(BYTES("br"), BYTES("text/html")));
	assert_true(content_coding_is_compressed(BYTES(""), BYTES("image/jpeg")));
	assert_true(content_coding_is_compressed(BYTES("identity"), BYTES("font/woff2")));
	assert_false(content_coding_is_compressed(BYTES(""), BYTES("image/svg+xml")));
	assert_false(content_coding_is_compressed(BYTES("identity"), BYTES("text/html")));
}

RUN_TESTS(CASE(known_codings_are_undone_last_first),
	CASE(cut_and_broken_data_is_damage_after_what_was_readable), CASE(zstd_is_undone),
	CASE(unknown_and_too_many_codings_are_refused), CASE(compressed_types_are_known))
