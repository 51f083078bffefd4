/* SPDX-License-Identifier: MIT */
/* check_signature.h - the datapackage-digest.json of a WACZ: the hash it states, and who signed it
 */
#ifndef INDEX_CHECK_SIGNATURE_H
#define INDEX_CHECK_SIGNATURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "index/check_say.h"

/* What is known of a signature. */
enum check_signature_state {
	CHECK_SIGNATURE_NONE,
	CHECK_SIGNATURE_VERIFIED, /* anonymous: it is of this hash by the key in it */
	CHECK_SIGNATURE_OPEN, /* of a domain: it fits its certificate, and that was not verified */
	CHECK_SIGNATURE_BAD   /* it does not fit, or cannot be read */
};

struct check_signature {
	struct check_listener listener; /* set by the caller */
	/* Out. */
	bool has_hash; /* one that can be compared */
	struct digest hash;
	enum check_signature_state state;
	struct buf domain;  /* for which it was signed; empty: anonymous */
	struct buf created; /* what the signature says; empty: nothing */
};

/* Checks the text of the file. Whether the hash is the right one is the caller's to see. */
void check_signature_read(struct check_signature *signature, struct bytes text);
void check_signature_clear(struct check_signature *signature);

#endif
