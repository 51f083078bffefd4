/* SPDX-License-Identifier: MIT */
/* check_collection.c - finds the files of a collection and adds them to a set */
#include "index/check_collection.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "index/check_names.h"
#include "index/check_parts.h"

static const char *const folders[] = {"archive", "indexes", "pages"};
enum { FOLDERS = sizeof(folders) / sizeof(folders[0]) };

/* One check of one directory. */
struct run {
	const char *dir;                     /* borrowed */
	const struct check_set_hooks *hooks; /* borrowed: the caller's */
	struct check_set *set;               /* borrowed */
	bool is_unfinished;                  /* a file of it ends in ".open" */
	bool has_index, has_pages;
	struct check_parts parts;
};

bool check_collection_is(const char *dir)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	return files_is_dir(archive);
}

/* A pipe or a device in the directory would be waited for. */
static bool is_file(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static void report(const struct run *run, const char *name, enum check_severity severity,
	const char *rule, const char *text)
{
	const struct check_finding finding = {
		.is_of_file = true, .severity = severity, .rule = rule, .text = text};
	run->hooks->finding(run->hooks->context, name, &finding);
}

/* --- ranges of its files -----------------------------------------------------------------------
 */

/* "DIR/folder/name" as an owned string. */
static char *path_in(const struct run *run, const char *folder, const char *name)
{
	SCOPED(free_textp) char *parent = files_join(run->dir, folder);
	return files_join(parent, name);
}

static int open_part(void *context, struct bytes filename, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	struct run *run = context;
	SCOPED(free_textp) char *name = alloc_text(filename.ptr, filename.len);
	SCOPED(free_textp) char *path = path_in(run, "archive", name);
	if (filename.len == 0 || bytes_find_char(filename, '/', 0) != SIZE_MAX) {
		*source_out = NULL;
		return error_set(err, FLONG_E_NOT_FOUND, "'%s' is no plain name", name);
	}
	return check_parts_open(&run->parts, path, offset, length, source_out, err);
}

static int open_block(void *context, const char *part, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	struct run *run = context;
	SCOPED(free_textp) char *path = path_in(run, "indexes", part);
	return check_parts_open(&run->parts, path, offset, length, source_out, err);
}

static int size_of_blocks(
	void *context, const char *part, uint64_t *size_out, struct flong_error *err)
{
	const struct run *run = context;
	SCOPED(free_textp) char *path = path_in(run, "indexes", part);
	return is_file(path) ? files_size(path, size_out, err)
			     : error_set(err, FLONG_E_NOT_FOUND, "'%s' is no file", path);
}

/* --- its files ---------------------------------------------------------------------------------
 */

static int add_source(struct run *run, enum check_name kind, const char *path,
	struct source *source_take, struct flong_error *err)
{
	const struct check_set_warc warc = {
		.name = path, .is_unfinished = bytes_ends(bytes_of(path), BYTES(".open"))};
	const struct check_set_blocks blocks = {
		.name = path, .size = size_of_blocks, .open = open_block, .place = run};
	switch (kind) {
	case CHECK_NAME_WARC:
		run->is_unfinished = run->is_unfinished || warc.is_unfinished;
		return check_set_add_warc(run->set, source_take, &warc, err);
	case CHECK_NAME_INDEX:
		return check_set_add_index(run->set, source_take, path, err);
	case CHECK_NAME_BLOCKS:
		return check_set_add_blocks(run->set, source_take, &blocks, err);
	case CHECK_NAME_PAGES:
		run->has_pages = true;
		return check_set_add_pages(run->set, source_take, path, err);
	case CHECK_NAME_OTHER:
	case CHECK_NAME_STRANGE:
		break;
	}
	source_close(source_take);
	return FLONG_OK;
}

static int add_file(
	struct run *run, enum check_name kind, const char *path, struct flong_error *err)
{
	struct source *source = NULL;
	bool is_known = kind != CHECK_NAME_OTHER && kind != CHECK_NAME_STRANGE;
	if (!is_known || !is_file(path)) {
		if (kind == CHECK_NAME_WARC || kind == CHECK_NAME_STRANGE) {
			report(run, path, CHECK_ADVICE, "W-40",
				"this is no WARC file, and was not read");
		}
		return FLONG_OK;
	}
	int rc = source_open_file(path, &source, err);
	if (rc == FLONG_OK) {
		rc = add_source(run, kind, path, source, err);
	}
	if (rc == FLONG_E_UNSUPPORTED) {
		report(run, path, CHECK_ERROR, "W-51", err->message);
		rc = FLONG_OK;
	}
	return rc;
}

static enum check_name kind_of(const char *folder, const char *name)
{
	SCOPED(free_textp) char *path = files_join(folder, name);
	return check_names_of(bytes_of(path));
}

/* The names in a folder of it; none when the folder is not there. */
static int list(const char *dir, const char *folder, struct buf *names_out, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(dir, folder);
	return files_is_dir(path) ? files_list(path, "", names_out, err) : FLONG_OK;
}

static int add_folder(struct run *run, const char *folder, struct flong_error *err)
{
	SCOPED(free_textp) char *parent = files_join(run->dir, folder);
	SCOPED(buf_clear) struct buf names = {0};
	int rc = list(run->dir, folder, &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		SCOPED(free_textp) char *path = files_join(parent, names.ptr + at);
		rc = add_file(run, kind_of(folder, names.ptr + at), path, err);
	}
	return rc;
}

static int look_for_index(struct run *run, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf names = {0};
	int rc = list(run->dir, "indexes", &names, err);
	for (size_t at = 0; at < names.len; at += strlen(names.ptr + at) + 1) {
		run->has_index =
			run->has_index || kind_of("indexes", names.ptr + at) == CHECK_NAME_INDEX;
	}
	return rc;
}

/* What a collection should have and has not. */
static void check_layout(const struct run *run)
{
	SCOPED(free_textp) char *index = files_join(run->dir, "indexes/index.cdx");
	SCOPED(free_textp) char *pages = files_join(run->dir, "pages/pages.jsonl");
	if (!run->has_index) {
		report(run, index, run->is_unfinished ? CHECK_WARNING : CHECK_ERROR, "W-40",
			"the collection has no index");
	}
	if (!run->has_pages) {
		report(run, pages, CHECK_WARNING, "W-41", "the collection has no list of pages");
	}
}

int check_collection_run(const char *dir, const struct check_set_hooks *hooks, const char *temp_dir,
	struct check_join_summary *summary_out, struct flong_error *err)
{
	struct run run = {.dir = dir, .hooks = hooks, .parts = {.fd = -1}};
	struct check_set_hooks own = *hooks;
	own.open = open_part;
	own.open_context = &run;
	*summary_out = (struct check_join_summary){0};
	int rc = look_for_index(&run, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	const struct check_set_options options = {
		.is_whole = true, .has_rows = run.has_index, .temp_dir = temp_dir};
	SCOPED(check_set_closep) struct check_set *set = check_set_create(&options, &own);
	run.set = set;
	for (size_t i = 0; rc == FLONG_OK && i < FOLDERS; i++) {
		rc = add_folder(&run, folders[i], err);
	}
	if (rc == FLONG_OK) {
		check_layout(&run);
		rc = check_set_finish(set, summary_out, err);
	}
	check_parts_clear(&run.parts);
	return rc;
}
