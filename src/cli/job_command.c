/* SPDX-License-Identifier: MIT */
/* job_command.c - a job as its file and the command line tell it */
#include "cli/job_command.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"

/* A file of a job: lines of a few dozen bytes. */
#define CONF_MAX ((size_t)1 << 20)

void job_command_clear(struct job_command *command)
{
	crawl_command_clear(&command->crawl);
	job_options_clear(&command->job);
	crawl_texts_clear(&command->urls);
}

/* One limit of --keep: "90d", "30 runs", "20G". A number alone could be any of them. */
static int set_limit(struct job_keep *keep, struct bytes text, struct flong_error *err)
{
	struct bytes number = text;
	SCOPED(free_textp) char *whole = alloc_text(text.ptr, text.len);
	size_t digits = strspn(whole, "0123456789");
	uint64_t count = 0;
	number.len = digits;
	struct bytes unit = bytes_trim(bytes_slice(text, digits, text.len));
	bool is_number = bytes_to_u64(number, UINT64_C(1000000000000), &count) && count > 0;
	if (is_number && (bytes_equal(unit, BYTES("runs")) || bytes_equal(unit, BYTES("run")))) {
		keep->runs = count;
		return FLONG_OK;
	}
	if (is_number && unit.len == 1 && strchr("KMGT", unit.ptr[0]) != NULL) {
		return option_size(whole, &keep->bytes, err);
	}
	struct flong_error ignored = {0};
	if (is_number && unit.len > 0 &&
		option_duration(whole, &keep->age_ms, &ignored) == FLONG_OK) {
		return FLONG_OK;
	}
	return error_set(err, FLONG_E_USAGE,
		"'%s' is no age such as 90d, number such as '30 runs', or size such as 20G", whole);
}

static int set_keep(void *target, const char *value, struct flong_error *err)
{
	struct job_command *command = target;
	struct bytes rest = bytes_of(value);
	struct bytes item;
	struct job_keep keep = {0};
	while (bytes_next_item(&rest, ',', &item)) {
		int rc = set_limit(&keep, bytes_trim(item), err);
		if (rc < 0) {
			return rc;
		}
	}
	command->job.keep = keep;
	return FLONG_OK;
}

/* One step of --every: "1h", "1h for 2d". `until_out` is 0 without an age. */
static int read_step(struct bytes text, struct cadence_step *step_out, struct flong_error *err)
{
	size_t at = bytes_find(text, BYTES(" for "), 0);
	struct bytes age = at == SIZE_MAX ? BYTES("") : bytes_slice(text, at + 5, text.len);
	struct bytes interval = bytes_trim(bytes_slice(text, 0, at));
	SCOPED(free_textp) char *interval_text = alloc_text(interval.ptr, interval.len);
	age = bytes_trim(age);
	SCOPED(free_textp) char *age_text = alloc_text(age.ptr, age.len);
	step_out->until_ms = 0;
	int rc = option_duration(interval_text, &step_out->interval_ms, err);
	if (rc == FLONG_OK && at != SIZE_MAX) {
		rc = option_duration(age_text, &step_out->until_ms, err);
	}
	if (rc == FLONG_OK &&
		(step_out->interval_ms == 0 || (at != SIZE_MAX && step_out->until_ms == 0))) {
		rc = error_set(err, FLONG_E_USAGE, "'" BYTES_FMT "' is no time", BYTES_ARG(text));
	}
	return rc;
}

static int set_every(void *target, const char *value, struct flong_error *err)
{
	struct job_command *command = target;
	struct bytes rest = bytes_of(value);
	struct bytes item;
	struct cadence cadence = {0};
	while (bytes_next_item(&rest, ',', &item)) {
		struct cadence_step step = {0};
		int rc = read_step(bytes_trim(item), &step, err);
		if (rc < 0) {
			return rc;
		}
		if (cadence.count == CADENCE_STEPS_MAX) {
			return error_set(err, FLONG_E_USAGE, "'%s' has more than %d steps", value,
				CADENCE_STEPS_MAX);
		}
		const struct cadence_step *last =
			cadence.count == 0 ? NULL : &cadence.steps[cadence.count - 1];
		if (last != NULL && (last->until_ms == 0 || last->until_ms == INT64_MAX)) {
			return error_set(
				err, FLONG_E_USAGE, "'%s': only the last step has no age", value);
		}
		if (last != NULL && step.until_ms != 0 && step.until_ms <= last->until_ms) {
			return error_set(err, FLONG_E_USAGE,
				"'%s': the ages must grow from step to step", value);
		}
		step.until_ms = step.until_ms == 0 ? INT64_MAX : step.until_ms;
		cadence.steps[cadence.count++] = step;
	}
	if (cadence.count == 0) {
		return error_set(err, FLONG_E_USAGE, "'%s' is no interval such as 1h", value);
	}
	bool is_single = cadence.count == 1 && cadence.steps[0].until_ms == INT64_MAX;
	command->job.every = is_single ? cadence_of(cadence.steps[0].interval_ms) : cadence;
	return FLONG_OK;
}

static const char *const overlaps[] = {"skip", "wait", NULL};

