/* SPDX-License-Identifier: MIT */
/* check_join_take.c - ids, revisits and segments: what is named against what is there */
#include "index/check_join_state.h"

/* Columns of the lines of tag I. */
enum { ID_RECORD = JOIN_MORE, ID_FIELD, ID_FIELD_NAME, ID_NAMED };

void check_join_take_id(struct check_join *join, const struct check_join_line *line, bool is_new)
{
	/* By the index of the field (check_join_add.c): in one file, in a whole collection. */
	static const enum check_severity severities[][2] = {
		{CHECK_WARNING, CHECK_WARNING}, /* Concurrent-To */
		{CHECK_ADVICE, CHECK_WARNING},  /* Refers-To */
		{CHECK_ADVICE, CHECK_WARNING},  /* Warcinfo-ID */
		{CHECK_ADVICE, CHECK_ERROR},    /* Segment-Origin-ID */
	};
	struct check_join_group *group = &join->group;
	bool is_whole = join->options->is_whole;
	(void)is_new;
	if (bytes_equal(line->columns[JOIN_ORDER], BYTES("0"))) {
		if (group->is_found) {
			const struct check_finding finding = {.severity = CHECK_WARNING,
				.rule = "W-04",
				.record = line->columns[ID_RECORD]};
			bool is_same = group->file == line->file;
			check_join_report(join, line, &finding,
				"the WARC-Record-ID was used before, at offset %llu%s%s",
				(unsigned long long)group->at, is_same ? "" : " of ",
				is_same ? "" : join->names[group->file]);
			return;
		}
		group->is_found = true;
		group->file = line->file;
		group->at = line->at;
		return;
	}
	if (group->is_found) {
		return;
	}
	size_t kind = (size_t)(line->columns[ID_FIELD].ptr[0] - '0');
	const struct check_finding finding = {.severity = severities[kind][is_whole],
		.rule = "W-56",
		.record = line->columns[ID_RECORD]};
	check_join_report(join, line, &finding,
		BYTES_FMT " names " BYTES_FMT ", which is not in %s",
		BYTES_ARG(line->columns[ID_FIELD_NAME]), BYTES_ARG(line->columns[ID_NAMED]),
		is_whole ? "the collection" : "the file");
}

/* Columns of the lines of tag V. */
enum {
	MOMENT_RECORD = JOIN_MORE,
	MOMENT_TYPE,
	MOMENT_MS,
	MOMENT_FRAMING,
	MOMENT_DIGEST,
	MOMENT_URI,
	MOMENT_DATE
};

static int64_t moment_ms(const struct check_join_line *line)
{
	struct bytes text = line->columns[MOMENT_MS];
	bool is_negative = text.len > 0 && text.ptr[0] == '-';
	uint64_t number = 0;
	(void)bytes_to_u64(bytes_slice(text, is_negative, text.len), INT64_MAX, &number);
	return is_negative ? -(int64_t)number : (int64_t)number;
}

static void add_candidate(struct check_join_group *group, const struct check_join_line *line)
{
	if (group->candidate_count == LIMIT_CHECK_CANDIDATES) {
		return;
	}
	struct check_join_candidate *candidate = &group->candidates[group->candidate_count++];
	candidate->type = line->columns[MOMENT_TYPE].ptr[0];
	candidate->date_ms = moment_ms(line);
	candidate->framing = line->columns[MOMENT_FRAMING].ptr[0];
	buf_reset(&candidate->digest);
	buf_add(&candidate->digest, line->columns[MOMENT_DIGEST]);
}

/* How well a capture is what the revisit names: the more, the better. */
enum fit { FIT_NONE, FIT_REVISIT, FIT_DIGEST, FIT_DATE, FIT_FRAMING, FIT_GOOD };

static enum fit fit_of(
	const struct check_join_candidate *candidate, const struct check_join_line *line)
{
	struct bytes digest = line->columns[MOMENT_DIGEST];
	char framing = line->columns[MOMENT_FRAMING].ptr[0];
	if (candidate->type == 'v') {
		return FIT_REVISIT;
	}
	if (digest.len > 0 && candidate->digest.len > 0 &&
		!bytes_equal(digest, buf_bytes(&candidate->digest))) {
		return FIT_DIGEST;
	}
	if (candidate->date_ms != moment_ms(line)) {
		return FIT_DATE;
	}
	bool has_both = framing != '-' && candidate->framing != '-';
	return has_both && framing != candidate->framing ? FIT_FRAMING : FIT_GOOD;
}

