/* SPDX-License-Identifier: MIT */
/* wacz_test.c - packing a collection into a WACZ file */
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/files.h"
#include "base/json.h"
#include "base/limits.h"
#include "index/lookup.h"
#include "index/wacz.h"

#define TIME_MS 1795460401123 /* 2026-11-23T19:00:01.123Z */
#define ENTRIES_MAX 16

static const struct wacz_options options = {
	.title = "A \"story\"",
	.description = "what it is",
	.software = "flong test",
	.created_ms = TIME_MS,
	.main_url = "https://news.example/a",
	.main_date_ms = TIME_MS,
};

struct place {
	char dir[32];
	char *out;
};

static void put(const struct place *place, const char *name, struct bytes content)
{
	SCOPED(free_textp) char *path = files_join(place->dir, name);
	struct flong_error err = {0};
	assert_int_equal(files_replace(path, content, &err), FLONG_OK);
}

static void make_dir(const struct place *place, const char *name)
{
	SCOPED(free_textp) char *path = files_join(place->dir, name);
	struct flong_error err = {0};
	assert_int_equal(files_make_dir(path, &err), FLONG_OK);
}

static struct place make_collection(void)
{
	struct place place = {.dir = "/tmp/wacz-XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	place.out = files_join(place.dir, "out.wacz");
	const char *const dirs[] = {"archive", "indexes", "pages", "stories", "logs", "reports",
		"state", "reports/deep"};
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		make_dir(&place, dirs[i]);
	}
	put(&place, "archive/Data-00000.warc.gz", BYTES("warc\0bytes"));
	put(&place, "archive/Data-00001.warc.gz", BYTES(""));
	put(&place, "indexes/index.cdx", BYTES("a)/ 20260101000000000 {}\n"));
	put(&place, "pages/pages.jsonl",
		BYTES("{\"format\": \"json-pages-1.0\", \"id\": \"pages\", \"hasText\": true}\n"));
	put(&place, "logs/crawl.log", BYTES("line\n"));
	put(&place, "reports/report.json", BYTES("{}"));
	put(&place, "reports/deep/er.json", BYTES("{}"));
	put(&place, "reports/.hidden", BYTES("x"));
	put(&place, "reports/half.json.partial", BYTES("x"));
	put(&place, "state/crawl.db", BYTES("secret"));
	return place;
}

static void remove_collection(struct place *place)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
	free(place->out);
}

/* --- reading the ZIP file by its specification, without libzip --- */

struct entry {
	char name[64];
	struct bytes data;
	unsigned method;
	size_t local_extra;
	size_t central_extra;
	unsigned flags;
};

static uint64_t le(struct bytes b, size_t at, size_t width)
{
	assert_true(at + width <= b.len);
	uint64_t number = 0;
	for (size_t i = width; i > 0; i--) {
		number = number << 8 | (unsigned char)b.ptr[at + i - 1];
	}
	return number;
}

static void read_entry(struct bytes zip, size_t at, struct entry *entry)
{
	assert_int_equal(le(zip, at, 4), 0x02014b50);
	entry->flags = (unsigned)le(zip, at + 8, 2);
	entry->method = (unsigned)le(zip, at + 10, 2);
	size_t name_len = le(zip, at + 28, 2);
	entry->central_extra = le(zip, at + 30, 2);
	assert_true(name_len < sizeof(entry->name));
	memcpy(entry->name, zip.ptr + at + 46, name_len);
	entry->name[name_len] = '\0';
	size_t local = le(zip, at + 42, 4);
	assert_int_equal(le(zip, local, 4), 0x04034b50);
	entry->local_extra = le(zip, local + 28, 2);
	/* Time, date, checksum and sizes are the same in both places. */
	assert_memory_equal(zip.ptr + at + 12, zip.ptr + local + 10, 16);
	size_t start = local + 30 + name_len + entry->local_extra;
	entry->data = bytes_slice(zip, start, start + le(zip, at + 24, 4));
}

