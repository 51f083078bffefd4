/* SPDX-License-Identifier: MIT */
/* record_test.c - record heads to the byte, and what may not get into them */
#include "unit.h"

#include "warc/record.h"

static struct flong_error err;
static const int64_t golden_ms = 1795460400123; /* 2026-11-23T19:00:00.123Z */

#define GOLDEN_BLOCK                                                                               \
	"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"         \
	"c\r\n<html>hello \r\n14\r\nchunked world</html>\r\n0\r\n\r\n"
#define GOLDEN_HEAD                                                                                \
	"WARC/1.1\r\n"                                                                             \
	"WARC-Type: response\r\n"                                                                  \
	"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"                      \
	"WARC-Date: 2026-11-23T19:00:00.123Z\r\n"                                                  \
	"WARC-Target-URI: http://example.com/\r\n"                                                 \
	"WARC-IP-Address: 192.0.2.1\r\n"                                                           \
	"WARC-Protocol: http/1.1\r\n"                                                              \
	"WARC-Payload-Digest: sha1:3PFUA27TWXW3DQQ6HDPH76DD7N7B57M2\r\n"                           \
	"WARC-Block-Digest: sha1:45J5UN5UK6ZKAA45GRFL6TFTH5EBN3FP\r\n"                             \
	"Content-Type: application/http;msgtype=response\r\n"                                      \
	"Content-Length: 120\r\n"                                                                  \
	"\r\n"

static struct record_head golden_head(
	const char *id, const struct digest *payload, const struct digest *block)
{
	return (struct record_head){.type = RECORD_RESPONSE,
		.id = id,
		.date_ms = golden_ms,
		.target_uri = "http://example.com/",
		.ip = "192.0.2.1",
		.protocols = {"http/1.1"},
		.payload = payload,
		.block = block,
		.content_type = RECORD_TYPE_RESPONSE,
		.length = 120};
}

TEST(the_golden_record_is_written_to_the_byte)
{
	struct record_ids ids = {.is_counted = true};
	char id[RECORD_ID_SIZE];
	record_ids_next(&ids, id);
	struct digest payload = digest_of(DIGEST_SHA1, BYTES("<html>hello chunked world</html>"));
	struct digest block = digest_of(DIGEST_SHA1, BYTES(GOLDEN_BLOCK));
	struct record_head head = golden_head(id, &payload, &block);
	struct buf out = {0};
	assert_int_equal(record_add_head(&head, &out, &err), FLONG_OK);
	assert_string_equal(buf_text(&out), GOLDEN_HEAD);
	assert_int_equal(out.len, 414);
	buf_add(&out, BYTES(GOLDEN_BLOCK "\r\n\r\n"));
	assert_int_equal(out.len, 538);
	char text[DIGEST_TEXT_SIZE];
	struct digest whole = digest_of(DIGEST_SHA256, buf_bytes(&out));
	digest_format(&whole, text);
	assert_string_equal(
		text, "sha256:da629a932811e27529dee5f1b3d4adce1e7d5dbf945ef854cdcc33df40b09c0a");
	const char *path = "../shared/vectors/golden.warc";
	FILE *file = fopen(path, "rb");
	if (file != NULL) { /* the same vector, when it is at hand */
		char golden[600];
		assert_int_equal(fread(golden, 1, sizeof(golden), file), out.len);
		assert_memory_equal(golden, out.ptr, out.len);
		(void)fclose(file);
	}
	buf_clear(&out);
}

TEST(every_field_has_its_place)
{
	struct digest digest = digest_of(DIGEST_SHA256, BYTES(""));
	struct record_head head = {.type = RECORD_REVISIT,
		.id = "urn:uuid:1",
		.warcinfo_id = "urn:uuid:2",
		.concurrent_to = "urn:uuid:3",
		.date_ms = golden_ms,
		.target_uri = "https://a.example/",
		.ip = "2001:db8::1",
		.protocols = {"http/1.1", "tls/1.3"},
		.cipher = "TLS_AES_128_GCM_SHA256",
		.profile = RECORD_PROFILE_IDENTICAL,
		.refers_to = "urn:uuid:4",
		.refers_to_uri = "https://b.example/",
		.refers_to_date_ms = golden_ms - 123,
		.payload = &digest,
		.block = &digest,
		.truncated = "length",
		.content_type = RECORD_TYPE_RESPONSE,
		.length = 0};
	struct buf out = {0};
	assert_int_equal(record_add_head(&head, &out, &err), FLONG_OK);
#define EMPTY_SHA256 "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r\n"
	assert_string_equal(buf_text(&out),
		"WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
		"WARC-Warcinfo-ID: <urn:uuid:2>\r\nWARC-Concurrent-To: <urn:uuid:3>\r\n"
		"WARC-Date: 2026-11-23T19:00:00.123Z\r\nWARC-Target-URI: https://a.example/\r\n"
		"WARC-IP-Address: 2001:db8::1\r\nWARC-Protocol: http/1.1\r\nWARC-Protocol: "
		"tls/1.3\r\n"
		"WARC-Cipher-Suite: TLS_AES_128_GCM_SHA256\r\n"
		"WARC-Profile: "
		"http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
		"WARC-Refers-To: <urn:uuid:4>\r\nWARC-Refers-To-Target-URI: https://b.example/\r\n"
		"WARC-Refers-To-Date: 2026-11-23T19:00:00.000Z\r\n"
		"WARC-Payload-Digest: " EMPTY_SHA256 "WARC-Block-Digest: " EMPTY_SHA256
		"WARC-Truncated: length\r\nContent-Type: application/http;msgtype=response\r\n"
		"Content-Length: 0\r\n\r\n");
	buf_clear(&out);
}

