/* SPDX-License-Identifier: MIT */
/* indexer_fields.c - the further members of index rows that a user asks for by name */
#include "index/indexer_fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* What every row has, by the names of the member and of where it comes from. */
static bool is_usual(struct bytes name)
{
	static const char *const usual[] = {"", "url", "warc-target-uri", "mime", "status",
		"http:status", "digest", "warc-payload-digest", "length", "offset", "filename"};
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (bytes_equal(name, bytes_of(usual[i]))) {
			return true;
		}
	}
	return false;
}

static struct indexer_field read_name(struct bytes name)
{
	const struct bytes request = BYTES("req.http:");
	const struct bytes http = BYTES("http:");
	struct indexer_field field = {.source = INDEXER_WARC};
	struct bytes rest = name;
	if (bytes_equal(name, BYTES("method")) || bytes_equal(name, BYTES("req.http:method"))) {
		field.source = INDEXER_METHOD;
		name = rest = BYTES("method");
	} else if (bytes_equal(name, BYTES("referrer")) ||
		   bytes_equal(name, BYTES("req.http:referer"))) {
		field.source = INDEXER_REQUEST;
		name = BYTES("referrer");
		rest = BYTES("referer");
	} else if (bytes_starts(name, request)) {
		field.source = INDEXER_REQUEST;
		rest = bytes_slice(name, request.len, name.len);
	} else if (bytes_starts(name, http)) {
		field.source = INDEXER_HTTP;
		rest = bytes_slice(name, http.len, name.len);
	}
	field.name = alloc_text(name.ptr, name.len);
	field.field = alloc_text(rest.len == 0 ? "" : rest.ptr, rest.len);
	return field;
}

static bool is_listed(const struct indexer_fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++) {
		if (strcmp(fields->list[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

static void field_clear(struct indexer_field *field)
{
	free(field->name);
	free(field->field);
}

int indexer_fields_parse(
	const char *list, struct indexer_fields *fields_out, struct flong_error *err)
{
	struct indexer_fields fields = {.count = 0};
	struct bytes rest = bytes_of(list);
	struct bytes name;
	while (bytes_next_item(&rest, ',', &name)) {
		if (bytes_equal(name, BYTES("recordDigest")) ||
			bytes_equal(name, BYTES("record-digest"))) {
			fields.record_digest = true;
			continue;
		}
		if (is_usual(name)) {
			continue;
		}
		if (fields.count == INDEXER_FIELDS_MAX) {
			indexer_fields_clear(&fields);
			return error_set(err, FLONG_E_USAGE, "more than %d fields are asked for",
				INDEXER_FIELDS_MAX);
		}
		struct indexer_field field = read_name(name);
		if (is_listed(&fields, field.name)) {
			field_clear(&field);
			continue;
		}
		fields.list[fields.count] = field;
		fields.count++;
	}
	*fields_out = fields;
	return FLONG_OK;
}

void indexer_fields_clear(struct indexer_fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		field_clear(&fields->list[i]);
	}
	*fields = (struct indexer_fields){.count = 0};
}

bool indexer_fields_need(const struct indexer_fields *fields, enum indexer_source source)
{
	for (size_t i = 0; fields != NULL && i < fields->count; i++) {
		if (fields->list[i].source == source) {
			return true;
		}
	}
	return false;
}
