/* SPDX-License-Identifier: MIT */
/* run_file.c - state/run: what the current run of a collection was told */
#include "crawl/run_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/limits.h"

#define FIRST_LINE "flong run 1"

void run_file_clear(struct run_file *run)
{
	crawl_texts_clear(&run->seeds);
	buf_clear(&run->options);
}

static char *path_of(const char *dir)
{
	SCOPED(free_textp) char *state = files_join(dir, "state");
	return files_join(state, "run");
}

static bool read_line(struct bytes line, struct run_file *run)
{
	struct bytes name = line;
	struct bytes value = {NULL, 0};
	(void)bytes_cut(line, ' ', &name, &value);
	if (bytes_equal(name, BYTES("finished"))) {
		run->is_finished = true;
	} else if (bytes_equal(name, BYTES("log"))) {
		return bytes_to_u64(value, INT64_MAX, &run->log_start);
	} else if (bytes_equal(name, BYTES("seed"))) {
		SCOPED(free_textp) char *seed = alloc_text(value.ptr, value.len);
		crawl_texts_add(&run->seeds, seed);
	} else if (bytes_equal(name, BYTES("option"))) {
		buf_add(&run->options, value);
		buf_add_char(&run->options, '\n');
	} else {
		return false;
	}
	return true;
}

int run_file_read(const char *dir, struct run_file *run_out, struct flong_error *err)
{
	SCOPED(free_textp) char *path = path_of(dir);
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_RUN_FILE_BYTES);
	SCOPED(run_file_clear) struct run_file run = {0};
	int rc = files_read(path, &text, err);
	if (rc < 0) {
		return rc;
	}
	struct bytes rest = buf_bytes(&text);
	struct bytes line;
	unsigned number = 0;
	while (bytes_next_line(&rest, &line)) {
		number++;
		bool is_fine =
			number == 1 ? bytes_equal(line, BYTES(FIRST_LINE)) : read_line(line, &run);
		if (!is_fine) {
			return error_set(err, FLONG_E_FORMAT, "%s: line %u is not one of ours",
				path, number);
		}
	}
	if (number == 0) {
		return error_set(err, FLONG_E_FORMAT, "%s is empty", path);
	}
	*run_out = run;
	run = (struct run_file){0};
	return FLONG_OK;
}

static int format(
	const char *path, const struct run_file *run, struct buf *text_out, struct flong_error *err)
{
	*text_out = buf_with_max(LIMIT_RUN_FILE_BYTES);
	buf_addf(text_out, FIRST_LINE "\n%slog %llu\n", run->is_finished ? "finished\n" : "",
		(unsigned long long)run->log_start);
	for (size_t i = 0; i < run->seeds.count; i++) {
		buf_addf(text_out, "seed %s\n", run->seeds.items[i]);
	}
	struct bytes rest = buf_bytes(&run->options);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		buf_add_text(text_out, "option ");
		buf_add(text_out, line);
		buf_add_char(text_out, '\n');
	}
	return buf_failed(text_out) ? error_set(err, FLONG_E_LIMIT, "%s: too many seeds", path)
				    : FLONG_OK;
}

int run_file_write(const char *dir, const struct run_file *run, struct flong_error *err)
{
	SCOPED(free_textp) char *path = path_of(dir);
	SCOPED(buf_clear) struct buf text = {0};
	int rc = format(path, run, &text, err);
	return rc == FLONG_OK ? files_replace_private(path, buf_bytes(&text), err) : rc;
}

int run_file_note(const char *dir, const struct run_file *run, struct flong_error *err)
{
	SCOPED(free_textp) char *path = path_of(dir);
	SCOPED(buf_clear) struct buf text = {0};
	int rc = format(path, run, &text, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(files_close_fd)
	int fd = io_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "making '%s'", path);
	}
	return files_write_all(fd, buf_bytes(&text), path, err);
}
