/* SPDX-License-Identifier: MIT */
/* zip_data_test.c - the data of ZIP entries, whole and from within, and data that is not what it
 * should be */
#include "unit.h"

#include "zip_build.h"

static const char text[] = "All work and no play makes Jack a dull boy. "
			   "All work and no play makes Jack a dull boy.\n";
#define TEXT bytes_from(text, sizeof(text) - 1)

/* Reads the first entry from `offset`; the code of the end. */
static int read_first(
	const struct zip_build *build, uint64_t offset, struct buf *out, struct flong_error *err)
{
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	SCOPED(source_closep) struct source *source = NULL;
	if (zip_build_open(build, &reader, err) != FLONG_OK) {
		fail_msg("refused: %s", err->message);
	}
	const struct zip_entry *entry = zip_reader_at(reader, 0);
	int rc = offset == 0 ? zip_reader_open_entry(reader, entry, &source, err)
			     : zip_reader_open_entry_at(reader, entry, offset, &source, err);
	return rc == FLONG_OK ? source_read_all(source, out, err) : rc;
}

static struct zip_build one(struct bytes data, const struct buf *deflated)
{
	struct zip_build build = {0};
	zip_build_add(
		&build, (struct zip_build_entry){.name = "a", .data = data, .deflated = deflated});
	zip_build_finish(&build);
	return build;
}

/* The same wrong number in both headers. */
static void patch_both(struct zip_build *build, size_t local, uint64_t value)
{
	zip_build_patch(build, build->local[0] + local, value, 4);
	zip_build_patch(build, build->central[0] + local + 2, value, 4);
}

static void expect_damage(struct zip_build *build, const char *fragment)
{
	struct flong_error err = {0};
	struct buf out = {0};
	int rc = read_first(build, 0, &out, &err);
	if (rc != FLONG_E_DAMAGED || strstr(err.message, fragment) == NULL) {
		fail_msg("%d '%s' instead of '%s'", rc, err.message, fragment);
	}
	assert_true(out.len <= sizeof(text) - 1);
	buf_clear(&out);
	buf_clear(&build->zip);
}

static void expect_text(struct zip_build *build, uint64_t offset, struct bytes expected)
{
	struct flong_error err = {0};
	struct buf out = {0};
	assert_int_equal(read_first(build, offset, &out, &err), FLONG_OK);
	assert_true(bytes_equal(buf_bytes(&out), expected));
	buf_clear(&out);
}

TEST(reads_stored_data)
{
	struct zip_build build = one(TEXT, NULL);
	for (size_t i = 0; i < sizeof(text) + 2; i++) {
		expect_text(&build, i, bytes_slice(TEXT, i, sizeof(text)));
	}
	buf_clear(&build.zip);
}

TEST(reads_deflated_data)
{
	struct buf deflated = {0};
	zip_build_deflate(TEXT, &deflated);
	struct zip_build build = one(TEXT, &deflated);
	for (size_t i = 0; i < sizeof(text) + 2; i++) {
		expect_text(&build, i, bytes_slice(TEXT, i, sizeof(text)));
	}
	buf_clear(&build.zip);
	buf_clear(&deflated);
}

TEST(reads_empty_entries)
{
	struct zip_build build = one(BYTES(""), NULL);
	expect_text(&build, 0, BYTES(""));
	buf_clear(&build.zip);
	struct buf deflated = {0};
	zip_build_deflate(BYTES(""), &deflated);
	build = one(BYTES(""), &deflated);
	expect_text(&build, 0, BYTES(""));
	buf_clear(&build.zip);
	buf_reset(&deflated);
	build = one(BYTES(""), &deflated);
	expect_text(&build, 0, BYTES(""));
	buf_clear(&build.zip);
	buf_clear(&deflated);
}

TEST(finds_a_wrong_checksum)
{
	struct zip_build build = one(TEXT, NULL);
	zip_build_patch(&build, 31 + 7, '!', 1);
	expect_damage(&build, "ZIP entry 'a': its data does not match its checksum");
	struct buf deflated = {0};
	zip_build_deflate(TEXT, &deflated);
	build = one(TEXT, &deflated);
	patch_both(&build, 14, 12345);
	expect_damage(&build, "ZIP entry 'a': its data is damaged, or is not what");
	buf_clear(&deflated);
}

TEST(finds_deflated_sizes_that_lie)
{
	struct buf deflated = {0};
	zip_build_deflate(TEXT, &deflated);
	struct zip_build build = one(TEXT, &deflated);
	patch_both(&build, 22, sizeof(text) - 2);
	expect_damage(&build, "ZIP entry 'a': it");
	build = one(TEXT, &deflated);
	patch_both(&build, 22, sizeof(text) + 5);
	expect_damage(&build, "ZIP entry 'a': it");
	buf_add(&deflated, BYTES("hidden bytes"));
	build = one(TEXT, &deflated);
	expect_damage(&build, "ZIP entry 'a': it");
	buf_truncate(&deflated, 20);
	build = one(TEXT, &deflated);
	expect_damage(&build, "ZIP entry 'a': it");
	buf_clear(&deflated);
}

TEST(finds_broken_deflate_data)
{
	struct buf deflated = {0};
	zip_build_deflate(TEXT, &deflated);
	for (size_t i = 0; i < deflated.len; i++) {
		struct zip_build build = one(TEXT, &deflated);
		zip_build_patch(&build, 31 + i, (unsigned char)(deflated.ptr[i] ^ 0x55), 1);
		expect_damage(&build, "ZIP entry 'a': it");
	}
	buf_clear(&deflated);
}

RUN_TESTS(CASE(reads_stored_data), CASE(reads_deflated_data), CASE(reads_empty_entries),
	CASE(finds_a_wrong_checksum), CASE(finds_deflated_sizes_that_lie),
	CASE(finds_broken_deflate_data))
