/* SPDX-License-Identifier: MIT */
/* cmd_index.c - flong index: the sorted index of WARC files */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/stream.h"
#include "cli/command.h"
#include "cli/option.h"
#include "index/indexer_write.h"
#include "index/zipnum.h"
#include "index/zipnum_dir.h"

/* Threads that are used unasked: each takes memory. */
#define THREADS_USUAL 4
#define THREADS_MAX 64
#define LINES_MAX 1000000

struct index_command {
	int format; /* enum indexer_format */
	bool has_ms, has_record_digest, has_post;
	char *fields, *records, *dir_root, *output, *zipnum; /* owned */
	int lines, jobs;
	struct operands operands;
	int result; /* exit code of the first fault */
};

static const char *const formats[] = {"cdxj", "cdx11", "cdx9", NULL};

#define ROW(type_, letter_, name_, value_, member, text)                                           \
	{                                                                                          \
		.type = type_, .letter = letter_, .name = name_, .value = value_,                  \
		.offset = offsetof(struct index_command, member), .help = text                     \
	}

const struct option cmd_index_options[] = {
	{.type = OPTION_CHOICE,
		.name = "format",
		.value = "F",
		.offset = offsetof(struct index_command, format),
		.choices = formats,
		.help = "cdxj (default), cdx11 or cdx9: columns, with a header line"},
	ROW(OPTION_FLAG, 0, "ms", NULL, has_ms,
		"timestamps of 17 digits (milliseconds) instead of 14"),
	ROW(OPTION_FLAG, 0, "record-digest", NULL, has_record_digest,
		"add the SHA-256 of each record's stored bytes"),
	ROW(OPTION_FLAG, 0, "post", NULL, has_post,
		"give the replies to POST and PUT keys of their own, made of the request"),
	ROW(OPTION_TEXT, 0, "fields", "LIST", fields,
		"add members: http:NAME of the reply, req.http:NAME, referrer, method of the "
		"request, or a WARC field such as warc-type"),
	ROW(OPTION_TEXT, 0, "records", "LIST", records,
		"types of records, or all (response,revisit,resource,metadata)"),
	ROW(OPTION_TEXT, 0, "dir-root", "DIR", dir_root,
		"file names relative to this directory, not the base names"),
	ROW(OPTION_TEXT, 'o', "output", "FILE", output, "write to a file, not standard output"),
	ROW(OPTION_TEXT, 0, "zipnum", "DIR", zipnum,
		"write compressed blocks for pywb into a directory"),
	{.type = OPTION_INT,
		.name = "lines",
		.value = "N",
		.offset = offsetof(struct index_command, lines),
		.min = 1,
		.max = LINES_MAX,
		.help = "lines of a block (3000)"},
	{.type = OPTION_INT,
		.letter = 'j',
		.name = "jobs",
		.value = "N",
		.offset = offsetof(struct index_command, jobs),
		.min = 1,
		.max = THREADS_MAX,
		.help = "files read at the same time (one a core, at most 4)"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct index_command *command)
{
	char *const texts[] = {command->fields, command->records, command->dir_root,
		command->output, command->zipnum};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		free(texts[i]);
	}
	free(command->operands.items);
}

static void print_fault(void *context, const struct flong_error *fault)
{
	struct index_command *command = (struct index_command *)context;
	int code = command_fail(fault);
	command->result = command->result == 0 ? code : command->result;
}

/* --- where it goes ---------------------------------------------------------------------------- */

/* What fills a sink with the index. */
struct filling {
	const struct index_command *command;
	const struct indexer_form *form;
};

static int fill(void *context, struct sink *lines, struct flong_error *err)
{
	const struct filling *filling = (const struct filling *)context;
	const struct operands *operands = &filling->command->operands;
	return indexer_write(
		(const char *const *)operands->items, operands->count, filling->form, lines, err);
}

static int fill_fd(struct filling *filling, int fd, struct flong_error *err)
{
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	int rc = fill(filling, sink, err);
	return rc == FLONG_OK ? sink_finish(sink, err) : rc;
}

