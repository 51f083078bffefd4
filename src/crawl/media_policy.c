/* SPDX-License-Identifier: MIT */
/* media_policy.c - roles against modes, choices, and a sum for each page */
#include "crawl/media_policy.h"

#include "base/limits.h"

bool media_policy_covers(enum link_role role)
{
	return role == ROLE_MEDIA || role == ROLE_PLAYLIST || role == ROLE_TRACK ||
	       role == ROLE_POSTER;
}

/* Of a choice each of these modes takes what is marked for it. */
static const char *refuses_choice(const struct link *link, unsigned wanted, const char *reason)
{
	bool is_choice = link->candidate != CANDIDATE_ONLY;
	return is_choice && (link->candidate & wanted) == 0 ? reason : NULL;
}

const char *media_policy_refuses_link(enum crawl_media media, const struct link *link)
{
	if (link->role == ROLE_POSTER) {
		return media == MEDIA_NONE ? "poster left out by --media none" : NULL;
	}
	switch (media) {
	case MEDIA_NONE:
	case MEDIA_POSTER:
		return "media left out by --media";
	case MEDIA_SMALLEST:
		return refuses_choice(
			link, CANDIDATE_SHOWN, "variant left out by --media smallest");
	case MEDIA_BEST:
		return refuses_choice(link, CANDIDATE_BEST, "variant left out by --media best");
	case MEDIA_ALL:
		return NULL;
	}
	return NULL;
}

int media_policy_refuses_visit(enum crawl_media media, struct state *state,
	const struct visit *visit, const char **reason_out, struct flong_error *err)
{
	uint64_t bytes = 0;
	int rc = FLONG_OK;
	if (visit->role == ROLE_MEDIA && visit->kind == VISIT_REQUISITE &&
		(media == MEDIA_SMALLEST || media == MEDIA_BEST)) {
		rc = state_media(state, visit, &bytes, err);
	}
	*reason_out = bytes >= LIMIT_PAGE_MEDIA_BYTES ? "over the media limit of its page" : NULL;
	return rc;
}

int media_policy_count(
	struct state *state, const struct visit *visit, uint64_t bytes, struct flong_error *err)
{
	if (visit->role != ROLE_MEDIA || visit->kind != VISIT_REQUISITE) {
		return FLONG_OK;
	}
	return state_add_media(state, visit, bytes, err);
}
