/* SPDX-License-Identifier: MIT */
/* cmd_run.c - flong run: one scheduled run of each job */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/job_command.h"

/* Exit codes, the worst first (flong(1)). */
static const int precedence[] = {2, 10, 3, 11, 5, 4, 7, 8, 12, 9, 15, 14, 1, 0};

static int worse(int a, int b)
{
	for (size_t i = 0; i < sizeof(precedence) / sizeof(precedence[0]); i++) {
		if (precedence[i] == a || precedence[i] == b) {
			return precedence[i];
		}
	}
	return a;
}

static void print_usage(void)
{
	(void)fputs("usage: flong run JOB.conf... [OPTION...]\n\n"
		    "One scheduled run of each job: a crawl into the job's collection that "
		    "knows\nwhat earlier runs have. JOB.conf holds options, one \"name = "
		    "value\" a line:\nthose below and all of flong crawl. The command line wins.\n",
		stdout);
	option_print_help(job_option_table, stdout);
}

static void free_operands(struct operands *operands)
{
	free(operands->items);
}

static void free_table(struct option **table)
{
	free(*table);
}

/* The job files among the arguments. FLONG_END: help was asked for. */
static int find_jobs(int argc, char **argv, struct operands *operands, struct flong_error *err)
{
	SCOPED(job_command_clear) struct job_command scratch = {0};
	SCOPED(free_table) struct option *table = job_command_table();
	crawl_options_init(&scratch.crawl.options);
	int rc = option_read(table, &scratch, argc, argv, operands, err);
	if (rc == FLONG_OK && operands->count == 0) {
		rc = error_set(err, FLONG_E_USAGE, "no job to run");
	}
	return rc;
}

/* All jobs are checked before the first is run. */
static int check_jobs(const struct operands *jobs, int argc, char **argv, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < jobs->count; i++) {
		SCOPED(job_command_clear) struct job_command command = {0};
		rc = job_command_read(&command, jobs->items[i], argc, argv, err);
	}
	return rc;
}

static int run_job(const char *path, int argc, char **argv)
{
	SCOPED(job_command_clear) struct job_command command = {0};
	struct flong_error err = {0};
	struct job_result result = {0};
	int rc = job_command_read(&command, path, argc, argv, &err);
	if (rc < 0) {
		return command_fail(&err);
	}
	SCOPED(buf_clear) struct buf saved = {0};
	crawl_command_save(&command.crawl, &saved);
	command.crawl.options.saved = buf_take(&saved);
	command.crawl.options.arguments = crawl_command_describe(argc, argv);
	crawl_command_set_log(&command.crawl);
	rc = job_run(&command.job, &command.crawl.options, &result, &err);
	if (rc < 0) {
		return command_fail(&err);
	}
	SCOPED(free_textp) char *report = result.report;
	if (!command.crawl.is_quiet) {
		(void)fputs(report, stdout);
	}
	return command_finish((int)result.exit);
}

int cmd_run(int argc, char **argv)
{
	SCOPED(free_operands) struct operands jobs = {0};
	struct flong_error err = {0};
	int rc = find_jobs(argc, argv, &jobs, &err);
	if (rc == FLONG_END) {
		print_usage();
		return command_finish(0);
	}
	if (rc == FLONG_OK) {
		rc = check_jobs(&jobs, argc, argv, &err);
	}
	if (rc < 0) {
		return command_usage(&err, "run");
	}
	crawl_command_keep_private();
	crawl_command_catch_signals();
	int worst = 0;
	for (size_t i = 0; i < jobs.count; i++) {
		int code = run_job(jobs.items[i], argc, argv);
		worst = worse(worst, code);
		if (code == CRAWL_EXIT_SIGNAL) {
			break;
		}
	}
	return worst;
}
