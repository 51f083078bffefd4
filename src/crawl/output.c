/* SPDX-License-Identifier: MIT */
/* output.c - where the archive goes */
#include "crawl/output.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "web/url.h"

/* Longest part of a default name that comes from the URL's path. */
#define SLUG_MAX 60

/* The directories of a collection, the state last. */
static const char *const subs[] = {
	"archive", "indexes", "pages", "stories", "logs", "reports", "state"};
#define SUBS (sizeof(subs) / sizeof(subs[0]))

static bool is_sub(const char *name)
{
	size_t i = 0;
	while (i < SUBS && strcmp(subs[i], name) != 0) {
		i++;
	}
	return i < SUBS;
}

static bool ends_with(const char *text, const char *suffix)
{
	return bytes_ends(bytes_of(text), bytes_of(suffix));
}

/* Letters, digits, dots and hyphens of the URL; all else becomes one hyphen. Names from the net
 * never become paths as they are. */
static void add_safe(struct buf *name, struct bytes text, size_t max)
{
	size_t start = name->len;
	for (size_t i = 0; i < text.len && name->len - start < max; i++) {
		char c = text.ptr[i];
		if (char_is_alnum(c) || (c == '.' && name->len > start)) {
			buf_add_char(name, c);
		} else if (name->len > start && name->ptr[name->len - 1] != '-') {
			buf_add_char(name, '-');
		}
	}
	while (name->len > start && name->ptr[name->len - 1] == '-') {
		buf_truncate(name, name->len - 1);
	}
}

/* HOST-SLUG-YYYYMMDDhhmmss.wacz */
static char *default_name(const char *seed, int64_t now_ms, bool packs)
{
	SCOPED(buf_clear) struct buf name = {0};
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (seed != NULL && url_parse(bytes_of(seed), NULL, &url, &ignored) == FLONG_OK) {
		add_safe(&name, url->host, SLUG_MAX);
		/* The longest segment is the one that people know a story by:
		 * /en/<slug>/a-65908274. */
		struct bytes rest = url->path;
		struct bytes segment;
		struct bytes longest = {NULL, 0};
		while (bytes_next_item(&rest, '/', &segment)) {
			longest = segment.len >= longest.len ? segment : longest;
		}
		if (longest.len > 0) {
			buf_add_char(&name, '-');
			add_safe(&name, longest, SLUG_MAX);
		}
	}
	char digits[CLOCK_DIGITS_SIZE];
	clock_format_digits14(now_ms, digits);
	buf_addf(&name, "%s%s%s", name.len > 0 ? "-" : "flong-", digits, packs ? ".wacz" : "");
	return buf_take(&name);
}

static char *append(const char *text, const char *suffix)
{
	SCOPED(buf_clear) struct buf joined = {0};
	buf_add_text(&joined, text);
	buf_add_text(&joined, suffix);
	return buf_take(&joined);
}

char *output_path(const struct output *output, const char *sub, const char *name)
{
	SCOPED(free_textp) char *dir = files_join(output->dir, sub);
	return files_join(dir, name);
}

/* Whether a directory is a collection of ours, maybe one that lost its state. */
static bool is_collection(const struct output *output)
{
	static const struct {
		const char *sub, *name;
	} signs[] = {{"state", "crawl.db"}, {"state", "run"}, {"logs", "crawl.log"}};
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		SCOPED(free_textp)
		char *path = output_path(output, signs[i].sub, signs[i].name);
		if (files_exists(path)) {
			return true;
		}
	}
	return false;
}

static void decide(const struct crawl_options *options, int64_t now_ms, struct output *output)
{
	const char *seed = options->seeds.count > 0   ? options->seeds.items[0]
			   : options->feeds.count > 0 ? options->feeds.items[0]
						      : NULL;
	SCOPED(free_textp)
	char *path = options->output != NULL ? alloc_copy(options->output)
					     : default_name(seed, now_ms, options->packs_wacz);
	if (ends_with(path, ".wacz")) {
		output->kind = OUTPUT_WACZ;
	} else if (ends_with(path, ".warc.gz") || ends_with(path, ".warc")) {
		output->kind = OUTPUT_WARC;
	} else {
		size_t length = strlen(path);
		while (length > 1 && path[length - 1] == '/') {
			path[--length] = '\0';
		}
		output->kind = OUTPUT_DIRECTORY;
		output->final = options->packs_wacz ? append(path, ".wacz") : NULL;
		output->dir = TAKE(path);
		return;
	}
	output->dir = append(path, ".partial");
	output->final = TAKE(path);
}

/* A directory given to resume says itself what it becomes. */
static int nothing_here(const struct output *output, struct flong_error *err)
{
	return error_set(err, FLONG_E_USAGE, "%s: no interrupted crawl is here", output->dir);
}

