/* SPDX-License-Identifier: MIT */
/* wacz_reader_test.c - the files of a directory and of a WACZ, and the records and captures in them
 */
#include "unit.h"

#include <sys/stat.h>

#include "base/files.h"
#include "index/wacz_find.h"
#include "index/wacz_reader.h"
#include "index/wacz_walk.h"
#include "zip_build.h"

#define HEAD(type, url, date)                                                                      \
	"WARC/1.1\r\nWARC-Type: " type "\r\nWARC-Target-URI: " url "\r\nWARC-Date: " date "\r\n"
#define FIRST                                                                                      \
	HEAD("response", "http://a.example/x", "2026-01-01T00:00:00Z")                             \
	"WARC-Payload-Digest: sha1:AAAA\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
#define SECOND                                                                                     \
	HEAD("revisit", "https://a.example/x", "2026-02-01T00:00:00.500Z")                         \
	"WARC-Record-ID: <urn:x:2>\r\nWARC-Payload-Digest: sha1:AAAA\r\nContent-Length: "          \
	"0\r\n\r\n\r\n\r\n"
#define THIRD                                                                                      \
	HEAD("response", "http://a.example/X", "2026-03-01T00:00:00Z")                             \
	"Content-Length: 1\r\n\r\nz\r\n\r\n"
#define WARC FIRST SECOND THIRD

struct place {
	char dir[40];
	char *wacz; /* owned */
};

static void put(const char *dir, const char *name, struct bytes content)
{
	struct flong_error err = {0};
	SCOPED(free_textp) char *path = files_join(dir, name);
	assert_int_equal(files_replace(path, content, &err), FLONG_OK);
}

/* A collection, and the same records as a WACZ without an index. */
static struct place make_place(void)
{
	struct place place = {.dir = "/tmp/wacz-reader-XXXXXX"};
	struct flong_error err = {0};
	assert_non_null(mkdtemp(place.dir));
	static const char *const folders[] = {"archive", "pages", "state"};
	for (size_t i = 0; i < 3; i++) {
		SCOPED(free_textp) char *path = files_join(place.dir, folders[i]);
		assert_int_equal(files_make_dir(path, &err), FLONG_OK);
	}
	put(place.dir, "archive/data.warc", BYTES(WARC));
	put(place.dir, "archive/.hidden.warc", BYTES("x"));
	put(place.dir, "pages/pages.jsonl", BYTES("{}\n"));
	put(place.dir, "state/secret", BYTES("x"));
	put(place.dir, "datapackage.json", BYTES("{}"));
	SCOPED(free_textp) char *link = files_join(place.dir, "archive/link.warc");
	assert_int_equal(symlink("/etc/passwd", link), 0);
	struct zip_build build = {0};
	zip_build_file(&build, "pages/pages.jsonl", BYTES("{}\n"));
	zip_build_file(&build, "archive/data.warc", BYTES(WARC));
	zip_build_finish(&build);
	put(place.dir, "state/x.wacz", buf_bytes(&build.zip));
	place.wacz = files_join(place.dir, "state/x.wacz");
	buf_clear(&build.zip);
	return place;
}

static void remove_place(struct place *place)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
	free(place->wacz);
}

static struct wacz_reader *open_reader(const char *path)
{
	struct flong_error err = {0};
	struct wacz_reader *reader = NULL;
	if (wacz_reader_open(path, &reader, &err) != FLONG_OK) {
		fail_msg("%s", err.message);
	}
	return reader;
}

TEST(lists_the_files_of_both)
{
	struct place place = make_place();
	SCOPED(wacz_reader_closep) struct wacz_reader *dir = open_reader(place.dir);
	SCOPED(wacz_reader_closep) struct wacz_reader *zip = open_reader(place.wacz);
	assert_int_equal(wacz_reader_count(dir), 3);
	assert_string_equal(wacz_reader_at(dir, 0)->path, "archive/data.warc");
	assert_string_equal(wacz_reader_at(dir, 1)->path, "datapackage.json");
	assert_string_equal(wacz_reader_at(dir, 2)->path, "pages/pages.jsonl");
	assert_int_equal(wacz_reader_count(zip), 2);
	assert_int_equal(wacz_reader_at(zip, 0)->size, sizeof(WARC) - 1);
	assert_null(wacz_reader_zip(dir));
	assert_non_null(wacz_reader_zip(zip));
	assert_null(wacz_reader_find(dir, BYTES("state/secret")));
	assert_null(wacz_reader_find_archive(dir, BYTES("../state/secret")));
	assert_non_null(wacz_reader_find_archive(dir, BYTES("data.warc")));
	assert_null(wacz_reader_find_archive(dir, BYTES("link.warc")));
	remove_place(&place);
}

