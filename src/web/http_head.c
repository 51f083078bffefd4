/* SPDX-License-Identifier: MIT */
/* http_head.c - reads message heads: lines, then fields, then what the fields mean together */
#include "web/http_head.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"

/* More in one message are an attack on the decoder; curl stops there too. */
#define TRANSFER_CODINGS_MAX 5

/* Offset of the first byte that is not part of an empty line; some servers send CRLF first. */
static size_t skip_empty_lines(struct bytes b)
{
	size_t at = 0;
	while (at < b.len) {
		if (b.ptr[at] == '\n') {
			at++;
		} else if (b.ptr[at] == '\r' && at + 1 < b.len && b.ptr[at + 1] == '\n') {
			at += 2;
		} else {
			break;
		}
	}
	return at;
}

size_t http_head_length(struct bytes b)
{
	size_t line = skip_empty_lines(b);
	if (line == b.len) {
		return 0;
	}
	for (;;) {
		size_t end = bytes_find_char(b, '\n', line);
		if (end == SIZE_MAX) {
			return 0;
		}
		if (end == line || (end == line + 1 && b.ptr[line] == '\r')) {
			return end + 1;
		}
		line = end + 1;
	}
}

static int digit_value(char c)
{
	return char_is_digit(c) ? c - '0' : -1;
}

/* "HTTP/1.1 200 Fine". The version must be digit.digit or one digit, the code three digits. */
static void read_status_line(struct bytes line, struct http_head *head)
{
	if (!bytes_starts(line, BYTES("HTTP/"))) {
		head->oddities |= HTTP_ODD_NO_STATUS_LINE;
		return;
	}
	struct bytes version;
	struct bytes rest = {NULL, 0};
	if (!bytes_cut(bytes_slice(line, 5, line.len), ' ', &version, &rest)) {
		version = bytes_slice(line, 5, line.len);
	}
	if (version.len == 3 && version.ptr[1] == '.' && digit_value(version.ptr[0]) >= 0 &&
		digit_value(version.ptr[2]) >= 0) {
		head->version = digit_value(version.ptr[0]) * 10 + digit_value(version.ptr[2]);
	} else if (version.len == 1 && digit_value(version.ptr[0]) >= 0) {
		head->version = digit_value(version.ptr[0]) * 10;
	}
	if (head->version != 10 && head->version != 11) {
		head->oddities |= HTTP_ODD_VERSION;
	}
	rest = bytes_trim(rest);
	struct bytes code = rest;
	(void)bytes_cut(rest, ' ', &code, &head->reason);
	head->reason = bytes_trim(head->reason);
	uint64_t status = 0;
	if (code.len != 3 || !bytes_to_u64(code, 999, &status) || status < 100) {
		head->oddities |= HTTP_ODD_STATUS;
		return;
	}
	head->status = (int)status;
}

/* A field as it grows over folded lines. */
struct pending {
	struct bytes name;
	struct buf value;
	bool is_open;
};

static void pending_flush(struct pending *pending, struct headers *headers, unsigned *oddities)
{
	if (!pending->is_open) {
		return;
	}
	if (headers->count >= LIMIT_HEAD_FIELDS) {
		*oddities |= HTTP_ODD_FIELDS;
	} else {
		headers_add(headers, pending->name, bytes_trim(buf_bytes(&pending->value)));
	}
	pending->is_open = false;
}

static void read_field_line(
	struct bytes line, struct pending *pending, struct headers *headers, unsigned *oddities)
{
	bool is_fold = line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
	if (is_fold && pending->is_open) {
		struct bytes more = bytes_trim(line);
		buf_truncate(&pending->value, bytes_trim(buf_bytes(&pending->value)).len);
		if (more.len > 0 && pending->value.len > 0) {
			buf_add_char(&pending->value, ' ');
		}
		buf_add(&pending->value, more);
		return;
	}
	pending_flush(pending, headers, oddities);
	struct bytes name;
	struct bytes value;
	if (!bytes_cut(line, ':', &name, &value)) {
		*oddities |= HTTP_ODD_FIELD_LINE;
		return;
	}
	struct bytes trimmed = bytes_trim(name);
	if (trimmed.len != name.len) {
		*oddities |= HTTP_ODD_SPACE_BEFORE_COLON;
	}
	pending->name = trimmed;
	buf_reset(&pending->value);
	buf_add(&pending->value, bytes_trim(value));
	pending->is_open = true;
}

/* Reads field lines until the empty line or the end. */
static void read_fields(struct bytes rest, struct headers *headers, unsigned *oddities)
{
	struct pending pending = {.value = buf_with_max(LIMIT_HEAD_KEPT_BYTES * 2)};
	struct bytes line;
	while (bytes_next_line(&rest, &line) && line.len > 0) {
		read_field_line(line, &pending, headers, oddities);
	}
	pending_flush(&pending, headers, oddities);
	buf_clear(&pending.value);
}

