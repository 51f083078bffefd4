/* SPDX-License-Identifier: MIT */
/* gzip_test.c - members joined from parts, and members read back, whole and damaged */
#include "unit.h"

#include "base/alloc.h"
#include "base/gzip.h"

static struct flong_error err;

static void add_member(struct buf *out, const struct gzip_part *parts, size_t count)
{
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(out);
	assert_int_equal(gzip_write_member(deflater, parts, count, sink, &err), FLONG_OK);
}

static void add_text_member(struct buf *out, const char *text)
{
	struct gzip_part part = {GZIP_DEFLATE, bytes_of(text), NULL};
	add_member(out, &part, 1);
}

static struct members *open_members(struct source *source_take, uint64_t offset)
{
	return gunzip_open(intake_create(source_take, offset, (size_t)1 << 20));
}

/* Reads one member whole; the code that ended it. */
static int read_member(struct members *members, struct buf *out)
{
	struct bytes view;
	int rc;
	while ((rc = members_view(members, &view, &err)) == FLONG_OK) {
		buf_add(out, view);
	}
	return rc;
}

static struct spool *make_spool(
	enum spool_form form, const char *content, size_t size, size_t memory_max)
{
	struct spool *spool = spool_create("/tmp", memory_max, form, 6);
	assert_int_equal(spool_write(spool, bytes_from(content, size), &err), FLONG_OK);
	assert_int_equal(spool_finish(spool, &err), FLONG_OK);
	return spool;
}

TEST(parts_of_every_kind_join_into_one_member)
{
	enum { SIZE = 200000 };
	char *content = alloc_zeroed(SIZE, 1);
	for (size_t i = 0; i < SIZE; i++) {
		content[i] = (char)('a' + (i * i / 7) % 13);
	}
	struct spool *spools[] = {make_spool(SPOOL_DEFLATED, content, SIZE, 100),
		make_spool(SPOOL_STORED, content, SIZE, 100),
		make_spool(SPOOL_PLAIN, content, SIZE, 100),
		make_spool(SPOOL_DEFLATED, content, SIZE, SIZE)};
	/* Every order of two parts with text around them: runs must not refer across a joint. */
	for (size_t a = 0; a < 4; a++) {
		for (size_t b = 0; b < 8; b++) {
			enum gzip_form form = b < 4 ? GZIP_DEFLATE : GZIP_STORE;
			struct gzip_part parts[] = {
				{GZIP_DEFLATE, bytes_from(content, 500), NULL},
				{GZIP_DEFLATE, {NULL, 0}, spools[a]},
				{GZIP_DEFLATE, bytes_from(content, 500), NULL},
				{form, {NULL, 0}, spools[b % 4]},
				{GZIP_STORE, BYTES("\r\n"), NULL},
				{GZIP_DEFLATE, bytes_from(content, b % 2 == 0 ? 500 : 0), NULL},
			};
			struct buf file = {0};
			add_member(&file, parts, 6);
			SCOPED(members_closep)
			struct members *gunzip =
				open_members(source_from_bytes(buf_bytes(&file)), 0);
			struct buf out = {0};
			assert_int_equal(members_next(gunzip, &err), FLONG_OK);
			assert_int_equal(read_member(gunzip, &out), FLONG_END);
			assert_int_equal(out.len, 2 * SIZE + 1002 + (b % 2 == 0 ? 500 : 0));
			assert_memory_equal(out.ptr + 500, content, SIZE);
			assert_memory_equal(out.ptr + 500 + SIZE + 500, content, SIZE);
			assert_int_equal(gunzip->end, file.len);
			assert_int_equal(members_next(gunzip, &err), FLONG_END);
			buf_clear(&file);
			buf_clear(&out);
		}
	}
	for (size_t i = 0; i < 4; i++) {
		spool_close(spools[i]);
	}
	free(content);
}

TEST(the_header_is_fixed_and_the_same_input_gives_the_same_bytes)
{
	struct buf a = {0};
	struct buf b = {0};
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&b);
	struct gzip_part other = {GZIP_DEFLATE, BYTES("something else before"), NULL};
	struct gzip_part part = {GZIP_DEFLATE, BYTES("the same text the same text"), NULL};
	assert_int_equal(gzip_write_member(deflater, &other, 1, sink, &err), FLONG_OK);
	buf_reset(&b);
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
	add_text_member(&a, "the same text the same text");
	assert_true(bytes_equal(buf_bytes(&a), buf_bytes(&b)));
	assert_memory_equal(a.ptr, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	buf_clear(&a);
	buf_clear(&b);
}

