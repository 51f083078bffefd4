/* SPDX-License-Identifier: MIT */
/* tls.c - reads version, cipher, ALPN, verification result and chain off an OpenSSL connection */
#include "crawl/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

/* Slots for chains given out; more hosts than that share slots, and then a chain comes again. */
#define SEEN_SLOTS 4096

struct tls_reader {
	X509_STORE *store;         /* owned; NULL when the connections verify themselves */
	int verdict_index;         /* of the verdict kept with an SSL */
	uint64_t seen[SEEN_SLOTS]; /* hashes of host:port and leaf digest */
};

/* Owned by the SSL it was computed for. */
static void free_verdict(
	void *parent, void *verdict, CRYPTO_EX_DATA *data, int index, long number, void *context)
{
	(void)parent;
	(void)data;
	(void)index;
	(void)number;
	(void)context;
	free(verdict);
}

static int no_certificates(const char *path, struct flong_error *err)
{
	ERR_clear_error();
	return error_set(err, FLONG_E_NOT_FOUND, "no certificates can be read from %s", path);
}

static bool is_certificate(const char *pem_name)
{
	static const char *const names[] = {
		PEM_STRING_X509, PEM_STRING_X509_OLD, PEM_STRING_X509_TRUSTED};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(pem_name, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Whether it begins a sequence that it also holds the end of. */
static bool is_whole(const unsigned char *der, long length)
{
	long content = 0;
	int tag = 0;
	int form = 0;
	int found = ASN1_get_object(&der, &content, &tag, &form, length);
	return (found & 0x80) == 0 && tag == V_ASN1_SEQUENCE;
}

/* To parse a certificate OpenSSL sets up all its decoders, which takes a millisecond. A plain
 * connection needs none, so what libcurl will load is only looked through. */
static int check_file(const char *path, struct flong_error *err)
{
	BIO *bio = BIO_new_file(path, "r");
	size_t count = 0;
	char *name = NULL;
	char *header = NULL;
	unsigned char *der = NULL;
	long length = 0;
	bool is_good = bio != NULL;
	ERR_clear_error();
	while (is_good && PEM_read_bio(bio, &name, &header, &der, &length) == 1) {
		if (is_certificate(name)) {
			is_good = is_whole(der, length);
			count++;
		}
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_free(der);
	}
	/* "No start line" is how the end of the file is told. */
	bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	BIO_free(bio);
	ERR_clear_error();
	return is_good && is_end && count > 0 ? FLONG_OK : no_certificates(path, err);
}

static int load_store(X509_STORE *store, const char *cacert, struct flong_error *err)
{
	if (cacert == NULL) {
		(void)X509_STORE_set_default_paths(store);
	} else if (X509_STORE_load_file(store, cacert) != 1) {
		return no_certificates(cacert, err);
	}
	ERR_clear_error();
	return FLONG_OK;
}

int tls_reader_create(const char *cacert, bool verifies_itself, struct tls_reader **reader_out,
	struct flong_error *err)
{
	SCOPED(tls_reader_closep) struct tls_reader *reader = ALLOC(struct tls_reader);
	reader->verdict_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, free_verdict);
	int rc = FLONG_OK;
	if (verifies_itself) {
		reader->store = X509_STORE_new();
		rc = reader->store == NULL || reader->verdict_index < 0
			     ? error_set(err, FLONG_E_INTERNAL, "OpenSSL cannot be set up")
			     : load_store(reader->store, cacert, err);
	} else if (cacert != NULL) {
		rc = check_file(cacert, err);
	}
	if (rc == FLONG_OK) {
		*reader_out = TAKE(reader);
	}
	return rc;
}

void tls_reader_close(struct tls_reader *reader)
{
	if (reader == NULL) {
		return;
	}
	X509_STORE_free(reader->store);
	free(reader);
}

/* The faults of one verification, gathered. */
struct verdict {
	char text[sizeof(((struct exchange_connection *)NULL)->tls_verify)];
};

static void add_fault(struct verdict *verdict, const char *fault)
{
	size_t length = strlen(verdict->text);
	if (strstr(verdict->text, fault) == NULL) {
		(void)snprintf(verdict->text + length, sizeof(verdict->text) - length, "%s%s",
			length == 0 ? "" : "; ", fault);
	}
}

static int gather_fault(int is_fine, X509_STORE_CTX *context)
{
	if (!is_fine) {
		add_fault(X509_STORE_CTX_get_app_data(context),
			X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
	}
	return 1;
}

/* Verifies as libcurl would have, but goes on after each fault. */
static void judge(const struct tls_reader *reader, SSL *ssl, const struct tls_peer *peer,
	struct verdict *verdict)
{
	X509 *leaf = SSL_get0_peer_certificate(ssl);
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	if (leaf == NULL || context == NULL ||
		X509_STORE_CTX_init(context, reader->store, leaf, SSL_get_peer_cert_chain(ssl)) !=
			1) {
		add_fault(verdict, "no certificate");
		X509_STORE_CTX_free(context);
		return;
	}
	(void)X509_STORE_CTX_set_default(context, "ssl_server");
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
	if (X509_VERIFY_PARAM_set1_ip_asc(param, peer->host) != 1) {
		(void)X509_VERIFY_PARAM_set1_host(param, peer->host, 0);
	}
	X509_STORE_CTX_set_app_data(context, verdict);
	X509_STORE_CTX_set_verify_cb(context, gather_fault);
	if (X509_verify_cert(context) != 1 && verdict->text[0] == '\0') {
		add_fault(verdict, "the certificate cannot be verified");
	}
	X509_STORE_CTX_free(context);
	ERR_clear_error();
}

static void describe_verification(struct tls_reader *reader, SSL *ssl, const struct tls_peer *peer,
	struct exchange_connection *connection)
{
	struct verdict *verdict = SSL_get_ex_data(ssl, reader->verdict_index);
	if (reader->store == NULL) {
		/* libcurl has refused every other connection. */
		(void)snprintf(connection->tls_verify, sizeof(connection->tls_verify), "%s",
			SSL_get_verify_result(ssl) == X509_V_OK
				? "ok"
				: X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
		return;
	}
	if (verdict == NULL) {
		verdict = ALLOC(struct verdict);
		judge(reader, ssl, peer, verdict);
		if (verdict->text[0] == '\0') {
			add_fault(verdict, "ok");
		}
		memcpy(connection->tls_verify, verdict->text, sizeof(verdict->text));
		if (SSL_set_ex_data(ssl, reader->verdict_index, verdict) != 1) {
			free(verdict);
		}
		return;
	}
	memcpy(connection->tls_verify, verdict->text, sizeof(verdict->text));
}

static const char *version_name(int version)
{
	switch (version) {
	case TLS1_3_VERSION:
		return "tls/1.3";
	case TLS1_2_VERSION:
		return "tls/1.2";
	case TLS1_1_VERSION:
		return "tls/1.1";
	case TLS1_VERSION:
		return "tls/1.0";
	case SSL3_VERSION:
		return "ssl/3";
	default:
		return "";
	}
}

void tls_reader_describe(struct tls_reader *reader, void *ssl_pointer, const struct tls_peer *peer,
	struct exchange_connection *connection)
{
	SSL *ssl = ssl_pointer;
	const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
	const char *cipher_name = cipher == NULL ? NULL : SSL_CIPHER_standard_name(cipher);
	const unsigned char *alpn = NULL;
	unsigned alpn_length = 0;
	SSL_get0_alpn_selected(ssl, &alpn, &alpn_length);
	connection->is_tls = true;
	(void)snprintf(connection->tls_version, sizeof(connection->tls_version), "%s",
		version_name(SSL_version(ssl)));
	(void)snprintf(connection->tls_cipher, sizeof(connection->tls_cipher), "%s",
		cipher_name == NULL ? "" : cipher_name);
	(void)snprintf(connection->tls_alpn, sizeof(connection->tls_alpn), "%.*s", (int)alpn_length,
		alpn == NULL ? "" : (const char *)alpn);
	describe_verification(reader, ssl, peer, connection);
}

static bool is_new(struct tls_reader *reader, X509 *leaf, const struct tls_peer *peer)
{
	char key[512];
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned digest_length = 0;
	if (X509_digest(leaf, EVP_sha256(), digest, &digest_length) != 1) {
		return false;
	}
	int length = snprintf(key, sizeof(key) - sizeof(digest), "%s:%u ", peer->host, peer->port);
	size_t used = (size_t)length < sizeof(key) - sizeof(digest)
			      ? (size_t)length
			      : sizeof(key) - sizeof(digest) - 1;
	memcpy(key + used, digest, digest_length);
	uint64_t hash = bytes_hash(bytes_from(key, used + digest_length)) | 1;
	uint64_t *slot = &reader->seen[(hash >> 1) % SEEN_SLOTS];
	bool result = *slot != hash;
	*slot = hash;
	return result;
}

char *tls_reader_take_chain(
	struct tls_reader *reader, void *ssl_pointer, const struct tls_peer *peer)
{
	SSL *ssl = ssl_pointer;
	X509 *leaf = SSL_get0_peer_certificate(ssl);
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
	if (leaf == NULL || !is_new(reader, leaf, peer)) {
		return NULL;
	}
	BIO *bio = BIO_new(BIO_s_mem());
	if (bio == NULL) {
		return NULL;
	}
	/* A resumed TLS 1.2 session knows the leaf only. */
	int count = chain == NULL ? 0 : sk_X509_num(chain);
	if (count == 0) {
		(void)PEM_write_bio_X509(bio, leaf);
	}
	for (int i = 0; i < count; i++) {
		(void)PEM_write_bio_X509(bio, sk_X509_value(chain, i));
	}
	char *text = NULL;
	long length = BIO_get_mem_data(bio, &text);
	char *result = length > 0 ? alloc_text(text, (size_t)length) : NULL;
	BIO_free(bio);
	return result;
}
