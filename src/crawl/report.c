/* SPDX-License-Identifier: MIT */
/* report.c - what became of a crawl */
#include "crawl/report.h"

#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "base/log.h"
#include "crawl/crawl_private.h"

/* Lines of a list in report.json, and those that people are shown. */
#define LISTED_MAX 10000
#define SHOWN_MAX 10

void report_format_bytes(uint64_t bytes, char out[32])
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	double value = (double)bytes;
	size_t unit = 0;
	while (value >= 999.5 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1000.0;
		unit++;
	}
	(void)snprintf(
		out, 32, unit > 0 && value < 9.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void report_clear(struct report *report)
{
	struct buf *const texts[] = {&report->headline, &report->url, &report->needs_scripts_urls,
		&report->missing, &report->failed_pages, &report->read_in_part, &report->not_read,
		&report->vanished, &report->traps, &report->files, &report->show};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_clear(texts[i]);
	}
}

static void add_missing(
	struct buf *lines, const struct visit *visit, const struct state_result *result)
{
	if (result->reason.len > 0) {
		buf_add(lines, result->reason);
	} else {
		buf_addf(lines, "answered with status %d", result->status);
	}
	buf_addf(lines, "\t%s\n", visit->url);
}

static void note_missing(
	void *context, const struct visit *visit, const struct state_result *result)
{
	struct report *report = context;
	report->missing_listed++;
	add_missing(&report->missing, visit, result);
}

static void note_failed_page(
	void *context, const struct visit *visit, const struct state_result *result)
{
	struct report *report = context;
	report->replaced[verdict_of_text(result->reason)]++;
	add_missing(&report->failed_pages, visit, result);
}

static int note_page(void *context, const struct state_page *page, struct flong_error *err)
{
	(void)err;
	struct report *report = context;
	if (page->visit == 0) {
		report->has_earlier = true;
		return FLONG_OK;
	}
	if (page->is_seed && report->url.len == 0) {
		buf_add(&report->url, page->url);
		buf_add(&report->headline, page->title);
	}
	report->stories += page->is_seed ? page->stories : 0;
	if (page->needs_scripts) {
		report->needs_scripts++;
		if (report->needs_scripts <= SHOWN_MAX) {
			buf_add(&report->needs_scripts_urls, page->url);
			buf_add_char(&report->needs_scripts_urls, '\n');
		}
	}
	return FLONG_OK;
}

static void note_reading(void *context, struct bytes url, struct bytes reason)
{
	struct buf *lines = context;
	buf_add(lines, reason);
	buf_add_char(lines, '\t');
	buf_add(lines, url);
	buf_add_char(lines, '\n');
}

static int gather_readings(struct state *state, enum state_reading reading, struct buf *lines,
	uint64_t *count_out, struct flong_error *err)
{
	int rc = state_count_readings(state, reading, count_out, err);
	return rc < 0 ? rc
		      : state_each_reading(state, reading, LISTED_MAX, note_reading, lines, err);
}

int report_gather(const struct crawl *crawl, struct report *report, struct flong_error *err)
{
	int rc = state_counts(crawl->state, &report->counts, err);
	if (rc == FLONG_OK) {
		rc = state_each_page(crawl->state, STATE_NO_TEXTS, note_page, report, err);
	}
	if (rc == FLONG_OK) {
		rc = state_each_missing(
			crawl->state, VISIT_REQUISITE, LISTED_MAX, note_missing, report, err);
	}
	if (rc == FLONG_OK) {
		rc = state_each_missing(
			crawl->state, VISIT_PAGE, LISTED_MAX, note_failed_page, report, err);
	}
	if (rc == FLONG_OK) {
		rc = gather_readings(crawl->state, STATE_READ_IN_PART, &report->read_in_part,
			&report->read_in_part_count, err);
	}
	if (rc == FLONG_OK) {
		rc = gather_readings(crawl->state, STATE_NOT_READ, &report->not_read,
			&report->not_read_count, err);
	}
	if (rc == FLONG_OK) {
		rc = report_gather_traps(crawl, report, err);
	}
	report->stories += crawl->counts.feed_entries;
	report->took_ms = clock_monotonic_ms() - crawl->started_ms;
	return rc;
}

