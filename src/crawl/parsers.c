/* SPDX-License-Identifier: MIT */
/* parsers.c - parser processes: started, fed, replaced
 *
 * One is there from the start. The next is started when a document has to wait: before the first
 * request it would only take a processor from what is to be done for that. */
#include "crawl/parsers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/sandbox.h"
#include "crawl/parser_input.h"
#include "crawl/parser_process.h"

/* A document that waits so long gets another process, if there may be one. */
#define WAIT_MS 2

/* A document waiting for a process, laid out as it goes into the input file. */
struct waiting {
	uint64_t ticket;
	struct buf input; /* owned */
	int64_t since_ms; /* monotonic */
	struct waiting *next;
};

struct process {
	pid_t pid;     /* 0 = not running */
	int socket_fd; /* ours */
	int input_fd, output_fd;
	bool is_busy;
	uint64_t ticket;     /* of the document it reads */
	int64_t deadline_ms; /* monotonic */
};

struct parsers {
	struct process *processes; /* owned */
	bool is_open;              /* no sandbox */
	size_t count, most;        /* started so far; how many there may be */
	int *fds;                  /* owned: sockets of the processes, in their order */
	struct waiting *first, *last;
	struct parsed **ready_list; /* owned: results that wait to be taken */
	size_t ready_count, ready_capacity;
	size_t pending;
	struct buf scratch; /* a result read back */
};

static void close_descriptors(struct process *process)
{
	files_close_fd(&process->socket_fd);
	files_close_fd(&process->input_fd);
	files_close_fd(&process->output_fd);
}

static int spawn_process(
	struct process *process, int child_socket, bool is_open, struct flong_error *err)
{
	char sandboxed[] = PARSER_SANDBOXED;
	char open[] = PARSER_OPEN;
	char *const arguments[] = {
		(char[]){"flong"}, (char[]){PARSER_COMMAND}, is_open ? open : sandboxed, NULL};
	/* The parser needs nothing from the environment but what sanitizers are told by it. */
	char *environment[4] = {NULL};
	size_t used = 0;
	static const char *const kept[] = {"ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS="};
	for (char **variable = environ; *variable != NULL; variable++) {
		for (size_t i = 0; i < 3 && used < 3; i++) {
			if (strncmp(*variable, kept[i], strlen(kept[i])) == 0) {
				environment[used++] = *variable;
			}
		}
	}
	posix_spawn_file_actions_t actions;
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, child_socket, PARSER_SOCKET_FD);
	(void)posix_spawn_file_actions_adddup2(&actions, process->input_fd, PARSER_INPUT_FD);
	(void)posix_spawn_file_actions_adddup2(&actions, process->output_fd, PARSER_OUTPUT_FD);
	posix_spawnattr_t attributes;
	(void)posix_spawnattr_init(&attributes);
	/* Its own group: a Ctrl-C at the terminal is for us to handle, the parsers go on until we
	 * are done. */
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
	sigset_t defaults;
	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGPIPE);
	(void)posix_spawnattr_setsigdefault(&attributes, &defaults);
	int failed = posix_spawn(
		&process->pid, "/proc/self/exe", &actions, &attributes, arguments, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	if (failed != 0) {
		process->pid = 0;
		return error_set_errno(
			err, FLONG_E_IO, failed, "a parser process cannot be started");
	}
	return FLONG_OK;
}

/* Descriptors over 9, so that dup2 onto 3, 4 and 5 cannot overwrite one that is still needed. */
static int move_up(int fd)
{
	int moved = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);
	files_close_fd(&fd);
	return moved;
}

static int start_process(struct process *process, bool is_open, struct flong_error *err)
{
	int pair[2] = {-1, -1};
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "parser socket");
	}
	*process = (struct process){
		.socket_fd = move_up(pair[0]),
		.input_fd = move_up(memfd_create("flong-document", MFD_CLOEXEC)),
		.output_fd = move_up(memfd_create("flong-result", MFD_CLOEXEC)),
	};
	SCOPED(files_close_fd) int child_socket = move_up(pair[1]);
	int rc = FLONG_OK;
	if (process->socket_fd < 0 || process->input_fd < 0 || process->output_fd < 0 ||
		child_socket < 0) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "parser memory file");
	} else {
		rc = spawn_process(process, child_socket, is_open, err);
	}
	if (rc < 0) {
		close_descriptors(process);
	}
	return rc;
}

static void end_process(struct process *process)
{
	if (process->pid > 0) {
		(void)kill(process->pid, SIGKILL);
		(void)waitpid(process->pid, NULL, 0);
	}
	process->pid = 0;
	close_descriptors(process);
}

/* Starts one more process. */
static int start_next(struct parsers *parsers, struct flong_error *err)
{
	struct process *process = &parsers->processes[parsers->count];
	int rc = start_process(process, parsers->is_open, err);
	if (rc == FLONG_OK) {
		parsers->fds[parsers->count++] = process->socket_fd;
	}
	return rc;
}

