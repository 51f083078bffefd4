/* SPDX-License-Identifier: MIT */
/* repair_test.c - what repair keeps, changes, leaves out and reports */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/digest.h"
#include "base/files.h"
#include "base/gzip.h"
#include "warc/check.h"
#include "warc/repair.h"

static struct flong_error err;
static char work[] = "/tmp/flong-repair-XXXXXX";

#define ID(n) "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000" n ">\r\n"
#define DATE "WARC-Date: 2026-03-18T10:00:00Z\r\n"
#define RESOURCE(n)                                                                                \
	"WARC/1.0\r\nWARC-Type: resource\r\n" ID(n) DATE "WARC-Target-URI: http://a.example/" n    \
							 "\r\nContent-Type: text/plain\r\n"
#define WHOLE(n) RESOURCE(n) "Content-Length: 5\r\n\r\nhello\r\n\r\n"

static void note_event(void *context, const struct repair_event *event)
{
	struct buf *out = context;
	static const char *const kinds[] = {"changed", "left out", "lost"};
	buf_addf(out, "%s %llu-%llu: %s\n", kinds[event->kind], (unsigned long long)event->from,
		(unsigned long long)event->to, event->text);
}

/* Repairs `file` into `out`; the events as text. */
static struct repair_summary repair(
	struct bytes file, enum reader_form form, struct buf *out, struct buf *events)
{
	SCOPED(free_textp) char *path = files_join(work, "in");
	struct repair_summary summary;
	struct record_ids ids = {.is_counted = true, .seed = 1};
	const struct repair_options options = {.form = form,
		.level = 6,
		.temp_dir = work,
		.ids = &ids,
		.event = note_event,
		.context = events};
	assert_int_equal(files_replace(path, file, &err), FLONG_OK);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(out);
	buf_reset(out);
	buf_reset(events);
	assert_int_equal(repair_run(path, &options, sink, &summary, &err), FLONG_OK);
	return summary;
}

/* Whatever comes out has no errors. */
static void assert_sound(struct bytes file)
{
	struct check_summary summary;
	const struct check_options options = {.leaves_ids = false};
	assert_int_equal(
		check_source(source_from_bytes(file), "out", &options, NULL, &summary, &err),
		FLONG_OK);
	if (summary.errors > 0) {
		fail_msg("%s", summary.first.message);
	}
}

TEST(whole_records_come_out_as_they_were)
{
	struct buf out = {0};
	struct buf events = {0};
	struct repair_summary summary =
		repair(BYTES(WHOLE("1") WHOLE("2")), READER_PLAIN, &out, &events);
	assert_bytes(buf_bytes(&out), WHOLE("1") WHOLE("2"));
	assert_int_equal(summary.kept, 2);
	assert_int_equal(summary.changed + summary.left_out + summary.gaps, 0);
	assert_string_equal(buf_text(&events), "");
	buf_clear(&out);
	buf_clear(&events);
}

TEST(every_form_can_be_made_and_read_again)
{
	for (int form = READER_PLAIN; form <= READER_ZSTD; form++) {
		struct buf out = {0};
		struct buf again = {0};
		struct buf events = {0};
		(void)repair(BYTES(WHOLE("1") WHOLE("2")), (enum reader_form)form, &out, &events);
		assert_sound(buf_bytes(&out));
		struct repair_summary summary =
			repair(buf_bytes(&out), READER_PLAIN, &again, &events);
		assert_bytes(buf_bytes(&again), WHOLE("1") WHOLE("2"));
		assert_int_equal(summary.kept, 2);
		buf_clear(&out);
		buf_clear(&again);
		buf_clear(&events);
	}
}

TEST(what_is_no_record_is_named_and_passed_over)
{
	static const char garbage[] = "garbage\r\n";
	struct buf out = {0};
	struct buf events = {0};
	struct repair_summary summary =
		repair(BYTES(WHOLE("1") "garbage\r\n" WHOLE("2") RESOURCE("3") "Content-Length: "
									       "9\r\n\r\ncut"),
			READER_PLAIN, &out, &events);
	assert_bytes(buf_bytes(&out), WHOLE("1") WHOLE("2"));
	assert_int_equal(summary.gaps, 2);
	assert_int_equal(summary.lost_bytes,
		sizeof(garbage) - 1 + sizeof(RESOURCE("3") "Content-Length: 9\r\n\r\ncut") - 1);
	assert_non_null(strstr(buf_text(&events), "ends inside its block"));
	buf_clear(&out);
	buf_clear(&events);
}

TEST(the_form_of_a_head_is_mended_and_its_meaning_kept)
{
	static const char odd[] =
		"WARC/1.2\nwarc-type: resource\nWARC-Record-ID: "
		"00000000-0000-4000-8000-000000000001\nWARC-Date: 2026-03-18T11:00:00+01:00\n"
		"WARC-Target-URI: <http://a.example/\x01>\nno colon\nContent-Type: text/plain\n"
		"WARC-Target-URI: http://b.example/\nX-Long: a\n  b\n"
		"WARC-Block-Digest: SHA1:vl2mmho4yxukfwv63yhtwsbm3gxk5z6b\nContent-Length: 5\n\n"
		"hello\n\n";
	struct buf out = {0};
	struct buf events = {0};
	/* "hello" has AAF4C61D..., so this digest is wrong. */
	struct repair_summary summary =
		repair(bytes_from(odd, sizeof(odd) - 1), READER_PLAIN, &out, &events);
	assert_bytes(buf_bytes(&out), "WARC/1.1\r\nwarc-type: resource\r\n" ID("1") DATE
		"WARC-Target-URI: http://a.example/\r\nContent-Type: text/plain\r\n"
		"X-Long: a b\r\n"
		"Unverified-WARC-Block-Digest: sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXK5Z6B\r\n"
		"Content-Length: 5\r\n\r\nhello\r\n\r\n");
	assert_int_equal(summary.changed, 1);
	assert_non_null(strstr(buf_text(&events), "WARC-Target-URI is there twice"));
	assert_non_null(strstr(buf_text(&events), "WARC-Block-Digest does not match the data"));
	assert_sound(buf_bytes(&out));
	buf_clear(&out);
	buf_clear(&events);
}

