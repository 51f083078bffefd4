/* SPDX-License-Identifier: MIT */
/* digest_test.c - digests and their text forms */
#include "unit.h"

#include "base/digest.h"

static struct flong_error err;

TEST(known_digests_have_our_text_form)
{
	static const struct {
		enum digest_algorithm algorithm;
		const char *input, *text;
	} rows[] = {
		{DIGEST_SHA1, "", "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"},
		{DIGEST_SHA256, "",
			"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{DIGEST_SHA1, "<html>hello chunked world</html>",
			"sha1:3PFUA27TWXW3DQQ6HDPH76DD7N7B57M2"},
		{DIGEST_SHA256, "<html>hello chunked world</html>",
			"sha256:c1d3bb9eb4d44388e1948c08517f7838c96db464079fba5325e8fdcd5dcd36dd"},
		{DIGEST_MD5, "", "md5:d41d8cd98f00b204e9800998ecf8427e"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[DIGEST_TEXT_SIZE];
		struct digest digest = digest_of(rows[i].algorithm, bytes_of(rows[i].input));
		digest_format(&digest, text);
		assert_string_equal(text, rows[i].text);
	}
}

TEST(a_digester_starts_anew_after_its_end)
{
	SCOPED(digester_closep) struct digester *digester = digester_create(DIGEST_SHA256);
	digester_add(digester, BYTES("a"));
	digester_add(digester, BYTES("b"));
	struct digest first = digester_end(digester);
	digester_add(digester, BYTES("ab"));
	struct digest second = digester_end(digester);
	assert_true(digest_equal(&first, &second));
	struct digest other = digest_of(DIGEST_SHA256, BYTES("abc"));
	assert_false(digest_equal(&first, &other));
}

TEST(every_form_in_the_wild_is_the_same_digest)
{
	static const char *const texts[] = {"sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
		"sha1:3i42h3s6nnfq2msvx7xzkyayscx5qbyj", "SHA1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
		"sha-1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
		"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"sha1:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
		"sha1:2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "sha1:2jmj7l5rSw0yVb/vlWAYkK/YBwk",
		"sha1:2jmj7l5rSw0yVb_vlWAYkK_YBwk", " sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ "};
	struct digest empty = digest_of(DIGEST_SHA1, BYTES(""));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct digest digest;
		assert_int_equal(digest_parse(bytes_of(texts[i]), &digest, &err), FLONG_OK);
		assert_true(digest_equal(&digest, &empty));
	}
	struct digest sha256 = digest_of(DIGEST_SHA256, BYTES(""));
	struct digest digest;
	assert_int_equal(
		digest_parse(BYTES("sha-256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ"),
			&digest, &err),
		FLONG_OK);
	assert_true(digest_equal(&digest, &sha256));
	assert_int_equal(
		digest_parse(
			BYTES("sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ===="),
			&digest, &err),
		FLONG_OK);
	assert_true(digest_equal(&digest, &sha256));
}

TEST(other_text_is_refused)
{
	static const struct {
		const char *text;
		int code;
	} rows[] = {{"", FLONG_E_FORMAT}, {"3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", FLONG_E_FORMAT},
		{"blake3:00", FLONG_E_UNSUPPORTED}, {"xxh3:00", FLONG_E_UNSUPPORTED},
		{"sha256sha256:00", FLONG_E_UNSUPPORTED}, {"sha1:", FLONG_E_FORMAT},
		{"sha1:3I42", FLONG_E_FORMAT},
		{"sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBY1", FLONG_E_FORMAT},
		{"md5:zz1d8cd98f00b204e9800998ecf8427e", FLONG_E_FORMAT}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct digest digest;
		assert_int_equal(digest_parse(bytes_of(rows[i].text), &digest, &err), rows[i].code);
	}
}

TEST(our_text_form_is_read_back)
{
	for (int algorithm = DIGEST_SHA256; algorithm <= DIGEST_SHA384; algorithm++) {
		char text[DIGEST_TEXT_SIZE];
		struct digest digest = digest_of((enum digest_algorithm)algorithm, BYTES("x"));
		struct digest again;
		digest_format(&digest, text);
		assert_int_equal(digest_parse(bytes_of(text), &again, &err), FLONG_OK);
		assert_true(digest_equal(&digest, &again));
		digest_format_hex(&digest, text);
		assert_int_equal(digest_parse(bytes_of(text), &again, &err), FLONG_OK);
		assert_true(digest_equal(&digest, &again));
	}
}

TEST(random_bytes_differ)
{
	unsigned char a[16] = {0};
	unsigned char b[16] = {0};
	digest_random(a, sizeof(a));
	digest_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

RUN_TESTS(CASE(known_digests_have_our_text_form), CASE(a_digester_starts_anew_after_its_end),
	CASE(every_form_in_the_wild_is_the_same_digest), CASE(other_text_is_refused),
	CASE(our_text_form_is_read_back), CASE(random_bytes_differ))
