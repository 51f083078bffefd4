/* SPDX-License-Identifier: MIT */
/* wacz_manifest.c - what the datapackage.json of a WACZ says about its files, and its own digest */
#include "index/wacz_manifest.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"

void wacz_manifest_clear(struct wacz_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		free(manifest->resources[i].path);
	}
	free(manifest->resources);
	*manifest = (struct wacz_manifest){0};
}

/* Reads a JSON file of the package; *document_out is NULL when it is not there. */
static int read_json(const struct wacz_reader *reader, const char *name, struct buf *text,
	struct json_document **document_out, struct flong_error *err)
{
	*document_out = NULL;
	const struct wacz_file *file = wacz_reader_find(reader, bytes_of(name));
	if (file == NULL) {
		return FLONG_OK;
	}
	text->max = LIMIT_DATAPACKAGE_BYTES;
	SCOPED(source_closep) struct source *source = NULL;
	int rc = wacz_reader_open_file(reader, file, &source, err);
	if (rc == FLONG_OK) {
		rc = source_read_all(source, text, err);
	}
	if (rc == FLONG_OK) {
		rc = json_parse(buf_bytes(text), JSON_STRICT, document_out, err);
	}
	return rc < 0 ? error_context(err, "%s", name) : rc;
}

static int add_resource(
	struct wacz_resource *resource, const struct json *value, struct flong_error *err)
{
	struct bytes path = json_text(json_get(value, "path"));
	struct bytes hash = json_text(json_get(value, "hash"));
	const struct json *size = json_get(value, "bytes");
	if (path.len == 0) {
		return error_set(
			err, FLONG_E_FORMAT, "datapackage.json has a resource without a path");
	}
	resource->path = alloc_text(path.ptr, path.len);
	if (hash.len > 0) {
		int rc = digest_parse(hash, &resource->hash, err);
		if (rc < 0) {
			return error_context(err, "datapackage.json: %s", resource->path);
		}
		resource->has_hash = true;
	}
	resource->has_size = json_type(size) == JSON_NUMBER && json_int(size) >= 0;
	resource->size = resource->has_size ? (uint64_t)json_int(size) : 0;
	return FLONG_OK;
}

static int compare(const void *a, const void *b)
{
	return strcmp(
		((const struct wacz_resource *)a)->path, ((const struct wacz_resource *)b)->path);
}

static int add_resources(
	struct wacz_manifest *manifest, const struct json *root, struct flong_error *err)
{
	const struct json *resources = json_get(root, "resources");
	size_t count = json_count(resources);
	if (json_type(resources) != JSON_ARRAY) {
		return error_set(err, FLONG_E_FORMAT, "datapackage.json has no list of resources");
	}
	manifest->resources = ALLOC_ARRAY(struct wacz_resource, count + 1);
	for (size_t i = 0; i < count; i++) {
		manifest->count = i + 1; /* with a path or NULL, to be freed */
		int rc = add_resource(&manifest->resources[i], json_at(resources, i), err);
		if (rc < 0) {
			return rc;
		}
	}
	qsort(manifest->resources, count, sizeof(manifest->resources[0]), compare);
	for (size_t i = 1; i < count; i++) {
		if (compare(&manifest->resources[i - 1], &manifest->resources[i]) == 0) {
			return error_set(err, FLONG_E_FORMAT, "datapackage.json names %s twice",
				manifest->resources[i].path);
		}
	}
	return FLONG_OK;
}

/* The digest in datapackage-digest.json is of the exact bytes of datapackage.json. */
static int check_digest(struct wacz_manifest *manifest, const struct json *root, struct bytes text,
	struct flong_error *err)
{
	struct digest stated;
	int rc = digest_parse(json_text(json_get(root, "hash")), &stated, err);
	if (rc < 0) {
		return error_context(err, "datapackage-digest.json");
	}
	struct digest found = digest_of(stated.algorithm, text);
	if (!digest_equal(&stated, &found)) {
		return error_set(err, FLONG_E_DAMAGED,
			"datapackage.json does not match its digest in datapackage-digest.json");
	}
	manifest->has_digest = true;
	return FLONG_OK;
}

int wacz_manifest_read(
	const struct wacz_reader *reader, struct wacz_manifest *manifest, struct flong_error *err)
{
	SCOPED(json_closep) struct json_document *package = NULL;
	SCOPED(json_closep) struct json_document *digest = NULL;
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(buf_clear) struct buf digest_text = {0};
	int rc = read_json(reader, "datapackage.json", &text, &package, err);
	if (rc == FLONG_OK) {
		rc = read_json(reader, "datapackage-digest.json", &digest_text, &digest, err);
	}
	if (rc == FLONG_OK && package != NULL) {
		manifest->is_there = true;
		rc = add_resources(manifest, json_root(package), err);
	}
	if (rc == FLONG_OK && package != NULL && digest != NULL) {
		rc = check_digest(manifest, json_root(digest), buf_bytes(&text), err);
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
