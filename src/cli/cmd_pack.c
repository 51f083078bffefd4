/* SPDX-License-Identifier: MIT */
/* cmd_pack.c - flong pack: a collection becomes one WACZ file */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/pack_run.h"
#include "index/sign.h"
#include "index/wacz.h"
#include "index/wacz_main.h"

struct pack_command {
	char *output, *title, *description, *run, *sign_key; /* owned */
	bool is_self_contained;
};

const struct option cmd_pack_options[] = {
	{.type = OPTION_TEXT,
		.letter = 'o',
		.name = "output",
		.value = "F.wacz",
		.offset = offsetof(struct pack_command, output),
		.help = "the file to make (DIR.wacz); never overwritten"},
	{.type = OPTION_TEXT,
		.name = "title",
		.value = "S",
		.offset = offsetof(struct pack_command, title),
		.help = "title of the package (the first page's)"},
	{.type = OPTION_TEXT,
		.name = "description",
		.value = "S",
		.offset = offsetof(struct pack_command, description),
		.help = "description of the package"},
	{.type = OPTION_TEXT,
		.name = "run",
		.value = "ID",
		.offset = offsetof(struct pack_command, run),
		.help = "only this run of a job, or last"},
	{.type = OPTION_FLAG,
		.name = "self-contained",
		.offset = offsetof(struct pack_command, is_self_contained),
		.help = "with --run: also the originals of revisits that other runs have"},
	{.type = OPTION_TEXT,
		.name = "sign",
		.value = "KEY",
		.offset = offsetof(struct pack_command, sign_key),
		.help = "sign it with this private key (ECDSA P-384, PEM)"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct pack_command *command)
{
	free(command->output);
	free(command->title);
	free(command->description);
	free(command->run);
	free(command->sign_key);
}

/* Packs the collection `dir`. */
static int pack_dir(struct pack_command *command, const char *dir, struct flong_error *err)
{
	SCOPED(wacz_main_clear) struct wacz_main page = {0};
	int rc = wacz_main_read(dir, &page, err);
	const struct wacz_options options = {
		.title = command->title != NULL ? command->title : page.title,
		.description = command->description,
		.software = "flong " FLONG_VERSION,
		.created_ms = clock_wall_ms(),
		.main_url = page.url,
		.main_date_ms = page.date_ms,
		.sign_key = command->sign_key,
	};
	if (rc == FLONG_OK) {
		rc = wacz_pack(dir, command->output, &options, err);
	}
	return rc;
}

/* Packs one run, by way of a collection beside the package. */
static int pack_run(struct pack_command *command, const char *dir, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf work_dir = {0};
	struct flong_error ignored = {0};
	uint64_t originals = 0;
	buf_addf(&work_dir, "%s.%ld.partial.d", command->output, (long)getpid());
	const struct pack_run_options options = {.dir = dir,
		.run = command->run,
		.is_self_contained = command->is_self_contained,
		.work_dir = buf_text(&work_dir)};
	int rc = files_exists(command->output)
			 ? error_set(err, FLONG_E_EXISTS, "%s exists already", command->output)
			 : pack_run_make(&options, &originals, err);
	if (rc == FLONG_OK) {
		rc = pack_dir(command, buf_text(&work_dir), err);
	}
	int removed = files_remove_tree(buf_text(&work_dir), rc < 0 ? &ignored : err);
	return rc < 0 ? rc : removed;
}

static int pack(struct pack_command *command, const char *operand, struct flong_error *err)
{
	SCOPED(free_textp) char *dir = alloc_copy(operand);
	size_t length = strlen(dir);
	while (length > 1 && dir[length - 1] == '/') {
		dir[--length] = '\0';
	}
	if (!files_is_dir(dir)) {
		return error_set(err, FLONG_E_USAGE, "%s is no directory", dir);
	}
	struct flong_error fault = {0};
	if (command->sign_key != NULL && sign_check_key(command->sign_key, &fault) < 0) {
		return error_set(err, FLONG_E_USAGE, "--sign: %s", fault.message);
	}
	if (command->is_self_contained && command->run == NULL) {
		return error_set(err, FLONG_E_USAGE,
			"--self-contained is for --run: a whole collection has its originals");
	}
	if (command->output == NULL) {
		SCOPED(buf_clear) struct buf name = {0};
		buf_addf(&name, "%s%s%s.wacz", dir, command->run == NULL ? "" : "-",
			command->run == NULL ? "" : command->run);
		command->output = buf_take(&name);
	}
	return command->run == NULL ? pack_dir(command, dir, err) : pack_run(command, dir, err);
}

int cmd_pack(int argc, char **argv)
{
	SCOPED(clear) struct pack_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_pack_options, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count != 1) {
		rc = error_set(&err, FLONG_E_USAGE, "pack needs one collection directory");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts("usage: flong pack DIR [OPTION...]\n\nPacks a collection into one WACZ "
			   "file that any player of web archives opens.");
		option_print_help(cmd_pack_options, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "pack");
	} else if (pack(&command, operands.items[0], &err) < 0) {
		result = command_fail(&err);
	} else {
		(void)puts(command.output);
	}
	free(operands.items);
	return command_finish(result);
}
