/* SPDX-License-Identifier: MIT */
/* wacz.c - packing a collection directory into one WACZ 1.1.1 file
 *
 * The ZIP writer opens an entry when its turn has come. So each file is read once: its source
 * passes the bytes through a digester, and datapackage.json, the last entry but one, is made when
 * all digests are there; datapackage-digest.json after it in the same way. */
#include "index/wacz.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ahead.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"
#include "index/sign.h"
#include "index/wacz_index.h"
#include "index/zip.h"

#define DATAPACKAGE_MAX ((size_t)64 << 20)
#define PLAIN_INDEX "indexes/index.cdx"

/* One packed file. */
struct member {
	const char
		*dir;  /* borrowed: the collection; NULL for a file that was made for the package */
	char *path;    /* owned: "archive/x.warc.gz" */
	int fd;        /* borrowed: of a file that was made */
	uint64_t size; /* once opened */
	struct digest hash;
	bool hashed; /* it was read to its end */
};

struct package {
	const struct wacz_options *options; /* borrowed */
	struct member *members;             /* owned */
	size_t count;
	const char *text_index;   /* static; NULL for none */
	struct wacz_index blocks; /* instead of the plain index, when that is long */
	struct buf datapackage;
	struct buf digest;
};

/* --- a file's bytes, digested while they are read --------------------------------------------- */

struct hashing {
	struct source source;
	struct source *inner; /* owned */
	int fd;               /* owned */
	struct digester *digester;
	struct member *member; /* borrowed */
};

static int hashing_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct hashing *hashing = (struct hashing *)source;
	int rc = source_read(hashing->inner, room, max, got_out, err);
	if (rc == FLONG_OK) {
		digester_add(hashing->digester, bytes_from(room, *got_out));
	} else if (rc == FLONG_END && !hashing->member->hashed) {
		hashing->member->hash = digester_end(hashing->digester);
		hashing->member->hashed = true;
	}
	return rc < 0 ? error_context(err, "%s", hashing->member->path) : rc;
}

static void hashing_close(struct source *source)
{
	struct hashing *hashing = (struct hashing *)source;
	source_close(hashing->inner);
	files_close_fd(&hashing->fd);
	digester_close(hashing->digester);
	free(hashing);
}

static const struct source_ops hashing_ops = {.read = hashing_read, .close = hashing_close};

static int open_file(const struct member *member)
{
	if (member->dir == NULL) {
		return fcntl(member->fd, F_DUPFD_CLOEXEC, 0);
	}
	SCOPED(free_textp) char *path = files_join(member->dir, member->path);
	return io_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
}

static int open_member(
	void *context, struct source **source_out, uint64_t *size_out, struct flong_error *err)
{
	struct member *member = (struct member *)context;
	SCOPED(files_close_fd) int fd = open_file(member);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot open %s", member->path);
	}
	member->size = (uint64_t)status.st_size;
	struct hashing *hashing = ALLOC(struct hashing);
	hashing->source.ops = &hashing_ops;
	hashing->inner = source_from_fd_range(fd, 0, member->size);
	hashing->fd = fd;
	hashing->digester = digester_create(DIGEST_SHA256);
	hashing->member = member;
	fd = -1;
	*source_out = member->size > LIMIT_AHEAD_BYTES ? source_ahead(&hashing->source)
						       : &hashing->source;
	*size_out = member->size;
	return FLONG_OK;
}

/* --- datapackage.json ------------------------------------------------------------------------- */

static void add_time(struct buf *out, const char *name, int64_t time_ms)
{
	char text[CLOCK_ISO_SIZE];
	clock_format_iso_s(time_ms, text);
	json_add_member(out, name, bytes_of(text));
}

static void add_text(struct buf *out, const char *name, const char *text)
{
	if (text != NULL) {
		json_add_member(out, name, bytes_of(text));
	}
}

/* The frictionless rules allow only lower case in names. Without a type their checker guesses one
 * by file name and content: it takes reports/report.json for a report of its own, and an empty
 * skipped.jsonl for a broken table. */
