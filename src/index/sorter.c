/* SPDX-License-Identifier: MIT */
/* sorter.c - lines sorted by bytes, repeats dropped, in bounded memory
 *
 * Lines are collected in one block of memory. When it is full they are sorted and written to a
 * temporary file, a run. In the end the runs are merged: a heap holds the next line of each. When
 * there are too many runs for open files, the shortest are merged into one first, so that a line is
 * written a few times however many there are. Files of others that are sorted already take part in
 * the last merge as they are. */
#include "index/sorter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"

#define RUNS_MAX 64
/* What the runs may need while they are merged: a buffer each, and a line. With lines of the
 * longest kind there are six, with usual ones as many as there may be. */
#define RUNS_BYTES ((size_t)6 << 20)
#define RUN_BUFFER_BYTES ((size_t)16 << 10)

/* A sorted file and its next line. */
struct run {
	FILE *file;
	char *line; /* owned, getline's */
	size_t line_size;
	struct bytes next; /* borrowed from `line`, without its line end */
	unsigned merges;   /* how often its lines were merged */
	size_t longest;    /* bytes of its longest line */
	/* Only for files of others. */
	char *name; /* owned; NULL for a temporary file */
	bool (*is_row)(struct bytes line);
	struct buf last; /* the line before `next` */
};

struct sorter {
	const char *temp_dir; /* borrowed */
	char *memory;         /* owned; the lines one after the other, without LF */
	size_t used, room;    /* bytes of it */
	size_t memory_max;    /* of room, but for one line that is longer */
	struct bytes *lines;  /* owned; borrow from `memory` */
	size_t count;
	size_t capacity;
	size_t longest;            /* of them */
	struct run runs[RUNS_MAX]; /* those that were merged more often first */
	size_t run_count;
	struct run foreign[SORTER_FILES_MAX];
	size_t foreign_count;
};

/* Writes lines that come in order, each once. */
struct writer {
	struct sink *out;  /* borrowed */
	struct buf buffer; /* what waits to be written */
	struct buf last;   /* the last line */
	bool any;
};

static int writer_flush(struct writer *writer, struct flong_error *err)
{
	int rc = sink_write(writer->out, buf_bytes(&writer->buffer), err);
	buf_reset(&writer->buffer);
	return rc;
}

static int writer_add(struct writer *writer, struct bytes line, struct flong_error *err)
{
	if (writer->any && bytes_equal(line, buf_bytes(&writer->last))) {
		return FLONG_OK;
	}
	writer->any = true;
	buf_reset(&writer->last);
	buf_add(&writer->last, line);
	buf_add(&writer->buffer, line);
	buf_add_char(&writer->buffer, '\n');
	return writer->buffer.len >= RUN_BUFFER_BYTES ? writer_flush(writer, err) : FLONG_OK;
}

static int writer_finish(struct writer *writer, int rc, struct flong_error *err)
{
	if (rc == FLONG_OK) {
		rc = writer_flush(writer, err);
	}
	buf_clear(&writer->buffer);
	buf_clear(&writer->last);
	return rc;
}

struct sorter *sorter_create(const char *temp_dir, size_t memory_max)
{
	struct sorter *sorter = ALLOC(struct sorter);
	sorter->temp_dir = temp_dir;
	sorter->memory_max = memory_max == 0 ? LIMIT_SORT_MEMORY_BYTES : memory_max;
	return sorter;
}

static void run_close(struct run *run)
{
	if (run->file != NULL) {
		(void)fclose(run->file);
	}
	free(run->line);
	free(run->name);
	buf_clear(&run->last);
	*run = (struct run){.file = NULL};
}

static void close_runs(struct run *runs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		run_close(&runs[i]);
	}
}

static void free_memory(struct sorter *sorter)
{
	free(sorter->memory);
	free(sorter->lines);
	sorter->memory = NULL;
	sorter->room = 0;
	sorter->lines = NULL;
	sorter->capacity = 0;
}

void sorter_close(struct sorter *sorter)
{
	if (sorter != NULL) {
		close_runs(sorter->runs, sorter->run_count);
		close_runs(sorter->foreign, sorter->foreign_count);
		free_memory(sorter);
		free(sorter);
	}
}

