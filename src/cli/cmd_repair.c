/* SPDX-License-Identifier: MIT */
/* cmd_repair.c - flong repair: a new file of every whole record of a damaged or odd one */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/option.h"
#include "warc/repair.h"

/* Exit code when something could not be kept (flong(1)). */
#define EXIT_LOST 16
#define DEFAULT_GZIP_LEVEL 6
#define DEFAULT_ZSTD_LEVEL 9
/* Events that are printed in words; JSON has all. */
#define EVENTS_MAX 100

enum compress { COMPRESS_SAME, COMPRESS_GZIP, COMPRESS_ZSTD, COMPRESS_NONE };
static const char *const compress_names[] = {"same", "gzip", "zstd", "none", NULL};

struct repair_command {
	char *output; /* owned */
	enum compress compress;
	int level; /* 0: the default of the form */
	bool as_json, is_quiet;
	const char *input; /* borrowed */
	uint64_t events;
};

const struct option cmd_repair_options[] = {
	{.type = OPTION_TEXT,
		.letter = 'o',
		.name = "output",
		.value = "FILE",
		.offset = offsetof(struct repair_command, output),
		.help = "the file to make; never overwritten"},
	{.type = OPTION_CHOICE,
		.name = "compress",
		.value = "FORM",
		.offset = offsetof(struct repair_command, compress),
		.choices = compress_names,
		.help = "gzip, zstd or none, one member a record; same as the input (same)"},
	{.type = OPTION_INT,
		.name = "level",
		.value = "N",
		.offset = offsetof(struct repair_command, level),
		.min = 1,
		.max = 19,
		.help = "how hard to compress: gzip 1-9 (6), zstd 1-19 (9)"},
	{.type = OPTION_FLAG,
		.name = "json",
		.offset = offsetof(struct repair_command, as_json),
		.help = "what was done as JSON Lines"},
	{.type = OPTION_FLAG,
		.letter = 'q',
		.name = "quiet",
		.offset = offsetof(struct repair_command, is_quiet),
		.help = "print nothing but errors"},
	{.type = OPTION_HEADING, .name = NULL},
};

static const char *kind_name(enum repair_kind kind)
{
	return kind == REPAIR_CHANGED ? "changed" : kind == REPAIR_LEFT_OUT ? "left out" : "lost";
}

static void print_event(void *context, const struct repair_event *event)
{
	struct repair_command *command = context;
	if (command->is_quiet) {
		return;
	}
	if (command->as_json) {
		SCOPED(buf_clear) struct buf line = {0};
		buf_add_char(&line, '{');
		json_add_member(&line, "file", bytes_of(command->input));
		json_add_member(&line, "what", bytes_of(kind_name(event->kind)));
		json_add_member_u64(&line, "from", event->from);
		json_add_member_u64(&line, "to", event->to);
		if (event->record.len > 0) {
			json_add_member(&line, "record", event->record);
		}
		json_add_member(&line, "text", bytes_of(event->text));
		buf_add_char(&line, '}');
		(void)puts(buf_text(&line));
		return;
	}
	command->events++;
	if (command->events > EVENTS_MAX) {
		return;
	}
	struct flong_error printable; /* its message has no control bytes */
	(void)error_set(&printable, FLONG_E_FORMAT, "%s", event->text);
	(void)printf("  %-8s  %llu-%llu: %s\n", kind_name(event->kind),
		(unsigned long long)event->from, (unsigned long long)event->to, printable.message);
}

static void print_summary(
	const struct repair_command *command, const struct repair_summary *summary)
{
	if (command->is_quiet) {
		return;
	}
	if (command->as_json) {
		SCOPED(buf_clear) struct buf line = {0};
		buf_add_char(&line, '{');
		json_add_member(&line, "file", bytes_of(command->input));
		json_add_member(&line, "what", BYTES("summary"));
		json_add_member(&line, "output", bytes_of(command->output));
		json_add_member_u64(&line, "kept", summary->kept);
		json_add_member_u64(&line, "changed", summary->changed);
		json_add_member_u64(&line, "left_out", summary->left_out);
		json_add_member_u64(&line, "lost_places", summary->gaps);
		json_add_member_u64(&line, "lost_bytes", summary->lost_bytes);
		buf_add_char(&line, '}');
		(void)puts(buf_text(&line));
		return;
	}
	if (command->events > EVENTS_MAX) {
		(void)printf("  and %llu more; --json lists all\n",
			(unsigned long long)(command->events - EVENTS_MAX));
	}
	(void)printf("%s: %llu records kept", command->output, (unsigned long long)summary->kept);
	if (summary->changed > 0) {
		(void)printf(", the heads of %llu changed", (unsigned long long)summary->changed);
	}
	if (summary->left_out > 0) {
		(void)printf(", %llu left out", (unsigned long long)summary->left_out);
	}
	if (summary->gaps > 0) {
		(void)printf(", %llu bytes lost in %llu %s",
			(unsigned long long)summary->lost_bytes, (unsigned long long)summary->gaps,
			summary->gaps == 1 ? "place" : "places");
	}
	(void)puts("");
}

