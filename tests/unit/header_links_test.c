/* SPDX-License-Identifier: MIT */
/* header_links_test.c - fields of response heads, interim ones too */
#include "unit.h"

#include "links/links.h"
#include "links_text.h"

/* The heads of a reply, as lines. */
static void check_heads(const char *heads, const char *wanted)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES("https://news.example/d/f"), NULL, &url, &err), FLONG_OK);
	links_find_in_headers(url, bytes_of(heads), &list);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got), wanted);
	link_list_clear(&list);
}

TEST(early_hints_count_and_only_their_links)
{
	check_heads("HTTP/1.1 103 Early Hints\r\nLink: </e.css>; rel=preload; as=style\r\nRefresh: "
		    "0;url=/no\r\n\r\nHTTP/1.1 200 OK\r\nX-SourceMap: m.map\r\nLocation: /no\r\n"
		    "Content-Location: /here\r\n\r\n",
		"requisite style L-43 https://news.example/e.css\n"
		"discovery unknown L-43 https://news.example/d/m.map\n"
		"discovery document L-43 https://news.example/here\n");
	check_heads("HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n",
		"page redirect L-43 https://news.example/there\n");
}

TEST(parameters_of_links)
{
	check_heads(
		"HTTP/1.1 200 OK\r\n"
		"Link: <i>; rel=preload; as=image; imagesrcset=\"j 1x, k\\\\a 2x\"; "
		"imagesizes=1px\r\n"
		"Link: <a.css>; rel=\"x STYLESHEET\"; rel=next; title=\"<b>; \\\"rel=icon\\\"\"\r\n"
		"Link: <c.css>;rel=stylesheet;anchor=\"/other\", "
		"<d.css>;rel=stylesheet;anchor=\"#x\"\r\n"
		"Link: ,, <e>, <f>; rel=preconnect, <>; rel=next;;, <g>; rel = next ; = x, "
		"<h\r\n\r\n",
		"requisite image L-43 https://news.example/d/i\n"
		"requisite image L-43 https://news.example/d/j srcset shown\n"
		"requisite image L-43 https://news.example/d/k/a srcset shown\n"
		"requisite style L-43 https://news.example/d/a.css\n"
		"discovery style L-43 https://news.example/d/c.css\n"
		"requisite style L-43 https://news.example/d/d.css\n"
		"discovery document L-43 https://news.example/d/g\n");
}

TEST(refresh_names_a_page)
{
	check_heads("HTTP/1.1 200 OK\r\nRefresh: 5; URL='/a b'\r\n\r\n",
		"page redirect L-43 https://news.example/a%20b\n");
	check_heads("HTTP/1.1 200 OK\r\nRefresh: 5\r\n\r\n", "");
	check_heads("HTTP/1.1 200 OK\r\nRefresh: 0;/a\r\nRefresh: 0;url=javascript:a\r\n\r\n",
		"page redirect L-43 https://news.example/a\n");
}

TEST(broken_heads_give_what_they_have)
{
	check_heads("", "");
	check_heads("no head", "");
	check_heads("HTTP/1.1 200 OK\r\nLink: </a>; rel=next", "discovery document L-43 "
							       "https://news.example/a\n");
	check_heads("HTTP/1.1 200 OK\r\nLink: </a>; rel=\"next\r\n\r\n",
		"discovery document L-43 https://news.example/a\n");
}

RUN_TESTS(CASE(early_hints_count_and_only_their_links), CASE(parameters_of_links),
	CASE(refresh_names_a_page), CASE(broken_heads_give_what_they_have))
