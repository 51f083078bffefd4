/* SPDX-License-Identifier: MIT */
/* check_fuzz.c - any bytes as a WARC file, an index and a list of pages that belong together
 *
 * The input is cut at its first two lines that are "----". */
#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"
#include "index/check_set.h"
#include "warc/check_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes warc;

static void take_finding(void *context, const char *name, const struct check_finding *finding)
{
	(void)context;
	(void)name;
	(void)check_rules_find(finding->rule);
	for (const char *c = finding->text; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f) {
			abort();
		}
	}
	if (finding->line == 0 && finding->offset > warc.len) {
		abort();
	}
}

static void take_warc(void *context, const char *name, const struct check_summary *summary)
{
	(void)context;
	(void)name;
	if (summary->bytes > warc.len) {
		abort();
	}
}

static void take_lines(void *context, const char *name, uint64_t lines)
{
	(void)context;
	(void)name;
	(void)lines;
}

static int open_part(void *context, struct bytes filename, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	(void)context;
	if (!bytes_equal(filename, BYTES("a.warc")) || offset > warc.len) {
		*source_out = NULL;
		return error_set(err, FLONG_E_NOT_FOUND, "no such file");
	}
	struct bytes rest = bytes_slice(warc, (size_t)offset, warc.len);
	*source_out = source_from_bytes(
		bytes_slice(rest, 0, length < rest.len ? (size_t)length : rest.len));
	return FLONG_OK;
}

static struct bytes cut(struct bytes *rest)
{
	struct bytes separator = BYTES("\n----\n");
	size_t at = bytes_find(*rest, separator, 0);
	struct bytes part = bytes_slice(*rest, 0, at);
	*rest = at == SIZE_MAX ? (struct bytes){NULL, 0}
			       : bytes_slice(*rest, at + separator.len, rest->len);
	return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flong_error err;
	struct check_join_summary joined;
	struct bytes rest = bytes_from(data, size);
	const struct check_set_options options = {
		.is_whole = size % 2 == 0, .has_rows = true, .temp_dir = "/tmp"};
	const struct check_set_hooks hooks = {
		.finding = take_finding, .warc = take_warc, .lines = take_lines, .open = open_part};
	const struct check_set_warc file = {.name = "a.warc"};
	warc = cut(&rest);
	struct bytes index = cut(&rest);
	struct check_set *set = check_set_create(&options, &hooks);
	int rc = check_set_add_warc(set, source_from_bytes(warc), &file, &err);
	if (rc == FLONG_OK) {
		rc = check_set_add_index(set, source_from_bytes(index), "index.cdx", &err);
	}
	if (rc == FLONG_OK) {
		rc = check_set_add_pages(set, source_from_bytes(rest), "pages.jsonl", &err);
	}
	if (rc == FLONG_OK && check_set_finish(set, &joined, &err) != FLONG_OK) {
		abort();
	}
	check_set_close(set);
	return 0;
}