#define HTTP(headers, body) "HTTP/1.1 200 OK\r\n" headers "\r\n" body

static void add_response(struct buf *file, const char *fields, const char *block)
{
	buf_addf(file,
		"WARC/1.0\r\nWARC-Type: response\r\n" ID("4") DATE
		"WARC-Target-URI: http://a.example/\r\n%s"
		"Content-Type: application/http; msgtype=response\r\nContent-Length: %zu\r\n\r\n%s"
		"\r\n\r\n",
		fields, strlen(block), block);
}

TEST(cut_bodies_and_framed_digests_are_marked)
{
	struct buf file = {0};
	struct buf out = {0};
	struct buf events = {0};
	add_response(&file, "", HTTP("Content-Length: 10\r\n", "hello"));
	(void)repair(buf_bytes(&file), READER_PLAIN, &out, &events);
	assert_non_null(strstr(buf_text(&out), "WARC-Truncated: unspecified\r\n"));
	buf_reset(&file);
	/* over the framed body: some tools verify it so, others over the payload */
	const char *chunked = HTTP("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n");
	struct digest digest = digest_of(DIGEST_SHA1, BYTES("5\r\nhello\r\n0\r\n\r\n"));
	char text[DIGEST_TEXT_SIZE];
	char field[DIGEST_TEXT_SIZE + 40];
	digest_format(&digest, text);
	(void)snprintf(field, sizeof(field), "WARC-Payload-Digest: %s\r\n", text);
	add_response(&file, field, chunked);
	(void)repair(buf_bytes(&file), READER_PLAIN, &out, &events);
	assert_non_null(strstr(buf_text(&out), "\r\nUnverified-WARC-Payload-Digest: sha1:"));
	assert_non_null(strstr(buf_text(&out), chunked)); /* the block is as it was */
	buf_clear(&file);
	buf_clear(&out);
	buf_clear(&events);
}

TEST(what_no_index_could_find_is_left_out)
{
	struct buf out = {0};
	struct buf events = {0};
	struct repair_summary summary =
		repair(BYTES("WARC/1.0\r\nWARC-Type: resource\r\n" ID(
			       "9") "WARC-Date: yesterday\r\nWARC-Target-URI: http://a.example/\r\n"
				    "Content-Length: 0\r\n\r\n\r\n\r\n" WHOLE("1")),
			READER_PLAIN, &out, &events);
	assert_bytes(buf_bytes(&out), WHOLE("1"));
	assert_int_equal(summary.left_out, 1);
	assert_non_null(strstr(buf_text(&events), "left out 0-"));
	assert_non_null(strstr(buf_text(&events), "WARC-Date 'yesterday'"));
	buf_clear(&out);
	buf_clear(&events);
}

TEST(arc_records_become_warc_records)
{
	struct buf out = {0};
	struct buf events = {0};
	struct repair_summary summary =
		repair(BYTES("filedesc://x.arc 0.0.0.0 20140216050221 text/plain 9\n1 0 Test\n\n"
			     "http://a.example/ 192.0.2.1 20140216050221 text/html 21\n"
			     "HTTP/1.0 200 OK\r\n\r\nhi\n"
			     "http://b.example/ 192.0.2.1 20140216050222 text/html 3\nSSH\n"),
			READER_GZIP, &out, &events);
	assert_int_equal(summary.kept, 2);
	assert_sound(buf_bytes(&out));
	assert_string_equal(buf_text(&events), ""); /* ids that are made are no change there */
	struct buf plain = {0};
	(void)repair(buf_bytes(&out), READER_PLAIN, &plain, &events);
	assert_non_null(
		strstr(buf_text(&plain), "WARC-Type: response\r\nWARC-Target-URI: "
					 "http://a.example/\r\nWARC-Date: 2014-02-16T05:02:21Z"));
	assert_non_null(strstr(buf_text(&plain), "WARC-Type: resource\r\nWARC-Target-URI: "
						 "http://b.example/"));
	buf_clear(&plain);
	buf_clear(&out);
	buf_clear(&events);
}

static int make_work(void **state)
{
	(void)state;
	return mkdtemp(work) == NULL;
}

static int remove_work(void **state)
{
	(void)state;
	return files_remove_tree(work, &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(whole_records_come_out_as_they_were),
		CASE(every_form_can_be_made_and_read_again),
		CASE(what_is_no_record_is_named_and_passed_over),
		CASE(the_form_of_a_head_is_mended_and_its_meaning_kept),
		CASE(cut_bodies_and_framed_digests_are_marked),
		CASE(what_no_index_could_find_is_left_out), CASE(arc_records_become_warc_records)};
	return cmocka_run_group_tests(tests, make_work, remove_work);
}
