/* SPDX-License-Identifier: MIT */
/* verdict.c - whether a page is what was asked for, or something in its place */
#include "article/verdict.h"

#include <string.h>

#include "article/signs.h"
#include "article/url_shape.h"
#include "article/words.h"
#include "web/percent.h"

/* Bytes and links up to which a page has little to read. */
#define LITTLE_BYTES 600
#define LITTLE_ANCHORS 10
/* Bytes of a story: a teaser has less than the first, nothing stands in the place of the second. */
#define SHORT_BYTES 1200
#define LONG_BYTES 3000
#define MANY_ANCHORS 40
/* A page with more to read, or more links, is no bot check. */
#define CHECK_BYTES_MAX 3000
#define CHECK_ANCHORS_MAX 30
#define KINDS 5 /* from VERDICT_CHALLENGE to VERDICT_NOT_FOUND, in this order in the table */

/* The points of each sign for challenge, consent, login, paywall, not found. Tuned on pages that
 * are stories (none may be marked) and on samples of each kind (tests/unit/verdict_test.c). */
static const struct {
	const char *name;
	double points[KINDS];
} weights[SIGN_COUNT] = {
	[SIGN_CHECK] = {"names a bot check", {1.5, 0, 0, 0, 0}},
	[SIGN_CHECK_PAGE] = {"form of a bot check", {3, 0, 0, 0, 0}},
	[SIGN_CHECK_WORDS] = {"words of a bot check", {1.5, 0, 0, 0, 0}},
	[SIGN_DENIED_WORDS] = {"words of a refusal", {0.75, 0, 0, 0, 0}},
	[SIGN_INCIDENT] = {"code of an incident", {0.5, 0, 0, 0, 0}},
	[SIGN_ASKS_SCRIPTS] = {"asks for scripts", {0.5, 0, 0, 0, 0}},
	[SIGN_REFRESH_SELF] = {"loads itself again", {0.5, 0, 0, 0, 0}},
	[SIGN_NOINDEX] = {"noindex", {0.5, 0.5, 0.5, 0, 1}},
	[SIGN_CONSENT_FORM] = {"form for consent", {0, 1.5, 0, 0, 0}},
	[SIGN_CONSENT_DIALOG] = {"mostly a dialogue about consent", {0, 2, 0, 0, -1}},
	[SIGN_CONSENT_WORDS] = {"words of consent", {0, 1.5, 0, 0, 0}},
	[SIGN_PASSWORD] = {"asks for a password", {0, 0, 2, 0, 0}},
	[SIGN_LOGIN_WORDS] = {"words of a login", {0, 0, 1.5, 0, 0}},
	[SIGN_NOT_FREE] = {"said not to be free", {0, 0, 0, 2, -1}},
	[SIGN_FREE] = {"said to be free", {0, 0, 0, -3, -1}},
	[SIGN_LOCKED] = {"content tier", {0, 0, 0, 1, -1}},
	[SIGN_WALL] = {"box of a paywall", {0, 0, 0, 1, 0}},
	[SIGN_WALL_WORDS] = {"words of a paywall", {0, 0, 0, 1, 0}},
	[SIGN_TEXT_CUT] = {"the text is cut", {0, 0, 0, 1, 0}},
	[SIGN_NOT_FOUND_TITLE] = {"title of a missing page", {0, 0, 0, 0, 2}},
	[SIGN_NOT_FOUND_HEADING] = {"heading of a missing page", {0, 0, 0, 0, 1.5}},
	[SIGN_OWN_ADDRESS] = {"names its address", {-1, -1, -0.5, 0, -1}},
	[SIGN_NO_ADDRESS] = {"names no address", {0, 0, 0, 0, 0.5}},
	[SIGN_HOME_ADDRESS] = {"names the front page as its address", {0, 0, 0, 0, 1}},
	[SIGN_ARTICLE] = {"said to be an article", {-3, -2.5, -2.5, 0, -2.5}},
	[SIGN_LITTLE_TEXT] = {"little text", {1, 0.5, 0.5, 0, 0.5}},
	[SIGN_STORY] = {"text of a story", {-1, 0, 0, 0, 0}},
	[SIGN_SHORT_STORY] = {"short text", {0, 0, 0, 1.5, 0}},
	[SIGN_LONG_STORY] = {"long text", {-4, -2, -2, -2, -2}},
	[SIGN_TOLD_LONGER] = {"shorter than it says", {0, 0, 0, 2, 0}},
	[SIGN_TOLD_WHOLE] = {"as long as it says", {0, 0, 0, -2, 0}},
	[SIGN_MANY_LINKS] = {"many links", {-2, -1, -0.5, 0, 0}},
	[SIGN_MITIGATED] = {"field that says so", {9, 0, 0, 0, 0}},
	[SIGN_CHECK_FIELD] = {"field of a bot check", {1, 0, 0, 0, 0}},
	[SIGN_STATUS_BLOCKED] = {"status", {1.5, 0, 0, 0, 0}},
	[SIGN_STATUS_LOGIN] = {"status", {0, 0, 4, 0, 0}},
	[SIGN_STATUS_PAY] = {"status", {0, 0, 0, 4, 0}},
	[SIGN_SENT_WITH_ADDRESS] = {"sent here with the address", {0, 1, 1, 0, 0}},
	[SIGN_ADDRESS_CONSENT] = {"address of consent", {0, 2, 0, 0, 0}},
	[SIGN_ADDRESS_LOGIN] = {"address of a login", {0, 0, 1, 0, 0}},
	[SIGN_ADDRESS_NOT_FOUND] = {"address of a missing page", {0, 0, 0, 0, 1.5}},
	[SIGN_SENT_HOME] = {"sent to the front page", {0, 0, 0, 0, 9}},
};
static const double thresholds[KINDS] = {3.5, 3.5, 3.5, 3.75, 3};

