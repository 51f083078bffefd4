/* SPDX-License-Identifier: MIT */
/* tls.h - what a TLS connection says about itself: version, cipher, ALPN, verification, chain
 * (owner of OpenSSL in this layer) */
#ifndef CRAWL_TLS_H
#define CRAWL_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"
#include "web/exchange.h"

/* Reads facts off connections; remembers which chains it has given out. */
struct tls_reader;

/* With `verifies_itself` the reader judges certificates (against `cacert`, or the system's store
 * when NULL), because the connections were made without verification; else `cacert` is only looked
 * through. FLONG_E_NOT_FOUND when no certificates can be read from it: none is there, or one is
 * damaged. */
MUST_CHECK int tls_reader_create(const char *cacert, bool verifies_itself,
	struct tls_reader **reader_out, struct flong_error *err);
void tls_reader_close(struct tls_reader *reader);
SCOPED_CLOSE(struct tls_reader *, tls_reader_close)

/* The peer a connection was made to. */
struct tls_peer {
	const char *host; /* name or address without brackets */
	uint16_t port;
};
/* Fills the TLS fields of `connection` from an SSL pointer whose handshake is done. What costs time
 * is kept with the connection, so that asking again is cheap. */
void tls_reader_describe(struct tls_reader *reader, void *ssl, const struct tls_peer *peer,
	struct exchange_connection *connection);
/* The peer's chain as PEM, owned by the caller, when this host:port was not yet seen with this leaf
 * certificate; else NULL. The memory of what was seen is bounded: rarely a chain comes again. */
char *tls_reader_take_chain(struct tls_reader *reader, void *ssl, const struct tls_peer *peer);

#endif
