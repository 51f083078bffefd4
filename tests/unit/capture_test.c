/* SPDX-License-Identifier: MIT */
/* capture_test.c - an exchange becomes records and an exchange again */
#include "unit.h"

#include "base/alloc.h"
#include "exchanges.h"
#include "warc/capture.h"

static struct flong_error err;

#define CHUNKED_HEAD                                                                               \
	"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
#define CHUNKED_BODY "c\r\n<html>hello \r\n14\r\nchunked world</html>\r\n0\r\n\r\n"
#define PLAIN_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"

/* What a test composes, and the plain bytes of it. */
struct fixture {
	struct exchange *exchange;
	struct capture_digests digests;
	struct record_ids ids;
	struct capture_options options;
	struct capture_group group;
	struct buf file;
};

static void set_up(struct fixture *f, struct exchange *exchange_take)
{
	*f = (struct fixture){.exchange = exchange_take, .ids = {.is_counted = true}};
	f->options = (struct capture_options){.algorithm = DIGEST_SHA256, .ids = &f->ids};
	f->file = buf_with_max((size_t)64 << 20);
}

static int compose(
	struct fixture *f, const struct capture_original *original, struct deflater *deflater)
{
	f->options.ids = &f->ids;
	f->options.original = original;
	int rc = capture_digest(f->exchange, f->options.algorithm, &f->digests, &err);
	if (rc == FLONG_OK) {
		rc = capture_compose(
			f->exchange, &f->digests, &f->options, deflater, &f->group, &err);
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&f->file);
	for (size_t i = 0; rc == FLONG_OK && i < f->group.count; i++) {
		size_t before = f->file.len;
		rc = member_write(&f->group.members[i], sink, &err);
		assert_int_equal(f->file.len - before, f->group.members[i].stored_bytes);
	}
	return rc;
}

static void tear_down(struct fixture *f)
{
	capture_group_clear(&f->group);
	exchange_close(f->exchange);
	buf_clear(&f->file);
}

static struct exchange *make(const char *head, const char *body)
{
	return exchanges_make(
		"http://example.com/", bytes_of(head), bytes_of(body), 1 << 20, SPOOL_DEFLATED);
}

TEST(the_golden_exchange_gives_the_golden_record)
{
	struct fixture f;
	set_up(&f, make(CHUNKED_HEAD, CHUNKED_BODY));
	f.options.algorithm = DIGEST_SHA1;
	assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
	assert_int_equal(f.group.count, 2);
	assert_int_equal(f.group.members[0].stored_bytes, 538);
	char text[DIGEST_TEXT_SIZE];
	struct digest digest = digest_of(DIGEST_SHA256, bytes_slice(buf_bytes(&f.file), 0, 538));
	digest_format(&digest, text);
	assert_string_equal(
		text, "sha256:da629a932811e27529dee5f1b3d4adce1e7d5dbf945ef854cdcc33df40b09c0a");
	assert_int_equal(f.digests.payload_bytes, 32);
	assert_int_equal(f.digests.block_bytes, 120);
	tear_down(&f);
}

