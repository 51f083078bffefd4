/* SPDX-License-Identifier: MIT */
/* check_report.c - collects the rows of a report, and writes the page */
#include "cli/check_report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/stream.h"
#include "cli/check_wacz_view.h"
#include "flong/flong.h"

enum { READ_BYTES = 65536 };

struct check_report {
	char *path;                    /* owned */
	struct buf subjects, files;    /* rows of HTML */
	struct buf packages;           /* the same */
	struct buf captures, findings; /* the same */
	uint64_t capture_count, hidden_captures;
	uint64_t finding_count, hidden_findings, hidden_files;
	int64_t first_ms, last_ms; /* of the captures */
	bool has_dates;
};

static int exists(const char *path, struct flong_error *err)
{
	return error_set(err, FLONG_E_EXISTS, "'%s' is there already", path);
}

int check_report_create(const char *path, struct check_report **report_out, struct flong_error *err)
{
	*report_out = NULL;
	if (files_exists(path)) {
		return exists(path, err);
	}
	struct check_report *report = ALLOC(struct check_report);
	report->path = alloc_copy(path);
	report->subjects.max = LIMIT_REPORT_LIST_BYTES / 4;
	report->packages.max = LIMIT_REPORT_LIST_BYTES / 4;
	report->files.max = LIMIT_REPORT_LIST_BYTES;
	report->captures.max = LIMIT_REPORT_LIST_BYTES;
	report->findings.max = LIMIT_REPORT_LIST_BYTES;
	*report_out = report;
	return FLONG_OK;
}

void check_report_close(struct check_report *report)
{
	if (report != NULL) {
		buf_clear(&report->subjects);
		buf_clear(&report->packages);
		buf_clear(&report->files);
		buf_clear(&report->captures);
		buf_clear(&report->findings);
		free(report->path);
		free(report);
	}
}

/* Takes a row back that did not fit; true when it did. */
static bool keep_row(struct buf *rows, size_t start)
{
	bool is_whole = !buf_failed(rows);
	if (!is_whole) {
		buf_truncate(rows, start);
	}
	return is_whole;
}

void check_report_subject(struct check_report *report, const char *operand)
{
	buf_add_text(&report->subjects, report->subjects.len > 0 ? ", " : "");
	SCOPED(free_textp) char *path = alloc_copy(operand);
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/') { /* "dir/" has no base name */
		path[--length] = '\0';
	}
	check_page_add_text(&report->subjects, bytes_of(files_base_name(path)));
}

void check_report_finding(
	struct check_report *report, const char *name, const struct check_finding *finding)
{
	size_t start = report->findings.len;
	bool is_full = report->finding_count >= LIMIT_REPORT_FINDINGS;
	if (!is_full) {
		check_page_add_finding(&report->findings, name, finding);
	}
	if (is_full || !keep_row(&report->findings, start)) {
		report->hidden_findings++;
	} else {
		report->finding_count++;
	}
}

void check_report_seen(struct check_report *report, const struct check_seen *seen)
{
	enum record_type type = seen->record->type;
	if (type != RECORD_RESPONSE && type != RECORD_REVISIT && type != RECORD_RESOURCE) {
		return;
	}
	int64_t date_ms;
	if (clock_parse_iso(headers_first(&seen->record->headers, "WARC-Date"), &date_ms)) {
		bool is_first = !report->has_dates;
		report->first_ms =
			is_first || date_ms < report->first_ms ? date_ms : report->first_ms;
		report->last_ms = is_first || date_ms > report->last_ms ? date_ms : report->last_ms;
		report->has_dates = true;
	}
	size_t start = report->captures.len;
	bool is_full = report->capture_count >= LIMIT_REPORT_CAPTURES;
	if (!is_full) {
		check_page_add_capture(&report->captures, seen);
	}
	if (is_full || !keep_row(&report->captures, start)) {
		report->hidden_captures++;
	} else {
		report->capture_count++;
	}
}

