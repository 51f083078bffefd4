/* SPDX-License-Identifier: MIT */
/* write_and_find.c - writes a WARC file of one response, indexes it, looks its URL up */
#include <flong/cdxj.h>
#include <flong/url.h>
#include <flong/writer.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int write_file(const char *path, const char *url, struct flong_error *err)
{
	static const char message[] =
		"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nHello, archive!\n";
	const struct flong_field about[] = {{"software", "write_and_find"}};
	const struct flong_draft response = {
		.type = FLONG_RECORD_RESPONSE,
		.uri = url,
		.block = {.bytes = message, .length = strlen(message)},
	};
	struct flong_writer *writer;
	int rc = flong_writer_create(path, NULL, &writer, err);
	if (rc == FLONG_OK) {
		rc = flong_writer_add_info(writer, about, 1, NULL, err);
	}
	if (rc == FLONG_OK) {
		rc = flong_writer_add(writer, &response, NULL, err);
	}
	if (rc == FLONG_OK) {
		rc = flong_writer_finish(writer, err);
	}
	flong_writer_close(writer);
	return rc;
}

static int find(const char *index_path, const char *url, struct flong_error *err)
{
	struct flong_index *index;
	const struct flong_row *row;
	int rc = flong_index_open(index_path, &index, err);
	if (rc == FLONG_OK) {
		rc = flong_index_closest(index, url, 0, &row, err);
	}
	if (rc == FLONG_OK) {
		printf("%s of %s: %" PRIu64 " bytes at %" PRIu64 " of %s\n", row->url,
			row->timestamp, row->length, row->offset, row->filename);
	}
	flong_index_close(index);
	return rc;
}

int main(int argc, char **argv)
{
	struct flong_error err;
	struct flong_url *url;
	if (argc != 4) {
		fprintf(stderr, "usage: write_and_find NEW.warc.gz NEW.cdxj URL\n");
		return 2;
	}
	int rc = flong_url_parse(argv[3], NULL, &url, &err);
	if (rc == FLONG_OK) {
		rc = write_file(argv[1], flong_url_without_fragment(url), &err);
	}
	if (rc == FLONG_OK) {
		const char *const files[] = {argv[1]};
		rc = flong_index_build(files, 1, argv[2], NULL, &err);
	}
	if (rc == FLONG_OK) {
		rc = find(argv[2], argv[3], &err);
	}
	if (rc != FLONG_OK) {
		fprintf(stderr, "%s\n", err.message);
	}
	flong_url_close(url);
	return rc == FLONG_OK ? 0 : 1;
}
