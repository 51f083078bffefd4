/* SPDX-License-Identifier: MIT */
/* removal.c - WARC files, or the captures of a URL, leave a collection */
#include "crawl/removal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/stream.h"
#include "crawl/job_archive.h"
#include "crawl/removal_forget.h"
#include "index/indexer_write.h"
#include "index/originals.h"
#include "index/wacz_reader.h"

static const char journal_name[] = "state/removal.json";
/* Files that were written anew, until they take the place of the old ones. */
static const char renewed_dir[] = "state/renewed";
/* The journal's phases. */
static const char phase_copy[] = "copy";
static const char phase_remove[] = "remove";

void removal_clear(struct removal *removal)
{
	buf_clear(&removal->files);
	buf_clear(&removal->runs);
	buf_clear(&removal->segment);
	buf_clear(&removal->url);
	buf_clear(&removal->reason);
	buf_clear(&removal->renewed);
}

static int write_journal(
	const char *dir, const struct removal *removal, const char *phase, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(dir, journal_name);
	SCOPED(buf_clear) struct buf json = buf_with_max(LIMIT_REPORT_JSON_BYTES);
	buf_add_char(&json, '{');
	json_add_member(&json, "phase", bytes_of(phase));
	json_add_member(&json, "segment", buf_bytes(&removal->segment));
	json_add_member_lines(&json, "files", &removal->files);
	json_add_member_lines(&json, "runs", &removal->runs);
	json_add_member(&json, "url", buf_bytes(&removal->url));
	json_add_member(&json, "reason", buf_bytes(&removal->reason));
	json_add_member_lines(&json, "renewed", &removal->renewed);
	buf_add_text(&json, "}\n");
	return files_replace_private(path, buf_bytes(&json), err);
}

static void take_list(const struct json *list, struct buf *lines)
{
	for (size_t i = 0; i < json_count(list); i++) {
		buf_add(lines, json_text(json_at(list, i)));
		buf_add_char(lines, '\n');
	}
}

/* Reads the journal at `path`. */
static int read_journal(
	const char *path, struct removal *removal, bool *removes_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_REPORT_JSON_BYTES);
	SCOPED(json_closep) struct json_document *document = NULL;
	int rc = files_read(path, &text, err);
	if (rc == FLONG_OK) {
		rc = json_parse(buf_bytes(&text), JSON_STRICT, &document, err);
	}
	if (rc < 0) {
		return error_context(err, "%s", path);
	}
	const struct json *root = json_root(document);
	*removes_out = bytes_equal(json_text(json_get(root, "phase")), bytes_of(phase_remove));
	buf_add(&removal->segment, json_text(json_get(root, "segment")));
	take_list(json_get(root, "files"), &removal->files);
	take_list(json_get(root, "runs"), &removal->runs);
	buf_add(&removal->url, json_text(json_get(root, "url")));
	buf_add(&removal->reason, json_text(json_get(root, "reason")));
	take_list(json_get(root, "renewed"), &removal->renewed);
	return FLONG_OK;
}

/* DIR/SUB/NAME+SUFFIX, owned. */
static char *path_of(const char *dir, const char *sub, struct bytes name, const char *suffix)
{
	SCOPED(free_textp) char *folder = files_join(dir, sub);
	SCOPED(buf_clear) struct buf base = {0};
	buf_add(&base, name);
	buf_add_text(&base, suffix);
	return files_join(folder, buf_text(&base));
}

static int remove_file(const char *path, struct flong_error *err)
{
	return io_unlink(path) == 0 || errno == ENOENT
		       ? FLONG_OK
		       : error_set_errno(err, FLONG_E_IO, errno, "%s", path);
}

/* A name from the journal that is only a name. */
static bool is_name(struct bytes name)
{
	return name.len > 0 && name.ptr[0] != '.' && bytes_find_char(name, '/', 0) == SIZE_MAX;
}

