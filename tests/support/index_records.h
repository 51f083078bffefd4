/* SPDX-License-Identifier: MIT */
/* index_records.h - WARC files made of a few records, for the tests of the index */
#ifndef TESTS_SUPPORT_INDEX_RECORDS_H
#define TESTS_SUPPORT_INDEX_RECORDS_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/files.h"

#include "unit.h"

/* A folder with one file, odd.warc. */
struct place {
	char dir[32];
	char *path;
};

static inline struct place make_place(struct bytes content)
{
	struct place place = {.dir = "/tmp/indexer-XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	place.path = files_join(place.dir, "odd.warc");
	struct flong_error err = {0};
	assert_int_equal(files_replace(place.path, content, &err), FLONG_OK);
	return place;
}

static inline void remove_place(struct place *place)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
	free(place->path);
}

struct record {
	const char *type;
	const char *uri; /* NULL for none */
	const char *extra;
	const char *media_type;
	const char *block;
};

static inline void add_record(struct buf *out, const struct record *record)
{
	buf_addf(out, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Date: 2026-11-23T19:00:00.999Z\r\n",
		record->type);
	if (record->uri != NULL) {
		buf_addf(out, "WARC-Target-URI: %s\r\n", record->uri);
	}
	buf_addf(out, "%sContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n", record->extra,
		record->media_type, strlen(record->block), record->block);
}

/* A file in the same folder; the caller frees its path. */
static inline char *put_beside(const struct place *place, const char *name, struct bytes content)
{
	char *path = files_join(place->dir, name);
	struct flong_error err = {0};
	assert_int_equal(files_replace(path, content, &err), FLONG_OK);
	return path;
}

#endif
