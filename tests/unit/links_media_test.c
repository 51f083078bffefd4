/* SPDX-License-Identifier: MIT */
/* links_media_test.c - what text tracks and manifests of videos name */
#include "unit.h"

#include "links/track.h"
#include "links_text.h"

#define BASE "https://news.example/d/f"

/* Resolves, clears and compares. */
static void check(struct references *references, const char *wanted)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(BASE), NULL, &url, &err), FLONG_OK);
	references_resolve(references, url, &list);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got), wanted);
	link_list_clear(&list);
	references_clear(references);
}

static void check_track(const char *text, const char *wanted)
{
	struct references references = {0};
	struct flong_error err = {0};
	assert_int_equal(track_find(bytes_of(text), &references, &err), FLONG_OK);
	check(&references, wanted);
}

TEST(cues_that_are_pictures_are_needed)
{
	check_track(
		"WEBVTT - title a.jpg\n\nNOTE\nnote.jpg\n\nSTYLE\n::cue{background:url(x.png)}\n\n"
		"1\r\n00:00.000 --> 00:05.000 align:start\r\ns.jpg#xywh=0,0,160,90\r\n\r\n"
		"id.jpg\n00:05.000 --> 00:10.000\ns.jpg#xywh=160,0,160,90\n\n"
		"00:10.000 --> 00:11.000\n/t/2.webp?a=1\n\n"
		"00:11.000 --> 00:12.000\n/sprite?id=7#xywh=percent:0,0,10,10\n",
		"requisite image L-57 https://news.example/d/s.jpg\n"
		"requisite image L-57 https://news.example/t/2.webp?a=1\n"
		"requisite image L-57 https://news.example/sprite?id=7\n");
}

TEST(spoken_text_names_no_pictures)
{
	check_track("WEBVTT\n\n00:00.000 --> 00:05.000\nSee photo.jpg for more\n<v Ann>a.png\n"
		    "data:image/png;base64,aa.png\n#xywh=0,0,1,1\nhttps://a.example/story\n",
		"");
	check_track("", "");
	check_track("1\n00:00:00,000 --> 00:00:01,000\nHello.\n", "");
}

TEST(ttml_names_its_images)
{
	check_track("<?xml version='1.0'?><tt xmlns='http://www.w3.org/ns/ttml'><head><resources>"
		    "<image xml:id='i'><source src='a.png'/></image>"
		    "<font src='no.woff'/><audio src='no.mp3'/></resources></head>"
		    "<body><div smpte:backgroundImage='b.png'/><div smpte:backgroundImage='#i'/>"
		    "<p tts:backgroundImage='none'/><p tts:backgroundImage='c.png'>x.png</p>"
		    "<tt:image src='d.png'/><p xml:base='no/'/></body></tt>",
		"requisite image L-57 https://news.example/d/a.png\n"
		"requisite image L-57 https://news.example/d/b.png\n"
		"requisite image L-57 https://news.example/d/c.png\n"
		"requisite image L-57 https://news.example/d/d.png\n");
}

RUN_TESTS(CASE(cues_that_are_pictures_are_needed), CASE(spoken_text_names_no_pictures),
	CASE(ttml_names_its_images))