static void add_resource(struct buf *out, const struct member *member)
{
	char hash[DIGEST_TEXT_SIZE];
	digest_format_hex(&member->hash, hash);
	SCOPED(free_textp) char *name = alloc_copy(files_base_name(member->path));
	for (char *c = name; *c != '\0'; c++) {
		*c = char_lower(*c);
	}
	buf_add_text(out, out->ptr[out->len - 1] == '[' ? "\n{" : ",\n{");
	json_add_member(out, "name", bytes_of(name));
	json_add_member(out, "path", bytes_of(member->path));
	json_add_member(out, "hash", bytes_of(hash));
	json_add_member_u64(out, "bytes", member->size);
	json_add_member(out, "type", BYTES("file"));
	buf_add_char(out, '}');
}

static void add_description(struct buf *out, const struct package *package)
{
	const struct wacz_options *options = package->options;
	json_add_member(out, "profile", BYTES("data-package"));
	json_add_member(out, "wacz_version", BYTES("1.1.1"));
	add_text(out, "title", options->title);
	add_text(out, "description", options->description);
	add_time(out, "created", options->created_ms);
	add_time(out, "modified",
		options->modified_ms == 0 ? options->created_ms : options->modified_ms);
	add_text(out, "software", options->software);
	add_text(out, "mainPageUrl", options->main_url);
	if (options->main_date_ms != 0) {
		add_time(out, "mainPageDate", options->main_date_ms);
	}
	if (package->text_index != NULL) {
		json_add_name(out, "config");
		buf_add_char(out, '{');
		json_add_member(out, "textIndex", bytes_of(package->text_index));
		buf_add_char(out, '}');
	}
}

static int give_text(const struct buf *text, struct source **source_out, uint64_t *size_out,
	struct flong_error *err)
{
	if (buf_failed(text)) {
		return error_set(err, FLONG_E_LIMIT, "datapackage.json is too long");
	}
	*source_out = source_from_bytes(buf_bytes(text));
	*size_out = text->len;
	return FLONG_OK;
}

static int open_datapackage(
	void *context, struct source **source_out, uint64_t *size_out, struct flong_error *err)
{
	struct package *package = (struct package *)context;
	struct buf *out = &package->datapackage;
	buf_add_char(out, '{');
	add_description(out, package);
	json_add_name(out, "resources");
	buf_add_char(out, '[');
	for (size_t i = 0; i < package->count; i++) {
		if (!package->members[i].hashed) {
			return error_set(err, FLONG_E_INTERNAL, "%s was not read to its end",
				package->members[i].path);
		}
		add_resource(out, &package->members[i]);
	}
	buf_add_text(out, "\n]}\n");
	return give_text(out, source_out, size_out, err);
}

static int open_digest(
	void *context, struct source **source_out, uint64_t *size_out, struct flong_error *err)
{
	struct package *package = (struct package *)context;
	struct digest hash = digest_of(DIGEST_SHA256, buf_bytes(&package->datapackage));
	char text[DIGEST_TEXT_SIZE];
	digest_format_hex(&hash, text);
	buf_add_char(&package->digest, '{');
	json_add_member(&package->digest, "path", BYTES("datapackage.json"));
	json_add_member(&package->digest, "hash", bytes_of(text));
	const struct sign_data data = {.key_path = package->options->sign_key,
		.hash = bytes_of(text),
		.created_ms = package->options->created_ms,
		.software = package->options->software};
	int rc = data.key_path != NULL ? sign_add_data(&data, &package->digest, err) : FLONG_OK;
	if (rc < 0) {
		return rc;
	}
	buf_add_text(&package->digest, "}\n");
	return give_text(&package->digest, source_out, size_out, err);
}

/* --- what is packed --------------------------------------------------------------------------- */

static void package_clear(struct package *package)
{
	for (size_t i = 0; i < package->count; i++) {
		free(package->members[i].path);
	}
	free(package->members);
	wacz_index_clear(&package->blocks);
	buf_clear(&package->datapackage);
	buf_clear(&package->digest);
}

static bool is_packed(const struct package *package, const char *path)
{
	for (size_t i = 0; i < package->count; i++) {
		if (strcmp(package->members[i].path, path) == 0) {
			return true;
		}
	}
	return false;
}

