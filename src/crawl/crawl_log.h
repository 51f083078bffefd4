/* SPDX-License-Identifier: MIT */
/* crawl_log.h - logs/crawl.log: a line is the acknowledgement of its exchange
 *
 * Lines are written once their records are synced and the state is committed. They are committed
 * with it, beside the place where they belong: so a kill between the two loses no line, a half line
 * is cut, and a state that is older than the log gives itself away. */
#ifndef CRAWL_CRAWL_LOG_H
#define CRAWL_CRAWL_LOG_H

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/syncs.h"
#include "crawl/state.h"
#include "flong/error.h"

struct crawl_log;

/* Opens DIR/logs/crawl.log, made when absent, and brings it to what the state has committed.
 * FLONG_E_DAMAGED: it has lines that the state does not know of (nothing was changed). FLONG_E_IO.
 */
MUST_CHECK int crawl_log_open(
	const char *dir, struct state *state, struct crawl_log **log_out, struct flong_error *err);
void crawl_log_close(struct crawl_log *log);
SCOPED_CLOSE(struct crawl_log *, crawl_log_close)
/* Whether DIR/logs/crawl.log has lines that the state does not know of: the state is an older one.
 */
MUST_CHECK int crawl_log_check(const char *dir, struct state *state, struct flong_error *err);
/* Adds a line (without line end). */
void crawl_log_add(struct crawl_log *log, struct bytes line);
/* Lines that are not written yet. */
unsigned crawl_log_waiting(const struct crawl_log *log);
/* Before the commit: the state learns the lines and their place. */
MUST_CHECK int crawl_log_note(struct crawl_log *log, struct state *state, struct flong_error *err);
/* After the commit: writes the lines. FLONG_E_IO. */
MUST_CHECK int crawl_log_write(struct crawl_log *log, struct flong_error *err);
/* What was written must be durable before the state forgets the lines: true gives the file, for
 * syncs_begin (borrowed); false when it is already. */
bool crawl_log_begin_sync(struct crawl_log *log, struct sync_file *file_out);
/* The same at once. */
MUST_CHECK int crawl_log_sync(struct crawl_log *log, struct flong_error *err);

#endif
