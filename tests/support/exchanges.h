/* SPDX-License-Identifier: MIT */
/* exchanges.h - exchanges made by hand, for tests of what is written and read */
#ifndef TESTS_SUPPORT_EXCHANGES_H
#define TESTS_SUPPORT_EXCHANGES_H

#include <stdlib.h>
#include <string.h>

#include "web/exchange.h"

/* 2026-11-23T19:00:00.123Z */
#define EXCHANGES_MS ((int64_t)1795460400123)
#define EXCHANGES_REQUEST                                                                          \
	"GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: test\r\nCookie: a=secret\r\n\r\n"

/* An exchange with these bytes; the body goes through a spool that keeps `memory_max` bytes. Aborts
 * when anything fails. */
static inline struct exchange *exchanges_make(const char *url, struct bytes head, struct bytes body,
	size_t memory_max, enum spool_form form)
{
	struct flong_error err;
	struct exchange *exchange = exchange_create(bytes_of(url), "/tmp");
	spool_close(exchange->body);
	exchange->body = spool_create("/tmp", memory_max, form, 6);
	exchange->started_ms = EXCHANGES_MS;
	(void)memcpy(exchange->connection.ip, "192.0.2.1", 10);
	buf_add_text(&exchange->request, EXCHANGES_REQUEST);
	buf_add(&exchange->head, head);
	exchange->has_response = head.len > 0 || body.len > 0;
	if (spool_write(exchange->body, body, &err) != FLONG_OK ||
		spool_finish(exchange->body, &err) != FLONG_OK ||
		http_head_parse_response(buf_bytes(&exchange->head), &exchange->parsed, &err) !=
			FLONG_OK) {
		abort();
	}
	return exchange;
}

#endif
