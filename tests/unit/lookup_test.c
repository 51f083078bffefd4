/* SPDX-License-Identifier: MIT */
/* lookup_test.c - captures found in a sorted CDXJ file */
#include "unit.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "index/lookup.h"

/* A lookup in a file of this text. */
static struct lookup *open_text(struct bytes text)
{
	char path[] = "/tmp/lookup-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	struct flong_error err = {0};
	assert_int_equal(files_write_all(fd, text, path, &err), FLONG_OK);
	(void)close(fd);
	struct lookup *lookup = NULL;
	assert_int_equal(lookup_open(path, &lookup, &err), FLONG_OK);
	(void)unlink(path);
	return lookup;
}

static void assert_found(
	struct lookup *lookup, struct bytes key, enum lookup_match match, const char *want)
{
	struct flong_error err = {0};
	assert_int_equal(lookup_find(lookup, key, match, &err), FLONG_OK);
	struct buf got = {0};
	struct bytes line;
	int rc;
	while ((rc = lookup_next(lookup, &line, &err)) == FLONG_OK) {
		buf_add(&got, line);
		buf_add_char(&got, '\n');
	}
	assert_int_equal(rc, FLONG_END);
	assert_string_equal(buf_text(&got), want);
	buf_clear(&got);
}

TEST(finds_all_lines_of_a_key_and_of_a_prefix)
{
	struct bytes text = BYTES("!meta 0 {}\n"
				  "com,a)/ 20260101000000 {}\n"
				  "com,a)/ 20260102000000 {}\n"
				  "com,a)/b 20260101000000 {}\n"
				  "com,b)/ 20260101000000 {}"); /* no LF at the end */
	SCOPED(lookup_closep) struct lookup *lookup = open_text(text);
	assert_found(lookup, BYTES("com,a)/"), LOOKUP_EXACT,
		"com,a)/ 20260101000000 {}\ncom,a)/ 20260102000000 {}\n");
	assert_found(lookup, BYTES("com,a)/"), LOOKUP_PREFIX,
		"com,a)/ 20260101000000 {}\ncom,a)/ 20260102000000 {}\n"
		"com,a)/b 20260101000000 {}\n");
	assert_found(lookup, BYTES("com,b)/"), LOOKUP_EXACT, "com,b)/ 20260101000000 {}\n");
	assert_found(lookup, BYTES("com,aa)/"), LOOKUP_EXACT, "");
	assert_found(lookup, BYTES("zz"), LOOKUP_PREFIX, "");
	assert_found(lookup, BYTES(""), LOOKUP_EXACT, "");
}

TEST(hosts_and_domains_are_found_as_pywb_finds_them)
{
	struct bytes text = BYTES(" CDX N b a m s k r M S V g\r\n"
				  "com,a)/ 20260101000000 {}\r\n"
				  "com,a)/z 20260101000000 {}\r\n"
				  "com,a,b)/ 20260101000000 {}\r\n"
				  "com,a-c)/ 20260101000000 {}\r\n"
				  "com,a:81)/ 20260101000000 {}\r\n"
				  "com,aa)/ 20260101000000 {}\r\n"
				  "org,a)/ 20260101000000 {}");
	SCOPED(lookup_closep) struct lookup *lookup = open_text(text);
	assert_found(lookup, BYTES("com,a)/q"), LOOKUP_HOST,
		"com,a)/ 20260101000000 {}\ncom,a)/z 20260101000000 {}\n");
	assert_found(lookup, BYTES("com,a:81)/q"), LOOKUP_HOST, "com,a:81)/ 20260101000000 {}\n");
	assert_found(lookup, BYTES("com,a)/"), LOOKUP_DOMAIN,
		"com,a)/ 20260101000000 {}\ncom,a)/z 20260101000000 {}\n"
		"com,a,b)/ 20260101000000 {}\n");
	assert_found(lookup, BYTES("org)/"), LOOKUP_DOMAIN, "org,a)/ 20260101000000 {}\n");
	assert_found(lookup, BYTES("com,a\xff"), LOOKUP_PREFIX, "");
	assert_found(lookup, BYTES("org,a)/"), LOOKUP_EXACT, "org,a)/ 20260101000000 {}\n");
	assert_found(lookup, BYTES("\xff"), LOOKUP_PREFIX, "");
}

