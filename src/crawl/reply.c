/* SPDX-License-Identifier: MIT */
/* reply.c - splits a reply into interim heads, head and body, and judges how it ended */
#include "crawl/reply.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/spool.h"
#include "web/content_coding.h"

void reply_blame(struct exchange *exchange, enum exchange_outcome outcome, const char *format, ...)
{
	if (exchange->outcome != EXCHANGE_OK) {
		return;
	}
	va_list args;
	va_start(args, format);
	(void)vsnprintf(exchange->reason, sizeof(exchange->reason), format, args);
	va_end(args);
	exchange->outcome = outcome;
	for (char *c = exchange->reason; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f) {
			*c = '?';
		}
	}
}

void reply_start(struct reply *reply, const struct reply_options *options,
	struct exchange *exchange, const char *host)
{
	*reply = (struct reply){.options = options, .exchange = exchange, .host = host};
	exchange->interim.max = LIMIT_HEAD_KEPT_BYTES;
	exchange->head.max = LIMIT_HEAD_KEPT_BYTES;
}

static void parse_head(struct reply *reply)
{
	struct exchange *exchange = reply->exchange;
	struct flong_error ignored = {0};
	http_head_clear(&exchange->parsed);
	/* Documented to succeed whatever the bytes are; faults are oddities. */
	int rc = http_head_parse_response(buf_bytes(&exchange->head), &exchange->parsed, &ignored);
	const char *fault = rc == FLONG_OK ? http_head_fault(&exchange->parsed) : ignored.message;
	if (fault != NULL) {
		reply_blame(exchange, EXCHANGE_PROTOCOL, "%s: %s", reply->host, fault);
	}
}

/* A body is deflated while it arrives unless that gains nothing. */
static void choose_spool_form(struct reply *reply)
{
	struct exchange *exchange = reply->exchange;
	int level = reply->options->compress_level;
	const struct headers *headers = &exchange->parsed.headers;
	enum spool_form form = SPOOL_DEFLATED;
	if (level == 0) {
		form = SPOOL_PLAIN;
	} else if (content_coding_is_compressed(headers_first(headers, "Content-Encoding"),
			   headers_first(headers, "Content-Type"))) {
		form = SPOOL_STORED;
	}
	/* What is known to be large goes to its file from its first byte on. */
	const struct http_head *head = &exchange->parsed;
	bool is_large =
		head->framing == HTTP_BODY_LENGTH && head->length > LIMIT_SPOOL_MEMORY_BYTES;
	spool_close(exchange->body);
	exchange->body = spool_create(
		reply->options->spool_dir, is_large ? 0 : LIMIT_SPOOL_MEMORY_BYTES, form, level);
}

static void begin_body(struct reply *reply)
{
	struct http_head *head = &reply->exchange->parsed;
	if (head->oddities & (HTTP_ODD_TWO_LENGTHS | HTTP_ODD_LENGTH) &&
		head->framing == HTTP_BODY_LENGTH) {
		/* No length can be believed. */
		head->framing = HTTP_BODY_CLOSE;
	}
	choose_spool_form(reply);
	reply->state = REPLY_BODY;
	reply->left = head->length;
	reply->ends_by_close = head->framing == HTTP_BODY_CLOSE;
	if (head->framing == HTTP_BODY_NONE ||
		(head->framing == HTTP_BODY_LENGTH && head->length == 0)) {
		reply->state = REPLY_DONE;
	}
}

static void begin_next_head(struct reply *reply)
{
	struct exchange *exchange = reply->exchange;
	reply->interim_count++;
	buf_add(&exchange->interim, buf_bytes(&exchange->head));
	if (reply->interim_count > LIMIT_INTERIM_REPLIES || buf_failed(&exchange->interim)) {
		reply_blame(exchange, EXCHANGE_PROTOCOL,
			"%s sent over %d interim replies and no final one", reply->host,
			LIMIT_INTERIM_REPLIES);
		reply->state = REPLY_DONE;
	}
	buf_reset(&exchange->head);
	http_head_clear(&exchange->parsed);
	exchange->has_response = false;
	reply->has_line = false;
	reply->line_start = 0;
}

static void end_head(struct reply *reply)
{
	struct exchange *exchange = reply->exchange;
	parse_head(reply);
	int status = exchange->parsed.status;
	if (status == 101) {
		reply_blame(exchange, EXCHANGE_PROTOCOL,
			"%s switches to a protocol nobody asked for", reply->host);
	} else if (status >= 100 && status < 200 && exchange->outcome == EXCHANGE_OK) {
		begin_next_head(reply);
		return;
	}
	begin_body(reply);
}

