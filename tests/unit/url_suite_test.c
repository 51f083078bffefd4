/* SPDX-License-Identifier: MIT */
/* url_suite_test.c - the URL standard's own conformance rows, when they are at hand */
#include "unit.h"

#include "suite.h"

#include "web/charset_encode.h"
#include "web/idna.h"
#include "web/url.h"

static size_t encoded_wrongly;

static void explain(struct bytes input, struct bytes got, struct bytes wanted)
{
	(void)fprintf(stderr, "# '" BYTES_FMT "': got '" BYTES_FMT "', wanted '" BYTES_FMT "'\n",
		BYTES_ARG(input), BYTES_ARG(got), BYTES_ARG(wanted));
}

static bool part_is(const struct json *row, const char *name, struct bytes part)
{
	const struct json *wanted = json_get(row, name);
	if (json_type(wanted) != JSON_STRING) {
		return true;
	}
	bool is_same = bytes_equal(json_text(wanted), part);
	if (!is_same) {
		explain(bytes_of(name), part, json_text(wanted));
	}
	return is_same;
}

/* The getters write "?" and "#" alone as nothing. */
static struct bytes shown(struct bytes part)
{
	return part.len == 1 ? (struct bytes){NULL, 0} : part;
}

static bool parts_are(const struct json *row, const struct url *url)
{
	struct bytes protocol = bytes_from(url->href, url->scheme.len + 1);
	return part_is(row, "protocol", protocol) && part_is(row, "username", url->username) &&
	       part_is(row, "password", url->password) && part_is(row, "hostname", url->host) &&
	       part_is(row, "port", url->port) && part_is(row, "pathname", url->path) &&
	       part_is(row, "search", shown(url->query)) &&
	       part_is(row, "hash", shown(url->fragment));
}

static bool judge_url(const struct json *row)
{
	SCOPED(url_closep) struct url *base = NULL;
	SCOPED(url_closep) struct url *url = NULL;
	struct flong_error err = {0};
	struct bytes input = json_text(json_get(row, "input"));
	struct bytes wanted = json_text(json_get(row, "href"));
	int rc = FLONG_OK;
	if (json_type(json_get(row, "base")) == JSON_STRING) {
		rc = url_parse(json_text(json_get(row, "base")), NULL, &base, &err);
	}
	if (rc == FLONG_OK) {
		rc = url_parse(input, base, &url, &err);
	}
	struct bytes got = url == NULL ? BYTES("(failure)") : bytes_of(url->href);
	if (json_bool(json_get(row, "failure"))) {
		wanted = BYTES("(failure)");
	}
	if (!bytes_equal(got, wanted)) {
		explain(input, got, wanted);
		return false;
	}
	return url == NULL || parts_are(row, url);
}

TEST(every_url_row_is_as_browsers_have_it)
{
	struct suite_score score;
	assert_true(suite_run("url-parse/cases.jsonl", judge_url, &score));
	assert_true(score.rows > 200);
	assert_int_equal(score.failed, 0);
}

/* A row has the query of a URL in several encodings. */
static bool is_encoded(struct bytes name, const struct json *value, void *context)
{
	const struct json *row = context;
	char charset[32] = "";
	assert_true(name.len < sizeof(charset));
	memcpy(charset, name.ptr, name.len);
	SCOPED(charset_encoder_closep)
	struct charset_encoder *encoder = charset_encoder_create(charset);
	SCOPED(buf_clear) struct buf out = {0};
	struct bytes input = json_text(json_get(row, "input"));
	if (encoder == NULL) {
		percent_encode(input, PERCENT_QUERY, &out);
	} else {
		charset_encode_query(encoder, input, PERCENT_QUERY, &out);
	}
	if (!bytes_equal(buf_bytes(&out), json_text(value))) {
		explain(input, buf_bytes(&out), json_text(value));
		encoded_wrongly++;
	}
	return true;
}

static bool judge_encoding(const struct json *row)
{
	encoded_wrongly = 0;
	json_each(json_get(row, "output"), is_encoded, (void *)(uintptr_t)row);
	return encoded_wrongly == 0;
}

TEST(queries_are_encoded_as_browsers_do)
{
	struct suite_score score;
	assert_true(suite_run("url-parse/percent-encoding.jsonl", judge_encoding, &score));
	assert_true(score.rows > 1);
	assert_int_equal(score.failed, 0);
}

/* As the host of a URL, since that is how a domain is used. */
static bool judge_domain(const struct json *row)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct flong_error err = {0};
	struct bytes input = json_text(json_get(row, "input"));
	bool is_failure = json_type(json_get(row, "output")) == JSON_NULL;
	struct bytes wanted = is_failure ? BYTES("(failure)") : json_text(json_get(row, "output"));
	if (input.len == 0) {
		/* "https:///x" would be the host "x". */
		return !idna_to_ascii(input, &text);
	}
	buf_add_text(&text, "https://");
	buf_add(&text, input);
	buf_add_text(&text, "/x");
	struct bytes got = BYTES("(failure)");
	if (url_parse(buf_bytes(&text), NULL, &url, &err) == FLONG_OK) {
		got = url->host;
	}
	if (bytes_equal(got, wanted)) {
		return true;
	}
	explain(input, got, wanted);
	return false;
}

TEST(domains_become_ascii_as_in_browsers)
{
	struct suite_score score;
	assert_true(suite_run("url-parse/toascii.jsonl", judge_domain, &score));
	assert_true(score.rows > 30 && score.failed == 0);
	assert_true(suite_run("url-parse/idnatestv2.jsonl", judge_domain, &score));
	/* What differs comes from a younger Unicode version than ICU 72's. */
	assert_true(score.rows > 1000 && score.failed * 100 < score.rows);
}

int main(void)
{
	char path[4096];
	if (!suite_path("url-parse/cases.jsonl", path, sizeof(path))) {
		SKIP_ALL("../shared is absent");
	}
	const struct CMUnitTest tests[] = {CASE(every_url_row_is_as_browsers_have_it),
		CASE(queries_are_encoded_as_browsers_do),
		CASE(domains_become_ascii_as_in_browsers)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
