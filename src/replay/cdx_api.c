/* SPDX-License-Identifier: MIT */
/* cdx_api.c - rows of the index and TimeMaps, given out while they are read */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "index/cdxj.h"
#include "replay/cdx_query.h"
#include "replay/fuzzy.h"
#include "replay/site.h"

/* Rows under way. */
struct rows {
	struct source source;
	struct cdx_query query;
	struct lookup *lookup; /* owned */
	uint64_t given;
	struct buf out;  /* written and not read yet */
	size_t taken;    /* of it */
	struct buf last; /* time of the row before, as far as it counts */
	bool has_found;  /* a row of the URL itself */
	bool has_links;  /* that were written */
	bool is_fuzzy;   /* there was none: rows of almost the same URL */
	struct fuzzy fuzzy;
	struct sorted *sorted; /* owned; when they have another order than the index */
	size_t sorted_count, sorted_next;
	/* Of a TimeMap: what a row becomes instead. */
	void (*write)(struct rows *rows, struct bytes line);
	void (*end)(struct rows *rows);
	struct buf prefix, url; /* "http://host:port/name" and the URL */
	bool is_ended;
};

struct sorted {
	char *line; /* owned */
	uint64_t distance;
	size_t number;
};

/* --- one row after the other -------------------------------------------------------------------
 */

/* The next line whose URL is asked for, or almost. */
static int next_found(struct rows *rows, struct bytes *line_out, struct flong_error *err)
{
	unsigned score = 0;
	int rc = rows->is_fuzzy ? FLONG_END : lookup_next(rows->lookup, line_out, err);
	if (rc == FLONG_OK) {
		rows->has_found = true;
		return FLONG_OK;
	}
	if (rc == FLONG_END && !rows->has_found && rows->query.match == LOOKUP_EXACT &&
		!rows->query.no_fuzzy) {
		rows->is_fuzzy = true;
		return fuzzy_next(&rows->fuzzy, rows->lookup, line_out, &score, err);
	}
	return rc;
}

/* The next line that is asked for, in the order of the index. */
static int next_line(struct rows *rows, struct bytes *line_out, struct flong_error *err)
{
	for (;;) {
		int rc = next_found(rows, line_out, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		if (cdx_query_takes(&rows->query, *line_out) &&
			!cdx_query_repeats(&rows->query, *line_out, &rows->last)) {
			return FLONG_OK;
		}
	}
}

static int next_row(struct rows *rows, struct bytes *line_out, struct flong_error *err)
{
	if (rows->given == rows->query.limit) {
		return FLONG_END;
	}
	rows->given++;
	if (rows->sorted == NULL) {
		return next_line(rows, line_out, err);
	}
	if (rows->sorted_next == rows->sorted_count) {
		return FLONG_END;
	}
	*line_out = bytes_of(rows->sorted[rows->sorted_next++].line);
	return FLONG_OK;
}

static int rows_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct rows *rows = (struct rows *)source;
	if (rows->taken == rows->out.len) {
		struct bytes line;
		rows->taken = 0;
		buf_reset(&rows->out);
		/* A row at least, some more so that each read pays. */
		while (rows->out.len < 16384 && !rows->is_ended) {
			int rc = next_row(rows, &line, err);
			if (rc < 0) {
				return rc;
			}
			rows->is_ended = rc == FLONG_END;
			if (!rows->is_ended && rows->write != NULL) {
				rows->write(rows, line);
			} else if (!rows->is_ended) {
				cdx_query_write(&rows->query, line, rows->is_fuzzy, &rows->out);
			} else if (rows->end != NULL) {
				rows->end(rows);
			}
		}
	}
	size_t count = rows->out.len - rows->taken;
	count = count < max ? count : max;
	if (count == 0) {
		*got_out = 0;
		return FLONG_END;
	}
	memcpy(room, rows->out.ptr + rows->taken, count);
	rows->taken += count;
	*got_out = count;
	return FLONG_OK;
}

static void rows_close(struct source *source)
{
	struct rows *rows = (struct rows *)source;
	for (size_t i = 0; i < rows->sorted_count; i++) {
		free(rows->sorted[i].line);
	}
	free(rows->sorted);
	lookup_close(rows->lookup);
	cdx_query_clear(&rows->query);
	fuzzy_clear(&rows->fuzzy);
	buf_clear(&rows->last);
	buf_clear(&rows->out);
	buf_clear(&rows->prefix);
	buf_clear(&rows->url);
	free(rows);
}

/* --- another order -----------------------------------------------------------------------------
 */

static int compare_distance(const void *a, const void *b)
{
	const struct sorted *left = (const struct sorted *)a;
	const struct sorted *right = (const struct sorted *)b;
	if (left->distance != right->distance) {
		return left->distance < right->distance ? -1 : 1;
	}
	return left->number < right->number ? -1 : 1;
}

