/* SPDX-License-Identifier: MIT */
/* wacz_package.c - the datapackage.json of a WACZ, read piece by piece
 *
 * Only strings and brackets are looked at here, as far as it takes to find the elements; each piece
 * is then parsed as JSON, so whatever is wrong between them is found too. */
#include "index/wacz_package.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"

enum { READ_BYTES = 16384, NAME_MAX = 16 };
/* Depth inside the array "resources" of the outermost object. */
enum { DEPTH_MEMBERS = 1, DEPTH_RESOURCES = 2 };

/* The reading of one document. */
struct scan {
	const struct wacz_package_hooks *hooks; /* borrowed */
	struct buf rest, element;
	size_t depth;
	bool in_string, is_escaped;
	bool in_resources; /* what comes belongs to an element */
	bool had_resources, had_comma;
	char name[NAME_MAX]; /* of the member, when it is short */
	size_t name_length;
	bool is_name; /* no colon came since the last comma */
};

static int fail(const char *what, struct flong_error *err)
{
	return error_set(err, FLONG_E_FORMAT, "datapackage.json is no JSON: %s", what);
}

static bool is_blank(struct bytes b)
{
	return bytes_trim(b).len == 0;
}

/* The element is over: it is parsed and given. */
static int end_element(struct scan *scan, bool is_last, struct flong_error *err)
{
	struct bytes text = buf_bytes(&scan->element);
	if (is_blank(text)) {
		bool is_empty_list = is_last && !scan->had_comma;
		return is_empty_list ? FLONG_OK : fail("a resource is empty", err);
	}
	SCOPED(json_closep) struct json_document *document = NULL;
	int rc = json_parse(text, JSON_STRICT, &document, err);
	if (rc < 0) {
		return error_context(err, "datapackage.json: a resource is no JSON");
	}
	buf_reset(&scan->element);
	return scan->hooks->resource(scan->hooks->context, json_root(document), err);
}

static int keep(struct scan *scan, char c, struct flong_error *err)
{
	struct buf *out = scan->in_resources ? &scan->element : &scan->rest;
	buf_add_char(out, c);
	return buf_failed(out)
		       ? error_set(err, FLONG_E_LIMIT, "datapackage.json: %s is over %zu bytes",
				 scan->in_resources ? "a resource" : "what is no resource",
				 out->max)
		       : FLONG_OK;
}

/* A byte of a string; names of the outermost members are remembered. */
static int take_in_string(struct scan *scan, char c, struct flong_error *err)
{
	bool ends = c == '"' && !scan->is_escaped;
	scan->is_escaped = c == '\\' && !scan->is_escaped;
	scan->in_string = !ends;
	if (scan->depth == DEPTH_MEMBERS && scan->is_name && !ends) {
		if (scan->name_length < NAME_MAX) {
			scan->name[scan->name_length] = c;
		}
		scan->name_length++;
	}
	return keep(scan, c, err);
}

static int open_bracket(struct scan *scan, char c, struct flong_error *err)
{
	struct bytes name =
		bytes_from(scan->name, scan->name_length <= NAME_MAX ? scan->name_length : 0);
	bool is_list = c == '[' && scan->depth == DEPTH_MEMBERS && !scan->is_name &&
		       bytes_equal(name, BYTES("resources"));
	int rc = keep(scan, c, err);
	scan->depth++;
	scan->is_name = c == '{' && scan->depth == DEPTH_MEMBERS;
	scan->name_length = 0;
	if (is_list) {
		if (scan->had_resources) {
			return fail("it has \"resources\" twice", err);
		}
		scan->had_resources = true;
		scan->in_resources = true;
	}
	return rc;
}

static int close_bracket(struct scan *scan, char c, struct flong_error *err)
{
	if (scan->depth == 0) {
		return fail("a bracket is not open", err);
	}
	if (scan->in_resources && scan->depth == DEPTH_RESOURCES) {
		if (c != ']') {
			return fail("the list of resources is not closed", err);
		}
		int rc = end_element(scan, true, err);
		if (rc < 0) {
			return rc;
		}
		scan->in_resources = false;
	}
	scan->depth--;
	return keep(scan, c, err);
}

/* A byte outside of strings. */
static int take_outside(struct scan *scan, char c, struct flong_error *err)
{
	switch (c) {
	case '{':
	case '[':
		return open_bracket(scan, c, err);
	case '}':
	case ']':
		return close_bracket(scan, c, err);
	case ',':
		if (scan->in_resources && scan->depth == DEPTH_RESOURCES) {
			scan->had_comma = true;
			return end_element(scan, false, err);
		}
		if (scan->depth == DEPTH_MEMBERS) {
			scan->is_name = true;
			scan->name_length = 0;
		}
		return keep(scan, c, err);
	case ':':
		scan->is_name = scan->is_name && scan->depth != DEPTH_MEMBERS;
		return keep(scan, c, err);
	default:
		scan->in_string = c == '"';
		return keep(scan, c, err);
	}
}

static int take(struct scan *scan, struct bytes b, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (size_t i = 0; i < b.len && rc == FLONG_OK; i++) {
		rc = scan->in_string ? take_in_string(scan, b.ptr[i], err)
				     : take_outside(scan, b.ptr[i], err);
	}
	return rc;
}

static int read_all(struct scan *scan, struct source *source, struct flong_error *err)
{
	char room[READ_BYTES];
	for (;;) {
		size_t got = 0;
		int rc = source_read(source, room, sizeof(room), &got, err);
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? FLONG_OK : rc;
		}
		struct bytes part = bytes_from(room, got);
		if (scan->hooks->digester != NULL) {
			digester_add(scan->hooks->digester, part);
		}
		rc = take(scan, part, err);
		if (rc < 0) {
			return rc;
		}
	}
}

static int parse_rest(
	const struct scan *scan, struct json_document **rest_out, struct flong_error *err)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	int rc = json_parse(buf_bytes(&scan->rest), JSON_STRICT, &document, err);
	if (rc < 0) {
		return error_context(err, "datapackage.json is no JSON");
	}
	const struct json *root = json_root(document);
	if (json_type(root) != JSON_OBJECT) {
		return error_set(err, FLONG_E_FORMAT, "datapackage.json is no JSON object");
	}
	const struct json *resources = json_get(root, "resources");
	if (json_type(resources) == JSON_ARRAY &&
		json_count(resources) > 0) { /* its name was spelled with escapes */
		return error_set(
			err, FLONG_E_FORMAT, "datapackage.json spells \"resources\" in an odd way");
	}
	*rest_out = TAKE(document);
	return FLONG_OK;
}

int wacz_package_read(struct source *source, const struct wacz_package_hooks *hooks,
	struct json_document **rest_out, struct flong_error *err)
{
	struct scan scan = {.hooks = hooks,
		.rest = {.max = LIMIT_PACKAGE_REST_BYTES},
		.element = {.max = LIMIT_RESOURCE_BYTES}};
	*rest_out = NULL;
	int rc = read_all(&scan, source, err);
	if (rc == FLONG_OK) {
		rc = parse_rest(&scan, rest_out, err);
	}
	buf_clear(&scan.rest);
	buf_clear(&scan.element);
	return rc;
}
