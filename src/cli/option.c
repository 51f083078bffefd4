/* SPDX-License-Identifier: MIT */
/* option.c - command line options from a table */
#include "cli/option.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/files.h"
#include "crawl/crawl.h"

/* Most columns of help text, and where the explanation starts. */
#define HELP_WIDTH 80
#define HELP_INDENT 26

static const struct option *find_name(const struct option *table, struct bytes name)
{
	for (; table->name != NULL; table++) {
		if (table->type != OPTION_HEADING && bytes_equal(bytes_of(table->name), name)) {
			return table;
		}
	}
	return NULL;
}

static const struct option *find_letter(const struct option *table, char letter)
{
	for (; table->name != NULL; table++) {
		if (table->type != OPTION_HEADING && table->letter == letter) {
			return table;
		}
	}
	return NULL;
}

/* Splits leading digits from a unit. */
static bool cut_number(const char *text, uint64_t max, uint64_t *number_out, const char **unit_out)
{
	size_t digits = strspn(text, "0123456789");
	*unit_out = text + digits;
	return bytes_to_u64(bytes_from(text, digits), max, number_out);
}

int option_duration(const char *text, int64_t *ms_out, struct flong_error *err)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {
		{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
	uint64_t number = 0;
	const char *unit = NULL;
	bool is_number = cut_number(text, UINT64_C(1000000000), &number, &unit);
	for (size_t i = 0; is_number && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].unit) == 0) {
			*ms_out = (int64_t)number * units[i].ms;
			return FLONG_OK;
		}
	}
	return error_set(
		err, FLONG_E_USAGE, "'%s' is no duration such as 20s, 500ms, 5m, 2h", text);
}

int option_size(const char *text, uint64_t *size_out, struct flong_error *err)
{
	static const char units[] = "KMGT";
	uint64_t number = 0;
	const char *unit = NULL;
	if (cut_number(text, UINT64_C(1000000000000), &number, &unit)) {
		const char *at = *unit == '\0' ? NULL : strchr(units, *unit);
		if (*unit == '\0') {
			*size_out = number;
			return FLONG_OK;
		}
		for (const char *power = units; at != NULL && unit[1] == '\0' && power <= at;
			power++) {
			if (!u64_mul(number, 1000, &number)) {
				at = NULL;
			}
		}
		if (at != NULL && unit[1] == '\0') {
			*size_out = number;
			return FLONG_OK;
		}
	}
	return error_set(err, FLONG_E_USAGE, "'%s' is no size such as 500K, 256M, 1G", text);
}

static int read_choice(
	const struct option *option, const char *text, int *index_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf names = {0};
	for (int i = 0; option->choices[i] != NULL; i++) {
		if (strcmp(option->choices[i], text) == 0) {
			*index_out = i;
			return FLONG_OK;
		}
		buf_addf(&names, "%s%s", i == 0 ? "" : ", ", option->choices[i]);
	}
	return error_set(err, FLONG_E_USAGE, "'%s' is none of %s", text, buf_text(&names));
}

static int read_int(
	const struct option *option, const char *text, int *number_out, struct flong_error *err)
{
	uint64_t number = 0;
	if (!bytes_to_u64(bytes_of(text), (uint64_t)option->max, &number) ||
		(long)number < option->min) {
		return error_set(err, FLONG_E_USAGE, "'%s' is no number from %ld to %ld", text,
			option->min, option->max);
	}
	*number_out = (int)number;
	return FLONG_OK;
}

static int set_option(
	const struct option *option, void *target, const char *value, struct flong_error *err)
{
	void *member = (char *)target + option->offset;
	switch (option->type) {
	case OPTION_HEADING:
		break;
	case OPTION_FLAG:
		*(bool *)member = true;
		break;
	case OPTION_INT:
		return read_int(option, value, member, err);
	case OPTION_SIZE:
		return option_size(value, member, err);
	case OPTION_DURATION:
		return option_duration(value, member, err);
	case OPTION_TEXT:
		free(*(char **)member);
		*(char **)member = alloc_copy(value);
		break;
	case OPTION_TEXTS:
		crawl_texts_add(member, value);
		break;
	case OPTION_CHOICE:
		return read_choice(option, value, member, err);
	case OPTION_CALL:
		return option->set(target, value, err);
	}
	return FLONG_OK;
}

static int apply(
	const struct option *option, void *target, const char *value, struct flong_error *err)
{
	int rc = set_option(option, target, value, err);
	return rc < 0 ? error_context(err, "--%s", option->name) : rc;
}

