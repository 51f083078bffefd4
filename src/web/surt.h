/* SPDX-License-Identifier: MIT */
/* surt.h - sort-friendly keys of URLs: the two dialects that replay tools use */
#ifndef WEB_SURT_H
#define WEB_SURT_H

#include "base/buf.h"
#include "base/bytes.h"

/* Appends the key as the Python package surt 0.3.1 makes it (pywb, cdxj-indexer). Never fails: what
 * is no URL has a key too. */
void surt_ia(struct bytes url, struct buf *key_out);
/* Appends the key as warcio.js getSurt makes it (wabac.js). */
void surt_js(struct bytes url, struct buf *key_out);

#endif
