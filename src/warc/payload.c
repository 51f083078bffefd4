/* SPDX-License-Identifier: MIT */
/* payload.c - one reading of a body feeds all its digests */
#include "warc/payload.h"

#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"

enum { READ_BYTES = 16384 };

/* Passes the raw body on and digests it on the way. */
struct tee_source {
	struct source base;
	struct source *inner;      /* borrowed */
	struct payload_pass *pass; /* borrowed */
};

static void digest_raw(struct payload_pass *pass, struct bytes b)
{
	pass->block_bytes += b.len;
	if (pass->is_chunked) {
		size_t used;
		struct flong_error ignored;
		int rc = chunk_parser_add(&pass->chunks, b, NULL, &used, &ignored);
		assert(rc == FLONG_OK); /* only a sink can fail, and there is none */
	}
	if (pass->block != NULL) {
		digester_add(pass->block, b);
	}
	if (pass->raw != NULL) {
		digester_add(pass->raw, b);
	}
}

static int tee_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct tee_source *s = (struct tee_source *)source;
	int rc = source_read(s->inner, room, max, got_out, err);
	digest_raw(s->pass, bytes_from(room, *got_out));
	return rc;
}

static void tee_close(struct source *source)
{
	free(source);
}

/* Reads the payload, then what follows it: trailers, or what breaks the framing. */
static int run_body(
	struct payload_pass *pass, struct source *body, char *room, struct flong_error *err)
{
	static const struct source_ops ops = {.read = tee_read, .close = tee_close};
	struct tee_source *tee = ALLOC(struct tee_source);
	*tee = (struct tee_source){{&ops}, body, pass};
	SCOPED(source_closep)
	struct source *payload = http_body_open_payload(&tee->base, pass->is_chunked);
	size_t got;
	int rc;
	while ((rc = source_read(payload, room, READ_BYTES, &got, err)) == FLONG_OK) {
		pass->payload_bytes += got;
		if (pass->payload != NULL) {
			digester_add(pass->payload, bytes_from(room, got));
		}
		if (pass->proof != NULL) {
			digester_add(pass->proof, bytes_from(room, got));
		}
	}
	while (rc == FLONG_END) {
		rc = source_read(body, room, READ_BYTES, &got, err);
		if (rc == FLONG_END) {
			return FLONG_OK;
		}
		digest_raw(pass, bytes_from(room, got));
		rc = rc == FLONG_OK ? FLONG_END : rc;
	}
	return rc;
}

int payload_run(
	struct payload_pass *pass, struct bytes head, struct source *body, struct flong_error *err)
{
	pass->block_bytes = head.len;
	pass->payload_bytes = 0;
	pass->chunks = (struct chunk_parser){0};
	if (pass->block != NULL) {
		digester_add(pass->block, head);
	}
	char room[READ_BYTES];
	return run_body(pass, body, room, err);
}
