/* SPDX-License-Identifier: MIT */
/* reader_test.c - records of plain and compressed files, in order and out of it */
#include "unit.h"

#include "base/alloc.h"
#include "base/gzip.h"
#include "warc/reader.h"

static struct flong_error err;

#define HEAD(type, uri, length)                                                                    \
	"WARC/1.1\r\nWARC-Type: " type "\r\nWARC-Target-URI: " uri "\r\nContent-Length: " length   \
	"\r\n\r\n"
#define FIRST HEAD("response", "http://a.example/", "5") "hello\r\n\r\n"
#define SECOND HEAD("resource", "<urn:x>", "0") "\r\n\r\n"

static void add_member(struct buf *out, const char *text)
{
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(out);
	struct gzip_part part = {GZIP_DEFLATE, bytes_of(text), NULL};
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
}

static struct reader *open_bytes(struct bytes b)
{
	struct reader *reader = NULL;
	assert_int_equal(
		reader_create(source_from_bytes(b), 0, "test.warc", &reader, &err), FLONG_OK);
	return reader;
}

/* Reads a file to its end; a summary of what was found. */
static void summarize(struct bytes file, struct buf *out)
{
	struct reader *reader = NULL;
	int rc = reader_create(source_from_bytes(file), 0, "test.warc", &reader, &err);
	while (rc == FLONG_OK) {
		const struct reader_record *record;
		rc = reader_next(reader, &record, &err);
		if (rc != FLONG_OK) {
			break;
		}
		SCOPED(source_closep) struct source *block = reader_block(reader);
		struct buf content = {0};
		rc = source_read_all(block, &content, &err);
		if (rc == FLONG_OK) {
			rc = reader_finish(reader, &err);
		}
		if (rc == FLONG_OK) {
			buf_addf(out, "%s[%.40s]%x ", record_type_name(record->type),
				buf_text(&content), record->oddities);
		}
		buf_clear(&content);
	}
	buf_addf(out, "%s%x", rc == FLONG_END ? "end" : err.message,
		reader == NULL ? 0 : reader_end_oddities(reader));
	reader_close(reader);
}

static void expect(struct bytes file, const char *summary)
{
	struct buf out = {0};
	summarize(file, &out);
	assert_string_equal(buf_text(&out), summary);
	buf_clear(&out);
}

TEST(a_plain_file_gives_its_records_with_offsets)
{
	SCOPED(reader_closep) struct reader *reader = open_bytes(BYTES(FIRST SECOND));
	const struct reader_record *record;
	assert_int_equal(reader_form(reader), READER_PLAIN);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_int_equal(record->type, RECORD_RESPONSE);
	assert_int_equal(record->version, 11);
	assert_int_equal(record->block_length, 5);
	struct bytes peeked;
	assert_int_equal(reader_peek(reader, 100, &peeked, &err), FLONG_OK);
	assert_bytes(peeked, "hello");
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_int_equal(record->offset, sizeof(FIRST) - 1);
	assert_bytes(reader_uri(record, "warc-target-uri"), "urn:x");
	assert_int_equal(reader_finish(reader, &err), FLONG_OK);
	assert_int_equal(record->length, sizeof(SECOND) - 1);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_END);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_END);
	assert_int_equal(reader_good_end(reader), sizeof(FIRST SECOND) - 1);
}

TEST(a_compressed_file_gives_its_records_with_member_offsets)
{
	struct buf file = {0};
	add_member(&file, FIRST);
	size_t second = file.len;
	add_member(&file, SECOND);
	SCOPED(reader_closep) struct reader *reader = open_bytes(buf_bytes(&file));
	const struct reader_record *record;
	assert_int_equal(reader_form(reader), READER_GZIP);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_int_equal(reader_finish(reader, &err), FLONG_OK);
	assert_int_equal(record->length, second);
	assert_int_equal(reader_good_end(reader), second);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_int_equal(record->offset, second);
	assert_int_equal(record->oddities, 0);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_END);
	assert_int_equal(reader_good_end(reader), file.len);
	buf_clear(&file);
}

