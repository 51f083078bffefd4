/* SPDX-License-Identifier: MIT */
/* media_policy.h - what --media takes of video and audio
 *
 * | role | none | poster | smallest, best | all |
 * | poster | no | yes | yes | yes |
 * | track, and the previews it names | no | no | yes, of a choice the one | yes |
 * | media, playlist | no | no | of a choice the one, up to LIMIT_PAGE_MEDIA_BYTES a page | yes |
 */
#ifndef CRAWL_MEDIA_POLICY_H
#define CRAWL_MEDIA_POLICY_H

#include "crawl/crawl.h"
#include "crawl/state.h"

/* Whether it is for the policy to say. */
bool media_policy_covers(enum link_role role);
/* Why a link is left out, or NULL. Static text. */
const char *media_policy_refuses_link(enum crawl_media media, const struct link *link);
/* Why a visit that is next is not fetched any more, or NULL: its page has had its share. What is
 * under way when that is reached is kept. */
MUST_CHECK int media_policy_refuses_visit(enum crawl_media media, struct state *state,
	const struct visit *visit, const char **reason_out, struct flong_error *err);
/* Counts what a visit has brought. */
MUST_CHECK int media_policy_count(
	struct state *state, const struct visit *visit, uint64_t bytes, struct flong_error *err);

#endif
