/* SPDX-License-Identifier: MIT */
/* wacz_main.c - the page that a package opens with */
#include "index/wacz_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"

void wacz_main_clear(struct wacz_main *page)
{
	free(page->url);
	free(page->title);
	*page = (struct wacz_main){0};
}

static int take_page(struct bytes line, struct wacz_main *page_out, struct flong_error *err)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	int rc = json_parse(line, JSON_STRICT, &document, err);
	if (rc < 0) {
		return rc;
	}
	const struct json *root = json_root(document);
	struct bytes url = json_text(json_get(root, "url"));
	struct bytes title = json_text(json_get(root, "title"));
	page_out->url = alloc_text(url.ptr, url.len);
	page_out->title = alloc_text(title.ptr, title.len);
	(void)clock_parse_iso(json_text(json_get(root, "ts")), &page_out->date_ms);
	return FLONG_OK;
}

int wacz_main_read(const char *dir, struct wacz_main *page_out, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(dir, "pages/pages.jsonl");
	SCOPED(files_close_stream) FILE *file = NULL;
	*page_out = (struct wacz_main){0};
	int rc = files_open_stream(path, &file, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(free_textp) char *line = NULL;
	size_t capacity = 0;
	ssize_t length = files_next_line(file, &line, &capacity); /* the header */
	length = length > 0 ? files_next_line(file, &line, &capacity) : length;
	if (length <= 0) {
		return length == 0 ? FLONG_OK : error_set_errno(err, FLONG_E_IO, errno, "%s", path);
	}
	rc = take_page(bytes_from(line, (size_t)length), page_out, err);
	return rc < 0 ? error_context(err, "%s", path) : rc;
}
