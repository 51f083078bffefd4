/* SPDX-License-Identifier: MIT */
/* job_history.c - what earlier runs found, and whether a new one is in line with it */
#include "crawl/job_history.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Reports that are looked at for good ones: a job that failed for a week every hour has 168. */
#define LOOKED_AT 400
/* Failed stories of a run without any good one that make it suspicious. */
#define ALL_FAILED_MIN 4

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;
	return (left > right) - (left < right);
}

static uint64_t median(uint64_t *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
	return count == 0 ? 0 : values[count / 2];
}

/* The start of the name before the one at `at`, in a list of zero-terminated names. */
static size_t name_before(const struct buf *names, size_t at)
{
	at--; /* the zero of the name before */
	while (at > 0 && names->ptr[at - 1] != '\0') {
		at--;
	}
	return at;
}

int job_history_read(const char *dir, struct job_history *history_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf names = {0};
	struct job_history history = {0};
	uint64_t stories[JOB_HISTORY_GOOD];
	int rc = job_record_names(dir, &names, err);
	if (rc < 0) {
		return rc;
	}
	size_t at = names.len;
	for (int i = 0; i < LOOKED_AT && at > 0 && history.good_runs < JOB_HISTORY_GOOD; i++) {
		SCOPED(job_record_clear) struct job_record record = {0};
		struct flong_error fault = {0};
		at = name_before(&names, at);
		if (job_record_read(dir, names.ptr + at, &record, &fault) < 0) {
			log_warn("%s", fault.message);
			continue;
		}
		if (record.started_ms > history.last_ms) {
			history.last_ms = record.started_ms;
		}
		if (record.state == JOB_GOOD) {
			stories[history.good_runs++] = record.stories;
		}
	}
	history.usual_stories = median(stories, history.good_runs);
	*history_out = history;
	return FLONG_OK;
}

/* Appends the reasons why the run is not what is usual. */
static void find_suspicions(
	const struct job_history *history, uint64_t seeds, struct job_record *record)
{
	/* A feed may list stories of which none is due. */
	if (record->pages == 0 && (record->stories == 0 || record->pages_failed > 0)) {
		buf_add_text(&record->reasons, "no page was captured\n");
	} else if (record->pages <= seeds && record->pages_failed >= ALL_FAILED_MIN) {
		buf_addf(&record->reasons, "none of %llu stories could be captured\n",
			(unsigned long long)record->pages_failed);
	}
	if (2 * record->walls > record->pages + record->walls) {
		buf_addf(&record->reasons,
			"a bot check, a consent wall or a login wall came instead of %llu pages\n",
			(unsigned long long)record->walls);
	}
	if (history->usual_stories >= JOB_HISTORY_STORIES_MIN &&
		2 * record->stories < history->usual_stories) {
		buf_addf(&record->reasons, "the seeds lead to %llu stories, usual are %llu\n",
			(unsigned long long)record->stories,
			(unsigned long long)history->usual_stories);
	}
}

/* All seeds were captured; 12 stands before these codes, the others before it. */
static bool is_fine(enum crawl_exit code)
{
	return code == CRAWL_EXIT_OK || code == CRAWL_EXIT_STRICT || code == CRAWL_EXIT_SIZE ||
	       code == CRAWL_EXIT_TIME;
}

void job_history_judge(const struct job_history *history, uint64_t seeds, struct job_record *record)
{
	if (record->exit == CRAWL_EXIT_SIGNAL) {
		record->state = JOB_INTERRUPTED;
		return;
	}
	record->state = is_fine(record->exit) ? JOB_GOOD : JOB_FAILED;
	find_suspicions(history, seeds, record);
	if (record->reasons.len > 0) {
		record->state = JOB_SUSPICIOUS;
		record->exit = is_fine(record->exit) ? CRAWL_EXIT_SUSPICIOUS : record->exit;
	}
}
