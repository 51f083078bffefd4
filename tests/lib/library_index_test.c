/* SPDX-License-Identifier: MIT */
/* library_index_test.c - flong/cdxj.h, url.h and wacz.h through the shared library */
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include <flong/cdxj.h>
#include <flong/reader.h>
#include <flong/url.h>
#include <flong/wacz.h>
#include <flong/writer.h>

/* A folder with two WARC files and their index. */
static char folder[64];

static const char *in_folder(const char *name)
{
	static char paths[4][128];
	static size_t next;
	char *path = paths[next++ % 4];
	(void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static void write_warc(const char *name, const char *const urls[], int64_t time)
{
	struct flong_writer *writer;
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>";
	assert_int_equal(flong_writer_create(in_folder(name), NULL, &writer, NULL), FLONG_OK);
	assert_int_equal(flong_writer_add_info(writer, NULL, 0, NULL, NULL), FLONG_OK);
	for (size_t i = 0; urls[i] != NULL; i++) {
		const struct flong_draft draft = {.type = FLONG_RECORD_RESPONSE,
			.uri = urls[i],
			.time = time + (int64_t)i,
			.block = {.bytes = page, .length = sizeof(page) - 1}};
		assert_int_equal(flong_writer_add(writer, &draft, NULL, NULL), FLONG_OK);
	}
	assert_int_equal(flong_writer_finish(writer, NULL), FLONG_OK);
	flong_writer_close(writer);
}

static void make_folder(void)
{
	static const char *const first[] = {"http://a.example/x", "http://www.a.example/x/y",
		"http://b.a.example/", "http://z.example/", NULL};
	static const char *const second[] = {"https://a.example/x", NULL};
	(void)snprintf(folder, sizeof(folder), "/tmp/flong-XXXXXX");
	assert_non_null(mkdtemp(folder));
	(void)mkdir(in_folder("archive"), 0700);
	(void)mkdir(in_folder("indexes"), 0700);
	(void)mkdir(in_folder("pages"), 0700);
	write_warc("archive/1.warc.gz", first, 1580702706000);
	write_warc("archive/2.warc.gz", second, 1580702709000);
}

static void clear_folder(void)
{
	static const char *const names[] = {"b/archive/1.warc.gz", "b/archive/2.warc.gz",
		"b/archive", "b/indexes/index.cdx", "b/indexes", "b/pages/pages.jsonl", "b/pages",
		"b/datapackage.json", "b/datapackage-digest.json", "b", "archive/1.warc.gz",
		"archive/2.warc.gz", "archive", "indexes/index.cdx", "indexes", "pages/pages.jsonl",
		"pages", "a.wacz", "a.cdx"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)remove(in_folder(names[i]));
	}
	assert_int_equal(rmdir(folder), 0);
}

static void build(const char *name, enum flong_row_form form)
{
	const char *const files[] = {
		in_folder("archive/1.warc.gz"), in_folder("archive/2.warc.gz")};
	const struct flong_index_options options = {.form = form, .threads = 2};
	struct flong_error err = {0};
	int rc = flong_index_build(files, 2, in_folder(name), &options, &err);
	assert_string_equal(err.message, "");
	assert_int_equal(rc, FLONG_OK);
}

TEST(parses_and_resolves_urls)
{
	struct flong_url *base;
	struct flong_url *url;
	struct flong_error err;
	assert_int_equal(flong_url_parse(" HTTP://B\xc3\xbc"
					 "cher.Example.CO.UK:8080/a b?q#f",
				 NULL, &base, &err),
		FLONG_OK);
	assert_string_equal(
		flong_url_text(base), "http://xn--bcher-kva.example.co.uk:8080/a%20b?q#f");
	assert_string_equal(flong_url_without_fragment(base),
		"http://xn--bcher-kva.example.co.uk:8080/a%20b?q");
	assert_string_equal(flong_url_scheme(base), "http");
	assert_string_equal(flong_url_host(base), "xn--bcher-kva.example.co.uk");
	assert_int_equal(flong_url_port(base), 8080);
	assert_string_equal(flong_url_path(base), "/a%20b");
	assert_string_equal(flong_url_query(base), "?q");
	assert_string_equal(flong_url_fragment(base), "#f");
	assert_string_equal(flong_url_domain(base), "example.co.uk");
	assert_int_equal(flong_url_parse("../c", base, &url, &err), FLONG_OK);
	flong_url_close(base);
	assert_string_equal(flong_url_text(url), "http://xn--bcher-kva.example.co.uk:8080/c");
	assert_string_equal(flong_url_query(url), "");
	flong_url_close(url);
	assert_int_equal(flong_url_parse("mailto:a@b", NULL, &url, &err), FLONG_OK);
	assert_null(flong_url_host(url));
	assert_null(flong_url_domain(url));
	assert_int_equal(flong_url_port(url), 0);
	flong_url_close(url);
	assert_int_equal(flong_url_parse("/a", NULL, &url, &err), FLONG_E_FORMAT);
	assert_null(url);
	assert_int_equal(flong_url_parse(NULL, NULL, &url, &err), FLONG_E_USAGE);
	assert_int_equal(flong_url_parse("a:b", NULL, NULL, &err), FLONG_E_USAGE);
	assert_null(flong_url_text(NULL));
	assert_int_equal(flong_url_port(NULL), 0);
	flong_url_close(NULL);
}

TEST(makes_keys_in_both_dialects)
{
	char *key;
	struct flong_error err;
	assert_int_equal(
		flong_url_surt("http://www.a.example/X/?b&a", FLONG_SURT_IA, &key, &err), FLONG_OK);
	assert_string_equal(key, "example,a)/x?a&b");
	flong_free(key);
	assert_int_equal(
		flong_url_surt("http://www.a.example/X/?b&a", FLONG_SURT_JS, &key, &err), FLONG_OK);
	assert_string_equal(key, "example,a)/x/?a&b");
	flong_free(key);
	assert_int_equal(flong_url_surt("", FLONG_SURT_IA, &key, &err), FLONG_OK);
	assert_string_equal(key, "-");
	flong_free(key);
	assert_int_equal(flong_url_surt("a", (enum flong_surt)5, &key, &err), FLONG_E_USAGE);
	assert_int_equal(flong_url_surt(NULL, FLONG_SURT_IA, &key, &err), FLONG_E_USAGE);
	flong_free(NULL);
}

TEST(reads_and_writes_rows)
{
	static const char cdxj[] =
		"example,a)/ 20200203040506789 {\"url\": \"http://a.example/\", \"mime\": "
		"\"text/html\", \"status\": \"200\", \"digest\": \"sha1:X\", \"length\": \"11\", "
		"\"offset\": \"7\", \"filename\": \"a.warc\", \"recordDigest\": \"sha256:1\"}\n";
	static const char cdx[] = "example,a)/ 20200203040506 http://a.example/ text/html 200 X - "
				  "- 11 7 a.warc\n";
	struct flong_row *row;
	struct flong_error err;
	char *line;
	int64_t time;
	assert_int_equal(flong_row_parse(cdxj, sizeof(cdxj) - 1, FLONG_CDXJ, &row, &err), FLONG_OK);
	assert_string_equal(row->key, "example,a)/");
	assert_string_equal(row->url, "http://a.example/");
	assert_string_equal(row->digest, "sha1:X");
	assert_int_equal(row->offset, 7);
	assert_int_equal(row->length, 11);
	assert_null(row->method);
	assert_true(flong_row_time(row, &time));
	assert_int_equal(time, 1580702706789);
	assert_int_equal(flong_row_format(row, FLONG_CDXJ, &line, &err), FLONG_OK);
	assert_string_equal(line, cdxj);
	flong_free(line);
	assert_int_equal(flong_row_format(row, FLONG_CDX, &line, &err), FLONG_OK);
	assert_string_equal(line, cdx);
	flong_free(line);
	flong_row_close(row);
	assert_int_equal(flong_row_parse(cdx, sizeof(cdx) - 1, FLONG_CDX, &row, &err), FLONG_OK);
	assert_string_equal(row->filename, "a.warc");
	assert_null(row->redirect);
	flong_row_close(row);
	flong_row_close(NULL);
}

TEST(refuses_lines_and_rows_that_are_none)
{
	struct flong_row *row;
	struct flong_error err;
	char *line;
	int64_t time;
	static const struct {
		const char *line;
		enum flong_row_form form;
		int code;
	} cases[] = {
		{"", FLONG_CDXJ, FLONG_E_FORMAT},
		{"a b", FLONG_CDXJ, FLONG_E_FORMAT},
		{"a 20200203040506 {}", FLONG_CDXJ, FLONG_E_FORMAT},
		{"!meta 0 {}", FLONG_CDXJ, FLONG_E_UNSUPPORTED},
		{" CDX N b a m s k r M S V g", FLONG_CDXJ, FLONG_E_UNSUPPORTED},
		{" CDX N b a m s k r M S V g", FLONG_CDX, FLONG_E_UNSUPPORTED},
		{"a 20200203040506 b", FLONG_CDX, FLONG_E_FORMAT},
		{"a", (enum flong_row_form)2, FLONG_E_USAGE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flong_row_parse(cases[i].line, strlen(cases[i].line),
					 cases[i].form, &row, &err),
			cases[i].code);
		assert_null(row);
	}
	assert_int_equal(flong_row_parse(NULL, 0, FLONG_CDXJ, &row, &err), FLONG_E_USAGE);
	static const struct flong_row bad[] = {
		{.timestamp = "20200203040506", .filename = "a"},
		{.key = "a b", .timestamp = "20200203040506", .filename = "a"},
		{.key = "a\n", .timestamp = "20200203040506", .filename = "a"},
		{.key = "a", .timestamp = "2020020304050", .filename = "a"},
		{.key = "a", .timestamp = "2020020304050\n", .filename = "a"},
		{.key = "a", .timestamp = "20200203040506", .filename = ""},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(flong_row_format(&bad[i], FLONG_CDXJ, &line, &err), FLONG_E_USAGE);
	}
	assert_int_equal(flong_row_format(NULL, FLONG_CDXJ, &line, &err), FLONG_E_USAGE);
	assert_false(flong_row_time(&bad[4], &time));
	assert_false(flong_row_time(NULL, &time));
}

static size_t count_rows(struct flong_index *index, const char *url, enum flong_match match)
{
	const struct flong_row *row;
	struct flong_error err = {0};
	size_t count = 0;
	int rc = flong_index_find(index, url, match, &err);
	while (rc == FLONG_OK) {
		rc = flong_index_next(index, &row, &err);
		count += rc == FLONG_OK ? 1 : 0;
	}
	assert_string_equal(err.message, "");
	assert_int_equal(rc, FLONG_END);
	assert_int_equal(flong_index_next(index, &row, &err), FLONG_END);
	return count;
}

TEST(looks_captures_up_in_both_forms)
{
	make_folder();
	for (int form = FLONG_CDXJ; form <= FLONG_CDX; form++) {
		struct flong_index *index;
		const struct flong_row *row;
		struct flong_error err;
		build("a.cdx", (enum flong_row_form)form);
		assert_int_equal(flong_index_open(in_folder("a.cdx"), &index, &err), FLONG_OK);
		assert_int_equal(flong_index_next(index, &row, &err), FLONG_END);
		assert_int_equal(count_rows(index, "http://a.example/x", FLONG_MATCH_EXACT), 2);
		assert_int_equal(count_rows(index, "http://a.example/x", FLONG_MATCH_PREFIX), 3);
		assert_int_equal(count_rows(index, "http://a.example/", FLONG_MATCH_HOST), 3);
		assert_int_equal(count_rows(index, "http://a.example/", FLONG_MATCH_DOMAIN), 4);
		assert_int_equal(count_rows(index, "http://none.example/", FLONG_MATCH_EXACT), 0);
		assert_int_equal(
			flong_index_closest(index, "http://a.example/x", 1580702708900, &row, &err),
			FLONG_OK);
		assert_string_equal(row->url, "https://a.example/x");
		assert_string_equal(row->filename, "2.warc.gz");
		struct flong_reader *reader;
		const struct flong_record *record;
		assert_int_equal(
			flong_reader_open(in_folder("archive/2.warc.gz"), &reader, &err), FLONG_OK);
		assert_int_equal(flong_reader_seek(reader, row->offset, &err), FLONG_OK);
		assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_OK);
		assert_string_equal(flong_record_uri(record), row->url);
		flong_reader_close(reader);
		assert_int_equal(flong_index_closest(index, "http://none.example/", 0, &row, &err),
			FLONG_E_NOT_FOUND);
		assert_int_equal(
			flong_index_find(index, "a", (enum flong_match)4, &err), FLONG_E_USAGE);
		assert_int_equal(
			flong_index_find(NULL, "a", FLONG_MATCH_EXACT, &err), FLONG_E_USAGE);
		assert_int_equal(flong_index_next(NULL, &row, &err), FLONG_E_USAGE);
		assert_int_equal(flong_index_closest(NULL, "a", 0, &row, &err), FLONG_E_USAGE);
		flong_index_close(index);
	}
	flong_index_close(NULL);
	clear_folder();
}

