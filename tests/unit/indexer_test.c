/* SPDX-License-Identifier: MIT */
/* indexer_test.c - the index rows of WARC files
 *
 * The expected lines are what cdxj-indexer 1.5 prints for the same bytes. */
#include "unit.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/gzip.h"
#include "index/http_summary.h"
#include "index/indexer_write.h"

#define DIGEST "WARC-Payload-Digest: sha256:00\r\n"
#define LATIN1_URL "http://example.com/\xfc"

struct place {
	char dir[32];
	char *path;
};

static struct place make_place(struct bytes content)
{
	struct place place = {.dir = "/tmp/indexer-XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	place.path = files_join(place.dir, "odd.warc");
	struct flong_error err = {0};
	assert_int_equal(files_replace(place.path, content, &err), FLONG_OK);
	return place;
}

static void remove_place(struct place *place)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
	free(place->path);
}

struct record {
	const char *type;
	const char *uri; /* NULL for none */
	const char *extra;
	const char *media_type;
	const char *block;
};

static void add_record(struct buf *out, const struct record *record)
{
	buf_addf(out, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Date: 2026-11-23T19:00:00.999Z\r\n",
		record->type);
	if (record->uri != NULL) {
		buf_addf(out, "WARC-Target-URI: %s\r\n", record->uri);
	}
	buf_addf(out, "%sContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n", record->extra,
		record->media_type, strlen(record->block), record->block);
}

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
	buf_clear(&lines);
	buf_clear(&plain);
	buf_clear(&warc);
	remove_place(&place);
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
	CASE(heads_of_every_kind_have_a_length))
