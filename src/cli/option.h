/* SPDX-License-Identifier: MIT */
/* option.h - command line options from a table: one row says name, value, where it goes and what
 * the help prints */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

enum option_type {
	OPTION_HEADING,  /* no option: a title in the help */
	OPTION_FLAG,     /* bool: set to true */
	OPTION_INT,      /* int between min and max */
	OPTION_SIZE,     /* uint64_t: digits with an optional K, M, G (powers of 1000) */
	OPTION_DURATION, /* int64_t milliseconds: digits with ms, s (default), m, h, d */
	OPTION_TEXT,     /* char *: owned copy */
	OPTION_TEXTS,    /* struct crawl_texts: appended */
	OPTION_CHOICE,   /* int-sized enum: index into `choices` */
	OPTION_CALL      /* calls `set` */
};

struct option {
	enum option_type type;
	char letter;                /* 0 = none */
	const char *name;           /* without "--"; the title for OPTION_HEADING */
	const char *value;          /* how the help names the value; NULL for flags */
	size_t offset;              /* of the member in the target */
	const char *const *choices; /* NULL-terminated; for OPTION_CHOICE, and what OPTION_CALL
				     takes */
	long min, max;              /* for OPTION_INT */
	int (*set)(void *target, const char *value, struct flong_error *err); /* for OPTION_CALL */
	const char *help;
};

/* The arguments that are no options. */
struct operands {
	char **items; /* owned array of borrowed texts */
	size_t count;
};

/* Reads arguments from argv[1] on; `table` ends with a row whose name is NULL. Options may stand
 * anywhere; "--" ends them.
 * --config FILE is understood by itself: its lines are set first, so that the command line wins.
 * FLONG_E_USAGE names what is wrong; FLONG_END: --help was asked for (nothing else counts). The
 * caller frees operands_out->items. */
MUST_CHECK int option_read(const struct option *table, void *target, int argc, char **argv,
	struct operands *operands_out, struct flong_error *err);
/* Applies "name = value" lines as --config does; `name` is for messages. */
MUST_CHECK int option_read_lines(const struct option *table, void *target, struct bytes lines,
	const char *name, struct flong_error *err);
/* Adds the lines that option_read_lines would need to set the target's present values. OPTION_CALL
 * rows are left out. */
void option_write_lines(const struct option *table, const void *target, struct buf *lines);
/* Prints a line for each row, and for --config and --help, for scripts: command, "--name", the form
 * of its value, "-x" or nothing, and the help, with tabs between. The form is empty for flags, and
 * "one|two" for a choice. */
void option_print_list(const char *command, const struct option *table, FILE *out);
/* Prints the rows, and --config and --help, at most 80 columns wide. */
void option_print_help(const struct option *table, FILE *out);
/* Reads "20", "20s", "500ms", "5m", "2h", "1d" as milliseconds. */
MUST_CHECK int option_duration(const char *text, int64_t *ms_out, struct flong_error *err);
/* Reads "500", "500K", "256M", "1G", "2T" as bytes (powers of 1000). */
MUST_CHECK int option_size(const char *text, uint64_t *size_out, struct flong_error *err);

#endif
