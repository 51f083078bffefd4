/* SPDX-License-Identifier: MIT */
/* list_records.c - the records of a file: offset, type, HTTP status, payload bytes, URI */
#include <flong/reader.h>

#include <inttypes.h>
#include <stdio.h>

/* Texts from files may hold anything: keep control bytes off the terminal. */
static void print_text(const char *text)
{
	for (const char *c = text != NULL ? text : "-"; *c != '\0'; c++) {
		putchar((unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
	}
}

static int payload_size(struct flong_reader *reader, uint64_t *size, struct flong_error *err)
{
	char room[16384];
	size_t got;
	struct flong_stream *payload;
	int rc = flong_reader_open_payload(reader, FLONG_PAYLOAD_AS_SENT, &payload, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	for (*size = 0; rc == FLONG_OK; *size += got) {
		rc = flong_stream_read(payload, room, sizeof(room), &got, err);
	}
	flong_stream_close(payload);
	return rc == FLONG_END ? FLONG_OK : rc;
}

static int list_record(
	struct flong_reader *reader, const struct flong_record *record, struct flong_error *err)
{
	const struct flong_http *http;
	uint64_t size = 0;
	int rc = flong_reader_http(reader, &http, err);
	if (rc == FLONG_OK) {
		rc = payload_size(reader, &size, err);
	}
	if (rc == FLONG_OK) {
		printf("%10" PRIu64 "  %3d %10" PRIu64 "  ", flong_record_offset(record),
			flong_http_status(http), size); /* 0 for what is not HTTP */
		print_text(flong_record_type_text(record));
		printf("  ");
		print_text(flong_record_uri(record));
		printf("\n");
	}
	return rc;
}

int main(int argc, char **argv)
{
	struct flong_error err;
	struct flong_reader *reader;
	const struct flong_record *record;
	int status = 0;
	int rc = flong_reader_open(argc == 2 ? argv[1] : "-", &reader, &err);
	while (rc == FLONG_OK) {
		rc = flong_reader_next(reader, &record, &err);
		if (rc == FLONG_OK) {
			rc = list_record(reader, record, &err);
		}
		if (rc < 0) { /* tell of it, and go on behind what is damaged */
			fprintf(stderr, "%s\n", err.message);
			status = 1;
			rc = flong_reader_resync(reader, NULL, &err);
		}
	}
	if (rc < 0) {
		fprintf(stderr, "%s\n", err.message);
		status = 1;
	}
	flong_reader_close(reader);
	return status;
}
