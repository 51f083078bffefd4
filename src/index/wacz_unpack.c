/* SPDX-License-Identifier: MIT */
/* wacz_unpack.c - a WACZ file becomes a collection directory again, every byte of it checked */
#include "index/wacz_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/safe_path.h"
#include "index/collection.h"
#include "index/wacz_manifest.h"
#include "index/wacz_reader.h"

/* Names in a notice. */
#define NAMES_BYTES ((size_t)200)
#define COPY_BYTES ((size_t)64 << 10)

struct unpack {
	const struct wacz_unpack_options *options; /* borrowed */
	const struct wacz_reader *reader;          /* borrowed */
	struct wacz_manifest manifest;
	char *partial; /* owned: the directory while it is written */
	int dir_fd;    /* of it */
	char *room;    /* owned, COPY_BYTES */
};

static void tell(const struct unpack *unpack, const char *format, ...) PRINTF_LIKE(2, 3);
static void tell(const struct unpack *unpack, const char *format, ...)
{
	struct buf text = {0};
	va_list args;
	va_start(args, format);
	buf_vaddf(&text, format, args);
	va_end(args);
	unpack->options->notice(unpack->options->context, buf_text(&text));
	buf_clear(&text);
}

/* --- what is unpacked --------------------------------------------------------------------------
 */

static bool is_taken(const char *path)
{
	static const char *const folders[] = {
		"archive/", "indexes/", "pages/", "stories/", "logs/", "reports/"};
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (bytes_starts(bytes_of(path), bytes_of(folders[i]))) {
			return true;
		}
	}
	return strcmp(path, "datapackage.json") == 0 ||
	       strcmp(path, "datapackage-digest.json") == 0;
}

/* What datapackage.json names must be there, and of the size that it says. */
static int check_resources(const struct unpack *unpack, struct flong_error *err)
{
	for (size_t i = 0; i < unpack->manifest.count; i++) {
		const struct wacz_resource *resource = &unpack->manifest.resources[i];
		const struct wacz_file *file =
			wacz_reader_find(unpack->reader, bytes_of(resource->path));
		if (file == NULL) {
			return error_set(err, FLONG_E_DAMAGED,
				"%s: datapackage.json names '%s', which is not there",
				wacz_reader_path(unpack->reader), resource->path);
		}
		if (resource->has_size && resource->size != file->size) {
			return error_set(err, FLONG_E_DAMAGED,
				"%s: '%s' has %" PRIu64 " bytes; datapackage.json says %" PRIu64,
				wacz_reader_path(unpack->reader), resource->path, file->size,
				resource->size);
		}
	}
	return FLONG_OK;
}

/* Adds a name to a list for a message; a few are enough. `list` may be NULL. */
static void add_name(struct buf *list, const char *name)
{
	if (list != NULL && list->len < NAMES_BYTES) {
		buf_addf(list, "%s'%s'", list->len > 0 ? ", " : "", name);
		buf_add_text(list, list->len < NAMES_BYTES ? "" : ", and more");
	}
}

/* Tells what is left out and what cannot be verified; *bytes_out is what will be written. */
static void look_over(const struct unpack *unpack, uint64_t *bytes_out)
{
	struct buf left_out = {0};
	struct buf unlisted = {0};
	const struct wacz_manifest *manifest = &unpack->manifest;
	*bytes_out = 0;
	for (size_t i = 0; i < wacz_reader_count(unpack->reader); i++) {
		const struct wacz_file *file = wacz_reader_at(unpack->reader, i);
		bool is_own = bytes_starts(bytes_of(file->path), BYTES("datapackage"));
		struct buf *list = !is_taken(file->path) ? &left_out
				   : !is_own && wacz_manifest_find(manifest, file->path) == NULL
					   ? &unlisted
					   : NULL;
		*bytes_out += is_taken(file->path) ? file->size : 0;
		add_name(list, file->path);
	}
	if (!manifest->is_there) {
		tell(unpack, "it has no datapackage.json: nothing can be compared with its hashes");
	} else if (unlisted.len > 0) {
		tell(unpack, "not named in datapackage.json, so not verified: %s",
			buf_text(&unlisted));
	}
	if (left_out.len > 0) {
		tell(unpack, "not part of a collection, left out: %s", buf_text(&left_out));
	}
	buf_clear(&left_out);
	buf_clear(&unlisted);
}

static int check_room(const struct unpack *unpack, uint64_t bytes, struct flong_error *err)
{
	uint64_t room = 0;
	uint64_t files = 0;
	if (io_space(unpack->partial, &room, &files) == 0 && bytes >= room) {
		return error_set(err, FLONG_E_IO,
			"unpacked it has %" PRIu64 " bytes, more than the disk has room for",
			bytes);
	}
	return FLONG_OK;
}

/* --- writing -----------------------------------------------------------------------------------
 */

static int check_hash(const struct unpack *unpack, const struct wacz_resource *resource,
	struct digester *digester, struct flong_error *err)
{
	struct digest found = digester_end(digester);
	if (!digest_equal(&found, &resource->hash)) {
		char text[DIGEST_TEXT_SIZE];
		char wanted[DIGEST_TEXT_SIZE];
		digest_format_hex(&found, text);
		digest_format_hex(&resource->hash, wanted);
		int rc = error_set(err, FLONG_E_DAMAGED,
			"'%s' has the hash %s; datapackage.json says %s", resource->path, text,
			wanted);
		if (!unpack->options->ignores_hashes) {
			return rc;
		}
		tell(unpack, "%s", err->message);
	}
	return FLONG_OK;
}

