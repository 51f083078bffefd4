/* SPDX-License-Identifier: MIT */
/* script_test.c - what scripts name, rule by rule: in files, in pages, in handlers */
#include "unit.h"

#include "base/limits.h"
#include "links/html.h"
#include "links/script.h"
#include "links/script_tokens.h"
#include "links_text.h"

#define PAGE "https://news.example/en/story/a-17"
#define FILE_URL "https://static.news.example/js/app/main.js"
#define HOST "https://news.example/"
#define APP "https://static.news.example/js/app/"

struct script_case {
	const char *script;
	const char *links;
};

static struct url *parse(const char *text)
{
	struct flong_error err = {0};
	struct url *url = NULL;
	assert_int_equal(url_parse(bytes_of(text), NULL, &url, &err), FLONG_OK);
	return url;
}

static void find_in_file(const char *script, struct buf *out)
{
	SCOPED(url_closep) struct url *own = parse(FILE_URL);
	SCOPED(url_closep) struct url *page = parse(PAGE);
	struct link_list list = {0};
	const struct script_runner runner = {.page = page};
	script_find_in_file(bytes_of(script), own, &runner, &list);
	buf_reset(out);
	links_text_add(&list, out);
	link_list_clear(&list);
}

static void find_in_page(const char *html, struct buf *out)
{
	SCOPED(url_closep) struct url *url = parse(PAGE);
	struct flong_error err = {0};
	struct link_list list = {0};
	struct links_input input = {.url = url, .role = ROLE_FRAME};
	assert_int_equal(html_find(bytes_of(html), &input, &list, &err), FLONG_OK);
	buf_reset(out);
	links_text_add(&list, out);
	link_list_clear(&list);
}

static void check(const struct script_case *cases, size_t count,
	void (*find)(const char *text, struct buf *out))
{
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < count; i++) {
		find(cases[i].script, &got);
		if (strcmp(buf_text(&got), cases[i].links) != 0) {
			fail_msg("%s\ngot:\n%swanted:\n%s", cases[i].script, buf_text(&got),
				cases[i].links);
		}
	}
}

#define CHECK_FILE(cases) check(cases, sizeof(cases) / sizeof((cases)[0]), find_in_file)
#define CHECK_PAGE(cases) check(cases, sizeof(cases) / sizeof((cases)[0]), find_in_page)

/* One letter a token, with the text of strings and names. */
static void write_tokens(const char *script, bool is_module, struct buf *out)
{
	static const char letters[] = {'.', 'n', '0', 's', 't', 'r', 'p', '?'};
	struct script_tokens tokens;
	script_tokens_init(&tokens, bytes_of(script), is_module);
	buf_reset(out);
	for (;;) {
		struct script_token token = script_tokens_next(&tokens);
		if (token.kind == SCRIPT_END) {
			return;
		}
		buf_addf(out, "%c" BYTES_FMT " ", letters[token.kind], BYTES_ARG(token.text));
	}
}

TEST(tokens_are_those_of_the_language)
{
	static const struct script_case cases[] = {
		{"#!/usr/bin/node\na", "na "},
		{"a/*x*/b//c\nd", "na nb nd "},
		{"<!-- x\na\n--> y\nb-->c", "na nb p-- p> nc "},
		{"'a\\'b' \"c\\\\\" 'd\\\ne'", "sa\\'b sc\\\\ sd\\\ne "},
		{"'open\nb", "?open nb "},
		{"`a` `b${c+`d${e}`}f` g", "sa tb nc p+ td ne t tf ng "},
		{"`a${{b:{}}}c` /d/", "ta p{ nb p: p{ p} p} tc p/ nd p/ "},
		{"`open ${ `", "topen  t "},
		{"1.5e3.x .5 0x1F 1_0n", "01.5e3.x 0.5 00x1F 01_0n "},
		{"a?.b??c?.5:d", "na p?. nb p?? nc p? 0.5 p: nd "},
		{"a===b!==c=>d...e", "na p=== nb p!== nc p=> nd p... ne "},
		{"\xEF\xBB\xBF"
		 "a\xC2\xA0+\xE2\x80\xA8 b",
			"na p+ nb "},
		{"\\u0061b #p @d $_", "n\\u0061b n#p n@d n$_ "},
	};
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_tokens(cases[i].script, false, &got);
		assert_string_equal(buf_text(&got), cases[i].links);
	}
	write_tokens("a<!--b", true, &got);
	assert_string_equal(buf_text(&got), "na p< p! p-- nb ");
}