/* SHA-256 and size of a regular file; the text is empty for all others. */
static int digest_file(
	const char *name, char text[DIGEST_TEXT_SIZE], uint64_t *size_out, struct flong_error *err)
{
	struct stat info;
	text[0] = '\0';
	*size_out = 0;
	if (stat(name, &info) != 0 || !S_ISREG(info.st_mode)) {
		return FLONG_OK;
	}
	struct source *opened = NULL;
	int rc = source_open_file(name, &opened, err);
	SCOPED(source_closep) struct source *source = opened;
	SCOPED(digester_closep) struct digester *digester = digester_create(DIGEST_SHA256);
	char *room = ALLOC_ARRAY(char, READ_BYTES);
	while (rc == FLONG_OK) {
		size_t got = 0;
		rc = source_read(source, room, READ_BYTES, &got, err);
		digester_add(digester, bytes_from(room, rc == FLONG_OK ? got : 0));
		*size_out += rc == FLONG_OK ? got : 0;
	}
	free(room);
	struct digest digest = digester_end(digester);
	digest_format_hex(&digest, text);
	return rc == FLONG_END ? FLONG_OK : rc;
}

void check_report_package(struct check_report *report, const struct check_wacz_summary *summary)
{
	size_t start = report->packages.len;
	check_wacz_view_add_html(&report->packages, summary);
	(void)keep_row(&report->packages, start);
}

int check_report_file(
	struct check_report *report, const struct check_page_file *file, struct flong_error *err)
{
	char text[DIGEST_TEXT_SIZE];
	struct check_page_file own = *file;
	int rc = FLONG_OK;
	if (own.digest == NULL) {
		rc = digest_file(file->name, text, &own.size, err);
		own.digest = text;
	}
	if (rc == FLONG_OK) {
		size_t start = report->files.len;
		check_page_add_file(&report->files, &own);
		report->hidden_files += !keep_row(&report->files, start);
	}
	return rc;
}

static int write_page(const char *path, const struct buf *page, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf partial = {0};
	buf_addf(&partial, "%s.partial", path);
	const char *aside = buf_text(&partial);
	SCOPED(files_close_fd)
	int fd = io_open(aside, O_WRONLY | O_CREAT | O_EXCL, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "creating '%s'", aside);
	}
	int rc = files_write_all(fd, buf_bytes(page), aside, err);
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, aside, err);
	}
	if (rc == FLONG_OK) {
		rc = files_rename_new(aside, path, err);
	}
	if (rc != FLONG_OK) {
		(void)io_unlink(aside);
	}
	return rc;
}

int check_report_finish(
	struct check_report *report, const struct check_print *totals, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf page = buf_with_max(4 * LIMIT_REPORT_LIST_BYTES);
	char now[CLOCK_ISO_SIZE];
	char first[CLOCK_ISO_SIZE] = "";
	char last[CLOCK_ISO_SIZE] = "";
	clock_format_iso_s(clock_wall_ms(), now);
	if (report->has_dates) {
		clock_format_iso_s(report->first_ms, first);
		clock_format_iso_s(report->last_ms, last);
	}
	const struct check_page parts = {.subjects = buf_text(&report->subjects),
		.packages = buf_text(&report->packages),
		.files = buf_text(&report->files),
		.captures = buf_text(&report->captures),
		.findings = buf_text(&report->findings),
		.capture_count = report->capture_count,
		.hidden_captures = report->hidden_captures,
		.finding_count = report->finding_count,
		.hidden_findings = report->hidden_findings,
		.hidden_files = report->hidden_files,
		.now = now,
		.first = first,
		.last = last,
		.version = flong_version(),
		.totals = totals};
	check_page_add(&page, &parts);
	if (buf_failed(&page)) {
		return error_set(err, FLONG_E_LIMIT, "the report is too long");
	}
	return write_page(report->path, &page, err);
}
