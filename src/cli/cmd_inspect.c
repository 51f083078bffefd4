/* SPDX-License-Identifier: MIT */
/* cmd_inspect.c - flong inspect: what flong sees in a document, through the same code that a crawl
 * uses */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "article/article_json.h"
#include "article/verdict.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/stream.h"
#include "cli/command.h"
#include "cli/document.h"
#include "cli/inspect_article.h"
#include "cli/inspect_cdxj.h"
#include "cli/notice.h"
#include "cli/option.h"
#include "cli/record_open.h"
#include "links/links_json.h"
#include "web/robots.h"
#include "web/surt.h"

struct inspect_command {
	char *url, *type, *charset, *date, *base, *agent, *closest, *offset; /* owned */
	bool is_js, is_json;
	int match;  /* enum lookup_match */
	int format; /* enum article_format */
	struct operands operands;
};

static const char *const matches[] = {"exact", "prefix", "host", "domain", NULL};

enum article_format { FORMAT_AUTO, FORMAT_JSON, FORMAT_TEXT, FORMAT_MARKDOWN };
static const char *const formats[] = {"auto", "json", "text", "markdown", NULL};

const struct option cmd_inspect_options[] = {
	{.type = OPTION_TEXT,
		.name = "url",
		.value = "U",
		.offset = offsetof(struct inspect_command, url),
		.help = "where the document was found (links, related, article); what to look up "
			"(cdxj)"},
	{.type = OPTION_TEXT,
		.name = "type",
		.value = "T",
		.offset = offsetof(struct inspect_command, type),
		.help = "its Content-Type (text/html)"},
	{.type = OPTION_TEXT,
		.name = "charset",
		.value = "C",
		.offset = offsetof(struct inspect_command, charset),
		.help = "charset of its Content-Type"},
	{.type = OPTION_TEXT,
		.name = "date",
		.value = "D",
		.offset = offsetof(struct inspect_command, date),
		.help = "when it was captured (2026-11-23T19:00:00Z; now)"},
	{.type = OPTION_TEXT,
		.name = "base",
		.value = "B",
		.offset = offsetof(struct inspect_command, base),
		.help = "base URL (url)"},
	{.type = OPTION_TEXT,
		.name = "agent",
		.value = "A",
		.offset = offsetof(struct inspect_command, agent),
		.help = "product token (robots; flong)"},
	{.type = OPTION_TEXT,
		.name = "offset",
		.value = "N",
		.offset = offsetof(struct inspect_command, offset),
		.help = "FILE is a WARC or WACZ: the document is its record there"},
	{.type = OPTION_CHOICE,
		.name = "format",
		.value = "F",
		.offset = offsetof(struct inspect_command, format),
		.choices = formats,
		.help = "json, text or markdown (article; auto: text on a terminal, else json)"},
	{.type = OPTION_FLAG,
		.name = "json",
		.offset = offsetof(struct inspect_command, is_json),
		.help = "the same as --format json"},
	{.type = OPTION_FLAG,
		.name = "js",
		.offset = offsetof(struct inspect_command, is_js),
		.help = "the key as warcio.js makes it (surt)"},
	{.type = OPTION_CHOICE,
		.name = "match",
		.value = "M",
		.offset = offsetof(struct inspect_command, match),
		.choices = matches,
		.help = "rows of the URL: exact (default), or of all with this prefix, host or "
			"domain (cdxj)"},
	{.type = OPTION_TEXT,
		.name = "closest",
		.value = "TIME",
		.offset = offsetof(struct inspect_command, closest),
		.help = "only the row nearest to this time, 4 to 17 digits (cdxj)"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct inspect_command *command)
{
	char *const texts[] = {command->url, command->type, command->charset, command->date,
		command->base, command->agent, command->closest, command->offset};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		free(texts[i]);
	}
	free(command->operands.items);
}

/* What was read in a document. */
struct reading {
	struct url *url; /* owned */
	struct page_result page;
	enum verdict verdict;
	struct buf reasons; /* for the verdict */
};

static void reading_clear(struct reading *reading)
{
	url_close(reading->url);
	page_result_clear(&reading->page);
	buf_clear(&reading->reasons);
}

/* The record at an offset, or the latest capture of a URL. */
static int open_record(
	const char *path, const char *place, struct record_open *open, struct flong_error *err)
{
	uint64_t at;
	if (bytes_to_u64(bytes_of(place), INT64_MAX, &at)) {
		return record_open_at(path, NULL, at, open, err);
	}
	if (bytes_find(bytes_of(place), BYTES("://"), 0) == SIZE_MAX) {
		return error_set(err, FLONG_E_USAGE, "--offset: '%s' is no offset", place);
	}
	return record_open_url(path, place, NULL, open, err);
}

static int read_record(
	const char *path, const char *offset, struct document *document, struct flong_error *err)
{
	SCOPED(record_open_clear) struct record_open open = {0};
	int rc = open_record(path, offset, &open, err);
	if (rc == FLONG_OK) {
		rc = document_read(&open, document, err);
	}
	return rc < 0 && rc != FLONG_E_USAGE ? error_context(err, "offset %s", offset) : rc;
}

