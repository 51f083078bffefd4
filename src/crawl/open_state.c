/* SPDX-License-Identifier: MIT */
/* open_state.c - the state of a collection when a crawl begins or goes on
 *
 * One that is lost, damaged, older than the crawl log or made by another version is set aside,
 * never deleted, and made anew from the archive. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawl/crawl_log.h"
#include "crawl/crawl_private.h"
#include "crawl/rebuild.h"
#include "crawl/run_file.h"

/* The seeds as they are kept: no file of the archive gets their passwords. */
static int plain_seeds(
	const struct crawl_options *options, struct crawl_texts *seeds_out, struct flong_error *err)
{
	for (size_t i = 0; i < options->seeds.count; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		int rc = setup_parse_seed(options->seeds.items[i], &url, err);
		if (rc < 0) {
			return rc;
		}
		url_drop_credentials(&url);
		SCOPED(free_textp) char *text = alloc_text(url->all.ptr, url->all.len);
		crawl_texts_add(seeds_out, text);
	}
	return FLONG_OK;
}

/* The seeds of a crawl, a line each, are kept with its options: a resumed one needs them for its
 * scope, its guard and the names of its files. */
static int save_seeds(struct crawl *crawl, const struct crawl_texts *seeds, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf lines = buf_with_max(LIMIT_RUN_FILE_BYTES);
	for (size_t i = 0; i < seeds->count; i++) {
		buf_addf(&lines, "%s\n", seeds->items[i]);
	}
	return state_set(crawl->state, "seeds", buf_bytes(&lines), err);
}

static bool has_text(const struct crawl_texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++) {
		if (strcmp(texts->items[i], text) == 0) {
			return true;
		}
	}
	return false;
}

/* Adds those of the interrupted crawl to the ones that were given. A kill or a power cut may come
 * before the state has them; then they are in its run file. */
static int load_seeds(struct crawl *crawl, const struct run_file *run, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf lines = buf_with_max(LIMIT_RUN_FILE_BYTES);
	SCOPED(crawl_texts_clear) struct crawl_texts given = {0};
	int rc = plain_seeds(crawl->options, &given, err);
	if (rc == FLONG_OK) {
		rc = state_get(crawl->state, "seeds", &lines, err);
	}
	if (rc == FLONG_E_NOT_FOUND) {
		rc = FLONG_OK;
		for (size_t i = 0; i < run->seeds.count; i++) {
			buf_addf(&lines, "%s\n", run->seeds.items[i]);
		}
	}
	struct bytes rest = buf_bytes(&lines);
	struct bytes line;
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		SCOPED(free_textp) char *seed = alloc_text(line.ptr, line.len);
		if (!has_text(&given, seed)) {
			crawl_texts_add(&crawl->options->seeds, seed);
		}
	}
	return rc;
}

/* What the run is told. */
static int describe_run(
	const struct crawl *crawl, struct run_file *run_out, struct flong_error *err)
{
	const char *saved = crawl->options->saved;
	*run_out = (struct run_file){.log_start = crawl->log_start};
	run_out->options = buf_with_max(LIMIT_RUN_FILE_BYTES);
	buf_add_text(&run_out->options, saved == NULL ? "" : saved);
	return plain_seeds(crawl->options, &run_out->seeds, err);
}

int setup_note_run(struct crawl *crawl, struct flong_error *err)
{
	SCOPED(run_file_clear) struct run_file run = {0};
	int rc = describe_run(crawl, &run, err);
	return rc == FLONG_OK ? run_file_note(crawl->output.dir, &run, err) : rc;
}

int setup_save_run(struct crawl *crawl, struct flong_error *err)
{
	if (!crawl->saves_run) {
		return FLONG_OK;
	}
	SCOPED(run_file_clear) struct run_file run = {0};
	int rc = describe_run(crawl, &run, err);
	if (rc == FLONG_OK) {
		rc = run_file_write(crawl->output.dir, &run, err);
	}
	if (rc == FLONG_OK) {
		rc = state_set(crawl->state, "options", buf_bytes(&run.options), err);
	}
	if (rc == FLONG_OK) {
		rc = save_seeds(crawl, &run.seeds, err);
	}
	return rc == FLONG_OK ? state_set(crawl->state, "run", BYTES("unfinished"), err) : rc;
}

