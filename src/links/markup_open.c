/* SPDX-License-Identifier: MIT */
/* markup_open.c - a stack of names, and the table of what ends what */
#include "links/markup_open.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Names that a rule speaks of, in the order of the alphabet; those that some start tag ends have a
 * bit, so there may be no more than 64 of them. */
/* clang-format off */
#define NAMES(X)                                                                                \
	X(a) X(abbr) X(acronym) X(address) X(area) X(b) X(base) X(basefont) X(bdo) X(big)       \
	X(blockquote) X(body) X(br) X(caption) X(center) X(cite) X(code) X(col) X(colgroup)     \
	X(dd) X(dfn) X(dir) X(div) X(dl) X(dt) X(em) X(fieldset) X(font) X(form) X(frame)       \
	X(frameset) X(h1) X(h2) X(h3) X(h4) X(h5) X(h6) X(head) X(hr) X(html) X(i) X(iframe)    \
	X(img) X(input) X(isindex) X(kbd) X(legend) X(li) X(link) X(listing) X(map) X(menu)     \
	X(meta) X(noframes) X(noscript) X(ol) X(optgroup) X(option) X(p) X(param) X(pre) X(q)   \
	X(s) X(samp) X(script) X(small) X(source) X(span) X(strike) X(strong) X(style) X(sub)   \
	X(table) X(tbody) X(td) X(tfoot) X(th) X(thead) X(title) X(tr) X(track) X(tt) X(u)      \
	X(ul) X(var) X(wbr) X(xmp)
/* clang-format on */

#define AS_NUMBER(name) NAME_##name,
enum name { NAMES(AS_NUMBER) NAME_OTHER };
#define AS_TEXT(name) #name,
static const char *const names[] = {NAMES(AS_TEXT)};

/* clang-format off */
#define ENDED(X)                                                                                \
	X(a) X(address) X(b) X(big) X(caption) X(col) X(colgroup) X(dd) X(dir) X(dl) X(dt)      \
	X(font) X(form) X(h1) X(h2) X(h3) X(h4) X(h5) X(h6) X(head) X(hr) X(i) X(legend) X(li)  \
	X(link) X(listing) X(menu) X(ol) X(option) X(p) X(pre) X(s) X(script) X(small) X(span)  \
	X(strike) X(style) X(tbody) X(td) X(tfoot) X(th) X(thead) X(title) X(tr) X(tt) X(u)     \
	X(ul) X(xmp)
/* clang-format on */
#define AS_BIT_NUMBER(name) BIT_##name,
enum { ENDED(AS_BIT_NUMBER) BITS };
_Static_assert(BITS <= 64, "a bit a name");
#define BIT(name) (UINT64_C(1) << BIT_##name)
#define AS_BIT(name) [NAME_##name] = BIT(name),
static const uint64_t bits[NAME_OTHER + 1] = {ENDED(AS_BIT)};

#define HEADINGS (BIT(h1) | BIT(h2) | BIT(h3) | BIT(h4) | BIT(h5) | BIT(h6))
#define PARAGRAPHS (BIT(p) | BIT(head) | BIT(listing) | BIT(pre) | BIT(xmp))
#define LISTS (BIT(dir) | BIT(menu) | BIT(address))
#define CELL_TEXTS (BIT(a) | BIT(b) | BIT(font) | BIT(i) | BIT(p) | BIT(span) | BIT(u))
#define COLUMNS (BIT(caption) | BIT(col) | BIT(colgroup))

