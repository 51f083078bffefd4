/* SPDX-License-Identifier: MIT */
/* indexer_write_test.c - one index of many files, damaged ones and indexes among them */
#include "unit.h"

#include "index_records.h"

#include "index/indexer_write.h"

#define DIGEST "WARC-Payload-Digest: sha256:00\r\n"

static const struct record records[] = {
	{"response", "http://example.com/", DIGEST, "application/http",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nbody"},
	{"response", "http://example.com/\xc3\xbc", DIGEST, "application/http",
		"HTTP/1.1 200 OK\r\n\r\n"},
};

struct faults {
	struct buf text;
};

static void note_fault(void *context, const struct flong_error *fault)
{
	struct faults *faults = (struct faults *)context;
	/* The folder has another name each time. */
	struct bytes text = bytes_of(fault->message);
	struct bytes folder = BYTES("/tmp/indexer-");
	size_t skip = bytes_starts(text, folder) ? folder.len + sizeof("XXXXXX/") - 1 : 0;
	buf_add(&faults->text, bytes_slice(text, skip, text.len));
	buf_add_char(&faults->text, '\n');
}

TEST(what_is_whole_is_indexed_and_what_is_not_is_told_of_in_order)
{
	struct buf warc = {0};
	struct record bad = {"response", "http://example.com/bad", DIGEST, "application/http", ""};
	add_record(&warc, &records[0]);
	size_t cut = warc.len + 20;
	add_record(&warc, &bad);
	add_record(&warc, &records[1]);
	/* The record in the middle loses its first line. */
	memset(warc.ptr + cut - 20, 'x', 10);
	struct place place = make_place(buf_bytes(&warc));
	SCOPED(free_textp)
	char *cdxj = put_beside(&place, "a.cdxj",
		BYTES("!meta 0 {}\r\na)/ 20260101000000 {\"a\": 1}\r\nbad line\r\n"
		      "z)/ 20260101000000 {}\r\n"));
	SCOPED(free_textp)
	char *unsorted = put_beside(
		&place, "b.cdxj", BYTES("zz)/ 20260101000000 {}\nb)/ 20260101000000 {}\n"));
	SCOPED(free_textp)
	char *cdx = put_beside(&place, "c.cdx",
		BYTES(" CDX N b a m s k r M S V g\nc)/ 20260101000000 http://c/ a/b 200 D - - 9 8 "
		      "f\nd)/ 20260101000000 http://d/ a/b 200 D - - - 8 f\n"));
	const char *const paths[] = {place.path, "/nonexistent.warc", cdxj, unsorted, cdx};
	for (size_t threads = 0; threads <= 3; threads++) {
		struct faults faults = {0};
		const struct indexer_form form = {.line = {.digits = 14},
			.temp_dir = "/tmp",
			.threads = threads,
			.fault = note_fault,
			.context = &faults};
		struct buf lines = {0};
		SCOPED(sink_closep) struct sink *sink = sink_to_buf(&lines);
		struct flong_error err = {0};
		assert_int_equal(indexer_write(paths, 5, &form, sink, &err), FLONG_OK);
		struct buf keys = {0};
		struct bytes rest = buf_bytes(&lines);
		struct bytes line;
		while (bytes_next_line(&rest, &line)) {
			buf_add(&keys, bytes_slice(line, 0, bytes_find_char(line, ' ', 0)));
			buf_add_char(&keys, ' ');
		}
		assert_string_equal(
			buf_text(&keys), "a)/ b)/ c)/ com,example)/ com,example)/%c3%bc z)/ zz)/ ");
		struct buf want = {0};
		buf_addf(&want,
			"odd.warc: record at offset %zu: does not begin with WARC/\n"
			"opening '/nonexistent.warc': No such file or directory\n"
			"a.cdxj:3: no index row\n"
			"c.cdx:3: the row has no length: index its WARC file instead\n",
			cut - 20);
		assert_string_equal(buf_text(&faults.text), buf_text(&want));
		buf_clear(&want);
		buf_clear(&keys);
		buf_clear(&lines);
		buf_clear(&faults.text);
	}
	buf_clear(&warc);
	remove_place(&place);
}

TEST(a_folder_stands_for_its_files_and_names_are_as_asked_for)
{
	struct buf warc = {0};
	add_record(&warc, &records[0]);
	struct place place = make_place(buf_bytes(&warc));
	SCOPED(free_textp) char *folder = files_join(place.dir, "deep");
	struct flong_error err = {0};
	assert_int_equal(files_make_dir(folder, &err), FLONG_OK);
	SCOPED(free_textp) char *deep = put_beside(&place, "deep/x.warc", buf_bytes(&warc));
	SCOPED(free_textp) char *no = put_beside(&place, "deep/no.txt", buf_bytes(&warc));
	assert_true(files_exists(deep) && files_exists(no));
	const char *const dir = place.dir;
	const struct {
		const char *root;
		const char *names[2];
	} cases[] = {{NULL, {"\"odd.warc\"", "\"x.warc\""}},
		{place.dir, {"\"deep/x.warc\"", "\"odd.warc\""}},
		{folder, {"\"../odd.warc\"", "\"x.warc\""}}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct indexer_form form = {
			.line = {.digits = 14}, .dir_root = cases[i].root, .temp_dir = "/tmp"};
		struct buf lines = {0};
		SCOPED(sink_closep) struct sink *sink = sink_to_buf(&lines);
		assert_int_equal(indexer_write(&dir, 1, &form, sink, &err), FLONG_OK);
		const char *first = strstr(buf_text(&lines), cases[i].names[0]);
		assert_non_null(first);
		assert_non_null(strstr(first, cases[i].names[1]));
		buf_clear(&lines);
	}
	buf_clear(&warc);
	remove_place(&place);
}

RUN_TESTS(CASE(what_is_whole_is_indexed_and_what_is_not_is_told_of_in_order),
	CASE(a_folder_stands_for_its_files_and_names_are_as_asked_for))
