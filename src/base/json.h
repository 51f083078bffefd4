/* SPDX-License-Identifier: MIT */
/* json.h - reading JSON of any origin into a bounded tree (owner of jansson), and writing it
 * without one
 *
 * No function here may have the name of one of jansson's (json_string, json_integer): the linker
 * would give ours to the library. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

/* A parsed value; opaque, owned by its document. */
struct json;
/* A document: closes with all its values. */
struct json_document;

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* Parses all of `text` (UTF-8; invalid bytes are replaced first by U+FFFD when `lenient`).
 * FLONG_E_FORMAT with the position; nesting over 512 levels is FLONG_E_LIMIT. Lenient also allows
 * bytes after the value (as in "window.X = {...};") and stops there. */
enum json_mode { JSON_STRICT, JSON_LENIENT };
MUST_CHECK int json_parse(struct bytes text, enum json_mode mode,
	struct json_document **document_out, struct flong_error *err);
/* Asks the system for the random number that tables of names are mixed with, which the first
 * json_parse does otherwise: a process that may open no file asks before. */
void json_prepare(void);
void json_close(struct json_document *document);
SCOPED_CLOSE(struct json_document *, json_close)
const struct json *json_root(const struct json_document *document);

enum json_type json_type(const struct json *value); /* NULL pointer counts as JSON_NULL */
/* The string's bytes (UTF-8, may hold NUL); empty for other types. Borrowed from the document. */
struct bytes json_text(const struct json *value);
double json_number(const struct json *value); /* 0 for other types */
int64_t json_int(const struct json *value);   /* 0 for other types; fractions truncated */
bool json_bool(const struct json *value);     /* false for other types */
/* Member of an object, or NULL (also for other types). */
const struct json *json_get(const struct json *object, const char *name);
/* Elements of an array or members of an object; 0 for other types. */
size_t json_count(const struct json *value);
/* Element of an array, or NULL. */
const struct json *json_at(const struct json *array, size_t index);
/* Calls `each` for every member in the order of the text; stops when it returns false. */
void json_each(const struct json *object,
	bool (*each)(struct bytes name, const struct json *value, void *context), void *context);

/* Writing: appends `text` as a quoted JSON string. ASCII stays, non-ASCII UTF-8 stays, invalid
 * UTF-8 becomes U+FFFD, control bytes are escaped. */
void json_add_string(struct buf *out, struct bytes text);
/* As json_add_string, with every non-ASCII character as \uXXXX (python's json.dumps default; index
 * lines use it). */
void json_add_string_ascii(struct buf *out, struct bytes text);
/* Starts a member inside an object: writes the comma when needed (when the last byte is not '{' or
 * '['), the quoted name, a colon. */
void json_add_name(struct buf *out, const char *name);
void json_add_member(
	struct buf *out, const char *name, struct bytes text); /* name and string value */
/* Name and an array of strings: the lines of `lines`. */
void json_add_member_lines(struct buf *out, const char *name, const struct buf *lines);
void json_add_member_u64(struct buf *out, const char *name, uint64_t number);
void json_add_member_bool(struct buf *out, const char *name, bool value);

#endif
