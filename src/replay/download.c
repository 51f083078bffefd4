/* SPDX-License-Identifier: MIT */
/* download.c - the stored files as they are, whole or in ranges, so that other tools can read them
 * from here */
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "replay/byte_range.h"
#include "replay/site.h"
#include "web/percent.h"

/* Other sites may read what is downloaded only when the user says so. */
static void allow_origin(const struct site_call *call, struct reply *reply)
{
	const char *allowed = call->site->allowed_origin;
	if (allowed != NULL) {
		reply_field(reply, "Access-Control-Allow-Origin", bytes_of(allowed));
		reply_field(reply, "Access-Control-Expose-Headers",
			BYTES("Content-Range, Content-Length, Accept-Ranges"));
		reply_field(reply, "Vary", BYTES("Origin"));
	}
}

/* Opens "archive.wacz" itself, or a file in it, from `start` on. */
struct opened {
	struct source *source; /* owned */
	uint64_t size;
};

static int open_file(const struct holding *holding, struct bytes path, uint64_t start,
	struct opened *opened, struct flong_error *err)
{
	const struct wacz_reader *reader = holding_reader(holding);
	if (bytes_equal(path, bytes_of(files_base_name(holding_path(holding)))) &&
		!files_is_dir(holding_path(holding))) {
		int rc = files_size(holding_path(holding), &opened->size, err);
		return rc == FLONG_OK ? source_open_file_at(
						holding_path(holding), start, &opened->source, err)
				      : rc;
	}
	const struct wacz_file *file = reader != NULL ? wacz_reader_find(reader, path) : NULL;
	if (file == NULL) {
		return error_set(err, FLONG_E_NOT_FOUND, "no such file");
	}
	opened->size = file->size;
	return wacz_reader_open_file_at(reader, file, start, &opened->source, err);
}

static void close_limited(void *owner)
{
	source_close((struct source *)owner);
}

void site_file(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf path = {0};
	struct flong_error err = {0};
	struct opened opened = {0};
	percent_decode(call->route->rest, &path);
	int rc = open_file(call->holding, buf_bytes(&path), 0, &opened, &err);
	if (rc < 0) {
		reply_plain(reply, rc == FLONG_E_NOT_FOUND ? 404 : 500, "flong: %s", err.message);
		return;
	}
	struct byte_range range = {0, (int64_t)opened.size};
	reply->status = 200;
	if (byte_range_read(call->request->range, (int64_t)opened.size, &range)) {
		source_close(opened.source);
		opened.source = NULL;
		reply->status = range.count > 0 ? 206 : 416;
		if (range.count > 0) {
			reply_fieldf(reply, "Content-Range", "bytes %lld-%lld/%llu",
				(long long)range.start, (long long)(range.start + range.count - 1),
				(unsigned long long)opened.size);
			rc = open_file(call->holding, buf_bytes(&path), (uint64_t)range.start,
				&opened, &err);
		} else {
			reply_fieldf(reply, "Content-Range", "bytes */%llu",
				(unsigned long long)opened.size);
		}
	}
	allow_origin(call, reply);
	if (rc < 0) {
		reply_plain(reply, 500, "flong: %s", err.message);
		return;
	}
	reply_field(reply, "Content-Type", BYTES("application/octet-stream"));
	reply_field(reply, "Content-Disposition", BYTES("attachment"));
	reply_field(reply, "Accept-Ranges", BYTES("bytes"));
	if (opened.source != NULL) {
		reply->content = source_limit(opened.source, (uint64_t)range.count);
		reply->length = range.count;
		reply->owner = opened.source;
		reply->close_owner = close_limited;
	}
}
