/* SPDX-License-Identifier: MIT */
/* parser_process.c - reads documents until its socket closes */
#include "crawl/parser_process.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "article/page.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/stream.h"
#include "web/charset.h"
#include "web/content_coding.h"
#include "web/http_body.h"

/* Buffers of this size are kept for the next document. */
#define KEPT_BYTES ((size_t)1 << 20)

/* Takes `length` bytes off the front of *rest. */
static bool cut_front(struct bytes *rest, uint64_t length, struct bytes *front_out)
{
	if (length > rest->len) {
		return false;
	}
	*front_out = bytes_slice(*rest, 0, (size_t)length);
	*rest = bytes_slice(*rest, (size_t)length, rest->len);
	return true;
}

/* The document without transfer and content coding. What is damaged gives what could be decoded. */
static void decode_body(
	struct bytes body, bool is_chunked, struct bytes coding, struct buf *document)
{
	struct flong_error ignored = {0};
	SCOPED(source_closep)
	struct source *payload = http_body_open_payload(source_from_bytes(body), is_chunked);
	SCOPED(source_closep) struct source *decoded = NULL;
	if (coding.len == 0 || content_coding_open(TAKE(payload), coding, &decoded, &ignored) < 0) {
		if (payload == NULL) {
			payload = http_body_open_payload(source_from_bytes(body), is_chunked);
		}
		/* An unknown coding: the bytes as they are; nothing will be found in them. */
		decoded = TAKE(payload);
	}
	/* A cut, damaged or too long document is read as far as it goes. */
	(void)!source_read_all(decoded, document, &ignored);
}

