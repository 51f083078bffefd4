/* SPDX-License-Identifier: MIT */
/* indexer_record.c - what an index says of one record */
#include "index/indexer_record.h"

#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/stream.h"
#include "index/http_summary.h"
#include "index/indexer_request.h"
#include "index/indexer_time.h"
#include "index/request_query.h"
#include "web/surt.h"
#include "web/utf8.h"

#define READ_BYTES 65536
/* Pieces of a block in which its HTTP head is looked for. */
#define PEEK_BYTES 4096
/* The types with something to replay. */
#define USUAL_RECORDS "response,revisit,resource,metadata"

void indexer_record_clear(struct indexer_record *record)
{
	struct buf *const bufs[] = {&record->key, &record->url, &record->mime, &record->status,
		&record->digest, &record->id, &record->concurrent_to, &record->head,
		&record->query};
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++) {
		buf_clear(bufs[i]);
	}
	for (size_t i = 0; i < INDEXER_FIELDS_MAX; i++) {
		buf_clear(&record->values[i]);
	}
	*record = (struct indexer_record){.has_row = false};
}

/* Empties it for the next record; the memory stays. */
static void reset(struct indexer_record *record)
{
	record->entry = (struct cdxj_entry){.offset = 0};
	buf_reset(&record->head);
	buf_reset(&record->query);
	record->has_head = false;
	record->is_at_fault = false;
	record->method[0] = '\0';
}

/* --- texts ------------------------------------------------------------------------------------ */

/* A copy of a field's text in `room`: UTF-8, or else read as ISO 8859-1. Absent stays absent. */
static struct bytes copy_text(struct bytes value, struct buf *room)
{
	buf_reset(room);
	if (value.ptr == NULL) {
		return value;
	}
	if (utf8_is_valid(value)) {
		buf_add(room, value);
	} else {
		for (size_t i = 0; i < value.len; i++) {
			utf8_add(room, (unsigned char)value.ptr[i]);
		}
	}
	return bytes_from(buf_text(room), room->len);
}

/* The URL without the brackets of some writers and with its spaces escaped. */
static struct bytes copy_url(const struct reader_record *found, struct buf *room)
{
	SCOPED(buf_clear) struct buf text = {0};
	struct bytes url = copy_text(reader_uri(found, "WARC-Target-URI"), &text);
	buf_reset(room);
	for (size_t i = 0; i < url.len; i++) {
		if (url.ptr[i] == ' ') {
			buf_add_text(room, "%20");
		} else {
			buf_add_char(room, url.ptr[i]);
		}
	}
	return url.ptr == NULL ? url : bytes_from(buf_text(room), room->len);
}

/* --- which records have a row ----------------------------------------------------------------- */

static bool names_type(const char *list, struct bytes type)
{
	struct bytes rest = bytes_of(list);
	struct bytes item;
	while (bytes_next_item(&rest, ',', &item)) {
		if (bytes_equal(item, BYTES("all")) || bytes_equal(item, type)) {
			return true;
		}
	}
	return false;
}

/* Types are compared with their case, as cdxj-indexer does. */
static bool has_row(const struct indexer_wish *wish, const struct reader_record *found)
{
	const char *wanted = wish->records == NULL ? USUAL_RECORDS : wish->records;
	if (!names_type(wanted, headers_first(&found->headers, "WARC-Type"))) {
		return false;
	}
	bool may_be_fields = found->type == RECORD_RESOURCE || found->type == RECORD_METADATA;
	return !may_be_fields || strcmp(wanted, USUAL_RECORDS) != 0 ||
	       !bytes_equal(
		       headers_first(&found->headers, "Content-Type"), BYTES(RECORD_TYPE_FIELDS));
}

/* --- what is in the block --------------------------------------------------------------------- */

static bool has_http(const struct reader_record *found, struct bytes url)
{
	return (found->type == RECORD_RESPONSE || found->type == RECORD_REVISIT ||
		       found->type == RECORD_REQUEST) &&
	       found->block_length > 0 &&
	       (bytes_starts(url, BYTES("http:")) || bytes_starts(url, BYTES("https:")));
}

