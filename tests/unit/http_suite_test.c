/* SPDX-License-Identifier: MIT */
/* http_suite_test.c - replies of curl's and llhttp's own tests: which are whole, which are errors
 */
#include "unit.h"

#include "suite.h"

#include "web/content_coding.h"
#include "web/http_body.h"
#include "web/http_head.h"

/* Takes one reply off *rest. NULL when it is whole and well formed, else what is wrong. */
static const char *take_reply(struct bytes *rest, struct http_head *head, struct bytes *body_out)
{
	struct flong_error err = {0};
	size_t length = http_head_length(*rest);
	if (length == 0) {
		return "cut in the head";
	}
	assert_int_equal(
		http_head_parse_response(bytes_slice(*rest, 0, length), head, &err), FLONG_OK);
	struct bytes after = bytes_slice(*rest, length, rest->len);
	size_t used = after.len;
	const char *fault = http_head_fault(head);
	if (head->framing == HTTP_BODY_NONE) {
		used = 0;
	} else if (head->framing == HTTP_BODY_LENGTH) {
		fault = fault == NULL && after.len < head->length ? "cut in the body" : fault;
		used = after.len < head->length ? after.len : (size_t)head->length;
	} else if (head->framing == HTTP_BODY_CHUNKED) {
		struct chunk_parser parser = {0};
		assert_int_equal(chunk_parser_add(&parser, after, NULL, &used, &err), FLONG_OK);
		fault = fault == NULL && parser.state != CHUNK_DONE ? "cut or broken chunks"
								    : fault;
	}
	*body_out = bytes_slice(after, 0, used);
	*rest = bytes_slice(after, used, after.len);
	return fault;
}

/* Whether the content coding can be undone. */
static bool decodes(const struct http_head *head, struct bytes body)
{
	SCOPED(buf_clear) struct buf out = {0};
	SCOPED(source_closep) struct source *source = NULL;
	struct flong_error err = {0};
	struct source *payload =
		http_body_open_payload(source_from_bytes(body), head->framing == HTTP_BODY_CHUNKED);
	struct bytes codings = headers_first(&head->headers, "Content-Encoding");
	return content_coding_open(payload, codings, &source, &err) == FLONG_OK &&
	       source_read_all(source, &out, &err) == FLONG_OK;
}

static bool is_error(struct bytes data, bool undo_codings)
{
	struct http_head head = {0};
	struct bytes body = {NULL, 0};
	const char *fault = NULL;
	do {
		http_head_clear(&head);
		fault = take_reply(&data, &head, &body);
	} while (fault == NULL && head.status >= 100 && head.status < 200);
	bool bad = fault != NULL || (undo_codings && !decodes(&head, body));
	http_head_clear(&head);
	return bad;
}

static bool judge_reply(const struct json *row)
{
	static const int64_t http_exits[] = {1, 8, 18, 52, 56, 61};
	SCOPED(buf_clear) struct buf data = {0};
	int64_t exit_code = json_int(json_get(row, "curl_exit"));
	const struct json *replies = json_get(row, "replies");
	struct bytes command = json_text(json_get(row, "command"));
	char name[256];
	bool wanted = false;
	for (size_t i = 0; i < sizeof(http_exits) / sizeof(http_exits[0]); i++) {
		wanted = wanted || exit_code == http_exits[i];
	}
	/* We have no HTTP/0.9 to switch on: what needs it is an error. */
	wanted = wanted || bytes_find(command, BYTES("--http0.9"), 0) != SIZE_MAX;
	if (!bytes_equal(json_text(json_get(row, "class")), BYTES("core")) ||
		json_count(replies) == 0) {
		return true;
	}
	struct bytes file = json_text(json_at(replies, json_count(replies) - 1));
	(void)snprintf(name, sizeof(name), "http-replies/" BYTES_FMT, BYTES_ARG(file));
	assert_true(suite_read(name, &data));
	bool got = is_error(buf_bytes(&data), exit_code == 61);
	if (got != wanted) {
		(void)fprintf(stderr, "# %s: curl's exit %d, we say %s\n", name, (int)exit_code,
			got ? "error" : "ok");
	}
	return got == wanted;
}

TEST(replies_are_errors_where_curl_says_so)
{
	struct suite_score score;
	assert_true(suite_run("http-replies/manifest.jsonl", judge_reply, &score));
	assert_true(score.rows > 80);
	assert_int_equal(score.failed, 0);
}

/* Nothing in these rows may crash the reader or make it read past the end. */
static bool judge_raw(const struct json *row)
{
	SCOPED(buf_clear) struct buf raw = {0};
	suite_add_base64(&raw, json_text(json_get(row, "raw_b64")));
	struct bytes text = buf_bytes(&raw);
	struct http_head head = {0};
	struct bytes body;
	for (size_t i = 0; i < 10 && text.len > 0; i++) {
		const char *fault = take_reply(&text, &head, &body);
		http_head_clear(&head);
		if (fault != NULL) {
			break;
		}
	}
	return true;
}

TEST(raw_rows_are_survived)
{
	struct suite_score score;
	assert_true(suite_run("http-parse/cases.jsonl", judge_raw, &score));
	assert_true(score.rows > 80);
}

int main(void)
{
	char path[4096];
	if (!suite_path("http-replies/manifest.jsonl", path, sizeof(path))) {
		SKIP_ALL("../shared is absent");
	}
	const struct CMUnitTest tests[] = {
		CASE(replies_are_errors_where_curl_says_so), CASE(raw_rows_are_survived)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
