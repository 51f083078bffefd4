/* SPDX-License-Identifier: MIT */
/* wacz_index.c - the long index of a collection as a WACZ file has it */
#include "index/wacz_index.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/stream.h"
#include "index/cdxj.h"
#include "index/indexer_lines.h"
#include "index/request_query.h"
#include "index/sorter.h"
#include "index/zipnum.h"
#include "web/surt.h"

struct making {
	struct sorter *sorter; /* owned by wacz_index_make */
	struct buf url;
	struct buf line;
	struct flong_error fault; /* the first */
};

/* The key that wabac.js computes for the row's URL, at the start of making->line. */
static void add_player_key(struct making *making, const struct cdxj_entry *entry)
{
	struct bytes url = entry->url;
	if (entry->method.len > 0) {
		buf_reset(&making->url);
		request_query_add_url(url, entry->method, entry->request_body, &making->url);
		url = buf_bytes(&making->url);
	}
	buf_reset(&making->line);
	surt_js(url, &making->line);
}

static int take_row(
	void *context, struct bytes line, const struct cdxj_entry *entry, struct flong_error *err)
{
	struct making *making = (struct making *)context;
	int rc = sorter_add(making->sorter, line, err);
	if (rc < 0 || entry->url.len == 0) {
		return rc;
	}
	add_player_key(making, entry);
	struct bytes key = buf_bytes(&making->line);
	/* A key with a space would end there. */
	if (bytes_equal(key, entry->key) || key.len == 0 ||
		bytes_find_char(key, ' ', 0) != SIZE_MAX) {
		return FLONG_OK;
	}
	buf_add(&making->line, bytes_slice(line, entry->key.len, line.len));
	return buf_failed(&making->line)
		       ? error_set(err, FLONG_E_LIMIT, "an index line is too long")
		       : sorter_add(making->sorter, buf_bytes(&making->line), err);
}

static void note_fault(void *context, const struct flong_error *fault)
{
	struct making *making = (struct making *)context;
	if (making->fault.code == FLONG_OK) {
		making->fault = *fault;
	}
}

static int read_rows(const char *path, struct making *making, struct flong_error *err)
{
	const struct indexer_lines lines = {
		.take = take_row, .fault = note_fault, .context = making, .with_entries = true};
	int rc = indexer_lines_read(path, INDEXER_INPUT_CDXJ, &lines, err);
	if (rc == FLONG_OK && making->fault.code != FLONG_OK) {
		*err = making->fault;
		rc = err->code;
	}
	return rc;
}

static int write_blocks(struct making *making, const char *temp_dir, const struct wacz_index *index,
	struct flong_error *err)
{
	SCOPED(sink_closep) struct sink *blocks = sink_to_fd(index->blocks_fd);
	SCOPED(sink_closep) struct sink *places = sink_to_fd(index->places_fd);
	const struct zipnum_options options = {.dialect = ZIPNUM_WACZ,
		.lines = ZIPNUM_LINES_WACZ,
		.part = files_base_name(WACZ_INDEX_BLOCKS),
		.temp_dir = temp_dir};
	SCOPED(sink_closep) struct sink *lines = zipnum_create(blocks, places, &options);
	int rc = sorter_write(making->sorter, lines, err);
	return rc == FLONG_OK ? sink_finish(lines, err) : rc;
}

int wacz_index_make(const char *path, const char *temp_dir, struct wacz_index *index_out,
	struct flong_error *err)
{
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create(temp_dir, 0);
	struct making making = {.sorter = sorter,
		.url = {.max = LIMIT_INDEX_LINE_BYTES},
		.line = {.max = LIMIT_INDEX_LINE_BYTES}};
	SCOPED(wacz_index_clear) struct wacz_index index = {-1, -1};
	int rc = read_rows(path, &making, err);
	if (rc == FLONG_OK) {
		rc = files_open_temp(temp_dir, &index.blocks_fd, err);
	}
	if (rc == FLONG_OK) {
		rc = files_open_temp(temp_dir, &index.places_fd, err);
	}
	if (rc == FLONG_OK) {
		rc = write_blocks(&making, temp_dir, &index, err);
	}
	buf_clear(&making.url);
	buf_clear(&making.line);
	if (rc == FLONG_OK) {
		*index_out = index;
		index = (struct wacz_index){-1, -1};
	}
	return rc;
}

void wacz_index_clear(struct wacz_index *index)
{
	files_close_fd(&index->blocks_fd);
	files_close_fd(&index->places_fd);
}
