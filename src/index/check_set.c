/* SPDX-License-Identifier: MIT */
/* check_set.c - each file by itself, and its statements into the join */
#include "index/check_set.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/gzip.h"
#include "base/inflate_bits.h"
#include "index/check_blocks.h"
#include "index/check_lines.h"

struct check_set {
	const struct check_set_options *options; /* borrowed */
	const struct check_set_hooks *hooks;     /* borrowed */
	struct check_join_options join_options;
	struct check_join *join; /* owned */
	char **names;            /* owned, and each; by their number in the join */
	size_t name_count, name_capacity;
	const char *name;                /* borrowed: of the file that is read */
	struct check_join_source source; /* that file, when it is a WARC file */
	const char *filename;            /* borrowed: what rows call it */
	struct inflate_bits *bits;       /* owned */
	bool has_fine_revisits; /* a revisit refers to a date with a fraction of a second */
};

static void join_finding(void *context, unsigned file, const struct check_finding *finding)
{
	const struct check_set *set = context;
	set->hooks->finding(set->hooks->context, set->names[file], finding);
}

static int join_open(void *context, struct bytes filename, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	const struct check_set *set = context;
	return set->hooks->open(
		set->hooks->open_context, filename, offset, length, source_out, err);
}

struct check_set *check_set_create(
	const struct check_set_options *options, const struct check_set_hooks *hooks)
{
	struct check_set *set = ALLOC(struct check_set);
	set->options = options;
	set->hooks = hooks;
	set->join_options = (struct check_join_options){.is_whole = options->is_whole,
		.temp_dir = options->temp_dir,
		.finding = join_finding,
		.open = hooks->open == NULL ? NULL : join_open,
		.context = set};
	set->join = check_join_create(&set->join_options);
	set->bits = inflate_bits_create();
	return set;
}

void check_set_close(struct check_set *set)
{
	if (set == NULL) {
		return;
	}
	check_join_close(set->join);
	inflate_bits_close(set->bits);
	for (size_t i = 0; i < set->name_count; i++) {
		free(set->names[i]);
	}
	free((void *)set->names);
	free(set);
}

static unsigned begin_file(struct check_set *set, const char *name)
{
	if (set->name_count == set->name_capacity) {
		set->name_capacity = set->name_capacity == 0 ? 16 : set->name_capacity * 2;
		set->names = (char **)alloc_resize(
			(void *)set->names, set->name_capacity, sizeof(*set->names));
	}
	set->names[set->name_count] = alloc_copy(name);
	set->name = set->names[set->name_count];
	set->name_count++;
	return check_join_file(set->join, name);
}

static void give_finding(void *context, const struct check_finding *finding)
{
	const struct check_set *set = context;
	set->hooks->finding(set->hooks->context, set->name, finding);
}

/* The bits that the checksum of a gzip member does not cover. */
static int check_bits(struct check_set *set, const struct check_seen *seen, struct flong_error *err)
{
	const struct reader_record *record = seen->record;
	struct source *opened = NULL;
	const char *fault = NULL;
	if (seen->form != READER_GZIP || set->hooks->open == NULL || record->length == 0) {
		return FLONG_OK;
	}
	int rc = set->hooks->open(set->hooks->open_context, bytes_of(set->filename), record->offset,
		record->length, &opened, err);
	SCOPED(source_closep) struct source *source = opened;
	if (rc == FLONG_OK) {
		rc = inflate_bits_look(set->bits, source, &fault, err);
	}
	if (fault != NULL) {
		char text[200];
		(void)snprintf(text, sizeof(text),
			"the compressed data is not as any writer makes it (%s): a byte was "
			"changed",
			fault);
		const struct check_finding finding = {.offset = record->offset,
			.severity = CHECK_ERROR,
			.rule = "W-52",
			.record = headers_first(&record->headers, "WARC-Record-ID"),
			.text = text};
		give_finding(set, &finding);
	}
	return rc == FLONG_E_NOT_FOUND ? FLONG_OK : rc;
}

/* Whether an original is named to the millisecond: an index by the second may give another. */
static bool is_fine_revisit(const struct reader_record *record)
{
	int64_t date_ms;
	return record->type == RECORD_REVISIT &&
	       clock_parse_iso(headers_first(&record->headers, "WARC-Refers-To-Date"), &date_ms) &&
	       date_ms % 1000 != 0;
}

