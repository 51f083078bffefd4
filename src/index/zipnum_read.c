/* SPDX-License-Identifier: MIT */
/* zipnum_read.c - the lines of an index in compressed blocks */
#include "index/zipnum_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/gzip.h"
#include "base/intake.h"
#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/members.h"
#include "base/stream.h"
#include "index/cdxj.h"
#include "index/line_file.h"

#define WINDOW_BYTES ((size_t)64 << 10)
#define EXTENSION ".idx"

struct zipnum_reader {
	char *path; /* owned; of the index */
	char *dir;  /* owned */
	struct line_file *index;
	char meta_part[ZIPNUM_NAME_SIZE]; /* what the meta line names, or the usual name */
	uint64_t at;                      /* of the next line of the index */
	/* The file of blocks that is open. */
	char part[ZIPNUM_NAME_SIZE];
	int fd;
	/* The block that is read. */
	struct members *members; /* owned; NULL between blocks */
	bool is_inside;
	struct bytes view; /* what was unpacked and not yet given */
	struct buf line;   /* a line that goes over several views */
	uint64_t block_offset;
};

/* --- a line of the index ---------------------------------------------------------------------- */

/* A name that stands for a file in the same folder and for nothing else. */
static int set_part(struct zipnum_place *place, struct bytes name, struct flong_error *err)
{
	bool is_dots = bytes_equal(name, BYTES(".")) || bytes_equal(name, BYTES(".."));
	if (is_dots || name.len >= sizeof(place->part) ||
		bytes_find_char(name, '/', 0) != SIZE_MAX ||
		bytes_find_char(name, '\0', 0) != SIZE_MAX) {
		return error_set(err, FLONG_E_FORMAT,
			"index of blocks: '" BYTES_FMT "' is no file beside it", BYTES_ARG(name));
	}
	if (name.len > 0) {
		memcpy(place->part, name.ptr, name.len);
	}
	place->part[name.len] = '\0';
	return FLONG_OK;
}

static int parse_tabs(struct bytes line, struct zipnum_place *place, struct flong_error *err)
{
	struct bytes rest = line;
	struct bytes part = {NULL, 0};
	struct bytes offset = {NULL, 0};
	struct bytes length = {NULL, 0};
	bool is_whole = bytes_next_item(&rest, '\t', &place->prefix) &&
			bytes_next_item(&rest, '\t', &part) && part.len > 0 &&
			bytes_next_item(&rest, '\t', &offset) &&
			bytes_next_item(&rest, '\t', &length);
	if (!is_whole || !bytes_to_u64(offset, INT64_MAX, &place->offset) ||
		!bytes_to_u64(length, INT64_MAX, &place->length)) {
		return error_set(err, FLONG_E_FORMAT,
			"index of blocks: '" BYTES_FMT "' names no block", BYTES_ARG(line));
	}
	return set_part(place, part, err);
}

static bool read_number(const struct json *object, const char *name, uint64_t *number_out)
{
	const struct json *value = json_get(object, name);
	if (json_type(value) == JSON_STRING) {
		return bytes_to_u64(json_text(value), INT64_MAX, number_out);
	}
	double number = json_number(value);
	*number_out = number >= 0 && number < 0x1p63 ? (uint64_t)json_int(value) : 0;
	return json_type(value) == JSON_NUMBER && number >= 0 && number < 0x1p63;
}

bool zipnum_place_split(struct bytes line, struct bytes *prefix_out, struct bytes *json_out)
{
	size_t at = bytes_find(line, BYTES(" {"), 0);
	*prefix_out = bytes_slice(line, 0, at);
	*json_out = at == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(line, at + 1, line.len);
	return at != SIZE_MAX && at > 0;
}

static int parse_json(struct bytes line, struct zipnum_place *place, struct flong_error *err)
{
	struct bytes json;
	SCOPED(json_closep) struct json_document *document = NULL;
	if (!zipnum_place_split(line, &place->prefix, &json) ||
		json_parse(json, JSON_STRICT, &document, err) < 0) {
		return error_set(err, FLONG_E_FORMAT,
			"index of blocks: '" BYTES_FMT "' names no block", BYTES_ARG(line));
	}
	const struct json *object = json_root(document);
	int rc = set_part(place, json_text(json_get(object, "filename")), err);
	if (rc < 0) {
		return rc;
	}
	if (bytes_starts(line, BYTES("!meta "))) {
		return error_set(err, FLONG_E_UNSUPPORTED, "index of blocks: a header");
	}
	if (!read_number(object, "offset", &place->offset) ||
		!read_number(object, "length", &place->length)) {
		return error_set(err, FLONG_E_FORMAT,
			"index of blocks: no offset or length in '" BYTES_FMT "'", BYTES_ARG(line));
	}
	return FLONG_OK;
}