int parser_read_document(struct bytes input, struct buf *result_out, struct flong_error *err)
{
	struct parser_document document;
	if (input.len < sizeof(document)) {
		return error_set(err, FLONG_E_FORMAT, "parser: no document");
	}
	memcpy(&document, input.ptr, sizeof(document));
	struct bytes rest = bytes_slice(input, sizeof(document), input.len);
	struct bytes href, page_href, map, environment, type, coding, head, body;
	if (!cut_front(&rest, document.url_length, &href) ||
		!cut_front(&rest, document.page_length, &page_href) ||
		!cut_front(&rest, document.map_length, &map) ||
		!cut_front(&rest, document.environment_length, &environment) ||
		!cut_front(&rest, document.type_length, &type) ||
		!cut_front(&rest, document.coding_length, &coding) ||
		!cut_front(&rest, document.head_length, &head) ||
		!cut_front(&rest, document.body_length, &body) || document.role > ROLE_WORKER) {
		return error_set(err, FLONG_E_FORMAT, "parser: document is shorter than it says");
	}
	SCOPED(url_closep) struct url *url = NULL;
	int rc = url_parse(href, NULL, &url, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(url_closep) struct url *page_url = NULL;
	if (page_href.len > 0) {
		struct flong_error ignored = {0};
		(void)!url_parse(page_href, NULL, &page_url, &ignored);
	}
	bool is_cut = false;
	SCOPED(buf_clear) struct buf decoded = buf_with_max(LIMIT_DOCUMENT_BYTES);
	if (coding.len > 0 || document.is_chunked != 0) {
		decode_body(body, document.is_chunked != 0, coding, &decoded);
		is_cut = decoded.len == LIMIT_DOCUMENT_BYTES || buf_failed(&decoded);
		body = buf_bytes(&decoded);
	}
	struct page_input page = {
		.document = body,
		.url = url,
		.page = page_url,
		.import_map = map,
		.content_type = type,
		.head = head,
		.role = (enum link_role)document.role,
		.environment = charset_from_label(environment),
		.captured_ms = document.captured_ms,
	};
	SCOPED(page_result_clear) struct page_result result = {0};
	rc = page_read(&page, &result, err);
	if (rc < 0) {
		return rc;
	}
	result.is_cut = result.is_cut || document.is_cut != 0 || is_cut;
	return page_result_write(&result, result_out, err);
}

/* Reads the document of a message into the kept buffer: cheaper than mapping and unmapping the file
 * each time. */
static int read_input(uint64_t length, struct buf *input, struct flong_error *err)
{
	buf_reset(input);
	SCOPED(source_closep)
	struct source *source = source_from_fd_range(PARSER_INPUT_FD, 0, length);
	int rc = source_read_all(source, input, err);
	return rc == FLONG_OK && input->len != length
		       ? error_set(err, FLONG_E_FORMAT, "parser: document is missing")
		       : rc;
}

/* A parser that runs away is ended by the kernel, whatever became of whoever started it. */
static void limit_processor_time(void)
{
	struct rusage used;
	(void)getrusage(RUSAGE_SELF, &used);
	const struct rlimit limit = {
		.rlim_cur = LIMIT_PARSER_CPU_SECONDS + (rlim_t)used.ru_utime.tv_sec +
			    (rlim_t)used.ru_stime.tv_sec,
		.rlim_max = RLIM_INFINITY,
	};
	(void)setrlimit(RLIMIT_CPU, &limit);
}

/* Frees what a large document left behind. */
static void trim(struct buf *buf)
{
	if (buf->cap > KEPT_BYTES) {
		buf_clear(buf);
	}
}

/* What libraries load on first use is loaded before, since no file can be opened afterwards. */
static int enter_sandbox(struct flong_error *err)
{
	json_prepare();
	const struct sandbox_descriptors descriptors = {
		.socket = PARSER_SOCKET_FD, .input = PARSER_INPUT_FD, .output = PARSER_OUTPUT_FD};
	return sandbox_enter(&descriptors, err);
}

static int probe(void)
{
	struct flong_error err = {0};
	SCOPED(buf_clear) struct buf lines = {0};
	int allowed = sandbox_probe(&lines);
	int rc = files_write_all_at(PARSER_OUTPUT_FD, buf_bytes(&lines), 0, "parser: result", &err);
	return rc == FLONG_OK && allowed == 0 ? 0 : 1;
}

static int read_documents(void)
{
	SCOPED(buf_clear)
	struct buf input = buf_with_max(LIMIT_DOCUMENT_BYTES + 4 * LIMIT_HEAD_KEPT_BYTES);
	SCOPED(buf_clear) struct buf result = buf_with_max(LIMIT_PAGE_RESULT_BYTES);
	struct parser_message message;
	while (recv(PARSER_SOCKET_FD, &message, sizeof(message), 0) == (ssize_t)sizeof(message)) {
		struct flong_error err = {0};
		limit_processor_time();
		buf_reset(&result);
		int rc = read_input(message.length, &input, &err);
		if (rc == FLONG_OK) {
			rc = parser_read_document(buf_bytes(&input), &result, &err);
		}
		if (rc == FLONG_OK) {
			rc = files_write_all_at(
				PARSER_OUTPUT_FD, buf_bytes(&result), 0, "parser: result", &err);
		}
		struct parser_message answer = {message.ticket, rc == FLONG_OK ? result.len : 0};
		if (send(PARSER_SOCKET_FD, &answer, sizeof(answer), MSG_NOSIGNAL) !=
			(ssize_t)sizeof(answer)) {
			return 1;
		}
		trim(&input);
		trim(&result);
	}
	return 0;
}

int parser_process_run(const char *mode)
{
	struct flong_error err = {0};
	if (strcmp(mode, PARSER_OPEN) == 0) {
		return read_documents();
	}
	SCOPED(charset_preload_closep) struct charset_preload *preload = charset_preload_create();
	(void)preload; /* only held */
	if (enter_sandbox(&err) < 0) {
		log_error("%s", err.message);
		return PARSER_NO_SANDBOX;
	}
	return strcmp(mode, PARSER_PROBE) == 0 ? probe() : read_documents();
}
