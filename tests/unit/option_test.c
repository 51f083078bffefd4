/* SPDX-License-Identifier: MIT */
/* option_test.c - the option table: forms, values, files, help */
#include "unit.h"

#include "base/error.h"
#include "cli/option.h"
#include "crawl/crawl.h"

struct target {
	bool flag;
	int number, choice, called;
	uint64_t size;
	int64_t duration;
	char *text;
	struct crawl_texts texts;
};

static int call(void *target, const char *value, struct flong_error *err)
{
	if (strcmp(value, "bad") == 0) {
		return error_set(err, FLONG_E_USAGE, "'bad' is bad");
	}
	((struct target *)target)->called++;
	return FLONG_OK;
}

static const char *const colours[] = {"red", "green", "blue", NULL};

static const struct option table[] = {
	{.type = OPTION_HEADING, .name = "Things"},
	{.type = OPTION_FLAG,
		.letter = 'f',
		.name = "flag",
		.offset = offsetof(struct target, flag),
		.help = "a flag"},
	{.type = OPTION_INT,
		.letter = 'n',
		.name = "number",
		.value = "N",
		.offset = offsetof(struct target, number),
		.min = 1,
		.max = 100,
		.help = "a number with a help text that is so long that it has to be broken into "
			"more than one line, because eighty columns are not enough for it"},
	{.type = OPTION_CHOICE,
		.name = "colour",
		.value = "C",
		.offset = offsetof(struct target, choice),
		.choices = colours,
		.help = "a choice"},
	{.type = OPTION_SIZE,
		.name = "size",
		.value = "N",
		.offset = offsetof(struct target, size),
		.help = "a size"},
	{.type = OPTION_DURATION,
		.name = "duration",
		.value = "D",
		.offset = offsetof(struct target, duration),
		.help = "a duration"},
	{.type = OPTION_TEXT,
		.letter = 't',
		.name = "text",
		.value = "S",
		.offset = offsetof(struct target, text),
		.help = "a text"},
	{.type = OPTION_TEXTS,
		.letter = 'T',
		.name = "texts-with-a-long-name",
		.value = "SOMETHING",
		.offset = offsetof(struct target, texts),
		.help = "texts"},
	{.type = OPTION_CALL, .name = "call", .value = "V", .set = call, .help = "a call"},
	{.type = OPTION_HEADING, .name = NULL},
};

struct outcome {
	struct target target;
	struct operands operands;
	struct flong_error err;
	int rc;
};

static void outcome_clear(struct outcome *outcome)
{
	free(outcome->target.text);
	crawl_texts_clear(&outcome->target.texts);
	free(outcome->operands.items);
}