static void expect(struct record_head head, int code)
{
	struct buf out = {0};
	buf_add_text(&out, "kept");
	assert_int_equal(record_add_head(&head, &out, &err), code);
	if (code != FLONG_OK) {
		assert_string_equal(buf_text(&out), "kept");
	}
	buf_clear(&out);
}

TEST(no_value_can_add_a_line_or_break_one)
{
	static const char *const bad_uris[] = {"http://a.example/\r\nX: y", "http://a.example/ b",
		"http://a.example/\x7f", "http://a.example/\xc3\xa9", "<http://a.example/>",
		"no-scheme", "http://a.example/\tb"};
	struct record_head head = golden_head("urn:uuid:1", NULL, NULL);
	expect(head, FLONG_OK);
	for (size_t i = 0; i < sizeof(bad_uris) / sizeof(bad_uris[0]); i++) {
		struct record_head bad = head;
		bad.target_uri = bad_uris[i];
		expect(bad, FLONG_E_FORMAT);
	}
	static const char *const bad_texts[] = {
		"a\nb", "a\rb", "a\x01", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"};
	for (size_t i = 0; i < sizeof(bad_texts) / sizeof(bad_texts[0]); i++) {
		struct record_head bad = head;
		bad.cipher = bad_texts[i];
		expect(bad, FLONG_E_FORMAT);
		bad = head;
		bad.content_type = bad_texts[i];
		expect(bad, FLONG_E_FORMAT);
	}
}

TEST(a_type_carries_only_its_fields)
{
	struct digest digest = digest_of(DIGEST_SHA256, BYTES("x"));
	struct record_head info = {.type = RECORD_WARCINFO,
		.id = "urn:uuid:1",
		.filename = "a.warc.gz",
		.block = &digest,
		.content_type = RECORD_TYPE_FIELDS,
		.length = 1};
	expect(info, FLONG_OK);
	struct record_head bad = info;
	bad.target_uri = "http://a.example/";
	expect(bad, FLONG_E_USAGE);
	bad = info;
	bad.payload = &digest;
	expect(bad, FLONG_E_USAGE);
	bad = info;
	bad.type = RECORD_METADATA;
	expect(bad, FLONG_E_USAGE); /* has a filename */
	bad.filename = NULL;
	expect(bad, FLONG_OK);
	bad.payload = &digest;
	expect(bad, FLONG_E_USAGE);
	bad = info;
	bad.filename = NULL;
	bad.target_uri = "http://a.example/";
	bad.type = RECORD_RESOURCE;
	expect(bad, FLONG_E_USAGE); /* needs a payload digest */
	bad.payload = &digest;
	expect(bad, FLONG_OK);
	bad.type = RECORD_REVISIT;
	expect(bad, FLONG_E_USAGE); /* needs a profile */
	bad.type = RECORD_CONVERSION;
	bad.ip = "192.0.2.1";
	expect(bad, FLONG_E_USAGE);
	bad.type = RECORD_OTHER;
	expect(bad, FLONG_E_USAGE);
}

TEST(ids_are_random_or_counted)
{
	struct record_ids random = {0};
	struct record_ids counted = {.is_counted = true, .seed = 7};
	char a[RECORD_ID_SIZE];
	char b[RECORD_ID_SIZE];
	record_ids_next(&random, a);
	record_ids_next(&random, b);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), 45);
	assert_int_equal(a[9 + 14], '4');
	assert_non_null(strchr("89ab", a[9 + 19]));
	record_ids_next(&counted, a);
	record_ids_next(&counted, b);
	assert_string_equal(a, "urn:uuid:00000007-0000-4000-8000-000000000001");
	assert_string_equal(b, "urn:uuid:00000007-0000-4000-8000-000000000002");
}

TEST(a_field_line_stays_one_line)
{
	struct buf out = {0};
	record_add_field(&out, "via", BYTES(" http://a.example/\r\nhopsFromSeed: X\xff\xc3\xa9 "));
	record_addf_field(&out, "n", "%d", 5);
	assert_string_equal(
		buf_text(&out), "via: http://a.example/  hopsFromSeed: X?\xc3\xa9\r\nn: 5\r\n");
	buf_clear(&out);
}

RUN_TESTS(CASE(the_golden_record_is_written_to_the_byte), CASE(every_field_has_its_place),
	CASE(no_value_can_add_a_line_or_break_one), CASE(a_type_carries_only_its_fields),
	CASE(ids_are_random_or_counted), CASE(a_field_line_stays_one_line))
