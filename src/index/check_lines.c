/* SPDX-License-Identifier: MIT */
/* check_lines.c - CDXJ and CDX: each line by itself, and against the one before */
#include "index/check_lines.h"

#include <stdarg.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "index/line_source.h"
#include "web/surt.h"

/* A CDX line has at most these: the letters of pywb's largest layout. */
enum { CDX_FIELDS_MAX = 16, TIMESTAMP_DIGITS = 14 };

/* An index file while its lines go by. */
struct index_run {
	struct check_lines *lines; /* borrowed */
	struct buf previous;       /* the line before */
	struct buf moment;         /* its time by the second and its URL; empty: neither */
	char letters[CDX_FIELDS_MAX];
	size_t letter_count; /* 0: CDXJ */
};

static void say(struct check_lines *lines, enum check_severity severity, const char *rule,
	const char *format, ...) PRINTF_LIKE(4, 5);
static void say(struct check_lines *lines, enum check_severity severity, const char *rule,
	const char *format, ...)
{
	const struct check_finding place = {
		.line = lines->number, .severity = severity, .rule = rule};
	va_list args;
	va_start(args, format);
	check_say(&lines->listener, &place, format, args);
	va_end(args);
}

static void check_order(struct index_run *run, struct bytes line)
{
	int order = bytes_compare(buf_bytes(&run->previous), line);
	if (run->lines->number > 1 && order > 0) {
		say(run->lines, CHECK_ERROR, "W-32",
			"the line does not stand where sorting by bytes puts it: searches miss it");
	} else if (run->lines->number > 1 && order == 0) {
		say(run->lines, CHECK_WARNING, "W-32", "the line repeats the one before");
	}
	buf_reset(&run->previous);
	buf_add(&run->previous, line);
}

/* A name must not lead out of the folder of the WARC files (F-97). */
static void check_filename(struct check_lines *lines, struct bytes name)
{
	bool leaves = name.len == 0 || name.ptr[0] == '/' || bytes_equal(name, BYTES("..")) ||
		      bytes_starts(name, BYTES("../")) || bytes_ends(name, BYTES("/..")) ||
		      bytes_find(name, BYTES("/../"), 0) != SIZE_MAX ||
		      bytes_find_char(name, '\\', 0) != SIZE_MAX ||
		      bytes_find_char(name, '\0', 0) != SIZE_MAX;
	if (leaves) {
		say(lines, CHECK_ERROR, "W-61",
			"filename '" BYTES_FMT "' leads out of the folder of the WARC files",
			BYTES_ARG(name));
	} else if (bytes_find_char(name, '/', 0) != SIZE_MAX) {
		say(lines, CHECK_WARNING, "W-61",
			"filename '" BYTES_FMT "' is a path: players look for a plain name",
			BYTES_ARG(name));
	}
}

static bool check_timestamp(struct check_lines *lines, struct bytes timestamp)
{
	int64_t time_ms;
	if (timestamp.len >= TIMESTAMP_DIGITS && clock_parse_digits(timestamp, &time_ms)) {
		return true;
	}
	say(lines, CHECK_ERROR, "W-31", "'" BYTES_FMT "' is no timestamp of 14 or 17 digits",
		BYTES_ARG(timestamp));
	return false;
}

/* Keys of both dialects are fine; those of requests with a body have more behind. */
static void check_key(struct check_lines *lines, const struct cdxj_entry *entry)
{
	SCOPED(buf_clear) struct buf by_ia = {0};
	SCOPED(buf_clear) struct buf by_js = {0};
	surt_ia(entry->url, &by_ia);
	surt_js(entry->url, &by_js);
	bool is_fine = bytes_equal(entry->key, buf_bytes(&by_ia)) ||
		       bytes_equal(entry->key, buf_bytes(&by_js));
	bool is_post = bytes_find(entry->key, BYTES("__wb_method="), 0) != SIZE_MAX;
	if (!is_fine && !is_post) {
		say(lines, CHECK_WARNING, "W-65",
			"the key '" BYTES_FMT "' is not that of the URL, '%s'",
			BYTES_ARG(entry->key), buf_text(&by_ia));
	}
}

static int add_row(
	struct check_lines *lines, const struct cdxj_entry *entry, struct flong_error *err)
{
	if (lines->join == NULL) {
		return FLONG_OK;
	}
	return check_join_row(lines->join, lines->file, lines->number, entry, err);
}

static void check_members(struct check_lines *lines, const struct cdxj_row *row)
{
	static const char *const strings[] = {"offset", "length", "status"};
	const struct json *object = json_root(row->document);
	if (row->entry.url.len == 0) {
		say(lines, CHECK_ERROR, "W-30", "there is no url");
	}
	if (row->entry.digest.len == 0) {
		say(lines, CHECK_WARNING, "W-30", "there is no digest");
	}
	for (size_t i = 0; i < 3 && !lines->has_numbers; i++) {
		if (json_type(json_get(object, strings[i])) == JSON_NUMBER) {
			lines->has_numbers = true;
			say(lines, CHECK_ADVICE, "W-30",
				"%s is a number, which some players compare as text", strings[i]);
		}
	}
}

