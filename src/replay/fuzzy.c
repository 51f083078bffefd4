/* SPDX-License-Identifier: MIT */
/* fuzzy.c - captures of almost the same URL, for what was asked for and is not there */
#include "replay/fuzzy.h"

#include "base/limits.h"
#include "index/cdxj.h"

/* Scores: queries that say the same are above all others, which count what they have in common. */
#define SCORE_SAME 1000000u
#define SCORE_FILE 1u

/* --- what changes each time --------------------------------------------------------------------
 */

enum value_form {
	VALUE_ANY,    /* not empty */
	VALUE_NUMBER, /* digits */
	VALUE_TIME    /* a time in milliseconds or finer: a one and 12 to 15 digits */
};

enum name_form { NAME_IS, NAME_BEGINS, NAME_HOLDS };

/* Parameters that say nothing about what is wanted (those that pywb and wabac.js know). */
static const struct {
	const char *name;
	enum name_form name_form;
	enum value_form value_form;
} changing[] = {
	{"_", NAME_IS, VALUE_NUMBER},
	{"cb", NAME_IS, VALUE_NUMBER},
	{"uncache", NAME_IS, VALUE_NUMBER},
	{"cache", NAME_HOLDS, VALUE_NUMBER},
	{"bust", NAME_HOLDS, VALUE_TIME},
	{"ts", NAME_HOLDS, VALUE_TIME},
	{"utm_", NAME_BEGINS, VALUE_ANY},
	{"fbclid", NAME_IS, VALUE_ANY},
};

static bool has_name(struct bytes name, const char *wanted, enum name_form form)
{
	switch (form) {
	case NAME_BEGINS:
		return bytes_starts(name, bytes_of(wanted));
	case NAME_HOLDS:
		return bytes_find(name, bytes_of(wanted), 0) != SIZE_MAX;
	case NAME_IS:
	default:
		return bytes_equal(name, bytes_of(wanted));
	}
}

static size_t count_digits(struct bytes text)
{
	size_t count = 0;
	while (count < text.len && char_is_digit(text.ptr[count])) {
		count++;
	}
	return count;
}

static bool has_value(struct bytes value, enum value_form form)
{
	bool is_number = value.len > 0 && count_digits(value) == value.len;
	switch (form) {
	case VALUE_NUMBER:
		return is_number;
	case VALUE_TIME:
		return is_number && value.ptr[0] == '1' && value.len >= 13 && value.len <= 16;
	case VALUE_ANY:
	default:
		return value.len > 0;
	}
}

static bool is_changing(struct bytes name, struct bytes value)
{
	for (size_t i = 0; i < sizeof(changing) / sizeof(changing[0]); i++) {
		if (has_name(name, changing[i].name, changing[i].name_form) &&
			has_value(value, changing[i].value_form)) {
			return true;
		}
	}
	return false;
}

/* What is left of the name of a callback: "jsonp..." of "callback", "jquery123_456" of any. */
static struct bytes lasting_value(struct bytes name, struct bytes value)
{
	if (bytes_equal(name, BYTES("callback")) && bytes_starts(value, BYTES("jsonp"))) {
		return bytes_slice(value, 0, 5);
	}
	struct bytes rest = bytes_slice(value, 6, value.len);
	size_t digits = count_digits(rest);
	bool is_jquery = bytes_starts(value, BYTES("jquery")) && digits > 0 && digits < rest.len &&
			 rest.ptr[digits] == '_';
	return is_jquery ? bytes_slice(value, 0, 6) : value;
}

/* The next parameter of a query that says something, without what changes in it. */
static bool next_lasting(struct bytes *query, struct bytes *name_out, struct bytes *value_out)
{
	struct bytes item;
	while (bytes_next_item(query, '&', &item)) {
		*name_out = item;
		*value_out = (struct bytes){NULL, 0};
		(void)bytes_cut(item, '=', name_out, value_out);
		if (!is_changing(*name_out, *value_out)) {
			*value_out = lasting_value(*name_out, *value_out);
			return true;
		}
	}
	return false;
}

static void add_lasting(struct bytes query, struct buf *out)
{
	struct bytes name;
	struct bytes value;
	while (next_lasting(&query, &name, &value)) {
		buf_add_char(out, '&');
		buf_add(out, name);
		buf_add_char(out, '=');
		buf_add(out, value);
	}
}

/* --- files -------------------------------------------------------------------------------------
 */

/* Whether the path ends as files do; programs' endings are none. */
static bool is_file_path(struct bytes base)
{
	static const char *const programs[] = {
		"asp", "aspx", "jsp", "php", "pl", "cgi", "exe", "dll"};
	size_t slash = bytes_find_last_char(base, '/');
	struct bytes last = bytes_slice(base, slash == SIZE_MAX ? 0 : slash + 1, base.len);
	size_t dot = bytes_find_last_char(last, '.');
	if (dot == SIZE_MAX || dot == 0 || dot + 1 == last.len) {
		return false;
	}
	struct bytes ending = bytes_slice(last, dot + 1, last.len);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (bytes_equal(ending, bytes_of(programs[i]))) {
			return false;
		}
	}
	return true;
}

