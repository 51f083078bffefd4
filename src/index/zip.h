/* SPDX-License-Identifier: MIT */
/* zip.h - writing a ZIP file that players can read by ranges (owner of libzip)
 *
 * Entries are stored, their sizes are known before they are written: so no entry gets a ZIP64 field
 * in its local header only, which ReplayWeb.page cannot read. */
#ifndef INDEX_ZIP_H
#define INDEX_ZIP_H

#include <stdint.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* Where an entry's bytes come from. `open` is called once, when the entry's turn has come: after
 * all bytes of the entries before it were read. */
struct zip_input {
	/* Gives a source of exactly *size_out bytes; the writer closes it. */
	int (*open)(void *context, struct source **source_out, uint64_t *size_out,
		struct flong_error *err);
	void *context; /* borrowed until zip_writer_finish returns */
};

struct zip_writer;

/* Writes to a descriptor of an empty regular file (borrowed until close). All entries get the time
 * `time_ms`. */
MUST_CHECK int zip_writer_create(
	int fd, int64_t time_ms, struct zip_writer **writer_out, struct flong_error *err);
void zip_writer_close(struct zip_writer *writer);
SCOPED_CLOSE(struct zip_writer *, zip_writer_close)
/* Notes an entry; `name` is UTF-8, with forward slashes. FLONG_E_EXISTS: a second one of the name.
 */
MUST_CHECK int zip_writer_add(struct zip_writer *writer, const char *name,
	const struct zip_input *input, struct flong_error *err);
/* Writes all entries in the order of adding, then the directory. Does not sync. The failure of an
 * input is given on as it is. */
MUST_CHECK int zip_writer_finish(struct zip_writer *writer, struct flong_error *err);

#endif
