/* SPDX-License-Identifier: MIT */
/* videos_test.c - the videos of a story and how long they take */
#include "page_read.h"

#include "article/videos.h"
#include "base/buf.h"

static const char address[] =
	"https://www.courier.example/en/bridge-opens-at-last-in-dunmere/a-65908274";

TEST(durations_in_their_forms)
{
	static const struct {
		const char *text;
		uint32_t seconds;
	} rows[] = {{"PT2M38S", 158}, {"P0DT0H2M38S", 158}, {"pt1h", 3600}, {"T2M38S", 158},
		{"PT158S", 158}, {"PT2M38.4S", 158}, {"P1DT1S", 86401}, {"02:38", 158},
		{"2:38", 158}, {"00:02:38", 158}, {"1:02:38", 3758}, {"158", 158}, {"158.7", 158},
		{"", 0}, {"P1M", 0}, {"PT", 0}, {"PT2M38", 0}, {"02:38:11:04", 0}, {"02:", 0},
		{"2.5.2023", 0}, {"live", 0}, {"PT9999999H", 0}, {"99999999999", 0}, {"-3", 0}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t seconds = videos_seconds(bytes_of(rows[i].text));
		if (seconds != rows[i].seconds) {
			fail_msg("'%s' is %u", rows[i].text, seconds);
		}
	}
	SCOPED(buf_clear) struct buf shown = {0};
	videos_add_duration(&shown, 158);
	buf_add_char(&shown, ' ');
	videos_add_duration(&shown, 3758);
	videos_add_duration(&shown, 0);
	assert_string_equal(buf_text(&shown), "02:38 1:02:38");
}

#define LD(members) "<script type='application/ld+json'>" members "</script>"
#define VIDEO                                                                                      \
	"{\"@type\":\"VideoObject\",\"name\":\"The bridge\",\"contentUrl\":\"/v.mp4\","            \
	"\"duration\":\"PT2M38S\"}"
#define FOUND "https://www.courier.example/v.mp4 The bridge 158 json-ld|"

TEST(videos_are_found_with_their_source)
{
	static const struct {
		const char *markup;
		const char *videos;
	} rows[] = {
		{LD(VIDEO), FOUND},
		{LD("{\"@type\":\"NewsArticle\",\"headline\":\"Bridge\",\"video\":" VIDEO "}"),
			FOUND},
		{LD("{\"@graph\":[{\"@type\":\"WebPage\"},{\"@type\":\"Article\","
		    "\"associatedMedia\":[" VIDEO "," VIDEO "]}]}"),
			FOUND},
		{LD("{\"@type\":[\"VideoObject\"],\"embedUrl\":\"https://p.example/7\","
		    "\"duration\":90}"),
			"https://p.example/7  90 json-ld|"},
		/* What is told of and what stands there is one. */
		{LD("{\"@type\":\"VideoObject\",\"name\":\"The "
		    "bridge\",\"embedUrl\":\"/v.mp4\"}") "<video src=/other.mp4 "
							 "data-duration=158></video>",
			FOUND},
		{"<meta property=og:video content=/v.mp4><meta property=og:video:duration "
		 "content=158>",
			"https://www.courier.example/v.mp4  158 meta|"},
		{"<div itemscope><meta itemprop=duration content=PT1M><link itemprop=embedUrl "
		 "href=/p/7></div>",
			"https://www.courier.example/p/7  60 itemprop|"},
		{"<figure><video title='The bridge'><source src=/v.m3u8><source src=/v.mp4></video>"
		 "<span>02:38 min</span></figure>",
			"https://www.courier.example/v.m3u8 The bridge 158 video|"},
		/* The time of another story is not this one's. */
		{"<div><video src=/v.mp4></video><a href=/b><span>04:00</span></a></div>",
			"https://www.courier.example/v.mp4  0 video|"},
		{LD("{\"@type\":\"VideoObject\",\"name\":\"nowhere\"}"), ""},
		{"<video src='javascript:1'></video>", ""},
		{LD("{\"@type\":\"VideoObject\",\"contentUrl\":"), ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct page_result result = read_page(address, bytes_of(rows[i].markup));
		SCOPED(buf_clear) struct buf videos = {0};
		for (size_t k = 0; k < result.video_count; k++) {
			const struct page_video *video = &result.videos[k];
			buf_addf(&videos, BYTES_FMT " " BYTES_FMT " %u %s|", BYTES_ARG(video->url),
				BYTES_ARG(video->title), video->seconds, video->source);
		}
		if (strcmp(buf_text(&videos), rows[i].videos) != 0) {
			fail_msg("row %zu: '%s' for '%s'", i, buf_text(&videos), rows[i].videos);
		}
		page_result_clear(&result);
	}
}

TEST(many_videos_are_some)
{
	SCOPED(buf_clear) struct buf markup = {0};
	for (int i = 0; i < 100; i++) {
		buf_addf(&markup, "<video src=/v%d.mp4></video>", i);
	}
	struct page_result result = read_page(address, buf_bytes(&markup));
	assert_int_equal(result.video_count, 32);
	page_result_clear(&result);
}

RUN_TESTS(CASE(durations_in_their_forms), CASE(videos_are_found_with_their_source),
	CASE(many_videos_are_some))
