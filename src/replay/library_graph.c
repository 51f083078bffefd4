/* SPDX-License-Identifier: MIT */
/* library_graph.c - the stories of a collection as a tree: which led to which */
#include "base/limits.h"
#include "replay/graph.h"
#include "replay/library.h"
#include "replay/view.h"

/* Steps that are drawn inside of each other; what is deeper stands beside the last. */
#define LEVELS_MAX 12

static void add_count(const struct holding *holding, const struct graph_node *node, struct buf *out)
{
	size_t there = 0;
	for (size_t i = 0; i < node->link_count; i++) {
		there += node->links[i].node != GRAPH_NONE;
	}
	buf_add_text(out, " <a class=\"facts\" href=\"");
	library_add_query_address(holding, "links", bytes_of(node->url), out);
	buf_addf(out,
		"\"><span aria-hidden=\"true\">← %zu → %zu</span><span class=\"hidden\">linked "
		"from "
		"%zu, leads to %zu: </span><span class=\"hidden\">",
		node->linked_from, there, node->linked_from, there);
	view_add(out, bytes_of(node->title));
	buf_add_text(out, "</span></a>");
}

static void add_node(const struct holding *holding, const struct graph_node *node, struct buf *out)
{
	buf_add_text(out, "<a href=\"");
	library_add_address(holding, node->captured_ms, bytes_of(node->url), out);
	buf_add_text(out, "\">");
	view_add(out, bytes_of(node->title));
	buf_add_text(out, "</a>");
	add_count(holding, node, out);
}

/* Goes through the tree by its pointers, so that depth needs no recursion. */
static void add_tree(const struct holding *holding, const struct graph *graph, struct buf *out)
{
	size_t at = graph->first_root;
	int level = 0;
	buf_add_text(out, "<ul class=\"tree\">\n");
	while (at != GRAPH_NONE) {
		const struct graph_node *node = &graph->nodes[at];
		buf_add_text(out, "<li>");
		add_node(holding, node, out);
		if (node->first_child != GRAPH_NONE) {
			buf_add_text(out, level < LEVELS_MAX ? "\n<ul>\n" : "</li>\n");
			level++;
			at = node->first_child;
			continue;
		}
		buf_add_text(out, "</li>\n");
		while (at != GRAPH_NONE && graph->nodes[at].next_sibling == GRAPH_NONE) {
			at = graph->nodes[at].parent;
			if (at != GRAPH_NONE) {
				level--;
				buf_add_text(out, level < LEVELS_MAX ? "</ul></li>\n" : "");
			}
		}
		at = at == GRAPH_NONE ? GRAPH_NONE : graph->nodes[at].next_sibling;
	}
	buf_add_text(out, "</ul>\n");
}

void library_graph(const struct site_call *call, struct reply *reply)
{
	SCOPED(graph_clear) struct graph graph = {0};
	struct flong_error err = {0};
	struct buf *out = &reply->body;
	const struct library_page page = {.title = "Connections", .place = LIBRARY_GRAPH};
	library_begin(call, &page, reply);
	buf_addf(out, "<h1>Connections of %s</h1>\n", holding_name(call->holding));
	if (graph_read(call->holding, &graph, &err) < 0) {
		library_add_fault(&err, out);
	}
	buf_addf(out,
		"<p class=\"facts\">%zu %s; under each those that it led to. The arrows count the "
		"stories here that link to it, and those that it links to.</p>\n",
		graph.count, graph.count == 1 ? "story" : "stories");
	add_tree(call->holding, &graph, out);
	if (graph.left_out > 0) {
		buf_addf(out, "<p class=\"facts\">%zu more captures are not shown.</p>\n",
			graph.left_out);
	}
	library_end(reply);
}
