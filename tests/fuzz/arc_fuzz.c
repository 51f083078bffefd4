/* SPDX-License-Identifier: MIT */
/* arc_fuzz.c - any bytes as the head line of an ARC record, and as a file of ARC records */
#include <stdint.h>
#include <stdlib.h>

#include "warc/arc.h"
#include "warc/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse_line(struct bytes input)
{
	struct flong_error err;
	struct reader_record record = {0};
	size_t length = arc_head_length(input);
	if (length > input.len || (length > 0 && input.ptr[length - 1] != '\n')) {
		abort();
	}
	int rc = arc_parse_head(bytes_slice(input, 0, length), &record, &err);
	/* A line that is a head fails only by its length; one that is not, always. */
	if (length == 0 ? rc == FLONG_OK : rc != FLONG_OK && rc != FLONG_E_FORMAT) {
		abort();
	}
	if (rc == FLONG_OK && headers_first(&record.headers, "WARC-Date").len != 20) {
		abort();
	}
	headers_clear(&record.headers);
}

/* Behind a head that says it is an ARC file. */
static void read_file(struct bytes input)
{
	static const char start[] = "filedesc://x.arc 0.0.0.0 20140216050221 text/plain 0\n\n";
	struct flong_error err;
	struct buf file = buf_with_max(input.len + sizeof(start));
	buf_add_text(&file, start);
	buf_add(&file, input);
	struct reader *reader = NULL;
	const struct reader_record *record;
	int rc = reader_create(source_from_bytes(buf_bytes(&file)), 0, "x", &reader, &err);
	if (rc != FLONG_OK) {
		abort();
	}
	while (rc != FLONG_END) {
		rc = reader_next(reader, &record, &err);
		if (rc == FLONG_OK) {
			rc = reader_finish(reader, &err);
		}
		if (rc < 0) {
			struct reader_gap gap;
			rc = reader_resync(reader, &gap, &err);
			if (rc < 0 || gap.to > file.len || gap.to < gap.from) {
				abort();
			}
		}
	}
	reader_close(reader);
	buf_clear(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	parse_line(input);
	read_file(input);
	return 0;
}
