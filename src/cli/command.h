/* SPDX-License-Identifier: MIT */
/* command.h - the commands: one file each, all of this shape */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdio.h>

#include "cli/option.h"
#include "flong/error.h"

/* Runs with argv[0] being the command's name. Returns the exit code (flong(1)). Results go to
 * stdout; a failure is reported with command_fail. */
int cmd_crawl(int argc, char **argv);
int cmd_snapshot(int argc, char **argv); /* the bare form: flong URL... */
int cmd_resume(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_index(int argc, char **argv);
int cmd_pack(int argc, char **argv);
int cmd_unpack(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_remove(int argc, char **argv);
int cmd_repair(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_extract(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_inspect(int argc, char **argv);

/* Their options; each ends with a row without name. That of crawl is in crawl_options.h. */
extern const struct option cmd_index_options[];
extern const struct option cmd_pack_options[];
extern const struct option cmd_unpack_options[];
extern const struct option cmd_serve_options[];
extern const struct option cmd_check_options[];
extern const struct option cmd_remove_options[];
extern const struct option cmd_repair_options[];
extern const struct option cmd_list_options[];
extern const struct option cmd_diff_options[];
extern const struct option cmd_show_options[];
extern const struct option cmd_extract_options[];
extern const struct option cmd_inspect_options[];

/* Prints "flong: MESSAGE" on stderr and returns the exit code that fits the failure: 2 for wrong
 * usage, 10 for a collection in use, 3 when the archive could not be written, else 1. */
int command_fail(const struct flong_error *err);
/* The exit code alone. */
int command_exit_of(const struct flong_error *err);
/* As command_fail for wrong usage, with the hint "flong help COMMAND". */
int command_usage(const struct flong_error *err, const char *command);
/* Flushes stdout; the exit code, or 1 with a message when printing failed (a full disk, a closed
 * pipe). */
int command_finish(int exit_code);

#endif
