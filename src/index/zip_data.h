/* SPDX-License-Identifier: MIT */
/* zip_data.h - the data of one ZIP entry, stored or deflated, its size and CRC-32 checked */
#ifndef INDEX_ZIP_DATA_H
#define INDEX_ZIP_DATA_H

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/zip_directory.h"

/* A source of the entry's data in the file `fd` (borrowed, with the entry, until it is closed);
 * data_offset is known. FLONG_E_DAMAGED, with the entry's name: the deflated data is broken, or
 * size, stored size or CRC-32 are others than the entry says. No more than `size` bytes are given
 * whatever the data holds. */
MUST_CHECK int zip_data_open(
	int fd, const struct zip_entry *entry, struct source **source_out, struct flong_error *err);

#endif