static int apply_config_line(
	const struct option *table, void *target, struct bytes line, struct flong_error *err)
{
	line = bytes_trim(line);
	if (line.len == 0 || line.ptr[0] == '#') {
		return FLONG_OK;
	}
	struct bytes name = line;
	struct bytes value = {NULL, 0};
	bool has_value = bytes_cut(line, '=', &name, &value);
	name = bytes_trim(name);
	value = bytes_trim(value);
	const struct option *option = find_name(table, name);
	if (option == NULL) {
		return error_set(
			err, FLONG_E_USAGE, "unknown option '" BYTES_FMT "'", BYTES_ARG(name));
	}
	if ((option->type == OPTION_FLAG) == has_value &&
		!(option->type == OPTION_CALL && option->value == NULL)) {
		return error_set(err, FLONG_E_USAGE, "option '%s' %s", option->name,
			has_value ? "takes no value" : "needs a value");
	}
	SCOPED(free_textp) char *text = alloc_text(value.ptr, value.len);
	return apply(option, target, text, err);
}

int option_read_lines(const struct option *table, void *target, struct bytes lines,
	const char *name, struct flong_error *err)
{
	struct bytes line;
	for (int number = 1; bytes_next_line(&lines, &line); number++) {
		int rc = apply_config_line(table, target, line, err);
		if (rc < 0) {
			return error_context(err, "%s: line %d", name, number);
		}
	}
	return FLONG_OK;
}

static int read_config(
	const struct option *table, void *target, const char *path, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf content = buf_with_max((size_t)1 << 20);
	int rc = files_read(path, &content, err);
	if (rc < 0) {
		err->code = FLONG_E_USAGE;
		return error_context(err, "--config");
	}
	return option_read_lines(table, target, buf_bytes(&content), path, err);
}

static void write_number(const struct option *option, const void *member, struct buf *lines)
{
	if (option->type == OPTION_INT) {
		/* Below the least value means "not given". */
		if (*(const int *)member >= option->min) {
			buf_addf(lines, "%s = %d\n", option->name, *(const int *)member);
		}
	} else if (option->type == OPTION_SIZE) {
		buf_addf(lines, "%s = %llu\n", option->name,
			(unsigned long long)*(const uint64_t *)member);
	} else {
		buf_addf(lines, "%s = %lldms\n", option->name, (long long)*(const int64_t *)member);
	}
}

static void write_texts(const char *name, const struct crawl_texts *texts, struct buf *lines)
{
	for (size_t i = 0; i < texts->count; i++) {
		buf_addf(lines, "%s = %s\n", name, texts->items[i]);
	}
}

void option_write_lines(const struct option *table, const void *target, struct buf *lines)
{
	for (; table->name != NULL; table++) {
		const void *member = (const char *)target + table->offset;
		switch (table->type) {
		case OPTION_HEADING:
		case OPTION_CALL:
			break;
		case OPTION_FLAG:
			if (*(const bool *)member) {
				buf_addf(lines, "%s\n", table->name);
			}
			break;
		case OPTION_INT:
		case OPTION_SIZE:
		case OPTION_DURATION:
			write_number(table, member, lines);
			break;
		case OPTION_TEXT:
			if (*(char *const *)member != NULL) {
				buf_addf(lines, "%s = %s\n", table->name, *(char *const *)member);
			}
			break;
		case OPTION_TEXTS:
			write_texts(table->name, member, lines);
			break;
		case OPTION_CHOICE:
			buf_addf(lines, "%s = %s\n", table->name,
				table->choices[*(const int *)member]);
			break;
		}
	}
}

/* State of one pass over the arguments. */
struct pass {
	const struct option *table;
	void *target;
	int argc;
	char **argv;
	int at;
	bool only_config; /* first pass: nothing but --config counts */
};

/* The value of an option: attached, or the next argument. */
static int take_value(struct pass *pass, const char *shown, const char *attached,
	const char **value_out, struct flong_error *err)
{
	if (attached != NULL) {
		*value_out = attached;
		return FLONG_OK;
	}
	if (pass->at + 1 >= pass->argc) {
		return error_set(err, FLONG_E_USAGE, "option '%s' needs a value", shown);
	}
	*value_out = pass->argv[++pass->at];
	return FLONG_OK;
}

static int read_long(struct pass *pass, const char *argument, struct flong_error *err)
{
	struct bytes name = bytes_of(argument + 2);
	struct bytes value_bytes = {NULL, 0};
	const char *attached = bytes_cut(name, '=', &name, &value_bytes) ? value_bytes.ptr : NULL;
	if (bytes_equal(name, BYTES("help"))) {
		return FLONG_END;
	}
	const char *value = NULL;
	if (bytes_equal(name, BYTES("config"))) {
		int rc = take_value(pass, "--config", attached, &value, err);
		return rc == FLONG_OK && pass->only_config
			       ? read_config(pass->table, pass->target, value, err)
			       : rc;
	}
	const struct option *option = find_name(pass->table, name);
	if (option == NULL) {
		return error_set(
			err, FLONG_E_USAGE, "unknown option '--" BYTES_FMT "'", BYTES_ARG(name));
	}
	if (option->value == NULL) {
		if (attached != NULL) {
			return error_set(
				err, FLONG_E_USAGE, "option '--%s' takes no value", option->name);
		}
	} else {
		int rc = take_value(pass, argument, attached, &value, err);
		if (rc < 0) {
			return rc;
		}
	}
	return pass->only_config ? FLONG_OK : apply(option, pass->target, value, err);
}

