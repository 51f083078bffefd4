/* SPDX-License-Identifier: MIT */
/* access.h - what the user lets us reach, and with which secrets: guard, proxies, cookies,
 * passwords, and what of them is kept out of the archive */
#ifndef CRAWL_ACCESS_H
#define CRAWL_ACCESS_H

#include <stdbool.h>

#include "base/buf.h"
#include "flong/error.h"
#include "web/url.h"

struct crawl;

/* Reads the options about it into guard, proxies, cookies, credentials (those of seeds too) and
 * redact. FLONG_E_USAGE names the option. Touches nothing. */
MUST_CHECK int access_open(struct crawl *crawl, struct flong_error *err);
void access_close(struct crawl *crawl);
/* A seed given by hand: its host and port may be connected to wherever they lead, and its origin
 * gets the secrets of --header. */
void access_add_seed(struct crawl *crawl, const struct url *url);
/* Adds the line "Authorization: ..." for `url` to `line`, or nothing. */
void access_authorize(const struct crawl *crawl, const struct url *url, struct buf *line);
/* Whether a line of --header may go to `url`: secrets go to the origins of the seeds only. */
bool access_may_send(const struct crawl *crawl, const char *line, const struct url *url);

#endif
