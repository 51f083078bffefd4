/* SPDX-License-Identifier: MIT */
/* options.c - the defaults of a crawl */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "crawl/crawl.h"

void crawl_texts_add(struct crawl_texts *texts, const char *text)
{
	texts->items = alloc_resize(texts->items, texts->count + 2, sizeof(char *));
	texts->items[texts->count++] = alloc_copy(text);
	texts->items[texts->count] = NULL;
}

void crawl_texts_clear(struct crawl_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		free(texts->items[i]);
	}
	free(texts->items);
	*texts = (struct crawl_texts){0};
}

void crawl_options_init(struct crawl_options *options)
{
	*options = (struct crawl_options){
		.depth = 1,
		.scope = SCOPE_RELATED,
		.follow = FOLLOW_RELATED,
		.max_file_bytes = 256 * UINT64_C(1000000),
		.jobs = 16,
		.per_host = 6,
		.wait_ms = -1,
		.max_crawl_delay_ms = 60000,
		.robots = ROBOTS_PAGES,
		.retries = 3,
		.timeout_ms = 60000,
		.connect_timeout_ms = 15000,
		.stall_ms = 20000,
		.has_cookie_jar = true,
		.tls = FETCHER_TLS_VERIFY,
		.parsers = -1,
		.workers = -1,
		.images = IMAGES_AUTO,
		.media = MEDIA_POSTER,
		.has_dedup = true,
		.warc_size_bytes = UINT64_C(1000000000),
		.warc_prefix = alloc_copy("flong"),
		.compress_level = 6,
		.digest = DIGEST_SHA256,
		.progress = PROGRESS_AUTO,
		.min_free_bytes = LIMIT_MIN_FREE_BYTES,
		.acknowledge_after = LIMIT_UNACKNOWLEDGED,
	};
}

void crawl_options_clear(struct crawl_options *options)
{
	struct crawl_texts *const lists[] = {&options->seeds, &options->include, &options->exclude,
		&options->headers, &options->resolve, &options->connect_to, &options->allow_private,
		&options->dedup_from, &options->feeds};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		crawl_texts_clear(lists[i]);
	}
	char *const texts[] = {options->output, options->user_agent, options->operator_name,
		options->cookie_file, options->auth_file, options->proxy, options->cacert,
		options->warc_prefix, options->report_path, options->metrics_path,
		options->sign_key, options->title, options->description,
		options->deterministic_seed, options->arguments, options->saved};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		free(texts[i]);
	}
	*options = (struct crawl_options){0};
}