TEST(a_slash_divides_or_starts_a_regular_expression)
{
	static const struct script_case cases[] = {
		{"a=/b'/g", "na p= r/b'/ "},
		{"a=b/c/d", "na p= nb p/ nc p/ nd "},
		{"f(/[/'\"]/,1)", "nf p( r/[/'\"]/ p, 01 p) "},
		{"return/a/.test(b)", "nreturn r/a/ p. ntest p( nb p) "},
		{"a.return/b/c", "na p. nreturn p/ nb p/ nc "},
		{"if(a)/'/.test(b)", "nif p( na p) r/'/ p. ntest p( nb p) "},
		{"f(a)/b/c", "nf p( na p) p/ nb p/ nc "},
		{"{}/'/", "p{ p} r/'/ "},
		{"a={}/b/c", "na p= p{ p} p/ nb p/ nc "},
		{"a++/b/c", "na p++ p/ nb p/ nc "},
		{"a=>/b/", "na p=> r/b/ "},
		{"a[0]/b/c", "na p[ 00 p] p/ nb p/ nc "},
		{"a=/[b\n'c'", "na p= p/ p[ nb sc "},
		{"a=/\\/'/", "na p= r/\\/'/ "},
		{"'a'/b/c", "sa p/ nb p/ nc "},
	};
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_tokens(cases[i].script, true, &got);
		assert_string_equal(buf_text(&got), cases[i].links);
	}
}

#define MODULE "requisite script L-39 " APP

TEST(modules_name_modules)
{
	static const struct script_case cases[] = {
		{"import'./a.js';import{b as c}from\"./b.js\";import d,{e}from'./d.js'",
			MODULE "a.js\n" MODULE "b.js\n" MODULE "d.js\n"},
		{"import * as a from '../a.mjs'\nexport * from './b.js'\nexport * as n from"
		 "'./c.js';export{x,'y z' as z}from'./d.js'",
			"requisite script L-39 https://static.news.example/js/a.mjs\n" MODULE
			"b.js\n" MODULE "c.js\n" MODULE "d.js\n"},
		{"import a from 'react';import b from '@x/y/z.js';import c from 'node:fs'", ""},
		{"import a from 'https://cdn.example/x'",
			"requisite script L-39 https://cdn.example/x\n"},
		{"import a from './d.json' with {type:'json'};import b from './s.css' with "
		 "{ \"type\": \"css\" };import c from './e.json' assert {type:'json'}",
			"requisite unknown L-39 " APP "d.json\nrequisite style L-39 " APP
			"s.css\nrequisite unknown L-39 " APP "e.json\n"},
		{"import('./a.js').then(x);await import(/* webpackChunkName: 'b' */ `./b.js`)",
			MODULE "a.js\n" MODULE "b.js\n"},
		{"import('./a.css',{with:{type:'css'}});import('./b.js',{other:1});import('./"
		 "c.js',)",
			"requisite style L-39 " APP "a.css\n" MODULE "b.js\n" MODULE "c.js\n"},
		{"import('./a/'+x+'.js');import(`./b${x}.js`);import('./c/'.concat(x))", ""},
		{"x.import('./a.js');export const from='./b.js';({import:'./c.js'})", ""},
		{"// import './a.js'\n/* import './b.js' */ 'import \"./c.js\"';/import '.d'/", ""},
		{"import './\\u0061\\x62.js'", MODULE "ab.js\n"},
		{"import.meta.resolve('./a.js');import.meta.resolve('./f.woff2');"
		 "import.meta.resolve('react')",
			MODULE "a.js\nrequisite font L-39 " APP "f.woff2\n"},
		{"import {a} from'./a.js';let s='from',t='./t.js',u=x from './u.js'",
			MODULE "a.js\n"},
	};
	CHECK_FILE(cases);
}