/* Players that keep captures by URL and time see one of those that are the same in both. */
static void check_moment(struct index_run *run, const struct cdxj_entry *entry)
{
	SCOPED(buf_clear) struct buf moment = {.max = LIMIT_INDEX_LINE_BYTES};
	if (entry->timestamp.len == TIMESTAMP_DIGITS) {
		buf_add(&moment, entry->timestamp);
		buf_add(&moment, entry->url);
	}
	bool is_same = moment.len > 0 && bytes_equal(buf_bytes(&moment), buf_bytes(&run->moment));
	bool is_post = bytes_find(entry->key, BYTES("__wb_method="), 0) != SIZE_MAX;
	if (is_same && !is_post) {
		say(run->lines, CHECK_WARNING, "W-31",
			"the URL has two captures in this second: ReplayWeb.page shows one of "
			"them, "
			"unless timestamps have 17 digits");
	}
	buf_reset(&run->moment);
	buf_add(&run->moment, buf_bytes(&moment));
}

static int check_cdxj_line(struct index_run *run, struct bytes line, struct flong_error *err)
{
	struct check_lines *lines = run->lines;
	struct cdxj_row row = {0};
	struct flong_error reason;
	int rc = cdxj_parse(line, &row, &reason);
	if (rc == FLONG_E_UNSUPPORTED) { /* a header */
		if (lines->number > 1) {
			say(lines, CHECK_WARNING, "W-30", "there is a header inside the file");
		}
		cdxj_clear(&row);
		return FLONG_OK;
	}
	lines->lines++;
	if (rc != FLONG_OK) {
		say(lines, CHECK_ERROR, "W-30", "%s", reason.message);
		cdxj_clear(&row);
		return FLONG_OK;
	}
	check_members(lines, &row);
	check_filename(lines, row.entry.filename);
	if (check_timestamp(lines, row.entry.timestamp) && row.entry.url.len > 0) {
		check_key(lines, &row.entry);
	}
	check_moment(run, &row.entry);
	if (row.entry.timestamp.len == TIMESTAMP_DIGITS && !lines->has_seconds) {
		lines->has_seconds = true;
		lines->first_seconds = lines->number;
	}
	rc = add_row(lines, &row.entry, err);
	cdxj_clear(&row);
	return rc;
}

/* " CDX N b a ...": the first byte is the separator, the letters name the fields. */
static bool read_cdx_header(struct index_run *run, struct bytes line)
{
	struct bytes rest = bytes_slice(line, 5, line.len);
	struct bytes letter;
	if (!bytes_starts(line, BYTES(" CDX "))) {
		return false;
	}
	while (bytes_next_item(&rest, ' ', &letter)) {
		if (letter.len != 1 || run->letter_count == CDX_FIELDS_MAX) {
			say(run->lines, CHECK_ERROR, "W-30", "the header is no list of letters");
			run->letter_count = 0;
			return true;
		}
		run->letters[run->letter_count++] = letter.ptr[0];
	}
	return true;
}

static void set_cdx_field(
	struct index_run *run, char letter, struct bytes value, struct cdxj_entry *entry)
{
	bool is_number = true;
	if (bytes_equal(value, BYTES("-"))) {
		return;
	}
	switch (letter) {
	case 'N':
		entry->key = value;
		break;
	case 'b':
		entry->timestamp = value;
		break;
	case 'a':
		entry->url = value;
		break;
	case 'k':
		entry->digest = value;
		break;
	case 'S':
		is_number = bytes_to_u64(value, INT64_MAX, &entry->length);
		break;
	case 'V':
		is_number = bytes_to_u64(value, INT64_MAX, &entry->offset);
		break;
	case 'g':
		entry->filename = value;
		break;
	default:
		break;
	}
	if (!is_number) {
		say(run->lines, CHECK_ERROR, "W-30", "'" BYTES_FMT "' is no file position",
			BYTES_ARG(value));
	}
}

static int check_cdx_line(struct index_run *run, struct bytes line, struct flong_error *err)
{
	struct cdxj_entry entry = {0};
	struct bytes value;
	size_t count = 0;
	run->lines->lines++;
	while (bytes_next_item(&line, ' ', &value)) {
		if (count < run->letter_count) {
			set_cdx_field(run, run->letters[count], value, &entry);
		}
		count++;
	}
	if (count != run->letter_count) {
		say(run->lines, CHECK_ERROR, "W-30", "there are %zu fields instead of %zu", count,
			run->letter_count);
		return FLONG_OK;
	}
	check_filename(run->lines, entry.filename);
	(void)check_timestamp(run->lines, entry.timestamp);
	if (entry.length == 0) { /* older indexes have no length */
		return FLONG_OK;
	}
	return add_row(run->lines, &entry, err);
}

