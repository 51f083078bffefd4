/* SPDX-License-Identifier: MIT */
/* excise.h - a WARC file without the captures of one URL
 *
 * What stays is copied as it is stored, byte for byte. A revisit of another URL whose payload is in
 * a capture that goes gets that payload: it becomes a response, under its own id, with its own
 * head as received and the body of what it repeats. So nothing that stays loses what it shows. */
#ifndef INDEX_EXCISE_H
#define INDEX_EXCISE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/wacz_reader.h"

struct excise_options {
	const struct wacz_reader *collection; /* where originals are looked for. All borrowed */
	struct bytes url;                     /* href: the Target-URI of what goes */
	const char *path;                     /* the file that is read */
	const char *out_path;                 /* the file that is made, if anything changes */
	const char *temp_dir;
};

/* Counted over several files. */
struct excise_counts {
	uint64_t captures; /* replies that go */
	uint64_t records;  /* all that go */
	uint64_t filled;   /* revisits that became responses */
};

/* Makes `out_path`, synced, when the file has something of the URL, and says so. With the replies
 * go all records of their exchanges, and what else names the URL. FLONG_E_EXISTS: out_path is
 * there; FLONG_E_UNSUPPORTED: the file's form does not allow it (several records in a gzip member,
 * an ARC file, a revisit in a zstd file); FLONG_E_DAMAGED: an original has not the payload that its
 * revisit names; FLONG_E_IO, errors of the reader. Nothing is made then. */
MUST_CHECK int excise_file(const struct excise_options *options, struct excise_counts *counts,
	bool *changed_out, struct flong_error *err);

#endif
