/* SPDX-License-Identifier: MIT */
/* earlier.c - what the last crawl in a collection left: its options, and its end when it had none
 */
#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "crawl/crawl.h"
#include "crawl/state.h"

int crawl_saved_options(const char *dir, struct buf *lines_out, struct flong_error *err)
{
	SCOPED(free_textp) char *sub = files_join(dir, "state");
	SCOPED(free_textp) char *path = files_join(sub, "crawl.db");
	if (!files_exists(path)) {
		return error_set(err, FLONG_E_USAGE, "%s: no interrupted crawl is here", dir);
	}
	SCOPED(state_closep) struct state *state = NULL;
	int rc = state_open(path, &state, err);
	return rc < 0 ? rc : state_get(state, "options", lines_out, err);
}

/* Whether the last crawl in the directory did not end; false when there was none. */
static int is_unfinished(const char *dir, bool *unfinished_out, struct flong_error *err)
{
	SCOPED(free_textp) char *sub = files_join(dir, "state");
	SCOPED(free_textp) char *path = files_join(sub, "crawl.db");
	SCOPED(state_closep) struct state *state = NULL;
	SCOPED(buf_clear) struct buf run = {0};
	struct flong_error ignored = {0};
	*unfinished_out = false;
	if (!files_exists(path)) {
		return FLONG_OK;
	}
	int rc = state_open(path, &state, err);
	if (rc == FLONG_OK && state_get(state, "run", &run, &ignored) == FLONG_OK) {
		*unfinished_out = bytes_equal(buf_bytes(&run), BYTES("unfinished"));
	}
	return rc;
}

int crawl_close_earlier(const char *dir, const struct crawl_options *like, bool *closed_out,
	struct flong_error *err)
{
	SCOPED(crawl_options_clear) struct crawl_options options = {0};
	SCOPED(free_textp) char *report = NULL;
	enum crawl_exit exit = CRAWL_EXIT_OK;
	bool is_left = false;
	int rc = is_unfinished(dir, &is_left, err);
	*closed_out = is_left;
	if (rc < 0 || !is_left) {
		return rc;
	}
	crawl_options_init(&options);
	options.output = alloc_copy(dir);
	options.resumes = options.closes = options.has_lock = true;
	options.parsers = 0;
	options.workers = like->workers;
	options.digest = like->digest;
	options.compress_level = like->compress_level;
	options.progress = PROGRESS_NEVER;
	return crawl_run(&options, &exit, &report, err);
}