/* Reads FILE, or with --offset N or FILE N (`offset` not NULL) a record of it. */
static int read_input(
	const char *path, const char *offset, struct document *document, struct flong_error *err)
{
	document->content.max = LIMIT_DOCUMENT_BYTES;
	if (offset != NULL) {
		return read_record(path, offset, document, err);
	}
	SCOPED(source_closep) struct source *source = NULL;
	int rc = source_open_file(path, &source, err);
	return rc == FLONG_OK ? source_read_all(source, &document->content, err) : rc;
}

static void print_buf(const struct buf *text)
{
	(void)fwrite(buf_text(text), 1, text->len, stdout);
}

/* Operand `n` counted behind the subject, or NULL. */
static const char *operand(const struct inspect_command *command, size_t n)
{
	return n + 1 < command->operands.count ? command->operands.items[n + 1] : NULL;
}

/* The Content-Type of the document: as given, of the record, or HTML's. */
static void choose_type(const struct inspect_command *command, struct document *document)
{
	if (command->type != NULL || document->type.len == 0) {
		buf_reset(&document->type);
		buf_add_text(&document->type, command->type == NULL ? "text/html" : command->type);
	}
	if (command->charset != NULL) {
		/* Of two, readers take the first. */
		buf_truncate(&document->type, bytes_find_char(buf_bytes(&document->type), ';', 0));
		buf_addf(&document->type, "; charset=%s", command->charset);
	}
}

/* When the document was captured: as given, as the record says, or now. */
static int choose_date(const struct inspect_command *command, const struct document *document,
	int64_t *captured_ms, struct flong_error *err)
{
	*captured_ms = clock_wall_ms();
	if (command->date == NULL) {
		(void)clock_parse_iso(buf_bytes(&document->date), captured_ms);
		return FLONG_OK;
	}
	return clock_parse_iso(bytes_of(command->date), captured_ms)
		       ? FLONG_OK
		       : error_set(err, FLONG_E_USAGE,
				 "--date: '%s' is no date such as 2026-11-23T19:00:00Z",
				 command->date);
}

/* Reads the document that the command line names. The caller clears *reading. */
static int read_page(
	const struct inspect_command *command, struct reading *reading, struct flong_error *err)
{
	const char *offset = command->offset != NULL ? command->offset : operand(command, 1);
	if ((command->url == NULL && offset == NULL) || operand(command, 0) == NULL) {
		return error_set(err, FLONG_E_USAGE,
			"inspect %s needs --url U and a FILE, or a WARC, WACZ or collection and an "
			"offset or "
			"a URL",
			command->operands.items[0]);
	}
	SCOPED(document_clear) struct document document = {0};
	int64_t captured_ms;
	int rc = read_input(operand(command, 0), offset, &document, err);
	if (rc == FLONG_OK) {
		rc = choose_date(command, &document, &captured_ms, err);
	}
	if (rc == FLONG_OK) {
		struct bytes url =
			command->url != NULL ? bytes_of(command->url) : buf_bytes(&document.url);
		rc = url_parse(url, NULL, &reading->url, err);
	}
	if (rc < 0) {
		return rc;
	}
	choose_type(command, &document);
	const struct page_input input = {
		.document = buf_bytes(&document.content),
		.url = reading->url,
		.content_type = buf_bytes(&document.type),
		.role = ROLE_DOCUMENT,
		.captured_ms = captured_ms,
		.wants_markdown = true,
	};
	rc = page_read(&input, &reading->page, err);
	if (rc == FLONG_OK) {
		const struct verdict_input judged = {.page = &reading->page,
			.url = reading->url,
			.status = document.status,
			.headers = &document.headers};
		reading->verdict = verdict_of(&judged, &reading->reasons);
	}
	return rc;
}

static void add_article(
	const struct inspect_command *command, const struct reading *reading, struct buf *text)
{
	struct bytes url = reading->url->all;
	const struct page_result *result = &reading->page;
	int format = command->is_json ? FORMAT_JSON : command->format;
	if (format == FORMAT_AUTO) {
		format = isatty(STDOUT_FILENO) == 1 ? FORMAT_TEXT : FORMAT_JSON;
	}
	if (format == FORMAT_TEXT) {
		inspect_article_text(text, url, result, reading->verdict, notice_terminal_width());
	} else if (format == FORMAT_MARKDOWN) {
		inspect_article_markdown(text, url, result);
	} else {
		article_json_add_article(
			text, url, result, reading->verdict, buf_bytes(&reading->reasons));
	}
}

static int inspect_page(const struct inspect_command *command, struct flong_error *err)
{
	const char *subject = command->operands.items[0];
	SCOPED(reading_clear) struct reading reading = {0};
	const struct page_result *result = &reading.page;
	SCOPED(buf_clear) struct buf text = buf_with_max((size_t)256 << 20);
	int rc = read_page(command, &reading, err);
	if (rc < 0) {
		return rc;
	}
	if (strcmp(subject, "links") == 0) {
		for (size_t i = 0; i < result->links.count; i++) {
			links_json_add(&result->links.items[i], &text);
			buf_add_char(&text, '\n');
		}
	} else if (strcmp(subject, "related") == 0) {
		article_json_add_related(&text, result);
	} else {
		add_article(command, &reading, &text);
	}
	print_buf(&text);
	return FLONG_OK;
}

