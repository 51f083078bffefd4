/* SPDX-License-Identifier: MIT */
/* log_lines.c - the lines of a crawl log read back, with a look ahead */
#include "crawl/log_lines.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"

#define FIELDS 12

struct log_lines {
	FILE *file; /* NULL at the end */
	char *line; /* owned by getline */
	size_t capacity;
	uint64_t at;                            /* of the next line to be read */
	struct log_line *ring[LOG_LINES_AHEAD]; /* owned */
	size_t first, count;
	uint64_t odd;
};

int log_lines_open(const char *path, struct log_lines **lines_out, struct flong_error *err)
{
	SCOPED(log_lines_closep) struct log_lines *lines = ALLOC(struct log_lines);
	int rc = files_open_stream(path, &lines->file, err);
	if (rc < 0 && rc != FLONG_E_NOT_FOUND) {
		return rc;
	}
	*lines_out = TAKE(lines);
	return FLONG_OK;
}

static void line_close(struct log_line *line)
{
	if (line != NULL) {
		buf_clear(&line->text);
		free(line);
	}
}

void log_lines_close(struct log_lines *lines)
{
	if (lines == NULL) {
		return;
	}
	for (size_t i = 0; i < lines->count; i++) {
		line_close(lines->ring[(lines->first + i) % LOG_LINES_AHEAD]);
	}
	files_close_stream(&lines->file);
	free(lines->line);
	free(lines);
}

/* "-" stands for nothing. */
static struct bytes or_nothing(struct bytes field)
{
	return bytes_equal(field, BYTES("-")) ? (struct bytes){NULL, 0} : field;
}

/* Annotations: "warcRevisit:digest,2t,err=dns" in any number and order. */
static void read_notes(struct bytes notes, struct log_line *line)
{
	struct bytes note;
	line->tries = 1;
	while (bytes_next_item(&notes, ',', &note)) {
		uint64_t tries = 0;
		if (bytes_starts(note, BYTES("err="))) {
			line->outcome = bytes_slice(note, 4, note.len);
		} else if (bytes_ends(note, BYTES("t")) &&
			   bytes_to_u64(bytes_slice(note, 0, note.len - 1), INT16_MAX, &tries)) {
			line->tries = (int)tries;
		}
	}
}

/* NULL when the text is no line of ours. */
static struct log_line *parse(struct bytes text, uint64_t at)
{
	struct log_line *line = ALLOC(struct log_line);
	buf_add(&line->text, text);
	struct bytes rest = buf_bytes(&line->text);
	struct bytes fields[FIELDS] = {{NULL, 0}};
	struct bytes field;
	size_t count = 0;
	while (bytes_next_item(&rest, ' ', &field)) {
		if (field.len > 0 && count++ < FIELDS) {
			fields[count - 1] = field;
		}
	}
	if (count != FIELDS) {
		line_close(line);
		return NULL;
	}
	line->at = at;
	line->url = fields[3];
	line->hops = or_nothing(fields[4]);
	line->via = or_nothing(fields[5]);
	(void)bytes_cut(fields[8], '+', &line->stamp, &field);
	line->digest = or_nothing(fields[9]);
	read_notes(or_nothing(fields[11]), line);
	return line;
}

/* Reads one line of the file into the ring; false at the end. */
static bool fill(struct log_lines *lines)
{
	while (lines->file != NULL) {
		ssize_t length = getline(&lines->line, &lines->capacity, lines->file);
		if (length <= 0 || lines->line[length - 1] != '\n') { /* a half one says nothing */
			files_close_stream(&lines->file);
			return false;
		}
		struct log_line *line =
			parse(bytes_from(lines->line, (size_t)length - 1), lines->at);
		lines->at += (uint64_t)length;
		if (line != NULL) {
			lines->ring[(lines->first + lines->count++) % LOG_LINES_AHEAD] = line;
			return true;
		}
		lines->odd++;
	}
	return false;
}

const struct log_line *log_lines_peek(struct log_lines *lines, size_t ahead)
{
	while (ahead >= lines->count && ahead < LOG_LINES_AHEAD && fill(lines)) {
	}
	return ahead < lines->count ? lines->ring[(lines->first + ahead) % LOG_LINES_AHEAD] : NULL;
}

void log_lines_pass(struct log_lines *lines)
{
	if (log_lines_peek(lines, 0) != NULL) {
		line_close(lines->ring[lines->first]);
		lines->first = (lines->first + 1) % LOG_LINES_AHEAD;
		lines->count--;
	}
}

uint64_t log_lines_odd(const struct log_lines *lines)
{
	return lines->odd;
}
