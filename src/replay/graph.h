/* SPDX-License-Identifier: MIT */
/* graph.h - which stories of a collection lead to which
 *
 * A story leads to those that its page names as related and that were accepted as such; `via` says
 * on whose way the crawl came to it. Stories are known by the keys of article/url_key.h. */
#ifndef REPLAY_GRAPH_H
#define REPLAY_GRAPH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "replay/archive.h"

#define GRAPH_NONE SIZE_MAX

/* What a page says that it leads to. */
struct graph_link {
	char *url, *title, *reasons; /* owned; the title as on the page that leads there */
	uint64_t key;                /* hash of the key */
	size_t node;                 /* GRAPH_NONE: not in the collection */
};

struct graph_node {
	char *url, *title; /* owned; the title is never empty */
	char *via;         /* owned; "" when there is none */
	uint64_t key;
	int64_t captured_ms; /* of the latest capture */
	int depth;           /* of the crawl: 0 for seeds */
	size_t parent;       /* that which led to it, with a lower depth; or GRAPH_NONE */
	size_t first_child, next_sibling;
	struct graph_link *links; /* owned */
	size_t link_count;
	size_t linked_from; /* how many nodes have a link to it */
};

/* Zeroed is valid and empty. In the order of the lists. */
struct graph {
	struct graph_node *nodes; /* owned */
	size_t count, capacity;
	size_t left_out; /* over LIMIT_LIBRARY_STORIES */
	size_t first_root;
};

/* Reads it from the collection's stories.jsonl; archives without one have stories without links.
 * The caller clears it, after failure too. FLONG_E_IO. */
MUST_CHECK int graph_read(
	const struct holding *holding, struct graph *graph_out, struct flong_error *err);
void graph_clear(struct graph *graph);
/* The story of that URL, or GRAPH_NONE. */
size_t graph_find(const struct graph *graph, struct bytes url);

#endif
