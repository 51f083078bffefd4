/* SPDX-License-Identifier: MIT */
/* earlier.c - what the last crawl in a collection left: its options, and its end when it had none
 */
#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "crawl/crawl.h"
#include "crawl/output.h"
#include "crawl/run_file.h"
#include "crawl/state.h"

int crawl_saved_options(const char *dir, struct buf *lines_out, struct flong_error *err)
{
	SCOPED(run_file_clear) struct run_file run = {0};
	SCOPED(state_closep) struct state *state = NULL;
	SCOPED(free_textp) char *sub = files_join(dir, "state");
	SCOPED(free_textp) char *path = files_join(sub, "crawl.db");
	SCOPED(free_textp) char *logs = files_join(dir, "logs");
	SCOPED(free_textp) char *log = files_join(logs, "crawl.log");
	if (run_file_read(dir, &run, err) == FLONG_OK) {
		buf_add(lines_out, buf_bytes(&run.options));
		return FLONG_OK;
	}
	/* What is left of a snapshot that is whole is taken up without them. */
	bool is_leftover = bytes_ends(bytes_of(dir), BYTES(".partial")) && output_is_blank(dir);
	if (!files_exists(path) && !files_exists(log) && !is_leftover) {
		return error_set(err, FLONG_E_USAGE, "%s: no interrupted crawl is here", dir);
	}
	/* Made before there was that file, or it is lost too: opening says more. */
	if (files_exists(path) && state_open(path, &state, err) == FLONG_OK) {
		(void)!state_get(state, "options", lines_out, err);
	}
	return FLONG_OK;
}

/* What state/run says, where the database cannot be used. */
static bool is_unfinished_run(const char *dir)
{
	SCOPED(run_file_clear) struct run_file run = {0};
	struct flong_error ignored = {0};
	return run_file_read(dir, &run, &ignored) == FLONG_OK && !run.is_finished;
}

/* Whether the last crawl in the directory did not end; false when there was none. `lost_out`: its
 * state has to be made anew. */
static int is_unfinished(
	const char *dir, bool *unfinished_out, bool *lost_out, struct flong_error *err)
{
	SCOPED(free_textp) char *sub = files_join(dir, "state");
	SCOPED(free_textp) char *path = files_join(sub, "crawl.db");
	SCOPED(state_closep) struct state *state = NULL;
	SCOPED(buf_clear) struct buf run = {0};
	struct flong_error ignored = {0};
	*unfinished_out = *lost_out = false;
	int rc = files_exists(path) ? state_open(path, &state, err) : FLONG_E_FORMAT;
	if (rc == FLONG_E_FORMAT) {
		*unfinished_out = *lost_out = is_unfinished_run(dir);
		return FLONG_OK;
	}
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
	bool is_lost = false;
	int rc = is_unfinished(dir, &is_left, &is_lost, err);
	*closed_out = is_left;
	if (rc < 0 || !is_left) {
		return rc;
	}
	crawl_options_init(&options);
	options.output = alloc_copy(dir);
	options.resumes = options.closes = options.has_lock = true;
	options.parsers = is_lost ? 1 : 0; /* pages are read only to make a state of them */
	options.workers = like->workers;
	options.digest = like->digest;
	options.compress_level = like->compress_level;
	options.progress = PROGRESS_NEVER;
	return crawl_run(&options, &exit, &report, err);
}