TEST(urls_are_relative_to_the_script_and_workers_to_the_page)
{
	static const struct script_case cases[] = {
		{"new URL('img/a.png',import.meta.url);new URL(\"w.wasm\", import.meta.url).href",
			"requisite image L-39 " APP "img/a.png\nrequisite unknown L-39 " APP
			"w.wasm\n"},
		{"new URL('.',import.meta.url);new URL('x/',import.meta.url);"
		 "new URL('/q',location.href);URL('x.bin',import.meta.url)",
			""},
		{"new Worker(new URL('./w.js',import.meta.url),{type:'module'})",
			"requisite worker L-39 " APP "w.js\n"},
		{"new Worker('w.js');new SharedWorker(`/s.js`,'n');new self.Worker('v.js')",
			"requisite worker L-39 " HOST "en/story/w.js\nrequisite worker L-39 " HOST
			"s.js\nrequisite worker L-39 " HOST "en/story/v.js\n"},
		{"navigator.serviceWorker.register('/sw.js',{scope:'/'});"
		 "n?.serviceWorker?.register('/sw2.js')",
			"requisite worker L-39 " HOST "sw.js\nrequisite worker L-39 " HOST
			"sw2.js\n"},
		{"CSS.paintWorklet.addModule('/p.js');ctx.audioWorklet.addModule('a.js')",
			"requisite worker L-39 " HOST "p.js\nrequisite worker L-39 " HOST
			"en/story/a.js\n"},
		{"importScripts('a.js',\"/b.js\");self.importScripts('../c.js')",
			"requisite script L-39 " APP "a.js\nrequisite script L-39 "
			"https://static.news.example/b.js\nrequisite script L-39 "
			"https://static.news.example/js/c.js\n"},
		{"x.register('/sw');y.addModule('/m');Worker('/w');new Worker(base+'/w');"
		 "new Worker('/w'+v);importScripts(v+'/w');new my.Worker('/w')",
			""},
	};
	CHECK_FILE(cases);
}

TEST(without_a_page_the_script_is_the_base)
{
	SCOPED(url_closep) struct url *own = parse(FILE_URL);
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	const struct script_runner none = {0};
	script_find_in_file(BYTES("new Worker('w.js');a='/i/b.png'"), own, &none, &list);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got),
		"requisite worker L-39 " APP "w.js\nrequisite image L-46 "
		"https://static.news.example/i/b.png\n");
	link_list_clear(&list);
}

TEST(inline_scripts_have_what_their_kind_allows)
{
	static const struct script_case cases[] = {
		{"<base href=/x/><script type=module>import './a.js';import('./b.js');"
		 "new URL('c.png',import.meta.url)</script>",
			"requisite script L-39 " HOST "x/a.js\nrequisite script L-39 " HOST
			"x/b.js\nrequisite image L-39 " HOST "x/c.png\n"},
		{"<script>import './a.js'</script><script>import('./b.js');"
		 "new URL('c',import.meta.url)</script>",
			"requisite script L-39 " HOST "en/story/b.js\n"},
		{"<script>import('./b.js');new Worker('w.js')</script>",
			"requisite script L-39 " HOST "en/story/b.js\nrequisite worker L-39 " HOST
			"en/story/w.js\n"},
		{"<script>importScripts('a.js')</script><script type=javascript/worker>"
		 "importScripts('https://cdn.example/b.js')</script>",
			"requisite script L-39 https://cdn.example/b.js\n"},
		{"<script type=text/template>import('./b.js')</script>", ""},
	};
	CHECK_PAGE(cases);
}

TEST(speculation_rules_name_pages)
{
	static const struct script_case cases[] = {
		{"<script type=speculationrules>{\"prerender\":[{\"urls\":[\"/n\",\"m\"]}],"
		 "\"prefetch\":[{\"source\":\"list\",\"urls\":[\"/p\"]},{\"source\":\"document\","
		 "\"where\":{\"href_matches\":\"/*\"}}]}</script>",
			"discovery document L-40 " HOST "p\ndiscovery document L-40 " HOST
			"n\ndiscovery document L-40 " HOST "en/story/m\n"},
		{"<script type=speculationrules>{\"prerender\":[\"/n\"],\"other\":[{\"urls\":"
		 "[\"/o\"]}]}</script>",
			""},
	};
	CHECK_PAGE(cases);
	SCOPED(url_closep) struct url *url = parse(PAGE);
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	links_find_in_headers(url,
		BYTES("HTTP/1.1 200 OK\r\nSpeculation-Rules: \"/r.json\", \"s.json\"\r\n\r\n"),
		&list);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got),
		"discovery unknown L-40 " HOST "r.json\ndiscovery unknown L-40 " HOST
		"en/story/s.json\n");
	link_list_clear(&list);
}

#define GUESS "requisite image L-46 " HOST

