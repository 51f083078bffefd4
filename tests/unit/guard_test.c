/* SPDX-License-Identifier: MIT */
/* guard_test.c - addresses that need permission, and what permits them */
#include "unit.h"

#include "crawl/guard.h"

TEST(private_addresses_are_known_in_every_spelling)
{
	static const struct {
		const char *ip;
		bool is_private;
	} cases[] = {
		{"127.0.0.1", true},
		{"127.255.255.254", true},
		{"128.0.0.1", false},
		{"0.0.0.0", true},
		{"9.255.255.255", false},
		{"10.0.0.0", true},
		{"11.0.0.0", false},
		{"100.63.255.255", false},
		{"100.64.0.1", true},
		{"100.127.255.255", true},
		{"100.128.0.0", false},
		{"169.254.169.254", true},
		{"172.15.255.255", false},
		{"172.16.0.1", true},
		{"172.31.255.255", true},
		{"172.32.0.0", false},
		{"192.168.1.1", true},
		{"192.169.0.0", false},
		{"224.0.0.1", true},
		{"255.255.255.255", true},
		{"8.8.8.8", false},
		{"::", true},
		{"::1", true},
		{"::ffff:127.0.0.1", true},
		{"::ffff:7f00:1", true},
		{"::ffff:8.8.8.8", false},
		{"64:ff9b::a00:1", true},
		{"fe80::1", true},
		{"fe80::1%eth0", true},
		{"fd00::1", true},
		{"fbff::1", false},
		{"ff02::1", true},
		{"2002:7f00:1::", true},
		{"2606:4700::1111", false},
		{"", true},
		{"no address", true},
		{"127.1", true},
		{"0x7f000001", true},
		{"1.2.3.4.5", true},
		{"11111111111111111111111111111111111111111111111111111111", true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (guard_is_private(cases[i].ip) != cases[i].is_private) {
			fail_msg("%s", cases[i].ip);
		}
	}
}

TEST(nothing_private_is_allowed_at_first)
{
	SCOPED(guard_closep) struct guard *guard = guard_create();
	assert_false(guard_allows(guard, "http://a.example/", "127.0.0.1", 80));
	assert_false(guard_allows(guard, "http://127.0.0.1/", "127.0.0.1", 80));
	assert_true(guard_allows(guard, "http://a.example/", "8.8.8.8", 80));
}

TEST(a_host_is_permitted_with_its_port_only)
{
	SCOPED(guard_closep) struct guard *guard = guard_create();
	guard_allow_host(guard, BYTES("News.example"), 8080);
	assert_true(guard_allows(guard, "http://news.example:8080/x", "10.1.2.3", 8080));
	assert_false(guard_allows(guard, "http://news.example/x", "10.1.2.3", 80));
	assert_false(guard_allows(guard, "http://a.news.example:8080/", "10.1.2.3", 8080));
	assert_false(guard_allows(guard, "http://evil.example:8080/", "10.1.2.3", 8080));
	guard_allow_host(guard, BYTES("plain.example"), 443);
	assert_true(guard_allows(guard, "https://plain.example/", "10.1.2.3", 443));
	assert_false(guard_allows(guard, "no url", "10.1.2.3", 443));
}

TEST(an_address_is_permitted_for_every_host)
{
	SCOPED(guard_closep) struct guard *guard = guard_create();
	guard_allow_address(guard, BYTES("127.0.0.1"), 9000);
	assert_true(guard_allows(guard, "https://a.example/", "127.0.0.1", 9000));
	assert_false(guard_allows(guard, "https://a.example/", "127.0.0.1", 9001));
	assert_false(guard_allows(guard, "https://a.example/", "127.0.0.2", 9000));
	guard_allow_address(guard, BYTES("127.0.0.9"), 0);
	assert_true(guard_allows(guard, "https://a.example/", "127.0.0.9", 1));
}

TEST(blocks_permit_what_they_hold)
{
	static const struct {
		const char *block, *ip;
		bool allowed;
	} cases[] = {
		{"10.0.0.0/8", "10.255.0.1", true},
		{"10.0.0.0/8", "127.0.0.1", false},
		{"10.0.0.0/8", "::ffff:10.0.0.1", true},
		{"192.168.4.0/22", "192.168.7.255", true},
		{"192.168.4.0/22", "192.168.8.0", false},
		{"127.0.0.1", "127.0.0.1", true},
		{"127.0.0.1", "127.0.0.2", false},
		{"fd00::/8", "fdab::1", true},
		{"fd00::/8", "fc00::1", false},
		{"::1", "::1", true},
		{"0.0.0.0/0", "127.0.0.1", true},
		{"0.0.0.0/0", "::1", false},
		{"", "127.0.0.1", true},
		{"", "fe80::1", true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(guard_closep) struct guard *guard = guard_create();
		struct flong_error err = {0};
		assert_int_equal(guard_allow_block(guard, cases[i].block, &err), FLONG_OK);
		if (guard_allows(guard, "http://a.example/", cases[i].ip, 80) != cases[i].allowed) {
			fail_msg("%s and %s", cases[i].block, cases[i].ip);
		}
	}
}

TEST(what_is_no_block_is_named)
{
	static const char *const wrong[] = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129",
		"10.0.0", "localhost", "10.0.0.0/8/8", "10.0.0.0 /8",
		"1111111111111111111111111111111111111111111111111111/8"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		SCOPED(guard_closep) struct guard *guard = guard_create();
		struct flong_error err = {0};
		assert_int_equal(guard_allow_block(guard, wrong[i], &err), FLONG_E_USAGE);
		assert_non_null(strstr(err.message, wrong[i]));
		assert_false(guard_allows(guard, "http://a.example/", "10.0.0.1", 80));
	}
}

RUN_TESTS(CASE(private_addresses_are_known_in_every_spelling),
	CASE(nothing_private_is_allowed_at_first), CASE(a_host_is_permitted_with_its_port_only),
	CASE(an_address_is_permitted_for_every_host), CASE(blocks_permit_what_they_hold),
	CASE(what_is_no_block_is_named))
