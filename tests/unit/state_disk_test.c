/* SPDX-License-Identifier: MIT */
/* state_disk_test.c - the database's calls on the disk are those of base/io */
#include "unit.h"

#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "base/io.h"
#include "crawl/state.h"

#define OK(call) assert_int_equal((call), FLONG_OK)

struct place {
	char dir[40];
	char path[56];
};

static void place_clear(struct place *place)
{
	struct flong_error err = {0};
	OK(files_remove_tree(place->dir, &err));
}

static struct state *open_at(const char *path)
{
	struct flong_error err = {0};
	struct state *state = NULL;
	OK(state_open(path, &state, &err));
	return state;
}

static bool add(struct state *state, struct visit *visit)
{
	struct flong_error err = {0};
	bool added = false;
	OK(state_add_visit(state, visit, &added, &err));
	return added;
}

/* Which of the database's calls on the disk fail. */
static bool fails_write, fails_sync;
static unsigned failures;

static ssize_t maybe_pwrite(int fd, const void *data, size_t length, off_t offset)
{
	if (!fails_write) {
		return io_system.pwrite(fd, data, length, offset);
	}
	failures++;
	errno = ENOSPC;
	return -1;
}

static int maybe_sync(int fd)
{
	if (!fails_sync) {
		return io_system.sync(fd);
	}
	failures++;
	errno = EIO;
	return -1;
}

static void check_that_nothing_is_committed(const struct place *place, bool *fails)
{
	struct flong_error err = {0};
	struct state *state = open_at(place->path);
	char unsafe[] = "http://a.example/unsafe";
	struct visit page = {.url = unsafe, .kind = VISIT_PAGE, .origin = 1};
	assert_true(add(state, &page));
	*fails = true;
	failures = 0;
	assert_int_equal(state_commit(state, &err), FLONG_E_IO);
	assert_true(failures > 0);
	assert_non_null(strstr(err.message, "cannot be committed"));
	*fails = false;
	state_close(state);
}

TEST(a_disk_that_fails_the_database_fails_the_commit)
{
	SCOPED(place_clear) struct place place = {.dir = "/tmp/state_disk_test.XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	(void)snprintf(place.path, sizeof(place.path), "%s/crawl.db", place.dir);
	struct flong_error err = {0};
	struct state *state = open_at(place.path);
	char safe[] = "http://a.example/safe";
	struct visit page = {.url = safe, .kind = VISIT_PAGE, .origin = 1};
	assert_true(add(state, &page));
	OK(state_commit(state, &err));
	state_close(state);
	struct io_calls calls = io_system;
	calls.pwrite = maybe_pwrite;
	calls.sync = maybe_sync;
	calls.sync_data = maybe_sync;
	(void)io_use(&calls);
	check_that_nothing_is_committed(&place, &fails_write);
	check_that_nothing_is_committed(&place, &fails_sync);
	(void)io_use(&io_system);
	state = open_at(place.path);
	assert_false(add(state, &page));
	state_close(state);
}

/* It is not synced where nothing depends on it yet, and before anything that does. */
TEST(a_new_database_is_synced_with_its_name)
{
	SCOPED(place_clear) struct place place = {.dir = "/tmp/state_disk_test.XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	(void)snprintf(place.path, sizeof(place.path), "%s/crawl.db", place.dir);
	struct flong_error err = {0};
	struct io_calls calls = io_system;
	calls.sync = maybe_sync;
	calls.sync_data = maybe_sync;
	(void)io_use(&calls);
	fails_sync = true;
	failures = 0;
	struct state *state = open_at(place.path);
	assert_int_equal(failures, 0);
	assert_int_equal(state_keep(state, &err), FLONG_E_IO);
	assert_non_null(strstr(err.message, place.path));
	assert_int_equal(state_commit(state, &err), FLONG_E_IO);
	assert_int_equal(failures, 2); /* the database, twice */
	fails_sync = false;
	OK(state_keep(state, &err));
	fails_sync = true;
	OK(state_keep(state, &err)); /* it is done */
	fails_sync = false;
	state_close(state);
	state = open_at(place.path);
	fails_sync = true;
	OK(state_keep(state, &err)); /* it was there */
	fails_sync = false;
	state_close(state);
	(void)io_use(&io_system);
}

RUN_TESTS(CASE(a_disk_that_fails_the_database_fails_the_commit),
	CASE(a_new_database_is_synced_with_its_name))
