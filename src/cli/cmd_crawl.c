/* SPDX-License-Identifier: MIT */
/* cmd_crawl.c - flong crawl, flong URL, flong resume */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/crawl_options.h"

static int run(struct crawl_command *command)
{
	struct flong_error err = {0};
	enum crawl_exit code = CRAWL_EXIT_FAILURE;
	SCOPED(free_textp) char *report = NULL;
	crawl_command_keep_private();
	crawl_command_catch_signals();
	int rc = crawl_run(&command->options, &code, &report, &err);
	if (rc < 0) {
		return command_fail(&err);
	}
	if (!command->is_quiet && report != NULL) {
		(void)fputs(report, stdout);
	}
	return command_finish((int)code);
}

static void print_usage(const char *name)
{
	if (strcmp(name, "resume") == 0) {
		(void)fputs(
			"usage: flong resume DIR [OPTION...]\n\n"
			"Goes on with an interrupted crawl: after a signal, a kill or a full "
			"disk.\n"
			"DIR is the collection, or the NAME.wacz.partial directory of a snapshot.\n"
			"What was archived stays. Options that are not given are those of the\n"
			"interrupted crawl, but for limits and what may be secret: --header and\n"
			"--proxy have to be given again.\n",
			stdout);
	} else {
		(void)printf("usage: flong %sURL... [OPTION...]\n\n"
			     "Archives the article at each URL, what its page needs (its "
			     "requisites), and the\nrelated stories that it links to.\n",
			strcmp(name, "crawl") == 0 ? "crawl " : "");
	}
	option_print_help(crawl_option_table, stdout);
}

/* Reads the command line. FLONG_END: help was printed. */
static int read_command(struct crawl_command *command, int argc, char **argv,
	struct operands *operands, struct flong_error *err)
{
	int rc = option_read(crawl_option_table, command, argc, argv, operands, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	command->options.arguments = crawl_command_describe(argc, argv);
	crawl_command_set_log(command);
	return crawl_command_read_inputs(command, err);
}

static int crawl_command_run(int argc, char **argv, const char *name, bool packs)
{
	SCOPED(crawl_command_clear) struct crawl_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	crawl_options_init(&command.options);
	int rc = read_command(&command, argc, argv, &operands, &err);
	for (size_t i = 0; rc == FLONG_OK && i < operands.count; i++) {
		crawl_texts_add(&command.options.seeds, operands.items[i]);
	}
	free(operands.items);
	if (rc == FLONG_END) {
		print_usage(name);
		return command_finish(0);
	}
	if (rc == FLONG_OK && command.options.seeds.count + command.options.feeds.count == 0) {
		rc = error_set(&err, FLONG_E_USAGE, "no URL to archive");
	}
	if (rc < 0) {
		return err.code == FLONG_E_USAGE ? command_usage(&err, name) : command_fail(&err);
	}
	command.options.packs_wacz =
		command.options.packs_wacz || (packs && command.options.output == NULL);
	SCOPED(buf_clear) struct buf saved = {0};
	crawl_command_save(&command, &saved);
	command.options.saved = buf_take(&saved);
	return run(&command);
}

int cmd_crawl(int argc, char **argv)
{
	return crawl_command_run(argc, argv, "crawl", false);
}

int cmd_snapshot(int argc, char **argv)
{
	return crawl_command_run(argc, argv, "", true);
}

/* The directory among the arguments, read past the options; they are read for good once the saved
 * ones are known. */
static int find_directory(int argc, char **argv, char **dir_out, struct flong_error *err)
{
	SCOPED(crawl_command_clear) struct crawl_command scratch = {0};
	struct operands operands = {0};
	crawl_options_init(&scratch.options);
	int rc = option_read(crawl_option_table, &scratch, argc, argv, &operands, err);
	if (rc == FLONG_OK && operands.count != 1) {
		rc = error_set(err, FLONG_E_USAGE, "resume needs one directory");
	}
	if (rc == FLONG_OK) {
		*dir_out = alloc_copy(operands.items[0]);
	}
	free(operands.items);
	return rc;
}

static int read_resume(
	struct crawl_command *command, int argc, char **argv, struct flong_error *err)
{
	SCOPED(free_textp) char *dir = NULL;
	SCOPED(buf_clear) struct buf saved = {0};
	struct operands operands = {0};
	crawl_options_init(&command->options);
	int rc = find_directory(argc, argv, &dir, err);
	if (rc == FLONG_OK) {
		rc = crawl_saved_options(dir, &saved, err);
	}
	if (rc == FLONG_OK) {
		rc = option_read_lines(
			crawl_option_table, command, buf_bytes(&saved), "saved options", err);
	}
	if (rc == FLONG_OK) {
		rc = read_command(command, argc, argv, &operands, err);
	}
	free(operands.items);
	if (rc == FLONG_OK) {
		free(command->options.output);
		command->options.output = TAKE(dir);
		command->options.resumes = true;
	}
	return rc;
}

int cmd_resume(int argc, char **argv)
{
	SCOPED(crawl_command_clear) struct crawl_command command = {0};
	struct flong_error err = {0};
	int rc = read_resume(&command, argc, argv, &err);
	if (rc == FLONG_END) {
		print_usage("resume");
		return command_finish(0);
	}
	if (rc < 0) {
		return err.code == FLONG_E_USAGE ? command_usage(&err, "resume")
						 : command_fail(&err);
	}
	return run(&command);
}
