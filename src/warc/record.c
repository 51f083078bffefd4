/* SPDX-License-Identifier: MIT */
/* record.c - record heads from a table, ids, and the lines of warc-fields */
#include "warc/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"

static const char *const type_names[] = {
	[RECORD_OTHER] = "other",
	[RECORD_WARCINFO] = "warcinfo",
	[RECORD_RESPONSE] = "response",
	[RECORD_REQUEST] = "request",
	[RECORD_REVISIT] = "revisit",
	[RECORD_METADATA] = "metadata",
	[RECORD_RESOURCE] = "resource",
	[RECORD_CONVERSION] = "conversion",
};
enum { TYPE_COUNT = sizeof(type_names) / sizeof(type_names[0]) };

const char *record_type_name(enum record_type type)
{
	return type_names[type];
}

enum record_type record_type_of(struct bytes name)
{
	for (size_t i = RECORD_WARCINFO; i < TYPE_COUNT; i++) {
		if (bytes_equal_nocase(name, bytes_of(type_names[i]))) {
			return (enum record_type)i;
		}
	}
	return RECORD_OTHER;
}

void record_ids_next(struct record_ids *ids, char out[RECORD_ID_SIZE])
{
	if (ids->is_counted) {
		ids->count++;
		(void)snprintf(out, RECORD_ID_SIZE, "urn:uuid:%08x-0000-4000-8000-%012llx",
			(unsigned)ids->seed, (unsigned long long)(ids->count & 0xffffffffffffULL));
		return;
	}
	if (ids->left == 0) {
		digest_random(ids->random, sizeof(ids->random));
		ids->left = RECORD_IDS_DRAWN;
	}
	unsigned char *b = ids->random[RECORD_IDS_DRAWN - ids->left--];
	b[6] = (unsigned char)((b[6] & 15) | 0x40); /* version 4, variant 1 (RFC 9562) */
	b[8] = (unsigned char)((b[8] & 63) | 0x80);
	static const char digits[] = "0123456789abcdef";
	static const char form[RECORD_ID_SIZE] = "urn:uuid:00000000-0000-0000-0000-000000000000";
	memcpy(out, form, sizeof(form));
	char *at = out + strlen("urn:uuid:");
	for (size_t i = 0; i < sizeof(ids->random[0]); i++) {
		at += *at == '-';
		*at++ = digits[b[i] >> 4];
		*at++ = digits[b[i] & 15];
	}
}

/* Length of the UTF-8 sequence at the start of `b`, 0 when it is broken (RFC 3629). */
static size_t utf8_length(struct bytes b)
{
	const unsigned char *c = (const unsigned char *)b.ptr;
	if (c[0] < 0x80) {
		return 1;
	}
	size_t length = c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 : 2;
	if (c[0] < 0xc2 || c[0] > 0xf4 || b.len < length) {
		return 0;
	}
	for (size_t i = 1; i < length; i++) {
		if ((c[i] & 0xc0) != 0x80) {
			return 0;
		}
	}
	bool is_overlong = (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xf0 && c[1] < 0x90);
	bool is_outside = (c[0] == 0xed && c[1] > 0x9f) || (c[0] == 0xf4 && c[1] > 0x8f);
	return is_overlong || is_outside ? 0 : length;
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool is_text_value(struct bytes value)
{
	while (value.len > 0) {
		size_t length = utf8_length(value);
		if (length == 0 || is_control(value.ptr[0])) {
			return false;
		}
		value = bytes_slice(value, length, value.len);
	}
	return true;
}

/* As a browser would request it: ASCII without blanks (W-06). */
static bool is_uri_value(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] <= ' ' || value.ptr[i] == 0x7f) { /* char may be signed: >= 0x80 */
			return false;
		}
	}
	return bytes_find_char(value, ':', 0) != SIZE_MAX && bytes_find_char(value, ':', 0) > 0 &&
	       value.ptr[0] != '<';
}

/* A head while it is written. */
struct head_writer {
	const struct record_head *head;
	struct buf *out;
	struct flong_error *err;
	int rc;
};

enum value_kind { VALUE_TEXT, VALUE_URI, VALUE_ID };

static const char *head_type(const struct record_head *head)
{
	return head->type == RECORD_OTHER ? head->type_name : record_type_name(head->type);
}

#define BIT(type) (1U << (type))
#define CAPTURES (BIT(RECORD_RESPONSE) | BIT(RECORD_REQUEST) | BIT(RECORD_REVISIT))
#define EXTRAS (BIT(RECORD_METADATA) | BIT(RECORD_RESOURCE))
#define CONVERSION BIT(RECORD_CONVERSION)