TEST(strings_that_look_like_files_are_tried)
{
	static const struct script_case cases[] = {
		{"a='/img/a.png'", GUESS "img/a.png\n"},
		{"a=[\"\\/img\\/b.webp?v=1\",'//static.news.example/c.jpg',`d/e.gif`]",
			GUESS "img/b.webp?v=1\nrequisite image L-46 "
			      "https://static.news.example/c.jpg\n" GUESS "en/story/d/e.gif\n"},
		{"f('https://static.news.example/x.js');g('/s.css');fetch('/d.json');h('/i.mjs')",
			"requisite script L-46 https://static.news.example/x.js\nrequisite style "
			"L-46 " HOST "s.css\nrequisite unknown L-46 " HOST
			"d.json\nrequisite script L-46 " HOST "i.mjs\n"},
		{"i.src='over.gif';s.src='js/x.js';l.href='x.css'",
			GUESS "en/story/over.gif\nrequisite script L-46 " HOST
			      "en/story/js/x.js\nrequisite style L-46 " HOST "en/story/x.css\n"},
		{"a?'/b.png':'/c.png'", GUESS "b.png\n" GUESS "c.png\n"},
		{"d.write('<img alt=\"\" src=\"/m.gif\"><script src=\"/n.js\"><\\/script>')",
			GUESS "m.gif\nrequisite script L-46 " HOST "n.js\n"},
		{"x={f:'/f.woff2',v:'/v.mp4',l:'/l.m3u8',t:'/t.vtt'}",
			"requisite font L-46 " HOST "f.woff2\nrequisite media L-46 " HOST
			"v.mp4\nrequisite playlist L-46 " HOST "l.m3u8\nrequisite track L-46 " HOST
			"t.vtt\n"},
	};
	CHECK_FILE(cases);
}

TEST(strings_that_are_no_files_are_not)
{
	static const struct script_case cases[] = {
		{"a=['text/html','image/png','application/vnd.ms.fontobject','audio/ogg']", ""},
		{"a=['1.2.3','v1.0.js','2024/01/02','2024-01-02T00:00:00.000Z','a.b.c']", ""},
		{"a=['^/img/.*\\\\.png$','\\\\.(jpg|png)','/(a|b).js','/i/*.png'];b=/x.png/", ""},
		{"a=['react','lodash/fp.js','@scope/p/i.js','index.js','./a.js','../b.css']", ""},
		{"a='/img/a.png'+x;b=y+'/img/b.png';c='/img/'+z;d+='/e.png';`/f${g}.png`", ""},
		{"a={'/k.png':1,b:2,\"/l.js\":3}", ""},
		{"a='.png';b='/.png';c='-s.jpg';d='/i/{w}.png';e='/i/%s.png';f='/i/:id.png'", ""},
		{"a='/page';b='/page.html';c='/x.php';d='https://news.example/story'", ""},
		{"a='https://other.example/a.png';b='//cdn.example/b.js'", ""},
		{"a=='/a.png'||'/b.png'===b;switch(c){case'/d.png':}", ""},
		{"a.endsWith('/b.js');a.replace('/c.js','');require('./d.js');a.concat('/e.png')",
			""},
		{"a='two /words.png';b='data:image/png;base64,AA';c='webpack:///./x.js'", ""},
		{"a='cdn.other.example/img/a.png';b='a.png,b.png';c='//a.png'", ""},
		{"// '/c.png'\n/* '/d.png' */", ""},
	};
	CHECK_FILE(cases);
}

TEST(guesses_come_last_and_are_capped)
{
	static const struct script_case cases[] = {
		{"<script>a='/i/a.png';b={\"url\":\"https://news.example/c.js\"}</script>"
		 "<img src=/i/a.png>",
			"discovery unknown L-44 " HOST "c.js\nrequisite image L-09 " HOST
			"i/a.png\n"},
	};
	CHECK_PAGE(cases);
	SCOPED(buf_clear) struct buf script = {0};
	SCOPED(url_closep) struct url *own = parse(FILE_URL);
	struct link_list list = {0};
	for (size_t i = 0; i < LIMIT_SCRIPT_GUESSES + 7; i++) {
		buf_addf(&script, "f('/i/%zu.png');", i);
	}
	buf_add_text(&script, "f('/");
	for (size_t i = 0; i < LIMIT_SCRIPT_STRING_BYTES; i++) {
		buf_add_char(&script, 'x');
	}
	buf_add_text(&script, ".png')");
	const struct script_runner none = {0};
	script_find_in_file(buf_bytes(&script), own, &none, &list);
	assert_int_equal(list.count, LIMIT_SCRIPT_GUESSES);
	assert_int_equal(list.dropped, 7);
	link_list_clear(&list);
}

#define FOLLOW "page unknown L-47 " HOST

