/* SPDX-License-Identifier: MIT */
/* spool.h - bytes kept until they are needed: in memory while few, then in an unlinked temporary
 * file
 *
 * So that a body of any size costs the same memory, and so that a large one is deflated while it
 * arrives: when a spool moves to its file it may write raw deflate data there,
 * which base/gzip can copy into a member as it stands. */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* How bytes are kept once they are in the file. */
enum spool_form {
	SPOOL_PLAIN,    /* as they are */
	SPOOL_DEFLATED, /* raw deflate, byte-aligned at the end, without a final block; stretches
			   that do not compress are stored */
	SPOOL_STORED    /* raw deflate made of stored blocks only: for what is compressed already */
};

struct spool;

/* `memory_max` bytes stay in memory; the file is made in `dir` (borrowed for the call; O_TMPFILE,
 * else unlinked at once) when there are more. `level` (1-9) is used by SPOOL_DEFLATED, which with
 * level 0 is SPOOL_PLAIN. Never NULL; opening the file may fail later, in spool_write. */
struct spool *spool_create(const char *dir, size_t memory_max, enum spool_form form, int level);
void spool_close(struct spool *spool);
SCOPED_CLOSE(struct spool *, spool_close)
/* Changes the form; only while nothing has gone to the file yet (else no effect). */
void spool_set_form(struct spool *spool, enum spool_form form);
/* Appends. FLONG_E_IO when the temporary file cannot be made or written. */
MUST_CHECK int spool_write(struct spool *spool, struct bytes b, struct flong_error *err);
/* No more bytes come: flushes the compressor. Needed before any of the following. */
MUST_CHECK int spool_finish(struct spool *spool, struct flong_error *err);

/* Bytes written to the spool (before any deflate). */
uint64_t spool_size(const struct spool *spool);
/* Shortens what was written to `size` bytes; only while it is in memory (returns false otherwise).
 */
bool spool_truncate(struct spool *spool, uint64_t size);
/* Whether all bytes are in memory; then they can be borrowed until the spool changes. */
bool spool_in_memory(const struct spool *spool);
struct bytes spool_memory(const struct spool *spool);
/* A source of the original bytes from the start, whatever the form; several may be open at once.
 * The spool is borrowed until the source is closed. */
MUST_CHECK int spool_open(
	const struct spool *spool, struct source **source_out, struct flong_error *err);

/* Frees what is in memory of a finished spool that nobody will read again: its size is all that may
 * be asked for from then on. A file stays. */
void spool_forget(struct spool *spool);

/* What base/gzip needs to copy the file as it stands. */
struct spool_file {
	int fd;               /* borrowed */
	uint64_t length;      /* bytes in the file */
	uint32_t crc32;       /* of the original bytes */
	enum spool_form form; /* of the file */
};
/* Only when !spool_in_memory. */
struct spool_file spool_file(const struct spool *spool);

#endif
