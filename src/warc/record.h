/* SPDX-License-Identifier: MIT */
/* record.h - the head of a WARC/1.1 record as we write it: the only place that knows its syntax
 *
 * Fields come from one table, in one order; each value is checked, so that nothing from the net can
 * add a line of its own (W-18, W-19). */
#ifndef WARC_RECORD_H
#define WARC_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "flong/flong.h"

/* RECORD_OTHER is a type of the standard that we do not write, or one we do not know. */
enum record_type {
	RECORD_OTHER,
	RECORD_WARCINFO,
	RECORD_RESPONSE,
	RECORD_REQUEST,
	RECORD_REVISIT,
	RECORD_METADATA,
	RECORD_RESOURCE,
	RECORD_CONVERSION
};

/* "response" and so on; "other" for RECORD_OTHER. Static text. */
const char *record_type_name(enum record_type type);
/* Without case; RECORD_OTHER when unknown. */
enum record_type record_type_of(struct bytes name);

/* The URIs of the profile that we write and of the media types of the blocks. */
#define RECORD_PROFILE_IDENTICAL "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
#define RECORD_TYPE_FIELDS "application/warc-fields"
#define RECORD_TYPE_RESPONSE "application/http;msgtype=response"
#define RECORD_TYPE_REQUEST "application/http;msgtype=request"

/* "urn:uuid:..." without brackets, with the terminating zero. */
#define RECORD_ID_SIZE 48

/* Ids for which random bytes are drawn at once: those of one exchange, as a rule. */
#define RECORD_IDS_DRAWN 6

/* Where record ids come from, one thread at a time. Zeroed gives random version 4 ids. With
 * `is_counted` the ids are 1, 2, 3, ... under `seed`, the same in every run (W-46). */
struct record_ids {
	bool is_counted;
	uint32_t seed;
	uint64_t count;
	unsigned char random[RECORD_IDS_DRAWN][16]; /* drawn, the last `left` of them not used */
	size_t left;
};
void record_ids_next(struct record_ids *ids, char out[RECORD_ID_SIZE]);

/* With all others they stay below LIMIT_RECORD_FIELDS. */
enum { RECORD_PROTOCOLS = 3, RECORD_EXTRAS_MAX = 900 };

/* What a head says; NULL and empty where a field is left out. All pointers are borrowed. Ids and
 * URIs without brackets. */
struct record_head {
	enum record_type type;
	const char *type_name; /* of a RECORD_OTHER, which may carry any field */
	const char *id;
	const char *warcinfo_id;
	const char *concurrent_to;
	int64_t date_ms;
	const char *filename;
	const char *target_uri;
	const char *ip;
	const char *protocols[RECORD_PROTOCOLS];
	const char *cipher;
	const char *profile;
	const char *refers_to;
	const char *refers_to_uri;
	int64_t refers_to_date_ms; /* written when refers_to_uri is */
	const struct digest *payload;
	const struct digest *block;
	const char *truncated;
	const char *content_type;
	uint64_t length;
	const struct flong_field *extras; /* further fields, before the last two */
	size_t extra_count;
};

/* Adds the head with its empty line to `out`. FLONG_E_USAGE: a field that this record type may not
 * carry, or one that it must; an extra field that has a member of its own (but WARC-Concurrent-To,
 * which may be repeated). FLONG_E_FORMAT: a value that cannot stand in a field (control bytes,
 * broken UTF-8, a URI with spaces or non-ASCII), or a name that is no token. FLONG_E_LIMIT: too
 * long, or more fields than a reader takes. Nothing is added then. */
MUST_CHECK int record_add_head(
	const struct record_head *head, struct buf *out, struct flong_error *err);

/* Adds "name: value" and CRLF to the block of a warcinfo or metadata record. Control bytes and
 * broken UTF-8 in the value become spaces and '?', blanks at its ends go, so that the line stays
 * one line. */
void record_add_field(struct buf *out, const char *name, struct bytes value);
/* As record_add_field, from a format. */
void record_addf_field(struct buf *out, const char *name, const char *format, ...)
	PRINTF_LIKE(3, 4);

#endif
