/* SPDX-License-Identifier: MIT */
/* library_links.c - one story: which stories lead to it, and to which it leads */
#include "replay/graph.h"
#include "replay/library.h"
#include "replay/view.h"

static void add_story(const struct holding *holding, const struct graph_node *node, struct buf *out)
{
	buf_add_text(out, "<a href=\"");
	library_add_address(holding, node->captured_ms, bytes_of(node->url), out);
	buf_add_text(out, "\">");
	view_add(out, bytes_of(node->title));
	buf_add_text(out, "</a> <a class=\"facts\" href=\"");
	library_add_query_address(holding, "links", bytes_of(node->url), out);
	buf_add_text(out, "\">connections<span class=\"hidden\"> of ");
	view_add(out, bytes_of(node->title));
	buf_add_text(out, "</span></a>");
}

static void add_sources(
	const struct holding *holding, const struct graph *graph, size_t to, struct buf *out)
{
	size_t count = 0;
	buf_add_text(out, "<section><h2>Linked from</h2>\n<ul class=\"list\">\n");
	for (size_t i = 0; i < graph->count; i++) {
		const struct graph_node *node = &graph->nodes[i];
		bool is_found = false;
		for (size_t k = 0; i != to && !is_found && k < node->link_count; k++) {
			is_found = node->links[k].node == to;
		}
		if (is_found) {
			count++;
			buf_add_text(out, "<li>");
			add_story(holding, node, out);
			buf_add_text(out, "</li>\n");
		}
	}
	buf_addf(out, "</ul>\n%s</section>\n",
		count == 0 ? "<p class=\"facts\">No story of this collection.</p>" : "");
}

static void add_targets(const struct holding *holding, const struct graph *graph,
	const struct graph_node *from, struct buf *out)
{
	buf_add_text(out, "<section><h2>Leads to</h2>\n<ul class=\"list\">\n");
	for (size_t i = 0; i < from->link_count; i++) {
		const struct graph_link *link = &from->links[i];
		buf_add_text(out, "<li>");
		if (link->node != GRAPH_NONE) {
			add_story(holding, &graph->nodes[link->node], out);
		} else {
			view_add(out, bytes_of(link->title[0] != '\0' ? link->title : link->url));
			buf_add_text(out, " <span class=\"bad\">not in this archive</span>");
		}
		buf_add_text(out, "<br><span class=\"facts\">");
		view_add(out, bytes_of(link->reasons));
		buf_add_text(out, "</span></li>\n");
	}
	buf_addf(out, "</ul>\n%s</section>\n",
		from->link_count == 0
			? "<p class=\"facts\">No related story was found on its page.</p>"
			: "");
}

void library_links(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf url = {0};
	SCOPED(graph_clear) struct graph graph = {0};
	struct flong_error err = {0};
	struct buf *out = &reply->body;
	if (!library_subject(call, &url, reply)) {
		return;
	}
	int rc = graph_read(call->holding, &graph, &err);
	size_t index = graph_find(&graph, buf_bytes(&url));
	if (rc == FLONG_OK && index == GRAPH_NONE) {
		library_answer_error(call, 404, "No such story", buf_bytes(&url),
			"The collection has no story of this address.", reply);
		return;
	}
	const struct library_page page = {.title = "Connections", .place = LIBRARY_GRAPH};
	library_begin(call, &page, reply);
	if (rc < 0) {
		library_add_fault(&err, out);
		library_end(reply);
		return;
	}
	SCOPED(buf_clear) struct buf heading = {0};
	view_add(&heading, bytes_of(graph.nodes[index].title));
	library_add_subject(call->holding, buf_text(&heading), buf_bytes(&url), "links", out);
	buf_add_text(out, "<div class=\"columns\">\n");
	add_sources(call->holding, &graph, index, out);
	add_targets(call->holding, &graph, &graph.nodes[index], out);
	buf_add_text(out, "</div>\n");
	library_end(reply);
}