/* An index in blocks is made of the plain one, if there should be one. */
static bool is_block_index(const char *path)
{
	return strcmp(path, WACZ_INDEX_BLOCKS) == 0 || strcmp(path, WACZ_INDEX_PLACES) == 0 ||
	       strcmp(path, "indexes/index.loc") == 0;
}

static void add_member(struct package *package, struct member member)
{
	package->members = (struct member *)alloc_resize(
		package->members, package->count + 1, sizeof(package->members[0]));
	package->members[package->count] = member;
	package->count++;
}

/* Takes one name of a folder: hidden, unfinished and irregular files are left out. */
static int take_name(struct package *package, const char *dir, const char *folder, const char *name,
	struct flong_error *err)
{
	struct bytes text = bytes_of(name);
	if (text.len == 0 || text.ptr[0] == '.' || bytes_ends(text, BYTES(".partial"))) {
		return FLONG_OK;
	}
	SCOPED(free_textp) char *path = files_join(folder, name);
	SCOPED(free_textp) char *full = files_join(dir, path);
	struct stat status;
	if (lstat(full, &status) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot read %s", full);
	}
	if (!S_ISREG(status.st_mode) || is_packed(package, path) || is_block_index(path)) {
		return FLONG_OK;
	}
	if (bytes_ends(text, BYTES(".open"))) {
		return error_set(
			err, FLONG_E_USAGE, "%s is not finished: resume the crawl first", full);
	}
	add_member(package, (struct member){.dir = dir, .path = TAKE(path)});
	return FLONG_OK;
}

static int take_folder(
	struct package *package, const char *dir, const char *folder, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(dir, folder);
	if (!files_is_dir(path)) {
		return FLONG_OK;
	}
	struct buf names = {0};
	int rc = files_list(path, "", &names, err);
	for (size_t at = 0; at < names.len && rc == FLONG_OK; at += strlen(names.ptr + at) + 1) {
		rc = take_name(package, dir, folder, names.ptr + at, err);
	}
	buf_clear(&names);
	return rc;
}

static bool has_warc(const struct package *package)
{
	for (size_t i = 0; i < package->count; i++) {
		struct bytes path = bytes_of(package->members[i].path);
		if (bytes_ends(path, BYTES(".warc")) || bytes_ends(path, BYTES(".warc.gz"))) {
			return true;
		}
	}
	return false;
}

static int check_complete(const struct package *package, const char *dir, struct flong_error *err)
{
	static const char *const needed[] = {PLAIN_INDEX, "pages/pages.jsonl"};
	if (!has_warc(package)) {
		return error_set(err, FLONG_E_NOT_FOUND, "%s has no WARC file in archive/", dir);
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (!is_packed(package, needed[i])) {
			return error_set(err, FLONG_E_NOT_FOUND, "%s has no %s", dir, needed[i]);
		}
	}
	return FLONG_OK;
}

/* Whether the header line of a page list says that its pages have text. */
static bool list_has_text(const char *dir, const char *list)
{
	SCOPED(free_textp) char *path = files_join(dir, list);
	struct flong_error ignored = {0};
	SCOPED(source_closep) struct source *source = NULL;
	char head[1024];
	size_t got = 0;
	if (source_open_file(path, &source, &ignored) < 0 ||
		source_read(source, head, sizeof(head), &got, &ignored) != FLONG_OK) {
		return false;
	}
	SCOPED(json_closep) struct json_document *document = NULL;
	return json_parse(bytes_from(head, got), JSON_LENIENT, &document, &ignored) == FLONG_OK &&
	       json_bool(json_get(json_root(document), "hasText"));
}

/* The list whose text ReplayWeb.page searches; see pages.h for the rule it has. */
static const char *choose_text_index(const struct package *package, const char *dir)
{
	static const char extra_list[] = "pages/extraPages.jsonl";
	static const char main_list[] = "pages/pages.jsonl";
	if (is_packed(package, extra_list)) {
		return extra_list;
	}
	return list_has_text(dir, main_list) ? main_list : NULL;
}

