/* SPDX-License-Identifier: MIT */
/* check_page.c - the report as HTML: made for paper first, calm on a screen */
#include "cli/check_page.h"

#include <string.h>

#include "base/files.h"
#include "web/html_escape.h"
#include "web/utf8.h"

enum { TEXT_MAX = 500 };

static const char style[] =
	"@page{size:A4;margin:18mm 16mm 20mm}"
	":root{--ink:#1d2327;--soft:#5d6a72;--line:#d9dfe2;--paper:#fff;--good:#22693f;"
	"--bad:#a3271d;--mind:#8a5a00}"
	"*{box-sizing:border-box}"
	"body{margin:0 auto;padding:3.5rem 1.5rem 4rem;max-width:52rem;background:var(--paper);"
	"color:var(--ink);font:400 .9375rem/1.5 'Source Sans 3','Segoe UI',Roboto,'Helvetica "
	"Neue',Arial,sans-serif;font-variant-numeric:tabular-nums}"
	"header{border-bottom:2px solid var(--ink);padding-bottom:1.25rem;margin-bottom:1.5rem}"
	".kind{margin:0;color:var(--soft);font-size:.8125rem;letter-spacing:.04em}"
	"h1{margin:.25rem 0 .5rem;font:600 1.75rem/1.2 'Source Serif 4',Georgia,'Times New "
	"Roman',serif;overflow-wrap:anywhere}"
	".verdict{margin:0;font-size:1.0625rem;font-weight:600}"
	".good{color:var(--good)}.error,.bad{color:var(--bad)}.warning{color:var(--mind)}"
	".advice,.soft{color:var(--soft)}"
	"h2{margin:2.25rem 0 .5rem;font:600 1.125rem/1.3 'Source Serif 4',Georgia,'Times New "
	"Roman',serif;break-after:avoid}"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem;margin:0}"
	"dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}"
	"ol{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}"
	"li{padding:.5rem 0;border-bottom:1px solid var(--line);break-inside:avoid}"
	"li p{margin:0;overflow-wrap:anywhere}"
	"li p+p{color:var(--soft);font-size:.8125rem}"
	"code{font:400 .78125rem/1.5 ui-monospace,'DejaVu Sans Mono',Menlo,monospace;"
	"overflow-wrap:anywhere}"
	".mark{float:right;margin-left:1rem;font-size:.8125rem}"
	".note{color:var(--soft);margin:.5rem 0 0;max-width:42rem}"
	"footer{margin-top:2.5rem;padding-top:.75rem;border-top:1px solid var(--line);"
	"color:var(--soft);font-size:.8125rem}"
	"@media print{body{padding:0;max-width:none;font-size:9.5pt}"
	"header{margin-bottom:1rem}h2{margin-top:1.5rem}}";

void check_page_add_text(struct buf *out, struct bytes text)
{
	SCOPED(buf_clear) struct buf valid = {0};
	utf8_add_valid(&valid, bytes_slice(text, 0, TEXT_MAX));
	for (size_t i = 0; i < valid.len; i++) {
		unsigned char c = (unsigned char)valid.ptr[i];
		if (!html_escape(c, out)) {
			buf_add_char(out, c < ' ' || c == 0x7f ? '?' : (char)c);
		}
	}
	if (text.len > TEXT_MAX) {
		buf_add_text(out, "…");
	}
}

void check_page_add_finding(struct buf *out, const char *name, const struct check_finding *finding)
{
	const struct check_rule *rule = check_rules_find(finding->rule);
	const char *severity = check_severity_name(finding->severity);
	bool is_line = finding->line > 0;
	buf_addf(out, "<li><p><span class=\"mark %s\">%s</span>", severity, severity);
	check_page_add_text(out, bytes_of(finding->text));
	buf_add_text(out, "</p><p>");
	check_page_add_text(out, bytes_of(files_base_name(name)));
	if (!finding->is_of_file) {
		buf_addf(out, ", %s %llu", is_line ? "line" : "offset",
			(unsigned long long)(is_line ? finding->line : finding->offset));
	}
	buf_addf(out, " · rule %s, ", rule->id);
	check_page_add_text(out, bytes_of(rule->source));
	if (finding->record.len > 0) {
		buf_add_text(out, " · <code>");
		check_page_add_text(out, finding->record);
		buf_add_text(out, "</code>");
	}
	buf_add_text(out, "</p></li>\n");
}

