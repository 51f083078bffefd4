/* SPDX-License-Identifier: MIT */
/* cmd_check.c - flong check: verify WARC and WACZ files, indexes, page lists and collections */
#include <stdlib.h>

#include "base/error.h"
#include "base/files.h"
#include "cli/check_input.h"
#include "cli/check_print.h"
#include "cli/check_report.h"
#include "cli/command.h"
#include "cli/option.h"
#include "index/check_collection.h"
#include "index/check_parts.h"
#include "index/check_set.h"
#include "index/check_wacz.h"

/* Exit codes of check (flong(1)). */
#define EXIT_ERRORS 16
#define EXIT_WARNINGS 17
/* Findings of one rule in one file that are printed: a screen or two. */
#define FINDINGS_DEFAULT 50

struct check_command {
	bool as_json, counts_warnings, is_quiet;
	int findings_max;
	char *report_path; /* owned */
	struct check_print print;
	struct check_report *report;    /* owned; NULL: none is asked for */
	const char *path;               /* borrowed: of the file that is read */
	bool is_package;                /* it is one of a WACZ file */
	struct check_page_file counted; /* what was counted of it */
	struct check_parts parts;
	int rc; /* of the report, when a callback cannot return it */
	struct flong_error err;
};

const struct option cmd_check_options[] = {
	{.type = OPTION_FLAG,
		.name = "json",
		.offset = offsetof(struct check_command, as_json),
		.help = "findings as JSON Lines, and a summary as the last"},
	{.type = OPTION_FLAG,
		.name = "warnings",
		.offset = offsetof(struct check_command, counts_warnings),
		.help = "exit 17 when there are only warnings"},
	{.type = OPTION_INT,
		.name = "max-findings",
		.value = "N",
		.offset = offsetof(struct check_command, findings_max),
		.min = 0,
		.max = 1000000000,
		.help = "print at most N findings of one rule in one file (50; 0: all)"},
	{.type = OPTION_TEXT,
		.name = "report",
		.value = "FILE",
		.offset = offsetof(struct check_command, report_path),
		.help = "write a provenance page to print (HTML)"},
	{.type = OPTION_FLAG,
		.letter = 'q',
		.name = "quiet",
		.offset = offsetof(struct check_command, is_quiet),
		.help = "print nothing: the exit status tells"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void take_finding(void *context, const char *name, const struct check_finding *finding)
{
	struct check_command *command = context;
	check_print_finding(&command->print, name, finding);
	if (command->report != NULL) {
		check_report_finding(command->report, name, finding);
	}
}

static void report_file(struct check_command *command, const struct check_page_file *file)
{
	if (command->report != NULL && command->rc == FLONG_OK) {
		command->rc = check_report_file(command->report, file, &command->err);
	}
}

/* A file of records or lines. One of a package is reported with its digest, by take_file. */
static void take_counted(struct check_command *command, const struct check_page_file *file)
{
	if (command->is_package) {
		command->counted = *file;
	} else {
		report_file(command, file);
	}
}

static void take_warc(void *context, const char *name, const struct check_summary *summary)
{
	struct check_command *command = context;
	const struct check_page_file file = {
		.name = name, .count = summary->records, .unit = "record", .units = "records"};
	check_print_warc(&command->print, name, summary);
	take_counted(command, &file);
}

static void take_lines(void *context, const char *name, uint64_t lines)
{
	struct check_command *command = context;
	const struct check_page_file file = {
		.name = name, .count = lines, .unit = "line", .units = "lines"};
	check_print_lines(&command->print, name, lines);
	take_counted(command, &file);
}

static void take_file(void *context, const char *name, uint64_t size, const char *digest)
{
	struct check_command *command = context;
	struct check_page_file file = command->counted;
	command->counted = (struct check_page_file){0};
	file.name = name;
	file.size = size;
	file.digest = digest;
	report_file(command, &file);
}

static int take_seen(
	void *context, const char *name, const struct check_seen *seen, struct flong_error *err)
{
	const struct check_command *command = context;
	(void)name;
	(void)err;
	check_report_seen(command->report, seen);
	return FLONG_OK;
}

static struct check_set_hooks hooks_of(struct check_command *command)
{
	return (struct check_set_hooks){.finding = take_finding,
		.warc = take_warc,
		.lines = take_lines,
		.seen = command->report == NULL ? NULL : take_seen,
		.context = command};
}

static const char *temp_dir(void)
{
	const char *dir = getenv("TMPDIR");
	return dir != NULL && *dir != '\0' ? dir : "/tmp";
}

static int check_dir(struct check_command *command, const char *dir, struct flong_error *err)
{
	const struct check_set_hooks hooks = hooks_of(command);
	struct check_join_summary joined;
	if (!check_collection_is(dir)) {
		return error_set(err, FLONG_E_NOT_FOUND,
			"'%s' is no collection: it has no directory 'archive'", dir);
	}
	int rc = check_collection_run(dir, &hooks, temp_dir(), &joined, err);
	if (rc == FLONG_OK) {
		check_print_joined(&command->print, dir, true, &joined);
	}
	return rc;
}

/* Another look at bytes of the file that is read: there is but one in the set. */
static int open_again(void *context, struct bytes filename, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	struct check_command *command = context;
	(void)filename;
	return check_parts_open(&command->parts, command->path, offset, length, source_out, err);
}

static int check_one(struct check_command *command, const char *path, struct flong_error *err)
{
	struct check_set_hooks hooks = hooks_of(command);
	hooks.open = open_again;
	hooks.open_context = command;
	command->path = path;
	const struct check_set_options options = {.temp_dir = temp_dir()};
	const struct check_set_warc warc = {
		.name = path, .is_unfinished = bytes_ends(bytes_of(path), BYTES(".open"))};
	struct check_join_summary joined;
	struct source *source = NULL;
	enum check_kind kind;
	int rc = check_input_open(path, &kind, &source, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	SCOPED(check_set_closep) struct check_set *set = check_set_create(&options, &hooks);
	switch (kind) {
	case CHECK_KIND_WARC:
		rc = check_set_add_warc(set, source, &warc, err);
		break;
	case CHECK_KIND_INDEX:
		rc = check_set_add_index(set, source, path, err);
		break;
	case CHECK_KIND_PAGES:
		rc = check_set_add_pages(set, source, path, err);
		break;
	}
	if (rc == FLONG_OK) {
		rc = check_set_finish(set, &joined, err);
	}
	if (rc == FLONG_OK) {
		check_print_joined(&command->print, path, false, &joined);
	}
	return rc;
}

static int check_package(struct check_command *command, const char *path, struct flong_error *err)
{
	const struct check_set_hooks hooks = hooks_of(command);
	const struct check_wacz_options options = {
		.hooks = &hooks, .file = take_file, .temp_dir = temp_dir()};
	const struct check_page_file whole = {.name = path};
	SCOPED(check_wacz_clear) struct check_wacz_summary summary = {0};
	command->is_package = true;
	int rc = check_wacz_run(path, &options, &summary, err);
	command->is_package = false;
	if (rc != FLONG_OK) {
		return rc;
	}
	check_print_package(&command->print, path, &summary);
	check_print_joined(&command->print, path, summary.is_readable, &summary.joined);
	report_file(command, &whole);
	if (command->report != NULL && summary.is_readable) {
		check_report_package(command->report, &summary);
	}
	return FLONG_OK;
}

/* By its first bytes, or by its name: a broken one is to be called what it should be. */
static int is_package(const char *path, bool *is_package_out, struct flong_error *err)
{
	int rc = wacz_reader_is_one(path, is_package_out, err);
	*is_package_out = *is_package_out || bytes_ends(bytes_of(path), BYTES(".wacz"));
	return rc;
}

static int check_path(struct check_command *command, const char *path, struct flong_error *err)
{
	bool is_wacz = false;
	if (files_is_dir(path)) {
		return check_dir(command, path, err);
	}
	int rc = is_package(path, &is_wacz, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	return is_wacz ? check_package(command, path, err) : check_one(command, path, err);
}

static int check_operand(struct check_command *command, const char *path, struct flong_error *err)
{
	if (command->report != NULL) {
		check_report_subject(command->report, path);
	}
	int rc = check_path(command, path, err);
	if (rc == FLONG_OK && command->rc != FLONG_OK) {
		*err = command->err;
		rc = command->rc;
		command->rc = FLONG_OK;
	}
	return rc;
}

static int begin(struct check_command *command, struct flong_error *err)
{
	command->print.as_json = command->as_json;
	command->print.is_quiet = command->is_quiet;
	command->print.findings_max = (uint64_t)command->findings_max;
	return command->report_path == NULL
		       ? FLONG_OK
		       : check_report_create(command->report_path, &command->report, err);
}

static int verdict(const struct check_command *command)
{
	if (command->print.errors > 0) {
		return EXIT_ERRORS;
	}
	return command->print.warnings > 0 && command->counts_warnings ? EXIT_WARNINGS : 0;
}

static int run(struct check_command *command, const struct operands *operands)
{
	struct flong_error err = {0};
	int result = 0;
	if (begin(command, &err) != FLONG_OK) {
		return command_fail(&err);
	}
	for (size_t i = 0; i < operands->count; i++) {
		if (check_operand(command, operands->items[i], &err) < 0) {
			result = command_fail(&err);
		}
	}
	check_print_end(&command->print);
	if (command->report != NULL &&
		check_report_finish(command->report, &command->print, &err) != FLONG_OK) {
		result = command_fail(&err);
	}
	return result != 0 ? result : verdict(command);
}

int cmd_check(int argc, char **argv)
{
	struct check_command command = {.findings_max = FINDINGS_DEFAULT, .parts = {.fd = -1}};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_check_options, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count == 0) {
		rc = error_set(&err, FLONG_E_USAGE, "check needs a file or a collection");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts(
			"usage: flong check FILE|DIR... [OPTION...]\n\n"
			"Reads WARC and WACZ files, indexes, page lists and collections from "
			"end to end\nand says what is wrong: damage, fields, lengths, digests, "
			"references, rows\nthat do not fit. Exit code 16 when there are errors.");
		option_print_help(cmd_check_options, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "check");
	} else {
		result = run(&command, &operands);
	}
	check_parts_clear(&command.parts);
	check_print_clear(&command.print);
	check_report_close(command.report);
	free(command.report_path);
	free(operands.items);
	return command_finish(result);
}
