/* SPDX-License-Identifier: MIT */
/* cdxj.h - indexes of WARC files: rows read and written, made from files, and looked up
 *
 * A row says where a capture is stored. Two forms: CDXJ (key, time and a JSON object), written as
 * cdxj-indexer writes it; and CDX with its columns, written with 11 of them. An index is a file of
 * rows sorted by their bytes. */
#ifndef FLONG_CDXJ_H
#define FLONG_CDXJ_H

#include "flong/flong.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One capture. Texts that are absent are NULL. Rows are made by the library; a program that makes
 * one itself sets it to zero first. */
struct flong_row {
	const char *key;       /* sort key of the URL: flong_url_surt */
	const char *timestamp; /* 14 digits YYYYMMDDhhmmss, or 17 with milliseconds; UTC */
	const char *url;
	const char *mime;          /* without parameters; "warc/revisit" */
	const char *status;        /* three digits */
	const char *digest;        /* of the payload; with its label in CDXJ, without in CDX */
	const char *filename;      /* of the WARC file */
	uint64_t offset;           /* of the record in it */
	uint64_t length;           /* bytes of the record in it; 0 when unknown (old CDX) */
	const char *record_digest; /* of the stored bytes */
	const char *method;        /* of a POST or PUT */
	const char *request_body;  /* as query text */
	const char *redirect;      /* Location; only read, from CDX */
	void *reserved[4];
};

enum flong_row_form {
	FLONG_CDXJ = 0,
	FLONG_CDX = 1 /* reading: 9, 10, 11 or 14 columns in their usual order */
};

/* Reads a line of `length` bytes, with or without its line end. The caller closes *row_out.
 * FLONG_E_FORMAT: it is no such line, or has no usable time, file name, offset or length.
 * FLONG_E_UNSUPPORTED: a header line ("!meta", " CDX"): skip it. FLONG_E_USAGE: another form. Any
 * thread. */
FLONG_FALLIBLE int flong_row_parse(const char *line, size_t length, enum flong_row_form form,
	struct flong_row **row_out, struct flong_error *err);
FLONG_API void flong_row_close(struct flong_row *row);
/* The time of a row; false, and *time_out untouched, for a NULL row or one without a readable
 * timestamp. */
FLONG_API bool flong_row_time(const struct flong_row *row, int64_t *time_out);
/* Makes the line of a row, with its LF. The caller frees *line_out with flong_free. Numbers are
 * strings in CDXJ, the timestamp is written with its 14 or 17 digits; CDX cuts it to 14, takes the
 * label off the digest and has "-" for what is absent. FLONG_E_USAGE: no key, timestamp or file
 * name, or they hold what would break the line. FLONG_E_LIMIT: over 16 MiB. Any thread. */
FLONG_FALLIBLE int flong_row_format(const struct flong_row *row, enum flong_row_form form,
	char **line_out, struct flong_error *err);

/* Called for each row that is made; `row` is borrowed during the call. A negative code ends the
 * work and is given to whoever asked; *err, never NULL, may be filled in. */
typedef int flong_row_function(void *context, const struct flong_row *row, struct flong_error *err);

/* How indexes are made. Zero it first; zero is the default of each member. */
struct flong_index_options {
	bool with_requests; /* replies to POST and PUT get keys of their own, made with the body of
			       the request beside them (method, request_body) */
	/* The rest is for flong_index_build. */
	enum flong_row_form form;
	unsigned threads;     /* that read files; 0: only the caller's. The result is the same */
	const char *temp_dir; /* for sorting; NULL: "/tmp" */
	void *reserved[4];
};
/* Makes the rows of one WARC or ARC file, in the order of its records: responses, revisits,
 * resources and metadata other than application/warc-fields, as cdxj-indexer chooses them; with 17
 * digits of time and keys of FLONG_SURT_IA. `options` may be NULL. Errors of flong_reader_open and
 * flong_reader_next; FLONG_E_FORMAT: a record has no readable date; FLONG_E_UNSUPPORTED: records
 * share a gzip member, so that no row can point to one. */
FLONG_FALLIBLE int flong_index_file(const char *path, const struct flong_index_options *options,
	flong_row_function *take, void *context, struct flong_error *err);
/* Makes the sorted index of several files, in bounded memory whatever their number and size, as the
 * file `index_path`; an older one is replaced when the new one is complete and synced. Files that
 * are indexes already are merged; a directory stands for the WARC and ARC files below it.
 * `options` may be NULL. Timestamps have 14 digits in CDX and 17 in CDXJ. Errors as
 * flong_index_file, and FLONG_E_IO. */
FLONG_FALLIBLE int flong_index_build(const char *const *paths, size_t count, const char *index_path,
	const struct flong_index_options *options, struct flong_error *err);

/* A sorted index file, for looking up. */
struct flong_index;

/* Opens an index: a plain file of CDXJ or CDX rows; or one in compressed blocks (ZipNum), by the
 * name of the index of its blocks. It is not read whole, whatever its size. FLONG_E_NOT_FOUND,
 * FLONG_E_IO. The caller closes *index_out. */
FLONG_FALLIBLE int flong_index_open(
	const char *path, struct flong_index **index_out, struct flong_error *err);
FLONG_API void flong_index_close(struct flong_index *index);

/* Which rows are looked for. */
enum flong_match {
	FLONG_MATCH_EXACT = 0,  /* of this URL (of its key: without scheme, "www.", case) */
	FLONG_MATCH_PREFIX = 1, /* of URLs that begin with it */
	FLONG_MATCH_HOST = 2,   /* of its host */
	FLONG_MATCH_DOMAIN = 3  /* of its host and the hosts under it */
};
/* Starts a search; flong_index_next gives its rows. What is no URL has a key too, and then perhaps
 * no rows. FLONG_E_IO; FLONG_E_LIMIT: a line of the file is over 1 MiB; of compressed blocks also
 * FLONG_E_FORMAT, FLONG_E_DAMAGED, FLONG_E_NOT_FOUND; FLONG_E_USAGE: another match. */
FLONG_FALLIBLE int flong_index_find(struct flong_index *index, const char *url,
	enum flong_match match, struct flong_error *err);
/* The next row in the order of the file, borrowed until the next call with this index. FLONG_END
 * after the last, on every later call, and before any search. Lines that are no rows are errors as
 * in flong_row_parse; the next call goes on behind them. FLONG_E_IO. */
FLONG_FALLIBLE int flong_index_next(
	struct flong_index *index, const struct flong_row **row_out, struct flong_error *err);
/* The row of this URL whose time is nearest to `time` (the earlier of two that are equally near),
 * borrowed until the next call with this index; a search that was under way is over.
 * FLONG_E_NOT_FOUND: the index has no row of it. Otherwise as flong_index_next. */
FLONG_FALLIBLE int flong_index_closest(struct flong_index *index, const char *url, int64_t time,
	const struct flong_row **row_out, struct flong_error *err);

#ifdef __cplusplus
}
#endif
#endif
