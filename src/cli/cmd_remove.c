/* SPDX-License-Identifier: MIT */
/* cmd_remove.c - flong remove: the captures of a URL leave a collection */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/crawl_options.h"
#include "cli/option.h"
#include "crawl/removal.h"
#include "crawl/report.h"
#include "crawl/run_file.h"
#include "web/url.h"

struct remove_command {
	char *reason; /* owned */
};

const struct option cmd_remove_options[] = {
	{.type = OPTION_TEXT,
		.name = "reason",
		.value = "S",
		.offset = offsetof(struct remove_command, reason),
		.help = "why, one line: goes into logs/removed.log"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct remove_command *command)
{
	free(command->reason);
}

static int check_reason(const char *reason, struct flong_error *err)
{
	for (const char *at = reason; at != NULL && *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f) {
			return error_set(err, FLONG_E_USAGE, "--reason is more than one line");
		}
	}
	return FLONG_OK;
}

/* A crawl that is under way, or can be resumed, would go on with files that are not its own any
 * more. */
static int check_finished(const char *dir, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	SCOPED(run_file_clear) struct run_file run = {0};
	SCOPED(buf_clear) struct buf names = {0};
	struct flong_error ignored = {0};
	int rc = files_list(archive, ".open", &names, err);
	bool is_unfinished = run_file_read(dir, &run, &ignored) == FLONG_OK && !run.is_finished;
	if (rc == FLONG_OK && (names.len > 0 || is_unfinished)) {
		return error_set(err, FLONG_E_USAGE,
			"%s has a crawl that did not end: 'flong resume' ends it", dir);
	}
	return rc;
}

static int lock(const char *dir, int *fd_out, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	SCOPED(free_textp) char *index = files_join(dir, "indexes/index.cdx");
	SCOPED(free_textp) char *state = files_join(dir, "state");
	SCOPED(free_textp) char *path = files_join(state, "lock");
	if (!files_is_dir(archive) || !files_exists(index)) {
		return error_set(err, FLONG_E_USAGE,
			files_is_dir(dir)
				? "%s is no collection"
				: "%s is no directory; 'flong unpack' makes one of a WACZ",
			dir);
	}
	int rc = files_make_dir(state, err);
	if (rc == FLONG_OK) {
		rc = files_lock(path, fd_out, err);
	}
	return rc == FLONG_E_BUSY ? error_context(err, "%s is in use", dir) : rc;
}

static void print_summary(const char *dir, const struct removal *removal)
{
	const struct excise_counts *counts = &removal->counts;
	struct bytes rest = buf_bytes(&removal->renewed);
	struct bytes line;
	size_t files = 0;
	char size[32];
	while (bytes_next_line(&rest, &line)) {
		files++;
	}
	report_format_bytes(removal->removed_bytes, size);
	(void)printf("removed %llu capture%s of %s: %llu records of %zu WARC file%s (%s)\n",
		(unsigned long long)counts->captures, counts->captures == 1 ? "" : "s",
		buf_text(&removal->url), (unsigned long long)counts->records, files,
		files == 1 ? "" : "s", size);
	if (counts->filled > 0) {
		(void)printf("%llu revisit%s of other URLs had %s payload there and %s it now\n",
			(unsigned long long)counts->filled, counts->filled == 1 ? "" : "s",
			counts->filled == 1 ? "its" : "their",
			counts->filled == 1 ? "has" : "have");
	}
	SCOPED(buf_clear) struct buf package = {0};
	buf_addf(&package, "%s.wacz", dir);
	if (files_exists(buf_text(&package))) {
		(void)printf("%s is as it was: pack anew without it\n", buf_text(&package));
	}
}

/* The lists of digests that came with a package are of files that are not those any more. */
static int drop_package_lists(const char *dir, struct flong_error *err)
{
	static const char *const names[] = {"datapackage-digest.json", "datapackage.json"};
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(names) / sizeof(names[0]); i++) {
		SCOPED(free_textp) char *path = files_join(dir, names[i]);
		if (files_exists(path)) {
			rc = files_remove_tree(path, err);
		}
	}
	return rc;
}

static int take_out(const char *dir, const char *text, const struct remove_command *command,
	struct flong_error *err)
{
	SCOPED(removal_clear) struct removal removal = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(files_close_fd) int fd = -1;
	int rc = check_reason(command->reason, err);
	if (rc == FLONG_OK && url_parse(bytes_of(text), NULL, &url, err) < 0) {
		err->code = FLONG_E_USAGE;
		rc = FLONG_E_USAGE;
	}
	if (rc == FLONG_OK) {
		rc = lock(dir, &fd, err);
	}
	if (rc == FLONG_OK) {
		rc = removal_recover(dir, err);
	}
	if (rc == FLONG_OK) {
		rc = check_finished(dir, err);
	}
	if (rc < 0) {
		return rc;
	}
	buf_add(&removal.url, bytes_slice(url->all, 0, bytes_find_char(url->all, '#', 0)));
	buf_add_text(&removal.reason, command->reason == NULL ? "" : command->reason);
	rc = removal_run(dir, &removal, err);
	if (rc == FLONG_OK) {
		rc = drop_package_lists(dir, err);
	}
	if (rc == FLONG_OK) {
		print_summary(dir, &removal);
	}
	return rc;
}

int cmd_remove(int argc, char **argv)
{
	SCOPED(clear) struct remove_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_remove_options, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count != 2) {
		rc = error_set(&err, FLONG_E_USAGE, "remove needs a collection and a URL");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts(
			"usage: flong remove DIR URL [OPTION...]\n\n"
			"Takes all captures of a URL out of a collection: out of its WARC files, "
			"which\nare written anew without them, its index, page lists and state. "
			"There is no way\nback.");
		option_print_help(cmd_remove_options, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "remove");
	} else {
		SCOPED(free_textp) char *dir = alloc_copy(operands.items[0]);
		for (size_t length = strlen(dir); length > 1 && dir[length - 1] == '/'; length--) {
			dir[length - 1] = '\0';
		}
		crawl_command_keep_private();
		if (take_out(dir, operands.items[1], &command, &err) < 0) {
			result = command_fail(&err);
		}
	}
	free(operands.items);
	return command_finish(result);
}
