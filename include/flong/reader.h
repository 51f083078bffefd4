/* SPDX-License-Identifier: MIT */
/* reader.h - the records of a WARC or ARC file one by one, their blocks and their payloads
 *
 * WARC 0.17 to 1.1 and ARC 1.x; plain, gzip (a member a record, or any other shape) or zstd (with
 * or without a dictionary). The form is found out from the bytes, never from a name. No bytes make
 * the reader crash, hang or take memory without bound; what is odd but readable is read and noted
 * (flong_record_oddities), what is not is an error that names its offset.
 *
 *     while ((rc = flong_reader_next(reader, &record, &err)) == FLONG_OK) { ... }
 *
 * Of a record the caller may take the HTTP head, then either the block (flong_reader_read) or the
 * payload (flong_reader_open_payload) or the verdict on its digests (flong_reader_verify); what is
 * left is passed over by the next call of flong_reader_next. A reader has one record at a time. */
#ifndef FLONG_READER_H
#define FLONG_READER_H

#include "flong/flong.h"
#include "flong/http.h"
#include "flong/record.h"

#ifdef __cplusplus
extern "C" {
#endif

struct flong_reader;

/* How a file is stored. */
enum flong_form {
	FLONG_GZIP = 0, /* what a writer makes when its options are zero */
	FLONG_PLAIN = 1,
	FLONG_ZSTD = 2
};

/* Opens a file by name; "-" is standard input. An empty file is one without records.
 * FLONG_E_NOT_FOUND, FLONG_E_IO; FLONG_E_FORMAT: neither WARC nor ARC; FLONG_E_UNSUPPORTED: a ZIP
 * file (see wacz.h). Where only the first bytes are damaged and a record is found behind them, it
 * opens, and flong_reader_next tells of the damage. */
FLONG_FALLIBLE int flong_reader_open(
	const char *path, struct flong_reader **reader_out, struct flong_error *err);
/* Reads a descriptor, of a pipe too, from where it stands; offsets count from there. It is
 * borrowed: it must stay open until the reader is closed, and its position moves. `name` is for
 * messages (copied; NULL is "input"). Errors as flong_reader_open. */
FLONG_FALLIBLE int flong_reader_open_fd(
	int fd, const char *name, struct flong_reader **reader_out, struct flong_error *err);
/* Reads `length` bytes of memory, which are borrowed until the reader is closed. `bytes` may be
 * NULL when `length` is 0. Otherwise as flong_reader_open_fd. */
FLONG_FALLIBLE int flong_reader_open_memory(const void *bytes, size_t length, const char *name,
	struct flong_reader **reader_out, struct flong_error *err);
/* Reads what the functions of `input` give; the struct is copied. Its close function is called when
 * the reader is closed, and also when this fails. Otherwise as flong_reader_open_fd. */
FLONG_FALLIBLE int flong_reader_open_input(const struct flong_input *input, const char *name,
	struct flong_reader **reader_out, struct flong_error *err);
/* Frees everything of the reader; a payload stream that is still open gives FLONG_E_USAGE from then
 * on. */
FLONG_API void flong_reader_close(struct flong_reader *reader);

/* How the file is stored; FLONG_PLAIN for NULL. */
FLONG_API enum flong_form flong_reader_form(const struct flong_reader *reader);
/* The offset behind the last whole record before any damage: what a cut file can be shortened to.
 */
FLONG_API uint64_t flong_reader_good_end(const struct flong_reader *reader);

/* Goes to the next record; what is left of the current one is passed over and checked as
 * flong_reader_finish does. FLONG_END after the last, and on every later call.
 *
 * FLONG_E_FORMAT: what should be a record is none, or the file ends inside one. FLONG_E_DAMAGED: a
 * checksum or compressed data is wrong. FLONG_E_LIMIT: a head over 1 MiB, a line over 128 KiB or
 * more than 1,000 fields. FLONG_E_IO. The message names the offset. After a failure there is no
 * current record, and every later call gives FLONG_END until flong_reader_resync or
 * flong_reader_seek. */
FLONG_FALLIBLE int flong_reader_next(struct flong_reader *reader,
	const struct flong_record **record_out, struct flong_error *err);
/* Goes to an offset of the file where a record (or its member or frame) begins, as an index tells
 * it: flong_reader_next gives that record. This works after the end and after failures too.
 * FLONG_E_UNSUPPORTED: the input cannot be moved (a pipe, an input without seek). FLONG_E_FORMAT:
 * no record begins there (or flong_reader_next says so). Beyond the end: FLONG_OK, and
 * flong_reader_next gives FLONG_END. After a failure the reader has no record, as at its end. */
FLONG_FALLIBLE int flong_reader_seek(
	struct flong_reader *reader, uint64_t offset, struct flong_error *err);

/* Stored bytes that were passed over: offsets in the file, `to` excluded. */
struct flong_gap {
	uint64_t from, to;
};
/* After a failure of flong_reader_next, _read, _finish, _verify or of a payload stream: looks for
 * the next record behind the fault. FLONG_OK: flong_reader_next gives it. FLONG_END: there is none,
 * and the gap goes to the end of the input. *gap_out (may be NULL) is what was passed over, in both
 * cases. FLONG_E_IO. When nothing has failed it is FLONG_E_USAGE. In a damaged record whose length
 * cannot be trusted, what looks like a record in its block is taken for one; the gap is empty when
 * that is found in the block of the record before the fault. */
FLONG_FALLIBLE int flong_reader_resync(
	struct flong_reader *reader, struct flong_gap *gap_out, struct flong_error *err);

/* Reads up to `max` bytes of the current record's block: FLONG_OK and at least one byte. FLONG_END,
 * and 0 bytes, after the last. With `max` 0 FLONG_OK and nothing. Errors as flong_reader_next.
 * FLONG_E_USAGE: there is no current record, it could not be read, or its payload is open. */
FLONG_FALLIBLE int flong_reader_read(struct flong_reader *reader, void *room, size_t max,
	size_t *got_out, struct flong_error *err);
/* Reads to the end of the current record, so that its length and oddities are known, and the
 * checksum of its member is checked. Errors as flong_reader_next. Without a current record
 * FLONG_E_USAGE; a second call does nothing. */
FLONG_FALLIBLE int flong_reader_finish(struct flong_reader *reader, struct flong_error *err);

/* The head of the HTTP message in the current record's block, without taking any bytes of it.
 * *http_out is NULL when the block holds none: its Content-Type is another than application/http,
 * or there is neither status line nor request line. Borrowed as the record is; a second call gives
 * the same. FLONG_E_USAGE: bytes of the block were taken before the first call, or there is no
 * record. Errors as flong_reader_next. A head over 1 MiB is read up to there. */
FLONG_FALLIBLE int flong_reader_http(
	struct flong_reader *reader, const struct flong_http **http_out, struct flong_error *err);

/* Bits: what to undo of a payload beside its transfer coding. */
enum flong_payload {
	FLONG_PAYLOAD_AS_SENT = 0,     /* keep the content coding: what digests are made of */
	FLONG_PAYLOAD_DECODED = 1 << 0 /* undo Content-Encoding: gzip, deflate, br, zstd */
};
/* Opens the current record's payload (WARC/1.1 section 2): of an HTTP message what follows its
 * head, chunked transfer coding undone (RFC 9112 7.1); of other records the block. A broken or
 * cut chunk framing ends the payload; when the body was not chunked at all it is given as it is.
 * The stream is the caller's. It ends with the record: after flong_reader_next, _seek, _resync,
 * _finish or _close it gives FLONG_E_USAGE. A payload is opened once.
 *
 * FLONG_E_UNSUPPORTED: a content coding that is not known; FLONG_E_LIMIT: more than 5 of them; the
 * payload can then still be opened as sent. FLONG_E_USAGE: `flags` has other bits, bytes of the
 * block were taken, or there is no record. While the stream is read: errors of flong_reader_next;
 * FLONG_E_DAMAGED when the content coding is broken, after what could be decoded. */
FLONG_FALLIBLE int flong_reader_open_payload(struct flong_reader *reader, unsigned flags,
	struct flong_stream **stream_out, struct flong_error *err);

/* What comparing a digest gave. */
enum flong_verdict {
	FLONG_DIGEST_ABSENT = 0,    /* the record has none */
	FLONG_DIGEST_MATCHES = 1,   /* it is that of the data */
	FLONG_DIGEST_DIFFERS = 2,   /* it is not */
	FLONG_DIGEST_UNKNOWN = 3,   /* an algorithm or form that cannot be computed, or the payload
				       is in another record (revisit) */
	FLONG_DIGEST_OF_FRAMING = 4 /* it covers the chunk framing too, as some writers do; the data
				       is whole */
};
/* The verdicts on a record. Zero it first. */
struct flong_digests {
	enum flong_verdict block;   /* on WARC-Block-Digest, section 5.8 */
	enum flong_verdict payload; /* on WARC-Payload-Digest, section 5.9 */
	uint64_t payload_length;    /* bytes of the payload */
	void *reserved[4];
};
/* Reads all of the current record's block and compares its digests: sha1, sha256, sha384, sha512
 * and md5, in hexadecimal, base32 or base64. FLONG_OK whatever the verdicts are. FLONG_E_USAGE:
 * bytes of the block were taken, or there is no record. Errors as flong_reader_next. */
FLONG_FALLIBLE int flong_reader_verify(
	struct flong_reader *reader, struct flong_digests *digests_out, struct flong_error *err);

#ifdef __cplusplus
}
#endif
#endif