/* The form of the new file: as asked, else that of the old one. */
static int choose_form(
	const struct repair_command *command, enum reader_form *form_out, struct flong_error *err)
{
	static const enum reader_form forms[] = {
		READER_PLAIN, READER_GZIP, READER_ZSTD, READER_PLAIN};
	*form_out = forms[command->compress];
	if (command->compress != COMPRESS_SAME) {
		return FLONG_OK;
	}
	if (strcmp(command->input, "-") == 0) {
		return error_set(err, FLONG_E_USAGE,
			"what standard input is stored as is not known before: give --compress");
	}
	SCOPED(reader_closep) struct reader *reader = NULL;
	int rc = reader_open(command->input, &reader, err);
	if (rc == FLONG_OK) {
		*form_out = reader_form(reader);
	}
	return rc;
}

static int choose_level(const struct repair_command *command, enum reader_form form, int *level_out,
	struct flong_error *err)
{
	bool is_zstd = form == READER_ZSTD;
	*level_out = command->level != 0 ? command->level
		     : is_zstd           ? DEFAULT_ZSTD_LEVEL
					 : DEFAULT_GZIP_LEVEL;
	if (!is_zstd && *level_out > 9) {
		return error_set(err, FLONG_E_USAGE, "gzip has levels 1 to 9, not %d", *level_out);
	}
	return FLONG_OK;
}

/* Writes PARTIAL and gives it its name when it has records. */
static int write_file(struct repair_command *command, const struct repair_options *options,
	const char *partial, struct repair_summary *summary, struct flong_error *err)
{
	SCOPED(files_close_fd)
	int fd = io_open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
	if (fd < 0) {
		int code = errno == EEXIST ? FLONG_E_EXISTS : FLONG_E_IO;
		return error_set_errno(err, code, errno, "cannot create %s", partial);
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	int rc = repair_run(command->input, options, sink, summary, err);
	if (rc == FLONG_OK && summary->kept == 0) {
		rc = error_set(err, FLONG_E_DAMAGED, "%s: no record could be kept, %s was not made",
			command->input, command->output);
	}
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, partial, err);
	}
	if (rc == FLONG_OK) {
		rc = files_rename_new(partial, command->output, err);
	}
	if (rc != FLONG_OK) {
		(void)io_unlink(partial);
	}
	return rc;
}

static int repair(
	struct repair_command *command, struct repair_summary *summary, struct flong_error *err)
{
	enum reader_form form;
	struct repair_options options = {.event = print_event, .context = command};
	if (files_exists(command->output)) {
		return error_set(err, FLONG_E_EXISTS, "%s exists already", command->output);
	}
	int rc = choose_form(command, &form, err);
	if (rc == FLONG_OK) {
		rc = choose_level(command, form, &options.level, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	options.form = form;
	const char *temp_dir = getenv("TMPDIR");
	options.temp_dir = temp_dir == NULL || temp_dir[0] == '\0' ? "/tmp" : temp_dir;
	struct buf partial = {0};
	buf_addf(&partial, "%s.partial", command->output);
	rc = write_file(command, &options, buf_text(&partial), summary, err);
	buf_clear(&partial);
	return rc;
}

int cmd_repair(int argc, char **argv)
{
	struct repair_command command = {0};
	struct repair_summary summary = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int result = 0;
	int rc = option_read(cmd_repair_options, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && (operands.count != 1 || command.output == NULL)) {
		rc = error_set(&err, FLONG_E_USAGE, "repair needs one file and -o with a new one");
	}
	if (rc == FLONG_END) {
		(void)puts(
			"usage: flong repair FILE -o NEW [OPTION...]\n\nMakes a new file of every "
			"whole record of a WARC or ARC file, each compressed by\nitself, and says "
			"what could not be kept. The file that is read stays as it is.\nExit code "
			"16 "
			"when something was lost.");
		option_print_help(cmd_repair_options, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "repair");
	} else {
		command.input = operands.items[0];
		rc = repair(&command, &summary, &err);
		if (rc == FLONG_E_USAGE) {
			result = command_usage(&err, "repair");
		} else if (rc < 0) {
			result = command_fail(&err);
		} else {
			print_summary(&command, &summary);
			result = summary.left_out > 0 || summary.gaps > 0 ? EXIT_LOST : 0;
		}
	}
	free(operands.items);
	free(command.output);
	return command_finish(result);
}