#define READ(o_, ...)                                                                              \
	SCOPED(outcome_clear) struct outcome o_ = {0};                                             \
	char *o_##_argv[] = {(char[]){"flong"}, __VA_ARGS__, NULL};                                \
	read_into(&(o_), o_##_argv)

static void read_into(struct outcome *outcome, char **argv)
{
	int argc = 0;
	while (argv[argc] != NULL) {
		argc++;
	}
	outcome->rc =
		option_read(table, &outcome->target, argc, argv, &outcome->operands, &outcome->err);
}

#define ARG(text)                                                                                  \
	(char[])                                                                                   \
	{                                                                                          \
		text                                                                               \
	}

TEST(reads_every_form_anywhere)
{
	READ(o, ARG("one"), ARG("-fn"), ARG("7"), ARG("--colour=blue"), ARG("two"), ARG("--size"),
		ARG("5K"), ARG("-tx"), ARG("--duration"), ARG("2m"), ARG("-T"), ARG("a"),
		ARG("--texts-with-a-long-name=b"), ARG("--call=v"), ARG("-"), ARG("--"),
		ARG("--flag"));
	assert_int_equal(o.rc, FLONG_OK);
	assert_true(o.target.flag);
	assert_int_equal(o.target.number, 7);
	assert_int_equal(o.target.choice, 2);
	assert_int_equal(o.target.size, 5000);
	assert_int_equal(o.target.duration, 120000);
	assert_string_equal(o.target.text, "x");
	assert_int_equal(o.target.texts.count, 2);
	assert_string_equal(o.target.texts.items[1], "b");
	assert_int_equal(o.target.called, 1);
	assert_int_equal(o.operands.count, 4);
	assert_string_equal(o.operands.items[0], "one");
	assert_string_equal(o.operands.items[2], "-");
	assert_string_equal(o.operands.items[3], "--flag");
}

TEST(the_last_of_a_single_value_wins)
{
	READ(o, ARG("-t"), ARG("a"), ARG("--text"), ARG("b"), ARG("--number=3"), ARG("-n4"));
	assert_int_equal(o.rc, FLONG_OK);
	assert_string_equal(o.target.text, "b");
	assert_int_equal(o.target.number, 4);
}

TEST(names_what_is_wrong)
{
	static const struct {
		const char *first, *second; /* the arguments */
		const char *named;
	} cases[] = {
		{"--nothing", NULL, "--nothing"},
		{"--flagg", NULL, "--flagg"},
		{"--fla", NULL, "--fla"},
		{"-z", NULL, "-z"},
		{"-fz", NULL, "-z"},
		{"--number", NULL, "--number"},
		{"-n", NULL, "-n"},
		{"--flag=1", NULL, "--flag"},
		{"--number", "0", "0"},
		{"--number", "101", "101"},
		{"--number", "1x", "1x"},
		{"--number", "", "''"},
		{"--number", "99999999999999999999", "99999999999999999999"},
		{"--colour", "pink", "pink"},
		{"--colour", "pink", "red, green, blue"},
		{"--size", "5Q", "5Q"},
		{"--size", "5KK", "5KK"},
		{"--size", "K", "'K'"},
		{"--size", "-5", "-5"},
		{"--size", "1000000000000T", "1000000000000T"},
		{"--duration", "5 s", "5 s"},
		{"--duration", "forever", "forever"},
		{"--call", "bad", "--call"},
		{"--config", "/nonexistent/options", "/nonexistent/options"},
		{"--config", NULL, "--config"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char first[64];
		char second[64];
		(void)snprintf(first, sizeof(first), "%s", cases[i].first);
		(void)snprintf(
			second, sizeof(second), "%s", cases[i].second ? cases[i].second : "");
		READ(o, first, cases[i].second != NULL ? second : NULL);
		if (o.rc != FLONG_E_USAGE || strstr(o.err.message, cases[i].named) == NULL) {
			fail_msg("%s %s: %d %s", first, second, o.rc, o.err.message);
		}
	}
}

TEST(help_beats_everything)
{
	READ(o, ARG("--number=3"), ARG("--help"));
	assert_int_equal(o.rc, FLONG_END);
	READ(p, ARG("-fh"));
	assert_int_equal(p.rc, FLONG_END);
	READ(q, ARG("--"), ARG("--help"));
	assert_int_equal(q.rc, FLONG_OK);
	assert_int_equal(q.operands.count, 1);
}

TEST(the_command_line_wins_over_the_file)
{
	char path[] = "/tmp/option_test.XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	FILE *file = fdopen(fd, "w");
	assert_true(fputs("# a comment\n"
			  "\n"
			  "number = 9\r\n  text=from file  \nflag\n"
			  "texts-with-a-long-name = a = b\n",
			    file) >= 0);
	assert_int_equal(fclose(file), 0);
	READ(o, ARG("--text"), ARG("from line"), ARG("--config"), path);
	(void)remove(path);
	assert_int_equal(o.rc, FLONG_OK);
	assert_int_equal(o.target.number, 9);
	assert_string_equal(o.target.text, "from line");
	assert_true(o.target.flag);
	assert_string_equal(o.target.texts.items[0], "a = b");
}

TEST(a_wrong_line_is_named_with_its_number)
{
	static const struct {
		const char *lines, *first, *second;
	} cases[] = {
		{"flag\nnothing = 1\n", "line 2", "nothing"},
		{"number = deep\n", "line 1", "deep"},
		{"\n\nflag = yes\n", "line 3", "flag"},
		{"number\n", "line 1", "number"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct target target = {0};
		struct flong_error err = {0};
		int rc = option_read_lines(table, &target, bytes_of(cases[i].lines), "given", &err);
		if (rc != FLONG_E_USAGE || strstr(err.message, cases[i].first) == NULL ||
			strstr(err.message, cases[i].second) == NULL ||
			strstr(err.message, "given") == NULL) {
			fail_msg("%s: %d %s", cases[i].lines, rc, err.message);
		}
	}
}

TEST(written_lines_read_back_the_same)
{
	READ(o, ARG("-f"), ARG("-n5"), ARG("--colour=green"), ARG("--size=3M"),
		ARG("--duration=250ms"), ARG("--text=a b"), ARG("-Tx"), ARG("-Ty = z"));
	SCOPED(buf_clear) struct buf lines = {0};
	SCOPED(buf_clear) struct buf again = {0};
	option_write_lines(table, &o.target, &lines);
	SCOPED(outcome_clear) struct outcome p = {0};
	assert_int_equal(
		option_read_lines(table, &p.target, buf_bytes(&lines), "lines", &p.err), FLONG_OK);
	assert_true(p.target.flag);
	assert_int_equal(p.target.number, 5);
	assert_int_equal(p.target.duration, 250);
	assert_int_equal(p.target.size, 3000000);
	assert_string_equal(p.target.texts.items[1], "y = z");
	option_write_lines(table, &p.target, &again);
	assert_true(bytes_equal(buf_bytes(&lines), buf_bytes(&again)));
}

TEST(durations_have_units)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"0", 0}, {"20", 20000}, {"20s", 20000}, {"500ms", 500}, {"5m", 300000},
		{"2h", 7200000}, {"1d", 86400000}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = -1;
		struct flong_error err = {0};
		assert_int_equal(option_duration(cases[i].text, &ms, &err), FLONG_OK);
		assert_int_equal(ms, cases[i].ms);
	}
}

TEST(help_fits_eighty_columns)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	option_print_help(table, out);
	assert_int_equal(fclose(out), 0);
	struct bytes rest = bytes_from(text, size);
	struct bytes line;
	size_t count = 0;
	while (bytes_next_line(&rest, &line)) {
		assert_true(line.len <= 80);
		count++;
	}
	assert_true(count > 10);
	assert_non_null(strstr(text, "-n, --number N"));
	assert_non_null(strstr(text, "\nThings\n"));
	free(text);
}

RUN_TESTS(CASE(reads_every_form_anywhere), CASE(the_last_of_a_single_value_wins),
	CASE(names_what_is_wrong), CASE(help_beats_everything),
	CASE(the_command_line_wins_over_the_file), CASE(a_wrong_line_is_named_with_its_number),
	CASE(written_lines_read_back_the_same), CASE(durations_have_units),
	CASE(help_fits_eighty_columns))
