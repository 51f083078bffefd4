/* SPDX-License-Identifier: MIT */
/* robots_cache.c - the rules of each origin */
#include "crawl/robots_cache.h"

#include "base/log.h"

/* How long an answer is valid (RFC 9309 2.4), and how long a robots.txt that cannot be reached
 * forbids everything before it is asked for again (2.3.1.4). */
#define VALID_MS (INT64_C(24) * 3600 * 1000)
#define UNREACHABLE_MS (INT64_C(3600) * 1000)

/* The product token that groups of rules are compared with. */
static const struct bytes agent = {"flong", 5};

void robots_cache_forget(struct robots_cache *cache, struct origin *origin)
{
	if (origin->robots != NULL) {
		cache->read[origin->robots_slot] = NULL;
		robots_close(origin->robots);
		origin->robots = NULL;
	}
}

/* Rules are in memory now; those of the origin whose turn it is are not any more. */
static void hold_rules(struct robots_cache *cache, struct origin *origin, struct bytes text)
{
	robots_cache_forget(cache, origin);
	struct origin **slot = &cache->read[cache->turn];
	if (*slot != NULL) {
		robots_cache_forget(cache, *slot);
	}
	*slot = origin;
	origin->robots_slot = cache->turn;
	origin->robots = robots_parse(text, agent);
	cache->turn = (cache->turn + 1) % LIMIT_ROBOTS_READ;
}

static void tell(const struct origin *origin)
{
	static const char *const said[] = {
		[STATE_ROBOTS_NONE] = "there is none, all is allowed",
		[STATE_ROBOTS_RULES] = "its rules hold",
		[STATE_ROBOTS_UNREACHABLE] = "it cannot be reached, nothing is allowed",
	};
	if (origin->crawl_delay_ms > 0) {
		log_debug("%s/robots.txt: %s, with a crawl-delay of %lld ms", origin->text,
			said[origin->robots_kind], (long long)origin->crawl_delay_ms);
	} else {
		log_debug("%s/robots.txt: %s", origin->text, said[origin->robots_kind]);
	}
}

/* Takes over what is known. */
static void apply(struct robots_cache *cache, struct origin *origin,
	const struct state_robots *robots, int64_t until_ms)
{
	robots_cache_forget(cache, origin);
	origin->robots_state = ROBOTS_KNOWN;
	origin->robots_kind = robots->kind;
	origin->robots_until_ms = until_ms;
	origin->crawl_delay_ms = 0;
	if (robots->kind == STATE_ROBOTS_RULES) {
		hold_rules(cache, origin, robots->text);
		int64_t delay_ms = robots_crawl_delay_ms(origin->robots);
		origin->crawl_delay_ms = delay_ms > 0 ? delay_ms : 0;
	}
	tell(origin);
}

int robots_cache_recall(
	struct robots_cache *cache, struct origin *origin, int64_t now_ms, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_ROBOTS_BYTES);
	struct state_robots robots = {0};
	int rc = state_get_robots(cache->state, origin->id, &robots, &text, err);
	if (rc < 0 || robots.fetched_ms == 0) {
		return rc;
	}
	int64_t valid_ms = robots.kind == STATE_ROBOTS_UNREACHABLE ? UNREACHABLE_MS : VALID_MS;
	int64_t age_ms = now_ms + cache->wall_offset_ms - robots.fetched_ms;
	/* A clock that was set back makes no answer younger. */
	if (age_ms >= 0 && age_ms < valid_ms) {
		apply(cache, origin, &robots, now_ms + valid_ms - age_ms);
	}
	return FLONG_OK;
}

int robots_cache_keep(struct robots_cache *cache, struct origin *origin,
	const struct state_robots *robots, int64_t now_ms, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_ROBOTS_BYTES);
	struct state_robots kept = {0};
	if (robots->kind == STATE_ROBOTS_UNREACHABLE) {
		int rc = state_get_robots(cache->state, origin->id, &kept, &text, err);
		if (rc < 0) {
			return rc;
		}
	}
	if (kept.fetched_ms != 0 && kept.kind != STATE_ROBOTS_UNREACHABLE) {
		apply(cache, origin, &kept, now_ms + UNREACHABLE_MS);
		return FLONG_OK;
	}
	struct state_robots fresh = *robots;
	fresh.fetched_ms = now_ms + cache->wall_offset_ms;
	apply(cache, origin, &fresh,
		now_ms + (fresh.kind == STATE_ROBOTS_UNREACHABLE ? UNREACHABLE_MS : VALID_MS));
	return state_set_robots(cache->state, origin->id, &fresh, err);
}

/* Reads the rules again when others have taken their place. */
static int need_rules(struct robots_cache *cache, struct origin *origin, struct flong_error *err)
{
	if (origin->robots != NULL || origin->robots_kind != STATE_ROBOTS_RULES) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_ROBOTS_BYTES);
	struct state_robots robots = {0};
	int rc = state_get_robots(cache->state, origin->id, &robots, &text, err);
	if (rc == FLONG_OK) {
		hold_rules(cache, origin, robots.text);
	}
	return rc;
}

int robots_cache_refusal(struct robots_cache *cache, struct origin *origin, struct bytes target,
	const char **reason_out, struct flong_error *err)
{
	*reason_out = NULL;
	if (origin->robots_state != ROBOTS_KNOWN || origin->robots_kind == STATE_ROBOTS_NONE) {
		return FLONG_OK;
	}
	if (origin->robots_kind == STATE_ROBOTS_UNREACHABLE) {
		*reason_out = "robots.txt could not be fetched";
		return FLONG_OK;
	}
	int rc = need_rules(cache, origin, err);
	if (rc == FLONG_OK && !robots_allows(origin->robots, target, NULL)) {
		*reason_out = "refused by robots.txt";
	}
	return rc;
}
