/* SPDX-License-Identifier: MIT */
/* proxy_test.c - which proxy a URL is fetched through */
#include "unit.h"

#include <stdlib.h>

#include "crawl/proxy.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void clear_environment(void)
{
	static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy",
		"HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"};
	for (size_t i = 0; i < COUNT(names); i++) {
		(void)unsetenv(names[i]);
	}
}

static void expect(const char *option, const char *to, const char *wanted)
{
	SCOPED(proxies_closep) struct proxies *proxies = NULL;
	SCOPED(url_closep) struct url *url = NULL;
	struct flong_error err = {0};
	assert_int_equal(proxies_create(option, &proxies, &err), FLONG_OK);
	assert_int_equal(url_parse(bytes_of(to), NULL, &url, &err), FLONG_OK);
	const char *got = proxies_for(proxies, url);
	if ((got == NULL) != (wanted == NULL) || (got != NULL && strcmp(got, wanted) != 0)) {
		fail_msg("%s: %s", to, got == NULL ? "none" : got);
	}
}

TEST(the_environment_counts_only_when_asked)
{
	clear_environment();
	(void)setenv("http_proxy", "http://plain:1", 1);
	(void)setenv("ALL_PROXY", "socks5h://all:2", 1);
	expect(NULL, "http://a.example/", NULL);
	expect("https://mine:3", "http://a.example/", "https://mine:3");
	expect("https://mine:3", "https://a.example/", "https://mine:3");
	expect("env", "http://a.example/", "http://plain:1");
	expect("env", "https://a.example/", "socks5h://all:2");
	clear_environment();
	expect("env", "http://a.example/", NULL);
	/* A CGI program's client sets it. */
	(void)setenv("HTTP_PROXY", "http://evil:1", 1);
	expect("env", "http://a.example/", NULL);
	clear_environment();
}

TEST(exceptions_are_fetched_directly)
{
	static const struct {
		const char *list, *url;
		bool is_direct;
	} cases[] = {
		{"a.example", "http://a.example/", true},
		{"a.example", "http://b.a.example/", true},
		{".a.example", "http://A.example/", true},
		{"a.example", "http://ba.example/", false},
		{"x.example, a.example", "http://a.example/", true},
		{"x.example a.example", "http://a.example/", true},
		{"*", "http://a.example/", true},
		{"*.example", "http://a.example/", false},
		{"127.0.0.1", "http://127.0.0.1:80/", true},
		{"::1", "http://[::1]/", true},
		{"[::1]", "http://[::1]/", true},
		{"a.example:8080", "http://a.example:8080/", true},
		{"a.example:8080", "http://a.example/", false},
		{"", "http://a.example/", false},
		{",, ,", "http://a.example/", false},
	};
	clear_environment();
	(void)setenv("http_proxy", "http://plain:1", 1);
	for (size_t i = 0; i < COUNT(cases); i++) {
		(void)setenv("NO_PROXY", cases[i].list, 1);
		expect("env", cases[i].url, cases[i].is_direct ? NULL : "http://plain:1");
	}
	/* For the environment's only. */
	expect("http://mine:3", "http://a.example/", "http://mine:3");
	clear_environment();
}

TEST(what_is_no_proxy_is_named_without_its_password)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"socks5://h:1", "socks5"},
		{"socks4a://h:1", "socks4a"},
		{"ftp://h:1", "ftp"},
		{"http://", "host"},
		{"http://h:99999", "h:99999"},
		{"http://u:canary@h:x", "h:x"},
		{"", "host"},
		{"http://[::1", "[::1"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct proxies *proxies = NULL;
		struct flong_error err = {0};
		assert_int_equal(proxies_create(cases[i].text, &proxies, &err), FLONG_E_USAGE);
		if (strstr(err.message, cases[i].words) == NULL ||
			strstr(err.message, "canary") != NULL ||
			strstr(err.message, "--proxy") == NULL) {
			fail_msg("%s: %s", cases[i].text, err.message);
		}
	}
	clear_environment();
	(void)setenv("https_proxy", "socks4://h:1", 1);
	struct proxies *proxies = NULL;
	struct flong_error err = {0};
	assert_int_equal(proxies_create("env", &proxies, &err), FLONG_E_USAGE);
	assert_non_null(strstr(err.message, "https_proxy"));
	clear_environment();
}

RUN_TESTS(CASE(the_environment_counts_only_when_asked), CASE(exceptions_are_fetched_directly),
	CASE(what_is_no_proxy_is_named_without_its_password))
