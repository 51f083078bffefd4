/* SPDX-License-Identifier: MIT */
/* main.c - the map of the program
 *
 * - flong URL..., flong crawl, flong resume: cmd_crawl.c -> crawl/crawl.c (the loop, start there)
 * - flong run: cmd_run.c -> crawl/job.c
 * - flong index: cmd_index.c -> index/indexer_write.c, index/indexer.c, index/sorter.c
 * - flong pack: cmd_pack.c -> index/wacz.c
 * - flong check: cmd_check.c -> warc/check.c
 * - flong unpack: cmd_unpack.c -> index/wacz_unpack.c, index/zip_reader.c
 * - flong list: cmd_list.c -> index/wacz_walk.c, warc/reader.c
 * - flong diff: cmd_diff.c -> crawl/history.c, article/compare.c
 * - flong show: cmd_show.c -> cli/record_open.c, index/wacz_find.c, warc/body.c
 * - flong extract: cmd_extract.c -> cli/extract_write.c, web/file_name.c, index/wacz_walk.c
 * - flong remove: cmd_remove.c -> crawl/removal.c, index/excise.c
 * - flong repair: cmd_repair.c -> warc/repair.c
 * - flong serve: cmd_serve.c -> replay/server.c, replay/site.c (which part answers what)
 * - flong inspect: cmd_inspect.c -> article/page.c, links/, web/
 *
 * Below them: warc/ (records, segments, exchange <-> records), web/ (URL, HTTP messages, robots),
 * base/ (bytes, streams, gzip, digests, files). src/README.md tells the ideas. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/sandbox.h"
#include "cli/command.h"
#include "cli/crawl_options.h"
#include "cli/job_command.h"
#include "crawl/fetcher.h"
#include "crawl/parser_process.h"
#include "flong/flong.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;             /* NULL = not listed */
	const struct option *options; /* NULL = none */
};

static int cmd_help(int argc, char **argv);
static int cmd_version(int argc, char **argv);
static int cmd_list_commands(int argc, char **argv);
static int cmd_list_all_options(int argc, char **argv);

static int cmd_parser_process(int argc, char **argv)
{
	return parser_process_run(argc < 2 ? PARSER_SANDBOXED : argv[1]);
}

static const struct command commands[] = {
	{"crawl", cmd_crawl, "make or extend a collection from seeds", crawl_option_table},
	{"resume", cmd_resume, "go on after an interruption", crawl_option_table},
	{"run", cmd_run, "one scheduled run of a job", job_option_table},
	{"index", cmd_index, "print the CDXJ index of WARC files", cmd_index_options},
	{"pack", cmd_pack, "pack a collection into a WACZ file", cmd_pack_options},
	{"unpack", cmd_unpack, "make a collection of a WACZ file", cmd_unpack_options},
	{"check", cmd_check, "verify WARC and WACZ files and collections", cmd_check_options},
	{"remove", cmd_remove, "take the captures of a URL out of a collection",
		cmd_remove_options},
	{"repair", cmd_repair, "a new file of all whole records of a WARC file",
		cmd_repair_options},
	{"list", cmd_list, "one line a record, a story or a version of one", cmd_list_options},
	{"diff", cmd_diff, "what changed in a story between two captures", cmd_diff_options},
	{"show", cmd_show, "a record: its heads, payload or stored bytes", cmd_show_options},
	{"extract", cmd_extract, "payloads as files", cmd_extract_options},
	{"serve", cmd_serve, "show what is archived in a browser", cmd_serve_options},
	{"inspect", cmd_inspect, "what flong sees: links, stories, articles, URLs, robots",
		cmd_inspect_options},
	{"help", cmd_help, "this text, or the help of a command", NULL},
	{"version", cmd_version, "the version, and those of the libraries", NULL},
	{"--help", cmd_help, NULL, NULL},
	{"-h", cmd_help, NULL, NULL},
	{"--version", cmd_version, NULL, NULL},
	{"--list-commands", cmd_list_commands, NULL, NULL},
	{"--list-options", cmd_list_all_options, NULL, NULL},
	{PARSER_COMMAND, cmd_parser_process, NULL, NULL},
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, name) == 0) {
			return &commands[i];
		}
	}
	return NULL;
}

static void print_overview(FILE *out)
{
	(void)fputs(
		"flong archives a news story: the article, everything its page needs, and\n"
		"the stories linked from it, as true bytes in WARC files that any replay\n"
		"tool shows.\n\n"
		"usage: flong URL... [OPTION...]  snapshot to NAME.wacz, as flong crawl --wacz\n",
		out);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].help != NULL) {
			(void)fprintf(
				out, "       flong %-8s %s\n", commands[i].name, commands[i].help);
		}
	}
}

static int cmd_help(int argc, char **argv)
{
	if (argc < 2) {
		print_overview(stdout);
		return command_finish(0);
	}
	const struct command *command = find_command(argv[1]);
	if (command == NULL || command->help == NULL) {
		struct flong_error err = {0};
		(void)error_set(&err, FLONG_E_USAGE, "no command '%s'", argv[1]);
		return command_usage(&err, "");
	}
	char help[] = "--help";
	char *arguments[] = {argv[1], help, NULL};
	return command->run == cmd_help ? cmd_help(1, argv) : command->run(2, arguments);
}

static int cmd_version(int argc, char **argv)
{
	(void)printf("flong %s\n%s\n", flong_version(), fetcher_library_versions());
	if (argc > 1 && (strcmp(argv[1], "-v") == 0 || strcmp(argv[1], "--verbose") == 0)) {
		SCOPED(buf_clear) struct buf sandbox = {0};
		sandbox_describe(sandbox_look(), &sandbox);
		(void)printf("sandbox: %s\n", buf_text(&sandbox));
	}
	return command_finish(0);
}

static int cmd_list_commands(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].help != NULL) {
			(void)puts(commands[i].name);
		}
	}
	return command_finish(0);
}

static int cmd_list_all_options(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].options != NULL) {
			option_print_list(commands[i].name, commands[i].options, stdout);
		}
	}
	return command_finish(0);
}

/* In place of the weak one of base/alloc: no core is worth its bytes for this. */
void alloc_end(void)
{
	_exit(1);
}

int main(int argc, char **argv)
{
	alloc_return_large();
	if (argc < 2) {
		print_overview(stderr);
		return 2;
	}
	(void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk */
	const struct command *command = find_command(argv[1]);
	if (command != NULL) {
		return command->run(argc - 1, argv + 1);
	}
	/* The bare form: anything that looks like a URL or an option of the snapshot. */
	if (argv[1][0] == '-' || strchr(argv[1], ':') != NULL || strchr(argv[1], '.') != NULL) {
		return cmd_snapshot(argc, argv);
	}
	struct flong_error err = {0};
	(void)error_set(&err, FLONG_E_USAGE, "'%s' is neither a command nor a URL", argv[1]);
	return command_usage(&err, "");
}
