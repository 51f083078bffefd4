/* SPDX-License-Identifier: MIT */
/* media_list_test.c - lists of media for players, tiles and search engines, through the same entry
 * as a crawl */
#include "unit.h"

#include "base/limits.h"
#include "links/links.h"
#include "links_text.h"

/* The links of a document of this type, as lines; returns how many were dropped. */
static size_t find(const char *type, enum link_role role, const char *text, struct buf *out)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES("https://a.example/v/m"), NULL, &url, &err), FLONG_OK);
	const struct links_input input = {.document = bytes_of(text),
		.url = url,
		.content_type = bytes_of(type),
		.role = role};
	assert_int_equal(links_find(&input, &list, &err), FLONG_OK);
	links_text_add(&list, out);
	size_t dropped = list.dropped;
	link_list_clear(&list);
	return dropped;
}

static void check(const char *type, const char *text, const char *wanted)
{
	SCOPED(buf_clear) struct buf got = {0};
	assert_int_equal(find(type, ROLE_UNKNOWN, text, &got), 0);
	assert_string_equal(buf_text(&got), wanted);
}

#define L "discovery media L-58 https://a.example/"

TEST(lines_of_m3u_unless_it_is_hls)
{
	static const char list[] = "#EXTM3U\n#EXTINF:1,x\na.mp3\r\n\n# no\n  b c.mp3\nC:\\d.mp3\n";
	check("audio/x-mpegurl", list, L "v/a.mp3\n" L "v/b%20c.mp3\n");
	check("text/plain", list, L "v/a.mp3\n" L "v/b%20c.mp3\n");
	check("audio/mpegurl", "a.mp3\n", L "v/a.mp3\n");
	check("audio/x-mpegurl", "#EXTM3U\n#EXT-X-VERSION:3\na.ts\n",
		"requisite media L-55 https://a.example/v/a.ts\n");
	/* What a page plays is needed. */
	SCOPED(buf_clear) struct buf got = {0};
	assert_int_equal(find("audio/x-mpegurl", ROLE_PLAYLIST, "#EXTM3U\na.ts\n", &got), 0);
	assert_string_equal(buf_text(&got), "requisite media L-55 https://a.example/v/a.ts\n");
}

TEST(entries_of_sections)
{
	check("audio/x-scpls",
		"[playlist]\nNumberOfEntries=2\nFile1=a.mp3\nTitle1=no.mp3\nfile12 = /b.mp3\n"
		"File=no\nFilename=no\nReferrer=no\n",
		L "v/a.mp3\n" L "b.mp3\n");
	check("video/x-ms-asf", "[Reference]\r\nRef1=http://a.example/c.wmv?MSWMExt=.asf\r\n",
		"discovery media L-58 http://a.example/c.wmv?MSWMExt=.asf\n");
}

TEST(smil_and_its_bases)
{
	check("application/smil+xml",
		"<smil><head><meta name='base' content='/s/'/><meta base='/no/'/></head><body>"
		"<switch><video src='a.mp4'/><textstream src='b.srt'/></switch><img src='c.png'/>"
		"<par title='no' xml:base='d/'><audio src='e.mp3'/><a href='f'/></par></body>"
		"</smil>",
		L "s/a.mp4\n"
		  "discovery track L-58 https://a.example/s/b.srt\n"
		  "discovery image L-58 https://a.example/s/c.png\n" L "s/d/e.mp3\n"
		  "discovery document L-58 https://a.example/s/d/f\n");
}

TEST(xspf_and_asx_in_any_case)
{
	check("application/xspf+xml",
		"<x:playlist xmlns:x='http://xspf.org/ns/0/'><x:trackList><x:track>"
		"<x:location> a.ogg </x:location><x:title>no</x:title><x:image>i.png</x:image>"
		"<x:info>p</x:info><x:identifier>no</x:identifier></x:track></x:trackList>"
		"</x:playlist>",
		L "v/a.ogg\n"
		  "discovery image L-58 https://a.example/v/i.png\n"
		  "discovery document L-58 https://a.example/v/p\n");
	check("text/xml",
		"<ASX VERSION='3.0'><BASE HREF='/b/'/><Entry><REF HREF='a.wmv'/></Entry>"
		"<EntryRef href='c.asx'/><MoreInfo href='d'/></ASX>",
		L "b/a.wmv\n"
		  "discovery playlist L-58 https://a.example/b/c.asx\n"
		  "discovery document L-58 https://a.example/b/d\n");
}

TEST(chunks_of_smooth_streaming)
{
	check("application/vnd.ms-sstr+xml",
		"<SmoothStreamingMedia><StreamIndex Url='Q({bitrate})/F(v={start time})'>"
		"<QualityLevel Bitrate='5'/><QualityLevel Bitrate='6'/><c t='3' d='2'/>"
		"<c d='2' r='2'/></StreamIndex><StreamIndex Url='Q({bitrate'><QualityLevel/>"
		"<c d='1' r='99'/></StreamIndex><StreamIndex Url='{what}'><QualityLevel/>"
		"<c d='1'/></StreamIndex><StreamIndex><c d='1'/></StreamIndex>"
		"</SmoothStreamingMedia>",
		L "v/Q(5)/F(v=3)\n" L "v/Q(6)/F(v=3)\n" L "v/Q(5)/F(v=5)\n" L "v/Q(6)/F(v=5)\n" L
		  "v/Q(5)/F(v=7)\n" L "v/Q(6)/F(v=7)\n");
}

TEST(endless_chunks_end)
{
	SCOPED(buf_clear) struct buf got = {0};
	assert_true(find("application/vnd.ms-sstr+xml", ROLE_UNKNOWN,
			    "<SmoothStreamingMedia><StreamIndex Url='{start time}'><QualityLevel/>"
			    "<c d='1' r='9223372036854775807'/><c d='1' r='9223372036854775807'/>",
			    &got) > 0);
	size_t lines = 0;
	for (size_t i = 0; i < got.len; i++) {
		lines += got.ptr[i] == '\n';
	}
	assert_int_equal(lines, LIMIT_MEDIA_SEGMENTS);
}

TEST(settings_give_pictures_and_never_templates)
{
	check("application/xml",
		"<browserconfig><msapplication><tile><square70x70logo src='/t.png'/>"
		"<wide310x150logo src='w.png'/><TileColor>#fff</TileColor></tile><notification>"
		"<polling-uri src='/no?{x}'/></notification></msapplication></browserconfig>",
		"requisite icon L-42 https://a.example/t.png\n"
		"requisite icon L-42 https://a.example/v/w.png\n");
	check("application/opensearchdescription+xml",
		"<OpenSearchDescription><ShortName>no</ShortName><Image>/f.ico</Image>"
		"<Image>data:image/png,x</Image><Image>/{no}</Image>"
		"<Url type='text/html' template='/no?q={searchTerms}'/>"
		"<moz:SearchForm>/q</moz:SearchForm></OpenSearchDescription>",
		"requisite icon L-42 https://a.example/f.ico\n"
		"discovery document L-42 https://a.example/q\n");
}

RUN_TESTS(CASE(lines_of_m3u_unless_it_is_hls), CASE(entries_of_sections), CASE(smil_and_its_bases),
	CASE(xspf_and_asx_in_any_case), CASE(chunks_of_smooth_streaming), CASE(endless_chunks_end),
	CASE(settings_give_pictures_and_never_templates))