static int decide_resumed(
	const struct crawl_options *options, struct output *output, struct flong_error *err)
{
	SCOPED(free_textp) char *dir = alloc_copy(options->output);
	size_t length = strlen(dir);
	while (length > 1 && dir[length - 1] == '/') {
		dir[--length] = '\0';
	}
	output->dir = TAKE(dir);
	if (ends_with(output->dir, ".wacz.partial")) {
		output->kind = OUTPUT_WACZ;
	} else if (ends_with(output->dir, ".warc.gz.partial") ||
		   ends_with(output->dir, ".warc.partial")) {
		output->kind = OUTPUT_WARC;
	} else {
		output->kind = OUTPUT_DIRECTORY;
		output->final = options->packs_wacz ? append(output->dir, ".wacz") : NULL;
		return is_collection(output) ? FLONG_OK : nothing_here(output, err);
	}
	output->final = alloc_text(output->dir, strlen(output->dir) - strlen(".partial"));
	/* What is left of a working directory once its file is in place is no collection. */
	bool is_left = files_exists(output->final) && output_is_blank(output->dir);
	return is_left || is_collection(output) ? FLONG_OK : nothing_here(output, err);
}

bool output_is_blank(const char *dir)
{
	SCOPED(buf_clear) struct buf names = {0};
	SCOPED(free_textp) char *run = files_join(dir, "state/run");
	struct flong_error ignored = {0};
	uint64_t told = 0; /* bytes: a power cut may leave the name alone */
	bool is_untold = files_size(run, &told, &ignored) < 0 || told == 0;
	bool is_blank =
		files_is_dir(dir) && is_untold && files_list(dir, "", &names, &ignored) == FLONG_OK;
	for (size_t at = 0; is_blank && at < names.len; at += strlen(names.ptr + at) + 1) {
		SCOPED(free_textp) char *sub = files_join(dir, names.ptr + at);
		SCOPED(buf_clear) struct buf inner = {0};
		is_blank = is_sub(names.ptr + at) &&
			   files_list(sub, "", &inner, &ignored) == FLONG_OK &&
			   (inner.len == 0 || strcmp(names.ptr + at, "state") == 0);
	}
	return is_blank;
}

/* What must not be there yet. */
static int check_absent(const struct output *output, struct flong_error *err)
{
	if (output->final != NULL && files_exists(output->final)) {
		return error_set(err, FLONG_E_EXISTS, "%s exists already; it is never overwritten",
			output->final);
	}
	if (!files_exists(output->dir)) {
		return FLONG_OK;
	}
	if (output->kind != OUTPUT_DIRECTORY && !output_is_blank(output->dir)) {
		return error_set(err, FLONG_E_EXISTS,
			"%s exists: go on with 'flong resume %s', or remove it", output->dir,
			output->dir);
	}
	if (!is_collection(output) && !output_is_blank(output->dir)) {
		return error_set(
			err, FLONG_E_EXISTS, "%s exists and is no collection of ours", output->dir);
	}
	return FLONG_OK;
}

static int make_dirs(struct output *output, struct flong_error *err)
{
	output->is_new = !files_exists(output->dir);
	int rc = files_make_dir(output->dir, err);
	for (size_t i = 0; rc == FLONG_OK && i < SUBS; i++) {
		SCOPED(free_textp) char *path = files_join(output->dir, subs[i]);
		rc = strcmp(subs[i], "state") == 0 ? files_make_private_dir(path, err)
						   : files_make_dir(path, err);
	}
	return rc;
}

int output_sync(const struct output *output, struct flong_error *err)
{
	int rc = files_sync_dir(output->dir, err);
	return rc == FLONG_OK ? files_sync_parent(output->dir, err) : rc;
}

int output_open(const struct crawl_options *options, int64_t now_ms, struct output *output_out,
	struct flong_error *err)
{
	*output_out = (struct output){.lock_fd = -1};
	int rc = FLONG_OK;
	if (options->resumes) {
		rc = decide_resumed(options, output_out, err);
	} else {
		decide(options, now_ms, output_out);
		rc = options->has_lock ? FLONG_OK : check_absent(output_out, err);
	}
	if (rc == FLONG_OK) {
		rc = make_dirs(output_out, err);
	}
	if (rc == FLONG_OK && !options->has_lock) {
		SCOPED(free_textp) char *lock = output_path(output_out, "state", "lock");
		rc = files_lock(lock, &output_out->lock_fd, err);
		if (rc == FLONG_E_BUSY) {
			return error_context(err, "%s is in use", output_out->dir);
		}
	}
	return rc;
}

/* The state goes last, once the rest is gone for good: whatever a kill or a power cut leaves can be
 * resumed, or holds nothing. */
static int remove_all(const char *dir, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i + 1 < SUBS; i++) {
		SCOPED(free_textp) char *path = files_join(dir, subs[i]);
		rc = files_remove_tree(path, err);
	}
	if (rc == FLONG_OK) {
		rc = files_sync_dir(dir, err);
	}
	return rc == FLONG_OK ? files_remove_tree(dir, err) : rc;
}

void output_close(struct output *output, enum output_fate fate)
{
	if (fate == OUTPUT_REMOVED && output->is_new && output->dir != NULL) {
		struct flong_error ignored = {0};
		/* It held nothing yet; when it cannot be removed it is in nobody's way. */
		(void)!remove_all(output->dir, &ignored);
	}
	files_close_fd(&output->lock_fd);
	free(output->dir);
	free(output->final);
	*output = (struct output){.lock_fd = -1};
}