static bool has(uint64_t bits, enum sign sign)
{
	return (bits & SIGN_BIT(sign)) != 0;
}

static uint64_t bit_if(bool holds, enum sign sign)
{
	return holds ? SIGN_BIT(sign) : 0;
}

static uint64_t signs_of_sizes(const struct page_result *page)
{
	const struct page_signs *signs = &page->signs;
	double told = signs->told_words; /* most pages tell nothing */
	double words = told > 0 ? words_count(bytes_slice(page->text, 0, LONG_BYTES)) : 0;
	return bit_if(signs->visible <= LITTLE_BYTES && signs->anchors <= LITTLE_ANCHORS,
		       SIGN_LITTLE_TEXT) |
	       bit_if(page->class == PAGE_ARTICLE, SIGN_STORY) |
	       bit_if(page->text.len < SHORT_BYTES, SIGN_SHORT_STORY) |
	       bit_if(page->text.len >= LONG_BYTES, SIGN_LONG_STORY) |
	       bit_if(told > 2 * words && page->text.len < LONG_BYTES, SIGN_TOLD_LONGER) |
	       bit_if(told > 0 && told < 1.4 * words, SIGN_TOLD_WHOLE) |
	       bit_if(signs->anchors >= MANY_ANCHORS, SIGN_MANY_LINKS);
}

static uint64_t signs_of_status(int status)
{
	switch (status) {
	case 403:
	case 405:
	case 429:
	case 503:
		return SIGN_BIT(SIGN_STATUS_BLOCKED);
	case 401:
	case 407:
	case 511:
		return SIGN_BIT(SIGN_STATUS_LOGIN);
	case 402:
		return SIGN_BIT(SIGN_STATUS_PAY);
	default:
		return 0;
	}
}

static uint64_t signs_of_fields(const struct headers *headers)
{
	/* Fields with which a server says that the reply is a check ("" for any value), and those
	 * that come from one that makes them. */
	static const struct {
		const char *name;
		const char *value;
		enum sign sign;
	} rows[] = {{"cf-mitigated", "challenge", SIGN_MITIGATED},
		{"x-amzn-waf-action", "", SIGN_MITIGATED},
		{"x-vercel-mitigated", "", SIGN_MITIGATED}, {"x-datadome", "", SIGN_CHECK_FIELD},
		{"x-px-block-score", "", SIGN_CHECK_FIELD}, {"x-iinfo", "", SIGN_CHECK_FIELD},
		{"x-sucuri-block", "", SIGN_CHECK_FIELD},
		{"x-akamai-edgescape", "", SIGN_CHECK_FIELD},
		{"server", "AkamaiGHost", SIGN_CHECK_FIELD},
		{"server", "ddos-guard", SIGN_CHECK_FIELD}};
	uint64_t bits = 0;
	for (size_t i = 0; headers != NULL && i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool holds = headers_has(headers, rows[i].name) &&
			     bytes_find_nocase(headers_first(headers, rows[i].name),
				     bytes_of(rows[i].value), 0) != SIZE_MAX;
		bits |= bit_if(holds, rows[i].sign);
	}
	return bits;
}

/* Whether an item between marks (without its extension) is one of the words of a list. */
static bool has_item(struct bytes text, char mark, const char *const *words, size_t count)
{
	struct bytes item;
	while (bytes_next_item(&text, mark, &item)) {
		size_t dot = bytes_find_char(item, '.', 0);
		item = bytes_slice(item, 0, dot < item.len ? dot : item.len);
		for (size_t i = 0; i < count; i++) {
			if (bytes_equal_nocase(item, bytes_of(words[i]))) {
				return true;
			}
		}
	}
	return false;
}

