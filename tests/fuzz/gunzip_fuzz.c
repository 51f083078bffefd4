/* SPDX-License-Identifier: MIT */
/* gunzip_fuzz.c - any bytes as gzip members and as HTTP codings; what is written is read back */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/gzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_members(struct bytes input)
{
	struct flong_error err;
	SCOPED(source_closep) struct source *source = source_from_bytes(input);
	SCOPED(gunzip_closep) struct gunzip *gunzip = gunzip_create(source, 0);
	uint64_t total = 0;
	while (gunzip_next(gunzip, &err) == FLONG_OK) {
		char room[4096];
		size_t got;
		int rc;
		while ((rc = gunzip_read(gunzip, room, sizeof(room), &got, &err)) == FLONG_OK &&
			total < (1 << 20)) {
			total += got;
		}
		if (rc == FLONG_OK || gunzip_member_offset(gunzip) > input.len ||
			(rc == FLONG_END && gunzip_member_end(gunzip) > input.len)) {
			break;
		}
	}
}

static void read_coding(struct bytes input, enum inflate_kind kind)
{
	struct flong_error err;
	struct buf out = buf_with_max(1 << 20);
	SCOPED(source_closep)
	struct source *source = inflate_open_coding(source_from_bytes(input), kind);
	(void)!source_read_all(source, &out, &err);
	buf_clear(&out);
}

/* The input in two parts, as a member, and back. */
static void round_trip(struct bytes input)
{
	struct flong_error err;
	struct buf file = buf_with_max(input.len * 2 + 1000);
	struct buf out = buf_with_max(input.len + 1);
	size_t middle = input.len / 2;
	struct gzip_part parts[] = {{GZIP_DEFLATE, bytes_slice(input, 0, middle), NULL},
		{input.len % 2 == 0 ? GZIP_STORE : GZIP_DEFLATE,
			bytes_slice(input, middle, input.len), NULL}};
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(1);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&file);
	if (gzip_write_member(deflater, parts, 2, sink, &err) != FLONG_OK) {
		abort();
	}
	SCOPED(source_closep)
	struct source *source =
		inflate_open_coding(source_from_bytes(buf_bytes(&file)), INFLATE_GZIP);
	if (source_read_all(source, &out, &err) != FLONG_OK ||
		!bytes_equal(buf_bytes(&out), input)) {
		abort();
	}
	buf_clear(&file);
	buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	read_members(input);
	read_coding(input, INFLATE_GZIP);
	read_coding(input, INFLATE_DEFLATE);
	round_trip(input);
	return 0;
}
