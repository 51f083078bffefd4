/* SPDX-License-Identifier: MIT */
/* sandbox_serving_test.c - a process that serves can read what it is to show, and little else */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"

static char folder[] = "/tmp/sandbox-serving-XXXXXX";
static char shown[64], own[64], temp[64];
static int listener;

/* --- what must fail: 0 when it did -------------------------------------------------------------
 */

static bool is_refused(long rc)
{
	return rc < 0 && (errno == EPERM || errno == EACCES);
}

static bool refuses_other_files(void)
{
	return is_refused(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static bool refuses_to_write(void)
{
	return is_refused(open(own, O_WRONLY | O_CLOEXEC)) &&
	       is_refused(open(own, O_RDWR | O_APPEND | O_CLOEXEC)) &&
	       is_refused(open(own, O_RDONLY | O_TRUNC | O_CLOEXEC)) &&
	       is_refused(truncate(own, 0));
}

static bool refuses_new_names(void)
{
	char path[96];
	(void)snprintf(path, sizeof(path), "%s/new", temp);
	return is_refused(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) &&
	       is_refused(mkdir(path, 0700)) && is_refused(symlink("x", path)) &&
	       is_refused(link(own, path)) && is_refused(mknod(path, S_IFREG, 0));
}

static bool refuses_to_remove(void)
{
	return is_refused(unlink(own)) && is_refused(rename(own, temp)) && is_refused(rmdir(temp));
}

static bool refuses_sockets(void)
{
	return is_refused(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) &&
	       is_refused(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static bool refuses_to_connect(void)
{
	const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = 80};
	return is_refused(connect(listener, (const struct sockaddr *)&address, sizeof(address))) &&
	       is_refused(bind(listener, (const struct sockaddr *)&address, sizeof(address)));
}

static bool refuses_to_start(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};
	return is_refused(execve("/bin/true", arguments, arguments + 1));
}

static bool refuses_to_fork(void)
{
	pid_t child = fork();
	if (child == 0) {
		_exit(0);
	}
	return is_refused(child);
}

static bool refuses_others(void)
{
	return is_refused(kill(getppid(), 0)) && is_refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static bool refuses_code(void)
{
	void *room = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return room == MAP_FAILED && errno == EPERM;
}

/* --- what must go on ---------------------------------------------------------------------------
 */

static bool reads_what_is_shown(void)
{
	char text[8] = "";
	int fd = open(own, O_RDONLY | O_CLOEXEC);
	bool is_read = fd >= 0 && pread(fd, text, 5, 0) == 5 && strcmp(text, "shown") == 0;
	(void)close(fd);
	return is_read;
}

static bool makes_temporary_files(void)
{
	int fd = open(temp, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	bool is_made = fd >= 0 && pwrite(fd, "x", 1, 0) == 1;
	(void)close(fd);
	return is_made;
}

static bool accepts(void)
{
	/* Nobody is there: the call is allowed, and has nothing to give. */
	return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK) < 0 && errno == EAGAIN;
}

static void *work(void *context)
{
	return context;
}

static bool makes_threads(void)
{
	pthread_t thread;
	return pthread_create(&thread, NULL, work, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

/* --- the process in the sandbox ----------------------------------------------------------------
 */

static const struct {
	const char *name;
	bool (*holds)(void);
	bool needs_landlock;
} claims[] = {{"refuses other files", refuses_other_files, true},
	{"refuses to write", refuses_to_write, false},
	{"refuses new names", refuses_new_names, false},
	{"refuses to remove", refuses_to_remove, false},
	{"refuses sockets", refuses_sockets, false},
	{"refuses to connect", refuses_to_connect, false},
	{"refuses to start programs", refuses_to_start, false},
	{"refuses to fork", refuses_to_fork, false},
	{"refuses other processes", refuses_others, false},
	{"refuses memory that runs", refuses_code, false},
	{"reads what is shown", reads_what_is_shown, false},
	{"makes temporary files", makes_temporary_files, false}, {"accepts", accepts, false},
	{"makes threads", makes_threads, false}};
#define CLAIMS (sizeof(claims) / sizeof(claims[0]))

static void prepare(void)
{
	assert_non_null(mkdtemp(folder));
	(void)snprintf(shown, sizeof(shown), "%s/shown", folder);
	(void)snprintf(own, sizeof(own), "%s/shown/file", folder);
	(void)snprintf(temp, sizeof(temp), "%s/temp", folder);
	assert_int_equal(mkdir(shown, 0700), 0);
	assert_int_equal(mkdir(temp, 0700), 0);
	int fd = open(own, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "shown", 5), 5);
	assert_int_equal(close(fd), 0);
	const struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 1), 0);
}

/* The child writes a byte a claim: what holds is '1'. */
static void run_claims(int output, const struct sandbox_serving *serving)
{
	struct flong_error err = {0};
	char results[CLAIMS + 1] = {0};
	if (sandbox_enter_serving(serving, &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.message);
		_exit(2);
	}
	for (size_t i = 0; i < CLAIMS; i++) {
		results[i] = claims[i].holds() ? '1' : '0';
	}
	_exit(write(output, results, CLAIMS) == (ssize_t)CLAIMS ? 0 : 1);
}

TEST(a_process_that_serves_has_given_up_the_rest)
{
	struct sandbox_support support = sandbox_look();
	int ends[2];
	char results[CLAIMS + 1] = {0};
	int status = 0;
	prepare();
	assert_int_equal(pipe(ends), 0);
	const char *const paths[] = {shown, "/tmp/is-not-there"};
	const struct sandbox_serving serving = {paths, 2, temp};
	pid_t child = fork();
	if (child == 0) {
		run_claims(ends[1], &serving);
	}
	(void)close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], results, CLAIMS), CLAIMS);
	for (size_t i = 0; i < CLAIMS; i++) {
		if (results[i] != '1' && (support.landlock_abi > 0 || !claims[i].needs_landlock)) {
			fail_msg("not so: it %s", claims[i].name);
		}
	}
	(void)close(ends[0]);
	(void)close(listener);
	assert_int_equal(unlink(own), 0);
	assert_int_equal(rmdir(shown), 0);
	assert_int_equal(rmdir(temp), 0);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	struct sandbox_support support = sandbox_look();
	if (support.is_left_out || !support.has_seccomp) {
		SKIP_ALL("no sandbox here: built with a sanitizer, under valgrind, or no seccomp");
	}
	const struct CMUnitTest tests[] = {CASE(a_process_that_serves_has_given_up_the_rest)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
