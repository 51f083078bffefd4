/* SPDX-License-Identifier: MIT */
/* sign.h - signatures of WACZ files (W-43; owner of OpenSSL's keys in this layer)
 *
 * ECDSA with SHA-256 over the text of a hash, "sha256:..." (WACZ signing 0.1). */
#ifndef INDEX_SIGN_H
#define INDEX_SIGN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

/* Whether `signature`, 96 bytes r and s, is of `text` by the key `key` (DER, SubjectPublicKeyInfo)
 * of P-384. FLONG_OK: it is. FLONG_E_DAMAGED: it is not. FLONG_E_FORMAT: one of them is no such
 * thing. */
MUST_CHECK int sign_verify_key(
	struct bytes text, struct bytes signature, struct bytes key, struct flong_error *err);
/* Whether `signature` (DER) is of `text` by the key of the first certificate in `chain` (PEM). Who
 * the certificate belongs to, and whether it was valid, is not looked at. Codes as above. */
MUST_CHECK int sign_verify_certificate(
	struct bytes text, struct bytes signature, struct bytes chain, struct flong_error *err);

/* Whether the file `path` holds a private key of ECDSA P-384 in PEM, not encrypted. FLONG_E_USAGE:
 * it does not; FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int sign_check_key(const char *path, struct flong_error *err);
/* What is signed, and by whom. All borrowed. */
struct sign_data {
	const char *key_path; /* as above */
	struct bytes hash;    /* "sha256:...": the text that is signed */
	int64_t created_ms;
	const char *software;
};
/* Adds the member signedData of an anonymous signature, with the public key, to a JSON object that
 * is being written. Errors as above. */
MUST_CHECK int sign_add_data(
	const struct sign_data *data, struct buf *json, struct flong_error *err);

#endif