static struct bytes field(const struct check_seen *seen, const char *name)
{
	return headers_first(&seen->record->headers, name);
}

/* " · VALUE", unless it is empty. */
static void add_part(struct buf *out, const char *before, struct bytes value)
{
	if (value.len > 0) {
		buf_add_text(out, before);
		check_page_add_text(out, value);
	}
}

static void add_digest_mark(struct buf *out, const struct check_seen *seen)
{
	bool is_bad = seen->block == CHECK_DIGEST_FAILED || seen->payload == CHECK_DIGEST_FAILED;
	bool is_good =
		seen->block == CHECK_DIGEST_VERIFIED || seen->payload == CHECK_DIGEST_VERIFIED;
	if (is_bad) {
		buf_add_text(out, "<span class=\"mark bad\">digest wrong</span>");
	} else if (seen->record->type == RECORD_REVISIT) {
		buf_add_text(out, "<span class=\"mark soft\">content in another record</span>");
	} else if (is_good) {
		buf_add_text(out, "<span class=\"mark good\">verified</span>");
	} else {
		buf_add_text(out, "<span class=\"mark soft\">not verified</span>");
	}
}

void check_page_add_capture(struct buf *out, const struct check_seen *seen)
{
	const struct reader_record *record = seen->record;
	struct bytes protocol;
	buf_add_text(out, "<li><p>");
	add_digest_mark(out, seen);
	buf_add_text(out, "<bdi>");
	check_page_add_text(out, reader_uri(record, "WARC-Target-URI"));
	buf_add_text(out, "</bdi></p><p>");
	check_page_add_text(out, field(seen, "WARC-Date"));
	add_part(out, " · ", bytes_of(record_type_name(record->type)));
	if (seen->status > 0) {
		buf_addf(out, " · status %d", seen->status);
	}
	buf_add_text(out, " · ");
	check_print_size(out, seen->payload_bytes);
	add_part(out, " · from ", field(seen, "WARC-IP-Address"));
	for (size_t n = 0; headers_nth(&record->headers, "WARC-Protocol", n, &protocol) && n < 4;
		n++) {
		add_part(out, n == 0 ? " over " : ", ", protocol);
	}
	add_part(out, ", ", field(seen, "WARC-Cipher-Suite"));
	add_part(out, " · cut: ", field(seen, "WARC-Truncated"));
	struct bytes digest = field(seen, "WARC-Payload-Digest");
	if (digest.len == 0) {
		digest = field(seen, "WARC-Block-Digest");
	}
	if (digest.len > 0) {
		buf_add_text(out, "<br><code>");
		check_page_add_text(out, digest);
		buf_add_text(out, "</code>");
	}
	buf_add_text(out, "</p></li>\n");
}

void check_page_add_file(struct buf *out, const struct check_page_file *file)
{
	buf_add_text(out, "<li><p>");
	check_page_add_text(out, bytes_of(file->name));
	buf_add_text(out, "</p><p>");
	if (file->unit != NULL) {
		check_print_count(out, file->count, file->unit, file->units);
	}
	if (file->digest[0] != '\0') {
		buf_add_text(out, file->unit != NULL ? " · " : "");
		check_print_size(out, file->size);
		buf_addf(out, "<br><code>%s</code>", file->digest);
	}
	buf_add_text(out, "</p></li>\n");
}

static void add_row(struct buf *out, const char *term, uint64_t count, const char *text)
{
	buf_addf(out, "<dt>%s</dt><dd>", term);
	check_print_count(out, count, text, text);
	buf_add_text(out, "</dd>\n");
}

/* One row for the digests of a kind, by what became of them. */
static void add_digests(struct buf *out, const char *term, const uint64_t *counts)
{
	buf_addf(out, "<dt>%s</dt><dd>", term);
	check_print_count(out, counts[CHECK_DIGEST_VERIFIED], "verified", "verified");
	if (counts[CHECK_DIGEST_FAILED] > 0) {
		buf_add_text(out, ", <span class=\"bad\">");
		check_print_count(out, counts[CHECK_DIGEST_FAILED], "wrong", "wrong");
		buf_add_text(out, "</span>");
	}
	if (counts[CHECK_DIGEST_UNVERIFIABLE] > 0) {
		buf_add_text(out, ", ");
		check_print_count(
			out, counts[CHECK_DIGEST_UNVERIFIABLE], "not verifiable", "not verifiable");
	}
	if (counts[CHECK_DIGEST_ABSENT] > 0) {
		buf_add_text(out, ", ");
		check_print_count(out, counts[CHECK_DIGEST_ABSENT], "absent", "absent");
	}
	buf_add_text(out, "</dd>\n");
}

