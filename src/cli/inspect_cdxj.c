/* SPDX-License-Identifier: MIT */
/* inspect_cdxj.c - flong inspect cdxj: the rows of an index as they are read, or found */
#include "cli/inspect_cdxj.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/stream.h"
#include "cli/command.h"
#include "index/cdx.h"
#include "index/cdxj.h"
#include "index/zipnum_read.h"

/* A walk over the rows of one index. */
struct walk {
	const char *path; /* borrowed */
	uint64_t number;  /* of the line, from 1; 0: lines have no numbers */
	bool has_faults;
	struct cdx_layout layout;
	bool has_layout;
	struct buf line; /* the beginning of one that is not complete */
	struct buf out;
};

/* --- one row ---------------------------------------------------------------------------------- */

static void add_text(struct buf *out, const char *name, struct bytes text)
{
	if (text.ptr != NULL) {
		json_add_member(out, name, text);
	}
}

/* Members that were read for what they mean. */
static bool is_known(struct bytes name)
{
	static const char *const known[] = {"url", "mime", "status", "digest", "length", "offset",
		"filename", "recordDigest", "requestBody", "method"};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (bytes_equal(name, bytes_of(known[i]))) {
			return true;
		}
	}
	return false;
}

static bool add_other(struct bytes name, const struct json *value, void *context)
{
	struct buf *out = (struct buf *)context;
	if (!is_known(name) && json_type(value) == JSON_STRING) {
		buf_add_text(out, ", ");
		json_add_string(out, name);
		buf_add_text(out, ": ");
		json_add_string(out, json_text(value));
	}
	return true;
}

/* Prints a row; `others` may have further members. */
static void print_entry(struct walk *walk, const struct cdxj_entry *entry, bool has_length,
	const struct json *others)
{
	struct buf *out = &walk->out;
	buf_reset(out);
	buf_add_char(out, '{');
	if (walk->number > 0) {
		json_add_member_u64(out, "line", walk->number);
	}
	add_text(out, "key", entry->key);
	add_text(out, "timestamp", entry->timestamp);
	add_text(out, "url", entry->url);
	add_text(out, "mime", entry->mime);
	add_text(out, "status", entry->status);
	add_text(out, "digest", entry->digest);
	if (has_length) {
		json_add_member_u64(out, "length", entry->length);
	}
	json_add_member_u64(out, "offset", entry->offset);
	add_text(out, "filename", entry->filename);
	add_text(out, "recordDigest", entry->record_digest);
	add_text(out, "requestBody", entry->request_body);
	add_text(out, "method", entry->method);
	for (size_t i = 0; i < entry->extra_count; i++) {
		add_text(out, entry->extras[i].name, entry->extras[i].value);
	}
	json_each(others, add_other, out);
	buf_add_text(out, "}\n");
	(void)fwrite(buf_text(out), 1, out->len, stdout);
}

static int print_cdxj(struct walk *walk, struct bytes line, struct flong_error *err)
{
	struct cdxj_row row = {0};
	int rc = cdxj_parse(line, &row, err);
	if (rc == FLONG_OK) {
		print_entry(walk, &row.entry, true, json_root(row.document));
	}
	cdxj_clear(&row);
	return rc;
}

static int print_cdx(struct walk *walk, struct bytes line, struct flong_error *err)
{
	struct cdx_row row;
	int rc = cdx_parse(line, walk->has_layout ? &walk->layout : NULL, &row, err);
	if (rc == FLONG_OK) {
		const struct cdxj_extra extras[] = {
			{"redirect", row.redirect}, {"robotflags", row.meta}};
		row.entry.extras = extras;
		row.entry.extra_count = sizeof(extras) / sizeof(extras[0]);
		print_entry(walk, &row.entry, row.has_length, NULL);
	}
	return rc;
}

/* Whether the line is one of CDXJ: its third part is an object. */
static bool is_cdxj(struct bytes line)
{
	struct bytes key;
	struct bytes time;
	struct bytes json;
	return cdxj_split(line, &key, &time, &json) && json.len > 0 && json.ptr[0] == '{';
}

static void print_line(struct walk *walk, struct bytes line)
{
	struct flong_error fault = {0};
	int rc = FLONG_OK;
	if (cdx_is_header(line)) {
		rc = cdx_parse_header(line, &walk->layout, &fault);
		walk->has_layout = rc == FLONG_OK;
	} else if (is_cdxj(line)) {
		rc = bytes_starts(line, BYTES("!")) ? FLONG_OK : print_cdxj(walk, line, &fault);
	} else if (line.len > 0) {
		rc = print_cdx(walk, line, &fault);
	}
	if (rc < 0) {
		if (walk->number > 0) {
			(void)error_context(&fault, "%s:%" PRIu64, walk->path, walk->number);
		} else {
			(void)error_context(&fault, "%s", walk->path);
		}
		(void)command_fail(&fault);
		walk->has_faults = true;
	}
}

