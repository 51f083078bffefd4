/* SPDX-License-Identifier: MIT */
/* credentials_test.c - which password goes where */
#include "unit.h"

#include "base/files.h"
#include "web/credentials.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct url *parse(const char *text)
{
	struct url *url = NULL;
	struct flong_error err = {0};
	assert_int_equal(url_parse(bytes_of(text), NULL, &url, &err), FLONG_OK);
	return url;
}

static void expect(const struct credentials *credentials, const char *to, const char *value)
{
	SCOPED(url_closep) struct url *url = parse(to);
	SCOPED(buf_clear) struct buf got = {0};
	credentials_get(credentials, url, &got);
	if (strcmp(buf_text(&got), value) != 0) {
		fail_msg("%s: '%s'", to, buf_text(&got));
	}
}

TEST(a_password_goes_to_its_origin_only)
{
	static const char file[] = "# of the intranet\n"
				   "machine www.example.org login jane password wonder\n"
				   "machine http://intranet.example:8080\n"
				   "\tlogin a\n\tpassword b#c\n"
				   "machine https://[2001:db8::1]/ login x password y";
	SCOPED(credentials_closep) struct credentials *credentials = credentials_create();
	struct flong_error err = {0};
	assert_true(credentials_are_empty(credentials));
	assert_int_equal(credentials_load(credentials, bytes_of(file), &err), FLONG_OK);
	assert_false(credentials_are_empty(credentials));
	expect(credentials, "https://www.example.org/deep/page?q", "Basic amFuZTp3b25kZXI=");
	expect(credentials, "https://www.example.org:443/", "Basic amFuZTp3b25kZXI=");
	expect(credentials, "http://www.example.org/", "");
	expect(credentials, "https://www.example.org:8443/", "");
	expect(credentials, "https://example.org/", "");
	expect(credentials, "https://a.www.example.org/", "");
	expect(credentials, "https://www.example.org./", "");
	expect(credentials, "http://intranet.example:8080/", "Basic YTpiI2M=");
	expect(credentials, "http://intranet.example/", "");
	expect(credentials, "https://[2001:db8:0::1]/", "Basic eDp5");
}

TEST(the_last_password_of_an_origin_counts)
{
	static const char file[] = "machine a.example login one password 1\n"
				   "machine https://A.example login two password 2\n";
	SCOPED(credentials_closep) struct credentials *credentials = credentials_create();
	struct flong_error err = {0};
	assert_int_equal(credentials_load(credentials, bytes_of(file), &err), FLONG_OK);
	expect(credentials, "https://a.example/", "Basic dHdvOjI=");
}

TEST(a_seed_brings_its_own)
{
	SCOPED(credentials_closep) struct credentials *credentials = credentials_create();
	SCOPED(url_closep) struct url *url = parse("http://j%40ne:p%3Aw@a.example:81/x?y=1");
	SCOPED(url_closep) struct url *plain = parse("http://a.example/");
	assert_true(credentials_add(credentials, url));
	assert_false(credentials_add(credentials, plain));
	expect(credentials, "http://a.example:81/", "Basic akBuZTpwOnc=");
	url_drop_credentials(&url);
	assert_string_equal(url->href, "http://a.example:81/x?y=1");
	url_drop_credentials(&url);
	assert_string_equal(url->href, "http://a.example:81/x?y=1");
}

TEST(what_is_no_list_is_named_without_its_secrets)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"jane:canary", "line 1"},
		{"\n\nmachine a.example login jane", "line 3"},
		{"machine a.example password canary", "line 1"},
		{"machine a.example\nlogin jane\npassword", "line 3"},
		{"machine ftp://a.example login jane password canary", "line 1"},
		{"machine https://a.example/path login jane password canary", "line 1"},
		{"machine https://u:canary@a.example login jane password canary", "line 1"},
		{"machine a.example login ja:ne password canary", "colon"},
		{"machine a.example login jane password can\x01"
		 "ary",
			"line 1"},
		{"login jane password canary", "line 1"},
		{"default login jane password canary", "line 1"},
		{"machine", "line 1"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(credentials_closep) struct credentials *credentials = credentials_create();
		struct flong_error err = {0};
		assert_int_equal(credentials_load(credentials, bytes_of(cases[i].text), &err),
			FLONG_E_FORMAT);
		if (strstr(err.message, cases[i].words) == NULL ||
			strstr(err.message, "canary") != NULL) {
			fail_msg("%s: %s", cases[i].text, err.message);
		}
	}
}

RUN_TESTS(CASE(a_password_goes_to_its_origin_only), CASE(the_last_password_of_an_origin_counts),
	CASE(a_seed_brings_its_own), CASE(what_is_no_list_is_named_without_its_secrets))
