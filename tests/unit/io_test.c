/* SPDX-License-Identifier: MIT */
/* io_test.c - disk calls that are interrupted, do less than they were asked, or fail */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/files.h"
#include "base/io.h"

static struct flong_error err;
static char *dir;
static struct io_calls calls;
static unsigned interruptions, failures, links;

static int set_up(void **state_)
{
	(void)state_;
	char template[] = "/tmp/io-XXXXXX";
	dir = strdup(mkdtemp(template));
	calls = io_system;
	interruptions = failures = links = 0;
	(void)io_use(&calls);
	return dir == NULL;
}

static int tear_down(void **state_)
{
	(void)state_;
	(void)io_use(&io_system);
	int rc = files_remove_tree(dir, &err);
	free(dir);
	return rc != FLONG_OK;
}

static bool is_interrupted(void)
{
	errno = EINTR;
	return interruptions++ % 3 != 2;
}

/* Two bytes at a time, and most calls are interrupted first. */
static ssize_t slow_write(int fd, const void *data, size_t length)
{
	return is_interrupted() ? -1 : write(fd, data, length < 2 ? length : 2);
}

static ssize_t slow_pwrite(int fd, const void *data, size_t length, off_t offset)
{
	return is_interrupted() ? -1 : pwrite(fd, data, length < 2 ? length : 2, offset);
}

static ssize_t slow_read(int fd, void *room, size_t max)
{
	return is_interrupted() ? -1 : read(fd, room, max < 2 ? max : 2);
}

static ssize_t slow_pread(int fd, void *room, size_t max, off_t offset)
{
	return is_interrupted() ? -1 : pread(fd, room, max < 2 ? max : 2, offset);
}

static int slow_open(int dir_fd, const char *path, int flags, mode_t mode)
{
	return is_interrupted() ? -1 : io_system.open(dir_fd, path, flags, mode);
}

static int slow_sync(int fd)
{
	return is_interrupted() ? -1 : fsync(fd);
}

static int slow_truncate(int fd, off_t size)
{
	return is_interrupted() ? -1 : ftruncate(fd, size);
}

/* As Linux does it: the descriptor is gone all the same. */
static int interrupted_close(int fd)
{
	(void)close(fd);
	errno = EINTR;
	return -1;
}

TEST(interrupted_and_short_calls_go_on)
{
	calls.open = slow_open;
	calls.write = slow_write;
	calls.pwrite = slow_pwrite;
	calls.read = slow_read;
	calls.pread = slow_pread;
	calls.sync = slow_sync;
	calls.truncate = slow_truncate;
	calls.close = interrupted_close;
	SCOPED(free_textp) char *path = files_join(dir, "a");
	assert_int_equal(files_replace(path, BYTES("seven b"), &err), FLONG_OK);
	int fd = io_open(path, O_RDWR, 0);
	assert_true(fd >= 0);
	assert_int_equal(files_write_all_at(fd, BYTES("even bytes"), 1, path, &err), FLONG_OK);
	assert_int_equal(io_truncate(fd, 10), 0);
	char room[8];
	assert_int_equal(files_read_at(fd, room, 6, 4, path, &err), FLONG_OK);
	assert_memory_equal(room, "n byte", 6);
	assert_int_equal(io_close(fd), 0);
	SCOPED(buf_clear) struct buf out = {0};
	assert_int_equal(files_read(path, &out, &err), FLONG_OK);
	assert_bytes(buf_bytes(&out), "seven byte");
	assert_true(interruptions > 20);
}

static int failing_sync(int fd)
{
	(void)fd;
	failures++;
	errno = EIO;
	return -1;
}

TEST(a_failed_sync_is_not_tried_again)
{
	calls.sync = failing_sync;
	SCOPED(free_textp) char *path = files_join(dir, "a");
	assert_int_equal(files_replace(path, BYTES("one"), &err), FLONG_E_IO);
	assert_int_equal(failures, 1);
	assert_non_null(strstr(err.message, "syncing"));
	SCOPED(buf_clear) struct buf names = {0};
	assert_int_equal(files_list(dir, "", &names, &err), FLONG_OK);
	assert_int_equal(names.len, 0); /* nothing is left of the attempt */
}

/* As a file system of a network does it when its server has no room. */
static int failing_close(int fd)
{
	(void)close(fd);
	failures++;
	errno = EDQUOT;
	return -1;
}

TEST(what_close_says_of_written_bytes_counts)
{
	SCOPED(free_textp) char *path = files_join(dir, "a");
	assert_int_equal(files_replace(path, BYTES("old"), &err), FLONG_OK);
	calls.close = failing_close;
	assert_int_equal(files_replace(path, BYTES("new"), &err), FLONG_E_IO);
	assert_int_equal(failures, 1);
	assert_non_null(strstr(err.message, "closing"));
	calls = io_system;
	SCOPED(buf_clear) struct buf out = {0};
	assert_int_equal(files_read(path, &out, &err), FLONG_OK);
	assert_bytes(buf_bytes(&out), "old");
	SCOPED(buf_clear) struct buf names = {0};
	assert_int_equal(files_list(dir, "", &names, &err), FLONG_OK);
	assert_int_equal(names.len, 2); /* nothing is left of the attempt */
}