int parsers_check(size_t processes, bool is_open, struct flong_error *err)
{
	return processes == 0 || is_open || sandbox_look().has_seccomp
		       ? FLONG_OK
		       : error_set(err, FLONG_E_UNSUPPORTED,
				 "this system has no sandbox for what reads pages (no seccomp); "
				 "--sandbox off goes without");
}

int parsers_create(
	size_t processes, bool is_open, struct parsers **parsers_out, struct flong_error *err)
{
	int checked = parsers_check(processes, is_open, err);
	if (checked < 0) {
		return checked;
	}
	SCOPED(parsers_closep) struct parsers *parsers = ALLOC(struct parsers);
	parsers->processes = ALLOC_ARRAY(struct process, processes);
	parsers->fds = ALLOC_ARRAY(int, processes);
	parsers->is_open = is_open;
	parsers->scratch = buf_with_max(LIMIT_PAGE_RESULT_BYTES);
	parsers->most = processes;
	int rc = processes > 0 ? start_next(parsers, err) : FLONG_OK;
	if (rc < 0) {
		return rc;
	}
	*parsers_out = TAKE(parsers);
	return FLONG_OK;
}

void parsers_close(struct parsers *parsers)
{
	if (parsers == NULL) {
		return;
	}
	for (size_t i = 0; i < parsers->count; i++) { /* all at once, before one is waited for */
		if (parsers->processes[i].pid > 0) {
			(void)kill(parsers->processes[i].pid, SIGKILL);
		}
	}
	for (size_t i = 0; i < parsers->count; i++) {
		end_process(&parsers->processes[i]);
	}
	while (parsers->first != NULL) {
		struct waiting *waiting = parsers->first;
		parsers->first = waiting->next;
		buf_clear(&waiting->input);
		free(waiting);
	}
	for (size_t i = 0; i < parsers->ready_count; i++) {
		parsed_close(parsers->ready_list[i]);
	}
	free(parsers->ready_list);
	free(parsers->processes);
	free(parsers->fds);
	buf_clear(&parsers->scratch);
	free(parsers);
}

void parsed_close(struct parsed *parsed)
{
	if (parsed != NULL) {
		page_result_clear(&parsed->result);
		free(parsed);
	}
}

static void add_ready(struct parsers *parsers, struct parsed *parsed)
{
	if (parsers->ready_count == parsers->ready_capacity) {
		parsers->ready_capacity = parsers->ready_capacity * 2 + 8;
		parsers->ready_list = alloc_resize(
			parsers->ready_list, parsers->ready_capacity, sizeof(struct parsed *));
	}
	parsers->ready_list[parsers->ready_count++] = parsed;
}

/* A result for `ticket` from serialised bytes, or one that says why there is none. */
static struct parsed *make_parsed(uint64_t ticket, struct bytes serialised, const char *fault)
{
	struct parsed *parsed = ALLOC(struct parsed);
	struct flong_error err = {0};
	parsed->ticket = ticket;
	if (fault == NULL && page_result_read(serialised, &parsed->result, &err) == FLONG_OK) {
		parsed->is_read = true;
		return parsed;
	}
	page_result_clear(&parsed->result);
	parsed->result = (struct page_result){0};
	struct bytes reason = bytes_of(fault == NULL ? err.message : fault);
	size_t length =
		reason.len < sizeof(parsed->fault) - 1 ? reason.len : sizeof(parsed->fault) - 1;
	memcpy(parsed->fault, reason.ptr, length);
	return parsed;
}

static struct process *idle_process(struct parsers *parsers)
{
	for (size_t i = 0; i < parsers->count; i++) {
		if (!parsers->processes[i].is_busy) {
			return &parsers->processes[i];
		}
	}
	return NULL;
}

/* Gives a document to an idle process. */
static int feed(struct process *process, const struct waiting *waiting, struct flong_error *err)
{
	int rc = files_write_all_at(
		process->input_fd, buf_bytes(&waiting->input), 0, "parser memory file", err);
	if (rc < 0) {
		return rc;
	}
	const struct parser_message message = {waiting->ticket, waiting->input.len};
	if (send(process->socket_fd, &message, sizeof(message), MSG_NOSIGNAL) !=
		(ssize_t)sizeof(message)) {
		return error_set_errno(err, FLONG_E_IO, errno, "parser process is gone");
	}
	process->is_busy = true;
	process->ticket = waiting->ticket;
	process->deadline_ms = clock_monotonic_ms() + LIMIT_PARSER_MS;
	return FLONG_OK;
}

static void replace(struct parsers *parsers, struct process *process)
{
	struct flong_error err = {0};
	end_process(process);
	if (start_process(process, parsers->is_open, &err) < 0) {
		/* Without a process documents wait for the others; with none left they are answered
		 * as unread. */
		process->is_busy = true;
		process->ticket = UINT64_MAX;
		process->deadline_ms = INT64_MAX;
		process->socket_fd = process->input_fd = process->output_fd = -1;
	}
	parsers->fds[process - parsers->processes] = process->socket_fd;
}

