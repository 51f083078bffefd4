/* SPDX-License-Identifier: MIT */
/* author_seen.c - the byline that a reader sees by the headline */
#include "article/author_seen.h"

#include <string.h>

#include "article/words.h"

/* Nodes of the outline before and behind the headline where a byline may stand. */
#define NODES_BEFORE 40
#define NODES_BEHIND 400
/* Nodes between two authors of a story. */
#define NODES_BETWEEN 20
/* Nodes behind the headline within which a line that begins with "By" is the byline. */
#define NODES_LINE 60

/* Nodes that a search can come to: an author near its end moves that on. */
#define NODES_REACHED (NODES_BEFORE + NODES_BEHIND + 80)

/* How surely an element of the page holds an author's name. */
enum clue { CLUE_NONE, CLUE_CLASS, CLUE_LABEL, CLUE_PATH, CLUE_MARKED, CLUE_UNKNOWN };

struct search {
	const struct outline *outline;
	struct author_names *names;
	uint32_t headline;            /* or OUTLINE_NONE */
	uint32_t from;                /* the first node that is looked at */
	uint8_t clues[NODES_REACHED]; /* of the nodes from there, CLUE_UNKNOWN at first */
	unsigned kinds;               /* bits: clues that some node has */
	bool knows_all;               /* a search has been through all of them */
};

