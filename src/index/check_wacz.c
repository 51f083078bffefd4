/* SPDX-License-Identifier: MIT */
/* check_wacz.c - a WACZ file as a set: its ZIP structure, what it says of itself, and all its files
 */
#include "index/check_wacz.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "index/check_names.h"
#include "index/check_wacz_state.h"

#define PAGES_FILE "pages/pages.jsonl"

static void give_of_package(void *context, const char *file, const struct check_finding *finding)
{
	struct check_wacz_state *run = context;
	const struct check_set_hooks *hooks = run->options->hooks;
	hooks->finding(hooks->context, check_wacz_name(run, file), finding);
}

/* --- ranges of its files -----------------------------------------------------------------------
 */

static int open_range(const struct check_wacz_state *run, const struct wacz_file *file,
	uint64_t offset, uint64_t length, struct source **source_out, struct flong_error *err)
{
	*source_out = NULL;
	/* Ranges of deflated files are not read: each would cost all that is before it. */
	if (file == NULL || !file->is_stored || offset > file->size) {
		return error_set(err, FLONG_E_NOT_FOUND, "there is no such range");
	}
	uint64_t left = file->size - offset;
	*source_out = source_from_fd_range(zip_reader_fd(wacz_reader_zip(run->reader)),
		(off_t)(file->entry->data_offset + offset), length < left ? length : left);
	return FLONG_OK;
}

static const struct wacz_file *find_in(
	const struct check_wacz_state *run, const char *folder, struct bytes name)
{
	SCOPED(buf_clear) struct buf path = {0};
	buf_addf(&path, "%s/", folder);
	buf_add(&path, name);
	return wacz_reader_find(run->reader, buf_bytes(&path));
}

static int open_part(void *context, struct bytes filename, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	const struct check_wacz_state *run = context;
	return open_range(run, find_in(run, "archive", filename), offset, length, source_out, err);
}

static int open_block(void *context, const char *part, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	const struct check_wacz_state *run = context;
	return open_range(
		run, find_in(run, "indexes", bytes_of(part)), offset, length, source_out, err);
}

static int size_of_blocks(
	void *context, const char *part, uint64_t *size_out, struct flong_error *err)
{
	const struct wacz_file *file = find_in(context, "indexes", bytes_of(part));
	if (file == NULL) {
		return error_set(err, FLONG_E_NOT_FOUND, "there is no such file");
	}
	*size_out = file->size;
	return FLONG_OK;
}

/* --- each file as what it is --------------------------------------------------------------------
 */

