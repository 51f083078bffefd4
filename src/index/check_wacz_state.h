/* SPDX-License-Identifier: MIT */
/* check_wacz_state.h - one check of one WACZ file; for the check_wacz files only */
#ifndef INDEX_CHECK_WACZ_STATE_H
#define INDEX_CHECK_WACZ_STATE_H

#include "base/digest.h"
#include "index/check_names.h"
#include "index/check_wacz.h"

#define CHECK_WACZ_READ_BYTES ((size_t)64 << 10)

struct check_wacz_state {
	const char *path;                         /* borrowed */
	const struct check_wacz_options *options; /* borrowed */
	struct check_wacz_summary *summary;       /* borrowed */
	struct wacz_reader *reader;               /* owned */
	struct check_set *set;                    /* owned */
	size_t kinds[CHECK_NAME_PAGES + 1];       /* files of each kind */
	char *room;                               /* owned, CHECK_WACZ_READ_BYTES */
	struct buf name;                          /* "PATH: archive/data.warc.gz" */
};

/* What findings call a file of the package, or the package itself (""); valid until the next call.
 */
const char *check_wacz_name(struct check_wacz_state *run, const char *file);
/* Reports a finding about a file of the package, or about the package (""). */
void check_wacz_say(struct check_wacz_state *run, const char *file, enum check_severity severity,
	const char *rule, const char *format, ...) PRINTF_LIKE(5, 6);
/* Checks how a file lies in the ZIP file, reads all of it, and compares it with what
 * datapackage.json says. Its SHA-256 is in `text` then. FLONG_E_IO. */
MUST_CHECK int check_wacz_file(struct check_wacz_state *run, const struct wacz_file *file,
	char text[DIGEST_TEXT_SIZE], struct flong_error *err);

#endif
