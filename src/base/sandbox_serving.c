/* SPDX-License-Identifier: MIT */
/* sandbox_serving.c - what is left to a process that answers requests about files
 *
 * Landlock says which files; it refuses names for what is written, and seccomp refuses every way to
 * open a file for writing but O_TMPFILE. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "base/error.h"
#include "base/io.h"
#include "base/sandbox_enter.h"

/* --- files -------------------------------------------------------------------------------------
 */

static int add_path(int rules, const char *path, uint64_t rights, struct flong_error *err)
{
	int fd = io_open(path, O_PATH, 0);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) != 0) {
		if (fd >= 0) {
			(void)io_close(fd);
		}
		return FLONG_OK;
	}
	if (!S_ISDIR(status.st_mode)) {
		rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
	}
	const struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
	long rc = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	int saved = errno;
	(void)io_close(fd);
	return rc == 0 ? FLONG_OK
		       : error_set_errno(err, FLONG_E_UNSUPPORTED, saved,
				 "no sandbox: Landlock and %s", path);
}

static int add_paths(int rules, const struct sandbox_serving *serving, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < serving->read_count; i++) {
		rc = add_path(rules, serving->read_paths[i],
			LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR, err);
	}
	if (rc == FLONG_OK) {
		rc = add_path(rules, serving->temp_dir,
			LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE, err);
	}
	return rc;
}

static int limit_files(int abi, const struct sandbox_serving *serving, struct flong_error *err)
{
	int rules = -1;
	int rc = sandbox_make_ruleset(abi, &rules, err);
	if (rc < 0) {
		return rc;
	}
	rc = add_paths(rules, serving, err);
	if (rc == FLONG_OK) {
		rc = sandbox_limit_files(rules, err);
	}
	(void)io_close(rules);
	return rc;
}

/* --- calls -------------------------------------------------------------------------------------
 */

/* Calls that are allowed whatever they are given: memory, time, threads, descriptors that are open.
 */
static const int free_calls[] = {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(getrusage), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
	SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg), SCMP_SYS(shutdown), SCMP_SYS(setsockopt), SCMP_SYS(getsockopt),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(read), SCMP_SYS(readv),
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(lseek),
	SCMP_SYS(sendfile), SCMP_SYS(ftruncate), SCMP_SYS(close), SCMP_SYS(fcntl), SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
	SCMP_SYS(getdents64), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat)};

/* Only the flag that O_TMPFILE has beside O_DIRECTORY. */
#define NAMELESS (O_TMPFILE & ~O_DIRECTORY)

static int limit_calls(struct flong_error *err)
{
	const struct sandbox_rule rules[] = {
		/* Only to whom the socket is connected. */
		{SCMP_SYS(sendto), 1, {SCMP_A4(SCMP_CMP_EQ, 0, 0)}},
		/* Files to be read, or without a name. */
		{SCMP_SYS(openat), 1,
			{SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, 0)}},
		{SCMP_SYS(openat), 1, {SCMP_A2(SCMP_CMP_MASKED_EQ, O_CREAT | NAMELESS, NAMELESS)}},
		{SCMP_SYS(open), 1,
			{SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, 0)}},
		/* Memory, but none that can be run. */
		{SCMP_SYS(mmap), 1, {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}},
		{SCMP_SYS(mprotect), 1, {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}},
		/* Threads, and no other processes. */
		{SCMP_SYS(clone), 1, {SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)}},
		/* Whether standard error is a terminal; a socket that does not wait. */
		{SCMP_SYS(ioctl), 1, {SCMP_A1(SCMP_CMP_EQ, TCGETS, 0)}},
		{SCMP_SYS(ioctl), 1, {SCMP_A1(SCMP_CMP_EQ, FIONBIO, 0)}},
		/* Its own limits, to be read. */
		{SCMP_SYS(prlimit64), 2, {SCMP_A0(SCMP_CMP_EQ, 0, 0), SCMP_A2(SCMP_CMP_EQ, 0, 0)}},
	};
	/* Its arguments cannot be looked at; without it the C library takes clone. */
	const int absent[] = {SCMP_SYS(clone3)};
	const struct sandbox_calls calls = {.free = free_calls,
		.free_count = sizeof(free_calls) / sizeof(free_calls[0]),
		.rules = rules,
		.rule_count = sizeof(rules) / sizeof(rules[0]),
		.absent = absent,
		.absent_count = sizeof(absent) / sizeof(absent[0])};
	return sandbox_limit_calls(&calls, err);
}

int sandbox_enter_serving(const struct sandbox_serving *serving, struct flong_error *err)
{
	struct sandbox_support support;
	int rc = sandbox_begin(&support, err);
	if (rc != FLONG_OK) {
		return rc == FLONG_END ? FLONG_OK : rc;
	}
	if (support.landlock_abi > 0) {
		rc = limit_files(support.landlock_abi, serving, err);
	}
	return rc == FLONG_OK ? limit_calls(err) : rc;
}
