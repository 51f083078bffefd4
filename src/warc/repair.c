/* SPDX-License-Identifier: MIT */
/* repair.c - every whole record of a file, stored anew
 *
 * Each record is read into a spool, given its new head, and shown to the checker as a file of one
 * record: what the checker says decides what becomes of it. */
#include "warc/repair.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "base/spool.h"
#include "base/zstd.h"
#include "warc/check.h"
#include "warc/repair_head.h"

enum { READ_BYTES = 65536 };
#define TRAILER "\r\n\r\n"

/* One repair. */
struct repair {
	const struct repair_options *options; /* borrowed */
	struct repair_summary *summary;       /* borrowed */
	struct sink *out;                     /* borrowed */
	struct record_ids random;
	struct deflater *deflater;  /* owned; NULL unless gzip */
	struct zstd_packer *packer; /* owned; NULL unless zstd */
	char *room;                 /* owned */
	/* The current record. */
	const struct reader_record *record; /* borrowed */
	struct spool *block;                /* owned */
	char first[8];                      /* bytes of the block */
	struct bytes start;                 /* those that there are */
	struct buf head, notes;
};

/* What the checker says of one record. */
struct judgement {
	bool fails_block, fails_payload; /* digests that do not match, or only in another reading */
	bool is_cut;                     /* the HTTP body has fewer bytes than its head says */
	bool is_bad;                     /* other errors */
	struct buf reason;               /* the first of them */
	const struct reader_record *record; /* borrowed */
	/* Fields that can be done without and whose values are wrong. */
	struct bytes invalid[REPAIR_INVALID_FIELDS];
	size_t invalid_count;
};

static void tell(const struct repair *repair, enum repair_kind kind, struct reader_gap place,
	const char *text)
{
	if (repair->options->event == NULL) {
		return;
	}
	struct repair_event event = {
		.kind = kind, .from = place.from, .to = place.to, .text = text};
	if (kind != REPAIR_LOST) {
		event.record = reader_uri(repair->record, "WARC-Record-ID");
	}
	repair->options->event(repair->options->context, &event);
}

static struct reader_gap place_of(const struct reader_record *record)
{
	return (struct reader_gap){record->offset, record->offset + record->length};
}

/* The record as it will be: a source of head, block and trailer. */
static int open_record(
	const struct repair *repair, struct source **source_out, struct flong_error *err)
{
	struct source *block = NULL;
	int rc = spool_open(repair->block, &block, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	struct source *parts[] = {source_from_bytes(buf_bytes(&repair->head)), block,
		source_from_bytes(BYTES(TRAILER))};
	*source_out = source_join(parts, sizeof(parts) / sizeof(parts[0]));
	return FLONG_OK;
}

/* The field that a finding is about: its text begins with the name. Empty when the record cannot do
 * without it, or it is about something else. */
static struct bytes field_of(const struct judgement *judgement, struct bytes text)
{
	static const char *const needed[] = {
		"WARC-Type", "WARC-Record-ID", "WARC-Date", "WARC-Target-URI", "Content-Length"};
	struct bytes name = bytes_slice(text, 0, bytes_find_char(text, ' ', 0));
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(needed[i]))) {
			return (struct bytes){NULL, 0};
		}
	}
	const struct headers *headers = &judgement->record->headers;
	for (size_t i = 0; i < headers->count; i++) {
		if (bytes_equal_nocase(name, headers->fields[i].name)) {
			return headers->fields[i].name;
		}
	}
	return (struct bytes){NULL, 0};
}

static void take_error(struct judgement *judgement, const struct check_finding *finding)
{
	struct bytes name = field_of(judgement, bytes_of(finding->text));
	bool is_known = false;
	for (size_t i = 0; i < judgement->invalid_count; i++) {
		is_known = is_known || bytes_equal_nocase(name, judgement->invalid[i]);
	}
	if (name.len > 0 && !is_known && judgement->invalid_count < REPAIR_INVALID_FIELDS) {
		judgement->invalid[judgement->invalid_count++] = name;
	} else if (!judgement->is_bad) {
		judgement->is_bad = true;
		buf_addf(&judgement->reason, "%s (%s)", finding->text, finding->rule);
	}
}