struct taking {
	size_t rows;
	int result; /* of the third row */
};

static int take_row(void *context, const struct flong_row *row, struct flong_error *err)
{
	struct taking *taking = context;
	(void)err;
	assert_non_null(row->key);
	assert_string_equal(row->status, "200");
	return ++taking->rows == 3 ? taking->result : FLONG_OK;
}

TEST(gives_the_rows_of_one_file)
{
	make_folder();
	struct flong_error err;
	static const struct {
		int result, code;
		size_t rows;
	} cases[] = {{FLONG_OK, FLONG_OK, 4}, {FLONG_E_STOPPED, FLONG_E_STOPPED, 3},
		{5, FLONG_E_USAGE, 3}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taking taking = {.result = cases[i].result};
		assert_int_equal(flong_index_file(in_folder("archive/1.warc.gz"), NULL, take_row,
					 &taking, &err),
			cases[i].code);
		assert_int_equal(taking.rows, cases[i].rows);
	}
	assert_int_equal(
		flong_index_file(in_folder("no"), NULL, take_row, NULL, &err), FLONG_E_NOT_FOUND);
	assert_int_equal(flong_index_file(NULL, NULL, take_row, NULL, &err), FLONG_E_USAGE);
	assert_int_equal(flong_index_file("x", NULL, NULL, NULL, &err), FLONG_E_USAGE);
	const char *const files[] = {in_folder("archive/1.warc.gz"), NULL};
	assert_int_equal(
		flong_index_build(files, 2, in_folder("a.cdx"), NULL, &err), FLONG_E_USAGE);
	assert_int_equal(flong_index_build(files, 1, NULL, NULL, &err), FLONG_E_USAGE);
	assert_int_equal(
		flong_index_build(files, 1, in_folder("no/a.cdx"), NULL, &err), FLONG_E_IO);
	struct flong_index *index;
	assert_int_equal(flong_index_open(in_folder("no"), &index, &err), FLONG_E_NOT_FOUND);
	assert_null(index);
	clear_folder();
}

