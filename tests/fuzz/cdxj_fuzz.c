/* SPDX-License-Identifier: MIT */
/* cdxj_fuzz.c - any index line, of CDXJ, of CDX or of an index of blocks: what is read and written
 * once is written the same again */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "index/cdx.h"
#include "index/cdxj.h"
#include "index/zipnum_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_cdxj(struct bytes line)
{
	const struct cdxj_options options = {.digits = 17, .record_digest = true};
	struct cdxj_row row = {0};
	struct flong_error err = {0};
	if (cdxj_parse(line, &row, &err) < 0) {
		return;
	}
	struct buf first = {0};
	struct buf second = {0};
	cdxj_format(&row.entry, &options, &first);
	struct cdxj_row again = {0};
	if (!buf_failed(&first)) {
		if (cdxj_parse(buf_bytes(&first), &again, &err) < 0) {
			abort();
		}
		cdxj_format(&again.entry, &options, &second);
		if (!bytes_equal(buf_bytes(&first), buf_bytes(&second))) {
			abort();
		}
	}
	cdxj_clear(&again);
	cdxj_clear(&row);
	buf_clear(&second);
	buf_clear(&first);
}

/* The first line may be a header of the second. */
static void read_cdx(struct bytes text)
{
	struct bytes line = {NULL, 0};
	struct flong_error err = {0};
	struct cdx_layout layout;
	bool has_layout = false;
	(void)bytes_next_line(&text, &line);
	if (cdx_is_header(line)) {
		has_layout = cdx_parse_header(line, &layout, &err) == FLONG_OK;
		(void)bytes_next_line(&text, &line);
	}
	struct cdx_row row;
	if (cdx_parse(line, has_layout ? &layout : NULL, &row, &err) < 0) {
		return;
	}
	struct buf first = {0};
	struct buf second = {0};
	struct cdx_row again;
	cdx_format(&row.entry, CDX_11, &first);
	if (!buf_failed(&first)) {
		if (cdx_parse(buf_bytes(&first), NULL, &again, &err) < 0) {
			abort();
		}
		cdx_format(&again.entry, CDX_11, &second);
		if (!bytes_equal(buf_bytes(&first), buf_bytes(&second))) {
			abort();
		}
	}
	buf_clear(&second);
	buf_clear(&first);
}

static void read_place(struct bytes line)
{
	struct zipnum_place place;
	struct flong_error err = {0};
	int rc = zipnum_place_parse(line, &place, &err);
	if (rc != FLONG_E_FORMAT && rc != FLONG_E_LIMIT && strchr(place.part, '/') != NULL) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_from(data, size);
	read_cdxj(text);
	read_cdx(text);
	read_place(text);
	return 0;
}