static void add_verdict(struct buf *out, const struct check_print *totals)
{
	if (totals->errors == 0) {
		buf_add_text(out, "<p class=\"verdict good\">No errors");
	} else {
		buf_add_text(out, "<p class=\"verdict bad\">");
		check_print_count(out, totals->errors, "error", "errors");
	}
	if (totals->warnings > 0) {
		buf_add_text(out, ", ");
		check_print_count(out, totals->warnings, "warning", "warnings");
	}
	buf_add_text(out, "</p>\n");
}

static void add_summary(struct buf *out, const struct check_page *page)
{
	const struct check_print *totals = page->totals;
	buf_add_text(out, "<h2>Summary</h2>\n<dl>\n");
	buf_addf(out, "<dt>Checked</dt><dd>%s</dd>\n", page->now);
	buf_add_text(out, page->packages);
	if (*page->first != '\0') {
		buf_addf(out, "<dt>Captured</dt><dd>%s", page->first);
		if (strcmp(page->first, page->last) != 0) {
			buf_addf(out, " to %s", page->last);
		}
		buf_add_text(out, "</dd>\n");
	}
	add_row(out, "Captures", page->capture_count + page->hidden_captures, "");
	add_row(out, "Files", totals->files, "");
	buf_add_text(out, "<dt>Records</dt><dd>");
	check_print_count(out, totals->records, "in ", "in ");
	check_print_size(out, totals->bytes);
	buf_add_text(out, "</dd>\n");
	add_digests(out, "Block digests", totals->blocks);
	add_digests(out, "Payload digests", totals->payloads);
	if (totals->joined.revisits > 0) {
		buf_add_text(out, "<dt>Revisits</dt><dd>");
		check_print_count(out, totals->joined.resolved, "of ", "of ");
		check_print_count(
			out, totals->joined.revisits, "finds its original", "find their original");
		buf_add_text(out, "</dd>\n");
	}
	if (totals->joined.rows > 0) {
		add_row(out, "Rows of the index", totals->joined.rows, "");
		add_row(out, "Pages", totals->joined.pages, "");
	}
	if (totals->skipped > 0) {
		add_row(out, "Lost", totals->skipped, "bytes that are no whole records");
	}
	buf_add_text(out, "</dl>\n");
}

/* A list under its title, and how much of it is not there. */
static void add_list(struct buf *out, const char *title, const char *rows, uint64_t hidden)
{
	buf_addf(out, "<h2>%s</h2>\n", title);
	if (*rows != '\0') {
		buf_add_text(out, "<ol>\n");
		buf_add_text(out, rows);
		buf_add_text(out, "</ol>\n");
	} else {
		buf_add_text(out, "<p class=\"note\">None.</p>\n");
	}
	if (hidden > 0) {
		buf_add_text(out, "<p class=\"note\">");
		check_print_count(out, hidden, "more is not listed here",
			"more are not listed here; flong check --json names all");
		buf_add_text(out, ".</p>\n");
	}
}

void check_page_add(struct buf *out, const struct check_page *page)
{
	buf_add_text(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>Provenance of ");
	buf_add_text(out, page->subjects);
	buf_addf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<header>\n", style);
	buf_add_text(out, "<p class=\"kind\">Provenance report</p>\n<h1>");
	buf_add_text(out, page->subjects);
	buf_add_text(out, "</h1>\n");
	add_verdict(out, page->totals);
	buf_add_text(out, "</header>\n<main>\n");
	add_summary(out, page);
	add_list(out, "Findings", page->findings, page->hidden_findings);
	add_list(out, "Files", page->files, page->hidden_files);
	add_list(out, "Captures", page->captures, page->hidden_captures);
	buf_add_text(out,
		"<h2>How to read this</h2>\n<p class=\"note\">Each file was read from its first to "
		"its last byte. <em>Verified</em> means that a digest was computed anew from the "
		"stored bytes and equals the one that the record states. A revisit has its content "
		"in another record, so its payload digest is not verifiable by itself. Date, "
		"address, protocol and cipher are what the capturing program wrote down. The "
		"SHA-256 under a file's name is that of the whole file as it was checked.</p>\n"
		"</main>\n");
	buf_addf(out, "<footer>flong %s · %s</footer>\n</body>\n</html>\n", page->version,
		page->now);
}