static int compare_lines(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static int write_memory(struct sorter *sorter, struct sink *out, struct flong_error *err)
{
	if (sorter->count > 0) {
		qsort(sorter->lines, sorter->count, sizeof(sorter->lines[0]), compare_lines);
	}
	struct writer writer = {.out = out};
	int rc = FLONG_OK;
	for (size_t i = 0; i < sorter->count && rc == FLONG_OK; i++) {
		rc = writer_add(&writer, sorter->lines[i], err);
	}
	sorter->count = 0;
	sorter->used = 0;
	return writer_finish(&writer, rc, err);
}

/* Reads the next line of a file; false at its end. */
static bool read_line(struct run *run)
{
	ssize_t got = files_next_line(run->file, &run->line, &run->line_size);
	if (got <= 0) {
		return false;
	}
	struct bytes line = bytes_from(run->line, (size_t)got);
	if (line.ptr[line.len - 1] == '\n') {
		line.len--;
	}
	if (run->name != NULL && line.len > 0 && line.ptr[line.len - 1] == '\r') {
		line.len--;
	}
	run->next = line;
	return true;
}

/* A file of others must still be in order, or the merge would not be. */
static int check_order(struct run *run, struct flong_error *err)
{
	if (bytes_compare(run->next, buf_bytes(&run->last)) < 0) {
		return error_set(err, FLONG_E_DAMAGED, "%s changed while it was read", run->name);
	}
	buf_reset(&run->last);
	buf_add(&run->last, run->next);
	return FLONG_OK;
}

/* Goes to the run's next line; an ended run has no file any more. */
static int run_next(struct run *run, struct flong_error *err)
{
	while (read_line(run)) {
		if (run->name == NULL) {
			return FLONG_OK;
		}
		if (run->is_row(run->next)) {
			return check_order(run, err);
		}
	}
	if (ferror(run->file) != 0 || feof(run->file) == 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot read %s",
			run->name == NULL ? "a temporary file" : run->name);
	}
	run_close(run);
	return FLONG_OK;
}

/* Puts heap[at] where it belongs among its children. */
static void heap_sink(struct run **heap, size_t count, size_t at)
{
	for (;;) {
		size_t least = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
			if (bytes_compare(heap[child]->next, heap[least]->next) < 0) {
				least = child;
			}
		}
		if (least == at) {
			return;
		}
		struct run *held = heap[at];
		heap[at] = heap[least];
		heap[least] = held;
		at = least;
	}
}

static int merge_lines(
	struct run **heap, size_t count, struct writer *writer, struct flong_error *err)
{
	for (size_t i = count; i > 0; i--) {
		heap_sink(heap, count, i - 1);
	}
	while (count > 0) {
		int rc = writer_add(writer, heap[0]->next, err);
		if (rc == FLONG_OK) {
			rc = run_next(heap[0], err);
		}
		if (rc < 0) {
			return rc;
		}
		if (heap[0]->file == NULL) {
			count--;
			heap[0] = heap[count];
		}
		heap_sink(heap, count, 0);
	}
	return FLONG_OK;
}

/* Adds the runs that have lines to the heap. */
static int start_runs(struct run *runs, size_t count, struct run **heap, size_t *heap_count,
	struct flong_error *err)
{
	for (size_t i = 0; i < count; i++) {
		int rc = run_next(&runs[i], err);
		if (rc < 0) {
			return rc;
		}
		if (runs[i].file != NULL) {
			heap[*heap_count] = &runs[i];
			(*heap_count)++;
		}
	}
	return FLONG_OK;
}

/* Merges the runs from `first` on; files of others with all of them. */
static int merge_from(
	struct sorter *sorter, size_t first, struct sink *out, struct flong_error *err)
{
	struct run *heap[RUNS_MAX + SORTER_FILES_MAX];
	size_t count = 0;
	size_t foreign_count = first == 0 ? sorter->foreign_count : 0;
	int rc = start_runs(&sorter->runs[first], sorter->run_count - first, heap, &count, err);
	if (rc == FLONG_OK) {
		rc = start_runs(sorter->foreign, foreign_count, heap, &count, err);
	}
	if (rc < 0) {
		return rc;
	}
	struct writer writer = {.out = out};
	rc = merge_lines(heap, count, &writer, err);
	close_runs(&sorter->runs[first], sorter->run_count - first);
	sorter->run_count = first;
	if (first == 0) {
		close_runs(sorter->foreign, foreign_count);
		sorter->foreign_count = 0;
	}
	return writer_finish(&writer, rc, err);
}

/* Where the runs begin that were merged least often; two at least. Never 0: files of others take
 * part in the last merge only. */
static size_t least_merged(const struct sorter *sorter)
{
	size_t first = sorter->run_count - 2;
	while (first > 1 && sorter->runs[first - 1].merges == sorter->runs[first].merges) {
		first--;
	}
	return first;
}

/* Whether another run would be one too many. */
static bool is_full(const struct sorter *sorter)
{
	size_t bytes = sorter->longest + RUN_BUFFER_BYTES;
	for (size_t i = 0; i < sorter->run_count; i++) {
		bytes += sorter->runs[i].longest + RUN_BUFFER_BYTES;
	}
	return sorter->run_count == RUNS_MAX || (bytes > RUNS_BYTES && sorter->run_count > 2);
}

static size_t longest_of(const struct sorter *sorter, size_t first)
{
	size_t longest = 0;
	for (size_t i = first; i < sorter->run_count; i++) {
		longest = sorter->runs[i].longest > longest ? sorter->runs[i].longest : longest;
	}
	return longest;
}

