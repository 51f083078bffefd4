/* SPDX-License-Identifier: MIT */
/* links_dump.c - prints the links of files, for comparisons with other readers
 *
 * Reads lines "URL TAB FILE" from standard input; prints "page TAB FILE TAB dropped" and a line
 * "kind TAB rule TAB URL" for each link. Documents are text/html without charset. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/limits.h"
#include "links/links.h"

static int dump(struct bytes address, const char *path)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf document = buf_with_max(2 * LIMIT_DOCUMENT_BYTES);
	if (files_read(path, &document, &err) < 0 || url_parse(address, NULL, &url, &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	struct links_input input = {.document = buf_bytes(&document),
		.url = url,
		.content_type = BYTES("text/html"),
		.role = ROLE_DOCUMENT};
	struct link_list list = {0};
	int rc = links_find(&input, &list, &err);
	(void)printf("page\t%s\t%zu\n", path, list.dropped);
	for (size_t i = 0; i < list.count; i++) {
		const struct link *link = &list.items[i];
		(void)printf("%s\t%s\t", link_kind_name(link->kind), link->rule);
		(void)fwrite(link->url.ptr, 1, link->url.len, stdout);
		(void)putchar('\n');
	}
	link_list_clear(&list);
	return rc < 0 ? 1 : 0;
}

int main(void)
{
	char line[8192];
	int failed = 0;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		struct bytes url;
		struct bytes path;
		if (!bytes_cut(bytes_of(line), '\t', &url, &path)) {
			(void)fprintf(stderr, "no tab in '%s'\n", line);
			return 2;
		}
		failed |= dump(url, path.ptr);
	}
	return failed;
}
