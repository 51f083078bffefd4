/* SPDX-License-Identifier: MIT */
/* gunzip_fuzz.c - any bytes as gzip members, zstd frames and HTTP codings; what is written is read
 * back */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/gzip.h"
#include "base/zstd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_any(struct bytes content)
{
	return content.ptr[0] != 'x';
}

/* Reads all members; after damage the next one is looked for. */
static void read_members(struct members *members_take, size_t size)
{
	struct flong_error err;
	SCOPED(members_closep) struct members *members = members_take;
	uint64_t total = 0;
	int rc;
	while (total < (1 << 20) && (rc = members_next(members, &err)) != FLONG_END) {
		struct bytes view;
		while (rc == FLONG_OK && total < (1 << 20) &&
			(rc = members_view(members, &view, &err)) == FLONG_OK) {
			total += view.len;
		}
		if (members->offset > size || members->end > size) {
			abort();
		}
		if (rc < 0 &&
			members_find(members, members->offset + 1, is_any, &err) != FLONG_OK) {
			return;
		}
	}
}

static void read_coding(struct source *source_take)
{
	struct flong_error err;
	struct buf out = buf_with_max(1 << 20);
	SCOPED(source_closep) struct source *source = source_take;
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
	read_members(gunzip_open(intake_create(source_from_bytes(input), 0, 8192)), size);
	read_members(zstd_open(intake_create(source_from_bytes(input), 0, 8192)), size);
	read_coding(inflate_open_coding(source_from_bytes(input), INFLATE_GZIP));
	read_coding(inflate_open_coding(source_from_bytes(input), INFLATE_DEFLATE));
	read_coding(zstd_open_coding(source_from_bytes(input)));
	round_trip(input);
	return 0;
}