static size_t read_zip(struct bytes zip, struct entry entries[ENTRIES_MAX])
{
	assert_true(zip.len > 22);
	size_t end = zip.len - 22; /* no comment */
	assert_int_equal(le(zip, end, 4), 0x06054b50);
	size_t count = le(zip, end + 10, 2);
	size_t at = le(zip, end + 16, 4);
	assert_true(count <= ENTRIES_MAX);
	for (size_t i = 0; i < count; i++) {
		read_entry(zip, at, &entries[i]);
		at += 46 + le(zip, at + 28, 2) + le(zip, at + 30, 2) + le(zip, at + 32, 2);
	}
	assert_int_equal(at, end);
	return count;
}

static struct buf pack(const struct place *place)
{
	struct flong_error err = {0};
	int rc = wacz_pack(place->dir, place->out, &options, &err);
	assert_string_equal(err.message, "");
	assert_int_equal(rc, FLONG_OK);
	struct buf zip = {0};
	assert_int_equal(files_read(place->out, &zip, &err), FLONG_OK);
	return zip;
}

TEST(files_stand_in_their_order_stored_and_without_extra_fields)
{
	static const char *const names[] = {"archive/Data-00000.warc.gz",
		"archive/Data-00001.warc.gz", "indexes/index.cdx", "pages/pages.jsonl",
		"logs/crawl.log", "reports/report.json", "datapackage.json",
		"datapackage-digest.json"};
	struct place place = make_collection();
	struct buf zip = pack(&place);
	struct entry entries[ENTRIES_MAX];
	size_t count = read_zip(buf_bytes(&zip), entries);
	assert_int_equal(count, sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(entries[i].name, names[i]);
		assert_int_equal(entries[i].method, 0);
		assert_int_equal(entries[i].flags & ~6U, 0);
		assert_int_equal(entries[i].local_extra, 0);
		assert_int_equal(entries[i].central_extra, 0);
	}
	assert_bytes(entries[0].data, "warc\0bytes");
	assert_bytes(entries[1].data, "");
	buf_clear(&zip);
	remove_collection(&place);
}

static void assert_member(const struct json *object, const char *name, const char *want)
{
	struct bytes got = json_text(json_get(object, name));
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.ptr, want, got.len);
}

static void assert_hash(const struct json *object, struct bytes data)
{
	char want[DIGEST_TEXT_SIZE];
	struct digest hash = digest_of(DIGEST_SHA256, data);
	digest_format_hex(&hash, want);
	assert_member(object, "hash", want);
}

TEST(the_package_lists_every_file_with_its_hash)
{
	struct place place = make_collection();
	struct buf zip = pack(&place);
	struct entry entries[ENTRIES_MAX];
	size_t count = read_zip(buf_bytes(&zip), entries);
	struct flong_error err = {0};
	SCOPED(json_closep) struct json_document *document = NULL;
	struct bytes datapackage = entries[count - 2].data;
	assert_int_equal(json_parse(datapackage, JSON_STRICT, &document, &err), FLONG_OK);
	const struct json *root = json_root(document);
	assert_member(root, "profile", "data-package");
	assert_member(root, "wacz_version", "1.1.1");
	assert_member(root, "title", "A \"story\"");
	assert_member(root, "description", "what it is");
	assert_member(root, "created", "2026-11-23T19:00:01Z");
	assert_member(root, "modified", "2026-11-23T19:00:01Z");
	assert_member(root, "software", "flong test");
	assert_member(root, "mainPageUrl", "https://news.example/a");
	assert_member(root, "mainPageDate", "2026-11-23T19:00:01Z");
	assert_member(json_get(root, "config"), "textIndex", "pages/pages.jsonl");
	const struct json *resources = json_get(root, "resources");
	assert_int_equal(json_count(resources), count - 2);
	for (size_t i = 0; i < count - 2; i++) {
		const struct json *resource = json_at(resources, i);
		assert_member(resource, "path", entries[i].name);
		assert_member(resource, "type", "file");
		assert_hash(resource, entries[i].data);
		assert_int_equal(json_int(json_get(resource, "bytes")), entries[i].data.len);
	}
	assert_member(json_at(resources, 0), "name", "data-00000.warc.gz");
	SCOPED(json_closep) struct json_document *digest = NULL;
	assert_int_equal(json_parse(entries[count - 1].data, JSON_STRICT, &digest, &err), FLONG_OK);
	assert_member(json_root(digest), "path", "datapackage.json");
	assert_hash(json_root(digest), datapackage);
	assert_int_equal(json_count(json_root(digest)), 2);
	buf_clear(&zip);
	remove_collection(&place);
}

