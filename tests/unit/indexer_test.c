/* SPDX-License-Identifier: MIT */
/* indexer_test.c - the index rows of WARC files
 *
 * The expected lines are what cdxj-indexer 1.5 prints for the same bytes. */
#include "unit.h"

#include "index_records.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "index/http_summary.h"
#include "index/indexer_time.h"
#include "index/indexer_write.h"

#define DIGEST "WARC-Payload-Digest: sha256:00\r\n"
#define LATIN1_URL "http://example.com/\xfc"

static const struct record odd_records[] = {
	{"warcinfo", NULL, "", "application/warc-fields", "a: b\r\n"},
	{"response", "http://example.com/", DIGEST, "application/http",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\nbody"},
	{"request", "http://example.com/", DIGEST, "application/http", "GET / HTTP/1.1\r\n\r\n"},
	{"revisit", "http://example.com/", DIGEST, "application/http",
		"HTTP/1.1 304 Not Modified\r\n\r\n"},
	{"revisit", "http://example.com/empty", "", "application/http", ""},
	{"resource", "urn:text:x", "", "text/plain;x=y", "text"},
	{"metadata", "http://example.com/m", "", "application/warc-fields", "a: b"},
	{"metadata", "http://example.com/n", "", "application/json", "{}"},
	{"response", "dns:example.com", "", "text/dns", "1.2.3.4"},
	{"response", "http://example.com/chunked", "", "application/http",
		"HTTP/1.1 200\nTransfer-Encoding: chunked\n\n1\nx\n0\n\n"},
	{"response", "http://example.com/nostatus", DIGEST, "application/http",
		"HTTP/1.1\r\nContent-Type:\r\n\r\n"},
	{"response", "<http://example.com/brackets>", DIGEST, "application/http",
		"HTTP/1.0  404   Not\r\ncontent-type :  text/x y\r\nContent-Type: b/b\r\n\r\n"},
	{"response", "http://example.com/blank line", DIGEST, "application/http", "\r\nx"},
	{"response", "http://example.com/\xc3\xbc", DIGEST, "application/http",
		"HTTP/1.1 200 OK\r\nContent-Type:\r\n image/png\r\n"},
	{"response", LATIN1_URL, DIGEST, "application/http", "garbage"},
	{"conversion", "http://example.com/c", "", "text/plain", "text"},
};

#define ROW(key, members, length, offset)                                                          \
	key " 20261123190000 {" members ", \"length\": \"" length "\", \"offset\": \"" offset      \
	    "\", \"filename\": \"odd.warc\"}\n"
static const char odd_lines[] = ROW("com,example)/",
	"\"url\": \"http://example.com/\", \"mime\": \"text/html\", \"status\": \"200\", "
	"\"digest\": \"sha256:00\"",
	"255", "138") ROW("com,example)/",
	"\"url\": \"http://example.com/\", \"mime\": \"warc/revisit\", "
	"\"status\": \"304\", \"digest\": \"sha256:00\"",
	"220", "610") ROW("com,example)/%c3%bc",
	"\"url\": \"http://example.com/\\u00fc\", \"digest\": \"sha256:00\"", "199",
	"2830") ROW("com,example)/%c3%bc",
	"\"url\": \"http://example.com/\\u00fc\", \"mime\": \"\", \"status\": \"200\", "
	"\"digest\": \"sha256:00\"",
	"238", "2588") ROW("com,example)/blank%20line",
	"\"url\": \"http://example.com/blank%20line\", \"digest\": \"sha256:00\"", "204",
	"2380") ROW("com,example)/brackets",
	"\"url\": \"http://example.com/brackets\", \"mime\": \"text/x\", "
	"\"status\": \"404\", \"digest\": \"sha256:00\"",
	"270", "2106") ROW("com,example)/chunked",
	"\"url\": \"http://example.com/chunked\", \"status\": \"200\", "
	"\"digest\": \"sha1:XCQJQHC6RHZUL4LEK6R6SH74YZP2VHP7\"",
	"215", "1656") ROW("com,example)/empty",
	"\"url\": \"http://example.com/empty\", \"mime\": \"warc/revisit\"", "163", "834")
	ROW("com,example)/n",
		"\"url\": \"http://example.com/n\", \"mime\": \"application/json\", "
		"\"digest\": \"sha1:X4Q2T2H3YWRYI35QLNH2BBM6BEL3EIBP\"",
		"162", "1332") ROW("com,example)/nostatus",
		"\"url\": \"http://example.com/nostatus\", \"mime\": \"\", \"status\": \"\", "
		"\"digest\": \"sha256:00\"",
		"227", "1875") ROW("dns:example.com",
		"\"url\": \"dns:example.com\", "
		"\"digest\": \"sha1:BHBVQB52I6UCLEXPRDS5MMCOU2M3RS7C\"",
		"154", "1498") ROW("urn:text:x",
		"\"url\": \"urn:text:x\", \"mime\": \"text/plain\", "
		"\"digest\": \"sha1:G4XKBDFLGPTRYAWGKHN4QOSHJUZMM5XK\"",
		"152", "1001");

static int index_lines(
	const char *path, int digits, bool record_digest, struct buf *out, struct flong_error *err)
{
	const struct indexer_form form = {
		.line = {.digits = digits, .record_digest = record_digest}, .temp_dir = "/tmp"};
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(out);
	return indexer_write(&path, 1, &form, sink, err);
}

TEST(prints_what_cdxj_indexer_prints)
{
	struct buf warc = {0};
	for (size_t i = 0; i < sizeof(odd_records) / sizeof(odd_records[0]); i++) {
		add_record(&warc, &odd_records[i]);
	}
	struct place place = make_place(buf_bytes(&warc));
	struct buf lines = {0};
	struct flong_error err = {0};
	int rc = index_lines(place.path, 14, false, &lines, &err);
	assert_string_equal(err.message, "");
	assert_int_equal(rc, FLONG_OK);
	assert_string_equal(buf_text(&lines), odd_lines);
	buf_clear(&lines);
	buf_clear(&warc);
	remove_place(&place);
}

/* The member of a record, at a known offset. */
static void add_member(struct buf *out, const struct record *record)
{
	struct buf plain = {0};
	add_record(&plain, record);
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(out);
	struct gzip_part part = {.form = GZIP_DEFLATE, .bytes = buf_bytes(&plain)};
	struct flong_error err = {0};
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
	buf_clear(&plain);
}

TEST(a_row_selects_exactly_one_gzip_member_and_its_digest)
{
	struct buf warc = {0};
	add_member(&warc, &odd_records[0]);
	size_t start = warc.len;
	add_member(&warc, &odd_records[1]);
	size_t end = warc.len;
	add_member(&warc, &odd_records[2]);
	struct place place = make_place(buf_bytes(&warc));
	struct digest hash = digest_of(DIGEST_SHA256, bytes_slice(buf_bytes(&warc), start, end));
	char hash_text[DIGEST_TEXT_SIZE];
	digest_format_hex(&hash, hash_text);
	struct buf want = {0};
	buf_addf(&want,
		"com,example)/ 20261123190000999 {\"url\": \"http://example.com/\", "
		"\"mime\": \"text/html\", \"status\": \"200\", \"digest\": \"sha256:00\", "
		"\"length\": \"%zu\", \"offset\": \"%zu\", \"filename\": \"odd.warc\", "
		"\"recordDigest\": \"%s\"}\n",
		end - start, start, hash_text);
	struct buf lines = {0};
	struct flong_error err = {0};
	assert_int_equal(index_lines(place.path, 17, true, &lines, &err), FLONG_OK);
	assert_string_equal(buf_text(&lines), buf_text(&want));
	buf_clear(&want);
	buf_clear(&lines);
	buf_clear(&warc);
	remove_place(&place);
}

TEST(a_head_longer_than_the_first_piece_is_read)
{
	struct buf block = {0};
	buf_add_text(&block, "HTTP/1.1 200 OK\r\nX: ");
	for (size_t i = 0; i < 100000; i++) {
		buf_add_char(&block, 'x');
	}
	buf_add_text(&block, "\r\nContent-Type: text/css\r\n\r\nbody");
	struct record record = {
		"response", "http://example.com/", DIGEST, "application/http", buf_text(&block)};
	struct buf warc = {0};
	add_record(&warc, &record);
	struct place place = make_place(buf_bytes(&warc));
	struct buf lines = {0};
	struct flong_error err = {0};
	assert_int_equal(index_lines(place.path, 14, false, &lines, &err), FLONG_OK);
	assert_non_null(strstr(buf_text(&lines), "\"mime\": \"text/css\", \"status\": \"200\""));
	buf_clear(&lines);
	buf_clear(&warc);
	buf_clear(&block);
	remove_place(&place);
}

TEST(what_cannot_be_indexed_is_named)
{
	const struct {
		struct bytes content;
		int code;
		const char *part;
	} cases[] = {
		{BYTES("WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: soon\r\n"
		       "WARC-Target-URI: http://a/\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
			FLONG_E_FORMAT, "offset 0: WARC-Date 'soon'"},
		{BYTES("WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-11-23T19:00:00Z\r\n"
		       "WARC-Target-URI: http://a/\r\nContent-Length: 9\r\n\r\nHTTP"),
			FLONG_E_FORMAT, "odd.warc"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct place place = make_place(cases[i].content);
		struct buf lines = {0};
		struct flong_error err = {0};
		assert_int_equal(index_lines(place.path, 14, false, &lines, &err), cases[i].code);
		assert_non_null(strstr(err.message, cases[i].part));
		assert_int_equal(lines.len, 0);
		buf_clear(&lines);
		remove_place(&place);
	}
	struct flong_error err = {0};
	struct buf lines = {0};
	assert_int_equal(
		index_lines("/nonexistent.warc", 14, false, &lines, &err), FLONG_E_NOT_FOUND);
	assert_int_equal(index_lines("-", 17, true, &lines, &err), FLONG_E_USAGE);
}

static void count_fault(void *context, const struct flong_error *fault)
{
	assert_non_null(strstr(fault->message, "shares its gzip member"));
	(*(size_t *)context)++;
}

TEST(records_that_share_a_gzip_member_cannot_be_indexed)
{
	struct buf plain = {0};
	add_record(&plain, &odd_records[1]);
	add_record(&plain, &odd_records[3]);
	struct buf warc = {0};
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&warc);
	struct gzip_part part = {.form = GZIP_DEFLATE, .bytes = buf_bytes(&plain)};
	struct flong_error err = {0};
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
	struct place place = make_place(buf_bytes(&warc));
	struct buf lines = {0};
	assert_int_equal(index_lines(place.path, 14, false, &lines, &err), FLONG_E_UNSUPPORTED);
	/* Nor can the last of them, behind which nothing is; it is told of once. */
	size_t faults = 0;
	const struct indexer_form form = {.line = {.digits = 14},
		.temp_dir = "/tmp",
		.fault = count_fault,
		.context = &faults};
	const char *path = place.path;
	SCOPED(sink_closep) struct sink *out = sink_to_buf(&lines);
	assert_int_equal(indexer_write(&path, 1, &form, out, &err), FLONG_OK);
	assert_int_equal(lines.len, 0);
	assert_int_equal(faults, 1);
	buf_clear(&lines);
	buf_clear(&plain);
	buf_clear(&warc);
	remove_place(&place);
}

TEST(dates_are_read_as_cdxj_indexer_reads_them)
{
	const struct {
		const char *date;
		const char *want; /* NULL: none */
	} cases[] = {{"2008-04-30T20:48:25Z", "20080430204825000"},
		{"2008-04-30t20:48:25z", "20080430204825000"},
		{"2008-04-30 20:48:25", "20080430204825000"},
		{"2008-04-30T20:48:25.123456", "20080430204825123"},
		{"2008-04-30T20:48:25.5", "20080430204825500"}, {"2008-4-3", "20080403000000000"},
		{"2008-04-30T22:48:25+02:00", "20080430204825000"}, {"", NULL}, {"soon", NULL},
		{"2008-13-30T20:48:25z", NULL}, {"2008-04-30--20", NULL},
		{"2008-04-30T20:48:25.1.2", NULL}, {"99999-01-01 0", NULL}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = 0;
		bool is_read = indexer_time_parse(bytes_of(cases[i].date), &ms);
		assert_int_equal(is_read, cases[i].want != NULL);
		char digits[CLOCK_DIGITS_SIZE] = "";
		clock_format_digits17(ms, digits);
		assert_string_equal(is_read ? digits : "", is_read ? cases[i].want : "");
	}
}

/* --- requests and their replies --- */

#define GET_HEAD "GET / HTTP/1.1\r\nReferer: http://r/\r\n\r\n"
#define FORM                                                                                       \
	"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"                   \
	"Content-Length: 7\r\n\r\na=x+y&b"
#define REPLY "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nDate: today\r\n\r\n"
#define ID(name) "WARC-Record-ID: <urn:" name ">\r\n"
#define TO(name) "WARC-Concurrent-To: <urn:" name ">\r\n"

/* The key and what comes after the file name, of each line. */
static void assert_rows(const struct record *records, size_t count, const struct indexer_form *form,
	const char *want)
{
	struct buf warc = {0};
	for (size_t i = 0; i < count; i++) {
		add_record(&warc, &records[i]);
	}
	struct place place = make_place(buf_bytes(&warc));
	struct buf lines = {0};
	struct flong_error err = {0};
	const char *path = place.path;
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&lines);
	assert_int_equal(indexer_write(&path, 1, form, sink, &err), FLONG_OK);
	struct buf got = {0};
	struct bytes rest = buf_bytes(&lines);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		buf_add(&got, bytes_slice(line, 0, bytes_find_char(line, ' ', 0)));
		size_t name = bytes_find(line, BYTES("odd.warc\""), 0);
		buf_add(&got, bytes_slice(line, name + 9, line.len));
		buf_add_char(&got, '\n');
	}
	assert_string_equal(buf_text(&got), want);
	buf_clear(&got);
	buf_clear(&lines);
	buf_clear(&warc);
	remove_place(&place);
}

