/* SPDX-License-Identifier: MIT */
/* indexer.c - the index rows of a WARC file
 *
 * A record is held until the next one is read: the two may be a request and its reply. */
#include "index/indexer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "index/indexer_record.h"
#include "warc/reader.h"

/* One run over one file. */
struct run {
	const struct indexer_options *options; /* borrowed */
	const char *path;                      /* borrowed */
	struct bytes filename;
	struct indexer_wish wish;
	struct reader *reader; /* owned */
	struct indexer_file file;
	struct indexer_record records[2];
	struct indexer_record *held; /* one of them, or NULL: it waits for the next */
	uint64_t last_offset;        /* of the record before */
	bool has_last;
	uint64_t shared_offset; /* of the member that was last complained of */
	bool has_shared;
};

static int give(struct run *run, struct indexer_record *record, struct flong_error *err)
{
	if (!record->has_row) {
		return FLONG_OK;
	}
	record->entry.filename = run->filename;
	return run->options->take(run->options->context, &record->entry, err);
}

static int give_held(struct run *run, struct flong_error *err)
{
	struct indexer_record *held = run->held;
	run->held = NULL;
	return held == NULL ? FLONG_OK : give(run, held, err);
}

/* Gives `record` and the one before it, or holds it back. */
static int give_in_turn(struct run *run, struct indexer_record *record, struct flong_error *err)
{
	if (!run->wish.joins) {
		return give(run, record, err);
	}
	if (run->held != NULL && indexer_record_is_pair(run->held, record)) {
		indexer_record_join(run->held, record, &run->wish);
		int rc = give_held(run, err);
		return rc == FLONG_OK ? give(run, record, err) : rc;
	}
	int rc = give_held(run, err);
	run->held = record;
	return rc;
}

/* Whether the run goes on behind a fault. */
static bool forgives(const struct run *run, int rc)
{
	return run->options->fault != NULL &&
	       (rc == FLONG_E_FORMAT || rc == FLONG_E_DAMAGED || rc == FLONG_E_LIMIT ||
		       rc == FLONG_E_UNSUPPORTED);
}

/* Reads one record and gives its row. *is_broken_out: the reader failed, not the record. */
static int index_record(struct run *run, const struct reader_record *found, bool *is_broken_out,
	struct flong_error *err)
{
	struct indexer_record *record =
		run->held == &run->records[0] ? &run->records[1] : &run->records[0];
	run->file.is_shared = reader_form(run->reader) != READER_PLAIN && run->has_last &&
			      run->last_offset == found->offset;
	run->has_last = true;
	run->last_offset = found->offset;
	int rc = indexer_record_read(&run->file, found, record, err);
	*is_broken_out = rc < 0 && !record->is_at_fault;
	if (rc == FLONG_OK) {
		return give_in_turn(run, record, err);
	}
	return *is_broken_out ? rc : error_context(err, "%s", run->path);
}

/* Tells of a fault, but of a member with many records once. */
static void tell(struct run *run, const struct reader_record *found, const struct flong_error *err)
{
	if (err->code == FLONG_E_UNSUPPORTED && found != NULL) {
		if (run->has_shared && run->shared_offset == found->offset) {
			return;
		}
		run->has_shared = true;
		run->shared_offset = found->offset;
	}
	run->options->fault(run->options->context, err);
}

static int read_records(struct run *run, struct flong_error *err)
{
	for (;;) {
		const struct reader_record *found = NULL;
		bool is_broken = true;
		int rc = reader_next(run->reader, &found, err);
		if (rc == FLONG_END) {
			return give_held(run, err);
		}
		if (rc == FLONG_OK) {
			rc = index_record(run, found, &is_broken, err);
		}
		if (rc == FLONG_OK) {
			continue;
		}
		if (!forgives(run, rc)) {
			return rc;
		}
		tell(run, found, err);
		*err = (struct flong_error){0};
		rc = give_held(run, err);
		if (rc == FLONG_OK && is_broken) {
			struct reader_gap gap;
			rc = reader_resync(run->reader, &gap, err);
		}
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? FLONG_OK : rc;
		}
	}
}

static int open_file(struct run *run, struct flong_error *err)
{
	const struct indexer_options *options = run->options;
	if (strcmp(run->path, "-") == 0 && options->record_digest) {
		return error_set(
			err, FLONG_E_USAGE, "record digests need a file, not standard input");
	}
	int rc = reader_open(run->path, &run->reader, err);
	if (rc < 0) {
		return rc;
	}
	if (options->record_digest) {
		run->file.digest_fd = io_open(run->path, O_RDONLY, 0);
		if (run->file.digest_fd < 0) {
			return error_set_errno(err, FLONG_E_IO, errno, "cannot open %s", run->path);
		}
	}
	run->wish = (struct indexer_wish){.records = options->records,
		.fields = options->fields,
		.post = options->post,
		.joins = options->post || indexer_fields_need(options->fields, INDEXER_REQUEST) ||
			 indexer_fields_need(options->fields, INDEXER_METHOD)};
	run->wish.needs_heads =
		run->wish.joins || indexer_fields_need(options->fields, INDEXER_HTTP);
	run->file.reader = run->reader;
	run->file.sha1 = digester_create(DIGEST_SHA1);
	run->file.wish = &run->wish;
	return FLONG_OK;
}

static void run_clear(struct run *run)
{
	reader_close(run->reader);
	files_close_fd(&run->file.digest_fd);
	digester_close(run->file.sha1);
	indexer_record_clear(&run->records[0]);
	indexer_record_clear(&run->records[1]);
}

int indexer_run(const char *path, const struct indexer_options *options, struct flong_error *err)
{
	struct run run = {.options = options, .path = path, .file = {.digest_fd = -1}};
	run.filename =
		bytes_of(options->filename != NULL ? options->filename : files_base_name(path));
	int rc = open_file(&run, err);
	if (rc == FLONG_OK) {
		rc = read_records(&run, err);
	} else if (forgives(&run, rc)) {
		options->fault(options->context, err);
		rc = FLONG_OK;
	}
	run_clear(&run);
	return rc;
}
