/* SPDX-License-Identifier: MIT */
/* check_wacz.c - a WACZ file as a set: its ZIP structure, what it says of itself, and all its files
 */
#include "index/check_wacz.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "index/check_names.h"
#include "index/check_say.h"

#define READ_BYTES ((size_t)64 << 10)
#define PAGES_FILE "pages/pages.jsonl"

/* One check of one file. */
struct run {
	const char *path;                         /* borrowed */
	const struct check_wacz_options *options; /* borrowed */
	struct check_wacz_summary *summary;       /* borrowed */
	struct wacz_reader *reader;               /* owned */
	struct check_set *set;                    /* owned */
	size_t kinds[CHECK_NAME_PAGES + 1];       /* files of each kind */
	char *room;                               /* owned, READ_BYTES */
	struct buf name;                          /* "PATH: archive/data.warc.gz" */
};

/* What findings call a file of the package; valid until the next call. */
static const char *name_of(struct run *run, const char *file)
{
	buf_reset(&run->name);
	buf_addf(&run->name, "%s%s%s", run->path, *file == '\0' ? "" : ": ", file);
	return buf_text(&run->name);
}

/* A place that findings are about: the file of that path, or the package ("") . */
struct place {
	struct run *run;
	const char *file;
};

static void give(void *context, const struct check_finding *finding)
{
	const struct place *place = context;
	const struct check_set_hooks *hooks = place->run->options->hooks;
	hooks->finding(hooks->context, name_of(place->run, place->file), finding);
}

static void say(struct run *run, const char *file, enum check_severity severity, const char *rule,
	const char *format, ...) PRINTF_LIKE(5, 6);
static void say(struct run *run, const char *file, enum check_severity severity, const char *rule,
	const char *format, ...)
{
	struct place place = {run, file};
	const struct check_listener listener = {give, &place};
	const struct check_finding finding = {.severity = severity, .rule = rule};
	va_list args;
	va_start(args, format);
	check_say(&listener, &finding, format, args);
	va_end(args);
}

static void give_of_package(void *context, const char *file, const struct check_finding *finding)
{
	struct place place = {context, file};
	give(&place, finding);
}

/* --- ranges of its files -----------------------------------------------------------------------
 */

static int open_range(const struct run *run, const struct wacz_file *file, uint64_t offset,
	uint64_t length, struct source **source_out, struct flong_error *err)
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

static const struct wacz_file *find_in(const struct run *run, const char *folder, struct bytes name)
{
	SCOPED(buf_clear) struct buf path = {0};
	buf_addf(&path, "%s/", folder);
	buf_add(&path, name);
	return wacz_reader_find(run->reader, buf_bytes(&path));
}

static int open_part(void *context, struct bytes filename, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	const struct run *run = context;
	return open_range(run, find_in(run, "archive", filename), offset, length, source_out, err);
}

static int open_block(void *context, const char *part, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	const struct run *run = context;
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

/* --- each file as a part of the ZIP file --------------------------------------------------------
 */

static void check_entry(struct run *run, const struct wacz_file *file)
{
	struct bytes path = bytes_of(file->path);
	bool is_archive = bytes_starts(path, BYTES("archive/"));
	if (!file->is_stored && (is_archive || bytes_ends(path, BYTES(".gz")))) {
		say(run, file->path, CHECK_ERROR, "W-39",
			"the file is deflated in the ZIP file: players cannot read ranges of it");
	}
	if ((file->entry->oddities & ZIP_ODD_LOCAL_EXTRA) != 0) {
		say(run, file->path, CHECK_ERROR, "W-39",
			"an extra field stands in its local header only: ReplayWeb.page does not "
			"find the data");
	}
	if ((file->entry->oddities & ZIP_ODD_NAME) != 0) {
		say(run, file->path, CHECK_WARNING, "W-66",
			"its name is not ASCII, and not marked as UTF-8: programs read another "
			"name");
	}
}

/* Where files may lie: players look one folder deep, validators compare two parts of a path. */
static void check_place(struct run *run, const struct wacz_file *file, enum check_name kind)
{
	static const char *const folders[] = {"archive/", "indexes/", "pages/"};
	struct bytes path = bytes_of(file->path);
	size_t slash = bytes_find_char(path, '/', 0);
	bool is_deep = slash != SIZE_MAX && bytes_find_char(path, '/', slash + 1) != SIZE_MAX;
	bool is_ours = strcmp(file->path, CHECK_PACKAGE_FILE) == 0 ||
		       strcmp(file->path, CHECK_PACKAGE_DIGEST_FILE) == 0;
	bool is_custom = false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		bool is_here = bytes_starts(path, bytes_of(folders[i]));
		is_custom = is_custom ||
			    (is_here && (kind == CHECK_NAME_OTHER || kind == CHECK_NAME_STRANGE));
	}
	if (is_deep) {
		say(run, file->path, kind == CHECK_NAME_OTHER ? CHECK_ADVICE : CHECK_WARNING,
			"W-36", "the file lies in a folder of a folder: %s",
			kind == CHECK_NAME_OTHER ? "py-wacz refuses the package"
						 : "players do not find it, py-wacz refuses it");
	} else if (slash == SIZE_MAX && !is_ours) {
		say(run, file->path, CHECK_ADVICE, "W-36",
			"the file lies beside datapackage.json: py-wacz refuses the package");
	}
	if (is_custom) {
		say(run, file->path, CHECK_WARNING, "W-36",
			"the file is no part of a WACZ, and does not belong into this folder");
	}
}

