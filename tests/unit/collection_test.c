/* SPDX-License-Identifier: MIT */
/* collection_test.c - the index of a collection directory */
#include "unit.h"

#include "base/files.h"
#include "index/collection.h"

#define RECORD(uri, date)                                                                          \
	"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Date: " date "\r\nWARC-Target-URI: " uri          \
	"\r\nWARC-Payload-Digest: sha256:00\r\nContent-Type: a/b\r\nContent-Length: 0\r\n\r\n"     \
	"\r\n\r\n"

struct place {
	char dir[32];
	char *index;
};

static void put(const struct place *place, const char *name, struct bytes content)
{
	SCOPED(free_textp) char *path = files_join(place->dir, name);
	struct flong_error err = {0};
	assert_int_equal(files_replace(path, content, &err), FLONG_OK);
}

static struct place make_collection(void)
{
	struct place place = {.dir = "/tmp/collection-XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	place.index = files_join(place.dir, "indexes/index.cdx");
	SCOPED(free_textp) char *archive = files_join(place.dir, "archive");
	struct flong_error err = {0};
	assert_int_equal(files_make_dir(archive, &err), FLONG_OK);
	put(&place, "archive/b.warc", BYTES(RECORD("urn:a", "2026-11-23T19:00:00.002Z")));
	put(&place, "archive/a.warc",
		BYTES(RECORD("urn:b", "2026-11-23T19:00:00.001Z")
				RECORD("urn:a", "2026-11-23T19:00:00.001Z")));
	put(&place, "archive/c.warc.open", BYTES("half"));
	return place;
}

static void remove_collection(struct place *place)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
	free(place->index);
}

/* The key and the time of every line. */
static void assert_keys(const struct place *place, const char *want)
{
	struct buf content = {0};
	struct flong_error err = {0};
	assert_int_equal(files_read(place->index, &content, &err), FLONG_OK);
	struct bytes rest = buf_bytes(&content);
	struct bytes line;
	struct buf keys = {0};
	while (bytes_next_line(&rest, &line)) {
		buf_add(&keys, bytes_slice(line, 0, bytes_find(line, BYTES(" {"), 0)));
		buf_add_char(&keys, '\n');
		assert_true(bytes_find(line, BYTES("\"recordDigest\": \"sha256:"), 0) != SIZE_MAX);
	}
	assert_string_equal(buf_text(&keys), want);
	buf_clear(&keys);
	buf_clear(&content);
}

TEST(the_index_holds_the_rows_of_all_finished_files)
{
	struct place place = make_collection();
	struct flong_error err = {0};
	int rc = collection_write_index(place.dir, &err);
	assert_string_equal(err.message, "");
	assert_int_equal(rc, FLONG_OK);
	assert_keys(&place, "urn:a 20261123190000001\nurn:a 20261123190000002\n"
			    "urn:b 20261123190000001\n");
	remove_collection(&place);
}

TEST(a_failure_leaves_the_old_index)
{
	struct place place = make_collection();
	struct flong_error err = {0};
	assert_int_equal(collection_write_index(place.dir, &err), FLONG_OK);
	put(&place, "archive/d.warc", BYTES("WARC/1.1\r\nWARC-Type: resource\r\n"));
	assert_int_equal(collection_write_index(place.dir, &err), FLONG_E_FORMAT);
	assert_keys(&place, "urn:a 20261123190000001\nurn:a 20261123190000002\n"
			    "urn:b 20261123190000001\n");
	SCOPED(free_textp) char *indexes = files_join(place.dir, "indexes");
	struct buf names = {0};
	assert_int_equal(files_list(indexes, ".partial", &names, &err), FLONG_OK);
	assert_int_equal(names.len, 0);
	buf_clear(&names);
	remove_collection(&place);
}

RUN_TESTS(
	CASE(the_index_holds_the_rows_of_all_finished_files), CASE(a_failure_leaves_the_old_index))
