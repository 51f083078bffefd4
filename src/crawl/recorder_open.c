/* SPDX-License-Identifier: MIT */
/* recorder_open.c - the segment that is written to: a new one, or the one left by a kill
 *
 * The state names it, with the length of it and of its rows that was acknowledged. What is behind
 * is cut off. A kill between two steps of a change of segments leaves either a segment that has its
 * final name already, which is opened again, or one that the state does not know yet, which holds
 * nothing and is removed. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "crawl/recorder_private.h"
#include "warc/reader.h"

/* Where the open segment ends for the state. */
struct position {
	char *name; /* owned: final base name */
	struct segment_end end;
	uint64_t rows;
};

static void position_clear(struct position *position)
{
	free(position->name);
}

int recorder_note_position(struct recorder *recorder, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf position = {0};
	if (recorder->segment != NULL) {
		const struct segment_end end = segment_end(recorder->segment);
		buf_addf(&position, "%s %llu %llu %llu", segment_name(recorder->segment),
			(unsigned long long)end.size, (unsigned long long)rows_size(recorder->rows),
			(unsigned long long)end.last);
	}
	int rc = state_set(recorder->options.state, "segment", buf_bytes(&position), err);
	SCOPED(buf_clear) struct buf serial = {0};
	buf_addf(&serial, "%u", recorder->serial);
	return rc == FLONG_OK
		       ? state_set(recorder->options.state, "serial", buf_bytes(&serial), err)
		       : rc;
}

struct check_hooks recorder_check_hooks(struct recorder *recorder)
{
	return (struct check_hooks){.record = rows_check_record, .context = recorder->rows};
}

/* Each record of the segment is compared with its row as the file is read again: behind the writer
 * on a thread of its own, or with no threads all at once when the segment is finished. */
static int begin_check(struct recorder *recorder, struct flong_error *err)
{
	int rc = rows_begin_check(recorder->rows, err);
	recorder->checkable = 0;
	if (rc < 0 || recorder->options.workers == 0) {
		return rc;
	}
	const struct check_hooks hooks = recorder_check_hooks(recorder);
	return segment_begin_check(recorder->segment, &hooks, err);
}

int recorder_open_segment(struct recorder *recorder, struct flong_error *err)
{
	const struct recorder_options *options = &recorder->options;
	const struct segment_options segment = {
		.exact_name = options->single_name,
		.prefix = options->prefix,
		.host = options->host,
		.serial = recorder->serial,
		.now_ms = options->now_ms(options->now_context),
		.level = options->compress_level,
		.algorithm = options->digest,
		.ids = recorder->ids.is_counted ? &recorder->ids : NULL,
		.info = &options->info,
	};
	int rc = segment_create(recorder->archive_dir, &segment, &recorder->segment, err);
	if (rc == FLONG_OK) {
		recorder->serial++;
		rc = rows_create(
			recorder->state_dir, segment_name(recorder->segment), &recorder->rows, err);
	}
	/* The state will name the file, so its first record must be there. The names last as long
	 * as what is written under them. */
	if (rc == FLONG_OK) {
		rc = segment_sync(recorder->segment, err);
	}
	if (rc == FLONG_OK) {
		rc = files_sync_dir(recorder->archive_dir, err);
	}
	if (rc == FLONG_OK) {
		rc = files_sync_dir(recorder->state_dir, err);
	}
	return rc == FLONG_OK ? begin_check(recorder, err) : rc;
}

static char *with_suffix(const char *name, const char *suffix)
{
	struct buf all = {0};
	buf_addf(&all, "%s%s", name, suffix);
	return buf_take(&all);
}

/* "NAME SIZE ROWS LAST"; without LAST, which older states do not have, the whole segment is read.
 */
static int parse_position(struct bytes text, struct position *position_out, struct flong_error *err)
{
	struct bytes name, rest, size, rows, last;
	bool has_parts = bytes_cut(text, ' ', &name, &rest) && bytes_cut(rest, ' ', &size, &rest);
	bool has_last = has_parts && bytes_cut(rest, ' ', &rows, &last);
	if (!has_parts || !bytes_to_u64(size, INT64_MAX, &position_out->end.size) ||
		!bytes_to_u64(has_last ? rows : rest, INT64_MAX, &position_out->rows) ||
		(has_last && !bytes_to_u64(last, INT64_MAX, &position_out->end.last))) {
		return error_set(err, FLONG_E_FORMAT,
			"crawl state: '" BYTES_FMT "' names no segment", BYTES_ARG(text));
	}
	position_out->name = alloc_text(name.ptr, name.len);
	return FLONG_OK;
}

/* An output of one file takes more after a limit was lifted: it is whole, and so are its rows. */
static int position_of_single(
	struct recorder *recorder, struct position *position_out, struct flong_error *err)
{
	const char *name = recorder->options.single_name;
	if (name == NULL) {
		return FLONG_OK;
	}
	SCOPED(free_textp) char *rows_name = with_suffix(name, ".rows");
	SCOPED(free_textp) char *path = files_join(recorder->archive_dir, name);
	SCOPED(free_textp) char *rows = files_join(recorder->state_dir, rows_name);
	if (!files_exists(path)) {
		return FLONG_OK;
	}
	int rc = files_size(path, &position_out->end.size, err);
	if (rc == FLONG_OK) {
		rc = files_size(rows, &position_out->rows, err);
	}
	if (rc == FLONG_OK) {
		position_out->name = alloc_copy(name);
	}
	return rc;
}

