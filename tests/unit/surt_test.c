/* SPDX-License-Identifier: MIT */
/* surt_test.c - keys as the Python package surt and warcio.js make them */
#include "unit.h"

#include "base/buf.h"
#include "web/surt.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What the two tools gave when asked. */
static const struct {
	const char *url, *ia, *js;
} pairs[] = {
	{"http://www.archive.org/", "org,archive)/", "org,archive)/"},
	{"http://archive.org/goo/", "org,archive)/goo", "org,archive)/goo/"},
	{"http://archive.org/goo/?", "org,archive)/goo", "org,archive)/goo/"},
	{"http://archive.org/goo/?b&a", "org,archive)/goo?a&b", "org,archive)/goo/?a&b"},
	{"http://archive.org/goo/?a=2&b&a=1", "org,archive)/goo?a=1&a=2&b",
		"org,archive)/goo/?a=1&a=2&b"},
	{"http://archive.org/"
	 "index.php?PHPSESSID=0123456789abcdefghijklemopqrstuv&action=profile;u=4221",
		"org,archive)/index.php?action=profile;u=4221",
		"org,archive)/"
		"index.php?action=profile;u=4221&phpsessid=0123456789abcdefghijklemopqrstuv"},
	{"dns:archive.org", "dns:archive.org", "dns:archive.org"},
	{"warcinfo:foo.warc.gz", "warcinfo:foo.warc.gz", "warcinfo:foo.warc.gz"},
	{"filedesc:/foo.arc.gz", "filedesc:/foo.arc.gz", "filedesc:/foo.arc.gz"},
	{"mailto:foo@example.com", "mailto:foo@example.com", "mailto:foo@example.com"},
	{"whois://whois.isoc.org.il/shaveh.co.il", "il,org,isoc,whois)/shaveh.co.il",
		"whois://whois.isoc.org.il/shaveh.co.il"},
	{"http://192.168.1.254/info/", "254,1,168,192)/info", "254,1,168,192)/info/"},
	{"http://example.com/app?item=Wroc%C5%82aw", "com,example)/app?item=wroc%c5%82aw",
		"com,example)/app?item=wroc%c5%82aw"},
	{"http://example.com/script?type=a+b+%26+c&grape=wine",
		"com,example)/script?+c&grape=wine&type=a+b+",
		"com,example)/script?grape=wine&type=a+b+%26+c"},
	{"ftp://www.example.com/", "com,example)/", "ftp://www.example.com/"},
	{"https://www.archive.org:443/", "org,archive)/", "org,archive)/"},
	{"http://www.archive.org:443/", "org,archive:443)/", "org,archive:443)/"},
	{"https://www.archive.org:80/", "org,archive:80)/", "org,archive:80)/"},
	{"http://www2.www2foo.com/", "com,www2foo)/", "com,www2foo)/"},
	{"http://www2foo.com/", "com,www2foo)/", "com,www2foo)/"},
	{"http://ARCHIVE.ORG/A/B.HTML?C=D", "org,archive)/a/b.html?c=d",
		"org,archive)/a/b.html?c=d"},
	{"http://user:pass@example.com/x", "com,example)/x", "com,example)/x"},
	{"http://example.com?a=1", "com,example)/?a=1", "com,example)/?a=1"},
	{"http://example.com/#frag", "com,example)/", "com,example)/"},
	{"http://example.com/a/../b/./c//d/", "com,example)/b/c/d", "com,example)/b/c//d/"},
	{"http://example.com/%7Euser/%2541", "com,example)/~user/a", "com,example)/%7euser/%2541"},
	{"http://example.com/a%2Fb", "com,example)/a/b", "com,example)/a%2fb"},
	{"http://b\xc3\xbc"
	 "cher.example/x",
		"example,xn--bcher-kva)/x", "example,xn--bcher-kva)/x"},
	{"http://[2001:DB8::1]:8080/x", "2001:db8::1:8080)/x", "[2001:db8::1]:8080)/x"},
	{"http://example.com./x", "com,example)/x", ",com,example)/x"},
	{"http://3232235777/", "1,1,168,192)/", "1,1,168,192)/"},
	{"http://0x7f.1/", "1,0x7f)/", "1,0,0,127)/"},
	{"http://017.0.0.1/", "1,0,0,15)/", "1,0,0,15)/"},
	{"http://example.com/a b", "com,example)/a%20b", "com,example)/a%20b"},
	{"http://https://order.1and1.com", "com,1and1,order)/", "https)//order.1and1.com"},
	{"http:////////////////www.vikings.com", "com,vikings)/", "com,vikings,www)/"},
	{"example.com/foo", "com,example)/foo", "example.com/foo"},
	{"http://example.com/x?a=b&&c=d&", "com,example)/x?&&a=b&c=d", "com,example)/x?&&a=b&c=d"},
	{"http://example.com/x?a=1&a.b=2&a%3D=3", "com,example)/x?a=1&a==3&a.b=2",
		"com,example)/x?a%3d=3&a.b=2&a=1"},
	{"http://example.com/?x=y&jsessionid=0123456789abcdef0123456789abcdef",
		"com,example)/?&x=y",
		"com,example)/?jsessionid=0123456789abcdef0123456789abcdef&x=y"},
	{"http://example.com/;jsessionid=0123456789abcdef0123456789abcdef?q=1",
		"com,example)/;jsessionid=0123456789abcdef0123456789abcdef?q=1",
		"com,example)/;jsessionid=0123456789abcdef0123456789abcdef?q=1"},
	{"http://example.com/(S(4hqa0555fwsecu455xqckv45))/mileg.aspx", "com,example)/mileg.aspx",
		"com,example)/(s(4hqa0555fwsecu455xqckv45))/mileg.aspx"},
	{"http://example.com/?cfid=1&cftoken=2&z=3", "com,example)/?z=3",
		"com,example)/?cfid=1&cftoken=2&z=3"},
	{"http://example.com/x?q=%20%2B+", "com,example)/x?q=%20++", "com,example)/x?q=%20%2b+"},
	{"http://example.com/A%C3%89", "com,example)/a%c3%89", "com,example)/a%c3%89"},
	{"http://example.com/x?a=%zz", "com,example)/x?a=%25zz", "com,example)/x?a=%zz"},
	{"urn:text:http://example.com/", "urn:text:http://example.com",
		"urn:text:http://example.com/"},
	{"http://example.com/x?b=B&B=a", "com,example)/x?b=a&b=b", "com,example)/x?b=a&b=b"},
	{"http://example.com/\\foo\\bar", "com,example)/\\foo\\bar", "com,example)//foo/bar"},
	{"http://www-1.example.com/", "com,example,www-1)/", "com,example,www-1)/"},
};