/* Writes one field when `value` is not NULL. `allowed` is a set of record types (WARC/1.1 5). */
static void put(struct head_writer *w, const char *name, enum value_kind kind, const char *value,
	unsigned allowed)
{
	if (value == NULL || value[0] == '\0' || w->rc != FLONG_OK) {
		return;
	}
	struct bytes b = bytes_of(value);
	if (w->head->type != RECORD_OTHER && (allowed & BIT(w->head->type)) == 0) {
		w->rc = error_set(
			w->err, FLONG_E_USAGE, "a %s record has no %s", head_type(w->head), name);
	} else if (b.len > LIMIT_RECORD_LINE_BYTES / 2) {
		w->rc = error_set(
			w->err, FLONG_E_LIMIT, "%s of %zu bytes is too long", name, b.len);
	} else if (kind == VALUE_TEXT ? !is_text_value(b) : !is_uri_value(b)) {
		w->rc = error_set(
			w->err, FLONG_E_FORMAT, "%s cannot be '" BYTES_FMT "'", name, BYTES_ARG(b));
	} else {
		buf_add_text(w->out, name);
		buf_add_text(w->out, kind == VALUE_ID ? ": <" : ": ");
		buf_add(w->out, b);
		buf_add_text(w->out, kind == VALUE_ID ? ">\r\n" : "\r\n");
	}
}

static void put_digest(
	struct head_writer *w, const char *name, const struct digest *digest, unsigned allowed)
{
	if (digest != NULL) {
		char text[DIGEST_TEXT_SIZE];
		digest_format(digest, text);
		put(w, name, VALUE_TEXT, text, allowed);
	}
}

static void put_date(struct head_writer *w, const char *name, int64_t date_ms, unsigned allowed)
{
	char date[CLOCK_ISO_SIZE];
	clock_format_iso_ms(date_ms, date);
	put(w, name, VALUE_TEXT, date, allowed);
}

static void put_revisit_fields(struct head_writer *w)
{
	const struct record_head *head = w->head;
	unsigned revisit = BIT(RECORD_REVISIT);
	put(w, "WARC-Profile", VALUE_URI, head->profile, revisit);
	put(w, "WARC-Refers-To", VALUE_ID, head->refers_to,
		revisit | CONVERSION | BIT(RECORD_METADATA));
	put(w, "WARC-Refers-To-Target-URI", VALUE_URI, head->refers_to_uri, revisit);
	if (head->refers_to_uri != NULL) {
		put_date(w, "WARC-Refers-To-Date", head->refers_to_date_ms, revisit);
	}
}

/* RFC 9110 5.6.2, as WARC/1.1 4 has it too. */
static bool is_token(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (!char_is_alnum(name.ptr[i]) &&
			bytes_find_char(BYTES("!#$%&'*+-.^_`|~"), name.ptr[i], 0) == SIZE_MAX) {
			return false;
		}
	}
	return name.len > 0;
}

/* Whether a member of struct record_head makes this field. WARC-Protocol and WARC-Cipher-Suite can
 * come from both, and WARC-Concurrent-To may be repeated. */