static void note_length(struct http_head *head, struct bytes text, bool *has_length)
{
	uint64_t number = 0;
	/* curl counts in a signed 64-bit type; a larger length is no length. */
	if (!bytes_to_u64(bytes_trim(text), INT64_MAX, &number)) {
		head->oddities |= HTTP_ODD_LENGTH;
		return;
	}
	if (*has_length && number != head->length) {
		head->oddities |= HTTP_ODD_TWO_LENGTHS;
	}
	head->length = number;
	*has_length = true;
}

/* RFC 9110 8.6: repeated equal values, also within one field, count as one. */
static bool read_lengths(struct http_head *head)
{
	bool has_length = false;
	struct bytes value;
	for (size_t n = 0; headers_nth(&head->headers, "Content-Length", n, &value); n++) {
		struct bytes item;
		if (value.len == 0 || value.ptr[value.len - 1] == ',') {
			head->oddities |= HTTP_ODD_LENGTH;
		}
		while (bytes_next_item(&value, ',', &item)) {
			note_length(head, item, &has_length);
		}
	}
	return has_length;
}

static bool coding_is_known(struct bytes coding)
{
	static const char *const known[] = {
		"chunked", "identity", "gzip", "x-gzip", "deflate", "compress", "x-compress"};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (bytes_equal_nocase(coding, bytes_of(known[i]))) {
			return true;
		}
	}
	return false;
}

/* Whether the last transfer coding is chunked; notes codings that nobody can undo. */
static bool read_transfer_codings(struct http_head *head)
{
	bool is_chunked = false;
	bool was_chunked = false;
	unsigned count = 0;
	struct bytes value;
	for (size_t n = 0; headers_nth(&head->headers, "Transfer-Encoding", n, &value); n++) {
		struct bytes item;
		while (bytes_next_item(&value, ',', &item)) {
			struct bytes coding = item;
			struct bytes parameters;
			(void)bytes_cut(item, ';', &coding, &parameters);
			coding = bytes_trim(coding);
			if (coding.len == 0) {
				continue;
			}
			is_chunked = bytes_equal_nocase(coding, BYTES("chunked"));
			count++;
			if (!coding_is_known(coding) || (was_chunked && !is_chunked) ||
				count > TRANSFER_CODINGS_MAX) {
				head->oddities |= HTTP_ODD_TRANSFER_CODING;
			}
			was_chunked = was_chunked || is_chunked;
		}
	}
	return is_chunked;
}

static void read_locations(struct http_head *head)
{
	struct bytes first = headers_first(&head->headers, "Location");
	struct bytes other;
	for (size_t n = 1; headers_nth(&head->headers, "Location", n, &other); n++) {
		if (!bytes_equal(first, other)) {
			head->oddities |= HTTP_ODD_TWO_LOCATIONS;
		}
	}
}

static bool has_token(const struct headers *headers, const char *name, struct bytes token)
{
	struct bytes value;
	for (size_t n = 0; headers_nth(headers, name, n, &value); n++) {
		struct bytes item;
		while (bytes_next_item(&value, ',', &item)) {
			if (bytes_equal_nocase(bytes_trim(item), token)) {
				return true;
			}
		}
	}
	return false;
}

/* RFC 9112 6.3, for a reply to GET. */
static void decide_framing(struct http_head *head)
{
	bool has_length = read_lengths(head);
	bool is_chunked = read_transfer_codings(head);
	read_locations(head);
	if ((head->status >= 100 && head->status < 200) || head->status == 204 ||
		head->status == 304) {
		head->framing = HTTP_BODY_NONE;
	} else if (is_chunked) {
		head->framing = HTTP_BODY_CHUNKED;
		head->oddities |= has_length ? HTTP_ODD_LENGTH_AND_CHUNKED : 0;
	} else if (has_length && !(head->oddities & HTTP_ODD_TRANSFER_CODING)) {
		head->framing = HTTP_BODY_LENGTH;
	} else {
		head->framing = HTTP_BODY_CLOSE;
	}
}

static void decide_keeps_alive(struct http_head *head)
{
	const struct headers *headers = &head->headers;
	bool by_version =
		head->version == 11 ||
		(head->version == 10 && has_token(headers, "Connection", BYTES("keep-alive")));
	head->keeps_alive = by_version && head->status >= 200 &&
			    !has_token(headers, "Connection", BYTES("close")) &&
			    !has_token(headers, "Keep-Alive", BYTES("max=0")) &&
			    head->framing != HTTP_BODY_CLOSE &&
			    !(head->oddities & HTTP_ODD_LENGTH_AND_CHUNKED) &&
			    http_head_fault(head) == NULL;
}

