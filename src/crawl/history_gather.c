/* SPDX-License-Identifier: MIT */
/* history_gather.c - every capture that a history is made of: from the list of stories and the
 * index, or from the records */
#include "crawl/history_gather.h"

#include <stdio.h>

#include "article/compare.h"
#include "article/page.h"
#include "article/story_key.h"
#include "article/story_text.h"
#include "article/url_key.h"
#include "article/verdict.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "crawl/history_row.h"
#include "index/cdxj.h"
#include "index/wacz_reader.h"
#include "index/wacz_rows.h"
#include "index/wacz_walk.h"
#include "warc/body.h"
#include "web/media_type.h"

/* A headline in a list. */
#define HEADLINE_BYTES ((size_t)400)
/* Shortest path that is looked for in pages: that of the front page is in every one. */
#define PATH_BYTES_MIN ((size_t)5)

struct gather {
	const struct history_options *options; /* borrowed */
	size_t number;                         /* of the archive */
	struct history_asked *asked;           /* borrowed */
	struct sorter *sorter;                 /* borrowed */
	struct buf key, story, headline, line; /* owned, for one row */
	char time[CLOCK_DIGITS_SIZE];
	bool has_list, has_index; /* of what the archive is read by */
	struct buf document;      /* owned */
};

void history_asked_clear(struct history_asked *asked)
{
	url_close(asked->url);
	buf_clear(&asked->key);
	buf_clear(&asked->keys);
	*asked = (struct history_asked){0};
}

bool history_asked_has(const struct history_asked *asked, struct bytes key)
{
	SCOPED(buf_clear) struct buf line = {0};
	buf_add_char(&line, '\n');
	buf_add(&line, key);
	buf_add_char(&line, '\n');
	return bytes_equal(key, buf_bytes(&asked->key)) ||
	       bytes_find(buf_bytes(&asked->keys), buf_bytes(&line), 0) != SIZE_MAX;
}

static void clear(struct gather *gather)
{
	struct buf *const bufs[] = {
		&gather->key, &gather->story, &gather->headline, &gather->line, &gather->document};
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++) {
		buf_clear(bufs[i]);
	}
}

/* --- rows --------------------------------------------------------------------------------------
 */

/* Starts a row: its address, key and time. False when it is none that can be had again. */
static bool begin_row(
	struct gather *gather, struct history_row *row, const struct url *url, int64_t captured_ms)
{
	if (!url->is_http) {
		return false;
	}
	buf_reset(&gather->key);
	url_key_add(&gather->key, url);
	clock_format_digits17(captured_ms, gather->time);
	*row = (struct history_row){0};
	row->cells[HISTORY_KEY] = buf_bytes(&gather->key);
	row->cells[HISTORY_TIME] = bytes_of(gather->time);
	row->cells[HISTORY_URL] = url->all;
	return true;
}

static int add_row(struct gather *gather, const struct history_row *row, struct flong_error *err)
{
	buf_reset(&gather->line);
	history_row_add(row, HISTORY_BY_ADDRESS, &gather->line);
	return sorter_add(gather->sorter, buf_bytes(&gather->line), err);
}

/* What a page says of its story. */
struct page_names {
	struct bytes canonical, amp_url, short_url, headline, title;
};

/* Whether an address that a page names is the one asked for. */
static bool is_asked(const struct gather *gather, const struct url *base, struct bytes name)
{
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf key = {0};
	struct flong_error ignored = {0};
	if (name.len == 0 || url_parse(name, base, &url, &ignored) != FLONG_OK || !url->is_http) {
		return false;
	}
	url_key_add(&key, url);
	return bytes_equal(buf_bytes(&key), buf_bytes(&gather->asked->key));
}

