/* SPDX-License-Identifier: MIT */
/* writer.c - what flong/writer.h tells of writing a WARC file */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/io.h"
#include "base/limits.h"
#include "flong/writer.h"
#include "lib/adapter.h"
#include "lib/api.h"
#include "lib/composer.h"

struct flong_writer {
	struct composer composer;
	char *path;        /* owned: the final name; NULL for an output */
	char *open_path;   /* owned: the name until it is finished */
	int fd;            /* -1 for an output */
	struct sink *sink; /* owned */
	uint64_t offset;   /* bytes written */
	bool is_broken;    /* what is at the end of the file is unknown */
	bool is_finished;
};

/* --- opening and closing ---------------------------------------------------------------------- */

static int set_form(struct composer *composer, const struct flong_writer_options *options,
	struct flong_error *err)
{
	int level = options->level;
	switch (options->form) {
	case FLONG_PLAIN:
		return FLONG_OK;
	case FLONG_GZIP:
		level = level == 0 ? 6 : level;
		if (level < 1 || level > 9) {
			break;
		}
		composer->level = level;
		composer->deflater = deflater_create(level);
		return FLONG_OK;
	case FLONG_ZSTD:
		level = level == 0 ? 3 : level;
		if (level < 1 || level > 19) {
			break;
		}
		composer->packer = zstd_packer_create(level);
		return FLONG_OK;
	}
	return error_set(err, FLONG_E_USAGE, "there is no form %d of level %d", (int)options->form,
		options->level);
}

