/* SPDX-License-Identifier: MIT */
/* damage_test.c - going on behind what cannot be read, in every form of file */
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/gzip.h"
#include "base/zstd.h"
#include "warc/reader.h"

static struct flong_error err;

enum { RECORDS = 5 };

/* A file of RECORDS records, and where each begins. */
struct sample {
	struct buf file;
	size_t starts[RECORDS + 1];
};

static void make_record(struct buf *out, enum reader_form form, int number)
{
	struct buf text = {0};
	struct buf block = {0};
	for (int i = 0; i < 40; i++) {
		buf_addf(&block, "line %d of %d\r\n", i * number, number);
	}
	buf_addf(&text,
		"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:%d>\r\n"
		"Content-Length: %zu\r\n\r\n%s\r\n\r\n",
		number, block.len, buf_text(&block));
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(out);
	if (form == READER_GZIP) {
		SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
		struct gzip_part part = {GZIP_DEFLATE, buf_bytes(&text), NULL};
		assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
	} else if (form == READER_ZSTD) {
		SCOPED(zstd_packer_closep) struct zstd_packer *packer = zstd_packer_create(3);
		SCOPED(source_closep) struct source *source = source_from_bytes(buf_bytes(&text));
		assert_int_equal(zstd_write_frame(packer, source, text.len, sink, &err), FLONG_OK);
	} else {
		assert_int_equal(sink_write(sink, buf_bytes(&text), &err), FLONG_OK);
	}
	buf_clear(&text);
	buf_clear(&block);
}

static struct sample make_sample(enum reader_form form)
{
	struct sample sample = {.file = {0}};
	for (int i = 0; i < RECORDS; i++) {
		sample.starts[i] = sample.file.len;
		make_record(&sample.file, form, i);
	}
	sample.starts[RECORDS] = sample.file.len;
	return sample;
}

/* Reads all that can be read: "0 1 [from-to] 3 4", with the numbers of whole records. */
static void summarize(struct source *source_take, struct buf *out)
{
	struct reader *reader = NULL;
	struct reader_gap gap;
	buf_reset(out);
	int rc = reader_create(source_take, 0, "x", &reader, &err);
	while (rc == FLONG_OK) {
		const struct reader_record *record;
		rc = reader_next(reader, &record, &err);
		if (rc == FLONG_OK) {
			rc = reader_finish(reader, &err);
		}
		if (rc == FLONG_OK) {
			struct bytes id = reader_uri(record, "WARC-Record-ID");
			buf_addf(out, "%c ", id.ptr[id.len - 1]);
		} else if (rc < 0) {
			rc = reader_resync(reader, &gap, &err);
			buf_addf(out, "[%llu-%llu] ", (unsigned long long)gap.from,
				(unsigned long long)gap.to);
		}
	}
	assert_int_equal(rc, FLONG_END);
	reader_close(reader);
}

/* Expects `before`, then the gap (none when it is empty), then `after`. */
static void expect(struct bytes file, const char *before, const size_t gap[2], const char *after)
{
	struct buf out = {0};
	struct buf wanted = {0};
	summarize(source_from_bytes(file), &out);
	buf_add_text(&wanted, before);
	if (gap != NULL) {
		buf_addf(&wanted, "[%zu-%zu] ", gap[0], gap[1]);
	}
	buf_add_text(&wanted, after);
	assert_string_equal(buf_text(&out), buf_text(&wanted));
	/* The same from a file, and from a pipe, which cannot be moved back. */
	int fds[2];
	struct buf piped = {0};
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_true(file.len < 60000); /* or the pipe would be full */
	assert_int_equal(write(fds[1], file.ptr, file.len), file.len);
	(void)close(fds[1]);
	summarize(source_from_fd(fds[0]), &piped);
	assert_string_equal(buf_text(&piped), buf_text(&wanted));
	buf_clear(&piped);
	buf_clear(&out);
	buf_clear(&wanted);
}

