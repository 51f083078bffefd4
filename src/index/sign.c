/* SPDX-License-Identifier: MIT */
/* sign.c - signatures of WACZ files */
#include "index/sign.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"

/* r and s of P-384. */
enum { NUMBER_BYTES = 48, RAW_BYTES = 2 * NUMBER_BYTES };

/* A key in PEM has a few hundred bytes. */
#define KEY_FILE_MAX ((size_t)64 << 10)

static void close_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void close_certificate(X509 **certificate)
{
	X509_free(*certificate);
}

static void close_bio(BIO **bio)
{
	(void)BIO_free(*bio);
}

static void close_context(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

static void close_numbers(ECDSA_SIG **numbers)
{
	ECDSA_SIG_free(*numbers);
}

static const unsigned char *octets(struct bytes b)
{
	return (const unsigned char *)b.ptr;
}

static int verify(EVP_PKEY *key, struct bytes text, const unsigned char *signature, size_t length,
	struct flong_error *err)
{
	SCOPED(close_context) EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool is_ready = context != NULL &&
			EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1;
	int rc =
		is_ready ? EVP_DigestVerify(context, signature, length, octets(text), text.len) : 0;
	ERR_clear_error();
	return rc == 1 ? FLONG_OK
		       : error_set(err, FLONG_E_DAMAGED,
				 "the signature is not of this hash by this key");
}

/* The signature as OpenSSL takes it. */
static unsigned char *encode_raw(struct bytes raw, int *length_out)
{
	unsigned char *der = NULL;
	SCOPED(close_numbers) ECDSA_SIG *numbers = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(octets(raw), NUMBER_BYTES, NULL);
	BIGNUM *s = BN_bin2bn(octets(raw) + NUMBER_BYTES, NUMBER_BYTES, NULL);
	*length_out = -1;
	if (numbers != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(numbers, r, s) == 1) {
		*length_out = i2d_ECDSA_SIG(numbers, &der);
	} else {
		BN_free(r);
		BN_free(s);
	}
	return der;
}

static bool is_of_curve(EVP_PKEY *key, const char *wanted)
{
	char name[64] = "";
	size_t length = 0;
	bool is_named = EVP_PKEY_base_id(key) == EVP_PKEY_EC &&
			EVP_PKEY_get_group_name(key, name, sizeof(name), &length) == 1;
	return is_named && strcmp(name, wanted) == 0;
}

int sign_verify_key(
	struct bytes text, struct bytes signature, struct bytes key, struct flong_error *err)
{
	const unsigned char *at = octets(key);
	if (key.len == 0 || key.len > LONG_MAX || signature.len != RAW_BYTES) {
		return error_set(err, FLONG_E_FORMAT,
			"the signature has %zu bytes instead of %d, or there is no key",
			signature.len, RAW_BYTES);
	}
	SCOPED(close_key) EVP_PKEY *public_key = d2i_PUBKEY(NULL, &at, (long)key.len);
	ERR_clear_error();
	if (public_key == NULL || !is_of_curve(public_key, "secp384r1")) {
		return error_set(err, FLONG_E_FORMAT, "the key is none of ECDSA P-384");
	}
	int length;
	unsigned char *der = encode_raw(signature, &length);
	int rc = length > 0 ? verify(public_key, text, der, (size_t)length, err)
			    : error_set(err, FLONG_E_FORMAT, "the signature cannot be read");
	OPENSSL_free(der);
	return rc;
}

int sign_verify_certificate(
	struct bytes text, struct bytes signature, struct bytes chain, struct flong_error *err)
{
	if (chain.len == 0 || chain.len > INT_MAX || signature.len == 0) {
		return error_set(err, FLONG_E_FORMAT, "there is no certificate or no signature");
	}
	SCOPED(close_bio) BIO *bio = BIO_new_mem_buf(chain.ptr, (int)chain.len);
	SCOPED(close_certificate)
	X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
	EVP_PKEY *key = certificate == NULL ? NULL : X509_get0_pubkey(certificate); /* borrowed */
	ERR_clear_error();
	if (key == NULL || EVP_PKEY_base_id(key) != EVP_PKEY_EC) {
		return error_set(err, FLONG_E_FORMAT, "the certificate has no ECDSA key");
	}
	return verify(key, text, octets(signature), signature.len, err);
}

/* An encrypted key would ask for its password on the terminal. */
static int no_password(char *room, int size, int writes, void *context)
{
	(void)room;
	(void)size;
	(void)writes;
	(void)context;
	return -1;
}

static int read_private_key(const char *path, EVP_PKEY **key_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf pem = buf_with_max(KEY_FILE_MAX);
	int rc = files_read(path, &pem, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(close_bio) BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	SCOPED(close_key)
	EVP_PKEY *key = bio == NULL || pem.len == 0
				? NULL
				: PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	ERR_clear_error();
	if (pem.len > 0) {
		OPENSSL_cleanse(pem.ptr, pem.len);
	}
	if (key == NULL || !is_of_curve(key, "secp384r1")) {
		return error_set(err, FLONG_E_USAGE,
			"%s holds no private key of ECDSA P-384 in PEM, without a password", path);
	}
	*key_out = key;
	key = NULL;
	return FLONG_OK;
}

int sign_check_key(const char *path, struct flong_error *err)
{
	SCOPED(close_key) EVP_PKEY *key = NULL;
	return read_private_key(path, &key, err);
}

/* r and s, each as long as the numbers of the curve. */
static bool add_raw(const unsigned char *der, size_t length, struct buf *out)
{
	unsigned char raw[RAW_BYTES];
	SCOPED(close_numbers) ECDSA_SIG *numbers = d2i_ECDSA_SIG(NULL, &der, (long)length);
	bool is_made = numbers != NULL &&
		       BN_bn2binpad(ECDSA_SIG_get0_r(numbers), raw, NUMBER_BYTES) == NUMBER_BYTES &&
		       BN_bn2binpad(ECDSA_SIG_get0_s(numbers), raw + NUMBER_BYTES, NUMBER_BYTES) ==
			       NUMBER_BYTES;
	if (is_made) {
		buf_add(out, bytes_from((const char *)raw, RAW_BYTES));
	}
	return is_made;
}

static bool add_signature(EVP_PKEY *key, struct bytes text, struct buf *out)
{
	unsigned char der[2 * RAW_BYTES];
	size_t length = sizeof(der);
	SCOPED(close_context) EVP_MD_CTX *context = EVP_MD_CTX_new();
	return context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestSign(context, der, &length, octets(text), text.len) == 1 &&
	       add_raw(der, length, out);
}

/* The signature of a text, and the public key. */
static int sign(const char *path, struct bytes text, struct buf *signature_out, struct buf *key_out,
	struct flong_error *err)
{
	SCOPED(close_key) EVP_PKEY *key = NULL;
	int rc = read_private_key(path, &key, err);
	if (rc < 0) {
		return rc;
	}
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(key, &der);
	bool is_made = length > 0 && add_signature(key, text, signature_out);
	if (is_made) {
		buf_add(key_out, bytes_from((const char *)der, (size_t)length));
	}
	OPENSSL_free(der);
	ERR_clear_error();
	return is_made ? FLONG_OK
		       : error_set(
				 err, FLONG_E_INTERNAL, "%s: nothing can be signed with it", path);
}

static void add_base64(struct buf *json, const char *name, const struct buf *raw)
{
	SCOPED(buf_clear) struct buf text = {0};
	base64_encode(buf_bytes(raw), &text);
	json_add_member(json, name, buf_bytes(&text));
}

int sign_add_data(const struct sign_data *data, struct buf *json, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf signature = {0};
	SCOPED(buf_clear) struct buf key = {0};
	char created[CLOCK_ISO_SIZE];
	int rc = sign(data->key_path, data->hash, &signature, &key, err);
	if (rc < 0) {
		return error_context(err, "--sign");
	}
	clock_format_iso_s(data->created_ms, created);
	json_add_name(json, "signedData");
	buf_add_char(json, '{');
	json_add_member(json, "hash", data->hash);
	json_add_member(json, "created", bytes_of(created));
	json_add_member(json, "software", bytes_of(data->software));
	add_base64(json, "signature", &signature);
	add_base64(json, "publicKey", &key);
	buf_add_char(json, '}');
	return FLONG_OK;
}
