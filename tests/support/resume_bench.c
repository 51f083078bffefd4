/* SPDX-License-Identifier: MIT */
/* resume_bench.c - makes an interrupted crawl large
 *
 * resume_bench DIR URLS HOSTS MEGABYTES; scripts/bench/frontier --resume measures how soon such a
 * crawl goes on. DIR is a collection that was left by a kill: URLS more wait in its state, as
 * stories of HOSTS hosts, and its open segment grows to MEGABYTES by exchanges of a megabyte that
 * cannot be compressed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "crawl/frontier.h"
#include "crawl/recorder.h"
#include "exchanges.h"

#define BODY_BYTES ((size_t)1 << 20)

static struct flong_error err;

static void must(int rc)
{
	if (rc < 0) {
		(void)fprintf(stderr, "resume_bench: %s\n", err.message);
		exit(1);
	}
}

static void add_url(struct frontier *frontier, uint64_t n, uint64_t hosts)
{
	char url[160];
	(void)snprintf(url, sizeof(url),
		"http://www.paper-%" PRIu64 ".example/2026/11/%02" PRIu64
		"/world/a-story-of-usual-length-about-the-harbour-%" PRIu64 ".html",
		n / 64 % hosts, n % 28 + 1, n);
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_copy(url);
	visit->kind = VISIT_PAGE;
	visit->depth = 1;
	(void)snprintf(visit->hops, sizeof(visit->hops), "L");
	must(frontier_add(frontier, visit, NULL, &err));
}

static void add_urls(struct state *state, uint64_t urls, uint64_t hosts)
{
	const struct frontier_options options = {.state = state, .only_state = true};
	struct frontier *frontier = NULL;
	must(frontier_create(&options, &frontier, &err));
	for (uint64_t i = 0; i < urls; i++) {
		add_url(frontier, i, hosts);
		if (i % 10000 == 0) {
			must(state_commit(state, &err));
		}
	}
	must(state_commit(state, &err));
	frontier_close(frontier);
}

static int64_t now_ms(void *context)
{
	(void)context;
	return clock_wall_ms();
}

static void add_exchange(struct recorder *recorder, uint64_t n, char *body)
{
	char url[80];
	uint64_t random = n + 1;
	for (size_t i = 0; i < BODY_BYTES; i++) {
		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		body[i] = (char)(random >> 56);
	}
	(void)snprintf(url, sizeof(url), "http://www.paper-0.example/video/%" PRIu64 ".mp4", n);
	struct exchange *exchange =
		exchanges_make(url, BYTES("HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"),
			bytes_from(body, BODY_BYTES), BODY_BYTES, SPOOL_PLAIN);
	exchange->ticket = n;
	const struct recorder_notes notes = {.metadata = BYTES("hopsFromSeed: LE\r\n")};
	recorder_submit(recorder, exchange, &notes);
	struct recorded *recorded = NULL;
	must(recorder_take(recorder, &recorded, &err));
	must(recorder_append(recorder, recorded, &err));
	recorded_close(recorded);
}

static void grow_segment(const char *dir, struct state *state, uint64_t bytes)
{
	const struct recorder_options options = {
		.dir = dir,
		.prefix = "flong",
		.host = "bench",
		.segment_bytes = UINT64_MAX,
		.compress_level = 1,
		.digest = DIGEST_SHA256,
		.state = state,
		.now_ms = now_ms,
	};
	struct recorder *recorder = NULL;
	char *body = ALLOC_ARRAY(char, BODY_BYTES);
	must(recorder_create(&options, &recorder, &err));
	for (uint64_t n = 0; recorder_total_bytes(recorder) < bytes; n++) {
		add_exchange(recorder, n, body);
	}
	must(recorder_sync(recorder, &err));
	recorder_close(recorder);
	free(body);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		(void)fprintf(stderr, "usage: resume_bench DIR URLS HOSTS MEGABYTES\n");
		return 2;
	}
	char *path = files_join(argv[1], "state/crawl.db");
	struct state *state = NULL;
	must(state_open(path, &state, &err));
	add_urls(state, strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
	grow_segment(argv[1], state, strtoull(argv[4], NULL, 10) * 1000000);
	state_close(state);
	free(path);
	return 0;
}
