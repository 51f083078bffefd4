/* SPDX-License-Identifier: MIT */
/* segment_test.c - files that are written, checked, damaged and taken up again */
#include "unit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <signal.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "exchanges.h"
#include "warc/capture.h"
#include "warc/check.h"
#include "warc/segment.h"

static struct flong_error err;
static char *dir;
static struct deflater *deflater;

static int set_up(void **state_)
{
	(void)state_;
	char template[] = "/tmp/segment-XXXXXX";
	dir = strdup(mkdtemp(template));
	deflater = deflater_create(6);
	return dir == NULL;
}

static int tear_down(void **state_)
{
	(void)state_;
	int rc = files_remove_tree(dir, &err);
	deflater_close(deflater);
	free(dir);
	return rc != FLONG_OK;
}

static const struct segment_options usual = {.prefix = "flong",
	.host = "news.example",
	.serial = 3,
	.now_ms = EXCHANGES_MS,
	.level = 6,
	.algorithm = DIGEST_SHA256};

static struct segment *create(const char *name)
{
	struct segment_options options = usual;
	options.exact_name = name;
	struct segment *segment = NULL;
	assert_int_equal(segment_create(dir, &options, &segment, &err), FLONG_OK);
	return segment;
}

static const char *path_of(const char *name)
{
	static char path[300];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

/* Appends one exchange; the body is `size` letters. */
static int append(
	struct segment *segment, const char *url, size_t size, struct segment_place places[3])
{
	char *body = alloc_zeroed(size + 1, 1);
	memset(body, 'b', size);
	SCOPED(exchange_closep)
	struct exchange *exchange =
		exchanges_make(url, BYTES("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
			bytes_from(body, size), 1000, SPOOL_DEFLATED);
	free(body);
	struct capture_digests digests;
	struct capture_options options = {.algorithm = DIGEST_SHA256,
		.warcinfo_id = segment_warcinfo_id(segment),
		.metadata = BYTES("hopsFromSeed: L\r\n")};
	SCOPED(capture_group_clear) struct capture_group group = {0};
	assert_int_equal(capture_digest(exchange, DIGEST_SHA256, &digests, &err), FLONG_OK);
	assert_int_equal(
		capture_compose(exchange, &digests, &options, deflater, &group, &err), FLONG_OK);
	assert_int_equal(group.count, 3);
	return segment_append(segment, &group, places, &err);
}

TEST(a_segment_is_named_written_checked_and_renamed)
{
	struct segment *segment = NULL;
	struct segment_info info = {.software = "flong/test", .robots = "pages"};
	struct segment_options options = usual;
	options.info = &info;
	options.host = "news example/x";
	assert_int_equal(segment_create(dir, &options, &segment, &err), FLONG_OK);
	static const char name[] = "flong-20261123190000123-00003-news-example-x.warc.gz";
	assert_string_equal(segment_name(segment), name);
	assert_true(
		files_exists(path_of("flong-20261123190000123-00003-news-example-x.warc.gz.open")));
	struct segment_place places[3];
	uint64_t before = segment_size(segment);
	assert_int_equal(append(segment, "http://a.example/", 50000, places), FLONG_OK);
	assert_int_equal(places[0].offset, before);
	assert_int_equal(places[1].offset, before + places[0].length);
	assert_int_equal(places[2].offset + places[2].length, segment_size(segment));
	assert_int_equal(segment_sync(segment, &err), FLONG_OK);
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_OK);
	assert_true(files_exists(path_of(name)));
	assert_string_equal(segment_path(segment), path_of(name));
	assert_int_equal(append(segment, "http://a.example/", 1, NULL), FLONG_E_IO);
	segment_close(segment);

	/* each place selects one member, and its digest is that of the stored bytes */
	struct buf file = {0};
	assert_int_equal(files_read(path_of(name), &file, &err), FLONG_OK);
	for (size_t i = 0; i < 3; i++) {
		struct bytes stored = bytes_slice(buf_bytes(&file), (size_t)places[i].offset,
			(size_t)(places[i].offset + places[i].length));
		struct digest digest = digest_of(DIGEST_SHA256, stored);
		assert_true(digest_equal(&digest, &places[i].record));
		SCOPED(reader_closep) struct reader *reader = NULL;
		const struct reader_record *record;
		assert_int_equal(
			reader_open_at(path_of(name), places[i].offset, &reader, &err), FLONG_OK);
		assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
		assert_int_equal(record->offset, places[i].offset);
		assert_int_equal(reader_finish(reader, &err), FLONG_OK);
		assert_int_equal(record->length, places[i].length);
	}
	buf_clear(&file);
}

TEST(the_warcinfo_record_says_what_wrote_the_file)
{
	struct segment_info info = {.software = "flong/9",
		.robots = "pages",
		.operator_name = "Ann\r\nX-Injected: y",
		.user_agent = "flong (+test)",
		.is_part_of = "story",
		.description = "d",
		.arguments = "--depth 1"};
	struct segment_options options = usual;
	struct record_ids ids = {.is_counted = true};
	options.exact_name = "info.warc";
	options.level = 0;
	options.info = &info;
	options.ids = &ids;
	struct segment *segment = NULL;
	assert_int_equal(segment_create(dir, &options, &segment, &err), FLONG_OK);
	struct buf file = {0};
	assert_int_equal(files_read(segment_path(segment), &file, &err), FLONG_OK);
	static const char start[] =
		"WARC/1.1\r\nWARC-Type: warcinfo\r\n"
		"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
		"WARC-Date: 2026-11-23T19:00:00.123Z\r\nWARC-Filename: info.warc\r\n"
		"WARC-Block-Digest: sha256:";
	static const char end[] =
		"\r\n\r\nsoftware: flong/9\r\nformat: WARC File Format 1.1\r\n"
		"conformsTo: "
		"http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
		"robots: pages\r\noperator: Ann  X-Injected: y\r\n"
		"http-header-user-agent: flong (+test)\r\nisPartOf: story\r\ndescription: d\r\n"
		"flong-arguments: --depth 1\r\n\r\n\r\n";
	assert_true(bytes_starts(buf_bytes(&file), bytes_of(start)));
	assert_true(bytes_ends(buf_bytes(&file), bytes_of(end)));
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_OK);
	segment_close(segment);
	buf_clear(&file);
}

