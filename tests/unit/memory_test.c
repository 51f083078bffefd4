/* SPDX-License-Identifier: MIT */
/* memory_test.c - a body of any size costs the same memory from the wire to the finished file */
#include "unit.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "base/files.h"
#include "exchanges.h"
#include "warc/capture.h"
#include "warc/reader.h"
#include "warc/segment.h"

static struct flong_error err;

enum { BODY_MIB = 300, ALLOWED_KIB = 8 * 1024 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

/* The highest resident size so far. */
static uint64_t peak_kib(void)
{
	struct buf status = {0};
	uint64_t kib = 0;
	assert_int_equal(files_read("/proc/self/status", &status, &err), FLONG_OK);
	struct bytes rest = buf_bytes(&status);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		if (bytes_starts(line, BYTES("VmHWM:"))) {
			struct bytes number = bytes_trim(bytes_slice(line, 6, line.len - 2));
			assert_true(bytes_to_u64(number, UINT64_MAX, &kib));
		}
	}
	buf_clear(&status);
	assert_true(kib > 0);
	return kib;
}

/* Makes `dir`/big.warc.gz of a body. */
static void archive(const char *dir, size_t mib, enum spool_form form)
{
	static char block[1 << 20];
	for (size_t i = 0; i < sizeof(block); i++) {
		block[i] = (char)('a' + i % 19);
	}
	SCOPED(exchange_closep)
	struct exchange *exchange = exchanges_make(
		"http://a.example/", BYTES("HTTP/1.1 200 OK\r\n\r\n"), BYTES(""), 0, SPOOL_PLAIN);
	spool_close(exchange->body);
	exchange->body = spool_create(dir, 1 << 20, form, 1);
	for (size_t i = 0; i < mib; i++) {
		assert_int_equal(
			spool_write(exchange->body, bytes_from(block, sizeof(block)), &err),
			FLONG_OK);
	}
	assert_int_equal(spool_finish(exchange->body, &err), FLONG_OK);
	struct segment *segment = NULL;
	struct segment_options options = {.exact_name = "big.warc.gz", .level = 1};
	assert_int_equal(segment_create(dir, &options, &segment, &err), FLONG_OK);
	struct capture_digests digests;
	struct capture_options capture = {
		.warcinfo_id = segment_warcinfo_id(segment), .spool_dir = dir};
	struct capture_group group = {0};
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(1);
	assert_int_equal(capture_digest(exchange, DIGEST_SHA256, &digests, &err), FLONG_OK);
	assert_int_equal(
		capture_compose(exchange, &digests, &capture, deflater, &group, &err), FLONG_OK);
	assert_int_equal(segment_append(segment, &group, NULL, &err), FLONG_OK);
	capture_group_clear(&group);
	assert_int_equal(segment_finish(segment, NULL, &err), FLONG_OK);
	segment_close(segment);
}

static void remove_archive(const char *dir)
{
	SCOPED(free_textp) char *path = files_join(dir, "big.warc.gz");
	assert_int_equal(files_remove_tree(path, &err), FLONG_OK);
}

TEST(a_large_body_adds_under_8_MiB_in_every_form)
{
	static const enum spool_form forms[] = {SPOOL_DEFLATED, SPOOL_STORED, SPOOL_PLAIN};
	char dir[] = "/tmp/memory-XXXXXX";
	assert_non_null(mkdtemp(dir));
	uint64_t before = peak_kib();
	for (size_t i = 0; i < 3; i++) {
		archive(dir, i == 0 ? BODY_MIB : 40, forms[i]);
		remove_archive(dir);
	}
	uint64_t after = peak_kib();
	(void)printf("# peak %llu KiB, then %llu KiB\n", (unsigned long long)before,
		(unsigned long long)after);
	assert_in_range(after - before, 0, ALLOWED_KIB);
	assert_int_equal(files_remove_tree(dir, &err), FLONG_OK);
}

/* Gives back what is free, and lets the peak begin anew from what is resident. False where the
 * system does not. */
static bool reset_peak(void)
{
	(void)mallopt(M_PERTURB, 0); /* meson lets all that is allocated be written */
	(void)malloc_trim(0);
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	bool is_reset = fd >= 0 && write(fd, "5", 1) == 1;
	files_close_fd(&fd);
	return is_reset;
}

TEST(a_large_record_is_read_in_under_1_MiB)
{
	char dir[] = "/tmp/memory-XXXXXX";
	assert_non_null(mkdtemp(dir));
	archive(dir, 20, SPOOL_DEFLATED);
	SCOPED(free_textp) char *path = files_join(dir, "big.warc.gz");
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record = NULL;
	size_t records = 0;
	if (reset_peak()) {
		uint64_t before = peak_kib();
		assert_int_equal(reader_open(path, &reader, &err), FLONG_OK);
		while (reader_next(reader, &record, &err) == FLONG_OK) {
			assert_int_equal(reader_finish(reader, &err), FLONG_OK);
			records++;
		}
		uint64_t after = peak_kib();
		(void)printf("# peak %llu KiB, then %llu KiB\n", (unsigned long long)before,
			(unsigned long long)after);
		assert_true(records > 1);
		assert_in_range(after - before, 0, 1024);
	} else {
		(void)printf("# SKIP: the peak cannot be reset here\n");
	}
	assert_int_equal(files_remove_tree(dir, &err), FLONG_OK);
}

int main(void)
{
	const char *preload = getenv("LD_PRELOAD");
	if (IS_SANITIZED || (preload != NULL && strstr(preload, "vgpreload") != NULL)) {
		SKIP_ALL("memory cannot be measured under a sanitizer or valgrind");
	}
	const struct CMUnitTest tests[] = {CASE(a_large_body_adds_under_8_MiB_in_every_form),
		CASE(a_large_record_is_read_in_under_1_MiB)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
