/* SPDX-License-Identifier: MIT */
/* finish.c - the end of a crawl: close and check segments, sort the index, write pages and reports,
 * pack
 *
 * Everything here can be done again from what is on disk, so a kill in the middle only means that
 * 'flong resume' does it anew. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/stream.h"
#include "base/workers.h"
#include "crawl/crawl_private.h"
#include "crawl/report.h"
#include "index/pages.h"
#include "index/sorter.h"
#include "index/wacz.h"

/* Lines of one file into the sorter. */
static int sort_file(struct sorter *sorter, const char *path, struct flong_error *err)
{
	SCOPED(files_close_stream) FILE *file = NULL;
	int rc = files_open_stream(path, &file, err);
	char *line = NULL;
	size_t capacity = 0;
	while (rc == FLONG_OK) {
		ssize_t length = files_next_line(file, &line, &capacity);
		if (length <= 0) {
			rc = length < 0 ? error_set_errno(err, FLONG_E_IO, errno, "%s", path) : rc;
			break;
		}
		rc = sorter_add(sorter, bytes_from(line, (size_t)length), err);
	}
	free(line);
	return rc;
}

/* The rows of all segments, sorted, as indexes/index.cdx. */
static int write_index(struct crawl *crawl, struct flong_error *err)
{
	SCOPED(free_textp) char *state_dir = files_join(crawl->output.dir, "state");
	SCOPED(buf_clear) struct buf names = {0};
	int rc = files_list(state_dir, ".rows", &names, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sorter_closep)
	struct sorter *sorter = sorter_create(state_dir, 0);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		SCOPED(free_textp) char *path = files_join(state_dir, names.ptr + at);
		rc = sort_file(sorter, path, err);
	}
	SCOPED(free_textp) char *final = output_path(&crawl->output, "indexes", "index.cdx");
	SCOPED(free_textp)
	char *partial = output_path(&crawl->output, "indexes", "index.cdx.partial");
	SCOPED(files_close_fd)
	int fd = io_open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (rc == FLONG_OK && fd < 0) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "%s", partial);
	}
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	rc = sorter_write(sorter, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, partial, err);
	}
	return rc == FLONG_OK ? files_replace_by(partial, final, err) : rc;
}

/* pages.jsonl lists the seeds: players open with its newest page. extraPages.jsonl holds every page
 * with its text, the seeds first: where it exists players search nothing else. */
struct page_lists {
	struct pages *seeds, *all, *stories; /* owned while writing */
	uint64_t count, story_count;
	struct buf main_url; /* owned: of the first seed */
	int64_t main_date_ms;
};

static int write_page(void *context, const struct state_page *page, struct flong_error *err)
{
	struct page_lists *lists = context;
	char id[32];
	(void)snprintf(id, sizeof(id), "p%llu", (unsigned long long)++lists->count);
	struct page_entry entry = {
		.url = page->url,
		.time_ms = page->captured_ms,
		.title = page->title,
		.id = bytes_of(id),
		.text = page->text,
		.size = (int64_t)page->payload_bytes,
		.favicon_url = page->favicon,
		.seed = page->is_seed,
		.depth = page->depth,
		.status = page->status,
		.mime = page->mime,
		.class = bytes_of(
			page->verdict == VERDICT_NONE
				? ""
				: verdict_name((enum verdict)page->verdict,
					  page->needs_scripts ? PAGE_NEEDS_SCRIPTS : PAGE_EMPTY)),
	};
	int rc = pages_add(lists->all, &entry, err);
	if (rc == FLONG_OK && page->story.len > 0) {
		lists->story_count++;
		rc = pages_add_line(lists->stories, page->story, err);
	}
	if (rc < 0 || !page->is_seed) {
		return rc;
	}
	if (lists->main_url.len == 0) {
		buf_add(&lists->main_url, page->url);
		lists->main_date_ms = page->captured_ms;
	}
	return pages_add(lists->seeds, &entry, err);
}

static int write_pages(struct crawl *crawl, struct page_lists *lists, struct flong_error *err)
{
	SCOPED(free_textp) char *seeds = output_path(&crawl->output, "pages", "pages.jsonl");
	SCOPED(free_textp) char *all = output_path(&crawl->output, "pages", "extraPages.jsonl");
	SCOPED(free_textp)
	char *stories = output_path(&crawl->output, "stories", "stories.jsonl");
	int rc = pages_open(seeds, PAGES_MAIN, true, &lists->seeds, err);
	if (rc == FLONG_OK) {
		rc = pages_open(all, PAGES_EXTRA, true, &lists->all, err);
	}
	if (rc == FLONG_OK) {
		rc = pages_open(stories, PAGES_STORIES, true, &lists->stories, err);
	}
	if (rc == FLONG_OK) {
		rc = state_each_page(crawl->state, STATE_TEXTS, write_page, lists, err);
	}
	if (rc == FLONG_OK) {
		rc = pages_finish(lists->seeds, err);
	}
	if (rc == FLONG_OK) {
		rc = pages_finish(lists->all, err);
	}
	if (rc == FLONG_OK && lists->story_count > 0) { /* else what was begun goes away */
		rc = pages_finish(lists->stories, err);
	}
	pages_close(lists->seeds);
	pages_close(lists->all);
	pages_close(lists->stories);
	lists->seeds = lists->all = lists->stories = NULL;
	return rc;
}

