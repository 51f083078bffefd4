/* SPDX-License-Identifier: MIT */
/* cookies_fuzz.c - a Set-Cookie value, and the same bytes as a cookie file */
#include "web/cookies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	struct flong_error err = {0};
	SCOPED(buf_clear) struct buf value = {0};
	SCOPED(cookies_closep) struct cookies *cookies = cookies_create();
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(BYTES("https://www.example.co.uk/a/b"), NULL, &url, &err) != FLONG_OK) {
		return 0;
	}
	cookies_set(cookies, url, input, 1000000000000);
	if (cookies_load(cookies, input, &err) == FLONG_OK) {
		cookies_get(cookies, url, 1000000000000, &value);
	}
	cookies_get(cookies, url, 2000000000000, &value);
	return 0;
}