/* --- all rows --------------------------------------------------------------------------------- */

static int take_piece(struct walk *walk, struct bytes piece, struct flong_error *err)
{
	while (piece.len > 0) {
		size_t end = bytes_find_char(piece, '\n', 0);
		buf_add(&walk->line, bytes_slice(piece, 0, end));
		piece = bytes_slice(piece, end == SIZE_MAX ? piece.len : end + 1, piece.len);
		if (buf_failed(&walk->line)) {
			return error_set(err, FLONG_E_LIMIT, "%s:%" PRIu64 ": over %zu bytes",
				walk->path, walk->number + 1, LIMIT_INDEX_LINE_BYTES);
		}
		if (end != SIZE_MAX) {
			walk->number++;
			print_line(walk, bytes_trim(buf_bytes(&walk->line)));
			buf_reset(&walk->line);
		}
	}
	return FLONG_OK;
}

static int print_all(struct walk *walk, struct source *source, struct flong_error *err)
{
	char room[16384];
	size_t got = 0;
	int rc;
	while ((rc = source_read(source, room, sizeof(room), &got, err)) == FLONG_OK) {
		rc = take_piece(walk, bytes_from(room, got), err);
		if (rc < 0) {
			return rc;
		}
	}
	if (rc == FLONG_END && walk->line.len > 0) {
		return take_piece(walk, BYTES("\n"), err);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* --- rows that are looked for ----------------------------------------------------------------- */

static int print_found(struct walk *walk, struct lookup *lookup, struct bytes key,
	enum lookup_match match, struct flong_error *err)
{
	bool any = false;
	struct bytes line;
	int rc = lookup_find(lookup, key, match, err);
	while (rc == FLONG_OK && (rc = lookup_next(lookup, &line, err)) == FLONG_OK) {
		print_line(walk, line);
		any = true;
	}
	if (rc == FLONG_END && !any) {
		return error_set(err, FLONG_E_NOT_FOUND, "%s: no capture of '" BYTES_FMT "'",
			walk->path, BYTES_ARG(key));
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static int print_closest(struct walk *walk, struct lookup *lookup, struct bytes key,
	const char *time, struct flong_error *err)
{
	int64_t wall_ms;
	if (!clock_parse_digits(bytes_of(time), &wall_ms)) {
		return error_set(err, FLONG_E_USAGE,
			"--closest: '%s' is no time such as 20261123190000", time);
	}
	struct bytes line;
	int rc = lookup_closest(lookup, key, wall_ms, &line, err);
	if (rc == FLONG_OK) {
		print_line(walk, line);
	}
	return rc;
}

static int look_up(struct walk *walk, const struct inspect_cdxj *request, struct flong_error *err)
{
	SCOPED(lookup_closep) struct lookup *lookup = NULL;
	SCOPED(buf_clear) struct buf key = {0};
	int rc = lookup_open(request->path, &lookup, err);
	if (rc < 0) {
		return rc;
	}
	if (request->url == NULL) {
		return print_found(walk, lookup, buf_bytes(&key), LOOKUP_PREFIX, err);
	}
	lookup_key(bytes_of(request->url), request->match, &key);
	return request->closest != NULL
		       ? print_closest(walk, lookup, buf_bytes(&key), request->closest, err)
		       : print_found(walk, lookup, buf_bytes(&key), request->match, err);
}

static int check(const struct inspect_cdxj *request, struct flong_error *err)
{
	if (request->closest != NULL && (request->url == NULL || request->match != LOOKUP_EXACT)) {
		return error_set(err, FLONG_E_USAGE,
			"--closest needs --url, and goes with --match exact only");
	}
	if (request->match != LOOKUP_EXACT && request->url == NULL) {
		return error_set(err, FLONG_E_USAGE, "--match needs --url");
	}
	if (request->url != NULL && bytes_equal(bytes_of(request->path), BYTES("-"))) {
		return error_set(err, FLONG_E_USAGE, "a URL is looked up in a file, not in -");
	}
	return FLONG_OK;
}

int inspect_cdxj(const struct inspect_cdxj *request, struct flong_error *err)
{
	int rc = check(request, err);
	if (rc < 0) {
		return rc;
	}
	struct walk walk = {.path = request->path,
		.line = {.max = LIMIT_INDEX_LINE_BYTES},
		.out = {.max = 8 * LIMIT_INDEX_LINE_BYTES}};
	if (request->url != NULL || zipnum_is_index(request->path, BYTES(""))) {
		rc = look_up(&walk, request, err);
	} else {
		SCOPED(source_closep) struct source *source = NULL;
		rc = source_open_file(request->path, &source, err);
		rc = rc == FLONG_OK ? print_all(&walk, source, err) : rc;
	}
	buf_clear(&walk.line);
	buf_clear(&walk.out);
	return rc == FLONG_OK && walk.has_faults ? FLONG_E_FORMAT : rc;
}
