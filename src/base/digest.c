/* SPDX-License-Identifier: MIT */
/* digest.c - digests by OpenSSL's EVP, and their text forms in the wild */
#include "base/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/error.h"

static const struct {
	const char *label;
	size_t size;
	const char *name; /* OpenSSL's */
} algorithms[] = {
	[DIGEST_SHA256] = {"sha256", 32, "SHA256"},
	[DIGEST_SHA1] = {"sha1", 20, "SHA1"},
	[DIGEST_MD5] = {"md5", 16, "MD5"},
	[DIGEST_SHA512] = {"sha512", 64, "SHA512"},
	[DIGEST_SHA384] = {"sha384", 48, "SHA384"},
};
enum { ALGORITHM_COUNT = sizeof(algorithms) / sizeof(algorithms[0]) };

struct digester {
	EVP_MD_CTX *context; /* owned */
	enum digest_algorithm algorithm;
};

/* Written once, before the first use: OpenSSL looks for a method by its name each time a context is
 * made with one of EVP_sha256 and its like, which costs more than the digest of a small block. */
static const EVP_MD *methods[ALGORITHM_COUNT];
static pthread_once_t methods_are_found = PTHREAD_ONCE_INIT;

static void find_methods(void)
{
	for (size_t i = 0; i < ALGORITHM_COUNT; i++) {
		methods[i] = EVP_MD_fetch(NULL, algorithms[i].name, NULL);
	}
}

/* OpenSSL fails here only without memory or without the algorithm: neither can be repaired. */
static void require(int ok)
{
	if (ok != 1) {
		(void)fprintf(stderr, "flong: OpenSSL cannot compute digests\n");
		abort();
	}
}

struct digester *digester_create(enum digest_algorithm algorithm)
{
	struct digester *digester = ALLOC(struct digester);
	digester->algorithm = algorithm;
	digester->context = EVP_MD_CTX_new();
	require(digester->context != NULL);
	(void)pthread_once(&methods_are_found, find_methods);
	require(methods[algorithm] != NULL);
	require(EVP_DigestInit_ex(digester->context, methods[algorithm], NULL));
	return digester;
}

void digester_close(struct digester *digester)
{
	if (digester != NULL) {
		EVP_MD_CTX_free(digester->context);
		free(digester);
	}
}

void digester_add(struct digester *digester, struct bytes b)
{
	if (b.len > 0) {
		require(EVP_DigestUpdate(digester->context, b.ptr, b.len));
	}
}

struct digest digester_end(struct digester *digester)
{
	struct digest digest = {.algorithm = digester->algorithm};
	require(EVP_DigestFinal_ex(digester->context, digest.value, NULL));
	require(EVP_DigestInit_ex(digester->context, NULL, NULL));
	return digest;
}

struct digest digest_of(enum digest_algorithm algorithm, struct bytes b)
{
	SCOPED(digester_closep) struct digester *digester = digester_create(algorithm);
	digester_add(digester, b);
	return digester_end(digester);
}

size_t digest_size(enum digest_algorithm algorithm)
{
	return algorithms[algorithm].size;
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
	return a->algorithm == b->algorithm &&
	       memcmp(a->value, b->value, digest_size(a->algorithm)) == 0;
}

/* Writes "label:", gives what follows it. */
static char *write_label(enum digest_algorithm algorithm, char out[DIGEST_TEXT_SIZE])
{
	size_t length = strlen(algorithms[algorithm].label);
	memcpy(out, algorithms[algorithm].label, length);
	out[length] = ':';
	return out + length + 1;
}

void digest_format_hex(const struct digest *digest, char out[DIGEST_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *end = write_label(digest->algorithm, out);
	for (size_t i = 0; i < digest_size(digest->algorithm); i++) {
		*end++ = digits[digest->value[i] >> 4];
		*end++ = digits[digest->value[i] & 15];
	}
	*end = '\0';
}

void digest_format(const struct digest *digest, char out[DIGEST_TEXT_SIZE])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	if (digest->algorithm != DIGEST_SHA1) {
		digest_format_hex(digest, out);
		return;
	}
	char *end = write_label(DIGEST_SHA1, out);
	uint32_t bits = 0;
	unsigned held = 0;
	for (size_t i = 0; i < digest_size(DIGEST_SHA1); i++) { /* 160 bits: 32 letters, no rest */
		bits = (bits << 8) | digest->value[i];
		held += 8;
		while (held >= 5) {
			held -= 5;
			*end++ = letters[(bits >> held) & 31];
		}
	}
	*end = '\0';
}

