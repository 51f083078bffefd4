/* SPDX-License-Identifier: MIT */
/* originals_file.c - the WARC file that originals are copied into */
#include "index/originals_file.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "base/spool.h"
#include "base/zstd.h"
#include "warc/capture.h"
#include "warc/segment.h"

enum { LEVEL = 6 };

struct originals_file {
	const struct originals_file_options *options; /* borrowed */
	struct segment *segment;                      /* owned; NULL until the first record */
	struct deflater *deflater;                    /* owned; NULL until it is needed */
	struct buf infos; /* ids of the warcinfo records that were copied, a line each */
	uint64_t count;
};

/* Where a record is, and whether it is in the new file. */
struct taken {
	uint64_t offset, length; /* length 0: none */
	struct buf id;           /* owned */
	struct buf answers;      /* owned: the reply that it names */
	bool is_copied;
};

/* One file that is read. */
struct taking {
	struct originals_file *file;
	const struct originals_input *input;
	struct reader *reader; /* owned */
	struct taken info;     /* the warcinfo record in effect */
	struct taken request;  /* the record before, if it is a request */
	struct buf original;   /* owned: id of the response that was copied last */
	uint64_t wanted;       /* offset of the next one; UINT64_MAX: none */
};

static void taken_clear(struct taken *taken)
{
	buf_clear(&taken->id);
	buf_clear(&taken->answers);
}

static void taking_clear(struct taking *taking)
{
	reader_close(taking->reader);
	taken_clear(&taking->info);
	taken_clear(&taking->request);
	buf_clear(&taking->original);
}

struct originals_file *originals_file_create(const struct originals_file_options *options)
{
	struct originals_file *file = ALLOC(struct originals_file);
	file->options = options;
	return file;
}

void originals_file_close(struct originals_file *file)
{
	if (file == NULL) {
		return;
	}
	segment_close(file->segment);
	deflater_close(file->deflater);
	buf_clear(&file->infos);
	free(file);
}

uint64_t originals_file_count(const struct originals_file *file)
{
	return file->count;
}

static int begin_segment(struct originals_file *file, struct flong_error *err)
{
	const struct originals_file_options *options = file->options;
	const struct segment_options segment = {
		.exact_name = options->name,
		.now_ms = options->now_ms,
		.level = LEVEL,
		.algorithm = options->algorithm,
		.is_foreign = options->is_foreign,
	};
	return file->segment == NULL ? segment_create(options->dir, &segment, &file->segment, err)
				     : FLONG_OK;
}

