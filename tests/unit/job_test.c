/* SPDX-License-Identifier: MIT */
/* job_test.c - reports of runs, what is usual, the status, the alert */
#include "unit.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "crawl/job_alert.h"
#include "crawl/job_archive.h"
#include "crawl/job_history.h"
#include "crawl/job_mark.h"
#include "crawl/job_status.h"
#include "crawl/removal.h"
#include "crawl/retention.h"

struct place {
	char *dir; /* a collection, gone at the end */
};

static void place_clear(struct place *place)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
	free(place->dir);
}

static struct place place_make(void)
{
	static const char *const subs[] = {"archive", "reports", "state"};
	struct place place = {.dir = alloc_copy("/tmp/job_test-XXXXXX")};
	struct flong_error err = {0};
	assert_non_null(mkdtemp(place.dir));
	for (size_t i = 0; i < 3; i++) {
		SCOPED(free_textp) char *path = files_join(place.dir, subs[i]);
		assert_int_equal(files_make_dir(path, &err), FLONG_OK);
	}
	return place;
}

static void write_file(const struct place *place, const char *name, const char *text)
{
	SCOPED(free_textp) char *path = files_join(place->dir, name);
	struct flong_error err = {0};
	assert_int_equal(files_replace(path, bytes_of(text), &err), FLONG_OK);
}

/* Adds the report of a run that started so many seconds after some moment. */
static void add_run(
	const struct place *place, int64_t seconds, enum job_state state, uint64_t stories)
{
	struct flong_error err = {0};
	struct job_record record = {.started_ms = (1795000000 + seconds) * 1000,
		.finished_ms = (1795000060 + seconds) * 1000,
		.state = state,
		.exit = state == JOB_GOOD ? CRAWL_EXIT_OK : CRAWL_EXIT_STATUS,
		.stories = stories};
	clock_format_digits17(record.started_ms, record.id);
	assert_int_equal(job_record_write(&record, place->dir, "paper", NULL, &err), FLONG_OK);
}

static struct job_history read_history(const struct place *place)
{
	struct flong_error err = {0};
	struct job_history history = {0};
	assert_int_equal(job_history_read(place->dir, &history, &err), FLONG_OK);
	return history;
}

TEST(a_report_comes_back_as_it_was)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(job_record_clear)
	struct job_record record = {.started_ms = 1795000000123,
		.finished_ms = 1795000009456,
		.state = JOB_SUSPICIOUS,
		.exit = CRAWL_EXIT_SUSPICIOUS,
		.stories = 7,
		.pages = 8,
		.pages_failed = 9,
		.exchanges = 10,
		.revisits = 11,
		.bytes_received = 12,
		.bytes_stored = 13};
	SCOPED(job_record_clear) struct job_record back = {0};
	struct flong_error err = {0};
	clock_format_digits17(record.started_ms, record.id);
	buf_add_text(&record.reasons, "one \"reason\"\nanother\n");
	buf_add_text(&record.segments, "a.warc.gz\n");
	write_file(&place, "reports/report.json", "{\"pagesCaptured\":8}\n");
	SCOPED(free_textp) char *report = files_join(place.dir, "reports/report.json");
	assert_int_equal(job_record_write(&record, place.dir, "paper", report, &err), FLONG_OK);
	assert_int_equal(
		job_record_read(place.dir, "run-20261118110640123.json", &back, &err), FLONG_OK);
	assert_string_equal(back.id, "20261118110640123");
	assert_int_equal(back.started_ms, record.started_ms);
	assert_int_equal(back.finished_ms, record.finished_ms);
	assert_int_equal(back.state, JOB_SUSPICIOUS);
	assert_int_equal(back.exit, CRAWL_EXIT_SUSPICIOUS);
	assert_int_equal(back.stories, 7);
	assert_int_equal(back.pages, 8);
	assert_int_equal(back.pages_failed, 9);
	assert_int_equal(back.exchanges, 10);
	assert_int_equal(back.revisits, 11);
	assert_int_equal(back.bytes_received, 12);
	assert_int_equal(back.bytes_stored, 13);
	assert_bytes(back.reasons, "one \"reason\"\nanother\n");
	assert_bytes(back.segments, "a.warc.gz\n");
}

