/* SPDX-License-Identifier: MIT */
/* alloc.h - memory that is never NULL, and size arithmetic that cannot overflow
 *
 * Everything large is capped before it is asked for, so a failed allocation means that the machine
 * is out of memory. The program then says so and ends: what is on disk is consistent at every
 * instant and can be resumed. */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory for one value of the type; free it with free(). */
#define ALLOC(type) ((type *)alloc_zeroed(1, sizeof(type)))
/* Zeroed memory for `count` values of the type; free it with free(). */
#define ALLOC_ARRAY(type, count) ((type *)alloc_zeroed((count), sizeof(type)))

/* Zeroed memory for count x size bytes, never NULL; ends with a message when there is none or the
 * product overflows. The caller owns it and frees it with free(). */
void *alloc_zeroed(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* Grows or shrinks `pointer` (may be NULL) to count x size bytes; never NULL; ends as above. */
void *alloc_resize(void *pointer, size_t count, size_t size) __attribute__((returns_nonnull));

/* What the others do when there is none: for what libraries allocate themselves; 0 when the size is
 * not known. */
_Noreturn void alloc_failed(size_t size);
/* How it ends: abort(), or what the program has under this name (cli/main.c). */
_Noreturn void alloc_end(void);

/* Lets memory of large blocks go back to the system whenever one is freed. Else glibc keeps such
 * blocks from the first one on, and steps that need different ones add up (mallopt(3),
 * M_MMAP_THRESHOLD). Once, at the start of a program; nothing with other C libraries. */
void alloc_return_large(void);

/* A zero-terminated copy of `length` bytes (which may hold NUL); the caller frees it. */
char *alloc_text(const char *text, size_t length) __attribute__((returns_nonnull));

/* A copy of the zero-terminated `text`, or NULL for NULL; the caller frees it. */
char *alloc_copy(const char *text);

/* *sum_out = a + b, or false (and *sum_out untouched) when that overflows. */
static inline bool size_add(size_t a, size_t b, size_t *sum_out)
{
	size_t sum;
	if (__builtin_add_overflow(a, b, &sum)) {
		return false;
	}
	*sum_out = sum;
	return true;
}

/* As size_add, for 64-bit file lengths. */
static inline bool u64_add(uint64_t a, uint64_t b, uint64_t *sum_out)
{
	uint64_t sum;
	if (__builtin_add_overflow(a, b, &sum)) {
		return false;
	}
	*sum_out = sum;
	return true;
}

/* *product_out = a * b, or false (and *product_out untouched) when that overflows. */
static inline bool u64_mul(uint64_t a, uint64_t b, uint64_t *product_out)
{
	uint64_t product;
	if (__builtin_mul_overflow(a, b, &product)) {
		return false;
	}
	*product_out = product;
	return true;
}

#endif