static void take_finding(void *context, const struct check_finding *finding)
{
	struct judgement *judgement = context;
	bool is_block = strcmp(finding->rule, "W-12") == 0;
	bool is_payload = strcmp(finding->rule, "W-13") == 0;
	if (is_payload && finding->severity >= CHECK_WARNING) {
		judgement->fails_payload = true;
	} else if (is_block && finding->severity >= CHECK_WARNING) {
		judgement->fails_block = true;
	} else if (strcmp(finding->rule, "W-16") == 0 && finding->severity == CHECK_WARNING) {
		judgement->is_cut = true;
	} else if (finding->severity == CHECK_ERROR) {
		take_error(judgement, finding);
	}
}

static int judge(const struct repair *repair, struct judgement *judgement, struct flong_error *err)
{
	struct source *source = NULL;
	struct check_summary summary;
	const struct check_options options = {.leaves_ids = true};
	const struct check_hooks hooks = {.finding = take_finding, .context = judgement};
	int rc = open_record(repair, &source, err);
	return rc == FLONG_OK ? check_source(source, "record", &options, &hooks, &summary, err)
			      : rc;
}

static int store(struct repair *repair, struct flong_error *err)
{
	if (repair->options->form == READER_GZIP) {
		struct gzip_part parts[] = {{GZIP_DEFLATE, buf_bytes(&repair->head), NULL},
			{GZIP_DEFLATE, {NULL, 0}, repair->block},
			{GZIP_DEFLATE, BYTES(TRAILER), NULL}};
		return gzip_write_member(repair->deflater, parts, 3, repair->out, err);
	}
	SCOPED(source_closep) struct source *source = NULL;
	int rc = open_record(repair, &source, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (repair->options->form == READER_PLAIN) {
		return stream_copy(source, repair->out, NULL, err);
	}
	uint64_t size = repair->head.len + spool_size(repair->block) + sizeof(TRAILER) - 1;
	return zstd_write_frame(repair->packer, source, size, repair->out, err);
}

static void write_head(struct repair *repair, bool is_arc, const struct judgement *judgement)
{
	const struct repair_head head = {
		.record = repair->record,
		.is_arc = is_arc,
		.block_length = spool_size(repair->block),
		.drops_block_digest = judgement->fails_block,
		.drops_payload_digest = judgement->fails_payload,
		.is_cut = judgement->is_cut,
		.is_no_http = is_arc && repair->record->type == RECORD_RESPONSE &&
			      !bytes_starts(repair->start, BYTES("HTTP/")),
		.invalid = judgement->invalid,
		.invalid_count = judgement->invalid_count,
		.ids = repair->options->ids == NULL ? &repair->random : repair->options->ids,
	};
	buf_reset(&repair->head);
	buf_reset(&repair->notes);
	repair_head_write(&head, &repair->head, &repair->notes);
}

/* Writes the head until the checker has nothing to say that a change of the head can mend. */
static int mend_head(
	struct repair *repair, bool is_arc, struct judgement *judgement, struct flong_error *err)
{
	for (;;) {
		struct judgement before = *judgement;
		judgement->is_bad = false;
		buf_reset(&judgement->reason);
		write_head(repair, is_arc, judgement);
		int rc = judge(repair, judgement, err);
		bool is_same = judgement->fails_block == before.fails_block &&
			       judgement->fails_payload == before.fails_payload &&
			       judgement->is_cut == before.is_cut &&
			       judgement->invalid_count == before.invalid_count;
		if (rc != FLONG_OK || is_same) {
			return rc;
		}
	}
}

/* Decides about the record that was read and writes it. */
static int keep_record(struct repair *repair, bool is_arc, struct flong_error *err)
{
	struct judgement judgement = {.record = repair->record};
	int rc = mend_head(repair, is_arc, &judgement, err);
	if (rc == FLONG_OK && judgement.is_bad) {
		repair->summary->left_out++;
		tell(repair, REPAIR_LEFT_OUT, place_of(repair->record),
			buf_text(&judgement.reason));
	} else if (rc == FLONG_OK) {
		rc = store(repair, err);
		repair->summary->kept++;
		if (rc == FLONG_OK && repair->notes.len > 0) {
			repair->summary->changed++;
			tell(repair, REPAIR_CHANGED, place_of(repair->record),
				buf_text(&repair->notes));
		}
	}
	buf_clear(&judgement.reason);
	return rc;
}

/* Reads the block into a new spool. Failures of the reader are told apart from those of the spool
 * by *is_ours_out. */
static int read_block(
	struct repair *repair, struct reader *reader, bool *is_ours_out, struct flong_error *err)
{
	spool_close(repair->block);
	repair->block =
		spool_create(repair->options->temp_dir, LIMIT_SPOOL_MEMORY_BYTES, SPOOL_PLAIN, 0);
	*is_ours_out = false;
	repair->start = bytes_from(repair->first, 0);
	for (;;) {
		size_t got;
		int rc = reader_read(reader, repair->room, READ_BYTES, &got, err);
		if (rc != FLONG_OK) {
			*is_ours_out = rc == FLONG_END;
			return rc == FLONG_END ? spool_finish(repair->block, err) : rc;
		}
		if (spool_size(repair->block) == 0) {
			repair->start.len =
				got < sizeof(repair->first) ? got : sizeof(repair->first);
			memcpy(repair->first, repair->room, repair->start.len);
		}
		rc = spool_write(repair->block, bytes_from(repair->room, got), err);
		if (rc != FLONG_OK) {
			*is_ours_out = true;
			return rc;
		}
	}
}

/* Reads and keeps the next record. *is_fatal_out: the failure is not of the record. */
static int take_record(
	struct repair *repair, struct reader *reader, bool *is_fatal_out, struct flong_error *err)
{
	*is_fatal_out = false;
	int rc = reader_next(reader, &repair->record, err);
	if (rc == FLONG_OK) {
		rc = read_block(repair, reader, is_fatal_out, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	*is_fatal_out = false;
	rc = reader_finish(reader, err);
	bool is_arc_head = reader_is_arc(reader) && repair->record->type == RECORD_WARCINFO;
	if (rc != FLONG_OK || is_arc_head) {
		return rc; /* what begins an ARC file says nothing of a WARC file */
	}
	*is_fatal_out = true;
	return keep_record(repair, reader_is_arc(reader), err);
}

static int go_on(struct repair *repair, struct reader *reader, const struct flong_error *reason,
	struct flong_error *err)
{
	struct reader_gap gap;
	int rc = reader_resync(reader, &gap, err);
	if (rc < 0) {
		return rc;
	}
	repair->summary->gaps++;
	repair->summary->lost_bytes += gap.to - gap.from;
	tell(repair, REPAIR_LOST, gap, reason->message);
	return rc;
}

int repair_run(const char *path, const struct repair_options *options, struct sink *out,
	struct repair_summary *summary_out, struct flong_error *err)
{
	*summary_out = (struct repair_summary){0};
	SCOPED(reader_closep) struct reader *reader = NULL;
	int rc = reader_open(path, &reader, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	struct repair repair = {.options = options, .summary = summary_out, .out = out};
	repair.room = ALLOC_ARRAY(char, READ_BYTES);
	repair.head.max = 2 * LIMIT_RECORD_HEAD_BYTES;
	repair.deflater = options->form == READER_GZIP ? deflater_create(options->level) : NULL;
	repair.packer = options->form == READER_ZSTD ? zstd_packer_create(options->level) : NULL;
	bool is_fatal = false;
	while (rc == FLONG_OK) {
		rc = take_record(&repair, reader, &is_fatal, err);
		if (rc < 0 && !is_fatal) {
			struct flong_error reason = *err;
			rc = go_on(&repair, reader, &reason, err);
		}
	}
	deflater_close(repair.deflater);
	zstd_packer_close(repair.packer);
	spool_close(repair.block);
	buf_clear(&repair.head);
	buf_clear(&repair.notes);
	free(repair.room);
	return rc == FLONG_END ? FLONG_OK : rc;
}
