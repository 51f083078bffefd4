/* SPDX-License-Identifier: MIT */
/* check_signature.c - the datapackage-digest.json of a WACZ: the hash it states, and who signed it
 */
#include "index/check_signature.h"

#include <stdarg.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "index/sign.h"

#define DIGEST_RULE "W-38"
#define SIGNATURE_RULE "W-43"

static void say(struct check_signature *signature, enum check_severity severity, const char *rule,
	const char *format, ...) PRINTF_LIKE(4, 5);
static void say(struct check_signature *signature, enum check_severity severity, const char *rule,
	const char *format, ...)
{
	const struct check_finding place = {.is_of_file = true, .severity = severity, .rule = rule};
	va_list args;
	va_start(args, format);
	check_say(&signature->listener, &place, format, args);
	va_end(args);
}

void check_signature_clear(struct check_signature *signature)
{
	buf_clear(&signature->domain);
	buf_clear(&signature->created);
}

static struct bytes text_of(const struct json *object, const char *name)
{
	return json_text(json_get(object, name));
}

/* --- the signature -----------------------------------------------------------------------------
 */

/* The members of signedData; those of one kind only have its letter. */
static const struct member {
	const char *name;
	char kind; /* a: of an anonymous one; d: of one for a domain; b: of both */
	bool is_needed;
} members[] = {
	{"hash", 'b', true},
	{"created", 'b', true},
	{"software", 'b', true},
	{"signature", 'b', true},
	{"version", 'b', false},
	{"publicKey", 'a', true},
	{"domain", 'd', true},
	{"domainCert", 'd', true},
	{"timeSignature", 'd', true},
	{"timestampCert", 'd', true},
	{"crossSignedCert", 'd', false},
};
enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

struct naming {
	struct check_signature *signature;
	char kind;
};

static bool check_name(struct bytes name, const struct json *value, void *context)
{
	const struct naming *naming = context;
	(void)value;
	for (size_t i = 0; i < MEMBERS; i++) {
		bool is_of_kind = members[i].kind == 'b' || members[i].kind == naming->kind;
		if (is_of_kind && bytes_equal(name, bytes_of(members[i].name))) {
			return true;
		}
	}
	say(naming->signature, CHECK_WARNING, DIGEST_RULE,
		"signedData has the member '" BYTES_FMT "', which is not allowed", BYTES_ARG(name));
	return true;
}

/* False when one that is needed is not there. */
static bool check_members(struct check_signature *signature, const struct json *data, char kind)
{
	bool is_whole = true;
	struct naming naming = {signature, kind};
	json_each(data, check_name, &naming);
	for (size_t i = 0; i < MEMBERS; i++) {
		bool is_of_kind = members[i].kind == 'b' || members[i].kind == kind;
		if (is_of_kind && members[i].is_needed && text_of(data, members[i].name).len == 0) {
			say(signature, CHECK_ERROR, DIGEST_RULE, "signedData has no %s",
				members[i].name);
			is_whole = false;
		}
	}
	return is_whole;
}

static int verify(const struct json *data, char kind, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf raw = {0};
	SCOPED(buf_clear) struct buf key = {0};
	struct bytes hash = text_of(data, "hash");
	if (!base64_decode(text_of(data, "signature"), &raw)) {
		return error_set(err, FLONG_E_FORMAT, "the signature is no base64");
	}
	if (kind == 'd') {
		return sign_verify_certificate(
			hash, buf_bytes(&raw), text_of(data, "domainCert"), err);
	}
	if (!base64_decode(text_of(data, "publicKey"), &key)) {
		return error_set(err, FLONG_E_FORMAT, "the public key is no base64");
	}
	return sign_verify_key(hash, buf_bytes(&raw), buf_bytes(&key), err);
}

static void check_signed_data(
	struct check_signature *signature, const struct json *data, struct bytes hash)
{
	struct flong_error reason = {0};
	int64_t time_ms;
	bool is_anonymous = json_get(data, "publicKey") != NULL;
	char kind = is_anonymous ? 'a' : 'd';
	signature->state = CHECK_SIGNATURE_BAD;
	if (json_type(data) != JSON_OBJECT) {
		say(signature, CHECK_ERROR, DIGEST_RULE, "signedData is no object");
		return;
	}
	buf_add(&signature->domain, bytes_slice(text_of(data, "domain"), 0, 255));
	bool is_whole = check_members(signature, data, kind);
	struct bytes created = text_of(data, "created");
	buf_add(&signature->created, bytes_slice(created, 0, 64));
	if (created.len > 0 && !clock_parse_iso(created, &time_ms)) {
		say(signature, CHECK_ERROR, DIGEST_RULE, "signedData: created is no date");
	}
	if (!bytes_equal(text_of(data, "hash"), hash)) {
		say(signature, CHECK_ERROR, DIGEST_RULE,
			"signedData is of another hash than the one beside it");
		is_whole = false;
	}
	if (!is_whole) {
		return;
	}
	if (verify(data, kind, &reason) != FLONG_OK) {
		say(signature, CHECK_ERROR, SIGNATURE_RULE, "%s", reason.message);
		return;
	}
	signature->state = is_anonymous ? CHECK_SIGNATURE_VERIFIED : CHECK_SIGNATURE_OPEN;
}

/* --- the file ----------------------------------------------------------------------------------
 */

static void read_hash(struct check_signature *signature, struct bytes text)
{
	struct flong_error reason;
	char right[DIGEST_TEXT_SIZE];
	if (digest_parse(text, &signature->hash, &reason) != FLONG_OK) {
		say(signature, CHECK_ERROR, DIGEST_RULE, "the hash '" BYTES_FMT "' cannot be read",
			BYTES_ARG(text));
		return;
	}
	signature->has_hash = true;
	digest_format_hex(&signature->hash, right);
	if (!bytes_equal(text, bytes_of(right))) {
		say(signature, CHECK_WARNING, DIGEST_RULE,
			"the hash is not written as label and lower-case hexadecimal digits: "
			"validators compare the text");
	}
}

void check_signature_read(struct check_signature *signature, struct bytes text)
{
	struct flong_error reason;
	SCOPED(json_closep) struct json_document *document = NULL;
	if (json_parse(text, JSON_STRICT, &document, &reason) != FLONG_OK ||
		json_type(json_root(document)) != JSON_OBJECT) {
		say(signature, CHECK_ERROR, DIGEST_RULE, "the file is no JSON object");
		return;
	}
	const struct json *root = json_root(document);
	const struct json *data = json_get(root, "signedData");
	struct bytes hash = text_of(root, "hash");
	if (!bytes_equal(text_of(root, "path"), BYTES("datapackage.json"))) {
		say(signature, CHECK_WARNING, DIGEST_RULE,
			"the path is '" BYTES_FMT "', not 'datapackage.json'",
			BYTES_ARG(text_of(root, "path")));
	}
	read_hash(signature, hash);
	if (data != NULL && json_type(data) != JSON_NULL) {
		check_signed_data(signature, data, hash);
	}
}
