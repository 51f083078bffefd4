/* SPDX-License-Identifier: MIT */
/* segment.c - one WARC file from its warcinfo record to its final name */
#include "warc/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "warc/segment_check.h"

#define CONFORMS_TO "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

struct segment {
	char *dir;  /* owned */
	char *name; /* owned: final base name */
	char *path; /* owned: as it is now */
	int fd;
	uint64_t size;   /* whole groups; the file's length unless broken */
	uint64_t last;   /* offset of the last record */
	bool is_foreign; /* its records may break rules, if they are whole */
	bool is_closed;  /* finished, or bytes behind `size` could not be cut off */
	char warcinfo_id[RECORD_ID_SIZE];
	struct buf pending;          /* owned: of the group that is being appended */
	struct segment_check *check; /* owned; NULL when it was not begun */
};

/* Bytes of a group that are collected before they are written: most groups are one write. What is
 * longer is written from where it is. */
#define PENDING_BYTES ((size_t)64 << 10)

/* Writes to the segment's end and digests what it writes. */
struct place_sink {
	struct sink base;
	struct segment *segment;   /* borrowed */
	struct digester *digester; /* borrowed; NULL for a member that has its digest */
	uint64_t length;
};

static int flush_pending(struct segment *segment, struct flong_error *err)
{
	int rc = files_write_all(segment->fd, buf_bytes(&segment->pending), segment->path, err);
	buf_reset(&segment->pending);
	return rc;
}

static int place_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct place_sink *s = (struct place_sink *)sink;
	if (s->digester != NULL) {
		digester_add(s->digester, b);
	}
	s->length += b.len;
	if (s->segment->pending.len + b.len > PENDING_BYTES) {
		int rc = flush_pending(s->segment, err);
		if (rc != FLONG_OK || b.len > PENDING_BYTES) {
			return rc != FLONG_OK
				       ? rc
				       : files_write_all(s->segment->fd, b, s->segment->path, err);
		}
	}
	buf_add(&s->segment->pending, b);
	return FLONG_OK;
}

static void add_name_part(struct buf *name, const char *part)
{
	for (; part != NULL && *part != '\0'; part++) {
		bool is_plain = char_is_alnum(*part) || strchr("._-", *part) != NULL;
		buf_add_char(name, is_plain ? *part : '-');
	}
}

static char *make_name(const struct segment_options *options)
{
	struct buf name = {0};
	char stamp[CLOCK_DIGITS_SIZE];
	if (options->exact_name != NULL) {
		return alloc_copy(options->exact_name);
	}
	clock_format_digits17(options->now_ms, stamp);
	add_name_part(&name, options->prefix);
	buf_addf(&name, "-%s-%05u-", stamp, options->serial);
	add_name_part(&name, options->host);
	buf_add_text(&name, options->level == 0 ? ".warc" : ".warc.gz");
	return buf_take(&name);
}

static void set_path(struct segment *segment, const char *suffix)
{
	struct buf base = {0};
	buf_addf(&base, "%s%s", segment->name, suffix);
	SCOPED(free_textp) char *text = buf_take(&base);
	free(segment->path);
	segment->path = files_join(segment->dir, text);
}

static struct segment *allocate(const char *dir, char *name_take)
{
	struct segment *segment = ALLOC(struct segment);
	segment->dir = alloc_copy(dir);
	segment->name = name_take;
	segment->fd = -1;
	set_path(segment, ".open");
	return segment;
}

void segment_close(struct segment *segment)
{
	if (segment != NULL) {
		segment_check_close(segment->check);
		files_close_fd(&segment->fd);
		buf_clear(&segment->pending);
		free(segment->dir);
		free(segment->name);
		free(segment->path);
		free(segment);
	}
}

static void add_info(struct buf *block, const char *name, const char *value)
{
	if (value != NULL) {
		record_add_field(block, name, bytes_of(value));
	}
}

