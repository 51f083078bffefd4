/* SPDX-License-Identifier: MIT */
/* member.c - stored records as chunks: bytes of our own, and places in spool files */
#include "warc/member.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/spool.h"

enum chunk_kind {
	CHUNK_OWN,     /* bytes in a spool of our own */
	CHUNK_RANGE,   /* a file's first bytes as they stand */
	CHUNK_CONTENT, /* the original bytes of a borrowed spool */
};

struct member_chunk {
	enum chunk_kind kind;
	struct spool *own;          /* owned */
	int fd;                     /* borrowed */
	uint64_t length;            /* bytes at fd */
	const struct spool *source; /* borrowed */
};

/* Collects a member's stored bytes into chunks. */
struct chunk_sink {
	struct sink base;
	struct member *member; /* borrowed */
	const char *dir;       /* borrowed */
};

static struct member_chunk *add_chunk(struct member *member, enum chunk_kind kind)
{
	member->chunks =
		alloc_resize(member->chunks, member->chunk_count + 1, sizeof(*member->chunks));
	struct member_chunk *chunk = &member->chunks[member->chunk_count++];
	*chunk = (struct member_chunk){.kind = kind, .fd = -1};
	return chunk;
}

static int chunk_sink_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct chunk_sink *s = (struct chunk_sink *)sink;
	struct member *member = s->member;
	struct member_chunk *last =
		member->chunk_count == 0 ? NULL : &member->chunks[member->chunk_count - 1];
	if (last == NULL || last->kind != CHUNK_OWN) {
		last = add_chunk(member, CHUNK_OWN);
		last->own = spool_create(s->dir, LIMIT_SPOOL_MEMORY_BYTES, SPOOL_PLAIN, 0);
	}
	member->stored_bytes += b.len;
	return spool_write(last->own, b, err);
}

static int chunk_sink_take_file(struct sink *sink, int fd, uint64_t length, struct flong_error *err)
{
	(void)err;
	struct member *member = ((struct chunk_sink *)sink)->member;
	struct member_chunk *chunk = add_chunk(member, CHUNK_RANGE);
	chunk->fd = fd;
	chunk->length = length;
	member->stored_bytes += length;
	return FLONG_OK;
}

static int add_plain_part(
	struct chunk_sink *sink, const struct gzip_part *part, struct flong_error *err)
{
	if (part->spool == NULL || spool_in_memory(part->spool)) {
		struct bytes b = part->spool == NULL ? part->bytes : spool_memory(part->spool);
		return sink_write(&sink->base, b, err);
	}
	struct member_chunk *chunk = add_chunk(sink->member, CHUNK_CONTENT);
	chunk->source = part->spool;
	sink->member->stored_bytes += spool_size(part->spool);
	return FLONG_OK;
}

static int finish_chunks(struct member *member, struct flong_error *err)
{
	for (size_t i = 0; i < member->chunk_count; i++) {
		struct member_chunk *chunk = &member->chunks[i];
		int rc = chunk->kind == CHUNK_OWN ? spool_finish(chunk->own, err) : FLONG_OK;
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	return FLONG_OK;
}

int member_seal(struct member *member, const struct gzip_part *parts, size_t count,
	struct deflater *deflater, const char *dir, struct flong_error *err)
{
	static const struct sink_ops ops = {
		.write = chunk_sink_write, .take_file = chunk_sink_take_file};
	struct chunk_sink sink = {{&ops}, member, dir};
	int rc = FLONG_OK;
	member->record_bytes = 0;
	for (size_t i = 0; i < count; i++) {
		member->record_bytes +=
			parts[i].spool == NULL ? parts[i].bytes.len : spool_size(parts[i].spool);
	}
	if (deflater != NULL) {
		rc = gzip_write_member(deflater, parts, count, &sink.base, err);
	}
	for (size_t i = 0; deflater == NULL && rc == FLONG_OK && i < count; i++) {
		rc = add_plain_part(&sink, &parts[i], err);
	}
	return rc == FLONG_OK ? finish_chunks(member, err) : rc;
}

static int write_chunk(const struct member_chunk *chunk, struct sink *out, struct flong_error *err)
{
	if (chunk->kind == CHUNK_OWN && spool_in_memory(chunk->own)) {
		return sink_write(out, spool_memory(chunk->own), err);
	}
	SCOPED(source_closep) struct source *source = NULL;
	uint64_t length = chunk->length;
	if (chunk->kind == CHUNK_RANGE) {
		source = source_from_fd_range(chunk->fd, 0, chunk->length);
	} else {
		const struct spool *spool = chunk->kind == CHUNK_OWN ? chunk->own : chunk->source;
		int rc = spool_open(spool, &source, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		length = spool_size(spool);
	}
	uint64_t moved;
	int rc = stream_copy(source, out, &moved, err);
	if (rc == FLONG_OK && moved != length) {
		rc = error_set(err, FLONG_E_IO, "a temporary file lost its end");
	}
	return rc;
}

int member_write(const struct member *member, struct sink *out, struct flong_error *err)
{
	for (size_t i = 0; i < member->chunk_count; i++) {
		int rc = write_chunk(&member->chunks[i], out, err);
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	return FLONG_OK;
}

void member_digest_stored(struct member *member)
{
	const struct member_chunk *first = member->chunks;
	if (member->chunk_count == 1 && first->kind == CHUNK_OWN && spool_in_memory(first->own)) {
		member->stored_digest = digest_of(DIGEST_SHA256, spool_memory(first->own));
		member->has_stored_digest = true;
	}
}

void member_clear(struct member *member)
{
	for (size_t i = 0; i < member->chunk_count; i++) {
		spool_close(member->chunks[i].own);
	}
	free(member->chunks);
	free(member->url);
	free(member->mime);
	*member = (struct member){0};
}
