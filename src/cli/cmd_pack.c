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
#include "cli/pack_html.h"
#include "cli/pack_originals.h"
#include "cli/pack_run.h"
#include "index/sign.h"
#include "index/subset.h"
#include "index/wacz.h"
#include "index/wacz_main.h"

struct pack_command {
	char *output, *title, *description, *run, *sign_key, *html, *player; /* owned */
	bool is_self_contained;
	struct crawl_texts dedup; /* archives that originals may be in */
	struct wacz_main page;    /* that it opens with */
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
		.help = "with the originals of its revisits that are elsewhere: in other runs, in "
			"the archives of --dedup"},
	{.type = OPTION_TEXTS,
		.name = "dedup",
		.value = "WHERE",
		.offset = offsetof(struct pack_command, dedup),
		.help = "with --self-contained: a collection, WACZ, WARC or CDXJ file that may "
			"have originals; repeatable"},
	{.type = OPTION_TEXT,
		.name = "sign",
		.value = "KEY",
		.offset = offsetof(struct pack_command, sign_key),
		.help = "sign it with this private key (ECDSA P-384, PEM)"},
	{.type = OPTION_TEXT,
		.name = "html",
		.value = "FOLDER",
		.offset = offsetof(struct pack_command, html),
		.help = "make a folder for a web server: the package and a page that shows it"},
	{.type = OPTION_TEXT,
		.name = "player",
		.value = "PLACE",
		.offset = offsetof(struct pack_command, player),
		.help = "with --html: where ReplayWeb.page's ui.js and sw.js are"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct pack_command *command)
{
	free(command->output);
	free(command->title);
	free(command->description);
	free(command->run);
	free(command->sign_key);
	free(command->html);
	free(command->player);
	crawl_texts_clear(&command->dedup);
	wacz_main_clear(&command->page);
}

/* Packs the collection `dir`. */
static int pack_dir(struct pack_command *command, const char *dir, struct flong_error *err)
{
	const struct wacz_main *page = &command->page;
	int rc = wacz_main_read(dir, &command->page, err);
	const struct wacz_options options = {
		.title = command->title != NULL ? command->title : page->title,
		.description = command->description,
		.software = "flong " FLONG_VERSION,
		.created_ms = clock_wall_ms(),
		.sign_key = command->sign_key,
		.main_url = page->url,
		.main_date_ms = page->date_ms,
	};
	if (rc == FLONG_OK) {
		rc = wacz_pack(dir, command->output, &options, err);
	}
	return rc;
}

/* The collection that a package is made of, when it is not just all of `dir`. */
static int make_part(struct pack_command *command, const char *dir, const char *work_dir,
	struct flong_error *err)
{
	uint64_t originals = 0;
	const struct pack_run_options options = {.dir = dir,
		.run = command->run,
		.is_self_contained = command->is_self_contained,
		.work_dir = work_dir};
	SCOPED(free_textp) char *index = files_join(dir, "indexes/index.cdx");
	int rc;
	if (command->run != NULL) {
		rc = pack_run_make(&options, &originals, err);
	} else if (!files_exists(index)) {
		return error_set(err, FLONG_E_NOT_FOUND, "%s is not there", index);
	} else {
		rc = files_make_dir(work_dir, err);
		if (rc == FLONG_OK) {
			rc = subset_make_whole(dir, work_dir, err);
		}
	}
	return rc == FLONG_OK && command->is_self_contained
		       ? pack_originals_add(dir, work_dir, &command->dedup, err)
		       : rc;
}

/* Packs one run, or a collection with originals, by way of a collection beside the package. */
static int pack_part(struct pack_command *command, const char *dir, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf work_dir = {0};
	struct flong_error ignored = {0};
	buf_addf(&work_dir, "%s.%ld.partial.d", command->output, (long)getpid());
	int rc = files_exists(command->output)
			 ? error_set(err, FLONG_E_EXISTS, "%s exists already", command->output)
			 : make_part(command, dir, buf_text(&work_dir), err);
	if (rc == FLONG_OK) {
		rc = pack_dir(command, buf_text(&work_dir), err);
	}
	if (rc == FLONG_OK && !command->is_self_contained) {
		pack_originals_tell(buf_text(&work_dir), buf_text(&work_dir));
	}
	int removed = files_remove_tree(buf_text(&work_dir), rc < 0 ? &ignored : err);
	return rc < 0 ? rc : removed;
}