static void make_info(const struct segment_info *info, struct buf *block)
{
	static const struct segment_info none;
	info = info == NULL ? &none : info;
	add_info(block, "software",
		info->software == NULL ? "flong/" FLONG_VERSION : info->software);
	add_info(block, "format", "WARC File Format 1.1");
	add_info(block, "conformsTo", CONFORMS_TO);
	add_info(block, "robots", info->robots);
	add_info(block, "operator", info->operator_name);
	add_info(block, "hostname", info->hostname);
	add_info(block, "http-header-user-agent", info->user_agent);
	add_info(block, "isPartOf", info->is_part_of);
	add_info(block, "description", info->description);
	add_info(block, "flong-arguments", info->arguments);
}

static int append_warcinfo(
	struct segment *segment, const struct segment_options *options, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf block = {0};
	SCOPED(deflater_closep)
	struct deflater *deflater = options->level == 0 ? NULL : deflater_create(options->level);
	make_info(options->info, &block);
	struct capture_options capture = {.algorithm = options->algorithm, .ids = options->ids};
	struct capture_single single = {.type = RECORD_WARCINFO,
		.id = options->warcinfo_id,
		.date_ms = options->now_ms,
		.block = buf_bytes(&block),
		.filename = segment->name};
	SCOPED(capture_group_clear) struct capture_group group = {0};
	int rc = capture_compose_record(&single, &capture, deflater, &group, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	memcpy(segment->warcinfo_id, group.members[0].id, RECORD_ID_SIZE);
	segment->is_foreign = options->is_foreign;
	return segment_append(segment, &group, NULL, err);
}

int segment_create(const char *dir, const struct segment_options *options,
	struct segment **segment_out, struct flong_error *err)
{
	*segment_out = NULL;
	SCOPED(segment_closep) struct segment *segment = allocate(dir, make_name(options));
	SCOPED(free_textp) char *final = files_join(dir, segment->name);
	if (files_exists(final)) {
		return error_set(err, FLONG_E_EXISTS, "'%s' exists already", final);
	}
	segment->fd = io_open(segment->path, O_RDWR | O_CREAT | O_EXCL, 0640);
	if (segment->fd < 0) {
		int code = errno == EEXIST ? FLONG_E_EXISTS : FLONG_E_IO;
		return error_set_errno(err, code, errno, "making '%s'", segment->path);
	}
	int rc = append_warcinfo(segment, options, err);
	if (rc != FLONG_OK) {
		(void)io_unlink(segment->path);
		return rc;
	}
	*segment_out = TAKE(segment);
	return FLONG_OK;
}

/* Reads the warcinfo record: its id, and where the next one begins. */
static int read_warcinfo(struct segment *segment, uint64_t *end_out, struct flong_error *err)
{
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record;
	int rc = reader_open(segment->path, &reader, err);
	if (rc == FLONG_OK) {
		rc = reader_next(reader, &record, err);
	}
	if (rc == FLONG_OK) {
		struct bytes id = reader_uri(record, "WARC-Record-ID");
		if (record->type != RECORD_WARCINFO || id.len >= RECORD_ID_SIZE) {
			return error_set(err, FLONG_E_DAMAGED,
				"'%s' does not begin with a warcinfo record", segment->path);
		}
		memcpy(segment->warcinfo_id, id.ptr, id.len);
		rc = reader_finish(reader, err);
	}
	if (rc != FLONG_OK) {
		return error_set(
			err, FLONG_E_DAMAGED, "'%s' has no whole warcinfo record", segment->path);
	}
	*end_out = reader_good_end(reader);
	return FLONG_OK;
}

/* Reads records from an offset on, up to the one that ends at `size` (0: the last whole one). The
 * segment ends behind the last of them. */
static void read_records(struct segment *segment, uint64_t from, uint64_t size)
{
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record;
	struct flong_error reason; /* that it is no whole record is all that counts */
	int rc = reader_open_at(segment->path, from, &reader, &reason);
	while (rc == FLONG_OK && (size == 0 || segment->size < size)) {
		rc = reader_next(reader, &record, &reason);
		if (rc == FLONG_OK) {
			rc = reader_finish(reader, &reason);
		}
		if (rc == FLONG_OK) {
			segment->last = record->offset;
			segment->size = reader_good_end(reader);
		}
	}
}

/* Finds where the file is to be cut. */
static int survey(struct segment *segment, struct segment_end acknowledged, struct flong_error *err)
{
	int rc = read_warcinfo(segment, &segment->size, err);
	if (rc < 0) {
		return rc;
	}
	read_records(segment, acknowledged.last > 0 ? acknowledged.last : segment->size,
		acknowledged.size);
	if (acknowledged.size > 0 && segment->size != acknowledged.size) {
		return error_set(err, FLONG_E_DAMAGED,
			"'%s' was written up to offset %llu, but no whole record ends there",
			segment->path, (unsigned long long)acknowledged.size);
	}
	return FLONG_OK;
}

int segment_reopen(const char *dir, const char *open_name, struct segment_end acknowledged,
	struct segment **segment_out, struct flong_error *err)
{
	*segment_out = NULL;
	struct bytes name = bytes_of(open_name);
	if (!bytes_ends(name, BYTES(".open"))) {
		return error_set(err, FLONG_E_USAGE, "'%s' is no open segment", open_name);
	}
	SCOPED(segment_closep)
	struct segment *segment = allocate(dir, alloc_text(name.ptr, name.len - 5));
	segment->fd = io_open(segment->path, O_RDWR | O_NOFOLLOW, 0);
	if (segment->fd < 0) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "opening '%s'", segment->path);
	}
	int rc = survey(segment, acknowledged, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (io_truncate(segment->fd, segment->size) != 0 || lseek(segment->fd, 0, SEEK_END) < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cutting '%s'", segment->path);
	}
	*segment_out = TAKE(segment);
	return FLONG_OK;
}

