/* SPDX-License-Identifier: MIT */
/* links_bench.c - how fast links are found in pages, beside libxml2 alone, and what each rule
 * costs; scripts/bench/links runs it
 *
 * Reads lines "URL TAB FILE" from standard input. Each page is decoded once and held in memory.
 * Rounds of libxml2 with empty handlers, our reading of the markup with nobody listening, and the
 * whole of html_find take turns; their medians are printed as one JSON object, in microseconds.
 * With --once html_find alone runs, once; with --rules a line of JSON a rule is printed instead.
 *
 * What a link of a rule costs is measured by the documents of its tests: html_find less reading
 * their markup and less what html_find needs for an empty document, for each link found in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include "link_rules_rows.h"
#include "link_rules_script_rows.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "links/html.h"
#include "links/markup.h"
#include "links/rules.h"
#include "web/charset.h"
#include "web/utf8.h"

#define ROUNDS 9
/* A document of a few tags is read this often in one measurement. */
#define TIMES 100
#define MAX_RULES 100

struct bench_page {
	struct url *url; /* owned */
	struct buf utf8; /* owned */
};

struct bench {
	struct bench_page *pages; /* owned */
	size_t count;
	size_t capacity;
	size_t bytes;
	size_t links;            /* of the last round */
	size_t found[MAX_RULES]; /* links of each rule in all pages, by its place in links/rules.c
				  */
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

/* The whole document as the last piece; nothing is mended and nothing cut. */
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

/* Counts the links by rule in `found`, which may be NULL. */
static void count_rules(const struct link_list *list, size_t *found)
{
	for (size_t i = 0; found != NULL && i < list->count; i++) {
		for (size_t k = 0; k < MAX_RULES && link_rules_at(k) != NULL; k++) {
			found[k] += strcmp(list->items[i].rule, link_rules_at(k)->id) == 0;
		}
	}
}

static size_t find_links(const struct bench_page *page, size_t *found)
{
	struct flong_error ignored = {0};
	struct link_list list = {0};
	struct links_input input = {.document = buf_bytes(&page->utf8),
		.url = page->url,
		.content_type = BYTES("text/html; charset=utf-8"),
		.role = ROLE_DOCUMENT};
	(void)!html_find(buf_bytes(&page->utf8), &input, &list, &ignored);
	size_t count = list.count;
	count_rules(&list, found);
	link_list_clear(&list);
	return count;
}

/* What was measured of a rule. */
struct rule_cost {
	double ns;
	size_t links;
};

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
			bench->links += find_links(&bench->pages[i], NULL);
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

/* Prints how long each way takes for all pages. */
static void print_ways(struct bench *bench, bool is_once)
{
	int64_t times[WAYS][ROUNDS] = {{0}};
	size_t rounds = is_once ? 1 : ROUNDS;
	for (size_t round = 0; round < rounds; round++) {
		for (enum way way = is_once ? LINKS : BARE; way < WAYS; way++) {
			times[way][round] = run(bench, way);
		}
	}
	for (enum way way = BARE; !is_once && way < WAYS; way++) {
		qsort(times[way], ROUNDS, sizeof(times[way][0]), by_value);
	}
	(void)printf("{\"pages\": %zu, \"bytes\": %zu, \"links\": %zu, \"bare\": %lld, \"markup\": "
		     "%lld, "
		     "\"all\": %lld}\n",
		bench->count, bench->bytes, bench->links, (long long)times[BARE][ROUNDS / 2],
		(long long)times[MARKUP][ROUNDS / 2], (long long)times[LINKS][ROUNDS / 2]);
}

/* Nanoseconds that html_find takes for one page above reading its markup. */
static double finding_ns(const struct bench_page *page, size_t *links_out)
{
	int64_t times[2][ROUNDS];
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t way = 0; way < 2; way++) {
			int64_t started = clock_monotonic_us();
			for (size_t i = 0; i < TIMES; i++) {
				if (way == 0) {
					read_markup(page);
				} else {
					*links_out = find_links(page, NULL);
				}
			}
			times[way][round] = clock_monotonic_us() - started;
		}
	}
	for (size_t way = 0; way < 2; way++) {
		qsort(times[way], ROUNDS, sizeof(times[way][0]), by_value);
	}
	return (double)(times[1][ROUNDS / 2] - times[0][ROUNDS / 2]) * 1000 / TIMES;
}

static double row_ns(const struct url *url, const char *html, size_t *links_out)
{
	struct bench_page page = {.url = (struct url *)(uintptr_t)url};
	buf_add_text(&page.utf8, html);
	double ns = finding_ns(&page, links_out);
	buf_clear(&page.utf8);
	return ns;
}

/* Sums up the rows of one rule. */
static void add_rows(const struct url *url, const struct row *some, size_t count, const char *rule,
	double empty_ns, struct rule_cost *cost)
{
	for (size_t i = 0; i < count; i++) {
		size_t links = 0;
		if (strcmp(some[i].rule, rule) == 0 && some[i].links[0] != '\0') {
			cost->ns += row_ns(url, some[i].html, &links) - empty_ns;
			cost->links += links;
		}
	}
}

/* Prints one line of JSON a rule: its number, what it says, links found in the pages, nanoseconds a
 * link. */
static void print_rules(struct bench *bench)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(BYTES("https://news.example/en/story"), NULL, &url, &err) < 0) {
		return;
	}
	for (size_t i = 0; i < bench->count; i++) {
		(void)find_links(&bench->pages[i], bench->found);
	}
	size_t links = 0;
	double empty_ns = row_ns(url, "<p>", &links);
	for (size_t k = 0; k < MAX_RULES && link_rules_at(k) != NULL; k++) {
		const struct link_rule *rule = link_rules_at(k);
		struct rule_cost cost = {0, 0};
		add_rows(url, rows, sizeof(rows) / sizeof(rows[0]), rule->id, empty_ns, &cost);
		add_rows(url, script_rows, sizeof(script_rows) / sizeof(script_rows[0]), rule->id,
			empty_ns, &cost);
		SCOPED(buf_clear) struct buf line = {0};
		buf_add_char(&line, '{');
		json_add_member(&line, "rule", bytes_of(rule->id));
		json_add_member(&line, "where", bytes_of(rule->where));
		json_add_member_u64(&line, "found", bench->found[k]);
		if (cost.links > 0) {
			json_add_member_u64(&line, "ns",
				cost.ns > 0 ? (uint64_t)(cost.ns / (double)cost.links) : 0);
		}
		(void)printf("%s}\n", buf_text(&line));
	}
}

int main(int argc, char **argv)
{
	struct bench bench = {0};
	bool is_rules = argc > 1 && strcmp(argv[1], "--rules") == 0;
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
	if (is_rules) {
		print_rules(&bench);
	} else {
		print_ways(&bench, is_once);
	}
	for (size_t i = 0; i < bench.count; i++) {
		url_close(bench.pages[i].url);
		buf_clear(&bench.pages[i].utf8);
	}
	free(bench.pages);
	return 0;
}
