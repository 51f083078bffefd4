/* SPDX-License-Identifier: MIT */
/* job_alert.c - the command that tells somebody that a run did not go well */
#include "crawl/job_alert.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"

extern char **environ;

/* The variables of this process, then ours. The array is owned, its texts are borrowed. */
static char **environment_with(char *const *variables)
{
	size_t count = 0;
	size_t added = 0;
	while (environ[count] != NULL) {
		count++;
	}
	while (variables[added] != NULL) {
		added++;
	}
	char **all = ALLOC_ARRAY(char *, count + added + 1);
	for (size_t i = 0; i < count; i++) {
		all[i] = environ[i];
	}
	for (size_t i = 0; i < added; i++) {
		all[count + i] = variables[i];
	}
	return all;
}

static int start(const char *command, const char *status_path, char *const *environment,
	pid_t *pid_out, struct flong_error *err)
{
	static char shell[] = "/bin/sh";
	static char option[] = "-c";
	SCOPED(free_textp) char *text = alloc_copy(command);
	char *const arguments[] = {shell, option, text, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawnattr_init(&attributes);
	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGPIPE); /* which we ignore */
	(void)posix_spawnattr_setsigdefault(&attributes, &defaults);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	(void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, status_path, O_RDONLY, 0);
	int code = posix_spawn(pid_out, shell, &actions, &attributes, arguments, environment);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return code == 0 ? FLONG_OK : error_set_errno(err, FLONG_E_IO, code, "alert");
}

static int wait_for(pid_t pid, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = pidfd_open(pid, 0);
	struct pollfd end = {.fd = fd, .events = POLLIN};
	int ready = fd < 0 ? 1 : poll(&end, 1, LIMIT_ALERT_MS);
	if (ready == 0) {
		(void)kill(pid, SIGKILL);
	}
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (ready == 0) {
		return error_set(err, FLONG_E_TIMEOUT, "alert: it did not end within %d s",
			LIMIT_ALERT_MS / 1000);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		return error_set(err, FLONG_E_REFUSED, "alert: it ended with %s %d",
			WIFEXITED(status) ? "status" : "signal",
			WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	}
	return FLONG_OK;
}

int job_alert_run(const char *command, const char *status_path, char *const *variables,
	struct flong_error *err)
{
	char **environment = environment_with(variables);
	pid_t pid = 0;
	int rc = start(command, status_path, environment, &pid, err);
	free(environment);
	return rc == FLONG_OK ? wait_for(pid, err) : rc;
}
