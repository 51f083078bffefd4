/* SPDX-License-Identifier: MIT */
/* cdx_query.c - the CDX server API: which rows, and in what form */
#include "replay/cdx_query.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "index/cdxj.h"
#include "replay/routes.h"

/* --- reading the query -------------------------------------------------------------------------
 */

static int read_match(struct bytes text, struct cdx_query *query, struct flong_error *err)
{
	static const struct {
		const char *name;
		enum lookup_match match;
	} matches[] = {{"exact", LOOKUP_EXACT}, {"prefix", LOOKUP_PREFIX}, {"host", LOOKUP_HOST},
		{"domain", LOOKUP_DOMAIN}};
	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		if (bytes_equal(text, bytes_of(matches[i].name))) {
			query->match = matches[i].match;
			return FLONG_OK;
		}
	}
	return error_set(err, FLONG_E_USAGE,
		"matchType: '" BYTES_FMT "' is none of exact, prefix, host, domain",
		BYTES_ARG(text));
}

/* Digits of a bound; a bound that is later than its digits say has nines behind them. */
static int read_bound(
	struct bytes text, const char *name, char fill, char out[18], struct flong_error *err)
{
	if (text.len == 0 || text.len > 17) {
		return text.len == 0 ? FLONG_OK
				     : error_set(err, FLONG_E_USAGE, "%s: over 17 digits", name);
	}
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_digit(text.ptr[i])) {
			return error_set(err, FLONG_E_USAGE, "%s: '" BYTES_FMT "' is no time", name,
				BYTES_ARG(text));
		}
	}
	memset(out, fill, 17);
	memcpy(out, text.ptr, text.len);
	out[17] = '\0';
	return FLONG_OK;
}

static int read_sort(struct bytes text, struct cdx_query *query, struct flong_error *err)
{
	if (text.len == 0) {
		return FLONG_OK;
	}
	if (bytes_equal(text, BYTES("reverse"))) {
		query->sort = CDX_REVERSE;
	} else if (bytes_equal(text, BYTES("closest"))) {
		query->sort = CDX_CLOSEST;
	} else {
		return error_set(err, FLONG_E_USAGE,
			"sort: '" BYTES_FMT "' is none of reverse, closest", BYTES_ARG(text));
	}
	return FLONG_OK;
}

static int read_output(struct bytes text, struct cdx_query *query, struct flong_error *err)
{
	static const char *const names[] = {"cdxj", "json", "text", "link"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal(text, bytes_of(names[i]))) {
			query->output = (enum cdx_output)i;
			return FLONG_OK;
		}
	}
	return error_set(err, FLONG_E_USAGE,
		"output: '" BYTES_FMT "' is none of cdxj, json, text, link", BYTES_ARG(text));
}

/* "[!][=|~]field:expression" */
static int read_filter(struct bytes text, struct cdx_query *query, struct flong_error *err)
{
	if (query->filter_count == CDX_FILTERS_MAX) {
		return error_set(err, FLONG_E_USAGE, "over %d filters", CDX_FILTERS_MAX);
	}
	struct cdx_filter *filter = &query->filters[query->filter_count++];
	if (bytes_starts(text, BYTES("!"))) {
		filter->is_not = true;
		text = bytes_slice(text, 1, text.len);
	}
	if (bytes_starts(text, BYTES("=")) || bytes_starts(text, BYTES("~"))) {
		filter->kind = text.ptr[0] == '=' ? CDX_EQUALS : CDX_MATCHES;
		text = bytes_slice(text, 1, text.len);
	}
	struct bytes field;
	struct bytes value;
	if (!bytes_cut(text, ':', &field, &value)) {
		field = (struct bytes){NULL, 0};
		value = text;
	}
	buf_add(&filter->field, field);
	if (filter->kind == CDX_MATCHES) {
		buf_addf(&filter->value, "^(?:" BYTES_FMT ")", BYTES_ARG(value));
		return regex_compile(buf_text(&filter->value), &filter->regex, err);
	}
	buf_add(&filter->value, value);
	return FLONG_OK;
}