TEST(usual_is_the_median_of_the_last_good_runs)
{
	SCOPED(place_clear) struct place place = place_make();
	struct job_history history = read_history(&place);
	assert_int_equal(history.usual_stories, 0);
	assert_int_equal(history.last_ms, 0);
	for (int i = 0; i < 10; i++) {
		add_run(&place, i, JOB_GOOD, 100); /* too long ago */
	}
	for (int i = 0; i < JOB_HISTORY_GOOD; i++) {
		add_run(&place, 100 + 2 * i, JOB_GOOD, i < 9 ? 0 : 20);
		add_run(&place, 101 + 2 * i, JOB_FAILED, 3);
	}
	write_file(&place, "reports/run-20261118140000000.json", "damaged");
	write_file(&place, "reports/report.json", "{}");
	history = read_history(&place);
	assert_int_equal(history.good_runs, JOB_HISTORY_GOOD);
	assert_int_equal(history.usual_stories, 20);
	assert_int_equal(history.last_ms, (1795000000 + 139) * INT64_C(1000));
}

/* The state that a run of these figures gets; `exit` becomes the final code. */
static enum job_state judge(uint64_t usual, struct job_record record, enum crawl_exit *exit)
{
	const struct job_history history = {.good_runs = 3, .usual_stories = usual};
	record.exit = *exit;
	job_history_judge(&history, 1, &record);
	*exit = record.exit;
	enum job_state state = record.state;
	assert_int_equal(state == JOB_SUSPICIOUS, record.reasons.len > 0);
	job_record_clear(&record);
	return state;
}