static int inspect_url(const struct inspect_command *command, struct flong_error *err)
{
	SCOPED(url_closep) struct url *base = NULL;
	int rc = command->base == NULL ? FLONG_OK
				       : url_parse(bytes_of(command->base), NULL, &base, err);
	for (size_t i = 0; rc == FLONG_OK && operand(command, i) != NULL; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		struct flong_error ignored = {0};
		(void)puts(
			url_parse(bytes_of(operand(command, i)), base, &url, &ignored) == FLONG_OK
				? url->href
				: "failure");
	}
	return rc;
}

static int inspect_surt(const struct inspect_command *command, struct flong_error *err)
{
	(void)err;
	for (size_t i = 0; operand(command, i) != NULL; i++) {
		SCOPED(buf_clear) struct buf key = {0};
		if (command->is_js) {
			surt_js(bytes_of(operand(command, i)), &key);
		} else {
			surt_ia(bytes_of(operand(command, i)), &key);
		}
		(void)puts(buf_text(&key));
	}
	return FLONG_OK;
}

static int inspect_robots(const struct inspect_command *command, struct flong_error *err)
{
	if (operand(command, 0) == NULL) {
		return error_set(err, FLONG_E_USAGE, "inspect robots needs a FILE and URLs");
	}
	SCOPED(document_clear) struct document document = {0};
	int rc = read_input(operand(command, 0), command->offset, &document, err);
	if (rc < 0) {
		return rc;
	}
	struct bytes agent = bytes_of(command->agent == NULL ? "flong" : command->agent);
	SCOPED(robots_closep)
	struct robots *robots = robots_parse(buf_bytes(&document.content), agent);
	for (size_t i = 1; operand(command, i) != NULL; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		rc = url_parse(bytes_of(operand(command, i)), NULL, &url, err);
		if (rc < 0) {
			return error_context(err, "'%s'", operand(command, i));
		}
		struct bytes rule = {NULL, 0};
		bool is_allowed = robots_allows(robots, url_target(url), &rule);
		(void)printf("%s\t%.*s\n", is_allowed ? "allow" : "deny", (int)rule.len,
			rule.len > 0 ? rule.ptr : "");
	}
	return FLONG_OK;
}

static int inspect_index(const struct inspect_command *command, struct flong_error *err)
{
	if (operand(command, 0) == NULL || operand(command, 1) != NULL) {
		return error_set(err, FLONG_E_USAGE, "inspect cdxj needs one FILE");
	}
	const struct inspect_cdxj request = {
		.path = operand(command, 0),
		.url = command->url,
		.match = (enum lookup_match)command->match,
		.closest = command->closest,
	};
	return inspect_cdxj(&request, err);
}

static const struct {
	const char *subject;
	int (*run)(const struct inspect_command *command, struct flong_error *err);
} subjects[] = {
	{"links", inspect_page},
	{"related", inspect_page},
	{"article", inspect_page},
	{"url", inspect_url},
	{"surt", inspect_surt},
	{"robots", inspect_robots},
	{"cdxj", inspect_index},
};

static int inspect(const struct inspect_command *command, struct flong_error *err)
{
	const char *subject = command->operands.count > 0 ? command->operands.items[0] : "";
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		if (strcmp(subjects[i].subject, subject) == 0) {
			return subjects[i].run(command, err);
		}
	}
	return error_set(err, FLONG_E_USAGE,
		"inspect needs one of links, related, article, url, surt, robots, cdxj, not '%s'",
		subject);
}

int cmd_inspect(int argc, char **argv)
{
	SCOPED(clear) struct inspect_command command = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_inspect_options, &command, argc, argv, &command.operands, &err);
	if (rc == FLONG_END) {
		(void)puts(
			"usage: flong inspect links|related|article --url U [OPTION...] FILE\n"
			"       flong inspect links|related|article [OPTION...] WHAT OFFSET|URL\n"
			"       flong inspect url [--base B] INPUT...\n"
			"       flong inspect surt [--js] URL...\n"
			"       flong inspect robots [--agent A] FILE URL...\n"
			"       flong inspect cdxj [--url U [--match M | --closest TIME]] FILE\n\n"
			"Prints what a crawl would see: one JSON object a line for documents, and\n"
			"for the rows of an index. On a terminal an article is printed to be "
			"read.");
		option_print_help(cmd_inspect_options, stdout);
		return command_finish(0);
	}
	if (rc == FLONG_OK) {
		rc = inspect(&command, &err);
	}
	if (rc < 0 && err.code == FLONG_OK) {
		return command_finish(1); /* the faults were told of */
	}
	if (rc < 0) {
		return err.code == FLONG_E_USAGE ? command_usage(&err, "inspect")
						 : command_fail(&err);
	}
	return command_finish(0);
}