/* Status and media type; *head_out is the length of the HTTP head. */
static int read_http(const struct indexer_file *file, const struct reader_record *found,
	struct indexer_record *record, size_t *head_out, struct flong_error *err)
{
	struct bytes block;
	struct http_summary summary = {.length = 0};
	/* Most heads are short: only what does not end in a first piece needs more memory. */
	for (size_t max = PEEK_BYTES; max <= LIMIT_RECORD_HEAD_BYTES; max *= 16) {
		int rc = reader_peek(file->reader, max, &block, err);
		if (rc < 0) {
			return rc;
		}
		summary = http_summary_of(block);
		if (summary.length < block.len || block.len == found->block_length) {
			break;
		}
	}
	if (found->type != RECORD_REQUEST) {
		record->entry.status = copy_text(summary.status, &record->status);
	}
	record->entry.mime = copy_text(summary.media_type, &record->mime);
	*head_out = summary.length;
	record->has_head = true;
	if (file->wish->needs_heads) {
		buf_add(&record->head, bytes_slice(block, 0, summary.length));
	}
	return FLONG_OK;
}

/* SHA-1 of the block behind its HTTP head, the transfer coding left in: what warcio computes. */
static int digest_payload(const struct indexer_file *file, size_t head,
	struct indexer_record *record, struct flong_error *err)
{
	char room[READ_BYTES];
	size_t got = 0;
	int rc;
	while ((rc = reader_read(file->reader, room, sizeof(room), &got, err)) == FLONG_OK) {
		size_t skip = head < got ? head : got;
		head -= skip;
		digester_add(file->sha1, bytes_from(room + skip, got - skip));
	}
	struct digest digest = digester_end(file->sha1);
	if (rc < 0) {
		return rc;
	}
	digest_format(&digest, record->payload_digest);
	record->entry.digest = bytes_of(record->payload_digest);
	return FLONG_OK;
}

/* Whether the payload must be digested here. */
static bool lacks_digest(const struct indexer_record *record, const struct reader_record *found)
{
	return record->has_row && found->type != RECORD_REVISIT && found->type != RECORD_WARCINFO &&
	       headers_first(&found->headers, "WARC-Payload-Digest").len == 0;
}

/* Whether the query text of this request is wanted. */
static bool wants_query(const struct indexer_wish *wish, const struct indexer_record *record)
{
	struct bytes method = http_summary_method(buf_bytes(&record->head));
	return wish->post && record->type == RECORD_REQUEST && record->has_head &&
	       (bytes_equal_nocase(method, BYTES("POST")) ||
		       bytes_equal_nocase(method, BYTES("PUT")));
}

