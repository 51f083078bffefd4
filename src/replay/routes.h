/* SPDX-License-Identifier: MIT */
/* routes.h - what a request asks for: its target read into one value, and nothing else decided
 *
 * Targets have the shape that replay tools share (pywb, ReplayWeb.page):
 *
 * - "/": the library
 * - "/-/NAME": files of the program itself
 * - "/COLLECTION/": its stories; "/COLLECTION/PAGE": a page of the library (urls, search, record)
 * - "/COLLECTION/TIME/URL": a capture in its frame, with the bar; without TIME the latest, and the
 *   TimeGate
 * - "/COLLECTION/TIMEmod_/URL": a capture itself; mod says what for (mp_, id_, im_ ...)
 * - a star for TIME: all captures of the URL
 * - "/COLLECTION/timemap/FORM/URL": the TimeMap (RFC 7089)
 * - "/COLLECTION/cdx?url=...": rows of the index
 * - "/COLLECTION/file/PATH": a stored file, as it is
 *
 * Everything after the slash before URL belongs to the archived URL, its query too. */
#ifndef REPLAY_ROUTES_H
#define REPLAY_ROUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"

enum route_kind {
	ROUTE_NONE,       /* nothing of ours: a URL that a page made by itself, perhaps */
	ROUTE_LIBRARY,    /* rest: "" or "search" */
	ROUTE_ASSET,      /* rest: its name */
	ROUTE_COLLECTION, /* rest: "" or the name of a page of the library */
	ROUTE_CDX,
	ROUTE_TIMEMAP,  /* rest: link, json or cdxj; url */
	ROUTE_CAPTURES, /* url */
	ROUTE_FRAME,    /* date, url */
	ROUTE_CAPTURE,  /* date, mod, url */
	ROUTE_FILE      /* rest: its path, percent-decoding not done */
};

#define ROUTE_MOD_SIZE 8

struct route {
	enum route_kind kind;
	struct bytes collection; /* as in the target */
	struct bytes rest;
	struct bytes url;   /* of the capture, as in the target; always with a scheme */
	struct bytes query; /* of the target, without '?'; not of routes with a URL */
	bool has_date;      /* else the latest is meant */
	int64_t date_ms;
	struct bytes digits;      /* the date as in the target */
	char mod[ROUTE_MOD_SIZE]; /* "mp", "id" ...; empty: none */
	struct buf storage;       /* of a URL that had to be mended */
};

/* Reads a target ("/path?query") as it stood in the request line. Never fails: what is not
 * understood is ROUTE_NONE. All borrows from the target or from route_out, which the caller clears.
 * "http:/host" (a slash lost on the way) and a URL without scheme are mended as other tools do. */
void route_read(struct bytes target, struct route *route_out);
void route_clear(struct route *route);

/* The value of a parameter of a query ("a=b&c=d"), percent-decoded, '+' as a space, appended to
 * `out`; false when it is not there. `nth` counts from 0. */
bool route_parameter(struct bytes query, const char *name, size_t nth, struct buf *out);

#endif
