/* SPDX-License-Identifier: MIT */
/* flong.h - what all of libflong's headers share: rules, version, fields, and bytes in and out
 *
 * The other headers: record.h and reader.h (read WARC and ARC files), writer.h (write WARC files),
 * http.h (heads of HTTP messages), url.h (URLs and their sort keys), cdxj.h (indexes), wacz.h
 * (WACZ packages). Each can be included alone. libflong(3) shows how they work together.
 *
 * Rules that hold for every function unless it says otherwise:
 *
 * - A function that can fail returns FLONG_OK, or a negative enum flong_code and one sentence in
 *   *err. `err` is always the last parameter; NULL means that the sentence is not wanted. On
 *   success *err is not touched. FLONG_END is the only positive code: nothing more to read.
 * - Outputs (`..._out`) are written on success only, but for pointers to new objects, which are
 *   set to NULL on failure.
 * - NULL for an object, a text or an output that is needed is FLONG_E_USAGE. Functions that cannot
 *   fail return NULL, 0 or false for a NULL object. `..._close(NULL)` does nothing.
 * - What a function gives as `const` is borrowed: it is valid until its object is closed or goes
 *   on to the next record or row. What is given through `struct x **` is the caller's, who closes
 *   it. What is given through `char **` is the caller's, who frees it with flong_free.
 * - Text is zero-terminated. Text from files is given as it stands, which may be any bytes;
 *   escape it before a terminal or a page sees it.
 * - Offsets and lengths are bytes. Times are milliseconds since 1970-01-01T00:00:00Z.
 * - An object is used by one thread at a time; it may be handed to another thread. Different
 *   objects may be used by different threads at the same time. The library has no global state,
 *   starts no threads unless an option asks for them, installs no signal handlers and never
 *   prints, with the exception that follows.
 * - When the machine has no memory left the library ends the calling process: it says so on
 *   standard error and calls abort(3). No function gives an error for it. What was being written is
 *   then as after a kill. Memory does not grow with the size of a file or a record, and everything
 *   that a file can ask for is capped; a program that must not end gives this work to a process of
 *   its own.
 * - Structs whose members are listed here are made by the caller and may grow in later versions:
 *   set them to zero first (`= {0}`), so that members you do not know keep their default. Their
 *   `reserved` members must stay zero (FLONG_E_USAGE): a program that uses a member of a newer
 *   version is told so instead of being misunderstood. */
#ifndef FLONG_FLONG_H
#define FLONG_FLONG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flong/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Marks what the shared library exports; FLONG_FALLIBLE also what must not be ignored. */
#if defined(__GNUC__)
#define FLONG_API __attribute__((visibility("default")))
#define FLONG_FALLIBLE __attribute__((visibility("default"), warn_unused_result))
#else
#define FLONG_API
#define FLONG_FALLIBLE
#endif

/* The version of these headers (semantic versioning). While MAJOR is 0 a new MINOR may change the
 * API; the shared library then gets another name (libflong.so.N). */
#define FLONG_VERSION_MAJOR 0
#define FLONG_VERSION_MINOR 1
#define FLONG_VERSION_PATCH 0

/* The version of the library that runs, as "MAJOR.MINOR.PATCH"; never NULL, lives as long as the
 * program. Any thread. */
FLONG_API const char *flong_version(void);

/* Frees a text that was given through `char **`; NULL does nothing. Any thread. */
FLONG_API void flong_free(void *text);

/* A named value, such as a field of a record or of an HTTP head. */
struct flong_field {
	const char *name;
	const char *value;
};

/* Where bytes come from: functions of the caller. Zero it first. */
struct flong_input {
	/* Puts 1 to `max` bytes into `room` and their number into *got_out: FLONG_OK. FLONG_END
	 * (and 0) at the end. A negative code ends the work and is given to whoever asked; *err,
	 * never NULL, may be filled in. Needed. */
	int (*read)(
		void *context, void *room, size_t max, size_t *got_out, struct flong_error *err);
	/* Goes to an offset, counted from the first byte of the input: FLONG_OK or a negative code.
	 * NULL: the input can only be read on. */
	int (*seek)(void *context, uint64_t offset, struct flong_error *err);
	/* Called once, when the library needs the input no more, also after a failure of the
	 * function that was given it. NULL: nothing to do. */
	void (*close)(void *context);
	void *context; /* given to the functions; the library does not look at it */
	void *reserved[4];
};

/* Where bytes go: functions of the caller. Zero it first. */
struct flong_output {
	/* Takes all `length` bytes, or returns a negative code (and may fill in *err). Needed. */
	int (*write)(void *context, const void *bytes, size_t length, struct flong_error *err);
	/* The end that can fail: flush, sync. NULL: nothing to do. */
	int (*finish)(void *context, struct flong_error *err);
	void *context;
	void *reserved[4];
};

/* Bytes that the library gives one after another: a payload, an entry of a package. */
struct flong_stream;

/* Reads up to `max` bytes into `room`; *got_out is how many. FLONG_OK: at least one. FLONG_END:
 * there are no more, *got_out is 0; so too on every later call. With `max` 0 FLONG_OK and nothing.
 * Errors are those of the function that gave the stream, and are given again on every later call.
 * FLONG_E_USAGE: the object that the stream reads from was closed or has gone on. */
FLONG_FALLIBLE int flong_stream_read(struct flong_stream *stream, void *room, size_t max,
	size_t *got_out, struct flong_error *err);
/* Frees the stream. Its reader or package may be closed before or after. */
FLONG_API void flong_stream_close(struct flong_stream *stream);

#ifdef __cplusplus
}
#endif
#endif
