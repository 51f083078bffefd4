/* SPDX-License-Identifier: MIT */
/* playlist_test.c - choices, variables and tags of HLS playlists, through the same entry as a crawl
 */
#include "unit.h"

#include "links/links.h"
#include "links_text.h"

/* The links of a playlist at /v/m?t=1%20x, as lines. */
static void find(const char *text, struct buf *out)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	assert_int_equal(
		url_parse(BYTES("https://a.example/v/m?t=1%20x"), NULL, &url, &err), FLONG_OK);
	const struct links_input input = {.document = bytes_of(text),
		.url = url,
		.content_type = BYTES("application/vnd.apple.mpegurl")};
	assert_int_equal(links_find(&input, &list, &err), FLONG_OK);
	links_text_add(&list, out);
	assert_int_equal(list.dropped, 0);
	link_list_clear(&list);
}

static void check(const char *text, const char *wanted)
{
	SCOPED(buf_clear) struct buf got = {0};
	find(text, &got);
	assert_string_equal(buf_text(&got), wanted);
}

#define P "requisite playlist L-55 https://a.example/v/"

TEST(one_variant_brings_its_groups)
{
	check("#EXTM3U\n"
	      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"lo\",NAME=\"en\",URI=\"lo-en\"\n"
	      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"hi\",NAME=\"en\",URI=\"hi-en\"\n"
	      "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"en\",URI=\"sub\"\n"
	      "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"none\",NAME=\"x\",URI=\"unused\"\n"
	      "#EXT-X-STREAM-INF:BANDWIDTH=50,CODECS=\"mp4a.40.2\",AUDIO=\"lo\"\nsound\n"
	      "#EXT-X-STREAM-INF:BANDWIDTH=900,RESOLUTION=2x2,AUDIO=\"hi\",SUBTITLES="
	      "\"s\"\nhigh\n"
	      "#EXT-X-STREAM-INF:BANDWIDTH=900,RESOLUTION=2x2,AUDIO=\"hi\"\nbackup\n"
	      "#EXT-X-STREAM-INF:BANDWIDTH=300,RESOLUTION=1x1,AUDIO=\"lo\",SUBTITLES=\"s\"\nlow\n"
	      "#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,URI=\"pictures\"\n",
		P "pictures srcset\n" P "lo-en srcset shown\n" P "hi-en srcset best\n" P
		  "sub srcset shown best\n" P "unused srcset\n" P "sound srcset\n" P
		  "low srcset shown\n" P "high srcset best\n" P "backup srcset\n");
}

TEST(sound_alone_is_a_choice_when_there_is_no_picture)
{
	check("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=50\na\n#EXT-X-STREAM-INF:BANDWIDTH=9\nb\n",
		P "b srcset shown\n" P "a srcset best\n");
}

TEST(variables_are_filled_in_and_unknown_ones_never_fetched)
{
	check("#EXTM3U\n#EXT-X-DEFINE:NAME=\"p\",VALUE=\"seg\"\n"
	      "#EXT-X-DEFINE:NAME=\"q\",VALUE=\"{$p}/x\"\n#EXT-X-DEFINE:NAME=\"p\",VALUE=\"no\"\n"
	      "#EXT-X-DEFINE:QUERYPARAM=\"t\"\n#EXT-X-DEFINE:IMPORT=\"parent\"\n"
	      "#EXT-X-MAP:URI=\"{$q}/init\"\n{$p}1.ts?{$t}\n{$parent}2.ts\n{$open\n",
		"requisite media L-55 https://a.example/v/seg/x/init\n"
		"requisite media L-55 https://a.example/v/seg1.ts?1%20x\n");
}

TEST(variables_that_double_stay_small)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(buf_clear) struct buf got = {0};
	buf_add_text(&text, "#EXTM3U\n#EXT-X-DEFINE:NAME=\"v0\",VALUE=\"aaaaaaaaaa\"\n");
	for (int i = 1; i < 40; i++) {
		buf_addf(&text, "#EXT-X-DEFINE:NAME=\"v%d\",VALUE=\"{$v%d}{$v%d}\"\n", i, i - 1,
			i - 1);
	}
	for (int i = 0; i < 2000; i++) {
		buf_add_text(&text, "{$v12}\n{$v39}\n");
	}
	find(buf_text(&text), &got);
	assert_true(got.len < (size_t)200 << 10);
}

TEST(other_tags_of_hls)
{
	check("#EXTM3U\n#EXT-X-SESSION-DATA:DATA-ID=\"d\",URI=\"data.json\"\n"
	      "#EXT-X-SESSION-KEY:METHOD=AES-128,URI=\"key\"\n"
	      "#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI=\"skd://key\"\n"
	      "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"part\"\n"
	      "#EXT-X-RENDITION-REPORT:URI=\"other.m3u8\",LAST-MSN=1\n"
	      "#EXT-X-CONTENT-STEERING:SERVER-URI=\"steer\"\n"
	      "#EXT-X-DATERANGE:ID=\"ad\",X-ASSET-URI=\"ad.m3u8\"\n",
		"requisite unknown L-55 https://a.example/v/data.json\n"
		"requisite media L-55 https://a.example/v/key\n"
		"requisite media L-55 https://a.example/v/part\n" P "other.m3u8 srcset\n"
		"discovery unknown L-55 https://a.example/v/steer\n"
		"discovery unknown L-55 https://a.example/v/ad.m3u8\n");
}

TEST(renditions_without_variants_are_no_choice)
{
	check("#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"b\",URI=\"c\"\n", P "c\n");
}

TEST(more_variants_than_any_real_one_has)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(buf_clear) struct buf got = {0};
	buf_add_text(&text, "#EXTM3U\n");
	for (int i = 0; i < 400; i++) {
		buf_addf(&text,
			"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",URI=\"m%d\"\n"
			"#EXT-X-STREAM-INF:BANDWIDTH=%d,AUDIO=\"a\"\nv%d\n",
			i, 1000 - i, i);
	}
	find(buf_text(&text), &got);
	size_t lines = 0;
	for (size_t i = 0; i < got.len; i++) {
		lines += got.ptr[i] == '\n';
	}
	assert_int_equal(lines, 800);
	assert_true(bytes_find(buf_bytes(&got), BYTES("/v255 srcset shown\n"), 0) != SIZE_MAX);
	assert_true(bytes_find(buf_bytes(&got), BYTES("/v0 srcset best\n"), 0) != SIZE_MAX);
}

RUN_TESTS(CASE(one_variant_brings_its_groups),
	CASE(sound_alone_is_a_choice_when_there_is_no_picture),
	CASE(variables_are_filled_in_and_unknown_ones_never_fetched),
	CASE(variables_that_double_stay_small), CASE(other_tags_of_hls),
	CASE(renditions_without_variants_are_no_choice), CASE(more_variants_than_any_real_one_has))