static uint64_t row_distance(const struct rows *rows, struct bytes line, size_t number)
{
	struct bytes key;
	struct bytes timestamp;
	struct bytes json;
	int64_t time_ms = 0;
	if (rows->query.sort == CDX_REVERSE) {
		return UINT64_MAX - number;
	}
	if (!cdxj_split(line, &key, &timestamp, &json) ||
		!clock_parse_digits(timestamp, &time_ms)) {
		return UINT64_MAX;
	}
	int64_t to = rows->query.closest_ms;
	return time_ms > to ? (uint64_t)time_ms - (uint64_t)to : (uint64_t)to - (uint64_t)time_ms;
}

/* Reads all rows and puts them in order. FLONG_E_LIMIT: they are too many for that. */
static int sort_rows(struct rows *rows, struct flong_error *err)
{
	struct bytes line;
	size_t capacity = 64;
	uint64_t bytes = 0;
	rows->sorted = ALLOC_ARRAY(struct sorted, capacity);
	int rc;
	while ((rc = next_line(rows, &line, err)) == FLONG_OK) {
		bytes += line.len + sizeof(struct sorted);
		if (bytes > LIMIT_CDX_SORT_BYTES) {
			return error_set(err, FLONG_E_LIMIT,
				"too many rows to be put into that order; ask for fewer");
		}
		if (rows->sorted_count == capacity) {
			capacity *= 2;
			rows->sorted = (struct sorted *)alloc_resize(
				rows->sorted, capacity, sizeof(rows->sorted[0]));
		}
		size_t number = rows->sorted_count++;
		rows->sorted[number] = (struct sorted){
			alloc_text(line.ptr, line.len), row_distance(rows, line, number), number};
	}
	qsort(rows->sorted, rows->sorted_count, sizeof(rows->sorted[0]), compare_distance);
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* --- answers -----------------------------------------------------------------------------------
 */

static struct rows *rows_create(void)
{
	static const struct source_ops ops = {.read = rows_read, .close = rows_close};
	struct rows *rows = ALLOC(struct rows);
	rows->source.ops = &ops;
	rows->out.max = 2 * LIMIT_INDEX_LINE_BYTES;
	return rows;
}

static int start_rows(const struct site_call *call, struct rows *rows, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf key = {0};
	rows->lookup = holding_lookup(call->holding);
	lookup_key(buf_bytes(&rows->query.url), rows->query.match, &key);
	fuzzy_begin(buf_bytes(&key), &rows->fuzzy);
	int rc = lookup_find(rows->lookup, buf_bytes(&key), rows->query.match, err);
	return rc == FLONG_OK && rows->query.sort != CDX_FORWARD ? sort_rows(rows, err) : rc;
}

static void send_rows(struct rows *rows_take, int rc, const struct flong_error *err,
	const char *type, struct reply *reply)
{
	if (rc < 0) {
		bool is_theirs = rc == FLONG_E_USAGE || rc == FLONG_E_LIMIT;
		int status = rc == FLONG_E_NOT_FOUND ? 404 : is_theirs ? 400 : 500;
		rows_close(&rows_take->source);
		reply_plain(reply, status, "flong: %s", err->message);
		return;
	}
	reply->status = 200;
	reply_field(reply, "Content-Type", bytes_of(type));
	reply->content = &rows_take->source;
	reply->length = -1;
}

static void allow_origin(const struct site_call *call, struct reply *reply)
{
	if (call->site->allowed_origin != NULL) {
		reply_field(
			reply, "Access-Control-Allow-Origin", bytes_of(call->site->allowed_origin));
		reply_field(reply, "Vary", BYTES("Origin"));
	}
}

/* What its address begins with: "http://host:port/name/TIMEmp_/". A second in which there is
 * another memento has to be divided. */
static void add_memento_prefix(struct rows *rows, struct bytes timestamp)
{
	struct bytes digits = bytes_slice(timestamp, 0, 14);
	if (bytes_equal(digits, buf_bytes(&rows->last))) {
		digits = timestamp;
	}
	buf_reset(&rows->last);
	buf_add(&rows->last, bytes_slice(timestamp, 0, 14));
	buf_addf(&rows->out, "%s/" BYTES_FMT "mp_/", buf_text(&rows->prefix), BYTES_ARG(digits));
}

/* One memento in the form of RFC 7089 5 (and RFC 6690): of a TimeMap its address here, in answers
 * of the CDX API its URL alone. */
static void write_link(struct rows *rows, struct bytes line)
{
	int64_t time_ms = 0;
	char date[CLOCK_HTTP_SIZE];
	SCOPED(cdxj_clear) struct cdxj_row row = {0};
	struct flong_error ignored = {0};
	if (cdxj_parse(line, &row, &ignored) != FLONG_OK ||
		!clock_parse_digits(row.entry.timestamp, &time_ms)) {
		return;
	}
	clock_format_http(time_ms, date);
	buf_add_text(&rows->out, rows->has_links ? ",\n<" : "<");
	if (rows->prefix.len > 0) {
		add_memento_prefix(rows, row.entry.timestamp);
	}
	buf_add(&rows->out, row.entry.url);
	buf_addf(&rows->out, ">; rel=\"memento\"; datetime=\"%s\"", date);
	rows->has_links = true;
}

static void end_links(struct rows *rows)
{
	buf_add_text(&rows->out, rows->has_links ? "\n" : "");
}

void site_cdx(const struct site_call *call, struct reply *reply)
{
	static const char *const types[] = {[CDX_CDXJ] = "text/x-cdxj",
		[CDX_JSON] = "application/x-ndjson",
		[CDX_TEXT] = "text/plain; charset=utf-8",
		[CDX_LINK] = "application/link-format"};
	struct flong_error err = {0};
	struct rows *rows = rows_create();
	int rc = cdx_query_read(call->route->query, &rows->query, &err);
	if (rc == FLONG_OK) {
		rc = start_rows(call, rows, &err);
	}
	if (rows->query.output == CDX_LINK) {
		rows->write = write_link;
		rows->end = end_links;
	}
	allow_origin(call, reply);
	send_rows(rows, rc, &err, types[rows->query.output], reply);
}

/* Times of the first and the last row of a URL; FLONG_E_NOT_FOUND when there is none. */
static int read_span(const struct site_call *call, struct bytes url, int64_t span_out[2],
	struct flong_error *err)
{
	SCOPED(buf_clear) struct buf key = {0};
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(call->holding);
	lookup_key(url, LOOKUP_EXACT, &key);
	int rc = lookup_find(lookup, buf_bytes(&key), LOOKUP_EXACT, err);
	bool is_found = false;
	struct bytes line;
	while (rc == FLONG_OK && (rc = lookup_next(lookup, &line, err)) == FLONG_OK) {
		struct bytes timestamp;
		struct bytes json;
		struct bytes own_key;
		int64_t time_ms;
		if (cdxj_split(line, &own_key, &timestamp, &json) &&
			clock_parse_digits(timestamp, &time_ms)) {
			span_out[0] = is_found ? span_out[0] : time_ms;
			span_out[1] = time_ms;
			is_found = true;
		}
	}
	if (rc < 0) {
		return rc;
	}
	return is_found ? FLONG_OK
			: error_set(err, FLONG_E_NOT_FOUND, "not in this archive: " BYTES_FMT,
				  BYTES_ARG(url));
}

static void begin_links(struct rows *rows, const int64_t span[2])
{
	const char *prefix = buf_text(&rows->prefix);
	const char *url = buf_text(&rows->url);
	char from[CLOCK_HTTP_SIZE];
	char until[CLOCK_HTTP_SIZE];
	clock_format_http(span[0], from);
	clock_format_http(span[1], until);
	buf_addf(&rows->out,
		"<%s/timemap/link/%s>; rel=\"self\"; type=\"application/link-format\"; "
		"from=\"%s\"; until=\"%s\",\n",
		prefix, url, from, until);
	rows->has_links = true;
	buf_addf(&rows->out, "<%s/%s>; rel=\"timegate\",\n", prefix, url);
	buf_addf(&rows->out, "<%s>; rel=\"original\"", url);
}

void site_timemap(const struct site_call *call, struct reply *reply)
{
	static const struct {
		const char *name, *type;
		enum cdx_output output;
	} forms[] = {{"link", "application/link-format", CDX_LINK},
		{"cdxj", "text/x-cdxj", CDX_CDXJ}, {"json", "application/x-ndjson", CDX_JSON}};
	struct flong_error err = {0};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!bytes_equal(call->route->rest, bytes_of(forms[i].name))) {
			continue;
		}
		struct rows *rows = rows_create();
		int64_t span[2] = {0, 0};
		rows->query.limit = LIMIT_CDX_ROWS;
		rows->query.output = forms[i].output;
		rows->query.no_fuzzy = true; /* other URLs have TimeMaps of their own */
		buf_add(&rows->query.url, call->route->url);
		buf_add(&rows->url, call->route->url);
		site_origin(call, call->request->side, &rows->prefix);
		buf_addf(&rows->prefix, "/%s", holding_name(call->holding));
		int rc = read_span(call, call->route->url, span, &err);
		rc = rc == FLONG_OK ? start_rows(call, rows, &err) : rc;
		if (forms[i].output == CDX_LINK) {
			rows->write = write_link;
			rows->end = end_links;
			begin_links(rows, span);
		}
		allow_origin(call, reply);
		send_rows(rows, rc, &err, forms[i].type, reply);
		return;
	}
	reply_plain(reply, 404, "flong: a TimeMap has the forms link, cdxj and json");
}
