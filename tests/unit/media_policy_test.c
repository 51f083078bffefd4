/* SPDX-License-Identifier: MIT */
/* media_policy_test.c - each role and choice against each mode of --media, and the limit of a page
 */
#include "unit.h"

#include "base/files.h"
#include "base/limits.h"
#include "crawl/media_policy.h"

TEST(modes_take_what_they_say)
{
	enum { SMALL = CANDIDATE_SRCSET | CANDIDATE_SHOWN };
	enum { BEST = CANDIDATE_SRCSET | CANDIDATE_BEST };
	static const struct {
		enum link_role role;
		unsigned candidate;
		const char *taken; /* a letter a mode: none, poster, smallest, best, all */
	} cases[] = {
		{ROLE_POSTER, CANDIDATE_ONLY, "-psba"},
		{ROLE_TRACK, CANDIDATE_ONLY, "--sba"},
		{ROLE_TRACK, SMALL, "--s-a"},
		{ROLE_MEDIA, CANDIDATE_ONLY, "--sba"},
		{ROLE_MEDIA, SMALL, "--s-a"},
		{ROLE_PLAYLIST, CANDIDATE_ONLY, "--sba"},
		{ROLE_PLAYLIST, SMALL, "--s-a"},
		{ROLE_PLAYLIST, BEST, "---ba"},
		{ROLE_PLAYLIST, SMALL | BEST, "--sba"},
		{ROLE_PLAYLIST, CANDIDATE_SRCSET, "----a"},
	};
	static const enum crawl_media modes[] = {
		MEDIA_NONE, MEDIA_POSTER, MEDIA_SMALLEST, MEDIA_BEST, MEDIA_ALL};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct link link = {.kind = LINK_REQUISITE,
			.role = cases[i].role,
			.candidate = cases[i].candidate};
		char taken[6] = "-----";
		assert_true(media_policy_covers(link.role));
		for (size_t mode = 0; mode < sizeof(modes) / sizeof(modes[0]); mode++) {
			if (media_policy_refuses_link(modes[mode], &link) == NULL) {
				taken[mode] = "npsba"[mode];
			}
		}
		assert_string_equal(taken, cases[i].taken);
	}
	assert_false(media_policy_covers(ROLE_IMAGE));
	assert_false(media_policy_covers(ROLE_SCRIPT));
}

static const char *refusal(enum crawl_media media, struct state *state, const struct visit *visit)
{
	const char *reason = "not asked";
	struct flong_error err = {0};
	assert_int_equal(media_policy_refuses_visit(media, state, visit, &reason, &err), FLONG_OK);
	return reason;
}

TEST(a_page_has_its_share_and_no_more)
{
	char dir[] = "/tmp/media_policy_test.XXXXXX";
	char path[64];
	struct flong_error err = {0};
	SCOPED(state_closep) struct state *state = NULL;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/crawl.db", dir);
	assert_int_equal(state_open(path, &state, &err), FLONG_OK);
	char page_url[] = "http://a.example/";
	char film_url[] = "http://a.example/f.ts";
	bool added = false;
	struct visit page = {.url = page_url, .kind = VISIT_PAGE, .role = ROLE_DOCUMENT};
	assert_int_equal(state_add_visit(state, &page, &added, &err), FLONG_OK);
	struct visit film = {
		.url = film_url, .kind = VISIT_REQUISITE, .role = ROLE_MEDIA, .via = page.id};
	assert_int_equal(state_add_visit(state, &film, &added, &err), FLONG_OK);
	/* What is no media does not count. */
	assert_int_equal(media_policy_count(state, &page, LIMIT_PAGE_MEDIA_BYTES, &err), FLONG_OK);
	assert_int_equal(
		media_policy_count(state, &film, LIMIT_PAGE_MEDIA_BYTES - 1, &err), FLONG_OK);
	assert_null(refusal(MEDIA_SMALLEST, state, &film));
	assert_int_equal(media_policy_count(state, &film, 1, &err), FLONG_OK);
	assert_string_equal(
		refusal(MEDIA_SMALLEST, state, &film), "over the media limit of its page");
	assert_string_equal(refusal(MEDIA_BEST, state, &film), "over the media limit of its page");
	assert_null(refusal(MEDIA_ALL, state, &film));
	assert_null(refusal(MEDIA_SMALLEST, state, &page));
	film.role = ROLE_IMAGE;
	assert_null(refusal(MEDIA_SMALLEST, state, &film));
	assert_int_equal(files_remove_tree(dir, &err), FLONG_OK);
}

RUN_TESTS(CASE(modes_take_what_they_say), CASE(a_page_has_its_share_and_no_more))
