/* SPDX-License-Identifier: MIT */
/* cmd_diff.c - flong diff: what an outlet changed in a story between two captures
 *
 * Both pages are read again from their records: texts that were stored by other versions of flong
 * would differ by more than the outlet's doing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "article/compare.h"
#include "article/page.h"
#include "article/url_key.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "cli/command.h"
#include "cli/diff_print.h"
#include "cli/document.h"
#include "cli/notice.h"
#include "cli/option.h"
#include "crawl/history.h"

/* Digits of a number that is the place of a version; more are a year. */
#define NUMBER_DIGITS_MAX 3

struct diff_command {
	bool as_json, is_whole;
	const char *path, *url;     /* borrowed */
	const char *before, *after; /* borrowed: which versions; NULL: the last two */
	struct operands operands;
	struct buf key; /* owned: of the address asked for */
	bool is_found;
};

const struct option cmd_diff_options[] = {
	{.type = OPTION_FLAG,
		.name = "json",
		.offset = offsetof(struct diff_command, as_json),
		.help = "one JSON object instead of lines to be read"},
	{.type = OPTION_FLAG,
		.name = "whole",
		.offset = offsetof(struct diff_command, is_whole),
		.help = "the whole text, also the paragraphs that are the same"},
	{.type = OPTION_HEADING, .name = NULL},
};

/* --- which versions ----------------------------------------------------------------------------
 */

/* The last moment that begins with a time such as 2026-11 or 20261123T10: the next one of the same
 * form is later. */
static bool read_time(const char *text, int64_t *end_ms_out)
{
	char digits[CLOCK_DIGITS_SIZE] = "";
	size_t count = 0;
	for (; *text != '\0'; text++) {
		if (char_is_digit(*text)) {
			if (count + 1 == CLOCK_DIGITS_SIZE - 2) {
				return false;
			}
			digits[count++] = *text;
		} else if (strchr("-:TZ. ", *text) == NULL) {
			return false;
		}
	}
	static const char latest[] = "99991231235959999";
	int64_t start_ms;
	if (count < 4 || count > 17 || !clock_parse_digits(bytes_from(digits, count), &start_ms)) {
		return false;
	}
	/* Months have no 31 days each: try the days from the last. */
	for (int day = 31; day >= 28; day--) {
		char whole[CLOCK_DIGITS_SIZE];
		memcpy(whole, latest, sizeof(latest));
		whole[6] = (char)('0' + day / 10);
		whole[7] = (char)('0' + day % 10);
		memcpy(whole, digits, count);
		if (clock_parse_digits(bytes_from(whole, 17), end_ms_out)) {
			return true;
		}
	}
	*end_ms_out = start_ms;
	return true;
}

/* Whether a version is of the address asked for. An AMP page differs from the other by more than
 * the outlet's changes, so the versions of one address are compared where there are two. */
static bool is_asked(const struct diff_command *command, const struct history_version *version)
{
	return bytes_equal(bytes_of(version->key), buf_bytes(&command->key));
}

/* The version that was there at a time; its address as asked for, if that had one. */
static bool find_at(const struct diff_command *command, const struct history *history,
	int64_t end_ms, size_t *version_out)
{
	bool is_found = false;
	bool is_own = false;
	for (size_t i = 0; i < history->count; i++) {
		bool is_better = is_asked(command, &history->versions[i]) || !is_own;
		if (history->versions[i].first_ms <= end_ms && is_better) {
			*version_out = i;
			is_found = true;
			is_own = is_asked(command, &history->versions[i]);
		}
	}
	return is_found;
}

