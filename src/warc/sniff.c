/* SPDX-License-Identifier: MIT */
/* sniff.c - the first bytes of a file, looked at and given back */
#include "warc/sniff.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

enum { SNIFF_BYTES = 16 };

/* A source that gives back the bytes that were looked at before the rest. */
struct sniffed_source {
	struct source base;
	struct source *inner; /* owned */
	char bytes[SNIFF_BYTES];
	size_t at, length;
};

static int sniffed_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct sniffed_source *s = (struct sniffed_source *)source;
	if (s->at == s->length) {
		return source_read(s->inner, room, max, got_out, err);
	}
	size_t count = s->length - s->at < max ? s->length - s->at : max;
	memcpy(room, s->bytes + s->at, count);
	s->at += count;
	*got_out = count;
	return FLONG_OK;
}

static void sniffed_close(struct source *source)
{
	source_close(((struct sniffed_source *)source)->inner);
	free(source);
}

static int judge(struct bytes start, uint64_t offset, struct flong_error *err)
{
	if (bytes_starts(start, BYTES("\x28\xb5\x2f\xfd")) ||
		bytes_starts(start, BYTES("\x5d\x2a\x4d\x18"))) {
		return error_set(err, FLONG_E_UNSUPPORTED, "zstd files are not read");
	}
	if (bytes_starts(start, BYTES("PK\003\004"))) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"a ZIP file (WACZ) is not read; unzip it and give the folder");
	}
	if (bytes_starts(start, BYTES("filedesc:"))) {
		return error_set(err, FLONG_E_UNSUPPORTED, "ARC files are not read");
	}
	/* A file may be cut inside its first word, and line ends may stand before it. */
	struct bytes word = bytes_slice(BYTES("WARC/"), 0, start.len);
	if (!bytes_starts(start, word) && !char_is_space(start.ptr[0])) {
		return error_set(err, FLONG_E_FORMAT, "no WARC record at offset %llu",
			(unsigned long long)offset);
	}
	return FLONG_OK;
}

int sniff_open(struct source *source_take, uint64_t offset, struct source **source_out,
	bool *is_gzip_out, struct flong_error *err)
{
	static const struct source_ops ops = {sniffed_read, sniffed_close};
	struct sniffed_source *s = ALLOC(struct sniffed_source);
	s->base.ops = &ops;
	s->inner = source_take;
	*source_out = &s->base;
	int rc = FLONG_OK;
	while (rc == FLONG_OK && s->length < SNIFF_BYTES) {
		size_t got;
		rc = source_read(
			s->inner, s->bytes + s->length, SNIFF_BYTES - s->length, &got, err);
		s->length += got;
	}
	if (rc < 0) {
		return rc;
	}
	struct bytes start = bytes_from(s->bytes, s->length);
	*is_gzip_out = bytes_starts(start, BYTES("\x1f\x8b"));
	return *is_gzip_out ? FLONG_OK : judge(start, offset, err);
}
