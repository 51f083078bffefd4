/* SPDX-License-Identifier: MIT */
/* output_test.c - where an archive goes, and what is never overwritten */
#include "unit.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "base/io.h"
#include "crawl/output.h"

#define OK(call) assert_int_equal((call), FLONG_OK)
#define NOW_MS INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

struct place {
	char dir[32];
};

static struct place place_make(void)
{
	struct place place = {.dir = "/tmp/output_test.XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	return place;
}

static void place_clear(struct place *place)
{
	struct flong_error err = {0};
	OK(files_remove_tree(place->dir, &err));
}

static char *in_place(const struct place *place, const char *name)
{
	return files_join(place->dir, name);
}

/* Opens "name" in the place as --output. */
static int open_output(const struct place *place, const char *name, bool resumes,
	struct output *output, struct flong_error *err)
{
	struct crawl_options options = {.output = in_place(place, name), .resumes = resumes};
	*err = (struct flong_error){0};
	int rc = output_open(&options, NOW_MS, output, err);
	crawl_options_clear(&options);
	return rc;
}

static void write_file(const struct place *place, const char *name, const char *text)
{
	SCOPED(free_textp) char *path = in_place(place, name);
	struct flong_error err = {0};
	OK(files_replace(path, bytes_of(text), &err));
}

static bool is_there(const struct place *place, const char *name)
{
	SCOPED(free_textp) char *path = in_place(place, name);
	return files_exists(path);
}

TEST(the_name_decides_what_is_made)
{
	static const struct {
		const char *name;
		enum output_kind kind;
		const char *dir, *final; /* in the place; NULL = none */
	} cases[] = {
		{"news", OUTPUT_DIRECTORY, "news", NULL},
		{"slashes//", OUTPUT_DIRECTORY, "slashes", NULL},
		{"x.wacz", OUTPUT_WACZ, "x.wacz.partial", "x.wacz"},
		{"y.warc.gz", OUTPUT_WARC, "y.warc.gz.partial", "y.warc.gz"},
		{"z.warc", OUTPUT_WARC, "z.warc.partial", "z.warc"},
		{"wacz", OUTPUT_DIRECTORY, "wacz", NULL},
	};
	SCOPED(place_clear) struct place place = place_make();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct output output;
		struct flong_error err;
		OK(open_output(&place, cases[i].name, false, &output, &err));
		SCOPED(free_textp) char *dir = in_place(&place, cases[i].dir);
		assert_int_equal(output.kind, cases[i].kind);
		assert_string_equal(output.dir, dir);
		assert_true(output.is_new);
		if (cases[i].final == NULL) {
			assert_null(output.final);
		} else {
			SCOPED(free_textp) char *final = in_place(&place, cases[i].final);
			assert_string_equal(output.final, final);
			assert_false(files_exists(final));
		}
		SCOPED(free_textp) char *archive = output_path(&output, "archive", "x");
		assert_non_null(strstr(archive, "/archive/x"));
		SCOPED(free_textp) char *folder = files_join(output.dir, "archive");
		assert_true(files_is_dir(folder));
		output_close(&output, OUTPUT_KEPT);
		assert_true(files_is_dir(dir));
	}
}

TEST(a_name_of_its_own_comes_from_host_path_and_time)
{
	static const struct {
		const char *seed, *name;
	} cases[] = {
		{"https://www.news.example/en/a-story/a-123?x=1",
			"www.news.example-a-story-20260101000000.wacz"},
		{"https://news.example/", "news.example-20260101000000.wacz"},
		{"https://news.example/a/b/", "news.example-b-20260101000000.wacz"},
		{"https://news.example/..%2F..%2Fetc",
			"news.example-2F..-2Fetc-20260101000000.wacz"},
		{"https://news.example/a b%00c", "news.example-a-20b-00c-20260101000000.wacz"},
	};
	SCOPED(place_clear) struct place place = place_make();
	char cwd[4096];
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_int_equal(chdir(place.dir), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crawl_options options = {.packs_wacz = true};
		crawl_texts_add(&options.seeds, cases[i].seed);
		struct output output;
		struct flong_error err = {0};
		OK(output_open(&options, NOW_MS, &output, &err));
		assert_non_null(output.final);
		assert_null(strchr(output.final, '/'));
		assert_true(output.final[0] != '.' && output.final[0] != '-');
		if (strcmp(output.final, cases[i].name) != 0) {
			fail_msg("%s: %s", cases[i].seed, output.final);
		}
		output_close(&output, OUTPUT_REMOVED);
		crawl_options_clear(&options);
	}
	assert_int_equal(chdir(cwd), 0);
}