static int take_record(void *context, const struct check_seen *seen, struct flong_error *err)
{
	struct check_set *set = context;
	int rc = check_bits(set, seen, err);
	set->has_fine_revisits = set->has_fine_revisits || is_fine_revisit(seen->record);
	if (rc == FLONG_OK) {
		rc = check_join_record(set->join, &set->source, seen, err);
	}
	if (rc == FLONG_OK && set->hooks->seen != NULL) {
		rc = set->hooks->seen(set->hooks->context, set->name, seen, err);
	}
	return rc;
}

int check_set_add_warc(struct check_set *set, struct source *source_take,
	const struct check_set_warc *warc, struct flong_error *err)
{
	const struct check_options options = {.leaves_ids = true};
	const struct check_hooks hooks = {
		.finding = give_finding, .seen = take_record, .context = set};
	struct check_summary summary;
	set->filename = warc->filename == NULL ? files_base_name(warc->name) : warc->filename;
	set->source.file = begin_file(set, warc->name);
	set->source.filename = set->options->has_rows ? set->filename : NULL;
	set->source.wants_rows = !warc->is_unfinished;
	if (warc->is_unfinished) {
		const struct check_finding finding = {.severity = CHECK_WARNING,
			.rule = "W-62",
			.text = "the file is unfinished: its name ends in .open"};
		give_finding(set, &finding);
	}
	int rc = check_source(source_take, warc->name, &options, &hooks, &summary, err);
	if (rc == FLONG_OK) {
		set->hooks->warc(set->hooks->context, set->name, &summary);
	}
	return rc;
}

/* What ends the reading of a file of lines, as a finding where it is the file's fault. */
static int judge_end(struct check_set *set, uint64_t line, int rc, struct flong_error *err)
{
	if (rc != FLONG_E_DAMAGED && rc != FLONG_E_FORMAT) {
		return rc;
	}
	const struct check_finding finding = {
		.line = line, .severity = CHECK_ERROR, .rule = "W-52", .text = err->message};
	give_finding(set, &finding);
	return FLONG_OK;
}

/* Runs `check` over the text of a file, unpacked when its name says so. */
static int add_lines(struct check_set *set, struct source *source_take, const char *name,
	int (*check)(struct check_lines *lines, struct source *source, struct flong_error *err),
	struct flong_error *err)
{
	bool is_gzip = bytes_ends(bytes_of(name), BYTES(".gz"));
	SCOPED(source_closep)
	struct source *source =
		is_gzip ? inflate_open_coding(source_take, INFLATE_GZIP) : source_take;
	struct check_lines lines = {.join = set->options->has_rows ? set->join : NULL,
		.file = begin_file(set, name),
		.listener = {give_finding, set}};
	int rc = check(&lines, source, err);
	rc = judge_end(set, lines.number, rc, err);
	if (rc == FLONG_OK && lines.has_seconds && set->has_fine_revisits) {
		const struct check_finding finding = {.line = lines.first_seconds,
			.severity = CHECK_WARNING,
			.rule = "W-31",
			.text = "timestamps have 14 digits, and revisits refer to milliseconds: "
				"ReplayWeb.page may show another capture of the page"};
		give_finding(set, &finding);
	}
	if (rc == FLONG_OK) {
		set->hooks->lines(set->hooks->context, set->name, lines.lines);
	}
	return rc;
}

int check_set_add_index(struct check_set *set, struct source *source_take, const char *name,
	struct flong_error *err)
{
	return add_lines(set, source_take, name, check_lines_index, err);
}

int check_set_add_pages(struct check_set *set, struct source *source_take, const char *name,
	struct flong_error *err)
{
	return add_lines(set, source_take, name, check_lines_pages, err);
}

int check_set_add_blocks(struct check_set *set, struct source *source_take,
	const struct check_set_blocks *blocks, struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = source_take;
	struct check_blocks run = {.name = blocks->name,
		.listener = {give_finding, set},
		.size = blocks->size,
		.open = blocks->open,
		.place = blocks->place};
	(void)begin_file(set, blocks->name);
	int rc = check_blocks_run(&run, source, err);
	rc = judge_end(set, run.number, rc, err);
	if (rc == FLONG_OK) {
		set->hooks->lines(set->hooks->context, set->name, run.lines);
	}
	return rc;
}

int check_set_add_page(struct check_set *set, const char *name, const struct check_join_page *page,
	struct flong_error *err)
{
	struct check_join_page own = *page;
	if (!set->options->has_rows) {
		return FLONG_OK;
	}
	own.file = begin_file(set, name);
	return check_join_page(set->join, &own, err);
}

int check_set_finish(
	struct check_set *set, struct check_join_summary *summary_out, struct flong_error *err)
{
	return check_join_run(set->join, summary_out, err);
}
