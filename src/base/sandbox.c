/* SPDX-License-Identifier: MIT */
/* sandbox.c - what is left to a process that reads hostile bytes */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox_enter.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
	__has_feature(memory_sanitizer)
#define HAS_SANITIZER true
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER true
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER false
#endif

struct sandbox_support sandbox_look(void)
{
	struct sandbox_support support = {.is_left_out = HAS_SANITIZER};
	const uint32_t action = SECCOMP_RET_ERRNO;
	support.has_seccomp = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	support.landlock_abi = abi > 0 ? (int)abi : 0;
	return support;
}

void sandbox_describe(struct sandbox_support support, struct buf *out)
{
	if (support.is_left_out) {
		buf_add_text(out, "none (built with a sanitizer)");
		return;
	}
	buf_add_text(out, support.has_seccomp ? "seccomp" : "none (no seccomp)");
	if (support.has_seccomp && support.landlock_abi > 0) {
		buf_addf(out, ", Landlock ABI %d", support.landlock_abi);
	}
}

/* Calls that are allowed whatever they are given: memory, time, the end. */
static const int free_calls[] = {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(getrusage), SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit),
	SCMP_SYS(exit_group)};

static int limit_calls(const struct sandbox_descriptors *descriptors, struct flong_error *err)
{
	const scmp_datum_t socket = (scmp_datum_t)descriptors->socket;
	const scmp_datum_t input = (scmp_datum_t)descriptors->input;
	const scmp_datum_t output = (scmp_datum_t)descriptors->output;
	const struct sandbox_rule rules[] = {
		/* Only to whom the socket is connected. */
		{SCMP_SYS(sendto), 2,
			{SCMP_A0(SCMP_CMP_EQ, socket, 0), SCMP_A4(SCMP_CMP_EQ, 0, 0)}},
		{SCMP_SYS(recvfrom), 1, {SCMP_A0(SCMP_CMP_EQ, socket, 0)}},
		{SCMP_SYS(pread64), 1, {SCMP_A0(SCMP_CMP_EQ, input, 0)}},
		{SCMP_SYS(pwrite64), 1, {SCMP_A0(SCMP_CMP_EQ, output, 0)}},
		/* Memory, but none that can be run. */
		{SCMP_SYS(mmap), 2,
			{SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
				SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)}},
		{SCMP_SYS(mprotect), 1, {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}},
		/* Its own limit of processor time. */
		{SCMP_SYS(prlimit64), 2,
			{SCMP_A0(SCMP_CMP_EQ, 0, 0), SCMP_A1(SCMP_CMP_EQ, RLIMIT_CPU, 0)}},
	};
	const struct sandbox_calls calls = {.free = free_calls,
		.free_count = sizeof(free_calls) / sizeof(free_calls[0]),
		.rules = rules,
		.rule_count = sizeof(rules) / sizeof(rules[0])};
	return sandbox_limit_calls(&calls, err);
}

/* No file at all. */
static int forbid_files(int abi, struct flong_error *err)
{
	int rules = -1;
	int rc = sandbox_make_ruleset(abi, &rules, err);
	if (rc == FLONG_OK) {
		rc = sandbox_limit_files(rules, err);
		(void)close(rules);
	}
	return rc;
}

int sandbox_enter(const struct sandbox_descriptors *descriptors, struct flong_error *err)
{
	struct sandbox_support support;
	int rc = sandbox_begin(&support, err);
	if (rc != FLONG_OK) {
		return rc == FLONG_END ? FLONG_OK : rc;
	}
	if (support.landlock_abi > 0) {
		rc = forbid_files(support.landlock_abi, err);
	}
	return rc == FLONG_OK ? limit_calls(descriptors, err) : rc;
}

/* --- what must fail ----------------------------------------------------------------------------
 */

static int try_open(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static int try_create(void)
{
	return open("/tmp/flong-sandbox-probe", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static int try_remove(void)
{
	return unlink("/tmp/flong-sandbox-probe");
}

static int try_status(void)
{
	struct stat status;
	return stat("/etc/passwd", &status);
}

static int try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int try_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int try_connect(void)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = 80, .sin_addr = {0x0100007f}};
	return connect(3, (const struct sockaddr *)&address, sizeof(address));
}

static int try_send_to_address(void)
{
	const struct sockaddr address = {.sa_family = AF_UNIX};
	return (int)sendto(3, "x", 1, MSG_NOSIGNAL, &address, sizeof(address));
}

static int try_exec(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};
	return execve("/bin/true", arguments, arguments + 1);
}

static int try_fork(void)
{
	pid_t child = fork();
	if (child == 0) {
		_exit(0);
	}
	if (child > 0) {
		(void)waitpid(child, NULL, 0);
	}
	return child;
}

static int try_trace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int try_kill(void)
{
	return kill(getppid(), 0);
}

static int try_write(void)
{
	return (int)write(2, "x", 1);
}

static int try_map_code(void)
{
	void *room = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return room == MAP_FAILED ? -1 : 0;
}

static int try_make_code(void)
{
	void *room = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return room == MAP_FAILED ? 0 : mprotect(room, 4096, PROT_READ | PROT_EXEC);
}

static int try_raise_limit(void)
{
	const struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
	return setrlimit(RLIMIT_NOFILE, &limit);
}

int sandbox_probe(struct buf *out)
{
	static const struct {
		const char *name;
		int (*run)(void); /* -1 with errno: it failed, as it must */
	} probes[] = {{"open a file", try_open}, {"create a file", try_create},
		{"remove a file", try_remove}, {"look at a file", try_status},
		{"make an internet socket", try_socket}, {"make a local socket", try_unix_socket},
		{"connect", try_connect}, {"send to an address", try_send_to_address},
		{"execve", try_exec}, {"fork", try_fork}, {"ptrace", try_trace}, {"kill", try_kill},
		{"write to the terminal", try_write}, {"map memory that can be run", try_map_code},
		{"make memory run", try_make_code}, {"change a limit", try_raise_limit}};
	size_t count = sizeof(probes) / sizeof(probes[0]);
	int allowed = 0;
	buf_addf(out, "1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		errno = 0;
		bool is_refused = probes[i].run() < 0 && errno == EPERM;
		allowed += !is_refused;
		buf_addf(out, "%s %zu - refused: %s\n", is_refused ? "ok" : "not ok", i + 1,
			probes[i].name);
	}
	return allowed;
}
