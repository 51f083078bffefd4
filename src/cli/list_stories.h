/* SPDX-License-Identifier: MIT */
/* list_stories.h - flong list --stories and --versions: a line a story, or a line a version of one
 */
#ifndef CLI_LIST_STORIES_H
#define CLI_LIST_STORIES_H

#include <stdbool.h>

#include "base/scoped.h"
#include "cli/option.h"
#include "flong/error.h"

struct list_stories {
	const struct operands *paths; /* borrowed */
	const char *url;              /* list the versions of this story; NULL: all stories */
	bool as_json;
};

/* Prints them. *is_damaged_out: something of a file could not be read, and was told of. Errors of
 * history_read. */
MUST_CHECK int list_stories(
	const struct list_stories *request, bool *is_damaged_out, struct flong_error *err);

#endif
