/* SPDX-License-Identifier: MIT */
/* zip_directory.h - the central directory of a ZIP file, each entry judged by what it says itself
 *
 * Refused are names that are no plain relative paths, links and devices, encryption, unknown
 * methods, sizes that cannot be, and names that are the same file on some file system. */
#ifndef INDEX_ZIP_DIRECTORY_H
#define INDEX_ZIP_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/zip_end.h"

/* Bits: what is odd about an entry that can be read. */
enum zip_oddity {
	ZIP_ODD_LOCAL_EXTRA = 1 << 0, /* an extra field in the local header only: ReplayWeb.page
					 does not find the data */
	ZIP_ODD_DESCRIPTOR = 1 << 1,  /* sizes stand behind the data too */
	ZIP_ODD_NAME = 1 << 2         /* a name that is not ASCII, not marked as UTF-8 */
};

/* One entry. */
struct zip_entry {
	struct bytes name;      /* UTF-8; of a directory without its slash. Borrowed from the
				   directory */
	bool is_directory;      /* has no data */
	bool is_stored;         /* else deflated */
	unsigned oddities;      /* complete once the reader is open */
	unsigned flags;         /* general purpose bits */
	uint32_t crc32;         /* of the data */
	uint64_t size;          /* bytes of the data */
	uint64_t stored_size;   /* bytes in the file */
	uint64_t header_offset; /* of the local header */
	uint64_t data_offset;   /* of the stored bytes; known once the reader is open */
	uint64_t end_offset;    /* behind them and what belongs to them; likewise */
	bool has_extra;         /* the directory has an extra field for it */
};

/* Zeroed is valid and empty. */
struct zip_directory {
	struct zip_entry *entries; /* owned; in the order of the directory */
	size_t count;
	struct buf raw; /* the directory's bytes */
};

/* Reads the directory that `end` describes. The message names the entry. FLONG_E_FORMAT,
 * FLONG_E_DAMAGED (sizes), FLONG_E_REFUSED (names, links, ZIP64 fields), FLONG_E_UNSUPPORTED
 * (encrypted, method), FLONG_E_IO. The caller clears it, after failure too. */
MUST_CHECK int zip_directory_read(int fd, const struct zip_end *end,
	struct zip_directory *directory, struct flong_error *err);
void zip_directory_clear(struct zip_directory *directory);

/* Finds the field `id` among the extra fields of a header. FLONG_OK; FLONG_END when there is none
 * (value_out is empty then); FLONG_E_FORMAT when the fields do not fit or it is there twice. */
MUST_CHECK int zip_directory_extra(
	struct bytes extra, unsigned id, struct bytes *value_out, struct flong_error *err);
/* Resolves fields that say "elsewhere" by a ZIP64 field; values[] are in its order (size, stored
 * size, header offset). FLONG_E_REFUSED when it is missing or contradicts. */
MUST_CHECK int zip_directory_wide(
	struct bytes extra, uint64_t *values[], size_t count, struct flong_error *err);

#endif