TEST(the_same_collection_gives_the_same_bytes)
{
	struct place place = make_collection();
	struct buf first = pack(&place);
	assert_int_equal(unlink(place.out), 0);
	assert_int_equal(setenv("TZ", "Pacific/Auckland", 1), 0);
	struct buf second = pack(&place);
	assert_int_equal(unsetenv("TZ"), 0);
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.ptr, second.ptr, first.len);
	buf_clear(&first);
	buf_clear(&second);
	remove_collection(&place);
}

TEST(the_text_index_is_the_list_that_players_search)
{
	struct place place = make_collection();
	put(&place, "pages/extraPages.jsonl", BYTES("{\"format\": \"json-pages-1.0\"}\n"));
	struct buf zip = pack(&place);
	struct bytes all = buf_bytes(&zip);
	assert_true(bytes_find(all, BYTES("{\"textIndex\":\"pages/extraPages.jsonl\"}"), 0) !=
		    SIZE_MAX);
	struct entry entries[ENTRIES_MAX];
	(void)read_zip(all, entries);
	assert_string_equal(entries[3].name, "pages/pages.jsonl");
	assert_string_equal(entries[4].name, "pages/extraPages.jsonl");
	buf_clear(&zip);
	assert_int_equal(unlink(place.out), 0);
	SCOPED(free_textp) char *extra = files_join(place.dir, "pages/extraPages.jsonl");
	assert_int_equal(unlink(extra), 0);
	put(&place, "pages/pages.jsonl", BYTES("{\"id\": \"pages\", \"hasText\": false}\n"));
	zip = pack(&place);
	assert_true(bytes_find(buf_bytes(&zip), BYTES("textIndex"), 0) == SIZE_MAX);
	buf_clear(&zip);
	remove_collection(&place);
}

static void assert_refused(const struct place *place, int code, const char *part)
{
	struct flong_error err = {0};
	assert_int_equal(wacz_pack(place->dir, place->out, &options, &err), code);
	if (strstr(err.message, part) == NULL) {
		fail_msg("'%s' does not name '%s'", err.message, part);
	}
	struct buf names = {0};
	assert_int_equal(files_list(place->dir, ".partial", &names, &err), FLONG_OK);
	assert_int_equal(names.len, 0);
	buf_clear(&names);
}

TEST(an_existing_file_is_never_replaced)
{
	struct place place = make_collection();
	put(&place, "out.wacz", BYTES("mine"));
	assert_refused(&place, FLONG_E_EXISTS, "out.wacz exists");
	struct buf content = {0};
	struct flong_error err = {0};
	assert_int_equal(files_read(place.out, &content, &err), FLONG_OK);
	assert_bytes(buf_bytes(&content), "mine");
	buf_clear(&content);
	remove_collection(&place);
}

TEST(what_is_missing_or_unfinished_is_named)
{
	static const char *const needed[] = {"indexes/index.cdx", "pages/pages.jsonl"};
	for (size_t i = 0; i < 2; i++) {
		struct place place = make_collection();
		SCOPED(free_textp) char *path = files_join(place.dir, needed[i]);
		assert_int_equal(unlink(path), 0);
		assert_refused(&place, FLONG_E_NOT_FOUND, needed[i]);
		remove_collection(&place);
	}
	struct place place = make_collection();
	put(&place, "archive/Data-00002.warc.gz.open", BYTES("x"));
	assert_refused(&place, FLONG_E_USAGE, "Data-00002.warc.gz.open");
	remove_collection(&place);
}

TEST(an_unwritable_place_and_an_unreadable_file_are_named)
{
	struct place place = make_collection();
	struct flong_error err = {0};
	assert_int_equal(wacz_pack(place.dir, "/nonexistent/x.wacz", &options, &err), FLONG_E_IO);
	assert_non_null(strstr(err.message, "/nonexistent/x.wacz"));
	assert_int_equal(wacz_pack("/nonexistent", place.out, &options, &err), FLONG_E_NOT_FOUND);
	remove_collection(&place);
}

