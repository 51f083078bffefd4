/* SPDX-License-Identifier: MIT */
/* message.c - what flong/http.h tells of an HTTP message's head */
#include "lib/message.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "lib/api.h"
#include "web/http_head.h"

void message_clear(struct flong_http *http)
{
	free(http->reason);
	free(http->method);
	free(http->target);
	if (http->fields != NULL) {
		fields_clear(http->fields);
		free(http->fields);
	}
	headers_clear(&http->headers);
	*http = (struct flong_http){0};
}

static int read_response(struct flong_http *http, struct bytes head, struct flong_error *err)
{
	struct http_head parsed = {0};
	int rc = http_head_parse_response(head, &parsed, err);
	if (rc == FLONG_OK && (parsed.oddities & HTTP_ODD_NO_STATUS_LINE) != 0) {
		rc = error_set(err, FLONG_E_FORMAT, "no status line: '" BYTES_FMT "'",
			BYTES_ARG(bytes_slice(head, 0, 40)));
	}
	if (rc == FLONG_OK) {
		http->status = parsed.status;
		http->version = parsed.version;
		http->reason = alloc_text(parsed.reason.ptr, parsed.reason.len);
		http->is_chunked = parsed.framing == HTTP_BODY_CHUNKED;
		http->headers = parsed.headers;
		parsed.headers = (struct headers){0};
	}
	http_head_clear(&parsed);
	return rc;
}

static int read_request(struct flong_http *http, struct bytes head, struct flong_error *err)
{
	struct bytes method;
	struct bytes target;
	int rc = http_head_parse_request(head, &method, &target, &http->headers, err);
	if (rc == FLONG_OK) {
		http->method = alloc_text(method.ptr, method.len);
		http->target = alloc_text(target.ptr, target.len);
		http->is_chunked = http_head_ends_chunked(&http->headers);
	}
	return rc;
}

int message_read(struct flong_http *http, struct bytes head, enum flong_http_kind kind,
	struct flong_error *err)
{
	message_clear(http);
	http->kind = kind;
	http->length = head.len;
	int rc = kind == FLONG_HTTP_REQUEST ? read_request(http, head, err)
					    : read_response(http, head, err);
	http->fields = ALLOC(struct fields);
	fields_set(http->fields, &http->headers);
	return rc;
}

size_t flong_http_head_length(const void *bytes, size_t length)
{
	return bytes == NULL ? 0 : http_head_length(bytes_from(bytes, length));
}

int flong_http_parse(const void *bytes, size_t length, enum flong_http_kind kind,
	struct flong_http **http_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (http_out == NULL || (bytes == NULL && length > 0)) {
		return api_null("bytes or http_out", err);
	}
	*http_out = NULL;
	if (kind != FLONG_HTTP_RESPONSE && kind != FLONG_HTTP_REQUEST) {
		return error_set(err, FLONG_E_USAGE, "there is no kind of message %d", (int)kind);
	}
	struct bytes head = bytes_from(bytes, length);
	size_t end = http_head_length(head);
	head = bytes_slice(head, 0, end == 0 ? length : end);
	if (head.len > LIMIT_HEAD_KEPT_BYTES) {
		return error_set(err, FLONG_E_LIMIT, "a head of %zu bytes is too long", head.len);
	}
	SCOPED(flong_http_closep) struct flong_http *http = ALLOC(struct flong_http);
	int rc = message_read(http, head, kind, err);
	if (rc == FLONG_OK) {
		*http_out = TAKE(http);
	}
	return rc;
}

void flong_http_close(struct flong_http *http)
{
	if (http != NULL) {
		message_clear(http);
		free(http);
	}
}

enum flong_http_kind flong_http_kind(const struct flong_http *http)
{
	return http == NULL ? FLONG_HTTP_RESPONSE : http->kind;
}

int flong_http_status(const struct flong_http *http)
{
	return http == NULL ? 0 : http->status;
}

const char *flong_http_reason(const struct flong_http *http)
{
	return http == NULL ? NULL : http->reason;
}

int flong_http_version(const struct flong_http *http)
{
	return http == NULL ? 0 : http->version;
}

const char *flong_http_method(const struct flong_http *http)
{
	return http == NULL ? NULL : http->method;
}

const char *flong_http_target(const struct flong_http *http)
{
	return http == NULL ? NULL : http->target;
}

size_t flong_http_length(const struct flong_http *http)
{
	return http == NULL ? 0 : http->length;
}

const char *flong_http_field(const struct flong_http *http, const char *name, size_t n)
{
	return http == NULL ? NULL : fields_value(http->fields, name, n);
}

size_t flong_http_field_count(const struct flong_http *http)
{
	return http == NULL ? 0 : fields_count(http->fields);
}

bool flong_http_field_at(const struct flong_http *http, size_t index, struct flong_field *field_out)
{
	return http != NULL && field_out != NULL && fields_at(http->fields, index, field_out);
}
