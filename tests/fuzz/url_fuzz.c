/* SPDX-License-Identifier: MIT */
/* url_fuzz.c - a URL, resolved against a base; its href must be a fixed point */
#include <stdlib.h>
#include <string.h>

#include "web/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	struct flong_error err = {0};
	struct bytes base_text = BYTES("http://example.com/a/b?c");
	SCOPED(url_closep) struct url *base = NULL;
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(url_closep) struct url *again = NULL;
	(void)bytes_cut(input, (char)0, &base_text, &input);
	if (url_parse(base_text, NULL, &base, &err) != FLONG_OK ||
		url_parse(input, base, &url, &err) != FLONG_OK) {
		return 0;
	}
	if (url_parse(bytes_of(url->href), NULL, &again, &err) != FLONG_OK ||
		strcmp(again->href, url->href) != 0) {
		abort();
	}
	(void)url_registrable_domain(url->host);
	return 0;
}
