/* SPDX-License-Identifier: MIT */
/* completeness.h - whether an archive has the parts that a captured page names
 *
 * A metadata record behind a page's response lists what it points to; what it needs has the letter
 * E there. Archives without such records tell nothing. */
#ifndef REPLAY_COMPLETENESS_H
#define REPLAY_COMPLETENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flong/error.h"
#include "index/cdxj.h"
#include "replay/archive.h"

/* Zeroed is valid: nothing known. */
struct completeness {
	bool is_known;
	size_t needed;  /* parts that the page names */
	size_t missing; /* of these, not captured at all */
	size_t refused; /* of these, captured as an error of the server */
	size_t media;   /* beside these, video and sound that were not captured */
};

enum part_state { PART_THERE, PART_MISSING, PART_REFUSED };

/* One line "outlink: URL LETTER WHERE" of a metadata record. Borrowed. */
struct outlink {
	struct bytes url, where;
	char letter; /* L followed, E needed, I maybe there, R redirect */
};
/* Reads the value of an outlink field; false when it has not this form. */
bool outlink_read(struct bytes value, struct outlink *outlink_out);
/* Whether a page looks right without it: video and sound, which are captured on request only, and
 * what no element but the page's data names, of which one of many forms is enough. */
bool outlink_is_optional(const struct outlink *outlink);

/* Whether the archive has a URL, any time. */
enum part_state completeness_look(struct lookup *lookup, struct bytes url);
/* Judges the capture of `url` nearest to a time. Nothing known is no failure. */
void completeness_find(const struct holding *holding, struct bytes url, int64_t time_ms,
	struct completeness *completeness_out);
/* Goes on to the next record that belongs to that of the id `id`, or tells of it: of the same
 * exchange or about it. It may stand behind those of other exchanges that ended meanwhile:
 * LIMIT_RECORDS_BEHIND are looked at, `*looked` counts them. False: no more. */
bool completeness_next(struct reader *reader, struct bytes id, size_t *looked,
	const struct reader_record **record_out);
/* Counts the outlinks of a metadata record's block into *completeness. */
void completeness_count(
	struct lookup *lookup, struct bytes block, struct completeness *completeness);
/* Appends "complete", "3 of 58 parts are missing"; nothing when nothing is known. */
void completeness_describe(const struct completeness *completeness, struct buf *out);

#endif