static int write_reports(struct crawl *crawl, const struct report *report, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf json = {0};
	report_add_json(crawl, report, &json);
	SCOPED(free_textp) char *path = output_path(&crawl->output, "reports", "report.json");
	int rc = files_replace(path, buf_bytes(&json), err);
	if (rc == FLONG_OK && crawl->options->report_path != NULL) {
		rc = files_replace(crawl->options->report_path, buf_bytes(&json), err);
	}
	return rc == FLONG_OK ? report_write_skipped(crawl, err) : rc;
}

/* One WACZ beside or in place of the directory. It is made in state/, where a kill leaves it in
 * nobody's way, and then moved. A package of an earlier, limited run of the same crawl is replaced.
 */
static int pack(struct crawl *crawl, const struct report *report, const struct page_lists *lists,
	struct flong_error *err)
{
	const struct crawl_options *options = crawl->options;
	const char *final = crawl->output.final;
	bool replaces = options->resumes && files_exists(final);
	SCOPED(free_textp) char *made = output_path(&crawl->output, "state", "package.wacz");
	const struct wacz_options wacz = {
		.title = options->title != NULL ? options->title : buf_text(&report->headline),
		.description = options->description,
		.software = "flong " FLONG_VERSION,
		.created_ms = crawl_now_ms(crawl),
		.main_url = lists->main_url.len > 0 ? buf_text(&lists->main_url) : NULL,
		.main_date_ms = lists->main_date_ms,
		.sign_key = options->sign_key,
	};
	/* What an earlier attempt has left, if any. */
	(void)io_unlink(made);
	int rc = wacz_pack(crawl->output.dir, made, &wacz, err);
	if (rc < 0 || !replaces) {
		return rc < 0 ? rc : files_rename_new(made, final, err);
	}
	return files_replace_by(made, final, err);
}

/* The WARC and its index leave the working directory. */
static int move_warc(struct crawl *crawl, char **cdx_out, struct flong_error *err)
{
	const char *final = crawl->output.final;
	SCOPED(free_textp)
	char *warc = output_path(&crawl->output, "archive", files_base_name(final));
	SCOPED(free_textp) char *index = output_path(&crawl->output, "indexes", "index.cdx");
	struct bytes stem = bytes_of(final);
	stem.len -= bytes_ends(stem, BYTES(".gz")) ? strlen(".warc.gz") : strlen(".warc");
	SCOPED(buf_clear) struct buf cdx = {0};
	buf_add(&cdx, stem);
	buf_add_text(&cdx, ".cdx");
	/* A kill may have come between the two. */
	int rc = files_exists(warc) ? files_replace_by(warc, final, err) : FLONG_OK;
	if (rc == FLONG_OK && files_exists(index)) {
		rc = files_replace_by(index, buf_text(&cdx), err);
	}
	if (rc == FLONG_OK) {
		*cdx_out = buf_take(&cdx);
	}
	return rc;
}

static void add_file(struct report *report, const char *path)
{
	uint64_t size = 0;
	struct flong_error ignored = {0};
	buf_add_text(&report->files, path);
	if (!files_is_dir(path) && files_size(path, &size, &ignored) == FLONG_OK) {
		char text[32];
		report_format_bytes(size, text);
		buf_addf(&report->files, " (%s)", text);
	}
	buf_add_char(&report->files, '\n');
}

/* All the working directory held is in the file now. The state goes last, and of it what was told
 * the run: until then it tells what the rest of the directory is. */
static int remove_dir(struct crawl *crawl, struct flong_error *err)
{
	static const char *const subs[] = {
		"archive", "indexes", "pages", "stories", "logs", "reports"};
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(subs) / sizeof(subs[0]); i++) {
		SCOPED(free_textp) char *path = files_join(crawl->output.dir, subs[i]);
		rc = files_remove_tree(path, err);
	}
	state_close(crawl->state);
	crawl->state = NULL;
	return rc == FLONG_OK ? files_remove_tree(crawl->output.dir, err) : rc;
}

