/* SPDX-License-Identifier: MIT */
/* parsers.h - hostile bytes are read in other processes: documents go out, page results come back
 *
 * Each parser process shares two memory files with us, one for the document and one for the result;
 * a short message on a socket says that one is ready. A process that dies or takes too long is
 * replaced; its document counts as read without findings. With 0 processes documents are read
 * inside parsers_submit, for tests. */
#ifndef CRAWL_PARSERS_H
#define CRAWL_PARSERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "article/page.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "web/exchange.h"

struct parsers;

/* What came back for a document. */
struct parsed {
	uint64_t ticket; /* the caller's number */
	bool is_read;    /* false: the parser died, hung or refused; see fault */
	char fault[256];
	struct page_result result; /* owned when is_read */
};

/* Whether parsers can be had: FLONG_E_UNSUPPORTED when the kernel has no sandbox, and there are to
 * be processes that need one. */
MUST_CHECK int parsers_check(size_t processes, bool is_open, struct flong_error *err);
/* Starts a process, in a sandbox unless `is_open`; there will be up to `processes` of them, when
 * documents have to wait. FLONG_E_UNSUPPORTED as above. */
MUST_CHECK int parsers_create(
	size_t processes, bool is_open, struct parsers **parsers_out, struct flong_error *err);
/* Ends the processes. */
void parsers_close(struct parsers *parsers);
SCOPED_CLOSE(struct parsers *, parsers_close)
/* A document to be read. */
struct parsers_document {
	uint64_t ticket;
	const struct exchange *exchange; /* borrowed */
	enum link_role role;             /* what it was loaded as */
	struct bytes page; /* of a script: URL of the page or worker that runs it, else empty */
	struct bytes import_map;  /* that page's, or empty */
	struct bytes environment; /* of a style sheet: charset of what names it, or empty */
};
/* Hands a document over: the exchange's body, copied (at most LIMIT_DOCUMENT_BYTES of it). */
MUST_CHECK int parsers_submit(
	struct parsers *parsers, const struct parsers_document *document, struct flong_error *err);
/* The next result, or NULL when none is there; the caller clears result and frees it with
 * parsed_close. */
struct parsed *parsers_take(struct parsers *parsers);
void parsed_close(struct parsed *parsed);
SCOPED_CLOSE(struct parsed *, parsed_close)
/* Documents handed over and not taken back. */
size_t parsers_pending(const struct parsers *parsers);
/* Descriptors that become readable when a result is there, for fetcher_wait: borrowed, *count_out
 * of them. */
const int *parsers_fds(const struct parsers *parsers, size_t *count_out);

#endif
