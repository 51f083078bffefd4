/* SPDX-License-Identifier: MIT */
/* record_job.c - the records of one exchange, composed on a worker thread
 *
 * A payload counts as known only when its original is in the file: two equal replies on their way
 * at once are both kept. */
#include "crawl/record_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "crawl/given.h"

/* The key under which an original is found: its digest, never SHA-1 alone, since two payloads can
 * be made to have the same (F-49). */
static void digest_key(const struct capture_digests *digests, char out[DIGEST_TEXT_SIZE])
{
	digest_format(&digests->proof, out);
}

/* Finds the original of a payload. True: *original_out is owned by the caller (texts too). */
static bool find_original(struct record_job *job, struct capture_original *original_out)
{
	const struct recorder_options *options = job->context->options;
	const struct exchange *exchange = job->recorded->exchange;
	if (!options->has_dedup || !capture_may_revisit(exchange, &job->digests)) {
		return false;
	}
	char key[DIGEST_TEXT_SIZE];
	digest_key(&job->digests, key);
	struct state_original known = {0};
	struct flong_error ignored = {0};
	if (state_find_original(options->state, bytes_of(key), &known, &ignored) < 0) {
		return options->given != NULL && given_find(options->given, exchange, &job->digests,
							 original_out, &ignored) == FLONG_OK;
	}
	SCOPED(buf_clear) struct buf coding = {0};
	capture_transfer_encoding(exchange, &coding);
	bool fits =
		bytes_equal(buf_bytes(&coding), bytes_of(known.transfer_encoding)) &&
		!(known.date_ms == exchange->started_ms && strcmp(known.url, exchange->url) == 0);
	if (fits) {
		*original_out = (struct capture_original){.date_ms = known.date_ms};
		original_out->url = TAKE(known.url);
		original_out->transfer_encoding = TAKE(known.transfer_encoding);
		size_t length = strnlen(known.record_id, sizeof(original_out->record_id) - 1);
		memcpy(original_out->record_id, known.record_id, length);
	}
	state_original_clear(&known);
	return fits;
}

static int compose(struct record_job *job, struct deflater *deflater, struct flong_error *err)
{
	const struct record_job_context *context = job->context;
	const struct exchange *exchange = job->recorded->exchange;
	struct capture_options options = {
		.algorithm = context->options->digest,
		.warcinfo_id = job->warcinfo_id,
		.ids = context->ids != NULL ? context->ids : &job->ids,
		.metadata = buf_bytes(&job->metadata),
		.redact = context->options->redact,
		.omit_times = context->ids != NULL,
		.spool_dir = context->spool_dir,
	};
	int rc = capture_digest(exchange, context->options->digest, &job->digests, err);
	if (rc < 0) {
		return rc;
	}
	struct capture_original original = {0};
	options.original = find_original(job, &original) ? &original : NULL;
	rc = capture_compose(exchange, &job->digests, &options, deflater, &job->group, err);
	options.original = NULL;
	free(original.url);
	free(original.transfer_encoding);
	if (rc == FLONG_OK) {
		rc = capture_compose_chain(exchange, &options, deflater, &job->group, err);
	}
	return rc;
}

/* What the page says of itself, then its text. Both refer to the response, which says what they are
 * about when the address has other captures. */
static int compose_story(struct record_job *job, struct deflater *deflater, struct flong_error *err)
{
	const struct record_job_context *context = job->context;
	const struct capture_options options = {
		.algorithm = context->options->digest,
		.warcinfo_id = job->warcinfo_id,
		.ids = context->ids != NULL ? context->ids : &job->ids,
		.spool_dir = context->spool_dir,
	};
	struct recorded *recorded = job->recorded;
	char response_id[RECORD_ID_SIZE];
	memcpy(response_id, job->group.members[0].id, sizeof(response_id));
	struct capture_single single = {
		.type = RECORD_METADATA,
		.target_uri = recorded->exchange->url,
		.date_ms = recorded->exchange->started_ms,
		.block = buf_bytes(&job->story),
		.refers_to = response_id,
	};
	recorded->text_digest = digest_of(DIGEST_SHA256, job->text);
	recorded->has_text_digest = true;
	int rc = capture_compose_record(&single, &options, deflater, &job->group, err);
	if (rc == FLONG_OK && job->text.len > 0) {
		single.type = RECORD_CONVERSION;
		single.content_type = "text/plain; charset=UTF-8";
		single.block = job->text;
		single.digest = &recorded->text_digest;
		rc = capture_compose_record(&single, &options, deflater, &job->group, err);
	}
	return rc;
}

/* Composed records wait for their turn, many at once: what they were made from does not. */
static void forget_input(struct record_job *job)
{
	buf_clear(&job->metadata);
	buf_clear(&job->story);
	job->text = (struct bytes){NULL, 0};
	if (!job->keeps_body) {
		spool_forget(job->recorded->exchange->body);
	}
}

static void run_job(struct worker_job *base, size_t thread)
{
	struct record_job *job = (struct record_job *)base;
	struct deflater *deflater = job->context->deflaters[thread];
	int rc = compose(job, deflater, &job->err);
	const struct capture_group *group = &job->group;
	bool is_response = group->count > 0 && group->members[0].type != RECORD_REVISIT;
	if (rc == FLONG_OK && job->has_story && is_response) {
		rc = compose_story(job, deflater, &job->err);
	}
	if (rc == FLONG_OK) {
		job->err.code = FLONG_OK;
	}
	forget_input(job);
}

struct record_job *record_job_create(const struct record_job_context *context,
	struct exchange *exchange_take, const struct recorder_notes *notes)
{
	struct record_job *job = ALLOC(struct record_job);
	job->base.run = run_job;
	job->context = context;
	job->recorded = ALLOC(struct recorded);
	job->recorded->ticket = exchange_take->ticket;
	job->recorded->exchange = exchange_take;
	job->keeps_body = notes->keeps_body;
	buf_add(&job->metadata, notes->metadata);
	if (notes->has_story) {
		job->has_story = true;
		job->story = buf_with_max(notes->story.len);
		buf_add(&job->story, notes->story);
		job->text = notes->text;
	}
	return job;
}

void record_job_close(struct record_job *job)
{
	if (job != NULL) {
		recorded_close(job->recorded);
		capture_group_clear(&job->group);
		buf_clear(&job->metadata);
		buf_clear(&job->story);
		free(job);
	}
}

int record_job_note_original(
	const struct record_job *job, const struct exchange *exchange, struct flong_error *err)
{
	const struct recorder_options *options = job->context->options;
	const struct member *first = &job->group.members[0];
	if (!options->has_dedup || first->type != RECORD_RESPONSE ||
		!capture_may_revisit(exchange, &job->digests)) {
		return FLONG_OK;
	}
	char key[DIGEST_TEXT_SIZE];
	char id[RECORD_ID_SIZE];
	digest_key(&job->digests, key);
	memcpy(id, first->id, sizeof(id));
	SCOPED(buf_clear) struct buf coding = {0};
	capture_transfer_encoding(exchange, &coding);
	SCOPED(free_textp) char *coding_text = buf_take(&coding);
	const struct state_original original = {
		.url = exchange->url,
		.record_id = id,
		.transfer_encoding = coding_text,
		.date_ms = exchange->started_ms,
	};
	return state_add_original(options->state, bytes_of(key), &original, err);
}