static void write_pages(void)
{
	FILE *pages = fopen(in_folder("pages/pages.jsonl"), "w");
	(void)fputs("{\"format\": \"json-pages-1.0\", \"id\": \"pages\"}\n", pages);
	(void)fclose(pages);
}

TEST(packs_a_collection)
{
	make_folder();
	build("indexes/index.cdx", FLONG_CDXJ);
	struct flong_error err = {0};
	struct stat status;
	const struct flong_wacz_options options = {.title = "A", .created = 1580702706000};
	assert_int_equal(
		flong_wacz_pack(folder, in_folder("a.wacz"), &options, &err), FLONG_E_NOT_FOUND);
	write_pages();
	assert_int_equal(flong_wacz_pack(folder, in_folder("a.wacz"), &options, &err), FLONG_OK);
	assert_int_equal(stat(in_folder("a.wacz"), &status), 0);
	assert_int_equal(flong_wacz_pack(folder, in_folder("a.wacz"), NULL, &err), FLONG_E_EXISTS);
	assert_int_equal(flong_wacz_pack(NULL, "x", NULL, &err), FLONG_E_USAGE);
	assert_int_equal(flong_wacz_unpack(in_folder("a.wacz"), in_folder("b"), &err), FLONG_OK);
	assert_int_equal(
		flong_wacz_unpack(in_folder("a.wacz"), in_folder("b"), &err), FLONG_E_EXISTS);
	assert_int_equal(flong_wacz_unpack(NULL, "b", &err), FLONG_E_USAGE);
	clear_folder();
}

