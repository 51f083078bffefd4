/* SPDX-License-Identifier: MIT */
/* history.c - what became of the stories of an archive
 *
 * The captures are sorted twice. By address: then it is known of an answer such as 404 whether a
 * page stood there before, and of which story. By story and time: then each story is folded into
 * its versions. */
#include "crawl/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "article/story_key.h"
#include "article/url_key.h"
#include "article/url_shape.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "crawl/history_gather.h"
#include "crawl/history_row.h"
#include "index/wacz_reader.h"
#include "warc/body.h"

/* Points of article/url_shape.h from which an address is that of one story. */
#define STORY_POINTS 2.0

/* What a page at an address said, for revisits of it. */
struct payload {
	char *payload, *digest, *class, *headline; /* owned */
};

struct reading {
	const struct history_options *options; /* borrowed */
	int (*each)(void *context, const struct history *history, struct flong_error *err);
	struct history_asked asked;
	struct sorter *by_address, *by_story; /* owned */
	struct buf line;

	/* The address that is read. */
	struct buf key, story; /* key; story of its latest page, empty before one */
	struct payload *payloads;
	size_t payload_count;
	struct wacz_reader *archive; /* owned: the one of `archive_number` */
	size_t archive_number;

	/* The story that is read. */
	struct history history;
	struct buf story_key, fate_url, target;
	bool is_found; /* `each` was called */
};

/* --- by address --------------------------------------------------------------------------------
 */

static void clear_payloads(struct reading *reading)
{
	for (size_t i = 0; i < reading->payload_count; i++) {
		free(reading->payloads[i].payload);
		free(reading->payloads[i].digest);
		free(reading->payloads[i].class);
		free(reading->payloads[i].headline);
	}
	reading->payload_count = 0;
}

static char *copy(struct bytes text)
{
	return alloc_text(text.ptr, text.len);
}

static void keep_payload(struct reading *reading, const struct history_row *row)
{
	if (reading->payload_count == LIMIT_STORY_VERSIONS) {
		return;
	}
	if (reading->payloads == NULL) {
		reading->payloads = ALLOC_ARRAY(struct payload, LIMIT_STORY_VERSIONS);
	}
	reading->payloads[reading->payload_count++] =
		(struct payload){.payload = copy(row->cells[HISTORY_PAYLOAD]),
			.digest = copy(row->cells[HISTORY_DIGEST]),
			.class = copy(row->cells[HISTORY_CLASS]),
			.headline = copy(row->cells[HISTORY_HEADLINE])};
}

/* Completes the row of a revisit by the page whose payload it repeats. */
static bool complete_revisit(const struct reading *reading, struct history_row *row)
{
	for (size_t i = reading->payload_count; i-- > 0;) {
		const struct payload *payload = &reading->payloads[i];
		if (bytes_equal(bytes_of(payload->payload), row->cells[HISTORY_PAYLOAD])) {
			row->cells[HISTORY_DIGEST] = bytes_of(payload->digest);
			row->cells[HISTORY_CLASS] = bytes_of(payload->class);
			row->cells[HISTORY_HEADLINE] = bytes_of(payload->headline);
			row->cells[HISTORY_STORY] = buf_bytes(&reading->story);
			return true;
		}
	}
	return false;
}

/* The archive of that number, which is kept open. */
static struct wacz_reader *open_archive(struct reading *reading, size_t number)
{
	struct flong_error ignored = {0};
	if (reading->archive != NULL && reading->archive_number == number) {
		return reading->archive;
	}
	wacz_reader_close(reading->archive);
	reading->archive = NULL;
	reading->archive_number = number;
	if (number < reading->options->path_count) {
		(void)!wacz_reader_open(
			reading->options->paths[number], &reading->archive, &ignored);
	}
	return reading->archive;
}

/* Where the redirect that stands at a place leads to; nothing when that is not known. */
static void look_up_target(struct reading *reading, struct bytes place, struct buf *target)
{
	struct bytes number_text;
	struct bytes offset_text;
	struct bytes name;
	uint64_t number;
	uint64_t offset;
	struct flong_error ignored = {0};
	if (!bytes_cut(place, ' ', &number_text, &name) ||
		!bytes_cut(name, ' ', &offset_text, &name) ||
		!bytes_to_u64(number_text, SIZE_MAX, &number) ||
		!bytes_to_u64(offset_text, INT64_MAX, &offset)) {
		return;
	}
	const struct wacz_reader *archive = open_archive(reading, (size_t)number);
	const struct wacz_file *file =
		archive == NULL ? NULL : wacz_reader_find_archive(archive, name);
	SCOPED(reader_closep) struct reader *records = NULL;
	SCOPED(body_clear) struct body body = {0};
	const struct reader_record *record;
	if (file != NULL &&
		wacz_reader_open_records(archive, file, offset, &records, &ignored) == FLONG_OK &&
		reader_next(records, &record, &ignored) == FLONG_OK &&
		body_open_head(records, record, &body, &ignored) == FLONG_OK && body.is_http) {
		buf_add(target, headers_first(&body.http.headers, "Location"));
	}
}

