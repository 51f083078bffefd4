/* SPDX-License-Identifier: MIT */
/* check_print.c - findings under the name of their file, sums at its end, and one last line */
#include "cli/check_print.h"

#include <stdio.h>

#include "base/json.h"
#include "cli/check_wacz_view.h"

static void add_number(struct buf *out, uint64_t number)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0) {
			buf_add_char(out, ',');
		}
		buf_add_char(out, digits[i]);
	}
}

void check_print_count(struct buf *out, uint64_t count, const char *one, const char *many)
{
	add_number(out, count);
	buf_addf(out, " %s", count == 1 ? one : many);
}

static void print_line(struct buf *line)
{
	buf_add_char(line, '\n');
	(void)fwrite(line->ptr, 1, line->len, stdout);
	buf_reset(line);
}

/* Names come from the command line and from directories. */
static void add_name(struct buf *out, const char *name)
{
	for (const char *c = name; *c != '\0'; c++) {
		buf_add_char(out, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
	}
}

/* What was not printed of the file before. */
static void print_hidden(struct check_print *print)
{
	SCOPED(buf_clear) struct buf line = {0};
	for (size_t i = 0; check_rules_at(i) != NULL; i++) {
		uint64_t count = print->of_rule[i];
		print->of_rule[i] = 0;
		if (print->findings_max == 0 || count <= print->findings_max) {
			continue;
		}
		print->hidden[i] += count - print->findings_max;
		if (print->as_json || print->is_quiet) {
			continue;
		}
		buf_add_text(&line, "  and ");
		add_number(&line, count - print->findings_max);
		buf_addf(&line, " more of %s (--max-findings)", check_rules_at(i)->id);
		print_line(&line);
	}
}

/* Begins the part of a file, unless it has begun. */
static void turn_to(struct check_print *print, const char *name)
{
	SCOPED(buf_clear) struct buf line = {0};
	if (bytes_equal(buf_bytes(&print->name), bytes_of(name)) && print->name.len > 0) {
		return;
	}
	print_hidden(print);
	buf_reset(&print->name);
	buf_add_text(&print->name, name);
	if (!print->as_json && !print->is_quiet) {
		add_name(&line, name);
		print_line(&line);
	}
}

static void print_json(const char *name, const struct check_finding *finding)
{
	SCOPED(buf_clear) struct buf line = {0};
	buf_add_char(&line, '{');
	json_add_member(&line, "file", bytes_of(name));
	if (finding->line > 0) {
		json_add_member_u64(&line, "line", finding->line);
	} else {
		json_add_member_u64(&line, "offset", finding->offset);
	}
	if (finding->record.len > 0) {
		json_add_member(&line, "record", finding->record);
	}
	json_add_member(&line, "severity", bytes_of(check_severity_name(finding->severity)));
	json_add_member(&line, "rule", bytes_of(finding->rule));
	json_add_member(&line, "source", bytes_of(check_rules_find(finding->rule)->source));
	json_add_member(&line, "text", bytes_of(finding->text));
	buf_add_char(&line, '}');
	print_line(&line);
}

static void print_text(const struct check_finding *finding)
{
	SCOPED(buf_clear) struct buf line = {0};
	bool is_line = finding->line > 0;
	buf_addf(&line, "  %-7s  ", check_severity_name(finding->severity));
	if (!finding->is_of_file) {
		buf_addf(&line, "%s %llu: ", is_line ? "line" : "offset",
			(unsigned long long)(is_line ? finding->line : finding->offset));
	}
	buf_addf(&line, "%s (%s, %s)", finding->text, finding->rule,
		check_rules_find(finding->rule)->source);
	print_line(&line);
}

void check_print_finding(
	struct check_print *print, const char *name, const struct check_finding *finding)
{
	turn_to(print, name);
	print->errors += finding->severity == CHECK_ERROR;
	print->warnings += finding->severity == CHECK_WARNING;
	print->advice += finding->severity == CHECK_ADVICE;
	uint64_t *count = &print->of_rule[check_rules_index(finding->rule)];
	++*count;
	if (print->is_quiet || (print->findings_max > 0 && *count > print->findings_max)) {
		return;
	}
	if (print->as_json) {
		print_json(name, finding);
	} else {
		print_text(finding);
	}
}

void check_print_size(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	if (bytes < 1000) {
		check_print_count(out, bytes, "byte", "bytes");
		return;
	}
	double size = (double)bytes / 1000;
	size_t unit = 0;
	while (size >= 1000 && unit < 3) {
		size /= 1000;
		unit++;
	}
	buf_addf(out, size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

/* "; digests: 4 verified, 1 wrong" */
static void add_digests(struct buf *out, const uint64_t *blocks, const uint64_t *payloads)
{
	static const struct {
		enum check_digest state;
		const char *word;
	} rows[] = {
		{CHECK_DIGEST_VERIFIED, "verified"},
		{CHECK_DIGEST_FAILED, "wrong"},
		{CHECK_DIGEST_UNVERIFIABLE, "not verifiable"},
		{CHECK_DIGEST_ABSENT, "absent"},
	};
	const char *before = "; digests: ";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t count = blocks[rows[i].state] + payloads[rows[i].state];
		if (count > 0) {
			buf_add_text(out, before);
			add_number(out, count);
			buf_addf(out, " %s", rows[i].word);
			before = ", ";
		}
	}
}

void check_print_warc(
	struct check_print *print, const char *name, const struct check_summary *summary)
{
	static const char *const forms[] = {"", ", gzip", ", zstd"};
	SCOPED(buf_clear) struct buf line = {0};
	turn_to(print, name);
	print->files++;
	print->records += summary->records;
	print->bytes += summary->bytes;
	print->skipped += summary->skipped;
	for (size_t i = 0; i < CHECK_DIGEST_STATES; i++) {
		print->blocks[i] += summary->blocks[i];
		print->payloads[i] += summary->payloads[i];
	}
	print_hidden(print);
	if (print->as_json || print->is_quiet) {
		return;
	}
	buf_add_text(&line, "  ");
	check_print_count(&line, summary->records, "record", "records");
	buf_add_text(&line, " in ");
	check_print_size(&line, summary->bytes);
	buf_addf(&line, "%s%s", summary->is_arc ? ", ARC" : "", forms[summary->form]);
	if (summary->skipped > 0) {
		buf_add_text(&line, "; ");
		check_print_count(&line, summary->skipped, "byte", "bytes");
		buf_add_text(&line, " lost");
	}
	add_digests(&line, summary->blocks, summary->payloads);
	print_line(&line);
}

void check_print_lines(struct check_print *print, const char *name, uint64_t lines)
{
	SCOPED(buf_clear) struct buf line = {0};
	turn_to(print, name);
	print->files++;
	print_hidden(print);
	if (!print->as_json && !print->is_quiet) {
		buf_add_text(&line, "  ");
		check_print_count(&line, lines, "line", "lines");
		print_line(&line);
	}
}

void check_print_package(
	struct check_print *print, const char *name, const struct check_wacz_summary *summary)
{
	SCOPED(buf_clear) struct buf text = {0};
	print->files++;
	turn_to(print, name);
	print_hidden(print);
	if (!summary->is_readable || print->is_quiet) {
		return;
	}
	if (print->as_json) {
		check_wacz_view_add_json(&text, name, summary);
		print_line(&text);
	} else {
		check_wacz_view_add_text(&text, summary);
		(void)fwrite(text.ptr, 1, text.len, stdout);
	}
}

void check_print_joined(struct check_print *print, const char *operand, bool is_collection,
	const struct check_join_summary *joined)
{
	SCOPED(buf_clear) struct buf line = {0};
	print->joined.revisits += joined->revisits;
	print->joined.resolved += joined->resolved;
	print->joined.rows += joined->rows;
	print->joined.pages += joined->pages;
	print->joined.record_digests += joined->record_digests;
	if (is_collection) {
		turn_to(print, operand);
	}
	print_hidden(print);
	buf_reset(&print->name);
	if (!is_collection || print->as_json || print->is_quiet) {
		return;
	}
	buf_add_text(&line, "  ");
	check_print_count(&line, joined->rows, "row", "rows");
	buf_add_text(&line, " of the index");
	if (joined->record_digests > 0) {
		buf_add_text(&line, ", ");
		add_number(&line, joined->record_digests);
		buf_add_text(&line, " with the digest of the stored record verified");
	}
	buf_add_text(&line, "; ");
	check_print_count(&line, joined->pages, "page", "pages");
	buf_add_text(&line, "; ");
	add_number(&line, joined->resolved);
	buf_add_text(&line, " of ");
	check_print_count(&line, joined->revisits, "revisit finds", "revisits find");
	buf_add_text(&line, " the original");
	print_line(&line);
}

static void add_json_digests(struct buf *line, const char *name, const uint64_t *counts)
{
	json_add_name(line, name);
	buf_add_char(line, '{');
	json_add_member_u64(line, "verified", counts[CHECK_DIGEST_VERIFIED]);
	json_add_member_u64(line, "wrong", counts[CHECK_DIGEST_FAILED]);
	json_add_member_u64(line, "unverifiable", counts[CHECK_DIGEST_UNVERIFIABLE]);
	json_add_member_u64(line, "absent", counts[CHECK_DIGEST_ABSENT]);
	buf_add_char(line, '}');
}

static void print_json_end(const struct check_print *print)
{
	SCOPED(buf_clear) struct buf line = {0};
	buf_add_text(&line, "{\"summary\":true");
	json_add_member_u64(&line, "files", print->files);
	json_add_member_u64(&line, "records", print->records);
	json_add_member_u64(&line, "bytes", print->bytes);
	json_add_member_u64(&line, "lost", print->skipped);
	json_add_member_u64(&line, "errors", print->errors);
	json_add_member_u64(&line, "warnings", print->warnings);
	json_add_member_u64(&line, "advice", print->advice);
	add_json_digests(&line, "blocks", print->blocks);
	add_json_digests(&line, "payloads", print->payloads);
	json_add_member_u64(&line, "rows", print->joined.rows);
	json_add_member_u64(&line, "record_digests", print->joined.record_digests);
	json_add_member_u64(&line, "pages", print->joined.pages);
	json_add_member_u64(&line, "revisits", print->joined.revisits);
	json_add_member_u64(&line, "resolved", print->joined.resolved);
	json_add_name(&line, "more");
	buf_add_char(&line, '{');
	for (size_t i = 0; check_rules_at(i) != NULL; i++) {
		if (print->hidden[i] > 0) {
			json_add_member_u64(&line, check_rules_at(i)->id, print->hidden[i]);
		}
	}
	buf_add_text(&line, "}}");
	print_line(&line);
}

void check_print_end(struct check_print *print)
{
	SCOPED(buf_clear) struct buf line = {0};
	print_hidden(print);
	if (print->as_json) {
		print_json_end(print);
		return;
	}
	if (print->is_quiet || print->files == 0) {
		return;
	}
	check_print_count(&line, print->files, "file", "files");
	buf_add_text(&line, ": ");
	check_print_count(&line, print->errors, "error", "errors");
	buf_add_text(&line, ", ");
	check_print_count(&line, print->warnings, "warning", "warnings");
	if (print->advice > 0) {
		buf_add_text(&line, ", advice on ");
		check_print_count(&line, print->advice, "thing", "things");
	}
	print_line(&line);
}

void check_print_clear(struct check_print *print)
{
	buf_clear(&print->name);
}
