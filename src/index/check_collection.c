/* SPDX-License-Identifier: MIT */
/* check_collection.c - finds the files of a collection and adds them to a set */
#include "index/check_collection.h"

#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "index/check_parts.h"

/* One check of one directory. */
struct run {
	const char *dir;                     /* borrowed */
	const struct check_set_hooks *outer; /* borrowed: the caller's */
	struct check_set *set;               /* borrowed */
	bool is_unfinished;                  /* a file of it ends in ".open" */
	bool has_pages;
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

static void report(const struct run *run, const char *name, const struct check_finding *finding)
{
	run->outer->finding(run->outer->context, name, finding);
}

static void give_finding(void *context, const char *name, const struct check_finding *finding)
{
	report(context, name, finding);
}

static void give_warc(void *context, const char *name, const struct check_summary *summary)
{
	const struct run *run = context;
	run->outer->warc(run->outer->context, name, summary);
}

static void give_lines(void *context, const char *name, uint64_t lines)
{
	const struct run *run = context;
	run->outer->lines(run->outer->context, name, lines);
}

static int give_seen(
	void *context, const char *name, const struct check_seen *seen, struct flong_error *err)
{
	const struct run *run = context;
	return run->outer->seen == NULL ? FLONG_OK
					: run->outer->seen(run->outer->context, name, seen, err);
}

static int open_part(void *context, struct bytes filename, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	struct run *run = context;
	SCOPED(free_textp) char *name = alloc_text(filename.ptr, filename.len);
	SCOPED(free_textp) char *archive = files_join(run->dir, "archive");
	SCOPED(free_textp) char *path = files_join(archive, name);
	if (filename.len == 0 || bytes_find_char(filename, '/', 0) != SIZE_MAX) {
		*source_out = NULL;
		return error_set(err, FLONG_E_NOT_FOUND, "'%s' is no plain name", name);
	}
	return check_parts_open(&run->parts, path, offset, length, source_out, err);
}

static bool ends_with(const char *name, const char *const *suffixes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_ends(bytes_of(name), bytes_of(suffixes[i]))) {
			return true;
		}
	}
	return false;
}

static bool is_warc_name(const char *name)
{
	static const char *const suffixes[] = {
		".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".open"};
	return ends_with(name, suffixes, sizeof(suffixes) / sizeof(suffixes[0]));
}

static bool is_index_name(const char *name)
{
	static const char *const suffixes[] = {".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz"};
	return ends_with(name, suffixes, sizeof(suffixes) / sizeof(suffixes[0]));
}

static bool is_pages_name(const char *name)
{
	return bytes_ends(bytes_of(name), BYTES(".jsonl"));
}

static int add_warc(struct run *run, const char *path, struct flong_error *err)
{
	struct source *source = NULL;
	const struct check_set_warc warc = {
		.name = path, .is_unfinished = bytes_ends(bytes_of(path), BYTES(".open"))};
	run->is_unfinished = run->is_unfinished || warc.is_unfinished;
	int rc = source_open_file(path, &source, err);
	return rc == FLONG_OK ? check_set_add_warc(run->set, source, &warc, err) : rc;
}

static int add_index(struct run *run, const char *path, struct flong_error *err)
{
	struct source *source = NULL;
	int rc = source_open_file(path, &source, err);
	return rc == FLONG_OK ? check_set_add_index(run->set, source, path, err) : rc;
}

static int add_pages(struct run *run, const char *path, struct flong_error *err)
{
	struct source *source = NULL;
	run->has_pages = true;
	int rc = source_open_file(path, &source, err);
	return rc == FLONG_OK ? check_set_add_pages(run->set, source, path, err) : rc;
}

/* The kinds of files, each with its folder. */
static const struct kind {
	const char *folder;
	bool (*is_name)(const char *name);
	int (*add)(struct run *run, const char *path, struct flong_error *err);
} kinds[] = {
	{"archive", is_warc_name, add_warc},
	{"indexes", is_index_name, add_index},
	{"pages", is_pages_name, add_pages},
};

/* The names of a kind in the directory; none when the folder is not there. */
static int list_kind(
	const char *dir, const struct kind *kind, struct buf *names_out, struct flong_error *err)
{
	SCOPED(free_textp) char *folder = files_join(dir, kind->folder);
	return files_is_dir(folder) ? files_list(folder, "", names_out, err) : FLONG_OK;
}

static int add_kind(struct run *run, const struct kind *kind, struct flong_error *err)
{
	SCOPED(free_textp) char *folder = files_join(run->dir, kind->folder);
	SCOPED(buf_clear) struct buf names = {0};
	int rc = list_kind(run->dir, kind, &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		SCOPED(free_textp) char *path = files_join(folder, names.ptr + at);
		if (kind->is_name(path) && is_file(path)) {
			rc = kind->add(run, path, err);
		} else if (kind->add == add_warc) {
			const struct check_finding finding = {.severity = CHECK_ADVICE,
				.rule = "W-40",
				.text = "this is no WARC file, and was not read"};
			report(run, path, &finding);
		}
		if (rc == FLONG_E_UNSUPPORTED) {
			const struct check_finding finding = {
				.severity = CHECK_ERROR, .rule = "W-51", .text = err->message};
			report(run, path, &finding);
			rc = FLONG_OK;
		}
	}
	return rc;
}

static int has_index(const char *dir, bool *has_rows_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf names = {0};
	int rc = list_kind(dir, &kinds[1], &names, err);
	*has_rows_out = false;
	for (size_t at = 0; at < names.len; at += strlen(names.ptr + at) + 1) {
		*has_rows_out = *has_rows_out || is_index_name(names.ptr + at);
	}
	return rc;
}

/* What a collection should have and has not. */
static void check_layout(const struct run *run, bool has_rows)
{
	enum check_severity severity = run->is_unfinished ? CHECK_WARNING : CHECK_ERROR;
	const struct check_finding no_index = {
		.severity = severity, .rule = "W-40", .text = "the collection has no index"};
	const struct check_finding no_pages = {.severity = CHECK_WARNING,
		.rule = "W-41",
		.text = "the collection has no list of pages"};
	SCOPED(free_textp) char *index = files_join(run->dir, "indexes/index.cdx");
	SCOPED(free_textp) char *pages = files_join(run->dir, "pages/pages.jsonl");
	if (!has_rows) {
		report(run, index, &no_index);
	}
	if (!run->has_pages) {
		report(run, pages, &no_pages);
	}
}

int check_collection_run(const char *dir, const struct check_set_hooks *hooks, const char *temp_dir,
	struct check_join_summary *summary_out, struct flong_error *err)
{
	struct run run = {.dir = dir, .outer = hooks, .parts = {.fd = -1}};
	struct check_set_options options = {.is_whole = true, .temp_dir = temp_dir};
	const struct check_set_hooks inner = {.finding = give_finding,
		.warc = give_warc,
		.lines = give_lines,
		.seen = give_seen,
		.open = open_part,
		.context = &run};
	*summary_out = (struct check_join_summary){0};
	int rc = has_index(dir, &options.has_rows, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	SCOPED(check_set_closep) struct check_set *set = check_set_create(&options, &inner);
	run.set = set;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		rc = add_kind(&run, &kinds[i], err);
	}
	if (rc == FLONG_OK) {
		check_layout(&run, options.has_rows);
		rc = check_set_finish(set, summary_out, err);
	}
	check_parts_clear(&run.parts);
	return rc;
}
