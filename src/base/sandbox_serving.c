/* SPDX-License-Identifier: MIT */
/* sandbox_serving.c - what is left to a process that answers requests about files
 *
 * Landlock says which files; it refuses names for what is written, and seccomp refuses every way to
 * open a file for writing but O_TMPFILE. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "base/error.h"
#include "base/io.h"
#include "base/sandbox.h"

/* As in sandbox.c: every way to read, write, run, make or remove a file. */
#define LANDLOCK_FIRST_RIGHTS ((1u << 13) - 1)
#define LANDLOCK_REFER (1u << 13)        /* ABI 2 */
#define LANDLOCK_TRUNCATE (1u << 14)     /* ABI 3 */
#define LANDLOCK_IOCTL_DEVICE (1u << 15) /* ABI 5 */

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
	uint64_t rights = LANDLOCK_FIRST_RIGHTS;
	rights |= abi >= 2 ? LANDLOCK_REFER : 0;
	rights |= abi >= 3 ? LANDLOCK_TRUNCATE : 0;
	rights |= abi >= 5 ? LANDLOCK_IOCTL_DEVICE : 0;
	const struct landlock_ruleset_attr attributes = {.handled_access_fs = rights};
	int rules = (int)syscall(
		SYS_landlock_create_ruleset, &attributes, sizeof(attributes.handled_access_fs), 0);
	if (rules < 0) {
		return error_set_errno(err, FLONG_E_UNSUPPORTED, errno, "no sandbox: Landlock");
	}
	int rc = add_paths(rules, serving, err);
	if (rc == FLONG_OK && syscall(SYS_landlock_restrict_self, rules, 0) != 0) {
		rc = error_set_errno(
			err, FLONG_E_UNSUPPORTED, errno, "no sandbox: Landlock refuses");
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

struct rule {
	int call;
	unsigned count;
	struct scmp_arg_cmp arguments[2];
};

/* Only the flag that O_TMPFILE has beside O_DIRECTORY. */
#define NAMELESS (O_TMPFILE & ~O_DIRECTORY)

static int add_rules(scmp_filter_ctx filter)
{
	const struct rule rules[] = {
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
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < sizeof(free_calls) / sizeof(free_calls[0]); i++) {
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, free_calls[i], 0, NULL);
	}
	for (size_t i = 0; rc == 0 && i < sizeof(rules) / sizeof(rules[0]); i++) {
		rc = seccomp_rule_add_array(
			filter, SCMP_ACT_ALLOW, rules[i].call, rules[i].count, rules[i].arguments);
	}
	/* Its arguments cannot be looked at; without it the C library takes clone. */
	return rc == 0 ? seccomp_rule_add_array(
				 filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, NULL)
		       : rc;
}

static int filter_calls(struct flong_error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL) {
		return error_set(err, FLONG_E_UNSUPPORTED, "no sandbox: no filter can be made");
	}
	int rc = add_rules(filter);
	if (rc == 0) {
		rc = seccomp_load(filter); /* sets no_new_privs too */
	}
	seccomp_release(filter);
	return rc == 0 ? FLONG_OK
		       : error_set_errno(err, FLONG_E_UNSUPPORTED, -rc,
				 "no sandbox: the kernel takes no filter of system calls");
}

int sandbox_enter_serving(const struct sandbox_serving *serving, struct flong_error *err)
{
	struct sandbox_support support = sandbox_look();
	if (support.is_left_out) {
		return FLONG_OK;
	}
	if (!support.has_seccomp) {
		return error_set(
			err, FLONG_E_UNSUPPORTED, "no sandbox: this kernel has no seccomp");
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		return error_set_errno(err, FLONG_E_UNSUPPORTED, errno, "no sandbox");
	}
	int rc = support.landlock_abi > 0 ? limit_files(support.landlock_abi, serving, err)
					  : FLONG_OK;
	return rc == FLONG_OK ? filter_calls(err) : rc;
}