/* What the user gets, and how it is shown. `is_whole`: nothing is left to resume. */
static int deliver(struct crawl *crawl, struct report *report, const struct page_lists *lists,
	bool is_whole, struct flong_error *err)
{
	int rc = FLONG_OK;
	if (crawl->output.kind != OUTPUT_DIRECTORY && is_whole &&
		report->counts.pages[VISIT_DONE] == 0) {
		/* No seed answered: a file without a page would only be in the way of the next
		 * try. */
		rc = setup_mark_finished(crawl, err);
		return rc == FLONG_OK ? remove_dir(crawl, err) : rc;
	}
	SCOPED(free_textp) char *cdx = NULL;
	switch (crawl->output.kind) {
	case OUTPUT_DIRECTORY:
		add_file(report, crawl->output.dir);
		break;
	case OUTPUT_WACZ:
		break;
	case OUTPUT_WARC:
		if (is_whole) {
			rc = setup_mark_finished(crawl, err);
		}
		if (rc == FLONG_OK && is_whole) {
			rc = move_warc(crawl, &cdx, err);
		}
		if (rc == FLONG_OK && is_whole) {
			add_file(report, crawl->output.final);
			add_file(report, cdx);
		}
		break;
	}
	if (rc == FLONG_OK && crawl->output.final != NULL && crawl->output.kind != OUTPUT_WARC) {
		rc = pack(crawl, report, lists, err);
		if (rc == FLONG_OK) {
			add_file(report, crawl->output.final);
		}
	}
	if (rc == FLONG_OK && is_whole) {
		rc = setup_mark_finished(crawl, err);
	}
	if (rc == FLONG_OK && crawl->output.kind != OUTPUT_DIRECTORY && is_whole) {
		rc = remove_dir(crawl, err);
	}
	return rc;
}

/* Interrupted: the segment stays .open, everything is synced, a report tells how to go on. */
static int finish_interrupted(struct crawl *crawl, struct report *report, struct flong_error *err)
{
	add_file(report, crawl->output.dir);
	return write_reports(crawl, report, err);
}

/* Writing the page lists has nothing to do with reading the last segment again and writing the
 * index, and takes about as long. */
struct page_job {
	struct worker_job base;
	struct crawl *crawl;      /* borrowed */
	struct page_lists *lists; /* borrowed */
	int rc;
	struct flong_error err;
};

static void run_page_job(struct worker_job *base, size_t thread)
{
	(void)thread;
	struct page_job *job = (struct page_job *)base;
	job->rc = write_pages(job->crawl, job->lists, &job->err);
}

/* The last segment is checked and gets its name, and the index is written, while the pages are. */
static int finish_archive_and_pages(
	struct crawl *crawl, struct page_lists *lists, struct flong_error *err)
{
	SCOPED(workers_closep) struct workers *workers = NULL;
	struct page_job job = {.base.run = run_page_job, .crawl = crawl, .lists = lists};
	int rc = workers_create(crawl->options->workers == 0 ? 0 : 1, &workers, err);
	if (rc < 0) {
		return rc;
	}
	workers_submit(workers, &job.base);
	rc = recorder_finish(crawl->recorder, err);
	if (rc == FLONG_OK) {
		rc = write_index(crawl, err);
	}
	(void)workers_wait(workers);
	if (rc == FLONG_OK && job.rc < 0) {
		*err = job.err;
		rc = job.rc;
	}
	return rc;
}

static int finish_whole(struct crawl *crawl, struct report *report, struct flong_error *err)
{
	bool is_whole = crawl->stopped == CRAWL_EXIT_OK || crawl->options->ends_at_limit;
	struct page_lists lists = {0};
	int rc = finish_archive_and_pages(crawl, &lists, err);
	if (rc == FLONG_OK) {
		report_find_vanished(crawl, report);
		rc = write_reports(crawl, report, err);
	}
	if (rc == FLONG_OK) {
		rc = state_commit(crawl->state, err);
	}
	if (rc == FLONG_OK) {
		rc = deliver(crawl, report, &lists, is_whole, err);
	}
	buf_clear(&lists.main_url);
	return rc;
}

int finish_delivery(struct crawl *crawl, char **report_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(free_textp) char *cdx = NULL;
	int rc = crawl->output.kind == OUTPUT_WARC ? move_warc(crawl, &cdx, err) : FLONG_OK;
	if (rc == FLONG_OK) {
		rc = remove_dir(crawl, err);
	}
	if (rc == FLONG_OK && files_exists(crawl->output.final)) {
		buf_addf(&text, "%s was whole already; what was left beside it is removed\n",
			crawl->output.final);
	} else if (rc == FLONG_OK) {
		buf_addf(&text, "nothing was captured; what was left of the attempt is removed\n");
	}
	*report_out = buf_take(&text);
	return rc;
}

int finish_crawl(
	struct crawl *crawl, enum crawl_exit *exit_out, char **report_out, struct flong_error *err)
{
	SCOPED(report_clear) struct report report = {0};
	int rc = report_gather(crawl, &report, err);
	if (rc < 0) {
		return rc;
	}
	report.exit = report_exit(crawl, &report);
	if (!crawl_is_interrupted(crawl) && !crawl->options->closes) {
		rc = report_log_failed_seeds(crawl, err);
	}
	if (rc < 0) {
		return rc;
	}
	rc = crawl_is_interrupted(crawl) ? finish_interrupted(crawl, &report, err)
					 : finish_whole(crawl, &report, err);
	if (rc < 0) {
		return rc;
	}
	if (report.files.len > 0 && !crawl_is_interrupted(crawl) &&
		crawl->output.kind == OUTPUT_WACZ) {
		buf_addf(&report.show,
			"open %s at https://replayweb.page (it stays on your machine)",
			crawl->output.final);
	}
	SCOPED(buf_clear) struct buf text = {0};
	report_add_text(crawl, &report, &text);
	*exit_out = report.exit;
	*report_out = buf_take(&text);
	return FLONG_OK;
}