int http_head_parse_response(struct bytes b, struct http_head *head_out, struct flong_error *err)
{
	(void)err;
	*head_out = (struct http_head){.framing = HTTP_BODY_CLOSE};
	if (b.len > LIMIT_HEAD_BYTES) {
		head_out->oddities |= HTTP_ODD_SIZE;
	}
	if (bytes_find_char(b, '\0', 0) != SIZE_MAX) {
		head_out->oddities |= HTTP_ODD_NUL;
	}
	size_t start = skip_empty_lines(b);
	if (start > 0) {
		/* curl takes such a reply for HTTP/0.9; its meaning is read all the same. */
		head_out->oddities |= HTTP_ODD_NO_STATUS_LINE;
	}
	struct bytes rest = bytes_slice(b, start, b.len);
	struct bytes line = {NULL, 0};
	(void)bytes_next_line(&rest, &line);
	read_status_line(line, head_out);
	/* Shoutcast servers say ICY; what follows is as in HTTP/1.0. */
	if (bytes_starts(line, BYTES("HTTP/")) || bytes_starts(line, BYTES("ICY "))) {
		read_fields(rest, &head_out->headers, &head_out->oddities);
	}
	decide_framing(head_out);
	decide_keeps_alive(head_out);
	return FLONG_OK;
}

void http_head_clear(struct http_head *head)
{
	headers_clear(&head->headers);
	*head = (struct http_head){0};
}

const char *http_head_fault(const struct http_head *head)
{
	static const struct {
		unsigned bit;
		const char *sentence;
	} faults[] = {
		{HTTP_ODD_NO_STATUS_LINE, "the reply does not begin with an HTTP status line"},
		{HTTP_ODD_VERSION, "the reply's version is neither HTTP/1.0 nor HTTP/1.1"},
		{HTTP_ODD_STATUS, "the status code is not three digits"},
		{HTTP_ODD_SIZE, "the reply's head is too large"},
		{HTTP_ODD_FIELDS, "the reply has too many header fields"},
		{HTTP_ODD_NUL, "the reply's head holds a NUL byte"},
		{HTTP_ODD_FIELD_LINE, "a header line of the reply has no colon"},
		{HTTP_ODD_LENGTH, "the reply's Content-Length is no number"},
		{HTTP_ODD_TWO_LENGTHS, "the reply has different Content-Length values"},
		{HTTP_ODD_TRANSFER_CODING, "the reply's Transfer-Encoding cannot be undone"},
		{HTTP_ODD_TWO_LOCATIONS, "the reply has different Location values"},
	};
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (head->oddities & faults[i].bit) {
			return faults[i].sentence;
		}
	}
	return NULL;
}

int http_head_parse_request(struct bytes b, struct bytes *method_out, struct bytes *target_out,
	struct headers *headers_out, struct flong_error *err)
{
	*headers_out = (struct headers){0};
	struct bytes rest = bytes_slice(b, skip_empty_lines(b), b.len);
	struct bytes line = {NULL, 0};
	struct bytes after = {NULL, 0};
	(void)bytes_next_line(&rest, &line);
	if (!bytes_cut(bytes_trim(line), ' ', method_out, &after) || method_out->len == 0) {
		return error_set(
			err, FLONG_E_FORMAT, "no request line: '" BYTES_FMT "'", BYTES_ARG(line));
	}
	for (size_t i = 0; i < method_out->len; i++) {
		unsigned char c = (unsigned char)method_out->ptr[i];
		if (c <= ' ' || c >= 0x7f || c == ':') {
			return error_set(err, FLONG_E_FORMAT, "no request line: '" BYTES_FMT "'",
				BYTES_ARG(line));
		}
	}
	/* The version is the last word; a target with blanks in it is kept whole. */
	after = bytes_trim(after);
	size_t space = bytes_find_last_char(after, ' ');
	*target_out = after;
	if (space != SIZE_MAX &&
		bytes_starts(bytes_slice(after, space + 1, after.len), BYTES("HTTP/"))) {
		*target_out = bytes_trim(bytes_slice(after, 0, space));
	}
	if (target_out->len == 0) {
		return error_set(err, FLONG_E_FORMAT,
			"request line without target: '" BYTES_FMT "'", BYTES_ARG(line));
	}
	unsigned oddities = 0;
	read_fields(rest, headers_out, &oddities);
	return FLONG_OK;
}

bool http_head_ends_chunked(const struct headers *headers)
{
	struct bytes codings = {NULL, 0};
	for (size_t n = 0; headers_nth(headers, "Transfer-Encoding", n, &codings); n++) {
	}
	size_t comma = bytes_find_last_char(codings, ',');
	struct bytes last = bytes_slice(codings, comma == SIZE_MAX ? 0 : comma + 1, codings.len);
	return bytes_equal_nocase(bytes_trim(last), BYTES("chunked"));
}