TEST(the_request_follows_its_response_and_names_it)
{
	struct fixture f;
	set_up(&f, make(PLAIN_HEAD, "hello"));
	f.exchange->connection.is_tls = true;
	(void)snprintf(f.exchange->connection.tls_version,
		sizeof(f.exchange->connection.tls_version), "tls/1.3");
	(void)snprintf(f.exchange->connection.tls_cipher, sizeof(f.exchange->connection.tls_cipher),
		"TLS_AES_128_GCM_SHA256");
	f.options.warcinfo_id = "urn:uuid:info";
	f.options.metadata = BYTES("via: http://a.example/\r\n");
	assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
	const char *text = buf_text(&f.file) + f.group.members[0].stored_bytes;
	static const char start[] =
		"WARC/1.1\r\nWARC-Type: request\r\n"
		"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
		"WARC-Warcinfo-ID: <urn:uuid:info>\r\n"
		"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
		"WARC-Date: 2026-11-23T19:00:00.123Z\r\nWARC-Target-URI: http://example.com/\r\n"
		"WARC-IP-Address: 192.0.2.1\r\nWARC-Protocol: http/1.1\r\nWARC-Protocol: "
		"tls/1.3\r\n"
		"WARC-Cipher-Suite: TLS_AES_128_GCM_SHA256\r\nWARC-Block-Digest: sha256:";
	assert_memory_equal(text, start, sizeof(start) - 1);
	assert_non_null(strstr(text, EXCHANGES_REQUEST "\r\n\r\nWARC/1.1\r\nWARC-Type: metadata"));
	assert_non_null(strstr(text, "\r\n\r\nvia: http://a.example/\r\n\r\n\r\n"));
	assert_string_equal(f.group.members[0].mime, "text/html");
	assert_string_equal(f.group.members[0].status, "200");
	assert_string_equal(f.group.members[0].digest,
		"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
	tear_down(&f);
}

/* Reads the records back into an exchange and compares everything that records carry. */
static void read_back(struct fixture *f)
{
	struct reader *reader = NULL;
	assert_int_equal(
		reader_create(source_from_bytes(buf_bytes(&f->file)), 0, "f", &reader, &err),
		FLONG_OK);
	struct exchange *back = NULL;
	const struct reader_record *record;
	for (size_t i = 0; i < f->group.count; i++) {
		assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
		assert_int_equal(record->type, f->group.members[i].type);
		int rc = FLONG_OK;
		if (i == 0) {
			rc = capture_read(reader, record, "/tmp", &back, &err);
		} else if (record->type == RECORD_REQUEST) {
			rc = capture_read_request(reader, back, &err);
		} else {
			rc = capture_read_metadata(reader, back, &err);
		}
		assert_int_equal(rc, FLONG_OK);
		assert_int_equal(reader_finish(reader, &err), FLONG_OK);
		assert_int_equal(record->oddities, 0);
		assert_int_equal(record->length, f->group.members[i].stored_bytes);
	}
	assert_int_equal(reader_next(reader, &record, &err), FLONG_END);
	const struct exchange *was = f->exchange;
	assert_string_equal(back->url, was->url);
	assert_int_equal(back->started_ms, was->started_ms);
	assert_true(bytes_equal(buf_bytes(&back->request), buf_bytes(&was->request)));
	assert_true(bytes_equal(buf_bytes(&back->interim), buf_bytes(&was->interim)));
	assert_string_equal(back->connection.ip, was->connection.ip);
	assert_string_equal(back->connection.tls_version, was->connection.tls_version);
	assert_string_equal(back->connection.tls_cipher, was->connection.tls_cipher);
	assert_int_equal(back->truncated, was->truncated);
	assert_int_equal(back->outcome, was->outcome);
	assert_string_equal(back->reason, was->reason);
	struct capture_digests digests;
	assert_int_equal(capture_digest(back, DIGEST_SHA256, &digests, &err), FLONG_OK);
	assert_true(digest_equal(&digests.block, &f->digests.block));
	if (f->group.members[0].type == RECORD_RESPONSE) {
		assert_true(bytes_equal(buf_bytes(&back->head), buf_bytes(&was->head)));
		assert_true(digest_equal(&digests.payload, &f->digests.payload));
		assert_int_equal(digests.payload_bytes, f->digests.payload_bytes);
	}
	exchange_close(back);
	reader_close(reader);
}

TEST(every_kind_of_body_comes_back)
{
	enum { SIZE = 300000 };
	char *body = alloc_zeroed(SIZE, 1);
	for (size_t i = 0; i < SIZE; i++) {
		body[i] = (char)((i * i) >> 7);
	}
	static const enum spool_form forms[] = {SPOOL_PLAIN, SPOOL_DEFLATED, SPOOL_STORED};
	static const char *const heads[] = {PLAIN_HEAD,
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/css\r\n\r\n",
		"HTTP/1.0 404 Not Found\r\nContent-Type: image/jpeg\r\n\r\n"};
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	for (int i = 0; i < 3 * 3 * 2 * 2; i++) {
		size_t memory_max = (i / 9) % 2 == 0 ? SIZE : 1000;
		struct fixture f;
		set_up(&f, exchanges_make("http://example.com/", bytes_of(heads[i % 3]),
				   bytes_from(body, SIZE), memory_max, forms[(i / 3) % 3]));
		assert_int_equal(compose(&f, NULL, i / 18 == 0 ? deflater : NULL), FLONG_OK);
		read_back(&f);
		tear_down(&f);
	}
	free(body);
}

TEST(a_compressed_body_is_stored_and_a_plain_one_deflated)
{
	char body[20000];
	memset(body, 'x', sizeof(body));
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	for (int is_gzip = 0; is_gzip < 2; is_gzip++) {
		struct fixture f;
		const char *head = is_gzip ? "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
					   : "HTTP/1.1 200 OK\r\n\r\n";
		set_up(&f, exchanges_make("http://example.com/", bytes_of(head),
				   bytes_from(body, sizeof(body)), 1 << 20, SPOOL_DEFLATED));
		assert_int_equal(compose(&f, NULL, deflater), FLONG_OK);
		size_t at = bytes_find(buf_bytes(&f.file), bytes_from(body, 10000), 0);
		assert_int_equal(at != SIZE_MAX, is_gzip);
		tear_down(&f);
	}
}

TEST(interim_replies_go_to_the_metadata)
{
	struct fixture f;
	set_up(&f, make(PLAIN_HEAD, "hello"));
	buf_add_text(&f.exchange->interim,
		"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Go\r\n\r\n");
	assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
	assert_int_equal(f.group.count, 3);
	assert_non_null(strstr(buf_text(&f.file),
		"\r\n\r\nhttp-1xx: 103 Early Hints\r\nhttp-1xx: 100 Go\r\nhttp-1xx-base64: "));
	assert_null(strstr(buf_text(&f.file), "Link:"));
	read_back(&f);
	tear_down(&f);
	set_up(&f, make("", "")); /* nothing but an interim reply came */
	buf_add_text(&f.exchange->interim, "HTTP/1.1 103 Early Hints\r\n\r\n");
	assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
	assert_int_equal(f.group.count, 2);
	assert_int_equal(f.group.members[0].type, RECORD_REQUEST);
	assert_int_equal(f.group.members[1].type, RECORD_METADATA);
	tear_down(&f);
}

TEST(a_failure_is_kept_with_its_reason)
{
	struct fixture f;
	set_up(&f, make("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "short"));
	f.exchange->truncated = TRUNCATED_DISCONNECT;
	f.exchange->outcome = EXCHANGE_DISCONNECT;
	(void)snprintf(
		f.exchange->reason, sizeof(f.exchange->reason), "closed after 5 of 100 bytes");
	assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
	assert_non_null(strstr(buf_text(&f.file), "WARC-Truncated: disconnect\r\n"));
	assert_non_null(strstr(buf_text(&f.file),
		"outcome: disconnect\r\nreason: closed after 5 of 100 bytes\r\n"));
	read_back(&f);
	tear_down(&f);
}

TEST(no_bytes_give_no_records)
{
	struct fixture f;
	set_up(&f, make("", ""));
	assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
	assert_int_equal(f.group.count, 0);
	tear_down(&f);
}

TEST(what_is_not_http_is_kept_as_a_resource)
{
	static const char *const heads[] = {
		"", "ICY 200 OK\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n"};
	for (size_t i = 0; i < 3; i++) {
		struct fixture f;
		set_up(&f, make(heads[i], "<html>old</html>"));
		f.exchange->outcome = EXCHANGE_PROTOCOL;
		assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
		assert_int_equal(f.group.members[0].type, RECORD_RESOURCE);
		assert_int_equal(f.group.members[1].type, RECORD_REQUEST);
		assert_string_equal(f.group.members[0].mime, "application/octet-stream");
		assert_string_equal(f.group.members[0].status, "");
		read_back(&f);
		tear_down(&f);
	}
}

static struct capture_original original_of(char *url, char *encoding)
{
	return (struct capture_original){url, EXCHANGES_MS - 1000, "urn:uuid:original", encoding};
}

TEST(a_revisit_keeps_the_head_and_names_the_original)
{
	char body[2000];
	memset(body, 'r', sizeof(body));
	char url[] = "http://a.example/";
	struct capture_original original = original_of(url, NULL);
	struct fixture f;
	set_up(&f, exchanges_make("http://example.com/", BYTES(PLAIN_HEAD),
			   bytes_from(body, sizeof(body)), 1 << 20, SPOOL_DEFLATED));
	assert_int_equal(compose(&f, &original, NULL), FLONG_OK);
	assert_int_equal(f.group.members[0].type, RECORD_REVISIT);
	assert_string_equal(f.group.members[0].mime, "warc/revisit");
	assert_string_equal(f.group.members[0].status, "200");
	const char *text = buf_text(&f.file);
	assert_non_null(strstr(text, "WARC-Refers-To: <urn:uuid:original>\r\n"
				     "WARC-Refers-To-Target-URI: http://a.example/\r\n"
				     "WARC-Refers-To-Date: 2026-11-23T18:59:59.123Z\r\n"
				     "WARC-Payload-Digest: sha256:"));
	assert_non_null(strstr(text, "WARC-Truncated: length\r\n"));
	assert_non_null(strstr(text, "\r\n\r\n" PLAIN_HEAD "\r\n\r\nWARC/1.1\r\n"));
	assert_null(strstr(text, "rrrr"));
	tear_down(&f);
}

TEST(a_revisit_is_refused_where_it_would_break_replay)
{
	char body[3000];
	memset(body, 'r', sizeof(body));
	char url[] = "http://a.example/";
	char own_url[] = "http://example.com/";
	char chunked[] = "chunked";
	static const char redirect[] = "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n";
	struct {
		const char *head;
		size_t length;
		bool is_truncated, is_failed;
		struct capture_original original;
	} rows[] = {
		{PLAIN_HEAD, 1023, false, false, original_of(url, NULL)},
		{PLAIN_HEAD, 0, false, false, original_of(url, NULL)},
		{redirect, 3000, false, false, original_of(url, NULL)},
		{PLAIN_HEAD, 3000, true, false, original_of(url, NULL)},
		{PLAIN_HEAD, 3000, false, true, original_of(url, NULL)},
		{PLAIN_HEAD, 3000, false, false, original_of(url, chunked)},
		{PLAIN_HEAD, 3000, false, false, original_of(own_url, NULL)},
	};
	rows[6].original.date_ms = EXCHANGES_MS; /* the same capture */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture f;
		set_up(&f, exchanges_make("http://example.com/", bytes_of(rows[i].head),
				   bytes_from(body, rows[i].length), 1 << 20, SPOOL_DEFLATED));
		f.exchange->truncated = rows[i].is_truncated ? TRUNCATED_TIME : TRUNCATED_NOT;
		f.exchange->outcome = rows[i].is_failed ? EXCHANGE_PROTOCOL : EXCHANGE_OK;
		assert_int_equal(compose(&f, &rows[i].original, NULL), FLONG_OK);
		assert_int_equal(f.group.members[0].type, RECORD_RESPONSE);
		tear_down(&f);
	}
}

TEST(secrets_leave_the_request_when_asked)
{
	struct fixture f;
	static const char *const names[] = {"cookie", NULL};
	set_up(&f, make(PLAIN_HEAD, "hello"));
	buf_reset(&f.exchange->request);
	buf_add_text(&f.exchange->request,
		"GET / HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic c2VjcmV0\r\n folded\r\n"
		"Cookie: a=secret;\r\n b=secret\r\nAccept: */*\r\n\r\nbody");
	f.options.redact = names;
	assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
	const char *text = buf_text(&f.file);
	assert_non_null(strstr(text,
		"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nCookie: [redacted]\r\nAccept: */*\r\n\r\nbody"
		"\r\n\r\nWARC/1.1"));
	assert_non_null(strstr(text, "redacted: Proxy-Authorization\r\nredacted: Cookie\r\n"));
	assert_null(strstr(text, "secret"));
	assert_null(strstr(text, "c2VjcmV0"));
	tear_down(&f);
}

TEST(only_the_secret_part_of_a_field_is_replaced)
{
	static const struct {
		const char *sent, *kept;
	} cases[] = {
		{"sid=abc", "sid=[redacted]"},
		{"a=1; sid=abc; b=2", "a=1; sid=[redacted]; b=2"},
		{"sid=abc;sid=abc", "sid=[redacted];sid=[redacted]"},
		{"xsid=abc; sid=abcd; sid=ab", NULL},
		{"b=secret two", "b=[redacted]"},
		{"empty=", NULL},
	};
	static const char *const names[] = {
		"Cookie: sid=abc", "cookie: empty=", "X-Key: sid=ab", "Cookie: b=secret two", NULL};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;
		struct buf request = {0};
		struct buf wanted = {0};
		set_up(&f, make(PLAIN_HEAD, "x"));
		buf_addf(&request, "GET / HTTP/1.1\r\nCookie: %s\r\n\r\n", cases[i].sent);
		buf_reset(&f.exchange->request);
		buf_add(&f.exchange->request, buf_bytes(&request));
		f.options.redact = names;
		const char *kept = cases[i].kept == NULL ? cases[i].sent : cases[i].kept;
		buf_addf(&wanted, "\r\nCookie: %s\r\n\r\n", kept);
		assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
		if (strstr(buf_text(&f.file), buf_text(&wanted)) == NULL ||
			(strstr(buf_text(&f.file), "redacted: Cookie") != NULL) !=
				(cases[i].kept != NULL)) {
			fail_msg("%s: %s", cases[i].sent, buf_text(&f.file));
		}
		buf_clear(&request);
		buf_clear(&wanted);
		tear_down(&f);
	}
}

TEST(a_url_cannot_inject_a_field)
{
	struct fixture f;
	set_up(&f, exchanges_make("http://example.com/\r\nWARC-Type: warcinfo", BYTES(PLAIN_HEAD),
			   BYTES("x"), 100, SPOOL_PLAIN));
	assert_int_equal(compose(&f, NULL, NULL), FLONG_E_FORMAT);
	assert_int_equal(f.group.count, 0);
	tear_down(&f);
}

TEST(the_same_input_gives_the_same_bytes)
{
	struct buf first = {0};
	for (int round = 0; round < 2; round++) {
		SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
		struct fixture f;
		set_up(&f, make(CHUNKED_HEAD, CHUNKED_BODY));
		f.exchange->times.total_us = round * 1000000;
		f.options.omit_times = true;
		assert_int_equal(compose(&f, NULL, deflater), FLONG_OK);
		if (round == 0) {
			buf_add(&first, buf_bytes(&f.file));
		}
		assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&f.file)));
		tear_down(&f);
	}
	buf_clear(&first);
}