TEST(nothing_is_overwritten)
{
	struct segment_options options = usual;
	options.exact_name = "once.warc.gz";
	struct segment *segment = create("once.warc.gz");
	struct segment *second = NULL;
	assert_int_equal(segment_create(dir, &options, &second, &err), FLONG_E_EXISTS);
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_OK);
	assert_int_equal(segment_create(dir, &options, &second, &err), FLONG_E_EXISTS);
	assert_null(second);
	segment_close(segment);
	assert_int_equal(segment_create("/nonexistent", &options, &second, &err), FLONG_E_IO);
}

TEST(records_of_another_segment_are_refused)
{
	struct segment *a = create("a.warc.gz");
	struct segment *b = create("b.warc.gz");
	struct capture_options options = {
		.algorithm = DIGEST_SHA256, .warcinfo_id = segment_warcinfo_id(a)};
	struct capture_single single = {.type = RECORD_METADATA, .block = BYTES("a: b\r\n")};
	SCOPED(capture_group_clear) struct capture_group group = {0};
	assert_int_equal(
		capture_compose_record(&single, &options, deflater, &group, &err), FLONG_OK);
	assert_int_equal(segment_append(b, &group, NULL, &err), FLONG_E_USAGE);
	assert_int_equal(segment_append(a, &group, NULL, &err), FLONG_OK);
	segment_close(a);
	segment_close(b);
}

TEST(a_group_that_cannot_be_written_leaves_no_trace)
{
	struct segment *segment = create("full.warc.gz");
	assert_int_equal(append(segment, "http://a.example/", 100, NULL), FLONG_OK);
	uint64_t good = segment_size(segment);
	struct rlimit was;
	struct rlimit low;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	/* Room for the response but not for the whole group. */
	low = was;
	low.rlim_cur = good + 500;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	int rc = append(segment, "http://b.example/", 100, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(rc, FLONG_E_IO);
	assert_non_null(strstr(err.message, "ends at offset"));
	uint64_t size;
	assert_int_equal(files_size(segment_path(segment), &size, &err), FLONG_OK);
	assert_int_equal(size, good);
	assert_int_equal(segment_size(segment), good);
	assert_int_equal(append(segment, "http://c.example/", 100, NULL), FLONG_OK);
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_OK);
	segment_close(segment);
}

