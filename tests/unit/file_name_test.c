/* SPDX-License-Identifier: MIT */
/* file_name_test.c - names of files made of the nastiest URLs are safe, and never collide in kind
 */
#include "unit.h"

#include "base/safe_path.h"
#include "web/file_name.h"

static char *name_of(struct bytes url, const char *type)
{
	struct buf out = {0};
	file_name_add(&out, url, bytes_of(type));
	const char *fault = safe_path_fault(buf_bytes(&out));
	if (fault != NULL) {
		fail_msg("'%s' %s", buf_text(&out), fault);
	}
	return buf_take(&out);
}

TEST(makes_names_of_urls)
{
	static const struct {
		const char *url, *type, *name;
	} cases[] = {
		{"http://example.com/", "text/html", "example.com/index.html"},
		{"http://example.com", "text/html", "example.com/index.html"},
		{"https://example.com/a/b.png", "image/png", "example.com/a/b.png"},
		{"http://example.com/A/B.PNG", "image/png", "example.com/a/b.png"},
		{"http://example.com:8080/x", "text/plain", "example.com_8080/x.txt"},
		{"http://user:pass@example.com/x", "text/plain", "example.com/x.txt"},
		{"http://example.com/x#frag", "text/html", "example.com/x.html"},
		{"http://example.com/a/", "text/css; charset=utf-8", "example.com/a/index.css"},
		{"http://example.com/page.php", "text/html", "example.com/page.php.html"},
		{"http://example.com/page.php", "image/gif", "example.com/page.php"},
		{"http://example.com/x", "", "example.com/x.bin"},
		{"http://example.com/x", "application/x-unheard-of", "example.com/x.bin"},
		{"http://example.com/v1.2/x.js", "text/javascript", "example.com/v1.2_/x.js"},
		{"http://example.com/caf%C3%A9", "text/html", "example.com/caf\xc3\xa9.html"},
		{"http://example.com/%FF%FE", "text/html", "example.com/%ff%fe.html"},
		{"http://example.com//a///b", "text/html", "example.com/a/b.html"},
		{"http://[2001:db8::1]:81/x", "text/html", "[2001_db8__1]_81/x.html"},
		/* out of the directory */
		{"http://example.com/../../etc/passwd", "text/plain", "example.com/etc/passwd.txt"},
		{"http://example.com/%2e%2e/%2e%2e/x", "text/plain", "example.com/x.txt"},
		{"http://example.com/%2e%2e%2fx", "text/plain", "example.com/_._x.txt"},
		{"http://example.com/..%5c..%5cx", "text/plain", "example.com/_._.._x.txt"},
		{"http://example.com/..\\x", "text/plain", "example.com/x.txt"},
		{"http://example.com/%252e%252e%252f", "text/plain", "example.com/%2e%2e%2f.txt"},
		{"http://../x", "text/plain", "__/x.txt"},
		{"http://./x", "text/plain", "_/x.txt"},
		{"http://example.com/%2Fetc%2Fpasswd", "text/plain", "example.com/_etc_passwd.txt"},
		{"file:///etc/passwd", "text/plain", "file/etc_passwd.txt"},
		{"file:///../../x.txt", "text/plain", "file/_._.._x.txt"},
		/* bytes that names do not have */
		{"http://example.com/a%00b", "text/plain", "example.com/a_b.txt"},
		{"http://example.com/a%0Ab", "text/plain", "example.com/a_b.txt"},
		{"http://example.com/a%1b[2Jb", "text/plain", "example.com/a_[2jb.txt"},
		{"http://example.com/a:b*c%3Fd%22e%3Cf%3Eg%7Ch", "text/plain",
			"example.com/a_b_c_d_e_f_g_h.txt"},
		{"http://example.com/a%E2%80%AEgpj.exe", "text/plain", "example.com/a_gpj.exe"},
		{"http://example.com/a%C2%85", "text/plain", "example.com/a_.txt"},
		/* names that mean something to a system */
		{"http://example.com/.bashrc", "text/plain", "example.com/_bashrc.txt"},
		{"http://example.com/.git/config", "text/plain", "example.com/_git/config.txt"},
		{"http://example.com/con", "text/html", "example.com/co_.html"},
		{"http://example.com/NUL.txt", "text/html", "example.com/nu_.txt"},
		{"http://example.com/aux/com1.js", "text/html", "example.com/au_/com_.js"},
		{"http://example.com/a./b%20/c.", "text/html", "example.com/a_/b_/c_.html"},
		{"http://nul/x", "text/html", "nu_/x.html"},
		{"http://example.com/...", "text/html", "example.com/_._.html"},
		/* no host, no URL */
		{"urn:text:http://example.com/a", "text/plain",
			"urn/text_http___example.com_a.txt"},
		{"dns:example.com", "text/dns", "dns/example.com"},
		{"data:text/plain,x", "text/plain", "data/text_plain,x.txt"},
		{"", "text/html", "other/index.html"},
		{"nonsense", "text/html", "other/nonsense.html"},
		{"../x", "text/html", "other/_._x.html"},
		{"..:x", "text/html", "__/x.html"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *name = name_of(bytes_of(cases[i].url), cases[i].type);
		if (strcmp(name, cases[i].name) != 0) {
			fail_msg("'%s' gives '%s', not '%s'", cases[i].url, name, cases[i].name);
		}
		free(name);
	}
}

/* A file's name ends like an extension, a folder's never does. */
TEST(keeps_files_and_folders_apart)
{
	static const char *const urls[] = {"http://a.example/x.html", "http://a.example/x.html/y",
		"http://a.example/x", "http://a.example/x/y", "http://a.example/x.html/"};
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		char *name = name_of(bytes_of(urls[i]), "text/html");
		size_t length = strlen(name);
		assert_int_equal(
			file_name_stem(bytes_from(name, length)), length - strlen(".html"));
		for (size_t at = strlen("a.example/"); at < length; at++) {
			if (name[at] == '/') {
				assert_int_equal(file_name_stem(bytes_from(name, at)), at);
			}
		}
		free(name);
	}
}