TEST(odd_plain_files_are_read_and_the_oddity_named)
{
	expect(BYTES(""), "end0");
	expect(BYTES(FIRST SECOND), "response[hello]0 resource[]0 end0");
	expect(BYTES(HEAD("response", "x:", "5") "hello\r\n"), "response[hello]10 end0");
	expect(BYTES(HEAD("response", "x:", "5") "hello\r\n\r\n\r\n" SECOND),
		"response[hello]0 resource[]10 end0");
	expect(BYTES("WARC/1.1\nWARC-Type: response\nContent-Length: 2\n\nhi\n\n" SECOND),
		"response[hi]11 resource[]0 end0");
	expect(BYTES("WARC/1.2\r\nno colon\r\nContent-Length: 0\r\n\r\n\r\n\r\n"), "other[]6 end0");
	expect(BYTES("WARC/1.0\r\nWARC-Type:\r\n  response\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
		"response[]8 end0");
	/* a block that holds what looks like a record is one block */
	expect(BYTES(HEAD("response", "x:", "27") "\r\n\r\nWARC/1.1\r\nForged: 1\r\n\r\n\r\n\r\n"),
		"response[\r\n\r\nWARC/1.1\r\nForged: 1\r\n\r\n]0 end0");
}

TEST(odd_compressed_files_are_read_and_the_oddity_named)
{
	struct buf file = {0};
	add_member(&file, FIRST SECOND);
	expect(buf_bytes(&file), "response[hello]20 resource[]0 end0");
	buf_reset(&file);
	add_member(&file, "WARC/1.1\r\nWARC-Type: resp");
	add_member(&file, "onse\r\nContent-Length: 6\r\n\r\nabc");
	add_member(&file, "def\r\n\r\n");
	expect(buf_bytes(&file), "response[abcdef]40 end0");
	buf_reset(&file);
	add_member(&file, FIRST);
	add_member(&file, "");
	add_member(&file, SECOND);
	add_member(&file, "");
	expect(buf_bytes(&file), "response[hello]0 resource[]80 end80");
	buf_reset(&file);
	add_member(&file, FIRST "\r\n");
	buf_add(&file, bytes_from("\0\0\0\0", 4));
	expect(buf_bytes(&file), "response[hello]10 end100");
	buf_clear(&file);
}

TEST(what_cannot_be_read_is_named_with_its_offset)
{
	expect(BYTES("hello"), "test.warc: no WARC record at offset 00");
	expect(BYTES("filedesc://x"), "test.warc: record at offset 0: does not begin with WARC/0");
	expect(BYTES("\x28\xb5\x2f\xfd"), "test.warc: the zstd frame at offset 0 is cut short0");
	expect(BYTES(FIRST "garbage"),
		"response[hello]0 test.warc: record at offset 97: does not begin with WARC/0");
	expect(BYTES("WARC/1.1\r\nContent-Le"),
		"test.warc: record at offset 0: ends inside its head0");
	expect(BYTES(HEAD("response", "x:", "6") "hello"),
		"test.warc: record at offset 0: the file ends inside its block0");
	expect(BYTES("WARC/1.1\r\n\r\n"),
		"test.warc: record at offset 0: there is no Content-Length0");
	static const char *const bad[] = {"-1", "+5", "0x10", "", "9223372036854775808", "1 2"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct buf file = {0};
		struct buf summary = {0};
		buf_addf(&file, "WARC/1.1\r\nContent-Length: %s\r\n\r\n", bad[i]);
		buf_addf(&summary,
			"test.warc: record at offset 0: Content-Length '%s' is no length0", bad[i]);
		expect(buf_bytes(&file), buf_text(&summary));
		buf_clear(&file);
		buf_clear(&summary);
	}
	expect(BYTES("WARC/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
		"test.warc: record at offset 0: there are two Content-Length values0");
}

TEST(a_compressed_file_cut_anywhere_keeps_what_is_whole)
{
	struct buf file = {0};
	add_member(&file, FIRST);
	size_t second = file.len;
	add_member(&file, SECOND);
	for (size_t length = 0; length < file.len; length++) {
		struct reader *reader = NULL;
		int rc = reader_create(source_from_bytes(bytes_slice(buf_bytes(&file), 0, length)),
			0, "x", &reader, &err);
		size_t records = 0;
		const struct reader_record *record;
		while (rc == FLONG_OK) {
			rc = reader_next(reader, &record, &err);
			records += rc == FLONG_OK;
		}
		if (length == 0 || length == second) {
			assert_int_equal(rc, FLONG_END);
		} else {
			assert_true(rc < 0);
		}
		if (reader != NULL) {
			assert_int_equal(reader_good_end(reader), length < second ? 0 : second);
			assert_true(records >= (length >= second ? 1 : 0));
		}
		reader_close(reader);
	}
	buf_clear(&file);
}

TEST(a_damaged_member_is_noticed_by_its_checksum)
{
	struct buf file = {0};
	add_member(&file, FIRST);
	file.ptr[file.len - 5] ^= 1;
	struct buf summary = {0};
	summarize(buf_bytes(&file), &summary);
	assert_non_null(strstr(buf_text(&summary), "member at offset 0 is damaged"));
	buf_clear(&file);
	buf_clear(&summary);
}

TEST(heads_have_limits)
{
	struct buf file = {0};
	buf_add_text(&file, "WARC/1.1\r\n");
	for (int i = 0; i < 1001; i++) {
		buf_add_text(&file, "A: b\r\n");
	}
	buf_add_text(&file, "Content-Length: 0\r\n\r\n\r\n\r\n");
	expect(buf_bytes(&file), "test.warc: record at offset 0: the head has over 1000 fields0");
	buf_reset(&file);
	buf_add_text(&file, "WARC/1.1\r\nA: ");
	for (int i = 0; i < 2000000; i++) {
		buf_add_char(&file, 'x');
	}
	expect(buf_bytes(&file), "test.warc: record at offset 0: the head is too long0");
	buf_clear(&file);
}

RUN_TESTS(CASE(a_plain_file_gives_its_records_with_offsets),
	CASE(a_compressed_file_gives_its_records_with_member_offsets),
	CASE(odd_plain_files_are_read_and_the_oddity_named),
	CASE(odd_compressed_files_are_read_and_the_oddity_named),
	CASE(what_cannot_be_read_is_named_with_its_offset),
	CASE(a_compressed_file_cut_anywhere_keeps_what_is_whole),
	CASE(a_damaged_member_is_noticed_by_its_checksum), CASE(heads_have_limits))
