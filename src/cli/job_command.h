/* SPDX-License-Identifier: MIT */
/* job_command.h - a job as its file and the command line tell it */
#ifndef CLI_JOB_COMMAND_H
#define CLI_JOB_COMMAND_H

#include "cli/crawl_options.h"
#include "cli/option.h"
#include "crawl/job.h"

/* The crawl comes first: its table sets the members of either. */
struct job_command {
	struct crawl_command crawl;
	struct job_options job;
	struct crawl_texts urls;
};
void job_command_clear(struct job_command *command);

/* The options of a job alone, for the help; ends with a row without name. */
extern const struct option job_option_table[];
/* Those of job and crawl together; owned by the caller, the rows are borrowed. */
struct option *job_command_table(void);

/* Reads the file `path`, then the command line, and checks it all without touching anything else.
 * FLONG_E_USAGE names the file and, where a line is wrong, its number. */
MUST_CHECK int job_command_read(struct job_command *command, const char *path, int argc,
	char **argv, struct flong_error *err);

#endif
