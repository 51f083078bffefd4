/* SPDX-License-Identifier: MIT */
/* visit.c - one URL to fetch */
#include "crawl/visit.h"

#include <stdlib.h>
#include <string.h>

bool visit_is_entry(const struct visit *visit)
{
	return strchr(visit->hops, VISIT_HOP_ENTRY) != NULL;
}

void visit_close(struct visit *visit)
{
	if (visit == NULL) {
		return;
	}
	free(visit->url);
	free(visit->via_url);
	free(visit);
}

void visit_add_hop(const char *hops, char letter, char out[VISIT_HOPS_MAX + 1])
{
	size_t length = strnlen(hops, VISIT_HOPS_MAX);
	memmove(out, hops, length);
	if (length < VISIT_HOPS_MAX) {
		out[length++] = letter;
	}
	out[length] = '\0';
}
