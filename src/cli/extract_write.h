/* SPDX-License-Identifier: MIT */
/* extract_write.h - payloads become files of one new directory, and lines of its extract.jsonl */
#ifndef CLI_EXTRACT_WRITE_H
#define CLI_EXTRACT_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/body.h"
#include "warc/reader.h"

struct extract_writer;

/* Makes the directory `dir`, which may exist when it is empty, and extract.jsonl in it.
 * FLONG_E_EXISTS, FLONG_E_IO. */
MUST_CHECK int extract_writer_open(
	const char *dir, struct extract_writer **writer_out, struct flong_error *err);
void extract_writer_close(struct extract_writer *writer);
SCOPED_CLOSE(struct extract_writer *, extract_writer_close)

/* What a line of extract.jsonl says of one capture. Borrowed. */
struct extract_item {
	const struct reader_record *record; /* the capture: its URL names the file */
	const char *file;                   /* where it is: "archive/x.warc.gz" */
	const struct reader_record *source; /* the record whose body it is: another for a revisit */
	struct body *body;                  /* of `source`; NULL: there is none to be had */
	int status;                         /* 0: none */
	struct bytes media_type;
};
/* Writes the body to a file of its own and the line. *problem_out (zeroed before) is what went
 * wrong with the body: what could be read of it is kept, and the line says so too. FLONG_E_IO: the
 * disk. FLONG_E_LIMIT: there are too many files of that name. */
MUST_CHECK int extract_writer_add(struct extract_writer *writer, const struct extract_item *item,
	struct flong_error *problem_out, struct flong_error *err);
/* Files written so far. */
uint64_t extract_writer_count(const struct extract_writer *writer);
/* Completes extract.jsonl. */
MUST_CHECK int extract_writer_finish(struct extract_writer *writer, struct flong_error *err);

#endif
