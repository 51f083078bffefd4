/* SPDX-License-Identifier: MIT */
/* pack_html.h - a folder for any web server: a package, and a page that shows it with
 * ReplayWeb.page
 *
 * The player itself comes from a place that the user names. Its worker has to come from the
 * folder's own server, so a file of one line stands in for it (replayweb.page, "Embedding"). */
#ifndef CLI_PACK_HTML_H
#define CLI_PACK_HTML_H

#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"

/* All borrowed. */
struct pack_html {
	const char *dir;     /* the folder, which is there */
	const char *player;  /* where ui.js and sw.js are: a URL, or a path from the page */
	const char *package; /* name of the package in the folder */
	const char *title;   /* NULL: none */
	const char *url;     /* the page that it opens with; NULL: none */
	int64_t date_ms;
};

/* FLONG_E_USAGE: the place is no http or https URL and no plain path. */
MUST_CHECK int pack_html_check_player(const char *player, struct flong_error *err);
/* Writes index.html, worker/sw.js, and worker/index.html for a frame that comes before its worker.
 * FLONG_E_IO. */
MUST_CHECK int pack_html_write(const struct pack_html *html, struct flong_error *err);

#endif
