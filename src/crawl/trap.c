/* SPDX-License-Identifier: MIT */
/* trap.c - pages that lead on and on, told by what is counted */
#include "crawl/trap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "crawl/trap_shape.h"

/* What is counted: a letter for the kind, then what the pages have in common. */
struct tally {
	const char *rule;
	struct buf name;
	uint64_t limit;
};

enum { HOST, DOMAIN, VARIANTS, SESSION, TALLIES };

static void tallies_clear(struct tally (*tallies)[TALLIES])
{
	for (size_t i = 0; i < TALLIES; i++) {
		buf_clear(&(*tallies)[i].name);
	}
}

/* Filters and sort orders come together; a story's number or a page's comes alone. */
static uint64_t variants_limit(size_t parameters)
{
	return parameters <= 1   ? LIMIT_VARIANTS_ONE
	       : parameters == 2 ? LIMIT_VARIANTS_TWO
				 : LIMIT_VARIANTS_MORE;
}

static void name_tallies(const struct url *url, struct tally tallies[TALLIES])
{
	tallies[HOST] = (struct tally){TRAP_PREFIX "many pages of one host",
		buf_with_max(LIMIT_URL_BYTES), LIMIT_HOST_PAGES};
	buf_add_text(&tallies[HOST].name, "h ");
	buf_add(&tallies[HOST].name, url->host);
	tallies[DOMAIN] = (struct tally){TRAP_PREFIX "many hosts of one domain",
		buf_with_max(LIMIT_URL_BYTES), LIMIT_DOMAIN_HOSTS};
	buf_add_text(&tallies[DOMAIN].name, "d ");
	buf_add(&tallies[DOMAIN].name, url_registrable_domain(url->host));
	size_t parameters = trap_parameters(url);
	tallies[VARIANTS] = (struct tally){TRAP_PREFIX "many variants of one path",
		buf_with_max(2 * LIMIT_URL_BYTES), variants_limit(parameters)};
	if (parameters > 0) {
		buf_addf(&tallies[VARIANTS].name, "%c ",
			(int)('0' + (parameters < 3 ? parameters : 3)));
		buf_add(&tallies[VARIANTS].name, url->host);
		buf_add(&tallies[VARIANTS].name, url->path);
	}
	tallies[SESSION] =
		(struct tally){TRAP_PREFIX "session id", buf_with_max(2 * LIMIT_URL_BYTES), 1};
	buf_add_text(&tallies[SESSION].name, "s ");
	if (!trap_without_session(url, &tallies[SESSION].name)) {
		buf_reset(&tallies[SESSION].name);
	}
}

int trap_by_count(
	struct state *state, const struct url *url, const char **rule_out, struct flong_error *err)
{
	SCOPED(tallies_clear) struct tally tallies[TALLIES];
	name_tallies(url, tallies);
	uint64_t counts[TALLIES] = {0};
	*rule_out = NULL;
	for (size_t i = 0; i < TALLIES && *rule_out == NULL; i++) {
		if (tallies[i].name.len == 0) {
			continue;
		}
		int rc = state_tally(state, buf_bytes(&tallies[i].name), &counts[i], err);
		if (rc < 0) {
			return rc;
		}
		/* Hosts that have pages already may have more. */
		bool is_known_host = i == DOMAIN && counts[HOST] > 0;
		if (counts[i] >= tallies[i].limit && !is_known_host) {
			*rule_out = tallies[i].rule;
		}
	}
	return FLONG_OK;
}

int trap_count(struct state *state, const struct url *url, struct flong_error *err)
{
	SCOPED(tallies_clear) struct tally tallies[TALLIES];
	name_tallies(url, tallies);
	uint64_t pages_of_host = 0;
	int rc = state_tally(state, buf_bytes(&tallies[HOST].name), &pages_of_host, err);
	for (size_t i = 0; rc == FLONG_OK && i < TALLIES; i++) {
		if (tallies[i].name.len > 0 && (i != DOMAIN || pages_of_host == 0)) {
			rc = state_tally_add(state, buf_bytes(&tallies[i].name), err);
		}
	}
	return rc;
}
