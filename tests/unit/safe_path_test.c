/* SPDX-License-Identifier: MIT */
/* safe_path_test.c - nasty names are refused, and files are made below one directory only */
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/safe_path.h"

TEST(judges_names)
{
	const struct {
		struct bytes path;
		const char *fault; /* a part of it; NULL: none */
	} cases[] = {
		{BYTES("a"), NULL},
		{BYTES("archive/data.warc.gz"), NULL},
		{BYTES("a/.hidden"), NULL},
		{BYTES("a/..."), NULL},
		{BYTES("a/..b"), NULL},
		{BYTES("a/b..c"), NULL},
		{BYTES("a:b"), "drive letter"},
		{BYTES("2026-01-01T00:00:00.log"), NULL},
		{BYTES("%2e%2e/x"), NULL},
		{BYTES("\xc3\xa4/x"), NULL},
		{BYTES(""), "is empty"},
		{BYTES("/"), "absolute"},
		{BYTES("/etc/passwd"), "absolute"},
		{BYTES("//host/share"), "absolute"},
		{BYTES(".."), "leads out"},
		{BYTES("../x"), "leads out"},
		{BYTES("a/../b"), "leads out"},
		{BYTES("a/.."), "leads out"},
		{BYTES("."), "part '.'"},
		{BYTES("./x"), "part '.'"},
		{BYTES("a/./b"), "part '.'"},
		{BYTES("a//b"), "empty part"},
		{BYTES("a/"), "empty part"},
		{BYTES("a\\b"), "backslash"},
		{BYTES("..\\x"), "backslash"},
		{BYTES("C:\\x"), "backslash"},
		{BYTES("C:/x"), "drive letter"},
		{BYTES("z:"), "drive letter"},
		{BYTES("a\0b"), "control byte"},
		{BYTES("a\nb"), "control byte"},
		{BYTES("\x1b[2J"), "control byte"},
		{BYTES("a\x7f"), "control byte"},
		{BYTES("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16"), NULL},
		{BYTES("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"), "too deep"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault = safe_path_fault(cases[i].path);
		bool is_fine = cases[i].fault == NULL
				       ? fault == NULL
				       : fault != NULL && strstr(fault, cases[i].fault) != NULL;
		if (!is_fine) {
			fail_msg("case %zu: %s", i, fault == NULL ? "accepted" : fault);
		}
	}
}

TEST(judges_lengths)
{
	char name[2000];
	memset(name, 'x', sizeof(name));
	assert_null(safe_path_fault(bytes_from(name, 255)));
	assert_non_null(safe_path_fault(bytes_from(name, 256)));
	for (size_t i = 200; i < sizeof(name); i += 201) {
		name[i] = '/';
	}
	assert_null(safe_path_fault(bytes_from(name, 1000)));
	assert_string_equal(safe_path_fault(bytes_from(name, 1999)), "is too long");
}

TEST(knows_reserved_names)
{
	static const char *const yes[] = {"CON", "nul", "Aux.txt", "com1", "LPT9.tar.gz", "prn .x"};
	static const char *const no[] = {"console", "com", "com10", "lptx", "con-1", ".con", ""};
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		assert_true(safe_path_is_reserved(bytes_of(yes[i])));
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		assert_false(safe_path_is_reserved(bytes_of(no[i])));
	}
}

struct place {
	char dir[40];
	int fd;
};

static struct place make_place(void)
{
	struct place place = {.dir = "/tmp/safe-path-XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	place.fd = open(place.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(place.fd >= 0);
	return place;
}

static void remove_place(struct place *place)
{
	struct flong_error err = {0};
	files_close_fd(&place->fd);
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
}

static int create(const struct place *place, const char *path)
{
	struct flong_error err = {0};
	SCOPED(files_close_fd) int fd = -1;
	return safe_path_create(place->fd, bytes_of(path), &fd, &err);
}

TEST(makes_files_and_their_directories)
{
	struct place place = make_place();
	assert_int_equal(create(&place, "a/b/c"), FLONG_OK);
	assert_int_equal(create(&place, "a/b/d"), FLONG_OK);
	assert_int_equal(create(&place, "a/b/c"), FLONG_E_EXISTS);
	assert_int_equal(create(&place, "a/b"), FLONG_E_EXISTS);
	assert_int_equal(create(&place, "a/b/c/e"), FLONG_E_EXISTS);
	assert_int_equal(create(&place, "../x"), FLONG_E_REFUSED);
	struct flong_error err = {0};
	SCOPED(files_close_fd) int fd = -1;
	assert_int_equal(safe_path_open(place.fd, BYTES("a/b/c"), &fd, &err), FLONG_OK);
	assert_true(fd >= 0);
	int none = -1;
	assert_int_equal(safe_path_open(place.fd, BYTES("a/b"), &none, &err), FLONG_E_REFUSED);
	assert_int_equal(safe_path_open(place.fd, BYTES("a/x"), &none, &err), FLONG_E_NOT_FOUND);
	assert_int_equal(safe_path_open(place.fd, BYTES("x/x"), &none, &err), FLONG_E_NOT_FOUND);
	remove_place(&place);
}

TEST(follows_no_link)
{
	struct place place = make_place();
	struct place outside = make_place();
	assert_int_equal(symlinkat(outside.dir, place.fd, "link"), 0);
	assert_int_equal(symlinkat("nowhere", place.fd, "dangling"), 0);
	assert_int_equal(create(&place, "link/x"), FLONG_E_EXISTS);
	assert_int_equal(create(&place, "link"), FLONG_E_EXISTS);
	assert_int_equal(create(&place, "dangling"), FLONG_E_EXISTS);
	struct buf names = {0};
	struct flong_error err = {0};
	assert_int_equal(files_list(outside.dir, "", &names, &err), FLONG_OK);
	assert_int_equal(names.len, 0);
	assert_int_equal(create(&outside, "secret"), FLONG_OK);
	int none = -1;
	assert_true(safe_path_open(place.fd, BYTES("link/secret"), &none, &err) < 0);
	assert_true(safe_path_open(place.fd, BYTES("link"), &none, &err) < 0);
	assert_int_equal(none, -1);
	buf_clear(&names);
	remove_place(&place);
	remove_place(&outside);
}

RUN_TESTS(CASE(judges_names), CASE(judges_lengths), CASE(knows_reserved_names),
	CASE(makes_files_and_their_directories), CASE(follows_no_link))
