/* SPDX-License-Identifier: MIT */
/* check_set_test.c - what records, rows and pages say of each other */
#include "unit.h"

#include "check_texts.h"

#define RESPONSE                                                                                   \
	"WARC-Date: 2026-11-23T19:00:00.123Z\nWARC-Target-URI: http://a.example/\n"                \
	"Content-Type: application/http;msgtype=response\n"
#define HTTP "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define DIGEST "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N" /* of "hello" */
#define REVISIT                                                                                    \
	"WARC-Date: 2026-11-23T19:00:01.000Z\nWARC-Target-URI: http://b.example/\n"                \
	"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\n"         \
	"WARC-Payload-Digest: " DIGEST "\nWARC-Truncated: length\n"                                \
	"Content-Type: application/http;msgtype=response\n"
#define HEAD "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"

static struct check_texts_found found;
static struct buf file;

static void begin(void)
{
	buf_reset(&file);
	check_texts_add(&file, "warcinfo", "info",
		"WARC-Date: 2026-11-23T19:00:00.123Z\nContent-Type: application/warc-fields\n",
		"software: x\r\n");
}

static const char *run(bool is_whole)
{
	check_texts_run(&file, NULL, NULL, is_whole, &found);
	return buf_text(&found.list);
}

TEST(ids_that_are_named_are_there)
{
	static const struct {
		const char *fields, *alone, *whole;
	} rows[] = {
		{"WARC-Warcinfo-ID: <a:info>\n", "", ""},
		{"WARC-Warcinfo-ID: <a:other>\n", " W-56?@172", " W-56@172"},
		{"WARC-Concurrent-To: <a:info>\nWARC-Concurrent-To: <a:2>\n", "", ""},
		{"WARC-Concurrent-To: <a:info>\nWARC-Concurrent-To: <a:3>\n", " W-56@172",
			" W-56@172"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		SCOPED(buf_clear) struct buf head = {0};
		buf_addf(&head, "%sWARC-Payload-Digest: %s\n%s", RESPONSE, DIGEST, rows[i].fields);
		begin();
		check_texts_add(&file, "response", "1", buf_text(&head), HTTP);
		check_texts_add(&file, "response", "2", RESPONSE, HTTP); /* named before it comes */
		assert_string_equal(run(false), rows[i].alone);
		assert_string_equal(run(true), rows[i].whole);
	}
}

TEST(an_id_that_is_used_twice_is_named_with_its_first_place)
{
	begin();
	check_texts_add(&file, "response", "1", RESPONSE, HTTP);
	check_texts_add(&file, "response", "1", RESPONSE, HTTP);
	assert_string_equal(run(false), " W-04@417");
}

TEST(a_revisit_finds_its_original_or_says_why_not)
{
	static const struct {
		const char *type, *original, *block, *named, *alone, *whole;
		unsigned resolved;
	} rows[] = {
		{"response", RESPONSE "WARC-Payload-Digest: " DIGEST "\n", HTTP,
			"2026-11-23T19:00:00.123Z", "", "", 1},
		{"response", RESPONSE "WARC-Payload-Digest: " DIGEST "\n", HTTP,
			"2026-11-23T19:00:00Z", " W-25@477", " W-25@477", 1},
		{"response", RESPONSE "WARC-Payload-Digest: " DIGEST "\n", HTTP,
			"2026-11-23T19:00:01Z", " W-25?@477", " W-25!@477", 0},
		{"response",
			RESPONSE "WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\n",
			HEAD, "2026-11-23T19:00:00.123Z", " W-16@172 W-25!@472",
			" W-16@172 W-25!@472", 0},
		{"revisit",
			RESPONSE "WARC-Payload-Digest: " DIGEST "\nWARC-Truncated: length\n"
				 "WARC-Refers-To-Target-URI: http://c.example/\n"
				 "WARC-Refers-To-Date: 2026-11-23T18:00:00Z\n"
				 "WARC-Profile: "
				 "http://netpreserve.org/warc/1.1/revisit/"
				 "identical-payload-digest\n",
			HEAD, "2026-11-23T19:00:00.123Z", " W-25?@172 W-25!@664",
			" W-25!@172 W-25!@664", 0},
		{"response", RESPONSE "WARC-Payload-Digest: " DIGEST "\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
			"5\r\nhello\r\n0\r\n\r\n",
			"2026-11-23T19:00:00.123Z", " W-25@496", " W-25@496", 1},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		SCOPED(buf_clear) struct buf head = {0};
		buf_addf(&head,
			REVISIT "WARC-Refers-To-Target-URI: http://a.example/\n"
				"WARC-Refers-To-Date: %s\n",
			rows[i].named);
		begin();
		check_texts_add(&file, rows[i].type, "1", rows[i].original, rows[i].block);
		check_texts_add(&file, "revisit", "2", buf_text(&head), HEAD);
		assert_string_equal(run(false), rows[i].alone);
		assert_string_equal(run(true), rows[i].whole);
		assert_int_equal(found.joined.resolved, rows[i].resolved);
		/* A revisit's own digest is of bytes that are elsewhere. */
		assert_true(found.summary.payloads[CHECK_DIGEST_UNVERIFIABLE] >= 1);
	}
}

TEST(segments_follow_each_other_and_have_the_length_they_say)
{
	static const struct {
		const char *number, *total, *alone, *whole;
	} rows[] = {
		{"2", "10", "", ""},
		{"2", "11", " W-57!@439", " W-57!@439"},
		{"3", "15", " W-57?@439", " W-57!@439"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		SCOPED(buf_clear) struct buf head = {0};
		buf_addf(&head,
			"WARC-Date: 2026-11-23T19:00:00.123Z\nWARC-Target-URI: http://a.example/\n"
			"WARC-Segment-Number: %s\nWARC-Segment-Origin-ID: <a:1>\n"
			"WARC-Segment-Total-Length: %s\n",
			rows[i].number, rows[i].total);
		begin();
		check_texts_add(&file, "resource", "1",
			"WARC-Date: 2026-11-23T19:00:00.123Z\nWARC-Target-URI: http://a.example/\n"
			"WARC-Segment-Number: 1\nContent-Type: text/plain\n"
			"WARC-Payload-Digest: " DIGEST "\n",
			"hello");
		check_texts_add(&file, "continuation", "2", buf_text(&head), "world");
		assert_string_equal(run(false), rows[i].alone);
		assert_string_equal(run(true), rows[i].whole);
		/* The digest of the whole is not that of the first part. */
		assert_int_equal(found.summary.payloads[CHECK_DIGEST_UNVERIFIABLE], 1);
	}
}

#define ROW(ts, url, more)                                                                         \
	"example,a)/ " ts " {\"url\": \"" url "\", \"digest\": \"" DIGEST "\", " more "}\n"
#define TS "20261123190000123"
#define PLACE "\"length\": \"305\", \"offset\": \"172\", \"filename\": \"a.warc\""
#define GOOD ROW(TS, "http://a.example/", PLACE)

TEST(rows_open_the_records_they_name)
{
	static const struct {
		const char *index, *found;
	} rows[] = {
		{GOOD, ""},
		{ROW("20261123190000", "http://a.example/", PLACE), ""},
		{ROW(TS, "http://a.example/",
			 "\"length\": 301, \"offset\": 172, \"filename\": \"a.warc\""),
			" W-30?#1"},
		{ROW("20261123190001", "http://a.example/", PLACE), " W-31!#1"},
		{ROW("20261123190000124", "http://a.example/", PLACE), " W-31!#1"},
		{ROW("2026112319", "http://a.example/", PLACE), " W-30!#1 W-60!@172"},
		{ROW("20261323190000", "http://a.example/", PLACE), " W-31!#1 W-31!#1"},
		{ROW(TS, "http://b.example/", PLACE), " W-65#1 W-34!#1"},
		{ROW(TS, "http://a.example/",
			 "\"length\": \"300\", \"offset\": \"172\", \"filename\": \"a.warc\""),
			" W-34!#1"},
		{ROW(TS, "http://a.example/",
			 "\"length\": \"305\", \"offset\": \"173\", \"filename\": \"a.warc\""),
			" W-60!@172 W-34!#1"},
		{ROW(TS, "http://a.example/",
			 "\"length\": \"172\", \"offset\": \"0\", \"filename\": \"a.warc\""),
			" W-60!@172 W-34!#1"},
		{ROW(TS, "http://a.example/",
			 "\"length\": \"305\", \"offset\": \"172\", \"filename\": \"b.warc\""),
			" W-60!@172 W-34!#1"},
		{ROW(TS, "http://a.example/",
			 "\"length\": \"305\", \"offset\": \"172\", \"filename\": \"../a.warc\""),
			" W-61!#1 W-60!@172 W-34!#1"},
		{ROW(TS, "http://a.example/",
			 "\"length\": \"305\", \"offset\": \"172\", \"filename\": \"x/a.warc\""),
			" W-61#1 W-60!@172 W-34!#1"},
		{"example,a)/ " TS " {\"url\": \"http://a.example/\", \"digest\": "
		 "\"sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\", " PLACE "}\n",
			" W-34!#1"},
		{"example,a)/ " TS " {\"url\": \"http://a.example/\", \"digest\": "
		 "\"VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N\", " PLACE "}\n",
			""},
		{"!meta 0 {}\n" GOOD, ""},
		{" CDX N b a m s k r M S V g\nexample,a)/ 20261123190000 http://a.example/ "
		 "text/html "
		 "200 VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N - - 305 172 a.warc\n",
			""},
		{" CDX N b a m s k r M S V g\nexample,a)/ 20261123190000 http://a.example/ x\n",
			" W-30!#2 W-60!@172"},
		{GOOD GOOD, " W-32#2"},
		{GOOD "b)/ " TS " {}\n", " W-32!#2 W-30!#2"},
		{GOOD "no line\n", " W-30!#2"},
		{"", " W-60!@172"},
	};
	begin();
	check_texts_add(&file, "response", "1", RESPONSE "WARC-Payload-Digest: " DIGEST "\n", HTTP);
	assert_int_equal(file.len, 172 + 305);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_texts_run(&file, rows[i].index, NULL, true, &found);
		if (strcmp(buf_text(&found.list), rows[i].found) != 0) {
			print_message("# row %zu\n", i);
		}
		assert_string_equal(buf_text(&found.list), rows[i].found);
	}
}

TEST(pages_are_in_the_index)
{
#define HEADER "{\"format\": \"json-pages-1.0\", \"id\": \"pages\"}\n"
	static const struct {
		const char *pages, *found;
	} rows[] = {
		{HEADER "{\"url\": \"http://a.example/\", \"ts\": \"2026-11-23T19:00:00.123Z\"}\n",
			""},
		{HEADER "{\"url\": \"http://a.example/#x\", \"ts\": \"2026-11-23T19:00:00Z\"}\n",
			""},
		{HEADER "{\"url\": \"http://a.example/\", \"ts\": \"2026-11-23T19:00:01Z\"}\n",
			" W-41#2"},
		{HEADER "{\"url\": \"http://a.example/\", \"ts\": \"2025-11-23T19:00:01Z\"}\n",
			" W-41#2"},
		{HEADER "{\"url\": \"http://b.example/\", \"ts\": \"2026-11-23T19:00:00Z\"}\n",
			" W-41!#2"},
		{HEADER "{\"url\": \"http://a.example/\"}\n", " W-41!#2"},
		{HEADER "{\"ts\": \"2026-11-23T19:00:00Z\"}\n", " W-41!#2"},
		{HEADER "[]\n{\n", " W-41!#2 W-41!#3"},
		{HEADER "\n", " W-41#2"},
		{"{\"format\": \"json-pages-1.0\"}\n", " W-41#1"},
		{"{\"url\": \"http://a.example/\", \"ts\": \"2026-11-23T19:00:00Z\"}\n",
			" W-41!#1"},
		{"", " W-41!#1"},
	};
	begin();
	check_texts_add(&file, "response", "1", RESPONSE "WARC-Payload-Digest: " DIGEST "\n", HTTP);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_texts_run(&file, GOOD, rows[i].pages, true, &found);
		if (strcmp(buf_text(&found.list), rows[i].found) != 0) {
			print_message("# row %zu\n", i);
		}
		assert_string_equal(buf_text(&found.list), rows[i].found);
	}
}

TEST(a_line_without_end_is_given_up)
{
	SCOPED(buf_clear) struct buf index = {0};
	for (size_t i = 0; i < ((size_t)3 << 20); i++) {
		buf_add_char(&index, 'x');
	}
	buf_add_text(&index, "\n" GOOD);
	check_texts_run(NULL, buf_text(&index), NULL, false, &found);
	assert_string_equal(buf_text(&found.list), " W-53!#1 W-34!#2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(ids_that_are_named_are_there),
		CASE(an_id_that_is_used_twice_is_named_with_its_first_place),
		CASE(a_revisit_finds_its_original_or_says_why_not),
		CASE(segments_follow_each_other_and_have_the_length_they_say),
		CASE(rows_open_the_records_they_name), CASE(pages_are_in_the_index),
		CASE(a_line_without_end_is_given_up)};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_clear(&file);
	buf_clear(&found.list);
	return rc;
}
