/* SPDX-License-Identifier: MIT */
/* trap_shape.c - what the form of a URL says of the row of pages that it belongs to */
#include "crawl/trap_shape.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crawl/trap.h"

/* A calendar's pages further from today, days. Events are announced a year ahead; what was on five
 * years ago is in the stories of that time. */
#define FUTURE_DAYS 400
#define PAST_DAYS (5 * 366)
/* Years of a date; what is over is another number. Who goes through a calendar day by day comes to
 * all of them. */
#define YEAR_MIN 1000
#define YEAR_MAX 2200
/* Longest group of path segments whose repeats are looked for. */
#define GROUP_MAX 5
/* Shortest session id: 64 bits in hexadecimal digits. */
#define SESSION_CHARACTERS_MIN 16

#define DAY_MS INT64_C(86400000)

static const char *const calendar_words[] = {"calendar", "calendario", "calendrier", "kalender",
	"agenda", "event", "events", "evenements", "eventos", "eventi", "termine",
	"veranstaltungen", "programme"};

/* Names of parameters that hold session ids, in lower case; a star stands for any end. */
static const char *const session_names[] = {"jsessionid", "phpsessid", "sid", "sessionid",
	"session_id", "session", "sessid", "aspsessionid*", "cfid", "cftoken", "oscsid", "zenid"};

static bool is_digits(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9') {
			return false;
		}
	}
	return text.len > 0;
}

/* The segments of a path, up to one more than the limit. */
static size_t split_path(struct bytes path, struct bytes segments[LIMIT_PATH_SEGMENTS + 1])
{
	size_t count = 0;
	struct bytes segment;
	struct bytes rest = bytes_slice(path, bytes_starts(path, BYTES("/")) ? 1 : 0, path.len);
	while (count <= LIMIT_PATH_SEGMENTS && bytes_next_item(&rest, '/', &segment)) {
		segments[count++] = segment;
	}
	return count;
}

static bool is_group_thrice(const struct bytes *segments, size_t length)
{
	bool is_number = true;
	for (size_t i = 0; i < length; i++) {
		if (!bytes_equal(segments[i], segments[i + length]) ||
			!bytes_equal(segments[i], segments[i + 2 * length])) {
			return false;
		}
		is_number = is_number && is_digits(segments[i]);
	}
	return !is_number; /* /2011/11/11/11/ is a day and its page */
}

/* /a/b/a/b/a/b/: a link that was meant from another place. */
static bool repeats(const struct bytes *segments, size_t count)
{
	for (size_t length = 1; length <= GROUP_MAX; length++) {
		for (size_t at = 0; at + 3 * length <= count; at++) {
			if (is_group_thrice(segments + at, length)) {
				return true;
			}
		}
	}
	return false;
}

static bool read_number(struct bytes text, size_t digits, int low, int high, int *number_out)
{
	uint64_t number = 0;
	if (text.len != digits || !is_digits(text) || !bytes_to_u64(text, 9999, &number) ||
		(int)number < low || (int)number > high) {
		return false;
	}
	*number_out = (int)number;
	return true;
}

/* "2026-11", "2026-11-29", and of a calendar also "202611", "20261129", which elsewhere are
 * numbers: its day since 1970. */
static bool read_date(struct bytes text, bool is_calendar, int64_t *day_out)
{
	int year = 0;
	int month = 0;
	int day = 1;
	size_t dash = text.len > 4 && text.ptr[4] == '-' ? 1 : 0;
	if ((dash == 0 && !is_calendar) ||
		!read_number(bytes_slice(text, 0, 4), 4, YEAR_MIN, YEAR_MAX, &year) ||
		!read_number(bytes_slice(text, 4 + dash, 6 + dash), 2, 1, 12, &month)) {
		return false;
	}
	struct bytes rest = bytes_slice(text, 6 + dash, text.len);
	if (dash > 0 && rest.len > 0 && rest.ptr[0] != '-') {
		return false;
	}
	rest = bytes_slice(rest, rest.len > 0 ? dash : 0, rest.len);
	if (rest.len > 0 && !read_number(rest, 2, 1, 31, &day)) {
		return false;
	}
	*day_out = clock_days(year, month, day);
	return true;
}

/* /2026/11/ and /2026/11/29/ */
static bool read_date_segments(const struct bytes *segments, size_t count, int64_t *day_out)
{
	int year = 0;
	int month = 0;
	int day = 1;
	if (count < 2 || !read_number(segments[0], 4, YEAR_MIN, YEAR_MAX, &year) ||
		(!read_number(segments[1], 2, 1, 12, &month) &&
			!read_number(segments[1], 1, 1, 9, &month))) {
		return false;
	}
	if (count > 2) {
		(void)(read_number(segments[2], 2, 1, 31, &day) ||
			read_number(segments[2], 1, 1, 9, &day));
	}
	*day_out = clock_days(year, month, day);
	return true;
}

static bool is_calendar_word(struct bytes text)
{
	for (size_t i = 0; i < sizeof(calendar_words) / sizeof(calendar_words[0]); i++) {
		if (bytes_equal_nocase(text, bytes_of(calendar_words[i]))) {
			return true;
		}
	}
	return false;
}

