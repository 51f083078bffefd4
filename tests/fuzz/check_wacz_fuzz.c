/* SPDX-License-Identifier: MIT */
/* check_wacz_fuzz.c - any bytes as a WACZ file, through the whole check
 *
 * What does not begin as a ZIP file is cut at lines that are "----", and its parts become the files
 * of a right one: so changes reach behind the checksums. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/gzip.h"
#include "index/check_wacz.h"
#include "warc/check_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"datapackage.json", "datapackage-digest.json",
	"indexes/index.cdx", "indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl",
	"archive/data.warc"};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

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
}

static void take_warc(void *context, const char *name, const struct check_summary *summary)
{
	(void)context;
	(void)name;
	(void)summary;
}

static void take_lines(void *context, const char *name, uint64_t lines)
{
	(void)context;
	(void)name;
	(void)lines;
}

/* --- a ZIP file of stored entries ---------------------------------------------------------------
 */

static void add_number(struct buf *out, uint64_t number, size_t width)
{
	for (size_t i = 0; i < width; i++) {
		unsigned char byte = i < sizeof(number) ? (unsigned char)(number >> (8 * i)) : 0;
		buf_add_char(out, (char)byte);
	}
}

/* The fields that both headers have, from the flags to the length of the extra field. */
static void add_common(struct buf *out, const char *name, struct bytes content)
{
	add_number(out, 0, 8); /* flags, method, time, date */
	add_number(out, gzip_crc32(0, content), 4);
	add_number(out, content.len, 4);
	add_number(out, content.len, 4);
	add_number(out, bytes_of(name).len, 2);
	add_number(out, 0, 2);
}

static void add_entry(struct buf *zip, struct buf *central, const char *name, struct bytes content)
{
	add_number(central, 0x02014b50, 4);
	add_number(central, 20 | 20 << 16, 4);
	add_common(central, name, content);
	add_number(central, 0, 12); /* comment, disk, attributes */
	add_number(central, zip->len, 4);
	buf_add_text(central, name);
	add_number(zip, 0x04034b50, 4);
	add_number(zip, 20, 2);
	add_common(zip, name, content);
	buf_add_text(zip, name);
	buf_add(zip, content);
}

static void make_zip(struct bytes rest, struct buf *zip)
{
	SCOPED(buf_clear) struct buf central = {0};
	struct bytes separator = BYTES("\n----\n");
	size_t count = 0;
	for (size_t i = 0; i < NAMES; i++) {
		size_t at = bytes_find(rest, separator, 0);
		struct bytes part = bytes_slice(rest, 0, at);
		rest = at == SIZE_MAX ? (struct bytes){NULL, 0}
				      : bytes_slice(rest, at + separator.len, rest.len);
		if (part.len > 0) {
			add_entry(zip, &central, names[i], part);
			count++;
		}
	}
	size_t start = zip->len;
	buf_add(zip, buf_bytes(&central));
	add_number(zip, 0x06054b50, 4);
	add_number(zip, 0, 4);
	add_number(zip, count | count << 16, 4);
	add_number(zip, central.len, 4);
	add_number(zip, start, 4);
	add_number(zip, 0, 2);
}

static void check(const struct buf *zip)
{
	char path[64];
	struct flong_error err;
	const struct check_set_hooks hooks = {
		.finding = take_finding, .warc = take_warc, .lines = take_lines};
	const struct check_wacz_options options = {.hooks = &hooks, .temp_dir = "/tmp"};
	struct check_wacz_summary summary = {0};
	int fd = memfd_create("wacz", MFD_CLOEXEC);
	if (fd >= 0 && write(fd, zip->ptr, zip->len) == (ssize_t)zip->len) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (check_wacz_run(path, &options, &summary, &err) != FLONG_OK) {
			abort();
		}
	}
	check_wacz_clear(&summary);
	(void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(buf_clear) struct buf zip = {0};
	struct bytes input = bytes_from(data, size);
	if (size == 0) {
		return 0;
	}
	if (bytes_starts(input, BYTES("PK"))) {
		buf_add(&zip, input);
	} else {
		make_zip(input, &zip);
	}
	check(&zip);
	return 0;
}
