/* SPDX-License-Identifier: MIT */
/* block_head.c - the HTTP head that a record's block begins with */
#include "warc/block_head.h"

#include "base/limits.h"
#include "web/http_head.h"

int block_head_peek(struct reader *reader, struct bytes *head_out, struct flong_error *err)
{
	static const size_t sizes[] = {16384, LIMIT_HEAD_KEPT_BYTES}; /* most heads are small */
	struct bytes block = {NULL, 0};
	size_t length = 0;
	for (size_t i = 0; i < 2 && length == 0 && (i == 0 || block.len == sizes[0]); i++) {
		int rc = reader_peek(reader, sizes[i], &block, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		length = http_head_length(block);
	}
	*head_out = bytes_slice(block, 0, length == 0 ? block.len : length);
	return FLONG_OK;
}
