/* SPDX-License-Identifier: MIT */
/* cmd_serve.c - flong serve: what is archived, in a browser */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "cli/command.h"
#include "cli/notice.h"
#include "cli/option.h"
#include "replay/server.h"
#include "web/charset.h"

struct serve_command {
	char *bind, *allow_origin; /* owned */
	int port, replay_port;
	bool opens, is_verbose;
	struct operands operands;
};

const struct option cmd_serve_options[] = {
	{.type = OPTION_TEXT,
		.name = "bind",
		.value = "ADDRESS",
		.offset = offsetof(struct serve_command, bind),
		.help = "the address to listen on (127.0.0.1)"},
	{.type = OPTION_INT,
		.name = "port",
		.value = "N",
		.offset = offsetof(struct serve_command, port),
		.min = 0,
		.max = 65535,
		.help = "of the library; 0 = any that is free (8080)"},
	{.type = OPTION_INT,
		.name = "replay-port",
		.value = "N",
		.offset = offsetof(struct serve_command, replay_port),
		.min = 0,
		.max = 65535,
		.help = "of the archived pages, an origin of their own; 0 = any (8081)"},
	{.type = OPTION_FLAG,
		.name = "open",
		.offset = offsetof(struct serve_command, opens),
		.help = "show the library in the browser at once"},
	{.type = OPTION_TEXT,
		.name = "allow-origin",
		.value = "ORIGIN",
		.offset = offsetof(struct serve_command, allow_origin),
		.help = "a site whose pages may read stored files and the index from here"},
	{.type = OPTION_FLAG,
		.letter = 'v',
		.name = "verbose",
		.offset = offsetof(struct serve_command, is_verbose),
		.help = "print a line a request"},
	{.type = OPTION_HEADING, .name = NULL},
};

static volatile int stop;

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &action, NULL);
}

static void clear(struct serve_command *command)
{
	free(command->bind);
	free(command->allow_origin);
	free(command->operands.items);
}

static int open_all(
	const struct serve_command *command, struct archive *archive, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < command->operands.count; i++) {
		rc = archive_add(archive, command->operands.items[i], err);
	}
	return rc;
}

/* Starts the browser, which goes on by itself. */
static void show(const char *address)
{
	pid_t child = fork();
	if (child == 0) {
		(void)execlp("xdg-open", "xdg-open", address, (char *)NULL);
		_exit(127);
	}
}

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* --- the sandbox -------------------------------------------------------------------------------
 */

/* What libraries load on first use is loaded before: no file of theirs can be opened afterwards. */
static void load_libraries(void)
{
	static const enum digest_algorithm algorithms[] = {
		DIGEST_SHA256, DIGEST_SHA1, DIGEST_MD5, DIGEST_SHA512, DIGEST_SHA384};
	json_prepare();
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		(void)digest_of(algorithms[i], BYTES(""));
	}
}

/* The folder that a file lies in: another file may take its place. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	SCOPED(buf_clear) struct buf folder = {0};
	buf_add(&folder, slash == NULL ? BYTES(".") : bytes_from(path, (size_t)(slash - path) + 1));
	return buf_take(&folder);
}

/* All archives are open, and the browser is started: what is left needs no rights but to read. */
static void enter_sandbox(const struct serve_command *command)
{
	const char *temp_dir = getenv("TMPDIR");
	struct flong_error err = {0};
	size_t count = command->operands.count;
	char **folders = ALLOC_ARRAY(char *, count);
	const char **paths = ALLOC_ARRAY(const char *, 2 * count);
	for (size_t i = 0; i < count; i++) {
		folders[i] = folder_of(command->operands.items[i]);
		paths[2 * i] = command->operands.items[i];
		paths[2 * i + 1] = files_is_dir(paths[2 * i]) ? paths[2 * i] : folders[i];
	}
	const struct sandbox_serving serving = {.read_paths = paths,
		.read_count = 2 * count,
		.temp_dir = temp_dir != NULL && temp_dir[0] != '\0' ? temp_dir : "/tmp"};
	load_libraries();
	if (sandbox_enter_serving(&serving, &err) < 0) {
		notice("%s; it is served without", err.message);
	}
	for (size_t i = 0; i < count; i++) {
		free(folders[i]);
	}
	free(folders);
	free(paths);
}

static int serve(const struct serve_command *command, struct flong_error *err)
{
	SCOPED(archive_closep) struct archive *archive = archive_create();
	SCOPED(server_closep) struct server *server = NULL;
	const struct server_options options = {.archive = archive,
		.bind = command->bind,
		.port = (uint16_t)command->port,
		.captures_port = (uint16_t)command->replay_port,
		.allowed_origin = command->allow_origin};
	int rc = open_all(command, archive, err);
	if (rc == FLONG_OK) {
		rc = server_open(&options, &server, err);
	}
	if (rc < 0) {
		return rc;
	}
	bool is_v6 = strchr(command->bind, ':') != NULL;
	SCOPED(buf_clear) struct buf address = {0};
	buf_addf(&address, "http://%s%s%s:%u/", is_v6 ? "[" : "", command->bind, is_v6 ? "]" : "",
		server_port(server));
	if (!is_loopback(command->bind)) {
		notice("anyone who reaches %s can read what is archived here", command->bind);
	}
	(void)printf("%s\n", buf_text(&address));
	(void)fflush(stdout);
	if (command->opens) {
		show(buf_text(&address));
	}
	SCOPED(charset_preload_closep) struct charset_preload *preload = charset_preload_create();
	(void)preload; /* only held */
	enter_sandbox(command);
	return server_run(server, &stop, err);
}

int cmd_serve(int argc, char **argv)
{
	SCOPED(clear) struct serve_command command = {.port = 8080, .replay_port = 8081};
	struct flong_error err = {0};
	command.bind = alloc_copy("127.0.0.1");
	int rc = option_read(cmd_serve_options, &command, argc, argv, &command.operands, &err);
	if (rc == FLONG_OK && command.operands.count == 0) {
		rc = error_set(
			&err, FLONG_E_USAGE, "serve what? name collections, WACZ or WARC files");
	}
	if (rc == FLONG_END) {
		(void)puts("usage: flong serve WHAT... [OPTION...]\n\n"
			   "Shows collections, WACZ and WARC files in a browser: the stories, and\n"
			   "the pages as they were. Prints the address, and goes on until it is\n"
			   "interrupted.");
		option_print_help(cmd_serve_options, stdout);
		return command_finish(0);
	}
	if (rc < 0) {
		return command_finish(command_usage(&err, "serve"));
	}
	log_set_level(command.is_verbose ? LOG_DEBUG : LOG_WARN);
	catch_signals();
	rc = serve(&command, &err);
	return command_finish(rc < 0 ? command_fail(&err) : 0);
}
