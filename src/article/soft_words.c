/* SPDX-License-Identifier: MIT */
/* soft_words.c - what words in class and id values hint at */
#include "article/soft_words.h"

#include <stdbool.h>
#include <stddef.h>

struct word {
	const char *text;
	unsigned bits;
};

static const struct word words[] = {{"ad", SOFT_ADVERT}, {"ads", SOFT_ADVERT}, {"adv", SOFT_ADVERT},
	{"advert", SOFT_ADVERT}, {"advertisement", SOFT_ADVERT}, {"advertorial", SOFT_ADVERT},
	{"affiliate", SOFT_ADVERT}, {"anzeige", SOFT_ADVERT}, {"author", SOFT_TAGS},
	{"authors", SOFT_TAGS}, {"autor", SOFT_TAGS}, {"breadcrumb", SOFT_MENU},
	{"breadcrumbs", SOFT_MENU}, {"byline", SOFT_TAGS}, {"comment", SOFT_COMMENTS},
	{"comments", SOFT_COMMENTS}, {"community", SOFT_COMMENTS}, {"kommentar", SOFT_COMMENTS},
	{"kommentare", SOFT_COMMENTS}, {"disqus", SOFT_COMMENTS}, {"commercial", SOFT_ADVERT},
	{"consent", SOFT_BOILER}, {"cookie", SOFT_BOILER}, {"dropdown", SOFT_MENU},
	{"footer", SOFT_MENU}, {"hamburger", SOFT_MENU}, {"instagram", SOFT_BOILER},
	{"keyword", SOFT_TAGS}, {"keywords", SOFT_TAGS}, {"megamenu", SOFT_MENU},
	{"menu", SOFT_MENU}, {"nav", SOFT_MENU}, {"navbar", SOFT_MENU}, {"navi", SOFT_MENU},
	{"navigation", SOFT_MENU}, {"newsletter", SOFT_BOILER}, {"offcanvas", SOFT_MENU},
	{"outbrain", SOFT_ADVERT}, {"plista", SOFT_ADVERT}, {"promoted", SOFT_ADVERT},
	{"share", SOFT_BOILER}, {"sharing", SOFT_BOILER}, {"shopping", SOFT_ADVERT},
	{"sitemap", SOFT_MENU}, {"social", SOFT_BOILER}, {"sponsor", SOFT_ADVERT},
	{"sponsored", SOFT_ADVERT}, {"submenu", SOFT_MENU}, {"subscribe", SOFT_BOILER},
	{"subscription", SOFT_BOILER}, {"taboola", SOFT_ADVERT}, {"tag", SOFT_TAGS},
	{"tags", SOFT_TAGS}, {"tiktok", SOFT_BOILER}, {"tweet", SOFT_BOILER}, {"topbar", SOFT_MENU},
	{"topics", SOFT_TAGS}, {"werbung", SOFT_ADVERT}};

static const struct word boxes[] = {{"captcha", BOX_CHECK}, {"hcaptcha", BOX_CHECK},
	{"recaptcha", BOX_CHECK}, {"challenge", BOX_CHECK}, {"turnstile", BOX_CHECK},
	{"botcheck", BOX_CHECK}, {"consent", BOX_CONSENT}, {"cookie", BOX_CONSENT},
	{"cookies", BOX_CONSENT}, {"gdpr", BOX_CONSENT}, {"dsgvo", BOX_CONSENT},
	{"rgpd", BOX_CONSENT}, {"cmp", BOX_CONSENT}, {"tcf", BOX_CONSENT}, {"privacy", BOX_CONSENT},
	{"datenschutz", BOX_CONSENT}, {"zustimmung", BOX_CONSENT}, {"einwilligung", BOX_CONSENT},
	{"consentement", BOX_CONSENT}, {"paywall", BOX_WALL}, {"regwall", BOX_WALL},
	{"softwall", BOX_WALL}, {"hardwall", BOX_WALL}, {"wall", BOX_WALL}, {"paygate", BOX_WALL},
	{"subscribe", BOX_WALL}, {"subscriber", BOX_WALL}, {"subscription", BOX_WALL},
	{"subscriptions", BOX_WALL}, {"premium", BOX_WALL}, {"abo", BOX_WALL},
	{"abonnement", BOX_WALL}, {"abonnes", BOX_WALL}, {"barrier", BOX_WALL},
	{"restricted", BOX_WALL}, {"locked", BOX_WALL}, {"metered", BOX_WALL}};

/* A list of words that mean something. */
struct list {
	const struct word *words;
	size_t count;
};

static unsigned bits_of(struct list list, struct bytes word)
{
	for (size_t i = 0; i < list.count; i++) {
		if (list.words[i].text[0] == char_lower(word.ptr[0]) &&
			bytes_equal_nocase(word, bytes_of(list.words[i].text))) {
			return list.words[i].bits;
		}
	}
	return 0;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static unsigned bits_of_all(struct list list, struct bytes value)
{
	unsigned bits = 0;
	size_t start = 0;
	for (size_t i = 0; i <= value.len; i++) {
		bool is_end = i == value.len || !char_is_alpha(value.ptr[i]);
		bool is_hump = !is_end && i > 0 && is_upper(value.ptr[i]) &&
			       char_is_alpha(value.ptr[i - 1]) && !is_upper(value.ptr[i - 1]);
		if (!is_end && !is_hump) {
			continue;
		}
		if (i > start && i - start >= 2 && i - start <= 14) {
			bits |= bits_of(list, bytes_slice(value, start, i));
		}
		start = is_hump ? i : i + 1;
	}
	return bits;
}

unsigned soft_words_of(struct bytes value)
{
	return bits_of_all((struct list){words, sizeof(words) / sizeof(words[0])}, value);
}

unsigned soft_words_of_box(struct bytes value)
{
	return bits_of_all((struct list){boxes, sizeof(boxes) / sizeof(boxes[0])}, value);
}
