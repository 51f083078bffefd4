/* SPDX-License-Identifier: MIT */
/* cmd_unpack.c - flong unpack: a WACZ file becomes a collection */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/notice.h"
#include "cli/option.h"
#include "index/wacz_unpack.h"

struct unpack_command {
	char *output; /* owned */
	bool ignores_hashes;
	const char *path;
};

const struct option cmd_unpack_options[] = {
	{.type = OPTION_TEXT,
		.letter = 'o',
		.name = "output",
		.value = "DIR",
		.offset = offsetof(struct unpack_command, output),
		.help = "the collection to make (the file's name without .wacz)"},
	{.type = OPTION_FLAG,
		.name = "ignore-hashes",
		.offset = offsetof(struct unpack_command, ignores_hashes),
		.help = "a file that does not match its hash is named, not an error"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct unpack_command *command)
{
	free(command->output);
}

static void print_notice(void *context, const char *text)
{
	notice("%s: %s", ((const struct unpack_command *)context)->path, text);
}

/* The output as it will be: without slashes at its end, or made of the input's name. */
static int choose_output(struct unpack_command *command, struct flong_error *err)
{
	if (command->output == NULL) {
		struct bytes name = bytes_of(command->path);
		if (!bytes_ends(name, BYTES(".wacz"))) {
			return error_set(err, FLONG_E_USAGE,
				"%s does not end in .wacz: name the collection with -o DIR",
				command->path);
		}
		command->output = alloc_text(name.ptr, name.len - strlen(".wacz"));
	}
	size_t length = strlen(command->output);
	while (length > 1 && command->output[length - 1] == '/') {
		command->output[--length] = '\0';
	}
	return length > 0 ? FLONG_OK : error_set(err, FLONG_E_USAGE, "--output: the name is empty");
}

static int unpack(struct unpack_command *command, struct flong_error *err)
{
	const struct wacz_unpack_options options = {print_notice, command, command->ignores_hashes};
	int rc = choose_output(command, err);
	return rc == FLONG_OK ? wacz_unpack(command->path, command->output, &options, err) : rc;
}

int cmd_unpack(int argc, char **argv)
{
	SCOPED(clear) struct unpack_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_unpack_options, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count != 1) {
		rc = error_set(&err, FLONG_E_USAGE, "unpack needs one WACZ file");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts("usage: flong unpack F.wacz [OPTION...]\n\n"
			   "Makes a collection of a WACZ file. All of it is checked: the ZIP file\n"
			   "before anything is written, each file against its hash while it is.");
		option_print_help(cmd_unpack_options, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "unpack");
	} else {
		command.path = operands.items[0];
		result = unpack(&command, &err) < 0 ? command_fail(&err) : 0;
		if (result == 0) {
			(void)puts(command.output);
		}
	}
	free(operands.items);
	return command_finish(result);
}