/* Cuts off what a failed append left behind. */
static int undo_append(struct segment *segment, struct flong_error *err)
{
	if (io_truncate(segment->fd, segment->size) != 0 ||
		lseek(segment->fd, (off_t)segment->size, SEEK_SET) < 0) {
		segment->is_closed = true;
		return error_context(err, "'%s' has a piece of a record behind offset %llu",
			segment->path, (unsigned long long)segment->size);
	}
	return error_context(
		err, "'%s' ends at offset %llu", segment->path, (unsigned long long)segment->size);
}

int segment_append(struct segment *segment, const struct capture_group *group,
	struct segment_place *places_out, struct flong_error *err)
{
	static const struct sink_ops ops = {.write = place_write};
	if (segment->is_closed) {
		return error_set(err, FLONG_E_IO, "'%s' cannot be written any more", segment->path);
	}
	if (group->warcinfo_id[0] != '\0' &&
		strcmp(group->warcinfo_id, segment->warcinfo_id) != 0) {
		return error_set(
			err, FLONG_E_USAGE, "records of another segment than '%s'", segment->path);
	}
	SCOPED(digester_closep) struct digester *digester = digester_create(DIGEST_SHA256);
	uint64_t end = segment->size;
	uint64_t last = segment->last;
	for (size_t i = 0; i < group->count; i++) {
		const struct member *member = &group->members[i];
		struct place_sink sink = {
			{&ops}, segment, member->has_stored_digest ? NULL : digester, 0};
		int rc = member_write(member, &sink.base, err);
		if (rc == FLONG_OK && i + 1 == group->count) {
			rc = flush_pending(segment, err);
		}
		if (rc != FLONG_OK) {
			buf_reset(&segment->pending);
			(void)undo_append(segment, err);
			return rc;
		}
		if (places_out != NULL) {
			places_out[i].offset = end;
			places_out[i].length = sink.length;
			places_out[i].record = member->has_stored_digest ? member->stored_digest
									 : digester_end(digester);
		}
		last = end;
		end += sink.length;
	}
	segment->size = end;
	segment->last = last;
	return FLONG_OK;
}

