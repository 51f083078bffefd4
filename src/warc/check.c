/* SPDX-License-Identifier: MIT */
/* check.c - a WARC file from end to end, finding by finding */
#include "warc/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "warc/check_state.h"

static void report_at(struct check_state *state, uint64_t offset, enum check_severity severity,
	const char *rule, const char *text)
{
	struct check_summary *summary = state->summary;
	if (severity == CHECK_ERROR && summary->errors++ == 0) {
		(void)error_set(&summary->first, FLONG_E_DAMAGED, "offset %llu: %s (%s)",
			(unsigned long long)offset, text, rule);
	}
	summary->warnings += severity == CHECK_WARNING;
	summary->notes += severity == CHECK_NOTE;
	if (state->hooks != NULL && state->hooks->finding != NULL) {
		struct check_finding finding = {offset, severity, rule, text};
		state->hooks->finding(state->hooks->context, &finding);
	}
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
	report_at(state, state->record->offset, severity, rule, text.message);
}

static void report_oddities(struct check_state *state, unsigned oddities, uint64_t offset)
{
	static const struct {
		unsigned bit;
		const char *rule, *text;
	} rows[] = {
		{READER_ODD_LINE_END, "W-01", "head lines do not end with CRLF"},
		{READER_ODD_FIELD, "W-19", "a head line has no colon, or the head has a NUL"},
		{READER_ODD_VERSION, "W-01", "the version is neither WARC/1.0 nor WARC/1.1"},
		{READER_ODD_FOLD, "W-19", "a field is folded"},
		{READER_ODD_TRAILER, "W-01", "a block is not followed by exactly CRLF CRLF"},
		{READER_ODD_SHARED, "W-20", "the gzip member holds more than one record"},
		{READER_ODD_SPLIT, "W-20", "the record goes over several gzip members"},
		{READER_ODD_EMPTY_MEMBER, "W-20", "there is an empty gzip member"},
		{READER_ODD_PADDING, "W-20", "zero bytes follow the last record"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((oddities & rows[i].bit) != 0) {
			report_at(state, offset, CHECK_STATE_STRICT(state), rows[i].rule,
				rows[i].text);
		}
	}
}

/* Reads and checks the current record. Negative only when the file cannot be read on. */
static int check_record(struct check_state *state, struct flong_error *err)
{
	check_fields_run(state);
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
	return FLONG_OK;
}

static int run_hook(struct check_state *state, struct flong_error *err)
{
	if (state->hooks == NULL || state->hooks->record == NULL) {
		return FLONG_OK;
	}
	int rc = state->hooks->record(state->hooks->context, state->record, err);
	if (rc == FLONG_E_DAMAGED) {
		report_at(state, state->record->offset, CHECK_ERROR, "W-34", err->message);
		return FLONG_OK;
	}
	return rc;
}

static int check_records(struct check_state *state, struct flong_error *err)
{
	struct flong_error reason;
	for (;;) {
		int rc = reader_next(state->reader, &state->record, &reason);
		if (rc == FLONG_OK) {
			rc = check_record(state, &reason);
		}
		if (rc == FLONG_END) {
			break;
		}
		if (rc < 0) {
			report_at(state, reader_good_end(state->reader), CHECK_ERROR, "W-20",
				reason.message);
			break;
		}
		rc = run_hook(state, err);
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	state->summary->bytes = reader_good_end(state->reader);
	report_oddities(state, reader_end_oddities(state->reader), reader_good_end(state->reader));
	return FLONG_OK;
}

int check_file(const char *path, const struct check_options *options,
	const struct check_hooks *hooks, struct check_summary *summary_out, struct flong_error *err)
{
	*summary_out = (struct check_summary){0};
	struct bytes base = bytes_of(files_base_name(path));
	size_t suffix = bytes_ends(base, BYTES(".open")) ? 5 : 0;
	SCOPED(free_textp) char *name = alloc_text(base.ptr, base.len - suffix);
	struct check_options own = *options;
	own.name = options->name == NULL ? name : options->name;
	struct check_state state = {.options = &own, .hooks = hooks, .summary = summary_out};
	SCOPED(reader_closep) struct reader *reader = NULL;
	int rc = reader_open(path, &reader, err);
	if (rc == FLONG_E_FORMAT || rc == FLONG_E_DAMAGED) {
		report_at(&state, 0, CHECK_ERROR, "W-01", err->message);
		return FLONG_OK;
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	state.reader = reader;
	rc = check_records(&state, err);
	if (rc == FLONG_OK && summary_out->records == 0 && summary_out->errors == 0) {
		report_at(&state, 0, CHECK_WARNING, "W-03", "the file has no records");
	}
	buf_clear(&state.main_id);
	buf_clear(&state.main_uri);
	buf_clear(&state.main_date);
	buf_clear(&state.warcinfo_id);
	free(state.ids);
	return rc;
}
