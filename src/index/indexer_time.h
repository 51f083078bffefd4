/* SPDX-License-Identifier: MIT */
/* indexer_time.h - the time of a record, from any date that cdxj-indexer reads */
#ifndef INDEX_INDEXER_TIME_H
#define INDEX_INDEXER_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* Reads a WARC-Date as the standard has it, or else numbers for year, month, day, hour, minute,
 * second and fraction, at least three, with anything between them: "2008-04-30t20:48:25z",
 * "2008-04-30 20:48:25". False when they name no time. */
bool indexer_time_parse(struct bytes date, int64_t *wall_ms_out);

#endif
