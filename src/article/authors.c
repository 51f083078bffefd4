/* SPDX-License-Identifier: MIT */
/* authors.c - names from JSON-LD, meta elements and bylines, made plain and told apart */
#include "article/authors.h"

#include "article/plain.h"
#include "article/words.h"

/* Nodes of the outline before and behind the headline where a byline may stand. */
#define NODES_BEFORE 40
#define NODES_BEHIND 400
/* Nodes between two authors of a story. */
#define NODES_BETWEEN 20
/* Names of one story; more is a list of something else. */
#define NAMES_MAX 16
/* Words of a name, with title and particles. */
#define NAME_WORDS 7

struct search {
	const struct authors_input *input;
	struct page_result *result;
	struct bytes publisher;
	struct bytes house; /* the first name that was the publisher's */
	bool is_seen;       /* what is added stands in the text of the page */
	struct buf scratch;
};

/* Names that are news agencies: closed list of the large ones. */
static bool is_agency(struct bytes name)
{
	static const char *const names[] = {"AFP", "AP", "Reuters", "dpa", "DPA", "ANSA", "EFE",
		"APA", "Keystone-SDA", "SDA", "KNA", "epd", "PAP", "PTI", "ANI", "Xinhua", "Kyodo",
		"Yonhap", "Bernama", "AAP", "NTB", "TT", "Ritzau", "STT", "Belga", "ANP", "Lusa",
		"Associated Press", "Agence France-Presse", "PA Media", "The Associated Press",
		"Deutsche Presse-Agentur", "Press Association"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal(name, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* Words that stand before a name in a byline. */
static struct bytes without_by(struct bytes text)
{
	static const char *const words[] = {"by", "von", "par", "por", "di", "af", "av", "autor",
		"autorin", "autorin/autor", "author", "authors", "auteur", "autore", "text",
		"written by", "interview"};
	text = bytes_trim(text);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct bytes word = bytes_of(words[i]);
		if (!bytes_starts_nocase(text, word) || text.len <= word.len) {
			continue;
		}
		char next = text.ptr[word.len];
		if (char_is_space(next) || next == ':') {
			size_t start = word.len + 1;
			struct bytes rest = bytes_trim(bytes_slice(text, start, text.len));
			return bytes_starts(rest, BYTES(":"))
				       ? without_by(bytes_slice(rest, 1, rest.len))
				       : rest;
		}
	}
	return text;
}

/* "Jane Doe (jd)" is Jane Doe. What stood in parentheses, else empty. */
static struct bytes cut_parenthesis(struct bytes *name)
{
	size_t open = bytes_find(*name, BYTES(" ("), 0);
	if (open == SIZE_MAX || open == 0 || !bytes_ends(*name, BYTES(")"))) {
		return (struct bytes){NULL, 0};
	}
	struct bytes inside = bytes_slice(*name, open + 2, name->len - 1);
	*name = bytes_trim(bytes_slice(*name, 0, open));
	return inside;
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_name(struct bytes name)
{
	if (name.len < 2 || name.len > 100 || words_count(name) > NAME_WORDS) {
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (c == '@' || c == '{' || c == '<' || c == '?' || c == '!' || c == ':') {
			return false;
		}
	}
	return true;
}

/* Whether it can be the name of a person: what stands in a byline may be a date or a button. */
static bool is_personal(struct bytes name)
{
	size_t last = bytes_find_last_char(name, ' ');
	last = last == SIZE_MAX ? 0 : last + 1;
	double words = words_count(name);
	for (size_t i = 0; i < name.len; i++) {
		if (char_is_digit(name.ptr[i]) || name.ptr[i] == '/') {
			return false;
		}
	}
	return words >= 2 && words <= 5 && name.len > last && !is_small(name.ptr[0]) &&
	       !is_small(name.ptr[last]) && name.ptr[name.len - 1] != '.';
}

/* Whether a name is that of the publisher or of its site. */
static bool is_house(const struct search *search, struct bytes name)
{
	if (plain_same(name, search->input->site_name) || plain_same(name, search->publisher)) {
		return true;
	}
	/* "ndr.de", "NDR" */
	struct bytes host = search->input->host;
	struct bytes label;
	size_t labels = 0;
	while (bytes_next_item(&host, '.', &label)) {
		if (label.len >= 3 && host.len > 0 && plain_same(name, label)) {
			return true;
		}
		labels++;
	}
	return labels > 0 && bytes_find_char(name, '.', 0) != SIZE_MAX &&
	       bytes_find_char(name, ' ', 0) == SIZE_MAX &&
	       bytes_find_nocase(search->input->host, name, 0) != SIZE_MAX;
}

static void add_name(struct search *search, struct bytes name)
{
	name = without_by(name);
	struct bytes aside = cut_parenthesis(&name);
	if (!is_name(name) || search->result->authors.count >= NAMES_MAX ||
		(search->is_seen && !is_personal(name))) {
		return;
	}
	/* "News Agency (www.news.example)" */
	bool is_of_host =
		aside.len > 3 && bytes_find_nocase(aside, search->input->host, 0) != SIZE_MAX;
	if (is_of_host || is_house(search, name)) {
		if (search->house.len == 0) {
			search->house = page_result_keep(search->result, name);
		}
		return;
	}
	if (is_agency(name)) {
		plain_append(search->result, &search->result->agencies, name);
	}
	plain_append(search->result, &search->result->authors, name);
}

/* What stands between two names: where the first ends, and where the next begins. */
static size_t find_joint(struct bytes text, size_t *next_out)
{
	static const char *const joints[] = {
		" and ", " und ", " et ", " y ", " & ", " og ", " och ", " en ", ";", "|", " / "};
	size_t first = SIZE_MAX;
	for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++) {
		size_t at = bytes_find_nocase(text, bytes_of(joints[i]), 0);
		if (at < first) {
			first = at;
			*next_out = at + bytes_of(joints[i]).len;
		}
	}
	return first;
}

/* "A B, C D" are two names; "A B, Berlin" is one and a place. */
static void add_listed(struct search *search, struct bytes text, char mark)
{
	struct bytes item;
	bool is_first = true;
	while (bytes_next_item(&text, mark, &item)) {
		item = bytes_trim(item);
		if (is_first || words_count(item) >= 2) {
			add_name(search, item);
		}
		is_first = false;
	}
}

/* All names of a text such as "By A B, C D and E F". */
static void add_names(struct search *search, struct bytes text)
{
	text = without_by(text);
	while (text.len > 0) {
		size_t next = 0;
		size_t at = find_joint(text, &next);
		struct bytes part = bytes_trim(bytes_slice(text, 0, at));
		text = at == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(text, next, text.len);
		size_t slash = bytes_find_char(part, '/', 0);
		bool is_pair = slash != SIZE_MAX && words_count(bytes_slice(part, 0, slash)) >= 2 &&
			       words_count(bytes_slice(part, slash + 1, part.len)) >= 2;
		add_listed(search, part, is_pair ? '/' : ',');
	}
}

static void add_plain_names(struct search *search, struct bytes text)
{
	buf_reset(&search->scratch);
	plain_add(&search->scratch, text);
	struct bytes plain = page_result_keep(search->result, buf_bytes(&search->scratch));
	add_names(search, plain);
}

/* One author of JSON-LD: a text, or an object with its name in one or two parts, or only the id of
 * such an object. */
static void add_told(struct search *search, const struct json *one)
{
	if (json_type(one) == JSON_STRING) {
		add_plain_names(search, json_text(one));
		return;
	}
	const struct json *name = json_get(one, "name");
	if (name == NULL && json_get(one, "familyName") == NULL) {
		one = json_ld_by_id(search->input->ld, json_text(json_get(one, "@id")));
		name = json_get(one, "name");
	}
	for (size_t i = 0; json_type(name) == JSON_ARRAY && i < json_count(name); i++) {
		add_plain_names(search, json_text(json_at(name, i)));
	}
	struct bytes family = json_text(json_get(one, "familyName"));
	if (name == NULL && family.len > 0) {
		SCOPED(buf_clear) struct buf whole = {0};
		buf_add(&whole, json_text(json_get(one, "givenName")));
		buf_add_char(&whole, ' ');
		buf_add(&whole, family);
		add_plain_names(search, buf_bytes(&whole));
		return;
	}
	add_plain_names(search, json_text(name));
}

static void find_told(struct search *search)
{
	const struct json *author = json_get(search->input->ld->article, "author");
	if (json_type(author) != JSON_ARRAY) {
		add_told(search, author);
		return;
	}
	for (size_t i = 0; i < json_count(author) && i < NAMES_MAX; i++) {
		add_told(search, json_at(author, i));
	}
}

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

/* Whether a class value names an author or byline: a word of it, or a part of a word. */
static bool is_author_class(struct bytes class)
{
	static const char *const words[] = {
		"author", "byline", "autor", "auteur", "autore", "writer"};
	for (size_t i = 0; class.len > 0 && i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_find_nocase(class, bytes_of(words[i]), 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

/* How surely an element of the page holds an author's name. */
enum clue { CLUE_NONE, CLUE_CLASS, CLUE_LABEL, CLUE_PATH, CLUE_MARKED };

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

static enum clue clue_of(const struct outline *outline, uint32_t node)
{
	if (words_has_item(outline_value(outline, node, ATTR_REL), "author") ||
		words_has_item(outline_value(outline, node, ATTR_ITEMPROP), "author")) {
		return CLUE_MARKED;
	}
	if (is_person_path(outline_value(outline, node, ATTR_HREF))) {
		return CLUE_PATH;
	}
	if (is_author_class(outline_value(outline, node, ATTR_CLASS))) {
		return CLUE_CLASS;
	}
	return has_label(outline, node) ? CLUE_LABEL : CLUE_NONE;
}

/* The text of an element, without what an element inside it says better. */
static void add_seen(struct search *search, uint32_t node)
{
	const struct outline *outline = search->input->outline;
	for (uint32_t i = node + 1; i < outline->nodes[node].end && i < node + 30; i++) {
		if (words_has_item(outline_value(outline, i, ATTR_ITEMPROP), "name")) {
			node = i;
			break;
		}
	}
	buf_reset(&search->scratch);
	outline_gather(outline, node, 200, &search->scratch);
	struct bytes text = bytes_trim(buf_bytes(&search->scratch));
	if (text.len == 0 || text.len > 160) {
		return;
	}
	add_names(search, page_result_keep(search->result, text));
}

/* Elements of one kind of clue near the headline. */
static void find_seen(struct search *search, enum clue wanted)
{
	const struct outline *outline = search->input->outline;
	uint32_t headline = search->input->headline;
	uint32_t from =
		headline == OUTLINE_NONE || headline < NODES_BEFORE ? 0 : headline - NODES_BEFORE;
	uint32_t end = headline == OUTLINE_NONE ? NODES_BEHIND : headline + NODES_BEHIND;
	for (uint32_t i = from; i < outline->count && i < end; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->tag >= TAG_TEXT || node->end - i > 40 ||
			(node->place & (IN_NAV | IN_FOOTER | IN_UNSEEN | IN_RAW)) != 0 ||
			clue_of(outline, i) != wanted) {
			continue;
		}
		size_t before = search->result->authors.count;
		add_seen(search, i);
		/* Those of one story stand together; who comes later wrote another. */
		if (search->result->authors.count > before) {
			end = node->end + NODES_BETWEEN;
		}
		/* What is inside says the same. */
		i = node->end - 1;
	}
}

void authors_find(const struct authors_input *input, struct page_result *result)
{
	struct search search = {.input = input,
		.result = result,
		.publisher = json_ld_text(input->ld->article, "publisher")};
	find_told(&search);
	if (result->authors.count == 0) {
		add_plain_names(&search, input->meta_author);
	}
	search.is_seen = true;
	for (int clue = CLUE_MARKED; clue > CLUE_NONE && result->authors.count == 0; clue--) {
		find_seen(&search, (enum clue)clue);
	}
	if (result->authors.count == 0 && result->agencies.count == 0) {
		plain_append(result, &result->authors, search.house);
	}
	buf_clear(&search.scratch);
}
