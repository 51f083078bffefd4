/* SPDX-License-Identifier: MIT */
/* alloc_fork.c - each allocation fails once, in a copy of the process that ends there */
#include "alloc_fork.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FRAMES 64
#define PLACES ((size_t)1 << 16) /* of the table; three quarters are used */
#define DETAILS_MAX 8            /* wrong ends that are described */
#define SAID_MAX 512
/* A copy that waits for something is ended: it has a few hundred instructions to go. */
#define PATIENCE_S 60

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards all that follows */
static _Thread_local bool is_busy; /* inside of this file: what it calls may allocate */
static bool is_on, is_copy, each_place;
static int report_fd = -1, said_fd = -1;
static uint64_t places[PLACES];
static unsigned long allocations, place_count, tried, wrong;

/* --- the copy ----------------------------------------------------------------------------------
 */

static void tell_call(int number, siginfo_t *info, void *context)
{
	char text[64];
	(void)number;
	(void)context;
	int length = snprintf(text, sizeof(text), "\nit made system call %d\n", info->si_syscall);
	(void)!write(2, text, (size_t)length);
	_exit(99);
}

#define LET(call)                                                                                  \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                                     \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Descriptor 2 may be written to; memory, signals and the end are a process's own. */
static void allow_nothing_else(void)
{
	static struct sock_filter lines[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		LET(exit_group),
		LET(exit),
		LET(mmap),
		LET(munmap),
		LET(mprotect),
		LET(madvise),
		LET(brk),
		LET(futex),
		LET(rt_sigprocmask),
		LET(rt_sigaction),
		LET(rt_sigreturn),
		LET(getpid),
		LET(gettid),
		LET(tgkill),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_writev, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
	};
	const struct sock_fprog program = {sizeof(lines) / sizeof(lines[0]), lines};
	const struct sigaction action = {.sa_sigaction = tell_call, .sa_flags = SA_SIGINFO};
	const struct rlimit no_core = {0, 0};
	sigset_t signals;
	(void)sigemptyset(&signals);
	(void)sigaction(SIGSYS, &action, NULL);
	(void)signal(SIGALRM, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, &signals, NULL);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	(void)alarm(PATIENCE_S);
	if (dup2(said_fd, 2) != 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		_exit(98);
	}
}

/* --- the process itself ------------------------------------------------------------------------
 */

static void write_numbers(void)
{
	char line[128];
	int length = snprintf(line, sizeof(line), "%10lu %10lu %10lu %10lu\n", allocations,
		place_count, tried, wrong);
	(void)!pwrite(report_fd, line, (size_t)length, 0);
}

/* Whether a call stack was not seen before; a full table has seen none of the rest. */
static bool is_new_place(void *const *frames, int count)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	for (int i = 0; i < count; i++) {
		hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * UINT64_C(1099511628211);
		hash ^= hash >> 29;
	}
	hash += hash == 0;
	size_t at = (size_t)(hash % PLACES);
	while (places[at] != 0 && places[at] != hash) {
		at = (at + 1) % PLACES;
	}
	bool is_new = places[at] == 0;
	if (is_new && place_count < PLACES / 4 * 3) {
		places[at] = hash;
	}
	place_count += is_new;
	return is_new;
}

static void describe(int status, const char *said, void *const *frames, int count)
{
	(void)lseek(report_fd, 0, SEEK_END);
	(void)dprintf(report_fd, "allocation %lu: %s %d: %s\n", allocations,
		WIFSIGNALED(status) ? "signal" : "status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), said);
	backtrace_symbols_fd(frames, count, report_fd);
}

static void judge(int status, void *const *frames, int count)
{
	char said[SAID_MAX];
	ssize_t length = pread(said_fd, said, sizeof(said) - 1, 0);
	said[length > 0 ? length : 0] = '\0';
	tried++;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1 &&
		strstr(said, "out of memory") != NULL) {
		return;
	}
	if (wrong++ < DETAILS_MAX) {
		describe(status, said, frames, count);
	}
}

/* Returns true in the copy. */
static bool try_here(void *const *frames, int count)
{
	int status = 0;
	(void)!ftruncate(said_fd, 0);
	(void)lseek(said_fd, 0, SEEK_SET);
	pid_t pid = fork();
	if (pid == 0) {
		is_copy = true;
		allow_nothing_else();
		return true;
	}
	if (pid < 0) { /* in a sandbox */
		is_on = false;
		return false;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	judge(status, frames, count);
	return false;
}

bool alloc_fork_fails(void)
{
	void *frames[FRAMES];
	if (!is_on || is_copy || is_busy) {
		return false;
	}
	is_busy = true;
	(void)pthread_mutex_lock(&mutex);
	int kept_errno = errno;
	int count = backtrace(frames, FRAMES);
	allocations++;
	bool is_new = is_new_place(frames, count);
	bool fails = (is_new || !each_place) && try_here(frames, count);
	if (!fails) {
		write_numbers();
	}
	errno = kept_errno;
	(void)pthread_mutex_unlock(&mutex);
	is_busy = false;
	return fails;
}

static bool is_the_program(void)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	const char *name = strrchr(path, '/');
	return name != NULL && strcmp(name, "/flong") == 0;
}

void alloc_fork_begin(void)
{
	char path[4096];
	void *frames[1];
	const char *name = getenv("FLONG_ALLOC_FORK");
	const char *each = getenv("FLONG_ALLOC_EACH");
	if (name == NULL || !is_the_program()) {
		return;
	}
	(void)snprintf(path, sizeof(path), "%s.%ld", name, (long)getpid());
	each_place = each != NULL && strcmp(each, "stack") == 0;
	report_fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	said_fd = memfd_create("said", MFD_CLOEXEC);
	(void)backtrace(frames, 1); /* loads its library now */
	is_on = report_fd >= 0 && said_fd >= 0;
	write_numbers();
}
