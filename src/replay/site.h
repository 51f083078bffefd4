/* SPDX-License-Identifier: MIT */
/* site.h - requests answered: two origins over one archive
 *
 * The library's origin shows what is in the archive and runs no code but the program's own. The
 * captures are shown from a second origin, that of another port, which holds nothing worth taking;
 * what an archived page does there stays there. */
#ifndef REPLAY_SITE_H
#define REPLAY_SITE_H

#include "base/bytes.h"
#include "base/scoped.h"
#include "replay/archive.h"
#include "replay/reply.h"
#include "replay/routes.h"

enum site_side { SITE_LIBRARY, SITE_CAPTURES };

/* A request as the server read it. All borrowed; absent fields have ptr NULL. */
struct site_request {
	enum site_side side;
	struct bytes method, target, host;
	struct bytes range, referer, accept_datetime, origin;
	struct bytes service_worker; /* "script": a worker is to be installed */
	bool has_body;
};

/* What does not change from request to request. All borrowed. */
struct site {
	struct archive *archive;
	const char *library_port, *captures_port; /* digits */
	const char *allowed_origin;               /* for downloads and the index; NULL: none */
};

/* Answers. `reply` is cleared by the caller. */
void site_answer(const struct site *site, const struct site_request *request, struct reply *reply);

/* What the parts of it share. */
struct site_call {
	const struct site *site;
	const struct site_request *request;
	const struct route *route;
	const struct holding *holding; /* of route->collection; NULL: of none */
	struct bytes host_name;        /* of the request, without its port */
};

void site_capture(const struct site_call *call, struct reply *reply); /* capture.c */
/* A picture of a capture that is safe to be shown by the library: in capture.c too. */
void site_picture(const struct site_call *call, struct reply *reply);
void site_timemap(const struct site_call *call, struct reply *reply); /* timemap.c */
void site_cdx(const struct site_call *call, struct reply *reply);     /* cdx_api.c */
void site_file(const struct site_call *call, struct reply *reply);    /* download.c */
void site_library(const struct site_call *call, struct reply *reply); /* library.c */
void site_frame(const struct site_call *call, struct reply *reply);   /* frame.c */
void site_asset(const struct site_call *call, struct reply *reply);   /* assets.c */
/* Appends "http://HOST:PORT" of a side. */
void site_origin(const struct site_call *call, enum site_side side, struct buf *out);

#endif