TEST(reads_records_from_an_offset)
{
	struct place place = make_place();
	const char *const paths[] = {place.dir, place.wacz};
	for (size_t i = 0; i < 2; i++) {
		struct flong_error err = {0};
		SCOPED(wacz_reader_closep) struct wacz_reader *reader = open_reader(paths[i]);
		SCOPED(reader_closep) struct reader *records = NULL;
		const struct reader_record *record = NULL;
		const struct wacz_file *file = wacz_reader_find_archive(reader, BYTES("data.warc"));
		uint64_t offset = sizeof(FIRST) - 1;
		assert_int_equal(
			wacz_reader_open_records(reader, file, offset, &records, &err), FLONG_OK);
		assert_int_equal(reader_next(records, &record, &err), FLONG_OK);
		assert_int_equal(record->offset, offset);
		assert_int_equal(record->type, RECORD_REVISIT);
	}
	remove_place(&place);
}

static int count_record(void *context, const struct wacz_place *place, struct reader *reader,
	const struct reader_record *record, struct flong_error *err)
{
	(void)reader;
	(void)record;
	(void)err;
	assert_string_equal(place->file, "archive/data.warc");
	++*(unsigned *)context;
	return FLONG_OK;
}

TEST(walks_all_records)
{
	struct place place = make_place();
	struct flong_error err = {0};
	unsigned count = 0;
	const struct wacz_walk walk = {count_record, NULL, &count};
	assert_int_equal(wacz_walk(place.dir, &walk, &err), FLONG_OK);
	assert_int_equal(wacz_walk(place.wacz, &walk, &err), FLONG_OK);
	assert_int_equal(count, 6);
	remove_place(&place);
}

/* The offset that a query finds, or UINT64_MAX when it finds none. */
static uint64_t find(const struct place *place, const struct wacz_query *query)
{
	struct flong_error err = {0};
	struct wacz_capture capture = {0};
	SCOPED(wacz_reader_closep) struct wacz_reader *reader = open_reader(place->wacz);
	int rc = wacz_find(place->wacz, reader, query, &capture, &err);
	uint64_t offset = rc == FLONG_OK ? capture.offset : UINT64_MAX;
	assert_true(rc == FLONG_OK || rc == FLONG_E_NOT_FOUND);
	wacz_capture_clear(&capture);
	return offset;
}

TEST(finds_captures_by_url_and_time)
{
	struct place place = make_place();
	const uint64_t second = sizeof(FIRST) - 1;
	const uint64_t third = second + sizeof(SECOND) - 1;
	struct wacz_query query = {.url = BYTES("http://a.example/x")};
	assert_int_equal(find(&place, &query), 0);
	query.url = BYTES("https://a.example/x");
	assert_int_equal(find(&place, &query), second);
	query.url = BYTES("http://a.example/X");
	assert_int_equal(find(&place, &query), third);
	/* No capture of exactly this one: the latest of its key. */
	query.url = BYTES("http://www.a.example/x");
	assert_int_equal(find(&place, &query), third);
	query.has_date = true;
	query.date_ms = 1767225600000 + 1000; /* 2026-01-01T00:00:01Z */
	assert_int_equal(find(&place, &query), 0);
	query.date_ms = 1769904000000; /* 2026-02-01 */
	assert_int_equal(find(&place, &query), second);
	query.no_revisits = true;
	query.digest = BYTES("aaaa");
	assert_int_equal(find(&place, &query), 0);
	query.digest = BYTES("sha1:BBBB");
	assert_true(find(&place, &query) == UINT64_MAX);
	query = (struct wacz_query){.record_id = BYTES("urn:x:2")};
	assert_int_equal(find(&place, &query), second);
	query = (struct wacz_query){.url = BYTES("http://b.example/")};
	assert_true(find(&place, &query) == UINT64_MAX);
	remove_place(&place);
}

TEST(refuses_what_is_neither)
{
	struct place place = make_place();
	struct flong_error err = {0};
	struct wacz_reader *reader = NULL;
	SCOPED(free_textp) char *pages = files_join(place.dir, "pages");
	SCOPED(free_textp) char *secret = files_join(place.dir, "state/secret");
	assert_int_equal(wacz_reader_open(pages, &reader, &err), FLONG_E_UNSUPPORTED);
	assert_int_equal(wacz_reader_open(secret, &reader, &err), FLONG_E_FORMAT);
	assert_int_equal(wacz_reader_open("/nowhere", &reader, &err), FLONG_E_NOT_FOUND);
	bool is_one = true;
	assert_int_equal(wacz_reader_is_one("-", &is_one, &err), FLONG_OK);
	assert_false(is_one);
	assert_int_equal(wacz_reader_is_one(place.wacz, &is_one, &err), FLONG_OK);
	assert_true(is_one);
	remove_place(&place);
}

RUN_TESTS(CASE(lists_the_files_of_both), CASE(reads_records_from_an_offset),
	CASE(walks_all_records), CASE(finds_captures_by_url_and_time),
	CASE(refuses_what_is_neither))
