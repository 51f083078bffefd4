/* SPDX-License-Identifier: MIT */
/* report_vanished.c - the stories that were captured before and that this run found gone */
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "crawl/crawl_private.h"
#include "crawl/history.h"
#include "crawl/report.h"

/* Vanished stories that report.json lists; all are counted. */
#define LISTED_MAX 10000

struct finding {
	const struct crawl *crawl; /* borrowed */
	struct report *report;     /* borrowed */
};

static int take_history(void *context, const struct history *history, struct flong_error *err)
{
	const struct finding *finding = context;
	struct report *report = finding->report;
	(void)err;
	if (!history_is_vanished(history) || history->fate_ms < finding->crawl->started_wall_ms) {
		return FLONG_OK;
	}
	report->vanished_count++;
	if (report->vanished_count <= LISTED_MAX) {
		buf_addf(&report->vanished, "%s\t%s\n", history_fate_name(history),
			history->fate_url);
	}
	return FLONG_OK;
}

void report_find_vanished(const struct crawl *crawl, struct report *report)
{
	if (!report->has_earlier || crawl->options->stories == STORIES_NONE) {
		return;
	}
	struct finding finding = {crawl, report};
	SCOPED(free_textp) char *state_dir = files_join(crawl->output.dir, "state");
	const char *paths[] = {crawl->output.dir};
	const struct history_options options = {
		.paths = paths, .path_count = 1, .temp_dir = state_dir, .context = &finding};
	struct flong_error err = {0};
	if (history_read(&options, take_history, &err) < 0) {
		log_warn("vanished stories are not known: %s", err.message);
	}
}
