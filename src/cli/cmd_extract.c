/* SPDX-License-Identifier: MIT */
/* cmd_extract.c - flong extract: payloads as files, which stay in their directory whatever a URL
 * says */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/extract_match.h"
#include "cli/extract_write.h"
#include "cli/notice.h"
#include "cli/option.h"
#include "cli/record_open.h"
#include "index/wacz_walk.h"
#include "warc/body.h"

struct extract_command {
	char *output, *url, *type; /* owned */
	enum extract_match match;
	bool takes_all;
	struct extract_pattern pattern;
	struct extract_writer *writer; /* owned */
	bool is_damaged;
	uint64_t elsewhere; /* revisits whose payload could not be had */
};

static const char *const matches[] = {"exact", "prefix", "host", "domain", NULL};

const struct option cmd_extract_options[] = {
	{.type = OPTION_TEXT,
		.letter = 'o',
		.name = "output",
		.value = "DIR",
		.offset = offsetof(struct extract_command, output),
		.help = "the directory to make (needed)"},
	{.type = OPTION_TEXT,
		.name = "url",
		.value = "URL",
		.offset = offsetof(struct extract_command, url),
		.help = "only captures of this URL"},
	{.type = OPTION_CHOICE,
		.name = "match",
		.value = "HOW",
		.offset = offsetof(struct extract_command, match),
		.choices = matches,
		.help = "what --url means: exact, prefix, host or domain (exact)"},
	{.type = OPTION_TEXT,
		.name = "type",
		.value = "LIST",
		.offset = offsetof(struct extract_command, type),
		.help = "only these media types (text/html,image)"},
	{.type = OPTION_FLAG,
		.name = "all",
		.offset = offsetof(struct extract_command, takes_all),
		.help = "redirects and error pages too, not only replies of status 2xx"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct extract_command *command)
{
	free(command->output);
	free(command->url);
	free(command->type);
	extract_match_clear(&command->pattern);
	extract_writer_close(command->writer);
}

static bool is_payload(const struct reader_record *record)
{
	return record->type == RECORD_RESPONSE || record->type == RECORD_REVISIT ||
	       record->type == RECORD_RESOURCE || record->type == RECORD_CONVERSION;
}

static bool is_wanted(
	const struct extract_command *command, const struct body *body, struct bytes media_type)
{
	bool is_success = !body->is_http || body->http.status / 100 == 2;
	return (is_success || command->takes_all) && extract_match_type(command->type, media_type);
}

/* Writes one body; what is wrong with it is told. */
static int write_item(
	struct extract_command *command, const struct extract_item *item, struct flong_error *err)
{
	struct flong_error problem;
	int rc = extract_writer_add(command->writer, item, &problem, err);
	struct bytes url = reader_uri(item->record, "WARC-Target-URI");
	if (rc == FLONG_OK && problem.code != 0) {
		command->is_damaged = true;
		notice("'" BYTES_FMT "': %s", BYTES_ARG(url), problem.message);
	} else if (rc == FLONG_OK && item->body != NULL && item->body->unknown_coding.len > 0) {
		notice("'" BYTES_FMT "': the content coding '%s' is not known, kept as it is",
			BYTES_ARG(url), buf_text(&item->body->unknown_coding));
	}
	return rc;
}

/* The body of a revisit is another record's; where that is not known only a line is written. Only
 * an index finds it at once: in a WARC file it would be looked for from the start for each one. */
static int extract_revisit(struct extract_command *command, const struct wacz_place *place,
	const struct extract_item *listed, struct flong_error *err)
{
	struct extract_item item = *listed;
	SCOPED(record_open_clear) struct record_open original = {0};
	SCOPED(body_clear) struct body body = {0};
	struct record_open revisit = {.path = place->path, .record = listed->record};
	struct flong_error ignored = {0};
	if (place->file[0] != '\0' &&
		record_open_original(&revisit, &original, &ignored) == FLONG_OK &&
		body_open(original.records, original.record, &body, &ignored) == FLONG_OK) {
		item.source = original.record;
		item.body = &body;
		item.media_type = body_media_type(&body, original.record);
		if (!extract_match_type(command->type, item.media_type)) {
			return FLONG_OK;
		}
	} else {
		command->elsewhere++;
	}
	return write_item(command, &item, err);
}

static int extract_record(void *context, const struct wacz_place *place, struct reader *reader,
	const struct reader_record *record, struct flong_error *err)
{
	struct extract_command *command = (struct extract_command *)context;
	struct bytes url = reader_uri(record, "WARC-Target-URI");
	if (!is_payload(record) || url.len == 0 || !extract_match_url(&command->pattern, url)) {
		return FLONG_OK;
	}
	SCOPED(body_clear) struct body body = {0};
	int rc = body_open(reader, record, &body, err);
	if (rc < 0) {
		return rc;
	}
	struct bytes media_type = body_media_type(&body, record);
	struct extract_item item = {.record = record,
		.file = place->file[0] != '\0' ? place->file : files_base_name(place->path),
		.source = record,
		.status = body.http.status,
		.media_type = media_type};
	if (record->type == RECORD_REVISIT) {
		bool is_success =
			body.http.status / 100 == 2 || body.http.status == 304 || !body.is_http;
		return is_success || command->takes_all
			       ? extract_revisit(command, place, &item, err)
			       : FLONG_OK;
	}
	if (!is_wanted(command, &body, media_type)) {
		return FLONG_OK;
	}
	item.body = &body;
	rc = write_item(command, &item, err);
	if (rc == FLONG_OK && body.fault.code != 0) {
		*err = body.fault; /* the walk goes on behind the damage */
		return err->code;
	}
	return rc == FLONG_E_LIMIT ? error_context(err, "'" BYTES_FMT "'", BYTES_ARG(url)) : rc;
}

static void tell_damage(void *context, const struct wacz_place *place,
	const struct flong_error *fault, const struct reader_gap *gap)
{
	(void)place;
	((struct extract_command *)context)->is_damaged = true;
	notice_damage(fault, gap);
}

/* Whether the input can be opened at all: a directory is made only then. */
static int try_input(const char *path, struct flong_error *err)
{
	SCOPED(wacz_reader_closep) struct wacz_reader *wacz = NULL;
	SCOPED(reader_closep) struct reader *reader = NULL;
	bool is_wacz = false;
	int rc = wacz_reader_is_one(path, &is_wacz, err);
	if (rc < 0 || strcmp(path, "-") == 0) {
		return rc;
	}
	return is_wacz ? wacz_reader_open(path, &wacz, err) : reader_open(path, &reader, err);
}

static int extract(
	struct extract_command *command, const struct operands *operands, struct flong_error *err)
{
	const struct wacz_walk walk = {extract_record, tell_damage, command};
	if (command->output == NULL || command->output[0] == '\0') {
		return error_set(err, FLONG_E_USAGE, "extract needs --output DIR");
	}
	if (command->match != MATCH_EXACT && command->url == NULL) {
		return error_set(err, FLONG_E_USAGE, "--match says how to use --url: give both");
	}
	extract_match_init(&command->pattern, command->url, command->match);
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < operands->count; i++) {
		rc = try_input(operands->items[i], err);
	}
	if (rc == FLONG_OK) {
		rc = extract_writer_open(command->output, &command->writer, err);
	}
	for (size_t i = 0; rc == FLONG_OK && i < operands->count; i++) {
		rc = wacz_walk(operands->items[i], &walk, err);
	}
	return rc == FLONG_OK ? extract_writer_finish(command->writer, err) : rc;
}

static void print_summary(const struct extract_command *command)
{
	(void)printf("%" PRIu64 " files in %s\n", extract_writer_count(command->writer),
		command->output);
	if (command->elsewhere > 0) {
		notice("%" PRIu64 " revisits repeat payloads that are not here; extract.jsonl "
		       "names their originals",
			command->elsewhere);
	}
}

int cmd_extract(int argc, char **argv)
{
	SCOPED(clear) struct extract_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_extract_options, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count == 0) {
		rc = error_set(
			&err, FLONG_E_USAGE, "extract needs a WARC file, a collection or a WACZ");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts("usage: flong extract FILE|DIR|WACZ... -o DIR [OPTION...]\n\nWrites "
			   "payloads as files, named by their URLs, with their codings undone, "
			   "and a\nlist of them, extract.jsonl.");
		option_print_help(cmd_extract_options, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "extract");
	} else if (extract(&command, &operands, &err) < 0) {
		result = err.code == FLONG_E_USAGE ? command_usage(&err, "extract")
						   : command_fail(&err);
	} else {
		print_summary(&command);
		result = command.is_damaged ? 1 : 0;
	}
	free(operands.items);
	return command_finish(result);
}
