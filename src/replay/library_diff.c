/* SPDX-License-Identifier: MIT */
/* library_diff.c - what an outlet changed in a story between two captures */
#include "article/compare.h"
#include "article/page.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "replay/library.h"
#include "replay/memento.h"
#include "replay/view.h"

struct side_of_diff {
	struct memento memento;
	struct page_result page;
};

struct sides {
	struct side_of_diff before, after;
};

static void side_clear(struct side_of_diff *side)
{
	page_result_clear(&side->page);
	memento_clear(&side->memento);
}

static void sides_clear(struct sides *sides)
{
	side_clear(&sides->before);
	side_clear(&sides->after);
}

/* --- reading -----------------------------------------------------------------------------------
 */

/* The page is read again from its record: what older lists say came by other rules. `moment` is
 * "TIME" or "TIME/URL". */
static int read_side(const struct site_call *call, struct bytes url, struct bytes moment,
	struct side_of_diff *side, struct flong_error *err)
{
	struct bytes digits = moment;
	(void)bytes_cut(moment, '/', &digits, &url);
	SCOPED(buf_clear) struct buf document = buf_with_max(LIMIT_DOCUMENT_BYTES);
	SCOPED(url_closep) struct url *parsed = NULL;
	struct memento_query query = {.url = url, .has_date = true};
	if (!clock_parse_digits(digits, &query.date_ms)) {
		return error_set(err, FLONG_E_USAGE, "'" BYTES_FMT "' is no time such as 20261123",
			BYTES_ARG(digits));
	}
	struct memento *memento = &side->memento;
	int rc = memento_find(call->holding, &query, memento, err);
	if (rc < 0) {
		return rc;
	}
	/* What is broken or too long is read as far as it goes. */
	rc = source_read_all(memento->body->content, &document, err);
	if (rc < 0 && document.len == 0) {
		return rc;
	}
	rc = url_parse(buf_bytes(&memento->url), NULL, &parsed, err);
	if (rc < 0) {
		return rc;
	}
	const struct page_input input = {.document = buf_bytes(&document),
		.url = parsed,
		.content_type = headers_first(&memento->http->headers, "Content-Type"),
		.role = ROLE_DOCUMENT,
		.captured_ms = memento->date_ms};
	return page_read(&input, &side->page, err);
}

/* --- as markup ---------------------------------------------------------------------------------
 */

static const struct {
	const char *open, *close;
} looks[] = {
	[COMPARE_SAME] = {"", ""},
	[COMPARE_REMOVED] = {"<del><span class=\"hidden\">removed: </span>", "</del>"},
	[COMPARE_ADDED] = {"<ins><span class=\"hidden\">added: </span>", "</ins>"},
	[COMPARE_CHANGED] = {"", ""},
};

static void add_text(enum compare_kind kind, struct bytes text, struct buf *out)
{
	if (text.len > 0) {
		buf_add_text(out, looks[kind].open);
		view_add(out, text);
		buf_add_text(out, looks[kind].close);
	}
}

static void add_fields(const struct comparison *comparison, struct buf *out)
{
	if (comparison->field_count == 0) {
		return;
	}
	buf_add_text(out, "<dl class=\"fields changed\">\n");
	for (size_t i = 0; i < comparison->field_count; i++) {
		const struct compare_field *field = &comparison->fields[i];
		buf_addf(out, "<dt>%s</dt><dd>", field->name);
		add_text(COMPARE_REMOVED, field->before, out);
		buf_add_text(out, field->before.len > 0 && field->after.len > 0 ? "<br>" : "");
		add_text(COMPARE_ADDED, field->after, out);
		buf_add_text(out, "</dd>\n");
	}
	buf_add_text(out, "</dl>\n");
}

static void add_changed(const struct comparison *comparison,
	const struct compare_paragraph *paragraph, struct buf *out)
{
	for (size_t i = 0; i < paragraph->piece_count; i++) {
		const struct compare_piece *piece = &comparison->pieces[paragraph->first_piece + i];
		buf_add_text(out, piece->is_apart && i > 0 ? " " : "");
		add_text(piece->kind, piece->text, out);
	}
}

static void add_same_count(size_t count, struct buf *out)
{
	if (count > 0) {
		buf_addf(out, "<p class=\"facts same\">%zu paragraph%s the same</p>\n", count,
			count == 1 ? "" : "s");
	}
}