TEST(a_damaged_member_costs_its_record_only)
{
	for (int form = READER_GZIP; form <= READER_ZSTD; form++) {
		struct sample s = make_sample((enum reader_form)form);
		expect(buf_bytes(&s.file), "0 1 2 3 4 ", NULL, "");
		for (size_t at = s.starts[2]; at < s.starts[3]; at++) {
			struct buf out = {0};
			struct buf wanted = {0};
			/* Marks and methods that a header may have are no damage. */
			if (form == READER_GZIP && at - s.starts[2] >= 3 && at - s.starts[2] < 10) {
				continue;
			}
			bool is_lost = form == READER_ZSTD && at < s.starts[2] + 4;
			s.file.ptr[at] ^= 0x40;
			buf_addf(&wanted, "0 1 [%zu-%zu] 3 4 ", s.starts[2], s.starts[3]);
			summarize(source_from_bytes(buf_bytes(&s.file)), &out);
			/* A frame that was changed into one to be skipped has no record, some
			 * bits (of padding) say nothing, and the content is checked. Of a record
			 * whose length became shorter the damage is known behind it. */
			if (bytes_find_char(buf_bytes(&out), '[', 0) == SIZE_MAX) {
				buf_reset(&wanted);
				buf_add_text(&wanted, is_lost ? "0 1 3 4 " : "0 1 2 3 4 ");
			} else if (bytes_starts(buf_bytes(&out), BYTES("0 1 2"))) {
				buf_reset(&wanted);
				buf_addf(&wanted, "0 1 2 [%zu-%zu] 3 4 ", s.starts[2], s.starts[3]);
			}
			assert_string_equal(buf_text(&out), buf_text(&wanted));
			s.file.ptr[at] ^= 0x40;
			buf_clear(&out);
			buf_clear(&wanted);
		}
		buf_clear(&s.file);
	}
}

TEST(bytes_that_are_lost_or_too_many_cost_one_record_at_most)
{
	for (int form = READER_PLAIN; form <= READER_ZSTD; form++) {
		struct sample s = make_sample((enum reader_form)form);
		struct buf file = {0};
		/* without the middle of record 2 */
		size_t cut = s.starts[2] + 100;
		buf_add(&file, bytes_slice(buf_bytes(&s.file), 0, cut));
		buf_add(&file, bytes_slice(buf_bytes(&s.file), s.starts[3], s.file.len));
		if (form == READER_PLAIN) {
			/* Its length reaches into record 3: what looks whole has both, and record
			 * 3 is found in it again. */
			struct buf out = {0};
			summarize(source_from_bytes(buf_bytes(&file)), &out);
			assert_non_null(strstr(buf_text(&out), "3 4 "));
			buf_clear(&out);
		} else {
			expect(buf_bytes(&file), "0 1 ", (size_t[]){s.starts[2], cut}, "3 4 ");
		}
		/* garbage between records */
		buf_reset(&file);
		buf_add(&file, bytes_slice(buf_bytes(&s.file), 0, s.starts[3]));
		buf_add_text(&file, "garbage WARC/ \x1f\x8b\x08 \x28\xb5\x2f\xfd\n");
		size_t end = file.len;
		buf_add(&file, bytes_slice(buf_bytes(&s.file), s.starts[3], s.file.len));
		expect(buf_bytes(&file), "0 1 2 ", (size_t[]){s.starts[3], end}, "3 4 ");
		/* garbage at the end */
		buf_reset(&file);
		buf_add(&file, buf_bytes(&s.file));
		buf_add_text(&file, "garbage");
		expect(buf_bytes(&file), "0 1 2 3 4 ", (size_t[]){s.file.len, file.len}, "");
		buf_clear(&file);
		buf_clear(&s.file);
	}
}

TEST(a_member_that_ends_before_its_block_does_not_swallow_the_next)
{
	struct buf file = {0};
	make_record(&file, READER_GZIP, 0);
	size_t second = file.len;
	struct buf text = {0};
	buf_add_text(&text, "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:1>\r\n"
			    "Content-Length: 500\r\n\r\nshort\r\n\r\n");
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&file);
	struct gzip_part part = {GZIP_DEFLATE, buf_bytes(&text), NULL};
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
	size_t third = file.len;
	make_record(&file, READER_GZIP, 2);
	expect(buf_bytes(&file), "0 ", (size_t[]){second, third}, "2 ");
	buf_clear(&text);
	buf_clear(&file);
}

