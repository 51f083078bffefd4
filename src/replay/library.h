/* SPDX-License-Identifier: MIT */
/* library.h - what the pages of the library share: head and end, addresses, facts of a capture */
#ifndef REPLAY_LIBRARY_H
#define REPLAY_LIBRARY_H

#include <stdint.h>

#include "base/bytes.h"
#include "flong/error.h"
#include "replay/site.h"

/* Which entry of a collection's navigation a page belongs to. */
enum library_place {
	LIBRARY_ELSEWHERE,
	LIBRARY_STORIES,
	LIBRARY_CALENDAR,
	LIBRARY_GRAPH,
	LIBRARY_URLS
};

struct library_page {
	const char *title; /* of the window */
	enum library_place place;
	struct bytes words; /* what is searched for; may be empty */
};

/* Starts a reply of status 200: its head, the masthead with search and navigation of the
 * collection, and the main part. */
void library_begin(
	const struct site_call *call, const struct library_page *page, struct reply *reply);
void library_end(struct reply *reply);
/* A whole page that says what went wrong. `text` is one sentence, `subject` what it is about (a
 * URL, a name) or empty. */
void library_answer_error(const struct site_call *call, int status, const char *title,
	struct bytes subject, const char *text, struct reply *reply);
/* A paragraph about a fault in the middle of a page. */
void library_add_fault(const struct flong_error *err, struct buf *out);

/* Appends the address of a capture in its frame, fit for an attribute. */
void library_add_address(
	const struct holding *holding, int64_t time_ms, struct bytes url, struct buf *out);
/* Appends "/NAME/PAGE?url=URL", fit for an attribute. */
void library_add_query_address(
	const struct holding *holding, const char *page, struct bytes url, struct buf *out);
/* Appends the host of a URL without "www.". */
void library_add_host(struct bytes url, struct buf *out);
/* Appends the head of a page about one URL: its heading, the URL, and the pages that there are
 * about it; `current` is the one that is shown: "captures", "versions", "links". */
void library_add_subject(const struct holding *holding, const char *heading, struct bytes url,
	const char *current, struct buf *out);
/* The parameter `url` of the request, appended; false, and a reply that says so, without one. */
bool library_subject(const struct site_call *call, struct buf *url_out, struct reply *reply);

void library_calendar(const struct site_call *call, struct reply *reply); /* library_calendar.c */
void library_graph(const struct site_call *call, struct reply *reply);    /* library_graph.c */
void library_links(const struct site_call *call, struct reply *reply);    /* library_links.c */
void library_urls(const struct site_call *call, struct reply *reply);     /* library_urls.c */
void library_captures(const struct site_call *call, struct reply *reply); /* the same */
void library_versions(const struct site_call *call, struct reply *reply); /* library_versions.c */
void library_diff(const struct site_call *call, struct reply *reply);     /* library_diff.c */
void library_record(const struct site_call *call, struct reply *reply);   /* library_record.c */

#endif
