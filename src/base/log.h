/* SPDX-License-Identifier: MIT */
/* log.h - one event, one line, on stderr; used by crawl, replay and cli only */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/scoped.h"

/* A notice tells what is done that was not asked for in so many words; it is no warning. */
enum log_level { LOG_ERROR, LOG_WARN, LOG_NOTICE, LOG_INFO, LOG_DEBUG };

/* Called before and after a line is written, under the log's mutex, so that a progress line can
 * step aside. */
struct log_hooks {
	void (*before)(void *context);
	void (*after)(void *context);
	void *context; /* borrowed */
};

/* Sets what is printed (default LOG_NOTICE) and whether as JSON objects. */
void log_set_level(enum log_level level);
void log_set_json(bool json);
/* NULL takes the hooks away. The struct is borrowed until then. */
void log_set_hooks(const struct log_hooks *hooks);

/* Writes one line; bytes that are not printable are shown as '?'. Safe from any thread. */
void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void log_notice(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
