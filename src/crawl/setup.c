/* SPDX-License-Identifier: MIT */
/* setup.c - everything that must be in place before the first request, and before the first reply
 * is kept
 *
 * A request needs the output, the state, the frontier and the fetcher. The archive takes as long
 * again to open, and is opened while the first reply is awaited. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawl/access.h"
#include "crawl/crawl_private.h"
#include "crawl/feeds.h"
#include "crawl/guard_url.h"
#include "crawl/removal.h"
#include "crawl/room.h"
#include "flong/flong.h"
#include "index/sign.h"

/* Start of the clock with --deterministic: 2026-01-01T00:00:00Z. */
#define FAKE_EPOCH_MS INT64_C(1767225600000)

int setup_parse_seed(const char *text, struct url **url_out, struct flong_error *err)
{
	struct bytes seed = bytes_trim(bytes_of(text));
	SCOPED(buf_clear) struct buf full = buf_with_max(LIMIT_URL_BYTES);
	if (bytes_find(seed, BYTES("://"), 0) == SIZE_MAX &&
		bytes_find_char(seed, '.', 0) != SIZE_MAX &&
		!bytes_starts_nocase(seed, BYTES("mailto:")) &&
		!bytes_starts_nocase(seed, BYTES("data:"))) {
		buf_add_text(&full, "https://");
	}
	buf_add(&full, seed);
	SCOPED(url_closep) struct url *url = NULL;
	int rc = url_parse(buf_bytes(&full), NULL, &url, err);
	if (rc < 0) {
		err->code = FLONG_E_USAGE;
		return rc;
	}
	if (!url->is_http || url->host.len == 0) {
		return error_set(err, FLONG_E_USAGE,
			"'%s': only http and https URLs can be archived, not '" BYTES_FMT "'", text,
			BYTES_ARG(url->scheme));
	}
	const char *service = guard_url_service(url_port(url));
	if (service != NULL) {
		return error_set(err, FLONG_E_USAGE,
			"'%s': port %u belongs to %s, nothing can be archived from it", text,
			(unsigned)url_port(url), service);
	}
	*url_out = TAKE(url);
	return FLONG_OK;
}

int setup_check_seeds(const struct crawl_options *options, struct flong_error *err)
{
	for (size_t i = 0; i < options->seeds.count; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		int rc = setup_parse_seed(options->seeds.items[i], &url, err);
		if (rc < 0) {
			return rc;
		}
	}
	for (size_t i = 0; i < options->feeds.count; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		int rc = feeds_parse(options->feeds.items[i], &url, err);
		if (rc < 0) {
			return rc;
		}
	}
	return FLONG_OK;
}

/* A seed, or what a seed redirected to, in an earlier part of this crawl: its place is in scope. */
static void add_known_place(
	void *context, const struct visit *visit, const struct state_result *result)
{
	(void)result;
	struct crawl *crawl = context;
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(bytes_of(visit->url), NULL, &url, &ignored) == FLONG_OK) {
		scope_add_seed(crawl->scope, url);
	}
}

int setup_add_seeds(struct crawl *crawl, struct flong_error *err)
{
	if (crawl->options->resumes) {
		int rc = state_each_seed(crawl->state, add_known_place, crawl, err);
		if (rc < 0) {
			return rc;
		}
	}
	for (size_t i = 0; i < crawl->options->seeds.count; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		int rc = setup_parse_seed(crawl->options->seeds.items[i], &url, err);
		if (rc < 0) {
			return rc;
		}
		url_drop_credentials(&url);
		scope_add_seed(crawl->scope, url);
		access_add_seed(crawl, url);
		struct visit *visit = ALLOC(struct visit);
		visit->url = alloc_text(url->all.ptr, url->all.len);
		visit->kind = VISIT_PAGE;
		visit->role = ROLE_DOCUMENT;
		visit->is_seed = true;
		rc = frontier_add(crawl->frontier, visit, NULL, err);
		if (rc < 0) {
			return rc;
		}
	}
	return FLONG_OK;
}

int setup_add_feeds(struct crawl *crawl, struct flong_error *err)
{
	if (crawl->options->feeds.count == 0) {
		return FLONG_OK;
	}
	int rc = feeds_add(crawl, err);
	return rc == FLONG_OK ? state_commit(crawl->state, err) : rc;
}

static size_t per_core(int wanted)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return wanted >= 0 ? (size_t)wanted : cores < 1 ? 1 : cores > 64 ? 64 : (size_t)cores;
}

static char *make_user_agent(const struct crawl_options *options)
{
	SCOPED(buf_clear) struct buf agent = {0};
	if (options->user_agent != NULL) {
		buf_add_text(&agent, options->user_agent);
	} else {
		buf_addf(&agent, "Mozilla/5.0 (compatible; flong/%s%s%s)", flong_version(),
			options->operator_name != NULL ? "; " : "",
			options->operator_name != NULL ? options->operator_name : "");
	}
	return buf_take(&agent);
}

