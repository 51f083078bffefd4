/* SPDX-License-Identifier: MIT */
/* capture_group.h - members added to a group one by one; for the capture files only */
#ifndef WARC_CAPTURE_GROUP_H
#define WARC_CAPTURE_GROUP_H

#include "warc/capture.h"

enum { CAPTURE_PARTS = 2 };

/* A record to be sealed: its head and the parts of its block. All borrowed. */
struct capture_record {
	const struct record_head *head;
	const struct gzip_part *parts;
	size_t part_count; /* at most CAPTURE_PARTS */
	const char *spool_dir;
};
/* Seals a record as the group's last member. FLONG_E_USAGE when it names another warcinfo than the
 * group's members do. On failure the group is as before. */
MUST_CHECK int capture_group_add(struct capture_group *group, const struct capture_record *record,
	struct deflater *deflater, struct flong_error *err);
/* Drops the members from `count` on. */
void capture_group_shorten(struct capture_group *group, size_t count);

#endif
