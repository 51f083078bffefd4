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
	struct digest digest;
	bool is_there;             /* and of a kind we can compute */
	struct digester *digester; /* owned */
	struct digester *raw;      /* owned; of the body with its chunk framing */
};

static void claim_read(struct check_state *state, struct claim *claim)
{
	struct bytes value = headers_first(&state->record->headers, claim->name);
	struct flong_error reason;
	if (value.ptr == NULL) {
		return;
	}
	int rc = digest_parse(value, &claim->digest, &reason);
	if (rc == FLONG_E_UNSUPPORTED) {
		check_state_report(state, CHECK_NOTE, claim->rule, "%s cannot be verified: %s",
			claim->name, reason.message);
	} else if (rc != FLONG_OK) {
		check_state_report(
			state, CHECK_ERROR, claim->rule, "%s: %s", claim->name, reason.message);
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

static void claim_check(struct check_state *state, struct claim *claim)
{
	if (!claim->is_there) {
		return;
	}
	struct digest computed = digester_end(claim->digester);
	if (digest_equal(&computed, &claim->digest)) {
		return;
	}
	if (claim->raw != NULL) {
		computed = digester_end(claim->raw);
		if (digest_equal(&computed, &claim->digest)) {
			check_state_report(state, CHECK_STATE_STRICT(state), claim->rule,
				"%s covers the chunk framing too", claim->name);
			return;
		}
	}
	check_state_report(
		state, CHECK_ERROR, claim->rule, "%s does not match the data", claim->name);
}

static void claim_clear(struct claim *claim)
{
	digester_close(claim->digester);
	digester_close(claim->raw);
}

/* Takes the HTTP head off the block when there is one. */
static int take_head(struct check_state *state, struct buf *head, struct flong_error *err)
{
	struct bytes type = headers_first(&state->record->headers, "Content-Type");
	struct bytes block;
	size_t length = 0;
	if (!bytes_starts_nocase(type, BYTES("application/http"))) {
		return FLONG_OK;
	}
	static const size_t sizes[] = {16384, LIMIT_RECORD_HEAD_BYTES};
	for (size_t i = 0; i < 2 && length == 0; i++) {
		int rc = reader_peek(state->reader, sizes[i], &block, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		length = http_head_length(block);
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

static void check_reply(
	struct check_state *state, const struct http_head *head, const struct payload_pass *pass)
{
	const struct reader_record *record = state->record;
	bool is_cut = headers_has(&record->headers, "WARC-Truncated");
	if (head->status >= 100 && head->status < 200 && head->status != 101) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-10",
			"the block begins with an interim reply (status %d)", head->status);
	}
	if (record->type == RECORD_RESPONSE && !is_cut && head->framing == HTTP_BODY_LENGTH &&
		head->length > pass->payload_bytes) {
		check_state_report(state, CHECK_WARNING, "W-16",
			"the body has %llu of %llu bytes, but there is no WARC-Truncated",
			(unsigned long long)pass->payload_bytes, (unsigned long long)head->length);
	}
}

int check_block_run(struct check_state *state, struct flong_error *err)
{
	enum record_type type = state->record->type;
	struct claim block = {.name = "WARC-Block-Digest", .rule = "W-12"};
	struct claim payload = {.name = "WARC-Payload-Digest", .rule = "W-13"};
	SCOPED(buf_clear) struct buf head = buf_with_max(LIMIT_RECORD_HEAD_BYTES);
	struct http_head parsed = {0};
	struct payload_pass pass = {0};
	claim_read(state, &block);
	/* A revisit's payload is in another record; what it is of an unknown type, nobody knows. */
	if (type != RECORD_REVISIT && type != RECORD_OTHER) {
		claim_read(state, &payload);
	}
	int rc = take_head(state, &head, err);
	bool is_reply = type == RECORD_RESPONSE || type == RECORD_REVISIT;
	if (rc == FLONG_OK && is_reply && head.len > 0) {
		rc = http_head_parse_response(buf_bytes(&head), &parsed, err);
		pass.is_chunked = parsed.framing == HTTP_BODY_CHUNKED;
	}
	if (rc == FLONG_OK) {
		if (pass.is_chunked && payload.is_there) {
			payload.raw = digester_create(payload.digest.algorithm);
		}
		pass.block = block.digester;
		pass.payload = payload.digester;
		pass.raw = payload.raw;
		SCOPED(source_closep) struct source *body = reader_block(state->reader);
		rc = payload_run(&pass, buf_bytes(&head), body, err);
	}
	if (rc == FLONG_OK) {
		claim_check(state, &block);
		claim_check(state, &payload);
		if (is_reply && head.len > 0) {
			check_reply(state, &parsed, &pass);
		}
	}
	claim_clear(&block);
	claim_clear(&payload);
	http_head_clear(&parsed);
	return rc;
}