TEST(tells_queries_apart)
{
	char *none = name_of(BYTES("http://a.example/x.js"), "text/javascript");
	char *one = name_of(BYTES("http://a.example/x.js?v=1"), "text/javascript");
	char *two = name_of(BYTES("http://a.example/x.js?v=2"), "text/javascript");
	assert_string_equal(none, "a.example/x.js");
	assert_int_equal(strlen(one), strlen("a.example/x~12345678.js"));
	assert_string_not_equal(one, two);
	free(none);
	free(one);
	free(two);
}

TEST(cuts_what_is_long_or_deep)
{
	struct buf url = {0};
	buf_add_text(&url, "http://a.example/");
	for (size_t i = 0; i < 60000; i++) {
		buf_add_char(&url, 'x');
	}
	char *name = name_of(buf_bytes(&url), "text/html");
	assert_true(strlen(name) <= strlen("a.example/") + 80 + strlen(".html"));
	free(name);
	buf_reset(&url);
	buf_add_text(&url, "http://a.example/");
	for (size_t i = 0; i < 2000; i++) {
		buf_add_text(&url, "caf%C3%A9/");
	}
	buf_add_text(&url, "last.png?x");
	name = name_of(buf_bytes(&url), "image/png");
	assert_non_null(strstr(name, "/last~"));
	free(name);
	buf_reset(&url);
	buf_add_text(&url, "http://a.example/");
	for (size_t i = 0; i < 200; i++) {
		buf_add_text(&url, "%E2%82%AC"); /* is cut between characters */
	}
	name = name_of(buf_bytes(&url), "text/html");
	assert_true(strlen(name) <= strlen("a.example/") + 80 + strlen(".html"));
	free(name);
	buf_clear(&url);
}

RUN_TESTS(CASE(makes_names_of_urls), CASE(keeps_files_and_folders_apart), CASE(tells_queries_apart),
	CASE(cuts_what_is_long_or_deep))