static int take_files(struct package *package, const char *dir, struct flong_error *err)
{
	static const char *const folders[] = {
		"archive", "indexes", "pages", "stories", "logs", "reports"};
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		int rc = FLONG_OK;
		if (strcmp(folders[i], "pages") == 0) {
			SCOPED(free_textp) char *list = files_join(dir, "pages/pages.jsonl");
			rc = files_exists(list)
				     ? take_name(package, dir, "pages", "pages.jsonl", err)
				     : FLONG_OK;
		}
		if (rc == FLONG_OK) {
			rc = take_folder(package, dir, folders[i], err);
		}
		if (rc < 0) {
			return rc;
		}
	}
	package->text_index = choose_text_index(package, dir);
	return check_complete(package, dir, err);
}

/* Puts blocks in the place of a long index. */
static int replace_index(
	struct package *package, const char *dir, const char *temp_dir, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(dir, PLAIN_INDEX);
	uint64_t size = 0;
	int rc = files_size(path, &size, err);
	if (rc < 0 || size <= LIMIT_PLAIN_INDEX_BYTES) {
		return rc;
	}
	rc = wacz_index_make(path, temp_dir, &package->blocks, err);
	if (rc < 0) {
		return rc;
	}
	for (size_t i = 0; i < package->count; i++) {
		struct member *member = &package->members[i];
		if (strcmp(member->path, PLAIN_INDEX) == 0) {
			free(member->path);
			*member = (struct member){.path = alloc_copy(WACZ_INDEX_BLOCKS),
				.fd = package->blocks.blocks_fd};
		}
	}
	add_member(package, (struct member){.path = alloc_copy(WACZ_INDEX_PLACES),
				    .fd = package->blocks.places_fd});
	return FLONG_OK;
}

/* --- writing ---------------------------------------------------------------------------------- */

static int write_package(struct package *package, int fd, struct flong_error *err)
{
	SCOPED(zip_writer_closep) struct zip_writer *writer = NULL;
	int rc = zip_writer_create(fd, package->options->created_ms, &writer, err);
	for (size_t i = 0; i < package->count && rc == FLONG_OK; i++) {
		struct zip_input input = {open_member, &package->members[i]};
		rc = zip_writer_add(writer, package->members[i].path, &input, err);
	}
	if (rc == FLONG_OK) {
		rc = zip_writer_add(writer, "datapackage.json",
			&(struct zip_input){open_datapackage, package}, err);
	}
	if (rc == FLONG_OK) {
		rc = zip_writer_add(writer, "datapackage-digest.json",
			&(struct zip_input){open_digest, package}, err);
	}
	return rc == FLONG_OK ? zip_writer_finish(writer, err) : rc;
}

/* The process's number makes the name its own; a file of this name is from a process that is gone.
 */
static int write_and_rename(
	struct package *package, const char *partial, const char *out_path, struct flong_error *err)
{
	(void)io_unlink(partial);
	SCOPED(files_close_fd) int fd = io_open(partial, O_RDWR | O_CREAT | O_EXCL, 0644);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot create %s", partial);
	}
	int rc = write_package(package, fd, err);
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, partial, err);
	}
	if (rc == FLONG_OK) {
		rc = files_rename_new(partial, out_path, err);
	}
	if (rc < 0) {
		(void)io_unlink(partial);
	}
	return rc;
}

int wacz_pack(const char *dir, const char *out_path, const struct wacz_options *options,
	struct flong_error *err)
{
	if (files_exists(out_path)) {
		return error_set(err, FLONG_E_EXISTS, "%s exists already", out_path);
	}
	struct package package = {.options = options,
		.blocks = {.blocks_fd = -1, .places_fd = -1},
		.datapackage = {.max = DATAPACKAGE_MAX}};
	struct buf partial = {0};
	buf_addf(&partial, "%s.%ld.partial", out_path, (long)getpid());
	int rc = take_files(&package, dir, err);
	if (rc == FLONG_OK) {
		size_t folder = (size_t)(files_base_name(out_path) - out_path);
		SCOPED(free_textp)
		char *temp_dir = folder == 0 ? alloc_copy(".") : alloc_text(out_path, folder);
		rc = replace_index(&package, dir, temp_dir, err);
	}
	if (rc == FLONG_OK) {
		rc = write_and_rename(&package, buf_text(&partial), out_path, err);
	}
	buf_clear(&partial);
	package_clear(&package);
	return rc < 0 ? error_context(err, "packing %s", out_path) : FLONG_OK;
}
