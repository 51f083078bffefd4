/* SPDX-License-Identifier: MIT */
/* unit.h - cmocka in the include order it needs, and two words for a test file: TEST and RUN_TESTS
 *
 * One group an executable, because each group prints its own TAP plan. Never call skip():
 * version 1.1.5 prints it as a failure; use SKIP_ALL at the start of main instead. */
#ifndef TESTS_SUPPORT_UNIT_H
#define TESTS_SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A test; its name is the claim: TEST(rejects_negative_length) { ... } */
#define TEST(name) static void name(void **state_ __attribute__((unused)))
/* Runs the cases: RUN_TESTS(CASE(a), CASE(b)) */
#define RUN_TESTS(...)                                                                             \
	int main(void)                                                                             \
	{                                                                                          \
		const struct CMUnitTest tests_[] = {__VA_ARGS__};                                  \
		return cmocka_run_group_tests(tests_, NULL, NULL);                                 \
	}
#define CASE(name) cmocka_unit_test(name)

/* The TAP line that skips a whole file, visibly. */
#define SKIP_ALL(reason)                                                                           \
	do {                                                                                       \
		(void)printf("1..0 # SKIP %s\n", (reason));                                        \
		return 0;                                                                          \
	} while (0)

/* Compares struct bytes or struct buf content with a literal. */
#define assert_bytes(b, literal)                                                                   \
	do {                                                                                       \
		assert_int_equal((b).len, sizeof(literal) - 1);                                    \
		if (sizeof(literal) > 1) {                                                         \
			assert_memory_equal((b).ptr, literal, sizeof(literal) - 1);                \
		}                                                                                  \
	} while (0)

#endif
