/* SPDX-License-Identifier: MIT */
/* check_join.c - the sorted lines of a join go by, key by key; findings are put in order again */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "index/check_join_state.h"

/* What the number of a finding's place is. */
enum { PLACE_OFFSET, PLACE_LINE, PLACE_FILE };

struct check_join *check_join_create(const struct check_join_options *options)
{
	struct check_join *join = ALLOC(struct check_join);
	join->options = options;
	join->sorter = sorter_create(options->temp_dir, LIMIT_CHECK_JOIN_BYTES);
	join->findings = sorter_create(options->temp_dir, LIMIT_CHECK_JOIN_BYTES);
	join->digester = digester_create(DIGEST_SHA256);
	return join;
}

static void clear_group(struct check_join_group *group)
{
	for (size_t i = 0; i < LIMIT_CHECK_CANDIDATES; i++) {
		buf_clear(&group->candidates[i].digest);
		buf_clear(&group->pending[i].url);
	}
	buf_clear(&group->key);
	buf_clear(&group->text);
}

void check_join_close(struct check_join *join)
{
	if (join == NULL) {
		return;
	}
	for (unsigned i = 0; i < join->name_count; i++) {
		free(join->names[i]);
	}
	free((void *)join->names);
	clear_group(&join->group);
	digester_close(join->digester);
	sorter_close(join->sorter);
	sorter_close(join->findings);
	buf_clear(&join->line);
	free(join);
}

unsigned check_join_file(struct check_join *join, const char *name)
{
	if (join->name_count == join->name_capacity) {
		join->name_capacity = join->name_capacity == 0 ? 16 : join->name_capacity * 2;
		join->names = (char **)alloc_resize(
			(void *)join->names, join->name_capacity, sizeof(*join->names));
	}
	join->names[join->name_count] = alloc_copy(name);
	return join->name_count++;
}

void check_join_line_read(struct bytes text, struct check_join_line *line_out)
{
	uint64_t file = 0;
	*line_out = (struct check_join_line){.file = 0};
	for (size_t i = 0; i < JOIN_COLUMNS; i++) {
		struct bytes column = text;
		bool is_last = !bytes_cut(text, '\t', &column, &text);
		line_out->columns[i] = column;
		if (is_last) {
			break;
		}
	}
	/* They are ours, so they are numbers, or absent. */
	(void)bytes_to_u64(line_out->columns[JOIN_FILE], UINT32_MAX, &file);
	(void)bytes_to_u64(line_out->columns[JOIN_AT], UINT64_MAX, &line_out->at);
	line_out->file = (unsigned)file;
}

void check_join_report(struct check_join *join, const struct check_join_line *place,
	const struct check_finding *finding, const char *format, ...)
{
	struct flong_error text; /* its message has the printable form that findings need */
	char message[FLONG_ERROR_MAX];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	(void)error_set(&text, FLONG_E_DAMAGED, "%s", message);
	if (join->rc != FLONG_OK) {
		return;
	}
	buf_reset(&join->line);
	buf_addf(&join->line, "%010u\t%020llu\t%020llu\t%d\t%s\t%d\t", place->file,
		(unsigned long long)place->at, (unsigned long long)join->finding_count,
		(int)finding->severity, finding->rule,
		finding->is_of_file ? PLACE_FILE
		: finding->line > 0 ? PLACE_LINE
				    : PLACE_OFFSET);
	buf_add(&join->line, bytes_slice(finding->record, 0, 1024));
	buf_addf(&join->line, "\t%s", text.message);
	join->finding_count++;
	join->rc = sorter_add(join->findings, buf_bytes(&join->line), &join->err);
}