static int check_index_line(struct index_run *run, struct bytes line, struct flong_error *err)
{
	struct check_lines *lines = run->lines;
	if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
		line.len--;
		if (!lines->has_crlf) {
			lines->has_crlf = true;
			say(lines, CHECK_WARNING, "W-32", "lines end with CRLF");
		}
	}
	check_order(run, line);
	if (lines->number == 1 && read_cdx_header(run, line)) {
		return FLONG_OK;
	}
	return run->letter_count > 0 ? check_cdx_line(run, line, err)
				     : check_cdxj_line(run, line, err);
}

/* The next line that is not too long; longer ones are findings. */
static int next_line(struct check_lines *lines, struct line_source *input, struct bytes *line_out,
	struct flong_error *err)
{
	for (;;) {
		int rc = line_source_next(input, line_out, err);
		lines->number = input->number;
		if (rc != FLONG_E_LIMIT) {
			return rc;
		}
		say(lines, CHECK_ERROR, "W-53", "%s", err->message);
	}
}

int check_lines_index(struct check_lines *lines, struct source *source, struct flong_error *err)
{
	struct index_run run = {.lines = lines,
		.previous = buf_with_max(LIMIT_INDEX_LINE_BYTES),
		.moment = buf_with_max(LIMIT_INDEX_LINE_BYTES)};
	struct line_source input = {.source = source};
	struct bytes line;
	int rc = next_line(lines, &input, &line, err);
	while (rc == FLONG_OK) {
		if (!input.has_end) {
			say(lines, CHECK_WARNING, "W-32", "the last line has no end");
		}
		rc = check_index_line(&run, line, err);
		if (rc == FLONG_OK) {
			rc = next_line(lines, &input, &line, err);
		}
	}
	buf_clear(&run.previous);
	buf_clear(&run.moment);
	line_source_clear(&input);
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* Line 1: {"format": "json-pages-1.0", "id": ..., "title": ...} */
static void check_pages_header(struct check_lines *lines, const struct json *object)
{
	if (!bytes_equal(json_text(json_get(object, "format")), BYTES("json-pages-1.0"))) {
		say(lines, CHECK_ERROR, "W-41",
			"the first line is no header of format json-pages-1.0: players leave it "
			"out");
	} else if (json_text(json_get(object, "id")).len == 0) {
		say(lines, CHECK_WARNING, "W-41", "the header has no id");
	}
}

static int check_page(struct check_lines *lines, const struct json *object, struct flong_error *err)
{
	struct check_join_page page = {.file = lines->file,
		.line = lines->number,
		.url = json_text(json_get(object, "url"))};
	struct bytes ts = json_text(json_get(object, "ts"));
	lines->lines++;
	if (page.url.len == 0) {
		say(lines, CHECK_ERROR, "W-41", "the page has no url");
		return FLONG_OK;
	}
	if (!clock_parse_iso(ts, &page.time_ms)) {
		say(lines, CHECK_ERROR, "W-41", "the ts '" BYTES_FMT "' is missing or no date",
			BYTES_ARG(ts));
		return FLONG_OK;
	}
	if (lines->join == NULL) {
		return FLONG_OK;
	}
	return check_join_page(lines->join, &page, err);
}

static int check_pages_line(struct check_lines *lines, struct bytes line, struct flong_error *err)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	struct flong_error reason;
	if (bytes_trim(line).len == 0) {
		say(lines, CHECK_WARNING, "W-41", "the line is empty");
		return FLONG_OK;
	}
	if (json_parse(line, JSON_STRICT, &document, &reason) != FLONG_OK ||
		json_type(json_root(document)) != JSON_OBJECT) {
		say(lines, CHECK_ERROR, "W-41", "the line is no JSON object");
		return FLONG_OK;
	}
	const struct json *object = json_root(document);
	if (lines->number == 1) {
		check_pages_header(lines, object);
		if (json_get(object, "url") == NULL) {
			return FLONG_OK;
		}
	}
	return check_page(lines, object, err);
}

int check_lines_pages(struct check_lines *lines, struct source *source, struct flong_error *err)
{
	struct line_source input = {.source = source};
	struct bytes line;
	int rc = next_line(lines, &input, &line, err);
	while (rc == FLONG_OK) {
		rc = check_pages_line(lines, line, err);
		if (rc == FLONG_OK) {
			rc = next_line(lines, &input, &line, err);
		}
	}
	if (rc == FLONG_END && lines->number <= 1 && lines->lines == 0 && input.at == 0) {
		say(lines, CHECK_ERROR, "W-41", "the file is empty");
	}
	line_source_clear(&input);
	return rc == FLONG_END ? FLONG_OK : rc;
}