/* The version that a word on the command line means, or an error that says what there is. */
static int choose_version(const struct diff_command *command, const struct history *history,
	const char *word, size_t *version_out, struct flong_error *err)
{
	uint64_t number;
	int64_t end_ms;
	if (strlen(word) <= NUMBER_DIGITS_MAX && bytes_to_u64(bytes_of(word), 999, &number)) {
		if (number < 1 || number > history->count) {
			return error_set(err, FLONG_E_USAGE,
				"'%s': the story has versions 1 to %zu", word, history->count);
		}
		*version_out = (size_t)number - 1;
		return FLONG_OK;
	}
	if (!read_time(word, &end_ms)) {
		return error_set(err, FLONG_E_USAGE,
			"'%s' is neither the number of a version nor a time such as 2026-11-23",
			word);
	}
	char first[CLOCK_ISO_SIZE];
	clock_format_iso_s(history->versions[0].first_ms, first);
	return find_at(command, history, end_ms, version_out)
		       ? FLONG_OK
		       : error_set(err, FLONG_E_USAGE, "'%s': the story was captured first at %s",
				 word, first);
}

/* The version before another at its address. */
static bool find_previous(const struct history *history, size_t after, size_t *before_out)
{
	for (size_t i = after; i-- > 0;) {
		if (strcmp(history->versions[i].key, history->versions[after].key) == 0) {
			*before_out = i;
			return true;
		}
	}
	return false;
}

/* The last two of the address asked for, else of another one, else of any two. */
static bool find_last_two(const struct diff_command *command, const struct history *history,
	size_t *before_out, size_t *after_out)
{
	for (int own = 1; own >= 0; own--) {
		for (size_t i = history->count; i-- > 1;) {
			if ((is_asked(command, &history->versions[i]) || own == 0) &&
				find_previous(history, i, before_out)) {
				*after_out = i;
				return true;
			}
		}
	}
	*after_out = history->count - 1;
	*before_out = history->count > 1 ? history->count - 2 : 0;
	return history->count > 1;
}

/* --- comparing ---------------------------------------------------------------------------------
 */

/* A page of the archive and what it says. The caller clears the result. */
static int read_version(const struct diff_command *command, const struct history_version *version,
	struct page_result *result, struct flong_error *err)
{
	SCOPED(record_open_clear) struct record_open open = {0};
	SCOPED(document_clear)
	struct document document = {.content = buf_with_max(LIMIT_DOCUMENT_BYTES)};
	SCOPED(url_closep) struct url *url = NULL;
	char date[CLOCK_ISO_SIZE];
	clock_format_iso_ms(version->first_ms, date);
	int rc = record_open_url(command->path, version->url, date, &open, err);
	if (rc == FLONG_OK) {
		rc = document_read(&open, &document, err);
	}
	if (rc == FLONG_E_LIMIT) {
		rc = FLONG_OK; /* its beginning is what is read of it */
	}
	if (rc == FLONG_OK) {
		rc = url_parse(bytes_of(version->url), NULL, &url, err);
	}
	if (rc < 0) {
		return error_context(err, "%s", version->url);
	}
	const struct page_input input = {
		.document = buf_bytes(&document.content),
		.url = url,
		.content_type = buf_bytes(&document.type),
		.role = ROLE_DOCUMENT,
		.captured_ms = version->first_ms,
	};
	return page_read(&input, result, err);
}

static int print_changes(const struct diff_command *command, const struct history *history,
	size_t before, size_t after, struct flong_error *err)
{
	SCOPED(page_result_clear) struct page_result before_page = {0};
	SCOPED(page_result_clear) struct page_result after_page = {0};
	SCOPED(compare_clear) struct comparison comparison = {0};
	SCOPED(buf_clear) struct buf text = buf_with_max((size_t)512 << 20);
	bool is_terminal = isatty(STDOUT_FILENO) == 1;
	int rc = read_version(command, &history->versions[before], &before_page, err);
	if (rc == FLONG_OK) {
		rc = read_version(command, &history->versions[after], &after_page, err);
	}
	if (rc < 0) {
		return rc;
	}
	compare_stories(&before_page, &after_page, &comparison);
	const struct diff_print print = {
		.before = &history->versions[before],
		.after = &history->versions[after],
		.before_number = before + 1,
		.after_number = after + 1,
		.comparison = &comparison,
		.has_color = is_terminal,
		.is_whole = command->is_whole,
		.width = is_terminal ? notice_terminal_width() : 0,
	};
	if (command->as_json) {
		diff_print_json(&print, &text);
	} else {
		diff_print_text(&print, &text);
	}
	(void)fwrite(buf_text(&text), 1, text.len, stdout);
	return FLONG_OK;
}