/* Whether what is there so far can be the start of a status line (ICY is Shoutcast's). */
static bool can_be_status_line(struct bytes head)
{
	size_t start = 0;
	while (start < head.len && (head.ptr[start] == '\r' || head.ptr[start] == '\n')) {
		start++;
	}
	struct bytes line = bytes_slice(head, start, head.len);
	return bytes_starts(BYTES("HTTP/"), bytes_slice(line, 0, 5)) ||
	       bytes_starts(BYTES("ICY "), bytes_slice(line, 0, 4));
}

/* What does not begin as HTTP/1 does is all body. */
static int become_body(struct reply *reply, struct flong_error *err)
{
	struct exchange *exchange = reply->exchange;
	SCOPED(buf_clear) struct buf bytes = exchange->head;
	exchange->head = buf_with_max(LIMIT_HEAD_KEPT_BYTES);
	parse_head(reply);
	begin_body(reply);
	reply->received_bytes -= bytes.len;
	return reply_add(reply, buf_bytes(&bytes), err);
}

/* Takes bytes of the head up to the end of a line; *used_out of them. */
static int add_to_head(
	struct reply *reply, struct bytes b, size_t *used_out, struct flong_error *err)
{
	struct exchange *exchange = reply->exchange;
	struct buf *head = &exchange->head;
	size_t end = bytes_find_char(b, '\n', 0);
	size_t count = end == SIZE_MAX ? b.len : end + 1;
	*used_out = count;
	exchange->has_response = true;
	if (count > LIMIT_HEAD_KEPT_BYTES - head->len) {
		count = LIMIT_HEAD_KEPT_BYTES - head->len;
		buf_add(head, bytes_slice(b, 0, count));
		*used_out = count;
		exchange->truncated = TRUNCATED_LENGTH;
		reply_blame(exchange, EXCHANGE_LIMIT, "%s: the reply's head is over %zu bytes",
			reply->host, LIMIT_HEAD_KEPT_BYTES);
		parse_head(reply);
		reply->state = REPLY_DONE;
		return FLONG_OK;
	}
	buf_add(head, bytes_slice(b, 0, count));
	if (!reply->has_line && !can_be_status_line(buf_bytes(head))) {
		return become_body(reply, err);
	}
	if (end == SIZE_MAX) {
		return FLONG_OK;
	}
	struct bytes line = bytes_slice(buf_bytes(head), reply->line_start, head->len - 1);
	bool is_empty = line.len == 0 || (line.len == 1 && line.ptr[0] == '\r');
	reply->line_start = head->len;
	if (!is_empty) {
		reply->has_line = true;
	} else if (reply->has_line) {
		end_head(reply);
	}
	return FLONG_OK;
}

/* How many of `count` bytes may still be kept. */
static size_t room_for(const struct reply *reply, size_t count)
{
	uint64_t max = reply->options->body_max_bytes;
	uint64_t kept = spool_size(reply->exchange->body);
	return max == 0 || count <= max - kept ? count : (size_t)(max - kept);
}

/* Splits off the bytes that belong to the body; sets `is_over` when they are its last. */
static int measure_body(struct reply *reply, struct bytes b, size_t *count_out, bool *is_over_out,
	struct flong_error *err)
{
	*count_out = b.len;
	*is_over_out = false;
	if (reply->ends_by_close) {
		return FLONG_OK;
	}
	if (reply->exchange->parsed.framing == HTTP_BODY_LENGTH) {
		*count_out = b.len < reply->left ? b.len : (size_t)reply->left;
		reply->left -= *count_out;
		*is_over_out = reply->left == 0;
		return FLONG_OK;
	}
	int rc = chunk_parser_add(&reply->chunks, b, NULL, count_out, err);
	*is_over_out = reply->chunks.state == CHUNK_DONE;
	if (rc == FLONG_OK && reply->chunks.state == CHUNK_BROKEN) {
		/* Where the body ends cannot be known any more: everything is kept. */
		*count_out = b.len;
		reply->ends_by_close = true;
		reply->has_broken_framing = true;
		reply_blame(reply->exchange, EXCHANGE_PROTOCOL, "%s: %s", reply->host,
			reply->chunks.fault);
	}
	return rc;
}