TEST(nothing_is_overwritten)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	write_file(&place, "x.wacz", "ours");
	write_file(&place, "y.warc.gz", "ours");
	write_file(&place, "plain", "ours");
	SCOPED(free_textp) char *full = in_place(&place, "full");
	OK(files_make_dir(full, &err));
	write_file(&place, "full/letter", "ours");
	SCOPED(free_textp) char *partial = in_place(&place, "z.wacz.partial");
	OK(files_make_dir(partial, &err));
	SCOPED(free_textp) char *archive = in_place(&place, "z.wacz.partial/archive");
	OK(files_make_dir(archive, &err));
	write_file(&place, "z.wacz.partial/archive/a.warc.gz.open", "ours");
	static const char *const names[] = {"x.wacz", "y.warc.gz", "plain", "full", "z.wacz"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct output output;
		int rc = open_output(&place, names[i], false, &output, &err);
		if (rc != FLONG_E_EXISTS || strstr(err.message, names[i]) == NULL) {
			fail_msg("%s: %d %s", names[i], rc, err.message);
		}
		output_close(&output, OUTPUT_REMOVED);
	}
	assert_false(is_there(&place, "x.wacz.partial"));
	assert_true(is_there(&place, "full/letter"));
	assert_false(is_there(&place, "full/archive"));
	SCOPED(buf_clear) struct buf content = buf_with_max(100);
	SCOPED(free_textp) char *wacz = in_place(&place, "x.wacz");
	OK(files_read(wacz, &content, &err));
	assert_bytes(content, "ours");
}

TEST(an_empty_folder_and_a_collection_are_taken)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	SCOPED(free_textp) char *empty = in_place(&place, "empty");
	OK(files_make_dir(empty, &err));
	struct output output;
	OK(open_output(&place, "empty", false, &output, &err));
	assert_false(output.is_new);
	write_file(&place, "empty/state/crawl.db", "");
	output_close(&output, OUTPUT_REMOVED);
	assert_true(is_there(&place, "empty/state/crawl.db"));
	OK(open_output(&place, "empty", false, &output, &err));
	output_close(&output, OUTPUT_KEPT);
}

TEST(what_came_to_nothing_is_removed)
{
	SCOPED(place_clear) struct place place = place_make();
	struct output output;
	struct flong_error err;
	OK(open_output(&place, "news", false, &output, &err));
	output_close(&output, OUTPUT_REMOVED);
	assert_false(is_there(&place, "news"));
	OK(open_output(&place, "x.wacz", false, &output, &err));
	output_close(&output, OUTPUT_REMOVED);
	assert_false(is_there(&place, "x.wacz.partial"));
}