TEST(broken_chunking_has_the_digest_of_what_players_show)
{
	static const struct {
		const char *body, *payload;
	} rows[] = {{"5\r\nhello\r\n0\r\n\r\n", "hello"},
		{"5;a=b\r\nhello\r\n0\r\nT: 1\r\n\r\n", "hello"}, {"5\r\nhel", "hel"},
		{"not chunked at all", "not chunked at all"}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture f;
		set_up(&f, make(CHUNKED_HEAD, rows[i].body));
		assert_int_equal(compose(&f, NULL, NULL), FLONG_OK);
		struct digest wanted = digest_of(DIGEST_SHA256, bytes_of(rows[i].payload));
		assert_true(digest_equal(&f.digests.payload, &wanted));
		assert_int_equal(
			f.digests.block_bytes, sizeof(CHUNKED_HEAD) - 1 + strlen(rows[i].body));
		read_back(&f);
		tear_down(&f);
	}
}

TEST(a_certificate_chain_becomes_one_metadata_record)
{
	struct fixture f;
	set_up(&f, exchanges_make("https://example.com:8443/a?b", BYTES(PLAIN_HEAD), BYTES("x"),
			   100, SPOOL_PLAIN));
	assert_int_equal(
		capture_compose_chain(f.exchange, &f.options, NULL, &f.group, &err), FLONG_OK);
	assert_int_equal(f.group.count, 0);
	f.exchange->chain_pem =
		alloc_copy("-----BEGIN CERTIFICATE-----\nAAAA\nBBB=\n-----END CERTIFICATE-----\n"
			   "-----BEGIN CERTIFICATE-----\nCCCC\n-----END CERTIFICATE-----\n");
	assert_int_equal(
		capture_compose_chain(f.exchange, &f.options, NULL, &f.group, &err), FLONG_OK);
	assert_int_equal(f.group.count, 1);
	assert_string_equal(f.group.members[0].url, "https://example.com:8443/");
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&f.file);
	assert_int_equal(member_write(&f.group.members[0], sink, &err), FLONG_OK);
	assert_non_null(strstr(buf_text(&f.file),
		"\r\n\r\ntls-certificate: AAAABBB=\r\ntls-certificate: CCCC\r\n\r\n\r\n"));
	tear_down(&f);
}

RUN_TESTS(CASE(the_golden_exchange_gives_the_golden_record),
	CASE(the_request_follows_its_response_and_names_it), CASE(every_kind_of_body_comes_back),
	CASE(a_compressed_body_is_stored_and_a_plain_one_deflated),
	CASE(interim_replies_go_to_the_metadata), CASE(a_failure_is_kept_with_its_reason),
	CASE(no_bytes_give_no_records), CASE(what_is_not_http_is_kept_as_a_resource),
	CASE(a_revisit_keeps_the_head_and_names_the_original),
	CASE(a_revisit_is_refused_where_it_would_break_replay),
	CASE(secrets_leave_the_request_when_asked),
	CASE(only_the_secret_part_of_a_field_is_replaced), CASE(a_url_cannot_inject_a_field),
	CASE(the_same_input_gives_the_same_bytes),
	CASE(broken_chunking_has_the_digest_of_what_players_show),
	CASE(a_certificate_chain_becomes_one_metadata_record))
