/* SPDX-License-Identifier: MIT */
/* links_formats_suite_test.c - playlists, sitemaps and feeds of the shared suites */
#include "unit.h"

#include "links/json_text.h"
#include "links/links.h"
#include "links/playlist.h"
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

/* Reads a file of a suite as it would be after a fetch; what was found as this rule's, as written
 * there, joined with the base. */
static void find_links(
	const char *folder, const struct json *row, struct bytes type, struct link_list *list)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(url_closep) struct url *base = base_url();
	struct flong_error err = {0};
	assert_true(read_row_file(folder, row, &text));
	const struct links_input input = {
		.document = buf_bytes(&text), .url = base, .content_type = type, .role = ROLE_FEED};
	assert_int_equal(links_find(&input, list, &err), FLONG_OK);
}

/* Whether the list has the URL, joined with the base; what is no http(s) URL is never wanted. */
static bool list_has(const struct link_list *list, struct bytes text)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *base = base_url();
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

/* Links wanted and found, of all rows of a suite. */
static size_t wanted_links, found_links;

static bool list_has_all(
	const struct json *row, const struct json *wanted, const struct link_list *list)
{
	bool ok = true;
	for (size_t i = 0; i < json_count(wanted); i++) {
		struct bytes text = json_text(json_at(wanted, i));
		bool found = list_has(list, text);
		wanted_links++;
		found_links += found;
		if (!found) {
			explain(row, "lacks", text);
		}
		ok = ok && found;
	}
	return ok;
}

static bool is_location(const struct link *link)
{
	static const char *const places[] = {"sitemap loc", "sitemap text", "sitemap index"};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(link->where, places[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Whether nothing was found as a location that the row does not have. */
static bool has_no_more(
	const struct json *row, const struct json *wanted, const struct link_list *list)
{
	struct link_list known = {0};
	SCOPED(url_closep) struct url *base = base_url();
	const struct link prototype = {.anchor = UINT32_MAX};
	bool ok = true;
	for (size_t i = 0; i < json_count(wanted); i++) {
		(void)link_list_add(&known, base, json_text(json_at(wanted, i)), &prototype);
	}
	for (size_t i = 0; i < list->count; i++) {
		if (is_location(&list->items[i]) && !list_has(&known, list->items[i].url)) {
			explain(row, "has more:", list->items[i].url);
			ok = false;
		}
	}
	link_list_clear(&known);
	return ok;
}

static bool judge_sitemap(const struct json *row)
{
	struct bytes kind = json_text(json_get(row, "kind"));
	struct bytes type = BYTES("application/xml");
	if (json_bool(json_get(row, "gz"))) {
		type = BYTES("application/octet-stream");
	} else if (bytes_equal(kind, BYTES("text"))) {
		type = BYTES("text/plain");
	}
	struct link_list list = {0};
	find_links("sitemaps/files/", row, type, &list);
	bool has_locs = list_has_all(row, json_get(row, "locs"), &list);
	bool has_links = list_has_all(row, json_get(row, "links"), &list);
	bool exact =
		bytes_equal(kind, BYTES("rss")) || has_no_more(row, json_get(row, "locs"), &list);
	link_list_clear(&list);
	return has_locs && has_links && exact;
}

TEST(sitemaps_give_their_locations)
{
	struct suite_score score;
	wanted_links = found_links = 0;
	assert_true(suite_run("sitemaps/manifest.jsonl", judge_sitemap, &score));
	assert_true(score.rows > 5);
	assert_int_equal(score.failed, 0);
	(void)fprintf(stderr, "# sitemaps: %zu of %zu links\n", found_links, wanted_links);
}

static size_t rows_by_header;

/* Finds the URLs that the text of a Python expectation names, until a quote or tag ends them. */
static bool expectation_is_met(const struct json *row, const struct link_list *list)
{
	SCOPED(buf_clear) struct buf text = {0};
	struct bytes expected = json_text(json_get(row, "expect_python"));
	if (bytes_find(expected, BYTES("link"), 0) == SIZE_MAX &&
		bytes_find(expected, BYTES("href"), 0) == SIZE_MAX) {
		return true;
	}
	if (bytes_find(json_text(json_get(row, "file")), BYTES("_content_location"), 0) !=
		SIZE_MAX) {
		/* Their base is a header field that is none any more (RFC 9110 8.7). */
		rows_by_header++;
		return true;
	}
	json_text_decode(expected, &text);
	bool ok = true;
	struct bytes rest = buf_bytes(&text);
	for (size_t at = bytes_find(rest, BYTES("http"), 0); at != SIZE_MAX;
		at = bytes_find(rest, BYTES("http"), at + 1)) {
		size_t end = at;
		while (end < rest.len && strchr("'\"<> ", rest.ptr[end]) == NULL) {
			end++;
		}
		struct bytes url = bytes_slice(rest, at, end);
		if (!bytes_starts(url, BYTES("http://")) && !bytes_starts(url, BYTES("https://"))) {
			continue;
		}
		bool found = list_has(list, url);
		wanted_links++;
		found_links += found;
		if (!found) {
			explain(row, "lacks", url);
		}
		ok = ok && found;
	}
	return ok;
}

static bool judge_feed(const struct json *row)
{
	struct link_list list = {0};
	find_links("feeds/", row, BYTES("application/xml"), &list);
	bool ok = list_has_all(row, json_get(row, "links"), &list);
	ok = expectation_is_met(row, &list) && ok;
	link_list_clear(&list);
	return ok;
}

TEST(feeds_give_their_links)
{
	struct suite_score score;
	wanted_links = found_links = 0;
	assert_true(suite_run("feeds/manifest.jsonl", judge_feed, &score));
	(void)fprintf(stderr,
		"# feeds: %zu of %zu links; %zu rows not judged, their base is Content-Location\n",
		found_links, wanted_links, rows_by_header);
	assert_true(score.rows > 400 && wanted_links > 100);
	assert_true(found_links * 100 >= wanted_links * 99);
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
