/* SPDX-License-Identifier: MIT */
/* wacz_walk.c - every record of a WARC file, a collection or a WACZ, whatever is damaged between
 * them */
#include "index/wacz_walk.h"

#include "base/error.h"
#include "index/wacz_reader.h"

/* Whether it is the file's content that is wrong, so that the rest may be fine. */
static bool is_damage(int rc)
{
	return rc == FLONG_E_FORMAT || rc == FLONG_E_DAMAGED || rc == FLONG_E_LIMIT ||
	       rc == FLONG_E_UNSUPPORTED;
}

static int walk_records(struct reader *reader, const struct wacz_place *place,
	const struct wacz_walk *walk, struct flong_error *err)
{
	for (;;) {
		const struct reader_record *record;
		int rc = reader_next(reader, &record, err);
		if (rc == FLONG_OK) {
			rc = walk->record(walk->context, place, reader, record, err);
			if (rc == FLONG_OK) {
				rc = reader_finish(reader, err);
			}
		} else if (rc == FLONG_END) {
			return FLONG_OK;
		}
		if (rc == FLONG_OK) {
			continue;
		}
		if (!is_damage(rc)) {
			return rc;
		}
		struct reader_gap gap;
		struct flong_error fault = *err;
		rc = reader_resync(reader, &gap, err);
		if (rc < 0) {
			return rc;
		}
		walk->damage(walk->context, place, &fault, &gap);
	}
}

static int walk_files(const char *path, const struct wacz_walk *walk, struct flong_error *err)
{
	SCOPED(wacz_reader_closep) struct wacz_reader *reader = NULL;
	int rc = wacz_reader_open(path, &reader, err);
	for (size_t i = 0; rc == FLONG_OK && i < wacz_reader_count(reader); i++) {
		const struct wacz_file *file = wacz_reader_at(reader, i);
		if (!wacz_reader_is_archive(file)) {
			continue;
		}
		const struct wacz_place place = {path, file->path};
		SCOPED(reader_closep) struct reader *records = NULL;
		rc = wacz_reader_open_records(reader, file, 0, &records, err);
		if (rc == FLONG_OK) {
			rc = walk_records(records, &place, walk, err);
		}
		if (is_damage(rc)) {
			walk->damage(walk->context, &place, err, NULL);
			rc = FLONG_OK;
		}
	}
	return rc;
}

int wacz_walk(const char *path, const struct wacz_walk *walk, struct flong_error *err)
{
	bool is_wacz = false;
	int rc = wacz_reader_is_one(path, &is_wacz, err);
	if (rc == FLONG_OK && is_wacz) {
		rc = walk_files(path, walk, err);
	} else if (rc == FLONG_OK) {
		SCOPED(reader_closep) struct reader *reader = NULL;
		const struct wacz_place place = {path, ""};
		rc = reader_open(path, &reader, err);
		if (rc == FLONG_OK) {
			rc = walk_records(reader, &place, walk, err);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}