TEST(a_damaged_start_costs_the_first_record_only)
{
	for (int form = READER_PLAIN; form <= READER_ZSTD; form++) {
		struct sample s = make_sample((enum reader_form)form);
		s.file.ptr[0] ^= 0x20;
		expect(buf_bytes(&s.file), "", (size_t[]){0, s.starts[1]}, "1 2 3 4 ");
		buf_clear(&s.file);
	}
	struct reader *reader = NULL;
	assert_int_equal(reader_create(source_from_bytes(BYTES("no WARC/1.0 at all")), 0, "x",
				 &reader, &err),
		FLONG_E_FORMAT);
}

TEST(the_good_end_stays_before_the_damage)
{
	struct sample s = make_sample(READER_GZIP);
	s.file.ptr[s.starts[2] + 40] ^= 1;
	struct reader *reader = NULL;
	const struct reader_record *record;
	struct reader_gap gap;
	assert_int_equal(
		reader_create(source_from_bytes(buf_bytes(&s.file)), 0, "x", &reader, &err),
		FLONG_OK);
	while (reader_next(reader, &record, &err) == FLONG_OK) {
	}
	assert_int_equal(reader_next(reader, &record, &err), FLONG_END);
	assert_int_equal(reader_resync(reader, &gap, &err), FLONG_OK);
	while (reader_next(reader, &record, &err) == FLONG_OK) {
	}
	assert_int_equal(reader_good_end(reader), s.starts[2]);
	reader_close(reader);
	buf_clear(&s.file);
}

#define ARC_HEAD                                                                                   \
	"filedesc://x.arc 0.0.0.0 20140216050221 text/plain 77\n1 0 Test\n"                        \
	"URL IP-address Archive-date Content-type Archive-length\nabcdefghijkl"

TEST(arc_files_are_read_too)
{
	struct bytes file = BYTES(
		ARC_HEAD "\nhttp://a.example/x y 1.2.3.4 20140216050221 text/html 19\n"
			 "HTTP/1.0 200 OK\r\n\r\n\n"
			 "dns:a.example 1.2.3.4 20140216050222 text/dns 200 - - 0 x.arc 4\nabcd\n"
			 "http://b.example/ 1.2.3.4 201402160502 text/html 99999999999999999999\n\n"
			 "http://c.example/ 1.2.3.4 20140216050223  -1\n\n");
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record;
	struct reader_gap gap;
	assert_int_equal(reader_create(source_from_bytes(file), 0, "x", &reader, &err), FLONG_OK);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_true(reader_is_arc(reader));
	assert_int_equal(record->type, RECORD_WARCINFO);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_int_equal(record->type, RECORD_RESPONSE);
	assert_bytes(headers_first(&record->headers, "WARC-Target-URI"), "http://a.example/x y");
	assert_bytes(headers_first(&record->headers, "WARC-Date"), "2014-02-16T05:02:21Z");
	assert_bytes(headers_first(&record->headers, "WARC-IP-Address"), "1.2.3.4");
	assert_int_equal(reader_finish(reader, &err), FLONG_OK);
	assert_int_equal(record->oddities, 0);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_int_equal(record->type, RECORD_RESOURCE);
	assert_bytes(headers_first(&record->headers, "Content-Type"), "text/dns");
	assert_int_equal(reader_next(reader, &record, &err), FLONG_E_FORMAT);
	assert_int_equal(reader_resync(reader, &gap, &err), FLONG_OK);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_bytes(headers_first(&record->headers, "WARC-Target-URI"), "http://c.example/");
	assert_int_equal(record->block_length, 0);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_END);
}

RUN_TESTS(CASE(a_damaged_member_costs_its_record_only),
	CASE(bytes_that_are_lost_or_too_many_cost_one_record_at_most),
	CASE(a_member_that_ends_before_its_block_does_not_swallow_the_next),
	CASE(a_damaged_start_costs_the_first_record_only),
	CASE(the_good_end_stays_before_the_damage), CASE(arc_files_are_read_too))
