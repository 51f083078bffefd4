/* SPDX-License-Identifier: MIT */
/* page_read.h - a whole page read, for the tests of what is found in it */
#ifndef TESTS_UNIT_PAGE_READ_H
#define TESTS_UNIT_PAGE_READ_H

#include "unit.h"

#include "article/page.h"

static inline struct page_result read_without(
	const char *address, struct bytes document, unsigned without)
{
	struct flong_error err;
	struct url *url = NULL;
	assert_int_equal(url_parse(bytes_of(address), NULL, &url, &err), FLONG_OK);
	struct page_input input = {.document = document,
		.url = url,
		.content_type = BYTES("text/html; charset=utf-8"),
		.role = ROLE_DOCUMENT,
		.captured_ms = INT64_C(1686731400000),
		.without = without};
	struct page_result result;
	assert_int_equal(page_read(&input, &result, &err), FLONG_OK);
	url_close(url);
	return result;
}

static inline struct page_result read_page(const char *address, struct bytes document)
{
	return read_without(address, document, 0);
}

#define PROSE                                                                                      \
	"<p>The new bridge over the river, long awaited by the town, opened on Monday morning, "   \
	"and the first cars crossed it within minutes of the ribbon being cut by the mayor.</p>"

#endif
