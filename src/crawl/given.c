/* SPDX-License-Identifier: MIT */
/* given.c - archives that were given as a source of originals */
#include "crawl/given.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "index/sources.h"
#include "warc/reader.h"

struct given {
	char *temp_dir; /* owned */
	pthread_mutex_t mutex;
	struct sources *sources; /* owned; under the mutex */
};

void given_close(struct given *given)
{
	if (given == NULL) {
		return;
	}
	sources_close(given->sources);
	(void)pthread_mutex_destroy(&given->mutex);
	free(given->temp_dir);
	free(given);
}

int given_open(const struct crawl_texts *where, enum digest_algorithm algorithm,
	const char *temp_dir, struct given **given_out, struct flong_error *err)
{
	SCOPED(given_closep) struct given *given = ALLOC(struct given);
	const struct sources_options options = {.paths = (const char *const *)where->items,
		.count = where->count,
		.algorithm = &algorithm,
		.temp_dir = temp_dir};
	given->temp_dir = alloc_copy(temp_dir);
	(void)pthread_mutex_init(&given->mutex, NULL);
	int rc = sources_open(&options, &given->sources, err);
	if (rc == FLONG_OK) {
		*given_out = TAKE(given);
	}
	return rc;
}

/* Whether the response has what the reply has. Payloads are compared by SHA-256. */
static bool is_same(const struct exchange *original, const struct exchange *exchange,
	const struct capture_digests *digests, struct buf *coding)
{
	SCOPED(buf_clear) struct buf wanted = {0};
	struct capture_digests found = {0};
	struct flong_error ignored = {0};
	capture_transfer_encoding(original, coding);
	capture_transfer_encoding(exchange, &wanted);
	return original->truncated == TRUNCATED_NOT &&
	       !(original->started_ms == exchange->started_ms &&
		       strcmp(original->url, exchange->url) == 0) &&
	       bytes_equal(buf_bytes(coding), buf_bytes(&wanted)) &&
	       capture_digest(original, digests->payload.algorithm, &found, &ignored) == FLONG_OK &&
	       digest_equal(&found.proof, &digests->proof) && capture_may_revisit(original, &found);
}

/* Reads the response of a row. FLONG_E_NOT_FOUND: it is no original of the reply. */
static int try_row(const struct given *given, const struct sources_row *row,
	const struct exchange *exchange, const struct capture_digests *digests,
	struct capture_original *original_out, struct flong_error *err)
{
	SCOPED(reader_closep) struct reader *reader = NULL;
	SCOPED(exchange_closep) struct exchange *original = NULL;
	SCOPED(buf_clear) struct buf coding = {0};
	const struct reader_record *record = NULL;
	int rc = sources_open_records(given->sources, (struct sources_file){row->source, row->file},
		row->offset, &reader, err);
	if (rc == FLONG_OK) {
		rc = reader_next(reader, &record, err);
	}
	if (rc == FLONG_OK && record->type != RECORD_RESPONSE) {
		rc = FLONG_E_NOT_FOUND;
	}
	struct bytes id = rc == FLONG_OK ? reader_uri(record, "WARC-Record-ID") : BYTES("");
	if (rc == FLONG_OK) {
		rc = capture_read(reader, record, given->temp_dir, &original, err);
	}
	if (rc != FLONG_OK || id.len == 0 || id.len >= sizeof(original_out->record_id) ||
		!is_same(original, exchange, digests, &coding)) {
		return error_set(err, FLONG_E_NOT_FOUND, "no original");
	}
	*original_out = (struct capture_original){.date_ms = original->started_ms};
	memcpy(original_out->record_id, id.ptr, id.len);
	original_out->url = alloc_copy(original->url);
	original_out->transfer_encoding = buf_take(&coding);
	return FLONG_OK;
}

int given_find(struct given *given, const struct exchange *exchange,
	const struct capture_digests *digests, struct capture_original *original_out,
	struct flong_error *err)
{
	(void)pthread_mutex_lock(&given->mutex);
	int rc = sources_find(given->sources, &digests->payload, BYTES(""), err);
	bool is_found = false;
	for (int tries = 0; rc == FLONG_OK && !is_found && tries < LIMIT_GIVEN_TRIES; tries++) {
		struct sources_row row;
		struct flong_error ignored = {0};
		rc = sources_next(given->sources, &row, err);
		is_found = rc == FLONG_OK && try_row(given, &row, exchange, digests, original_out,
						     &ignored) == FLONG_OK;
	}
	(void)pthread_mutex_unlock(&given->mutex);
	return is_found ? FLONG_OK : error_set(err, FLONG_E_NOT_FOUND, "no original");
}
