/* SPDX-License-Identifier: MIT */
/* wacz_manifest.c - what the datapackage.json of a WACZ says about its files, and its own digest */
#include "index/wacz_manifest.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "index/wacz_package.h"

void wacz_manifest_clear(struct wacz_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		free(manifest->resources[i].path);
	}
	free(manifest->resources);
	*manifest = (struct wacz_manifest){0};
}

/* --- the table of resources --------------------------------------------------------------------
 */

int wacz_manifest_add(struct wacz_manifest *manifest, struct bytes path,
	struct wacz_resource **resource_out, struct flong_error *err)
{
	if (manifest->count == LIMIT_ZIP_ENTRIES) {
		return error_set(err, FLONG_E_LIMIT, "datapackage.json names more than %d files",
			LIMIT_ZIP_ENTRIES);
	}
	if (manifest->count == manifest->capacity) {
		manifest->capacity = manifest->capacity == 0 ? 16 : manifest->capacity * 2;
		manifest->resources = (struct wacz_resource *)alloc_resize(
			manifest->resources, manifest->capacity, sizeof(manifest->resources[0]));
	}
	struct wacz_resource *resource = &manifest->resources[manifest->count++];
	*resource = (struct wacz_resource){.path = alloc_text(path.ptr, path.len)};
	*resource_out = resource;
	return FLONG_OK;
}

static int compare(const void *a, const void *b)
{
	return strcmp(
		((const struct wacz_resource *)a)->path, ((const struct wacz_resource *)b)->path);
}

void wacz_manifest_sort(struct wacz_manifest *manifest)
{
	if (manifest->count > 1) {
		qsort(manifest->resources, manifest->count, sizeof(manifest->resources[0]),
			compare);
	}
}

/* --- reading -----------------------------------------------------------------------------------
 */

static int take_resource(void *context, const struct json *value, struct flong_error *err)
{
	struct wacz_manifest *manifest = context;
	struct wacz_resource *resource = NULL;
	struct bytes path = json_text(json_get(value, "path"));
	struct bytes hash = json_text(json_get(value, "hash"));
	const struct json *size = json_get(value, "bytes");
	if (path.len == 0) {
		return error_set(
			err, FLONG_E_FORMAT, "datapackage.json has a resource without a path");
	}
	int rc = wacz_manifest_add(manifest, path, &resource, err);
	if (rc == FLONG_OK && hash.len > 0) {
		rc = digest_parse(hash, &resource->hash, err);
		if (rc < 0) {
			return error_context(err, "datapackage.json: %s", resource->path);
		}
		resource->has_hash = true;
	}
	if (rc == FLONG_OK) {
		resource->has_size = json_type(size) == JSON_NUMBER && json_int(size) >= 0;
		resource->size = resource->has_size ? (uint64_t)json_int(size) : 0;
	}
	return rc;
}

/* Reads the digest file; *is_there_out is false when there is none. */
static int read_stated(const struct wacz_reader *reader, struct digest *stated_out,
	bool *is_there_out, struct flong_error *err)
{
	const struct wacz_file *file = wacz_reader_find(reader, BYTES("datapackage-digest.json"));
	*is_there_out = file != NULL;
	if (file == NULL) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_PACKAGE_DIGEST_BYTES);
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(json_closep) struct json_document *document = NULL;
	int rc = wacz_reader_open_file(reader, file, &source, err);
	if (rc == FLONG_OK) {
		rc = source_read_all(source, &text, err);
	}
	if (rc == FLONG_OK) {
		rc = json_parse(buf_bytes(&text), JSON_STRICT, &document, err);
	}
	if (rc == FLONG_OK) {
		rc = digest_parse(
			json_text(json_get(json_root(document), "hash")), stated_out, err);
	}
	return rc < 0 ? error_context(err, "datapackage-digest.json") : rc;
}

static int read_package(struct wacz_manifest *manifest, const struct wacz_reader *reader,
	struct digester *digester, struct flong_error *err)
{
	const struct wacz_file *file = wacz_reader_find(reader, BYTES("datapackage.json"));
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(json_closep) struct json_document *rest = NULL;
	const struct wacz_package_hooks hooks = {
		.resource = take_resource, .context = manifest, .digester = digester};
	int rc = wacz_reader_open_file(reader, file, &source, err);
	if (rc == FLONG_OK) {
		rc = wacz_package_read(source, &hooks, &rest, err);
	}
	if (rc == FLONG_OK && json_type(json_get(json_root(rest), "resources")) != JSON_ARRAY) {
		return error_set(err, FLONG_E_FORMAT, "datapackage.json has no list of resources");
	}
	wacz_manifest_sort(manifest);
	for (size_t i = 1; rc == FLONG_OK && i < manifest->count; i++) {
		if (compare(&manifest->resources[i - 1], &manifest->resources[i]) == 0) {
			rc = error_set(err, FLONG_E_FORMAT, "datapackage.json names %s twice",
				manifest->resources[i].path);
		}
	}
	return rc;
}

int wacz_manifest_read(
	const struct wacz_reader *reader, struct wacz_manifest *manifest, struct flong_error *err)
{
	struct digest stated;
	bool has_stated = false;
	if (wacz_reader_find(reader, BYTES("datapackage.json")) == NULL) {
		return FLONG_OK;
	}
	manifest->is_there = true;
	int rc = read_stated(reader, &stated, &has_stated, err);
	SCOPED(digester_closep)
	struct digester *digester =
		rc == FLONG_OK && has_stated ? digester_create(stated.algorithm) : NULL;
	if (rc == FLONG_OK) {
		rc = read_package(manifest, reader, digester, err);
	}
	if (rc == FLONG_OK && digester != NULL) {
		/* The digest is of the exact bytes of datapackage.json. */
		struct digest found = digester_end(digester);
		if (!digest_equal(&stated, &found)) {
			rc = error_set(err, FLONG_E_DAMAGED,
				"datapackage.json does not match its digest in "
				"datapackage-digest.json");
		}
		manifest->has_digest = rc == FLONG_OK;
	}
	return rc < 0 ? error_context(err, "%s", wacz_reader_path(reader)) : rc;
}

const struct wacz_resource *wacz_manifest_find(
	const struct wacz_manifest *manifest, const char *path)
{
	size_t low = 0;
	size_t high = manifest->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(manifest->resources[middle].path, path);
		if (order == 0) {
			return &manifest->resources[middle];
		}
		if (order < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return NULL;
}
