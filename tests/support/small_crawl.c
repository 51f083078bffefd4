/* SPDX-License-Identifier: MIT */
/* small_crawl.c - the crawl of a small site that tests disturb */
#include "small_crawl.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "index/cdxj.h"
#include "index/check_collection.h"

char *small_crawl_place(void)
{
	const char *folder = getenv("TMPDIR");
	char *place = files_join(folder == NULL ? "/tmp" : folder, "small-crawl-XXXXXX");
	if (mkdtemp(place) == NULL) {
		abort();
	}
	return place;
}

int small_crawl_run(
	const struct small_crawl *crawl, enum crawl_exit *exit_out, struct flong_error *err)
{
	struct crawl_options options;
	SCOPED(free_textp) char *report = NULL;
	crawl_options_init(&options);
	crawl_texts_add(&options.seeds, crawl->seed);
	options.output = alloc_copy(crawl->output);
	options.resumes = crawl->resumes;
	options.packs_wacz = true;
	options.scope = SCOPE_HOST;
	options.robots = ROBOTS_IGNORE;
	options.jobs = 1;
	options.wait_ms = 0;
	options.parsers = 0;
	options.workers = 0;
	options.retries = 0;
	options.compress_level = 1;
	options.warc_size_bytes = 40000; /* a few segments */
	options.acknowledge_after = 3;
	options.progress = PROGRESS_NEVER;
	options.saved = alloc_copy("");
	int rc = crawl_run(&options, exit_out, &report, err);
	crawl_options_clear(&options);
	return rc;
}

int small_crawl_complete(const struct small_crawl *crawl, struct flong_error *err)
{
	enum crawl_exit code = CRAWL_EXIT_OK;
	struct small_crawl again = *crawl;
	again.resumes = true;
	int rc = small_crawl_run(&again, &code, err);
	if (rc == FLONG_E_USAGE && strstr(err->message, "finished") != NULL) {
		return FLONG_OK;
	}
	if (rc == FLONG_E_USAGE) { /* nothing of it has reached the disk */
		again.resumes = false;
		rc = small_crawl_run(&again, &code, err);
	}
	if (rc == FLONG_OK && code != CRAWL_EXIT_OK) {
		rc = error_set(err, FLONG_E_INTERNAL, "ended with %d", (int)code);
	}
	return rc;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct texts {
	char **items; /* owned */
	size_t count;
};

static void texts_add(struct texts *texts, struct bytes text)
{
	texts->items = alloc_resize(texts->items, texts->count + 1, sizeof(char *));
	texts->items[texts->count++] = alloc_text(text.ptr, text.len);
}

static void texts_clear(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		free(texts->items[i]);
	}
	free(texts->items);
}

static int add_rows(const char *output, struct texts *texts, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(output, "indexes/index.cdx");
	SCOPED(buf_clear) struct buf content = {0};
	int rc = files_read(path, &content, err);
	struct bytes rest = buf_bytes(&content);
	struct bytes line;
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		struct cdxj_row row = {0};
		SCOPED(buf_clear) struct buf fact = {0};
		rc = cdxj_parse(line, &row, err);
		buf_addf(&fact, BYTES_FMT " " BYTES_FMT " " BYTES_FMT, BYTES_ARG(row.entry.url),
			BYTES_ARG(row.entry.status), BYTES_ARG(row.entry.digest));
		texts_add(texts, buf_bytes(&fact));
		cdxj_clear(&row);
	}
	return rc;
}

static int add_pages(
	const char *output, const char *name, struct texts *texts, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(output, name);
	SCOPED(buf_clear) struct buf content = {0};
	int rc = files_read(path, &content, err);
	struct bytes rest = buf_bytes(&content);
	struct bytes line;
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		size_t at = bytes_find(line, BYTES("\"url\""), 0);
		struct bytes url =
			at == SIZE_MAX ? bytes_of(NULL) : bytes_slice(line, at, line.len);
		SCOPED(buf_clear) struct buf fact = {0};
		buf_addf(&fact, "%s " BYTES_FMT, name,
			BYTES_ARG(bytes_slice(url, 0, bytes_find_char(url, ',', 0))));
		texts_add(texts, buf_bytes(&fact));
	}
	return rc;
}

bool small_crawl_facts(const char *output, struct buf *facts_out, struct flong_error *err)
{
	SCOPED(texts_clear) struct texts texts = {0};
	int rc = add_rows(output, &texts, err);
	if (rc == FLONG_OK) {
		rc = add_pages(output, "pages/pages.jsonl", &texts, err);
	}
	if (rc == FLONG_OK) {
		rc = add_pages(output, "pages/extraPages.jsonl", &texts, err);
	}
	if (rc < 0) {
		return false;
	}
	qsort(texts.items, texts.count, sizeof(char *), compare_texts);
	for (size_t i = 0; i < texts.count; i++) {
		buf_addf(facts_out, "%s\n", texts.items[i]);
	}
	return true;
}

struct findings {
	unsigned errors;
	struct flong_error *err; /* borrowed: the first */
};

static void take_finding(void *context, const char *name, const struct check_finding *finding)
{
	struct findings *findings = context;
	if (finding->severity == CHECK_ERROR && findings->errors++ == 0) {
		(void)error_set(findings->err, FLONG_E_DAMAGED,
			"%s: offset %llu, line %llu: %s: %s", name,
			(unsigned long long)finding->offset, (unsigned long long)finding->line,
			finding->rule, finding->text);
	}
}

static void take_warc(void *context, const char *name, const struct check_summary *summary)
{
	(void)context;
	(void)name;
	(void)summary;
}

static void take_lines(void *context, const char *name, uint64_t lines)
{
	(void)context;
	(void)name;
	(void)lines;
}

bool small_crawl_is_clean(const char *output, struct flong_error *err)
{
	struct findings findings = {.err = err};
	struct check_join_summary joined = {0};
	const struct check_set_hooks hooks = {.finding = take_finding,
		.warc = take_warc,
		.lines = take_lines,
		.context = &findings};
	struct flong_error own = {0};
	int rc = check_collection_run(output, &hooks, output, &joined, &own);
	if (rc < 0) {
		*err = own;
	}
	return rc == FLONG_OK && findings.errors == 0;
}

bool small_crawl_acknowledges(const char *output, struct bytes lines, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(output, "logs/crawl.log");
	SCOPED(buf_clear) struct buf log = {0};
	if (lines.len == 0) {
		return true;
	}
	if (files_read(path, &log, err) < 0) {
		return false;
	}
	for (size_t at = 0, end; at < lines.len; at = end + 1) {
		end = bytes_find_char(lines, '\n', at);
		if (end == SIZE_MAX) {
			break;
		}
		struct bytes line = bytes_slice(lines, at, end + 1);
		if (bytes_find_char(line, '\0', 0) != SIZE_MAX) {
			continue; /* what the cut before this one has left of a line */
		}
		size_t found = bytes_find(buf_bytes(&log), line, 0);
		if (found == SIZE_MAX || bytes_find(buf_bytes(&log), line, found + 1) != SIZE_MAX) {
			(void)error_set(err, FLONG_E_DAMAGED, "%s: '" BYTES_FMT "' is there %s",
				path, BYTES_ARG(bytes_slice(line, 0, line.len - 1)),
				found == SIZE_MAX ? "no more" : "twice");
			return false;
		}
	}
	return true;
}