static void take_line(struct check_join *join, struct bytes text)
{
	struct check_join_line line;
	check_join_line_read(text, &line);
	struct bytes key = line.columns[JOIN_KEY];
	bool is_new = !bytes_equal(key, buf_bytes(&join->group.key));
	if (is_new) {
		check_join_end_row(join);
		check_join_end_page(join);
		buf_reset(&join->group.key);
		buf_add(&join->group.key, key);
		buf_reset(&join->group.text);
		join->group.is_found = false;
		join->group.candidate_count = 0;
	}
	switch (key.len == 0 ? 0 : key.ptr[0]) {
	case JOIN_ID:
		check_join_take_id(join, &line, is_new);
		break;
	case JOIN_PAGE:
		check_join_take_page(join, &line, is_new);
		break;
	case JOIN_SEGMENT:
		check_join_take_segment(join, &line, is_new);
		break;
	case JOIN_REVISIT:
		check_join_take_revisit(join, &line, is_new);
		break;
	case JOIN_ROW:
		check_join_take_row(join, &line, is_new);
		break;
	default:
		break;
	}
}

/* Gives a finding of the sorted ones to the caller. */
static void give_finding(struct check_join *join, struct bytes text)
{
	/* As check_join_report writes them. */
	enum { IN_FILE, AT, COUNT, SEVERITY, RULE, PLACE, RECORD, TEXT };
	struct check_join_line line;
	char rule[8];
	uint64_t file = 0;
	uint64_t at = 0;
	check_join_line_read(text, &line);
	(void)bytes_to_u64(line.columns[IN_FILE], UINT32_MAX, &file);
	(void)bytes_to_u64(line.columns[AT], UINT64_MAX, &at);
	char kind = line.columns[PLACE].ptr[0];
	bool is_line = kind == '0' + PLACE_LINE;
	struct bytes name = line.columns[RULE];
	(void)snprintf(rule, sizeof(rule), "%.*s", (int)name.len, name.ptr);
	SCOPED(buf_clear) struct buf sentence = {0};
	buf_add(&sentence, line.columns[TEXT]);
	const struct check_finding finding = {.offset = is_line ? 0 : at,
		.line = is_line ? at : 0,
		.is_of_file = kind == '0' + PLACE_FILE,
		.severity = (enum check_severity)(line.columns[SEVERITY].ptr[0] - '0'),
		.rule = rule,
		.record = line.columns[RECORD],
		.text = buf_text(&sentence)};
	join->options->finding(join->options->context, (unsigned)file, &finding);
}

/* A sink that cuts what it gets into lines. */
struct line_sink {
	struct sink base;
	struct check_join *join; /* borrowed */
	void (*take)(struct check_join *join, struct bytes line);
	struct buf rest; /* of a line that is not complete */
};

static int line_sink_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct line_sink *self = (struct line_sink *)sink;
	struct bytes line;
	while (self->join->rc == FLONG_OK && bytes_cut(b, '\n', &line, &b)) {
		if (self->rest.len > 0) {
			buf_add(&self->rest, line);
			line = buf_bytes(&self->rest);
		}
		self->take(self->join, line);
		buf_reset(&self->rest);
	}
	buf_add(&self->rest, b);
	if (self->join->rc != FLONG_OK) {
		*err = self->join->err;
	}
	return self->join->rc;
}

static int write_lines(struct check_join *join, struct sorter *sorter,
	void (*take)(struct check_join *join, struct bytes line), struct flong_error *err)
{
	static const struct sink_ops ops = {.write = line_sink_write};
	struct line_sink sink = {.base = {&ops}, .join = join, .take = take};
	int rc = sorter_write(sorter, &sink.base, err);
	buf_clear(&sink.rest);
	return rc;
}

int check_join_run(
	struct check_join *join, struct check_join_summary *summary_out, struct flong_error *err)
{
	buf_reset(&join->group.key);
	int rc = write_lines(join, join->sorter, take_line, err);
	if (rc == FLONG_OK) {
		check_join_end_row(join);
		check_join_end_page(join);
		rc = join->rc;
		*err = join->err;
	}
	if (rc == FLONG_OK) {
		rc = write_lines(join, join->findings, give_finding, err);
	}
	*summary_out = join->summary;
	return rc;
}