/* Notes that the story of the row is the one asked for, when its page says so. */
static void note_asked(struct gather *gather, const struct history_row *row, const struct url *url,
	const struct page_names *names)
{
	struct history_asked *asked = gather->asked;
	struct bytes story = row->cells[HISTORY_STORY];
	if (asked->url == NULL || history_asked_has(asked, story) ||
		asked->keys.len + story.len > LIMIT_INDEX_LINE_BYTES) {
		return;
	}
	if (bytes_equal(row->cells[HISTORY_KEY], buf_bytes(&asked->key)) ||
		is_asked(gather, url, names->amp_url) || is_asked(gather, url, names->short_url)) {
		buf_add_text(&asked->keys, asked->keys.len == 0 ? "\n" : "");
		buf_add(&asked->keys, story);
		buf_add_char(&asked->keys, '\n');
	}
}

/* Completes and adds the row of a page. */
static int add_page(struct gather *gather, struct history_row *row, const struct url *url,
	const struct page_names *names, struct flong_error *err)
{
	buf_reset(&gather->story);
	story_key_add(&gather->story, url, names->canonical);
	buf_reset(&gather->headline);
	story_text_add(&gather->headline, names->headline.len > 0 ? names->headline : names->title);
	row->cells[HISTORY_TYPE] = HISTORY_PAGE;
	row->cells[HISTORY_STORY] = buf_bytes(&gather->story);
	row->cells[HISTORY_HEADLINE] = bytes_slice(buf_bytes(&gather->headline), 0, HEADLINE_BYTES);
	note_asked(gather, row, url, names);
	return add_row(gather, row, err);
}

/* Whether an answer tells that a story is not at its address any more. */
static bool is_telling(struct bytes status)
{
	static const char *const telling[] = {"301", "302", "303", "307", "308", "404", "410"};
	for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++) {
		if (bytes_equal(status, bytes_of(telling[i]))) {
			return true;
		}
	}
	return false;
}

/* --- the list of stories and the index ---------------------------------------------------------
 */

static struct bytes member(const struct json *object, const char *name)
{
	return json_text(json_get(object, name));
}

/* A line of stories.jsonl; one that cannot be read is passed over. */
static int take_story(void *context, struct bytes line, struct flong_error *err)
{
	struct gather *gather = context;
	SCOPED(json_closep) struct json_document *document = NULL;
	SCOPED(url_closep) struct url *url = NULL;
	struct flong_error ignored = {0};
	struct history_row row;
	int64_t captured_ms;
	if (json_parse(line, JSON_STRICT, &document, &ignored) < 0) {
		return FLONG_OK;
	}
	const struct json *root = json_root(document);
	if (url_parse(member(root, "url"), NULL, &url, &ignored) < 0 ||
		!clock_parse_iso(member(root, "timestamp"), &captured_ms) ||
		!begin_row(gather, &row, url, captured_ms)) {
		return FLONG_OK;
	}
	struct bytes digest = member(root, "versionDigest");
	row.cells[HISTORY_DIGEST] = digest.len > 0 ? digest : member(root, "textDigest");
	row.cells[HISTORY_CLASS] = member(root, "class");
	const struct page_names names = {.canonical = member(root, "canonical"),
		.amp_url = member(root, "amp_url"),
		.short_url = member(root, "short_url"),
		.headline = member(root, "headline"),
		.title = member(root, "title")};
	return add_page(gather, &row, url, &names, err);
}

/* Whether the status of a row is one of a redirect or an error, as far as its bytes tell: most rows
 * need no closer look. */
static bool may_tell(struct bytes line)
{
	const struct bytes name = BYTES("\"status\": \"");
	size_t at = bytes_find(line, name, 0);
	return at == SIZE_MAX || at + name.len >= line.len || line.ptr[at + name.len] == '3' ||
	       line.ptr[at + name.len] == '4';
}