struct dates {
	int64_t today;
	bool is_calendar, has_future, has_past;
};

static void note_date(struct dates *dates, int64_t day)
{
	dates->has_future = dates->has_future || day > dates->today + FUTURE_DAYS;
	dates->has_past = dates->has_past || day < dates->today - PAST_DAYS;
}

/* Without its question mark. */
static struct bytes query_of(const struct url *url)
{
	return bytes_slice(url->query, 1, url->query.len);
}

/* The next parameter of a query. */
static bool next_parameter(struct bytes *query, struct bytes *name_out, struct bytes *value_out)
{
	struct bytes item;
	if (!bytes_next_item(query, '&', &item)) {
		return false;
	}
	if (!bytes_cut(item, '=', name_out, value_out)) {
		*name_out = item;
		*value_out = BYTES("");
	}
	return true;
}

static bool is_calendar(const struct url *url, const struct bytes *segments, size_t count)
{
	bool found = false;
	for (size_t i = 0; i < count; i++) {
		found = found || is_calendar_word(segments[i]);
	}
	struct bytes query = query_of(url);
	struct bytes name;
	struct bytes value;
	while (next_parameter(&query, &name, &value)) {
		found = found || is_calendar_word(name);
	}
	return found;
}

static bool is_endless_calendar(
	const struct url *url, const struct bytes *segments, size_t count, int64_t now_ms)
{
	struct dates dates = {
		.today = now_ms / DAY_MS, .is_calendar = is_calendar(url, segments, count)};
	int64_t day = 0;
	for (size_t i = 0; i < count; i++) {
		if (read_date(segments[i], dates.is_calendar, &day) ||
			read_date_segments(segments + i, count - i, &day)) {
			note_date(&dates, day);
		}
	}
	struct bytes query = query_of(url);
	struct bytes name;
	struct bytes value;
	while (next_parameter(&query, &name, &value)) {
		if (read_date(value, dates.is_calendar, &day)) {
			note_date(&dates, day);
		}
	}
	return dates.has_future || (dates.is_calendar && dates.has_past);
}

const char *trap_by_shape(const struct url *url, int64_t now_ms)
{
	struct bytes segments[LIMIT_PATH_SEGMENTS + 1];
	size_t count = split_path(url->path, segments);
	if (url->all.len > LIMIT_PAGE_URL_BYTES) {
		return TRAP_PREFIX "long URL";
	}
	if (count > LIMIT_PATH_SEGMENTS) {
		return TRAP_PREFIX "deep path";
	}
	if (repeats(segments, count)) {
		return TRAP_PREFIX "path that repeats";
	}
	if (is_endless_calendar(url, segments, count, now_ms)) {
		return TRAP_PREFIX "calendar";
	}
	return NULL;
}

size_t trap_parameters(const struct url *url)
{
	size_t count = 0;
	int64_t day = 0;
	struct bytes query = query_of(url);
	struct bytes name;
	struct bytes value;
	while (next_parameter(&query, &name, &value)) {
		count += name.len > 0;
		count += name.len > 0 && read_date(value, true, &day);
	}
	return count;
}

static bool is_session_name(struct bytes name)
{
	for (size_t i = 0; i < sizeof(session_names) / sizeof(session_names[0]); i++) {
		struct bytes known = bytes_of(session_names[i]);
		bool is_begin = bytes_ends(known, BYTES("*"));
		if (is_begin ? bytes_starts_nocase(name, bytes_slice(known, 0, known.len - 1))
			     : bytes_equal_nocase(name, known)) {
			return true;
		}
	}
	return false;
}

static bool is_session(struct bytes name, struct bytes value)
{
	return value.len >= SESSION_CHARACTERS_MIN && is_session_name(name);
}

/* ";jsessionid=..." at the end of a path. */
static size_t session_in_path(struct bytes path)
{
	size_t semicolon = bytes_find_last_char(path, ';');
	struct bytes name;
	struct bytes value;
	return semicolon != SIZE_MAX &&
			       bytes_cut(bytes_slice(path, semicolon + 1, path.len), '=', &name,
				       &value) &&
			       is_session(name, value)
		       ? semicolon
		       : path.len;
}

bool trap_without_session(const struct url *url, struct buf *out)
{
	size_t path_end = session_in_path(url->path);
	SCOPED(buf_clear) struct buf kept = buf_with_max(LIMIT_URL_BYTES);
	bool has_session = path_end < url->path.len;
	struct bytes query = query_of(url);
	struct bytes name;
	struct bytes value;
	while (next_parameter(&query, &name, &value)) {
		if (is_session(name, value)) {
			has_session = true;
			continue;
		}
		buf_add_char(&kept, '&');
		buf_add(&kept, name);
		buf_add_char(&kept, '=');
		buf_add(&kept, value);
	}
	if (has_session) {
		buf_add(out, url->host);
		buf_add(out, bytes_slice(url->path, 0, path_end));
		buf_add(out, buf_bytes(&kept));
	}
	return has_session;
}