static int read_query(const struct indexer_file *file, struct digester *payload,
	struct indexer_record *record, struct flong_error *err)
{
	struct bytes head = buf_bytes(&record->head);
	struct bytes method = http_summary_method(head);
	for (size_t i = 0; i < method.len; i++) {
		char c = method.ptr[i];
		record->method[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	record->method[method.len] = '\0';
	/* The body of a "post" is nobody's. */
	return bytes_equal(method, bytes_of(record->method))
		       ? indexer_request_query(file->reader, head, payload, &record->query, err)
		       : FLONG_OK;
}

static int read_content(const struct indexer_file *file, const struct reader_record *found,
	struct indexer_record *record, struct flong_error *err)
{
	struct cdxj_entry *entry = &record->entry;
	size_t head = 0;
	int rc = FLONG_OK;
	if (has_http(found, entry->url)) {
		rc = read_http(file, found, record, &head, err);
	} else if (found->type != RECORD_RESPONSE && found->type != RECORD_REQUEST &&
		   !reader_is_arc(file->reader)) {
		entry->mime =
			copy_text(headers_first(&found->headers, "Content-Type"), &record->mime);
		entry->mime = http_summary_media_type(entry->mime);
	}
	if (found->type == RECORD_REVISIT) {
		entry->mime = BYTES("warc/revisit");
	}
	bool is_digested = lacks_digest(record, found);
	if (rc == FLONG_OK && wants_query(file->wish, record)) {
		rc = read_query(file, is_digested ? file->sha1 : NULL, record, err);
		head = record->query.len > 0 ? 0 : head;
	}
	if (rc == FLONG_OK && is_digested) {
		return digest_payload(file, head, record, err);
	}
	entry->digest =
		copy_text(headers_first(&found->headers, "WARC-Payload-Digest"), &record->digest);
	return rc;
}

/* --- where the record is ---------------------------------------------------------------------- */

static int digest_record(
	const struct indexer_file *file, struct indexer_record *record, struct flong_error *err)
{
	const struct cdxj_entry *entry = &record->entry;
	SCOPED(source_closep)
	struct source *stored =
		source_from_fd_range(file->digest_fd, (off_t)entry->offset, entry->length);
	SCOPED(digester_closep) struct digester *sha256 = digester_create(DIGEST_SHA256);
	char room[READ_BYTES];
	size_t got = 0;
	int rc;
	while ((rc = source_read(stored, room, sizeof(room), &got, err)) == FLONG_OK) {
		digester_add(sha256, bytes_from(room, got));
	}
	if (rc < 0) {
		return rc;
	}
	struct digest digest = digester_end(sha256);
	digest_format_hex(&digest, record->record_digest);
	record->entry.record_digest = bytes_of(record->record_digest);
	return FLONG_OK;
}

static int read_time(
	const struct reader_record *found, struct indexer_record *record, struct flong_error *err)
{
	struct bytes date = headers_first(&found->headers, "WARC-Date");
	int64_t time_ms;
	if (!indexer_time_parse(date, &time_ms)) {
		record->is_at_fault = true;
		return error_set(err, FLONG_E_FORMAT,
			"record at offset %" PRIu64 ": WARC-Date '" BYTES_FMT "' is no time",
			found->offset, BYTES_ARG(date));
	}
	clock_format_digits17(time_ms, record->timestamp);
	record->entry.timestamp = bytes_of(record->timestamp);
	return FLONG_OK;
}

/* Only known when the record was read to its end. */
static int read_place(const struct indexer_file *file, const struct reader_record *found,
	struct indexer_record *record, struct flong_error *err)
{
	int rc = reader_finish(file->reader, err);
	if (rc < 0 || !record->has_row) {
		return rc;
	}
	if (file->is_shared || (found->oddities & READER_ODD_SHARED) != 0) {
		record->is_at_fault = true;
		return error_set(err, FLONG_E_UNSUPPORTED,
			"record at offset %" PRIu64
			" shares its gzip member with another one: repair the file first",
			found->offset);
	}
	record->entry.offset = found->offset;
	/* The line ends after a record belong to its gzip member, but not to a plain record. */
	record->entry.length = reader_form(file->reader) != READER_PLAIN
				       ? found->length
				       : found->length - found->trailer_bytes;
	return file->digest_fd >= 0 ? digest_record(file, record, err) : FLONG_OK;
}

/* --- further members -------------------------------------------------------------------------- */

/* The members whose value comes from `source`, found in `head` when it is an HTTP head's. */
static void fill_extras(struct indexer_record *record, const struct indexer_fields *fields,
	enum indexer_source source, struct bytes head)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct indexer_field *field = &fields->list[i];
		SCOPED(buf_clear) struct buf value = {0};
		if (field->source == source &&
			http_summary_field(head, bytes_of(field->field), &value)) {
			struct bytes text = bytes_from(buf_text(&value), value.len);
			record->extras[i].value = copy_text(text, &record->values[i]);
		}
	}
}

static void start_extras(struct indexer_record *record, const struct reader_record *found,
	const struct indexer_fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct indexer_field *field = &fields->list[i];
		record->extras[i] = (struct cdxj_extra){.name = field->name};
		if (field->source == INDEXER_WARC) {
			record->extras[i].value = copy_text(
				headers_first(&found->headers, field->field), &record->values[i]);
		}
	}
	record->entry.extras = record->extras;
	record->entry.extra_count = fields->count;
	if (record->has_head) {
		fill_extras(record, fields, INDEXER_HTTP, buf_bytes(&record->head));
	}
}