static int add_content(struct check_wacz_state *run, const struct wacz_file *file,
	enum check_name kind, struct flong_error *err)
{
	struct source *source = NULL;
	if (kind == CHECK_NAME_OTHER || kind == CHECK_NAME_STRANGE) {
		return FLONG_OK;
	}
	int rc = wacz_reader_open_file_at(run->reader, file, 0, &source, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	SCOPED(free_textp) char *name = alloc_copy(check_wacz_name(run, file->path));
	const struct check_set_warc warc = {.name = name,
		.filename = file->path + strlen("archive/"),
		.is_unfinished = bytes_ends(bytes_of(file->path), BYTES(".open"))};
	const struct check_set_blocks blocks = {
		.name = name, .size = size_of_blocks, .open = open_block, .place = run};
	if (kind == CHECK_NAME_WARC) {
		rc = check_set_add_warc(run->set, source, &warc, err);
	} else if (kind == CHECK_NAME_INDEX) {
		rc = check_set_add_index(run->set, source, name, err);
	} else if (kind == CHECK_NAME_BLOCKS) {
		rc = check_set_add_blocks(run->set, source, &blocks, err);
	} else {
		rc = check_set_add_pages(run->set, source, name, err);
	}
	if (rc == FLONG_E_UNSUPPORTED) {
		check_wacz_say(run, file->path, CHECK_ERROR, "W-51", "%s", err->message);
		rc = FLONG_OK;
	}
	return rc;
}

static int check_one(
	struct check_wacz_state *run, const struct wacz_file *file, struct flong_error *err)
{
	const struct check_wacz_options *options = run->options;
	char digest[DIGEST_TEXT_SIZE];
	enum check_name kind = check_names_of(bytes_of(file->path));
	run->summary->files++;
	run->summary->bytes += file->size;
	int rc = check_wacz_file(run, file, digest, err);
	if (rc == FLONG_OK) {
		rc = add_content(run, file, kind, err);
	}
	if (rc == FLONG_OK && options->file != NULL) {
		options->file(options->hooks->context, check_wacz_name(run, file->path), file->size,
			digest);
	}
	return rc;
}

/* --- the package --------------------------------------------------------------------------------
 */

static void check_index_names(struct check_wacz_state *run)
{
	bool has_cdx = wacz_reader_find(run->reader, BYTES("indexes/index.cdx")) != NULL;
	for (size_t i = 0; i < wacz_reader_count(run->reader); i++) {
		const char *path = wacz_reader_at(run->reader, i)->path;
		if (check_names_of(bytes_of(path)) != CHECK_NAME_INDEX) {
			continue;
		}
		if (!bytes_ends(bytes_of(path), BYTES(".gz"))) {
			if (!has_cdx && run->kinds[CHECK_NAME_BLOCKS] == 0) {
				check_wacz_say(run, path, CHECK_ADVICE, "W-40",
					"programs that unpack the package look for "
					"indexes/index.cdx");
			}
		} else if (run->kinds[CHECK_NAME_BLOCKS] == 0) {
			check_wacz_say(run, path, CHECK_ERROR, "W-35",
				"there is no index of its blocks (.idx): players do not see the "
				"rows");
		}
	}
}

/* What a package should have and has not. */
static void check_layout(struct check_wacz_state *run)
{
	if (run->summary->package.is_multi) {
		return;
	}
	if (run->kinds[CHECK_NAME_WARC] == 0) {
		check_wacz_say(run, "", CHECK_ERROR, "W-36", "there is no WARC file in archive/");
	}
	if (run->kinds[CHECK_NAME_INDEX] == 0) {
		check_wacz_say(run, "", CHECK_ERROR, "W-40", "there is no index in indexes/");
	}
	if (wacz_reader_find(run->reader, BYTES(PAGES_FILE)) == NULL) {
		check_wacz_say(
			run, "", CHECK_ERROR, "W-41", "there is no list of pages, " PAGES_FILE);
	}
	check_index_names(run);
}

static void check_listed(struct check_wacz_state *run)
{
	const struct wacz_manifest *manifest = &run->summary->package.manifest;
	for (size_t i = 0; i < manifest->count && !run->summary->package.is_multi; i++) {
		const char *path = manifest->resources[i].path;
		if (wacz_reader_find(run->reader, bytes_of(path)) == NULL) {
			check_wacz_say(run, CHECK_PACKAGE_FILE, CHECK_ERROR, "W-37",
				"'%s' is listed, and is not there", path);
		}
	}
}

static int add_main_page(struct check_wacz_state *run, struct flong_error *err)
{
	const struct check_package *package = &run->summary->package;
	struct check_join_page page = {.url = buf_bytes(&package->main_url)};
	page.has_no_time = !clock_parse_iso(buf_bytes(&package->main_date), &page.time_ms);
	if (page.url.len == 0) {
		return FLONG_OK;
	}
	SCOPED(free_textp) char *name = alloc_copy(check_wacz_name(run, CHECK_PACKAGE_FILE));
	return check_set_add_page(run->set, name, &page, err);
}

static void count_kinds(struct check_wacz_state *run)
{
	for (size_t i = 0; i < wacz_reader_count(run->reader); i++) {
		run->kinds[check_names_of(bytes_of(wacz_reader_at(run->reader, i)->path))]++;
	}
}

static int check_all(struct check_wacz_state *run, struct flong_error *err)
{
	struct check_package *package = &run->summary->package;
	package->finding = give_of_package;
	package->context = run;
	uint64_t unclaimed = zip_reader_unclaimed(wacz_reader_zip(run->reader));
	if (unclaimed > 0) {
		check_wacz_say(run, "", CHECK_WARNING, "W-66",
			"%llu bytes of the ZIP file belong to no file",
			(unsigned long long)unclaimed);
	}
	check_layout(run);
	int rc = check_package_read(package, run->reader, err);
	if (rc == FLONG_OK) {
		check_listed(run);
		rc = add_main_page(run, err);
	}
	for (size_t i = 0; rc == FLONG_OK && i < wacz_reader_count(run->reader); i++) {
		rc = check_one(run, wacz_reader_at(run->reader, i), err);
	}
	return rc == FLONG_OK ? check_set_finish(run->set, &run->summary->joined, err) : rc;
}

/* The ZIP file is refused: its only finding. */
static void say_refusal(struct check_wacz_state *run, int rc, const struct flong_error *reason)
{
	struct flong_error ignored;
	SCOPED(zip_reader_closep) struct zip_reader *zip = NULL;
	bool is_zip =
		rc == FLONG_E_UNSUPPORTED && zip_reader_open(run->path, &zip, &ignored) == FLONG_OK;
	struct bytes text = bytes_of(reason->message);
	size_t length = strlen(run->path);
	if (bytes_starts(text, bytes_of(run->path))) { /* the finding names it already */
		text = bytes_slice(text, length, text.len);
	}
	bool has_colon = bytes_starts(text, BYTES(": "));
	text = bytes_slice(text, has_colon ? 2 : 0, text.len);
	SCOPED(free_textp) char *message = alloc_text(text.ptr, text.len);
	check_wacz_say(run, "", CHECK_ERROR, is_zip ? "W-36" : "W-66", "%s%s",
		text.len > 0 && text.ptr[0] == ' ' ? "it" : "", message);
}

static void clear(struct check_wacz_state *run)
{
	check_set_close(run->set);
	wacz_reader_close(run->reader);
	buf_clear(&run->name);
	free(run->room);
}

void check_wacz_clear(struct check_wacz_summary *summary)
{
	check_package_clear(&summary->package);
}

int check_wacz_run(const char *path, const struct check_wacz_options *options,
	struct check_wacz_summary *summary_out, struct flong_error *err)
{
	*summary_out = (struct check_wacz_summary){0};
	SCOPED(clear)
	struct check_wacz_state run = {.path = path, .options = options, .summary = summary_out};
	int rc = wacz_reader_open(path, &run.reader, err);
	if (rc == FLONG_E_NOT_FOUND || rc == FLONG_E_IO) {
		return rc;
	}
	if (rc < 0) {
		say_refusal(&run, rc, err);
		return FLONG_OK;
	}
	if (wacz_reader_zip(run.reader) == NULL) {
		return error_set(err, FLONG_E_USAGE, "'%s' is a directory", path);
	}
	struct check_set_hooks hooks = *options->hooks;
	hooks.open = open_part;
	hooks.open_context = &run;
	count_kinds(&run);
	const struct check_set_options set_options = {.is_whole = true,
		.has_rows = run.kinds[CHECK_NAME_INDEX] > 0,
		.temp_dir = options->temp_dir};
	run.room = ALLOC_ARRAY(char, CHECK_WACZ_READ_BYTES);
	run.set = check_set_create(&set_options, &hooks);
	summary_out->is_readable = true;
	rc = check_all(&run, err);
	return rc;
}
