/* SPDX-License-Identifier: MIT */
/* zip_reader_test.c - a ZIP file is refused for what its structure says, before its data is read */
#include "unit.h"

#include <sys/stat.h>

#include "zip_build.h"

static void refuse_name(const char *name, size_t length, const char *fragment)
{
	struct zip_build build = {0};
	zip_build_file(&build, ZIP_BUILD_WARC, BYTES("x"));
	zip_build_add(&build,
		(struct zip_build_entry){.name = name, .name_length = length, .data = BYTES("x")});
	zip_build_finish(&build);
	zip_build_refuse(&build, FLONG_E_REFUSED, fragment);
}

TEST(tells_what_is_in_a_file)
{
	struct zip_build build = zip_build_two();
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	zip_build_accept(&build, &reader);
	assert_int_equal(zip_reader_count(reader), 2);
	const struct zip_entry *entry = zip_reader_find(reader, BYTES(ZIP_BUILD_WARC));
	assert_ptr_equal(entry, zip_reader_at(reader, 0));
	assert_bytes(entry->name, ZIP_BUILD_WARC);
	assert_int_equal(entry->size, 11);
	assert_true(entry->is_stored);
	assert_int_equal(entry->data_offset, 30 + strlen(ZIP_BUILD_WARC));
	assert_int_equal(entry->oddities, 0);
	assert_int_equal(zip_reader_unclaimed(reader), 0);
	assert_null(zip_reader_find(reader, BYTES("archive")));
}

TEST(opens_a_file_without_entries)
{
	struct zip_build build = {0};
	zip_build_finish(&build);
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	zip_build_accept(&build, &reader);
	assert_int_equal(zip_reader_count(reader), 0);
}

TEST(refuses_zip_slip)
{
	refuse_name("../../etc/passwd", 0, "'../../etc/passwd': its name leads out");
	refuse_name("archive/../../x", 0, "leads out");
	refuse_name("archive/..", 0, "leads out");
	refuse_name("archive/../", 0, "leads out");
}

TEST(refuses_absolute_names)
{
	refuse_name("/etc/passwd", 0, "'/etc/passwd': its name is an absolute path");
	refuse_name("/", 0, "absolute");
	refuse_name("C:/x", 0, "drive letter");
	refuse_name("c:x", 0, "drive letter");
}

TEST(refuses_backslashes_and_control_bytes)
{
	refuse_name("archive\\..\\x", 0, "backslash");
	refuse_name("archive/x\0.warc", 15, "control byte");
	refuse_name("archive/x\n", 0, "control byte");
	refuse_name("archive/x\x7f", 0, "control byte");
	refuse_name("archive/\xff\xfe", 0, "not UTF-8");
	refuse_name("archive//x", 0, "empty part");
	refuse_name("./archive/x", 0, "part '.'");
}

TEST(refuses_an_empty_name)
{
	struct zip_build build = {0};
	zip_build_file(&build, "", BYTES("x"));
	zip_build_finish(&build);
	zip_build_refuse(&build, FLONG_E_REFUSED, "its name is empty");
}

