/* SPDX-License-Identifier: MIT */
/* links_media_test.c - what text tracks, manifests of videos, JSON Feed and oEmbed name */
#include "unit.h"

#include "base/limits.h"
#include "links/dash.h"
#include "links/dash_text.h"
#include "links/json_documents.h"
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

static void check_dash(const char *text, const char *wanted)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(BASE), NULL, &url, &err), FLONG_OK);
	assert_int_equal(dash_find(bytes_of(text), url, &list, &err), FLONG_OK);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got), wanted);
	link_list_clear(&list);
}

TEST(templates_are_counted_to_the_end_of_the_period)
{
	check_dash("<MPD type='static' mediaPresentationDuration='PT9.6S'><BaseURL>/v/</BaseURL>"
		   "<BaseURL>https://mirror.example/</BaseURL><Period><AdaptationSet>"
		   "<SegmentTemplate timescale='1000' duration='4000' startNumber='7' "
		   "media='$RepresentationID$/$Bandwidth$-$Number%05d$$$.m4s' "
		   "initialization='$RepresentationID$/i.mp4'/>"
		   "<Representation id='hi' bandwidth='900'/>"
		   "<Representation id='lo' bandwidth='100'><BaseURL>b/</BaseURL></Representation>"
		   "<Representation id='mid' bandwidth='500'/></AdaptationSet></Period></MPD>",
		"requisite media L-56 https://news.example/v/b/lo/i.mp4 srcset shown\n"
		"requisite media L-56 https://news.example/v/b/lo/100-00007$.m4s srcset shown\n"
		"requisite media L-56 https://news.example/v/b/lo/100-00008$.m4s srcset shown\n"
		"requisite media L-56 https://news.example/v/b/lo/100-00009$.m4s srcset shown\n"
		"requisite media L-56 https://news.example/v/hi/i.mp4 srcset best\n"
		"requisite media L-56 https://news.example/v/hi/900-00007$.m4s srcset best\n"
		"requisite media L-56 https://news.example/v/hi/900-00008$.m4s srcset best\n"
		"requisite media L-56 https://news.example/v/hi/900-00009$.m4s srcset best\n"
		"requisite media L-56 https://news.example/v/mid/i.mp4 srcset\n"
		"requisite media L-56 https://news.example/v/mid/500-00007$.m4s srcset\n"
		"requisite media L-56 https://news.example/v/mid/500-00008$.m4s srcset\n"
		"requisite media L-56 https://news.example/v/mid/500-00009$.m4s srcset\n");
}

TEST(timelines_give_times_and_numbers)
{
	check_dash("<MPD><Period duration='PT10S'><AdaptationSet><SegmentTemplate timescale='10' "
		   "media='$Time$_$Number$'><SegmentTimeline><S t='5' d='20' r='1'/><S d='15'/>"
		   "<S d='20' r='-1'/></SegmentTimeline></SegmentTemplate><Representation/>"
		   "</AdaptationSet></Period></MPD>",
		"requisite media L-56 https://news.example/d/5_1\n"
		"requisite media L-56 https://news.example/d/25_2\n"
		"requisite media L-56 https://news.example/d/45_3\n"
		"requisite media L-56 https://news.example/d/60_4\n"
		"requisite media L-56 https://news.example/d/80_5\n");
}

TEST(periods_end_where_the_next_one_starts)
{
	check_dash("<x:MPD xmlns:x='m' mediaPresentationDuration='PT7S'><x:Period start='PT0S'>"
		   "<x:SegmentTemplate duration='2' media='a$Number$'/><x:AdaptationSet>"
		   "<x:Representation/></x:AdaptationSet></x:Period><x:Period start='PT4S'>"
		   "<x:SegmentTemplate duration='2' media='b$Number$' endNumber='1'/>"
		   "<x:AdaptationSet><x:Representation/></x:AdaptationSet></x:Period></x:MPD>",
		"requisite media L-56 https://news.example/d/a1\n"
		"requisite media L-56 https://news.example/d/a2\n"
		"requisite media L-56 https://news.example/d/b1\n");
}

