/* SPDX-License-Identifier: MIT */
/* log.c - one event, one line */
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

static struct {
	pthread_mutex_t mutex; /* guards the rest */
	enum log_level level;
	bool json;
	const struct log_hooks *hooks; /* borrowed */
} logger = {.mutex = PTHREAD_MUTEX_INITIALIZER, .level = LOG_NOTICE};

void log_set_level(enum log_level level)
{
	(void)pthread_mutex_lock(&logger.mutex);
	logger.level = level;
	(void)pthread_mutex_unlock(&logger.mutex);
}

void log_set_json(bool json)
{
	(void)pthread_mutex_lock(&logger.mutex);
	logger.json = json;
	(void)pthread_mutex_unlock(&logger.mutex);
}

void log_set_hooks(const struct log_hooks *hooks)
{
	(void)pthread_mutex_lock(&logger.mutex);
	logger.hooks = hooks;
	(void)pthread_mutex_unlock(&logger.mutex);
}

static void write_json_text(const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\') {
			(void)fputc('\\', stderr);
		}
		(void)fputc(*c, stderr);
	}
}

static void write_line(enum log_level level, const char *format, va_list args) PRINTF_LIKE(2, 0);

static void write_line(enum log_level level, const char *format, va_list args)
{
	static const char *const names[] = {"error", "warning", "notice", "info", "debug"};
	char text[2048];
	(void)vsnprintf(text, sizeof(text), format, args);
	for (char *c = text; *c != '\0'; c++) {
		unsigned char byte = (unsigned char)*c;
		if (byte < 0x20 || byte == 0x7f) {
			*c = '?';
		}
	}
	(void)pthread_mutex_lock(&logger.mutex);
	if (level <= logger.level) {
		const struct log_hooks *hooks = logger.hooks;
		if (hooks != NULL) {
			hooks->before(hooks->context);
		}
		if (logger.json) {
			(void)fprintf(stderr, "{\"level\":\"%s\",\"message\":\"", names[level]);
			write_json_text(text);
			(void)fputs("\"}\n", stderr);
		} else if (level <= LOG_WARN) {
			(void)fprintf(stderr, "flong: %s: %s\n", names[level], text);
		} else {
			(void)fprintf(stderr, "flong: %s\n", text);
		}
		if (hooks != NULL) {
			hooks->after(hooks->context);
		}
	}
	(void)pthread_mutex_unlock(&logger.mutex);
}

void log_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(LOG_ERROR, format, args);
	va_end(args);
}

void log_warn(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(LOG_WARN, format, args);
	va_end(args);
}

void log_notice(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(LOG_NOTICE, format, args);
	va_end(args);
}

void log_info(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(LOG_INFO, format, args);
	va_end(args);
}

void log_debug(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(LOG_DEBUG, format, args);
	va_end(args);
}