int zipnum_place_parse(struct bytes line, struct zipnum_place *place_out, struct flong_error *err)
{
	place_out->part[0] = '\0';
	return bytes_find_char(line, '\t', 0) != SIZE_MAX ? parse_tabs(line, place_out, err)
							  : parse_json(line, place_out, err);
}

bool zipnum_is_index(const char *path, struct bytes first_line)
{
	return bytes_ends(bytes_of(path), BYTES(EXTENSION)) ||
	       bytes_ends(bytes_of(path), BYTES(".summary")) ||
	       (bytes_starts(first_line, BYTES("!meta ")) &&
		       bytes_find(first_line, BYTES("cdxj-gzip"), 0) != SIZE_MAX);
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* The usual name: index.cdx.gz for index.idx. */
static void set_usual_part(struct zipnum_reader *reader)
{
	struct bytes name = bytes_of(files_base_name(reader->path));
	if (bytes_ends(name, BYTES(EXTENSION))) {
		name.len -= sizeof(EXTENSION) - 1;
	}
	struct buf text = {0};
	buf_add(&text, name);
	buf_add_text(&text, ".cdx.gz");
	struct zipnum_place place;
	struct flong_error ignored = {0};
	if (set_part(&place, buf_bytes(&text), &ignored) == FLONG_OK) {
		memcpy(reader->meta_part, place.part, sizeof(place.part));
	}
	buf_clear(&text);
}

int zipnum_reader_open(const char *path, struct zipnum_reader **reader_out, struct flong_error *err)
{
	struct line_file *index = NULL;
	int rc = line_file_open(path, &index, err);
	if (rc < 0) {
		return rc;
	}
	struct zipnum_reader *reader = ALLOC(struct zipnum_reader);
	const char *name = files_base_name(path);
	size_t folder = (size_t)(name - path);
	*reader = (struct zipnum_reader){.path = alloc_copy(path),
		.dir = folder == 0 ? alloc_copy(".") : alloc_text(path, folder),
		.index = index,
		.fd = -1,
		.line = {.max = LIMIT_INDEX_LINE_BYTES}};
	set_usual_part(reader);
	*reader_out = reader;
	return FLONG_OK;
}

static void end_block(struct zipnum_reader *reader)
{
	members_close(reader->members);
	reader->members = NULL;
	reader->view = (struct bytes){NULL, 0};
}

void zipnum_reader_close(struct zipnum_reader *reader)
{
	if (reader != NULL) {
		end_block(reader);
		files_close_fd(&reader->fd);
		line_file_close(reader->index);
		buf_clear(&reader->line);
		free(reader->path);
		free(reader->dir);
		free(reader);
	}
}

static int open_part(
	struct zipnum_reader *reader, const char part[ZIPNUM_NAME_SIZE], struct flong_error *err)
{
	if (reader->fd >= 0 && strcmp(reader->part, part) == 0) {
		return FLONG_OK;
	}
	files_close_fd(&reader->fd);
	SCOPED(free_textp) char *path = files_join(reader->dir, part);
	reader->fd = io_open(path, O_RDONLY, 0);
	if (reader->fd < 0) {
		return error_set_errno(err, errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO, errno,
			"cannot open %s", path);
	}
	memcpy(reader->part, part, sizeof(reader->part));
	return FLONG_OK;
}

static int start_block(
	struct zipnum_reader *reader, const struct zipnum_place *place, struct flong_error *err)
{
	end_block(reader);
	int rc = open_part(reader, place->part[0] == '\0' ? reader->meta_part : place->part, err);
	if (rc < 0) {
		return rc;
	}
	struct source *source =
		source_from_fd_range(reader->fd, (off_t)place->offset, place->length);
	reader->members = gunzip_open(intake_create(source, place->offset, WINDOW_BYTES));
	reader->is_inside = false;
	reader->block_offset = place->offset;
	buf_reset(&reader->line);
	return FLONG_OK;
}

/* Reads the line of the index at `at`; meta lines and empty ones are passed over. FLONG_END. */
static int read_place(struct zipnum_reader *reader, uint64_t *at, struct zipnum_place *place,
	struct flong_error *err)
{
	for (;;) {
		struct bytes line;
		int rc = line_file_read(reader->index, *at, &line, at, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		if (line.len == 0) {
			continue;
		}
		rc = zipnum_place_parse(line, place, err);
		if (rc != FLONG_E_UNSUPPORTED) {
			return rc < 0 ? error_context(err, "%s", reader->path) : rc;
		}
		if (place->part[0] != '\0') {
			memcpy(reader->meta_part, place->part, sizeof(place->part));
		}
		*err = (struct flong_error){0};
	}
}

/* What the meta line at the start says, for lines that name no file. */
static int read_meta(struct zipnum_reader *reader, struct flong_error *err)
{
	uint64_t at = 0;
	struct zipnum_place place;
	int rc = read_place(reader, &at, &place, err);
	return rc < 0 ? rc : FLONG_OK;
}

int zipnum_reader_seek(struct zipnum_reader *reader, struct bytes start, struct flong_error *err)
{
	end_block(reader);
	int rc = read_meta(reader, err);
	if (rc == FLONG_OK) {
		rc = line_file_search(reader->index, start, &reader->at, err);
	}
	/* The block before the first one that begins behind `start` may hold it. */
	if (rc == FLONG_OK && reader->at > 0) {
		rc = line_file_before(reader->index, reader->at, &reader->at, err);
	}
	return rc;
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Unpacks more of the block; FLONG_END at its end. */
static int fill(struct zipnum_reader *reader, struct flong_error *err)
{
	while (reader->view.len == 0) {
		int rc = reader->is_inside ? members_view(reader->members, &reader->view, err)
					   : members_next(reader->members, err);
		if (rc < 0 || (rc == FLONG_END && !reader->is_inside)) {
			return rc < 0 ? error_context(err, "%s/%s: block at offset %llu",
						reader->dir, reader->part,
						(unsigned long long)reader->block_offset)
				      : rc;
		}
		reader->is_inside = rc == FLONG_OK;
	}
	return FLONG_OK;
}

/* The next line of the block; FLONG_END at its end. */
static int next_in_block(
	struct zipnum_reader *reader, struct bytes *line_out, struct flong_error *err)
{
	buf_reset(&reader->line);
	for (;;) {
		int rc = fill(reader, err);
		if (rc < 0 || (rc == FLONG_END && reader->line.len == 0)) {
			return rc;
		}
		size_t end = bytes_find_char(reader->view, '\n', 0);
		struct bytes piece = bytes_slice(reader->view, 0, end);
		size_t used = end == SIZE_MAX ? reader->view.len : end + 1;
		reader->view = bytes_slice(reader->view, used, reader->view.len);
		buf_add(&reader->line, piece);
		if (buf_failed(&reader->line)) {
			return error_set(err, FLONG_E_LIMIT, "%s/%s: a line is over %zu bytes",
				reader->dir, reader->part, LIMIT_INDEX_LINE_BYTES);
		}
		if (end != SIZE_MAX || rc == FLONG_END) {
			struct bytes line = buf_bytes(&reader->line);
			if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
				line.len--;
			}
			*line_out = line;
			return FLONG_OK;
		}
	}
}

int zipnum_reader_next(struct zipnum_reader *reader, struct bytes end, struct bytes *line_out,
	struct flong_error *err)
{
	for (;;) {
		int rc = reader->members == NULL ? FLONG_END : next_in_block(reader, line_out, err);
		if (rc != FLONG_END) {
			return rc;
		}
		end_block(reader);
		struct zipnum_place place;
		uint64_t next = reader->at;
		rc = read_place(reader, &next, &place, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		if (end.len > 0 && bytes_compare(place.prefix, end) >= 0) {
			return FLONG_END;
		}
		reader->at = next;
		rc = start_block(reader, &place, err);
		if (rc < 0) {
			return rc;
		}
	}
}