TEST(replies_to_posts_have_keys_of_their_own)
{
	const char *const url = "http://example.com/p";
	const struct record response = {
		"response", url, DIGEST ID("1") TO("2"), "application/http", REPLY};
	const struct record request = {
		"request", url, DIGEST ID("2") TO("1"), "application/http", FORM};
	const struct record other = {
		"request", url, DIGEST ID("3") TO("4"), "application/http", FORM};
	const struct indexer_form form = {.line = {.digits = 14}, .post = true, .temp_dir = "/tmp"};
	const char *const joined = "com,example)/p?__wb_method=post&a=x%20y&b, "
				   "\"requestBody\": \"a=x y&b\", \"method\": \"POST\"}\n";
	assert_rows((const struct record[]){response, request}, 2, &form, joined);
	assert_rows((const struct record[]){request, response}, 2, &form, joined);
	/* Not side by side, or not of each other. */
	const char *const plain = "com,example)/p}\n";
	assert_rows((const struct record[]){response, odd_records[0], request}, 3, &form, plain);
	assert_rows((const struct record[]){response, other}, 2, &form, plain);
	assert_rows((const struct record[]){other, response}, 2, &form, plain);
	/* Without being asked for. */
	const struct indexer_form usual = {.line = {.digits = 14}, .temp_dir = "/tmp"};
	assert_rows((const struct record[]){response, request}, 2, &usual, plain);
}