/* Rows of over 5 MB: with a slash at the end of each URL, which the two keys treat differently. */
static struct buf long_index(unsigned count)
{
	struct buf text = {0};
	for (unsigned i = 0; i < count; i++) {
		buf_addf(&text,
			"com,k%05u)/p 20260101000000000 {\"url\": \"http://k%05u.com/P/\", "
			"\"mime\": \"text/html\", \"status\": \"200\", \"length\": \"1\", "
			"\"offset\": \"%u\", \"filename\": \"Data-00000.warc.gz\"}\n",
			i, i, i);
	}
	return text;
}

static size_t count_lines(struct lookup *lookup, const char *key)
{
	struct flong_error err = {0};
	assert_int_equal(lookup_find(lookup, bytes_of(key), LOOKUP_EXACT, &err), FLONG_OK);
	size_t count = 0;
	struct bytes line;
	while (lookup_next(lookup, &line, &err) == FLONG_OK) {
		count++;
	}
	assert_string_equal(err.message, "");
	return count;
}

TEST(a_long_index_is_packed_in_blocks_with_both_keys)
{
	struct place place = make_collection();
	struct buf index = long_index(35000);
	assert_true(index.len > LIMIT_PLAIN_INDEX_BYTES);
	put(&place, "indexes/index.cdx", buf_bytes(&index));
	put(&place, "indexes/index.loc", BYTES("of another form"));
	struct buf zip = pack(&place);
	struct entry entries[ENTRIES_MAX];
	size_t count = read_zip(buf_bytes(&zip), entries);
	struct flong_error err = {0};
	SCOPED(free_textp) char *places_path = files_join(place.dir, "index.idx");
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(entries[i].method, 0);
		assert_string_not_equal(entries[i].name, "indexes/index.cdx");
		assert_string_not_equal(entries[i].name, "indexes/index.loc");
		if (strncmp(entries[i].name, "indexes/", 8) == 0) {
			put(&place, entries[i].name + 8, entries[i].data);
			found++;
		}
	}
	assert_int_equal(found, 2);
	SCOPED(lookup_closep) struct lookup *lookup = NULL;
	assert_int_equal(lookup_open(places_path, &lookup, &err), FLONG_OK);
	assert_int_equal(count_lines(lookup, "com,k00000)/p"), 1);
	assert_int_equal(count_lines(lookup, "com,k00000)/p/"), 1);
	assert_int_equal(count_lines(lookup, "com,k34999)/p"), 1);
	assert_int_equal(count_lines(lookup, "com,k34999)/p/"), 1);
	/* The collection keeps its plain one. */
	SCOPED(free_textp) char *plain = files_join(place.dir, "indexes/index.cdx");
	uint64_t size = 0;
	assert_int_equal(files_size(plain, &size, &err), FLONG_OK);
	assert_int_equal(size, index.len);
	buf_clear(&zip);
	buf_clear(&index);
	remove_collection(&place);
}

TEST(a_long_index_with_a_line_that_is_none_is_not_packed)
{
	struct place place = make_collection();
	struct buf index = long_index(35000);
	buf_add_text(&index, "no row\n");
	put(&place, "indexes/index.cdx", buf_bytes(&index));
	struct flong_error err = {0};
	assert_int_equal(wacz_pack(place.dir, place.out, &options, &err), FLONG_E_FORMAT);
	assert_non_null(strstr(err.message, "indexes/index.cdx:35001"));
	assert_false(files_exists(place.out));
	buf_clear(&index);
	remove_collection(&place);
}

RUN_TESTS(CASE(files_stand_in_their_order_stored_and_without_extra_fields),
	CASE(the_package_lists_every_file_with_its_hash),
	CASE(the_same_collection_gives_the_same_bytes),
	CASE(the_text_index_is_the_list_that_players_search),
	CASE(an_existing_file_is_never_replaced), CASE(what_is_missing_or_unfinished_is_named),
	CASE(an_unwritable_place_and_an_unreadable_file_are_named),
	CASE(a_long_index_is_packed_in_blocks_with_both_keys),
	CASE(a_long_index_with_a_line_that_is_none_is_not_packed))
