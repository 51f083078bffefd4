/* SPDX-License-Identifier: MIT */
/* warc_reader_fuzz.c - any bytes as a WARC or ARC file: read through, blocks and all, going on
 * behind damage */
#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"
#include "warc/capture.h"
#include "warc/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_record(struct reader *reader, const struct reader_record *record, unsigned way)
{
	struct flong_error err;
	struct bytes peeked;
	char room[1000];
	size_t got;
	uint64_t total = 0;
	int rc = FLONG_OK;
	if (way == 1) {
		rc = reader_peek(reader, LIMIT_RECORD_HEAD_BYTES, &peeked, &err);
	} else if (way == 2 && record->block_length < 100000) {
		struct exchange *exchange = NULL;
		rc = capture_read(reader, record, "/tmp", &exchange, &err);
		exchange_close(exchange);
		rc = rc == FLONG_E_USAGE ? FLONG_OK : rc;
	}
	while (rc == FLONG_OK && way != 3) {
		rc = reader_read(reader, room, sizeof(room), &got, &err);
		total += got;
	}
	if (total > record->block_length) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flong_error err;
	struct reader *reader = NULL;
	const struct reader_record *record;
	struct source *source = source_from_bytes(bytes_from(data, size));
	int rc = reader_create(source, 0, "input", &reader, &err);
	unsigned way = 0;
	uint64_t end = 0;
	bool is_open = rc == FLONG_OK;
	while (is_open && rc != FLONG_END) {
		rc = reader_next(reader, &record, &err);
		if (rc == FLONG_OK) {
			read_record(reader, record, way++ % 4);
			rc = reader_finish(reader, &err);
			if (rc == FLONG_OK && (record->offset < end || record->offset > size)) {
				abort();
			}
			end = record->offset;
		}
		if (rc < 0) {
			struct reader_gap gap;
			rc = reader_resync(reader, &gap, &err);
			if (rc < 0 || gap.to > size || gap.to < gap.from) {
				abort();
			}
			end = 0; /* a plain block may be searched again */
		}
	}
	if (reader != NULL && reader_good_end(reader) > size) {
		abort();
	}
	reader_close(reader);
	return 0;
}