/* A row of the index that tells of a story that is gone. */
static int take_index_row(void *context, struct bytes line, struct flong_error *err)
{
	struct gather *gather = context;
	SCOPED(cdxj_clear) struct cdxj_row found = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf place = {0};
	struct flong_error ignored = {0};
	struct history_row row;
	int64_t captured_ms;
	if (!may_tell(line) || cdxj_parse(line, &found, &ignored) < 0 ||
		!is_telling(found.entry.status) ||
		!clock_parse_digits(found.entry.timestamp, &captured_ms) ||
		url_parse(found.entry.url, NULL, &url, &ignored) < 0 ||
		!begin_row(gather, &row, url, captured_ms)) {
		return FLONG_OK;
	}
	buf_addf(&place, "%zu %llu ", gather->number, (unsigned long long)found.entry.offset);
	buf_add(&place, found.entry.filename);
	row.cells[HISTORY_TYPE] = HISTORY_OTHER;
	row.cells[HISTORY_STATUS] = found.entry.status;
	row.cells[HISTORY_PLACE] = buf_bytes(&place);
	return add_row(gather, &row, err);
}

/* --- the records -------------------------------------------------------------------------------
 */

/* Whether a page can be of the story that is asked for: it is at its address or names it. */
static bool may_be_asked(
	const struct gather *gather, const struct history_row *row, struct bytes document)
{
	const struct history_asked *asked = gather->asked;
	if (asked->url == NULL || history_asked_has(asked, row->cells[HISTORY_KEY])) {
		return true;
	}
	struct bytes path = asked->url->path;
	return path.len < PATH_BYTES_MIN || bytes_find(document, path, 0) != SIZE_MAX;
}

static int read_page(struct gather *gather, struct history_row *row, const struct url *url,
	const struct http_head *head, int64_t captured_ms, struct flong_error *err)
{
	SCOPED(page_result_clear) struct page_result result = {0};
	const struct page_input input = {.document = buf_bytes(&gather->document),
		.url = url,
		.content_type = headers_first(&head->headers, "Content-Type"),
		.role = ROLE_DOCUMENT,
		.captured_ms = captured_ms};
	struct flong_error ignored = {0};
	char digest_text[DIGEST_TEXT_SIZE];
	if (page_read(&input, &result, &ignored) < 0) {
		return FLONG_OK;
	}
	struct digest digest = compare_digest(&result);
	digest_format(&digest, digest_text);
	row->cells[HISTORY_DIGEST] = bytes_of(digest_text);
	const struct verdict_input judged = {
		.page = &result, .url = url, .status = head->status, .headers = &head->headers};
	row->cells[HISTORY_CLASS] = bytes_of(verdict_name(verdict_of(&judged, NULL), result.class));
	const struct page_names names = {.canonical = result.canonical,
		.amp_url = result.amp_url,
		.short_url = result.short_url,
		.headline = result.headline,
		.title = result.title};
	int rc = add_page(gather, row, url, &names, err);
	row->cells[HISTORY_DIGEST] = (struct bytes){NULL, 0};
	return rc;
}

/* The body of a page, as much of it as is read for stories. What is broken in its coding is left
 * out; *is_damaged_out: the file is at fault. */
static int read_document(struct gather *gather, struct body *body, struct flong_error *err)
{
	buf_clear(&gather->document);
	gather->document = buf_with_max(LIMIT_DOCUMENT_BYTES);
	struct flong_error fault = {0};
	int rc = source_read_all(body->content, &gather->document, &fault);
	if (rc < 0 && body->fault.code != 0) {
		*err = body->fault;
		return err->code;
	}
	return FLONG_OK;
}