/* Written aside and renamed, so that a half-written index is never found under its name. */
static int fill_file(struct filling *filling, const char *path, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf partial = {0};
	bool is_special = files_is_special(path);
	buf_addf(&partial, "%s%s", path, is_special ? "" : ".partial");
	SCOPED(files_close_fd)
	/* /dev/stdout is a link */
	int fd = io_open(buf_text(&partial), O_WRONLY | (is_special ? 0 : O_CREAT | O_TRUNC), 0644);
	if (fd < 0) {
		return error_set_errno(
			err, FLONG_E_IO, errno, "cannot create %s", buf_text(&partial));
	}
	int rc = fill_fd(filling, fd, err);
	if (is_special) {
		return rc;
	}
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, path, err);
	}
	if (rc == FLONG_OK && io_rename(buf_text(&partial), path) != 0) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "cannot rename %s", path);
	}
	if (rc < 0) {
		(void)io_unlink(buf_text(&partial));
	}
	return rc;
}

/* Where temporary files go: to the disk of the result, if there is one. The caller frees it. */
static char *temp_dir(const struct index_command *command)
{
	const char *output = command->output;
	if (command->zipnum != NULL) {
		return alloc_copy(command->zipnum);
	}
	if (output != NULL && strncmp(output, "/dev/", 5) != 0) {
		size_t folder = (size_t)(files_base_name(output) - output);
		return folder == 0 ? alloc_copy(".") : alloc_text(output, folder);
	}
	const char *dir = getenv("TMPDIR");
	return alloc_copy(dir != NULL && dir[0] != '\0' ? dir : "/tmp");
}

static size_t thread_count(const struct index_command *command)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	long usual = cores < 1 ? 1 : cores > THREADS_USUAL ? THREADS_USUAL : cores;
	return command->jobs > 0 ? (size_t)command->jobs : (size_t)usual;
}

static int write_index(
	struct index_command *command, const struct indexer_fields *fields, struct flong_error *err)
{
	SCOPED(free_textp) char *dir = temp_dir(command);
	const struct indexer_form form = {
		.format = (enum indexer_format)command->format,
		.line = {.digits = command->has_ms ? 17 : 14,
			.record_digest = command->has_record_digest || fields->record_digest},
		.post = command->has_post,
		.fields = fields,
		.records = command->records,
		.dir_root = command->dir_root,
		.temp_dir = dir,
		.threads = thread_count(command),
		.fault = print_fault,
		.context = command,
	};
	struct filling filling = {command, &form};
	if (command->zipnum != NULL) {
		size_t lines = command->lines > 0 ? (size_t)command->lines : ZIPNUM_LINES_PYWB;
		return zipnum_dir_write(command->zipnum, lines, fill, &filling, err);
	}
	return command->output == NULL || strcmp(command->output, "-") == 0
		       ? fill_fd(&filling, STDOUT_FILENO, err)
		       : fill_file(&filling, command->output, err);
}

static int check_options(const struct index_command *command, struct flong_error *err)
{
	if (command->operands.count == 0) {
		return error_set(err, FLONG_E_USAGE, "index needs a WARC file");
	}
	if (command->zipnum != NULL &&
		(command->output != NULL || command->format != INDEXER_CDXJ)) {
		return error_set(err, FLONG_E_USAGE,
			"--zipnum goes neither with --output nor with --format");
	}
	if (command->lines > 0 && command->zipnum == NULL) {
		return error_set(err, FLONG_E_USAGE, "--lines needs --zipnum");
	}
	if (command->format != INDEXER_CDXJ &&
		(command->has_ms || command->has_record_digest || command->fields != NULL)) {
		return error_set(err, FLONG_E_USAGE,
			"--ms, --record-digest and --fields are for --format cdxj only");
	}
	return FLONG_OK;
}

int cmd_index(int argc, char **argv)
{
	SCOPED(clear) struct index_command command = {0};
	SCOPED(indexer_fields_clear) struct indexer_fields fields = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_index_options, &command, argc, argv, &command.operands, &err);
	if (rc == FLONG_END) {
		(void)puts("usage: flong index FILE... [OPTION...]\n\nPrints the sorted CDXJ lines "
			   "of all WARC and ARC files, as cdxj-indexer -s does.\nIndexes among the "
			   "files are merged; a directory stands for the files below it.");
		option_print_help(cmd_index_options, stdout);
		return command_finish(0);
	}
	if (rc == FLONG_OK) {
		rc = check_options(&command, &err);
	}
	if (rc == FLONG_OK && command.fields != NULL) {
		rc = indexer_fields_parse(command.fields, &fields, &err);
	}
	if (rc < 0) {
		return command_usage(&err, "index");
	}
	if (write_index(&command, &fields, &err) < 0) {
		return command_finish(err.code == FLONG_E_USAGE ? command_usage(&err, "index")
								: command_fail(&err));
	}
	return command_finish(command.result);
}