/* What a start tag ends, as long as such an element is the innermost. */
static const uint64_t ended_by[NAME_OTHER + 1] = {
	[NAME_a] = BIT(a) | BIT(head),
	[NAME_abbr] = BIT(head),
	[NAME_acronym] = BIT(head),
	[NAME_address] = BIT(head) | BIT(p) | BIT(ul),
	[NAME_b] = BIT(head),
	[NAME_bdo] = BIT(head),
	[NAME_big] = BIT(head),
	[NAME_blockquote] = BIT(head) | BIT(p),
	[NAME_body] = BIT(head) | BIT(link) | BIT(p) | BIT(style) | BIT(title),
	[NAME_br] = BIT(head),
	[NAME_caption] = BIT(p),
	[NAME_center] = BIT(b) | BIT(font) | BIT(head) | BIT(i) | BIT(p),
	[NAME_cite] = BIT(head),
	[NAME_code] = BIT(head),
	[NAME_col] = BIT(caption) | BIT(p),
	[NAME_colgroup] = COLUMNS | BIT(p),
	[NAME_dd] = LISTS | PARAGRAPHS | BIT(dt),
	[NAME_dfn] = BIT(head),
	[NAME_dir] = BIT(head) | BIT(p),
	[NAME_div] = BIT(head) | BIT(p),
	[NAME_dl] = LISTS | PARAGRAPHS | BIT(dt),
	[NAME_dt] = LISTS | PARAGRAPHS | BIT(dd),
	[NAME_em] = BIT(head),
	[NAME_fieldset] = PARAGRAPHS | HEADINGS | BIT(a) | BIT(legend),
	[NAME_font] = BIT(head),
	[NAME_form] =
		LISTS | PARAGRAPHS | HEADINGS | BIT(dl) | BIT(form) | BIT(hr) | BIT(ol) | BIT(ul),
	[NAME_frameset] = BIT(head) | BIT(link) | BIT(p) | BIT(style) | BIT(title),
	[NAME_h1] = BIT(head) | BIT(p),
	[NAME_h2] = BIT(head) | BIT(p),
	[NAME_h3] = BIT(head) | BIT(p),
	[NAME_h4] = BIT(head) | BIT(p),
	[NAME_h5] = BIT(head) | BIT(p),
	[NAME_h6] = BIT(head) | BIT(p),
	[NAME_head] = BIT(p),
	[NAME_hr] = BIT(head) | BIT(p),
	[NAME_i] = BIT(head),
	[NAME_iframe] = BIT(head),
	[NAME_img] = BIT(head),
	[NAME_kbd] = BIT(head),
	[NAME_li] = PARAGRAPHS | HEADINGS | BIT(address) | BIT(dl) | BIT(li),
	[NAME_listing] = BIT(head) | BIT(p),
	[NAME_map] = BIT(head) | BIT(p),
	[NAME_menu] = BIT(head) | BIT(p) | BIT(ul),
	[NAME_noscript] = BIT(script),
	[NAME_ol] = BIT(head) | BIT(p) | BIT(ul),
	[NAME_optgroup] = BIT(option),
	[NAME_option] = BIT(option),
	[NAME_p] = HEADINGS | BIT(b) | BIT(big) | BIT(head) | BIT(i) | BIT(p) | BIT(s) |
		   BIT(small) | BIT(strike) | BIT(tt) | BIT(u),
	[NAME_pre] = BIT(head) | BIT(p) | BIT(ul),
	[NAME_q] = BIT(head),
	[NAME_s] = BIT(head),
	[NAME_samp] = BIT(head),
	[NAME_small] = BIT(head),
	[NAME_span] = BIT(head),
	[NAME_strike] = BIT(head),
	[NAME_strong] = BIT(head),
	[NAME_sub] = BIT(head),
	[NAME_table] = PARAGRAPHS | HEADINGS | BIT(a),
	[NAME_tbody] = COLUMNS | BIT(p) | BIT(tbody) | BIT(td) | BIT(tfoot) | BIT(th) | BIT(thead) |
		       BIT(tr),
	[NAME_td] = CELL_TEXTS | BIT(td) | BIT(th),
	[NAME_tfoot] = COLUMNS | BIT(p) | BIT(tbody) | BIT(td) | BIT(th) | BIT(thead) | BIT(tr),
	[NAME_th] = CELL_TEXTS | BIT(td) | BIT(th),
	[NAME_thead] = COLUMNS,
	[NAME_title] = BIT(p),
	[NAME_tr] = COLUMNS | BIT(p) | BIT(td) | BIT(th) | BIT(tr),
	[NAME_tt] = BIT(head),
	[NAME_u] = BIT(head),
	[NAME_ul] = LISTS | PARAGRAPHS | BIT(ol),
	[NAME_var] = BIT(head),
	[NAME_xmp] = BIT(head) | BIT(p),
};

/* An end tag does not reach over an element that ranks higher; 0 is the rank of most. */
static const uint8_t ranks[NAME_OTHER + 1] = {[NAME_div] = 1,
	[NAME_td] = 2,
	[NAME_th] = 2,
	[NAME_tr] = 3,
	[NAME_thead] = 4,
	[NAME_tbody] = 4,
	[NAME_tfoot] = 4,
	[NAME_table] = 5,
	[NAME_head] = 6,
	[NAME_body] = 6,
	[NAME_html] = 7};

static const bool voids[NAME_OTHER + 1] = {[NAME_area] = true,
	[NAME_base] = true,
	[NAME_basefont] = true,
	[NAME_br] = true,
	[NAME_col] = true,
	[NAME_frame] = true,
	[NAME_hr] = true,
	[NAME_img] = true,
	[NAME_input] = true,
	[NAME_isindex] = true,
	[NAME_link] = true,
	[NAME_meta] = true,
	[NAME_param] = true,
	[NAME_source] = true,
	[NAME_track] = true,
	[NAME_wbr] = true};

/* Where the names with a first letter begin; NAME_OTHER for letters that none has. */
static enum name first_with(char letter)
{
	static const uint8_t first[26] = {NAME_a, NAME_b, NAME_caption, NAME_dd, NAME_em,
		NAME_fieldset, NAME_OTHER, NAME_h1, NAME_i, NAME_OTHER, NAME_kbd, NAME_legend,
		NAME_map, NAME_noframes, NAME_ol, NAME_p, NAME_q, NAME_OTHER, NAME_s, NAME_table,
		NAME_u, NAME_var, NAME_wbr, NAME_xmp, NAME_OTHER, NAME_OTHER};
	return letter >= 'a' && letter <= 'z' ? (enum name)first[letter - 'a'] : NAME_OTHER;
}