int setup_mark_finished(struct crawl *crawl, struct flong_error *err)
{
	SCOPED(run_file_clear) struct run_file run = {0};
	struct flong_error ignored = {0};
	int rc = state_set(crawl->state, "run", BYTES("finished"), err);
	if (rc == FLONG_OK) {
		rc = state_commit(crawl->state, err);
	}
	if (rc < 0 || run_file_read(crawl->output.dir, &run, &ignored) < 0) {
		return rc;
	}
	run.is_finished = true;
	return run_file_write(crawl->output.dir, &run, err);
}

/* Whether there is something to make a state of. */
static bool has_archive(const struct crawl *crawl)
{
	SCOPED(free_textp) char *archive = files_join(crawl->output.dir, "archive");
	SCOPED(free_textp) char *log = output_path(&crawl->output, "logs", "crawl.log");
	SCOPED(buf_clear) struct buf names = {0};
	struct flong_error ignored = {0};
	uint64_t size = 0;
	return (files_list(archive, "", &names, &ignored) == FLONG_OK && names.len > 0) ||
	       (files_size(log, &size, &ignored) == FLONG_OK && size > 0);
}

/* Whether an opened state is whole, and that of this archive. */
static int check_state(struct crawl *crawl, const char *path, bool has_run, struct flong_error *err)
{
	uint64_t size = 0;
	SCOPED(buf_clear) struct buf run = {0};
	int rc = files_size(path, &size, err);
	if (rc == FLONG_OK && size <= LIMIT_STATE_VERIFY_BYTES) {
		rc = state_verify(crawl->state, err);
	}
	if (rc == FLONG_OK) {
		rc = crawl_log_check(crawl->output.dir, crawl->state, err);
	}
	if (rc == FLONG_OK && has_run) {
		rc = state_get(crawl->state, "run", &run, err);
	}
	return rc;
}

/* Opens the state if it can be used: FLONG_E_FORMAT, FLONG_E_DAMAGED, FLONG_E_NOT_FOUND when not.
 */
static int try_state(struct crawl *crawl, const char *path, bool has_run, struct flong_error *err)
{
	if (!files_exists(path) && has_archive(crawl)) {
		return error_set(err, FLONG_E_NOT_FOUND, "%s is not there", path);
	}
	int rc = state_open(path, &crawl->state, err);
	if (rc == FLONG_OK) {
		rc = check_state(crawl, path, has_run, err);
	}
	if (rc < 0) {
		state_close(crawl->state);
		crawl->state = NULL;
	}
	return rc;
}

/* The files of a state that cannot be used get names that say so. */
static int set_aside(const char *path, struct flong_error *err)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", ".texts"};
	char digits[CLOCK_DIGITS_SIZE];
	clock_format_digits17(clock_wall_ms(), digits);
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		SCOPED(buf_clear) struct buf from = {0};
		SCOPED(buf_clear) struct buf to = {0};
		buf_addf(&from, "%s%s", path, suffixes[i]);
		buf_addf(&to, "%s.aside-%s%s", path, digits, suffixes[i]);
		if (files_exists(buf_text(&from))) {
			rc = files_rename_new(buf_text(&from), buf_text(&to), err);
			log_notice("%s is kept as %s", buf_text(&from),
				files_base_name(buf_text(&to)));
		}
	}
	return rc;
}

/* Seeds that were given now are not those of what is replayed. */
static int make_anew(
	struct crawl *crawl, const char *path, struct run_file *run, struct flong_error *err)
{
	struct crawl_texts given = crawl->options->seeds;
	crawl->options->seeds = (struct crawl_texts){0};
	int rc = setup_open_parsers(crawl, err);
	if (rc == FLONG_OK) {
		rc = set_aside(path, err);
	}
	if (rc == FLONG_OK) {
		rc = rebuild_state(crawl, path, run, err);
	}
	struct crawl_texts replayed = crawl->options->seeds;
	crawl->options->seeds = given;
	if (rc == FLONG_OK) {
		rc = state_open(path, &crawl->state, err);
	}
	if (rc == FLONG_OK) {
		rc = state_set(crawl->state, "options", buf_bytes(&run->options), err);
	}
	if (rc == FLONG_OK) {
		rc = save_seeds(crawl, &replayed, err);
	}
	crawl_texts_clear(&replayed);
	return rc == FLONG_OK ? state_commit(crawl->state, err) : rc;
}