/* Flips a bit of the open file. */
static void damage(struct segment *segment, uint64_t at)
{
	int fd = open(segment_path(segment), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	char byte;
	assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
	byte ^= 16;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
	files_close_fd(&fd);
}

static int reopen(const char *open_name, uint64_t size, uint64_t last, struct segment **segment_out)
{
	const struct segment_end end = {size, last};
	return segment_reopen(dir, open_name, end, segment_out, &err);
}

TEST(a_cut_segment_is_taken_up_behind_its_last_whole_record)
{
	struct segment *segment = create("crash.warc.gz");
	struct segment_place places[3];
	assert_int_equal(append(segment, "http://a.example/", 100, places), FLONG_OK);
	uint64_t acknowledged = segment_size(segment);
	assert_int_equal(append(segment, "http://b.example/", 100, places), FLONG_OK);
	uint64_t end = segment_size(segment);
	char id[RECORD_ID_SIZE];
	(void)snprintf(id, sizeof(id), "%s", segment_warcinfo_id(segment));
	segment_close(segment);
	const char *name = "crash.warc.gz.open";
	for (uint64_t cut = end; cut > places[1].offset; cut -= 7) {
		assert_int_equal(truncate(path_of(name), (off_t)cut), 0);
		assert_int_equal(reopen(name, 0, 0, &segment), FLONG_OK);
		uint64_t whole = cut == end                ? end
				 : cut >= places[2].offset ? places[2].offset
							   : places[1].offset;
		assert_int_equal(segment_size(segment), whole);
		assert_string_equal(segment_warcinfo_id(segment), id);
		segment_close(segment);
		assert_int_equal(truncate(path_of(name), (off_t)cut), 0);
	}
	assert_int_equal(reopen(name, end + 1, 0, &segment), FLONG_E_DAMAGED);
	assert_int_equal(reopen(name, acknowledged - 1, 0, &segment), FLONG_E_DAMAGED);
	assert_int_equal(reopen(name, acknowledged, 0, &segment), FLONG_OK);
	assert_int_equal(segment_size(segment), acknowledged);
	assert_int_equal(append(segment, "http://c.example/", 100, NULL), FLONG_OK);
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_OK);
	segment_close(segment);
	assert_int_equal(reopen(name, 0, 0, &segment), FLONG_E_NOT_FOUND);
}

TEST(a_segment_without_its_warcinfo_is_not_taken_up)
{
	struct segment *segment = create("start.warc.gz");
	segment_close(segment);
	assert_int_equal(truncate(path_of("start.warc.gz.open"), 40), 0);
	assert_int_equal(reopen("start.warc.gz.open", 0, 0, &segment), FLONG_E_DAMAGED);
	assert_int_equal(reopen("start.warc.gz", 0, 0, &segment), FLONG_E_USAGE);
}

TEST(of_an_acknowledged_segment_only_the_last_record_is_read)
{
	struct segment *segment = create("long.warc.gz");
	struct segment_place first[3], places[3];
	assert_int_equal(append(segment, "http://a.example/", 100, first), FLONG_OK);
	assert_int_equal(append(segment, "http://b.example/", 100, places), FLONG_OK);
	const struct segment_end end = segment_end(segment);
	assert_int_equal(end.size, segment_size(segment));
	assert_int_equal(end.last, places[2].offset);
	assert_int_equal(append(segment, "http://c.example/", 100, NULL), FLONG_OK);
	damage(segment, first[1].offset + first[1].length / 2);
	segment_close(segment);
	const char *name = "long.warc.gz.open";
	assert_int_equal(reopen(name, end.size, places[1].offset + 1, &segment), FLONG_E_DAMAGED);
	assert_int_equal(reopen(name, end.size, end.size, &segment), FLONG_E_DAMAGED);
	assert_int_equal(reopen(name, end.size, end.size + 1, &segment), FLONG_E_DAMAGED);
	assert_int_equal(reopen(name, places[2].offset, end.last, &segment), FLONG_E_DAMAGED);
	assert_int_equal(reopen(name, end.size, 0, &segment), FLONG_E_DAMAGED); /* all of it */
	assert_int_equal(reopen(name, end.size, end.last, &segment), FLONG_OK);
	assert_int_equal(segment_end(segment).size, end.size);
	assert_int_equal(segment_end(segment).last, end.last);
	/* What was not read now is read before the file gets its name. */
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_E_DAMAGED);
	damage(segment, places[2].offset + places[2].length / 2);
	segment_close(segment);
	assert_int_equal(reopen(name, end.size, end.last, &segment), FLONG_E_DAMAGED);
}

TEST(a_damaged_segment_keeps_its_open_name)
{
	struct segment *segment = create("bad.warc.gz");
	struct segment_place places[3];
	assert_int_equal(append(segment, "http://a.example/", 100, places), FLONG_OK);
	damage(segment, places[1].offset + places[1].length / 2);
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_E_DAMAGED);
	char offset[40];
	(void)snprintf(offset, sizeof(offset), "offset %llu", (unsigned long long)places[1].offset);
	assert_non_null(strstr(err.message, offset));
	assert_true(files_exists(path_of("bad.warc.gz.open")));
	assert_false(files_exists(path_of("bad.warc.gz")));
	segment_close(segment);
}

static int refuse_response(
	void *context, const struct reader_record *record, struct flong_error *reason)
{
	(*(int *)context)++;
	if (record->type != RECORD_RESPONSE) {
		return FLONG_OK;
	}
	reason->code = FLONG_E_DAMAGED;
	(void)snprintf(reason->message, sizeof(reason->message), "no index row for it");
	return FLONG_E_DAMAGED;
}

