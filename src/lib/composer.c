/* SPDX-License-Identifier: MIT */
/* composer.c - a draft becomes a record as it will be stored */
#include "lib/composer.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "lib/api.h"
#include "warc/record.h"

void composed_clear(struct composed *composed)
{
	buf_clear(&composed->head);
	member_clear(&composed->member);
	block_clear(&composed->block);
	spool_close(composed->frame);
	*composed = (struct composed){0};
}

/* --- the stored form -------------------------------------------------------------------------- */

struct spool_sink {
	struct sink base;
	struct spool *spool; /* borrowed */
};

static int spool_sink_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	return spool_write(((struct spool_sink *)sink)->spool, b, err);
}

static int seal_frame(
	const struct composer *composer, struct composed *composed, struct flong_error *err)
{
	const struct block *block = &composed->block;
	struct bytes head = buf_bytes(&composed->head);
	static const struct sink_ops sink_ops = {.write = spool_sink_write};
	struct source *body = NULL;
	int rc = block_open(block, &body, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	struct source *const parts[] = {
		source_from_bytes(head), body, source_from_bytes(BYTES("\r\n\r\n"))};
	SCOPED(source_closep) struct source *record = source_join(parts, 3);
	composed->frame =
		spool_create(composer->temp_dir, LIMIT_SPOOL_MEMORY_BYTES, SPOOL_PLAIN, 0);
	struct spool_sink sink = {{&sink_ops}, composed->frame};
	rc = zstd_write_frame(
		composer->packer, record, head.len + block->length + 4, &sink.base, err);
	if (rc == FLONG_OK) {
		rc = spool_finish(composed->frame, err);
		composed->length = spool_size(composed->frame);
	}
	return rc;
}

static int seal(const struct composer *composer, struct composed *composed, struct flong_error *err)
{
	const struct block *block = &composed->block;
	struct bytes head = buf_bytes(&composed->head);
	if (composer->packer != NULL) {
		return seal_frame(composer, composed, err);
	}
	struct gzip_part parts[] = {{GZIP_DEFLATE, head, NULL},
		{GZIP_DEFLATE, block->memory, block->spool},
		{GZIP_DEFLATE, BYTES("\r\n\r\n"), NULL}};
	int rc = member_seal(
		&composed->member, parts, 3, composer->deflater, composer->temp_dir, err);
	composed->length = composed->member.stored_bytes;
	return rc;
}

int composed_write(const struct composed *composed, struct sink *out, struct flong_error *err)
{
	if (composed->frame == NULL) {
		return member_write(&composed->member, out, err);
	}
	SCOPED(source_closep) struct source *source = NULL;
	int rc = spool_open(composed->frame, &source, err);
	return rc == FLONG_OK ? stream_copy(source, out, NULL, err) : rc;
}

/* --- the head --------------------------------------------------------------------------------- */

static const char *default_type(const struct flong_draft *draft)
{
	switch (draft->type) {
	case FLONG_RECORD_RESPONSE:
	case FLONG_RECORD_REVISIT:
		return RECORD_TYPE_RESPONSE;
	case FLONG_RECORD_REQUEST:
		return RECORD_TYPE_REQUEST;
	case FLONG_RECORD_WARCINFO:
	case FLONG_RECORD_METADATA:
		return RECORD_TYPE_FIELDS;
	case FLONG_RECORD_OTHER:
	case FLONG_RECORD_RESOURCE:
	case FLONG_RECORD_CONVERSION:
		break;
	}
	return NULL;
}

static int check_draft(const struct flong_draft *draft, struct flong_error *err)
{
	int rc = api_reserved(draft->reserved, "struct flong_draft", err);
	if (rc == FLONG_OK && (draft->type < 0 || draft->type > FLONG_RECORD_CONVERSION)) {
		rc = error_set(
			err, FLONG_E_USAGE, "there is no type of record %d", (int)draft->type);
	}
	if (rc == FLONG_OK && draft->id != NULL && strlen(draft->id) >= FLONG_ID_SIZE) {
		rc = error_set(
			err, FLONG_E_LIMIT, "an id of %zu bytes is too long", strlen(draft->id));
	}
	if (rc == FLONG_OK && draft->fields == NULL && draft->field_count > 0) {
		rc = api_null("fields", err);
	}
	return rc;
}

static struct record_head head_of(
	const struct composer *composer, const struct flong_draft *draft, const char *id)
{
	bool is_revisit = draft->type == FLONG_RECORD_REVISIT;
	bool is_info = draft->type == FLONG_RECORD_WARCINFO;
	return (struct record_head){.type = (enum record_type)draft->type,
		.type_name = draft->type_name,
		.id = draft->id != NULL ? draft->id : id,
		.warcinfo_id = is_info ? NULL : composer->warcinfo_id,
		.concurrent_to = draft->concurrent_to,
		.date_ms = draft->time != 0 ? draft->time : clock_wall_ms(),
		.filename = draft->filename,
		.target_uri = draft->uri,
		.ip = draft->ip,
		.profile = draft->profile != NULL || !is_revisit ? draft->profile
								 : RECORD_PROFILE_IDENTICAL,
		.refers_to = draft->refers_to,
		.refers_to_uri = draft->refers_to_uri,
		.refers_to_date_ms = draft->refers_to_time,
		.truncated = draft->truncated,
		.content_type =
			draft->content_type != NULL ? draft->content_type : default_type(draft),
		.extras = draft->fields,
		.extra_count = draft->field_count};
}

/* A head and the digests it points to: of the block, of the payload. */
struct headed {
	struct record_head head;
	struct digest digests[2];
};

/* Sets the digests of the head to those of the block. */
static int add_digests(const struct composer *composer, const struct flong_draft *draft,
	const struct block *block, struct headed *headed, struct flong_error *err)
{
	struct record_head *head = &headed->head;
	struct digest *digests = headed->digests;
	bool is_response = draft->type == FLONG_RECORD_RESPONSE;
	bool is_copy =
		draft->type == FLONG_RECORD_RESOURCE || draft->type == FLONG_RECORD_CONVERSION;
	if (draft->payload_digest != NULL && (is_response || is_copy)) {
		return error_set(err, FLONG_E_USAGE,
			"the payload digest of a %s record is made, not given",
			record_type_name(head->type));
	}
	enum block_payload kind = is_response || is_copy ? BLOCK_PAYLOAD_BLOCK : BLOCK_PAYLOAD_NONE;
	if (is_response &&
		bytes_starts_nocase(bytes_of(head->content_type), BYTES("application/http"))) {
		kind = BLOCK_PAYLOAD_HTTP;
	}
	int rc = block_digest(block, composer->algorithm, kind, digests, err);
	head->block = &digests[0];
	head->payload = is_response || is_copy ? &digests[1] : NULL;
	if (rc == FLONG_OK && draft->payload_digest != NULL) {
		rc = digest_parse(bytes_of(draft->payload_digest), &digests[1], err);
		head->payload = &digests[1];
	}
	return rc;
}

/* Makes the head's text, and notes what the writer has to know of the record. */
static int write_head(const struct composer *composer, const struct flong_draft *draft,
	struct composed *composed, struct flong_error *err)
{
	const struct block *block = &composed->block;
	struct record_ids random = {0};
	char id[RECORD_ID_SIZE];
	record_ids_next(&random, id);
	struct headed headed = {.head = head_of(composer, draft, id)};
	headed.head.length = block->length;
	int rc = add_digests(composer, draft, block, &headed, err);
	if (rc == FLONG_OK) {
		rc = record_add_head(&headed.head, &composed->head, err);
	}
	composed->type = headed.head.type;
	(void)snprintf(composed->id, sizeof(composed->id), "%s", headed.head.id);
	return rc;
}

int composer_compose(const struct composer *composer, const struct flong_draft *draft,
	struct composed *composed_out, struct flong_error *err)
{
	const struct block_room room = {composer->temp_dir,
		composer->deflater != NULL ? SPOOL_DEFLATED : SPOOL_PLAIN, composer->level};
	int rc = check_draft(draft, err);
	composed_out->head.max = 2 * LIMIT_RECORD_HEAD_BYTES;
	if (rc == FLONG_OK) {
		rc = block_take(&draft->block, &room, &composed_out->block, err);
	}
	if (rc == FLONG_OK) {
		rc = write_head(composer, draft, composed_out, err);
	}
	if (rc == FLONG_OK) {
		rc = seal(composer, composed_out, err);
	}
	return rc;
}