/* --- each file against datapackage.json ---------------------------------------------------------
 */

static void compare(struct run *run, const struct wacz_file *file,
	const struct wacz_resource *resource, const struct digest *found)
{
	bool is_right = true;
	if (resource->has_size && resource->size != file->size) {
		is_right = false;
		say(run, file->path, CHECK_ERROR, "W-37",
			"the file has %llu bytes, datapackage.json says %llu",
			(unsigned long long)file->size, (unsigned long long)resource->size);
	}
	if (resource->has_hash && !digest_equal(&resource->hash, found)) {
		char text[DIGEST_TEXT_SIZE];
		digest_format_hex(found, text);
		is_right = false;
		say(run, file->path, CHECK_ERROR, "W-37",
			"the hash is not the one in datapackage.json: that of the file is %s",
			text);
	}
	if (resource->has_hash) {
		run->summary->hashes_right += is_right;
		run->summary->hashes_wrong += !is_right;
	}
}

/* The digests of a file: that of its resource, and SHA-256 for the caller. */
struct sums {
	struct digester *of_resource; /* owned; NULL: the other one will do */
	struct digester *sha256;      /* owned */
};

/* Reads all of it, so that its checksum is compared too. What is damaged is a finding. */
static int sum_up(struct run *run, const struct wacz_file *file, const struct sums *sums,
	struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	int rc = wacz_reader_open_file(run->reader, file, &source, err);
	while (rc == FLONG_OK) {
		size_t got = 0;
		rc = source_read(source, run->room, READ_BYTES, &got, err);
		struct bytes part = bytes_from(run->room, rc == FLONG_OK ? got : 0);
		digester_add(sums->sha256, part);
		if (sums->of_resource != NULL) {
			digester_add(sums->of_resource, part);
		}
	}
	if (rc == FLONG_E_DAMAGED) {
		say(run, file->path, CHECK_ERROR, "W-66", "%s", err->message);
		rc = FLONG_END;
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* The SHA-256 is in `text` then. */
static int check_sums(struct run *run, const struct wacz_file *file, char text[DIGEST_TEXT_SIZE],
	struct flong_error *err)
{
	const struct check_package *package = &run->summary->package;
	const struct wacz_resource *resource = wacz_manifest_find(&package->manifest, file->path);
	bool is_other =
		resource != NULL && resource->has_hash && resource->hash.algorithm != DIGEST_SHA256;
	struct sums sums = {
		.of_resource = is_other ? digester_create(resource->hash.algorithm) : NULL,
		.sha256 = digester_create(DIGEST_SHA256)};
	int rc = sum_up(run, file, &sums, err);
	struct digest sha256 = digester_end(sums.sha256);
	struct digest own = is_other ? digester_end(sums.of_resource) : sha256;
	digest_format_hex(&sha256, text);
	digester_close(sums.of_resource);
	digester_close(sums.sha256);
	if (rc != FLONG_OK || bytes_starts(bytes_of(file->path), BYTES("datapackage"))) {
		return rc;
	}
	if (resource != NULL) {
		compare(run, file, resource, &own);
	} else if (package->is_readable) {
		run->summary->unlisted++;
		say(run, file->path, CHECK_ERROR, "W-37",
			"datapackage.json does not list the file");
	}
	return rc;
}

/* --- each file as what it is --------------------------------------------------------------------
 */

static int add_content(struct run *run, const struct wacz_file *file, enum check_name kind,
	struct flong_error *err)
{
	struct source *source = NULL;
	if (kind == CHECK_NAME_OTHER || kind == CHECK_NAME_STRANGE) {
		return FLONG_OK;
	}
	int rc = wacz_reader_open_file_at(run->reader, file, 0, &source, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	SCOPED(free_textp) char *name = alloc_copy(name_of(run, file->path));
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
		say(run, file->path, CHECK_ERROR, "W-51", "%s", err->message);
		rc = FLONG_OK;
	}
	return rc;
}

static int check_one(struct run *run, const struct wacz_file *file, struct flong_error *err)
{
	const struct check_wacz_options *options = run->options;
	char digest[DIGEST_TEXT_SIZE];
	enum check_name kind = check_names_of(bytes_of(file->path));
	run->summary->files++;
	run->summary->bytes += file->size;
	check_entry(run, file);
	check_place(run, file, kind);
	int rc = check_sums(run, file, digest, err);
	if (rc == FLONG_OK) {
		rc = add_content(run, file, kind, err);
	}
	if (rc == FLONG_OK && options->file != NULL) {
		options->file(
			options->hooks->context, name_of(run, file->path), file->size, digest);
	}
	return rc;
}

/* --- the package --------------------------------------------------------------------------------
 */

static void check_index_names(struct run *run)
{
	bool has_cdx = wacz_reader_find(run->reader, BYTES("indexes/index.cdx")) != NULL;
	for (size_t i = 0; i < wacz_reader_count(run->reader); i++) {
		const char *path = wacz_reader_at(run->reader, i)->path;
		if (check_names_of(bytes_of(path)) != CHECK_NAME_INDEX) {
			continue;
		}
		if (!bytes_ends(bytes_of(path), BYTES(".gz"))) {
			if (!has_cdx && run->kinds[CHECK_NAME_BLOCKS] == 0) {
				say(run, path, CHECK_ADVICE, "W-40",
					"programs that unpack the package look for "
					"indexes/index.cdx");
			}
		} else if (run->kinds[CHECK_NAME_BLOCKS] == 0) {
			say(run, path, CHECK_ERROR, "W-35",
				"there is no index of its blocks (.idx): players do not see the "
				"rows");
		}
	}
}

/* What a package should have and has not. */
static void check_layout(struct run *run)
{
	if (run->summary->package.is_multi) {
		return;
	}
	if (run->kinds[CHECK_NAME_WARC] == 0) {
		say(run, "", CHECK_ERROR, "W-36", "there is no WARC file in archive/");
	}
	if (run->kinds[CHECK_NAME_INDEX] == 0) {
		say(run, "", CHECK_ERROR, "W-40", "there is no index in indexes/");
	}
	if (wacz_reader_find(run->reader, BYTES(PAGES_FILE)) == NULL) {
		say(run, "", CHECK_ERROR, "W-41", "there is no list of pages, " PAGES_FILE);
	}
	check_index_names(run);
}

static void check_listed(struct run *run)
{
	const struct wacz_manifest *manifest = &run->summary->package.manifest;
	for (size_t i = 0; i < manifest->count && !run->summary->package.is_multi; i++) {
		const char *path = manifest->resources[i].path;
		if (wacz_reader_find(run->reader, bytes_of(path)) == NULL) {
			say(run, CHECK_PACKAGE_FILE, CHECK_ERROR, "W-37",
				"'%s' is listed, and is not there", path);
		}
	}
}

static int add_main_page(struct run *run, struct flong_error *err)
{
	const struct check_package *package = &run->summary->package;
	struct check_join_page page = {.url = buf_bytes(&package->main_url)};
	page.has_no_time = !clock_parse_iso(buf_bytes(&package->main_date), &page.time_ms);
	if (page.url.len == 0) {
		return FLONG_OK;
	}
	SCOPED(free_textp) char *name = alloc_copy(name_of(run, CHECK_PACKAGE_FILE));
	return check_set_add_page(run->set, name, &page, err);
}

static void count_kinds(struct run *run)
{
	for (size_t i = 0; i < wacz_reader_count(run->reader); i++) {
		run->kinds[check_names_of(bytes_of(wacz_reader_at(run->reader, i)->path))]++;
	}
}

static int check_all(struct run *run, struct flong_error *err)
{
	struct check_package *package = &run->summary->package;
	package->finding = give_of_package;
	package->context = run;
	uint64_t unclaimed = zip_reader_unclaimed(wacz_reader_zip(run->reader));
	if (unclaimed > 0) {
		say(run, "", CHECK_WARNING, "W-66", "%llu bytes of the ZIP file belong to no file",
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
static void say_refusal(struct run *run, int rc, const struct flong_error *reason)
{
	struct flong_error ignored;
	SCOPED(zip_reader_closep) struct zip_reader *zip = NULL;
	bool is_zip =
		rc == FLONG_E_UNSUPPORTED && zip_reader_open(run->path, &zip, &ignored) == FLONG_OK;
	struct bytes text = bytes_of(reason->message);
	if (bytes_starts(text, bytes_of(run->path))) { /* the finding names it already */
		text = bytes_slice(text, strlen(run->path), text.len);
		text = bytes_slice(text, bytes_starts(text, BYTES(": ")) ? 2 : 0, text.len);
	}
	SCOPED(free_textp) char *message = alloc_text(text.ptr, text.len);
	say(run, "", CHECK_ERROR, is_zip ? "W-36" : "W-66", "%s", message);
}

static void clear(struct run *run)
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
	struct run run = {.path = path, .options = options, .summary = summary_out};
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
	run.room = ALLOC_ARRAY(char, READ_BYTES);
	run.set = check_set_create(&set_options, &hooks);
	summary_out->is_readable = true;
	rc = check_all(&run, err);
	return rc;
}
