/* SPDX-License-Identifier: MIT */
/* crawl_options.h - the option table of crawl, the bare form and resume */
#ifndef CLI_CRAWL_OPTIONS_H
#define CLI_CRAWL_OPTIONS_H

#include "base/log.h"
#include "cli/option.h"
#include "crawl/crawl.h"

/* What a crawl command line sets: the crawl's options and how much is printed. */
struct crawl_command {
	struct crawl_options options;
	struct crawl_texts inputs; /* --input files */
	struct crawl_texts
		called; /* "name = value" of options that are read by a function, for resume */
	bool is_quiet;
	int verbosity; /* -v given so many times */
	bool logs_json;
};

/* The table; ends with a row without name. */
extern const struct option crawl_option_table[];

/* Adds the lines that `flong resume` needs to go on with the same options. Secrets are left out:
 * they must be given again. */
void crawl_command_save(const struct crawl_command *command, struct buf *lines);
/* Reads the lines of the --input files as seeds ("-" is standard input; blank lines and # comments
 * are left out). */
MUST_CHECK int crawl_command_read_inputs(struct crawl_command *command, struct flong_error *err);
/* Sets what is logged and shown. */
void crawl_command_set_log(struct crawl_command *command);
/* What the process makes from now on is not for other users, and not to be written by the group:
 * an archive may hold what only the one who archives may see. */
void crawl_command_keep_private(void);
/* SIGINT, SIGTERM and SIGHUP ask the crawl to stop, SIGPIPE is ignored. */
void crawl_command_catch_signals(void);
/* The command line for warcinfo: secrets left out, paths as base names. Owned by the caller. */
char *crawl_command_describe(int argc, char **argv);
void crawl_command_clear(struct crawl_command *command);

#endif