/* "*.host" and "url*" say what is matched where no matchType does. */
static int read_url(
	struct bytes url, bool has_match, struct cdx_query *query, struct flong_error *err)
{
	if (url.len == 0) {
		return error_set(err, FLONG_E_USAGE, "url: which URL?");
	}
	if (!has_match && bytes_starts(url, BYTES("*."))) {
		query->match = LOOKUP_DOMAIN;
		url = bytes_slice(url, 2, url.len);
	} else if (!has_match && url.ptr[url.len - 1] == '*') {
		query->match = LOOKUP_PREFIX;
		url = bytes_slice(url, 0, url.len - 1);
	}
	if (bytes_find(url, BYTES("://"), 0) == SIZE_MAX) {
		buf_add_text(&query->url, "http://");
	}
	buf_add(&query->url, url);
	return FLONG_OK;
}

static int read_number(
	struct bytes text, const char *name, uint64_t *number_out, struct flong_error *err)
{
	return bytes_to_u64(text, UINT32_MAX, number_out)
		       ? FLONG_OK
		       : error_set(err, FLONG_E_USAGE, "%s: '" BYTES_FMT "' is no number", name,
				 BYTES_ARG(text));
}

/* As pywb reads it: empty, "0" and "false" are no. */
static bool is_yes(struct bytes text)
{
	return text.len > 0 && !bytes_equal(text, BYTES("0")) &&
	       !bytes_equal_nocase(text, BYTES("false"));
}

static int take_value(
	struct cdx_query *query, const char *name, struct bytes value, struct flong_error *err)
{
	uint64_t digits = 0;
	if (strcmp(name, "matchType") == 0) {
		return read_match(value, query, err);
	}
	if (strcmp(name, "from") == 0) {
		return read_bound(value, name, '0', query->from, err);
	}
	if (strcmp(name, "to") == 0) {
		return read_bound(value, name, '9', query->to, err);
	}
	if (strcmp(name, "limit") == 0) {
		return read_number(value, name, &query->limit, err);
	}
	if (strcmp(name, "sort") == 0) {
		return read_sort(value, query, err);
	}
	if (strcmp(name, "reverse") == 0) {
		query->sort = is_yes(value) ? CDX_REVERSE : query->sort;
		return FLONG_OK;
	}
	if (strcmp(name, "allowFuzzy") == 0) {
		query->no_fuzzy = !is_yes(value);
		return FLONG_OK;
	}
	if (strcmp(name, "closest") == 0) {
		query->sort = CDX_CLOSEST;
		return clock_parse_digits(value, &query->closest_ms)
			       ? FLONG_OK
			       : error_set(err, FLONG_E_USAGE, "closest: no time");
	}
	if (strcmp(name, "output") == 0) {
		return read_output(value, query, err);
	}
	if (strcmp(name, "collapseTime") == 0) {
		int rc = read_number(value, name, &digits, err);
		query->collapse_digits = (size_t)digits;
		return rc;
	}
	buf_reset(&query->fields);
	buf_add(&query->fields, value);
	return FLONG_OK;
}

int cdx_query_read(struct bytes query, struct cdx_query *query_out, struct flong_error *err)
{
	/* Closest is more than an order backwards; fields is the later name of fl. */
	static const char *const names[] = {"matchType", "from", "to", "limit", "sort", "reverse",
		"closest", "output", "collapseTime", "allowFuzzy", "fl", "fields"};
	query_out->limit = LIMIT_CDX_ROWS;
	query_out->url.max = LIMIT_URL_BYTES;
	bool has_match = false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		SCOPED(buf_clear) struct buf value = buf_with_max(LIMIT_URL_BYTES);
		if (!route_parameter(query, names[i], 0, &value)) {
			continue;
		}
		has_match = has_match || i == 0;
		int rc = take_value(query_out, names[i], buf_bytes(&value), err);
		if (rc < 0) {
			return rc;
		}
	}
	for (size_t i = 0;; i++) {
		SCOPED(buf_clear) struct buf value = {0};
		if (!route_parameter(query, "filter", i, &value)) {
			break;
		}
		int rc = read_filter(buf_bytes(&value), query_out, err);
		if (rc < 0) {
			return rc;
		}
	}
	query_out->limit = query_out->limit < LIMIT_CDX_ROWS ? query_out->limit : LIMIT_CDX_ROWS;
	SCOPED(buf_clear) struct buf url = buf_with_max(LIMIT_URL_BYTES);
	(void)route_parameter(query, "url", 0, &url);
	return read_url(buf_bytes(&url), has_match, query_out, err);
}