/* Whether the path of a link leads to somebody's page. */
static bool is_person_path(struct bytes href)
{
	static const char *const parts[] = {"/author/", "/authors/", "/autor/", "/autoren/",
		"/autorin/", "/auteur/", "/auteurs/", "/autore/", "/autori/", "/journalist/",
		"/journalists/", "/reporter/", "/reporters/", "/byline/", "/people/"};
	for (size_t i = 0; href.len > 0 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (bytes_find_nocase(href, bytes_of(parts[i]), 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

/* Whether a class or id names an author or byline: a word of it, or a part of a word. Those of
 * pictures and of comments wrote something else. */
static bool is_author_class(struct bytes class)
{
	static const char *const others[] = {
		"bild", "photo", "foto", "image", "picture", "comment"};
	for (size_t i = 0; class.len > 0 && i < sizeof(others) / sizeof(others[0]); i++) {
		if (bytes_find_nocase(class, bytes_of(others[i]), 0) != SIZE_MAX) {
			return false;
		}
	}
	static const char *const words[] = {
		"author", "byline", "autor", "auteur", "autore", "writer"};
	for (size_t i = 0; class.len > 0 && i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_find_nocase(class, bytes_of(words[i]), 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

/* No label has more bytes, its colon included. */
#define LABEL_MAX 20

/* "Author Jane Doe" in a line of its own. */
static bool has_label(const struct outline *outline, uint32_t node)
{
	static const char *const labels[] = {"author", "authors", "autor", "autorin",
		"autorin/autor", "auteur", "autore", "written by"};
	uint8_t tag = outline->nodes[node].tag;
	if (tag != TAG_LI && tag != TAG_P && tag != TAG_DIV && tag != TAG_SPAN) {
		return false;
	}
	for (uint32_t i = node + 1; i < outline->nodes[node].end && i < node + 4; i++) {
		struct bytes text = bytes_trim(outline_text(outline, i));
		if (outline->nodes[i].tag != TAG_TEXT || text.len == 0) {
			continue;
		}
		if (text.len > LABEL_MAX) {
			return false;
		}
		for (size_t k = 0; k < sizeof(labels) / sizeof(labels[0]); k++) {
			struct bytes label = bytes_of(labels[k]);
			if (bytes_equal_nocase(text, label) ||
				(text.len == label.len + 1 && bytes_ends(text, BYTES(":")) &&
					bytes_starts_nocase(text, label))) {
				return true;
			}
		}
		return false;
	}
	return false;
}

static enum clue look_for_clue(const struct outline *outline, uint32_t node)
{
	if (outline->nodes[node].len == 0) {
		return has_label(outline, node) ? CLUE_LABEL : CLUE_NONE;
	}
	if (words_has_item(outline_value(outline, node, ATTR_REL), "author") ||
		words_has_item(outline_value(outline, node, ATTR_ITEMPROP), "author")) {
		return CLUE_MARKED;
	}
	if (is_person_path(outline_value(outline, node, ATTR_HREF))) {
		return CLUE_PATH;
	}
	if (is_author_class(outline_value(outline, node, ATTR_CLASS)) ||
		is_author_class(outline_value(outline, node, ATTR_ID))) {
		return CLUE_CLASS;
	}
	return has_label(outline, node) ? CLUE_LABEL : CLUE_NONE;
}

/* Each kind of clue is searched for in its turn, most pages have none. */
static enum clue clue_of(struct search *search, uint32_t node)
{
	size_t place = node - search->from;
	if (place >= NODES_REACHED) {
		return look_for_clue(search->outline, node);
	}
	if (search->clues[place] == CLUE_UNKNOWN) {
		search->clues[place] = (uint8_t)look_for_clue(search->outline, node);
		search->kinds |= 1U << search->clues[place];
	}
	return (enum clue)search->clues[place];
}

/* The text of an element, without what an element inside it says better. */
static void add_seen(struct search *search, uint32_t node)
{
	const struct outline *outline = search->outline;
	for (uint32_t i = node + 1; i < outline->nodes[node].end && i < node + 30; i++) {
		if (words_has_item(outline_value(outline, i, ATTR_ITEMPROP), "name")) {
			node = i;
			break;
		}
	}
	buf_reset(&search->names->scratch);
	outline_gather(outline, node, 200, &search->names->scratch);
	struct bytes text = bytes_trim(buf_bytes(&search->names->scratch));
	if (text.len == 0 || text.len > 160) {
		return;
	}
	author_names_add(search->names, page_result_keep(search->names->result, text));
}

/* Elements of one kind of clue near the headline. */
static bool find_seen(struct search *search, enum clue wanted)
{
	const struct outline *outline = search->outline;
	uint32_t headline = search->headline;
	uint32_t end = headline == OUTLINE_NONE ? NODES_BEHIND : headline + NODES_BEHIND;
	bool passed_all = true;
	if (search->knows_all && (search->kinds & 1U << wanted) == 0) {
		return false; /* most pages have none of most kinds */
	}
	for (uint32_t i = search->from; i < outline->count && i < end; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->tag >= TAG_TEXT || node->end - i > 40 ||
			(node->place & (IN_NAV | IN_FOOTER | IN_UNSEEN | IN_RAW)) != 0 ||
			clue_of(search, i) != wanted) {
			continue;
		}
		size_t before = search->names->result->authors.count;
		passed_all = false;
		add_seen(search, i);
		/* Those of one story stand together; who comes later wrote another. */
		if (search->names->result->authors.count > before) {
			end = node->end + NODES_BETWEEN;
		}
		/* What is inside says the same. */
		i = node->end - 1;
	}
	search->knows_all = search->knows_all || passed_all;
	return search->names->result->authors.count > 0;
}

/* A line by the headline that begins with "By" and goes on with names. */
static bool find_line(struct search *search)
{
	const struct outline *outline = search->outline;
	if (search->headline == OUTLINE_NONE) {
		return false;
	}
	uint32_t from = outline->nodes[search->headline].end;
	for (uint32_t i = from; i < outline->count && i < from + NODES_LINE; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->tag >= TAG_TEXT || !outline_is_block(node->tag) || node->end - i > 12 ||
			(node->place & (IN_NAV | IN_FOOTER | IN_UNSEEN | IN_RAW | IN_FIGURE)) !=
				0) {
			continue;
		}
		buf_reset(&search->names->scratch);
		outline_gather(outline, i, 100, &search->names->scratch);
		struct bytes text = bytes_trim(buf_bytes(&search->names->scratch));
		if (text.len <= 80 && author_names_without_by(text).len < text.len) {
			author_names_add(
				search->names, page_result_keep(search->names->result, text));
		}
		if (search->names->result->authors.count > 0) {
			return true;
		}
	}
	return false;
}

/* The first paragraph behind the headline, when all of it is bold and a name: "<p><b>Jane Doe</b>",
 * or two names with a slash. */
static bool find_bold(struct search *search)
{
	const struct outline *outline = search->outline;
	if (search->headline == OUTLINE_NONE) {
		return false;
	}
	uint32_t from = outline->nodes[search->headline].end;
	for (uint32_t i = from; i < outline->count && i < from + NODES_BEHIND; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->tag != TAG_P || (node->place & (IN_NAV | IN_FOOTER | IN_UNSEEN)) != 0) {
			continue;
		}
		buf_reset(&search->names->scratch);
		outline_gather(outline, i, 400, &search->names->scratch);
		struct bytes text = bytes_trim(buf_bytes(&search->names->scratch));
		uint8_t inner = i + 1 < node->end ? outline->nodes[i + 1].tag : (uint8_t)TAG_TEXT;
		if (inner == TAG_STRONG || inner == TAG_B) {
			bool is_all = outline->nodes[i + 1].end == node->end;
			if (is_all && text.len <= 80) {
				author_names_add(search->names,
					page_result_keep(search->names->result, text));
			}
		}
		bool is_found = search->names->result->authors.count > 0;
		if (is_found || text.len > 120) {
			return is_found; /* the story has begun */
		}
	}
	return false;
}

bool author_seen_find(const struct outline *outline, uint32_t headline, struct author_names *names)
{
	struct search search = {.outline = outline, .names = names, .headline = headline};
	search.from =
		headline == OUTLINE_NONE || headline < NODES_BEFORE ? 0 : headline - NODES_BEFORE;
	memset(search.clues, CLUE_UNKNOWN, sizeof(search.clues));
	names->is_seen = true;
	bool is_found = false;
	for (int clue = CLUE_MARKED; clue > CLUE_NONE && !is_found; clue--) {
		is_found = find_seen(&search, (enum clue)clue);
	}
	return is_found || find_line(&search) || find_bold(&search);
}