/* Whether a redirect leads away from the story; its target becomes absolute. */
static bool leads_away(struct reading *reading, struct history_row *row, struct buf *room)
{
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(url_closep) struct url *target = NULL;
	SCOPED(buf_clear) struct buf key = {0};
	struct flong_error ignored = {0};
	if (row->cells[HISTORY_TARGET].len > 0) {
		buf_add(room, row->cells[HISTORY_TARGET]);
	} else {
		look_up_target(reading, row->cells[HISTORY_PLACE], room);
	}
	if (room->len == 0 || url_parse(row->cells[HISTORY_URL], NULL, &url, &ignored) < 0 ||
		url_parse(buf_bytes(room), url, &target, &ignored) < 0 || !target->is_http) {
		return false;
	}
	buf_reset(room);
	buf_add(room, target->all);
	row->cells[HISTORY_TARGET] = buf_bytes(room);
	url_key_add(&key, target);
	/* To https, to another host name of the same, or with a cookie to itself. */
	return !bytes_equal(buf_bytes(&key), row->cells[HISTORY_KEY]) &&
	       !bytes_equal(buf_bytes(&key), buf_bytes(&reading->story));
}

static int pass_on(struct reading *reading, const struct history_row *row, struct flong_error *err)
{
	buf_reset(&reading->line);
	history_row_add(row, HISTORY_BY_STORY, &reading->line);
	return sorter_add(reading->by_story, buf_bytes(&reading->line), err);
}

static int take_page(struct reading *reading, struct history_row *row, struct flong_error *err)
{
	if (row->cells[HISTORY_DIGEST].len == 0) {
		return complete_revisit(reading, row) ? pass_on(reading, row, err) : FLONG_OK;
	}
	buf_reset(&reading->story);
	buf_add(&reading->story, row->cells[HISTORY_STORY]);
	if (row->cells[HISTORY_PAYLOAD].len > 0) {
		keep_payload(reading, row);
	}
	return pass_on(reading, row, err);
}

static int take_by_address(void *context, struct bytes line, struct flong_error *err)
{
	struct reading *reading = context;
	SCOPED(buf_clear) struct buf target = {0};
	struct history_row row;
	history_row_read(line, HISTORY_BY_ADDRESS, &row);
	if (!bytes_equal(row.cells[HISTORY_KEY], buf_bytes(&reading->key))) {
		buf_reset(&reading->key);
		buf_add(&reading->key, row.cells[HISTORY_KEY]);
		buf_reset(&reading->story);
		clear_payloads(reading);
	}
	if (bytes_equal(row.cells[HISTORY_TYPE], HISTORY_PAGE)) {
		return take_page(reading, &row, err);
	}
	bool is_redirect = bytes_starts(row.cells[HISTORY_STATUS], BYTES("3"));
	if (reading->story.len == 0 || (is_redirect && !leads_away(reading, &row, &target))) {
		return FLONG_OK;
	}
	row.cells[HISTORY_STORY] = buf_bytes(&reading->story);
	return pass_on(reading, &row, err);
}

/* --- by story ----------------------------------------------------------------------------------
 */

static void clear_story(struct reading *reading)
{
	struct history *history = &reading->history;
	for (size_t i = 0; i < history->count; i++) {
		free(history->versions[i].url);
		free(history->versions[i].headline);
		free(history->versions[i].digest);
		free(history->versions[i].key);
	}
	struct history_version *versions = history->versions;
	*history = (struct history){.versions = versions};
	buf_reset(&reading->fate_url);
	buf_reset(&reading->target);
}

static int end_story(struct reading *reading, struct flong_error *err)
{
	struct history *history = &reading->history;
	int rc = FLONG_OK;
	history->is_asked = history->is_asked ||
			    history_asked_has(&reading->asked, buf_bytes(&reading->story_key));
	if (history->count > 0 && (reading->asked.url == NULL || history->is_asked)) {
		history->key = buf_text(&reading->story_key);
		history->fate_url =
			history->fate == HISTORY_THERE ? NULL : buf_text(&reading->fate_url);
		history->target = buf_text(&reading->target);
		reading->is_found = true;
		rc = reading->each(reading->options->context, history, err);
	}
	clear_story(reading);
	return rc;
}