TEST(a_stored_part_holds_its_bytes_as_they_are)
{
	struct buf file = {0};
	struct gzip_part parts[] = {{GZIP_STORE, BYTES("aaaaaaaaaaaaaaaaaaaaaaaa"), NULL}};
	add_member(&file, parts, 1);
	assert_true(bytes_find(buf_bytes(&file), BYTES("aaaaaaaaaaaaaaaaaaaaaaaa"), 0) != SIZE_MAX);
	buf_clear(&file);
}

TEST(a_failing_sink_does_not_spoil_the_next_member)
{
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	struct gzip_part part = {GZIP_DEFLATE, BYTES("text"), NULL};
	struct buf full = buf_with_max(4);
	SCOPED(sink_closep) struct sink *bad = sink_to_buf(&full);
	assert_int_equal(gzip_write_member(deflater, &part, 1, bad, &err), FLONG_E_LIMIT);
	buf_clear(&full);
	struct buf a = {0};
	struct buf b = {0};
	SCOPED(sink_closep) struct sink *good = sink_to_buf(&a);
	assert_int_equal(gzip_write_member(deflater, &part, 1, good, &err), FLONG_OK);
	add_text_member(&b, "text");
	assert_true(bytes_equal(buf_bytes(&a), buf_bytes(&b)));
	buf_clear(&a);
	buf_clear(&b);
}

TEST(members_are_read_one_by_one_with_their_offsets)
{
	struct buf file = {0};
	add_text_member(&file, "first");
	size_t second = file.len;
	add_text_member(&file, "second");
	size_t third = file.len;
	add_text_member(&file, "third");
	size_t end = file.len;
	buf_add(&file, bytes_from("\0\0\0\0\0", 5));
	SCOPED(members_closep)
	struct members *gunzip = open_members(source_from_bytes(buf_bytes(&file)), 1000);
	struct buf out = {0};
	assert_int_equal(members_next(gunzip, &err), FLONG_OK);
	assert_int_equal(members_next(gunzip, &err), FLONG_OK); /* skips the unread first */
	assert_int_equal(gunzip->offset, 1000 + second);
	assert_int_equal(read_member(gunzip, &out), FLONG_END);
	assert_bytes(buf_bytes(&out), "second");
	assert_int_equal(gunzip->end, 1000 + third);
	assert_int_equal(members_next(gunzip, &err), FLONG_OK);
	assert_int_equal(members_next(gunzip, &err), FLONG_END);
	assert_int_equal(gunzip->end, 1000 + end);
	assert_int_equal(gunzip->padding, 5);
	buf_clear(&file);
	buf_clear(&out);
}

/* gzip of "hi\n" with FTEXT, FHCRC, FEXTRA, FNAME and FCOMMENT set and a stored block. */
static const unsigned char full_header[] = {0x1f, 0x8b, 8, 0x1f, 1, 2, 3, 4, 0, 3, 2, 0, 'A', 'b',
	'n', 0, 'c', 0, 0, 0, /* header CRC set by the test */
	1, 3, 0, 0xfc, 0xff, 'h', 'i', '\n', 0x7a, 0x7a, 0x6f, 0xed, 3, 0, 0, 0};

TEST(every_optional_header_field_is_accepted)
{
	unsigned char file[sizeof(full_header)];
	memcpy(file, full_header, sizeof(file));
	uint32_t crc = gzip_crc32(0, bytes_from(file, 18));
	file[18] = (unsigned char)crc;
	file[19] = (unsigned char)(crc >> 8);
	SCOPED(members_closep)
	struct members *gunzip = open_members(source_from_bytes(bytes_from(file, sizeof(file))), 0);
	struct buf out = {0};
	assert_int_equal(members_next(gunzip, &err), FLONG_OK);
	assert_int_equal(read_member(gunzip, &out), FLONG_END);
	assert_bytes(buf_bytes(&out), "hi\n");
	file[19] ^= 1;
	SCOPED(members_closep)
	struct members *bad = open_members(source_from_bytes(bytes_from(file, sizeof(file))), 0);
	assert_int_equal(members_next(bad, &err), FLONG_OK);
	assert_int_equal(read_member(bad, &out), FLONG_E_DAMAGED);
	buf_clear(&out);
}

