/* SPDX-License-Identifier: MIT */
/* alloc_fault.c - memory runs out: a library that is loaded before the others (LD_PRELOAD)
 *
 * The n-th allocation that the program itself asks for fails, n from FLONG_ALLOC_FAIL; those of
 * libraries do not count. Each process counts for itself, and in the end writes how many there were
 * to FLONG_ALLOC_COUNT.PID. With FLONG_ALLOC_FORK each of them fails once: alloc_fork.h.
 *
 * Parser processes have no environment, and so no failures; they get FLONG_ALLOC_FORK, and as
 * FLONG_ALLOC_FAIL what FLONG_ALLOC_FAIL_PARSER says. */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc_fork.h"

/* The C library's own, under names that nobody else defines. */
void *__libc_malloc(size_t size);                 /* NOLINT(bugprone-reserved-identifier) */
void *__libc_calloc(size_t count, size_t size);   /* NOLINT(bugprone-reserved-identifier) */
void *__libc_realloc(void *pointer, size_t size); /* NOLINT(bugprone-reserved-identifier) */

static uintptr_t program_begin, program_end;
static unsigned long fail_at;
static atomic_ulong calls;

/* The first object is the program. */
static int find_program(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size;
	(void)context;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0) {
			program_begin = info->dlpi_addr + part->p_vaddr;
			program_end = program_begin + part->p_memsz;
		}
	}
	return 1;
}

__attribute__((constructor)) static void begin(void)
{
	const char *digit = getenv("FLONG_ALLOC_FAIL");
	fail_at = 0;
	while (digit != NULL && *digit >= '0' && *digit <= '9') {
		fail_at = fail_at * 10 + (unsigned long)(*digit++ - '0');
	}
	(void)dl_iterate_phdr(find_program, NULL);
	alloc_fork_begin();
}

__attribute__((destructor)) static void end(void)
{
	char path[4096];
	const char *name = getenv("FLONG_ALLOC_COUNT");
	if (name != NULL) {
		(void)snprintf(path, sizeof(path), "%s.%ld", name, (long)getpid());
		FILE *file = fopen(path, "we");
		if (file != NULL) {
			(void)fprintf(file, "%lu\n", atomic_load(&calls));
			(void)fclose(file);
		}
	}
}

static bool fails(const void *caller)
{
	uintptr_t at = (uintptr_t)caller;
	if (at < program_begin || at >= program_end) {
		return false;
	}
	bool is_now = atomic_fetch_add(&calls, 1) + 1 == fail_at || alloc_fork_fails();
	if (is_now) {
		errno = ENOMEM;
	}
	return is_now;
}

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(pointer, size);
}

/* Puts the variable `name` of this process, if it has it, into `room` under the name `given`. */
static bool pass_on(const char *name, const char *given, char room[], size_t size)
{
	const char *value = getenv(name);
	int length = value == NULL ? 0 : snprintf(room, size, "%s=%s", given, value);
	return length > 0 && (size_t)length < size;
}

/* As the C library's; it has an environment for a parser process. */
int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[])
{
	static const char *const passed[][2] = {{"LD_PRELOAD", "LD_PRELOAD"},
		{"FLONG_ALLOC_FORK", "FLONG_ALLOC_FORK"}, {"FLONG_ALLOC_EACH", "FLONG_ALLOC_EACH"},
		{"FLONG_ALLOC_FAIL_PARSER", "FLONG_ALLOC_FAIL"}};
	char room[4][4096];
	char *with[16] = {NULL};
	size_t count = 0;
	void *found = dlsym(RTLD_NEXT, "posix_spawn");
	int (*spawn)(pid_t *, const char *, const posix_spawn_file_actions_t *,
		const posix_spawnattr_t *, char *const[], char *const[]) = NULL;
	memcpy(&spawn, &found, sizeof(spawn));
	bool is_parser = strcmp(path, "/proc/self/exe") == 0;
	for (size_t i = 0; is_parser && environment[i] != NULL && count < 8; i++) {
		with[count++] = environment[i];
	}
	for (size_t i = 0; is_parser && i < 4; i++) {
		if (pass_on(passed[i][0], passed[i][1], room[i], sizeof(room[i]))) {
			with[count++] = room[i];
		}
	}
	return spawn(pid, path, actions, attributes, arguments, is_parser ? with : environment);
}
