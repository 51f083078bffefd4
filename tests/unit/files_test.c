/* SPDX-License-Identifier: MIT */
/* files_test.c - files, directories and locks */
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"

static struct flong_error err;
static char *dir;

static int set_up(void **state_)
{
	(void)state_;
	char template[] = "/tmp/files-XXXXXX";
	dir = strdup(mkdtemp(template));
	return dir == NULL;
}

static int tear_down(void **state_)
{
	(void)state_;
	int rc = files_remove_tree(dir, &err);
	bool is_gone = !files_exists(dir);
	free(dir);
	return rc != FLONG_OK || !is_gone;
}

TEST(a_replaced_file_holds_the_new_content)
{
	SCOPED(free_textp) char *path = files_join(dir, "a");
	struct buf out = {0};
	assert_int_equal(files_read(path, &out, &err), FLONG_E_NOT_FOUND);
	assert_int_equal(files_replace(path, BYTES("one"), &err), FLONG_OK);
	assert_int_equal(files_replace(path, BYTES("second"), &err), FLONG_OK);
	assert_int_equal(files_read(path, &out, &err), FLONG_OK);
	assert_bytes(buf_bytes(&out), "second");
	uint64_t size;
	assert_int_equal(files_size(path, &size, &err), FLONG_OK);
	assert_int_equal(size, 6);
	struct buf small = buf_with_max(3);
	assert_int_equal(files_read(path, &small, &err), FLONG_E_LIMIT);
	buf_clear(&out);
	buf_clear(&small);
}

TEST(what_is_no_file_is_written_to_and_not_replaced)
{
	SCOPED(free_textp) char *pipe = files_join(dir, "pipe");
	SCOPED(free_textp) char *link = files_join(dir, "link");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(symlink(pipe, link), 0);
	SCOPED(files_close_fd) int fd = open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	const char *const paths[] = {pipe, link};
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char room[16];
		struct stat status;
		assert_true(files_is_special(paths[i]));
		assert_int_equal(files_replace(paths[i], BYTES("report"), &err), FLONG_OK);
		assert_int_equal(read(fd, room, sizeof(room)), 6);
		assert_int_equal(stat(paths[i], &status), 0);
		assert_true(S_ISFIFO(status.st_mode));
	}
	assert_true(files_is_special("/dev/null"));
	assert_true(files_is_special("/dev/stdout"));
	SCOPED(free_textp) char *plain = files_join(dir, "plain");
	assert_false(files_is_special(plain));
	assert_int_equal(files_replace(plain, BYTES("x"), &err), FLONG_OK);
	assert_false(files_is_special(plain));
	assert_int_equal(files_replace(dir, BYTES("x"), &err), FLONG_E_IO);
}

TEST(renaming_never_replaces)
{
	SCOPED(free_textp) char *from = files_join(dir, "from");
	SCOPED(free_textp) char *to = files_join(dir, "to");
	assert_int_equal(files_replace(from, BYTES("1"), &err), FLONG_OK);
	assert_int_equal(files_rename_new(from, to, &err), FLONG_OK);
	assert_false(files_exists(from));
	assert_int_equal(files_replace(from, BYTES("2"), &err), FLONG_OK);
	assert_int_equal(files_rename_new(from, to, &err), FLONG_E_EXISTS);
	assert_true(files_exists(from));
}

TEST(names_are_listed_in_order_of_bytes)
{
	SCOPED(free_textp) char *sub = files_join(dir, "list");
	assert_int_equal(files_make_dir(sub, &err), FLONG_OK);
	assert_int_equal(files_make_dir(sub, &err), FLONG_OK);
	static const char *const names[] = {"b.x", "a.x", "B.x", "c.y"};
	for (size_t i = 0; i < 4; i++) {
		SCOPED(free_textp) char *path = files_join(sub, names[i]);
		assert_int_equal(files_replace(path, BYTES(""), &err), FLONG_OK);
	}
	struct buf list = {0};
	assert_int_equal(files_list(sub, ".x", &list, &err), FLONG_OK);
	assert_bytes(buf_bytes(&list), "B.x\0a.x\0b.x\0");
	buf_clear(&list);
}

TEST(removing_a_tree_does_not_follow_links)
{
	SCOPED(free_textp) char *kept = files_join(dir, "kept");
	SCOPED(free_textp) char *tree = files_join(dir, "tree");
	SCOPED(free_textp) char *link = files_join(tree, "link");
	assert_int_equal(files_make_dir(tree, &err), FLONG_OK);
	assert_int_equal(files_replace(kept, BYTES("x"), &err), FLONG_OK);
	assert_int_equal(symlink(dir, link), 0);
	assert_int_equal(files_remove_tree(tree, &err), FLONG_OK);
	assert_false(files_exists(tree));
	assert_true(files_exists(kept));
	assert_int_equal(files_remove_tree(tree, &err), FLONG_OK);
}

TEST(a_lock_is_exclusive_and_names_its_holder)
{
	SCOPED(free_textp) char *path = files_join(dir, "lock");
	int first;
	int second;
	assert_int_equal(files_lock(path, &first, &err), FLONG_OK);
	assert_int_equal(files_lock(path, &second, &err), FLONG_E_BUSY);
	char pid[32];
	(void)snprintf(pid, sizeof(pid), "process %ld", (long)getpid());
	assert_non_null(strstr(err.message, pid));
	files_close_fd(&first);
	assert_int_equal(files_lock(path, &second, &err), FLONG_OK);
	files_close_fd(&second);
}

TEST(failures_name_the_path)
{
	assert_int_equal(files_replace("/nonexistent/a", BYTES(""), &err), FLONG_E_IO);
	assert_non_null(strstr(err.message, "/nonexistent/a"));
	assert_int_equal(files_make_dir("/nonexistent/a", &err), FLONG_E_IO);
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(files_write_all(fd, BYTES("x"), "the disk", &err), FLONG_E_IO);
	assert_non_null(strstr(err.message, "the disk"));
	files_close_fd(&fd);
	assert_string_equal(files_base_name("/a/b.c"), "b.c");
	assert_string_equal(files_base_name("b.c"), "b.c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(a_replaced_file_holds_the_new_content),
		CASE(what_is_no_file_is_written_to_and_not_replaced), CASE(renaming_never_replaces),
		CASE(names_are_listed_in_order_of_bytes),
		CASE(removing_a_tree_does_not_follow_links),
		CASE(a_lock_is_exclusive_and_names_its_holder), CASE(failures_name_the_path)};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