/* What the request with this head says of itself. */
static void fill_request(struct indexer_record *record, const struct indexer_fields *fields,
	const struct indexer_record *request)
{
	struct bytes head = buf_bytes(&request->head);
	fill_extras(record, fields, INDEXER_REQUEST, head);
	for (size_t i = 0; i < fields->count; i++) {
		if (fields->list[i].source == INDEXER_METHOD) {
			record->extras[i].value =
				copy_text(http_summary_method(head), &record->values[i]);
		}
	}
}

/* --- one record ------------------------------------------------------------------------------- */

static void read_names(const struct reader_record *found, struct indexer_record *record)
{
	record->entry.url = copy_url(found, &record->url);
	buf_reset(&record->key);
	surt_ia(record->entry.url, &record->key);
	record->entry.key = buf_bytes(&record->key);
	(void)copy_text(headers_first(&found->headers, "WARC-Record-ID"), &record->id);
	(void)copy_text(
		headers_first(&found->headers, "WARC-Concurrent-To"), &record->concurrent_to);
}

int indexer_record_read(const struct indexer_file *file, const struct reader_record *found,
	struct indexer_record *record_out, struct flong_error *err)
{
	const struct indexer_wish *wish = file->wish;
	struct indexer_record *record = record_out;
	reset(record);
	record->type = found->type;
	record->has_row = has_row(wish, found);
	bool may_join =
		wish->joins && (found->type == RECORD_REQUEST || found->type == RECORD_RESPONSE);
	if (!record->has_row && !may_join) {
		return FLONG_OK;
	}
	read_names(found, record);
	int rc = record->has_row ? read_time(found, record, err) : FLONG_OK;
	if (rc == FLONG_OK) {
		rc = read_content(file, found, record, err);
	}
	if (rc == FLONG_OK && wish->fields != NULL) {
		start_extras(record, found, wish->fields);
		if (record->type == RECORD_REQUEST && record->has_head) {
			fill_request(record, wish->fields, record);
		}
	}
	return rc == FLONG_OK ? read_place(file, found, record, err) : rc;
}

bool indexer_record_is_pair(const struct indexer_record *first, const struct indexer_record *second)
{
	bool is_exchange = (first->type == RECORD_RESPONSE && second->type == RECORD_REQUEST) ||
			   (first->type == RECORD_REQUEST && second->type == RECORD_RESPONSE);
	return is_exchange && bytes_equal(first->entry.url, second->entry.url) &&
	       bytes_equal(buf_bytes(&second->concurrent_to), buf_bytes(&first->id));
}

/* The key of a POST or PUT. */
static void set_key(struct indexer_record *record, const struct indexer_record *request)
{
	SCOPED(buf_clear) struct buf url = {0};
	request_query_add_url(record->entry.url, http_summary_method(buf_bytes(&request->head)),
		buf_bytes(&request->query), &url);
	buf_reset(&record->key);
	surt_ia(buf_bytes(&url), &record->key);
	record->entry.key = buf_bytes(&record->key);
}

void indexer_record_join(struct indexer_record *first, struct indexer_record *second,
	const struct indexer_wish *wish)
{
	struct indexer_record *request = first->type == RECORD_REQUEST ? first : second;
	struct indexer_record *response = first->type == RECORD_REQUEST ? second : first;
	if (!request->has_head) {
		return;
	}
	if (wish->fields != NULL && response->has_row) {
		fill_request(response, wish->fields, request);
	}
	if (!wish->post || request->method[0] == '\0') {
		return;
	}
	set_key(request, request);
	set_key(response, request);
	response->entry.request_body = bytes_from(buf_text(&request->query), request->query.len);
	response->entry.method = bytes_of(request->method);
	for (size_t i = 0; wish->fields != NULL && i < wish->fields->count; i++) {
		if (wish->fields->list[i].source == INDEXER_METHOD) {
			response->extras[i].value = response->entry.method;
			response->entry.method = bytes_of(NULL);
		}
	}
}
