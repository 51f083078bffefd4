/* SPDX-License-Identifier: MIT */
/* check_block.c - a record's block against its digests, and its HTTP head against what follows */
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "warc/check_state.h"
#include "warc/payload.h"
#include "web/http_head.h"

/* A digest that the record states. */
struct claim {
	const char *name; /* of the field */
	const char *rule;
	enum check_digest fate;
	struct digest digest;
	bool is_there;             /* and of a kind we can compute */
	struct digester *digester; /* owned */
	struct digester *raw;      /* owned; of the body with its chunk framing */
};

/* An HTTP block as it is read. */
struct message {
	struct buf head;
	struct http_head reply; /* of a response or revisit */
	bool is_reply, is_request;
	bool is_chunked;
};

static void message_clear(struct message *message)
{
	buf_clear(&message->head);
	http_head_clear(&message->reply);
}

static void claim_read(struct check_state *state, struct claim *claim)
{
	struct bytes value = check_state_field(state, claim->name);
	struct flong_error reason;
	if (value.ptr == NULL) {
		return;
	}
	int rc = digest_parse(value, &claim->digest, &reason);
	if (rc == FLONG_E_UNSUPPORTED) {
		claim->fate = CHECK_DIGEST_UNVERIFIABLE;
		check_state_report(state, CHECK_ADVICE, claim->rule, "%s cannot be verified: %s",
			claim->name, reason.message);
	} else if (rc != FLONG_OK) {
		claim->fate = CHECK_DIGEST_FAILED;
		check_state_report(
			state, CHECK_ERROR, "W-14", "%s: %s", claim->name, reason.message);
	} else {
		char text[DIGEST_TEXT_SIZE];
		claim->is_there = true;
		claim->digester = digester_create(claim->digest.algorithm);
		digest_format(&claim->digest, text);
		if (state->options->is_ours && !bytes_equal(value, bytes_of(text))) {
			check_state_report(state, CHECK_ERROR, "W-14",
				"%s '" BYTES_FMT "' is not in our form", claim->name,
				BYTES_ARG(value));
		}
	}
}

static void claim_judge(
	struct check_state *state, struct claim *claim, const struct digest *computed)
{
	if (digest_equal(computed, &claim->digest)) {
		claim->fate = CHECK_DIGEST_VERIFIED;
		return;
	}
	if (claim->raw != NULL) {
		struct digest raw = digester_end(claim->raw);
		if (digest_equal(&raw, &claim->digest)) {
			claim->fate = CHECK_DIGEST_VERIFIED;
			check_state_report(state, CHECK_STATE_STRICT(state), claim->rule,
				"%s matches the body with its chunk framing, not the one without",
				claim->name);
			return;
		}
	}
	char text[DIGEST_TEXT_SIZE];
	digest_format(computed, text);
	claim->fate = CHECK_DIGEST_FAILED;
	check_state_report(state, CHECK_ERROR, claim->rule,
		"%s does not match the data, which has %s", claim->name, text);
}

static void claims_check(struct check_state *state, struct claim *block, struct claim *payload)
{
	struct digest computed;
	if (block->is_there) {
		computed = digester_end(block->digester);
		claim_judge(state, block, &computed);
	}
	if (payload->is_there) {
		if (payload->digester != NULL) {
			computed = digester_end(payload->digester);
		}
		claim_judge(state, payload, &computed);
	}
}

/* Where the payload is the whole block, one computation tells of both. */
static void share_digester(const struct claim *block, struct claim *payload)
{
	if (block->is_there && payload->is_there &&
		block->digest.algorithm == payload->digest.algorithm) {
		digester_close(payload->digester);
		payload->digester = NULL;
	}
}

static void claim_clear(struct claim *claim)
{
	digester_close(claim->digester);
	digester_close(claim->raw);
}

/* Whether the payload that a digest would be of is in this record (WARC/1.1 4, 5.9). */
static bool has_own_payload(const struct check_state *state)
{
	enum record_type type = state->record->type;
	return type != RECORD_REVISIT && type != RECORD_OTHER &&
	       check_state_field(state, "WARC-Segment-Number").ptr == NULL;
}

