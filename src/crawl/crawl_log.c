/* SPDX-License-Identifier: MIT */
/* crawl_log.c - logs/crawl.log: a line is the acknowledgement of its exchange */
#include "crawl/crawl_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"

/* Names of the two facts in the state. */
#define FACT_PLACE "log place"
#define FACT_LINES "log lines"

struct crawl_log {
	int fd;
	char *path;       /* owned */
	uint64_t size;    /* bytes written */
	struct buf lines; /* owned: not written yet */
	unsigned waiting; /* number of these */
	bool is_unsynced;
};

/* What the state knows of the log: `lines`, the last ones, stand at `place`. */
struct known {
	uint64_t place;
	struct buf lines; /* owned */
};

static void known_clear(struct known *known)
{
	buf_clear(&known->lines);
}

static char *path_of(const char *dir)
{
	SCOPED(free_textp) char *logs = files_join(dir, "logs");
	return files_join(logs, "crawl.log");
}

/* A new state knows of nothing: FLONG_E_NOT_FOUND. */
static int read_known(struct state *state, struct known *known, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf place = {0};
	known->lines = buf_with_max(LIMIT_LOG_LINES_BYTES);
	int rc = state_get(state, FACT_PLACE, &place, err);
	if (rc == FLONG_OK && !bytes_to_u64(buf_bytes(&place), INT64_MAX, &known->place)) {
		rc = error_set(err, FLONG_E_DAMAGED, "crawl state: '%s' is no place in the log",
			buf_text(&place));
	}
	return rc == FLONG_OK ? state_get(state, FACT_LINES, &known->lines, err) : rc;
}

static int check_known(const struct known *known, uint64_t size, struct flong_error *err)
{
	if (size > known->place + known->lines.len) {
		return error_set(err, FLONG_E_DAMAGED,
			"the state ends %llu bytes before logs/crawl.log: it is an older one",
			(unsigned long long)(size - known->place - known->lines.len));
	}
	return FLONG_OK;
}

int crawl_log_check(const char *dir, struct state *state, struct flong_error *err)
{
	SCOPED(free_textp) char *path = path_of(dir);
	SCOPED(known_clear) struct known known = {0};
	uint64_t size = 0;
	if (!files_exists(path)) {
		return FLONG_OK;
	}
	int rc = files_size(path, &size, err);
	if (rc == FLONG_OK) {
		rc = read_known(state, &known, err);
	}
	if (rc == FLONG_E_NOT_FOUND) {
		return size == 0 ? FLONG_OK
				 : error_set(err, FLONG_E_DAMAGED,
					   "the state knows nothing of logs/crawl.log");
	}
	return rc == FLONG_OK ? check_known(&known, size, err) : rc;
}

/* Cuts the log at `size` and goes there. */
static int cut(struct crawl_log *log, uint64_t size, struct flong_error *err)
{
	if (io_truncate(log->fd, size) != 0 || lseek(log->fd, (off_t)size, SEEK_SET) < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cutting '%s'", log->path);
	}
	log->size = size;
	return FLONG_OK;
}

/* The place behind the last line end before `size`. */
static int find_line_end(
	const struct crawl_log *log, uint64_t size, uint64_t *end_out, struct flong_error *err)
{
	char c = '\n';
	int rc = FLONG_OK;
	for (*end_out = size; rc == FLONG_OK && *end_out > 0; *end_out -= c != '\n') {
		rc = files_read_at(log->fd, &c, 1, *end_out - 1, log->path, err);
		if (c == '\n') {
			break;
		}
	}
	return rc;
}

/* The log of a state that knows nothing of it ends with its last whole line. */
static int take_over(struct crawl_log *log, uint64_t size, struct flong_error *err)
{
	uint64_t end = 0;
	int rc = find_line_end(log, size, &end, err);
	return rc == FLONG_OK ? cut(log, end, err) : rc;
}

static int restore(
	struct crawl_log *log, const struct known *known, uint64_t size, struct flong_error *err)
{
	uint64_t place = known->place;
	int rc = check_known(known, size, err);
	if (rc == FLONG_OK && size < place) {
		log_warn("%s: %llu bytes of acknowledged lines are missing; the archive has what "
			 "they spoke of",
			log->path, (unsigned long long)(place - size));
		rc = find_line_end(log, size, &place, err);
	}
	if (rc == FLONG_OK) {
		rc = cut(log, place, err);
	}
	if (rc == FLONG_OK) {
		rc = files_write_all(log->fd, buf_bytes(&known->lines), log->path, err);
	}
	log->size += known->lines.len;
	log->is_unsynced = true;
	return rc;
}

int crawl_log_open(
	const char *dir, struct state *state, struct crawl_log **log_out, struct flong_error *err)
{
	SCOPED(crawl_log_closep) struct crawl_log *log = ALLOC(struct crawl_log);
	SCOPED(known_clear) struct known known = {0};
	log->path = path_of(dir);
	log->lines = buf_with_max(LIMIT_LOG_LINES_BYTES);
	log->fd = io_open(log->path, O_RDWR | O_CREAT, 0640);
	if (log->fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "opening '%s'", log->path);
	}
	off_t size = lseek(log->fd, 0, SEEK_END);
	if (size < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "looking at '%s'", log->path);
	}
	int rc = read_known(state, &known, err);
	if (rc == FLONG_E_NOT_FOUND) {
		rc = take_over(log, (uint64_t)size, err);
	} else if (rc == FLONG_OK) {
		rc = restore(log, &known, (uint64_t)size, err);
	}
	if (rc < 0) {
		return rc;
	}
	*log_out = TAKE(log);
	return FLONG_OK;
}

void crawl_log_close(struct crawl_log *log)
{
	if (log != NULL) {
		files_close_fd(&log->fd);
		buf_clear(&log->lines);
		free(log->path);
		free(log);
	}
}

void crawl_log_add(struct crawl_log *log, struct bytes line)
{
	buf_add(&log->lines, line);
	buf_add_char(&log->lines, '\n');
	log->waiting++;
}

unsigned crawl_log_waiting(const struct crawl_log *log)
{
	return log->waiting;
}

int crawl_log_note(struct crawl_log *log, struct state *state, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf place = {0};
	if (buf_failed(&log->lines)) {
		return error_set(err, FLONG_E_LIMIT, "'%s': too many lines at once", log->path);
	}
	buf_addf(&place, "%llu", (unsigned long long)log->size);
	int rc = state_set(state, FACT_PLACE, buf_bytes(&place), err);
	return rc == FLONG_OK ? state_set(state, FACT_LINES, buf_bytes(&log->lines), err) : rc;
}

int crawl_log_write(struct crawl_log *log, struct flong_error *err)
{
	int rc = files_write_all(log->fd, buf_bytes(&log->lines), log->path, err);
	if (rc == FLONG_OK) {
		log->size += log->lines.len;
		log->is_unsynced = log->is_unsynced || log->lines.len > 0;
		log->waiting = 0;
		buf_reset(&log->lines);
	}
	return rc;
}

bool crawl_log_begin_sync(struct crawl_log *log, struct sync_file *file_out)
{
	bool is_unsynced = log->is_unsynced;
	log->is_unsynced = false;
	*file_out = (struct sync_file){log->fd, log->path};
	return is_unsynced;
}

int crawl_log_sync(struct crawl_log *log, struct flong_error *err)
{
	struct sync_file file;
	if (!crawl_log_begin_sync(log, &file)) {
		return FLONG_OK;
	}
	return io_sync_data(log->fd) == 0
		       ? FLONG_OK
		       : error_set_errno(err, FLONG_E_IO, errno, "syncing '%s'", log->path);
}
