/* SPDX-License-Identifier: MIT */
/* check_state.h - what a check remembers while it reads; for the check files only */
#ifndef WARC_CHECK_STATE_H
#define WARC_CHECK_STATE_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "warc/check.h"
#include "warc/reader.h"

/* One check of one file. */
struct check_state {
	const struct check_options *options; /* borrowed */
	const struct check_hooks *hooks;     /* borrowed, may be NULL */
	struct check_summary *summary;       /* borrowed */
	const char *name;                    /* borrowed: of the file, for WARC-Filename */
	struct reader *reader;               /* borrowed */
	const struct reader_record *record;  /* borrowed: the current one */
	struct check_seen seen;              /* what is known of it so far */
	/* The response, revisit or resource whose request and metadata may follow. */
	struct buf main_id, main_uri, main_date;
	enum record_type previous; /* of the record before */
	int version;               /* of the record before */
	struct buf warcinfo_id;
	bool is_damaged; /* something before this record could not be read */
	/* Hashes of the record ids seen: open addressing, 0 is free. */
	uint64_t *ids; /* owned */
	size_t id_count, id_capacity;
};

/* Reports a finding about the current record. */
void check_state_report(struct check_state *state, enum check_severity severity, const char *rule,
	const char *format, ...) PRINTF_LIKE(4, 5);
/* As above: an error in a file that we wrote, else a warning. */
#define CHECK_STATE_STRICT(state) ((state)->options->is_ours ? CHECK_ERROR : CHECK_WARNING)

/* First value of a field of the current record; ptr NULL when there is none. */
struct bytes check_state_field(const struct check_state *state, const char *name);
/* Whether the record is of type "continuation", which is none of enum record_type. */
bool check_state_is_continuation(const struct check_state *state);

/* Checks the head of the current record and its place among the others. */
void check_fields_run(struct check_state *state);
/* Checks that the current record has the fields of its type, and the form of each value. */
void check_types_run(struct check_state *state);
/* Reads the block of the current record and checks its digests and HTTP head. */
MUST_CHECK int check_block_run(struct check_state *state, struct flong_error *err);

#endif
