/* SPDX-License-Identifier: MIT */
/* library_exchange.c - the records of one exchange, and the links that its metadata names */
#include "replay/library_exchange.h"

#include "base/digest.h"
#include "base/limits.h"
#include "replay/completeness.h"
#include "replay/view.h"

bool exchange_view_is_fields(const struct reader_record *record)
{
	return bytes_starts_nocase(
		headers_first(&record->headers, "Content-Type"), BYTES("application/warc-fields"));
}

/* --- links -------------------------------------------------------------------------------------
 */

static const struct {
	char letter;
	const char *name;
} letters[] = {{'E', "needed"}, {'L', "link"}, {'I', "maybe needed"}, {'R', "redirect"}};

static const char *letter_name(char letter)
{
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (letters[i].letter == letter) {
			return letters[i].name;
		}
	}
	return "other";
}

static void add_link(const struct exchange_view *view, struct lookup *lookup,
	const struct outlink *outlink, struct buf *out)
{
	static const char *const states[] = {[PART_THERE] = "<span class=\"good\">yes</span>",
		[PART_MISSING] = "<span class=\"soft\">no</span>",
		[PART_REFUSED] = "<span class=\"bad\">an error of the server</span>"};
	enum part_state state = completeness_look(lookup, outlink->url);
	bool is_lost =
		state == PART_MISSING && outlink->letter == 'E' && !outlink_is_optional(outlink);
	buf_add_text(out, "<tr><td>");
	if (state != PART_MISSING) {
		buf_addf(out, "<a href=\"/%s/*/", holding_name(view->call->holding));
		view_add(out, outlink->url);
		buf_add_text(out, "\">");
	}
	view_add(out, outlink->url);
	buf_addf(out, "%s</td><td>%s</td><td>", state != PART_MISSING ? "</a>" : "",
		letter_name(outlink->letter));
	view_add(out, outlink->where);
	buf_addf(out, "</td><td>%s</td></tr>\n",
		is_lost ? "<span class=\"bad\">missing</span>" : states[state]);
}

/* Those with `letter`, or all others. */
static size_t add_links_of(const struct exchange_view *view, struct bytes block, bool are_needed,
	size_t count, struct buf *out)
{
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(view->call->holding);
	struct bytes line;
	while (bytes_next_line(&block, &line)) {
		struct bytes name;
		struct bytes value;
		struct outlink outlink;
		if (bytes_cut(line, ':', &name, &value) &&
			bytes_equal_nocase(name, BYTES("outlink")) &&
			outlink_read(bytes_trim(value), &outlink) &&
			(outlink.letter == 'E') == are_needed && ++count <= LIMIT_LIBRARY_LINKS) {
			add_link(view, lookup, &outlink, out);
		}
	}
	return count;
}

static void add_links(const struct exchange_view *view, struct bytes block, struct buf *out)
{
	struct completeness completeness = {.is_known = true};
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(view->call->holding);
	if (bytes_find_nocase(block, BYTES("outlink:"), 0) == SIZE_MAX) {
		return;
	}
	completeness_count(lookup, block, &completeness);
	buf_add_text(out, "<h2 id=\"links\">Links</h2>\n<p class=\"facts\">");
	completeness_describe(&completeness, out);
	buf_add_text(out,
		"</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Links\">"
		"<table><thead><tr><th scope=\"col\">URL</th><th scope=\"col\">Use</th>"
		"<th scope=\"col\">Where</th><th scope=\"col\">In the archive</th></tr></thead>"
		"<tbody>\n");
	size_t count = add_links_of(view, block, true, 0, out);
	count = add_links_of(view, block, false, count, out);
	buf_add_text(out, "</tbody></table></div>\n");
	if (count > LIMIT_LIBRARY_LINKS) {
		buf_addf(out, "<p class=\"facts\">The first %zu of %zu are listed.</p>\n",
			LIMIT_LIBRARY_LINKS, count);
	}
}

/* --- fields ------------------------------------------------------------------------------------
 */

static void add_lines(struct bytes block, struct buf *out)
{
	struct bytes line;
	buf_add_text(out, "<dl class=\"fields\">\n");
	while (bytes_next_line(&block, &line)) {
		struct bytes name;
		struct bytes value;
		if (bytes_cut(line, ':', &name, &value) &&
			!bytes_equal_nocase(name, BYTES("outlink"))) {
			buf_add_text(out, "<dt>");
			view_add(out, name);
			buf_add_text(out, "</dt><dd>");
			view_add(out, bytes_trim(value));
			buf_add_text(out, "</dd>\n");
		}
	}
	buf_add_text(out, "</dl>\n");
}

static void add_verdict(
	const struct reader_record *record, struct bytes block, int rc, struct buf *out)
{
	struct bytes written = headers_first(&record->headers, "WARC-Block-Digest");
	struct flong_error ignored = {0};
	struct digest expected;
	if (written.ptr == NULL || digest_parse(written, &expected, &ignored) < 0) {
		buf_add_text(out, "<p class=\"facts\">The record has no block digest.</p>\n");
	} else if (rc < 0) {
		buf_add_text(out, "<p class=\"facts\">The block is too long or cannot be read: its "
				  "digest is not verified.</p>\n");
	} else {
		struct digest found = digest_of(expected.algorithm, block);
		bool is_same = digest_equal(&found, &expected);
		buf_addf(out, "<p class=\"verdict %s\">%s</p>\n", is_same ? "good" : "bad",
			is_same ? "Verified: the block has the digest that was written with it."
				: "Damaged: the block has another digest than was written with "
				  "it.");
	}
}

void exchange_view_add_fields(
	const struct exchange_view *view, const struct reader_record *record, struct buf *out)
{
	SCOPED(buf_clear) struct buf block = buf_with_max(LIMIT_METADATA_SHOWN_BYTES);
	SCOPED(source_closep) struct source *source = reader_block(view->reader);
	struct flong_error ignored = {0};
	int rc = source_read_all(source, &block, &ignored);
	add_verdict(record, buf_bytes(&block), rc, out);
	add_lines(buf_bytes(&block), out);
	add_links(view, buf_bytes(&block), out);
}

/* --- the other records -------------------------------------------------------------------------
 */

static void add_other(
	const struct exchange_view *view, const struct reader_record *record, struct buf *out)
{
	buf_addf(out, "<h2>Belongs to it: <a href=\"/%s/record?offset=%llu&amp;file=",
		holding_name(view->call->holding), (unsigned long long)record->offset);
	view_add_query(out, view->file);
	buf_addf(out, "\">%s record</a></h2>\n", record_type_name(record->type));
	if (exchange_view_is_fields(record)) {
		exchange_view_add_fields(view, record, out);
	}
}

void exchange_view_add_others(const struct exchange_view *view, struct buf *out)
{
	const struct reader_record *record = NULL;
	size_t looked = 0;
	while (completeness_next(view->reader, view->id, &looked, &record)) {
		add_other(view, record, out);
	}
}
