/* SPDX-License-Identifier: MIT */
/* scoped.h - the compiler attributes we use: cleanup at the end of a block, must-check, printf
 * formats */
#ifndef BASE_SCOPED_H
#define BASE_SCOPED_H

/* SCOPED(x_closep) struct x *x = NULL;  closes x on every way out of the block. The function gets a
 * pointer to the variable. Set the variable on the line that declares it. */
#define SCOPED(cleanup_function) __attribute__((cleanup(cleanup_function)))

/* Hands an owned pointer on: yields its value and leaves NULL behind, so that SCOPED does not close
 * it. */
#define TAKE(pointer)                                                                              \
	__extension__({                                                                            \
		__typeof__(pointer) taken_ = (pointer);                                            \
		(pointer) = NULL;                                                                  \
		taken_;                                                                            \
	})

/* Defines the SCOPED companion NAMEp for a close function of a pointer type. */
#define SCOPED_CLOSE(type, close_function)                                                         \
	static inline void close_function##p(type *pointer)                                        \
	{                                                                                          \
		close_function(*pointer);                                                          \
	}

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(template_index, first_index)                                                   \
	__attribute__((format(printf, template_index, first_index)))

#endif
