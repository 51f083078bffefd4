/* SPDX-License-Identifier: MIT */
/* sign.h - signatures of WACZ files (W-43; owner of OpenSSL's keys in this layer)
 *
 * ECDSA with SHA-256 over the text of a hash, "sha256:..." (WACZ signing 0.1). */
#ifndef INDEX_SIGN_H
#define INDEX_SIGN_H

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

#endif