TEST(refuses_links_and_devices)
{
	static const struct {
		uint32_t mode;
		const char *fragment;
	} cases[] = {{S_IFLNK | 0777, "'link': it is a symbolic link"},
		{S_IFCHR | 0666, "it is a device"}, {S_IFBLK | 0666, "it is a device"},
		{S_IFIFO | 0666, "it is a pipe"}, {S_IFSOCK | 0666, "it is a socket"},
		{S_IFDIR | 0755, "no regular file"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zip_build build = {0};
		zip_build_add(&build,
			(struct zip_build_entry){
				.name = "link", .data = BYTES("/etc"), .mode = cases[i].mode});
		zip_build_finish(&build);
		zip_build_refuse(&build, FLONG_E_REFUSED, cases[i].fragment);
	}
}

TEST(takes_directories_and_refuses_those_with_data)
{
	struct zip_build build = {0};
	zip_build_add(&build, (struct zip_build_entry){.name = "archive/", .mode = S_IFDIR | 0755});
	zip_build_file(&build, ZIP_BUILD_WARC, BYTES("x"));
	zip_build_finish(&build);
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	zip_build_accept(&build, &reader);
	assert_true(zip_reader_at(reader, 0)->is_directory);
	assert_bytes(zip_reader_at(reader, 0)->name, "archive");
	struct zip_build other = {0};
	zip_build_file(&other, "archive/", BYTES("data"));
	zip_build_finish(&other);
	zip_build_refuse(&other, FLONG_E_REFUSED, "it is a directory and has data");
}

static void refuse_pair(const char *first, const char *second, const char *fragment)
{
	struct zip_build build = {0};
	zip_build_file(&build, first, BYTES("1"));
	zip_build_file(&build, "archive/between", BYTES("2"));
	zip_build_file(&build, second, BYTES("3"));
	zip_build_finish(&build);
	zip_build_refuse(&build, FLONG_E_REFUSED, fragment);
}

TEST(refuses_names_that_are_there_twice)
{
	refuse_pair(
		ZIP_BUILD_WARC, ZIP_BUILD_WARC, "'" ZIP_BUILD_WARC "': its name is there twice");
	refuse_pair("archive/a.warc.gz", "archive/A.warc.gz", "in other letter case");
	refuse_pair("logs", "logs/x", "'logs/x': it lies in 'logs', which is no directory");
	refuse_pair("Logs/x", "logs", "no directory");
	refuse_pair("logs", "logs/", "a directory and has data");
}

TEST(refuses_overlapping_entries)
{
	/* Two names for the same bytes: the second local header is never looked at. */
	struct zip_build same = {0};
	zip_build_file(&same, "a", BYTES("0123456789"));
	zip_build_file(&same, "b", BYTES("0123456789"));
	zip_build_finish(&same);
	zip_build_patch(&same, same.central[1] + 42, same.local[0], 4);
	zip_build_refuse(&same, FLONG_E_DAMAGED, "'b': its local header has another name: 'a'");
	/* A file within a file: its header is the data of the other. */
	struct zip_build inner = {0};
	zip_build_file(&inner, "b", BYTES("inner"));
	struct zip_build outer = {0};
	zip_build_file(&outer, "a", buf_bytes(&inner.zip));
	outer.local[1] = 31;
	outer.entries[1] = inner.entries[0];
	outer.count = 2;
	zip_build_finish(&outer);
	zip_build_refuse(&outer, FLONG_E_REFUSED, "ZIP entry 'b': it overlaps 'a'");
	buf_clear(&inner.zip);
}

TEST(refuses_sizes_that_lie)
{
	struct zip_build build = zip_build_two();
	zip_build_patch(&build, build.central[0] + 24, 12, 4);
	zip_build_refuse(&build, FLONG_E_DAMAGED,
		"'" ZIP_BUILD_WARC "': its sizes lie: 12 bytes cannot be stored as 11");
	build = zip_build_two();
	zip_build_patch(&build, build.central[0] + 20, 10, 4);
	zip_build_patch(&build, build.central[0] + 24, 10, 4);
	zip_build_refuse(&build, FLONG_E_DAMAGED,
		"its sizes lie: 11 of 11 bytes in its local header, 10 of 10");
	build = zip_build_two();
	zip_build_patch(&build, build.local[0] + 22, 9999, 4);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "its sizes lie: 11 of 9999");
	build = zip_build_two();
	zip_build_patch(&build, build.local[1] + 18, 1 << 30, 4);
	zip_build_patch(&build, build.local[1] + 22, 1 << 30, 4);
	zip_build_patch(&build, build.central[1] + 20, 1 << 30, 4);
	zip_build_patch(&build, build.central[1] + 24, 1 << 30, 4);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "go over the end of all data");
}

TEST(refuses_deflated_sizes_that_cannot_be)
{
	struct buf deflated = {0};
	zip_build_deflate(BYTES("text text text text text"), &deflated);
	struct zip_build build = {0};
	zip_build_add(&build, (struct zip_build_entry){.name = "pages/pages.jsonl",
				      .data = BYTES("text text text text text"),
				      .deflated = &deflated});
	zip_build_finish(&build);
	zip_build_patch(&build, build.central[0] + 24, 0xFFFFFFF0, 4);
	zip_build_refuse(
		&build, FLONG_E_DAMAGED, "its sizes lie: 4294967280 bytes cannot be deflated as");
	buf_clear(&deflated);
}

TEST(refuses_local_headers_that_differ)
{
	struct zip_build build = zip_build_two();
	zip_build_patch(&build, build.local[0] + 30, 'A', 1);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "its local header has another name: 'Archive");
	build = zip_build_two();
	zip_build_patch(&build, build.local[0] + 14, 1, 4);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "another checksum");
	build = zip_build_two();
	zip_build_patch(&build, build.local[0] + 8, 8, 2);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "another method");
	build = zip_build_two();
	zip_build_patch(&build, build.local[0] + 6, 1, 2);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "other flags");
	build = zip_build_two();
	zip_build_patch(&build, build.local[0], 0, 4);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "no local header at offset 0");
	build = zip_build_two();
	zip_build_patch(&build, build.central[0] + 42, build.central[0], 4);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "behind all data");
}

TEST(refuses_encrypted_and_unknown)
{
	struct zip_build build = {0};
	zip_build_add(&build,
		(struct zip_build_entry){.name = ZIP_BUILD_WARC, .data = BYTES("x"), .flags = 1});
	zip_build_finish(&build);
	zip_build_refuse(&build, FLONG_E_UNSUPPORTED, "'" ZIP_BUILD_WARC "': it is encrypted");
	build = zip_build_two();
	zip_build_patch(&build, build.central[0] + 10, 12, 2);
	zip_build_refuse(&build, FLONG_E_UNSUPPORTED, "compression method 12");
	build = zip_build_two();
	zip_build_patch(&build, build.central[0] + 10, 99, 2);
	zip_build_refuse(&build, FLONG_E_UNSUPPORTED, "encrypted");
}

/* --- ZIP64 --- */

