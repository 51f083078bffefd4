/* SPDX-License-Identifier: MIT */
/* library_versions.c - the versions of a story, to be compared */
#include "base/clock.h"
#include "replay/library.h"
#include "replay/versions.h"
#include "replay/view.h"

/* "TIME/URL", as a value in a query or in an attribute. */
static void add_moment(
	const struct version *version, void (*add)(struct buf *, struct bytes), struct buf *out)
{
	char digits[CLOCK_DIGITS_SIZE];
	clock_format_digits17(version->first_ms, digits);
	buf_addf(out, "%s/", digits);
	add(out, bytes_of(version->url));
}

static void add_compare_link(const struct holding *holding, struct bytes url,
	const struct version *before, const struct version *after, size_t number, struct buf *out)
{
	buf_add_text(out, "<a href=\"");
	library_add_query_address(holding, "diff", url, out);
	buf_add_text(out, "&amp;a=");
	add_moment(before, view_add_query, out);
	buf_add_text(out, "&amp;b=");
	add_moment(after, view_add_query, out);
	buf_addf(out, "\">compare with %zu</a>", number);
}

static void add_row(const struct holding *holding, struct bytes url,
	const struct versions *versions, size_t i, struct buf *out)
{
	const struct version *version = &versions->items[i];
	buf_addf(out, "<tr><th scope=\"row\" class=\"number\">%zu</th><td><a href=\"", i + 1);
	library_add_address(holding, version->first_ms, bytes_of(version->url), out);
	buf_add_text(out, "\">");
	view_add(out, bytes_of(version->headline[0] != '\0' ? version->headline : version->url));
	buf_add_text(out, "</a></td><td>");
	view_add_second(out, version->first_ms);
	buf_add_text(out, "</td><td>");
	view_add_second(out, version->last_ms);
	buf_addf(out, "</td><td class=\"number\">%zu</td><td>", version->captures);
	if (i > 0) {
		add_compare_link(holding, url, version - 1, version, i, out);
	}
	buf_add_text(out, "</td></tr>\n");
}

static void add_choice(const struct versions *versions, const char *name, const char *label,
	size_t chosen, struct buf *out)
{
	buf_addf(out, "<label for=\"%s\">%s</label><select id=\"%s\" name=\"%s\">", name, label,
		name, name);
	for (size_t i = 0; i < versions->count; i++) {
		char iso[CLOCK_ISO_SIZE];
		clock_format_iso_s(versions->items[i].first_ms, iso);
		buf_add_text(out, "<option value=\"");
		add_moment(&versions->items[i], view_add, out);
		buf_addf(out, "\"%s>%zu: %.10s %.8s UTC</option>", i == chosen ? " selected" : "",
			i + 1, iso, iso + 11);
	}
	buf_add_text(out, "</select> ");
}

static void add_form(const struct holding *holding, struct bytes url,
	const struct versions *versions, struct buf *out)
{
	buf_addf(out,
		"<form class=\"choice\" action=\"/%s/diff\"><input type=\"hidden\" name=\"url\" "
		"value=\"",
		holding_name(holding));
	view_add(out, url);
	buf_add_text(out, "\">");
	add_choice(versions, "a", "Compare version", 0, out);
	add_choice(versions, "b", "with", versions->count - 1, out);
	buf_add_text(out, "<button>Compare</button></form>\n");
}

static void add_table(const struct holding *holding, struct bytes url,
	const struct versions *versions, struct buf *out)
{
	buf_add_text(out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Versions\">"
		"<table><thead><tr><th scope=\"col\" class=\"number\">Version</th>"
		"<th scope=\"col\">Headline</th><th scope=\"col\">First seen</th>"
		"<th scope=\"col\">Last seen</th><th scope=\"col\" class=\"number\">Captures</th>"
		"<th scope=\"col\">Changes</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < versions->count; i++) {
		add_row(holding, url, versions, i, out);
	}
	buf_add_text(out, "</tbody></table></div>\n");
}

void library_versions(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf url = {0};
	SCOPED(versions_clear) struct versions versions = {0};
	struct flong_error err = {0};
	struct buf *out = &reply->body;
	if (!library_subject(call, &url, reply)) {
		return;
	}
	int rc = versions_read(call->holding, buf_bytes(&url), &versions, &err);
	if (rc == FLONG_OK && versions.count == 0) {
		library_answer_error(call, 404, "No such story", buf_bytes(&url),
			"The collection has no capture of this address.", reply);
		return;
	}
	const struct library_page page = {.title = "Versions"};
	library_begin(call, &page, reply);
	library_add_subject(call->holding, "Versions", buf_bytes(&url), "versions", out);
	if (rc < 0) {
		library_add_fault(&err, out);
	}
	if (versions.by_payload && versions.count > 0) {
		buf_add_text(out,
			"<p class=\"facts\">This archive has no list of stories: versions "
			"are told apart by their bytes.</p>\n");
	}
	if (versions.count > 1) {
		add_form(call->holding, buf_bytes(&url), &versions, out);
	} else if (versions.count == 1) {
		buf_add_text(out, "<p>There is one version only.</p>\n");
	}
	add_table(call->holding, buf_bytes(&url), &versions, out);
	if (versions.left_out > 0) {
		buf_addf(out, "<p class=\"facts\">%zu more captures are not shown.</p>\n",
			versions.left_out);
	}
	library_end(reply);
}