/* Unpacks the zstd frames of a record, which end at `end`. Takes `source`. */
static int unpack_frames(struct source *source_take, uint64_t offset, uint64_t end,
	struct spool *spool, struct flong_error *err)
{
	struct intake *intake = intake_create(source_take, offset, LIMIT_STORED_WINDOW_BYTES);
	SCOPED(members_closep) struct members *frames = zstd_open(intake);
	int rc = FLONG_OK;
	do {
		struct bytes view;
		rc = members_next(frames, err);
		while (rc == FLONG_OK) {
			rc = members_view(frames, &view, err);
			if (rc == FLONG_OK) {
				rc = spool_write(spool, view, err);
			}
		}
	} while (rc == FLONG_END && frames->is_inside == false && frames->end < end &&
		 frames->end > offset);
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* All bytes of a record that is no gzip member. */
static int read_record(const struct taking *taking, uint64_t offset, uint64_t length,
	struct spool *spool, struct flong_error *err)
{
	const struct originals_input *input = taking->input;
	struct source *stored = NULL;
	int rc = input->open_stored(input->context, offset, &stored, err);
	if (rc < 0) {
		return rc;
	}
	if (reader_form(taking->reader) == READER_ZSTD) {
		rc = unpack_frames(stored, offset, offset + length, spool, err);
	} else {
		SCOPED(source_closep) struct source *whole = stored;
		SCOPED(source_closep) struct source *part = source_limit(whole, length);
		char room[16384];
		size_t got = 0;
		while (rc == FLONG_OK) {
			rc = source_read(part, room, sizeof(room), &got, err);
			rc = rc == FLONG_OK ? spool_write(spool, bytes_from(room, got), err) : rc;
		}
		rc = rc == FLONG_END ? FLONG_OK : rc;
	}
	return rc == FLONG_OK ? spool_finish(spool, err) : rc;
}

static int copy_packed(
	const struct taking *taking, uint64_t offset, uint64_t length, struct flong_error *err)
{
	struct originals_file *file = taking->file;
	const char *dir = file->options->temp_dir;
	SCOPED(spool_closep)
	struct spool *spool = spool_create(dir, LIMIT_SPOOL_MEMORY_BYTES, SPOOL_PLAIN, 0);
	const struct gzip_part part = {.form = GZIP_DEFLATE, .spool = spool};
	struct member member = {.type = RECORD_OTHER};
	const struct capture_group group = {.members = &member, .count = 1};
	int rc = read_record(taking, offset, length, spool, err);
	if (rc < 0) {
		return rc;
	}
	file->deflater = file->deflater == NULL ? deflater_create(LEVEL) : file->deflater;
	rc = member_seal(&member, &part, 1, file->deflater, dir, err);
	if (rc == FLONG_OK) {
		rc = segment_append(file->segment, &group, NULL, err);
	}
	member_clear(&member);
	return rc;
}

static int copy(
	const struct taking *taking, uint64_t offset, uint64_t length, struct flong_error *err)
{
	const struct originals_input *input = taking->input;
	int rc = begin_segment(taking->file, err);
	if (rc < 0) {
		return rc;
	}
	if (reader_form(taking->reader) != READER_GZIP) {
		return copy_packed(taking, offset, length, err);
	}
	SCOPED(source_closep) struct source *stored = NULL;
	rc = input->open_stored(input->context, offset, &stored, err);
	if (rc == FLONG_OK) {
		rc = segment_append_stored(taking->file->segment, stored, length, err);
	}
	return rc < 0 ? error_context(err, "%s", input->name) : rc;
}

/* Puts the warcinfo record in effect before what comes, once. */
static int copy_info(struct taking *taking, struct flong_error *err)
{
	struct taken *info = &taking->info;
	struct buf *infos = &taking->file->infos;
	struct bytes rest = buf_bytes(infos);
	struct bytes line;
	bool is_there = info->length == 0 || info->is_copied;
	while (!is_there && bytes_next_line(&rest, &line)) {
		is_there = info->id.len > 0 && bytes_equal(line, buf_bytes(&info->id));
	}
	info->is_copied = true;
	if (is_there) {
		return FLONG_OK;
	}
	buf_add(infos, buf_bytes(&info->id));
	buf_add_char(infos, '\n');
	return copy(taking, info->offset, info->length, err);
}

static bool belongs(const struct taking *taking, const struct reader_record *record)
{
	static const char *const names[] = {"WARC-Concurrent-To", "WARC-Refers-To"};
	bool is_reply = record->type == RECORD_RESPONSE || record->type == RECORD_REVISIT ||
			record->type == RECORD_RESOURCE;
	for (size_t i = 0; !is_reply && taking->original.len > 0 && i < 2; i++) {
		if (bytes_equal(reader_uri(record, names[i]), buf_bytes(&taking->original))) {
			return true;
		}
	}
	return false;
}

/* Some writers put the request before the response, and either names the other. */
static bool is_asked_by(const struct reader_record *record, const struct taken *request)
{
	struct bytes id = reader_uri(record, "WARC-Record-ID");
	return request->length > 0 && !request->is_copied &&
	       ((id.len > 0 && bytes_equal(id, buf_bytes(&request->answers))) ||
		       (request->id.len > 0 && bytes_equal(reader_uri(record, "WARC-Concurrent-To"),
						       buf_bytes(&request->id))));
}

static void remember(struct taken *taken, const struct reader_record *record)
{
	taken->offset = record->offset;
	taken->length = record->length;
	taken->is_copied = false;
	buf_reset(&taken->id);
	buf_add(&taken->id, reader_uri(record, "WARC-Record-ID"));
	buf_reset(&taken->answers);
	buf_add(&taken->answers, reader_uri(record, "WARC-Concurrent-To"));
}

static int copy_record(struct taking *taking, const struct reader_record *record, bool is_wanted,
	struct flong_error *err)
{
	if ((record->oddities & READER_ODD_SHARED) != 0) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"%s: several records are in the gzip member at offset %llu; 'flong repair' "
			"makes a file with one in each",
			taking->input->name, (unsigned long long)record->offset);
	}
	int rc = copy_info(taking, err);
	if (rc == FLONG_OK && is_wanted && is_asked_by(record, &taking->request)) {
		rc = copy(taking, taking->request.offset, taking->request.length, err);
	}
	return rc == FLONG_OK ? copy(taking, record->offset, record->length, err) : rc;
}