/* Exit code of one seed's outcome. */
static enum crawl_exit seed_exit(const struct visit *visit, const struct state_result *result)
{
	if (result->state == VISIT_SKIPPED) {
		/* What a feed lists was not asked for by hand. */
		return visit_is_entry(visit) ? CRAWL_EXIT_OK : CRAWL_EXIT_ROBOTS;
	}
	if (result->state == VISIT_QUEUED) {
		return CRAWL_EXIT_OK;
	}
	if (result->status < 0) {
		return result->status == -(int)EXCHANGE_TLS        ? CRAWL_EXIT_TLS
		       : result->status == -(int)EXCHANGE_PROTOCOL ? CRAWL_EXIT_STATUS
								   : CRAWL_EXIT_UNREACHABLE;
	}
	return result->is_complete && result->status >= 200 && result->status <= 399
		       ? CRAWL_EXIT_OK
		       : CRAWL_EXIT_STATUS;
}

static void worst_seed(void *context, const struct visit *visit, const struct state_result *result)
{
	enum crawl_exit *worst = context;
	enum crawl_exit code = seed_exit(visit, result);
	static const enum crawl_exit order[] = {CRAWL_EXIT_OK, CRAWL_EXIT_STATUS, CRAWL_EXIT_ROBOTS,
		CRAWL_EXIT_UNREACHABLE, CRAWL_EXIT_TLS};
	size_t rank_worst = 0;
	size_t rank_code = 0;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		rank_worst = order[i] == *worst ? i : rank_worst;
		rank_code = order[i] == code ? i : rank_code;
	}
	*worst = rank_code > rank_worst ? code : *worst;
}

static void log_failed_seed(
	void *context, const struct visit *visit, const struct state_result *result)
{
	(void)context;
	if (seed_exit(visit, result) == CRAWL_EXIT_OK) {
		return;
	}
	if (result->reason.len > 0) {
		log_error("%s: " BYTES_FMT, visit->url, BYTES_ARG(result->reason));
	} else {
		log_error("%s: answered with status %d", visit->url, result->status);
	}
}

int report_log_failed_seeds(const struct crawl *crawl, struct flong_error *err)
{
	return state_each_seed(crawl->state, log_failed_seed, NULL, err);
}

enum crawl_exit report_exit(const struct crawl *crawl, const struct report *report)
{
	if (crawl_is_interrupted(crawl)) {
		return crawl->stopped;
	}
	enum crawl_exit worst = CRAWL_EXIT_OK;
	struct flong_error ignored = {0};
	if (state_each_seed(crawl->state, worst_seed, &worst, &ignored) < 0) {
		return CRAWL_EXIT_FAILURE;
	}
	if (worst != CRAWL_EXIT_OK) {
		return worst;
	}
	if (crawl->options->is_strict &&
		(report->counts.missing > 0 || report->failed_pages.len > 0 ||
			report->not_read_count > 0)) {
		return CRAWL_EXIT_STRICT;
	}
	return crawl->stopped;
}

static void add_shown_lines(struct buf *text, const struct buf *lines, uint64_t total)
{
	struct bytes rest = buf_bytes(lines);
	struct bytes line;
	uint64_t shown = 0;
	while (shown < SHOWN_MAX && bytes_next_line(&rest, &line)) {
		struct bytes reason = {NULL, 0};
		struct bytes url = line;
		if (bytes_cut(line, '\t', &reason, &url)) {
			buf_add_text(text, "                ");
			buf_add(text, url);
			buf_addf(text, "  (" BYTES_FMT ")\n", BYTES_ARG(reason));
		} else {
			buf_add_text(text, "                ");
			buf_add(text, url);
			buf_add_char(text, '\n');
		}
		shown++;
	}
	if (total > shown) {
		buf_addf(text, "                and %llu more, all in reports/report.json\n",
			(unsigned long long)(total - shown));
	}
}

