/* SPDX-License-Identifier: MIT */
/* pack_originals.c - the originals that a package needs of other archives */
#include "cli/pack_originals.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "cli/crawl_options.h"
#include "cli/notice.h"
#include "crawl/run_file.h"
#include "index/dangling.h"
#include "index/originals_from.h"
#include "index/sources.h"
#include "index/wacz_reader.h"

int pack_originals_check(const struct crawl_texts *archives, struct flong_error *err)
{
	for (size_t i = 0; i < archives->count; i++) {
		if (!files_exists(archives->items[i])) {
			return error_set(
				err, FLONG_E_USAGE, "--dedup: there is no %s", archives->items[i]);
		}
	}
	return FLONG_OK;
}

static int fail_lacking(const struct originals_from_result *result, struct flong_error *err)
{
	char date[CLOCK_ISO_SIZE];
	clock_format_iso_ms(result->date_ms, date);
	return error_set(err, FLONG_E_NOT_FOUND,
		"%llu %s that neither the collection nor an archive of --dedup has: %s%.300s "
		"repeats %.300s of %s",
		(unsigned long long)result->lacking,
		result->lacking == 1 ? "revisit needs an original" : "revisits need originals",
		result->lacking == 1 ? "" : "the first, ", result->revisit, result->original, date);
}

/* Copies what is in these archives. */
static int copy_from(const char *work_dir, const struct crawl_texts *archives,
	struct originals_from_result *result, struct flong_error *err)
{
	SCOPED(sources_closep) struct sources *sources = NULL;
	const struct sources_options given = {.paths = (const char *const *)archives->items,
		.count = archives->count,
		.temp_dir = work_dir};
	int rc = archives->count > 0 ? sources_open(&given, &sources, err) : FLONG_OK;
	const struct originals_from_options options = {.dir = work_dir,
		.sources = sources,
		.temp_dir = work_dir,
		.now_ms = clock_wall_ms()};
	return rc == FLONG_OK ? originals_from(&options, result, err) : rc;
}

/* The archives of --dedup of the last crawl in the collection `dir`, as far as they are there. */
static void recall(const char *dir, struct crawl_texts *archives_out)
{
	SCOPED(run_file_clear) struct run_file run = {.is_finished = false};
	SCOPED(crawl_command_clear) struct crawl_command crawl = {.inputs = {NULL, 0}};
	struct flong_error ignored = {0};
	crawl_options_init(&crawl.options);
	if (run_file_read(dir, &run, &ignored) < 0 ||
		option_read_lines(crawl_option_table, &crawl, buf_bytes(&run.options),
			"saved options", &ignored) < 0) {
		return;
	}
	for (size_t i = 0; i < crawl.options.dedup_from.count; i++) {
		const char *path = crawl.options.dedup_from.items[i];
		if (files_exists(path)) {
			notice("originals are looked for in %s, as the last crawl did", path);
			crawl_texts_add(archives_out, path);
		}
	}
}

int pack_originals_add(const char *dir, const char *work_dir, const struct crawl_texts *archives,
	struct flong_error *err)
{
	SCOPED(originals_from_clear) struct originals_from_result result = {.dangling = 0};
	SCOPED(crawl_texts_clear) struct crawl_texts recalled = {NULL, 0};
	int rc = copy_from(work_dir, archives, &result, err);
	if (rc == FLONG_OK && result.lacking > 0 && archives->count == 0) {
		recall(dir, &recalled);
	}
	if (recalled.count > 0) {
		originals_from_clear(&result);
		rc = copy_from(work_dir, &recalled, &result, err);
	}
	return rc == FLONG_OK && result.lacking > 0 ? fail_lacking(&result, err) : rc;
}

void pack_originals_tell(const char *dir, const char *temp_dir)
{
	SCOPED(wacz_reader_closep) struct wacz_reader *collection = NULL;
	SCOPED(files_close_fd) int fd = -1;
	struct flong_error err = {0};
	uint64_t count = 0;
	int rc = wacz_reader_open(dir, &collection, &err);
	if (rc == FLONG_OK) {
		rc = dangling_find(collection, temp_dir, &fd, &count, &err);
	}
	if (rc < 0) {
		notice("whether revisits have their originals is not known: %s", err.message);
	} else if (count > 0) {
		notice("%llu %s that %s not in the package; --self-contained copies %s into it",
			(unsigned long long)count,
			count == 1 ? "revisit needs an original" : "revisits need originals",
			count == 1 ? "is" : "are", count == 1 ? "it" : "them");
	}
}
