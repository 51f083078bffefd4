/* SPDX-License-Identifier: MIT */
/* extract_match.h - which captures are wanted: by URL, by media type, by status */
#ifndef CLI_EXTRACT_MATCH_H
#define CLI_EXTRACT_MATCH_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"

enum extract_match { MATCH_EXACT, MATCH_PREFIX, MATCH_HOST, MATCH_DOMAIN };

/* A URL to compare with. Zeroed matches everything. */
struct extract_pattern {
	bool is_set;
	enum extract_match match;
	struct buf key;        /* owned: what keys must be equal to or begin with */
	struct buf record_key; /* of the URL that is compared */
};

/* Reads `url` (NULL: everything). Compared are the keys of indexes: http and https, www, the order
 * of a query and letter case make no difference. */
void extract_match_init(struct extract_pattern *pattern, const char *url, enum extract_match match);
void extract_match_clear(struct extract_pattern *pattern);
bool extract_match_url(struct extract_pattern *pattern, struct bytes url);
/* Whether a media type is one of `list` ("image/png, text/html", "image/ *" without the blank, or
 * "image"); NULL: any. */
bool extract_match_type(const char *list, struct bytes media_type);

#endif