/* " (1 challenge, 2 paywall)" */
static void add_replaced(const struct report *report, struct buf *text)
{
	const char *between = " (";
	for (int kind = VERDICT_CHALLENGE; kind <= VERDICT_EMPTY; kind++) {
		if (report->replaced[kind] > 0) {
			buf_addf(text, "%s%llu %s", between,
				(unsigned long long)report->replaced[kind],
				verdict_name((enum verdict)kind, PAGE_EMPTY));
			between = ", ";
		}
	}
	buf_add_text(text, between[0] == ',' ? ")" : "");
}

static void add_counts_text(
	const struct crawl *crawl, const struct report *report, struct buf *text)
{
	const struct state_counts *counts = &report->counts;
	uint64_t finished = counts->pages[VISIT_DONE] + counts->pages[VISIT_FAILED];
	buf_addf(text, "  pages         %llu captured", (unsigned long long)counts->pages_ok);
	if (finished > counts->pages_ok) {
		buf_addf(text, ", %llu failed", (unsigned long long)(finished - counts->pages_ok));
		add_replaced(report, text);
	}
	if (counts->pages[VISIT_QUEUED] > 0) {
		buf_addf(text, ", %llu not fetched yet",
			(unsigned long long)counts->pages[VISIT_QUEUED]);
	}
	buf_add_text(text, "\n");
	if (report->failed_pages.len > 0) {
		add_shown_lines(text, &report->failed_pages, finished - counts->pages_ok);
	}
	uint64_t found = counts->requisites[VISIT_QUEUED] + counts->requisites[VISIT_DONE] +
			 counts->requisites[VISIT_FAILED];
	buf_addf(text, "  requisites    %llu found, %llu captured, %llu missing\n",
		(unsigned long long)found, (unsigned long long)counts->requisites_ok,
		(unsigned long long)counts->missing);
	if (report->missing.len > 0) {
		add_shown_lines(text, &report->missing, counts->missing);
	}
	if (report->needs_scripts > 0) {
		buf_addf(text, "  need scripts  %llu pages show their text only with scripts\n",
			(unsigned long long)report->needs_scripts);
		add_shown_lines(text, &report->needs_scripts_urls, report->needs_scripts);
	}
	if (report->vanished_count > 0) {
		buf_addf(text, "  vanished      %llu stories that were captured before are gone\n",
			(unsigned long long)report->vanished_count);
		add_shown_lines(text, &report->vanished, report->vanished_count);
	}
	if (report->not_read_count > 0) {
		buf_addf(text,
			"  not read      %llu documents: what they link to and need is unknown\n",
			(unsigned long long)report->not_read_count);
		add_shown_lines(text, &report->not_read, report->not_read_count);
	}
	if (report->read_in_part_count > 0) {
		buf_addf(text, "  read in part  %llu documents are over the limits\n",
			(unsigned long long)report->read_in_part_count);
		add_shown_lines(text, &report->read_in_part, report->read_in_part_count);
	}
	report_add_traps_text(report, text);
	if (crawl->counts.media_over > 0) {
		buf_addf(text, "  media         %llu files over the limit of their page left out\n",
			(unsigned long long)crawl->counts.media_over);
	}
	if (crawl->counts.chunk_oddities > 0) {
		buf_addf(text,
			"  framing       %llu replies have chunk extensions or trailers, which "
			"some players show raw\n",
			(unsigned long long)crawl->counts.chunk_oddities);
	}
}

static const char *stop_reason(enum crawl_exit code)
{
	switch ((int)code) {
	case CRAWL_EXIT_SIGNAL:
		return "stopped by a signal";
	case CRAWL_EXIT_WRITE:
		return "stopped for want of room on the disk";
	case CRAWL_EXIT_UNREACHABLE:
		return "stopped because the network is down";
	case CRAWL_EXIT_SIZE:
		return "stopped at --max-pages or --max-bytes";
	default:
		return "stopped at --max-time";
	}
}

