/* SPDX-License-Identifier: MIT */
/* originals_file.h - the WARC file that originals are copied into
 *
 * Responses go there with the request, metadata and other records that belong to them, under the
 * warcinfo record that is theirs. A gzip member is copied as it is stored; a record that is stored
 * plain or in zstd frames becomes a gzip member that has every byte of it. */
#ifndef INDEX_ORIGINALS_FILE_H
#define INDEX_ORIGINALS_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "warc/reader.h"

struct originals_file;

struct originals_file_options {
	const char *dir;                 /* where it goes; all borrowed until close */
	const char *name;                /* its base name, "x.warc.gz" */
	const char *temp_dir;            /* for records too large for memory */
	int64_t now_ms;                  /* of its own warcinfo record */
	enum digest_algorithm algorithm; /* of that record */
	bool is_foreign;                 /* the records may be of other writers (segment.h) */
};
/* The file is made with the first record. Never NULL. */
struct originals_file *originals_file_create(const struct originals_file_options *options);
/* What was not finished stays as NAME.open. */
void originals_file_close(struct originals_file *file);
SCOPED_CLOSE(struct originals_file *, originals_file_close)

/* A WARC file with originals. */
struct originals_input {
	/* Opens it from its beginning; its stored bytes from `offset` on. */
	int (*open)(void *context, struct reader **reader_out, struct flong_error *err);
	int (*open_stored)(void *context, uint64_t offset, struct source **source_out,
		struct flong_error *err);
	/* The offset of the next response that is wanted, always a greater one; FLONG_END. */
	int (*next)(void *context, uint64_t *offset_out, struct flong_error *err);
	void *context;
	const char *name;   /* for messages; borrowed as the context is, for the call */
	bool passes_damage; /* what cannot be read and is not wanted is passed over */
};
/* Reads a WARC file once and copies what is wanted of it. FLONG_E_DAMAGED: there is no record at a
 * wanted offset; FLONG_E_UNSUPPORTED: several are in one gzip member; FLONG_E_EXISTS: the file that
 * is written is there already; FLONG_E_IO; errors of the input and the reader. */
MUST_CHECK int originals_file_take(
	struct originals_file *file, const struct originals_input *input, struct flong_error *err);
/* Responses that were copied. */
uint64_t originals_file_count(const struct originals_file *file);
/* The file is checked, synced and gets its name, as every segment. Without a record there is none.
 */
MUST_CHECK int originals_file_finish(struct originals_file *file, struct flong_error *err);

#endif