static int create(const struct flong_writer_options *options, struct flong_writer **writer_out,
	struct flong_error *err)
{
	static const struct flong_writer_options defaults = {.level = 0};
	options = options == NULL ? &defaults : options;
	int rc = api_reserved(options->reserved, "struct flong_writer_options", err);
	if (rc == FLONG_OK && options->digest != FLONG_SHA256 && options->digest != FLONG_SHA1) {
		rc = error_set(err, FLONG_E_USAGE, "there is no digest %d", (int)options->digest);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	struct flong_writer *writer = ALLOC(struct flong_writer);
	writer->fd = -1;
	writer->composer.algorithm = options->digest == FLONG_SHA1 ? DIGEST_SHA1 : DIGEST_SHA256;
	writer->composer.temp_dir =
		alloc_copy(options->temp_dir != NULL ? options->temp_dir : "/tmp");
	rc = set_form(&writer->composer, options, err);
	if (rc != FLONG_OK) {
		flong_writer_close(writer);
		return rc;
	}
	*writer_out = writer;
	return FLONG_OK;
}

static int open_file(struct flong_writer *writer, const char *path, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf open_path = {0};
	buf_addf(&open_path, "%s.open", path);
	writer->path = alloc_copy(path);
	writer->open_path = buf_take(&open_path);
	if (files_exists(path)) {
		return error_set(err, FLONG_E_EXISTS, "'%s' exists already", path);
	}
	writer->fd = io_open(writer->open_path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (writer->fd < 0) {
		int code = errno == EEXIST ? FLONG_E_EXISTS : FLONG_E_IO;
		return error_set_errno(err, code, errno, "creating '%s'", writer->open_path);
	}
	writer->sink = sink_to_fd(writer->fd);
	return FLONG_OK;
}

int flong_writer_create(const char *path, const struct flong_writer_options *options,
	struct flong_writer **writer_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (writer_out == NULL) {
		return api_null("writer_out", err);
	}
	*writer_out = NULL;
	if (path == NULL) {
		return api_null("path", err);
	}
	struct flong_writer *writer = NULL;
	int rc = create(options, &writer, err);
	if (rc == FLONG_OK) {
		rc = open_file(writer, path, err);
	}
	if (rc != FLONG_OK) {
		flong_writer_close(writer);
		return rc;
	}
	*writer_out = writer;
	return FLONG_OK;
}

int flong_writer_create_output(const struct flong_output *output,
	const struct flong_writer_options *options, struct flong_writer **writer_out,
	struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (writer_out == NULL) {
		return api_null("writer_out", err);
	}
	*writer_out = NULL;
	if (output == NULL) {
		return api_null("output", err);
	}
	struct flong_writer *writer = NULL;
	int rc = create(options, &writer, err);
	if (rc == FLONG_OK) {
		rc = adapter_sink_open(output, &writer->sink, err);
	}
	if (rc != FLONG_OK) {
		flong_writer_close(writer);
		return rc;
	}
	*writer_out = writer;
	return FLONG_OK;
}

void flong_writer_close(struct flong_writer *writer)
{
	if (writer != NULL) {
		deflater_close(writer->composer.deflater);
		zstd_packer_close(writer->composer.packer);
		free(writer->composer.temp_dir);
		sink_close(writer->sink);
		files_close_fd(&writer->fd);
		free(writer->path);
		free(writer->open_path);
		free(writer);
	}
}

/* --- records ---------------------------------------------------------------------------------- */

static int need_open(const struct flong_writer *writer, struct flong_error *err)
{
	if (writer == NULL) {
		return api_null("writer", err);
	}
	if (writer->is_broken) {
		return error_set(err, FLONG_E_IO, "writing failed before");
	}
	return writer->is_finished ? error_set(err, FLONG_E_USAGE, "the file is finished")
				   : FLONG_OK;
}

/* After a failed write: makes the file as it was. What an output took cannot be taken back. */
static void cut_back(struct flong_writer *writer)
{
	writer->is_broken = writer->fd < 0 || io_truncate(writer->fd, writer->offset) != 0 ||
			    lseek(writer->fd, (off_t)writer->offset, SEEK_SET) < 0;
}

/* Writes records that are ready, all or none. */
static int put(struct flong_writer *writer, const struct composed *const records[], size_t count,
	struct flong_place *const places_out[], struct flong_error *err)
{
	uint64_t offset = writer->offset;
	for (size_t i = 0; i < count; i++) {
		int rc = composed_write(records[i], writer->sink, err);
		if (rc != FLONG_OK) {
			cut_back(writer);
			return rc;
		}
	}
	for (size_t i = 0; i < count; i++) {
		struct flong_place *place = places_out[i];
		if (place != NULL) {
			*place = (struct flong_place){
				.offset = offset, .length = records[i]->length};
			(void)snprintf(place->id, sizeof(place->id), "%s", records[i]->id);
		}
		if (records[i]->type == RECORD_WARCINFO) {
			memcpy(writer->composer.warcinfo_id, records[i]->id,
				sizeof(records[i]->id));
		}
		offset += records[i]->length;
	}
	writer->offset = offset;
	return FLONG_OK;
}

static int add_context(const struct flong_writer *writer, int rc, struct flong_error *err)
{
	return rc < 0 && writer != NULL && writer->path != NULL
		       ? error_context(err, "%s", writer->path)
		       : rc;
}

/* The input is not needed any more, whatever became of it. */
static void close_input(const struct flong_draft *draft)
{
	const struct flong_input *input = draft == NULL ? NULL : draft->block.input;
	if (input != NULL && input->close != NULL) {
		input->close(input->context);
	}
}

int flong_writer_add(struct flong_writer *writer, const struct flong_draft *draft,
	struct flong_place *place_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	SCOPED(composed_clear) struct composed record = {0};
	int rc = need_open(writer, err);
	if (rc == FLONG_OK && draft == NULL) {
		rc = api_null("draft", err);
	}
	if (rc == FLONG_OK) {
		rc = composer_compose(&writer->composer, draft, &record, err);
	}
	if (rc == FLONG_OK) {
		const struct composed *const records[] = {&record};
		rc = put(writer, records, 1, &place_out, err);
	}
	close_input(draft);
	return add_context(writer, rc, err);
}

/* Composes the response, then the request with what it takes from it. */
static int compose_pair(const struct composer *composer, const struct flong_pair *pair,
	struct composed *first_out, struct composed *second_out, struct flong_error *err)
{
	struct flong_draft first = *pair->response;
	struct flong_draft second = *pair->request;
	if (first.time == 0) {
		first.time = clock_wall_ms(); /* both have the same */
	}
	int rc = composer_compose(composer, &first, first_out, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (second.type == FLONG_RECORD_OTHER && second.type_name == NULL) {
		second.type = FLONG_RECORD_REQUEST;
	}
	second.uri = second.uri != NULL ? second.uri : first.uri;
	second.ip = second.ip != NULL ? second.ip : first.ip;
	second.time = second.time != 0 ? second.time : first.time;
	second.concurrent_to = first_out->id;
	return composer_compose(composer, &second, second_out, err);
}

int flong_writer_add_pair(struct flong_writer *writer, const struct flong_pair *pair,
	struct flong_place places_out[2], struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	SCOPED(composed_clear) struct composed first = {0};
	SCOPED(composed_clear) struct composed second = {0};
	int rc = need_open(writer, err);
	if (rc == FLONG_OK && (pair == NULL || pair->response == NULL || pair->request == NULL)) {
		rc = api_null("the pair, its response or its request", err);
	}
	if (rc == FLONG_OK) {
		rc = compose_pair(&writer->composer, pair, &first, &second, err);
	}
	if (rc == FLONG_OK) {
		const struct composed *const records[] = {&first, &second};
		struct flong_place *const places[] = {
			places_out, places_out == NULL ? NULL : &places_out[1]};
		rc = put(writer, records, 2, places, err);
	}
	if (pair != NULL) {
		close_input(pair->response);
		close_input(pair->request);
	}
	return add_context(writer, rc, err);
}

/* --- warcinfo --------------------------------------------------------------------------------- */

static bool is_line_name(const char *name)
{
	for (const char *c = name; *c != '\0'; c++) {
		if (!char_is_alnum(*c) && *c != '-' && *c != '_') {
			return false;
		}
	}
	return name[0] != '\0';
}

static int add_lines(
	const struct flong_field *lines, size_t count, struct buf *out, struct flong_error *err)
{
	static const struct flong_field defaults[] = {
		{"format", "WARC File Format 1.1"},
		{"conformsTo", "http://iipc.github.io/warc-specifications/specifications/"
			       "warc-format/warc-1.1/"},
	};
	bool is_given[2] = {false, false};
	for (size_t i = 0; i < count; i++) {
		const char *name = lines[i].name == NULL ? "" : lines[i].name;
		if (!is_line_name(name)) {
			return error_set(err, FLONG_E_FORMAT, "'%s' is no name of a line", name);
		}
		for (size_t k = 0; k < 2; k++) {
			is_given[k] = is_given[k] || strcmp(name, defaults[k].name) == 0;
		}
		if (lines[i].value != NULL) {
			record_add_field(out, name, bytes_of(lines[i].value));
		}
	}
	for (size_t k = 0; k < 2; k++) {
		if (!is_given[k]) {
			record_add_field(out, defaults[k].name, bytes_of(defaults[k].value));
		}
	}
	return buf_failed(out) ? error_set(err, FLONG_E_LIMIT, "the warcinfo lines are too long")
			       : FLONG_OK;
}

int flong_writer_add_info(struct flong_writer *writer, const struct flong_field *lines,
	size_t count, struct flong_place *place_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	SCOPED(buf_clear) struct buf block = {0};
	int rc = need_open(writer, err);
	if (rc == FLONG_OK && lines == NULL && count > 0) {
		rc = api_null("lines", err);
	}
	if (rc == FLONG_OK) {
		rc = add_lines(lines, count, &block, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	const struct flong_draft draft = {.type = FLONG_RECORD_WARCINFO,
		.filename = writer->path == NULL ? NULL : files_base_name(writer->path),
		.block = {.bytes = block.ptr, .length = block.len}};
	return flong_writer_add(writer, &draft, place_out, err);
}

/* --- the end ---------------------------------------------------------------------------------- */

int flong_writer_finish(struct flong_writer *writer, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	int rc = need_open(writer, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (writer->path == NULL) {
		rc = sink_finish(writer->sink, err);
	} else {
		rc = writer->fd < 0 ? FLONG_OK : files_finish(&writer->fd, writer->open_path, err);
		if (rc == FLONG_OK) {
			rc = files_rename_new(writer->open_path, writer->path, err);
		}
	}
	writer->is_finished = rc == FLONG_OK;
	return rc;
}
