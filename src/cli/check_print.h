/* SPDX-License-Identifier: MIT */
/* check_print.h - what flong check prints: findings by file, as text for people or JSON for
 * programs
 */
#ifndef CLI_CHECK_PRINT_H
#define CLI_CHECK_PRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "index/check_join.h"
#include "index/check_wacz.h"
#include "warc/check.h"
#include "warc/check_rules.h"

/* How, and what was seen so far. The caller sets the first members; the rest is zeroed. */
struct check_print {
	bool as_json, is_quiet;
	uint64_t findings_max; /* of one rule in one file; 0: all */
	uint64_t files, records, bytes;
	uint64_t errors, warnings, advice, skipped;
	uint64_t blocks[CHECK_DIGEST_STATES], payloads[CHECK_DIGEST_STATES];
	struct check_join_summary joined;
	/* Private. */
	struct buf name; /* of the file whose findings are printed */
	uint64_t of_rule[CHECK_RULES_MAX];
	uint64_t hidden[CHECK_RULES_MAX]; /* of all files, for JSON */
};

void check_print_finding(
	struct check_print *print, const char *name, const struct check_finding *finding);
/* A WARC file was read. */
void check_print_warc(
	struct check_print *print, const char *name, const struct check_summary *summary);
/* An index or a list of pages was read. */
void check_print_lines(struct check_print *print, const char *name, uint64_t lines);
/* A WACZ file was read, or refused. */
void check_print_package(
	struct check_print *print, const char *name, const struct check_wacz_summary *summary);
/* The files of one operand were compared with each other. */
void check_print_joined(struct check_print *print, const char *operand, bool is_collection,
	const struct check_join_summary *joined);
/* The last line. */
void check_print_end(struct check_print *print);
void check_print_clear(struct check_print *print);

/* Adds "999 bytes", "1.5 kB", "12 MB". */
void check_print_size(struct buf *out, uint64_t bytes);
/* Adds "1 record", "2 records", "12,345 records". */
void check_print_count(struct buf *out, uint64_t count, const char *one, const char *many);

#endif