void cdx_query_clear(struct cdx_query *query)
{
	for (size_t i = 0; i < query->filter_count; i++) {
		buf_clear(&query->filters[i].field);
		buf_clear(&query->filters[i].value);
		regex_close(query->filters[i].regex);
	}
	buf_clear(&query->url);
	buf_clear(&query->fields);
	*query = (struct cdx_query){0};
}

/* --- rows --------------------------------------------------------------------------------------
 */

/* A line with its object read. */
struct row {
	struct bytes key, timestamp, json;
	struct json_document *document; /* owned */
};

static bool row_read(struct bytes line, struct row *row)
{
	struct flong_error ignored = {0};
	*row = (struct row){0};
	return cdxj_split(line, &row->key, &row->timestamp, &row->json) &&
	       json_parse(row->json, JSON_LENIENT, &row->document, &ignored) == FLONG_OK;
}

static void row_clear(struct row *row)
{
	json_close(row->document);
}

/* A field by its name, those of older indexes too. False when it is not there. */
static bool row_field(const struct row *row, struct bytes name, struct buf *out)
{
	static const struct {
		const char *name, *real;
	} others[] = {{"original", "url"}, {"statuscode", "status"}, {"mimetype", "mime"},
		{"u", "url"}, {"m", "mime"}, {"s", "status"}, {"d", "digest"}, {"l", "length"},
		{"o", "offset"}, {"f", "filename"}};
	char real[64] = {0};
	if (bytes_equal(name, BYTES("urlkey")) || bytes_equal(name, BYTES("k"))) {
		buf_add(out, row->key);
		return true;
	}
	if (bytes_equal(name, BYTES("timestamp")) || bytes_equal(name, BYTES("t"))) {
		buf_add(out, row->timestamp);
		return true;
	}
	if (name.len >= sizeof(real)) {
		return false;
	}
	memcpy(real, name.ptr, name.len);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(real, others[i].name) == 0) {
			(void)memcpy(real, others[i].real, strlen(others[i].real) + 1);
		}
	}
	const struct json *value = json_get(json_root(row->document), real);
	switch (json_type(value)) {
	case JSON_STRING:
		buf_add(out, json_text(value));
		return true;
	case JSON_NUMBER:
		buf_addf(out, "%lld", (long long)json_int(value));
		return true;
	case JSON_NULL:
	case JSON_BOOL:
	case JSON_ARRAY:
	case JSON_OBJECT:
	default:
		return false;
	}
}

static bool passes(const struct cdx_filter *filter, const struct row *row, struct bytes line)
{
	SCOPED(buf_clear) struct buf text = {0};
	struct bytes value = line;
	if (filter->field.len > 0) {
		(void)row_field(row, buf_bytes(&filter->field), &text);
		value = buf_bytes(&text);
	}
	struct bytes wanted = buf_bytes(&filter->value);
	bool fits = false;
	switch (filter->kind) {
	case CDX_EQUALS:
		fits = bytes_equal(value, wanted);
		break;
	case CDX_MATCHES:
		fits = regex_matches(filter->regex, value);
		break;
	case CDX_CONTAINS:
	default:
		fits = bytes_find(value, wanted, 0) != SIZE_MAX;
	}
	return fits != filter->is_not;
}

/* Times of different lengths are compared as far as the shorter goes. */
static int compare_time(struct bytes timestamp, const char *bound)
{
	size_t length = strlen(bound) < timestamp.len ? strlen(bound) : timestamp.len;
	return strncmp(timestamp.ptr, bound, length);
}

bool cdx_query_takes(const struct cdx_query *query, struct bytes line)
{
	SCOPED(row_clear) struct row row = {0};
	if (!row_read(line, &row) ||
		(query->from[0] != '\0' && compare_time(row.timestamp, query->from) < 0) ||
		(query->to[0] != '\0' && compare_time(row.timestamp, query->to) > 0)) {
		return false;
	}
	for (size_t i = 0; i < query->filter_count; i++) {
		if (!passes(&query->filters[i], &row, line)) {
			return false;
		}
	}
	return true;
}

static void write_values(const struct cdx_query *query, const struct row *row, struct buf *out)
{
	struct bytes names = buf_bytes(&query->fields);
	struct bytes name;
	for (bool is_first = true; bytes_next_item(&names, ',', &name); is_first = false) {
		SCOPED(buf_clear) struct buf value = {0};
		buf_add_text(out, is_first ? "" : " ");
		bool is_there = row_field(row, bytes_trim(name), &value);
		buf_add(out, is_there ? buf_bytes(&value) : BYTES("-"));
	}
}