void report_add_text(const struct crawl *crawl, const struct report *report, struct buf *text)
{
	if (report->headline.len > 0) {
		buf_add(text, buf_bytes(&report->headline));
		buf_add_char(text, '\n');
	}
	if (report->url.len > 0) {
		buf_add(text, buf_bytes(&report->url));
		buf_add_char(text, '\n');
	}
	buf_add_char(text, '\n');
	add_counts_text(crawl, report, text);
	char wire[32];
	char stored[32];
	report_format_bytes(crawl->counts.wire_bytes, wire);
	report_format_bytes(recorder_total_bytes(crawl->recorder), stored);
	buf_addf(text, "  exchanges     %llu, %s received, %s stored, in %.1f s\n",
		(unsigned long long)crawl->counts.exchanges, wire, stored,
		(double)report->took_ms / 1000.0);
	struct bytes rest = buf_bytes(&report->files);
	struct bytes line;
	for (bool is_first = true; bytes_next_line(&rest, &line); is_first = false) {
		buf_addf(
			text, "  %-13s %.*s\n", is_first ? "written" : "", (int)line.len, line.ptr);
	}
	if (crawl->stopped != CRAWL_EXIT_OK && crawl->options->ends_at_limit &&
		!crawl_is_interrupted(crawl)) {
		buf_addf(text, "  %s\n", stop_reason(crawl->stopped));
	} else if (crawl->stopped != CRAWL_EXIT_OK) {
		buf_addf(text, "  %s; go on with: flong resume %s\n", stop_reason(crawl->stopped),
			crawl->output.dir);
	}
	if (report->show.len > 0) {
		buf_addf(text, "  show it       %s\n", buf_text(&report->show));
	}
}

static void add_json_lines(struct buf *json, const char *name, const struct buf *lines)
{
	json_add_name(json, name);
	buf_add_char(json, '[');
	struct bytes rest = buf_bytes(lines);
	struct bytes line;
	for (bool is_first = true; bytes_next_line(&rest, &line); is_first = false) {
		struct bytes reason = {NULL, 0};
		struct bytes url = line;
		buf_add_text(json, is_first ? "{" : ",{");
		if (bytes_cut(line, '\t', &reason, &url)) {
			json_add_member(json, "url", url);
			json_add_member(json, "reason", reason);
		} else {
			json_add_member(json, "url", url);
		}
		buf_add_char(json, '}');
	}
	buf_add_char(json, ']');
}