static void check(void (*make)(struct bytes, struct buf *), const char *url, const char *key)
{
	SCOPED(buf_clear) struct buf got = {0};
	make(bytes_of(url), &got);
	assert_string_equal(buf_text(&got), key);
}

TEST(both_dialects_give_the_reference_keys)
{
	for (size_t i = 0; i < COUNT(pairs); i++) {
		check(surt_ia, pairs[i].url, pairs[i].ia);
		check(surt_js, pairs[i].url, pairs[i].js);
	}
}

TEST(what_is_no_url_has_a_key_too)
{
	check(surt_ia, "", "-");
	check(surt_js, "", "");
	check(surt_ia, " \t ", "http:");
	check(surt_js, "http://www.a b/X", "http://a b/X");
	check(surt_js, "http://WWW.a/X", "a,www)/x");
	check(surt_ia, "http://", "http:");
	check(surt_ia, "HTTP:///&", "HTTP:/&");
	check(surt_ia, "http:/a@h/x", "a@h)/x");
	check(surt_ia, "foo:////x?B", "foo://x?b");
}

TEST(dots_above_the_root_stay_as_in_the_tool)
{
	check(surt_ia, "http://h/..", "h)/..");
	check(surt_ia, "http://h/../../a", "h)/a");
	check(surt_ia, "http://h/a//../b", "h)/a/b");
}

TEST(hosts_are_unescaped_numbered_and_bare)
{
	check(surt_ia, "http://99999999999999999999/", "255,255,15,99)/");
	check(surt_ia, "http://...a...b.../", "b,,a)/");
	check(surt_ia, "http://%c9.com/", "com,%c9)/");
	check(surt_ia, "http://h:080/", "h)/");
	check(surt_ia, "http://www.www.a/", "a,www)/");
	check(surt_ia, "dns://www.a", "a,www)/");
}

RUN_TESTS(CASE(both_dialects_give_the_reference_keys), CASE(what_is_no_url_has_a_key_too),
	CASE(dots_above_the_root_stay_as_in_the_tool), CASE(hosts_are_unescaped_numbered_and_bare))