TEST(further_members_come_from_the_record_and_its_request)
{
	const char *const url = "http://example.com/p";
	const struct record records[] = {
		{"response", url, DIGEST ID("1"), "application/http", REPLY},
		{"request", url, DIGEST ID("2") TO("1"), "application/http", GET_HEAD},
		{"response", url, DIGEST ID("3"), "application/http", REPLY}};
	struct indexer_fields fields = {0};
	struct flong_error err = {0};
	assert_int_equal(indexer_fields_parse("url,method,,referrer,http:DATE,warc-type,method,"
					      "req.http:cookie,nothing",
				 &fields, &err),
		FLONG_OK);
	const struct indexer_form form = {
		.line = {.digits = 14}, .fields = &fields, .temp_dir = "/tmp"};
	assert_rows(records, 3, &form,
		"com,example)/p, \"method\": \"GET\", \"referrer\": \"http://r/\", "
		"\"http:DATE\": \"today\", \"warc-type\": \"response\"}\n"
		"com,example)/p, \"http:DATE\": \"today\", \"warc-type\": \"response\"}\n");
	indexer_fields_clear(&fields);
	struct buf many = {0};
	for (int i = 0; i <= INDEXER_FIELDS_MAX; i++) {
		buf_addf(&many, "f%d,", i);
	}
	assert_int_equal(indexer_fields_parse(buf_text(&many), &fields, &err), FLONG_E_USAGE);
	buf_clear(&many);
}

