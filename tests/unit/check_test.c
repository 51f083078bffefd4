/* SPDX-License-Identifier: MIT */
/* check_test.c - each rule of the checker finds its fault, and a good file has none */
#include "unit.h"

#include <unistd.h>

#include "base/files.h"
#include "base/gzip.h"
#include "exchanges.h"
#include "warc/capture.h"
#include "warc/check.h"

static struct flong_error err;
static char path[] = "/tmp/check-XXXXXX";

/* What a check found: " W-12@345" for each finding. */
static void list_finding(void *context, const struct check_finding *finding)
{
	buf_addf(context, " %s%s", finding->rule,
		finding->severity == CHECK_ERROR     ? "!"
		: finding->severity == CHECK_WARNING ? ""
						     : "?");
}

static void check_bytes(struct bytes file, bool is_ours, struct buf *found)
{
	struct check_options options = {.is_ours = is_ours, .name = "a.warc"};
	struct check_hooks hooks = {.finding = list_finding, .context = found};
	struct check_summary summary;
	assert_int_equal(files_replace(path, file, &err), FLONG_OK);
	assert_int_equal(check_file(path, &options, &hooks, &summary, &err), FLONG_OK);
	assert_int_equal(summary.errors > 0, bytes_find_char(buf_bytes(found), '!', 0) != SIZE_MAX);
}

