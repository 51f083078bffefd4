/* SPDX-License-Identifier: MIT */
/* power_test.c - the power goes at any moment of a crawl, and what was acknowledged is there after
 *
 * A crawl of a small site runs on a disk that remembers what was written and what was synced. From
 * that come the disks that a power cut could leave at random moments (io_disk.h). On each the crawl
 * is resumed to its end: every line that crawl.log had at that moment must be there, once; all
 * files must be readable and without errors; and the archive must hold what an undisturbed one
 * holds. FLONG_POWER_CUTS sets the number of cuts, FLONG_POWER_SEED the
 * first seed. */
#include "unit.h"

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

/* Cuts of one recording; then one of the disks that a cut has left is gone on with, on record. */
enum { CUTS_DEFAULT = 60, CUTS_OF_RECORDING = 30 };

static const char *seed;

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);
	uint64_t number = otherwise;
	return text != NULL && bytes_to_u64(bytes_of(text), UINT64_MAX, &number) ? number
										 : otherwise;
}

/* Files that nobody syncs: the disks after a cut lose no power. */
static int no_sync(int fd)
{
	(void)fd;
	return 0;
}

static void use_quick_disk(void)
{
	static struct io_calls calls;
	calls = io_system;
	calls.sync = calls.sync_data = calls.sync_all = no_sync;
	(void)io_use(&calls);
}

static void remove_place(char *place_take)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place_take, &err), FLONG_OK);
	free(place_take);
}

struct power {
	char *place;      /* owned: what follows lies there */
	struct buf facts; /* owned: of the undisturbed archive */
	uint64_t dice, lost, failed, kept_lines;
};

static uint64_t throw_dice(struct power *power, uint64_t sides)
{
	power->dice = power->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (power->dice >> 33) % sides;
}

static size_t any_moment(struct power *power)
{
	size_t first = disk_first_moment();
	return first + (size_t)throw_dice(power, disk_moment() - first + 1);
}

/* Copies nothing: the image itself is completed and looked at. */
static void check_image(
	struct power *power, const char *image, struct bytes acknowledged, uint64_t cut)
{
	SCOPED(free_textp) char *output = files_join(image, "c");
	const struct small_crawl crawl = {.seed = seed, .output = output};
	struct flong_error err = {0};
	SCOPED(buf_clear) struct buf facts = {0};
	use_quick_disk();
	if (small_crawl_complete(&crawl, &err) != FLONG_OK ||
		!small_crawl_facts(output, &facts, &err) || !small_crawl_is_clean(output, &err)) {
		power->failed++;
	} else if (!small_crawl_acknowledges(output, acknowledged, &err)) {
		power->lost++;
	} else if (!bytes_equal(buf_bytes(&facts), buf_bytes(&power->facts))) {
		power->failed++;
		(void)snprintf(err.message, sizeof(err.message), "another result");
		print_message("%s---\n%s", buf_text(&power->facts), buf_text(&facts));
	} else {
		return;
	}
	print_message("# cut %llu: %s\n", (unsigned long long)cut, err.message);
	if (getenv("FLONG_POWER_KEEP") != NULL) {
		print_message("# kept: %s\n", image);
		exit(1);
	}
}

/* Cuts the power of the recording `cuts` times; the last image is left for the next recording. */
static void cut_power(struct power *power, uint64_t cuts, uint64_t first_cut, const char *image)
{
	struct flong_error err = {0};
	for (uint64_t cut = first_cut; cut < first_cut + cuts; cut++) {
		size_t moment = any_moment(power);
		SCOPED(buf_clear) struct buf acknowledged = {0};
		disk_written(moment, "crawl.log", &acknowledged);
		assert_int_equal(files_remove_tree(image, &err), FLONG_OK);
		disk_crash(moment, cut, image);
		power->kept_lines += acknowledged.len;
		check_image(power, image, buf_bytes(&acknowledged), cut);
	}
}

/* A crawl on record, from what is in `root`. */
static void record(const char *root)
{
	SCOPED(free_textp) char *output = files_join(root, "c");
	const struct small_crawl crawl = {.seed = seed, .output = output};
	struct flong_error err = {0};
	disk_begin(root);
	if (small_crawl_complete(&crawl, &err) != FLONG_OK) {
		fail_msg("%s", err.message);
	}
}

TEST(what_was_acknowledged_outlives_power_cuts)
{
	uint64_t cuts = number_of("FLONG_POWER_CUTS", CUTS_DEFAULT);
	struct power power = {
		.place = small_crawl_place(), .dice = number_of("FLONG_POWER_SEED", 1)};
	struct flong_error err = {0};
	SCOPED(free_textp) char *root = files_join(power.place, "root");
	SCOPED(free_textp) char *image = files_join(power.place, "image");
	SCOPED(free_textp) char *output = files_join(root, "c");
	power.facts = buf_with_max((size_t)1 << 20);
	uint64_t first = 0;
	for (unsigned recording = 0; first < cuts; recording++) {
		uint64_t count =
			cuts - first < CUTS_OF_RECORDING ? cuts - first : CUTS_OF_RECORDING;
		if (recording % 4 == 0) { /* anew; else what the last cut has left */
			assert_int_equal(files_remove_tree(root, &err), FLONG_OK);
			assert_int_equal(mkdir(root, 0700), 0);
		}
		record(root);
		if (recording == 0 && !small_crawl_facts(output, &power.facts, &err)) {
			fail_msg("%s", err.message);
		}
		cut_power(&power, count, first, image);
		first += count;
		size_t moment = any_moment(&power);
		use_quick_disk();
		assert_int_equal(files_remove_tree(root, &err), FLONG_OK);
		disk_crash(moment, first, root);
		disk_end();
	}
	print_message(
		"# %llu cuts: %llu lost what was acknowledged, %llu failed otherwise; %llu bytes "
		"of lines were looked for\n",
		(unsigned long long)cuts, (unsigned long long)power.lost,
		(unsigned long long)power.failed, (unsigned long long)power.kept_lines);
	assert_int_equal(power.lost, 0);
	assert_int_equal(power.failed, 0);
	assert_true(power.kept_lines > cuts * 100); /* else the cuts hit nothing */
	buf_clear(&power.facts);
	remove_place(power.place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(what_was_acknowledged_outlives_power_cuts)};
	log_set_level(LOG_ERROR);
	seed = small_site_start();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	small_site_stop();
	return failed;
}
