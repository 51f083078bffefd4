/* SPDX-License-Identifier: MIT */
/* page_bench.c - what the story of a page costs beside its links; scripts/bench/article --time runs
 * it
 *
 * page_bench PAGES: reads lines "URL TAB FILE" from standard input and goes through these files,
 * held in memory, until PAGES pages are read: each once for its links alone and once for all, in
 * turns. Prints one JSON object, in microseconds of processor time, so that a busy machine does not
 * count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "article/page.h"
#include "base/alloc.h"
#include "base/limits.h"
#include "links/links.h"

/* The slowest page is read again this often: the least time counts. */
#define AGAIN 5

struct bench_page {
	struct url *url; /* owned */
	char *data;      /* owned */
	size_t len;
	int64_t least_us; /* of all readings */
};

struct bench {
	struct bench_page *pages; /* owned */
	size_t count;
	size_t capacity;
};

static int64_t processor_us(void)
{
	struct timespec now = {0};
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void load(struct bench *bench, struct bytes address, const char *path)
{
	struct flong_error err = {0};
	FILE *file = fopen(path, "rb");
	struct url *url = NULL;
	if (file == NULL || url_parse(address, NULL, &url, &err) < 0) {
		(void)fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	if (bench->count == bench->capacity) {
		bench->capacity = bench->capacity == 0 ? 256 : bench->capacity * 2;
		bench->pages = alloc_resize(bench->pages, bench->capacity, sizeof(bench->pages[0]));
	}
	char *data = ALLOC_ARRAY(char, LIMIT_DOCUMENT_BYTES);
	size_t len = fread(data, 1, LIMIT_DOCUMENT_BYTES, file);
	(void)fclose(file);
	data = alloc_resize(data, len + 1, 1);
	bench->pages[bench->count++] =
		(struct bench_page){.url = url, .data = data, .len = len, .least_us = INT64_MAX};
}

static int64_t read_links(const struct bench_page *page)
{
	struct flong_error ignored = {0};
	struct link_list list = {0};
	struct links_input input = {.document = bytes_from(page->data, page->len),
		.url = page->url,
		.content_type = BYTES("text/html"),
		.role = ROLE_DOCUMENT};
	int64_t started = processor_us();
	(void)!links_find(&input, &list, &ignored);
	int64_t took = processor_us() - started;
	link_list_clear(&list);
	return took;
}

static int64_t read_all(struct bench_page *page)
{
	struct flong_error ignored = {0};
	struct page_result result = {0};
	struct page_input input = {.document = bytes_from(page->data, page->len),
		.url = page->url,
		.content_type = BYTES("text/html"),
		.role = ROLE_DOCUMENT,
		.captured_ms = INT64_C(1700000000000)};
	int64_t started = processor_us();
	(void)!page_read(&input, &result, &ignored);
	int64_t took = processor_us() - started;
	page_result_clear(&result);
	page->least_us = took < page->least_us ? took : page->least_us;
	return took;
}

static struct bench_page *slowest(const struct bench *bench)
{
	struct bench_page *worst = &bench->pages[0];
	for (size_t i = 0; i < bench->count; i++) {
		worst = bench->pages[i].least_us > worst->least_us ? &bench->pages[i] : worst;
	}
	return worst;
}

static void print(struct bench *bench, uint64_t pages)
{
	int64_t links = 0;
	int64_t all = 0;
	uint64_t bytes = 0;
	for (uint64_t i = 0; i < pages; i++) {
		struct bench_page *page = &bench->pages[i % bench->count];
		links += i % 2 == 0 ? read_links(page) : 0;
		all += read_all(page);
		links += i % 2 == 0 ? 0 : read_links(page);
		bytes += page->len;
	}
	for (int i = 0; i < AGAIN; i++) {
		(void)read_all(slowest(bench));
	}
	const struct bench_page *worst = slowest(bench);
	(void)printf("{\"pages\":%llu,\"bytes\":%llu,\"links\":%lld,\"all\":%lld,\"slowest\":%lld,"
		     "\"slowest_bytes\":%zu,\"slowest_url\":\"%s\"}\n",
		(unsigned long long)pages, (unsigned long long)bytes, (long long)links,
		(long long)all, (long long)worst->least_us, worst->len, worst->url->href);
}

int main(int argc, char **argv)
{
	struct bench bench = {0};
	char line[16384];
	uint64_t pages = 0;
	if (argc != 2 || !bytes_to_u64(bytes_of(argv[1]), 10000000, &pages)) {
		(void)fputs("usage: page_bench PAGES\n", stderr);
		return 2;
	}
	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct bytes path;
		struct bytes url;
		if (!bytes_cut(bytes_trim(bytes_of(line)), '\t', &url, &path)) {
			return 2;
		}
		char *file = strndup(path.ptr, path.len);
		load(&bench, url, file);
		free(file);
	}
	if (bench.count > 0) {
		print(&bench, pages);
	}
	for (size_t i = 0; i < bench.count; i++) {
		url_close(bench.pages[i].url);
		free(bench.pages[i].data);
	}
	free(bench.pages);
	return bench.count > 0 ? 0 : 2;
}
