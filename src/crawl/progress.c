/* SPDX-License-Identifier: MIT */
/* progress.c - one line on the terminal that is always true */
#include "crawl/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "crawl/crawl_private.h"
#include "crawl/report.h"

#define LINE_MS 200
#define JSON_MS 1000
#define LINE_MAX_COLUMNS 240

struct progress {
	enum crawl_progress mode;
	struct log_hooks hooks;
	char line[LINE_MAX_COLUMNS + 1];
	bool is_shown;
	int64_t last_ms, rate_ms;
	uint64_t rate_bytes; /* wire bytes at rate_ms */
	double bytes_a_second;
};

static void hide(void *context)
{
	struct progress *progress = context;
	if (progress->is_shown) {
		(void)fputs("\r\033[K", stderr);
		progress->is_shown = false;
	}
}

static void show(void *context)
{
	struct progress *progress = context;
	if (progress->line[0] != '\0') {
		(void)fprintf(stderr, "\r\033[K%s", progress->line);
		(void)fflush(stderr);
		progress->is_shown = true;
	}
}

struct progress *progress_create(enum crawl_progress mode)
{
	struct progress *progress = ALLOC(struct progress);
	progress->mode = mode;
	if (mode == PROGRESS_AUTO) {
		progress->mode = isatty(STDERR_FILENO) != 0 ? PROGRESS_ALWAYS : PROGRESS_NEVER;
	}
	if (progress->mode == PROGRESS_ALWAYS) {
		progress->hooks = (struct log_hooks){hide, show, progress};
		log_set_hooks(&progress->hooks);
	}
	return progress;
}

void progress_close(struct progress *progress)
{
	if (progress == NULL) {
		return;
	}
	log_set_hooks(NULL);
	hide(progress);
	free(progress);
}

static size_t terminal_columns(void)
{
	struct winsize size = {0};
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) {
		return 80;
	}
	return size.ws_col < LINE_MAX_COLUMNS ? size.ws_col : LINE_MAX_COLUMNS;
}

static void update_rate(struct progress *progress, const struct crawl *crawl, int64_t now_ms)
{
	int64_t passed_ms = now_ms - progress->rate_ms;
	if (progress->rate_ms == 0 || passed_ms >= 1000) {
		double seconds = (double)passed_ms / 1000.0;
		progress->bytes_a_second =
			progress->rate_ms == 0
				? 0.0
				: (double)(crawl->counts.wire_bytes - progress->rate_bytes) /
					  seconds;
		progress->rate_bytes = crawl->counts.wire_bytes;
		progress->rate_ms = now_ms;
	}
}

static void write_json(const struct crawl *crawl)
{
	(void)fprintf(stderr,
		"{\"pages\":%llu,\"queued\":%llu,\"exchanges\":%llu,\"bytes\":%llu,\"failures\":%"
		"llu,\"host\":\"%s\"}\n",
		(unsigned long long)crawl->counts.pages_done,
		(unsigned long long)frontier_queued(crawl->frontier),
		(unsigned long long)crawl->counts.exchanges,
		(unsigned long long)crawl->counts.wire_bytes,
		(unsigned long long)crawl->counts.failures, crawl->current_host);
}

void progress_update(struct progress *progress, const struct crawl *crawl)
{
	int64_t now_ms = clock_monotonic_ms();
	int64_t period_ms = progress->mode == PROGRESS_JSON ? JSON_MS : LINE_MS;
	if (progress->mode == PROGRESS_NEVER || now_ms - progress->last_ms < period_ms) {
		return;
	}
	progress->last_ms = now_ms;
	if (progress->mode == PROGRESS_JSON) {
		write_json(crawl);
		return;
	}
	update_rate(progress, crawl, now_ms);
	char bytes[32];
	char rate[32];
	report_format_bytes(crawl->counts.wire_bytes, bytes);
	report_format_bytes((uint64_t)progress->bytes_a_second, rate);
	char text[512];
	(void)snprintf(text, sizeof(text),
		"%llu pages, %llu queued | %llu exchanges, %s, %s/s | %llu failed | %s",
		(unsigned long long)crawl->counts.pages_done,
		(unsigned long long)frontier_queued(crawl->frontier),
		(unsigned long long)crawl->counts.exchanges, bytes, rate,
		(unsigned long long)crawl->counts.failures, crawl->current_host);
	size_t columns = terminal_columns() - 1;
	(void)snprintf(progress->line, sizeof(progress->line), "%.*s", (int)columns, text);
	show(progress);
}
