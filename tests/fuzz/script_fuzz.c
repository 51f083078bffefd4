/* SPDX-License-Identifier: MIT */
/* script_fuzz.c - any bytes as script, import map, speculation rules and style sheet's map; the
 * first byte chooses */
#include <stdint.h>

#include "links/html_scripts.h"
#include "links/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that a page may hold; the import map comes first, up to a NUL. */
static void find_in_page(struct bytes text, enum raw_kind kind, const struct url *url)
{
	struct references references = {0};
	struct templates templates = {0};
	struct link_list list = {0};
	struct html_scripts scripts = {.references = &references, .templates = &templates};
	struct bytes map = text;
	struct bytes rest = text;
	(void)bytes_cut(text, '\0', &map, &rest);
	html_scripts_read(&scripts, RAW_IMPORT_MAP, map);
	html_scripts_read(&scripts, kind, rest);
	html_scripts_read_handler(&scripts, rest);
	(void)html_scripts_read_url(&scripts, rest);
	html_scripts_resolve(&scripts, url, url, &list);
	html_scripts_clear(&scripts);
	link_list_clear(&list);
	references_clear(&references);
	templates_clear(&templates);
}

/* A fetched script; the import map of its page may come first, up to a NUL. */
static void find_in_file(struct bytes text, bool has_map, const struct url *url)
{
	struct link_list list = {0};
	struct import_map map = {.count = 0};
	const struct script_runner runner = {.page = url, .map = &map};
	struct bytes first = text;
	if (has_map) {
		(void)bytes_cut(text, '\0', &first, &text);
		import_map_read(&map, first);
	}
	script_find_in_file(text, url, &runner, &list);
	import_map_clear(&map);
	link_list_clear(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum raw_kind kinds[] = {RAW_SCRIPT, RAW_MODULE, RAW_SPECULATION, RAW_STYLE};
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (size == 0 || url_parse(BYTES("https://a.example/b/c"), NULL, &url, &err) != FLONG_OK) {
		return 0;
	}
	struct bytes text = bytes_from(data + 1, size - 1);
	if (data[0] % 8 >= 4) {
		find_in_page(text, kinds[data[0] % 4], url);
		return 0;
	}
	find_in_file(text, data[0] % 4 == 3, url);
	return 0;
}
