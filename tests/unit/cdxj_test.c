/* SPDX-License-Identifier: MIT */
/* cdxj_test.c - one line of a CDXJ index */
#include "unit.h"

#include "index/cdxj.h"

static const struct cdxj_options short_form = {.digits = 14};
static const struct cdxj_options long_form = {.digits = 17, .record_digest = true};

static struct cdxj_entry example(void)
{
	return (struct cdxj_entry){
		.key = BYTES("com,example)/"),
		.timestamp = BYTES("20261123190000999"),
		.url = BYTES("http://example.com/"),
		.mime = BYTES("text/html"),
		.status = BYTES("200"),
		.digest = BYTES("sha256:00"),
		.length = 1242,
		.offset = 784,
		.filename = BYTES("a.warc.gz"),
		.record_digest = BYTES("sha256:11"),
	};
}

static void assert_formats(
	struct cdxj_entry entry, const struct cdxj_options *options, const char *want)
{
	struct buf line = {0};
	cdxj_format(&entry, options, &line);
	assert_string_equal(buf_text(&line), want);
	buf_clear(&line);
}

TEST(writes_the_bytes_of_cdxj_indexer)
{
	assert_formats(example(), &short_form,
		"com,example)/ 20261123190000 {\"url\": \"http://example.com/\", "
		"\"mime\": \"text/html\", \"status\": \"200\", \"digest\": \"sha256:00\", "
		"\"length\": \"1242\", \"offset\": \"784\", \"filename\": \"a.warc.gz\"}\n");
}

TEST(writes_milliseconds_and_the_record_digest)
{
	assert_formats(example(), &long_form,
		"com,example)/ 20261123190000999 {\"url\": \"http://example.com/\", "
		"\"mime\": \"text/html\", \"status\": \"200\", \"digest\": \"sha256:00\", "
		"\"length\": \"1242\", \"offset\": \"784\", \"filename\": \"a.warc.gz\", "
		"\"recordDigest\": \"sha256:11\"}\n");
}

TEST(absent_text_is_left_out_and_empty_text_is_not)
{
	struct cdxj_entry entry = {
		.key = BYTES("urn:x"),
		.timestamp = BYTES("20261123190000"),
		.url = BYTES("urn:\xc3\xa9\"\x7f\xf0\x9f\x98\x80"),
		.mime = BYTES(""),
		.filename = BYTES("f"),
		.request_body = BYTES("a=1"),
		.method = BYTES("POST"),
	};
	assert_formats(entry, &long_form,
		"urn:x 20261123190000000 {\"url\": \"urn:\\u00e9\\\"\\u007f\\ud83d\\ude00\", "
		"\"mime\": \"\", \"length\": \"0\", \"offset\": \"0\", \"filename\": \"f\", "
		"\"requestBody\": \"a=1\", \"method\": \"POST\"}\n");
}

TEST(what_is_written_is_read_again)
{
	struct cdxj_entry entry = example();
	struct buf line = {0};
	cdxj_format(&entry, &long_form, &line);
	struct cdxj_row row = {0};
	struct flong_error err = {0};
	assert_int_equal(cdxj_parse(buf_bytes(&line), &row, &err), FLONG_OK);
	assert_bytes(row.entry.key, "com,example)/");
	assert_bytes(row.entry.timestamp, "20261123190000999");
	assert_bytes(row.entry.record_digest, "sha256:11");
	struct buf again = {0};
	cdxj_format(&row.entry, &long_form, &again);
	assert_string_equal(buf_text(&again), buf_text(&line));
	cdxj_clear(&row);
	buf_clear(&again);
	buf_clear(&line);
}

TEST(reads_numbers_that_are_numbers)
{
	struct cdxj_row row = {0};
	struct flong_error err = {0};
	struct bytes line =
		BYTES("a)/ 20260101000000 {\"status\":404,\"offset\":7,\"length\":\"8\","
		      "\"filename\":\"x\",\"url\":null,\"mime\":1}");
	assert_int_equal(cdxj_parse(line, &row, &err), FLONG_OK);
	assert_bytes(row.entry.status, "404");
	assert_int_equal(row.entry.offset, 7);
	assert_int_equal(row.entry.length, 8);
	assert_null(row.entry.url.ptr);
	assert_null(row.entry.mime.ptr);
	cdxj_clear(&row);
}

TEST(refuses_what_is_no_index_line)
{
	const struct {
		struct bytes line;
		int code;
	} cases[] = {
		{BYTES(""), FLONG_E_FORMAT},
		{BYTES("a)/ 20260101000000"), FLONG_E_FORMAT},
		{BYTES(" 20260101000000 {}"), FLONG_E_FORMAT},
		{BYTES("a)/ 2026010100000 {}"), FLONG_E_FORMAT},
		{BYTES("a)/ 202601010000000000 {}"), FLONG_E_FORMAT},
		{BYTES("a)/ 20260101x00000 {}"), FLONG_E_FORMAT},
		{BYTES("a)/ 20260101000000 []"), FLONG_E_FORMAT},
		{BYTES("a)/ 20260101000000 {\"filename\":\"x\"}"), FLONG_E_FORMAT},
		{BYTES("a)/ 20260101000000 {\"offset\":1,\"length\":1}"), FLONG_E_FORMAT},
		{BYTES("a)/ 20260101000000 {\"filename\":\"x\",\"offset\":-1,\"length\":1}"),
			FLONG_E_FORMAT},
		{BYTES("a)/ 20260101000000 {\"filename\":\"x\",\"offset\":1e30,\"length\":1}"),
			FLONG_E_FORMAT},
		{BYTES("a)/ 20260101000000 {\"filename\":\"x\",\"offset\":1,\"length\":\"-\"}"),
			FLONG_E_FORMAT},
		{BYTES("!meta 0 {\"format\": \"cdxj-gzip-1.0\"}"), FLONG_E_UNSUPPORTED},
		{BYTES(" CDX N b a m s k r M S V g"), FLONG_E_UNSUPPORTED},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cdxj_row row = {0};
		struct flong_error err = {0};
		assert_int_equal(cdxj_parse(cases[i].line, &row, &err), cases[i].code);
		assert_null(row.document);
	}
}

RUN_TESTS(CASE(writes_the_bytes_of_cdxj_indexer), CASE(writes_milliseconds_and_the_record_digest),
	CASE(absent_text_is_left_out_and_empty_text_is_not), CASE(what_is_written_is_read_again),
	CASE(reads_numbers_that_are_numbers), CASE(refuses_what_is_no_index_line))