static int add_to_body(
	struct reply *reply, struct bytes b, size_t *used_out, struct flong_error *err)
{
	struct exchange *exchange = reply->exchange;
	bool is_over = false;
	int rc = measure_body(reply, b, used_out, &is_over, err);
	exchange->has_response = true;
	if (rc != FLONG_OK) {
		return rc;
	}
	size_t count = room_for(reply, *used_out);
	if (count > 0) {
		rc = spool_write(exchange->body, bytes_slice(b, 0, count), err);
		exchange->is_lost = rc != FLONG_OK;
	}
	if (count < *used_out) {
		exchange->truncated = TRUNCATED_LENGTH;
		reply_blame(exchange, EXCHANGE_LIMIT, "the body is over %llu bytes",
			(unsigned long long)reply->options->body_max_bytes);
		is_over = true;
	}
	if (is_over) {
		reply->state = REPLY_DONE;
	}
	return rc;
}

int reply_add(struct reply *reply, struct bytes b, struct flong_error *err)
{
	int rc = FLONG_OK;
	reply->received_bytes += b.len;
	reply->last_us = clock_monotonic_us();
	while (rc == FLONG_OK && b.len > 0 && reply->state != REPLY_DONE) {
		size_t used = 0;
		rc = reply->state == REPLY_HEAD ? add_to_head(reply, b, &used, err)
						: add_to_body(reply, b, &used, err);
		b = bytes_slice(b, used, b.len);
	}
	if (reply->exchange->truncated != TRUNCATED_LENGTH) {
		reply->exchange->excess_bytes += b.len;
	}
	return rc;
}

static enum exchange_truncation truncation_of(enum reply_end end)
{
	if (end == REPLY_END_TIME) {
		return TRUNCATED_TIME;
	}
	return end == REPLY_END_STOP ? TRUNCATED_UNSPECIFIED : TRUNCATED_DISCONNECT;
}

static const char *words_of(enum reply_end end)
{
	switch (end) {
	case REPLY_END_CLOSE:
		return "closed the connection";
	case REPLY_END_RESET:
		return "broke off the connection";
	case REPLY_END_TIME:
		return "was too slow";
	case REPLY_END_STOP:
		return "was not waited for";
	}
	return "";
}

static enum exchange_outcome outcome_of(enum reply_end end)
{
	if (end == REPLY_END_TIME) {
		return EXCHANGE_TIMEOUT;
	}
	return end == REPLY_END_STOP ? EXCHANGE_ABORTED : EXCHANGE_DISCONNECT;
}

void reply_end(struct reply *reply, enum reply_end end)
{
	struct exchange *exchange = reply->exchange;
	if (reply->state == REPLY_DONE) {
		return;
	}
	if (end == REPLY_END_CLOSE && reply->needs_farewell && !reply->has_farewell) {
		end = REPLY_END_RESET;
	}
	if (reply->state == REPLY_HEAD && !exchange->has_response) {
		reply_blame(exchange, outcome_of(end), "%s %s before %s", reply->host,
			words_of(end), reply->interim_count > 0 ? "a final reply" : "any reply");
	} else if (reply->state == REPLY_HEAD) {
		exchange->truncated = truncation_of(end);
		reply_blame(exchange, outcome_of(end), "%s %s in the reply's head", reply->host,
			words_of(end));
		parse_head(reply);
	} else if (!reply->ends_by_close || end != REPLY_END_CLOSE) {
		unsigned long long size = spool_size(exchange->body);
		exchange->truncated = truncation_of(end);
		if (exchange->parsed.framing == HTTP_BODY_LENGTH) {
			reply_blame(exchange, outcome_of(end),
				"%s %s after %llu of %llu body bytes", reply->host, words_of(end),
				size, (unsigned long long)exchange->parsed.length);
		} else {
			reply_blame(exchange, outcome_of(end), "%s %s after %llu body bytes",
				reply->host, words_of(end), size);
		}
	}
	reply->state = REPLY_DONE;
}

int reply_finish(struct reply *reply, struct flong_error *err)
{
	struct exchange *exchange = reply->exchange;
	exchange->payload_bytes = spool_size(exchange->body);
	if (exchange->parsed.framing == HTTP_BODY_CHUNKED && reply->chunks.has_size) {
		exchange->payload_bytes = reply->chunks.payload_bytes;
	}
	exchange->has_chunk_extension = reply->chunks.has_extension;
	exchange->has_trailer = reply->chunks.has_trailer;
	int rc = exchange->is_lost ? FLONG_OK : spool_finish(exchange->body, err);
	exchange->is_lost = exchange->is_lost || rc != FLONG_OK;
	return rc;
}