/* The latest version at the address of the row, or the number of versions. */
static size_t find_version(const struct reading *reading, const struct history_row *row)
{
	for (size_t i = reading->history.count; i-- > 0;) {
		if (bytes_equal(
			    bytes_of(reading->history.versions[i].key), row->cells[HISTORY_KEY])) {
			return i;
		}
	}
	return reading->history.count;
}

/* A short story is not told from other pages by its text; then its address may tell. */
static bool is_story(const struct history_row *row)
{
	SCOPED(url_closep) struct url *url = NULL;
	struct flong_error ignored = {0};
	if (bytes_equal(row->cells[HISTORY_CLASS], BYTES("article"))) {
		return true;
	}
	if (url_parse(row->cells[HISTORY_URL], NULL, &url, &ignored) < 0) {
		return false;
	}
	struct url_shape shape = url_shape_of(url->path, url->query);
	return url_shape_points(&shape) >= STORY_POINTS;
}

static void add_version(struct reading *reading, const struct history_row *row, int64_t at_ms)
{
	struct history *history = &reading->history;
	if (history->count == LIMIT_STORY_VERSIONS) {
		history->left_out++;
		return;
	}
	if (history->versions == NULL) {
		history->versions = ALLOC_ARRAY(struct history_version, LIMIT_STORY_VERSIONS);
	}
	history->versions[history->count++] = (struct history_version){
		.url = copy(row->cells[HISTORY_URL]),
		.key = copy(row->cells[HISTORY_KEY]),
		.headline = copy(row->cells[HISTORY_HEADLINE]),
		.digest = copy(row->cells[HISTORY_DIGEST]),
		.first_ms = at_ms,
		.last_ms = at_ms,
		.captures = 1,
		.is_story = is_story(row),
	};
}

static void fold_page(struct reading *reading, const struct history_row *row, int64_t at_ms)
{
	struct history *history = &reading->history;
	size_t at = find_version(reading, row);
	history->captures++;
	if (at < history->count &&
		bytes_equal(bytes_of(history->versions[at].digest), row->cells[HISTORY_DIGEST])) {
		history->versions[at].last_ms = at_ms;
		history->versions[at].captures++;
	} else {
		add_version(reading, row, at_ms);
	}
	history->fate = HISTORY_THERE;
}

static void set_fate(struct reading *reading, const struct history_row *row, enum history_fate fate,
	int64_t at_ms)
{
	struct history *history = &reading->history;
	uint64_t status = 0;
	/* What became of another address of the story, such as its AMP page, says less. */
	if (history->count == 0 || !bytes_equal(bytes_of(history->versions[history->count - 1].key),
					   row->cells[HISTORY_KEY])) {
		return;
	}
	if (history->fate != fate) {
		history->fate = fate;
		history->fate_ms = at_ms;
	}
	(void)bytes_to_u64(row->cells[HISTORY_STATUS], 999, &status);
	history->status = (int)status;
	history->checked_ms = at_ms;
	buf_reset(&reading->fate_url);
	buf_add(&reading->fate_url, row->cells[HISTORY_URL]);
	buf_reset(&reading->target);
	buf_add(&reading->target, row->cells[HISTORY_TARGET]);
}

static enum history_fate fate_of(const struct history_row *row)
{
	SCOPED(url_closep) struct url *target = NULL;
	struct flong_error ignored = {0};
	if (!bytes_starts(row->cells[HISTORY_STATUS], BYTES("3"))) {
		return HISTORY_MISSING;
	}
	return url_parse(row->cells[HISTORY_TARGET], NULL, &target, &ignored) == FLONG_OK &&
			       story_key_is_front(target)
		       ? HISTORY_FRONT
		       : HISTORY_MOVED;
}

/* What captures of a class of stories.jsonl mean. */
enum meaning { MEANS_VERSION, MEANS_NOTHING, MEANS_NO_STORY };

static enum meaning meaning_of(struct bytes class)
{
	static const struct {
		const char *class;
		enum meaning meaning;
	} classes[] = {
		{"article", MEANS_VERSION},
		{"other", MEANS_VERSION},
		{"needs-scripts", MEANS_VERSION},
		{"paywall", MEANS_VERSION}, /* as much of it as came */
		{"soft-404", MEANS_NO_STORY},
	};
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (bytes_equal(class, bytes_of(classes[i].class))) {
			return classes[i].meaning;
		}
	}
	return MEANS_NOTHING;
}

