/* SPDX-License-Identifier: MIT */
/* link_rules_script_rows.h - documents for the link rules of what scripts say, with all links they
 * have */
#ifndef TESTS_SUPPORT_LINK_RULES_SCRIPT_ROWS_H
#define TESTS_SUPPORT_LINK_RULES_SCRIPT_ROWS_H

#include "link_rules_rows.h"

static const struct row script_rows[] = {
	{"L-38",
		"<script type=importmap>{\"imports\":{\"a\":\"./a.mjs\",\"p/\":\"/p/\"},\"scopes\":"
		"{\"/en/\":{\"b\":\"/b.mjs\"}},\"integrity\":{\"/c.mjs\":\"sha384-x\"}}</script>",
		"requisite L-38 /en/a.mjs\n"
		"requisite L-38 /b.mjs\n"
		"requisite L-38 /c.mjs\n"},
	{"L-38",
		"<script type=importmap>{\"imports\":{\"p/\":\"/p/\",\"bare\":\"b\",\"no\":null}}"
		"</script><script type=importmap>{\"imports\":</script>"
		"<script type=text/importmap>{\"imports\":{\"a\":\"/a.mjs\"}}</script>",
		""},
	{"L-39",
		"<script type=module>import './a.js';export * from '/b.js';import('./c.js');"
		"new URL('d.png',import.meta.url);new Worker('/w.js')</script>",
		"requisite L-39 /en/a.js\n"
		"requisite L-39 /b.js\n"
		"requisite L-39 /en/c.js\n"
		"requisite L-39 /en/d.png\n"
		"requisite L-39 /w.js\n"},
	{"L-39",
		"<script type=importmap>{\"imports\":{\"p/\":\"/p/\"}}</script>"
		"<script type=module>import 'p/a.js'</script>",
		"requisite L-39 /p/a.js\n"},
	{"L-39",
		"<script type=module>import 'react';import('./'+x);import(`./${y}.js`);"
		"a.import('./b.js');Worker('/w');new Worker(v+'/w')</script>"
		"<script>import './classic.js'</script>"
		"<script type=text/template>import('./c.js')</script>",
		""},
	{"L-40",
		"<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"/n\"]}],\"prerender\":"
		"[{\"source\":\"list\",\"urls\":[\"m\"]}]}</script>",
		"discovery L-40 /n\n"
		"discovery L-40 /en/m\n"},
	{"L-40",
		"<script type=speculationrules>{\"prefetch\":[\"/n\",{\"where\":{\"href_matches\":"
		"\"/*\"}}],\"other\":[{\"urls\":[\"/o\"]}]}</script>"
		"<script type=speculation>{\"prefetch\":[{\"urls\":[\"/n\"]}]}</script>",
		""},
	{"L-44",
		"<script id=__NEXT_DATA__ "
		"type=application/json>{\"src\":\"/a.webp\",\"u\":\"https:\\/\\/"
		"c.example\\u002Fb.jpg\",\"href\":\"/page\",\"t\":\"text/html\",\"v\":\"1.2.3\"}</"
		"script>",
		"requisite L-44 /a.webp\n"
		"requisite L-44 https://c.example/b.jpg\n"
		"discovery L-44 /page\n"},
	{"L-44", "<script>window.__APOLLO_STATE__={\"image\":\"https://c.example/i\"};</script>",
		"requisite L-44 https://c.example/i\n"},
	{"L-44", "<script>window.__NUXT__={a:[{\"image\":\"https://c.example/i\"}]}</script>",
		"requisite L-44 https://c.example/i\n"},
	{"L-44", "<script>Fusion.globalContent={\"image\":\"https://c.example/i\"};x=1</script>",
		"requisite L-44 https://c.example/i\n"},
	{"L-44",
		"<script>var "
		"s=JSON.parse(\"{\\\"image\\\":\\\"https://c.example/i\\\"}\")</script>",
		"requisite L-44 https://c.example/i\n"},
	{"L-45",
		"<img srcset='/i/12_600.jpg 78w, /i/12_603.jpg 545w' "
		"data-src='/i/9_${formatId}.jpg'>",
		"requisite L-10 /i/12_600.jpg\n"
		"requisite L-10 /i/12_603.jpg\n"
		"requisite L-45 /i/9_600.jpg\n"
		"requisite L-45 /i/9_603.jpg\n"},
	{"L-45", "<img srcset='/i/12_600.jpg 78w, /i/12_603.jpg 545w' data-src='/i/9_{width}.jpg'>",
		"requisite L-10 /i/12_600.jpg\n"
		"requisite L-10 /i/12_603.jpg\n"
		"requisite L-45 /i/9_600.jpg\n"
		"requisite L-45 /i/9_603.jpg\n"},
	{"L-45", "<img srcset='/i/12_600.jpg 78w, /i/12_603.jpg 545w' data-src='/i/9_%7Bw%7D.jpg'>",
		"requisite L-10 /i/12_600.jpg\n"
		"requisite L-10 /i/12_603.jpg\n"
		"requisite L-45 /i/9_600.jpg\n"
		"requisite L-45 /i/9_603.jpg\n"},
	{"L-45",
		"<img srcset='/i/12_600.jpg 78w, /i/12_603.jpg 545w' "
		"data-src='/i/9___WIDTH__.jpg'>",
		"requisite L-10 /i/12_600.jpg\n"
		"requisite L-10 /i/12_603.jpg\n"
		"requisite L-45 /i/9_600.jpg\n"
		"requisite L-45 /i/9_603.jpg\n"},
	{"L-45",
		"<img data-src='/i/{w}/a.jpg' srcset='/i/%7Bw%7D/b.jpg 2x' "
		"src='/i/${w}/c.jpg'><script>a={\"image\":\"/i/{{s}}.jpg\"}</script>",
		""},
	{"L-45",
		"<img srcset='/i/12_600_78.jpg 78w, /i/12_603_545.jpg 545w' "
		"data-src='/i/9_${formatId}_${width}.jpg'>",
		"requisite L-10 /i/12_600_78.jpg\n"
		"requisite L-10 /i/12_603_545.jpg\n"
		"requisite L-45 /i/9_600_78.jpg\n"
		"requisite L-45 /i/9_603_545.jpg\n"},
	{"L-45",
		"<img srcset='/320x180/2024/a-1.jpg 320w, /640x360/2024/a-1.jpg 640w' "
		"data-src='/{width}x{height}/2023/a-77.jpg'>",
		"requisite L-10 /320x180/2024/a-1.jpg\n"
		"requisite L-10 /640x360/2024/a-1.jpg\n"},
	{"L-45",
		"<img srcset='/i/1/320x180/f.webp?q=7 320w' "
		"data-src='/i/2/%7Bw%7Dx%7Bh%7D/f.webp?q=7'>",
		"requisite L-10 /i/1/320x180/f.webp?q=7\n"
		"requisite L-45 /i/2/320x180/f.webp?q=7\n"},
	{"L-45",
		"<img srcset='/i/320/1/s320.jpg 1x, /i/640/1/s320.jpg 2x' "
		"data-src='/i/{w}/2/s{w}.jpg'>",
		"requisite L-10 /i/320/1/s320.jpg\n"
		"requisite L-10 /i/640/1/s320.jpg\n"
		"requisite L-45 /i/320/2/s320.jpg\n"},
	{"L-45", "<img src=/i/12_605_80.jpg><img data-src='/i/9_${formatId}_${quality}.jpg'>",
		"requisite L-09 /i/12_605_80.jpg\n"
		"requisite L-45 /i/9_605_80.jpg\n"},
	{"L-45",
		"<img srcset='/i/12_600.jpg 1x, /i/12_600_78.jpg 2x, /i/1_2_3_4_5.jpg 3x' "
		"data-src='/i/9_{a}{b}.jpg' data-lazy='/i/9_{a}_{b}_{c}_{d}_{e}.jpg' "
		"data-original='/k/9_{a}_{b}.jpg'>",
		"requisite L-10 /i/12_600.jpg\n"
		"requisite L-10 /i/12_600_78.jpg\n"
		"requisite L-10 /i/1_2_3_4_5.jpg\n"},
	{"L-45", "<img src=/i/a__small__b.jpg>", "requisite L-09 /i/a__small__b.jpg\n"},
	{"L-44",
		"<script>x={\"image\":\"two "
		"words\",\"url\":\"page\",\"type\":\"text/html\"}</script>",
		""},
	{"L-46", "<script>a='/img/a.png';f(\"\\/b.webp\");c.src='over.gif'</script>",
		"requisite L-46 /img/a.png\n"
		"requisite L-46 /b.webp\n"
		"requisite L-46 /en/over.gif\n"},
	{"L-46",
		"<script>a='text/html';b='1.2.js';c='/i/'+x+'.png';d='^/i/.*\\\\.png$';e={'/"
		"k.png':1};"
		"f='https://other.example/a.png';g='/page';require('./h.js')</script>"
		"<script type=text/template>a='/img/a.png'</script>",
		""},
	{"L-47",
		"<b onclick=\"location.href='/a'\"><b onclick=\"window.open('b')\">"
		"<a href=\"javascript:location='/c'\"></a><script>location.replace('/d')</script>",
		"page L-47 /a\n"
		"page L-47 /en/b\n"
		"page L-47 /c\n"
		"page L-47 /d\n"},
	{"L-47",
		"<b onclick=\"location='/a?'+x;my.location='/b';location='#top'\"><a "
		"href='javascript:void(0)'></a><script>function f(){location='/c'}var location='/d'"
		"</script>",
		""},
	{"L-59",
		"<script>a()\n//# sourceMappingURL=a.js.map</script>"
		"<style>b{}/*# sourceMappingURL=/b.css.map */</style>",
		"discovery L-59 /en/a.js.map\n"
		"discovery L-59 /b.css.map\n"},
	{"L-59",
		"<script>'//# sourceMappingURL=a.map';// sourceMappingURL=b.map\n"
		"//# sourceMappingURL=data:application/json;base64,e30=</script>"
		"<!--# sourceMappingURL=c.map-->",
		""},
};

#endif