const struct option job_option_table[] = {
	{.type = OPTION_HEADING, .name = "The job"},
	{.type = OPTION_TEXTS,
		.name = "url",
		.value = "URL",
		.offset = offsetof(struct job_command, urls),
		.help = "a seed; repeatable, see also --input"},
	{.type = OPTION_TEXT,
		.name = "collection",
		.value = "DIR",
		.offset = offsetof(struct job_command, job.collection),
		.help = "the directory that each run adds to; needed"},
	{.type = OPTION_CALL,
		.name = "every",
		.value = "LIST",
		.set = set_every,
		.help = "how often stories are captured again by their age, such as '1h for 1d, 6h "
			"for 7d, 1d for 30d'; the first is the time between runs (every run)"},
	{.type = OPTION_CALL,
		.name = "keep",
		.value = "LIST",
		.set = set_keep,
		.help = "what is kept of old runs: an age, a number, a size, such as '90d, 500 "
			"runs, 20G' (everything)"},
	{.type = OPTION_CHOICE,
		.name = "on-overlap",
		.value = "M",
		.offset = offsetof(struct job_command, job.on_overlap),
		.choices = overlaps,
		.help = "when another run is at work: skip (exit 10, default), wait"},
	{.type = OPTION_TEXT,
		.name = "alert",
		.value = "COMMAND",
		.offset = offsetof(struct job_command, job.alert),
		.help = "run this when a run failed or is suspicious; status.json is its input"},
	{.type = OPTION_TEXT,
		.name = "status",
		.value = "FILE",
		.offset = offsetof(struct job_command, job.status_path),
		.help = "a second file for the status"},
	{.type = OPTION_HEADING, .name = NULL},
};

static size_t count_rows(const struct option *table)
{
	size_t count = 0;
	while (table[count].name != NULL) {
		count++;
	}
	return count;
}

struct option *job_command_table(void)
{
	size_t own = count_rows(job_option_table);
	size_t crawls = count_rows(crawl_option_table);
	struct option *table = ALLOC_ARRAY(struct option, own + crawls + 1);
	memcpy(table, job_option_table, own * sizeof(table[0]));
	memcpy(table + own, crawl_option_table, (crawls + 1) * sizeof(table[0]));
	return table;
}

static void free_table(struct option **table)
{
	free(*table);
}

static char *name_of(const char *path)
{
	struct bytes name = bytes_of(files_base_name(path));
	if (bytes_ends(name, BYTES(".conf")) && name.len > strlen(".conf")) {
		name.len -= strlen(".conf");
	}
	return alloc_text(name.ptr, name.len);
}

/* Sets everything anew from the first lines of the file and from the command line. */
struct sources {
	const struct option *table;
	struct bytes lines;
	const char *path;
	int argc;
	char **argv; /* argc 0: the file alone */
};

static int set_all(
	struct job_command *command, const struct sources *sources, struct flong_error *err)
{
	struct operands operands = {0};
	crawl_options_init(&command->crawl.options);
	command->job.name = name_of(sources->path);
	int rc = option_read_lines(sources->table, command, sources->lines, sources->path, err);
	if (rc == FLONG_OK && sources->argc > 0) {
		rc = option_read(
			sources->table, command, sources->argc, sources->argv, &operands, err);
		free(operands.items);
	}
	if (rc == FLONG_OK) {
		rc = crawl_command_read_inputs(&command->crawl, err);
	}
	for (size_t i = 0; rc == FLONG_OK && i < command->urls.count; i++) {
		crawl_texts_add(&command->crawl.options.seeds, command->urls.items[i]);
	}
	return rc;
}

/* The number of the line from which on the file is wrong, or 0 when that is none: a pattern that is
 * none shows only when all is put together. */
static int find_line(const struct sources *sources)
{
	struct bytes rest = sources->lines;
	struct bytes line;
	for (int number = 1; bytes_next_line(&rest, &line); number++) {
		SCOPED(job_command_clear) struct job_command command = {0};
		struct sources part = *sources;
		struct flong_error ignored = {0};
		part.argc = 0;
		part.lines = bytes_slice(sources->lines, 0, sources->lines.len - rest.len);
		if (set_all(&command, &part, &ignored) < 0 ||
			crawl_check(&command.crawl.options, &ignored) < 0) {
			return number;
		}
	}
	return 0;
}

int job_command_read(struct job_command *command, const char *path, int argc, char **argv,
	struct flong_error *err)
{
	SCOPED(buf_clear) struct buf content = buf_with_max(CONF_MAX);
	SCOPED(free_table) struct option *table = job_command_table();
	int rc = files_read(path, &content, err);
	if (rc < 0) {
		err->code = FLONG_E_USAGE;
		return rc;
	}
	const struct sources sources = {.table = table,
		.lines = buf_bytes(&content),
		.path = path,
		.argc = argc,
		.argv = argv};
	rc = set_all(command, &sources, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	rc = job_check(&command->job, &command->crawl.options, err);
	if (rc < 0) {
		int line = find_line(&sources);
		err->code = FLONG_E_USAGE;
		return line > 0 ? error_context(err, "%s: line %d", path, line)
				: error_context(err, "%s", path);
	}
	return rc;
}
