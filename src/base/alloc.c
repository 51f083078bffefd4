/* SPDX-License-Identifier: MIT */
/* alloc.c - allocation that ends the program when the machine has no memory left */
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* glibc's own threshold at its start. */
#define LARGE_BYTES (128 * 1024)

static _Noreturn void out_of_memory(size_t count, size_t size)
{
	(void)fprintf(stderr, "flong: out of memory asking for %zu x %zu bytes\n", count, size);
	alloc_end();
}

__attribute__((weak)) void alloc_end(void)
{
	abort();
}

_Noreturn void alloc_failed(size_t size)
{
	if (size > 0) {
		out_of_memory(1, size);
	}
	(void)fputs("flong: out of memory\n", stderr);
	alloc_end();
}

void alloc_return_large(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
#endif
}

void *alloc_zeroed(size_t count, size_t size)
{
	void *memory = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
	if (memory == NULL) {
		out_of_memory(count, size);
	}
	return memory;
}

void *alloc_resize(void *pointer, size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total)) {
		out_of_memory(count, size);
	}
	void *memory = realloc(pointer, total == 0 ? 1 : total);
	if (memory == NULL) {
		out_of_memory(count, size);
	}
	return memory;
}

char *alloc_text(const char *text, size_t length)
{
	size_t total;
	if (!size_add(length, 1, &total)) {
		out_of_memory(length, 1);
	}
	char *copy = alloc_resize(NULL, total, 1);
	if (length > 0) {
		memcpy(copy, text, length);
	}
	copy[length] = '\0';
	return copy;
}

char *alloc_copy(const char *text)
{
	return text == NULL ? NULL : alloc_text(text, strlen(text));
}