TEST(a_member_cut_at_any_byte_is_an_error)
{
	struct buf file = {0};
	add_text_member(&file, "some text that is long enough to be compressed, some text");
	for (size_t length = 2; length < file.len; length++) {
		SCOPED(members_closep)
		struct members *gunzip = open_members(
			source_from_bytes(bytes_slice(buf_bytes(&file), 0, length)), 0);
		struct buf out = {0};
		assert_int_equal(members_next(gunzip, &err), FLONG_OK);
		assert_int_equal(read_member(gunzip, &out), FLONG_E_FORMAT);
		assert_non_null(strstr(err.message, "offset 0 is cut"));
		assert_int_equal(members_next(gunzip, &err), FLONG_END);
		buf_clear(&out);
	}
	buf_clear(&file);
}

TEST(a_wrong_checksum_or_length_is_damage)
{
	struct buf file = {0};
	add_text_member(&file, "some text");
	for (size_t back = 1; back <= 8; back++) {
		file.ptr[file.len - back] ^= 4;
		SCOPED(members_closep)
		struct members *gunzip = open_members(source_from_bytes(buf_bytes(&file)), 0);
		struct buf out = {0};
		assert_int_equal(members_next(gunzip, &err), FLONG_OK);
		assert_int_equal(read_member(gunzip, &out), FLONG_E_DAMAGED);
		buf_clear(&out);
		file.ptr[file.len - back] ^= 4;
	}
	buf_clear(&file);
}

TEST(what_is_no_member_is_named_with_its_offset)
{
	struct buf file = {0};
	add_text_member(&file, "text");
	size_t at = file.len;
	buf_add_text(&file, "garbage");
	SCOPED(members_closep)
	struct members *gunzip = open_members(source_from_bytes(buf_bytes(&file)), 0);
	assert_int_equal(members_next(gunzip, &err), FLONG_OK);
	assert_int_equal(members_next(gunzip, &err), FLONG_E_FORMAT);
	char wanted[32];
	(void)snprintf(wanted, sizeof(wanted), "offset %zu", at);
	assert_non_null(strstr(err.message, wanted));
	buf_clear(&file);
}

static int decode(struct bytes b, enum inflate_kind kind, struct buf *out)
{
	SCOPED(source_closep)
	struct source *source = inflate_open_coding(source_from_bytes(b), kind);
	return source_read_all(source, out, &err);
}

TEST(content_codings_are_undone)
{
	struct buf file = {0};
	struct buf out = {0};
	add_text_member(&file, "one ");
	add_text_member(&file, "two");
	buf_add_text(&file, "garbage");
	assert_int_equal(decode(buf_bytes(&file), INFLATE_GZIP, &out), FLONG_OK);
	assert_bytes(buf_bytes(&out), "one two");
	buf_reset(&out);
	assert_int_equal(
		decode(bytes_slice(buf_bytes(&file), 0, 20), INFLATE_GZIP, &out), FLONG_E_DAMAGED);
	buf_reset(&out);
	assert_int_equal(decode(BYTES(""), INFLATE_GZIP, &out), FLONG_OK);
	assert_int_equal(decode(BYTES("not gzip"), INFLATE_GZIP, &out), FLONG_E_DAMAGED);
	/* "hi" as zlib data and as raw deflate */
	assert_int_equal(
		decode(BYTES("\x78\x9c\xcb\xc8\x04\x00\x01\x3b\x00\xd2"), INFLATE_DEFLATE, &out),
		FLONG_OK);
	assert_int_equal(decode(BYTES("\xcb\xc8\x04\x00"), INFLATE_DEFLATE, &out), FLONG_OK);
	assert_bytes(buf_bytes(&out), "hihi");
	buf_clear(&file);
	buf_clear(&out);
}

RUN_TESTS(CASE(parts_of_every_kind_join_into_one_member),
	CASE(the_header_is_fixed_and_the_same_input_gives_the_same_bytes),
	CASE(a_stored_part_holds_its_bytes_as_they_are),
	CASE(a_failing_sink_does_not_spoil_the_next_member),
	CASE(members_are_read_one_by_one_with_their_offsets),
	CASE(every_optional_header_field_is_accepted), CASE(a_member_cut_at_any_byte_is_an_error),
	CASE(a_wrong_checksum_or_length_is_damage),
	CASE(what_is_no_member_is_named_with_its_offset), CASE(content_codings_are_undone))