/* The rows of the file `warc`, as `rows`, synced. */
static int write_rows(const char *dir, const char *warc, const char *rows, struct flong_error *err)
{
	SCOPED(free_textp) char *state = files_join(dir, "state");
	SCOPED(files_close_fd)
	int fd = io_open(rows, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", rows);
	}
	const struct indexer_form form = {
		.line = {.digits = 17, .record_digest = true}, .post = true, .temp_dir = state};
	const char *const paths[] = {warc};
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	int rc = indexer_write(paths, 1, &form, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, rows, err);
	}
	return rc == FLONG_OK ? files_sync_parent(rows, err) : rc;
}

/* Those of the new file beside those of the others. */
static int write_segment_rows(
	const char *dir, const struct removal *removal, struct flong_error *err)
{
	SCOPED(free_textp) char *warc = path_of(dir, "archive", buf_bytes(&removal->segment), "");
	SCOPED(free_textp)
	char *rows = path_of(dir, "state", buf_bytes(&removal->segment), ".rows");
	return write_rows(dir, warc, rows, err);
}

/* Bytes less in a file that was written anew. */
static uint64_t bytes_saved(const char *before, const char *after)
{
	struct flong_error ignored = {0};
	uint64_t old_size = 0;
	uint64_t new_size = 0;
	(void)!files_size(before, &old_size, &ignored);
	(void)!files_size(after, &new_size, &ignored);
	return old_size > new_size ? old_size - new_size : 0;
}

/* "TIME BYTES FILE", and the URL and the reason when only its captures go. What is not there any
 * more was logged by a removal that was interrupted. */
static void add_log_lines(const char *dir, struct removal *removal, struct buf *text)
{
	char now[CLOCK_ISO_SIZE];
	struct bytes rest = buf_bytes(&removal->files);
	struct bytes line;
	clock_format_iso_s(clock_wall_ms(), now);
	while (bytes_next_line(&rest, &line)) {
		SCOPED(free_textp) char *warc = path_of(dir, "archive", line, "");
		uint64_t size = 0;
		struct flong_error gone = {0};
		if (files_size(warc, &size, &gone) == FLONG_OK) {
			removal->removed_bytes += size;
			buf_addf(text, "%s %llu " BYTES_FMT "\n", now, (unsigned long long)size,
				BYTES_ARG(line));
		}
	}
	rest = buf_bytes(&removal->renewed);
	while (bytes_next_line(&rest, &line)) {
		SCOPED(free_textp) char *before = path_of(dir, "archive", line, "");
		SCOPED(free_textp) char *after = path_of(dir, renewed_dir, line, "");
		if (files_exists(after)) {
			uint64_t bytes = bytes_saved(before, after);
			removal->removed_bytes += bytes;
			buf_addf(text, "%s %llu " BYTES_FMT " %s %s\n", now,
				(unsigned long long)bytes, BYTES_ARG(line), buf_text(&removal->url),
				removal->reason.len > 0 ? buf_text(&removal->reason) : "-");
		}
	}
}

/* Each file that goes, or loses captures, has a line. */
static int log_removal(const char *dir, struct removal *removal, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(free_textp) char *path = files_join(dir, "logs/removed.log");
	SCOPED(free_textp) char *logs = files_join(dir, "logs");
	int rc = files_make_dir(logs, err);
	if (rc < 0) {
		return rc;
	}
	add_log_lines(dir, removal, &text);
	SCOPED(files_close_fd)
	int fd = io_open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", path);
	}
	rc = files_write_all(fd, buf_bytes(&text), path, err);
	return rc == FLONG_OK ? files_finish(&fd, path, err) : rc;
}

