/* SPDX-License-Identifier: MIT */
/* cmd_check.c - flong check: verify WARC files, indexes, page lists and collections */
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
	struct check_report *report; /* owned; NULL: none is asked for */
	const char *path;            /* borrowed: of the file that is read */
	struct check_parts parts;
	int rc; /* of the report, when a callback cannot return it */
	struct flong_error err;
};

static const struct option table[] = {
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

static void report_file(
	struct check_command *command, const char *name, uint64_t count, bool is_warc)
{
	if (command->report != NULL && command->rc == FLONG_OK) {
		command->rc =
			check_report_file(command->report, name, count, is_warc, &command->err);
	}
}

static void take_warc(void *context, const char *name, const struct check_summary *summary)
{
	struct check_command *command = context;
	check_print_warc(&command->print, name, summary);
	report_file(command, name, summary->records, true);
}

static void take_lines(void *context, const char *name, uint64_t lines)
{
	struct check_command *command = context;
	check_print_lines(&command->print, name, lines);
	report_file(command, name, lines, false);
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

static int check_operand(struct check_command *command, const char *path, struct flong_error *err)
{
	if (command->report != NULL) {
		check_report_subject(command->report, path);
	}
	int rc = files_is_dir(path) ? check_dir(command, path, err) : check_one(command, path, err);
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
	int rc = option_read(table, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count == 0) {
		rc = error_set(&err, FLONG_E_USAGE, "check needs a file or a collection");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts("usage: flong check FILE|DIR... [OPTION...]\n\n"
			   "Reads WARC files, indexes, page lists and collections from end to end "
			   "and says\nwhat is wrong: damage, fields, lengths, digests, references, "
			   "rows that do not\nfit. Exit code 16 when there are errors.");
		option_print_help(table, stdout);
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
