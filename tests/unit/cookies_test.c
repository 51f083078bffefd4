/* SPDX-License-Identifier: MIT */
/* cookies_test.c - which cookies are kept and where they are sent */
#include "unit.h"

#include "base/limits.h"
#include "web/cookie_date.h"
#include "web/cookies.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NOW 1000000000000

static void set(struct cookies *cookies, const char *url_text, const char *value, int64_t now_ms)
{
	SCOPED(url_closep) struct url *url = NULL;
	struct flong_error err = {0};
	assert_int_equal(url_parse(bytes_of(url_text), NULL, &url, &err), FLONG_OK);
	cookies_set(cookies, url, bytes_of(value), now_ms);
}

static char *get(const struct cookies *cookies, const char *url_text, int64_t now_ms)
{
	SCOPED(url_closep) struct url *url = NULL;
	struct flong_error err = {0};
	struct buf value = {0};
	assert_int_equal(url_parse(bytes_of(url_text), NULL, &url, &err), FLONG_OK);
	cookies_get(cookies, url, now_ms, &value);
	return buf_take(&value);
}

TEST(a_cookie_goes_where_it_may)
{
	static const struct {
		const char *from, *value, *to, *sent;
	} cases[] = {
		{"http://a.example.com/x/y", "n=v", "http://a.example.com/x/z", "n=v"},
		{"http://a.example.com/x/y", "n=v", "http://a.example.com/x", "n=v"},
		{"http://a.example.com/x/y", "n=v", "http://a.example.com/xx", ""},
		{"http://a.example.com/", "n=v", "http://b.a.example.com/", ""},
		{"http://a.example.com/", "n=v; Domain=.Example.com", "http://b.example.com/",
			"n=v"},
		{"http://a.example.com/", "n=v; domain=b.example.com", "http://b.example.com/", ""},
		{"http://a.example.com/", "n=v; domain=com", "http://x.com/", ""},
		{"http://a.co.uk/", "n=v; domain=co.uk", "http://b.co.uk/", ""},
		{"http://1.2.3.4/", "n=v; domain=3.4", "http://1.2.3.4/", ""},
		{"http://localhost/", "n=v; domain=localhost", "http://localhost/", "n=v"},
		{"http://a.com/", "n=v; path=/p", "http://a.com/p/q", "n=v"},
		{"http://a.com/", "n=v; path=p", "http://a.com/q", "n=v"},
		{"https://a.com/", "n=v; Secure", "http://a.com/", ""},
		{"https://a.com/", "n=v; Secure", "https://a.com:8443/", "n=v"},
		{"http://a.com/", "n=v; Secure", "https://a.com/", ""},
		{"http://a.com/", "__Secure-n=v", "http://a.com/", ""},
		{"https://a.com/", "__Host-n=v; Secure; Path=/", "https://a.com/", "__Host-n=v"},
		{"https://a.com/", "__Host-n=v; Secure; Path=/; Domain=a.com", "https://a.com/",
			""},
		{"http://a.com/", " n = v w ; x", "http://a.com/", "n=v w"},
		{"http://a.com/", "n=\"v\"", "http://a.com/", "n=\"v\""},
		{"http://a.com/", "n", "http://a.com/", ""},
		{"http://a.com/", "=v", "http://a.com/", ""},
		{"http://a.com/", "n=a\x01", "http://a.com/", ""},
		{"http://a.com/", "n=v; max-age=10", "http://a.com/", "n=v"},
		{"http://a.com/", "n=v; max-age=0", "http://a.com/", ""},
		{"http://a.com/", "n=v; max-age=-5; expires=Fri, 01 Jan 2100 00:00:00 GMT",
			"http://a.com/", ""},
		{"http://a.com/", "n=v; expires=Thu, 01-Jan-1970 00:00:01 GMT", "http://a.com/",
			""},
		{"http://a.com/", "n=v; expires=nonsense", "http://a.com/", "n=v"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(cookies_closep) struct cookies *cookies = cookies_create();
		set(cookies, cases[i].from, cases[i].value, NOW);
		char *sent = get(cookies, cases[i].to, NOW);
		if (strcmp(sent, cases[i].sent) != 0) {
			fail_msg("%s from %s to %s: '%s'", cases[i].value, cases[i].from,
				cases[i].to, sent);
		}
		free(sent);
	}
}

TEST(newer_cookies_replace_and_longer_paths_come_first)
{
	SCOPED(cookies_closep) struct cookies *cookies = cookies_create();
	set(cookies, "http://a.com/", "a=1", NOW);
	set(cookies, "http://a.com/", "b=2; path=/p", NOW);
	set(cookies, "http://a.com/", "c=3", NOW);
	set(cookies, "http://a.com/", "a=4", NOW);
	char *sent = get(cookies, "http://a.com/p", NOW);
	assert_string_equal(sent, "b=2; a=4; c=3");
	free(sent);
	set(cookies, "http://a.com/", "a=; max-age=0", NOW);
	sent = get(cookies, "http://a.com/", NOW);
	assert_string_equal(sent, "c=3");
	free(sent);
}

TEST(cookies_expire)
{
	SCOPED(cookies_closep) struct cookies *cookies = cookies_create();
	set(cookies, "http://a.com/", "a=1; max-age=10", NOW);
	char *sent = get(cookies, "http://a.com/", NOW + 9999);
	assert_string_equal(sent, "a=1");
	free(sent);
	sent = get(cookies, "http://a.com/", NOW + 10000);
	assert_string_equal(sent, "");
	free(sent);
}

TEST(limits_hold)
{
	SCOPED(cookies_closep) struct cookies *cookies = cookies_create();
	SCOPED(buf_clear) struct buf text = {0};
	for (int i = 0; i < LIMIT_COOKIES_PER_HOST + 5; i++) {
		buf_reset(&text);
		buf_addf(&text, "n%d=v", i);
		set(cookies, "http://a.com/", buf_text(&text), NOW);
	}
	char *sent = get(cookies, "http://a.com/", NOW);
	size_t count = 1;
	for (size_t i = 0; sent[i] != '\0'; i++) {
		count += sent[i] == ';' ? 1 : 0;
	}
	assert_int_equal(count, LIMIT_COOKIES_PER_HOST);
	assert_null(strstr(sent, "n0=v"));
	free(sent);
	buf_reset(&text);
	buf_add_text(&text, "long=");
	while (text.len <= LIMIT_COOKIE_BYTES + 1) {
		buf_add_char(&text, 'x');
	}
	set(cookies, "http://b.com/", buf_text(&text), NOW);
	sent = get(cookies, "http://b.com/", NOW);
	assert_string_equal(sent, "");
	free(sent);
	/* One field holds two long ones, and a short one that still fits. */
	for (int i = 0; i < 4; i++) {
		buf_reset(&text);
		buf_addf(&text, "%c=", 'a' + i);
		while (text.len < LIMIT_COOKIE_BYTES - 9) {
			buf_add_char(&text, 'x');
		}
		set(cookies, "http://c.com/", i == 3 ? "d=short" : buf_text(&text), NOW);
	}
	sent = get(cookies, "http://c.com/", NOW);
	assert_true(strlen(sent) <= LIMIT_COOKIE_FIELD_BYTES);
	assert_non_null(strstr(sent, "; b=x"));
	assert_null(strstr(sent, "c=x"));
	free(sent);
}

TEST(cookie_dates_come_in_any_shape)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t ms;
	} cases[] = {
		{"Sun, 06 Nov 1994 08:49:37 GMT", true, 784111777000},
		{"Sunday, 06-Nov-94 08:49:37 GMT", true, 784111777000},
		{"1994 nov 6 8:49:37", true, 784111777000},
		{"08:49:37 06november94", false, 0},
		{"6 Nov 24 0:0:0", true, 1730851200000},
		{"31 Feb 2024 00:00:00", false, 0},
		{"29 Feb 2024 00:00:00", true, 1709164800000},
		{"6 Nov 1500 00:00:00", false, 0},
		{"6 Nov 2024 24:00:00", false, 0},
		{"6 Nov 2024", false, 0},
		{"", false, 0},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = 7;
		assert_int_equal(cookie_date_parse(bytes_of(cases[i].text), &ms), cases[i].ok);
		assert_true(ms == (cases[i].ok ? cases[i].ms : 7));
	}
}