unsigned markup_open_known(struct bytes name)
{
	unsigned i = name.len == 0 ? NAME_OTHER : first_with(name.ptr[0]);
	for (; i < NAME_OTHER && names[i][0] == name.ptr[0]; i++) {
		size_t at = 1;
		while (at < name.len && names[i][at] == name.ptr[at]) {
			at++; /* the zero at the end is in no name */
		}
		if (at == name.len && names[i][at] == '\0') {
			return i;
		}
	}
	return NAME_OTHER;
}

void markup_open_init(struct markup_open *open, const struct markup_open_listener *listener)
{
	*open = (struct markup_open){.listener = *listener};
}

void markup_open_clear(struct markup_open *open)
{
	free(open->entries);
	buf_clear(&open->names);
	*open = (struct markup_open){0};
}

static struct bytes name_at(const struct markup_open *open, size_t at)
{
	size_t end = at + 1 < open->count ? open->entries[at + 1].name : open->names.len;
	return bytes_slice(buf_bytes(&open->names), open->entries[at].name, end);
}

/* NAME_OTHER also when nothing is open. */
static enum name innermost(const struct markup_open *open)
{
	return open->count == 0 ? NAME_OTHER : (enum name)open->entries[open->count - 1].known;
}

static void push(struct markup_open *open, enum name known, struct bytes name)
{
	if (open->count == open->capacity) {
		open->capacity = open->capacity == 0 ? 64 : 2 * open->capacity;
		open->entries =
			alloc_resize(open->entries, open->capacity, sizeof(open->entries[0]));
	}
	open->entries[open->count++] = (struct markup_open_entry){
		.name = (uint32_t)open->names.len, .known = (uint32_t)known};
	buf_add(&open->names, name);
	open->had_head = open->had_head || known == NAME_head || known == NAME_body;
	open->had_body = open->had_body || known == NAME_body;
}

/* Tells of the end of the innermost element. */
static void end_innermost(struct markup_open *open)
{
	struct bytes name = name_at(open, open->count - 1);
	open->listener.end(open->listener.context, name);
	open->count--;
	buf_truncate(&open->names, open->entries[open->count].name);
}

static void open_implied(struct markup_open *open, enum name known)
{
	struct bytes name = bytes_of(names[known]);
	open->listener.start(open->listener.context, name);
	push(open, known, name);
}

static bool is_open(const struct markup_open *open, enum name known)
{
	for (size_t i = open->count; i > 0; i--) {
		if (open->entries[i - 1].known == known) {
			return true;
		}
	}
	return false;
}

static bool belongs_in_head(enum name known)
{
	return known == NAME_script || known == NAME_style || known == NAME_meta ||
	       known == NAME_link || known == NAME_title || known == NAME_base;
}

/* html, and head or body, when they must be open for what comes. */
static void imply(struct markup_open *open, enum name known)
{
	if (known == NAME_html) {
		return;
	}
	if (open->count == 0) {
		open_implied(open, NAME_html);
	}
	if (known == NAME_head || known == NAME_body) {
		return;
	}
	if (open->count == 1 && belongs_in_head(known)) {
		if (!open->had_head) {
			open_implied(open, NAME_head);
		}
	} else if (known != NAME_noframes && known != NAME_frame && known != NAME_frameset &&
		   !open->had_body && !is_open(open, NAME_head)) {
		open_implied(open, NAME_body);
	}
}

static void make_place(struct markup_open *open, enum name known)
{
	while (open->count > 0 && (ended_by[known] & bits[innermost(open)]) != 0) {
		end_innermost(open);
	}
	imply(open, known);
}

bool markup_open_start(struct markup_open *open, unsigned known)
{
	make_place(open, (enum name)known);
	bool is_ignored = (known == NAME_html && open->count > 0) ||
			  (known == NAME_head && open->count != 1) ||
			  (known == NAME_body && is_open(open, NAME_body));
	open->ignored += is_ignored;
	return !is_ignored;
}

void markup_open_push(struct markup_open *open, unsigned known, struct bytes name)
{
	push(open, (enum name)known, name);
}

bool markup_open_is_void(unsigned known)
{
	return voids[known];
}

void markup_open_end(struct markup_open *open, struct bytes name)
{
	unsigned known = markup_open_known(name);
	if (open->ignored > 0 && known == NAME_head) {
		open->ignored--;
		return;
	}
	size_t at = open->count;
	for (; at > 0; at--) {
		unsigned inner = open->entries[at - 1].known;
		if (inner == known &&
			(known != NAME_OTHER || bytes_equal(name_at(open, at - 1), name))) {
			break;
		}
		if (ranks[inner] > ranks[known]) {
			return;
		}
	}
	while (at > 0 && open->count >= at) {
		end_innermost(open);
	}
}

void markup_open_text(struct markup_open *open)
{
	enum name inner = innermost(open);
	if (open->count == 0 || inner == NAME_html || inner == NAME_head) {
		make_place(open, NAME_p);
		open_implied(open, NAME_p);
	}
}

void markup_open_finish(struct markup_open *open)
{
	while (open->count > 0) {
		end_innermost(open);
	}
}