static bool has_member(struct bytes name)
{
	static const char *const names[] = {"WARC-Type", "WARC-Record-ID", "WARC-Warcinfo-ID",
		"WARC-Date", "WARC-Filename", "WARC-Target-URI", "WARC-IP-Address", "WARC-Profile",
		"WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date",
		"WARC-Payload-Digest", "WARC-Block-Digest", "WARC-Truncated", "Content-Type",
		"Content-Length"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

static void put_extras(struct head_writer *w)
{
	const struct record_head *head = w->head;
	if (head->extra_count > RECORD_EXTRAS_MAX && w->rc == FLONG_OK) {
		w->rc = error_set(
			w->err, FLONG_E_LIMIT, "a record with %zu more fields", head->extra_count);
	}
	for (size_t i = 0; i < head->extra_count && w->rc == FLONG_OK; i++) {
		struct bytes name = bytes_of(head->extras[i].name);
		if (!is_token(name)) {
			w->rc = error_set(w->err, FLONG_E_FORMAT,
				"'" BYTES_FMT "' is no name of a field", BYTES_ARG(name));
		} else if (has_member(name)) {
			w->rc = error_set(w->err, FLONG_E_USAGE, BYTES_FMT " is no further field",
				BYTES_ARG(name));
		} else {
			put(w, head->extras[i].name, VALUE_TEXT, head->extras[i].value, ~0U);
		}
	}
}

static void put_fields(struct head_writer *w)
{
	const struct record_head *head = w->head;
	unsigned all = ~0U;
	put(w, "WARC-Type", VALUE_TEXT, head_type(head), all);
	put(w, "WARC-Record-ID", VALUE_ID, head->id, all);
	put(w, "WARC-Warcinfo-ID", VALUE_ID, head->warcinfo_id, all & ~BIT(RECORD_WARCINFO));
	put(w, "WARC-Concurrent-To", VALUE_ID, head->concurrent_to, CAPTURES | EXTRAS);
	put_date(w, "WARC-Date", head->date_ms, all);
	put(w, "WARC-Filename", VALUE_TEXT, head->filename, BIT(RECORD_WARCINFO));
	put(w, "WARC-Target-URI", VALUE_URI, head->target_uri, CAPTURES | EXTRAS | CONVERSION);
	put(w, "WARC-IP-Address", VALUE_TEXT, head->ip, CAPTURES | EXTRAS);
	for (size_t i = 0; i < RECORD_PROTOCOLS; i++) {
		put(w, "WARC-Protocol", VALUE_TEXT, head->protocols[i], CAPTURES | EXTRAS);
	}
	put(w, "WARC-Cipher-Suite", VALUE_TEXT, head->cipher, CAPTURES | EXTRAS);
	put_revisit_fields(w);
	put_digest(w, "WARC-Payload-Digest", head->payload,
		CAPTURES | BIT(RECORD_RESOURCE) | CONVERSION);
	put_digest(w, "WARC-Block-Digest", head->block, all);
	put(w, "WARC-Truncated", VALUE_TEXT, head->truncated, all);
	put_extras(w);
	put(w, "Content-Type", VALUE_TEXT, head->content_type, all);
	char length[24];
	(void)snprintf(length, sizeof(length), "%llu", (unsigned long long)head->length);
	put(w, "Content-Length", VALUE_TEXT, length, all);
}

/* What a record of this type may not lack. */
static const char *missing_field(const struct record_head *head)
{
	bool needs_uri = head->type != RECORD_WARCINFO && head->type != RECORD_METADATA &&
			 head->type != RECORD_OTHER;
	if (head_type(head) == NULL) {
		return "WARC-Type";
	}
	if (head->id == NULL) {
		return "WARC-Record-ID";
	}
	if (needs_uri && head->target_uri == NULL) {
		return "WARC-Target-URI";
	}
	if (head->content_type == NULL && head->length > 0 && head->type != RECORD_OTHER) {
		return "Content-Type";
	}
	if (head->type == RECORD_RESOURCE && head->payload == NULL) {
		return "WARC-Payload-Digest"; /* indexers would take it for empty (A.3) */
	}
	if (head->type != RECORD_REVISIT) {
		return NULL;
	}
	if (head->profile == NULL) {
		return "WARC-Profile";
	}
	bool is_not_modified = bytes_ends(bytes_of(head->profile), BYTES("server-not-modified"));
	if (head->payload == NULL && !is_not_modified) {
		return "WARC-Payload-Digest";
	}
	return head->refers_to_uri == NULL ? "WARC-Refers-To-Target-URI" : NULL;
}

int record_add_head(const struct record_head *head, struct buf *out, struct flong_error *err)
{
	const char *missing = missing_field(head);
	if (missing != NULL) {
		const char *type = head_type(head);
		return error_set(err, FLONG_E_USAGE, "a %s record needs %s",
			type == NULL ? "further" : type, missing);
	}
	if (head->type == RECORD_OTHER &&
		(!is_token(bytes_of(head->type_name)) ||
			record_type_of(bytes_of(head->type_name)) != RECORD_OTHER)) {
		return error_set(
			err, FLONG_E_USAGE, "'%s' is no other type of record", head->type_name);
	}
	size_t start = out->len;
	struct head_writer writer = {head, out, err, FLONG_OK};
	buf_add_text(out, "WARC/1.1\r\n");
	put_fields(&writer);
	buf_add_text(out, "\r\n");
	if (writer.rc == FLONG_OK &&
		(buf_failed(out) || out->len - start > LIMIT_RECORD_HEAD_BYTES)) {
		writer.rc = error_set(err, FLONG_E_LIMIT, "a record head is too long");
	}
	if (writer.rc != FLONG_OK) {
		buf_truncate(out, start);
	}
	return writer.rc;
}

void record_add_field(struct buf *out, const char *name, struct bytes value)
{
	value = bytes_trim(value);
	buf_add_text(out, name);
	buf_add_text(out, ": ");
	while (value.len > 0) {
		size_t length = utf8_length(value);
		if (length == 0) {
			buf_add_char(out, '?');
			length = 1;
		} else if (is_control(value.ptr[0])) {
			buf_add_char(out, ' ');
		} else {
			buf_add(out, bytes_slice(value, 0, length));
		}
		value = bytes_slice(value, length, value.len);
	}
	buf_add_text(out, "\r\n");
}

void record_addf_field(struct buf *out, const char *name, const char *format, ...)
{
	struct buf value = {0};
	va_list args;
	va_start(args, format);
	buf_vaddf(&value, format, args);
	va_end(args);
	record_add_field(out, name, buf_bytes(&value));
	buf_clear(&value);
}
