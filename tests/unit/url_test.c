/* SPDX-License-Identifier: MIT */
/* url_test.c - URLs are parsed and resolved as browsers do it */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "web/url.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct url *parse(const char *input, const char *base_text)
{
	SCOPED(url_closep) struct url *base = NULL;
	struct url *url = NULL;
	struct flong_error err = {0};
	if (base_text != NULL) {
		assert_int_equal(url_parse(bytes_of(base_text), NULL, &base, &err), FLONG_OK);
	}
	int rc = url_parse(bytes_of(input), base, &url, &err);
	assert_int_equal(rc == FLONG_OK, url != NULL);
	assert_int_equal(rc != FLONG_OK, err.message[0] != '\0');
	return url;
}

TEST(text_becomes_one_href)
{
	static const struct {
		const char *input, *base, *href;
	} cases[] = {
		{" HTTP://User:p%20w@EXAMPLE.com:80/a/./b/../c?d'e#f ", NULL,
			"http://User:p%20w@example.com/a/c?d%27e#f"},
		{"https:example.org", NULL, "https://example.org/"},
		{"https:\\\\x\\y", NULL, "https://x/y"},
		{"http://a@b@c/", NULL, "http://a%40b@c/"},
		{"http://ex\tam\nple/\r", NULL, "http://example/"},
		{"http://0x7f.1/", NULL, "http://127.0.0.1/"},
		{"http://3232235777/", NULL, "http://192.168.1.1/"},
		{"http://[1:0:0:2::0:0]/", NULL, "http://[1:0:0:2::]/"},
		{"http://[::127.0.0.1]:8080/", NULL, "http://[::7f00:1]:8080/"},
		{"http://[1:2:3:4:5:6:7::]/", NULL, "http://[1:2:3:4:5:6:7:0]/"},
		{"http://b\xc3\xbc"
		 "cher.example/\xc3\xa4?\xc3\xa4#\xc3\xa4",
			NULL, "http://xn--bcher-kva.example/%C3%A4?%C3%A4#%C3%A4"},
		{"http://x/\xff", NULL, "http://x/%EF%BF%BD"},
		{"http://x/%2e%2E/a%2fb", NULL, "http://x/a%2fb"},
		{"file:///C|/a/../../b", NULL, "file:///C:/b"},
		{"file://localhost/x", NULL, "file:///x"},
		{"foo:/.//p", NULL, "foo:/.//p"},
		{"mailto:a b@c?d", NULL, "mailto:a b@c?d"},
		{"../x?y", "http://h/a/b/c?q#f", "http://h/a/x?y"},
		{"?y", "http://h/a/b?q#f", "http://h/a/b?y"},
		{"#z", "http://h/a/b?q#f", "http://h/a/b?q#z"},
		{"", "http://h/a/b?q#f", "http://h/a/b?q"},
		{"//other/p", "https://h/a", "https://other/p"},
		{"/\\other/p", "https://h/a", "https://other/p"},
		{"http:g", "http://h/a/b", "http://h/a/g"},
		{"#z", "mailto:a", "mailto:a#z"},
		{"../..", "foo://h/a/b/c", "foo://h/"},
		{"/x", "file:///C:/a", "file:///C:/x"},
		{"http://x?", NULL, "http://x/?"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct url *url = parse(cases[i].input, cases[i].base);
		assert_non_null(url);
		assert_string_equal(url->href, cases[i].href);
		/* What was written is read back the same. */
		struct url *again = parse(url->href, NULL);
		assert_non_null(again);
		assert_string_equal(again->href, url->href);
		url_close(again);
		url_close(url);
	}
}

TEST(what_is_no_url_is_refused)
{
	static const struct {
		const char *input, *base;
	} cases[] = {
		{"", NULL},
		{"/x", NULL},
		{"http://", NULL},
		{"http://a b/", NULL},
		{"http://x:99999/", NULL},
		{"http://x:8a/", NULL},
		{"http://@/", NULL},
		{"http://[1::2::3]/", NULL},
		{"http://[1:2:3:4:5:6:7:8:9]/", NULL},
		{"http://[::1", NULL},
		{"http://1.2.3.4.5/", NULL},
		{"http://256.1.1.1/", NULL},
		{"http://x.08/", NULL},
		{"http://a%00b/", NULL},
		{"http://a%zz/", NULL},
		{"http://\xc2\xad/", NULL},
		{"x", "mailto:a"},
		{"http://a:b", NULL},
		{"http://[1:2:3:4:5:6:7::8]/", NULL},
		{"http://[::1.2.3]/", NULL},
		{"1http://x/", NULL},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_null(parse(cases[i].input, cases[i].base));
	}
}

TEST(parts_borrow_from_the_href)
{
	struct url *url = parse("https://u:p@news.example.co.uk:8443/a?b#c", NULL);
	assert_bytes(url->all, "https://u:p@news.example.co.uk:8443/a?b");
	assert_bytes(url->scheme, "https");
	assert_bytes(url->username, "u");
	assert_bytes(url->password, "p");
	assert_bytes(url->host, "news.example.co.uk");
	assert_bytes(url->port, "8443");
	assert_bytes(url->path, "/a");
	assert_bytes(url->query, "?b");
	assert_bytes(url->fragment, "#c");
	assert_bytes(url_target(url), "/a?b");
	assert_true(url->is_http);
	assert_int_equal(url_port(url), 8443);
	assert_bytes(url_registrable_domain(url->host), "example.co.uk");
	url_close(url);
}

TEST(registrable_domains_follow_the_list)
{
	assert_bytes(url_registrable_domain(BYTES("a.b.example.com")), "example.com");
	assert_bytes(url_registrable_domain(BYTES("example.com.")), "example.com.");
	assert_bytes(url_registrable_domain(BYTES("co.uk")), "co.uk");
	assert_bytes(url_registrable_domain(BYTES("localhost")), "localhost");
	assert_bytes(url_registrable_domain(BYTES("10.1.2.3")), "10.1.2.3");
	assert_bytes(url_registrable_domain(BYTES("[::1]")), "[::1]");
	assert_bytes(url_registrable_domain(BYTES("")), "");
}

TEST(origins_are_scheme_host_and_port)
{
	struct url *a = parse("https://x/a", NULL);
	struct url *b = parse("https://x:443/b", NULL);
	struct url *c = parse("http://x/a", NULL);
	assert_true(url_same_origin(a, b));
	assert_false(url_same_origin(a, c));
	assert_int_equal(url_port(a), 443);
	assert_int_equal(url_port(c), 80);
	url_close(a);
	url_close(b);
	url_close(c);
}

TEST(long_urls_meet_the_limit)
{
	SCOPED(buf_clear) struct buf text = {0};
	struct url *url = NULL;
	struct flong_error err = {0};
	buf_add_text(&text, "http://x/");
	while (text.len < LIMIT_URL_BYTES) {
		buf_add_char(&text, 'a');
	}
	assert_int_equal(url_parse(buf_bytes(&text), NULL, &url, &err), FLONG_OK);
	url_close(url);
	buf_add_char(&text, 'a');
	assert_int_equal(url_parse(buf_bytes(&text), NULL, &url, &err), FLONG_E_LIMIT);
	buf_truncate(&text, LIMIT_URL_BYTES / 2);
	text.ptr[text.len - 1] = ' ';
	while (text.len < LIMIT_URL_BYTES) {
		buf_add_text(&text, "\xc3\xa4");
	}
	assert_int_equal(url_parse(buf_bytes(&text), NULL, &url, &err), FLONG_E_LIMIT);
}

/* Puts words together to what looks like a URL, the same ones in each run. */
static void make_text(uint32_t *state, struct buf *out)
{
	static const char *const words[] = {"http://", "https://", "//", "/", "a", "B", "7", ".",
		"..", "%2e", "%", "?", "#", ":", "@", "x.org", "1.2.3.4", "0x7", "80", ":81",
		":443", ":007", "-", "_", "'", "\"", "|", "\\", "~", "[", "^", ";", "=", "&",
		"\x7f", " "};
	buf_reset(out);
	for (uint32_t left = 1 + (*state >> 28); left > 0; left--) {
		*state = *state * 1664525U + 1013904223U;
		buf_add_text(out, words[(*state >> 16) % COUNT(words)]);
	}
}

static void assert_same_part(struct bytes a, struct bytes b)
{
	assert_true(bytes_equal(a, b));
	assert_int_equal(a.ptr == NULL, b.ptr == NULL);
}

TEST(the_short_way_and_the_parser_agree)
{
	static const char *const bases[] = {NULL, "http://h.example/a/b?q#f", "https://u:p@h/x/",
		"http://127.0.0.1:8080/d/e.html", "mailto:a", "file:///C:/a"};
	struct buf text = {0};
	struct buf tabbed = {0};
	uint32_t state = 1;
	size_t good = 0;
	for (size_t i = 0; i < 60000; i++) {
		make_text(&state, &text);
		if (text.len < 3) {
			continue;
		}
		/* A tab inside means nothing, but only the parser takes it out. */
		buf_reset(&tabbed);
		buf_add(&tabbed, bytes_slice(buf_bytes(&text), 0, text.len / 2));
		buf_add_char(&tabbed, '\t');
		buf_add(&tabbed, bytes_slice(buf_bytes(&text), text.len / 2, text.len));
		const char *base = bases[i % COUNT(bases)];
		SCOPED(url_closep) struct url *a = parse(buf_text(&text), base);
		SCOPED(url_closep) struct url *b = parse(buf_text(&tabbed), base);
		assert_int_equal(a == NULL, b == NULL);
		if (a == NULL) {
			continue;
		}
		good++;
		assert_string_equal(a->href, b->href);
		assert_same_part(a->all, b->all);
		assert_same_part(a->scheme, b->scheme);
		assert_same_part(a->username, b->username);
		assert_same_part(a->password, b->password);
		assert_same_part(a->host, b->host);
		assert_same_part(a->port, b->port);
		assert_same_part(a->path, b->path);
		assert_same_part(a->query, b->query);
		assert_same_part(a->fragment, b->fragment);
		assert_int_equal(a->is_http, b->is_http);
	}
	assert_true(good > 10000);
	buf_clear(&text);
	buf_clear(&tabbed);
}

RUN_TESTS(CASE(text_becomes_one_href), CASE(what_is_no_url_is_refused),
	CASE(parts_borrow_from_the_href), CASE(registrable_domains_follow_the_list),
	CASE(origins_are_scheme_host_and_port), CASE(long_urls_meet_the_limit),
	CASE(the_short_way_and_the_parser_agree))
