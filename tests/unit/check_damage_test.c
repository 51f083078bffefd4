/* SPDX-License-Identifier: MIT */
/* check_damage_test.c - a file of ours cut at every byte, and with single bits turned over
 *
 * The file is a segment as the crawler writes it: bodies deflated on their way through memory and
 * through files, one chunked, one stored. */
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "base/gzip.h"
#include "base/stream.h"
#include "exchanges.h"
#include "index/check_parts.h"
#include "index/check_set.h"
#include "warc/capture.h"
#include "warc/segment.h"

enum { FILE_BYTES = 20000, RECORDS_MAX = 100, FLIPS = 10000 };

static struct flong_error err;
static char *dir;
static struct buf file;                  /* the whole file */
static uint64_t starts[RECORDS_MAX + 1]; /* of its records, and its end */
static size_t record_count;
static struct record_ids ids = {.is_counted = true};
static char copy_path[300]; /* the damaged copy */
static int copy_fd;

/* The same numbers in every run. */
static uint64_t next_random(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void add_exchange(struct segment *segment, struct deflater *deflater, int number)
{
	static const char *const words[] = {"harbour", "council", "ferry", "<p>", "storm", "\n"};
	SCOPED(buf_clear) struct buf body = {0};
	char url[64];
	(void)snprintf(url, sizeof(url), "http://news.example/story-%d", number);
	bool is_chunked = number % 3 == 1;
	buf_add_text(&body, is_chunked ? "400\r\n" : "");
	size_t start = body.len;
	while (body.len - start < 0x400) {
		if (number % 3 == 2) { /* what cannot be compressed */
			buf_add_char(&body, (char)next_random());
		} else {
			buf_addf(&body, "%s%llu ", words[next_random() % 6],
				(unsigned long long)next_random() % 1000);
		}
	}
	buf_truncate(&body, start + 0x400);
	buf_add_text(&body, is_chunked ? "\r\n0\r\n\r\n" : "");
	SCOPED(exchange_closep)
	struct exchange *exchange = exchanges_make(url,
		is_chunked ? BYTES("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			   : BYTES("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
		buf_bytes(&body), number % 2 == 0 ? 100 : 4096,
		number % 2 == 0 ? SPOOL_DEFLATED : SPOOL_PLAIN);
	struct capture_digests digests;
	struct capture_options options = {.algorithm = DIGEST_SHA256,
		.ids = &ids,
		.warcinfo_id = segment_warcinfo_id(segment),
		.metadata = BYTES("hopsFromSeed: L\r\n")};
	struct segment_place places[3];
	SCOPED(capture_group_clear) struct capture_group group = {0};
	assert_int_equal(capture_digest(exchange, DIGEST_SHA256, &digests, &err), FLONG_OK);
	assert_int_equal(
		capture_compose(exchange, &digests, &options, deflater, &group, &err), FLONG_OK);
	assert_int_equal(segment_append(segment, &group, places, &err), FLONG_OK);
	for (size_t i = 0; i < group.count; i++) {
		starts[record_count++] = places[i].offset;
	}
	starts[record_count] = segment_size(segment);
}

static int set_up(void **state_)
{
	(void)state_;
	char template[] = "/tmp/damage-XXXXXX";
	dir = strdup(mkdtemp(template));
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	const struct segment_options options = {.exact_name = "a.warc.gz",
		.now_ms = EXCHANGES_MS,
		.level = 6,
		.algorithm = DIGEST_SHA256,
		.ids = &ids};
	struct segment *segment = NULL;
	assert_int_equal(segment_create(dir, &options, &segment, &err), FLONG_OK);
	starts[record_count++] = 0;
	for (int i = 0; segment_size(segment) < FILE_BYTES && record_count + 3 < RECORDS_MAX; i++) {
		add_exchange(segment, deflater, i);
	}
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_OK);
	assert_int_equal(files_read(segment_path(segment), &file, &err), FLONG_OK);
	segment_close(segment);
	(void)snprintf(copy_path, sizeof(copy_path), "%s/copy.warc.gz", dir);
	copy_fd = open(copy_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return files_write_all(copy_fd, buf_bytes(&file), copy_path, &err) != FLONG_OK;
}

static int tear_down(void **state_)
{
	(void)state_;
	int rc = files_remove_tree(dir, &err);
	files_close_fd(&copy_fd);
	buf_clear(&file);
	free(dir);
	return rc != FLONG_OK;
}

/* What a check said. */
struct seen {
	unsigned findings, errors;
	uint64_t offset; /* of the last error */
	char text[300];
	struct check_summary summary;
	struct check_parts parts;
};

static void take_finding(void *context, const char *name, const struct check_finding *finding)
{
	struct seen *seen = context;
	(void)name;
	seen->findings++;
	if (finding->severity == CHECK_ERROR) {
		seen->errors++;
		seen->offset = finding->offset;
		(void)snprintf(seen->text, sizeof(seen->text), "%s", finding->text);
	}
}

static void take_warc(void *context, const char *name, const struct check_summary *summary)
{
	(void)name;
	((struct seen *)context)->summary = *summary;
}

static int open_again(void *context, struct bytes filename, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *error)
{
	(void)filename;
	return check_parts_open(
		&((struct seen *)context)->parts, copy_path, offset, length, source_out, error);
}

static void take_plain_finding(void *context, const struct check_finding *finding)
{
	take_finding(context, NULL, finding);
}

/* The file by itself. */
static struct seen check_copy(void)
{
	struct seen seen = {0};
	const struct check_options options = {.name = "a.warc.gz"};
	const struct check_hooks hooks = {.finding = take_plain_finding, .context = &seen};
	assert_int_equal(check_file(copy_path, &options, &hooks, &seen.summary, &err), FLONG_OK);
	return seen;
}

/* As flong check does it: what is found above, and more, for more time. */
static struct seen check_copy_as_set(void)
{
	struct seen seen = {.parts = {.fd = -1}};
	struct source *source = NULL;
	struct check_join_summary joined;
	const struct check_set_options options = {.temp_dir = dir};
	const struct check_set_warc warc = {.name = copy_path};
	const struct check_set_hooks hooks = {.finding = take_finding,
		.warc = take_warc,
		.open = open_again,
		.context = &seen,
		.open_context = &seen};
	struct check_set *set = check_set_create(&options, &hooks);
	assert_int_equal(source_open_file(copy_path, &source, &err), FLONG_OK);
	assert_int_equal(check_set_add_warc(set, source, &warc, &err), FLONG_OK);
	assert_int_equal(check_set_finish(set, &joined, &err), FLONG_OK);
	check_set_close(set);
	check_parts_clear(&seen.parts);
	return seen;
}

TEST(the_whole_file_is_good)
{
	struct seen seen = check_copy();
	assert_int_equal(seen.findings, 0);
	assert_int_equal(check_copy_as_set().findings, 0);
	assert_int_equal(seen.summary.records, record_count);
	assert_int_equal(seen.summary.bytes, file.len);
	assert_true(file.len >= FILE_BYTES);
	print_message("# %zu bytes, %zu records\n", file.len, record_count);
}

TEST(a_cut_at_any_byte_is_one_finding_and_loses_one_record)
{
	size_t whole = record_count; /* records that end before the cut */
	for (size_t cut = file.len; cut-- > 0;) {
		while (whole > 0 && starts[whole] > cut) {
			whole--;
		}
		assert_int_equal(ftruncate(copy_fd, (off_t)cut), 0);
		struct seen seen = check_copy();
		bool is_between = cut > 0 && starts[whole] == cut;
		if (seen.summary.records != whole || seen.findings != (is_between ? 0 : 1) ||
			seen.errors != seen.findings ||
			(seen.errors > 0 && seen.offset != starts[whole])) {
			print_message("# cut at %zu: %s\n", cut, seen.text);
		}
		assert_int_equal(seen.summary.records, whole);
		assert_int_equal(seen.findings, is_between ? 0 : 1);
		assert_int_equal(seen.errors, seen.findings);
		if (seen.errors > 0) {
			assert_int_equal(seen.offset, starts[whole]);
		}
	}
	assert_int_equal(pwrite(copy_fd, file.ptr, file.len, 0), (ssize_t)file.len);
}

/* Which bits mean nothing: of each member's head (RFC 1952 2.3.1) the time, the extra flags and the
 * system, which no reader uses, and the flag that calls the content probably text. All others are
 * compressed or digested, or say that they are. */
static bool is_idle(uint64_t bit)
{
	uint64_t at = bit / 8;
	size_t i = 0;
	while (starts[i + 1] <= at) {
		i++;
	}
	uint64_t in_member = at - starts[i];
	return (in_member >= 4 && in_member < 10) || (in_member == 3 && bit % 8 == 0);
}

/* Whether all that is in the copy is what was in the file. */
static bool has_same_content(void)
{
	struct buf contents[2] = {{0}, {0}};
	for (size_t i = 0; i < 2; i++) {
		struct source *source = source_from_bytes(buf_bytes(&file));
		if (i == 1) {
			source_close(source);
			assert_int_equal(source_open_file(copy_path, &source, &err), FLONG_OK);
		}
		SCOPED(source_closep)
		struct source *plain = inflate_open_coding(source, INFLATE_GZIP);
		assert_int_equal(source_read_all(plain, &contents[i], &err), FLONG_OK);
	}
	bool is_same = bytes_equal(buf_bytes(&contents[0]), buf_bytes(&contents[1]));
	buf_clear(&contents[0]);
	buf_clear(&contents[1]);
	return is_same;
}

/* Deflate can say the same in several ways: of the many ways to name an earlier copy of some bytes,
 * a changed bit may choose another. Then no byte of any record has changed, and nothing is found.
 */
TEST(each_bit_turned_over_is_found)
{
	size_t missed = 0;
	size_t same = 0;
	for (int n = 0; n < FLIPS; n++) {
		uint64_t bit = next_random() % (file.len * 8);
		while (is_idle(bit)) {
			bit = next_random() % (file.len * 8);
		}
		char changed = (char)(file.ptr[bit / 8] ^ (1 << bit % 8));
		assert_int_equal(pwrite(copy_fd, &changed, 1, (off_t)(bit / 8)), 1);
		if (check_copy().errors == 0 && check_copy_as_set().errors == 0) {
			same += has_same_content();
			missed += !has_same_content();
			print_message("# bit %llu of byte %llu changes no content\n",
				(unsigned long long)(bit % 8), (unsigned long long)(bit / 8));
		}
		assert_int_equal(pwrite(copy_fd, file.ptr + bit / 8, 1, (off_t)(bit / 8)), 1);
	}
	print_message("# %d bits turned over, %d found, %zu without change of content\n", FLIPS,
		FLIPS - (int)(missed + same), same);
	assert_int_equal(missed, 0);
	assert_true(same <= FLIPS / 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(the_whole_file_is_good),
		CASE(a_cut_at_any_byte_is_one_finding_and_loses_one_record),
		CASE(each_bit_turned_over_is_found)};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
