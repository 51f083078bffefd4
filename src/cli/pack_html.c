/* SPDX-License-Identifier: MIT */
/* pack_html.c - a folder for any web server: a package, and a page that shows it with
 * ReplayWeb.page */
#include "cli/pack_html.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "web/html_escape.h"

static bool is_url(struct bytes place)
{
	return bytes_starts_nocase(place, BYTES("https://")) ||
	       bytes_starts_nocase(place, BYTES("http://"));
}

int pack_html_check_player(const char *player, struct flong_error *err)
{
	struct bytes place = bytes_of(player);
	bool is_fine =
		place.len > 0 && (is_url(place) || bytes_find_char(place, ':', 0) == SIZE_MAX);
	for (size_t i = 0; is_fine && i < place.len; i++) {
		unsigned char c = (unsigned char)place.ptr[i];
		is_fine = c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '\\' && c != '<' &&
			  c != '>';
	}
	return is_fine ? FLONG_OK
		       : error_set(err, FLONG_E_USAGE,
				 "--player: '%s' is no address of a web server's folder, and no "
				 "path",
				 player);
}

static void add_text(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (!html_escape((unsigned char)*text, out)) {
			buf_add_char(out, *text);
		}
	}
}

/* The name of a file as a URL. */
static void add_name(struct buf *out, const char *name)
{
	buf_add_text(out, "./"); /* a colon in it is none of a scheme */
	for (; *name != '\0'; name++) {
		if (char_is_alnum(*name) || strchr("-._~", *name) != NULL) {
			buf_add_char(out, *name);
		} else {
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)*name);
		}
	}
}

static void add_attribute(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, " %s=\"", name);
	add_text(out, value);
	buf_add_char(out, '"');
}

/* The place with a slash at its end. */
static void add_place(struct buf *out, const char *player)
{
	add_text(out, player);
	if (!bytes_ends(bytes_of(player), BYTES("/"))) {
		buf_add_char(out, '/');
	}
}

static void add_page(const struct pack_html *html, struct buf *out)
{
	const char *title = html->title != NULL ? html->title : html->package;
	buf_add_text(out,
		"<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>");
	add_text(out, title);
	buf_add_text(out, "</title>\n<style>html, body { height: 100%; margin: 0 }</style>\n"
			  "<script src=\"");
	add_place(out, html->player);
	buf_add_text(out, "ui.js\"></script>\n</head>\n<body>\n<replay-web-page");
	buf_add_text(out, " source=\"");
	add_name(out, html->package);
	buf_add_char(out, '"');
	if (html->url != NULL) {
		char digits[CLOCK_DIGITS_SIZE];
		clock_format_digits17(html->date_ms, digits);
		add_attribute(out, "url", html->url);
		add_attribute(out, "ts", digits);
	}
	buf_add_text(out,
		" embed=\"default\" replayBase=\"./worker/\"></replay-web-page>\n"
		"<noscript><p>Without scripts this page shows nothing. The archive is the "
		"file <a href=\"");
	add_name(out, html->package);
	buf_add_text(out, "\">");
	add_text(out, html->package);
	buf_add_text(out, "</a>.</p></noscript>\n</body>\n</html>\n");
}

/* A path is meant from the page, which lies one folder above the worker. */
static void add_worker(const struct pack_html *html, struct buf *out)
{
	struct bytes place = bytes_of(html->player);
	buf_add_text(out, "importScripts(\"");
	if (!is_url(place) && !bytes_starts(place, BYTES("/"))) {
		buf_add_text(out, "../");
	}
	buf_add(out, place);
	buf_add_text(out, bytes_ends(place, BYTES("/")) ? "" : "/");
	buf_add_text(out, "sw.js\");\n");
}

/* The player's frame is of this folder, and what is in it comes from the worker. Now and then the
 * frame is asked for before the worker has taken over (with replaywebpage 2.5.3 on a busy machine
 * one first visit in fifteen did): the server then gives this page instead of an error. */
static const char waiting_page[] =
	"<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>Loading</title>\n"
	"<script>\n"
	"if (navigator.serviceWorker && location.search) {\n"
	"  navigator.serviceWorker.ready.then(() => setTimeout(() => location.reload(), 300));\n"
	"}\n"
	"</script>\n</head>\n<body></body>\n</html>\n";

int pack_html_write(const struct pack_html *html, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf page = {0};
	SCOPED(buf_clear) struct buf worker = {0};
	SCOPED(free_textp) char *index = files_join(html->dir, "index.html");
	SCOPED(free_textp) char *folder = files_join(html->dir, "worker");
	SCOPED(free_textp) char *script = files_join(folder, "sw.js");
	SCOPED(free_textp) char *waiting = files_join(folder, "index.html");
	add_page(html, &page);
	add_worker(html, &worker);
	int rc = files_make_dir(folder, err);
	if (rc == FLONG_OK) {
		rc = files_replace(script, buf_bytes(&worker), err);
	}
	if (rc == FLONG_OK) {
		rc = files_replace(waiting, bytes_of(waiting_page), err);
	}
	return rc == FLONG_OK ? files_replace(index, buf_bytes(&page), err) : rc;
}
