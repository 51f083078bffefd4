/* SPDX-License-Identifier: MIT */
/* links_bench.c - how fast links are found in pages, beside libxml2 alone; scripts/bench/links runs
 * it
 *
 * Reads lines "URL TAB FILE" from standard input. Each page is decoded once and held in memory.
 * Rounds of libxml2 with empty handlers, our reading of the markup with nobody listening, and the
 * whole of html_find take turns; their medians are printed as one JSON object, in microseconds.
 * With
 * --once html_find alone runs, once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "links/html.h"
#include "links/markup.h"
#include "web/charset.h"
#include "web/utf8.h"

#define ROUNDS 9

struct bench_page {
	struct url *url; /* owned */
	struct buf utf8; /* owned */
};

struct bench {
	struct bench_page *pages; /* owned */
	size_t count;
	size_t capacity;
	size_t bytes;
	size_t links; /* of the last round */
};

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
	(void)context;
	(void)name;
	(void)attributes;
}

static void on_end(void *context, const xmlChar *name)
{
	(void)context;
	(void)name;
}

static void on_text(void *context, const xmlChar *text, int length)
{
	(void)context;
	(void)text;
	(void)length;
}

/* As markup.c calls it, the whole document as the last piece; nothing is mended and nothing cut. */
static void read_bare(const struct bench_page *page)
{
	htmlSAXHandler handler = {.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text};
	htmlParserCtxtPtr parser =
		htmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	(void)htmlCtxtUseOptions(parser, HTML_PARSE_IGNORE_ENC | HTML_PARSE_NONET |
						 HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
						 HTML_PARSE_NOWARNING);
	(void)htmlParseChunk(parser, page->utf8.ptr, (int)page->utf8.len, 1);
	htmlFreeParserCtxt(parser);
}

static void read_markup(const struct bench_page *page)
{
	struct flong_error ignored = {0};
	const struct markup_listener nobody = {0};
	(void)!markup_read(buf_bytes(&page->utf8), &nobody, 1, &ignored);
}

static size_t find_links(const struct bench_page *page)
{
	struct flong_error ignored = {0};
	struct link_list list = {0};
	struct links_input input = {.document = buf_bytes(&page->utf8),
		.url = page->url,
		.content_type = BYTES("text/html; charset=utf-8"),
		.role = ROLE_DOCUMENT};
	(void)!html_find(buf_bytes(&page->utf8), &input, &list, &ignored);
	size_t count = list.count;
	link_list_clear(&list);
	return count;
}

enum way { BARE, MARKUP, LINKS, WAYS };

static int64_t run(struct bench *bench, enum way way)
{
	int64_t started = clock_monotonic_us();
	bench->links = 0;
	for (size_t i = 0; i < bench->count; i++) {
		if (way == BARE) {
			read_bare(&bench->pages[i]);
		} else if (way == MARKUP) {
			read_markup(&bench->pages[i]);
		} else {
			bench->links += find_links(&bench->pages[i]);
		}
	}
	return clock_monotonic_us() - started;
}

static void load(struct bench *bench, const char *address, const char *path)
{
	struct flong_error err = {0};
	struct url *url = NULL;
	FILE *file = fopen(path, "rb");
	if (file == NULL || url_parse(bytes_of(address), NULL, &url, &err) < 0) {
		(void)fprintf(stderr, "%s: left out\n", path);
		url_close(url);
		return;
	}
	static char room[LIMIT_MARKUP_BYTES];
	struct bytes document = bytes_from(room, fread(room, 1, sizeof(room), file));
	(void)fclose(file);
	if (bench->count == bench->capacity) {
		bench->capacity = bench->capacity == 0 ? 256 : 2 * bench->capacity;
		bench->pages = alloc_resize(bench->pages, bench->capacity, sizeof(bench->pages[0]));
	}
	struct bench_page *page = &bench->pages[bench->count++];
	*page = (struct bench_page){.url = url, .utf8 = {.max = 3 * LIMIT_MARKUP_BYTES}};
	const char *guess = utf8_is_valid(document) ? "utf-8" : NULL;
	charset_decode(
		document, charset_detect(document, BYTES(""), CHARSET_HTML, guess), &page->utf8);
	bench->bytes += page->utf8.len;
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
	struct bench bench = {0};
	bool is_once = argc > 1 && strcmp(argv[1], "--once") == 0;
	char line[8192];
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *path = strchr(line, '\t');
		if (path != NULL) {
			*path++ = '\0';
			path[strcspn(path, "\n")] = '\0';
			load(&bench, line, path);
		}
	}
	int64_t times[WAYS][ROUNDS] = {{0}};
	size_t rounds = is_once ? 1 : ROUNDS;
	for (size_t round = 0; round < rounds; round++) {
		for (enum way way = is_once ? LINKS : BARE; way < WAYS; way++) {
			times[way][round] = run(&bench, way);
		}
	}
	for (enum way way = BARE; !is_once && way < WAYS; way++) {
		qsort(times[way], ROUNDS, sizeof(times[way][0]), by_value);
	}
	(void)printf("{\"pages\": %zu, \"bytes\": %zu, \"links\": %zu, \"bare\": %lld, \"markup\": "
		     "%lld, "
		     "\"all\": %lld}\n",
		bench.count, bench.bytes, bench.links, (long long)times[BARE][ROUNDS / 2],
		(long long)times[MARKUP][ROUNDS / 2], (long long)times[LINKS][ROUNDS / 2]);
	for (size_t i = 0; i < bench.count; i++) {
		url_close(bench.pages[i].url);
		buf_clear(&bench.pages[i].utf8);
	}
	free(bench.pages);
	return 0;
}