TEST(lists_bases_and_what_is_only_named)
{
	check_dash("<MPD><Location>/new.mpd</Location><Period xlink:href='p.xml'/>"
		   "<Period xlink:href='urn:mpeg:dash:resolve-to-zero:2013'><AdaptationSet>"
		   "<Representation bandwidth='1'><SegmentList duration='1'>"
		   "<Initialization sourceURL='i.mp4'/><SegmentURL media='1.m4s' index='1.x'/>"
		   "<SegmentURL media='2.m4s'/></SegmentList></Representation></AdaptationSet>"
		   "<AdaptationSet mimeType='text/vtt'><Representation><BaseURL>c.vtt</BaseURL>"
		   "</Representation></AdaptationSet><AdaptationSet><BaseURL>/f/</BaseURL>"
		   "<Representation/></AdaptationSet><AdaptationSet><Representation>"
		   "<BaseURL>r.mp4</BaseURL><SegmentList><SegmentURL mediaRange='0-9'/>"
		   "</SegmentList></Representation></AdaptationSet></Period></MPD>",
		"discovery playlist L-56 https://news.example/new.mpd\n"
		"discovery playlist L-56 https://news.example/d/p.xml\n"
		"requisite media L-56 https://news.example/d/i.mp4\n"
		"requisite media L-56 https://news.example/d/1.m4s\n"
		"requisite media L-56 https://news.example/d/1.x\n"
		"requisite media L-56 https://news.example/d/2.m4s\n"
		"requisite track L-56 https://news.example/d/c.vtt\n"
		"requisite media L-56 https://news.example/d/r.mp4\n");
}

TEST(live_and_broken_manifests_give_what_they_name)
{
	check_dash("<MPD type='dynamic' mediaPresentationDuration='PT9S'><Period start='PT0S'>"
		   "<AdaptationSet><SegmentTemplate duration='1' media='$Number$' "
		   "initialization='i'/><Representation/></AdaptationSet></Period></MPD>",
		"requisite media L-56 https://news.example/d/i\n");
	check_dash("<MPD mediaPresentationDuration='PT1S'><Period><AdaptationSet><SegmentTemplate "
		   "duration='1' media='$Nonsense$' initialization='$'/><Representation/>",
		"");
	check_dash("<Representation/></MPD>", "");
	check_dash("", "");
}

TEST(expansion_is_capped)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(BASE), NULL, &url, &err), FLONG_OK);
	assert_int_equal(dash_find(BYTES("<MPD><Period duration='P9Y'><AdaptationSet>"
					 "<SegmentTemplate duration='1' timescale='4000000000' "
					 "media='$Number$'/><Representation/></AdaptationSet>"
					 "</Period></MPD>"),
				 url, &list, &err),
		FLONG_OK);
	assert_int_equal(list.count, LIMIT_PAGE_REQUISITES);
	assert_int_equal(list.dropped, LIMIT_MEDIA_SEGMENTS - LIMIT_PAGE_REQUISITES + 1);
	link_list_clear(&list);
}

TEST(durations_are_read_in_milliseconds)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"PT1H2M3.5S", 3723500},
		{"P1DT1M", 86460000},
		{" PT0.04S ", 40},
		{"P0Y0M0DT0H3M30.000S", 210000},
		{"P1M", INT64_C(30) * 86400000},
		{"P99999999999999999Y", INT64_C(1000000000000)},
		{"", -1},
		{"P", -1},
		{"5", -1},
		{"PT", -1},
		{"PT5", -1},
		{"PTS", -1},
		{"PT1Y", -1},
		{"-PT5S", -1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = dash_text_duration_ms(bytes_of(cases[i].text));
		if (ms != cases[i].ms) {
			fail_msg("%s: %lld", cases[i].text, (long long)ms);
		}
	}
}

static void check_json(const char *text, bool is_known, const char *wanted)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(BASE), NULL, &url, &err), FLONG_OK);
	assert_int_equal(json_documents_find(bytes_of(text), url, &list), is_known);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got), wanted);
	link_list_clear(&list);
}