static void read_payload_claim(struct check_state *state, struct claim *claim)
{
	enum record_type type = state->record->type;
	bool is_none = type == RECORD_WARCINFO || type == RECORD_METADATA || type == RECORD_OTHER;
	claim->fate = is_none ? CHECK_DIGEST_NONE : CHECK_DIGEST_ABSENT;
	claim_read(state, claim);
	if (claim->is_there && !has_own_payload(state)) {
		claim->is_there = false;
		claim->fate = CHECK_DIGEST_UNVERIFIABLE;
	}
}

/* Whether the block is HTTP: by its type, or by its looks when there is none. */
static int is_http(struct check_state *state, bool *is_http_out, struct flong_error *err)
{
	struct bytes type = check_state_field(state, "Content-Type");
	struct bytes start = {NULL, 0};
	*is_http_out = bytes_starts_nocase(type, BYTES("application/http"));
	if (type.len > 0 || state->record->type != RECORD_RESPONSE) {
		return FLONG_OK;
	}
	int rc = reader_peek(state->reader, 5, &start, err);
	*is_http_out = bytes_equal(start, BYTES("HTTP/"));
	return rc;
}

/* Takes the HTTP head off the block when there is one. */
static int take_head(struct check_state *state, struct buf *head, struct flong_error *err)
{
	static const size_t sizes[] = {16384, LIMIT_RECORD_HEAD_BYTES};
	struct bytes block = {NULL, 0};
	size_t length = 0;
	for (size_t i = 0; i < 2 && length == 0; i++) {
		int rc = reader_peek(state->reader, sizes[i], &block, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		length = http_head_length(block);
		if (block.len < sizes[i]) {
			break;
		}
	}
	buf_add(head, bytes_slice(block, 0, length));
	while (length > 0) {
		char room[4096];
		size_t got;
		size_t wanted = length < sizeof(room) ? length : sizeof(room);
		int rc = reader_read(state->reader, room, wanted, &got, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		length -= got;
	}
	return FLONG_OK;
}

/* Whether the last transfer coding of a request is chunked. */
static bool request_is_chunked(struct bytes head)
{
	struct bytes method;
	struct bytes target;
	struct headers headers = {0};
	struct flong_error ignored;
	bool is_chunked = false;
	if (http_head_parse_request(head, &method, &target, &headers, &ignored) == FLONG_OK) {
		is_chunked = http_head_ends_chunked(&headers);
	}
	headers_clear(&headers);
	return is_chunked;
}

static int read_message(struct check_state *state, struct message *message, struct flong_error *err)
{
	enum record_type type = state->record->type;
	bool is_message = false;
	int rc = state->record->block_length == 0 ? FLONG_OK : is_http(state, &is_message, err);
	if (rc != FLONG_OK || !is_message) {
		return rc;
	}
	rc = take_head(state, &message->head, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	struct bytes head = buf_bytes(&message->head);
	message->is_request = type == RECORD_REQUEST;
	message->is_reply = type == RECORD_RESPONSE || type == RECORD_REVISIT;
	if (message->is_request) {
		message->is_chunked = request_is_chunked(head);
	} else if (message->is_reply && head.len > 0) {
		rc = http_head_parse_response(head, &message->reply, err);
		message->is_chunked = message->reply.framing == HTTP_BODY_CHUNKED;
		state->seen.status = message->reply.status;
	}
	state->seen.is_chunked = message->is_chunked;
	return rc;
}

/* What the framing says against what is there (RFC 9112 6, W-16). */
static void check_length(
	struct check_state *state, const struct http_head *head, const struct payload_pass *pass)
{
	if (headers_has(&state->record->headers, "WARC-Truncated")) {
		return;
	}
	if (head->framing == HTTP_BODY_LENGTH && head->length != pass->payload_bytes) {
		bool is_short = head->length > pass->payload_bytes;
		check_state_report(state, CHECK_WARNING, is_short ? "W-16" : "W-58",
			"the body has %llu bytes, its Content-Length is %llu%s",
			(unsigned long long)pass->payload_bytes, (unsigned long long)head->length,
			!is_short                  ? ""
			: pass->payload_bytes == 0 ? ": a reply to HEAD, or it was cut"
						   : ", and there is no WARC-Truncated");
	}
	if (head->framing == HTTP_BODY_CHUNKED && pass->chunks.has_size &&
		pass->chunks.state != CHUNK_DONE) {
		check_state_report(state, CHECK_WARNING, "W-16", "the chunked body %s%s",
			pass->chunks.state == CHUNK_BROKEN ? "is broken: " : "ends too early",
			pass->chunks.fault == NULL ? "" : pass->chunks.fault);
	}
}

static void check_reply(
	struct check_state *state, const struct message *message, const struct payload_pass *pass)
{
	const struct http_head *head = &message->reply;
	if (head->status >= 100 && head->status < 200 && head->status != 101) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-10",
			"the block begins with an interim reply (status %d)", head->status);
	}
	if (head->status == 0 || (head->oddities & HTTP_ODD_NO_STATUS_LINE) != 0) {
		check_state_report(state, CHECK_WARNING, "W-58",
			"the block does not begin with an HTTP status line");
	} else if (bytes_find(buf_bytes(&message->head), BYTES("\r\n\r\n"), 0) == SIZE_MAX) {
		check_state_report(state, CHECK_WARNING, "W-58",
			"the HTTP head does not end with CRLF CRLF: some players see no body");
	}
	if (state->record->type != RECORD_RESPONSE) {
		return;
	}
	check_length(state, head, pass);
	if (pass->chunks.has_extension || pass->chunks.has_trailer) {
		check_state_report(state, CHECK_ADVICE, "W-58",
			"the chunked body has %s: some players show them as text",
			pass->chunks.has_extension ? "extensions" : "trailers");
	} else if (head->framing == HTTP_BODY_CHUNKED && !pass->chunks.has_size &&
		   pass->payload_bytes > 0) {
		check_state_report(
			state, CHECK_ADVICE, "W-58", "the head says chunked, but the body is not");
	}
}

static void check_message(
	struct check_state *state, const struct message *message, const struct payload_pass *pass)
{
	if (message->head.len > 0) {
		if (message->is_reply) {
			check_reply(state, message, pass);
		}
		return;
	}
	if (message->is_reply || message->is_request) {
		check_state_report(state, CHECK_WARNING, "W-58",
			"the block is no HTTP message: its head has no end");
	}
}

int check_block_run(struct check_state *state, struct flong_error *err)
{
	struct claim block = {.name = "WARC-Block-Digest", .rule = "W-12"};
	struct claim payload = {.name = "WARC-Payload-Digest", .rule = "W-13"};
	SCOPED(message_clear)
	struct message message = {.head = buf_with_max(LIMIT_RECORD_HEAD_BYTES)};
	struct payload_pass pass = {0};
	block.fate = CHECK_DIGEST_ABSENT;
	if (reader_is_arc(state->reader)) {
		block.fate = payload.fate = CHECK_DIGEST_NONE; /* ARC has no digests */
	} else {
		claim_read(state, &block);
		read_payload_claim(state, &payload);
	}
	int rc = read_message(state, &message, err);
	if (rc == FLONG_OK) {
		if (message.is_chunked && payload.is_there) {
			payload.raw = digester_create(payload.digest.algorithm);
		}
		if (message.head.len == 0 && !message.is_chunked) {
			share_digester(&block, &payload);
		}
		pass.block = block.is_there ? block.digester : NULL;
		pass.payload = payload.is_there ? payload.digester : NULL;
		pass.raw = payload.raw;
		pass.is_chunked = message.is_chunked;
		SCOPED(source_closep) struct source *body = reader_block(state->reader);
		rc = payload_run(&pass, buf_bytes(&message.head), body, err);
	}
	if (rc == FLONG_OK) {
		claims_check(state, &block, &payload);
		check_message(state, &message, &pass);
		state->seen.block = block.fate;
		bool needs_none = state->record->type == RECORD_REQUEST && pass.payload_bytes == 0;
		state->seen.payload = needs_none && payload.fate == CHECK_DIGEST_ABSENT
					      ? CHECK_DIGEST_NONE
					      : payload.fate;
		state->seen.payload_bytes = pass.payload_bytes;
	}
	claim_clear(&block);
	claim_clear(&payload);
	return rc;
}
