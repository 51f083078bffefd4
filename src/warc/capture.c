/* SPDX-License-Identifier: MIT */
/* capture.c - the records of one exchange */
#include "warc/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/error.h"
#include "warc/capture_group.h"
#include "warc/payload.h"
#include "web/content_coding.h"

/* Below this a revisit saves less than its own head costs. */
enum { REVISIT_MIN_BYTES = 1024 };

/* One composition: what all its records share. */
struct composer {
	const struct exchange *exchange;
	const struct capture_digests *digests;
	const struct capture_options *options;
	struct deflater *deflater;
	struct capture_group *group;
	char main_id[RECORD_ID_SIZE]; /* of the first record; empty before */
	struct buf request;           /* the request with secrets taken out; empty when as sent */
	struct buf metadata;
};

int capture_digest(const struct exchange *exchange, enum digest_algorithm algorithm,
	struct capture_digests *digests_out, struct flong_error *err)
{
	SCOPED(digester_closep) struct digester *block = digester_create(algorithm);
	SCOPED(digester_closep) struct digester *payload = digester_create(algorithm);
	SCOPED(digester_closep)
	struct digester *proof = algorithm == DIGEST_SHA1 ? digester_create(DIGEST_SHA256) : NULL;
	SCOPED(source_closep) struct source *body = NULL;
	int rc = spool_open(exchange->body, &body, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	struct payload_pass pass = {.block = block,
		.payload = payload,
		.proof = proof,
		.is_chunked = exchange->parsed.framing == HTTP_BODY_CHUNKED};
	rc = payload_run(&pass, buf_bytes(&exchange->head), body, err);
	if (rc != FLONG_OK) {
		return error_context(err, "body of %s", exchange->url);
	}
	digests_out->block = digester_end(block);
	digests_out->payload = digester_end(payload);
	digests_out->proof = proof == NULL ? digests_out->payload : digester_end(proof);
	digests_out->request = digest_of(algorithm, buf_bytes(&exchange->request));
	digests_out->payload_bytes = pass.payload_bytes;
	digests_out->block_bytes = pass.block_bytes;
	return FLONG_OK;
}

static bool has_status_line(const struct exchange *exchange)
{
	return bytes_starts(buf_bytes(&exchange->head), BYTES("HTTP/"));
}

static bool has_whole_head(const struct exchange *exchange)
{
	struct bytes head = buf_bytes(&exchange->head);
	return has_status_line(exchange) && http_head_length(head) == head.len;
}

bool capture_may_revisit(const struct exchange *exchange, const struct capture_digests *digests)
{
	int status = exchange_status(exchange);
	bool is_redirect = status >= 300 && status < 400;
	return exchange->outcome == EXCHANGE_OK && exchange->truncated == TRUNCATED_NOT &&
	       has_whole_head(exchange) && !is_redirect &&
	       digests->payload_bytes >= REVISIT_MIN_BYTES;
}

void capture_transfer_encoding(const struct exchange *exchange, struct buf *out)
{
	struct bytes value;
	for (size_t n = 0; headers_nth(&exchange->parsed.headers, "Transfer-Encoding", n, &value);
		n++) {
		buf_add_text(out, n == 0 ? "" : ", ");
		buf_add(out, value);
	}
}

/* Whether this exchange may be written as a revisit of that original: the same framing, and not
 * the same capture (W-25). */
static bool fits_original(const struct composer *c, const struct capture_original *original)
{
	if (original == NULL || original->url == NULL ||
		!capture_may_revisit(c->exchange, c->digests)) {
		return false;
	}
	SCOPED(buf_clear) struct buf encoding = {0};
	capture_transfer_encoding(c->exchange, &encoding);
	bool is_same = strcmp(original->url, c->exchange->url) == 0 &&
		       original->date_ms == c->exchange->started_ms;
	return !is_same && bytes_equal(bytes_of(original->transfer_encoding), buf_bytes(&encoding));
}

/* Fills in what response, request and their like share. */
static struct record_head connection_head(const struct composer *c, enum record_type type)
{
	const struct exchange_connection *connection = &c->exchange->connection;
	const char *http = c->exchange->parsed.version == 10 ? "http/1.0" : "http/1.1";
	return (struct record_head){.type = type,
		.warcinfo_id = c->options->warcinfo_id,
		.concurrent_to = c->main_id[0] == '\0' ? NULL : c->main_id,
		.date_ms = c->exchange->started_ms,
		.target_uri = c->exchange->url,
		.ip = connection->ip,
		.protocols = {http, connection->is_tls ? connection->tls_version : NULL},
		.cipher = connection->is_tls ? connection->tls_cipher : NULL};
}

/* Seals a record of head, first bytes and an optional body; its id becomes main_id when it is the
 * first. */
static int add_record(struct composer *c, struct record_head *head, struct bytes first,
	const struct spool *body, struct flong_error *err)
{
	char id[RECORD_ID_SIZE];
	record_ids_next(c->options->ids, id);
	head->id = id;
	enum gzip_form form = GZIP_DEFLATE;
	if (body != NULL && content_coding_is_compressed(
				    headers_first(&c->exchange->parsed.headers, "Content-Encoding"),
				    headers_first(&c->exchange->parsed.headers, "Content-Type"))) {
		form = GZIP_STORE;
	}
	struct gzip_part parts[] = {{GZIP_DEFLATE, first, NULL}, {form, {NULL, 0}, body}};
	struct capture_record record = {head, parts, body == NULL ? 1 : 2, c->options->spool_dir};
	int rc = capture_group_add(c->group, &record, c->deflater, err);
	if (rc == FLONG_OK && c->main_id[0] == '\0') {
		memcpy(c->main_id, id, sizeof(id));
	}
	return rc;
}

/* As cdxj-indexer derives it: up to the first semicolon or blank. */
static char *index_mime(struct bytes content_type)
{
	size_t length = 0;
	while (length < content_type.len && content_type.ptr[length] != ';' &&
		!char_is_space(content_type.ptr[length]) && content_type.ptr[length] != '\v') {
		length++;
	}
	return content_type.ptr == NULL ? NULL : alloc_text(content_type.ptr, length);
}

static void describe_reply(const struct composer *c, struct member *member)
{
	int status = exchange_status(c->exchange);
	if (member->type == RECORD_REVISIT) {
		member->mime = alloc_copy("warc/revisit");
	} else if (member->type == RECORD_RESPONSE) {
		member->mime =
			index_mime(headers_first(&c->exchange->parsed.headers, "Content-Type"));
	}
	if (member->type != RECORD_RESOURCE && status > 0 && status <= 999) {
		(void)snprintf(member->status, sizeof(member->status), "%03d", status);
	}
}

static int add_revisit(
	struct composer *c, const struct capture_original *original, struct flong_error *err)
{
	const struct exchange *exchange = c->exchange;
	struct digest block = digest_of(c->options->algorithm, buf_bytes(&exchange->head));
	struct record_head head = connection_head(c, RECORD_REVISIT);
	head.profile = RECORD_PROFILE_IDENTICAL;
	head.refers_to = original->record_id[0] == '\0' ? NULL : original->record_id;
	head.refers_to_uri = original->url;
	head.refers_to_date_ms = original->date_ms;
	head.payload = &c->digests->payload;
	head.block = &block;
	head.truncated = "length";
	head.content_type = RECORD_TYPE_RESPONSE;
	head.length = exchange->head.len;
	return add_record(c, &head, buf_bytes(&exchange->head), NULL, err);
}

static int add_response(struct composer *c, struct flong_error *err)
{
	const struct exchange *exchange = c->exchange;
	bool is_http = has_status_line(exchange);
	struct record_head head = connection_head(c, is_http ? RECORD_RESPONSE : RECORD_RESOURCE);
	head.payload = is_http ? &c->digests->payload : &c->digests->block;
	head.block = &c->digests->block;
	head.truncated = exchange_truncation_name(exchange->truncated);
	head.content_type = is_http ? RECORD_TYPE_RESPONSE : "application/octet-stream";
	head.length = exchange->head.len + spool_size(exchange->body);
	if (head.length != c->digests->block_bytes) {
		return error_set(err, FLONG_E_USAGE, "%s: the digests are of another exchange",
			exchange->url);
	}
	return add_record(c, &head, buf_bytes(&exchange->head), exchange->body, err);
}

static int add_main(
	struct composer *c, const struct capture_original *original, struct flong_error *err)
{
	if (c->exchange->head.len == 0 && spool_size(c->exchange->body) == 0) {
		return FLONG_OK; /* only 1xx replies came */
	}
	int rc = fits_original(c, original) ? add_revisit(c, original, err) : add_response(c, err);
	if (rc == FLONG_OK) {
		describe_reply(c, &c->group->members[c->group->count - 1]);
	}
	return rc;
}

static int add_request(struct composer *c, struct flong_error *err)
{
	if (c->exchange->request.len == 0) {
		return FLONG_OK;
	}
	struct bytes block = buf_bytes(&c->exchange->request);
	struct digest digest = c->digests->request;
	if (c->request.len > 0) {
		block = buf_bytes(&c->request);
		digest = digest_of(c->options->algorithm, block);
	}
	struct record_head head = connection_head(c, RECORD_REQUEST);
	head.block = &digest;
	head.content_type = RECORD_TYPE_REQUEST;
	head.length = block.len;
	return add_record(c, &head, block, NULL, err);
}

static const char redaction[] = "[redacted]";

/* Whether an entry of the list is for this field; *part_out is empty when all of its value is. */
static bool entry_names(const char *entry, struct bytes name, struct bytes *part_out)
{
	struct bytes field = bytes_of(entry);
	struct bytes part = {NULL, 0};
	(void)bytes_cut(field, ':', &field, &part);
	*part_out = bytes_trim(part);
	return bytes_equal_nocase(bytes_trim(field), name);
}

/* Where `part` stands in a value, between its ends, blanks and semicolons; SIZE_MAX when it does
 * not. */
static size_t find_part(struct bytes value, struct bytes part)
{
	size_t at = bytes_find(value, part, 0);
	while (at != SIZE_MAX) {
		size_t end = at + part.len;
		bool begins = at == 0 || value.ptr[at - 1] == ' ' || value.ptr[at - 1] == ';';
		bool ends = end == value.len || value.ptr[end] == ';' || value.ptr[end] == ' ';
		if (begins && ends) {
			return at;
		}
		at = bytes_find(value, part, at + 1);
	}
	return SIZE_MAX;
}

/* Replaces a secret part of `value` wherever it stands; of "name=secret" the name stays. */
static bool redact_part(struct buf *value, struct bytes part)
{
	SCOPED(buf_clear) struct buf clean = {0};
	struct bytes rest = buf_bytes(value);
	size_t equals = bytes_find_char(part, '=', 0);
	size_t shown = equals == SIZE_MAX ? 0 : equals + 1;
	size_t at = shown == part.len ? SIZE_MAX : find_part(rest, part);
	bool is_found = at != SIZE_MAX;
	for (; at != SIZE_MAX; at = find_part(rest, part)) {
		buf_add(&clean, bytes_slice(rest, 0, at + shown));
		buf_add_text(&clean, redaction);
		rest = bytes_slice(rest, at + part.len, rest.len);
	}
	if (is_found) {
		buf_add(&clean, rest);
		buf_reset(value);
		buf_add(value, buf_bytes(&clean));
	}
	return is_found;
}

/* What the list leaves of a field's value. False when that is all of it. */
static bool redact_value(const struct composer *c, struct bytes name, struct buf *value)
{
	const char *const *redact = c->options->redact;
	bool is_changed = false;
	for (size_t i = 0; redact != NULL && redact[i] != NULL; i++) {
		struct bytes part;
		if (!entry_names(redact[i], name, &part)) {
			continue;
		}
		if (part.len > 0) {
			is_changed = redact_part(value, part) || is_changed;
			continue;
		}
		buf_reset(value);
		buf_add_text(value, redaction);
		return true;
	}
	return is_changed;
}

/* Makes c->request when secrets have to be taken out, and says so in the metadata (A.6). */
static void redact_request(struct composer *c)
{
	struct bytes request = buf_bytes(&c->exchange->request);
	struct bytes rest = bytes_slice(request, 0, http_head_length(request));
	struct bytes body = bytes_slice(request, rest.len, request.len);
	SCOPED(buf_clear) struct buf value = {0};
	bool is_changed = false;
	bool skips_folds = false;
	while (rest.len > 0) {
		size_t end = bytes_find_char(rest, '\n', 0);
		struct bytes line = bytes_slice(rest, 0, end == SIZE_MAX ? rest.len : end + 1);
		rest = bytes_slice(rest, line.len, rest.len);
		struct bytes name = bytes_slice(line, 0, bytes_find_char(line, ':', 0));
		bool is_fold = line.ptr[0] == ' ' || line.ptr[0] == '\t';
		bool is_proxy = bytes_equal_nocase(name, BYTES("Proxy-Authorization"));
		buf_reset(&value);
		buf_add(&value, bytes_trim(bytes_slice(line, name.len + 1, line.len)));
		bool is_secret = is_fold ? skips_folds : is_proxy || redact_value(c, name, &value);
		skips_folds = is_secret;
		if (!is_secret) {
			buf_add(&c->request, line);
			continue;
		}
		is_changed = true;
		if (!is_proxy && !is_fold) {
			buf_add(&c->request, name);
			buf_add_text(&c->request, ": ");
			buf_add(&c->request, buf_bytes(&value));
			buf_add_text(&c->request, "\r\n");
		}
		if (!is_fold) {
			record_add_field(&c->metadata, "redacted", name);
		}
	}
	buf_add(&c->request, body);
	if (!is_changed) {
		buf_reset(&c->request);
	}
}

/* The 1xx replies: a line to read each, and their exact bytes. */
static void describe_interim(struct composer *c)
{
	struct bytes all = buf_bytes(&c->exchange->interim);
	struct bytes rest = all;
	if (all.len == 0) {
		return;
	}
	while (rest.len > 0) {
		struct bytes line;
		struct bytes status;
		size_t length = http_head_length(rest);
		struct bytes head = rest;
		if (bytes_next_line(&head, &line) && bytes_cut(line, ' ', &head, &status)) {
			record_add_field(&c->metadata, "http-1xx", status);
		}
		rest = bytes_slice(rest, length == 0 ? rest.len : length, rest.len);
	}
	SCOPED(buf_clear) struct buf text = {0};
	base64_encode(all, &text);
	record_add_field(&c->metadata, "http-1xx-base64", buf_bytes(&text));
}

static void describe_exchange(struct composer *c)
{
	const struct exchange *exchange = c->exchange;
	const struct exchange_connection *connection = &exchange->connection;
	struct buf *out = &c->metadata;
	if (!c->options->omit_times && exchange->times.total_us >= 0) {
		record_addf_field(
			out, "fetchTimeMs", "%lld", (long long)(exchange->times.total_us / 1000));
	}
	if (exchange->outcome != EXCHANGE_OK) {
		record_add_field(
			out, "outcome", bytes_of(exchange_outcome_name(exchange->outcome)));
		record_add_field(out, "reason", bytes_of(exchange->reason));
	}
	if (exchange->excess_bytes > 0) {
		record_addf_field(
			out, "excess-bytes", "%llu", (unsigned long long)exchange->excess_bytes);
	}
	if (connection->is_tls && connection->tls_verify[0] != '\0' &&
		strcmp(connection->tls_verify, "ok") != 0) {
		record_add_field(out, "tls-verify", bytes_of(connection->tls_verify));
	}
	describe_interim(c);
}

static int add_metadata(struct composer *c, struct flong_error *err)
{
	if (c->metadata.len == 0) {
		return FLONG_OK;
	}
	struct digest digest = digest_of(c->options->algorithm, buf_bytes(&c->metadata));
	struct record_head head = {.type = RECORD_METADATA,
		.warcinfo_id = c->options->warcinfo_id,
		.concurrent_to = c->main_id,
		.date_ms = c->exchange->started_ms,
		.target_uri = c->exchange->url,
		.block = &digest,
		.content_type = RECORD_TYPE_FIELDS,
		.length = c->metadata.len};
	return add_record(c, &head, buf_bytes(&c->metadata), NULL, err);
}

int capture_compose(const struct exchange *exchange, const struct capture_digests *digests,
	const struct capture_options *options, struct deflater *deflater,
	struct capture_group *group_out, struct flong_error *err)
{
	bool has_bytes = exchange->head.len > 0 || spool_size(exchange->body) > 0 ||
			 exchange->interim.len > 0;
	if (!has_bytes) {
		return FLONG_OK;
	}
	struct record_ids random = {0};
	struct capture_options own = *options;
	own.ids = options->ids == NULL ? &random : options->ids;
	struct composer c = {exchange, digests, &own, deflater, group_out, "", {0}, {0}};
	size_t count = group_out->count;
	redact_request(&c);
	/* The caller's lines first: they are what people look for. */
	SCOPED(buf_clear) struct buf redactions = c.metadata;
	c.metadata = (struct buf){0};
	buf_add(&c.metadata, own.metadata);
	describe_exchange(&c);
	buf_add(&c.metadata, buf_bytes(&redactions));
	int rc = add_main(&c, options->original, err);
	if (rc == FLONG_OK) {
		rc = add_request(&c, err);
	}
	if (rc == FLONG_OK) {
		rc = add_metadata(&c, err);
	}
	buf_clear(&c.request);
	buf_clear(&c.metadata);
	if (rc != FLONG_OK) {
		capture_group_shorten(group_out, count);
		return error_context(err, "records of %s", exchange->url);
	}
	return FLONG_OK;
}