TEST(resume_finds_what_a_folder_was_to_become)
{
	static const struct {
		const char *name, *final;
		enum output_kind kind;
	} cases[] = {{"x.wacz.partial", "x.wacz", OUTPUT_WACZ},
		{"y.warc.gz.partial", "y.warc.gz", OUTPUT_WARC}, {"news", NULL, OUTPUT_DIRECTORY}};
	SCOPED(place_clear) struct place place = place_make();
	struct output output;
	struct flong_error err = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char db[64];
		(void)snprintf(db, sizeof(db), "%s/state/crawl.db", cases[i].name);
		int rc = open_output(&place, cases[i].name, true, &output, &err);
		assert_int_equal(rc, FLONG_E_USAGE);
		assert_non_null(strstr(err.message, cases[i].name));
		output_close(&output, OUTPUT_REMOVED);
		assert_false(is_there(&place, cases[i].name));
		OK(open_output(&place, cases[i].final != NULL ? cases[i].final : cases[i].name,
			false, &output, &err));
		write_file(&place, db, "");
		output_close(&output, OUTPUT_KEPT);
		OK(open_output(&place, cases[i].name, true, &output, &err));
		assert_int_equal(output.kind, cases[i].kind);
		if (cases[i].final != NULL) {
			SCOPED(free_textp) char *final = in_place(&place, cases[i].final);
			assert_string_equal(output.final, final);
		} else {
			assert_null(output.final);
		}
		output_close(&output, OUTPUT_REMOVED);
		assert_true(is_there(&place, db));
	}
}

/* The name of state/run may be on the disk before what is in it. */
TEST(a_run_file_left_empty_by_a_power_cut_says_nothing)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(free_textp) char *dir = in_place(&place, "x.wacz.partial");
	struct output output;
	struct flong_error err;
	OK(open_output(&place, "x.wacz", false, &output, &err));
	OK(output_sync(&output, &err));
	write_file(&place, "x.wacz.partial/state/run", "");
	assert_true(output_is_blank(dir));
	write_file(&place, "x.wacz.partial/state/run", "flong run 1\nlog 0\n");
	assert_false(output_is_blank(dir));
	output_close(&output, OUTPUT_REMOVED);
}

TEST(another_process_is_refused_with_our_pid)
{
	SCOPED(place_clear) struct place place = place_make();
	struct output output;
	struct flong_error err;
	OK(open_output(&place, "news", false, &output, &err));
	write_file(&place, "news/state/crawl.db", "");
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct output second;
		char pid[32];
		(void)snprintf(pid, sizeof(pid), "%ld", (long)getppid());
		int rc = open_output(&place, "news", false, &second, &err);
		_exit(rc == FLONG_E_BUSY && strstr(err.message, pid) != NULL ? 0 : 1);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	output_close(&output, OUTPUT_KEPT);
	OK(open_output(&place, "news", false, &output, &err));
	output_close(&output, OUTPUT_KEPT);
}

static int unlink_but_archives(int dir_fd, const char *path, int flags)
{
	if (bytes_ends(bytes_of(path), BYTES(".open"))) {
		errno = EIO;
		return -1;
	}
	return io_system.unlink(dir_fd, path, flags);
}

/* A kill or a power cut in the middle must not leave an archive without its state. */
TEST(the_state_is_removed_last)
{
	SCOPED(place_clear) struct place place = place_make();
	struct io_calls calls = io_system;
	struct flong_error err = {0};
	struct output output;
	OK(open_output(&place, "new", false, &output, &err));
	write_file(&place, "new/state/run", "");
	write_file(&place, "new/archive/a.warc.gz.open", "x");
	calls.unlink = unlink_but_archives;
	(void)io_use(&calls);
	output_close(&output, OUTPUT_REMOVED);
	(void)io_use(&io_system);
	assert_true(is_there(&place, "new/archive/a.warc.gz.open"));
	assert_true(is_there(&place, "new/state/run"));
	OK(open_output(&place, "new", true, &output, &err));
	output_close(&output, OUTPUT_KEPT);
}

RUN_TESTS(CASE(the_name_decides_what_is_made),
	CASE(a_name_of_its_own_comes_from_host_path_and_time), CASE(nothing_is_overwritten),
	CASE(an_empty_folder_and_a_collection_are_taken), CASE(what_came_to_nothing_is_removed),
	CASE(the_state_is_removed_last), CASE(resume_finds_what_a_folder_was_to_become),
	CASE(a_run_file_left_empty_by_a_power_cut_says_nothing),
	CASE(another_process_is_refused_with_our_pid))
