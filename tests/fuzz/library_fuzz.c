/* SPDX-License-Identifier: MIT */
/* library_fuzz.c - any bytes through libflong's reader: everything it tells, every way to read */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flong/cdxj.h"
#include "flong/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More decoded bytes than that are not asked for: 100 bytes can be unpacked to a gigabyte. */
enum { DECODED_MAX = 1 << 20 };

/* Every text must be readable to its end. */
static size_t sum;

static void use(const char *text)
{
	sum += text == NULL ? 0 : strlen(text);
}

static void use_record(const struct flong_record *record)
{
	struct flong_field field;
	int64_t time;
	use(flong_record_type_text(record));
	use(flong_record_id(record));
	use(flong_record_date(record));
	use(flong_record_uri(record));
	use(flong_record_content_type(record));
	sum += flong_record_time(record, &time) ? 1 : 0;
	for (size_t i = 0; flong_record_field_at(record, i, &field); i++) {
		use(field.name);
		use(field.value);
		use(flong_record_field(record, field.name, i % 3));
	}
}

static int use_http(struct flong_reader *reader, struct flong_error *err)
{
	const struct flong_http *http = NULL;
	struct flong_field field;
	int rc = flong_reader_http(reader, &http, err);
	if (rc != FLONG_OK || http == NULL) {
		return rc;
	}
	use(flong_http_reason(http));
	use(flong_http_method(http));
	use(flong_http_target(http));
	for (size_t i = 0; flong_http_field_at(http, i, &field); i++) {
		use(field.name);
		use(field.value);
	}
	return rc;
}

static int use_payload(struct flong_reader *reader, unsigned flags, struct flong_error *err)
{
	struct flong_stream *stream;
	char room[4000];
	size_t got = 0;
	size_t total = 0;
	int rc = flong_reader_open_payload(reader, flags, &stream, err);
	if (rc == FLONG_E_UNSUPPORTED || rc == FLONG_E_LIMIT) {
		rc = flong_reader_open_payload(reader, 0, &stream, err);
	}
	while (rc == FLONG_OK && total < DECODED_MAX) {
		rc = flong_stream_read(stream, room, sizeof(room), &got, err);
		total += got;
	}
	flong_stream_close(stream);
	return rc == FLONG_E_DAMAGED || rc == FLONG_END ? FLONG_OK : rc;
}

static int use_content(struct flong_reader *reader, unsigned way, struct flong_error *err)
{
	struct flong_digests digests = {.block = FLONG_DIGEST_ABSENT};
	char room[100];
	size_t got;
	int rc = way % 2 == 0 ? use_http(reader, err) : FLONG_OK;
	if (rc != FLONG_OK) {
		return rc;
	}
	switch (way % 5) {
	case 0:
		return use_payload(reader, FLONG_PAYLOAD_DECODED, err);
	case 1:
		return use_payload(reader, FLONG_PAYLOAD_AS_SENT, err);
	case 2:
		return flong_reader_verify(reader, &digests, err);
	case 3:
		while ((rc = flong_reader_read(reader, room, sizeof(room), &got, err)) ==
			FLONG_OK) {
			sum += got;
		}
		return rc == FLONG_END ? FLONG_OK : rc;
	default:
		return flong_reader_finish(reader, err);
	}
}

static void read_all(struct flong_reader *reader, size_t size)
{
	const struct flong_record *record;
	struct flong_error err;
	struct flong_gap gap;
	unsigned way = 0;
	int rc = FLONG_OK;
	while (rc == FLONG_OK) {
		rc = flong_reader_next(reader, &record, &err);
		if (rc == FLONG_OK) {
			use_record(record);
			rc = use_content(reader, way++, &err);
		}
		if (rc < 0) {
			rc = flong_reader_resync(reader, &gap, &err);
			if (rc >= 0 && (gap.to < gap.from || gap.to > size)) {
				abort();
			}
		}
		if (way > size + 1) {
			abort(); /* it goes in circles */
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flong_error err;
	struct flong_reader *reader = NULL;
	struct flong_row *row;
	if (flong_reader_open_memory(data, size, "input", &reader, &err) == FLONG_OK) {
		read_all(reader, size);
		if (flong_reader_seek(reader, size / 2, &err) == FLONG_OK) {
			read_all(reader, size);
		}
	}
	flong_reader_close(reader);
	for (int form = FLONG_CDXJ; form <= FLONG_CDX; form++) {
		char *line = NULL;
		if (flong_row_parse((const char *)data, size, (enum flong_row_form)form, &row,
			    &err) == FLONG_OK) {
			int rc = flong_row_format(row, (enum flong_row_form)form, &line, &err);
			use(line);
			sum += rc == FLONG_OK ? 1 : 0;
			flong_free(line);
		}
		flong_row_close(row);
	}
	return 0;
}
