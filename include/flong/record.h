/* SPDX-License-Identifier: MIT */
/* record.h - a record of a WARC or ARC file as a reader found it: what its head says, where it is
 *
 * Source: WARC/1.1 (ISO 28500:2017), sections 4 and 5. A record belongs to its reader and is valid
 * until that goes on (flong_reader_next, _seek, _resync) or is closed; so are the texts. Every
 * function gives NULL, 0 or false for a NULL record. None can fail. */
#ifndef FLONG_RECORD_H
#define FLONG_RECORD_H

#include "flong/flong.h"

#ifdef __cplusplus
extern "C" {
#endif

struct flong_record;

/* WARC-Type (section 5.5). */
enum flong_record_type {
	FLONG_RECORD_OTHER = 0, /* continuation, or a type that the standard does not have */
	FLONG_RECORD_WARCINFO = 1,
	FLONG_RECORD_RESPONSE = 2,
	FLONG_RECORD_REQUEST = 3,
	FLONG_RECORD_REVISIT = 4,
	FLONG_RECORD_METADATA = 5,
	FLONG_RECORD_RESOURCE = 6,
	FLONG_RECORD_CONVERSION = 7
};

/* Bits: what was odd about a record that could be read all the same. */
enum flong_oddity {
	FLONG_ODD_LINE_END = 1 << 0,     /* lines of the head end with a bare LF */
	FLONG_ODD_FIELD = 1 << 1,        /* a line of the head without colon, or with a NUL */
	FLONG_ODD_VERSION = 1 << 2,      /* neither WARC/1.0 nor WARC/1.1 */
	FLONG_ODD_FOLD = 1 << 3,         /* a field over several lines */
	FLONG_ODD_TRAILER = 1 << 4,      /* not exactly two line ends after the block */
	FLONG_ODD_SHARED = 1 << 5,       /* another record is in the same gzip member */
	FLONG_ODD_SPLIT = 1 << 6,        /* goes over several gzip members */
	FLONG_ODD_EMPTY_MEMBER = 1 << 7, /* an empty gzip member before it */
	FLONG_ODD_PADDING = 1 << 8       /* zero bytes after the last member */
};
/* What the lowest bit set in `oddities` means, as a phrase for people; NULL when none is set or it
 * is unknown. Static text, any thread. */
FLONG_API const char *flong_oddity_text(unsigned oddities);

/* Where the record begins in the file; of a compressed file, where its member or frame begins. */
FLONG_API uint64_t flong_record_offset(const struct flong_record *record);
/* Bytes it takes in the file, compressed as it is, with the line ends after its block. 0 until
 * flong_reader_finish was called, and for a record that shares its member with a later one. */
FLONG_API uint64_t flong_record_length(const struct flong_record *record);
/* Bytes of its block, uncompressed (Content-Length, section 5.3). */
FLONG_API uint64_t flong_record_block_length(const struct flong_record *record);
/* enum flong_oddity bits; complete after flong_reader_finish. */
FLONG_API unsigned flong_record_oddities(const struct flong_record *record);
/* 11 for WARC/1.1, 10 for WARC/1.0, 0 for older ones and for ARC. */
FLONG_API int flong_record_version(const struct flong_record *record);
/* Whether it comes from an ARC file. Its fields are then made from the ARC line: WARC-Type,
 * WARC-Target-URI, WARC-Date, WARC-IP-Address, Content-Type, Content-Length. */
FLONG_API bool flong_record_is_arc(const struct flong_record *record);

FLONG_API enum flong_record_type flong_record_type(const struct flong_record *record);
/* WARC-Type as it stands; NULL when there is none. */
FLONG_API const char *flong_record_type_text(const struct flong_record *record);
/* WARC-Record-ID without angle brackets, "urn:uuid:..."; NULL when there is none. */
FLONG_API const char *flong_record_id(const struct flong_record *record);
/* WARC-Date as it stands; NULL when there is none. */
FLONG_API const char *flong_record_date(const struct flong_record *record);
/* WARC-Date as a time, fractions cut to milliseconds. False, and *time_out untouched, when there is
 * none or it is no date (section 5.4; W3C-DTF, offsets allowed). */
FLONG_API bool flong_record_time(const struct flong_record *record, int64_t *time_out);
/* WARC-Target-URI, without the angle brackets that some writers put around it; NULL when there is
 * none. */
FLONG_API const char *flong_record_uri(const struct flong_record *record);
/* Content-Type of the block; NULL when there is none. */
FLONG_API const char *flong_record_content_type(const struct flong_record *record);

/* The n-th value, counted from 0, of the fields of that name, in any case of letters; NULL when
 * there are not so many, or `name` is NULL. White space at both ends is gone and folded lines are
 * joined by one space; brackets stay. */
FLONG_API const char *flong_record_field(
	const struct flong_record *record, const char *name, size_t n);
/* How many fields the head has. */
FLONG_API size_t flong_record_field_count(const struct flong_record *record);
/* Field number `index` in the order of the head; false, and *field_out untouched, when there are
 * not so many. */
FLONG_API bool flong_record_field_at(
	const struct flong_record *record, size_t index, struct flong_field *field_out);

#ifdef __cplusplus
}
#endif
#endif
