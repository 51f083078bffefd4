/* SPDX-License-Identifier: MIT */
/* cdx_test.c - one line of the older CDX indexes */
#include "unit.h"

#include "index/cdx.h"

static struct cdxj_entry example(void)
{
	return (struct cdxj_entry){
		.key = BYTES("com,example)/"),
		.timestamp = BYTES("20261123190000999"),
		.url = BYTES("http://example.com/"),
		.mime = BYTES("text/html"),
		.status = BYTES("200"),
		.digest = BYTES("sha1:G7HRM7BGOKSKMSXZAHMUQTTV53QOFSMK"),
		.length = 1242,
		.offset = 784,
		.filename = BYTES("a.warc.gz"),
	};
}

static void assert_formats(struct cdxj_entry entry, enum cdx_form form, const char *want)
{
	struct buf line = {0};
	cdx_format(&entry, form, &line);
	assert_string_equal(buf_text(&line), want);
	buf_clear(&line);
}

TEST(writes_the_bytes_of_cdxj_indexer)
{
	assert_string_equal(cdx_header(CDX_11), " CDX N b a m s k r M S V g\n");
	assert_string_equal(cdx_header(CDX_9), " CDX N b a m s k r V g\n");
	assert_formats(example(), CDX_11,
		"com,example)/ 20261123190000 http://example.com/ text/html 200 "
		"G7HRM7BGOKSKMSXZAHMUQTTV53QOFSMK - - 1242 784 a.warc.gz\n");
	assert_formats(example(), CDX_9,
		"com,example)/ 20261123190000 http://example.com/ text/html 200 "
		"G7HRM7BGOKSKMSXZAHMUQTTV53QOFSMK - 784 a.warc.gz\n");
}

TEST(what_is_absent_empty_or_spaced_keeps_its_column)
{
	struct cdxj_entry entry = {.key = BYTES("urn:x y"),
		.timestamp = BYTES("20261123190000"),
		.url = BYTES("urn:x\ny"),
		.status = BYTES(""),
		.filename = BYTES("a b.warc")};
	assert_formats(
		entry, CDX_11, "urn:x%20y 20261123190000 urn:x%0Ay - - - - - 0 0 a%20b.warc\n");
}

static void assert_read(const char *header, const char *line, const char *want)
{
	struct flong_error err = {0};
	struct cdx_layout layout = {.count = 0};
	if (header != NULL) {
		assert_int_equal(cdx_parse_header(bytes_of(header), &layout, &err), FLONG_OK);
	}
	struct cdx_row row = {.has_length = false};
	int rc = cdx_parse(bytes_of(line), header == NULL ? NULL : &layout, &row, &err);
	assert_string_equal(err.message, "");
	assert_int_equal(rc, FLONG_OK);
	struct buf again = {0};
	cdx_format(&row.entry, CDX_11, &again);
	assert_string_equal(buf_text(&again), want);
	buf_clear(&again);
}

TEST(reads_each_number_of_columns)
{
	const char *const eleven = "k)/ 20260101000000 http://k/ a/b 200 D - - 9 8 f\n";
	assert_read(NULL, "k)/ 20260101000000 http://k/ a/b 200 D - - 9 8 f", eleven);
	assert_read(NULL, "k)/ 20260101000000 http://k/ a/b 200 D - - 9 8 f\r\n", eleven);
	assert_read(NULL, "k)/ 20260101000000 http://k/ a/b 200 D - - 9 8 f 1 2 g", eleven);
	const char *const unknown_length = "k)/ 20260101000000 http://k/ a/b 200 D - - 0 8 f\n";
	assert_read(NULL, "k)/ 20260101000000 http://k/ a/b 200 D - - 8 f", unknown_length);
	assert_read(NULL, "k)/ 20260101000000 http://k/ a/b 200 D - 8 f", unknown_length);
	assert_read(NULL, "k)/ 20260101000000 http://k/ a/b 200 D - 8 f 1 2 g", unknown_length);
	assert_read(NULL, "k)/ 20260101000000 http://k/ a/b 200 D - - - 8 f", unknown_length);
	/* A record without URL. */
	assert_read(NULL, "- 20260101000000 - a/b - D - - 9 8 f",
		"- 20260101000000 - a/b - D - - 9 8 f\n");
}

TEST(a_header_says_which_column_is_which)
{
	/* Wget's own: the URL twice, the record's name last. */
	assert_read(" CDX a b a m s k r M V g u\r\n",
		"http://k/ 20260101000000 http://k/ a/b 200 D - - 8 f urn:uuid:1",
		"- 20260101000000 http://k/ a/b 200 D - - 0 8 f\n");
	assert_read("\tCDX\tN\tb\tV\tg\tS", "k)/\t20260101000000\t8\tf\t9",
		"k)/ 20260101000000 - - - - - - 9 8 f\n");
}

TEST(refuses_what_is_no_row)
{
	static const char *const lines[] = {
		"",
		"k)/ 20260101000000 {\"url\": \"x\"}",
		"k)/ 2026010100000 http://k/ a/b 200 D - - 9 8 f",
		"k)/ 20260101x00000 http://k/ a/b 200 D - - 9 8 f",
		"k)/ 20260101000000 http://k/ a/b 200 D - - 9 -8 f",
		"k)/ 20260101000000 http://k/ a/b 200 D - - x 8 f",
		"k)/ 20260101000000 http://k/ a/b 200 D - - 9 - f",
		"k)/ 20260101000000 http://k/ a/b 200 D - - 9 8 -",
		"k)/ 20260101000000 http://k/ a/b 200 D - - 9 99999999999999999999 f",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct cdx_row row = {.has_length = false};
		struct flong_error err = {0};
		assert_int_equal(cdx_parse(bytes_of(lines[i]), NULL, &row, &err), FLONG_E_FORMAT);
		assert_non_null(strstr(err.message, "index line"));
	}
}

TEST(refuses_headers_without_columns)
{
	static const char *const headers[] = {"", "CDX N b", " CDX", " CDX  ", "!meta 0 {}",
		" CDX a a a a a a a a a a a a a a a a a a a a a"};
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct cdx_layout layout;
		struct flong_error err = {0};
		assert_int_equal(
			cdx_parse_header(bytes_of(headers[i]), &layout, &err), FLONG_E_FORMAT);
	}
}

RUN_TESTS(CASE(writes_the_bytes_of_cdxj_indexer),
	CASE(what_is_absent_empty_or_spaced_keeps_its_column), CASE(reads_each_number_of_columns),
	CASE(a_header_says_which_column_is_which), CASE(refuses_what_is_no_row),
	CASE(refuses_headers_without_columns))
