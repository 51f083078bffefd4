/* SPDX-License-Identifier: MIT */
/* check.c - a WARC file from end to end, finding by finding */
#include "warc/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "warc/check_state.h"

const char *check_severity_name(enum check_severity severity)
{
	static const char *const names[] = {"advice", "warning", "error"};
	return names[severity];
}

struct bytes check_state_field(const struct check_state *state, const char *name)
{
	return headers_first(&state->record->headers, name);
}

bool check_state_is_continuation(const struct check_state *state)
{
	return bytes_equal_nocase(check_state_field(state, "WARC-Type"), BYTES("continuation"));
}

static void report(struct check_state *state, const struct check_finding *finding)
{
	struct check_summary *summary = state->summary;
	if (finding->severity == CHECK_ERROR && summary->errors++ == 0) {
		(void)error_set(&summary->first, FLONG_E_DAMAGED, "offset %llu: %s (%s)",
			(unsigned long long)finding->offset, finding->text, finding->rule);
	}
	summary->warnings += finding->severity == CHECK_WARNING;
	summary->advice += finding->severity == CHECK_ADVICE;
	if (state->hooks != NULL && state->hooks->finding != NULL) {
		state->hooks->finding(state->hooks->context, finding);
	}
}

static void report_at(struct check_state *state, uint64_t offset, enum check_severity severity,
	const char *rule, const char *text)
{
	const struct check_finding finding = {
		.offset = offset, .severity = severity, .rule = rule, .text = text};
	report(state, &finding);
}

static void report_record(
	struct check_state *state, enum check_severity severity, const char *rule, const char *text)
{
	const struct check_finding finding = {.offset = state->record->offset,
		.severity = severity,
		.rule = rule,
		.record = check_state_field(state, "WARC-Record-ID"),
		.text = text};
	report(state, &finding);
}

void check_state_report(struct check_state *state, enum check_severity severity, const char *rule,
	const char *format, ...)
{
	struct flong_error text; /* its message has the printable form that findings need */
	char message[FLONG_ERROR_MAX];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	(void)error_set(&text, FLONG_E_DAMAGED, "%s", message);
	report_record(state, severity, rule, text.message);
}

static void report_oddities(struct check_state *state, unsigned oddities, uint64_t offset)
{
	static const struct {
		unsigned bit;
		enum check_severity severity;
		const char *rule, *text;
	} rows[] = {
		{READER_ODD_LINE_END, CHECK_ERROR, "W-01",
			"the lines of the head do not all end with CRLF"},
		{READER_ODD_FIELD, CHECK_ERROR, "W-19",
			"a line of the head has no colon, or the head has a NUL"},
		{READER_ODD_FOLD, CHECK_ADVICE, "W-19",
			"a field is folded, which not every reader undoes"},
		{READER_ODD_TRAILER, CHECK_ERROR, "W-01",
			"the block is not followed by exactly CRLF CRLF"},
		{READER_ODD_SHARED, CHECK_ERROR, "W-20",
			"the compressed member holds more than one record, so that no index can "
			"point to the others"},
		{READER_ODD_SPLIT, CHECK_ERROR, "W-20",
			"the record goes over several compressed members"},
		{READER_ODD_EMPTY_MEMBER, CHECK_WARNING, "W-20",
			"there is an empty compressed member"},
		{READER_ODD_PADDING, CHECK_ERROR, "W-20", "zero bytes follow the last record"},
	};
	if (state->summary->is_arc) { /* whose heads and line ends are others */
		oddities &=
			~(unsigned)(READER_ODD_LINE_END | READER_ODD_FIELD | READER_ODD_TRAILER);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((oddities & rows[i].bit) == 0) {
			continue;
		}
		enum check_severity severity =
			state->options->is_ours ? CHECK_ERROR : rows[i].severity;
		if (state->record != NULL && state->record->offset == offset) {
			report_record(state, severity, rows[i].rule, rows[i].text);
		} else {
			report_at(state, offset, severity, rows[i].rule, rows[i].text);
		}
	}
}

static int run_hooks(struct check_state *state, struct flong_error *err)
{
	const struct check_hooks *hooks = state->hooks;
	int rc = FLONG_OK;
	if (hooks != NULL && hooks->record != NULL) {
		rc = hooks->record(hooks->context, state->record, err);
		if (rc == FLONG_E_DAMAGED) {
			report_record(state, CHECK_ERROR, "W-34", err->message);
			rc = FLONG_OK;
		}
	}
	if (rc == FLONG_OK && hooks != NULL && hooks->seen != NULL) {
		rc = hooks->seen(hooks->context, &state->seen, err);
	}
	return rc;
}

