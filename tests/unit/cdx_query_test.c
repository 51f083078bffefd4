/* SPDX-License-Identifier: MIT */
/* cdx_query_test.c - questions to the index, and what of it answers them; ranges of bytes */
#include "unit.h"

#include "replay/byte_range.h"
#include "replay/cdx_query.h"

static const char line[] =
	"example,a)/b 20261129093000123 {\"url\": \"https://a.example/b\", \"mime\": "
	"\"text/html\", "
	"\"status\": \"200\", \"digest\": \"sha256:00\", \"length\": \"10\", \"offset\": \"20\", "
	"\"filename\": \"x.warc.gz\"}";

static int read_query(const char *text, struct cdx_query *query)
{
	struct flong_error err = {0};
	*query = (struct cdx_query){0};
	return cdx_query_read(bytes_of(text), query, &err);
}

TEST(a_url_says_how_it_is_matched)
{
	static const struct {
		const char *query, *url;
		enum lookup_match match;
	} cases[] = {
		{"url=https://a.example/b", "https://a.example/b", LOOKUP_EXACT},
		{"url=a.example/*", "http://a.example/", LOOKUP_PREFIX},
		{"url=*.a.example", "http://a.example", LOOKUP_DOMAIN},
		{"url=a.example&matchType=host", "http://a.example", LOOKUP_HOST},
		{"url=a.example/*&matchType=exact", "http://a.example/*", LOOKUP_EXACT},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cdx_query query;
		assert_int_equal(read_query(cases[i].query, &query), FLONG_OK);
		assert_string_equal(buf_text(&query.url), cases[i].url);
		assert_int_equal(query.match, cases[i].match);
		cdx_query_clear(&query);
	}
}

TEST(wrong_questions_are_refused)
{
	static const char *const cases[] = {"", "url=", "x=y", "url=a.example&matchType=all",
		"url=a.example&from=x", "url=a.example&limit=-1", "url=a.example&sort=up",
		"url=a.example&output=xml", "url=a.example&filter=~mime:(",
		"url=a.example&closest=soon", "url=a.example&to=123456789012345678"};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cdx_query query;
		if (read_query(cases[i], &query) != FLONG_E_USAGE) {
			fail_msg("'%s' is taken", cases[i]);
		}
		cdx_query_clear(&query);
	}
}

TEST(rows_are_chosen_by_time_and_fields)
{
	static const struct {
		const char *query;
		bool takes;
	} cases[] = {
		{"url=x", true},
		{"url=x&from=2026&to=2026", true},
		{"url=x&from=20261129093000", true},
		{"url=x&to=20261129093000", true},
		{"url=x&from=20261130", false},
		{"url=x&to=20261128", false},
		{"url=x&filter=mime:html", true},
		{"url=x&filter==mime:html", false},
		{"url=x&filter==mime:text/html", true},
		{"url=x&filter=!mime:html", false},
		{"url=x&filter=~status:2..", true},
		{"url=x&filter=~status:00", false},
		{"url=x&filter=!~status:3..&filter==statuscode:200", true},
		{"url=x&filter=example", true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cdx_query query;
		assert_int_equal(read_query(cases[i].query, &query), FLONG_OK);
		if (cdx_query_takes(&query, bytes_of(line)) != cases[i].takes) {
			fail_msg("'%s'", cases[i].query);
		}
		cdx_query_clear(&query);
	}
}

TEST(rows_come_in_four_forms)
{
	static const struct {
		const char *query, *out;
		bool is_fuzzy;
	} cases[] = {
		{"url=x&output=text",
			"example,a)/b 20261129093000123 https://a.example/b text/html 200 "
			"sha256:00 10 20 x.warc.gz\n",
			false},
		{"url=x&output=text&fl=timestamp,status,none", "20261129093000123 200 -\n", false},
		{"url=x&output=json&fields=urlkey,original",
			"{\"urlkey\": \"example,a)/b\", \"original\": \"https://a.example/b\"}\n",
			false},
		{"url=x&fl=status", "example,a)/b 20261129093000123 {\"status\": \"200\"}\n",
			false},
		{"url=x&fl=urlkey,s,timestamp", "example,a)/b 20261129093000123 {\"s\": \"200\"}\n",
			false},
		{"url=x&fl=status,is_fuzzy",
			"example,a)/b 20261129093000123 {\"status\": \"200\", \"is_fuzzy\": "
			"\"1\"}\n",
			true},
		{"url=x",
			"example,a)/b 20261129093000123 {\"url\": \"https://a.example/b\", "
			"\"mime\": \"text/html\", \"status\": \"200\", \"digest\": "
			"\"sha256:00\", \"length\": \"10\", \"offset\": \"20\", "
			"\"filename\": \"x.warc.gz\", \"is_fuzzy\": \"1\"}\n",
			true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cdx_query query;
		SCOPED(buf_clear) struct buf out = {0};
		assert_int_equal(read_query(cases[i].query, &query), FLONG_OK);
		cdx_query_write(&query, bytes_of(line), cases[i].is_fuzzy, &out);
		assert_string_equal(buf_text(&out), cases[i].out);
		cdx_query_clear(&query);
	}
}

TEST(ranges_are_read_as_the_standard_says)
{
	static const struct {
		const char *field;
		bool is_one;
		int64_t start, count;
	} cases[] = {
		{"bytes=0-9", true, 0, 10},
		{"bytes=90-", true, 90, 10},
		{"bytes=-10", true, 90, 10},
		{"bytes=-1000", true, 0, 100},
		{"bytes=50-1000", true, 50, 50},
		{"Bytes=0-0", true, 0, 1},
		{"bytes=100-", true, 100, 0},
		{"bytes=9-0", true, 9, 0},
		{"bytes=0-1,5-6", false, 0, 0},
		{"bytes=-", false, 0, 0},
		{"bytes=a-b", false, 0, 0},
		{"bytes=99999999999999999999-", false, 0, 0},
		{"lines=0-1", false, 0, 0},
		{"", false, 0, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct byte_range range = {0};
		bool is_one = byte_range_read(bytes_of(cases[i].field), 100, &range);
		if (is_one != cases[i].is_one || range.start != cases[i].start ||
			range.count != cases[i].count) {
			fail_msg("'%s': %d %lld %lld", cases[i].field, is_one,
				(long long)range.start, (long long)range.count);
		}
	}
}

RUN_TESTS(CASE(a_url_says_how_it_is_matched), CASE(wrong_questions_are_refused),
	CASE(rows_are_chosen_by_time_and_fields), CASE(rows_come_in_four_forms),
	CASE(ranges_are_read_as_the_standard_says))
