/* SPDX-License-Identifier: MIT */
/* caption.c - caption and credit of the picture by a story's headline */
#include "article/caption.h"

#include "article/words.h"

/* Nodes of the outline around the headline where the picture may stand. */
#define NODES_BEFORE 60
#define NODES_BEHIND 500
/* Levels between a caption and its figure; nodes of a figure that are looked at. */
#define FIGURE_LEVELS 8
#define FIGURE_NODES 400
/* Bytes of a caption with its credit, and of a credit. */
#define CAPTION_MAX ((size_t)1200)
#define CREDIT_MAX ((size_t)160)

/* What credits begin with: label, and whether white space may follow instead of a colon. */
static const struct {
	const char *text;
	bool is_whole; /* no colon needed */
} labels[] = {{"photo by", true}, {"photograph by", true}, {"photo", false}, {"photos", false},
	{"foto", false}, {"fotos", false}, {"symbolfoto", false}, {"archivfoto", false},
	{"image", false}, {"images", false}, {"bild", false}, {"bilder", false},
	{"bildrechte", false}, {"bildquelle", false}, {"picture", false}, {"credit", false},
	{"credits", false}, {"crédit", false}, {"crédits", false}, {"quelle", false},
	{"source", false}, {"fuente", false}, {"fonte", false}, {"kilde", false}, {"kuva", false},
	{"copyright", true}, {"\u00a9", true}, {"(c)", true}};

/* Length of the label at the start of a text, with its colon and space; 0 when there is none. */
static size_t label_length(struct bytes text)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		struct bytes label = bytes_of(labels[i].text);
		if (!bytes_starts_nocase(text, label)) {
			continue;
		}
		size_t end = label.len;
		while (end < text.len && text.ptr[end] == ' ') {
			end++;
		}
		bool has_colon = end < text.len && text.ptr[end] == ':';
		if (has_colon || (labels[i].is_whole && (end > label.len || label.len < 4))) {
			return has_colon ? end + 1 : end;
		}
	}
	return 0;
}

static struct bytes trim_marks(struct bytes text, const char *first, const char *last)
{
	for (;;) {
		text = bytes_trim(text);
		if (text.len > 0 && bytes_find_char(bytes_of(first), text.ptr[0], 0) != SIZE_MAX) {
			text = bytes_slice(text, 1, text.len);
		} else if (text.len > 0 &&
			   bytes_find_char(bytes_of(last), text.ptr[text.len - 1], 0) != SIZE_MAX) {
			text = bytes_slice(text, 0, text.len - 1);
		} else {
			return text;
		}
	}
}

/* A credit without label, brackets and bars. */
static struct bytes clean_credit(struct bytes text)
{
	bool has_bracket = bytes_find_char(text, '(', 1) != SIZE_MAX;
	text = trim_marks(text, "(|-/", has_bracket ? "|-/" : ")|-/");
	for (size_t label = label_length(text); label > 0; label = label_length(text)) {
		text = bytes_trim(bytes_slice(text, label, text.len));
	}
	if (bytes_find_char(text, '(', 0) == SIZE_MAX) {
		text = trim_marks(text, "", ")");
	}
	return text;
}

static void keep(struct page_result *result, struct bytes caption, struct bytes credit)
{
	result->image_caption = page_result_keep(result, trim_marks(caption, "|/", "(|,-/"));
	result->image_credit = page_result_keep(result, clean_credit(credit));
}

/* The last label in a text, behind a space or bracket; SIZE_MAX when there is none. */
static size_t find_label(struct bytes text)
{
	for (size_t i = text.len; i-- > 0;) {
		bool is_start = i == 0 || text.ptr[i - 1] == ' ' || text.ptr[i - 1] == '(';
		if (is_start && text.len - i <= CREDIT_MAX &&
			label_length(bytes_slice(text, i, text.len)) > 0) {
			return i;
		}
	}
	return SIZE_MAX;
}