static bool is_page(struct bytes mime)
{
	return bytes_starts(mime, BYTES("text/html")) ||
	       bytes_starts(mime, BYTES("application/xhtml"));
}

/* Playlists are files whatever their address. */
static bool is_playlist(struct bytes mime)
{
	return bytes_equal_nocase(mime, BYTES("application/dash+xml")) ||
	       bytes_equal_nocase(mime, BYTES("application/x-mpegurl")) ||
	       bytes_equal_nocase(mime, BYTES("application/vnd.apple.mpegurl"));
}

/* --- alike -------------------------------------------------------------------------------------
 */

static struct bytes split_key(struct bytes key, struct bytes *query_out)
{
	size_t mark = bytes_find_char(key, '?', 0);
	*query_out =
		mark == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(key, mark + 1, key.len);
	return bytes_slice(key, 0, mark);
}

void fuzzy_begin(struct bytes key, struct fuzzy *fuzzy)
{
	struct bytes query;
	fuzzy_clear(fuzzy);
	buf_add(&fuzzy->base, split_key(key, &query));
	add_lasting(query, &fuzzy->query);
	fuzzy->is_file = is_file_path(buf_bytes(&fuzzy->base));
}

void fuzzy_clear(struct fuzzy *fuzzy)
{
	buf_clear(&fuzzy->base);
	buf_clear(&fuzzy->query);
	*fuzzy = (struct fuzzy){0};
}

/* Parameters of `query` that are among those of `other`; both as add_lasting wrote them. */
static unsigned count_shared(struct bytes query, struct bytes other)
{
	unsigned count = 0;
	struct bytes item;
	while (bytes_next_item(&query, '&', &item)) {
		struct bytes rest = other;
		struct bytes one;
		bool is_there = false;
		while (item.len > 0 && !is_there && bytes_next_item(&rest, '&', &one)) {
			is_there = bytes_equal(item, one);
		}
		count += is_there ? 1 : 0;
	}
	return count;
}

unsigned fuzzy_score(const struct fuzzy *fuzzy, struct bytes key, struct bytes mime)
{
	struct bytes query;
	SCOPED(buf_clear) struct buf lasting = {0};
	if (!bytes_equal(split_key(key, &query), buf_bytes(&fuzzy->base))) {
		return 0;
	}
	add_lasting(query, &lasting);
	if (bytes_equal(buf_bytes(&lasting), buf_bytes(&fuzzy->query))) {
		return SCORE_SAME;
	}
	if (is_page(mime) || !(fuzzy->is_file || is_playlist(mime))) {
		return 0;
	}
	return SCORE_FILE + count_shared(buf_bytes(&fuzzy->query), buf_bytes(&lasting));
}

/* --- the search --------------------------------------------------------------------------------
 */

static int next_part(struct fuzzy *fuzzy, struct lookup *lookup, struct flong_error *err)
{
	if (++fuzzy->part == 1) {
		return lookup_find(lookup, buf_bytes(&fuzzy->base), LOOKUP_EXACT, err);
	}
	SCOPED(buf_clear) struct buf start = {0};
	buf_add(&start, buf_bytes(&fuzzy->base));
	buf_add_char(&start, '?');
	return lookup_find(lookup, buf_bytes(&start), LOOKUP_PREFIX, err);
}

int fuzzy_next(struct fuzzy *fuzzy, struct lookup *lookup, struct bytes *line_out,
	unsigned *score_out, struct flong_error *err)
{
	int rc = fuzzy->part == 0 ? next_part(fuzzy, lookup, err) : FLONG_OK;
	while (rc == FLONG_OK && fuzzy->rows < LIMIT_FUZZY_ROWS) {
		struct bytes line;
		rc = lookup_next(lookup, &line, err);
		if (rc == FLONG_END && fuzzy->part == 1) {
			rc = next_part(fuzzy, lookup, err);
			continue;
		}
		if (rc != FLONG_OK) {
			return rc;
		}
		SCOPED(cdxj_clear) struct cdxj_row row = {0};
		struct flong_error ignored = {0};
		fuzzy->rows++;
		unsigned score = cdxj_parse(line, &row, &ignored) == FLONG_OK
					 ? fuzzy_score(fuzzy, row.entry.key, row.entry.mime)
					 : 0;
		if (score > 0) {
			*line_out = line;
			*score_out = score;
			return FLONG_OK;
		}
	}
	return rc == FLONG_OK ? FLONG_END : rc;
}
