/* SPDX-License-Identifier: MIT */
/* check_join_state.h - a join while its sorted lines go by; for the check_join files only */
#ifndef INDEX_CHECK_JOIN_STATE_H
#define INDEX_CHECK_JOIN_STATE_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/limits.h"
#include "index/check_join.h"
#include "index/sorter.h"

/* The first letter of a line: what it is about. */
enum check_join_tag {
	JOIN_ID = 'I',      /* record ids, and fields that name them */
	JOIN_PAGE = 'P',    /* rows and pages of one URL */
	JOIN_SEGMENT = 'S', /* the parts of one record */
	JOIN_REVISIT = 'V', /* captures of one URL and second, and revisits of them */
	JOIN_ROW = 'X'      /* records and rows of one place in a file */
};

/* Columns of a line: the key, what sorts the lines of a key, where it was said, and more by tag. */
enum { JOIN_KEY, JOIN_ORDER, JOIN_FILE, JOIN_AT, JOIN_MORE, JOIN_COLUMNS = 14 };

/* A line, cut at its tabs. Absent columns are empty. Borrowed. */
struct check_join_line {
	struct bytes columns[JOIN_COLUMNS];
	unsigned file;
	uint64_t at; /* offset, or number of the line */
};

/* A capture that a revisit may refer to. */
struct check_join_candidate {
	char type;
	int64_t date_ms;
	struct buf digest;
	char framing;
};

/* A page whose second has no row. */
struct check_join_pending {
	unsigned file;
	uint64_t at;
	struct buf url;
};

/* What is kept while the lines of one key go by. */
struct check_join_group {
	struct buf key;
	bool is_found; /* an id: a record has it; a URL: a row has it; a record: a row names it */
	unsigned file; /* of that record */
	uint64_t at;
	struct check_join_candidate candidates[LIMIT_CHECK_CANDIDATES];
	size_t candidate_count;
	struct check_join_pending pending[LIMIT_CHECK_CANDIDATES];
	size_t pending_count;
	struct buf text;        /* the second of the last row; the line of the record */
	uint64_t number, total; /* segments: the last number, and the bytes so far */
};

struct check_join {
	const struct check_join_options *options; /* borrowed */
	struct sorter *sorter;                    /* owned: the statements */
	struct sorter *findings;   /* owned: lines again, so that they come in order */
	struct digester *digester; /* owned */
	char **names;              /* owned, and each */
	unsigned name_count, name_capacity;
	struct buf line; /* that is being made */
	uint64_t finding_count;
	struct check_join_summary summary;
	struct check_join_group group;
	int rc; /* the first failure, with its text in `err` */
	struct flong_error err;
};

/* Cuts a line at its tabs. */
void check_join_line_read(struct bytes text, struct check_join_line *line_out);
/* Adds a finding about the place that the line was said at; `record` may be empty. */
void check_join_report(struct check_join *join, const struct check_join_line *place,
	const struct check_finding *finding, const char *format, ...) PRINTF_LIKE(4, 5);
/* Makes "sha256:hex" of whatever spelling; of what is no digest, something that equals itself. */
void check_join_digest(struct bytes text, struct buf *out);

/* Each takes the next line of its tag; `is_new`: the first one of its key. */
void check_join_take_id(struct check_join *join, const struct check_join_line *line, bool is_new);
void check_join_take_revisit(
	struct check_join *join, const struct check_join_line *line, bool is_new);
void check_join_take_segment(
	struct check_join *join, const struct check_join_line *line, bool is_new);
void check_join_take_row(struct check_join *join, const struct check_join_line *line, bool is_new);
void check_join_take_page(struct check_join *join, const struct check_join_line *line, bool is_new);
/* The lines of the key are over. */
void check_join_end_row(struct check_join *join);
void check_join_end_page(struct check_join *join);

#endif
