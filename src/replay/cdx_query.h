/* SPDX-License-Identifier: MIT */
/* cdx_query.h - the CDX server API: which rows of an index are asked for, and in what form
 *
 * Parameters as pywb has them: url, matchType, from, to, limit, sort, reverse, closest, filter, fl
 * or fields, collapseTime, allowFuzzy, output. tests/interop/pywb_api.py says where answers differ.
 */
#ifndef REPLAY_CDX_QUERY_H
#define REPLAY_CDX_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/regex.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/lookup.h"

/* Conditions on fields of one query. */
#define CDX_FILTERS_MAX 16

enum cdx_filter_kind { CDX_CONTAINS, CDX_EQUALS, CDX_MATCHES };

struct cdx_filter {
	enum cdx_filter_kind kind;
	bool is_not;
	struct buf field, value;
	struct regex *regex; /* owned; of CDX_MATCHES */
};

enum cdx_output { CDX_CDXJ, CDX_JSON, CDX_TEXT, CDX_LINK };
enum cdx_sort { CDX_FORWARD, CDX_REVERSE, CDX_CLOSEST };

/* Zeroed is valid and empty. */
struct cdx_query {
	struct buf url; /* without a star at its end or "*." in front */
	enum lookup_match match;
	char from[18], to[18]; /* digits, inclusive; empty: no bound */
	uint64_t limit;
	enum cdx_sort sort;
	int64_t closest_ms;
	struct cdx_filter filters[CDX_FILTERS_MAX];
	size_t filter_count;
	struct buf fields; /* names between commas; empty: all */
	/* Of rows one after the other with these digits and the status in common the first; 0: all
	 */
	size_t collapse_digits;
	bool no_fuzzy; /* nothing in the place of a URL that is not there */
	enum cdx_output output;
};

/* Reads the query of a target. FLONG_E_USAGE tells what is wrong. The caller clears it, after
 * failure too. */
MUST_CHECK int cdx_query_read(
	struct bytes query, struct cdx_query *query_out, struct flong_error *err);
void cdx_query_clear(struct cdx_query *query);
/* Whether a line is one of those asked for, by its fields and its time. */
bool cdx_query_takes(const struct cdx_query *query, struct bytes line);
/* Whether the line has the same time, as far as it counts, and status as the one before, which
 * *last holds; then *last holds this one. */
bool cdx_query_repeats(const struct cdx_query *query, struct bytes line, struct buf *last);
/* Appends the line in the form asked for, with its LF; `is_fuzzy`: it is of almost the URL only,
 * and says so. */
void cdx_query_write(
	const struct cdx_query *query, struct bytes line, bool is_fuzzy, struct buf *out);

#endif
