/* SPDX-License-Identifier: MIT */
/* server.h - the two origins on their ports (owner of libmicrohttpd)
 *
 * One thread and one loop: an answer is made when its request is there, and its body read while it
 * is sent. Connections, their memory, their silence and their slowness are bounded. */
#ifndef REPLAY_SERVER_H
#define REPLAY_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"
#include "replay/archive.h"

struct server_options {
	struct archive *archive;      /* borrowed */
	const char *bind;             /* an IPv4 or IPv6 address */
	uint16_t port, captures_port; /* 0: any that is free */
	const char *allowed_origin;   /* borrowed; NULL: none */
	int64_t patience_ms;          /* with slow clients; 0: LIMIT_SERVER_PATIENCE_MS */
};

struct server;

/* Listens on both ports. FLONG_E_USAGE: no address; FLONG_E_BUSY: a port is taken; FLONG_E_IO. The
 * caller closes *server_out. */
MUST_CHECK int server_open(
	const struct server_options *options, struct server **server_out, struct flong_error *err);
void server_close(struct server *server);
SCOPED_CLOSE(struct server *, server_close)
/* The ports that are listened on. */
uint16_t server_port(const struct server *server);
uint16_t server_captures_port(const struct server *server);
/* Answers what is there, after a wait of at most `wait_most_ms` for it; ends connections that are
 * too slow. FLONG_E_IO. */
MUST_CHECK int server_turn(struct server *server, int wait_most_ms, struct flong_error *err);
/* Connections that are open. */
size_t server_clients(const struct server *server);
/* Answers requests until `stop` is not zero, which a signal handler sets. FLONG_E_IO. */
MUST_CHECK int server_run(struct server *server, const volatile int *stop, struct flong_error *err);

#endif