/* The files that were written anew, and their rows, take the place of the old ones. */
static int put_renewed(const char *dir, const struct removal *removal, struct flong_error *err)
{
	static const struct {
		const char *sub, *suffix;
	} places[] = {{"archive", ""}, {"state", ".rows"}};
	struct bytes rest = buf_bytes(&removal->renewed);
	struct bytes line;
	int rc = FLONG_OK;
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		for (size_t i = 0; rc == FLONG_OK && is_name(line) && i < 2; i++) {
			SCOPED(free_textp)
			char *from = path_of(dir, renewed_dir, line, places[i].suffix);
			SCOPED(free_textp)
			char *to = path_of(dir, places[i].sub, line, places[i].suffix);
			rc = files_exists(from) ? files_replace_by(from, to, err) : FLONG_OK;
		}
	}
	return rc;
}

static int delete_files(const char *dir, const struct removal *removal, struct flong_error *err)
{
	static const struct {
		const char *sub, *suffix;
	} places[] = {{"archive", ""}, {"state", ".rows"}};
	struct bytes rest = buf_bytes(&removal->files);
	struct bytes line;
	int rc = FLONG_OK;
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		for (size_t i = 0; rc == FLONG_OK && is_name(line) && i < 2; i++) {
			SCOPED(free_textp)
			char *path = path_of(dir, places[i].sub, line, places[i].suffix);
			rc = remove_file(path, err);
		}
	}
	rest = buf_bytes(&removal->runs);
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		SCOPED(buf_clear) struct buf name = {0};
		buf_add_text(&name, "run-");
		buf_add(&name, line);
		SCOPED(free_textp)
		char *path = path_of(dir, "reports", buf_bytes(&name), ".json");
		rc = is_name(line) ? remove_file(path, err) : FLONG_OK;
	}
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	return rc == FLONG_OK ? files_sync_dir(archive, err) : rc;
}

/* From here on there is no way back, and each step can be made again. */
static int finish_removal(const char *dir, struct removal *removal, struct flong_error *err)
{
	SCOPED(free_textp) char *journal = files_join(dir, journal_name);
	SCOPED(free_textp) char *renewed = files_join(dir, renewed_dir);
	int rc = log_removal(dir, removal, err);
	if (rc == FLONG_OK) {
		rc = put_renewed(dir, removal, err);
	}
	if (rc == FLONG_OK) {
		rc = removal_forget(dir, removal, err);
	}
	if (rc == FLONG_OK) {
		rc = delete_files(dir, removal, err);
	}
	if (rc == FLONG_OK && files_exists(renewed)) {
		rc = files_remove_tree(renewed, err);
	}
	return rc == FLONG_OK ? remove_file(journal, err) : rc;
}

/* Nothing has gone yet: what was copied is not needed. */
static int undo(const char *dir, const struct removal *removal, struct flong_error *err)
{
	static const struct {
		const char *sub, *suffix;
	} places[] = {{"archive", ".open"}, {"archive", ""}, {"state", ".rows"}};
	SCOPED(free_textp) char *journal = files_join(dir, journal_name);
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && is_name(buf_bytes(&removal->segment)) && i < 3; i++) {
		SCOPED(free_textp)
		char *path =
			path_of(dir, places[i].sub, buf_bytes(&removal->segment), places[i].suffix);
		rc = remove_file(path, err);
	}
	SCOPED(free_textp) char *renewed = files_join(dir, renewed_dir);
	if (rc == FLONG_OK && files_exists(renewed)) {
		rc = files_remove_tree(renewed, err);
	}
	return rc == FLONG_OK ? remove_file(journal, err) : rc;
}

static bool goes(void *context, const char *file)
{
	const struct removal *removal = context;
	return job_archive_lists(&removal->files, bytes_of(file));
}

static bool stays(void *context, const char *file)
{
	return !goes(context, file);
}

