/* SPDX-License-Identifier: MIT */
/* room.c - room on the disk and among descriptors */
#include "crawl/room.h"

#include <inttypes.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawl/report.h"

/* Files that closing makes: index, lists, reports, package, and what is written aside. */
#define FILES_FOR_CLOSING 32
/* Descriptors that are open whatever is fetched: database, segment and its check, rows, logs, pipes
 * of the parsers, sorting; and for each fetch: connection, resolver, spool, and spools of exchanges
 * that wait for a worker. */
#define DESCRIPTORS_OF_CRAWL 96
#define DESCRIPTORS_OF_FETCH 12

/* Index and page lists, and sorting them. */
static uint64_t needed_for_index(uint64_t stored)
{
	return stored / 32;
}

static int fail(const char *dir, uint64_t free_bytes, uint64_t needed, struct flong_error *err)
{
	char has[32];
	char needs[32];
	report_format_bytes(free_bytes, has);
	report_format_bytes(needed, needs);
	return error_set(err, FLONG_E_IO,
		"%s: the disk has %s free, and %s are kept to close the archive (--min-free)", dir,
		has, needs);
}

int room_check(const struct crawl_options *options, const char *dir, uint64_t stored,
	bool is_packed, struct flong_error *err)
{
	uint64_t bytes = 0;
	uint64_t files = 0;
	if (options->min_free_bytes == 0 || io_space(dir, &bytes, &files) != 0) {
		return FLONG_OK;
	}
	uint64_t needed = options->min_free_bytes + needed_for_index(stored);
	needed += is_packed ? stored : 0; /* a package is a second copy */
	if (bytes < needed) {
		return fail(dir, bytes, needed, err);
	}
	if (files < FILES_FOR_CLOSING) {
		return error_set(err, FLONG_E_IO,
			"%s: the disk has room for %" PRIu64
			" more files (inodes), and %d are kept to close the archive",
			dir, files, FILES_FOR_CLOSING);
	}
	return FLONG_OK;
}

uint64_t room_of_segment(uint64_t warc_size_bytes)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
		return warc_size_bytes;
	}
	uint64_t most = limit.rlim_cur - limit.rlim_cur / 4;
	return warc_size_bytes == 0 || most < warc_size_bytes ? most : warc_size_bytes;
}

int room_for_descriptors(struct crawl_options *options, struct flong_error *err)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
		return FLONG_OK;
	}
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	uint64_t fetches = limit.rlim_cur < DESCRIPTORS_OF_CRAWL
				   ? 0
				   : (limit.rlim_cur - DESCRIPTORS_OF_CRAWL) / DESCRIPTORS_OF_FETCH;
	if (fetches == 0) {
		return error_set(err, FLONG_E_IO,
			"only %" PRIu64 " open files are allowed, and %d are needed (ulimit -n)",
			(uint64_t)limit.rlim_cur, DESCRIPTORS_OF_CRAWL + DESCRIPTORS_OF_FETCH);
	}
	if (fetches < (uint64_t)options->jobs) {
		log_warn("%d fetches at a time instead of %d: only %" PRIu64
			 " open files are allowed (ulimit -n)",
			(int)fetches, options->jobs, (uint64_t)limit.rlim_cur);
		options->jobs = (int)fetches;
	}
	return FLONG_OK;
}
