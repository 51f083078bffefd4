/* SPDX-License-Identifier: MIT */
/* links_formats_fuzz.c - any bytes as a document of each format; the first byte
 * chooses */
#include <stdint.h>

#include "links/dash.h"
#include "links/feed.h"
#include "links/json_documents.h"
#include "links/manifest.h"
#include "links/playlist.h"
#include "links/sitemap.h"
#include "links/track.h"
#include "links/xml_stylesheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The finders that resolve what they find themselves. */
static void find_resolved(uint8_t choice, struct bytes text)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	if (url_parse(BYTES("https://a.example/b/c"), NULL, &url, &err) != FLONG_OK) {
		__builtin_trap();
	}
	int rc = FLONG_OK;
	if (choice == 0) {
		rc = feed_find(text, url, &list, &err);
	} else if (choice == 4) {
		rc = dash_find(text, url, &list, &err);
	} else {
		(void)json_documents_find(text, url, &list);
	}
	if (rc != FLONG_OK) {
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
	uint8_t choice = data[0] % 8;
	switch (choice) {
	case 0:
		find_resolved(choice, text);
		xml_stylesheet_find(text, &references);
		rc = xml_stylesheet_find_imports(text, &references, &err);
		break;
	case 1:
		rc = sitemap_find(text, &references, &err);
		sitemap_find_in_text(text, &references);
		break;
	case 2:
		playlist_find(text, NULL, &references);
		break;
	case 4:
	case 5:
		find_resolved(choice, text);
		break;
	case 6:
		rc = track_find(text, &references, &err);
		break;
	default:
		manifest_find(text, &references);
		break;
	}
	references_clear(&references);
	return rc == FLONG_OK ? 0 : 1;
}
