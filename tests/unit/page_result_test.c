/* SPDX-License-Identifier: MIT */
/* page_result_test.c - the findings of a page as bytes and back */
#include "unit.h"

#include "article/signs.h"

static void fill(struct page_result *result)
{
	struct flong_error err;
	struct url *base = NULL;
	assert_int_equal(url_parse(BYTES("https://news.example/a/"), NULL, &base, &err), 0);
	*result = (struct page_result){.format = LINKS_HTML, .class = PAGE_ARTICLE};
	result->signs = (struct page_signs){
		.bits = SIGN_BIT(SIGN_WALL), .visible = 812, .anchors = 3, .told_words = 900};
	result->headline = page_result_keep(result, BYTES("A bridge opens"));
	result->text = page_result_keep(result, BYTES("First.\n\nSecond."));
	result->import_map = page_result_keep(result, BYTES("[\"\",\"a\",\"\"]"));
	result->published = (struct page_date){
		page_result_keep(result, BYTES("2024-05-03T10:00:00Z")), "json-ld", "second"};
	result->authors.items = calloc(2, sizeof(struct bytes));
	result->authors.items[0] = page_result_keep(result, BYTES("A. Writer"));
	result->authors.items[1] = page_result_keep(result, BYTES("B. Writer"));
	result->authors.count = 2;
	result->stories = calloc(1, sizeof(struct page_story));
	result->stories[0] = (struct page_story){
		.url = page_result_keep(result, BYTES("https://news.example/b")),
		.title = page_result_keep(result, BYTES("B")),
		.reasons = page_result_keep(result, BYTES("words +2.0")),
		.kind = STORY_MORE,
		.score = 4.25,
		.accepted = true};
	result->story_count = 1;
	result->videos = calloc(1, sizeof(struct page_video));
	result->videos[0] = (struct page_video){
		.url = page_result_keep(result, BYTES("https://news.example/v.mp4")),
		.title = page_result_keep(result, BYTES("The bridge")),
		.seconds = 158,
		.source = "json-ld"};
	result->video_count = 1;
	struct link link = {.kind = LINK_REQUISITE,
		.role = ROLE_IMAGE,
		.candidate = CANDIDATE_SRCSET,
		.rule = "L-10",
		.where = "img srcset",
		.anchor = UINT32_MAX};
	assert_true(link_list_add(&result->links, base, BYTES("b.png"), &link));
	result->links.dropped = 7;
	url_close(base);
}

TEST(what_is_written_is_read_back)
{
	struct flong_error err;
	struct page_result result;
	struct page_result copy;
	struct buf out = {0};
	fill(&result);
	assert_int_equal(page_result_write(&result, &out, &err), FLONG_OK);
	assert_int_equal(page_result_read(buf_bytes(&out), &copy, &err), FLONG_OK);
	assert_bytes(copy.headline, "A bridge opens");
	assert_true(copy.signs.bits == SIGN_BIT(SIGN_WALL));
	assert_int_equal(copy.signs.visible, 812);
	assert_int_equal(copy.signs.anchors, 3);
	assert_int_equal(copy.signs.told_words, 900);
	assert_bytes(copy.text, "First.\n\nSecond.");
	assert_bytes(copy.import_map, "[\"\",\"a\",\"\"]");
	assert_bytes(copy.published.value, "2024-05-03T10:00:00Z");
	assert_string_equal(copy.published.source, "json-ld");
	assert_string_equal(copy.published.precision, "second");
	assert_null(copy.modified.source);
	assert_int_equal(copy.authors.count, 2);
	assert_bytes(copy.authors.items[1], "B. Writer");
	assert_int_equal(copy.story_count, 1);
	assert_bytes(copy.stories[0].url, "https://news.example/b");
	assert_int_equal(copy.stories[0].kind, STORY_MORE);
	assert_true(copy.stories[0].accepted);
	assert_true(copy.stories[0].score > 4.2 && copy.stories[0].score < 4.3);
	assert_int_equal(copy.video_count, 1);
	assert_bytes(copy.videos[0].url, "https://news.example/v.mp4");
	assert_bytes(copy.videos[0].title, "The bridge");
	assert_int_equal(copy.videos[0].seconds, 158);
	assert_string_equal(copy.videos[0].source, "json-ld");
	assert_int_equal(copy.links.count, 1);
	assert_bytes(copy.links.items[0].url, "https://news.example/a/b.png");
	assert_string_equal(copy.links.items[0].rule, "L-10");
	assert_string_equal(copy.links.items[0].where, "img srcset");
	assert_int_equal(copy.links.items[0].anchor, UINT32_MAX);
	assert_int_equal(copy.links.dropped, 7);
	struct buf again = {0};
	assert_int_equal(page_result_write(&copy, &again, &err), FLONG_OK);
	assert_int_equal(again.len, out.len);
	assert_memory_equal(again.ptr, out.ptr, out.len);
	page_result_clear(&result);
	page_result_clear(&copy);
	buf_clear(&out);
	buf_clear(&again);
}

TEST(every_shortened_or_lengthened_result_is_refused)
{
	struct flong_error err;
	struct page_result result;
	struct page_result copy;
	struct buf out = {0};
	fill(&result);
	assert_int_equal(page_result_write(&result, &out, &err), FLONG_OK);
	for (size_t len = 0; len < out.len; len++) {
		int rc = page_result_read(bytes_from(out.ptr, len), &copy, &err);
		assert_int_equal(rc, FLONG_E_FORMAT);
	}
	buf_add_char(&out, 'x');
	assert_int_equal(page_result_read(buf_bytes(&out), &copy, &err), FLONG_E_FORMAT);
	page_result_clear(&result);
	buf_clear(&out);
}

TEST(huge_counts_do_not_become_memory)
{
	struct flong_error err;
	struct page_result result = {.format = LINKS_CSS};
	struct page_result copy;
	struct buf out = {0};
	assert_int_equal(page_result_write(&result, &out, &err), FLONG_OK);
	for (size_t i = 4; i + 4 <= out.len; i++) {
		char saved[4];
		memcpy(saved, out.ptr + i, sizeof(saved));
		memset(out.ptr + i, 0xff, sizeof(saved));
		if (page_result_read(buf_bytes(&out), &copy, &err) == FLONG_OK) {
			page_result_clear(&copy); /* a plain number */
		}
		memcpy(out.ptr + i, saved, sizeof(saved));
	}
	assert_int_equal(page_result_read(buf_bytes(&out), &copy, &err), FLONG_OK);
	page_result_clear(&copy);
	buf_clear(&out);
}

TEST(a_result_too_large_for_the_buffer_is_an_error)
{
	struct flong_error err;
	struct page_result result;
	struct buf out = buf_with_max(40);
	fill(&result);
	assert_int_equal(page_result_write(&result, &out, &err), FLONG_E_LIMIT);
	page_result_clear(&result);
	buf_clear(&out);
}

RUN_TESTS(CASE(what_is_written_is_read_back), CASE(every_shortened_or_lengthened_result_is_refused),
	CASE(huge_counts_do_not_become_memory), CASE(a_result_too_large_for_the_buffer_is_an_error))