TEST(json_feeds_name_stories_pictures_and_attachments)
{
	check_json("{\"version\":\"https://jsonfeed.org/version/1.1\",\"home_page_url\":\"/\","
		   "\"feed_url\":\"/f.json\",\"next_url\":\"/f.json?p=2\",\"icon\":\"/i.png\","
		   "\"authors\":[{\"url\":\"/ann\",\"avatar\":\"/ann.jpg\"}],\"items\":[7,"
		   "{\"id\":\"https://no.example/\",\"url\":\"/s1\",\"banner_image\":\"b.png\","
		   "\"content_html\":\"<p>x<img src=h.png>\",\"content_text\":\"<a href=no>\","
		   "\"attachments\":[{\"url\":\"e.mp3\"},{}]}]}",
		true,
		"discovery document L-51 https://news.example/\n"
		"discovery feed L-51 https://news.example/f.json\n"
		"discovery feed L-51 https://news.example/f.json?p=2\n"
		"discovery icon L-51 https://news.example/i.png\n"
		"discovery document L-51 https://news.example/ann\n"
		"discovery image L-51 https://news.example/ann.jpg\n"
		"discovery document L-51 https://news.example/s1\n"
		"discovery image L-51 https://news.example/d/b.png\n"
		"discovery media L-51 https://news.example/d/e.mp3\n"
		"discovery image L-51 https://news.example/d/h.png\n");
}

TEST(oembed_needs_its_thumbnail_and_photo)
{
	check_json("{\"version\":\"1.0\",\"type\":\"photo\",\"url\":\"p.jpg\","
		   "\"thumbnail_url\":\"t.jpg\",\"provider_url\":\"/\"}",
		true,
		"requisite image L-54 https://news.example/d/t.jpg\n"
		"requisite image L-54 https://news.example/d/p.jpg\n"
		"discovery document L-54 https://news.example/\n");
	check_json("{\"version\":1.0,\"type\":\"video\",\"url\":\"/no\","
		   "\"html\":\"<iframe src='/player'></iframe>\"}",
		true, "discovery frame L-54 https://news.example/player\n");
}

TEST(other_json_is_left_to_its_own_finder)
{
	check_json("{\"version\":\"2.0\",\"type\":\"photo\",\"url\":\"p.jpg\"}", false, "");
	check_json("{\"version\":\"1.0\",\"type\":\"story\",\"url\":\"p.jpg\"}", false, "");
	check_json("{\"version\":\"https://a.example/version/1\",\"items\":[]}", false, "");
	check_json("{\"version\":", false, "");
	check_json("[\"version\"]", false, "");
}

TEST(oembed_in_xml)
{
	static const struct {
		const char *type, *text, *links;
	} cases[] = {
		{"text/xml",
			"<?xml version='1.0'?><oembed><url>/p.jpg</url><type>photo</type>"
			"<thumbnail_url> /t.jpg </thumbnail_url><title>/no</title>"
			"<author_url>/w</author_url><provider_url>/</provider_url></oembed>",
			"requisite image L-54 https://news.example/t.jpg\n"
			"discovery document L-54 https://news.example/w\n"
			"discovery document L-54 https://news.example/\n"
			"requisite image L-54 https://news.example/p.jpg\n"},
		{"text/xml+oembed",
			"<oembed><type>rich</type><url>/no</url><html>&lt;iframe src='/e'>"
			"&lt;/iframe></html><a><thumbnail_url>/no</thumbnail_url></a></oembed>",
			"discovery frame L-54 https://news.example/e\n"},
		{"text/xml", "<oembed><type>photo", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct flong_error err = {0};
		SCOPED(url_closep) struct url *url = NULL;
		SCOPED(buf_clear) struct buf got = {0};
		struct link_list list = {0};
		assert_int_equal(url_parse(BYTES(BASE), NULL, &url, &err), FLONG_OK);
		const struct links_input input = {.document = bytes_of(cases[i].text),
			.url = url,
			.content_type = bytes_of(cases[i].type)};
		assert_int_equal(links_find(&input, &list, &err), FLONG_OK);
		links_text_add(&list, &got);
		assert_string_equal(buf_text(&got), cases[i].links);
		link_list_clear(&list);
	}
}

RUN_TESTS(CASE(oembed_in_xml), CASE(cues_that_are_pictures_are_needed),
	CASE(spoken_text_names_no_pictures), CASE(ttml_names_its_images),
	CASE(templates_are_counted_to_the_end_of_the_period),
	CASE(timelines_give_times_and_numbers), CASE(periods_end_where_the_next_one_starts),
	CASE(lists_bases_and_what_is_only_named),
	CASE(live_and_broken_manifests_give_what_they_name), CASE(expansion_is_capped),
	CASE(durations_are_read_in_milliseconds),
	CASE(json_feeds_name_stories_pictures_and_attachments),
	CASE(oembed_needs_its_thumbnail_and_photo), CASE(other_json_is_left_to_its_own_finder))