static int pack_to(struct pack_command *command, const char *dir, struct flong_error *err)
{
	if (command->run != NULL || command->is_self_contained) {
		return pack_part(command, dir, err);
	}
	int rc = pack_dir(command, dir, err);
	if (rc == FLONG_OK) {
		size_t folder = (size_t)(files_base_name(command->output) - command->output);
		SCOPED(free_textp)
		char *temp_dir =
			folder == 0 ? alloc_copy(".") : alloc_text(command->output, folder);
		pack_originals_tell(dir, temp_dir);
	}
	return rc;
}

/* The folder is made beside its place, and moved there when it is whole. */
static int pack_html(struct pack_command *command, const char *dir, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf work_dir = {0};
	struct flong_error ignored = {0};
	if (files_exists(command->html)) {
		return error_set(err, FLONG_E_EXISTS, "%s exists already", command->html);
	}
	buf_addf(&work_dir, "%s.%ld.partial.d", command->html, (long)getpid());
	const char *slash = strrchr(command->output, '/');
	SCOPED(free_textp) char *name = alloc_copy(slash == NULL ? command->output : slash + 1);
	free(command->output);
	command->output = files_join(buf_text(&work_dir), name);
	int rc = files_make_dir(buf_text(&work_dir), err);
	if (rc == FLONG_OK) {
		rc = pack_to(command, dir, err);
	}
	const struct pack_html html = {.dir = buf_text(&work_dir),
		.player = command->player,
		.package = name,
		.title = command->title != NULL ? command->title : command->page.title,
		.url = command->page.url,
		.date_ms = command->page.date_ms};
	if (rc == FLONG_OK) {
		rc = pack_html_write(&html, err);
	}
	if (rc == FLONG_OK) {
		rc = files_sync_tree(buf_text(&work_dir), err);
	}
	if (rc == FLONG_OK) {
		rc = files_rename_new(buf_text(&work_dir), command->html, err);
	}
	int removed = rc < 0 ? files_remove_tree(buf_text(&work_dir), &ignored) : FLONG_OK;
	return rc < 0 ? rc : removed;
}

static void cut_slashes(char *path)
{
	for (size_t length = strlen(path); length > 1 && path[length - 1] == '/'; length--) {
		path[length - 1] = '\0';
	}
}

/* What does not go together. */
static int check_options(const struct pack_command *command, struct flong_error *err)
{
	struct flong_error fault = {0};
	if (command->sign_key != NULL && sign_check_key(command->sign_key, &fault) < 0) {
		return error_set(err, FLONG_E_USAGE, "--sign: %s", fault.message);
	}
	if (command->dedup.count > 0 && !command->is_self_contained) {
		return error_set(err, FLONG_E_USAGE, "--dedup is for --self-contained");
	}
	if (pack_originals_check(&command->dedup, err) < 0) {
		return err->code;
	}
	if (command->html == NULL) {
		return command->player == NULL
			       ? FLONG_OK
			       : error_set(err, FLONG_E_USAGE, "--player is for --html");
	}
	if (command->output != NULL) {
		return error_set(
			err, FLONG_E_USAGE, "--output and --html: the folder gets the package");
	}
	if (command->player == NULL) {
		return error_set(err, FLONG_E_USAGE,
			"--html needs --player: where are ui.js and sw.js of ReplayWeb.page?");
	}
	return pack_html_check_player(command->player, err);
}

static int pack(struct pack_command *command, const char *operand, struct flong_error *err)
{
	SCOPED(free_textp) char *dir = alloc_copy(operand);
	cut_slashes(dir);
	if (!files_is_dir(dir)) {
		return error_set(err, FLONG_E_USAGE, "%s is no directory", dir);
	}
	int rc = check_options(command, err);
	if (rc < 0) {
		return rc;
	}
	if (command->output == NULL) {
		SCOPED(buf_clear) struct buf name = {0};
		buf_addf(&name, "%s%s%s.wacz", dir, command->run == NULL ? "" : "-",
			command->run == NULL ? "" : command->run);
		command->output = buf_take(&name);
	}
	if (command->html != NULL) {
		cut_slashes(command->html);
		return pack_html(command, dir, err);
	}
	return pack_to(command, dir, err);
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
		(void)puts(command.html != NULL ? command.html : command.output);
	}
	free(operands.items);
	return command_finish(result);
}
