/* SPDX-License-Identifier: MIT */
/* versions.c - the captures of one story, and which of them read the same */
#include "replay/versions.h"

#include <stdlib.h>
#include <string.h>

#include "article/url_key.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "index/cdxj.h"
#include "replay/stories.h"
#include "web/url.h"

struct gathering {
	struct versions *versions;
	struct buf key; /* of the address that is asked for */
};

static void version_clear(struct version *version)
{
	free(version->url);
	free(version->headline);
	free(version->digest);
}

void versions_clear(struct versions *versions)
{
	for (size_t i = 0; i < versions->count; i++) {
		version_clear(&versions->items[i]);
	}
	free(versions->items);
	*versions = (struct versions){0};
}

static char *copy(struct bytes text)
{
	SCOPED(buf_clear) struct buf buf = {0};
	buf_add(&buf, bytes_slice(text, 0, LIMIT_URL_BYTES));
	return buf_take(&buf);
}

/* Every capture is a version of its own first. */
static void add_capture(struct versions *versions, struct bytes url, struct bytes headline,
	struct bytes digest, int64_t time_ms)
{
	if (versions->count == LIMIT_STORY_VERSIONS) {
		versions->left_out++;
		return;
	}
	if (versions->count == versions->capacity) {
		versions->capacity = versions->capacity == 0 ? 16 : versions->capacity * 2;
		versions->items = (struct version *)alloc_resize(
			versions->items, versions->capacity, sizeof(versions->items[0]));
	}
	versions->items[versions->count++] = (struct version){.url = copy(url),
		.headline = copy(headline),
		.digest = copy(digest),
		.first_ms = time_ms,
		.last_ms = time_ms,
		.captures = 1};
}

/* Only the address itself: an AMP page differs from the other by more than the outlet's changes. */
static bool is_asked(const struct gathering *gathering, struct bytes text)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf key = {0};
	if (url_parse(text, NULL, &url, &ignored) < 0) {
		return false;
	}
	url_key_add(&key, url);
	return bytes_equal(buf_bytes(&key), buf_bytes(&gathering->key));
}

static void take_line(void *context, const struct json *line)
{
	struct gathering *gathering = (struct gathering *)context;
	struct bytes url = json_text(json_get(line, "url"));
	struct bytes digest = json_text(json_get(line, "versionDigest"));
	const struct json *is_captured = json_get(line, "captured");
	int64_t time_ms;
	if (digest.len == 0 || !stories_line_time(line, &time_ms) ||
		(json_type(is_captured) == JSON_BOOL && !json_bool(is_captured)) ||
		!is_asked(gathering, url)) {
		return;
	}
	struct bytes headline = json_text(json_get(line, "headline"));
	add_capture(gathering->versions, url,
		headline.len > 0 ? headline : json_text(json_get(line, "title")), digest, time_ms);
}

/* Whole pages among the rows of the URL. */
static int take_index(const struct holding *holding, struct bytes url, struct versions *versions,
	struct flong_error *err)
{
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(holding);
	SCOPED(buf_clear) struct buf key = {0};
	struct bytes line;
	lookup_key(url, LOOKUP_EXACT, &key);
	int rc = lookup_find(lookup, buf_bytes(&key), LOOKUP_EXACT, err);
	while (rc == FLONG_OK && (rc = lookup_next(lookup, &line, err)) == FLONG_OK) {
		SCOPED(cdxj_clear) struct cdxj_row row = {0};
		struct flong_error ignored = {0};
		int64_t time_ms;
		if (cdxj_parse(line, &row, &ignored) == FLONG_OK &&
			(bytes_equal(row.entry.status, BYTES("200")) ||
				bytes_equal(row.entry.mime, BYTES("warc/revisit"))) &&
			clock_parse_digits(row.entry.timestamp, &time_ms)) {
			add_capture(versions, row.entry.url, BYTES(""), row.entry.digest, time_ms);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static int compare_times(const void *a, const void *b)
{
	const struct version *left = (const struct version *)a;
	const struct version *right = (const struct version *)b;
	if (left->first_ms != right->first_ms) {
		return left->first_ms < right->first_ms ? -1 : 1;
	}
	return strcmp(left->url, right->url);
}

/* Captures one after the other with the same digest become one version. */
static void join_same(struct versions *versions)
{
	size_t kept = 0;
	for (size_t i = 1; i < versions->count; i++) {
		struct version *last = &versions->items[kept];
		struct version *next = &versions->items[i];
		if (strcmp(last->digest, next->digest) == 0) {
			last->last_ms = next->last_ms;
			last->captures++;
			version_clear(next);
		} else {
			versions->items[++kept] = *next;
		}
	}
	versions->count = versions->count == 0 ? 0 : kept + 1;
}

int versions_read(const struct holding *holding, struct bytes url, struct versions *versions_out,
	struct flong_error *err)
{
	struct gathering gathering = {.versions = versions_out};
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *parsed = NULL;
	int rc = FLONG_OK;
	if (url_parse(url, NULL, &parsed, &ignored) == FLONG_OK) {
		url_key_add(&gathering.key, parsed);
		rc = stories_each(holding, false, take_line, &gathering, err);
	}
	if (rc == FLONG_OK && versions_out->count == 0) {
		versions_out->by_payload = true;
		rc = take_index(holding, url, versions_out, err);
	}
	if (versions_out->count > 0) {
		qsort(versions_out->items, versions_out->count, sizeof(versions_out->items[0]),
			compare_times);
	}
	join_same(versions_out);
	buf_clear(&gathering.key);
	return rc;
}
