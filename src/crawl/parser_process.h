/* SPDX-License-Identifier: MIT */
/* parser_process.h - the other side of parsers: reads documents from one memory file, writes
 * results to another */
#ifndef CRAWL_PARSER_PROCESS_H
#define CRAWL_PARSER_PROCESS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

/* Descriptors a parser process is started with. */
#define PARSER_SOCKET_FD 3
#define PARSER_INPUT_FD 4
#define PARSER_OUTPUT_FD 5
/* The hidden command that starts one. */
#define PARSER_COMMAND "parser-process"

/* What lies in the input file: this, then url, page URL, import map and charset of the environment
 * (may be empty), content type, content encoding, response heads (interim ones first) and body,
 * each of the length it names. */
struct parser_document {
	uint64_t ticket;
	int64_t captured_ms;
	uint32_t role; /* enum link_role */
	uint32_t is_chunked;
	uint64_t is_cut; /* the body is longer than what lies here */
	uint64_t url_length, page_length, map_length, environment_length, type_length,
		coding_length, head_length, body_length;
};

/* The message in both directions: `ticket`, and the length of what lies in the file (0 from the
 * parser: could not be read). */
struct parser_message {
	uint64_t ticket;
	uint64_t length;
};

/* Reads one document as it lies in the input file and appends the serialised page result.
 * FLONG_E_FORMAT: not such bytes; FLONG_E_LIMIT: the result is too long. */
MUST_CHECK int parser_read_document(
	struct bytes input, struct buf *result_out, struct flong_error *err);
/* How a parser process runs: its argument. */
#define PARSER_SANDBOXED "sandboxed"
#define PARSER_OPEN "open"
#define PARSER_PROBE "probe" /* tries what the sandbox forbids; TAP in the output file */
/* Runs until the socket closes, in a sandbox unless `mode` says "open". Returns the process's exit
 * code; PARSER_NO_SANDBOX when there can be no sandbox. */
#define PARSER_NO_SANDBOX 71
int parser_process_run(const char *mode);

#endif