static struct zip_build wide_entry(struct bytes extra)
{
	struct zip_build build = {0};
	zip_build_add(&build, (struct zip_build_entry){.name = ZIP_BUILD_WARC,
				      .data = BYTES("12345"),
				      .local_extra = extra,
				      .central_extra = extra});
	zip_build_finish(&build);
	return build;
}

TEST(reads_zip64_entries)
{
	const struct bytes extra = BYTES("\1\0\20\0\5\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0");
	struct zip_build build = wide_entry(extra);
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	zip_build_accept(&build, &reader);
	struct zip_build other = wide_entry(extra);
	zip_build_patch(&other, other.central[0] + 20, UINT64_MAX, 8);
	zip_build_patch(&other, other.local[0] + 18, UINT64_MAX, 8);
	SCOPED(zip_reader_closep) struct zip_reader *second = NULL;
	zip_build_accept(&other, &second);
	assert_int_equal(zip_reader_at(second, 0)->size, 5);
	assert_int_equal(zip_reader_at(second, 0)->oddities, 0);
}

TEST(refuses_zip64_entries_that_lie)
{
	struct zip_build build = wide_entry(BYTES("\1\0\20\0\6\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0"));
	zip_build_refuse(&build, FLONG_E_REFUSED, "its ZIP64 field contradicts its header");
	build = wide_entry(BYTES("\1\0\3\0abc"));
	zip_build_refuse(&build, FLONG_E_REFUSED, "its ZIP64 field contradicts");
	build = zip_build_two();
	zip_build_patch(&build, build.central[0] + 20, UINT64_MAX, 8);
	zip_build_refuse(&build, FLONG_E_REFUSED, "it needs a ZIP64 field and has none");
	build = wide_entry(BYTES("\1\0\0\0\1\0\0\0"));
	zip_build_refuse(&build, FLONG_E_FORMAT, "the extra field 0x0001 twice");
	build = wide_entry(BYTES("\1\0\377\0abc"));
	zip_build_refuse(&build, FLONG_E_FORMAT, "its extra fields do not fit");
}

TEST(refuses_a_second_name_in_an_extra_field)
{
	struct zip_build build = wide_entry(BYTES("\x75\x70\x09\0\1abcd../x"));
	zip_build_refuse(&build, FLONG_E_REFUSED, "it has two names");
}

TEST(notes_an_extra_field_in_the_local_header_only)
{
	struct zip_build build = {0};
	zip_build_add(&build, (struct zip_build_entry){.name = ZIP_BUILD_WARC,
				      .data = BYTES("12345"),
				      .local_extra = BYTES("\xfe\xca\0\0")});
	zip_build_finish(&build);
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	zip_build_accept(&build, &reader);
	assert_int_equal(zip_reader_at(reader, 0)->oddities, ZIP_ODD_LOCAL_EXTRA);
}

TEST(reads_and_checks_data_descriptors)
{
	struct zip_build build = {0};
	zip_build_add(&build,
		(struct zip_build_entry){
			.name = ZIP_BUILD_WARC, .data = BYTES("12345"), .has_descriptor = true});
	zip_build_finish(&build);
	struct zip_build lying = {0};
	buf_add(&lying.zip, buf_bytes(&build.zip));
	zip_build_patch(&lying, 30 + strlen(ZIP_BUILD_WARC) + 5 + 8, 6, 4);
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	zip_build_accept(&build, &reader);
	assert_int_equal(zip_reader_at(reader, 0)->oddities, ZIP_ODD_DESCRIPTOR);
	assert_int_equal(zip_reader_unclaimed(reader), 0);
	zip_build_refuse(&lying, FLONG_E_DAMAGED, "the sizes behind its data are others");
}

TEST(refuses_what_is_no_regular_file)
{
	struct flong_error err = {0};
	struct zip_reader *reader = NULL;
	assert_int_equal(zip_reader_open("/dev/zero", &reader, &err), FLONG_E_UNSUPPORTED);
	assert_string_equal(err.message, "/dev/zero is no regular file");
	assert_int_equal(zip_reader_open("/", &reader, &err), FLONG_E_UNSUPPORTED);
	assert_int_equal(zip_reader_open("/nowhere", &reader, &err), FLONG_E_NOT_FOUND);
}

RUN_TESTS(CASE(tells_what_is_in_a_file), CASE(opens_a_file_without_entries), CASE(refuses_zip_slip),
	CASE(refuses_absolute_names), CASE(refuses_backslashes_and_control_bytes),
	CASE(refuses_an_empty_name), CASE(refuses_links_and_devices),
	CASE(takes_directories_and_refuses_those_with_data),
	CASE(refuses_names_that_are_there_twice), CASE(refuses_overlapping_entries),
	CASE(refuses_sizes_that_lie), CASE(refuses_deflated_sizes_that_cannot_be),
	CASE(refuses_local_headers_that_differ), CASE(refuses_encrypted_and_unknown),
	CASE(reads_zip64_entries), CASE(refuses_zip64_entries_that_lie),
	CASE(refuses_a_second_name_in_an_extra_field),
	CASE(notes_an_extra_field_in_the_local_header_only),
	CASE(reads_and_checks_data_descriptors), CASE(refuses_what_is_no_regular_file))