/* Writes the files that have the URL anew, with their rows, beside the old ones. */
static int renew_files(const char *dir, struct removal *removal, struct flong_error *err)
{
	SCOPED(free_textp) char *state = files_join(dir, "state");
	SCOPED(free_textp) char *renewed = files_join(dir, renewed_dir);
	SCOPED(wacz_reader_closep) struct wacz_reader *collection = NULL;
	int rc = wacz_reader_open(dir, &collection, err);
	if (rc == FLONG_OK) {
		rc = files_make_dir(renewed, err);
	}
	for (size_t i = 0; rc == FLONG_OK && i < wacz_reader_count(collection); i++) {
		const struct wacz_file *file = wacz_reader_at(collection, i);
		struct bytes name = bytes_of(files_base_name(file->path));
		if (!wacz_reader_is_archive(file)) {
			continue;
		}
		SCOPED(free_textp) char *path = files_join(dir, file->path);
		SCOPED(free_textp) char *out_path = path_of(dir, renewed_dir, name, "");
		SCOPED(free_textp) char *rows = path_of(dir, renewed_dir, name, ".rows");
		const struct excise_options options = {.collection = collection,
			.url = buf_bytes(&removal->url),
			.path = path,
			.out_path = out_path,
			.temp_dir = state};
		bool is_changed = false;
		rc = excise_file(&options, &removal->counts, &is_changed, err);
		if (rc == FLONG_OK && is_changed) {
			buf_add(&removal->renewed, name);
			buf_add_char(&removal->renewed, '\n');
			rc = write_rows(dir, out_path, rows, err);
		}
	}
	return rc;
}

/* Nothing has the URL, or something went wrong: what was begun is undone at once. */
static int prepare_url(const char *dir, struct removal *removal, struct flong_error *err)
{
	struct flong_error ignored = {0};
	int rc = write_journal(dir, removal, phase_copy, err);
	if (rc == FLONG_OK) {
		rc = renew_files(dir, removal, err);
	}
	if (rc == FLONG_OK && removal->counts.records == 0) {
		rc = error_set(err, FLONG_E_NOT_FOUND, "%s has no capture of %s", dir,
			buf_text(&removal->url));
	}
	if (rc < 0) {
		(void)!undo(dir, removal, &ignored); /* else the next command does it */
		return rc;
	}
	return write_journal(dir, removal, phase_remove, err);
}

/* Copies what is needed, then makes the removal final. */
static int prepare(const char *dir, struct removal *removal, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	SCOPED(free_textp) char *state = files_join(dir, "state");
	char stamp[CLOCK_DIGITS_SIZE];
	int64_t now_ms = clock_wall_ms();
	clock_format_digits17(now_ms, stamp);
	buf_reset(&removal->segment);
	buf_addf(&removal->segment, REMOVAL_PREFIX "%s.warc.gz", stamp);
	int rc = write_journal(dir, removal, phase_copy, err);
	const struct originals_options options = {.dir = dir,
		.is_kept = stays,
		.is_left = goes,
		.context = removal,
		.out_dir = archive,
		.name = buf_text(&removal->segment),
		.temp_dir = state,
		.now_ms = now_ms};
	if (rc == FLONG_OK) {
		rc = originals_copy(&options, &removal->originals, err);
	}
	if (rc == FLONG_OK && removal->originals > 0) {
		rc = write_segment_rows(dir, removal, err);
	} else if (rc == FLONG_OK) {
		buf_reset(&removal->segment);
	}
	return rc == FLONG_OK ? write_journal(dir, removal, phase_remove, err) : rc;
}

int removal_run(const char *dir, struct removal *removal, struct flong_error *err)
{
	int rc = removal->url.len > 0 ? prepare_url(dir, removal, err) : prepare(dir, removal, err);
	return rc == FLONG_OK ? finish_removal(dir, removal, err) : rc;
}

int removal_recover(const char *dir, struct flong_error *err)
{
	SCOPED(free_textp) char *journal = files_join(dir, journal_name);
	SCOPED(removal_clear) struct removal removal = {0};
	bool removes = false;
	if (!files_exists(journal)) {
		return FLONG_OK;
	}
	int rc = read_journal(journal, &removal, &removes, err);
	if (rc < 0) {
		return rc;
	}
	return removes ? finish_removal(dir, &removal, err) : undo(dir, &removal, err);
}
