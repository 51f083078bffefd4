/* SPDX-License-Identifier: MIT */
/* job_archive.c - which WARC files of a collection belong to which run */
#include "crawl/job_archive.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"

static void add_names(struct buf *lines, const struct buf *names)
{
	for (size_t at = 0; at < names->len; at += strlen(names->ptr + at) + 1) {
		buf_add_text(lines, names->ptr + at);
		buf_add_char(lines, '\n');
	}
}

int job_archive_names(const char *dir, struct buf *names_out, struct flong_error *err)
{
	static const char *const suffixes[] = {".warc", ".warc.gz"};
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && files_is_dir(archive) && i < 2; i++) {
		SCOPED(buf_clear) struct buf names = {0};
		rc = files_list(archive, suffixes[i], &names, err);
		add_names(names_out, &names);
	}
	return rc;
}

bool job_archive_lists(const struct buf *lines, struct bytes name)
{
	struct bytes rest = buf_bytes(lines);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		if (bytes_equal(line, name)) {
			return true;
		}
	}
	return false;
}

int job_archive_new(const char *dir, const struct buf *known, struct job_record *record,
	struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	SCOPED(buf_clear) struct buf names = {0};
	int rc = job_archive_names(dir, &names, err);
	struct bytes rest = buf_bytes(&names);
	struct bytes line;
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		if (job_archive_lists(known, line)) {
			continue;
		}
		SCOPED(free_textp) char *name = alloc_text(line.ptr, line.len);
		SCOPED(free_textp) char *path = files_join(archive, name);
		uint64_t size = 0;
		rc = files_size(path, &size, err);
		record->bytes_stored += size;
		buf_addf(&record->segments, "%s\n", name);
	}
	return rc;
}
