/* SPDX-License-Identifier: MIT */
/* disk_faults_test.c - each disk call of a crawl fails once, or from then on
 *
 * Whatever call it is, the crawl ends with the error of a disk (exit 3), or as if nothing had
 * happened where the call is not needed. What crawl.log acknowledged until then stays, and 'flong
 * resume' comes to the same end as an undisturbed crawl; also when the power goes just after, so
 * that what a failed sync did not write is gone (the kernel forgets it: "fsyncgate").
 * FLONG_FAULT_STEP: with 1 every call is tried, else one of so many. */
#include "unit.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/files.h"
#include "base/io.h"
#include "base/log.h"
#include "io_disk.h"
#include "small_crawl.h"
#include "small_site.h"

enum { STEP_DEFAULT = 151 };

static const char *seed;
static char *place, *root, *image, *output; /* owned */
static struct buf facts;                    /* owned: of the undisturbed archive */
static unsigned long calls;                 /* of the undisturbed crawl */
static unsigned tries, stops;

static const struct {
	const char *name;
	struct disk_fault fault;
	bool is_harmless; /* the crawl must not even notice */
} kinds[] = {
	{"no space", {.error = ENOSPC, .only_changes = true}, false},
	{"no space from then on", {.error = ENOSPC, .only_changes = true, .lasts = true}, false},
	{"quota from then on", {.error = EDQUOT, .only_changes = true, .lasts = true}, false},
	{"input/output error", {.error = EIO}, false},
	{"input/output error from then on", {.error = EIO, .lasts = true}, false},
	{"read-only from then on", {.error = EROFS, .only_changes = true, .lasts = true}, false},
	{"too large from then on", {.error = EFBIG, .only_changes = true, .lasts = true}, false},
	{"no descriptor", {.error = EMFILE}, false},
	{"interrupted", {.error = EINTR}, true},
	{"short", {.is_short = true}, true},
	{"short from then on", {.is_short = true, .lasts = true}, true},
};

static struct small_crawl the_crawl(void)
{
	return (struct small_crawl){.seed = seed, .output = output};
}

static void begin(void)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(root, &err), FLONG_OK);
	assert_int_equal(mkdir(root, 0700), 0);
	disk_begin(root);
}

static void look(const char *dir, struct bytes acknowledged, const char *what, unsigned long at)
{
	struct flong_error err = {0};
	SCOPED(buf_clear) struct buf found = {0};
	bool is_well = small_crawl_facts(dir, &found, &err) && small_crawl_is_clean(dir, &err) &&
		       small_crawl_acknowledges(dir, acknowledged, &err);
	if (!is_well) {
		fail_msg("%s at call %lu: %s", what, at, err.message);
	}
	if (!bytes_equal(buf_bytes(&found), buf_bytes(&facts))) {
		fail_msg("%s at call %lu: another result:\n%s", what, at, buf_text(&found));
	}
}

/* Resumes the crawl in `dir` with a disk that works. */
static void complete(const char *dir, struct bytes acknowledged, const char *what, unsigned long at)
{
	SCOPED(free_textp) char *collection = files_join(dir, "c");
	struct flong_error err = {0};
	const struct small_crawl crawl = {.seed = seed, .output = collection};
	if (small_crawl_complete(&crawl, &err) != FLONG_OK) {
		fail_msg("%s at call %lu: resumed: %s", what, at, err.message);
	}
	look(collection, acknowledged, what, at);
}

static void try_one(size_t kind, unsigned long at)
{
	const char *what = kinds[kind].name;
	struct disk_fault fault = kinds[kind].fault;
	const struct small_crawl crawl = the_crawl();
	struct flong_error err = {0};
	enum crawl_exit code = CRAWL_EXIT_OK;
	fault.at = at;
	begin();
	disk_fail(&fault);
	int rc = small_crawl_run(&crawl, &code, &err);
	bool has_failed = disk_has_failed();
	disk_fail(&(struct disk_fault){0});
	if (rc < 0 && (kinds[kind].is_harmless || rc != FLONG_E_IO)) {
		fail_msg("%s at call %lu: %d: %s", what, at, rc, err.message);
	}
	tries += has_failed;
	stops += rc < 0;
	SCOPED(buf_clear) struct buf acknowledged = {0};
	disk_written(disk_moment(), "crawl.log", &acknowledged);
	assert_int_equal(files_remove_tree(image, &err), FLONG_OK);
	disk_crash(disk_moment(), at, image);
	complete(root, buf_bytes(&acknowledged), what, at);
	disk_end();
	disk_begin(image);
	complete(image, buf_bytes(&acknowledged), what, at);
	disk_end();
}

static unsigned long step(void)
{
	const char *text = getenv("FLONG_FAULT_STEP");
	uint64_t number = STEP_DEFAULT;
	return text != NULL && bytes_to_u64(bytes_of(text), UINT32_MAX, &number) && number > 0
		       ? (unsigned long)number
		       : STEP_DEFAULT;
}

TEST(every_call_may_fail)
{
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
		/* Another remainder for each kind, so that all calls have their turn. */
		for (unsigned long at = 1 + kind * 13 % step(); at <= calls; at += step()) {
			try_one(kind, at);
		}
	}
	print_message(
		"# %lu calls; %u failures, %u of them stopped the crawl\n", calls, tries, stops);
	assert_true(tries > 20 && stops > 10);
}

static int set_up(void **state_)
{
	(void)state_;
	struct flong_error err = {0};
	enum crawl_exit code = CRAWL_EXIT_OK;
	place = small_crawl_place();
	root = files_join(place, "root");
	image = files_join(place, "image");
	output = files_join(root, "c");
	facts = buf_with_max((size_t)1 << 20);
	begin();
	disk_fail(&(struct disk_fault){.at = UINT32_MAX, .error = EIO});
	const struct small_crawl crawl = the_crawl();
	assert_int_equal(small_crawl_run(&crawl, &code, &err), FLONG_OK);
	calls = disk_calls();
	bool is_read = small_crawl_facts(output, &facts, &err);
	disk_end();
	return !is_read;
}

static int tear_down(void **state_)
{
	(void)state_;
	struct flong_error err = {0};
	int rc = files_remove_tree(place, &err);
	buf_clear(&facts);
	free(place);
	free(root);
	free(image);
	free(output);
	return rc != FLONG_OK;
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(every_call_may_fail)};
	log_set_level(LOG_ERROR);
	seed = small_site_start();
	int failed = cmocka_run_group_tests(tests, set_up, tear_down);
	small_site_stop();
	return failed;
}
