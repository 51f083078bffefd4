/* SPDX-License-Identifier: MIT */
/* rewrite.h - pages and style sheets so that what they point to leads into the archive
 *
 * The archive itself is never changed: this happens on the way to a browser. Every URL becomes
 * "/COLLECTION/TIMEmod_/URL" on the same server, so that a page works without any script of ours,
 * and a policy can forbid everything else (Content-Security-Policy: 'self'). */
#ifndef REPLAY_REWRITE_H
#define REPLAY_REWRITE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "web/charset_encode.h"
#include "web/url.h"

/* A document under way. All borrowed. */
struct rewrite {
	const char *collection;
	const char *digits;              /* time of the capture */
	const struct url *base;          /* of the document */
	const char *charset;             /* its encoding */
	struct charset_encoder *encoder; /* of queries; NULL: UTF-8 */
	struct bytes head;               /* markup put at the beginning of a page's head */
	int depth;                       /* of documents in attributes of documents */
};

/* Appends where `url` (UTF-8, relative to `base`) leads on this server; its fragment stays. False,
 * and nothing appended, when it is no http or https URL or only a fragment. `mod` is what it is for
 * ("mp", "im", ...). */
bool rewrite_url(const struct rewrite *rewrite, struct bytes url, const char *mod, struct buf *out);
/* Appends a part of the document as UTF-8. */
void rewrite_decode(const struct rewrite *rewrite, struct bytes text, struct buf *utf8_out);
/* Appends a style sheet, or the declarations of a style attribute, in its encoding. */
void rewrite_css(const struct rewrite *rewrite, struct bytes css, struct buf *out);
/* Appends a script with the modules that it imports turned, or the text of an import map with all
 * of its URLs; in an encoding that has ASCII as it is. */
void rewrite_script(const struct rewrite *rewrite, struct bytes script, struct buf *out);
void rewrite_import_map(const struct rewrite *rewrite, struct bytes json, struct buf *out);
/* Appends a page. Its encoding is one that has ASCII as it is (all but UTF-16, which the caller
 * converts). Policies, refreshes, targets outside of the frame and hashes of what is changed are
 * taken away with it. */
void rewrite_html(const struct rewrite *rewrite, struct bytes html, struct buf *out);

#endif