/* A good file of a warcinfo, a chunked response, its request and metadata, and a revisit. */
static void make_file(struct buf *file)
{
	struct record_ids ids = {.is_counted = true};
	struct capture_options options = {
		.algorithm = DIGEST_SHA256, .ids = &ids, .metadata = BYTES("hopsFromSeed: L\r\n")};
	struct capture_single info = {.type = RECORD_WARCINFO,
		.date_ms = EXCHANGES_MS,
		.block = BYTES("format: WARC File Format 1.1\r\n"),
		.filename = "a.warc"};
	struct capture_group group = {0};
	struct capture_group info_group = {0};
	assert_int_equal(
		capture_compose_record(&info, &options, NULL, &info_group, &err), FLONG_OK);
	options.warcinfo_id = info_group.members[0].id;
	char body[2048];
	memset(body, 'b', sizeof(body));
	char url[] = "http://b.example/";
	struct capture_original original = {url, EXCHANGES_MS - 5, "urn:uuid:x", NULL};
	for (int i = 0; i < 2; i++) {
		struct bytes head =
			i == 0 ? BYTES("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			       : BYTES("HTTP/1.1 200 OK\r\nContent-Length: 2048\r\n\r\n");
		struct exchange *exchange = exchanges_make("http://a.example/", head,
			i == 0 ? BYTES("5\r\nhello\r\n0\r\n\r\n") : bytes_from(body, 2048), 4096,
			SPOOL_PLAIN);
		struct capture_digests digests;
		assert_int_equal(capture_digest(exchange, DIGEST_SHA256, &digests, &err), FLONG_OK);
		options.original = i == 0 ? NULL : &original;
		assert_int_equal(capture_compose(exchange, &digests, &options, NULL, &group, &err),
			FLONG_OK);
		exchange_close(exchange);
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(file);
	assert_int_equal(member_write(&info_group.members[0], sink, &err), FLONG_OK);
	for (size_t i = 0; i < group.count; i++) {
		assert_int_equal(member_write(&group.members[i], sink, &err), FLONG_OK);
	}
	capture_group_clear(&group);
	capture_group_clear(&info_group);
}

TEST(a_good_file_has_no_findings)
{
	struct buf file = {0};
	struct buf found = {0};
	make_file(&file);
	check_bytes(buf_bytes(&file), true, &found);
	assert_string_equal(buf_text(&found), "");
	check_bytes(buf_bytes(&file), false, &found);
	assert_string_equal(buf_text(&found), "");
	buf_clear(&file);
	buf_clear(&found);
}

/* Replaces the n-th `from` (0: first) by `to`. */
static void replace(struct buf *file, const char *from, const char *to, int n)
{
	struct bytes all = buf_bytes(file);
	size_t at = bytes_find(all, bytes_of(from), 0);
	for (int i = 0; i < n; i++) {
		at = bytes_find(all, bytes_of(from), at + 1);
	}
	assert_true(at != SIZE_MAX);
	struct buf changed = {0};
	buf_add(&changed, bytes_slice(all, 0, at));
	buf_add_text(&changed, to);
	buf_add(&changed, bytes_slice(all, at + strlen(from), all.len));
	buf_clear(file);
	*file = changed;
}

TEST(every_fault_is_found_by_its_rule)
{
	static const struct {
		const char *from, *to;
		int n; /* of the occurrences, from 0 */
		const char *ours, *theirs;
	} rows[] = {
		{"hello", "hellO", 0, " W-12! W-13!", " W-12! W-13!"},
		{"WARC-Type: response\r\n", "", 0, " W-02! W-07! W-07!", " W-02!"},
		{"WARC-Type: response\r\n", "WARC-Type: reply\r\n", 0, " W-59 W-07! W-07!",
			" W-59"},
		{"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n", "", 0,
			" W-02! W-07! W-07!", " W-02!"},
		{"8000-000000000003>", "8000-000000000002>", 0, " W-04!", " W-04"},
		{"<urn:uuid:00000000-0000-4000-8000-000000000005>", "<urn:uuid:x>", 0,
			" W-04! W-07! W-07!", ""},
		{"<urn:uuid:00000000-0000-4000-8000-000000000005>", "urn:uuid:x", 0,
			" W-04! W-04! W-07! W-07!", " W-04"},
		{"<urn:uuid:00000000-0000-4000-8000-000000000005>", "<no uri>", 0,
			" W-04! W-04! W-07! W-07!", " W-04!"},
		{"WARC-Date: 2026-11-23T19:00:00.123Z", "WARC-Date: 2026-11-23T19:00:00Z", 0,
			" W-05!", ""},
		{"WARC-Date: 2026-11-23T19:00:00.123Z", "WARC-Date: 2026-11-23T19:00Z", 0,
			" W-05! W-05?", " W-05?"},
		{"WARC-Date: 2026-11-23T19:00:00.123Z", "WARC-Date: 2026-11-23T19:00:00", 0,
			" W-05!", " W-05!"},
		{"WARC-Date: 2026-11-23T19:00:00.123Z", "WARC-Date: 2026-11-23T19:00:00+00:00", 0,
			" W-05! W-05", " W-05"},
		{"WARC-Date: 2026-11-23T19:00:00.123Z", "WARC-Date: 2026-13-23", 0, " W-05!",
			" W-05!"},
		{"WARC-Date: 2026-11-23T19:00:00.123Z\r\n", "", 0, " W-02!", " W-02!"},
		{"WARC-Date: 2026-11-23T19:00:00.123Z", "WARC-Date: 2026-11-23T19:00:00.124Z", 2,
			" W-05!", ""},
		{"WARC/1.1\r\n", "WARC/1.0\r\n", 1, " W-05", " W-05"},
		{"WARC/1.1\r\n", "WARC/0.18\r\n", 1, " W-50? W-05", " W-50? W-05"},
		{"WARC/1.1\r\n", "WARC/1.2\r\n", 1, " W-50! W-05", " W-50! W-05"},
		{"WARC-Target-URI: http://a.example/\r\n",
			"WARC-Target-URI: <http://a.example/>\r\n", 2, " W-07! W-06!", " W-06"},
		{"WARC-Target-URI: http://a.example/\r\n",
			"WARC-Target-URI: http://a.example/a b\r\n", 2, " W-07! W-06!", " W-06"},
		{"WARC-Target-URI: http://a.example/\r\n",
			"WARC-Target-URI: http://a.example/#x\r\n", 2, " W-07! W-06!", " W-06?"},
		{"WARC-Target-URI: http://a.example/\r\n", "WARC-Target-URI: a.example\r\n", 2,
			" W-07! W-06!", " W-06!"},
		{"WARC-Target-URI: http://a.example/\r\n", "", 0, " W-55! W-07! W-07!", " W-55!"},
		{"WARC-IP-Address: 192.0.2.1\r\n",
			"WARC-IP-Address: 192.0.2.1\r\nWARC-IP-Address: 192.0.2.1\r\n", 0, " W-18!",
			" W-18!"},
		{"WARC-IP-Address: 192.0.2.1\r\n", "WARC-IP-Address: 192.0.2.1:80\r\n", 0, " W-17!",
			" W-17!"},
		{"WARC-IP-Address: 192.0.2.1\r\n", "WARC-IP-Address: 2001:db8::1\r\n", 0, "", ""},
		{"WARC-IP-Address: 192.0.2.1\r\n", "WARC-IP-Address:\r\n", 0, " W-17", " W-17"},
		{"WARC-IP-Address: 192.0.2.1\r\n", "X: 1\r\nX: 2\r\n", 0, " W-18!", " W-18"},
		{"WARC-Filename: a.warc", "WARC-Filename: b.warc", 0, " W-03!", ""},
		{"WARC-Filename: a.warc", "WARC-Filename: a/a.warc", 0, " W-03! W-03?", " W-03?"},
		{"WARC-Filename: a.warc\r\n",
			"WARC-Filename: a.warc\r\nWARC-Warcinfo-ID: <urn:x>\r\n", 0, " W-55!",
			" W-55!"},
		{"WARC-Type: warcinfo", "WARC-Type: metadata", 0,
			" W-03! W-55! W-03! W-03! W-03! W-03! W-03! W-03!", " W-03? W-55!"},
		{"WARC-Type: warcinfo\r\n", "WARC-Type: warcinfo\r\nWARC-Target-URI: a:b\r\n", 0,
			" W-55!", " W-55!"},
		{"WARC-Type: response\r\n", "WARC-Type: response\r\nWARC-Refers-To: <a:b>\r\n", 0,
			" W-55!", " W-55!"},
		{"WARC-Type: response\r\n",
			"WARC-Type: response\r\nWARC-Refers-To-Target-URI: a:b\r\n", 0, " W-55!",
			" W-55!"},
		{"WARC-Type: response\r\n", "WARC-Type: response\r\nWARC-Refers-To-Date: 2026\r\n",
			0, " W-55! W-24?", " W-55! W-24?"},
		{"WARC-Type: response\r\n", "WARC-Type: response\r\nWARC-Filename: a\r\n", 0,
			" W-55!", " W-55!"},
		{"WARC-Type: response\r\n", "WARC-Type: response\r\nWARC-Profile: a:b\r\n", 0,
			" W-55! W-63", " W-55 W-63"},
		{"WARC-Type: response\r\n", "WARC-Type: response\r\nWARC-Segment-Number: 1\r\n", 0,
			"", ""},
		{"WARC-Type: response\r\n", "WARC-Type: response\r\nWARC-Segment-Number: 2\r\n", 0,
			" W-57!", " W-57!"},
		{"WARC-Type: response\r\n", "WARC-Type: response\r\nWARC-Segment-Number: x\r\n", 0,
			" W-57!", " W-57!"},
		{"WARC-Type: response\r\n",
			"WARC-Type: response\r\nWARC-Segment-Origin-ID: <a:b>\r\n", 0, " W-55!",
			" W-55!"},
		{"WARC-Type: response\r\n",
			"WARC-Type: response\r\nWARC-Segment-Total-Length: 5\r\n", 0, " W-55!",
			" W-55!"},
		{"WARC-Type: response\r\n",
			"WARC-Type: response\r\nWARC-Identified-Payload-Type: text/html\r\n", 0, "",
			""},
		{"WARC-Type: response\r\n",
			"WARC-Type: response\r\nWARC-Identified-Payload-Type: html\r\n", 0,
			" W-54!", " W-54!"},
		{"WARC-Type: response\r\n", "WARC-Type: continuation\r\n", 0,
			" W-55! W-55! W-55! W-55! W-07! W-07!", " W-55! W-55 W-55! W-55!"},
		{"WARC-Type: response\r\n",
			"WARC-Type: continuation\r\nWARC-Segment-Number: 2\r\n"
			"WARC-Segment-Origin-ID: <a:b>\r\n",
			0, " W-55! W-55! W-07! W-07!", " W-55! W-55"},
		{"WARC-Type: metadata\r\n",
			"WARC-Type: metadata\r\nWARC-Identified-Payload-Type: a/b\r\n", 0, " W-55!",
			" W-55"},
		{"WARC-Profile: ", "X-Profile: ", 0, " W-24!", " W-24!"},
		{"/1.1/revisit/identical", "/1.0/revisit/identical", 0, "", ""},
		{"/1.1/revisit/identical", "/1.1/revisit/similar", 0, " W-63", " W-63"},
		{"WARC-Refers-To-Date: ", "X-Refers-To-Date: ", 0, " W-24!", " W-24"},
		{"WARC-Truncated: length", "WARC-Truncated: soon", 0, " W-16!", " W-16"},
		{"WARC-Truncated: length\r\n", "", 0, " W-24?", " W-24?"},
		{"sha256:", "SHA-256:", 1, " W-14!", ""},
		{"sha256:", "blake3:", 1, " W-13?", " W-13?"},
		{"sha256:", "sha256:zz", 1, " W-14!", " W-14!"},
		{"sha256:", "sha1:", 1, " W-14!", " W-14!"},
		{"application/http;msgtype=response", "application/http; msgtype=response", 0, "",
			""},
		{"application/http;msgtype=response", "http", 0, " W-54! W-54! W-13!",
			" W-54! W-54 W-13!"},
		{"application/http;msgtype=response", "text/html", 0, " W-54! W-13!",
			" W-54 W-13!"},
		{"Content-Type: application/http;msgtype=response\r\n", "", 0, " W-54!", " W-54"},
		{"application/warc-fields", "text/plain", 0, " W-54!", " W-54"},
		{"\r\n\r\nWARC/1.1", "\r\n\r\n\r\nWARC/1.1", 1, " W-01!", " W-01!"},
		{"\r\n\r\nWARC/1.1", "\r\nWARC/1.1", 1, " W-01!", " W-01!"},
		{"WARC/1.1\r\n", "WARC/1.1\n", 1, " W-01!", " W-01!"},
		{"WARC/1.1\r\n", "WARC/1.1\r\nno colon\r\n", 1, " W-19!", " W-19!"},
		{"WARC/1.1\r\n", "WARC/1.1\r\nX: a\r\n b\r\n", 1, " W-19!", " W-19?"},
		{"WARC/1.1\r\n", "XARC/1.1\r\n", 1, " W-51! W-51 W-07! W-07!", " W-51! W-51"},
		{"WARC-Type: metadata\r\n",
			"WARC-Type: metadata\r\nWARC-Payload-Digest: blake3:0\r\n", 0,
			" W-15! W-13?", " W-15 W-13?"},
		{"HTTP/1.1 200 OK\r\nT", "HTTP/1.1 103 OK\r\nT", 0, " W-12! W-13! W-10!",
			" W-12! W-13! W-10"},
		{"HTTP/1.1 200 OK\r\nT", "XTTP/1.1 200 OK\r\nT", 0, " W-12! W-13! W-58",
			" W-12! W-13! W-58"},
		{"\r\n\r\n5\r\nhello", "\r\n\n\n5\r\nhello", 0, " W-12! W-13! W-58 W-58?",
			" W-12! W-13! W-58 W-58?"},
		{"5\r\nhello\r\n0\r\n\r\n", "6\r\nhello\r\n0\r\n\r\n", 0, " W-12! W-13!",
			" W-12! W-13!"},
		{"5\r\nhello\r\n0\r\n\r\n", "5;\nhello\r\n0\r\n\r\n", 0, " W-12! W-58?",
			" W-12! W-58?"},
		{"5\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n000\r\n", 0, " W-12! W-16",
			" W-12! W-16"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf file = {0};
		struct buf found = {0};
		make_file(&file);
		replace(&file, rows[i].from, rows[i].to, rows[i].n);
		check_bytes(buf_bytes(&file), true, &found);
		if (strcmp(buf_text(&found), rows[i].ours) != 0) {
			print_message("# row %zu: '%s' -> '%s'\n", i, rows[i].from, rows[i].to);
		}
		assert_string_equal(buf_text(&found), rows[i].ours);
		buf_reset(&found);
		check_bytes(buf_bytes(&file), false, &found);
		assert_string_equal(buf_text(&found), rows[i].theirs);
		buf_clear(&file);
		buf_clear(&found);
	}
}

TEST(both_readings_of_a_chunked_payload_are_known)
{
	struct buf file = {0};
	struct buf found = {0};
	char text[DIGEST_TEXT_SIZE];
	make_file(&file);
	struct digest raw = digest_of(DIGEST_SHA256, BYTES("5\r\nhello\r\n0\r\n\r\n"));
	struct digest clean = digest_of(DIGEST_SHA256, BYTES("hello"));
	char old[DIGEST_TEXT_SIZE];
	digest_format(&clean, old);
	digest_format(&raw, text);
	replace(&file, old, text, 0);
	check_bytes(buf_bytes(&file), false, &found);
	assert_string_equal(buf_text(&found), " W-13");
	buf_clear(&file);
	buf_clear(&found);
}

static void add_member(struct buf *out, struct bytes b)
{
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(out);
	struct gzip_part part = {GZIP_DEFLATE, b, NULL};
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
}

TEST(one_member_must_hold_one_record)
{
	struct buf file = {0};
	struct buf gz = {0};
	struct buf found = {0};
	make_file(&file);
	struct bytes all = buf_bytes(&file);
	add_member(&gz, all);
	check_bytes(buf_bytes(&gz), true, &found);
	assert_string_equal(buf_text(&found), " W-20! W-20! W-20! W-20! W-20! W-20!");
	buf_reset(&gz);
	buf_reset(&found);
	size_t second = bytes_find(all, BYTES("WARC/1.1"), 20);
	size_t third = bytes_find(all, BYTES("WARC/1.1"), second + 20);
	add_member(&gz, bytes_slice(all, 0, second));
	add_member(&gz, BYTES(""));
	add_member(&gz, bytes_slice(all, second, second + 100));
	add_member(&gz, bytes_slice(all, second + 100, third));
	buf_add(&gz, bytes_from("\0\0", 2));
	check_bytes(buf_bytes(&gz), false, &found);
	assert_string_equal(buf_text(&found), " W-20! W-20 W-20!");
	buf_reset(&found);
	check_bytes(bytes_slice(buf_bytes(&gz), 0, gz.len - 9), false, &found);
	assert_string_equal(buf_text(&found), " W-51!");
	buf_reset(&found);
	check_bytes(BYTES("no WARC at all"), false, &found);
	assert_string_equal(buf_text(&found), " W-51!");
	buf_reset(&found);
	check_bytes(BYTES(""), false, &found);
	assert_string_equal(buf_text(&found), " W-51!");
	buf_clear(&file);
	buf_clear(&gz);
	buf_clear(&found);
}

static int remove_file(void **state_)
{
	(void)state_;
	return unlink(path);
}

static int make_path(void **state_)
{
	(void)state_;
	int fd = mkstemp(path);
	files_close_fd(&fd);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(a_good_file_has_no_findings),
		CASE(every_fault_is_found_by_its_rule),
		CASE(both_readings_of_a_chunked_payload_are_known),
		CASE(one_member_must_hold_one_record)};
	return cmocka_run_group_tests(tests, make_path, remove_file);
}
