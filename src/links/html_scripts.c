/* SPDX-License-Identifier: MIT */
/* html_scripts.c - inline scripts, handlers, JSON, import maps and styles go to their finders */
#include "links/html_scripts.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/css.h"
#include "links/import_map.h"
#include "links/json_urls.h"
#include "links/script_strings.h"
#include "links/source_map.h"
#include "links/speculation.h"
#include "web/percent.h"

/* A base may still come: maps are kept as text. */
static void keep_map(struct html_scripts *scripts, struct bytes text)
{
	if (scripts->map_count < HTML_IMPORT_MAPS &&
		scripts->store.bytes + text.len <= LIMIT_DOCUMENT_BYTES) {
		scripts->maps[scripts->map_count++] = text_store_keep(&scripts->store, text);
	}
}

static void read_script(struct html_scripts *scripts, enum script_kind kind, struct bytes text)
{
	json_urls_find(text, JSON_URLS_SCRIPT, scripts->references, scripts->templates);
	script_find(text, kind, &scripts->links);
}

static void read_raw(struct html_scripts *scripts, enum raw_kind kind, struct bytes text)
{
	switch (kind) {
	case RAW_NONE:
		break;
	case RAW_STYLE:
		css_find(text, scripts->references);
		source_map_find_in_css(text, scripts->references);
		break;
	case RAW_JSON:
		json_urls_find(text, JSON_URLS_STATE, scripts->references, scripts->templates);
		break;
	case RAW_LD:
		json_urls_find(text, JSON_URLS_LD, scripts->references, scripts->templates);
		break;
	case RAW_SCRIPT:
		read_script(scripts, SCRIPT_CLASSIC, text);
		break;
	case RAW_MODULE:
		read_script(scripts, SCRIPT_MODULE, text);
		break;
	case RAW_IMPORT_MAP:
		keep_map(scripts, text);
		break;
	case RAW_SPECULATION:
		speculation_find(text, scripts->references);
		break;
	}
}

void html_scripts_read(struct html_scripts *scripts, enum raw_kind kind, struct bytes text)
{
	/* Style sheets in the page have its encoding; scripts make URLs of UTF-8. */
	struct charset_encoder *encoder = scripts->references->encoder;
	scripts->references->encoder = kind == RAW_STYLE ? encoder : NULL;
	read_raw(scripts, kind, text);
	scripts->references->encoder = encoder;
}

void html_scripts_read_handler(struct html_scripts *scripts, struct bytes value)
{
	script_find(value, SCRIPT_HANDLER, &scripts->links);
}

bool html_scripts_read_url(struct html_scripts *scripts, struct bytes url)
{
	while (url.len > 0 && (unsigned char)url.ptr[0] <= ' ') {
		url = bytes_slice(url, 1, url.len);
	}
	if (!bytes_starts_nocase(url, BYTES("javascript:"))) {
		return false;
	}
	SCOPED(buf_clear) struct buf code = buf_with_max(LIMIT_DOCUMENT_BYTES);
	percent_decode(bytes_slice(url, 11, url.len), &code);
	html_scripts_read_handler(scripts, buf_bytes(&code));
	return true;
}

void html_scripts_resolve(struct html_scripts *scripts, const struct url *base,
	const struct url *own, struct link_list *list)
{
	struct import_map map = {.count = 0};
	struct references named = {.count = 0};
	for (size_t i = 0; i < scripts->map_count; i++) {
		import_map_add(&map, scripts->maps[i], base, &named);
	}
	import_map_resolve_all(&map, &scripts->links.specifiers, base, list);
	references_resolve(&named, base, list);
	references_resolve(&scripts->links.own, base, list);
	references_resolve(&scripts->links.page, base, list);
	script_strings_resolve(&scripts->links.guesses, base, own, list);
	if (map.count > 0) {
		scripts->map.max = LIMIT_IMPORT_MAP_BYTES;
		list->dropped += import_map_write(&map, &scripts->map);
	}
	references_clear(&named);
	import_map_clear(&map);
}

void html_scripts_clear(struct html_scripts *scripts)
{
	script_links_clear(&scripts->links);
	buf_clear(&scripts->map);
	text_store_clear(&scripts->store);
}
