/* SPDX-License-Identifier: MIT */
/* graph.c - which stories of a collection lead to which */
#include "replay/graph.h"

#include <stdlib.h>

#include "article/url_key.h"
#include "base/alloc.h"
#include "base/limits.h"
#include "replay/stories.h"
#include "web/url.h"

static void clear_links(struct graph_node *node)
{
	for (size_t i = 0; i < node->link_count; i++) {
		free(node->links[i].url);
		free(node->links[i].title);
		free(node->links[i].reasons);
	}
	free(node->links);
	node->links = NULL;
	node->link_count = 0;
}

void graph_clear(struct graph *graph)
{
	for (size_t i = 0; i < graph->count; i++) {
		struct graph_node *node = &graph->nodes[i];
		clear_links(node);
		free(node->url);
		free(node->title);
		free(node->via);
	}
	free(graph->nodes);
	*graph = (struct graph){0};
}

/* --- reading -----------------------------------------------------------------------------------
 */

/* Two stories with one hash are taken for one: of a thousand there are none. */
static uint64_t key_of(struct bytes text)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf key = {0};
	if (url_parse(text, NULL, &url, &ignored) == FLONG_OK) {
		url_key_add(&key, url);
	}
	return bytes_hash(key.len > 0 ? buf_bytes(&key) : text);
}

static size_t find_key(const struct graph *graph, uint64_t key)
{
	for (size_t i = 0; i < graph->count; i++) {
		if (graph->nodes[i].key == key) {
			return i;
		}
	}
	return GRAPH_NONE;
}

size_t graph_find(const struct graph *graph, struct bytes url)
{
	return find_key(graph, key_of(url));
}

static char *copy(struct bytes text)
{
	SCOPED(buf_clear) struct buf buf = {0};
	buf_add(&buf, bytes_slice(text, 0, LIMIT_URL_BYTES));
	return buf_take(&buf);
}

static struct bytes member(const struct json *object, const char *name)
{
	return json_text(json_get(object, name));
}

/* The reasons of a line with commas between them. */
static char *join_reasons(const struct json *reasons)
{
	SCOPED(buf_clear) struct buf text = {0};
	for (size_t i = 0; i < json_count(reasons); i++) {
		buf_add_text(&text, i == 0 ? "" : ", ");
		buf_add(&text, json_text(json_at(reasons, i)));
	}
	return buf_take(&text);
}

static void take_links(struct graph_node *node, const struct json *related)
{
	size_t count = json_type(related) == JSON_ARRAY ? json_count(related) : 0;
	count = count > LIMIT_LIBRARY_LINKS ? LIMIT_LIBRARY_LINKS : count;
	if (count == 0) {
		return;
	}
	node->links = ALLOC_ARRAY(struct graph_link, count);
	for (size_t i = 0; i < count; i++) {
		const struct json *story = json_at(related, i);
		struct bytes url = member(story, "url");
		if (url.len > 0) {
			node->links[node->link_count++] = (struct graph_link){.url = copy(url),
				.title = copy(member(story, "title")),
				.reasons = join_reasons(json_get(story, "reasons")),
				.key = key_of(url),
				.node = GRAPH_NONE};
		}
	}
}

/* The node of a story, made when it is new; NULL when it is left out or a later capture of it is
 * there already. */
static struct graph_node *node_of(struct graph *graph, uint64_t key, int64_t captured_ms)
{
	size_t at = find_key(graph, key);
	if (at != GRAPH_NONE) {
		return captured_ms > graph->nodes[at].captured_ms ? &graph->nodes[at] : NULL;
	}
	if (graph->count == LIMIT_LIBRARY_STORIES) {
		graph->left_out++;
		return NULL;
	}
	if (graph->count == graph->capacity) {
		graph->capacity = graph->capacity == 0 ? 64 : graph->capacity * 2;
		graph->nodes = (struct graph_node *)alloc_resize(
			graph->nodes, graph->capacity, sizeof(graph->nodes[0]));
	}
	struct graph_node *node = &graph->nodes[graph->count++];
	*node = (struct graph_node){.key = key};
	return node;
}

static void take_line(void *context, const struct json *line)
{
	struct graph *graph = (struct graph *)context;
	struct bytes url = member(line, "url");
	int64_t captured_ms;
	if (url.len == 0 || !stories_line_time(line, &captured_ms)) {
		return;
	}
	struct graph_node *node = node_of(graph, key_of(url), captured_ms);
	if (node == NULL) {
		return;
	}
	struct bytes headline = member(line, "headline");
	struct bytes title = headline.len > 0 ? headline : member(line, "title");
	clear_links(node);
	free(node->url);
	free(node->title);
	free(node->via);
	node->url = copy(url);
	node->title = copy(title.len > 0 ? title : url);
	node->via = copy(member(line, "via"));
	node->captured_ms = captured_ms;
	node->depth = (int)json_int(json_get(line, "depth"));
	take_links(node, json_get(line, "related"));
}

/* --- edges -------------------------------------------------------------------------------------
 */

static void resolve_links(struct graph *graph)
{
	for (size_t i = 0; i < graph->count; i++) {
		struct graph_node *node = &graph->nodes[i];
		for (size_t k = 0; k < node->link_count; k++) {
			struct graph_link *link = &node->links[k];
			link->node = find_key(graph, link->key);
			if (link->node != GRAPH_NONE && link->node != i) {
				graph->nodes[link->node].linked_from++;
			}
		}
	}
}

static bool has_link(const struct graph_node *node, size_t to)
{
	for (size_t i = 0; i < node->link_count; i++) {
		if (node->links[i].node == to) {
			return true;
		}
	}
	return false;
}

/* By `via`; when that was a redirect, the first story that has a link to it. A lower depth keeps
 * the tree without circles. */
static size_t parent_of(const struct graph *graph, size_t index)
{
	const struct graph_node *node = &graph->nodes[index];
	size_t via = node->via[0] != '\0' ? graph_find(graph, bytes_of(node->via)) : GRAPH_NONE;
	if (via != GRAPH_NONE && graph->nodes[via].depth < node->depth) {
		return via;
	}
	for (size_t i = 0; i < graph->count; i++) {
		if (graph->nodes[i].depth < node->depth && has_link(&graph->nodes[i], index)) {
			return i;
		}
	}
	return GRAPH_NONE;
}

/* From the last to the first, so that children stand in the order of the lists. */
static void make_tree(struct graph *graph)
{
	graph->first_root = GRAPH_NONE;
	for (size_t i = 0; i < graph->count; i++) {
		graph->nodes[i].first_child = GRAPH_NONE;
		graph->nodes[i].parent = parent_of(graph, i);
	}
	for (size_t i = graph->count; i-- > 0;) {
		struct graph_node *node = &graph->nodes[i];
		size_t *first = node->parent == GRAPH_NONE
					? &graph->first_root
					: &graph->nodes[node->parent].first_child;
		node->next_sibling = *first;
		*first = i;
	}
}

int graph_read(const struct holding *holding, struct graph *graph_out, struct flong_error *err)
{
	int rc = stories_each(holding, false, take_line, graph_out, err);
	resolve_links(graph_out);
	make_tree(graph_out);
	return rc;
}
