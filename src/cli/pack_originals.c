/* SPDX-License-Identifier: MIT */
/* pack_originals.c - the originals that a package needs of other archives */
#include "cli/pack_originals.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "cli/notice.h"
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

int pack_originals_add(const char *dir, const struct crawl_texts *archives, struct flong_error *err)
{
	SCOPED(sources_closep) struct sources *sources = NULL;
	SCOPED(originals_from_clear) struct originals_from_result result = {.dangling = 0};
	const struct sources_options given = {.paths = (const char *const *)archives->items,
		.count = archives->count,
		.temp_dir = dir};
	int rc = archives->count > 0 ? sources_open(&given, &sources, err) : FLONG_OK;
	const struct originals_from_options options = {
		.dir = dir, .sources = sources, .temp_dir = dir, .now_ms = clock_wall_ms()};
	if (rc == FLONG_OK) {
		rc = originals_from(&options, &result, err);
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