void report_add_json(const struct crawl *crawl, const struct report *report, struct buf *json)
{
	const struct state_counts *counts = &report->counts;
	uint64_t finished = counts->pages[VISIT_DONE] + counts->pages[VISIT_FAILED];
	uint64_t found = counts->requisites[VISIT_QUEUED] + counts->requisites[VISIT_DONE] +
			 counts->requisites[VISIT_FAILED];
	buf_add_char(json, '{');
	json_add_member(json, "software", BYTES("flong " FLONG_VERSION));
	json_add_member(json, "headline", buf_bytes(&report->headline));
	json_add_member(json, "url", buf_bytes(&report->url));
	json_add_member_u64(json, "exit", (uint64_t)report->exit);
	json_add_member(json, "stopped",
		bytes_of(crawl->stopped == CRAWL_EXIT_OK ? "" : stop_reason(crawl->stopped)));
	json_add_member_u64(json, "pagesCaptured", counts->pages_ok);
	json_add_member_u64(json, "pagesFailed", finished - counts->pages_ok);
	json_add_name(json, "pagesReplaced");
	buf_add_char(json, '{');
	for (int kind = VERDICT_CHALLENGE; kind <= VERDICT_EMPTY; kind++) {
		json_add_member_u64(
			json, verdict_name((enum verdict)kind, PAGE_EMPTY), report->replaced[kind]);
	}
	buf_add_char(json, '}');
	json_add_member_u64(json, "pagesQueued", counts->pages[VISIT_QUEUED]);
	json_add_member_u64(json, "storiesFound", report->stories);
	json_add_member_u64(json, "requisitesFound", found);
	json_add_member_u64(json, "requisitesCaptured", counts->requisites_ok);
	json_add_member_u64(json, "requisitesMissing", counts->missing);
	json_add_member_u64(json, "pagesNeedingScripts", report->needs_scripts);
	json_add_member_u64(json, "documentsReadInPart", report->read_in_part_count);
	json_add_member_u64(json, "documentsNotRead", report->not_read_count);
	json_add_member_u64(json, "mediaOverLimit", crawl->counts.media_over);
	json_add_member_u64(json, "oddFramings", crawl->counts.chunk_oddities);
	json_add_member_u64(json, "exchanges", crawl->counts.exchanges);
	json_add_member_u64(json, "revisits", crawl->counts.revisits);
	json_add_member_u64(json, "retries", crawl->counts.retries);
	json_add_member_u64(json, "bytesReceived", crawl->counts.wire_bytes);
	json_add_member_u64(json, "bytesStored", recorder_total_bytes(crawl->recorder));
	json_add_member_u64(
		json, "milliseconds", crawl->fake_now_ms != 0 ? 0 : (uint64_t)report->took_ms);
	json_add_member_u64(json, "storiesVanished", report->vanished_count);
	report_add_traps_json(report, json);
	if (crawl->counts.knows_clock) {
		json_add_name(json, "clockOffMilliseconds");
		buf_addf(json, "%lld", (long long)crawl->counts.clock_off_ms);
	}
	add_json_lines(json, "missing", &report->missing);
	add_json_lines(json, "failedPages", &report->failed_pages);
	add_json_lines(json, "vanished", &report->vanished);
	add_json_lines(json, "needScripts", &report->needs_scripts_urls);
	add_json_lines(json, "readInPart", &report->read_in_part);
	add_json_lines(json, "notRead", &report->not_read);
	buf_add_text(json, "}\n");
}

/* Lines are written in pieces of this size. */
#define SKIPPED_BYTES ((size_t)64 << 10)

struct skipped {
	int fd;
	const char *path; /* borrowed */
	struct buf lines; /* owned: not written yet */
	int rc;           /* of what was */
	struct flong_error err;
};

static void flush_skipped(struct skipped *skipped)
{
	if (skipped->rc == FLONG_OK) {
		skipped->rc = files_write_all(
			skipped->fd, buf_bytes(&skipped->lines), skipped->path, &skipped->err);
	}
	buf_reset(&skipped->lines);
}

static void write_skipped(
	void *context, const struct visit *visit, const struct state_result *result)
{
	struct skipped *skipped = context;
	buf_add_char(&skipped->lines, '{');
	json_add_member(&skipped->lines, "url", bytes_of(visit->url));
	json_add_member(&skipped->lines, "kind",
		visit->kind == VISIT_PAGE ? BYTES("page") : BYTES("requisite"));
	json_add_member(&skipped->lines, "reason", result->reason);
	json_add_member(
		&skipped->lines, "via", bytes_of(visit->via_url == NULL ? "" : visit->via_url));
	json_add_member_u64(&skipped->lines, "depth", (uint64_t)visit->depth);
	buf_add_text(&skipped->lines, "}\n");
	if (skipped->lines.len >= SKIPPED_BYTES) {
		flush_skipped(skipped);
	}
}

int report_write_skipped(const struct crawl *crawl, struct flong_error *err)
{
	SCOPED(free_textp) char *path = output_path(&crawl->output, "reports", "skipped.jsonl");
	SCOPED(files_close_fd) int fd = io_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "making '%s'", path);
	}
	struct skipped skipped = {.fd = fd, .path = path};
	int rc = state_each_skipped(crawl->state, write_skipped, &skipped, err);
	flush_skipped(&skipped);
	buf_clear(&skipped.lines);
	if (rc == FLONG_OK && skipped.rc < 0) {
		*err = skipped.err;
		rc = skipped.rc;
	}
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, path, err);
	}
	return rc == FLONG_OK ? files_sync_parent(path, err) : rc;
}
