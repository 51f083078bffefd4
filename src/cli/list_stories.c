/* SPDX-License-Identifier: MIT */
/* list_stories.c - flong list --stories and --versions */
#include "cli/list_stories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/notice.h"
#include "crawl/history.h"

struct listing {
	const struct list_stories *request; /* borrowed */
	bool is_damaged;
	struct buf line; /* owned */
};

static void add_time(struct buf *out, int64_t wall_ms)
{
	char text[CLOCK_ISO_SIZE];
	clock_format_iso_s(wall_ms, text);
	buf_add_text(out, text);
}

static void add_json_time(struct buf *out, const char *name, int64_t wall_ms)
{
	char text[CLOCK_ISO_SIZE];
	clock_format_iso_ms(wall_ms, text);
	json_add_member(out, name, bytes_of(text));
}

static int64_t first_of(const struct history *history)
{
	return history->versions[0].first_ms;
}

static int64_t last_of(const struct history *history)
{
	int64_t last_ms = 0;
	for (size_t i = 0; i < history->count; i++) {
		int64_t ms = history->versions[i].last_ms;
		last_ms = ms > last_ms ? ms : last_ms;
	}
	return last_ms;
}

static const char *const fates[] = {
	[HISTORY_THERE] = "there",
	[HISTORY_MISSING] = "missing",
	[HISTORY_FRONT] = "front-page",
	[HISTORY_MOVED] = "moved",
	[HISTORY_NO_STORY] = "soft-404",
};

/* What became of it: nothing to say while it is there. */
static void add_json_fate(struct buf *out, const struct history *history)
{
	json_add_member_bool(out, "vanished", history_is_vanished(history));
	json_add_member(out, "fate", bytes_of(fates[history->fate]));
	if (history->fate == HISTORY_THERE) {
		return;
	}
	add_json_time(out, "since", history->fate_ms);
	add_json_time(out, "checked", history->checked_ms);
	json_add_member(out, "asked", bytes_of(history->fate_url));
	if (history->status > 0) {
		json_add_member_u64(out, "status", (uint64_t)history->status);
	}
	if (history->target[0] != '\0') {
		json_add_member(out, "target", bytes_of(history->target));
	}
}

/* --- stories -----------------------------------------------------------------------------------
 */

static const char *state_of(const struct history *history)
{
	return history_is_vanished(history)     ? "vanished"
	       : history->fate == HISTORY_MOVED ? "moved"
						: "there";
}

static void add_story(struct buf *out, const struct history *history)
{
	const struct history_version *latest = &history->versions[history->count - 1];
	add_time(out, last_of(history));
	buf_addf(out, "  %8llu  %8llu  %-8s  ", (unsigned long long)history->captures,
		(unsigned long long)history->count + (unsigned long long)history->left_out,
		state_of(history));
	notice_add_clean(out, bytes_of(latest->url));
	if (latest->headline[0] != '\0') {
		buf_add_text(out, "  ");
		notice_add_clean(out, bytes_of(latest->headline));
	}
	buf_add_char(out, '\n');
}

static void add_story_json(struct buf *out, const struct history *history)
{
	const struct history_version *latest = &history->versions[history->count - 1];
	buf_add_char(out, '{');
	json_add_member(out, "url", bytes_of(latest->url));
	json_add_member(out, "headline", bytes_of(latest->headline));
	add_json_time(out, "first", first_of(history));
	add_json_time(out, "last", last_of(history));
	json_add_member_u64(out, "captures", history->captures);
	json_add_member_u64(out, "versions", history->count + history->left_out);
	add_json_fate(out, history);
	buf_add_text(out, "}\n");
}

/* Front pages, sections and frames are no stories. */
static bool was_story(const struct history *history)
{
	for (size_t i = 0; i < history->count; i++) {
		if (history->versions[i].is_story) {
			return true;
		}
	}
	return false;
}

/* --- versions ----------------------------------------------------------------------------------
 */