TEST(a_netscape_file_is_read)
{
	SCOPED(cookies_closep) struct cookies *cookies = cookies_create();
	struct flong_error err = {0};
	assert_int_equal(cookies_load(cookies,
				 BYTES("# Netscape HTTP Cookie File\n\n"
				       ".a.com\tTRUE\t/\tFALSE\t0\ta\t1\r\n"
				       "#HttpOnly_b.com\tFALSE\t/p\tTRUE\t4102444800\tb\t2\n"),
				 &err),
		FLONG_OK);
	char *sent = get(cookies, "http://www.a.com/", NOW);
	assert_string_equal(sent, "a=1");
	free(sent);
	sent = get(cookies, "https://b.com/p/q", NOW);
	assert_string_equal(sent, "b=2");
	free(sent);
	assert_int_equal(cookies_load(cookies, BYTES("# x\na.com TRUE / FALSE 0 a 1\n"), &err),
		FLONG_E_FORMAT);
	assert_non_null(strstr(err.message, "line 2"));
}

RUN_TESTS(CASE(a_cookie_goes_where_it_may), CASE(newer_cookies_replace_and_longer_paths_come_first),
	CASE(cookies_expire), CASE(limits_hold), CASE(cookie_dates_come_in_any_shape),
	CASE(a_netscape_file_is_read))
