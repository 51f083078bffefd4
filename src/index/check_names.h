/* SPDX-License-Identifier: MIT */
/* check_names.h - what a file of a collection is, by its path in it */
#ifndef INDEX_CHECK_NAMES_H
#define INDEX_CHECK_NAMES_H

#include <stdbool.h>

#include "base/bytes.h"

enum check_name {
	CHECK_NAME_OTHER,
	CHECK_NAME_STRANGE, /* in archive/, and no WARC or ARC file */
	CHECK_NAME_WARC,
	CHECK_NAME_INDEX,  /* CDXJ or CDX, in gzip too */
	CHECK_NAME_BLOCKS, /* the index of the blocks of such a file in gzip */
	CHECK_NAME_PAGES
};

/* By the first folder of the path and the ending of the name: "archive/a.warc.gz" is a WARC file,
 * "a.warc.gz" is not. */
enum check_name check_names_of(struct bytes path);

#endif