TEST(a_run_is_judged_by_what_is_usual)
{
	const struct {
		uint64_t usual, stories, pages, failed, walls;
		enum crawl_exit exit;
		enum job_state state;
		enum crawl_exit then;
	} cases[] = {
		{40, 40, 30, 2, 0, CRAWL_EXIT_OK, JOB_GOOD, CRAWL_EXIT_OK},
		{40, 20, 20, 0, 0, CRAWL_EXIT_OK, JOB_GOOD, CRAWL_EXIT_OK},
		{40, 19, 20, 0, 0, CRAWL_EXIT_OK, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{40, 0, 1, 0, 0, CRAWL_EXIT_STRICT, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{40, 0, 1, 0, 0, CRAWL_EXIT_TIME, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{3, 0, 1, 0, 0, CRAWL_EXIT_OK, JOB_GOOD, CRAWL_EXIT_OK}, /* too few to tell */
		{0, 0, 0, 1, 0, CRAWL_EXIT_UNREACHABLE, JOB_SUSPICIOUS, CRAWL_EXIT_UNREACHABLE},
		{0, 0, 0, 1, 0, CRAWL_EXIT_STATUS, JOB_SUSPICIOUS, CRAWL_EXIT_STATUS},
		{40, 40, 1, 40, 0, CRAWL_EXIT_OK, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{40, 40, 30, 2, 0, CRAWL_EXIT_STATUS, JOB_FAILED, CRAWL_EXIT_STATUS},
		{40, 0, 0, 0, 0, CRAWL_EXIT_SIGNAL, JOB_INTERRUPTED, CRAWL_EXIT_SIGNAL},
		{40, 40, 30, 0, 0, CRAWL_EXIT_SIZE, JOB_GOOD, CRAWL_EXIT_SIZE},
		{40, 40, 3, 4, 4, CRAWL_EXIT_OK, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{40, 40, 4, 4, 4, CRAWL_EXIT_OK, JOB_GOOD, CRAWL_EXIT_OK},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct job_record record = {.stories = cases[i].stories,
			.pages = cases[i].pages,
			.pages_failed = cases[i].failed,
			.walls = cases[i].walls};
		enum crawl_exit exit = cases[i].exit;
		assert_int_equal(judge(cases[i].usual, record, &exit), cases[i].state);
		assert_int_equal(exit, cases[i].then);
	}
}

TEST(the_status_remembers_the_last_good_run)
{
	SCOPED(place_clear) struct place place = place_make();
	char name[] = "paper";
	const struct job_options job = {.name = name, .collection = place.dir};
	struct job_record record = {
		.id = "1", .started_ms = 1, .finished_ms = 2000, .state = JOB_GOOD};
	struct job_status status = {0};
	struct flong_error err = {0};
	job_status_read(place.dir, &status); /* there is none */
	assert_int_equal(status.good.finished_ms, 0);
	job_status_count(&status, &record);
	record.state = JOB_FAILED;
	record.finished_ms = 3000;
	job_status_count(&status, &record);
	job_status_count(&status, &record);
	assert_int_equal(job_status_write(&status, &record, &job, &err), FLONG_OK);
	struct job_status back = {0};
	job_status_read(place.dir, &back);
	assert_string_equal(back.good.id, "1");
	assert_int_equal(back.good.finished_ms, 2000);
	assert_int_equal(back.runs_since_good, 2);
	write_file(&place, "status.json", "{"); /* no reason not to run */
	job_status_read(place.dir, &back);
	assert_int_equal(back.good.finished_ms, 0);
}

TEST(the_files_of_a_run_are_those_that_were_not_there)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(job_mark_clear) struct job_mark mark = {.id = "7", .started_ms = 70};
	SCOPED(job_mark_clear) struct job_mark back = {0};
	SCOPED(job_record_clear) struct job_record record = {0};
	struct flong_error err = {0};
	bool found = true;
	write_file(&place, "archive/a.warc.gz", "1234");
	write_file(&place, "archive/b.warc", "12");
	assert_int_equal(job_mark_read(place.dir, &back, &found, &err), FLONG_OK);
	assert_false(found);
	assert_int_equal(job_archive_names(place.dir, &mark.known, &err), FLONG_OK);
	assert_int_equal(job_mark_write(place.dir, &mark, &err), FLONG_OK);
	write_file(&place, "archive/c.warc.gz", "123");
	write_file(&place, "archive/d.warc.gz.open", "123456");
	assert_int_equal(job_mark_read(place.dir, &back, &found, &err), FLONG_OK);
	assert_true(found);
	assert_string_equal(back.id, "7");
	assert_int_equal(back.started_ms, 70);
	assert_int_equal(job_archive_new(place.dir, &back.known, &record, &err), FLONG_OK);
	assert_bytes(record.segments, "c.warc.gz\n");
	assert_int_equal(record.bytes_stored, 3);
	assert_int_equal(job_mark_remove(place.dir, &err), FLONG_OK);
	assert_int_equal(job_mark_remove(place.dir, &err), FLONG_OK);
}

TEST(an_alert_reads_the_status_and_its_variables)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	char first[] = "FLONG_REASONS=$(touch bad); `touch bad` \"'";
	char *const variables[] = {first, NULL};
	SCOPED(free_textp) char *status = files_join(place.dir, "status.json");
	SCOPED(free_textp) char *told = files_join(place.dir, "told");
	SCOPED(buf_clear) struct buf command = {0};
	SCOPED(buf_clear) struct buf text = {0};
	write_file(&place, "status.json", "the status\n");
	buf_addf(&command, "cd %s && cat >told && printf '%%s' \"$FLONG_REASONS\" >>told",
		place.dir);
	assert_int_equal(job_alert_run(buf_text(&command), status, variables, &err), FLONG_OK);
	assert_int_equal(files_read(told, &text, &err), FLONG_OK);
	assert_bytes(text, "the status\n$(touch bad); `touch bad` \"'");
	SCOPED(free_textp) char *bad = files_join(place.dir, "bad");
	assert_false(files_exists(bad));
	assert_int_equal(job_alert_run("exit 3", status, variables, &err), FLONG_E_REFUSED);
	assert_non_null(strstr(err.message, "status 3"));
	assert_int_equal(job_alert_run("kill -9 $$", status, variables, &err), FLONG_E_REFUSED);
	assert_non_null(strstr(err.message, "signal 9"));
}

TEST(a_clock_that_may_be_wrong_removes_nothing)
{
	const int64_t day_ms = 86400000;
	const int64_t now_ms = INT64_C(1795000000) * 1000;
	const struct {
		int64_t last_ms, off_ms;
		bool knows_clock, is_refused;
	} cases[] = {
		{0, 0, false, false},
		{now_ms - day_ms, 0, false, false},
		{now_ms - 399 * day_ms, 0, false, false},
		{now_ms - 401 * day_ms, 0, false, true},
		{now_ms + 1, 0, false, true},
		{now_ms - day_ms, day_ms - 1, true, false},
		{now_ms - day_ms, day_ms + 1, true, true},
		{now_ms - day_ms, -day_ms - 1, true, true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct job_record run = {.started_ms = now_ms,
			.knows_clock = cases[i].knows_clock,
			.clock_off_ms = cases[i].off_ms};
		assert_int_equal(
			retention_refusal(&run, cases[i].last_ms) != NULL, cases[i].is_refused);
	}
}

/* Adds a run with a file of 1000 bytes. */
static void add_run_with_file(const struct place *place, int64_t seconds, const char *file)
{
	struct flong_error err = {0};
	char kilobyte[1001];
	SCOPED(buf_clear) struct buf path = {0};
	SCOPED(job_record_clear)
	struct job_record record = {.started_ms = (1795000000 + seconds) * 1000,
		.finished_ms = (1795000000 + seconds) * 1000,
		.state = JOB_GOOD};
	memset(kilobyte, 'x', 1000);
	kilobyte[1000] = '\0';
	clock_format_digits17(record.started_ms, record.id);
	buf_addf(&record.segments, "%s\n", file);
	buf_addf(&path, "archive/%s", file);
	write_file(place, buf_text(&path), kilobyte);
	assert_int_equal(job_record_write(&record, place->dir, "paper", NULL, &err), FLONG_OK);
}

TEST(the_oldest_runs_go_until_every_limit_holds)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	add_run_with_file(&place, 0, "a.warc.gz");
	add_run_with_file(&place, 100, "b.warc.gz");
	add_run_with_file(&place, 200, "c.warc.gz");
	add_run_with_file(&place, 300, "d.warc.gz");
	write_file(&place, "archive/by-hand.warc.gz", "12345");
	write_file(&place, "archive/originals-1.warc.gz", "12345");
	const struct {
		struct job_keep keep;
		const char *files; /* that go */
		uint64_t runs;
	} cases[] = {
		{{0, 0, 0}, "", 0},
		{{0, 4, 0}, "", 0},
		{{0, 3, 0}, "a.warc.gz\noriginals-1.warc.gz\n", 1},
		{{0, 1, 0}, "a.warc.gz\nb.warc.gz\nc.warc.gz\noriginals-1.warc.gz\n", 3},
		{{150 * 1000, 0, 0}, "a.warc.gz\nb.warc.gz\noriginals-1.warc.gz\n", 2},
		{{1, 0, 0}, "a.warc.gz\nb.warc.gz\nc.warc.gz\noriginals-1.warc.gz\n", 3},
		{{0, 0, 4010}, "", 0},
		{{0, 0, 4009}, "a.warc.gz\noriginals-1.warc.gz\n", 1},
		{{0, 0, 1}, "a.warc.gz\nb.warc.gz\nc.warc.gz\noriginals-1.warc.gz\n", 3},
		{{0, 3, 2500}, "a.warc.gz\nb.warc.gz\noriginals-1.warc.gz\n", 2},
	};
	struct job_record run = {.started_ms = INT64_C(1795000300) * 1000,
		.finished_ms = INT64_C(1795000300) * 1000};
	clock_format_digits17(run.started_ms, run.id);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(removal_clear) struct removal removal = {0};
		uint64_t runs = 99;
		assert_int_equal(
			retention_plan(place.dir, &cases[i].keep, &run, &removal, &runs, &err),
			FLONG_OK);
		assert_int_equal(runs, cases[i].runs);
		assert_string_equal(buf_text(&removal.files), cases[i].files);
	}
}

TEST(a_removal_that_was_interrupted_before_it_was_final_is_undone)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	write_file(&place, "archive/a.warc.gz", "1");
	write_file(&place, "archive/originals-2.warc.gz", "2");
	write_file(&place, "archive/originals-2.warc.gz.open", "2");
	write_file(&place, "state/originals-2.warc.gz.rows", "2");
	write_file(&place, "state/removal.json",
		"{\"phase\":\"copy\",\"segment\":\"originals-2.warc.gz\",\"files\":[\"a.warc.gz\"],"
		"\"runs\":[]}");
	assert_int_equal(removal_recover(place.dir, &err), FLONG_OK);
	SCOPED(buf_clear) struct buf names = {0};
	assert_int_equal(job_archive_names(place.dir, &names, &err), FLONG_OK);
	assert_bytes(names, "a.warc.gz\n");
	SCOPED(free_textp) char *journal = files_join(place.dir, "state/removal.json");
	SCOPED(free_textp) char *rows = files_join(place.dir, "state/originals-2.warc.gz.rows");
	assert_false(files_exists(journal));
	assert_false(files_exists(rows));
	assert_int_equal(removal_recover(place.dir, &err), FLONG_OK); /* nothing left to do */
	write_file(&place, "state/removal.json", "{\"phase\":");
	assert_int_equal(removal_recover(place.dir, &err), FLONG_E_FORMAT);
}

RUN_TESTS(CASE(a_report_comes_back_as_it_was), CASE(usual_is_the_median_of_the_last_good_runs),
	CASE(a_run_is_judged_by_what_is_usual), CASE(the_status_remembers_the_last_good_run),
	CASE(the_files_of_a_run_are_those_that_were_not_there),
	CASE(an_alert_reads_the_status_and_its_variables),
	CASE(a_clock_that_may_be_wrong_removes_nothing),
	CASE(the_oldest_runs_go_until_every_limit_holds),
	CASE(a_removal_that_was_interrupted_before_it_was_final_is_undone))
