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
		uint64_t usual, stories, pages, failed;
		enum crawl_exit exit;
		enum job_state state;
		enum crawl_exit then;
	} cases[] = {
		{40, 40, 30, 2, CRAWL_EXIT_OK, JOB_GOOD, CRAWL_EXIT_OK},
		{40, 20, 20, 0, CRAWL_EXIT_OK, JOB_GOOD, CRAWL_EXIT_OK},
		{40, 19, 20, 0, CRAWL_EXIT_OK, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{40, 0, 1, 0, CRAWL_EXIT_STRICT, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{40, 0, 1, 0, CRAWL_EXIT_TIME, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{3, 0, 1, 0, CRAWL_EXIT_OK, JOB_GOOD, CRAWL_EXIT_OK}, /* too few to tell */
		{0, 0, 0, 1, CRAWL_EXIT_UNREACHABLE, JOB_SUSPICIOUS, CRAWL_EXIT_UNREACHABLE},
		{0, 0, 0, 1, CRAWL_EXIT_STATUS, JOB_SUSPICIOUS, CRAWL_EXIT_STATUS},
		{40, 40, 1, 40, CRAWL_EXIT_OK, JOB_SUSPICIOUS, CRAWL_EXIT_SUSPICIOUS},
		{40, 40, 30, 2, CRAWL_EXIT_STATUS, JOB_FAILED, CRAWL_EXIT_STATUS},
		{40, 0, 0, 0, CRAWL_EXIT_SIGNAL, JOB_INTERRUPTED, CRAWL_EXIT_SIGNAL},
		{40, 40, 30, 0, CRAWL_EXIT_SIZE, JOB_GOOD, CRAWL_EXIT_SIZE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct job_record record = {.stories = cases[i].stories,
			.pages = cases[i].pages,
			.pages_failed = cases[i].failed};
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

RUN_TESTS(CASE(a_report_comes_back_as_it_was), CASE(usual_is_the_median_of_the_last_good_runs),
	CASE(a_run_is_judged_by_what_is_usual), CASE(the_status_remembers_the_last_good_run),
	CASE(the_files_of_a_run_are_those_that_were_not_there),
	CASE(an_alert_reads_the_status_and_its_variables))
