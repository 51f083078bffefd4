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
		{"fbff::1", true},
		{"ff02::1", true},
		{"2002:7f00:1::", true},
		{"2606:4700::1111", false},
		{"::127.0.0.1", true},
		{"::8.8.8.8", true},
		{"64:ff9b:1::a00:1", true},
		{"100::1", true},
		{"2001::1", true},
		{"2001:1ff::1", true},
		{"2001:200::1", false},
		{"2001:db8::1", true},
		{"3fff:fff::1", true},
		{"3fff:1000::1", false},
		{"4000::1", true},
		{"5f00::1", true},
		{"fec0::1", true},
		{"168.63.129.16", true},
		{"192.0.0.192", true},
		{"192.0.2.1", true},
		{"192.88.99.1", true},
		{"198.18.0.1", true},
		{"198.51.100.1", true},
		{"203.0.113.1", true},
		{"240.0.0.1", true},
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

TEST(a_seed_is_permitted_until_it_was_public)
{
	SCOPED(guard_closep) struct guard *guard = guard_create();
	guard_allow_seed(guard, BYTES("news.example"), 80);
	guard_reached(guard, "http://news.example/", "10.1.2.3");
	guard_reached(guard, "http://other.example/", "8.8.8.8");
	assert_true(guard_allows(guard, "http://news.example/x", "10.1.2.3", 80));
	guard_reached(guard, "http://news.example/", "8.8.8.8");
	assert_false(guard_allows(guard, "http://news.example/x", "10.1.2.3", 80));
	assert_true(guard_allows(guard, "http://news.example/x", "8.8.8.8", 80));
	/* What --resolve says stays. */
	guard_allow_host(guard, BYTES("kept.example"), 80);
	guard_reached(guard, "http://kept.example/", "8.8.8.8");
	assert_true(guard_allows(guard, "http://kept.example/", "10.1.2.3", 80));
}

TEST(a_mapped_host_is_permitted_at_its_target_port)
{
	SCOPED(guard_closep) struct guard *guard = guard_create();
	guard_allow_mapped(guard, BYTES("news.example"), 443, 8443);
	assert_true(guard_allows(guard, "https://news.example/", "127.0.0.1", 8443));
	assert_false(guard_allows(guard, "https://news.example/", "127.0.0.1", 443));
	assert_false(guard_allows(guard, "http://news.example/", "127.0.0.1", 8443));
	assert_false(guard_allows(guard, "https://other.example/", "127.0.0.1", 8443));
	guard_allow_mapped(guard, BYTES(""), 0, 9443);
	assert_true(guard_allows(guard, "https://other.example/", "127.0.0.1", 9443));
}

static void expect_refusal(
	const struct guard *guard, const char *url, bool is_proxied, const char *words)
{
	struct guard_reason reason = {"?"};
	bool is_refused = guard_refuses((void *)(uintptr_t)guard, url, is_proxied, &reason);
	if (is_refused != (words != NULL) ||
		(words != NULL && strstr(reason.text, words) == NULL)) {
		fail_msg("%s: %d '%s'", url, is_refused, reason.text);
	}
}

TEST(what_is_no_web_address_is_not_asked)
{
	static const struct {
		const char *url, *direct, *proxied;
	} cases[] = {
		{"http://a.example/", NULL, NULL},
		{"ftp://a.example/", "http", "http"},
		{"file:///etc/passwd", "http", "http"},
		{"no url", "http", "http"},
		{"http://a.example:25/", "smtp", "smtp"},
		{"https://a.example:22/", "ssh", "ssh"},
		{"http://a.example:6667/", "ircu", "ircu"},
		{"http://a.example:0/", "no service", "no service"},
		{"http://a.example:8080/", NULL, NULL},
		{"http://metadata.google.internal/", "clouds", "clouds"},
		{"http://Metadata.Google.Internal./", "clouds", "clouds"},
		{"http://instance-data/latest/", "clouds", "clouds"},
		{"http://127.0.0.1/", NULL, "private"},
		{"http://0x7f.1/", NULL, "private"},
		{"http://2130706433/", NULL, "private"},
		{"http://[::1]/", NULL, "private"},
		{"http://[::ffff:10.0.0.1]/", NULL, "private"},
		{"http://169.254.169.254/", NULL, "private"},
		{"http://8.8.8.8/", NULL, NULL},
		{"http://[2606:4700::1111]/", NULL, NULL},
		{"http://localhost/", NULL, "local"},
		{"http://localhost./", NULL, "local"},
		{"http://a.localhost/", NULL, "local"},
		{"http://printer/", NULL, "local"},
		{"http://printer.local/", NULL, "local"},
		{"http://wiki.corp/", NULL, "local"},
		{"http://router.home.arpa/", NULL, "local"},
		{"http://notlocal.example/", NULL, NULL},
		{"http://mylocal/", NULL, "local"},
		{"http://a.notlocal/", NULL, NULL},
	};
	SCOPED(guard_closep) struct guard *guard = guard_create();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		expect_refusal(guard, cases[i].url, false, cases[i].direct);
		expect_refusal(guard, cases[i].url, true, cases[i].proxied);
	}
}

TEST(permits_hold_before_a_connection_too)
{
	struct flong_error err = {0};
	SCOPED(guard_closep) struct guard *guard = guard_create();
	guard_allow_seed(guard, BYTES("printer"), 80);
	guard_allow_address(guard, BYTES("::1"), 8080);
	assert_int_equal(guard_allow_block(guard, "10.0.0.0/8", &err), FLONG_OK);
	expect_refusal(guard, "http://printer/", true, NULL);
	expect_refusal(guard, "http://printer:81/", true, "local");
	expect_refusal(guard, "http://10.9.9.9/", true, NULL);
	expect_refusal(guard, "http://192.168.1.1/", true, "private");
	expect_refusal(guard, "http://[0:0::1]:8080/", true, NULL);
	expect_refusal(guard, "http://wiki.corp/", true, "local");
	assert_int_equal(guard_allow_block(guard, "", &err), FLONG_OK);
	expect_refusal(guard, "http://wiki.corp/", true, NULL);
	expect_refusal(guard, "http://metadata.google.internal/", false, NULL);
	expect_refusal(guard, "http://wiki.corp:22/", true, "ssh");
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
	CASE(a_seed_is_permitted_until_it_was_public),
	CASE(a_mapped_host_is_permitted_at_its_target_port),
	CASE(what_is_no_web_address_is_not_asked), CASE(permits_hold_before_a_connection_too),
	CASE(an_address_is_permitted_for_every_host), CASE(blocks_permit_what_they_hold),
	CASE(what_is_no_block_is_named))
