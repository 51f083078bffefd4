/* SPDX-License-Identifier: MIT */
/* links_formats_fuzz.c - any bytes as feed, sitemap, playlist and manifest; the first byte chooses
 */
#include <stdint.h>

#include "links/feed.h"
#include "links/manifest.h"
#include "links/playlist.h"
#include "links/sitemap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void find_feed(struct bytes text)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	if (url_parse(BYTES("https://a.example/b/c"), NULL, &url, &err) != FLONG_OK ||
		feed_find(text, url, &list, &err) != FLONG_OK) {
		__builtin_trap();
	}
	link_list_clear(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	struct bytes text = bytes_from(data + 1, size - 1);
	struct references references = {0};
	struct flong_error err = {0};
	int rc = FLONG_OK;
	switch (data[0] % 4) {
	case 0:
		find_feed(text);
		feed_find_stylesheets(text, &references);
		break;
	case 1:
		rc = sitemap_find(text, &references, &err);
		sitemap_find_in_text(text, &references);
		break;
	case 2:
		playlist_find(text, &references);
		break;
	default:
		manifest_find(text, &references);
		break;
	}
	references_clear(&references);
	return rc == FLONG_OK ? 0 : 1;
}
