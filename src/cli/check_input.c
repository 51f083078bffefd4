/* SPDX-License-Identifier: MIT */
/* check_input.c - a look at the first bytes, which are then read again from the start */
#include "cli/check_input.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/alloc.h"

enum { LOOK_BYTES = 4096, TIMESTAMP_DIGITS = 14 };

/* Gives the bytes that were looked at, then the rest. */
struct looked_source {
	struct source base;
	struct source *inner; /* owned */
	char head[LOOK_BYTES];
	size_t at, end;
};

static int looked_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct looked_source *self = (struct looked_source *)source;
	size_t left = self->end - self->at;
	if (left == 0) {
		return source_read(self->inner, room, max, got_out, err);
	}
	*got_out = left < max ? left : max;
	memcpy(room, self->head + self->at, *got_out);
	self->at += *got_out;
	return FLONG_OK;
}

static void looked_close(struct source *source)
{
	struct looked_source *self = (struct looked_source *)source;
	source_close(self->inner);
	free(self);
}

/* Reads the first bytes; a pipe gives them in pieces. */
static int look(struct looked_source *self, struct flong_error *err)
{
	int rc = FLONG_OK;
	while (rc == FLONG_OK && self->end < LOOK_BYTES) {
		size_t got = 0;
		rc = source_read(
			self->inner, self->head + self->end, LOOK_BYTES - self->end, &got, err);
		self->end += rc == FLONG_OK ? got : 0;
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static bool is_cdxj_line(struct bytes line)
{
	struct bytes key;
	struct bytes timestamp;
	struct bytes json;
	if (!bytes_cut(line, ' ', &key, &json) || !bytes_cut(json, ' ', &timestamp, &json)) {
		return false;
	}
	for (size_t i = 0; i < timestamp.len; i++) {
		if (!char_is_digit(timestamp.ptr[i])) {
			return false;
		}
	}
	return timestamp.len >= TIMESTAMP_DIGITS && bytes_starts(json, BYTES("{"));
}

static enum check_kind kind_of_bytes(struct bytes head)
{
	struct bytes rest = head;
	struct bytes line;
	bool has_line = bytes_next_line(&rest, &line);
	if (!has_line || bytes_starts(head, BYTES("WARC/"))) {
		return CHECK_KIND_WARC;
	}
	if (bytes_starts(head, BYTES(" CDX ")) || bytes_starts(head, BYTES("!meta ")) ||
		is_cdxj_line(line)) {
		return CHECK_KIND_INDEX;
	}
	bool is_json = line.ptr[0] == '{' && bytes_find(line, BYTES("json-pages-"), 0) != SIZE_MAX;
	return is_json ? CHECK_KIND_PAGES : CHECK_KIND_WARC;
}

/* True when the name alone tells. */
static bool kind_of_name(struct bytes name, enum check_kind *kind_out)
{
	static const struct {
		const char *suffix;
		enum check_kind kind;
	} rows[] = {
		{".warc", CHECK_KIND_WARC},
		{".warc.gz", CHECK_KIND_WARC},
		{".warc.zst", CHECK_KIND_WARC},
		{".cdx", CHECK_KIND_INDEX},
		{".cdxj", CHECK_KIND_INDEX},
		{".cdx.gz", CHECK_KIND_INDEX},
		{".cdxj.gz", CHECK_KIND_INDEX},
		{".jsonl", CHECK_KIND_PAGES},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (bytes_ends(name, bytes_of(rows[i].suffix))) {
			*kind_out = rows[i].kind;
			return true;
		}
	}
	return false;
}

static bool is_file(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

int check_input_open(const char *path, enum check_kind *kind_out, struct source **source_out,
	struct flong_error *err)
{
	static const struct source_ops ops = {.read = looked_read, .close = looked_close};
	struct source *source = NULL;
	int rc = source_open_file(path, &source, err);
	*source_out = source;
	if (rc != FLONG_OK || kind_of_name(bytes_of(path), kind_out)) {
		return rc;
	}
	struct looked_source *self = ALLOC(struct looked_source);
	self->base.ops = &ops;
	self->inner = source;
	*source_out = &self->base;
	rc = look(self, err);
	*kind_out = kind_of_bytes(bytes_from(self->head, self->end));
	if (rc == FLONG_OK && is_file(path)) { /* which can be read from any place: keep that */
		source_close(*source_out);
		return source_open_file(path, source_out, err);
	}
	if (rc != FLONG_OK) {
		source_close(*source_out);
		*source_out = NULL;
	}
	return rc;
}
