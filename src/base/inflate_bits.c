/* SPDX-License-Identifier: MIT */
/* inflate_bits.c - inflates block by block, and looks at the bits between the blocks */
#include "base/inflate_bits.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/alloc.h"

enum { IN_BYTES = 16384, OUT_BYTES = 65536, WINDOW_GZIP = 15 + 16, HEADER_BITS = 3 };

struct inflate_bits {
	z_stream stream;
	unsigned char in[IN_BYTES];
	unsigned char out[OUT_BYTES];
	unsigned char last; /* the byte that was taken last */
	bool is_zero;
};

struct inflate_bits *inflate_bits_create(void)
{
	struct inflate_bits *bits = ALLOC(struct inflate_bits);
	if (inflateInit2(&bits->stream, WINDOW_GZIP) != Z_OK) {
		alloc_failed(0);
	}
	return bits;
}

void inflate_bits_close(struct inflate_bits *bits)
{
	if (bits != NULL) {
		(void)inflateEnd(&bits->stream);
		free(bits);
	}
}

/* Makes sure of one byte of input; FLONG_END at the end. */
static int fill(struct inflate_bits *bits, struct source *member, struct flong_error *err)
{
	size_t got = 0;
	if (bits->stream.avail_in > 0) {
		return FLONG_OK;
	}
	int rc = source_read(member, bits->in, sizeof(bits->in), &got, err);
	bits->stream.next_in = bits->in;
	bits->stream.avail_in = (uInt)got;
	return rc;
}

/* Between two blocks: `held` bits of the last byte are not taken yet. The next block begins with
 * one bit that says whether it is the last, and two of its type, 0 for a stored one. */
static void look_at_header(struct inflate_bits *bits, unsigned held)
{
	unsigned window = (unsigned)bits->last >> (8 - held);
	unsigned width = held;
	if (held < HEADER_BITS) {
		window |= (unsigned)bits->stream.next_in[0] << held;
		width += 8;
	}
	bool is_stored = (window & 6) == 0;
	unsigned idle = (window & ((1U << width) - 1)) >> HEADER_BITS;
	bits->is_zero = bits->is_zero && (!is_stored || idle == 0);
}

int inflate_bits_look(struct inflate_bits *bits, struct source *member, const char **fault_out,
	struct flong_error *err)
{
	z_stream *z = &bits->stream;
	int status = inflateReset(z);
	z->avail_in = 0;
	bits->is_zero = true;
	int rc = FLONG_OK;
	while (status == Z_OK && rc == FLONG_OK) {
		rc = fill(bits, member, err);
		if (rc != FLONG_OK) {
			break;
		}
		const unsigned char *start = z->next_in;
		z->next_out = bits->out;
		z->avail_out = sizeof(bits->out);
		status = inflate(z, Z_BLOCK);
		bits->last = z->next_in > start ? z->next_in[-1] : bits->last;
		if (status == Z_BUF_ERROR && z->avail_in == 0) {
			status = Z_OK;
		}
		bool is_between = (z->data_type & 128) != 0;
		unsigned held = (unsigned)z->data_type & 7;
		if (status != Z_OK || !is_between) {
			continue;
		}
		if ((z->data_type & 64) != 0) {
			bits->is_zero = bits->is_zero && bits->last >> (8 - held) == 0;
			break;
		}
		rc = fill(bits, member, err);
		if (rc == FLONG_OK) {
			look_at_header(bits, held);
		}
	}
	if (status == Z_DATA_ERROR) {
		*fault_out = z->msg != NULL ? z->msg : "bad deflate data";
	} else {
		*fault_out = bits->is_zero ? NULL : "bits between the blocks are set";
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}