static int open_recorder(struct crawl *crawl, struct flong_error *err)
{
	static const char *const robots[] = {"pages", "all", "ignore"};
	const struct crawl_options *options = crawl->options;
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *seed = NULL;
	const char *first = options->seeds.count > 0   ? options->seeds.items[0]
			    : options->feeds.count > 0 ? options->feeds.items[0]
						       : NULL;
	if (first != NULL && setup_parse_seed(first, &seed, &ignored) == FLONG_OK) {
		crawl->seed_host = alloc_text(seed->host.ptr, seed->host.len);
	}
	const struct recorder_options recorder = {
		.dir = crawl->output.dir,
		.single_name = crawl->output.kind == OUTPUT_WARC
				       ? files_base_name(crawl->output.final)
				       : NULL,
		.prefix = options->warc_prefix,
		.host = crawl->seed_host != NULL ? crawl->seed_host : "crawl",
		.info =
			{
				.software = "flong/" FLONG_VERSION,
				.robots = robots[options->robots],
				.operator_name = options->operator_name,
				.user_agent = crawl->user_agent,
				.is_part_of = options->title,
				.description = options->description,
				.arguments = options->arguments,
			},
		.segment_bytes = room_of_segment(options->warc_size_bytes),
		.compress_level = options->compress_level,
		.digest = options->digest,
		.has_dedup = options->has_dedup,
		.given = crawl->given,
		.redact = (const char *const *)crawl->redact.items,
		.workers = per_core(options->workers),
		.state = crawl->state,
		.deterministic_seed = options->deterministic_seed,
		.now_ms = crawl_now_ms,
		.now_context = crawl,
	};
	return recorder_create(&recorder, &crawl->recorder, err);
}

static int open_fetcher(struct crawl *crawl, struct flong_error *err)
{
	const struct crawl_options *options = crawl->options;
	const struct fetcher_options fetcher = {
		.connections_total = (size_t)options->jobs * 4,
		.connections_per_host = (size_t)options->per_host,
		.connect_timeout_ms = options->connect_timeout_ms,
		.stall_timeout_ms = options->stall_ms,
		.total_timeout_ms = options->timeout_ms,
		.body_max_bytes = options->max_file_bytes,
		.rate_limit_bytes = options->limit_rate,
		.tls = options->tls,
		.family = options->family,
		.user_agent = crawl->user_agent,
		.cacert = options->cacert,
		.proxies = crawl->proxies,
		.resolve = (const char *const *)options->resolve.items,
		.connect_to = (const char *const *)options->connect_to.items,
		.spool_dir = crawl->spool_dir,
		.compress_level = options->compress_level,
		.guard = {guard_allows, guard_reached, guard_refuses, crawl->guard},
		.now_ms = crawl_now_ms,
		.now_context = crawl,
	};
	int rc = fetcher_create(&fetcher, &crawl->fetcher, err);
	if (rc < 0 && options->cacert != NULL && err->code == FLONG_E_NOT_FOUND) {
		err->code = FLONG_E_USAGE;
		return error_context(err, "--cacert");
	}
	return rc;
}

static int open_frontier(struct crawl *crawl, struct flong_error *err)
{
	const struct frontier_options frontier = {
		.state = crawl->state,
		.per_host = crawl->options->per_host,
		.wait_ms = crawl->options->wait_ms,
		.max_crawl_delay_ms = crawl->options->max_crawl_delay_ms,
		.wall_offset_ms = clock_wall_ms() - clock_monotonic_ms(),
		.needs_robots = crawl->options->robots != ROBOTS_IGNORE,
	};
	int rc = frontier_create(&frontier, &crawl->frontier, err);
	return rc == FLONG_OK && crawl->options->resumes ? frontier_load(crawl->frontier, err) : rc;
}

static int open_given(struct crawl *crawl, struct flong_error *err)
{
	const struct crawl_options *options = crawl->options;
	bool needs = options->has_dedup && options->dedup_from.count > 0 && !options->closes;
	return needs ? given_open(&options->dedup_from, options->digest, crawl->spool_dir,
			       &crawl->given, err)
		     : FLONG_OK;
}

/* What needs nothing but the options and the files they name. */
static int read_options(struct crawl *crawl, struct flong_error *err)
{
	const char *key = crawl->options->sign_key;
	if (key != NULL && crawl->options->deterministic_seed != NULL) {
		return error_set(err, FLONG_E_USAGE,
			"--deterministic and --sign: no two signatures are the same");
	}
	struct flong_error fault = {0};
	if (key != NULL && sign_check_key(key, &fault) < 0) {
		return error_set(err, FLONG_E_USAGE, "--sign: %s", fault.message);
	}
	for (size_t i = 0; i < crawl->options->dedup_from.count; i++) {
		const char *path = crawl->options->dedup_from.items[i];
		if (!files_exists(path)) {
			return error_set(err, FLONG_E_USAGE, "--dedup: there is no %s", path);
		}
	}
	int rc = access_open(crawl, err);
	return rc == FLONG_OK ? scope_create(crawl->options, &crawl->scope, err) : rc;
}

