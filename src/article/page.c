/* SPDX-License-Identifier: MIT */
/* page.c - everything a page says: one reading of the markup serves links and story */
#include "article/page.h"

#include "article/entries.h"
#include "article/evidence.h"
#include "article/metadata.h"
#include "article/outline.h"
#include "article/related.h"
#include "article/signs.h"
#include "article/state.h"
#include "article/text.h"
#include "base/error.h"
#include "base/limits.h"
#include "links/html.h"
#include "links/markup.h"
#include "web/charset.h"
#include "web/media_type.h"
#include "web/utf8.h"

/* What belongs together while an HTML page is read; all of it is freed in one place. */
struct reading {
	struct buf utf8;
	struct outline outline;
	struct evidence evidence;
	struct html_links *html; /* owned */
};

static void reading_clear(struct reading *reading)
{
	evidence_clear(&reading->evidence);
	outline_clear(&reading->outline);
	buf_clear(&reading->utf8);
	html_links_close(reading->html);
}

static void read_story(
	struct reading *reading, const struct page_input *input, struct page_result *result)
{
	const struct url *base = html_links_base(reading->html);
	metadata_find(&reading->outline, base, input, result);
	struct bytes own[METADATA_OWN_URLS];
	struct evidence_input where = {.url = input->url,
		.base = base,
		.encoder = html_links_encoder(reading->html),
		.own_urls = own};
	where.own_url_count = metadata_own_urls(&reading->outline, input, own);
	evidence_collect(&reading->outline, &where, &reading->evidence);
	related_find(&reading->evidence, input, result);
	state_find(&reading->evidence, base, result);
	text_find(&reading->evidence, input->wants_markdown ? base : NULL, result);
	signs_find(&reading->outline, input, result);
	/* Anchors are in the list of links too, and counted there when it is full. */
	size_t listed = result->links.dropped;
	size_t anchors = reading->evidence.dropped;
	result->links_dropped =
		reading->outline.dropped + (anchors > listed ? anchors - listed : 0);
}

static int read_html(const struct page_input *input, const struct links_input *links,
	struct page_result *result, struct flong_error *err)
{
	SCOPED(reading_clear) struct reading reading = {.html = NULL};
	outline_init(&reading.outline);
	/* A page that declares nothing but is valid UTF-8 is UTF-8, as browsers guess too. */
	const char *guess = utf8_is_valid(input->document) ? "utf-8" : NULL;
	const char *charset = charset_detect(
		input->document, media_type_charset(input->content_type), CHARSET_HTML, guess);
	result->charset = charset;
	struct bytes text = charset_text(
		input->document, charset, LIMIT_MARKUP_BYTES, &reading.utf8, &result->is_cut);
	struct links_input decoded = *links;
	decoded.charset = charset;
	reading.html = html_links_open(&decoded, &result->links);
	struct markup_listener listeners[] = {
		html_links_listener(reading.html), outline_listener(&reading.outline)};
	int rc = markup_read(text, listeners, 2, err);
	if (rc < 0) {
		return rc;
	}
	html_links_finish(reading.html);
	result->import_map = page_result_keep(result, html_links_import_map(reading.html));
	outline_finish(&reading.outline);
	read_story(&reading, input, result);
	return FLONG_OK;
}

int page_read(
	const struct page_input *input, struct page_result *result_out, struct flong_error *err)
{
	struct page_result result = {.class = PAGE_OTHER};
	struct links_input links = {.document = input->document,
		.url = input->url,
		.page = input->page,
		.import_map = input->import_map,
		.content_type = input->content_type,
		.role = input->role,
		.environment = input->environment};
	result.format = links_format_of(&links);
	bool is_feed = input->role == ROLE_FEED;
	int rc = is_feed                       ? entries_find(&links, &result, err)
		 : result.format == LINKS_HTML ? read_html(input, &links, &result, err)
					       : links_find(&links, &result.links, err);
	result.is_cut = result.is_cut || result.links.is_cut;
	if (result.format == LINKS_CSS) {
		result.charset = charset_detect(input->document,
			media_type_charset(input->content_type), CHARSET_CSS, input->environment);
	}
	if (rc < 0) {
		page_result_clear(&result);
		return error_context(err, "page " BYTES_FMT, BYTES_ARG(input->url->all));
	}
	links_find_in_headers(input->url, input->head, &result.links);
	result.links_dropped += result.links.dropped;
	*result_out = result;
	return FLONG_OK;
}