static int read_letters(struct pass *pass, const char *argument, struct flong_error *err)
{
	for (const char *letter = argument + 1; *letter != '\0'; letter++) {
		if (*letter == 'h' && find_letter(pass->table, 'h') == NULL) {
			return FLONG_END;
		}
		const struct option *option = find_letter(pass->table, *letter);
		if (option == NULL) {
			return error_set(err, FLONG_E_USAGE, "unknown option '-%c'", *letter);
		}
		const char *value = NULL;
		if (option->value != NULL) {
			int rc = take_value(pass, (char[]){'-', *letter, '\0'},
				letter[1] == '\0' ? NULL : letter + 1, &value, err);
			if (rc < 0) {
				return rc;
			}
		}
		int rc = pass->only_config ? FLONG_OK : apply(option, pass->target, value, err);
		if (rc < 0 || option->value != NULL) {
			return rc;
		}
	}
	return FLONG_OK;
}

static int read_pass(struct pass *pass, struct operands *operands, struct flong_error *err)
{
	bool only_operands = false;
	for (pass->at = 1; pass->at < pass->argc; pass->at++) {
		char *argument = pass->argv[pass->at];
		int rc = FLONG_OK;
		if (only_operands || argument[0] != '-' || argument[1] == '\0') {
			if (!pass->only_config) {
				operands->items[operands->count++] = argument;
			}
		} else if (strcmp(argument, "--") == 0) {
			only_operands = true;
		} else if (argument[1] == '-') {
			rc = read_long(pass, argument, err);
		} else {
			rc = read_letters(pass, argument, err);
		}
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	return FLONG_OK;
}

int option_read(const struct option *table, void *target, int argc, char **argv,
	struct operands *operands_out, struct flong_error *err)
{
	operands_out->items = ALLOC_ARRAY(char *, (size_t)argc + 1);
	operands_out->count = 0;
	struct pass pass = {
		.table = table, .target = target, .argc = argc, .argv = argv, .only_config = true};
	int rc = read_pass(&pass, operands_out, err);
	if (rc == FLONG_OK) {
		pass.only_config = false;
		rc = read_pass(&pass, operands_out, err);
	}
	return rc;
}

static void print_wrapped(const char *text, FILE *out)
{
	size_t column = HELP_INDENT;
	while (*text != '\0') {
		size_t length = strcspn(text, " ");
		if (column + 1 + length > HELP_WIDTH) {
			(void)fprintf(out, "\n%*s", HELP_INDENT, "");
			column = HELP_INDENT;
		}
		(void)fprintf(out, "%s%.*s", column > HELP_INDENT ? " " : "", (int)length, text);
		column += length + (column > HELP_INDENT);
		text += length;
		text += strspn(text, " ");
	}
	(void)fputc('\n', out);
}

static void print_row(const struct option *option, FILE *out)
{
	char left[64];
	(void)snprintf(left, sizeof(left), "  %c%c%s --%s%s%s", option->letter != 0 ? '-' : ' ',
		option->letter != 0 ? option->letter : ' ', option->letter != 0 ? "," : " ",
		option->name, option->value != NULL ? " " : "",
		option->value != NULL ? option->value : "");
	(void)fprintf(out, "%-*s", HELP_INDENT, left);
	if (strlen(left) >= HELP_INDENT) {
		(void)fprintf(out, "\n%*s", HELP_INDENT, "");
	}
	print_wrapped(option->help, out);
}

/* Understood by option_read itself. */
static const struct option common[] = {
	{.name = "config",
		.value = "FILE",
		.help = "options from a file too, one \"name = value\" a line"},
	{.letter = 'h', .name = "help", .help = "this text"},
};

static void list_row(const char *command, const struct option *option, FILE *out)
{
	(void)fprintf(out, "%s\t--%s\t", command, option->name);
	if (option->choices == NULL) {
		(void)fputs(option->value == NULL ? "" : option->value, out);
	}
	for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
		(void)fprintf(out, "%s%s", i == 0 ? "" : "|", option->choices[i]);
	}
	if (option->letter != 0) {
		(void)fprintf(out, "\t-%c", option->letter);
	} else {
		(void)fputc('\t', out);
	}
	(void)fprintf(out, "\t%s\n", option->help);
}

void option_print_list(const char *command, const struct option *table, FILE *out)
{
	for (; table->name != NULL; table++) {
		if (table->type != OPTION_HEADING) {
			list_row(command, table, out);
		}
	}
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		list_row(command, &common[i], out);
	}
}

void option_print_help(const struct option *table, FILE *out)
{
	if (table->type != OPTION_HEADING) {
		(void)fputs("\nOptions\n", out);
	}
	for (; table->name != NULL; table++) {
		if (table->type == OPTION_HEADING) {
			(void)fprintf(out, "\n%s\n", table->name);
		} else {
			print_row(table, out);
		}
	}
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		print_row(&common[i], out);
	}
}