int crawl_check(struct crawl_options *options, struct flong_error *err)
{
	struct crawl crawl = {.options = options, .output.lock_fd = -1};
	int rc = setup_check_seeds(options, err);
	if (rc == FLONG_OK) {
		rc = read_options(&crawl, err);
	}
	setup_close(&crawl);
	return rc;
}

/* What is done about the interruption. */
static void tell_resumed(const struct crawl *crawl)
{
	const struct recorder_resumed *resumed = recorder_resumed(crawl->recorder);
	if (!crawl->options->resumes) {
		return;
	}
	SCOPED(buf_clear) struct buf cut = {0};
	if (resumed->cut_bytes > 0) {
		buf_addf(&cut, ", %llu bytes behind its last acknowledged record cut off",
			(unsigned long long)resumed->cut_bytes);
	}
	log_notice("going on with %s: %llu URLs queued; %s %s%s", crawl->output.dir,
		(unsigned long long)frontier_queued(crawl->frontier),
		resumed->is_resumed ? "writing on in" : "writing to", resumed->name,
		cut.len > 0 ? buf_text(&cut) : "");
}

/* Before anything is written. */
static int check_room(const struct crawl *crawl, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(crawl->output.dir, "archive");
	uint64_t stored = 0;
	int rc = segment_finished_bytes(archive, &stored, err);
	return rc == FLONG_OK && !crawl->options->closes
		       ? room_check(crawl->options, crawl->output.dir, stored,
				 crawl->output.final != NULL, err)
		       : rc;
}

int setup_open(struct crawl *crawl, struct flong_error *err)
{
	struct crawl_options *options = crawl->options;
	if (options->deterministic_seed != NULL) {
		crawl->fake_now_ms = FAKE_EPOCH_MS;
		options->jobs = 1;
		options->workers = 0;
		options->parsers = 0;
	}
	crawl->user_agent = make_user_agent(options);
	int rc = read_options(crawl, err);
	if (rc == FLONG_OK) {
		rc = room_for_descriptors(options, err);
	}
	if (rc == FLONG_OK) {
		rc = output_open(options, crawl_now_ms(crawl), &crawl->output, err);
	}
	if (rc == FLONG_OK && crawl->output.kind == OUTPUT_DIRECTORY) {
		rc = removal_recover(crawl->output.dir, err);
	}
	if (rc == FLONG_OK) {
		rc = check_room(crawl, err);
	}
	if (rc == FLONG_OK) { /* what cannot be read is not asked for */
		rc = parsers_check(per_core(options->parsers), options->has_no_sandbox, err);
	}
	if (rc == FLONG_OK) {
		crawl->spool_dir = files_join(crawl->output.dir, "state");
		rc = setup_open_state(crawl, err);
	}
	if (rc == FLONG_OK) {
		rc = open_fetcher(crawl, err);
	}
	if (rc == FLONG_OK) {
		rc = open_frontier(crawl, err);
	}
	return rc;
}

int setup_open_parsers(struct crawl *crawl, struct flong_error *err)
{
	const struct crawl_options *options = crawl->options;
	return crawl->parsers != NULL ? FLONG_OK
				      : parsers_create(per_core(options->parsers),
						options->has_no_sandbox, &crawl->parsers, err);
}

int setup_open_archive(struct crawl *crawl, struct flong_error *err)
{
	/* Parsers before anything that starts a thread. */
	int rc = setup_open_parsers(crawl, err);
	if (rc == FLONG_OK) {
		rc = output_sync(&crawl->output, err);
	}
	if (rc == FLONG_OK) {
		rc = state_keep(crawl->state, err);
	}
	if (rc == FLONG_OK) {
		rc = setup_save_run(crawl, err);
	}
	if (rc == FLONG_OK) {
		rc = open_given(crawl, err);
	}
	if (rc == FLONG_OK) {
		rc = open_recorder(crawl, err);
	}
	crawl->made_output = rc == FLONG_OK;
	if (rc == FLONG_OK) {
		tell_resumed(crawl);
	}
	return rc;
}

void setup_close_network(struct crawl *crawl)
{
	fetcher_close(crawl->fetcher);
	parsers_close(crawl->parsers);
	crawl->fetcher = NULL;
	crawl->parsers = NULL;
}

void setup_close(struct crawl *crawl)
{
	setup_close_network(crawl);
	recorder_close(crawl->recorder);      /* which may be reading what flights have */
	while (crawl->first_flight != NULL) { /* the crawl was given up */
		flight_close(crawl->first_flight);
	}
	given_close(crawl->given);
	frontier_close(crawl->frontier);
	state_close(crawl->state);
	scope_close(crawl->scope);
	access_close(crawl);
	free(crawl->user_agent);
	free(crawl->spool_dir);
	free(crawl->seed_host);
	output_close(&crawl->output, crawl->made_output ? OUTPUT_KEPT : OUTPUT_REMOVED);
}