static int take_by_story(void *context, struct bytes line, struct flong_error *err)
{
	struct reading *reading = context;
	struct history_row row;
	int64_t at_ms = 0;
	int rc = FLONG_OK;
	history_row_read(line, HISTORY_BY_STORY, &row);
	if (!bytes_equal(row.cells[HISTORY_STORY], buf_bytes(&reading->story_key))) {
		rc = end_story(reading, err);
		buf_reset(&reading->story_key);
		buf_add(&reading->story_key, row.cells[HISTORY_STORY]);
	}
	if (rc != FLONG_OK || !clock_parse_digits(row.cells[HISTORY_TIME], &at_ms)) {
		return rc;
	}
	reading->history.is_asked =
		reading->history.is_asked ||
		bytes_equal(row.cells[HISTORY_KEY], buf_bytes(&reading->asked.key));
	if (!bytes_equal(row.cells[HISTORY_TYPE], HISTORY_PAGE)) {
		set_fate(reading, &row, fate_of(&row), at_ms);
		return FLONG_OK;
	}
	switch (meaning_of(row.cells[HISTORY_CLASS])) {
	case MEANS_VERSION:
		fold_page(reading, &row, at_ms);
		break;
	case MEANS_NO_STORY:
		set_fate(reading, &row, HISTORY_NO_STORY, at_ms);
		break;
	case MEANS_NOTHING:
		break;
	}
	return FLONG_OK;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

static void clear(struct reading *reading)
{
	clear_payloads(reading);
	clear_story(reading);
	free(reading->payloads);
	free(reading->history.versions);
	wacz_reader_close(reading->archive);
	sorter_close(reading->by_address);
	sorter_close(reading->by_story);
	history_asked_clear(&reading->asked);
	struct buf *const bufs[] = {&reading->line, &reading->key, &reading->story,
		&reading->story_key, &reading->fate_url, &reading->target};
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++) {
		buf_clear(bufs[i]);
	}
}

static int read_asked(struct reading *reading, struct flong_error *err)
{
	const char *url = reading->options->url;
	if (url == NULL) {
		return FLONG_OK;
	}
	if (url_parse(bytes_of(url), NULL, &reading->asked.url, err) < 0 ||
		!reading->asked.url->is_http) {
		return error_set(err, FLONG_E_USAGE, "'%s' is no http or https URL", url);
	}
	url_key_add(&reading->asked.key, reading->asked.url);
	return FLONG_OK;
}

int history_read(const struct history_options *options,
	int (*each)(void *context, const struct history *history, struct flong_error *err),
	struct flong_error *err)
{
	SCOPED(clear) struct reading reading = {.options = options, .each = each};
	reading.by_address = sorter_create(options->temp_dir, 0);
	reading.by_story = sorter_create(options->temp_dir, 0);
	int rc = read_asked(&reading, err);
	for (size_t i = 0; rc == FLONG_OK && i < options->path_count; i++) {
		rc = history_gather(options, i, &reading.asked, reading.by_address, err);
	}
	if (rc == FLONG_OK) {
		rc = history_row_each(reading.by_address, take_by_address, &reading, err);
	}
	if (rc == FLONG_OK) {
		rc = history_row_each(reading.by_story, take_by_story, &reading, err);
	}
	if (rc == FLONG_OK) {
		rc = end_story(&reading, err);
	}
	if (rc == FLONG_OK && options->url != NULL && !reading.is_found) {
		rc = error_set(err, FLONG_E_NOT_FOUND, "%s has no capture of the story '%s'",
			options->paths[0], options->url);
	}
	return rc;
}

bool history_is_vanished(const struct history *history)
{
	bool is_gone = history->fate == HISTORY_MISSING || history->fate == HISTORY_FRONT ||
		       history->fate == HISTORY_NO_STORY;
	bool was_story = false;
	for (size_t i = 0; i < history->count; i++) {
		was_story = was_story || history->versions[i].is_story;
	}
	return is_gone && was_story;
}

const char *history_fate_name(const struct history *history)
{
	switch (history->fate) {
	case HISTORY_MISSING:
		return history->status == 410 ? "status 410" : "status 404";
	case HISTORY_FRONT:
		return "sent to the front page";
	case HISTORY_MOVED:
		return "sent to another page";
	case HISTORY_NO_STORY:
		return "a page that says it is not there";
	case HISTORY_THERE:
		break;
	}
	return "there";
}