TEST(the_key_of_a_prefix_keeps_the_end_of_the_url)
{
	const struct {
		const char *url;
		enum lookup_match match;
		const char *want;
	} cases[] = {{"http://www.a.com/b/", LOOKUP_EXACT, "com,a)/b"},
		{"http://www.a.com/b/", LOOKUP_PREFIX, "com,a)/b/"},
		{"http://a.com/b?", LOOKUP_PREFIX, "com,a)/b?"},
		{"http://a.com/", LOOKUP_PREFIX, "com,a)/"},
		{"http://a.com/b", LOOKUP_PREFIX, "com,a)/b"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf key = {0};
		lookup_key(bytes_of(cases[i].url), cases[i].match, &key);
		assert_string_equal(buf_text(&key), cases[i].want);
		buf_clear(&key);
	}
}

TEST(every_line_of_a_large_file_is_found)
{
	struct buf text = {0};
	for (unsigned i = 0; i < 3000; i++) {
		buf_addf(&text, "com,k%05u)/ 20260101000000 {\"pad\": \"%0*u\"}\n", 2 * i,
			(int)(1 + i % 150), 0U);
	}
	SCOPED(lookup_closep) struct lookup *lookup = open_text(buf_bytes(&text));
	struct flong_error err = {0};
	for (unsigned i = 0; i < 6000; i++) {
		char key[32];
		(void)snprintf(key, sizeof(key), "com,k%05u)/", i);
		assert_int_equal(lookup_find(lookup, bytes_of(key), LOOKUP_EXACT, &err), FLONG_OK);
		struct bytes line;
		int rc = lookup_next(lookup, &line, &err);
		assert_int_equal(rc, i % 2 == 0 ? FLONG_OK : FLONG_END);
		assert_true(rc == FLONG_END || bytes_starts(line, bytes_of(key)));
	}
	buf_clear(&text);
}

TEST(an_empty_file_has_nothing)
{
	SCOPED(lookup_closep) struct lookup *lookup = open_text(BYTES(""));
	assert_found(lookup, BYTES("a"), LOOKUP_PREFIX, "");
	assert_found(lookup, BYTES(""), LOOKUP_PREFIX, "");
}

TEST(closest_takes_the_nearest_in_time)
{
	SCOPED(lookup_closep)
	struct lookup *lookup = open_text(BYTES("a)/ 20260101000000000 first\n"
						"a)/ 20260101000010000 second\n"
						"a)/ 20260101000010500 third\n"
						"a)/ notime bad\n"));
	const struct {
		const char *time;
		const char *want;
	} cases[] = {
		{"2020", "a)/ 20260101000000000 first"},
		{"20260101000005000", "a)/ 20260101000000000 first"},
		{"20260101000005001", "a)/ 20260101000010000 second"},
		{"20260101000010300", "a)/ 20260101000010500 third"},
		{"2030", "a)/ 20260101000010500 third"},
	};
	struct flong_error err = {0};
	struct bytes line;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t time_ms;
		assert_true(clock_parse_digits(bytes_of(cases[i].time), &time_ms));
		assert_int_equal(
			lookup_closest(lookup, BYTES("a)/"), time_ms, &line, &err), FLONG_OK);
		assert_int_equal(line.len, strlen(cases[i].want));
		assert_memory_equal(line.ptr, cases[i].want, line.len);
	}
	assert_int_equal(lookup_closest(lookup, BYTES("b)/"), 0, &line, &err), FLONG_E_NOT_FOUND);
}

TEST(a_missing_file_and_an_endless_line_are_named)
{
	struct flong_error err = {0};
	struct lookup *missing = NULL;
	assert_int_equal(lookup_open("/nonexistent/index.cdx", &missing, &err), FLONG_E_NOT_FOUND);
	struct buf text = {0};
	char *room = buf_reserve(&text, 3 << 20);
	memset(room, 'x', 3 << 20);
	buf_commit(&text, 3 << 20);
	SCOPED(lookup_closep) struct lookup *lookup = open_text(buf_bytes(&text));
	assert_int_equal(lookup_find(lookup, BYTES("a"), LOOKUP_EXACT, &err), FLONG_E_LIMIT);
	buf_clear(&text);
}

TEST(an_index_may_be_a_part_of_a_file)
{
	struct bytes text = BYTES("com,0)/ 20260101000000 {}\n"
				  "com,a)/ 20260101000000 {}\n"
				  "com,b)/ 20260101000000 {}\n"
				  "com,c)/ 20260101000000 {}\n");
	char path[] = "/tmp/lookup-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	(void)unlink(path);
	struct flong_error err = {0};
	assert_int_equal(files_write_all(fd, text, path, &err), FLONG_OK);
	SCOPED(lookup_closep) struct lookup *lookup = lookup_open_range(fd, 26, 52, "a part");
	assert_found(lookup, BYTES(""), LOOKUP_PREFIX,
		"com,a)/ 20260101000000 {}\ncom,b)/ 20260101000000 {}\n");
	assert_found(lookup, BYTES("com,a)/"), LOOKUP_EXACT, "com,a)/ 20260101000000 {}\n");
	assert_found(lookup, BYTES("com,0)/"), LOOKUP_EXACT, "");
	assert_found(lookup, BYTES("com,c)/"), LOOKUP_EXACT, "");
	(void)close(fd);
}

RUN_TESTS(CASE(an_index_may_be_a_part_of_a_file), CASE(finds_all_lines_of_a_key_and_of_a_prefix),
	CASE(hosts_and_domains_are_found_as_pywb_finds_them),
	CASE(the_key_of_a_prefix_keeps_the_end_of_the_url),
	CASE(every_line_of_a_large_file_is_found), CASE(an_empty_file_has_nothing),
	CASE(closest_takes_the_nearest_in_time), CASE(a_missing_file_and_an_endless_line_are_named))
