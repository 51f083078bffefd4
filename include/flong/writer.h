/* SPDX-License-Identifier: MIT */
/* writer.h - WARC/1.1 files: records with checked fields and digests, a gzip member each
 *
 * Source: WARC/1.1 (ISO 28500:2017). A file is written under its name with ".open" at the end and
 * gets its name when flong_writer_finish has synced it, so that a file with its final name is
 * whole. A record is written whole or not at all.
 *
 * The order that replay tools understand: the warcinfo record first; a response directly followed
 * by its request (flong_writer_add_pair sees to that); no other record of that URL between them.
 * No value can add a line of its own to a head: control characters and broken UTF-8 are refused. */
#ifndef FLONG_WRITER_H
#define FLONG_WRITER_H

#include "flong/flong.h"
#include "flong/reader.h"
#include "flong/record.h"

#ifdef __cplusplus
extern "C" {
#endif

struct flong_writer;

/* Which digests are written. */
enum flong_digest {
	FLONG_SHA256 = 0, /* "sha256:" and hexadecimal */
	FLONG_SHA1 = 1    /* "sha1:" and base32, for Wayback machines that compare those */
};

/* How a file is written. Zero it first; zero is the default of each member. */
struct flong_writer_options {
	enum flong_form form;     /* FLONG_GZIP, FLONG_PLAIN or FLONG_ZSTD, a member or frame a
				     record */
	int level;                /* gzip 1 to 9, zstd 1 to 19; 0: 6 and 3 */
	enum flong_digest digest; /* of blocks and payloads */
	const char *temp_dir;     /* for blocks over 1 MiB; NULL: "/tmp" */
	void *reserved[4];
};

/* Starts PATH.open. Neither PATH nor PATH.open may exist: FLONG_E_EXISTS. `options` may be NULL.
 * FLONG_E_IO; FLONG_E_USAGE: an option that does not exist. */
FLONG_FALLIBLE int flong_writer_create(const char *path, const struct flong_writer_options *options,
	struct flong_writer **writer_out, struct flong_error *err);
/* Writes into the functions of `output` (the struct is copied). Otherwise as flong_writer_create.
 */
FLONG_FALLIBLE int flong_writer_create_output(const struct flong_output *output,
	const struct flong_writer_options *options, struct flong_writer **writer_out,
	struct flong_error *err);

/* A block: `length` bytes of memory; or, when `input` is not NULL, what that gives, which must be
 * `length` bytes or, with FLONG_LENGTH_UNKNOWN, any number. Memory and input are borrowed during
 * the call; the input's close function is called before it returns, whatever it returns. Zeroed it
 * is empty. */
struct flong_block {
	const void *bytes;
	uint64_t length;
	const struct flong_input *input;
};
#define FLONG_LENGTH_UNKNOWN UINT64_MAX

/* What a record is to say. Zero it first; what is NULL or 0 is left out, or made as told here. Ids
 * and URIs are without angle brackets. All is borrowed during the call. */
struct flong_draft {
	enum flong_record_type type;
	const char *type_name;     /* WARC-Type of a FLONG_RECORD_OTHER, such as "continuation" */
	const char *id;            /* "urn:uuid:..."; NULL: a random one */
	int64_t time;              /* WARC-Date; 0: now */
	const char *uri;           /* WARC-Target-URI: ASCII without blanks, as flong_url_text gives
				      it; not of a warcinfo */
	const char *content_type;  /* NULL: application/http with the right msgtype for response,
				      request and revisit, application/warc-fields for warcinfo and
				      metadata */
	const char *concurrent_to; /* id of the response of the same event */
	const char *ip;            /* of the server */
	const char *truncated;     /* "length", "time", "disconnect" or "unspecified" */
	const char *filename;      /* WARC-Filename of a warcinfo */
	/* Of a revisit: the payload that is not repeated, and its first capture. `profile` NULL is
	 * identical-payload-digest of WARC/1.1. */
	const char *payload_digest;
	const char *profile;
	const char *refers_to; /* also of a conversion or metadata */
	const char *refers_to_uri;
	int64_t refers_to_time;
	struct flong_block block;
	/* Further fields, such as WARC-Protocol, written in this order. A field without value is
	 * left out. Fields that the members above make are FLONG_E_USAGE here, but for a second
	 * WARC-Concurrent-To. */
	const struct flong_field *fields;
	size_t field_count;
	void *reserved[4];
};

/* Longest record id with its terminating zero, bytes. */
#define FLONG_ID_SIZE 256

/* Where a record was put. */
struct flong_place {
	uint64_t offset;        /* of its first byte in the file */
	uint64_t length;        /* bytes in the file, with the line ends after its block */
	char id[FLONG_ID_SIZE]; /* without brackets */
};

/* Writes a record. WARC-Block-Digest is made for every record, WARC-Payload-Digest for responses
 * (of the body without chunk framing, content coding kept), resources and conversions;
 * WARC-Warcinfo-ID names the last warcinfo record. *place_out may be NULL.
 *
 * FLONG_E_FORMAT: a value that cannot stand in its field; the message names it. FLONG_E_USAGE: a
 * field that this type may not carry, or one that it must; an input of another length than told.
 * FLONG_E_LIMIT: a head over 1 MiB, more than 900 fields, or an id over 255 bytes. FLONG_E_IO, and
 * what the input or output return. Nothing was written then, and the writer can go on; unless the
 * output itself failed, or not even the part that was written could be cut off again: then every
 * later call gives FLONG_E_IO. */
FLONG_FALLIBLE int flong_writer_add(struct flong_writer *writer, const struct flong_draft *draft,
	struct flong_place *place_out, struct flong_error *err);
/* A response (or revisit or resource) and its request; borrowed during the call. */
struct flong_pair {
	const struct flong_draft *response;
	const struct flong_draft *request;
};
/* Writes the response and directly behind it the request, both or none. What is not set in the
 * request is taken from the response: URI, time, address; its type is FLONG_RECORD_REQUEST, and it
 * is made concurrent to the response. places_out[0] is where the response was put, [1] the request;
 * NULL when that is not wanted. Errors as flong_writer_add. */
FLONG_FALLIBLE int flong_writer_add_pair(struct flong_writer *writer, const struct flong_pair *pair,
	struct flong_place places_out[2], struct flong_error *err);
/* Writes a warcinfo record (section 6.2) with the given lines, such as "software" and "operator",
 * and `format` and `conformsTo` behind them unless they are given. WARC-Filename is the last part
 * of the path. Line breaks in a value become spaces; names are letters, digits, '-' and '_' (else
 * FLONG_E_FORMAT). `lines` may be NULL when `count` is 0. Otherwise as flong_writer_add. */
FLONG_FALLIBLE int flong_writer_add_info(struct flong_writer *writer,
	const struct flong_field *lines, size_t count, struct flong_place *place_out,
	struct flong_error *err);

/* The end that can fail: syncs the file and gives it its name, or calls the output's finish
 * function. FLONG_E_IO; FLONG_E_EXISTS: a file of that name was made meanwhile; PATH.open stays
 * then. After it everything but flong_writer_close is FLONG_E_USAGE. */
FLONG_FALLIBLE int flong_writer_finish(struct flong_writer *writer, struct flong_error *err);
/* Frees the writer. Without flong_writer_finish before, PATH.open stays as it is. */
FLONG_API void flong_writer_close(struct flong_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
