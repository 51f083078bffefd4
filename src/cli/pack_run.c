/* SPDX-License-Identifier: MIT */
/* pack_run.c - one run of a job as a package of its own */
#include "cli/pack_run.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "crawl/job_record.h"
#include "index/subset.h"

/* The name of the run's report. */
static int find_report(
	const char *dir, const char *run, struct buf *name_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf names = {0};
	SCOPED(buf_clear) struct buf wanted = {0};
	int rc = job_record_names(dir, &names, err);
	if (rc < 0) {
		return rc;
	}
	buf_addf(&wanted, "run-%s.json", run);
	bool wants_last = strcmp(run, "last") == 0;
	for (size_t at = 0; at < names.len; at += strlen(names.ptr + at) + 1) {
		if (wants_last || strcmp(names.ptr + at, buf_text(&wanted)) == 0) {
			buf_reset(name_out);
			buf_add_text(name_out, names.ptr + at);
		}
	}
	if (name_out->len > 0) {
		return FLONG_OK;
	}
	return names.len == 0 ? error_set(err, FLONG_E_USAGE, "%s has no runs of 'flong run'", dir)
			      : error_set(err, FLONG_E_USAGE, "%s has no run %s", dir, run);
}

int pack_run_make(
	const struct pack_run_options *options, uint64_t *originals_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf report = {0};
	SCOPED(job_record_clear) struct job_record record = {0};
	int rc = find_report(options->dir, options->run, &report, err);
	if (rc == FLONG_OK) {
		rc = job_record_read(options->dir, buf_text(&report), &record, err);
	}
	if (rc == FLONG_OK && record.segments.len == 0) {
		rc = error_set(err, FLONG_E_USAGE, "run %s has no WARC file", record.id);
	}
	if (rc == FLONG_OK) {
		rc = files_make_dir(options->work_dir, err);
	}
	if (rc < 0) {
		return rc;
	}
	buf_add_char(&report, '\n');
	const struct subset_options subset = {.dir = options->dir,
		.out_dir = options->work_dir,
		.files = &record.segments,
		.reports = &report,
		.is_self_contained = options->is_self_contained,
		.now_ms = clock_wall_ms()};
	return subset_make(&subset, originals_out, err);
}
