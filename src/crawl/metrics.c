/* SPDX-License-Identifier: MIT */
/* metrics.c - the crawl's numbers in the text format of Prometheus
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4 */
#include "crawl/metrics.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "crawl/crawl_private.h"

/* The value of a label: backslash, quote and line feed are escaped. */
static void add_label(struct buf *text, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '\n') {
			buf_add_text(text, "\\n");
		} else {
			buf_add_text(text, *value == '\\' || *value == '"' ? "\\" : "");
			buf_add_char(text, *value);
		}
	}
}

static void add_metric(struct buf *text, const struct crawl *crawl, const char *name,
	const char *help, int64_t value)
{
	bool is_counter = bytes_ends(bytes_of(name), BYTES("_total"));
	buf_addf(text, "# HELP flong_%s %s\n# TYPE flong_%s %s\nflong_%s{collection=\"", name, help,
		name, is_counter ? "counter" : "gauge", name);
	add_label(text, crawl->output.final != NULL && crawl->output.kind != OUTPUT_DIRECTORY
				? crawl->output.final
				: crawl->output.dir);
	buf_addf(text, "\"} %lld\n", (long long)value);
}

static void add_all(struct buf *text, const struct crawl *crawl, bool is_running, int exit)
{
	const struct crawl_counts *counts = &crawl->counts;
	const struct {
		const char *name, *help;
		uint64_t value;
	} metrics[] = {
		{"pages_total", "Pages captured.", counts->pages_done},
		{"exchanges_total", "Exchanges kept.", counts->exchanges},
		{"received_bytes_total", "Bytes received.", counts->wire_bytes},
		{"revisits_total", "Payloads that were known and stored as revisits.",
			counts->revisits},
		{"failures_total", "Fetches that failed.", counts->failures},
		{"retries_total", "Fetches tried again.", counts->retries},
		{"feed_entries_total", "Stories that feeds list.", counts->feed_entries},
		{"queued", "URLs that wait.", frontier_queued(crawl->frontier)},
		{"in_flight", "Exchanges under way.", crawl->flights},
		{"running", "1 while the crawl runs.", is_running},
		{"start_time_seconds", "When it started, since 1970.",
			(uint64_t)(crawl->started_wall_ms / 1000)},
		{"update_time_seconds", "When this was written, since 1970.",
			(uint64_t)(clock_wall_ms() / 1000)},
	};
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		add_metric(
			text, crawl, metrics[i].name, metrics[i].help, (int64_t)metrics[i].value);
	}
	if (!is_running) {
		add_metric(text, crawl, "exit_status", "Exit status of the crawl, see flong(1).",
			exit);
	}
}

static int write_file(const struct crawl *crawl, bool is_running, int exit, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = {0};
	add_all(&text, crawl, is_running, exit);
	int rc = files_replace(crawl->options->metrics_path, buf_bytes(&text), err);
	return rc < 0 ? error_context(err, "--metrics") : rc;
}

int metrics_begin(struct crawl *crawl, struct flong_error *err)
{
	if (crawl->options->metrics_path == NULL) {
		return FLONG_OK;
	}
	int rc = write_file(crawl, true, 0, err);
	crawl->metrics_ms = clock_monotonic_ms();
	if (rc < 0) {
		err->code = FLONG_E_USAGE;
	}
	return rc < 0 ? FLONG_E_USAGE : rc;
}

static void write_or_warn(struct crawl *crawl, bool is_running, int exit)
{
	struct flong_error err = {0};
	if (write_file(crawl, is_running, exit, &err) < 0 && !crawl->metrics_failed) {
		crawl->metrics_failed = true;
		log_warn("%s", err.message);
	}
}

void metrics_update(struct crawl *crawl)
{
	int64_t now_ms = clock_monotonic_ms();
	if (crawl->options->metrics_path != NULL &&
		now_ms - crawl->metrics_ms >= METRICS_PERIOD_MS) {
		crawl->metrics_ms = now_ms;
		write_or_warn(crawl, true, 0);
	}
}

void metrics_end(struct crawl *crawl, enum crawl_exit exit)
{
	if (crawl->options->metrics_path != NULL) {
		write_or_warn(crawl, false, (int)exit);
	}
}