static void report_fit(struct check_join *join, const struct check_join_line *line, enum fit fit)
{
	bool is_whole = join->options->is_whole;
	struct check_finding finding = {
		.severity = CHECK_ERROR, .rule = "W-25", .record = line->columns[MOMENT_RECORD]};
	const char *what = "";
	switch (fit) {
	case FIT_NONE:
		finding.severity = is_whole ? CHECK_ERROR : CHECK_ADVICE;
		what = is_whole ? "there is no such capture in the collection"
				: "it is not in this file";
		break;
	case FIT_REVISIT:
		what = "it is a revisit itself";
		break;
	case FIT_DIGEST:
		what = "its payload digest differs";
		break;
	case FIT_DATE:
		finding.severity = CHECK_WARNING;
		what = "its date differs by a fraction of a second, so that players may take "
		       "another capture";
		break;
	case FIT_FRAMING:
		finding.severity = CHECK_WARNING;
		what = "only one of the two is chunked, so that players show a wrong body";
		break;
	case FIT_GOOD:
		return;
	}
	check_join_report(join, line, &finding,
		"the revisit refers to " BYTES_FMT " of " BYTES_FMT ": %s",
		BYTES_ARG(line->columns[MOMENT_URI]), BYTES_ARG(line->columns[MOMENT_DATE]), what);
}

void check_join_take_revisit(
	struct check_join *join, const struct check_join_line *line, bool is_new)
{
	struct check_join_group *group = &join->group;
	enum fit best = FIT_NONE;
	(void)is_new;
	if (bytes_equal(line->columns[JOIN_ORDER], BYTES("0"))) {
		add_candidate(group, line);
		return;
	}
	for (size_t i = 0; i < group->candidate_count; i++) {
		enum fit fit = fit_of(&group->candidates[i], line);
		best = fit > best ? fit : best;
	}
	join->summary.revisits++;
	join->summary.resolved += best >= FIT_DATE;
	report_fit(join, line, best);
}

/* Columns of the lines of tag S. */
enum { SEGMENT_RECORD = JOIN_MORE, SEGMENT_LENGTH, SEGMENT_TOTAL };

void check_join_take_segment(
	struct check_join *join, const struct check_join_line *line, bool is_new)
{
	struct check_join_group *group = &join->group;
	bool is_whole = join->options->is_whole;
	uint64_t number = 0;
	uint64_t length = 0;
	uint64_t total = 0;
	if (is_new) {
		group->number = 0;
		group->total = 0;
	}
	(void)bytes_to_u64(line->columns[JOIN_ORDER], UINT64_MAX, &number);
	(void)bytes_to_u64(line->columns[SEGMENT_LENGTH], UINT64_MAX, &length);
	bool has_total = bytes_to_u64(line->columns[SEGMENT_TOTAL], UINT64_MAX, &total);
	bool is_next = number == group->number + 1;
	struct check_finding finding = {.severity = is_whole ? CHECK_ERROR : CHECK_ADVICE,
		.rule = "W-57",
		.record = line->columns[SEGMENT_RECORD]};
	if (number == group->number && number > 0) {
		finding.severity = CHECK_ERROR;
		check_join_report(join, line, &finding, "segment %llu is there twice",
			(unsigned long long)number);
		return;
	}
	if (!is_next) {
		check_join_report(join, line, &finding,
			"segment %llu does not follow segment %llu of its record",
			(unsigned long long)number, (unsigned long long)group->number);
		has_total = false;
	}
	group->number = number;
	group->total += length; /* lengths are under 2^63, and a wrap is found as wrong */
	if (has_total && total != group->total) {
		finding.severity = CHECK_ERROR;
		check_join_report(join, line, &finding,
			"the segments have %llu bytes, WARC-Segment-Total-Length is %llu",
			(unsigned long long)group->total, (unsigned long long)total);
	}
}