static int open_usable(struct crawl *crawl, struct run_file *run, struct flong_error *err)
{
	SCOPED(free_textp) char *path = output_path(&crawl->output, "state", "crawl.db");
	int rc = run_file_read(crawl->output.dir, run, err);
	bool has_run = rc == FLONG_OK;
	if (rc == FLONG_E_IO) {
		return rc;
	}
	if (rc == FLONG_E_FORMAT) {
		log_warn("%s", err->message);
	}
	rc = try_state(crawl, path, has_run, err);
	if (rc != FLONG_E_FORMAT && rc != FLONG_E_DAMAGED && rc != FLONG_E_NOT_FOUND) {
		return rc;
	}
	log_warn("%s: its state cannot be used: %s", crawl->output.dir, err->message);
	if (!has_run) {
		log_warn("%s: what its crawl was told is lost, but for the seeds: options that are "
			 "not given now are the defaults",
			crawl->output.dir);
	}
	return make_anew(crawl, path, run, err);
}

/* A new run of the collection. */
static int start_run(struct crawl *crawl, bool is_known, struct flong_error *err)
{
	SCOPED(free_textp) char *log = output_path(&crawl->output, "logs", "crawl.log");
	struct flong_error ignored = {0};
	(void)!files_size(log, &crawl->log_start, &ignored); /* 0 when there is none */
	crawl->saves_run = true;
	return is_known ? state_start_run(crawl->state, err) : FLONG_OK;
}

/* A crawl that is given an interrupted collection goes on with what it left, by the options it is
 * given. */
static int join_run(struct crawl *crawl, const struct run_file *run, struct flong_error *err)
{
	crawl->options->resumes = true;
	crawl->saves_run = true;
	crawl->log_start = run->log_start;
	return load_seeds(crawl, run, err);
}

/* The crawl was killed before the state was told of it; nothing of it was kept yet. */
static int join_untold(struct crawl *crawl, const struct run_file *run, struct flong_error *err)
{
	if (crawl->options->saved == NULL && run->options.len > 0) {
		crawl->options->saved = alloc_text(run->options.ptr, run->options.len);
	}
	return join_run(crawl, run, err);
}

/* Whether a snapshot is whole, so that only its file has to be brought to its place. */
static bool is_delivery_left(const struct crawl *crawl)
{
	SCOPED(run_file_clear) struct run_file run = {0};
	struct flong_error ignored = {0};
	const struct output *output = &crawl->output;
	if (!crawl->options->resumes || output->kind == OUTPUT_DIRECTORY) {
		return false;
	}
	return (run_file_read(output->dir, &run, &ignored) == FLONG_OK && run.is_finished) ||
	       (files_exists(output->final) && output_is_blank(output->dir));
}

int setup_open_state(struct crawl *crawl, struct flong_error *err)
{
	if (is_delivery_left(crawl)) {
		return FLONG_END;
	}
	SCOPED(run_file_clear) struct run_file last = {0};
	int rc = open_usable(crawl, &last, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(buf_clear) struct buf run = {0};
	struct flong_error ignored = {0};
	bool is_known = state_get(crawl->state, "run", &run, &ignored) == FLONG_OK;
	bool is_unfinished = is_known && bytes_equal(buf_bytes(&run), BYTES("unfinished"));
	if (crawl->options->resumes) {
		if (!is_known && last.seeds.count > 0) {
			return join_untold(crawl, &last, err);
		}
		if (!is_unfinished && is_known && crawl->output.kind != OUTPUT_DIRECTORY) {
			return FLONG_END;
		}
		if (!is_unfinished) {
			return error_set(err, FLONG_E_USAGE,
				is_known ? "%s: nothing to resume, its crawl is finished"
					 : "%s: no interrupted crawl is here",
				crawl->output.dir);
		}
		return load_seeds(crawl, &last, err);
	}
	return is_unfinished ? join_run(crawl, &last, err) : start_run(crawl, is_known, err);
}