TEST(any_type_of_record_has_a_row_when_asked_for)
{
	const char *const url = "http://example.com/p";
	const struct record records[] = {odd_records[0],
		{"response", url, DIGEST ID("1"), "application/http", REPLY},
		{"request", url, ID("2") TO("1"), "application/http", FORM}};
	const struct indexer_form all = {
		.line = {.digits = 14}, .records = "all", .temp_dir = "/tmp"};
	assert_rows(records, 3, &all, "-}\ncom,example)/p}\ncom,example)/p}\n");
	const struct indexer_form requests = {.line = {.digits = 14},
		.records = "other,request",
		.post = true,
		.temp_dir = "/tmp"};
	assert_rows(records, 3, &requests, "com,example)/p?__wb_method=post&a=x%20y&b}\n");
}

TEST(heads_of_every_kind_have_a_length)
{
	const struct {
		struct bytes block;
		size_t length;
	} cases[] = {
		{BYTES(""), 0},
		{BYTES("\r\n"), 2},
		{BYTES("HTTP/1.1 200 OK\r\n\r\nbody"), 19},
		{BYTES("HTTP/1.1 200 OK\n\nbody"), 17},
		{BYTES("HTTP/1.1 200 OK\r\nA: b"), 21},
		{BYTES("HTTP/1.1 200 OK\r\n \t\r\nbody"), 21},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(http_summary_of(cases[i].block).length, cases[i].length);
	}
}

RUN_TESTS(CASE(prints_what_cdxj_indexer_prints),
	CASE(a_row_selects_exactly_one_gzip_member_and_its_digest),
	CASE(a_head_longer_than_the_first_piece_is_read), CASE(what_cannot_be_indexed_is_named),
	CASE(records_that_share_a_gzip_member_cannot_be_indexed),
	CASE(dates_are_read_as_cdxj_indexer_reads_them),
	CASE(replies_to_posts_have_keys_of_their_own),
	CASE(further_members_come_from_the_record_and_its_request),
	CASE(any_type_of_record_has_a_row_when_asked_for), CASE(heads_of_every_kind_have_a_length))
