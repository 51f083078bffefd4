/* SPDX-License-Identifier: MIT */
/* verdict.h - whether a page is what was asked for, or something in its place: a bot check, a
 * dialogue about consent, a login, a paywall, "not found" without saying so, nothing
 *
 * Pure: the page's findings, the reply's status and fields and its addresses in, one of few words
 * out, with the signs it stands on. Each sign has points for and against each kind; a kind is
 * given when its points reach its threshold. No sign names a site, and none decides alone but a
 * field with which the server itself says so. Pages are marked by it, never dropped. */
#ifndef ARTICLE_VERDICT_H
#define ARTICLE_VERDICT_H

#include "article/page.h"
#include "base/buf.h"
#include "web/headers.h"

enum verdict {
	VERDICT_NONE, /* what it is, the page's class tells */
	VERDICT_CHALLENGE,
	VERDICT_CONSENT,
	VERDICT_LOGIN,
	VERDICT_PAYWALL,
	VERDICT_NOT_FOUND, /* with a status that says the contrary */
	VERDICT_EMPTY
};

/* All borrowed. */
struct verdict_input {
	const struct page_result *page;
	const struct url *url;         /* final URL */
	struct bytes asked_url;        /* first asked for when redirects led here, else empty */
	int status;                    /* 0: not known, taken as 200 */
	const struct headers *headers; /* of the reply, or NULL */
};

/* Judges an HTML page; others are VERDICT_NONE. Appends the signs with their points to `reasons`,
 * "status 403 +1.5; asks for scripts +0.5", unless that is NULL or there is no verdict. */
enum verdict verdict_of(const struct verdict_input *input, struct buf *reasons);
/* Name of what the page is, as stories.jsonl has it: "challenge", "consent-wall", "login-wall",
 * "paywall", "soft-404", "empty"; without a verdict that of the page's class: "article", "other",
 * "needs-scripts", "empty". */
const char *verdict_name(enum verdict verdict, enum page_class class);
/* What it is, as one says it: "challenge: a bot check came instead of the page". NULL without a
 * verdict. */
const char *verdict_text(enum verdict verdict, enum page_class class);
/* The verdict that verdict_text spoke of. */
enum verdict verdict_of_text(struct bytes text);

#endif