TEST(the_caller_can_compare_its_index_with_every_record)
{
	struct segment *segment = create("rows.warc.gz");
	assert_int_equal(append(segment, "http://a.example/", 100, NULL), FLONG_OK);
	int count = 0;
	struct check_hooks hooks = {.record = refuse_response, .context = &count};
	assert_int_equal(segment_finish(segment, &hooks, &err), FLONG_E_DAMAGED);
	assert_int_equal(count, 4);
	assert_non_null(strstr(err.message, "no index row for it"));
	assert_true(files_exists(path_of("rows.warc.gz.open")));
	segment_close(segment);
}

/* Counts records on the thread of the check; refuses one of them. */
struct watcher {
	int seen, refused;
};

static int watch(void *context, const struct reader_record *record, struct flong_error *reason)
{
	struct watcher *watcher = context;
	(void)record;
	if (++watcher->seen == watcher->refused) {
		return error_set(reason, FLONG_E_DAMAGED, "record %d is refused", watcher->seen);
	}
	return FLONG_OK;
}

TEST(a_segment_is_checked_while_it_is_written)
{
	struct segment *segment = create("follow.warc.gz");
	struct watcher watcher = {0};
	const struct check_hooks hooks = {.record = watch, .context = &watcher};
	assert_int_equal(segment_begin_check(segment, &hooks, &err), FLONG_OK);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(append(segment, "http://a.example/", 3000, NULL), FLONG_OK);
		if (i % 3 == 0) {
			segment_let_check(segment);
		}
	}
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_OK);
	assert_int_equal(watcher.seen, 1 + 40 * 3);
	assert_true(files_exists(path_of("follow.warc.gz")));
	segment_close(segment);
}

TEST(what_the_check_finds_meanwhile_is_told_at_the_end)
{
	struct segment *segment = create("refused.warc.gz");
	struct watcher watcher = {.refused = 3};
	const struct check_hooks hooks = {.record = watch, .context = &watcher};
	assert_int_equal(segment_begin_check(segment, &hooks, &err), FLONG_OK);
	assert_int_equal(append(segment, "http://a.example/", 100, NULL), FLONG_OK);
	segment_let_check(segment);
	assert_int_equal(append(segment, "http://b.example/", 100, NULL), FLONG_OK);
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_E_DAMAGED);
	assert_non_null(strstr(err.message, "record 3 is refused"));
	assert_int_equal(watcher.seen, 7);
	assert_true(files_exists(path_of("refused.warc.gz.open")));
	segment_close(segment);
}

TEST(damage_behind_what_was_let_is_found_too)
{
	struct segment *segment = create("late.warc.gz");
	struct segment_place places[3];
	assert_int_equal(segment_begin_check(segment, NULL, &err), FLONG_OK);
	segment_let_check(segment);
	assert_int_equal(append(segment, "http://a.example/", 100, places), FLONG_OK);
	damage(segment, places[1].offset + places[1].length / 2);
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_E_DAMAGED);
	assert_true(files_exists(path_of("late.warc.gz.open")));
	segment_close(segment);
}

TEST(a_check_that_nobody_waits_for_is_given_up)
{
	struct segment *segment = create("given-up.warc.gz");
	struct watcher watcher = {0};
	const struct check_hooks hooks = {.record = watch, .context = &watcher};
	assert_int_equal(segment_begin_check(segment, &hooks, &err), FLONG_OK);
	assert_int_equal(append(segment, "http://a.example/", 100, NULL), FLONG_OK);
	segment_close(segment);
	assert_true(watcher.seen <= 1);
	assert_true(files_exists(path_of("given-up.warc.gz.open")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(a_segment_is_named_written_checked_and_renamed),
		CASE(the_warcinfo_record_says_what_wrote_the_file), CASE(nothing_is_overwritten),
		CASE(records_of_another_segment_are_refused),
		CASE(a_group_that_cannot_be_written_leaves_no_trace),
		CASE(a_cut_segment_is_taken_up_behind_its_last_whole_record),
		CASE(a_segment_without_its_warcinfo_is_not_taken_up),
		CASE(of_an_acknowledged_segment_only_the_last_record_is_read),
		CASE(a_damaged_segment_keeps_its_open_name),
		CASE(the_caller_can_compare_its_index_with_every_record),
		CASE(a_segment_is_checked_while_it_is_written),
		CASE(what_the_check_finds_meanwhile_is_told_at_the_end),
		CASE(damage_behind_what_was_let_is_found_too),
		CASE(a_check_that_nobody_waits_for_is_given_up)};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