/* Copies the record that the reader stands in when it is the one that is wanted, or belongs to the
 * one before. */
static int take_record(
	struct taking *taking, const struct reader_record *record, struct flong_error *err)
{
	bool is_wanted = record->offset == taking->wanted;
	bool is_copied = is_wanted || belongs(taking, record);
	int rc = reader_finish(taking->reader, err);
	if (rc < 0) {
		return rc;
	}
	if (is_wanted) {
		buf_reset(&taking->original);
		buf_add(&taking->original, reader_uri(record, "WARC-Record-ID"));
	}
	if (record->type == RECORD_WARCINFO) {
		remember(&taking->info, record);
	}
	if (is_copied) {
		rc = copy_record(taking, record, is_wanted, err);
	}
	if (record->type == RECORD_REQUEST) {
		remember(&taking->request, record);
		taking->request.is_copied = is_copied;
	} else {
		taking->request.length = 0;
	}
	taking->file->count += is_wanted && rc == FLONG_OK;
	return rc;
}

static int next_wanted(struct taking *taking, struct flong_error *err)
{
	int rc = taking->input->next(taking->input->context, &taking->wanted, err);
	if (rc == FLONG_END) {
		taking->wanted = UINT64_MAX;
		return FLONG_OK;
	}
	return rc;
}

/* What is behind damage; the failure itself where it is not to be passed over. */
static int pass_damage(const struct taking *taking, int failure, struct flong_error *err)
{
	bool is_damage =
		failure == FLONG_E_DAMAGED || failure == FLONG_E_FORMAT || failure == FLONG_E_LIMIT;
	struct reader_gap gap = {0};
	struct flong_error later = {0};
	if (!is_damage || !taking->input->passes_damage) {
		return failure;
	}
	int rc = reader_resync(taking->reader, &gap, &later);
	if (taking->wanted < gap.to || rc < 0) {
		return failure; /* what is wanted is in the damage */
	}
	(void)err;
	return rc;
}

int originals_file_take(
	struct originals_file *file, const struct originals_input *input, struct flong_error *err)
{
	SCOPED(taking_clear) struct taking taking = {.file = file, .input = input};
	const struct reader_record *record = NULL;
	int rc = next_wanted(&taking, err);
	if (rc == FLONG_OK) {
		rc = input->open(input->context, &taking.reader, err);
	}
	while (rc == FLONG_OK) {
		rc = reader_next(taking.reader, &record, err);
		bool is_wanted = rc == FLONG_OK && record->offset == taking.wanted;
		if (rc == FLONG_OK) {
			rc = take_record(&taking, record, err);
		}
		if (rc == FLONG_OK && is_wanted) {
			rc = next_wanted(&taking, err);
		} else if (rc < 0) {
			rc = pass_damage(&taking, rc, err);
		}
	}
	if (rc == FLONG_END && taking.wanted != UINT64_MAX) {
		return error_set(err, FLONG_E_DAMAGED, "%s has no record at offset %llu",
			input->name, (unsigned long long)taking.wanted);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

int originals_file_finish(struct originals_file *file, struct flong_error *err)
{
	return file->segment == NULL ? FLONG_OK : segment_finish(file->segment, NULL, err);
}
