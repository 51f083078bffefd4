/* SPDX-License-Identifier: MIT */
/* link_rules_rows.h - documents for each link rule, with all links they have */
#ifndef TESTS_SUPPORT_LINK_RULES_ROWS_H
#define TESTS_SUPPORT_LINK_RULES_ROWS_H

/* The document is found at https://news.example/en/story. */
struct row {
	const char *rule;
	const char *html;
	const char *links; /* "kind rule url" lines in any order; the site's own host left out */
};

static const struct row rows[] = {
	{"L-01", "<img src=a.png><base target=x><base href=/x/><base href=/y/><a href=b>",
		"requisite L-09 /x/a.png\n"
		"page L-02 /x/b\n"},
	{"L-01", "<base href='data:,x'><base href=/y/><img src=a.png>",
		"requisite L-09 /en/a.png\n"},
	{"L-01", "<base href='http://[x'><img src=a.png>", "requisite L-09 /en/a.png\n"},
	{"L-01", "<base href='https://c.example/d/'><img src=a.png><img src=//e.example/f.png>",
		"requisite L-09 https://c.example/d/a.png\n"
		"requisite L-09 https://e.example/f.png\n"},
	{"L-02", "<a href=b ping=/t><area href=/c#d ping=/u><math href=/e></math>",
		"page L-02 /en/b\n"
		"page L-02 /c\n"
		"page L-02 /e\n"},
	{"L-02", "<a name=x><a href><a href='#x'><nav href=/no>", ""},
	{"L-03",
		"<img src=''><img src=' '><img src><img src='#a'><link rel=stylesheet "
		"href=''><script src=''></script>",
		""},
	{"L-03",
		"<a href='javascript:a()'><a href=' JAVA\nscript:a()'><a "
		"href=mailto:a@b.example><a href='tel:1'><a href='sms:1'>",
		""},
	{"L-03",
		"<img src='data:image/png;base64,x'><img src='blob:https://a.example/1'><iframe "
		"src=about:blank></iframe><a href=ftp://f.example/>",
		""},
	{"L-04",
		"<img src=' /a&amp;b\n.png '><img src='\t\\c\\d.png'><img src=/&#x65;&eacute;.png>",
		"requisite L-09 /a&b.png\n"
		"requisite L-09 /c/d.png\n"
		"requisite L-09 /e%C3%A9.png\n"},
	{"L-04", "<a href='?a=1&copy=2&ampx&lt;'>", "page L-02 /en/story?a=1&copy=2&ampx%3C\n"},
	{"L-05",
		"<script src=a.js></script><script type=module src=/m.mjs></script><script "
		"nomodule async defer src=/n.js></script>",
		"requisite L-05 /en/a.js\n"
		"requisite L-05 /m.mjs\n"
		"requisite L-05 /n.js\n"},
	{"L-06",
		"<link rel='preload stylesheet' href=a.css><link rel='ALTERNATE STYLESHEET' "
		"href=/b.css><link rel=stylesheet media=print disabled href=/c.css>",
		"requisite L-06 /en/a.css\n"
		"requisite L-06 /b.css\n"
		"requisite L-06 /c.css\n"},
	{"L-06",
		"<link rel=icon href=/1><link rel='shortcut icon' href=/2><link "
		"rel=apple-touch-icon href=/3><link rel=apple-touch-icon-precomposed href=/4><link "
		"rel=apple-touch-startup-image href=/5><link rel=mask-icon href=/6>",
		"requisite L-06 /1\n"
		"requisite L-06 /2\n"
		"requisite L-06 /3\n"
		"requisite L-06 /4\n"
		"requisite L-06 /5\n"
		"requisite L-06 /6\n"},
	{"L-06",
		"<link rel=manifest href=/1><link rel=preload as=fetch href=/2><link rel=prefetch "
		"href=/3><link rel=modulepreload href=/4><link rel='canonical icon' href=/5>",
		"requisite L-06 /1\n"
		"requisite L-06 /2\n"
		"requisite L-06 /3\n"
		"requisite L-06 /4\n"
		"requisite L-06 /5\n"},
	{"L-07",
		"<link rel=preconnect href=//c.example><link rel=dns-prefetch "
		"href=//d.example><link rel='dns-prefetch preconnect' href=//e.example><link "
		"rel=pingback href=/p><link rel=EditURI href=/e><link href=/no><link rel='' "
		"href=/no>",
		""},
	{"L-08",
		"<link rel=canonical href=/1><link rel=amphtml href=/2><link rel=shortlink "
		"href=/3><link rel=alternate hreflang=de href=/4><link rel=alternate "
		"media=handheld href=/5><link rel=next href=/6><link rel=prev href=/7><link "
		"rel=author href=/8><link rel=license href=/9>",
		"discovery L-08 /1\n"
		"discovery L-08 /2\n"
		"discovery L-08 /3\n"
		"discovery L-08 /4\n"
		"discovery L-08 /5\n"
		"discovery L-08 /6\n"
		"discovery L-08 /7\n"
		"discovery L-08 /8\n"
		"discovery L-08 /9\n"},
	{"L-09", "<img src=a.jpg lowsrc=/b.jpg dynsrc=/c.avi longdesc=/d usemap='#m'>",
		"requisite L-09 /en/a.jpg\n"
		"requisite L-09 /b.jpg\n"
		"requisite L-09 /c.avi\n"
		"page L-09 /d\n"},
	{"L-09", "<image src=/a.jpg><img alt=/no.jpg title=/no.jpg>", "requisite L-09 /a.jpg\n"},
	{"L-10", "<img srcset='a,b.jpg 1x, /c.jpg 2x,/d.jpg,'>",
		"requisite L-10 /en/a,b.jpg\n"
		"requisite L-10 /c.jpg\n"
		"requisite L-10 /d.jpg\n"},
	{"L-10",
		"<img srcset='/a.jpg 0w, /b.jpg 100w 50h, /c.jpg 1x 2x, "
		"data:image/png;base64,AA== 3x, , /d.jpg 300w'>",
		"requisite L-10 /b.jpg\n"
		"requisite L-10 /d.jpg\n"},
	{"L-11", "<link rel=preload as=image imagesrcset='/a 1x, /b 2x' imagesizes=50vw>",
		"requisite L-11 /a\n"
		"requisite L-11 /b\n"},
	{"L-12",
		"<picture><source type=image/webp srcset=/a.webp><source type=image/x-no "
		"media='(min-width: 9999px)' srcset='/b.jpg, /c.jpg 2x'><img src=/d.jpg></picture>",
		"requisite L-12 /a.webp\n"
		"requisite L-12 /b.jpg\n"
		"requisite L-12 /c.jpg\n"
		"requisite L-09 /d.jpg\n"},
	{"L-13",
		"<img data-src=/1 data-original=/2 data-lazy-src=/3 data-lazy=/4 data-bg=/5 "
		"data-background-image=/6 data-poster=/7 data-url=/8 data-image=/9 "
		"data-full-src=/10 data-hi-res-src=/11 data-fallback-src=/12 data-thumb=/13 "
		"data-background=/14>",
		"requisite L-13 /1\n"
		"requisite L-13 /2\n"
		"requisite L-13 /3\n"
		"requisite L-13 /4\n"
		"requisite L-13 /5\n"
		"requisite L-13 /6\n"
		"requisite L-13 /7\n"
		"requisite L-13 /8\n"
		"requisite L-13 /9\n"
		"requisite L-13 /10\n"
		"requisite L-13 /11\n"
		"requisite L-13 /12\n"
		"requisite L-13 /13\n"
		"requisite L-13 /14\n"},
	{"L-13",
		"<div data-bg=/h.jpg></div><source data-src=/a.webm><video data-src=/b "
		"data-poster=/c></video>",
		"requisite L-13 /h.jpg\n"
		"requisite L-13 /a.webm\n"
		"requisite L-13 /b\n"
		"requisite L-13 /c\n"},
	{"L-13",
		"<img data-srcset='/a 1x, /b 2x' data-lazy-srcset=/c data-original-set=/d><div "
		"data-bgset='/e.jpg 100w'></div>",
		"requisite L-13 /a\n"
		"requisite L-13 /b\n"
		"requisite L-13 /c\n"
		"requisite L-13 /d\n"
		"requisite L-13 /e.jpg\n"},
	{"L-13",
		"<div data-src=/page data-url=https://news.example/story data-lazy=true></div><img "
		"data-lazy=true data-src='a b.jpg'><a data-url=/share></a>",
		""},
	{"L-14",
		"<head><noscript><link rel=stylesheet "
		"href=/n.css><style>a{b:url(/s.png)}</style><img "
		"src=/t.gif></noscript></head><noscript><img src=/r.jpg></noscript>",
		"requisite L-06 /n.css\n"
		"requisite L-29 /s.png\n"
		"requisite L-09 /t.gif\n"
		"requisite L-09 /r.jpg\n"},
	{"L-15",
		"<template><img src=/a.png><template><img "
		"src=/b.png></template></template><div><template "
		"shadowrootmode=open><style>b{c:url(/c.png)}</style><img "
		"src=/s.png></template></div>",
		"requisite L-09 /a.png\n"
		"requisite L-09 /b.png\n"
		"requisite L-29 /c.png\n"
		"requisite L-09 /s.png\n"},
	{"L-16",
		"<!--[if lt IE 9]><script src=/x.js></script><p "
		"style='a:url(/y.png)'><![endif]--><!--[if !IE]><!--><img "
		"src=/z.png><!--<![endif]-->",
		"requisite L-16 /x.js\n"
		"requisite L-29 /y.png\n"
		"requisite L-09 /z.png\n"},
	{"L-16", "<!-- <img src=/no.png> --><!--<img src=/no.png>-->", ""},
	{"L-17", "<iframe src=/a></iframe><frameset><frame src=/b longdesc=/c></frameset>",
		"requisite L-17 /a\n"
		"requisite L-17 /b\n"
		"page L-09 /c\n"},
	{"L-17",
		"<iframe srcdoc=\"&lt;img src=&quot;q.png&quot;&gt;&lt;a "
		"href=r&gt;\"></iframe><base href=/x/>",
		"requisite L-09 /x/q.png\n"
		"page L-02 /x/r\n"},
	{"L-17", "<iframe><img src=/no.png></iframe>", ""},
	{"L-18",
		"<object data=/m.svg archive='/n.jar /o.jar'><param name=movie value=/f.swf><param "
		"name=SRC value=/g.swf><param name=quality value=/no><embed src=/e.swf></object>",
		"requisite L-18 /m.svg\n"
		"requisite L-18 /n.jar\n"
		"requisite L-18 /o.jar\n"
		"requisite L-18 /f.swf\n"
		"requisite L-18 /g.swf\n"
		"requisite L-18 /e.swf\n"},
	{"L-18", "<applet codebase=/lib code=A.class archive='b.jar, /c.jar'></applet>",
		"requisite L-18 /c.jar\n"
		"requisite L-18 /lib/A.class\n"
		"requisite L-18 /lib/b.jar\n"},
	{"L-19",
		"<video src=/v.mp4 poster=/p.jpg><source src=/w.webm><track src=/de.vtt><p><source "
		"src=/x.mp4></video><audio src=/a.mp3></audio>",
		"requisite L-19 /v.mp4\n"
		"requisite L-19 /p.jpg\n"
		"requisite L-19 /w.webm\n"
		"requisite L-19 /de.vtt\n"
		"requisite L-19 /x.mp4\n"
		"requisite L-19 /a.mp3\n"},
	{"L-20",
		"<video data-posterurl=/still.jpg data-video-src=/v.mp4></video><input type=hidden "
		"name=file_name value=https://m.example/f.mp4><input type=hidden value=/page>",
		"requisite L-20 /still.jpg\n"
		"requisite L-20 /v.mp4\n"
		"requisite L-20 https://m.example/f.mp4\n"},
	{"L-20",
		"<div "
		"data-setup='{&quot;poster&quot;:&quot;/p.jpg&quot;,&quot;a&quot;:[&quot;\\/"
		"q.m3u8&quot;],&quot;url&quot;:&quot;/page&quot;}'></div>",
		"requisite L-20 /p.jpg\n"
		"requisite L-20 /q.m3u8\n"
		"discovery L-20 /page\n"},
	{"L-21",
		"<input type=IMAGE src=/go.png><input type=text src=/no.png><form "
		"action=/no><button formaction=/no></button></form><form method=get action=/no>",
		"requisite L-21 /go.png\n"},
	{"L-21", "<form action=/a><input type=text src=/b><button formaction=/c></button></form>",
		""},
	{"L-22",
		"<meta http-equiv=refresh content=\"0; URL='/a'\"><meta http-equiv=Refresh "
		"content='5;url=\"/b\" x'><meta http-equiv=refresh content='1,/c'>",
		"page L-22 /a\n"
		"page L-22 /b\n"
		"page L-22 /c\n"},
	{"L-22",
		"<meta http-equiv=refresh content=30><meta http-equiv=refresh "
		"content='url=/no'><meta name=refresh content='0;url=/no'>",
		""},
	{"L-23",
		"<meta property=og:image content=/1><meta property=og:image:url content=/2><meta "
		"property=og:image:secure_url content=/3><meta name=twitter:image content=/4><meta "
		"name=msapplication-TileImage content=/5><meta name=thumbnail content=/6>",
		"requisite L-23 /1\n"
		"requisite L-23 /2\n"
		"requisite L-23 /3\n"
		"requisite L-23 /4\n"
		"requisite L-23 /5\n"
		"requisite L-23 /6\n"},
	{"L-23",
		"<meta property=og:video content=/1><meta property=og:audio content=/2><meta "
		"name=twitter:player content=/3><meta name=twitter:player:stream content=/4><meta "
		"property=og:image:alt content=/no><meta name=description content=/no>",
		"discovery L-23 /1\n"
		"discovery L-23 /2\n"
		"discovery L-23 /3\n"
		"discovery L-23 /4\n"},
	{"L-24",
		"<script "
		"type=application/ld+json>{\"@graph\":[{\"image\":[\"a_804.jpg\",{\"url\":\"/"
		"b\"}],\"thumbnailUrl\":\"/"
		"c\",\"logo\":{\"@type\":\"ImageObject\",\"contentUrl\":\"/d\"}}]}</script>",
		"requisite L-24 /en/a_804.jpg\n"
		"requisite L-24 /b\n"
		"requisite L-24 /c\n"
		"requisite L-24 /d\n"},
	{"L-24",
		"<script "
		"type=application/ld+json>{\"@id\":\"/i\",\"url\":\"/u\",\"embedUrl\":\"/"
		"e\",\"name\":\"/no\",\"@context\":\"https://schema.org\"}</script>",
		"discovery L-24 /i\n"
		"discovery L-24 /u\n"
		"discovery L-24 /e\n"},
	{"L-25",
		"<meta itemprop=image content=a.jpg><link itemprop=image href=/b.jpg><span "
		"itemprop='name logo' content=/c></span><div property=schema:image "
		"resource=/d></div>",
		"requisite L-25 /en/a.jpg\n"
		"requisite L-25 /b.jpg\n"
		"requisite L-25 /c\n"
		"requisite L-25 /d\n"},
	{"L-25",
		"<meta itemprop=url content=/a><link itemprop=mainEntityOfPage href=/b><div "
		"itemprop=image><span itemprop=name content=/no></span>",
		"discovery L-25 /a\n"
		"discovery L-25 /b\n"},
	{"L-26",
		"<html manifest=/m.appcache><body background=/a.gif><table "
		"background=/b.gif><tr><td background=/c.gif>",
		"requisite L-26 /m.appcache\n"
		"requisite L-26 /a.gif\n"
		"requisite L-26 /b.gif\n"
		"requisite L-26 /c.gif\n"},
	{"L-27",
		"<blockquote cite=/1></blockquote><q cite=/2></q><ins cite=/3></ins><del "
		"cite=/4></del><p cite=/no>",
		"discovery L-27 /1\n"
		"discovery L-27 /2\n"
		"discovery L-27 /3\n"
		"discovery L-27 /4\n"},
	{"L-28",
		"<p style='background:url(&quot;a.png&quot;)'><style "
		"media=print>b{c:url(/d.png)}</style><svg><style>e{f:url(/g.png)}</style></svg>",
		"requisite L-29 /en/a.png\n"
		"requisite L-29 /d.png\n"
		"requisite L-29 /g.png\n"},
	{"L-29",
		"<style>a{b:url(a\\).png) url( '/b.png' ) URL(/\\63 .png) src('/d.png') "
		"url(//c.example/e.png)}</style>",
		"requisite L-29 /en/a).png\n"
		"requisite L-29 /b.png\n"
		"requisite L-29 /c.png\n"
		"requisite L-29 /d.png\n"
		"requisite L-29 https://c.example/e.png\n"},
	{"L-30",
		"<style>@import '/a.css';@import url(/b.css) layer(x) supports(display:grid) "
		"screen;@IMPORT url('/c.css') print;</style>",
		"requisite L-30 /a.css\n"
		"requisite L-30 /b.css\n"
		"requisite L-30 /c.css\n"},
	{"L-31",
		"<style>a{b:image-set('/a.avif' type('image/avif'),'/b.jpg' "
		"1x);c:-webkit-image-set(url(/c.png) 1x)}</style>",
		"requisite L-31 /a.avif\n"
		"requisite L-31 /b.jpg\n"
		"requisite L-29 /c.png\n"},
	{"L-32",
		"<style>@font-face{src:local('x'),url(/f.woff2) "
		"format('woff2'),url('/f.woff')}</style>",
		"requisite L-32 /f.woff2\n"
		"requisite L-32 /f.woff\n"},
	{"L-33",
		"<style>:root{--hero:url(/h.webp)}a{cursor:url(/c.cur),auto;mask:url(/"
		"m.svg#x);content:url(/i.png)}</style>",
		"requisite L-29 /h.webp\n"
		"requisite L-29 /c.cur\n"
		"requisite L-29 /m.svg\n"
		"requisite L-29 /i.png\n"},
	{"L-34",
		"<style>a{fill:url(#g);b:url(data:,x);c:url()}@namespace "
		"url(http://www.w3.org/1999/xhtml);@namespace svg "
		"'/no';/*url(/no.png)*/d{content:'url(/no.png)'}</style>",
		""},
	{"L-36",
		"<svg><use href='/i.svg#x'/><use xlink:href='/i.svg#y'/><image href=/a.png "
		"/><image xlink:href=/b.png /><feImage href=/c.png /><script "
		"href=/d.js></script><pattern href=/e.svg /><linearGradient "
		"xlink:href='/f.svg#g'/><textPath href=/h.svg /></svg>",
		"requisite L-36 /i.svg\n"
		"requisite L-36 /a.png\n"
		"requisite L-36 /b.png\n"
		"requisite L-36 /c.png\n"
		"requisite L-36 /d.js\n"
		"requisite L-36 /e.svg\n"
		"requisite L-36 /f.svg\n"
		"requisite L-36 /h.svg\n"},
	{"L-36", "<svg><a xlink:href=/a><use href='#x'/><path href=/no.svg /></a></svg>",
		"page L-36 /a\n"},
	{"L-48",
		"<div data-hero=https://c.example/h.webp data-x=/f.woff2 "
		"data-page=https://c.example/page></div><img data-src-large=https://c.example/l "
		"data-big-srcset='/m 1x' data-permalink=/page>",
		"requisite L-48 https://c.example/h.webp\n"
		"requisite L-48 /f.woff2\n"
		"requisite L-48 https://c.example/l\n"
		"requisite L-48 /m\n"},
	{"L-49",
		"<bgsound src=/1><layer src=/2></layer><overlay src=/3><fig src=/4></fig><ilayer "
		"src=/5></ilayer>",
		"requisite L-49 /1\n"
		"requisite L-49 /2\n"
		"requisite L-49 /3\n"
		"requisite L-49 /4\n"
		"requisite L-49 /5\n"},
	{"L-53",
		"<amp-img src=/1 srcset='/2 1x'></amp-img><amp-video src=/3 "
		"poster=/4></amp-video><amp-iframe src=/5></amp-iframe><amp-anim "
		"src=/6></amp-anim><amp-audio src=/7></amp-audio><amp-state src=/8></amp-state>",
		"requisite L-53 /1\n"
		"requisite L-53 /2\n"
		"requisite L-53 /3\n"
		"requisite L-53 /4\n"
		"requisite L-53 /5\n"
		"requisite L-53 /6\n"
		"requisite L-53 /7\n"
		"requisite L-53 /8\n"},
	{"L-60",
		"<iframe data-src=https://v.example/1></iframe><iframe "
		"data-lazy-src=/2></iframe><script data-src=/3.js></script><iframe "
		"data-cookieblock-src=/4></iframe><script data-uc-src=/5 type=text/plain></script>",
		"discovery L-60 https://v.example/1\n"
		"discovery L-60 /2\n"
		"discovery L-60 /3.js\n"
		"discovery L-60 /4\n"
		"discovery L-60 /5\n"},
	{"L-60",
		"<iframe "
		"src=https://www.youtube.com/embed/a-B_3456789?rel=0></iframe><lite-youtube "
		"videoid=bbbbbbbbbbb></lite-youtube><amp-youtube "
		"data-videoid=ccccccccccc></amp-youtube><iframe "
		"data-src=https://www.youtube-nocookie.com/embed/ddddddddddd></iframe>",
		"requisite L-17 https://www.youtube.com/embed/a-B_3456789?rel=0\n"
		"discovery L-60 https://i.ytimg.com/vi/a-B_3456789/hqdefault.jpg\n"
		"discovery L-60 https://i.ytimg.com/vi/bbbbbbbbbbb/hqdefault.jpg\n"
		"discovery L-60 https://i.ytimg.com/vi/ccccccccccc/hqdefault.jpg\n"
		"discovery L-60 https://www.youtube-nocookie.com/embed/ddddddddddd\n"
		"discovery L-60 https://i.ytimg.com/vi/ddddddddddd/hqdefault.jpg\n"},
	{"L-60",
		"<blockquote class=twitter-tweet><a "
		"href=https://twitter.com/a/status/1></a></blockquote><lite-youtube "
		"videoid=no></lite-youtube>",
		"page L-02 https://twitter.com/a/status/1\n"},
	{"L-61",
		"<script src=/a.js integrity='sha256-x' crossorigin=use-credentials "
		"referrerpolicy=no-referrer></script>",
		"requisite L-05 /a.js\n"},
	{"L-62",
		"<img src=/a.png?v=1><img src=/a.png?v=2><img src='/a.png?v=1#x'><img src=/b.png "
		"src=/no.png SRC=/no.png srcSet='/c.png 2x'><a href=/a.png?v=1>",
		"requisite L-09 /a.png?v=1\n"
		"requisite L-09 /a.png?v=2\n"
		"requisite L-09 /b.png\n"
		"requisite L-10 /c.png\n"
		"page L-02 /a.png?v=1\n"},
	{"L-63",
		"<img src=a?b=c&d=/e><img/src=/f><img title=\"x\"src='/g'><p><a @click=\"x => y\" "
		":href=/no href=/h>",
		"requisite L-09 /en/a?b=c&d=/e\n"
		"requisite L-09 /f\n"
		"requisite L-09 /g\n"
		"page L-02 /h\n"},
	{"L-63",
		"<html><head></noscript></head><body></body></html></p></b><img src=/a><!--><img "
		"src=/b><!---><img src=/c>",
		"requisite L-09 /a\n"
		"requisite L-09 /b\n"
		"requisite L-09 /c\n"},
	{"L-63",
		"<title><img src=/no></title><textarea><a href=/no></textarea><xmp><img "
		"src=/no></xmp><noembed><img src=/no></noembed><script>'<img "
		"src=/no>'</script><plaintext><img src=/no>",
		""},
};

#endif