static int merge_least(struct sorter *sorter, struct sink *out, struct flong_error *err)
{
	return merge_from(sorter, least_merged(sorter), out, err);
}

/* Makes a run of what `produce` gives. */
static int add_run(struct sorter *sorter, unsigned merges, size_t longest,
	int (*produce)(struct sorter *sorter, struct sink *out, struct flong_error *err),
	struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = -1;
	int rc = files_open_temp(sorter->temp_dir, &fd, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *out = sink_to_fd(fd);
	rc = produce(sorter, out, err);
	if (rc < 0) {
		return rc;
	}
	if (lseek(fd, 0, SEEK_SET) < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot read a temporary file");
	}
	FILE *file = files_stream(fd);
	fd = -1;
	(void)setvbuf(file, NULL, _IOFBF, RUN_BUFFER_BYTES);
	sorter->runs[sorter->run_count] =
		(struct run){.file = file, .merges = merges, .longest = longest};
	sorter->run_count++;
	return FLONG_OK;
}

static int spill(struct sorter *sorter, struct flong_error *err)
{
	if (is_full(sorter)) {
		size_t first = least_merged(sorter);
		int rc = add_run(sorter, sorter->runs[first].merges + 1, longest_of(sorter, first),
			merge_least, err);
		if (rc < 0) {
			return rc;
		}
	}
	int rc = add_run(sorter, 0, sorter->longest, write_memory, err);
	sorter->longest = 0;
	return rc;
}

/* Room for the first line at least; one over the usual size has it to itself. */
static void make_room(struct sorter *sorter, size_t first)
{
	size_t room = first > sorter->memory_max ? first : sorter->memory_max;
	if (sorter->memory != NULL && sorter->room == room) {
		return;
	}
	free(sorter->memory);
	sorter->memory = ALLOC_ARRAY(char, room);
	sorter->room = room;
}

int sorter_add(struct sorter *sorter, struct bytes line, struct flong_error *err)
{
	if (line.len > 0 && line.ptr[line.len - 1] == '\n') {
		line.len--;
	}
	if (line.len > LIMIT_INDEX_LINE_BYTES) {
		return error_set(
			err, FLONG_E_LIMIT, "index line of %zu bytes is too long", line.len);
	}
	if (bytes_find_char(line, '\n', 0) != SIZE_MAX ||
		bytes_find_char(line, '\0', 0) != SIZE_MAX) {
		return error_set(err, FLONG_E_FORMAT, "index line with a line end or NUL inside");
	}
	/* The table of lines counts too: short lines cost more there than in the block. */
	if (sorter->count > 0 &&
		(sorter->used + line.len > sorter->room ||
			sorter->count * sizeof(sorter->lines[0]) >= sorter->memory_max)) {
		int rc = spill(sorter, err);
		if (rc < 0) {
			return rc;
		}
	}
	if (sorter->count == 0) {
		make_room(sorter, line.len);
	}
	if (sorter->count == sorter->capacity) {
		sorter->capacity = sorter->capacity == 0 ? 1024 : sorter->capacity * 2;
		sorter->lines = (struct bytes *)alloc_resize(
			sorter->lines, sorter->capacity, sizeof(sorter->lines[0]));
	}
	char *place = sorter->memory + sorter->used;
	if (line.len > 0) {
		memcpy(place, line.ptr, line.len);
	}
	sorter->used += line.len;
	sorter->longest = line.len > sorter->longest ? line.len : sorter->longest;
	sorter->lines[sorter->count] = bytes_from(place, line.len);
	sorter->count++;
	return FLONG_OK;
}

int sorter_add_file(struct sorter *sorter, const char *path, bool (*is_row)(struct bytes line),
	struct flong_error *err)
{
	if (sorter->foreign_count == SORTER_FILES_MAX) {
		return FLONG_END;
	}
	struct run run = {.is_row = is_row};
	if (files_open_stream(path, &run.file, err) < 0) {
		return err->code = FLONG_E_IO;
	}
	(void)setvbuf(run.file, NULL, _IOFBF, RUN_BUFFER_BYTES);
	run.name = alloc_copy(path);
	run.last.max = LIMIT_INDEX_LINE_BYTES;
	sorter->foreign[sorter->foreign_count] = run;
	sorter->foreign_count++;
	return FLONG_OK;
}

int sorter_write(struct sorter *sorter, struct sink *out, struct flong_error *err)
{
	if (sorter->run_count == 0 && sorter->foreign_count == 0) {
		return write_memory(sorter, out, err);
	}
	if (sorter->count > 0) {
		int rc = spill(sorter, err);
		if (rc < 0) {
			return rc;
		}
	}
	free_memory(sorter);
	return merge_from(sorter, 0, out, err);
}
