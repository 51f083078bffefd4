/* SPDX-License-Identifier: MIT */
/* frontier_bench.c - what URLs cost the frontier
 *
 * frontier_bench DIR URLS HOSTS PAGES; scripts/bench/frontier prints a table of it.
 *
 * A made crawl without network: pages of 128 links, half of them known already, are absorbed until
 * URLS wait, with one commit each 64 pages, as the crawl does. Then PAGES of them are given out and
 * finished, and the frontier is loaded anew as a resumed crawl would. One line of JSON tells rates,
 * times and memory. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/alloc.h"
#include "base/error.h"
#include "crawl/frontier.h"

#define LINKS 64
#define BATCH 64

struct bench {
	struct state *state;
	struct frontier *frontier;
	struct flong_error err;
	uint64_t hosts, added, known;
	int64_t now_ms;
};

static void must(struct bench *bench, int rc)
{
	if (rc < 0) {
		(void)fprintf(stderr, "frontier_bench: %s\n", bench->err.message);
		exit(1);
	}
}

struct moment {
	double wall, cpu;
};

static double seconds_of(clockid_t id)
{
	struct timespec t;
	(void)clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct moment moment_now(void)
{
	return (struct moment){seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID)};
}

static uint64_t resident_bytes(const char *name)
{
	char line[256];
	uint64_t kilobytes = 0;
	FILE *file = fopen("/proc/self/status", "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, name, strlen(name)) == 0) {
			kilobytes = strtoull(line + strlen(name) + 1, NULL, 10);
		}
	}
	if (file != NULL) {
		(void)fclose(file);
	}
	return kilobytes * 1024;
}

/* Story `n`: its host by a mix of its number, in runs, as the links of a page mostly stay on its
 * host. */
static void add_url(struct bench *bench, uint64_t n)
{
	char url[160];
	uint64_t host = (n / LINKS * UINT64_C(2654435761)) % bench->hosts;
	(void)snprintf(url, sizeof(url),
		"https://www.paper-%" PRIu64 ".example/2026/11/%02" PRIu64
		"/world/a-story-of-usual-length-about-the-harbour-%" PRIu64 ".html",
		host, n % 28 + 1, n);
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_copy(url);
	visit->kind = n % 4 == 3 ? VISIT_REQUISITE : VISIT_PAGE;
	visit->depth = 1;
	(void)snprintf(visit->hops, sizeof(visit->hops), "L");
	bool added = false;
	must(bench, frontier_add(bench->frontier, visit, &added, &bench->err));
	bench->added += added;
	bench->known += !added;
}

/* A known URL, as pages name them: three of four times navigation, the same on all pages, else a
 * story of late, one in sixteen any of all. */
static uint64_t known_url(uint64_t first, uint64_t i, uint64_t *random)
{
	*random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	uint64_t any = *random >> 20;
	if (first < 4096 || i % 4 != 0) {
		return any % LINKS;
	}
	return i % 16 == 0 ? any % first : first - 1 - any % 4096;
}

/* The links of one page: new ones, and as many known. */
static void add_links(struct bench *bench, uint64_t urls, uint64_t *random)
{
	uint64_t first = bench->added;
	for (uint64_t i = 0; i < LINKS; i++) {
		if (bench->added < urls) {
			add_url(bench, bench->added);
		}
		add_url(bench, known_url(first, i, random));
	}
}

static double rate(uint64_t count, double from, double to)
{
	return to > from ? (double)count / (to - from) : 0;
}

/* Fills the frontier and prints the rates of its last part. */
static void fill(struct bench *bench, uint64_t urls)
{
	uint64_t random = 1;
	uint64_t tail = urls < 200000 ? urls / 2 : 100000;
	struct moment begun = {0, 0};
	uint64_t begun_at = 0;
	for (uint64_t page = 0; bench->added < urls; page++) {
		if (begun.wall == 0 && bench->added >= urls - tail) {
			begun = moment_now();
			begun_at = bench->added;
		}
		add_links(bench, urls, &random);
		if (page % BATCH == BATCH - 1) {
			must(bench, state_commit(bench->state, &bench->err));
		}
	}
	must(bench, state_commit(bench->state, &bench->err));
	struct moment end = moment_now();
	(void)printf("\"inserts\":%.0f,\"inserts_cpu\":%.0f,",
		rate(bench->added - begun_at, begun.wall, end.wall),
		rate(bench->added - begun_at, begun.cpu, end.cpu));
}

static void drain(struct bench *bench, uint64_t pages)
{
	const struct state_result result = {
		.state = VISIT_DONE, .status = 200, .is_complete = true, .payload_bytes = 40000};
	const struct frontier_answer answer = {true, true, false, 10};
	struct visit *flying[16] = {NULL};
	struct moment begun = moment_now();
	uint64_t done = 0;
	for (uint64_t turn = 0; done < pages && !frontier_is_empty(bench->frontier); turn++) {
		struct visit **slot = &flying[turn % 16];
		if (*slot != NULL) {
			frontier_answered(bench->frontier, *slot, &answer, bench->now_ms);
			must(bench, state_finish_visit(bench->state, *slot, &result, &bench->err));
			frontier_finished(bench->frontier, *slot);
			visit_close(*slot);
			*slot = NULL;
			done++;
			if (done % BATCH == 0) {
				must(bench, state_commit(bench->state, &bench->err));
			}
		}
		int64_t wait_ms = 0;
		bench->now_ms++;
		must(bench,
			frontier_next(bench->frontier, bench->now_ms, slot, &wait_ms, &bench->err));
	}
	must(bench, state_commit(bench->state, &bench->err));
	struct moment end = moment_now();
	for (size_t i = 0; i < 16; i++) {
		visit_close(flying[i]);
	}
	(void)printf("\"pages\":%.0f,\"pages_cpu\":%.0f,", rate(done, begun.wall, end.wall),
		rate(done, begun.cpu, end.cpu));
}

static void open_all(struct bench *bench, const char *path)
{
	must(bench, state_open(path, &bench->state, &bench->err));
	const struct frontier_options options = {.state = bench->state, .per_host = 6};
	must(bench, frontier_create(&options, &bench->frontier, &bench->err));
	must(bench, frontier_load(bench->frontier, &bench->err));
}

static void close_all(struct bench *bench)
{
	frontier_close(bench->frontier);
	state_close(bench->state);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		(void)fprintf(stderr, "usage: frontier_bench DIR URLS HOSTS PAGES\n");
		return 2;
	}
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/crawl.db", argv[1]);
	struct bench bench = {.hosts = strtoull(argv[3], NULL, 10)};
	uint64_t urls = strtoull(argv[2], NULL, 10);
	(void)printf("{\"urls\":%" PRIu64 ",\"hosts\":%" PRIu64 ",", urls, bench.hosts);
	open_all(&bench, path);
	fill(&bench, urls);
	drain(&bench, strtoull(argv[4], NULL, 10));
	(void)printf("\"known\":%" PRIu64 ",\"memory\":%" PRIu64 ",\"peak\":%" PRIu64 ",",
		bench.known, resident_bytes("VmRSS"), resident_bytes("VmHWM"));
	close_all(&bench);
	struct moment begun = moment_now();
	open_all(&bench, path);
	struct moment end = moment_now();
	(void)printf("\"load_ms\":%.0f,\"queued\":%" PRIu64 "}\n", (end.wall - begun.wall) * 1000,
		frontier_queued(bench.frontier));
	close_all(&bench);
	return 0;
}