TEST(handlers_send_the_reader_somewhere)
{
	static const struct script_case cases[] = {
		{"<div onclick=\"location.href='/a'\">", FOLLOW "a\n"},
		{"<td onclick='if(x){window.location=\"/b\"}'>", FOLLOW "b\n"},
		{"<b onclick=\"document.location.assign('c');top.location.replace('/d')\">",
			FOLLOW "en/story/c\n" FOLLOW "d\n"},
		{"<b onclick=\"return window.open('/e','x','width=1')\">", FOLLOW "e\n"},
		{"<a href=\"javascript:void(window.open(%27/f%27))\">", FOLLOW "f\n"},
		{"<a href=' JavaScript:location=&quot;/g&quot;'>", FOLLOW "g\n"},
		{"<img onmouseover=\"this.src='/over.gif'\" src=/a.gif>",
			"requisite image L-09 " HOST "a.gif\n" GUESS "over.gif\n"},
		{"<b onclick=\"location.href='/a?x='+y;location=z;my.location='/b';open('/c')\">",
			""},
		{"<b onclick=\"alert('location.href=/a')\" data-on=\"location='/b'\">", ""},
		{"<b onclick=\"location.href='#top'\"><a href='javascript:;'>", ""},
	};
	CHECK_PAGE(cases);
}

TEST(scripts_of_a_page_send_the_reader_at_once)
{
	static const struct script_case cases[] = {
		{"<script>location.replace('/a')</script>", FOLLOW "a\n"},
		{"<script>var x=1;window.location.href = \"/b\";</script>", FOLLOW "b\n"},
		{"<script>function f(){location.replace('/a')}if(x)location.replace('/b')"
		 "</script>",
			""},
		{"<script>var location='/a';window.open('/b');x=location.href='/c'</script>", ""},
	};
	CHECK_PAGE(cases);
	static const struct script_case files[] = {{"location.replace('/a')", ""}};
	CHECK_FILE(files);
}

#define MAP "discovery unknown L-59 "

TEST(the_last_source_map_counts)
{
	static const struct script_case cases[] = {
		{"a()\n//# sourceMappingURL=main.js.map", MAP APP "main.js.map\n"},
		{"//@ sourceMappingURL=a.map\nb\n//# sourceMappingURL=/c.map \n",
			MAP "https://static.news.example/c.map\n"},
		{"a /*# sourceMappingURL=d.map */", MAP APP "d.map\n"},
		{"//# sourceMappingURL=data:application/json;base64,e30=", ""},
		{"'//# sourceMappingURL=a.map';// sourceMappingURL=b.map\n//#sourceMappingURL=c",
			""},
		{"//# sourceMappingURL=a b\n//# sourceMappingURL='c'", ""},
	};
	CHECK_FILE(cases);
	static const struct script_case pages[] = {
		{"<style>a{}\n/*# sourceMappingURL=s.css.map */</style>",
			MAP HOST "en/story/s.css.map\n"},
		{"<style>/*# sourceMappingURL=a*//*@ sourceMappingURL=b*/x{y:'/*sourceMappingURL=c"
		 "'}</style>",
			MAP HOST "en/story/b\n"},
		{"<style>/*# sourceMappingURL=data:x,y */</style>", ""},
	};
	CHECK_PAGE(pages);
}

/* Counts by the one thing that grows: each token moves on, and none is read twice. */
TEST(hostile_scripts_are_read_in_one_pass)
{
	static const char *const pieces[] = {"=/[", "\"\\", "`${", "import(", "({[", "/*", "}/",
		"'\\\n", "import'./a'with{", "='\"", "<='", "importScripts('a',"};
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		SCOPED(buf_clear) struct buf script = {0};
		while (script.len < 200000) {
			buf_add_text(&script, pieces[i]);
		}
		struct script_tokens tokens;
		size_t count = 0;
		script_tokens_init(&tokens, buf_bytes(&script), false);
		while (script_tokens_next(&tokens).kind != SCRIPT_END) {
			count++;
			assert_true(count <= script.len);
		}
		struct script_links links = {.own = {0}};
		script_find(buf_bytes(&script), SCRIPT_FILE, &links);
		script_links_clear(&links);
	}
}

RUN_TESTS(CASE(tokens_are_those_of_the_language),
	CASE(a_slash_divides_or_starts_a_regular_expression), CASE(modules_name_modules),
	CASE(urls_are_relative_to_the_script_and_workers_to_the_page),
	CASE(without_a_page_the_script_is_the_base),
	CASE(inline_scripts_have_what_their_kind_allows), CASE(speculation_rules_name_pages),
	CASE(strings_that_look_like_files_are_tried), CASE(strings_that_are_no_files_are_not),
	CASE(guesses_come_last_and_are_capped), CASE(handlers_send_the_reader_somewhere),
	CASE(scripts_of_a_page_send_the_reader_at_once), CASE(the_last_source_map_counts),
	CASE(hostile_scripts_are_read_in_one_pass))
