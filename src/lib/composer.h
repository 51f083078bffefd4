/* SPDX-License-Identifier: MIT */
/* composer.h - a draft becomes a record as it will be stored: fields checked, digests made */
#ifndef LIB_COMPOSER_H
#define LIB_COMPOSER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "base/scoped.h"
#include "base/spool.h"
#include "base/stream.h"
#include "base/zstd.h"
#include "flong/writer.h"
#include "lib/block.h"
#include "warc/member.h"

/* What all records of a file share. */
struct composer {
	enum digest_algorithm algorithm;
	struct deflater *deflater;       /* owned; NULL unless the file is gzip */
	struct zstd_packer *packer;      /* owned; NULL unless the file is zstd */
	int level;                       /* of the deflater */
	char *temp_dir;                  /* owned */
	char warcinfo_id[FLONG_ID_SIZE]; /* of the last warcinfo record; empty before */
};

/* A record that is ready to be written. Zeroed is valid and empty. */
struct composed {
	enum record_type type;
	char id[FLONG_ID_SIZE];
	struct buf head; /* its text */
	struct block block;
	struct member member; /* plain or gzip */
	struct spool *frame;  /* owned; zstd: the stored bytes */
	uint64_t length;      /* stored bytes */
};

void composed_clear(struct composed *composed);
/* Makes the stored form of a draft; what is in memory is borrowed until it was written. Does not
 * close the block's input. Errors of flong_writer_add. */
MUST_CHECK int composer_compose(const struct composer *composer, const struct flong_draft *draft,
	struct composed *composed_out, struct flong_error *err);
/* Writes the stored form. */
MUST_CHECK int composed_write(
	const struct composed *composed, struct sink *out, struct flong_error *err);

#endif