TEST(no_file_is_made_through_a_link)
{
	SCOPED(free_textp) char *path = files_join(dir, "a");
	SCOPED(free_textp) char *victim = files_join(dir, "victim");
	assert_int_equal(files_replace(victim, BYTES("mine"), &err), FLONG_OK);
	assert_int_equal(symlink(victim, path), 0);
	assert_int_equal(io_open(path, O_RDWR | O_CREAT, 0600), -1);
	assert_int_equal(errno, ELOOP);
	int fd = io_open(path, O_RDONLY, 0);
	assert_true(fd >= 0);
	files_close_fd(&fd);
	assert_int_equal(unlink(victim), 0); /* nor is a new one made where the link leads */
	assert_int_equal(io_open(path, O_RDWR | O_CREAT, 0600), -1);
	assert_false(files_exists(victim));
}

static int rename_without_flags(const char *from, const char *to, unsigned flags)
{
	errno = EINVAL;
	return flags != 0 ? -1 : rename(from, to);
}

static int counted_link(const char *from, const char *to)
{
	links++;
	return link(from, to);
}

TEST(renaming_never_replaces_where_the_file_system_lacks_the_flag)
{
	calls.rename = rename_without_flags;
	calls.link = counted_link;
	SCOPED(free_textp) char *from = files_join(dir, "from");
	SCOPED(free_textp) char *to = files_join(dir, "to");
	assert_int_equal(files_replace(from, BYTES("1"), &err), FLONG_OK);
	assert_int_equal(files_rename_new(from, to, &err), FLONG_OK);
	assert_false(files_exists(from));
	assert_int_equal(files_replace(from, BYTES("2"), &err), FLONG_OK);
	assert_int_equal(files_rename_new(from, to, &err), FLONG_E_EXISTS);
	assert_true(files_exists(from));
	assert_int_equal(links, 2);
}

static int open_without_tmpfile(int dir_fd, const char *path, int flags, mode_t mode)
{
	if ((flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return io_system.open(dir_fd, path, flags, mode);
}

TEST(temporary_files_have_no_name)
{
	for (int i = 0; i < 2; i++) {
		SCOPED(files_close_fd) int fd = -1;
		assert_int_equal(files_open_temp(dir, &fd, &err), FLONG_OK);
		assert_int_equal(files_write_all(fd, BYTES("x"), "it", &err), FLONG_OK);
		SCOPED(buf_clear) struct buf names = {0};
		assert_int_equal(files_list(dir, "", &names, &err), FLONG_OK);
		assert_int_equal(names.len, 0);
		calls.open = open_without_tmpfile;
	}
}

/* A block of a file, then a failure. */
static ssize_t breaking_read(int fd, void *room, size_t max)
{
	if (failures++ == 0) {
		return read(fd, room, max < 10 ? max : 10);
	}
	errno = EIO;
	return -1;
}

TEST(a_line_that_an_error_cuts_is_no_line)
{
	SCOPED(free_textp) char *path = files_join(dir, "lines");
	assert_int_equal(files_replace(path, BYTES("first\nsecond\n"), &err), FLONG_OK);
	calls.read = breaking_read;
	SCOPED(files_close_stream) FILE *stream = NULL;
	assert_int_equal(files_open_stream(path, &stream, &err), FLONG_OK);
	SCOPED(free_textp) char *line = NULL;
	size_t capacity = 0;
	assert_int_equal(files_next_line(stream, &line, &capacity), 6);
	assert_string_equal(line, "first\n");
	assert_int_equal(files_next_line(stream, &line, &capacity), -1);
	assert_int_equal(errno, EIO);
}

TEST(the_end_of_a_file_of_lines)
{
	SCOPED(free_textp) char *path = files_join(dir, "lines");
	SCOPED(files_close_stream) FILE *stream = NULL;
	assert_int_equal(files_open_stream(path, &stream, &err), FLONG_E_NOT_FOUND);
	assert_int_equal(files_replace(path, BYTES("first\nlast"), &err), FLONG_OK);
	assert_int_equal(files_open_stream(path, &stream, &err), FLONG_OK);
	SCOPED(free_textp) char *line = NULL;
	size_t capacity = 0;
	assert_int_equal(files_next_line(stream, &line, &capacity), 6);
	assert_int_equal(files_next_line(stream, &line, &capacity), 4);
	assert_int_equal(files_next_line(stream, &line, &capacity), 0);
}

TEST(space_is_told)
{
	uint64_t bytes = 0;
	uint64_t files = 0;
	assert_int_equal(io_space(dir, &bytes, &files), 0);
	assert_true(bytes > 0 && files > 0);
	assert_int_equal(io_space("/nowhere/at/all", &bytes, &files), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			interrupted_and_short_calls_go_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_failed_sync_is_not_tried_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_close_says_of_written_bytes_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_file_is_made_through_a_link, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			renaming_never_replaces_where_the_file_system_lacks_the_flag, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(temporary_files_have_no_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_line_that_an_error_cuts_is_no_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_end_of_a_file_of_lines, set_up, tear_down),
		cmocka_unit_test_setup_teardown(space_is_told, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