static int take_reply(struct gather *gather, const struct reader_record *record, struct body *body,
	const struct url *url, struct flong_error *err)
{
	SCOPED(url_closep) struct url *target = NULL;
	struct flong_error ignored = {0};
	struct history_row row;
	char status[8];
	int64_t captured_ms;
	if (!clock_parse_iso(headers_first(&record->headers, "WARC-Date"), &captured_ms) ||
		!begin_row(gather, &row, url, captured_ms)) {
		return FLONG_OK;
	}
	(void)snprintf(status, sizeof(status), "%d", body->http.status);
	row.cells[HISTORY_STATUS] = bytes_of(status);
	row.cells[HISTORY_PAYLOAD] = headers_first(&record->headers, "WARC-Payload-Digest");
	struct bytes type = headers_first(&body->http.headers, "Content-Type");
	if (is_telling(bytes_of(status))) {
		row.cells[HISTORY_TYPE] = HISTORY_OTHER;
		struct bytes location = headers_first(&body->http.headers, "Location");
		if (location.len > 0 && url_parse(location, url, &target, &ignored) == FLONG_OK) {
			row.cells[HISTORY_TARGET] = target->all;
		}
		return add_row(gather, &row, err);
	}
	if (body->http.status < 200 || body->http.status > 299 || !media_type_is_html(type)) {
		return FLONG_OK;
	}
	if (record->type == RECORD_REVISIT) {
		const struct page_names none = {.headline = BYTES("")};
		return add_page(gather, &row, url, &none, err);
	}
	int rc = read_document(gather, body, err);
	if (rc < 0 || !may_be_asked(gather, &row, buf_bytes(&gather->document))) {
		return rc;
	}
	return read_page(gather, &row, url, &body->http, captured_ms, err);
}

static int take_record(void *context, const struct wacz_place *place, struct reader *reader,
	const struct reader_record *record, struct flong_error *err)
{
	struct gather *gather = context;
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(body_clear) struct body body = {0};
	struct flong_error ignored = {0};
	(void)place;
	if ((record->type != RECORD_RESPONSE && record->type != RECORD_REVISIT) ||
		url_parse(reader_uri(record, "WARC-Target-URI"), NULL, &url, &ignored) < 0) {
		return FLONG_OK;
	}
	int rc = body_open(reader, record, &body, err);
	return rc == FLONG_OK && body.is_http ? take_reply(gather, record, &body, url, err) : rc;
}

static void take_damage(void *context, const struct wacz_place *place,
	const struct flong_error *fault, const struct reader_gap *gap)
{
	const struct gather *gather = context;
	(void)place;
	(void)gap;
	if (gather->options->damage != NULL) {
		gather->options->damage(
			gather->options->context, gather->options->paths[gather->number], fault);
	}
}

/* --- an archive --------------------------------------------------------------------------------
 */

/* By its lists, where it has them. */
static int gather_lists(struct gather *gather, const char *path, struct flong_error *err)
{
	SCOPED(wacz_reader_closep) struct wacz_reader *reader = NULL;
	int rc = wacz_reader_open(path, &reader, err);
	if (rc < 0) {
		return rc;
	}
	const struct wacz_file *list = wacz_reader_find(reader, BYTES("stories/stories.jsonl"));
	if (list == NULL) {
		return FLONG_OK;
	}
	gather->has_list = true;
	rc = wacz_rows_read_file(reader, list, take_story, gather, err);
	return rc == FLONG_OK
		       ? wacz_rows_read(reader, take_index_row, gather, &gather->has_index, err)
		       : rc;
}

int history_gather(const struct history_options *options, size_t number,
	struct history_asked *asked, struct sorter *sorter, struct flong_error *err)
{
	SCOPED(clear)
	struct gather gather = {
		.options = options, .number = number, .asked = asked, .sorter = sorter};
	const char *path = options->paths[number];
	const struct wacz_walk walk = {take_record, take_damage, &gather};
	bool is_wacz = false;
	int rc = wacz_reader_is_one(path, &is_wacz, err);
	if (rc == FLONG_OK && is_wacz) {
		rc = gather_lists(&gather, path, err);
	}
	if (rc < 0 || gather.has_list) {
		return rc;
	}
	/* A page may name the story's address, which others are at: then they are looked at too. */
	size_t known = asked->keys.len;
	rc = wacz_walk(path, &walk, err);
	return rc == FLONG_OK && asked->keys.len > known ? wacz_walk(path, &walk, err) : rc;
}