static void add_version(struct buf *out, const struct history *history, size_t i)
{
	const struct history_version *version = &history->versions[i];
	if (i == 0 || strcmp(version->key, history->versions[i - 1].key) != 0) {
		notice_add_clean(out, bytes_of(version->url));
		buf_add_char(out, '\n');
	}
	buf_addf(out, "%5zu  ", i + 1);
	add_time(out, version->first_ms);
	buf_add_text(out, "  ");
	add_time(out, version->last_ms);
	buf_addf(out, "  %5llu  ", (unsigned long long)version->captures);
	notice_add_clean(out, bytes_of(version->headline));
	buf_add_char(out, '\n');
}

static void add_version_json(struct buf *out, const struct history *history, size_t i)
{
	const struct history_version *version = &history->versions[i];
	buf_add_char(out, '{');
	json_add_member_u64(out, "version", i + 1);
	json_add_member(out, "url", bytes_of(version->url));
	json_add_member(out, "headline", bytes_of(version->headline));
	add_json_time(out, "first", version->first_ms);
	add_json_time(out, "last", version->last_ms);
	json_add_member_u64(out, "captures", version->captures);
	json_add_member(out, "digest", bytes_of(version->digest));
	buf_add_text(out, "}\n");
}

static void add_fate(struct buf *out, const struct history *history)
{
	if (history->left_out > 0) {
		buf_addf(out, "  and %llu later ones\n", (unsigned long long)history->left_out);
	}
	if (history->fate == HISTORY_THERE) {
		return;
	}
	buf_addf(out, "  %s since ", history_is_vanished(history) ? "vanished" : "gone from there");
	add_time(out, history->fate_ms);
	buf_addf(out, ": %s", history_fate_name(history));
	if (history->target[0] != '\0') {
		buf_add_char(out, ' ');
		notice_add_clean(out, bytes_of(history->target));
	}
	buf_add_char(out, '\n');
}

static void add_versions(struct listing *listing, const struct history *history)
{
	struct buf *out = &listing->line;
	bool as_json = listing->request->as_json;
	for (size_t i = 0; i < history->count; i++) {
		if (as_json) {
			add_version_json(out, history, i);
		} else {
			add_version(out, history, i);
		}
	}
	if (!as_json) {
		add_fate(out, history);
	} else if (history->fate != HISTORY_THERE) {
		buf_add_char(out, '{');
		add_json_fate(out, history);
		buf_add_text(out, "}\n");
	}
}

static int print_history(void *context, const struct history *history, struct flong_error *err)
{
	struct listing *listing = context;
	(void)err;
	buf_reset(&listing->line);
	if (listing->request->url != NULL) {
		add_versions(listing, history);
	} else if (was_story(history) && listing->request->as_json) {
		add_story_json(&listing->line, history);
	} else if (was_story(history)) {
		add_story(&listing->line, history);
	}
	(void)fwrite(buf_text(&listing->line), 1, listing->line.len, stdout);
	return ferror(stdout) != 0 ? FLONG_END : FLONG_OK;
}

static void print_damage(void *context, const char *path, const struct flong_error *fault)
{
	((struct listing *)context)->is_damaged = true;
	notice("%s: %s", path, fault->message);
}

/* On a terminal the columns have names. */
static void print_heading(const struct list_stories *request)
{
	if (request->as_json || isatty(STDOUT_FILENO) != 1) {
		return;
	}
	(void)puts(
		request->url != NULL
			? "       first seen            last seen             times  headline"
			: "last seen             captures  versions  state     address, headline");
}

int list_stories(const struct list_stories *request, bool *is_damaged_out, struct flong_error *err)
{
	struct listing listing = {.request = request};
	const char *temp_dir = getenv("TMPDIR");
	const struct history_options options = {
		.paths = (const char *const *)request->paths->items,
		.path_count = request->paths->count,
		.url = request->url,
		.temp_dir = temp_dir != NULL && temp_dir[0] != '\0' ? temp_dir : "/tmp",
		.damage = print_damage,
		.context = &listing,
	};
	print_heading(request);
	int rc = history_read(&options, print_history, err);
	*is_damaged_out = listing.is_damaged;
	buf_clear(&listing.line);
	return rc == FLONG_END ? FLONG_OK : rc;
}
