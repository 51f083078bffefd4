/* SPDX-License-Identifier: MIT */
/* cmd_pack.c - flong pack: a collection becomes one WACZ file */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/option.h"
#include "index/wacz.h"

struct pack_command {
	char *output, *title, *description; /* owned */
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
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct pack_command *command)
{
	free(command->output);
	free(command->title);
	free(command->description);
}

/* The first page of pages.jsonl is the seed: it gives the package its title, main URL and date. */
struct main_page {
	char *url, *title; /* owned */
	int64_t date_ms;
};

static int read_main_page(const char *dir, struct main_page *page, struct flong_error *err)
{
	SCOPED(free_textp) char *sub = files_join(dir, "pages");
	SCOPED(free_textp) char *path = files_join(sub, "pages.jsonl");
	SCOPED(buf_clear) struct buf text = buf_with_max((size_t)256 << 20);
	int rc = files_read(path, &text, err);
	struct bytes rest = buf_bytes(&text);
	struct bytes line;
	if (rc < 0 || !bytes_next_line(&rest, &line) || !bytes_next_line(&rest, &line)) {
		return rc;
	}
	SCOPED(json_closep) struct json_document *document = NULL;
	rc = json_parse(line, JSON_STRICT, &document, err);
	if (rc < 0) {
		return error_context(err, "%s", path);
	}
	const struct json *root = json_root(document);
	struct bytes url = json_text(json_get(root, "url"));
	struct bytes title = json_text(json_get(root, "title"));
	page->url = alloc_text(url.ptr, url.len);
	page->title = alloc_text(title.ptr, title.len);
	(void)clock_parse_iso(json_text(json_get(root, "ts")), &page->date_ms);
	return FLONG_OK;
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
	if (command->output == NULL) {
		SCOPED(buf_clear) struct buf name = {0};
		buf_addf(&name, "%s.wacz", dir);
		command->output = buf_take(&name);
	}
	struct main_page page = {0};
	int rc = read_main_page(dir, &page, err);
	const struct wacz_options options = {
		.title = command->title != NULL ? command->title : page.title,
		.description = command->description,
		.software = "flong " FLONG_VERSION,
		.created_ms = clock_wall_ms(),
		.main_url = page.url,
		.main_date_ms = page.date_ms,
	};
	if (rc == FLONG_OK) {
		rc = wacz_pack(dir, command->output, &options, err);
	}
	free(page.url);
	free(page.title);
	return rc;
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