static int base32_value(char c)
{
	char lower = char_lower(c);
	if (char_is_alpha(c)) {
		return lower - 'a';
	}
	return (c >= '2' && c <= '7') ? c - '2' + 26 : -1;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z') {
		return c - 'A';
	}
	if (c >= 'a' && c <= 'z') {
		return c - 'a' + 26;
	}
	if (char_is_digit(c)) {
		return c - '0' + 52;
	}
	if (c == '+' || c == '-') {
		return 62;
	}
	return (c == '/' || c == '_') ? 63 : -1;
}

/* Reads letters of `width` bits each; false on a letter outside the alphabet. The caller has
 * checked that they give exactly the digest's bytes (and less than one letter's worth of rest). */
static bool decode(struct bytes text, int (*value_of)(char), unsigned width, struct digest *digest)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;
	for (size_t i = 0; i < text.len; i++) {
		int value = value_of(text.ptr[i]);
		if (value < 0) {
			return false;
		}
		bits = (bits << width) | (uint32_t)value;
		held += width;
		if (held >= 8 && at < digest_size(digest->algorithm)) {
			held -= 8;
			digest->value[at++] = (unsigned char)(bits >> held);
		}
	}
	return at == digest_size(digest->algorithm);
}

static bool parse_label(struct bytes label, enum digest_algorithm *algorithm_out)
{
	char plain[8];
	size_t length = 0;
	for (size_t i = 0; i < label.len; i++) {
		if (label.ptr[i] == '-') {
			continue;
		}
		if (length == sizeof(plain)) {
			return false;
		}
		plain[length++] = char_lower(label.ptr[i]);
	}
	for (size_t i = 0; i < ALGORITHM_COUNT; i++) {
		if (bytes_equal(bytes_from(plain, length), bytes_of(algorithms[i].label))) {
			*algorithm_out = (enum digest_algorithm)i;
			return true;
		}
	}
	return false;
}

int digest_parse(struct bytes text, struct digest *digest_out, struct flong_error *err)
{
	*digest_out = (struct digest){0};
	struct bytes label;
	struct bytes value;
	if (!bytes_cut(bytes_trim(text), ':', &label, &value)) {
		return error_set(err, FLONG_E_FORMAT, "digest '" BYTES_FMT "' has no label",
			BYTES_ARG(text));
	}
	if (!parse_label(label, &digest_out->algorithm)) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"digest algorithm '" BYTES_FMT "' is not known", BYTES_ARG(label));
	}
	while (value.len > 0 && value.ptr[value.len - 1] == '=') {
		value.len--;
	}
	size_t size = digest_size(digest_out->algorithm);
	bool is_read = false;
	if (value.len == size * 2) {
		is_read = decode(value, char_hex, 4, digest_out);
	} else if (value.len == (size * 8 + 4) / 5) {
		is_read = decode(value, base32_value, 5, digest_out);
	} else if (value.len == (size * 8 + 5) / 6) {
		is_read = decode(value, base64_value, 6, digest_out);
	}
	if (!is_read) {
		return error_set(err, FLONG_E_FORMAT,
			"digest '" BYTES_FMT
			"' is neither hexadecimal, base32 nor base64 of %zu bytes",
			BYTES_ARG(text), size);
	}
	return FLONG_OK;
}

void digest_random(void *room, size_t len)
{
	char *at = room;
	while (len > 0) {
		ssize_t got = getrandom(at, len, 0);
		if (got < 0 && errno != EINTR) {
			(void)fprintf(stderr, "flong: the system has no random bytes\n");
			abort();
		}
		if (got > 0) {
			at += got;
			len -= (size_t)got;
		}
	}
}