/* The name is empty when the state names no segment. */
static int find_position(
	struct recorder *recorder, struct position *position_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(buf_clear) struct buf serial = {0};
	struct flong_error ignored = {0};
	uint64_t number = 0;
	if (state_get(recorder->options.state, "serial", &serial, &ignored) == FLONG_OK &&
		bytes_to_u64(buf_bytes(&serial), UINT32_MAX, &number)) {
		recorder->serial = (unsigned)number;
	}
	int rc = state_get(recorder->options.state, "segment", &text, err);
	if (rc < 0 && rc != FLONG_E_NOT_FOUND) {
		return rc;
	}
	return rc == FLONG_OK && text.len > 0 ? parse_position(buf_bytes(&text), position_out, err)
					      : position_of_single(recorder, position_out, err);
}

/* Goes on with the segment that the state names, cut back to what was acknowledged. One that was
 * closed before the state came to know of it gets its name of an open one again. */
static int reopen_segment(
	struct recorder *recorder, const struct position *position, struct flong_error *err)
{
	SCOPED(free_textp) char *open_name = with_suffix(position->name, ".open");
	SCOPED(free_textp) char *path = files_join(recorder->archive_dir, open_name);
	SCOPED(free_textp) char *final = files_join(recorder->archive_dir, position->name);
	uint64_t size = 0;
	int rc = FLONG_OK;
	if (!files_exists(path) && files_exists(final)) {
		rc = files_rename_new(final, path, err);
	}
	if (rc == FLONG_OK) {
		rc = files_size(path, &size, err);
	}
	if (rc == FLONG_OK) {
		rc = segment_reopen(
			recorder->archive_dir, open_name, position->end, &recorder->segment, err);
	}
	if (rc == FLONG_OK) {
		rc = rows_reopen(
			recorder->state_dir, position->name, position->rows, &recorder->rows, err);
	}
	if (rc == FLONG_OK) {
		recorder->resumed.is_resumed = true;
		recorder->resumed.cut_bytes = size - position->end.size;
	}
	return rc == FLONG_OK ? begin_check(recorder, err) : rc;
}

/* Whether there is more in a file than a warcinfo record. */
static bool has_captures(const char *path)
{
	struct flong_error ignored = {0};
	const struct reader_record *record = NULL;
	SCOPED(reader_closep) struct reader *reader = NULL;
	int rc = reader_open(path, &reader, &ignored);
	while (rc == FLONG_OK) {
		rc = reader_next(reader, &record, &ignored);
		if (rc == FLONG_OK && record->type != RECORD_WARCINFO) {
			return true;
		}
	}
	return false;
}

/* A segment that was made, and a kill came before the state knew: nothing was written to it. */
static int remove_unknown(
	struct recorder *recorder, const struct position *position, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf names = {0};
	SCOPED(free_textp)
	char *known = with_suffix(position->name == NULL ? "" : position->name, ".open");
	int rc = files_list(recorder->archive_dir, ".open", &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		const char *name = names.ptr + at;
		SCOPED(free_textp) char *path = files_join(recorder->archive_dir, name);
		if (strcmp(name, known) == 0) {
			continue;
		}
		if (has_captures(path)) {
			log_warn("%s: the state does not know it; it is left as it is", path);
			continue;
		}
		SCOPED(free_textp) char *stem = alloc_text(name, strlen(name) - strlen(".open"));
		SCOPED(free_textp) char *rows_name = with_suffix(stem, ".rows");
		SCOPED(free_textp) char *rows = files_join(recorder->state_dir, rows_name);
		rc = files_remove_tree(rows, err);
		if (rc == FLONG_OK) {
			rc = files_remove_tree(path, err);
		}
	}
	return rc;
}

int recorder_open_archive(struct recorder *recorder, struct flong_error *err)
{
	SCOPED(position_clear) struct position position = {0};
	int rc = find_position(recorder, &position, err);
	if (rc == FLONG_OK) {
		rc = remove_unknown(recorder, &position, err);
	}
	if (rc == FLONG_OK) {
		rc = position.name != NULL ? reopen_segment(recorder, &position, err)
					   : recorder_open_segment(recorder, err);
	}
	if (rc == FLONG_OK) {
		rc = segment_finished_bytes(recorder->archive_dir, &recorder->finished_bytes, err);
	}
	if (rc == FLONG_OK) {
		rc = crawl_log_open(
			recorder->options.dir, recorder->options.state, &recorder->log, err);
	}
	if (rc == FLONG_OK) {
		rc = crawl_log_sync(recorder->log, err);
	}
	if (rc == FLONG_OK) {
		rc = recorder_note_position(recorder, err);
	}
	if (rc == FLONG_OK) {
		rc = crawl_log_note(recorder->log, recorder->options.state, err);
	}
	if (rc < 0) {
		return rc;
	}
	(void)snprintf(recorder->resumed.name, sizeof(recorder->resumed.name), "%s",
		segment_name(recorder->segment));
	SCOPED(free_textp) char *logs = files_join(recorder->options.dir, "logs");
	rc = files_sync_dir(logs, err);
	/* The files of the state were opened before; one that a power cut took was made anew. */
	if (rc == FLONG_OK) {
		rc = files_sync_dir(recorder->state_dir, err);
	}
	return rc == FLONG_OK ? state_commit(recorder->options.state, err) : rc;
}
