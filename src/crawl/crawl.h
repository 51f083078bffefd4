/* SPDX-License-Identifier: MIT */
/* crawl.h - making an archive: from seeds to WARC, index and pages; start reading in crawl.c */
#ifndef CRAWL_CRAWL_H
#define CRAWL_CRAWL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "crawl/cadence.h"
#include "crawl/fetcher.h"
#include "flong/error.h"

enum crawl_scope { SCOPE_RELATED, SCOPE_PAGE, SCOPE_PREFIX, SCOPE_HOST, SCOPE_DOMAIN, SCOPE_ANY };
enum crawl_robots { ROBOTS_PAGES, ROBOTS_ALL, ROBOTS_IGNORE };
enum crawl_images { IMAGES_AUTO, IMAGES_ALL, IMAGES_SHOWN };
enum crawl_media { MEDIA_POSTER, MEDIA_NONE, MEDIA_SMALLEST, MEDIA_BEST, MEDIA_ALL };
/* What is kept of the stories beside their responses. */
enum crawl_stories { STORIES_RECORDS, STORIES_SIDECAR, STORIES_NONE };
enum crawl_progress { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER, PROGRESS_JSON };

/* Kinds of stories that --follow takes besides related ones. Bits. */
enum crawl_follow {
	FOLLOW_RELATED = 1,
	FOLLOW_INLINE = 2,
	FOLLOW_PAGINATION = 4,
	FOLLOW_SECTION = 8
};

/* A list of texts. */
struct crawl_texts {
	char **items; /* owned, NULL-terminated when not NULL */
	size_t count;
};
/* Appends an owned copy. */
void crawl_texts_add(struct crawl_texts *texts, const char *text);
void crawl_texts_clear(struct crawl_texts *texts);

/* Everything a crawl can be told (flong-crawl(1)). Made by crawl_options_init; pointers are owned.
 */
struct crawl_options {
	struct crawl_texts seeds;
	struct crawl_texts feeds; /* URLs and files whose stories are seeds */
	int64_t since_ms;         /* wall clock: older stories of feeds are left out; 0 = none is */
	bool is_since_last;       /* those older than the last reading of the feed */
	char *output; /* x.wacz, x.warc.gz or a directory; NULL = named after the first seed */
	int depth;
	enum crawl_scope scope;
	unsigned follow; /* enum crawl_follow bits */
	struct crawl_texts include, exclude;
	uint64_t max_pages, max_bytes, max_file_bytes; /* 0 = none */
	int64_t max_time_ms;                           /* 0 = none */
	int jobs, per_host;
	int64_t wait_ms; /* -1 = adaptive */
	int64_t max_crawl_delay_ms;
	enum crawl_robots robots;
	int retries;
	int64_t timeout_ms, connect_timeout_ms, stall_ms;
	char *user_agent, *operator_name;
	struct crawl_texts headers;
	char *cookie_file, *auth_file;
	bool has_cookie_jar;
	bool has_no_redaction; /* request records show secrets */
	char *proxy, *cacert;
	struct crawl_texts resolve, connect_to;
	enum fetcher_family family;
	uint64_t limit_rate;
	enum fetcher_tls tls;
	struct crawl_texts allow_private; /* CIDRs; "" stands for everything */
	int parsers, workers;             /* -1 = one a core */
	bool has_no_sandbox;              /* parsers keep their rights */
	enum crawl_images images;
	enum crawl_media media;
	enum crawl_stories stories;
	bool has_dedup;
	struct crawl_texts dedup_from; /* archives that originals may be in, too */
	uint64_t warc_size_bytes;
	char *warc_prefix;
	int compress_level;
	enum digest_algorithm digest;
	bool packs_wacz;
	char *sign_key; /* file of the key that signs the package; NULL: not signed */
	bool is_strict;
	enum crawl_progress progress;
	char *report_path;
	char *metrics_path; /* NULL: none */
	char *title, *description;
	char *deterministic_seed; /* NULL = off */
	char *arguments;          /* command line for warcinfo: no secrets, paths as base names */
	char *saved;              /* the options as lines for resume, or NULL */
	bool resumes;             /* go on in `output` */
	bool closes;        /* with `resumes`: fetch nothing more, put what is there in order */
	bool has_lock;      /* the caller holds the lock of `output`, a directory */
	bool ends_at_limit; /* a limit ends the crawl for good: nothing is left to resume */
	const struct cadence *cadence; /* which known stories are due; NULL = all. Borrowed */
	uint64_t min_free_bytes;       /* of the disk; 0 = do not look */
	unsigned acknowledge_after;    /* so many exchanges, or less; tests want few */
};

/* The defaults of flong-crawl(1). */
void crawl_options_init(struct crawl_options *options);
void crawl_options_clear(struct crawl_options *options);

/* Exit codes (flong(1)), the worst one that fits; crawl_run returns one of them in *exit_out. */
enum crawl_exit {
	CRAWL_EXIT_OK = 0,
	CRAWL_EXIT_FAILURE = 1,
	CRAWL_EXIT_USAGE = 2,
	CRAWL_EXIT_WRITE = 3,
	CRAWL_EXIT_UNREACHABLE = 4,
	CRAWL_EXIT_TLS = 5,
	CRAWL_EXIT_ROBOTS = 7,
	CRAWL_EXIT_STATUS = 8,
	CRAWL_EXIT_STRICT = 9,
	CRAWL_EXIT_BUSY = 10,
	CRAWL_EXIT_SIGNAL = 11,
	CRAWL_EXIT_SUSPICIOUS = 12,
	CRAWL_EXIT_SIZE = 14,
	CRAWL_EXIT_TIME = 15
};

/* Runs a crawl to its end, a limit or a signal. FLONG_OK with *exit_out and *report_out (the text
 * for people, owned by the caller) when the archive is in order, whatever became of single URLs.
 * Negative when it could not be made at all: FLONG_E_USAGE, FLONG_E_EXISTS, FLONG_E_BUSY,
 * FLONG_E_IO. */
MUST_CHECK int crawl_run(struct crawl_options *options, enum crawl_exit *exit_out,
	char **report_out, struct flong_error *err);

/* What crawl_run would find wrong with the options before it touches anything. FLONG_E_USAGE. */
MUST_CHECK int crawl_check(struct crawl_options *options, struct flong_error *err);
/* Puts the collection in order when its last crawl did not end: segment, index, pages and reports
 * of what it has, without fetching anything more. `like` gives its form. *closed_out: there was
 * such a crawl. The caller holds the lock. */
MUST_CHECK int crawl_close_earlier(const char *dir, const struct crawl_options *like,
	bool *closed_out, struct flong_error *err);

/* The option lines that the crawl in `dir` was started with (see `saved`). FLONG_E_USAGE: no crawl
 * is there. */
MUST_CHECK int crawl_saved_options(const char *dir, struct buf *lines_out, struct flong_error *err);

/* Called from a signal handler: the first call asks the crawl to finish what is in flight, the
 * second to stop at once. */
void crawl_request_stop(void);
bool crawl_stop_requested(void);

#endif