/* "... in June. (A B/Agency)", "... (AP)": in brackets at the end, a slash or capitals. */
static size_t find_bracket(struct bytes text)
{
	size_t open = bytes_find_last_char(text, '(');
	if (open == SIZE_MAX || open == 0 || !bytes_ends(text, BYTES(")"))) {
		return SIZE_MAX;
	}
	static const char *const names[] = {"AP", "AFP", "AAP", "EPA", "PA", "Reuters", "REUTERS",
		"dpa", "EFE", "Getty Images"};
	struct bytes inside = bytes_trim(bytes_slice(text, open + 1, text.len - 1));
	bool is_told = bytes_find_char(inside, '/', 0) != SIZE_MAX ||
		       bytes_starts_nocase(inside, BYTES("dok"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		is_told = is_told || bytes_equal(inside, bytes_of(names[i]));
	}
	return is_told && inside.len <= CREDIT_MAX ? open : SIZE_MAX;
}

/* Where the credit starts in a caption that has no element for it; its length when it has none. */
static size_t credit_start(struct bytes text)
{
	size_t at = find_label(text);
	at = at != SIZE_MAX ? at : find_bracket(text);
	if (at == SIZE_MAX) {
		at = bytes_find(text, BYTES(" | "), 0);
		at = at != SIZE_MAX && text.len - at <= CREDIT_MAX ? at : SIZE_MAX;
	}
	return at == SIZE_MAX ? text.len : at;
}

static bool has_word(struct bytes class, const char *const *words, size_t count)
{
	for (size_t i = 0; class.len > 0 && i < count; i++) {
		if (bytes_find_nocase(class, bytes_of(words[i]), 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

/* Whether an element in a figure is its credit. */
static bool is_credit(const struct outline *outline, uint32_t node)
{
	static const char *const words[] = {"credit", "copyright", "source", "photographer",
		"author", "rights", "fotograf", "pictsrc"};
	uint8_t tag = outline->nodes[node].tag;
	if (tag >= TAG_TEXT || tag == TAG_FIGURE || tag == TAG_IMG || tag == TAG_SOURCE) {
		return false;
	}
	return tag == TAG_SMALL || has_word(outline_value(outline, node, ATTR_CLASS), words,
					   sizeof(words) / sizeof(words[0]));
}

/* Whether a class names a caption. */
static bool is_caption_class(struct bytes class)
{
	static const char *const words[] = {"caption", "bildunterschrift", "legende", "cutline"};
	return has_word(class, words, sizeof(words) / sizeof(words[0]));
}

/* The texts of the nodes from `from` to `end` as one line. */
static struct bytes gather(
	const struct outline *outline, uint32_t from, uint32_t end, struct buf *out)
{
	buf_reset(out);
	for (uint32_t i = from; i < end && out->len < CAPTION_MAX; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->tag < TAG_TEXT && outline_is_block(node->tag)) {
			buf_add_char(out, ' ');
		} else if (node->tag == TAG_BUTTON || node->tag == TAG_SVG ||
			   bytes_equal(outline_value(outline, i, ATTR_ROLE), BYTES("button"))) {
			i = node->end - 1;
		} else if ((node->place & IN_RAW) == 0) {
			buf_add(out, outline_text(outline, i));
		}
	}
	return bytes_trim(buf_bytes(out));
}

struct place {
	const struct outline *outline;
	uint32_t caption; /* its element */
	struct buf before, credit, after;
};

/* A caption that holds the element of its credit: before or behind its text. */
static bool read_inner_credit(struct place *place, struct page_result *result)
{
	const struct outline *outline = place->outline;
	uint32_t end = outline->nodes[place->caption].end;
	for (uint32_t i = place->caption + 1; i < end; i++) {
		if (!is_credit(outline, i)) {
			continue;
		}
		uint32_t stop = outline->nodes[i].end;
		struct bytes before = gather(outline, place->caption, i, &place->before);
		struct bytes credit = gather(outline, i, stop, &place->credit);
		struct bytes after = gather(outline, stop, end, &place->after);
		bool is_joined = before.len > 0 || bytes_starts(after, BYTES("/"));
		if (credit.len == 0 || credit.len > CREDIT_MAX) {
			continue;
		}
		if (is_joined && after.len > 0 && after.len < CREDIT_MAX) {
			credit = gather(outline, i, end, &place->credit);
			after = (struct bytes){NULL, 0};
		}
		keep(result, before.len > 0 ? before : after, credit);
		return true;
	}
	return false;
}

/* The figure around a caption, or what is two levels up. */
static uint32_t figure_of(const struct outline *outline, uint32_t caption)
{
	uint32_t at = caption;
	uint32_t near = caption;
	for (int level = 0; level < FIGURE_LEVELS && at != OUTLINE_NONE; level++) {
		if (outline->nodes[at].tag == TAG_FIGURE) {
			return at;
		}
		near = level <= 2 ? at : near;
		at = outline->nodes[at].parent;
	}
	return near;
}

/* The credit beside a caption in the same figure; empty when there is none. */
static struct bytes find_outer_credit(struct place *place)
{
	const struct outline *outline = place->outline;
	uint32_t figure = figure_of(outline, place->caption);
	uint32_t end = outline->nodes[figure].end;
	for (uint32_t i = figure + 1; i < end && i < figure + FIGURE_NODES; i++) {
		if (i == place->caption) {
			i = outline->nodes[i].end - 1;
			continue;
		}
		uint8_t tag = outline->nodes[i].tag;
		bool is_own = is_credit(outline, i) || tag == TAG_FOOTER;
		bool is_around = i < place->caption && outline->nodes[i].end > place->caption;
		if (is_around ||
			!(is_own || label_length(bytes_trim(outline_text(outline, i))) > 0)) {
			continue;
		}
		struct bytes credit = gather(outline, i, outline->nodes[i].end, &place->credit);
		if (credit.len > 0 && credit.len <= CREDIT_MAX) {
			return credit;
		}
	}
	return (struct bytes){NULL, 0};
}

static void read_caption(struct place *place, struct page_result *result)
{
	if (read_inner_credit(place, result)) {
		return;
	}
	struct bytes text = gather(place->outline, place->caption,
		place->outline->nodes[place->caption].end, &place->before);
	size_t at = credit_start(text);
	if (at < text.len) {
		keep(result, bytes_slice(text, 0, at), bytes_slice(text, at, text.len));
	} else {
		keep(result, text, find_outer_credit(place));
	}
}

/* The first figcaption near the headline that is not a teaser's, else an element of such a class.
 */
static uint32_t find_place(const struct outline *outline, uint32_t headline)
{
	uint32_t from =
		headline != OUTLINE_NONE && headline > NODES_BEFORE ? headline - NODES_BEFORE : 0;
	uint32_t named = OUTLINE_NONE;
	for (uint32_t i = from; i < outline->count && i < from + NODES_BEHIND; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if ((node->place & (IN_ANCHOR | IN_NAV | IN_UNSEEN)) != 0) {
			continue;
		}
		if (node->tag == TAG_FIGCAPTION) {
			return i;
		}
		bool is_named = named == OUTLINE_NONE && node->tag < TAG_TEXT &&
				node->tag != TAG_FIGURE && node->tag != TAG_IMG &&
				is_caption_class(outline_value(outline, i, ATTR_CLASS));
		named = is_named ? i : named;
	}
	return named;
}

void caption_find(const struct outline *outline, uint32_t headline, struct page_result *result)
{
	struct place place = {.outline = outline, .caption = find_place(outline, headline)};
	if (place.caption != OUTLINE_NONE) {
		read_caption(&place, result);
	}
	buf_clear(&place.before);
	buf_clear(&place.credit);
	buf_clear(&place.after);
}