/* Reads and checks the current record. Negative when it cannot be read to its end. */
static int check_record(struct check_state *state, struct flong_error *err)
{
	state->seen = (struct check_seen){.record = state->record, .form = state->summary->form};
	state->summary->is_arc = reader_is_arc(state->reader);
	if (!state->summary->is_arc) {
		check_fields_run(state);
		check_types_run(state);
	}
	int rc = check_block_run(state, err);
	if (rc == FLONG_OK) {
		rc = reader_finish(state->reader, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	report_oddities(state, state->record->oddities, state->record->offset);
	state->previous = state->record->type;
	state->summary->records++;
	state->summary->blocks[state->seen.block]++;
	state->summary->payloads[state->seen.payload]++;
	return FLONG_OK;
}

/* The reader's message without the name of the file and the offset, which the finding has. */
static const char *plain_reason(
	const struct check_state *state, const struct flong_error *reason, uint64_t offset)
{
	char place[64];
	size_t length = strlen(state->name);
	const char *text = reason->message;
	if (strncmp(text, state->name, length) == 0 && strncmp(text + length, ": ", 2) == 0) {
		text += length + 2;
	}
	(void)snprintf(place, sizeof(place), "record at offset %llu: ", (unsigned long long)offset);
	return strncmp(text, place, strlen(place)) == 0 ? text + strlen(place) : text;
}

static const char *rule_of_damage(int code)
{
	return code == FLONG_E_DAMAGED ? "W-52" : code == FLONG_E_LIMIT ? "W-53" : "W-51";
}

/* Reports what could not be read and goes to the next record. FLONG_END when there is none. */
static int pass_damage(
	struct check_state *state, const struct flong_error *reason, struct flong_error *err)
{
	struct reader_gap gap = {0};
	struct flong_error text;
	int rc = reader_resync(state->reader, &gap, err);
	if (rc < 0) {
		return rc;
	}
	uint64_t at = state->record != NULL ? state->record->offset : gap.from;
	/* A record that claims too much may have swallowed the start of the next: then that lies
	 * before the fault. */
	unsigned long long count = gap.to > gap.from ? gap.to - gap.from : 0;
	const char *what = plain_reason(state, reason, at);
	if (rc == FLONG_END && count > 0) {
		(void)error_set(&text, reason->code, "%s; the rest, %llu bytes from %llu, is lost",
			what, count, (unsigned long long)gap.from);
		what = text.message;
	}
	if (state->record != NULL) {
		report_record(state, CHECK_ERROR, rule_of_damage(reason->code), what);
	} else {
		report_at(state, at, CHECK_ERROR, rule_of_damage(reason->code), what);
	}
	state->summary->skipped += count;
	state->is_damaged = true;
	if (rc == FLONG_OK && count > 0) {
		(void)error_set(&text, reason->code,
			"skipped %llu bytes, from %llu to %llu, where the next record begins",
			count, (unsigned long long)gap.from, (unsigned long long)gap.to);
		report_at(state, gap.from, CHECK_WARNING, "W-51", text.message);
	} else if (rc == FLONG_OK) {
		(void)error_set(&text, reason->code,
			"went back to offset %llu, where a record begins inside the one before",
			(unsigned long long)gap.to);
		report_at(state, gap.to, CHECK_WARNING, "W-51", text.message);
	}
	return rc;
}

static bool is_damage(int code)
{
	return code == FLONG_E_FORMAT || code == FLONG_E_DAMAGED || code == FLONG_E_LIMIT;
}

/* Reads one record, or what stands in its place. FLONG_END behind the last. */
static int check_next(struct check_state *state, struct flong_error *err)
{
	struct flong_error reason;
	state->record = NULL;
	int rc = reader_next(state->reader, &state->record, &reason);
	if (rc == FLONG_OK) {
		rc = check_record(state, &reason);
		if (rc == FLONG_OK) {
			return run_hooks(state, err);
		}
	}
	if (is_damage(rc)) {
		return pass_damage(state, &reason, err);
	}
	if (rc < 0) {
		*err = reason;
	}
	return rc;
}

static int check_records(struct check_state *state, struct flong_error *err)
{
	int rc = FLONG_OK;
	while (rc == FLONG_OK) {
		rc = check_next(state, err);
	}
	if (rc != FLONG_END) {
		return rc;
	}
	state->record = NULL;
	state->summary->bytes = reader_good_end(state->reader);
	report_oddities(state, reader_end_oddities(state->reader), reader_good_end(state->reader));
	if (state->summary->records == 0 && state->summary->errors == 0) {
		report_at(state, 0, CHECK_ERROR, "W-51", "the file has no records");
	}
	return FLONG_OK;
}

static void clear(struct check_state *state)
{
	buf_clear(&state->main_id);
	buf_clear(&state->main_uri);
	buf_clear(&state->main_date);
	buf_clear(&state->warcinfo_id);
	free(state->ids);
}

int check_source(struct source *source_take, const char *name, const struct check_options *options,
	const struct check_hooks *hooks, struct check_summary *summary_out, struct flong_error *err)
{
	*summary_out = (struct check_summary){0};
	struct bytes base = bytes_of(files_base_name(name));
	size_t suffix = bytes_ends(base, BYTES(".open")) ? strlen(".open") : 0;
	SCOPED(free_textp) char *final_name = alloc_text(base.ptr, base.len - suffix);
	struct check_options own = *options;
	own.name = options->name == NULL ? final_name : options->name;
	struct check_state state = {
		.options = &own, .hooks = hooks, .summary = summary_out, .name = name};
	SCOPED(reader_closep) struct reader *reader = NULL;
	int rc = reader_create(source_take, 0, name, &reader, err);
	if (rc == FLONG_E_FORMAT || rc == FLONG_E_DAMAGED) {
		report_at(&state, 0, CHECK_ERROR, "W-51", plain_reason(&state, err, 0));
		return FLONG_OK;
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	state.reader = reader;
	summary_out->form = reader_form(reader);
	rc = check_records(&state, err);
	clear(&state);
	return rc;
}

int check_file(const char *path, const struct check_options *options,
	const struct check_hooks *hooks, struct check_summary *summary_out, struct flong_error *err)
{
	struct source *source = NULL;
	*summary_out = (struct check_summary){0};
	int rc = source_open_file(path, &source, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	return check_source(source, path, options, hooks, summary_out, err);
}
