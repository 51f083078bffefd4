/* SPDX-License-Identifier: MIT */
/* digest.h - SHA-256, SHA-1 and the others that WARC files carry, and their labelled text form
 * (owner of OpenSSL's EVP) */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

enum digest_algorithm { DIGEST_SHA256, DIGEST_SHA1, DIGEST_MD5, DIGEST_SHA512, DIGEST_SHA384 };

#define DIGEST_MAX_SIZE 64
/* "sha256:" and 64 hex digits, or the longer "sha512:" form, with the terminating zero. */
#define DIGEST_TEXT_SIZE 144

struct digest {
	enum digest_algorithm algorithm;
	unsigned char value[DIGEST_MAX_SIZE]; /* the first digest_size() bytes count */
};

/* A running computation. */
struct digester;

/* Never NULL. One digester can be used again after digester_end. */
struct digester *digester_create(enum digest_algorithm algorithm);
void digester_close(struct digester *digester);
SCOPED_CLOSE(struct digester *, digester_close)
void digester_add(struct digester *digester, struct bytes b);
/* The digest of what was added; the digester starts anew. */
struct digest digester_end(struct digester *digester);

/* One-shot. */
struct digest digest_of(enum digest_algorithm algorithm, struct bytes b);
/* Bytes of a digest of this algorithm. */
size_t digest_size(enum digest_algorithm algorithm);
bool digest_equal(const struct digest *a, const struct digest *b);
/* As we write it (W-14): "sha256:" + 64 lower-case hex digits; "sha1:" + 32 upper-case
 * base32; the others hex. */
void digest_format(const struct digest *digest, char out[DIGEST_TEXT_SIZE]);
/* "sha256:" and lower-case hex whatever the algorithm's usual form. */
void digest_format_hex(const struct digest *digest, char out[DIGEST_TEXT_SIZE]);
/* Reads "label:value" as files in the wild have it (A.7): label in any case, with or without
 * hyphen; hex, base32 (any case, padded or not) or base64, told apart by length.
 * FLONG_E_UNSUPPORTED: unknown label; FLONG_E_FORMAT: value fits no form. */
MUST_CHECK int digest_parse(struct bytes text, struct digest *digest_out, struct flong_error *err);

/* Fills `room` with random bytes of the system (for ids and jitter). */
void digest_random(void *room, size_t len);

#endif
