/* SPDX-License-Identifier: MIT */
/* links_formats_suite_test.c - playlists, sitemaps and feeds of the shared suites */
#include "unit.h"

#include "links/feed.h"
#include "links/playlist.h"
#include "links/sitemap.h"
#include "suite.h"

#define BASE "http://127.0.0.1:8097/dir/file"

static struct url *base_url(void)
{
	struct url *url = NULL;
	struct flong_error err = {0};
	assert_int_equal(url_parse(BYTES(BASE), NULL, &url, &err), FLONG_OK);
	return url;
}

/* Reads "suite/file" of a manifest row. */
static bool read_row_file(const char *folder, const struct json *row, struct buf *out)
{
	SCOPED(buf_clear) struct buf name = {0};
	buf_add_text(&name, folder);
	buf_add(&name, json_text(json_get(row, "file")));
	out->max = (size_t)64 << 20;
	return suite_read(buf_text(&name), out);
}

static bool references_have(const struct references *references, struct bytes text)
{
	for (size_t i = 0; i < references->count; i++) {
		if (bytes_equal(references->items[i].text, text)) {
			return true;
		}
	}
	return false;
}

static bool array_has(const struct json *array, struct bytes text)
{
	for (size_t i = 0; i < json_count(array); i++) {
		if (bytes_equal(bytes_trim(json_text(json_at(array, i))), text)) {
			return true;
		}
	}
	return false;
}

static void explain(const struct json *row, const char *what, struct bytes text)
{
	struct bytes file = json_text(json_get(row, "file"));
	(void)fprintf(stderr, "# " BYTES_FMT " %s " BYTES_FMT "\n", BYTES_ARG(file), what,
		BYTES_ARG(text));
}

/* The same set both ways; what makes no request is none of it. */
static bool same_set(
	const struct json *row, const struct json *wanted, const struct references *references)
{
	bool ok = true;
	for (size_t i = 0; i < json_count(wanted); i++) {
		struct bytes text = bytes_trim(json_text(json_at(wanted, i)));
		if (reference_is_useful(text) && !references_have(references, text)) {
			explain(row, "lacks", text);
			ok = false;
		}
	}
	for (size_t i = 0; i < references->count; i++) {
		if (!array_has(wanted, references->items[i].text)) {
			explain(row, "has more:", references->items[i].text);
			ok = false;
		}
	}
	return ok;
}

static bool judge_playlist(const struct json *row)
{
	SCOPED(buf_clear) struct buf text = {0};
	assert_true(read_row_file("hls/", row, &text));
	struct references references = {0};
	playlist_find(buf_bytes(&text), NULL, &references);
	bool ok = same_set(row, json_get(row, "uris"), &references);
	references_clear(&references);
	return ok;
}

TEST(playlists_give_their_uris)
{
	struct suite_score score;
	assert_true(suite_run("hls/manifest.jsonl", judge_playlist, &score));
	assert_true(score.rows > 50);
	assert_int_equal(score.failed, 0);
}

static bool judge_sitemap(const struct json *row)
{
	struct bytes kind = json_text(json_get(row, "kind"));
	/* Packed ones are unpacked a layer above; feeds are judged below. */
	if (json_bool(json_get(row, "gz")) || bytes_equal(kind, BYTES("rss"))) {
		return true;
	}
	SCOPED(buf_clear) struct buf text = {0};
	struct flong_error err = {0};
	assert_true(read_row_file("sitemaps/files/", row, &text));
	struct references references = {0};
	if (bytes_equal(kind, BYTES("text"))) {
		sitemap_find_in_text(buf_bytes(&text), &references);
	} else {
		assert_int_equal(sitemap_find(buf_bytes(&text), &references, &err), FLONG_OK);
	}
	struct references locs = {0};
	for (size_t i = 0; i < references.count; i++) {
		const char *where = references.items[i].prototype.where;
		if (strcmp(where, "sitemap loc") == 0 || strcmp(where, "sitemap text") == 0 ||
			strcmp(where, "sitemap index") == 0) {
			references_add(
				&locs, references.items[i].text, &references.items[i].prototype);
		}
	}
	bool ok = same_set(row, json_get(row, "locs"), &locs);
	const struct json *links = json_get(row, "links");
	for (size_t i = 0; i < json_count(links); i++) {
		ok = ok && references_have(&references, json_text(json_at(links, i)));
	}
	references_clear(&locs);
	references_clear(&references);
	return ok;
}

TEST(sitemaps_give_their_locations)
{
	struct suite_score score;
	assert_true(suite_run("sitemaps/manifest.jsonl", judge_sitemap, &score));
	assert_true(score.rows > 5);
	assert_int_equal(score.failed, 0);
}

static bool list_has(const struct link_list *list, struct bytes text, const struct url *base)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(text, base, &url, &err) != FLONG_OK || !url->is_http) {
		return true;
	}
	for (size_t i = 0; i < list->count; i++) {
		if (bytes_equal(list->items[i].url, url->all)) {
			return true;
		}
	}
	return false;
}

static bool judge_feed(const struct json *row)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(url_closep) struct url *base = base_url();
	struct flong_error err = {0};
	assert_true(read_row_file("feeds/", row, &text));
	struct link_list list = {0};
	assert_int_equal(feed_find(buf_bytes(&text), base, &list, &err), FLONG_OK);
	bool ok = true;
	const struct json *links = json_get(row, "links");
	for (size_t i = 0; i < json_count(links); i++) {
		struct bytes wanted = json_text(json_at(links, i));
		if (!list_has(&list, wanted, base)) {
			explain(row, "lacks", wanted);
			ok = false;
		}
	}
	link_list_clear(&list);
	return ok;
}

TEST(feeds_give_their_links)
{
	struct suite_score score;
	assert_true(suite_run("feeds/manifest.jsonl", judge_feed, &score));
	assert_true(score.rows > 400);
	assert_true(score.failed * 100 <= score.rows);
}

int main(void)
{
	char path[4096];
	if (!suite_path("hls/manifest.jsonl", path, sizeof(path))) {
		SKIP_ALL("../shared is absent");
	}
	const struct CMUnitTest tests[] = {CASE(playlists_give_their_uris),
		CASE(sitemaps_give_their_locations), CASE(feeds_give_their_links)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
