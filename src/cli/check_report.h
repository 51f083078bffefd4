/* SPDX-License-Identifier: MIT */
/* check_report.h - a provenance page to print: what was captured, when, from where, and what was
 * found
 *
 * One HTML file without scripts and without anything from outside. What comes from archives is
 * escaped and shortened; long lists are cut, and the page says so. */
#ifndef CLI_CHECK_REPORT_H
#define CLI_CHECK_REPORT_H

#include <stdbool.h>

#include "base/scoped.h"
#include "cli/check_page.h"
#include "cli/check_print.h"
#include "flong/error.h"
#include "index/check_wacz.h"
#include "warc/check.h"

struct check_report;

/* Begins a report that will be written to `path`. FLONG_E_EXISTS when that file is there. */
MUST_CHECK int check_report_create(
	const char *path, struct check_report **report_out, struct flong_error *err);
void check_report_close(struct check_report *report);
SCOPED_CLOSE(struct check_report *, check_report_close)

/* Something that was checked, as it was named on the command line. */
void check_report_subject(struct check_report *report, const char *operand);
void check_report_finding(
	struct check_report *report, const char *name, const struct check_finding *finding);
/* A record; captures are listed, the others not. */
void check_report_seen(struct check_report *report, const struct check_seen *seen);
/* What is known of a WACZ file. */
void check_report_package(struct check_report *report, const struct check_wacz_summary *summary);
/* A file that was read to its end. Without a digest, size and SHA-256 are taken here, unless it is
 * a pipe. */
MUST_CHECK int check_report_file(
	struct check_report *report, const struct check_page_file *file, struct flong_error *err);
/* Writes the page. FLONG_E_EXISTS, FLONG_E_IO. */
MUST_CHECK int check_report_finish(
	struct check_report *report, const struct check_print *totals, struct flong_error *err);

#endif