static void add_paragraphs(const struct comparison *comparison, bool is_whole, struct buf *out)
{
	size_t same = 0;
	for (size_t i = 0; i < comparison->paragraph_count; i++) {
		const struct compare_paragraph *paragraph = &comparison->paragraphs[i];
		if (paragraph->kind == COMPARE_SAME && !is_whole) {
			same++;
			continue;
		}
		add_same_count(same, out);
		same = 0;
		buf_add_text(out, "<p>");
		if (paragraph->kind == COMPARE_CHANGED) {
			add_changed(comparison, paragraph, out);
		} else {
			bool is_removed = paragraph->kind == COMPARE_REMOVED;
			add_text(paragraph->kind, is_removed ? paragraph->before : paragraph->after,
				out);
		}
		buf_add_text(out, "</p>\n");
	}
	add_same_count(same, out);
}

static void add_side(const struct site_call *call, const struct side_of_diff *side,
	const char *name, struct buf *out)
{
	const struct memento *memento = &side->memento;
	buf_addf(out, "<li>%s: <a href=\"", name);
	library_add_address(call->holding, memento->date_ms, buf_bytes(&memento->url), out);
	buf_add_text(out, "\">");
	view_add_second(out, memento->date_ms);
	buf_add_text(out, "</a></li>\n");
}

static void add_summary(const struct comparison *comparison, struct buf *out)
{
	if (compare_is_same(comparison)) {
		buf_add_text(out, "<p>Both read the same.</p>\n");
		return;
	}
	buf_addf(out,
		"<p>%zu words removed, %zu added; %zu paragraphs changed, %zu removed, %zu "
		"added.%s</p>\n",
		comparison->words_removed, comparison->words_added, comparison->paragraphs_changed,
		comparison->paragraphs_removed, comparison->paragraphs_added,
		comparison->is_rough
			? " The texts differ so much that more is shown as changed than was."
			: "");
}

static void add_whole_link(const struct site_call *call, bool is_whole, struct buf *out)
{
	SCOPED(buf_clear) struct buf value = {0};
	static const char *const names[] = {"url", "a", "b"};
	buf_addf(out, "<p><a href=\"/%s/diff?", holding_name(call->holding));
	for (size_t i = 0; i < 3; i++) {
		buf_reset(&value);
		(void)route_parameter(call->route->query, names[i], 0, &value);
		buf_addf(out, "%s%s=", i == 0 ? "" : "&amp;", names[i]);
		view_add_query(out, buf_bytes(&value));
	}
	buf_addf(out, "%s\">%s</a></p>\n", is_whole ? "" : "&amp;whole=1",
		is_whole ? "Only what changed" : "The whole text");
}

static void add_comparison(const struct site_call *call, const struct sides *sides, struct buf *out)
{
	SCOPED(compare_clear) struct comparison comparison = {0};
	SCOPED(buf_clear) struct buf whole = {0};
	bool is_whole = route_parameter(call->route->query, "whole", 0, &whole);
	compare_stories(&sides->before.page, &sides->after.page, &comparison);
	buf_add_text(out, "<ul class=\"plain\">\n");
	add_side(call, &sides->before, "Before", out);
	add_side(call, &sides->after, "After", out);
	buf_add_text(out, "</ul>\n");
	add_summary(&comparison, out);
	add_fields(&comparison, out);
	buf_add_text(out, "<div class=\"text\">\n");
	add_paragraphs(&comparison, is_whole, out);
	buf_add_text(out, "</div>\n");
	add_whole_link(call, is_whole, out);
}

static int read_named(const struct site_call *call, struct bytes url, const char *name,
	struct side_of_diff *side, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf moment = {0};
	(void)route_parameter(call->route->query, name, 0, &moment);
	return read_side(call, url, buf_bytes(&moment), side, err);
}

void library_diff(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf url = {0};
	SCOPED(sides_clear) struct sides sides = {.before = {.memento = {.date_ms = 0}}};
	struct flong_error err = {0};
	if (!library_subject(call, &url, reply)) {
		return;
	}
	int rc = read_named(call, buf_bytes(&url), "a", &sides.before, &err);
	if (rc == FLONG_OK) {
		rc = read_named(call, buf_bytes(&url), "b", &sides.after, &err);
	}
	if (rc < 0) {
		library_answer_error(call, rc == FLONG_E_USAGE ? 400 : 404, "Nothing to compare",
			buf_bytes(&url), err.message, reply);
		return;
	}
	const struct library_page page = {.title = "Changes"};
	library_begin(call, &page, reply);
	library_add_subject(call->holding, "Changes", buf_bytes(&url), "diff", &reply->body);
	add_comparison(call, &sides, &reply->body);
	library_end(reply);
}