/* Whether a label of the host or a segment of the path is one of them. */
static bool has_segment(const struct url *url, const char *const *words, size_t count)
{
	return has_item(url->host, '.', words, count) || has_item(url->path, '/', words, count);
}

/* The same for parts of them: "cookie-consent" has "consent". */
static bool has_part(const struct url *url, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_find_nocase(url->host, bytes_of(words[i]), 0) != SIZE_MAX ||
			bytes_find_nocase(url->path, bytes_of(words[i]), 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

/* Whether the query gives the path that was asked for, to come back to it. */
static bool query_holds(const struct url *url, const struct url *asked)
{
	SCOPED(buf_clear) struct buf decoded = {0};
	percent_decode(url->query, &decoded);
	return asked->path.len > 1 && bytes_find(buf_bytes(&decoded), asked->path, 0) != SIZE_MAX;
}

/* A page of its own, by its address: it has a name or a number. */
static bool is_story_address(const struct url *url)
{
	struct url_shape shape = url_shape_of(url->path, url->query);
	return shape.slug_words >= 3 || shape.id != URL_ID_NONE || shape.has_date;
}

/* "/", "/en/", "/index.html" */
static bool is_front_page(const struct url *url)
{
	struct url_shape shape = url_shape_of(url->path, url->query);
	bool is_language =
		shape.depth == 1 &&
		(shape.last.len == 2 || (shape.last.len == 5 && shape.last.ptr[2] == '-'));
	return url->query.len == 0 &&
	       (shape.is_root || shape.depth == 0 || is_language ||
		       (shape.depth == 1 && bytes_starts_nocase(shape.last, BYTES("index."))));
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t signs_of_address(const struct verdict_input *input)
{
	static const char *const consents[] = {"consent", "zustimmung", "einwilligung", "gdpr",
		"guce", "cookiewall", "cookie-wall", "privacygate", "privacy-gate", "privacywall",
		"privacy-wall", "myprivacy", "cmp."};
	static const char *const logins[] = {"login", "log-in", "signin", "sign-in", "logon",
		"auth", "sso", "oauth", "oauth2", "account", "accounts", "konto", "anmelden",
		"anmeldung", "connexion", "identification", "iniciar-sesion", "accedi", "inloggen",
		"logga-in", "logg-inn", "zaloguj", "register", "registration", "wp-login"};
	static const char *const missing[] = {"404", "404page", "error404", "error-404", "notfound",
		"not-found", "not_found", "page-not-found", "pagenotfound", "page_not_found",
		"seite-nicht-gefunden", "nicht-gefunden", "introuvable", "no-encontrada"};
	uint64_t bits =
		bit_if(has_segment(input->url, missing, COUNT_OF(missing)), SIGN_ADDRESS_NOT_FOUND);
	struct flong_error ignored;
	SCOPED(url_closep) struct url *asked = NULL;
	if (input->asked_url.len == 0 || url_parse(input->asked_url, NULL, &asked, &ignored) < 0 ||
		bytes_equal(asked->all, input->url->all)) {
		return bits;
	}
	/* What was asked for under such a name is no wall. */
	bits |= bit_if(has_part(input->url, consents, COUNT_OF(consents)) &&
			       !has_part(asked, consents, COUNT_OF(consents)),
		SIGN_ADDRESS_CONSENT);
	bits |= bit_if(has_segment(input->url, logins, COUNT_OF(logins)) &&
			       !has_segment(asked, logins, COUNT_OF(logins)),
		SIGN_ADDRESS_LOGIN);
	bits |= bit_if(query_holds(input->url, asked), SIGN_SENT_WITH_ADDRESS);
	bits |= bit_if(is_story_address(asked) && is_front_page(input->url), SIGN_SENT_HOME);
	return bits;
}

static double points_of(uint64_t bits, size_t kind)
{
	double points = 0;
	for (size_t i = 0; i < SIGN_COUNT; i++) {
		points += has(bits, (enum sign)i) ? weights[i].points[kind] : 0;
	}
	return points;
}

/* What must hold besides the points. */
static bool may_be(const struct verdict_input *input, uint64_t bits, enum verdict kind)
{
	const struct page_signs *signs = &input->page->signs;
	bool is_error = input->status >= 400;
	switch (kind) {
	case VERDICT_CHALLENGE:
		return has(bits, SIGN_MITIGATED) ||
		       (signs->visible <= CHECK_BYTES_MAX && signs->anchors <= CHECK_ANCHORS_MAX);
	case VERDICT_NOT_FOUND:
		return !is_error;
	case VERDICT_PAYWALL:
		/* What is said not to be free may still be there as a whole. */
		return has(bits, SIGN_TEXT_CUT) || has(bits, SIGN_TOLD_LONGER) ||
		       has(bits, SIGN_STATUS_PAY) ||
		       ((has(bits, SIGN_WALL) || has(bits, SIGN_NOT_FREE)) &&
			       has(bits, SIGN_WALL_WORDS));
	case VERDICT_NONE:
	case VERDICT_CONSENT:
	case VERDICT_LOGIN:
	case VERDICT_EMPTY:
		break;
	}
	return true;
}

static void add_reasons(
	const struct verdict_input *input, uint64_t bits, enum verdict verdict, struct buf *reasons)
{
	size_t kind = (size_t)verdict - VERDICT_CHALLENGE;
	const char *between = "";
	for (size_t i = 0; i < SIGN_COUNT; i++) {
		double points = weights[i].points[kind];
		if (!has(bits, (enum sign)i) || points == 0) {
			continue;
		}
		buf_addf(reasons, "%s%s", between, weights[i].name);
		if (i == SIGN_STATUS_BLOCKED || i == SIGN_STATUS_LOGIN || i == SIGN_STATUS_PAY) {
			buf_addf(reasons, " %d", input->status);
		}
		buf_addf(reasons, " %+g", points);
		between = "; ";
	}
}

enum verdict verdict_of(const struct verdict_input *input, struct buf *reasons)
{
	const struct page_result *page = input->page;
	if (page->format != LINKS_HTML) {
		return VERDICT_NONE;
	}
	uint64_t bits = page->signs.bits | signs_of_sizes(page) | signs_of_status(input->status) |
			signs_of_fields(input->headers) | signs_of_address(input);
	enum verdict verdict = VERDICT_NONE;
	double most = 0;
	for (size_t kind = 0; kind < KINDS; kind++) {
		double over = points_of(bits, kind) - thresholds[kind];
		enum verdict candidate = (enum verdict)(VERDICT_CHALLENGE + kind);
		if (over >= 0 && (verdict == VERDICT_NONE || over > most) &&
			may_be(input, bits, candidate)) {
			verdict = candidate;
			most = over;
		}
	}
	if (verdict != VERDICT_NONE) {
		if (reasons != NULL) {
			add_reasons(input, bits, verdict, reasons);
		}
		return verdict;
	}
	bool is_empty = has(bits, SIGN_NOTHING) || has(bits, SIGN_SHELL);
	if (is_empty && reasons != NULL) {
		buf_add_text(reasons,
			has(bits, SIGN_SHELL) ? "needs scripts" : "no text, nothing to show");
	}
	return is_empty && input->status < 400 ? VERDICT_EMPTY : VERDICT_NONE;
}

const char *verdict_name(enum verdict verdict, enum page_class class)
{
	static const char *const classes[] = {[PAGE_ARTICLE] = "article",
		[PAGE_OTHER] = "other",
		[PAGE_EMPTY] = "empty",
		[PAGE_NEEDS_SCRIPTS] = "needs-scripts"};
	static const char *const names[] = {[VERDICT_CHALLENGE] = "challenge",
		[VERDICT_CONSENT] = "consent-wall",
		[VERDICT_LOGIN] = "login-wall",
		[VERDICT_PAYWALL] = "paywall",
		[VERDICT_NOT_FOUND] = "soft-404"};
	return verdict == VERDICT_NONE || verdict == VERDICT_EMPTY ? classes[class]
								   : names[verdict];
}

static const char *const verdict_texts[] = {
	[VERDICT_CHALLENGE] = "challenge: a bot check came instead of the page",
	[VERDICT_CONSENT] = "consent wall: a dialogue about consent came instead of the page",
	[VERDICT_LOGIN] = "login wall: the page is only for those who log in",
	[VERDICT_PAYWALL] = "paywall: only the beginning of the story came",
	[VERDICT_NOT_FOUND] = "soft 404: the page is not there, though the status does not say so",
	[VERDICT_EMPTY] = "empty: the page has no content",
};
static const char needs_scripts_text[] = "empty: the page shows its text only with scripts";

const char *verdict_text(enum verdict verdict, enum page_class class)
{
	return verdict == VERDICT_EMPTY && class == PAGE_NEEDS_SCRIPTS ? needs_scripts_text
								       : verdict_texts[verdict];
}

enum verdict verdict_of_text(struct bytes text)
{
	for (size_t i = VERDICT_CHALLENGE; i <= VERDICT_EMPTY; i++) {
		if (bytes_equal(text, bytes_of(verdict_texts[i]))) {
			return (enum verdict)i;
		}
	}
	return bytes_equal(text, bytes_of(needs_scripts_text)) ? VERDICT_EMPTY : VERDICT_NONE;
}