static int write_file(
	const struct unpack *unpack, const struct wacz_file *file, struct flong_error *err)
{
	const struct wacz_resource *resource = wacz_manifest_find(&unpack->manifest, file->path);
	SCOPED(digester_closep) struct digester *digester = NULL;
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(files_close_fd) int fd = -1;
	if (resource != NULL && resource->has_hash) {
		digester = digester_create(resource->hash.algorithm);
	}
	int rc = wacz_reader_open_file(unpack->reader, file, &source, err);
	if (rc == FLONG_OK) {
		rc = safe_path_create(unpack->dir_fd, bytes_of(file->path), &fd, err);
	}
	while (rc == FLONG_OK) {
		size_t got = 0;
		rc = source_read(source, unpack->room, COPY_BYTES, &got, err);
		struct bytes part = bytes_from(unpack->room, got);
		if (rc == FLONG_OK && digester != NULL) {
			digester_add(digester, part);
		}
		if (rc == FLONG_OK) {
			rc = files_write_all(fd, part, file->path, err);
		}
	}
	rc = rc == FLONG_END ? files_close_written(&fd, file->path, err) : rc;
	return rc == FLONG_OK && digester != NULL ? check_hash(unpack, resource, digester, err)
						  : rc;
}

/* Makes an indexes/index.cdx where there is none: what packs, checks and extends a collection looks
 * for that name. */
static int make_index(const struct unpack *unpack, struct flong_error *err)
{
	const struct wacz_reader *reader = unpack->reader;
	bool has_archive = false;
	for (size_t i = 0; i < wacz_reader_count(reader); i++) {
		has_archive = has_archive || wacz_reader_is_archive(wacz_reader_at(reader, i));
	}
	if (!has_archive || wacz_reader_find(reader, BYTES("indexes/index.cdx")) != NULL) {
		return FLONG_OK;
	}
	SCOPED(free_textp) char *folder = files_join(unpack->partial, "indexes");
	SCOPED(free_textp) char *cdxj = files_join(folder, "index.cdxj");
	SCOPED(free_textp) char *cdx = files_join(folder, "index.cdx");
	int rc = files_make_dir(folder, err);
	if (rc == FLONG_OK && wacz_reader_find(reader, BYTES("indexes/index.cdxj")) != NULL) {
		tell(unpack, "indexes/index.cdxj is now indexes/index.cdx");
		return files_rename_new(cdxj, cdx, err);
	}
	static const char *const replaced[] = {"index.cdx.gz", "index.cdxj.gz", "index.idx"};
	for (size_t i = 0; i < sizeof(replaced) / sizeof(replaced[0]); i++) {
		SCOPED(free_textp) char *old = files_join(folder, replaced[i]);
		(void)io_unlink(old);
	}
	tell(unpack, "indexes/index.cdx was made anew from the records");
	return rc == FLONG_OK ? collection_write_index(unpack->partial, err) : rc;
}

static int write_all(struct unpack *unpack, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < wacz_reader_count(unpack->reader); i++) {
		const struct wacz_file *file = wacz_reader_at(unpack->reader, i);
		if (is_taken(file->path)) {
			rc = write_file(unpack, file, err);
		}
	}
	if (rc < 0) {
		return error_context(err, "%s", wacz_reader_path(unpack->reader));
	}
	return make_index(unpack, err);
}

/* Everything between making the directory and giving it its name. */
static int fill(struct unpack *unpack, const char *dir, uint64_t bytes, struct flong_error *err)
{
	if (io_make_dir(unpack->partial, 0750) != 0) {
		int code = errno == EEXIST ? FLONG_E_EXISTS : FLONG_E_IO;
		return error_set_errno(err, code, errno, "cannot make %s", unpack->partial);
	}
	unpack->dir_fd = io_open(unpack->partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	int rc = unpack->dir_fd < 0 ? error_set_errno(err, FLONG_E_IO, errno, "cannot open %s",
					      unpack->partial)
				    : check_room(unpack, bytes, err);
	if (rc == FLONG_OK) {
		rc = write_all(unpack, err);
	}
	if (rc == FLONG_OK) {
		rc = files_sync_tree(unpack->partial, err);
	}
	if (rc == FLONG_OK) {
		rc = files_rename_new(unpack->partial, dir, err);
	}
	if (rc < 0) {
		struct flong_error ignored = {0};
		(void)!files_remove_tree(unpack->partial, &ignored);
	}
	return rc;
}

static void unpack_clear(struct unpack *unpack)
{
	wacz_manifest_clear(&unpack->manifest);
	files_close_fd(&unpack->dir_fd);
	free(unpack->partial);
	free(unpack->room);
}

int wacz_unpack(const char *path, const char *dir, const struct wacz_unpack_options *options,
	struct flong_error *err)
{
	if (files_exists(dir)) {
		return error_set(err, FLONG_E_EXISTS, "%s exists already", dir);
	}
	SCOPED(wacz_reader_closep) struct wacz_reader *reader = NULL;
	int rc = wacz_reader_open(path, &reader, err);
	if (rc < 0) {
		return rc;
	}
	if (wacz_reader_zip(reader) == NULL) {
		return error_set(err, FLONG_E_USAGE, "%s is a directory, not a WACZ file", path);
	}
	struct buf partial = {0};
	buf_addf(&partial, "%s.partial", dir);
	SCOPED(unpack_clear)
	struct unpack unpack = {.options = options,
		.reader = reader,
		.partial = buf_take(&partial),
		.dir_fd = -1,
		.room = (char *)alloc_zeroed(1, COPY_BYTES)};
	rc = wacz_manifest_read(reader, &unpack.manifest, err);
	if (rc == FLONG_OK) {
		rc = check_resources(&unpack, err);
	}
	uint64_t bytes = 0;
	if (rc == FLONG_OK) {
		look_over(&unpack, &bytes);
		rc = fill(&unpack, dir, bytes, err);
	}
	return rc;
}
