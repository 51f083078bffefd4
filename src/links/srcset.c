/* SPDX-License-Identifier: MIT */
/* srcset.c - the srcset parser of the HTML standard, and the choice a browser makes */
#include "links/srcset.h"

#include "links/sizes.h"

const struct srcset_screen srcset_screens[SRCSET_SCREENS] = {{360, 2}, {1440, 1}, {1440, 2}};

/* Descriptors of one candidate, as found. */
struct descriptors {
	bool wrong;
	bool has_width;
	bool has_density;
	bool has_height;
	double width;
	double density;
};

/* Control and non-ASCII characters: no number in any reading. */
static bool is_junk(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < ' ' || c >= 0x7F) {
			return true;
		}
	}
	return false;
}

/* The digits at the start, after a plus, as browsers read numbers that are followed by something;
 * false when there are none. */
static bool read_loose_integer(struct bytes text, uint64_t *number_out)
{
	if (text.len > 0 && text.ptr[0] == '+') {
		text = bytes_slice(text, 1, text.len);
	}
	size_t digits = 0;
	while (digits < text.len && char_is_digit(text.ptr[digits])) {
		digits++;
	}
	return bytes_to_u64(bytes_slice(text, 0, digits), UINT32_MAX, number_out);
}

/* Malformed descriptors: a later one is ignored, a first one that has no number at all drops the
 * candidate only for density and height, which is what old and new browsers have in common. */
static void read_width(struct bytes number, struct descriptors *found)
{
	uint64_t pixels = 0;
	bool exact = bytes_to_u64(number, UINT32_MAX, &pixels);
	if (!exact && found->has_width) {
		return;
	}
	if (!exact && is_junk(number)) {
		found->wrong = true;
		return;
	}
	if (!exact && !read_loose_integer(number, &pixels)) {
		return;
	}
	found->wrong = found->wrong || pixels == 0 || found->has_width || found->has_density;
	found->has_width = true;
	found->width = (double)pixels;
}

static void read_height(struct bytes number, struct descriptors *found)
{
	uint64_t pixels = 0;
	if (!bytes_to_u64(number, UINT32_MAX, &pixels)) {
		found->wrong = found->wrong || !found->has_height;
		return;
	}
	found->wrong = found->wrong || pixels == 0 || found->has_height || found->has_density;
	found->has_height = true;
}

static void read_density(struct bytes number, struct descriptors *found)
{
	double value = 0;
	if (!sizes_read_number(number, &value)) {
		found->wrong = found->wrong || !found->has_density;
		return;
	}
	if (value < 0) {
		return;
	}
	found->wrong = found->wrong || found->has_density || found->has_width || found->has_height;
	found->has_density = true;
	found->density = value;
}

static void read_descriptor(struct bytes token, struct descriptors *found)
{
	if (token.len == 0) {
		return;
	}
	struct bytes number = bytes_slice(token, 0, token.len - 1);
	switch (token.ptr[token.len - 1]) {
	case 'w':
		read_width(number, found);
		break;
	case 'h':
		read_height(number, found);
		break;
	case 'x':
		read_density(number, found);
		break;
	default:
		/* Unknown descriptors are left to the future. */
		break;
	}
}

/* Splits descriptors at white space outside parentheses, up to a comma outside them. Returns the
 * position behind the comma. */
static size_t read_descriptors(struct bytes text, size_t at, struct descriptors *found)
{
	bool in_parens = false;
	size_t start = at;
	for (; at < text.len; at++) {
		char c = text.ptr[at];
		if (in_parens) {
			in_parens = c != ')';
			continue;
		}
		if (c == '(') {
			in_parens = true;
		} else if (c == ',') {
			break;
		} else if (char_is_space(c)) {
			read_descriptor(bytes_slice(text, start, at), found);
			start = at + 1;
		}
	}
	found->wrong = found->wrong || in_parens;
	read_descriptor(bytes_slice(text, start, at), found);
	return at < text.len ? at + 1 : at;
}

static void add_candidate(struct srcset *srcset, struct bytes url, const struct descriptors *found)
{
	/* A height needs a width. */
	bool wrong = found->wrong || (found->has_height && !found->has_width);
	if (wrong || srcset->count == SRCSET_MAX_CANDIDATES) {
		return;
	}
	struct srcset_candidate *candidate = &srcset->items[srcset->count++];
	*candidate = (struct srcset_candidate){.url = url, .unit = SRCSET_DENSITY, .value = 1};
	if (found->has_width) {
		candidate->unit = SRCSET_WIDTH;
		candidate->value = found->width;
	} else if (found->has_density) {
		candidate->value = found->density;
	}
}

void srcset_parse(struct bytes attribute, struct srcset *srcset_out)
{
	srcset_out->count = 0;
	size_t at = 0;
	for (;;) {
		while (at < attribute.len &&
			(char_is_space(attribute.ptr[at]) || attribute.ptr[at] == ',')) {
			at++;
		}
		if (at == attribute.len) {
			return;
		}
		size_t start = at;
		while (at < attribute.len && !char_is_space(attribute.ptr[at])) {
			at++;
		}
		struct bytes url = bytes_slice(attribute, start, at);
		struct descriptors found = {0};
		if (url.ptr[url.len - 1] == ',') {
			while (url.len > 0 && url.ptr[url.len - 1] == ',') {
				url.len--;
			}
		} else {
			at = read_descriptors(attribute, at, &found);
		}
		add_candidate(srcset_out, url, &found);
	}
}

static double candidate_density(const struct srcset_candidate *candidate, double size_px)
{
	if (candidate->unit == SRCSET_DENSITY) {
		return candidate->value;
	}
	return candidate->value / (size_px > 1 ? size_px : 1);
}

/* The lowest density that is enough, else the highest; of equals the first. */
static struct srcset_candidate *choose_for(
	struct srcset *srcset, double size_px, double wanted_density)
{
	struct srcset_candidate *best = NULL;
	double best_density = 0;
	for (size_t i = 0; i < srcset->count; i++) {
		double density = candidate_density(&srcset->items[i], size_px);
		bool better = best_density < wanted_density
				      ? density > best_density
				      : density >= wanted_density && density < best_density;
		if (best == NULL || better) {
			best = &srcset->items[i];
			best_density = density;
		}
	}
	return best;
}

void srcset_choose(struct srcset *srcset, struct bytes sizes, unsigned screens)
{
	for (unsigned i = 0; i < SRCSET_SCREENS; i++) {
		if ((screens & (1u << i)) == 0) {
			continue;
		}
		const struct srcset_screen *screen = &srcset_screens[i];
		double size_px = sizes_length(sizes, screen->width);
		struct srcset_candidate *best = choose_for(srcset, size_px, screen->density);
		if (best != NULL) {
			best->shown |= 1u << i;
		}
	}
}

unsigned srcset_media_screens(struct bytes media)
{
	unsigned screens = 0;
	for (unsigned i = 0; i < SRCSET_SCREENS; i++) {
		if (sizes_media_matches(media, &srcset_screens[i])) {
			screens |= 1u << i;
		}
	}
	return screens;
}