/* An idle process, or a new one for a document that has waited. */
static struct process *find_process(struct parsers *parsers)
{
	struct process *process = idle_process(parsers);
	if (process != NULL || parsers->first == NULL || parsers->count == parsers->most ||
		clock_monotonic_ms() - parsers->first->since_ms < WAIT_MS) {
		return process;
	}
	struct flong_error ignored = {0};
	if (start_next(parsers, &ignored) < 0) {
		parsers->most = parsers->count; /* those that are there have to do */
		return NULL;
	}
	return &parsers->processes[parsers->count - 1];
}

static void feed_waiting(struct parsers *parsers)
{
	struct process *process = find_process(parsers);
	while (parsers->first != NULL && process != NULL) {
		struct waiting *waiting = parsers->first;
		parsers->first = waiting->next;
		if (parsers->first == NULL) {
			parsers->last = NULL;
		}
		struct flong_error err = {0};
		if (feed(process, waiting, &err) < 0) {
			add_ready(parsers,
				make_parsed(waiting->ticket, (struct bytes){NULL, 0}, err.message));
			replace(parsers, process);
		}
		buf_clear(&waiting->input);
		free(waiting);
		process = find_process(parsers);
	}
}

int parsers_submit(
	struct parsers *parsers, const struct parsers_document *document, struct flong_error *err)
{
	SCOPED(buf_clear)
	struct buf input = buf_with_max(LIMIT_DOCUMENT_BYTES + 4 * LIMIT_HEAD_KEPT_BYTES);
	int rc = parser_input_add(document, &input, err);
	if (rc < 0) {
		return rc;
	}
	parsers->pending++;
	if (parsers->count == 0) {
		struct flong_error fault = {0};
		buf_reset(&parsers->scratch);
		rc = parser_read_document(buf_bytes(&input), &parsers->scratch, &fault);
		add_ready(parsers, make_parsed(document->ticket, buf_bytes(&parsers->scratch),
					   rc < 0 ? fault.message : NULL));
		return FLONG_OK;
	}
	struct waiting *waiting = ALLOC(struct waiting);
	waiting->ticket = document->ticket;
	waiting->since_ms = clock_monotonic_ms();
	waiting->input = input;
	input = (struct buf){0};
	if (parsers->last == NULL) {
		parsers->first = waiting;
	} else {
		parsers->last->next = waiting;
	}
	parsers->last = waiting;
	feed_waiting(parsers);
	return FLONG_OK;
}

/* Reads the answer that is there, or replaces a process that died. */
static void collect(struct parsers *parsers, struct process *process)
{
	struct parser_message message = {0};
	ssize_t got = recv(process->socket_fd, &message, sizeof(message), MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	uint64_t ticket = process->ticket;
	bool was_busy = process->is_busy;
	if (got != (ssize_t)sizeof(message) || !was_busy || message.ticket != ticket ||
		message.length > LIMIT_PAGE_RESULT_BYTES) {
		replace(parsers, process);
		if (was_busy) {
			add_ready(parsers, make_parsed(ticket, (struct bytes){NULL, 0},
						   "the parser process died reading it"));
		}
		return;
	}
	process->is_busy = false;
	buf_reset(&parsers->scratch);
	char *room = message.length == 0 ? NULL : buf_reserve(&parsers->scratch, message.length);
	size_t have = 0;
	while (room != NULL && have < message.length) {
		ssize_t n =
			pread(process->output_fd, room + have, message.length - have, (off_t)have);
		if (n <= 0) {
			break;
		}
		have += (size_t)n;
	}
	bool is_whole = message.length > 0 && have == message.length;
	add_ready(parsers, make_parsed(ticket, bytes_from(room, have),
				   is_whole ? NULL : "the parser could not read it"));
}

static void kill_overdue(struct parsers *parsers)
{
	int64_t now_ms = clock_monotonic_ms();
	for (size_t i = 0; i < parsers->count; i++) {
		struct process *process = &parsers->processes[i];
		if (process->is_busy && now_ms > process->deadline_ms) {
			uint64_t ticket = process->ticket;
			replace(parsers, process);
			add_ready(parsers, make_parsed(ticket, (struct bytes){NULL, 0},
						   "reading it took too long"));
		}
	}
}

struct parsed *parsers_take(struct parsers *parsers)
{
	for (size_t i = 0; parsers->ready_count == 0 && i < parsers->count; i++) {
		if (parsers->processes[i].socket_fd >= 0 && parsers->processes[i].is_busy) {
			collect(parsers, &parsers->processes[i]);
		}
	}
	if (parsers->count > 0) {
		kill_overdue(parsers);
		feed_waiting(parsers);
	}
	if (parsers->ready_count == 0) {
		return NULL;
	}
	struct parsed *parsed = parsers->ready_list[0];
	parsers->ready_count--;
	memmove(parsers->ready_list, parsers->ready_list + 1,
		parsers->ready_count * sizeof(struct parsed *));
	parsers->pending--;
	return parsed;
}

size_t parsers_pending(const struct parsers *parsers)
{
	return parsers->pending;
}

const int *parsers_fds(const struct parsers *parsers, size_t *count_out)
{
	*count_out = parsers->count;
	return parsers->fds;
}