/* The fields asked for as an object; without key and time where the line begins with them. */
static void write_members(
	const struct cdx_query *query, const struct row *row, bool is_fuzzy, struct buf *out)
{
	struct bytes names = buf_bytes(&query->fields);
	struct bytes name;
	bool is_first = true;
	buf_add_char(out, '{');
	while (bytes_next_item(&names, ',', &name)) {
		SCOPED(buf_clear) struct buf value = {0};
		name = bytes_trim(name);
		bool is_before =
			query->output == CDX_CDXJ && (bytes_equal(name, BYTES("urlkey")) ||
							     bytes_equal(name, BYTES("timestamp")));
		bool is_there = row_field(row, name, &value);
		if (is_fuzzy && bytes_equal(name, BYTES("is_fuzzy"))) {
			buf_add_char(&value, '1');
			is_there = true;
		}
		if (is_there && !is_before) {
			buf_add_text(out, is_first ? "" : ", ");
			json_add_string_ascii(out, name);
			buf_add_text(out, ": ");
			json_add_string_ascii(out, buf_bytes(&value));
			is_first = false;
		}
	}
	buf_add_char(out, '}');
}

/* The object of the line, or the rest of one that begins otherwise. */
static void write_object(struct bytes object, bool is_fuzzy, struct buf *out)
{
	object = bytes_trim(object);
	if (!is_fuzzy || !bytes_ends(object, BYTES("}"))) {
		buf_add(out, object);
		return;
	}
	object = bytes_trim(bytes_slice(object, 0, object.len - 1));
	buf_add(out, object);
	buf_add_text(out, bytes_ends(object, BYTES("{")) || object.len == 0 ? "" : ", ");
	buf_add_text(out, "\"is_fuzzy\": \"1\"}");
}

static void write_text(struct bytes key, const struct row *row, struct buf *out)
{
	static const char *const names[] = {
		"url", "mime", "status", "digest", "length", "offset", "filename"};
	buf_add(out, key);
	buf_add_char(out, ' ');
	buf_add(out, row->timestamp);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		SCOPED(buf_clear) struct buf value = {0};
		buf_add_char(out, ' ');
		bool is_there = row_field(row, bytes_of(names[i]), &value);
		buf_add(out, is_there ? buf_bytes(&value) : BYTES("-"));
	}
}

bool cdx_query_repeats(const struct cdx_query *query, struct bytes line, struct buf *last)
{
	SCOPED(row_clear) struct row row = {0};
	SCOPED(buf_clear) struct buf now = {0};
	if (query->collapse_digits == 0 || !row_read(line, &row)) {
		return false;
	}
	buf_add(&now, bytes_slice(row.timestamp, 0, query->collapse_digits));
	buf_add_char(&now, ' ');
	(void)row_field(&row, BYTES("status"), &now);
	bool is_same = bytes_equal(buf_bytes(&now), buf_bytes(last));
	buf_reset(last);
	buf_add(last, buf_bytes(&now));
	return is_same;
}

void cdx_query_write(
	const struct cdx_query *query, struct bytes line, bool is_fuzzy, struct buf *out)
{
	SCOPED(row_clear) struct row row = {0};
	if (!row_read(line, &row)) {
		return;
	}
	bool has_fields = query->fields.len > 0;
	if (query->output == CDX_TEXT && has_fields) {
		write_values(query, &row, out);
	} else if (query->output == CDX_TEXT) {
		write_text(row.key, &row, out);
	} else if (query->output == CDX_JSON && has_fields) {
		write_members(query, &row, is_fuzzy, out);
	} else if (query->output == CDX_JSON) {
		buf_add_text(out, "{\"urlkey\": ");
		json_add_string_ascii(out, row.key);
		buf_add_text(out, ", \"timestamp\": ");
		json_add_string_ascii(out, row.timestamp);
		bool is_empty = json_count(json_root(row.document)) == 0;
		buf_add_text(out, is_empty ? "" : ", ");
		write_object(bytes_slice(row.json, 1, row.json.len), is_fuzzy, out);
	} else {
		buf_add(out, row.key);
		buf_add_char(out, ' ');
		buf_add(out, row.timestamp);
		buf_add_char(out, ' ');
		if (has_fields) {
			write_members(query, &row, is_fuzzy, out);
		} else {
			write_object(row.json, is_fuzzy, out);
		}
	}
	buf_add_char(out, '\n');
}
