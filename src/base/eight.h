/* SPDX-License-Identifier: MIT */
/* eight.h - eight bytes of a text looked at in one step, as one number
 *
 * For the loops that go over every byte of every page. Each function marks bytes by their highest
 * bit; which of the eight comes first depends on the machine, so only ask whether any is marked, or
 * whether neighbours are. */
#ifndef BASE_EIGHT_H
#define BASE_EIGHT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EIGHT_BYTES ((size_t)8)
#define EIGHT_LOW 0x7f7f7f7f7f7f7f7fu
#define EIGHT_HIGH 0x8080808080808080u

/* The bytes at p, of which there are at least eight. */
static inline uint64_t eight_at(const char *p)
{
	uint64_t value;
	memcpy(&value, p, sizeof(value));
	return value;
}

/* Marks the bytes that are c. */
static inline uint64_t eight_equal(uint64_t value, unsigned char c)
{
	uint64_t other = value ^ (0x0101010101010101u * c);
	return ~(((other & EIGHT_LOW) + EIGHT_LOW) | other) & EIGHT_HIGH;
}

/* Marks the bytes below 0x20. */
static inline uint64_t eight_control(uint64_t value)
{
	return ~(((value & EIGHT_LOW) + 0x6060606060606060u) | value) & EIGHT_HIGH;
}

/* Marks the bytes from 0x80 on. */
static inline uint64_t eight_not_ascii(uint64_t value)
{
	return value & EIGHT_HIGH;
}

#endif