TEST(reads_a_package_and_its_directory)
{
	make_folder();
	build("indexes/index.cdx", FLONG_CDXJ);
	write_pages();
	struct flong_error err = {0};
	assert_int_equal(flong_wacz_pack(folder, in_folder("a.wacz"), NULL, &err), FLONG_OK);
	const char *const names[] = {in_folder("a.wacz"), folder};
	for (size_t i = 0; i < 2; i++) {
		struct flong_wacz *wacz;
		struct flong_stream *stream;
		struct flong_reader *reader;
		const struct flong_record *record;
		char room[400];
		size_t got;
		assert_int_equal(flong_wacz_open(names[i], &wacz, &err), FLONG_OK);
		assert_true(flong_wacz_count(wacz) >= 4);
		assert_string_equal(flong_wacz_path(wacz, 0), "archive/1.warc.gz");
		assert_true(flong_wacz_size(wacz, 0) > 500);
		assert_null(flong_wacz_path(wacz, flong_wacz_count(wacz)));
		assert_int_equal(flong_wacz_size(wacz, SIZE_MAX), 0);
		assert_int_equal(
			flong_wacz_open_reader(wacz, "2.warc.gz", &reader, &err), FLONG_OK);
		assert_int_equal(
			flong_wacz_open_file(wacz, "../x", &stream, &err), FLONG_E_NOT_FOUND);
		assert_null(stream);
		assert_int_equal(
			flong_wacz_open_file(wacz, "pages/pages.jsonl", &stream, &err), FLONG_OK);
		assert_int_equal(flong_wacz_open_reader(
					 wacz, "3.warc.gz", &(struct flong_reader *){NULL}, &err),
			FLONG_E_NOT_FOUND);
		flong_wacz_close(wacz); /* what was opened stays open */
		assert_int_equal(
			flong_stream_read(stream, room, sizeof(room), &got, &err), FLONG_OK);
		assert_memory_equal(room, "{\"format\"", 9);
		flong_stream_close(stream);
		assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_OK);
		assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_OK);
		assert_string_equal(flong_record_uri(record), "https://a.example/x");
		uint64_t offset = flong_record_offset(record);
		assert_int_equal(flong_reader_seek(reader, offset, &err), FLONG_OK);
		assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_OK);
		assert_string_equal(flong_record_uri(record), "https://a.example/x");
		flong_reader_close(reader);
	}
	struct flong_wacz *wacz;
	assert_int_equal(flong_wacz_open(in_folder("no"), &wacz, &err), FLONG_E_NOT_FOUND);
	assert_null(wacz);
	assert_int_equal(
		flong_wacz_open(in_folder("archive/1.warc.gz"), &wacz, &err), FLONG_E_FORMAT);
	assert_int_equal(flong_wacz_open(NULL, &wacz, &err), FLONG_E_USAGE);
	assert_int_equal(flong_wacz_count(NULL), 0);
	assert_null(flong_wacz_path(NULL, 0));
	flong_wacz_close(NULL);
	clear_folder();
}

RUN_TESTS(CASE(parses_and_resolves_urls), CASE(makes_keys_in_both_dialects),
	CASE(reads_and_writes_rows), CASE(refuses_lines_and_rows_that_are_none),
	CASE(looks_captures_up_in_both_forms), CASE(gives_the_rows_of_one_file),
	CASE(packs_a_collection), CASE(reads_a_package_and_its_directory))
