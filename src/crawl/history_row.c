/* SPDX-License-Identifier: MIT */
/* history_row.c - one capture on its way through the sorters of a history */
#include "crawl/history_row.h"

#include "base/limits.h"
#include "base/stream.h"

/* All cells of a row are less than a line of the sorter. */
#define CELL_BYTES (LIMIT_INDEX_LINE_BYTES / (HISTORY_CELLS + 1))

static const enum history_cell orders[][HISTORY_CELLS] = {
	[HISTORY_BY_ADDRESS] = {HISTORY_KEY, HISTORY_TYPE, HISTORY_TIME, HISTORY_STATUS,
		HISTORY_CLASS, HISTORY_DIGEST, HISTORY_PAYLOAD, HISTORY_STORY, HISTORY_URL,
		HISTORY_TARGET, HISTORY_PLACE, HISTORY_HEADLINE},
	[HISTORY_BY_STORY] = {HISTORY_STORY, HISTORY_TIME, HISTORY_TYPE, HISTORY_KEY,
		HISTORY_STATUS, HISTORY_CLASS, HISTORY_DIGEST, HISTORY_PAYLOAD, HISTORY_URL,
		HISTORY_TARGET, HISTORY_PLACE, HISTORY_HEADLINE},
};

void history_row_add(const struct history_row *row, enum history_order order, struct buf *line)
{
	for (size_t i = 0; i < HISTORY_CELLS; i++) {
		struct bytes cell = row->cells[orders[order][i]];
		if (i > 0) {
			buf_add_char(line, '\t');
		}
		cell = bytes_slice(cell, 0, CELL_BYTES);
		for (size_t k = 0; k < cell.len; k++) {
			bool is_control = (unsigned char)cell.ptr[k] < 0x20;
			buf_add_char(line, is_control ? ' ' : cell.ptr[k]);
		}
	}
}

void history_row_read(struct bytes line, enum history_order order, struct history_row *row_out)
{
	*row_out = (struct history_row){0};
	for (size_t i = 0; i < HISTORY_CELLS; i++) {
		(void)bytes_next_item(&line, '\t', &row_out->cells[orders[order][i]]);
	}
}

/* --- lines out of a sorter -------------------------------------------------------------------- */

struct line_sink {
	struct sink sink;
	struct buf rest; /* owned: the beginning of a line */
	int (*each)(void *context, struct bytes line, struct flong_error *err);
	void *context;
};

static int write_lines(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct line_sink *lines = (struct line_sink *)sink;
	struct bytes part;
	int rc = FLONG_OK;
	while (rc == FLONG_OK && bytes_cut(b, '\n', &part, &b)) {
		if (lines->rest.len == 0) {
			rc = lines->each(lines->context, part, err);
			continue;
		}
		buf_add(&lines->rest, part);
		rc = lines->each(lines->context, buf_bytes(&lines->rest), err);
		buf_reset(&lines->rest);
	}
	buf_add(&lines->rest, b);
	return rc;
}

int history_row_each(struct sorter *sorter,
	int (*each)(void *context, struct bytes line, struct flong_error *err), void *context,
	struct flong_error *err)
{
	static const struct sink_ops ops = {.write = write_lines};
	struct line_sink lines = {.sink.ops = &ops, .each = each, .context = context};
	int rc = sorter_write(sorter, &lines.sink, err);
	buf_clear(&lines.rest);
	return rc;
}