static int copy_stored(
	struct segment *segment, struct source *source, uint64_t length, struct flong_error *err)
{
	char room[32768];
	while (length > 0) {
		size_t got = 0;
		size_t most = length < sizeof(room) ? (size_t)length : sizeof(room);
		int rc = source_read(source, room, most, &got, err);
		if (rc == FLONG_OK) {
			rc = files_write_all(
				segment->fd, bytes_from(room, got), segment->path, err);
		}
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? error_set(err, FLONG_E_DAMAGED,
							 "the file ends within a record")
					       : rc;
		}
		length -= got;
	}
	return FLONG_OK;
}

int segment_append_stored(
	struct segment *segment, struct source *source, uint64_t length, struct flong_error *err)
{
	if (segment->is_closed) {
		return error_set(err, FLONG_E_IO, "'%s' cannot be written any more", segment->path);
	}
	int rc = copy_stored(segment, source, length, err);
	if (rc < 0) {
		(void)undo_append(segment, err);
		return rc;
	}
	segment->last = segment->size;
	segment->size += length;
	return FLONG_OK;
}

uint64_t segment_size(const struct segment *segment)
{
	return segment->size;
}

struct segment_end segment_end(const struct segment *segment)
{
	return (struct segment_end){segment->size, segment->last};
}

const char *segment_name(const struct segment *segment)
{
	return segment->name;
}

const char *segment_path(const struct segment *segment)
{
	return segment->path;
}

const char *segment_warcinfo_id(const struct segment *segment)
{
	return segment->warcinfo_id;
}

int segment_sync(struct segment *segment, struct flong_error *err)
{
	if (io_sync_data(segment->fd) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "syncing '%s'", segment->path);
	}
	return FLONG_OK;
}

struct sync_file segment_file(const struct segment *segment)
{
	return (struct sync_file){segment->fd, segment->path};
}

int segment_begin_check(
	struct segment *segment, const struct check_hooks *hooks, struct flong_error *err)
{
	return segment_check_begin(segment->path, segment->name, hooks, &segment->check, err);
}

void segment_let_check(struct segment *segment)
{
	if (segment->check != NULL) {
		segment_check_advance(segment->check, segment->size);
	}
}

static int check(struct segment *segment, const struct check_hooks *hooks,
	struct check_summary *summary_out, struct flong_error *err)
{
	if (segment->check != NULL) {
		return segment_check_end(segment->check, segment->size, summary_out, err);
	}
	const struct check_options options = {
		.is_ours = !segment->is_foreign, .name = segment->name};
	return check_file(segment->path, &options, hooks, summary_out, err);
}

int segment_finish(
	struct segment *segment, const struct check_hooks *hooks, struct flong_error *err)
{
	struct check_summary summary;
	int rc = check(segment, hooks, &summary, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (summary.errors > 0 && (!segment->is_foreign || summary.skipped > 0)) {
		*err = summary.first;
		(void)error_context(err, "'%s'", segment->path);
		return FLONG_E_DAMAGED;
	}
	if (summary.bytes != segment->size) {
		return error_set(err, FLONG_E_DAMAGED, "'%s' ends at offset %llu instead of %llu",
			segment->path, (unsigned long long)summary.bytes,
			(unsigned long long)segment->size);
	}
	rc = files_finish(&segment->fd, segment->path, err);
	SCOPED(free_textp) char *final = files_join(segment->dir, segment->name);
	if (rc == FLONG_OK) {
		rc = files_rename_new(segment->path, final, err);
	}
	if (rc == FLONG_OK) {
		set_path(segment, "");
		segment->is_closed = true; /* a final file takes no more */
	}
	return rc;
}

int segment_finished_bytes(const char *dir, uint64_t *bytes_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf names = {0};
	*bytes_out = 0;
	int rc = files_list(dir, "", &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		SCOPED(free_textp) char *path = files_join(dir, names.ptr + at);
		uint64_t size = 0;
		rc = bytes_ends(bytes_of(path), BYTES(".open")) ? FLONG_OK
								: files_size(path, &size, err);
		*bytes_out += size;
	}
	return rc;
}
