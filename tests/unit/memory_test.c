/* SPDX-License-Identifier: MIT */
/* memory_test.c - a body of any size costs the same memory from the wire to the finished file */
#include "unit.h"

#include "base/files.h"
#include "exchanges.h"
#include "warc/capture.h"
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
	}
	uint64_t after = peak_kib();
	(void)printf("# peak %llu KiB, then %llu KiB\n", (unsigned long long)before,
		(unsigned long long)after);
	assert_in_range(after - before, 0, ALLOWED_KIB);
	assert_int_equal(files_remove_tree(dir, &err), FLONG_OK);
}

int main(void)
{
	const char *preload = getenv("LD_PRELOAD");
	if (IS_SANITIZED || (preload != NULL && strstr(preload, "vgpreload") != NULL)) {
		SKIP_ALL("memory cannot be measured under a sanitizer or valgrind");
	}
	const struct CMUnitTest tests[] = {CASE(a_large_body_adds_under_8_MiB_in_every_form)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