/* There is nothing to compare with. */
static void print_only_version(const struct diff_command *command, const struct history *history)
{
	char first[CLOCK_ISO_SIZE];
	char last[CLOCK_ISO_SIZE];
	const struct history_version *version = &history->versions[0];
	clock_format_iso_s(version->first_ms, first);
	clock_format_iso_s(version->last_ms, last);
	if (!command->as_json) {
		(void)printf("%s\none version only, captured %llu times from %s to %s\n",
			version->url, (unsigned long long)version->captures, first, last);
	}
}

static int take_history(void *context, const struct history *history, struct flong_error *err)
{
	struct diff_command *command = context;
	size_t before = 0;
	size_t after = 0;
	int rc = FLONG_OK;
	if (command->is_found) { /* two stories answer to the address: the first is told of */
		return FLONG_OK;
	}
	command->is_found = true;
	if (command->before == NULL) {
		if (!find_last_two(command, history, &before, &after)) {
			print_only_version(command, history);
			return FLONG_OK;
		}
		return print_changes(command, history, before, after, err);
	}
	rc = choose_version(command, history, command->before, &before, err);
	after = history->count - 1;
	if (rc == FLONG_OK && command->after != NULL) {
		rc = choose_version(command, history, command->after, &after, err);
	}
	return rc == FLONG_OK ? print_changes(command, history, before, after, err) : rc;
}

static int diff(struct diff_command *command, struct flong_error *err)
{
	const struct operands *operands = &command->operands;
	if (operands->count < 2 || operands->count > 4) {
		return error_set(err, FLONG_E_USAGE,
			"diff needs an archive, a URL and at most two versions");
	}
	command->path = operands->items[0];
	command->url = operands->items[1];
	command->before = operands->count > 2 ? operands->items[2] : NULL;
	command->after = operands->count > 3 ? operands->items[3] : NULL;
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(bytes_of(command->url), NULL, &url, err) < 0) {
		return error_set(err, FLONG_E_USAGE, "'%s' is no http or https URL", command->url);
	}
	url_key_add(&command->key, url);
	const char *temp_dir = getenv("TMPDIR");
	const struct history_options options = {
		.paths = &command->path,
		.path_count = 1,
		.url = command->url,
		.temp_dir = temp_dir != NULL && temp_dir[0] != '\0' ? temp_dir : "/tmp",
		.context = command,
	};
	return history_read(&options, take_history, err);
}

int cmd_diff(int argc, char **argv)
{
	struct diff_command command = {0};
	struct flong_error err = {0};
	int result = 0;
	int rc = option_read(cmd_diff_options, &command, argc, argv, &command.operands, &err);
	if (rc == FLONG_END) {
		(void)puts(
			"usage: flong diff FILE|DIR|WACZ URL [A [B]] [OPTION...]\n\n"
			"What changed in a story between two of its versions: headline, kicker,\n"
			"description, authors, dates, text. A and B are numbers of versions as\n"
			"flong list --versions counts them, or times: 2026-11-23, 2026-11-23T19.\n"
			"Without them the last two are compared; without B, A and the latest.");
		option_print_help(cmd_diff_options, stdout);
	} else {
		if (rc == FLONG_OK) {
			rc = diff(&command, &err);
		}
		if (rc < 0) {
			result = err.code == FLONG_E_USAGE ? command_usage(&err, "diff")
							   : command_fail(&err);
		}
	}
	free(command.operands.items);
	buf_clear(&command.key);
	return command_finish(result);
}
