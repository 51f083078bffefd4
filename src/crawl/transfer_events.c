/* SPDX-License-Identifier: MIT */
/* transfer_events.c - collects the bytes libcurl gives, guards connections, reads result codes
 *
 * The traps of libcurl 7.88 handled here: a silent retry sends the request twice; an end inside the
 * head is no error to it; garbage after the last chunk is handed over; a 1xx is part of the head; a
 * kept connection may hold bytes of nobody's reply. */
#include "crawl/transfer_events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/clock.h"

/* Whether libcurl's end of this body would not be ours, or its bytes would be lost. */
static bool needs_raw(const struct reply *reply)
{
	unsigned doubtful =
		HTTP_ODD_TWO_LENGTHS | HTTP_ODD_LENGTH | HTTP_ODD_TRANSFER_CODING | HTTP_ODD_FIELDS;
	return reply->has_broken_framing ||
	       (reply->state != REPLY_HEAD && reply->exchange->parsed.oddities & doubtful);
}

/* Whether the connection must not be used again. libcurl drops a body after a 204 and keeps the
 * connection, on which the rest of that body may still come. */
static bool must_close(const struct exchange *exchange)
{
	return exchange->truncated == TRUNCATED_LENGTH || exchange->excess_bytes > 0 ||
	       exchange->outcome != EXCHANGE_OK || exchange->parsed.framing == HTTP_BODY_NONE;
}

/* Takes reply bytes; returns what libcurl wants to hear. */
static size_t take_bytes(struct transfer *transfer, const char *bytes, size_t length)
{
	struct flong_error err = {0};
	struct reply *reply = &transfer->reply;
	if (reply->received_bytes == 0) {
		transfer->exchange->times.first_byte_us =
			clock_monotonic_us() - transfer->started_us;
	}
	if (reply_add(reply, bytes_from(bytes, length), &err) != FLONG_OK) {
		reply_blame(transfer->exchange, EXCHANGE_ABORTED, "the body cannot be kept: %s",
			err.message);
		transfer->exchange->truncated = TRUNCATED_UNSPECIFIED;
		transfer->stop = TRANSFER_IS_STUCK;
	} else if (needs_raw(reply)) {
		transfer->stop = TRANSFER_NEEDS_RAW;
	} else if (reply->state == REPLY_DONE && must_close(transfer->exchange)) {
		transfer->stop = TRANSFER_HAS_ALL;
	} else if (reply->state == REPLY_DONE && !transfer->is_settling) {
		transfer->is_settling = true;
		(*transfer->setup->settling)++;
	}
	return transfer->stop == TRANSFER_GOES_ON ? length : 0;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context)
{
	return take_bytes(context, bytes, size * count);
}

/* "Excess found: excess = 12 ..." and "Leftovers after chunking: 12 bytes": bytes after the reply
 * that libcurl drops. */
static void note_excess(struct transfer *transfer, struct bytes text)
{
	struct bytes number = {NULL, 0};
	size_t at = bytes_find(text, BYTES("excess = "), 0);
	if (at != SIZE_MAX) {
		number = bytes_slice(text, at + 9, text.len);
	} else if (bytes_starts(text, BYTES("Leftovers after chunking: "))) {
		number = bytes_slice(text, 26, text.len);
	}
	size_t digits = 0;
	while (digits < number.len && char_is_digit(number.ptr[digits])) {
		digits++;
	}
	uint64_t excess = 0;
	if (bytes_to_u64(bytes_slice(number, 0, digits), UINT32_MAX, &excess) &&
		transfer->exchange->excess_bytes == 0) {
		transfer->exchange->excess_bytes = excess;
	}
}

static void note_text(struct transfer *transfer, struct bytes text)
{
	if (bytes_starts(text, BYTES("TLS"))) {
		transfer->reply.has_farewell =
			transfer->reply.has_farewell ||
			bytes_find(text, BYTES("(IN), TLS alert, close notify"), 0) != SIZE_MAX;
	} else if (text.len > 0 && (text.ptr[0] == 'E' || text.ptr[0] == 'L')) {
		note_excess(transfer, text);
	}
}

static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t length, void *context)
{
	struct transfer *transfer = context;
	(void)easy;
	if (transfer == NULL) {
		return 0; /* an idle handle, whose kept connection is closed */
	}
	struct buf *request = &transfer->exchange->request;
	struct bytes b = bytes_from(bytes, length);
	if (type == CURLINFO_TEXT) {
		note_text(transfer, b);
	} else if (transfer->is_raw) {
		return 0;
	} else if (type == CURLINFO_HEADER_OUT && !bytes_starts(b, BYTES("CONNECT "))) {
		/* A second request head before any reply: the first went to a dead connection. */
		buf_reset(request);
		buf_add(request, b);
		transfer->sent_us = clock_monotonic_us();
		transfer->window_us = transfer->sent_us;
		transfer->window_bytes = 0;
	} else if (type == CURLINFO_DATA_OUT && request->len > 0) {
		/* The rest of a head that did not fit the socket's buffer. */
		buf_add(request, b);
	}
	return 0;
}

static bool guard_allows(const struct transfer *transfer, const char *ip, uint16_t port)
{
	const struct fetcher_options *options = transfer->setup->options;
	/* Through a proxy we see the proxy's address only. */
	return options->guard.allows == NULL || transfer->proxy != NULL ||
	       options->guard.allows(options->guard.context, transfer->exchange->url, ip, port);
}

static void tell_reached(const struct transfer *transfer, const char *ip)
{
	const struct fetcher_guard *guard = &transfer->setup->options->guard;
	if (guard->reached != NULL && transfer->proxy == NULL) {
		guard->reached(guard->context, transfer->exchange->url, ip);
	}
}

static void note_refusal(struct transfer *transfer, const char *ip)
{
	transfer->is_refused = true;
	(void)snprintf(transfer->refused_ip, sizeof(transfer->refused_ip), "%s", ip);
}

static curl_socket_t on_open_socket(
	void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = context;
	char ip[INET6_ADDRSTRLEN] = "";
	uint16_t port = 0;
	(void)purpose;
	if (address->family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, &address->addr, sizeof(in));
		port = ntohs(in.sin_port);
		(void)inet_ntop(AF_INET, &in.sin_addr, ip, sizeof(ip));
	} else if (address->family == AF_INET6) {
		/* The storage behind `addr` is larger than its declared type. */
		struct sockaddr_in6 in6;
		memcpy(&in6, (const char *)address + offsetof(struct curl_sockaddr, addr),
			sizeof(in6));
		port = ntohs(in6.sin6_port);
		(void)inet_ntop(AF_INET6, &in6.sin6_addr, ip, sizeof(ip));
	}
	if (!guard_allows(transfer, ip, port)) {
		note_refusal(transfer, ip);
		return CURL_SOCKET_BAD;
	}
	transfer->has_opened = true;
	transfer->socket =
		socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	return transfer->socket;
}

static int port_of(int socket, int (*ask)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	struct sockaddr_in6 in6;
	struct sockaddr_in in;
	memset(&address, 0, sizeof(address));
	if (ask(socket, (struct sockaddr *)&address, &length) != 0) {
		return -1;
	}
	memcpy(&in, &address, sizeof(in));
	memcpy(&in6, &address, sizeof(in6));
	return ntohs(address.ss_family == AF_INET6 ? in6.sin6_port : in.sin_port);
}

/* Whether a kept connection has something to read before we ask for anything: its end, or bytes of
 * nobody's reply, which must not become ours. libcurl does not tell its socket here. */
static bool has_unasked_bytes(const struct transfer *transfer, int peer_port, int local_port)
{
	char byte;
	int socket = transfer->setup->sockets[local_port % TRANSFER_SOCKETS];
	if (socket <= 0 || port_of(socket, getsockname) != local_port ||
		port_of(socket, getpeername) != peer_port) {
		return false;
	}
	ssize_t got = recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

static void note_tls(struct transfer *transfer)
{
	struct curl_tlssessioninfo *session = NULL;
	struct exchange *exchange = transfer->exchange;
	if (curl_easy_getinfo(transfer->easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK ||
		session == NULL || session->internals == NULL ||
		session->backend != CURLSSLBACKEND_OPENSSL) {
		return;
	}
	struct tls_peer peer = {transfer->host, exchange->connection.port};
	tls_reader_describe(transfer->setup->tls, session->internals, &peer, &exchange->connection);
	if (!transfer->is_reused && exchange->chain_pem == NULL) {
		exchange->chain_pem =
			tls_reader_take_chain(transfer->setup->tls, session->internals, &peer);
	}
}

/* Called when the connection stands and nothing was sent, on kept connections too. */
static int on_connected(void *context, char *peer_ip, char *local_ip, int peer_port, int local_port)
{
	struct transfer *transfer = context;
	struct exchange_connection *connection = &transfer->exchange->connection;
	(void)local_ip;
	transfer->is_connected = true;
	transfer->is_reused = !transfer->has_opened;
	*connection = (struct exchange_connection){.is_reused = transfer->is_reused};
	if (transfer->proxy == NULL) {
		(void)snprintf(connection->ip, sizeof(connection->ip), "%s", peer_ip);
		connection->port = (uint16_t)peer_port;
	}
	if (!guard_allows(transfer, peer_ip, (uint16_t)peer_port)) {
		note_refusal(transfer, peer_ip);
		return CURL_PREREQFUNC_ABORT;
	}
	/* Another address of the host may have been refused before. */
	transfer->is_refused = false;
	tell_reached(transfer, peer_ip);
	if (!transfer->is_reused) {
		transfer->setup->sockets[local_port % TRANSFER_SOCKETS] = transfer->socket;
	} else if (has_unasked_bytes(transfer, peer_port, local_port)) {
		transfer->is_stale = true;
		return CURL_PREREQFUNC_ABORT;
	}
	if (bytes_starts(bytes_of(transfer->exchange->url), BYTES("https:"))) {
		note_tls(transfer);
	}
	return CURL_PREREQFUNC_OK;
}

void transfer_events_set_callbacks(void *easy)
{
	curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_bytes);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
}

void transfer_events_set_context(void *easy, struct transfer *transfer)
{
	curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer == NULL ? NULL : transfer->fault);
}

/* libcurl's words, or its name for the result when it has none. */
static const char *words_of(const struct transfer *transfer, CURLcode result)
{
	return transfer->fault[0] != '\0' ? transfer->fault : curl_easy_strerror(result);
}

static void blame_connect(struct transfer *transfer, CURLcode result)
{
	long number = 0;
	if (transfer->is_refused) {
		reply_blame(transfer->exchange, EXCHANGE_REFUSED,
			"%s has the address %s, to which no connection is allowed", transfer->host,
			transfer->refused_ip);
		return;
	}
	(void)curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
	reply_blame(transfer->exchange, EXCHANGE_CONNECT, "no connection to %s: %s", transfer->host,
		number != 0 ? strerror((int)number) : words_of(transfer, result));
}

/* Failures before a request was sent. */
static void blame_setup(struct transfer *transfer, CURLcode result)
{
	struct exchange *exchange = transfer->exchange;
	switch ((int)result) {
	case CURLE_URL_MALFORMAT:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		reply_blame(exchange, EXCHANGE_DNS, "the name %s cannot be resolved: %s",
			transfer->host,
			result == CURLE_URL_MALFORMAT ? words_of(transfer, result)
						      : "no address known");
		return;
	case CURLE_OPERATION_TIMEDOUT:
		reply_blame(exchange, EXCHANGE_TIMEOUT, "no connection to %s within the time limit",
			transfer->host);
		return;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_ENGINE_NOTFOUND:
	case CURLE_SSL_ENGINE_SETFAILED:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ENGINE_INITFAILED:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_SHUTDOWN_FAILED:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_CLIENTCERT:
		reply_blame(exchange, EXCHANGE_TLS, "%s: %s", transfer->host,
			words_of(transfer, result));
		return;
	default:
		if (transfer->is_connected && !transfer->is_refused) {
			reply_end(&transfer->reply, REPLY_END_RESET);
		} else {
			blame_connect(transfer, result);
		}
	}
}

/* The connection ended while the body came. */
static enum transfer_verdict judge_body(struct transfer *transfer, CURLcode result)
{
	struct reply *reply = &transfer->reply;
	switch ((int)result) {
	case CURLE_OK:
		if (!reply->ends_by_close) {
			return TRANSFER_WAS_REFUSED; /* it sees the end elsewhere */
		}
		reply_end(reply, REPLY_END_CLOSE);
		return TRANSFER_WAS_FINAL;
	case CURLE_PARTIAL_FILE:
		if (reply->ends_by_close) {
			return TRANSFER_WAS_REFUSED;
		}
		reply_end(reply, REPLY_END_CLOSE);
		return TRANSFER_WAS_FINAL;
	case CURLE_OPERATION_TIMEDOUT:
		reply_end(reply, REPLY_END_TIME);
		return TRANSFER_WAS_FINAL;
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		/* A chunk it cannot read though we can. */
		if (strstr(transfer->fault, "chunk") != NULL) {
			return TRANSFER_WAS_REFUSED;
		}
		reply_end(reply, REPLY_END_RESET);
		return TRANSFER_WAS_FINAL;
	default:
		return TRANSFER_WAS_REFUSED;
	}
}

/* Nothing, or only a part of the head, was handed over. */
static enum transfer_verdict judge_head(struct transfer *transfer, CURLcode result)
{
	struct reply *reply = &transfer->reply;
	struct exchange *exchange = transfer->exchange;
	switch ((int)result) {
	case CURLE_OPERATION_TIMEDOUT:
		reply_end(reply, REPLY_END_TIME);
		return TRANSFER_WAS_FINAL;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		transfer->is_unreadable = true;
		reply_blame(exchange, EXCHANGE_PROTOCOL, "%s: %s", transfer->host,
			words_of(transfer, result));
		break;
	default:
		break;
	}
	/* A line that was begun is lost inside libcurl: the raw way gets it. */
	reply_end(reply, result == CURLE_OK || result == CURLE_GOT_NOTHING ? REPLY_END_CLOSE
									   : REPLY_END_RESET);
	return TRANSFER_WAS_REFUSED;
}

enum transfer_verdict transfer_events_judge(struct transfer *transfer, int result)
{
	CURLcode code = (CURLcode)result;
	struct reply *reply = &transfer->reply;
	if (transfer->is_stale) {
		return TRANSFER_WAS_STALE;
	}
	if (transfer->stop == TRANSFER_NEEDS_RAW) {
		return TRANSFER_WAS_REFUSED;
	}
	if (transfer->stop != TRANSFER_GOES_ON || reply->state == REPLY_DONE) {
		return TRANSFER_WAS_FINAL;
	}
	bool is_hasty = code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR ||
			code == CURLE_RECV_ERROR || code == CURLE_UNSUPPORTED_PROTOCOL;
	if (transfer->is_reused && reply->received_bytes == 0 && is_hasty) {
		return TRANSFER_WAS_STALE;
	}
	if (transfer->sent_us == 0) {
		blame_setup(transfer, code);
		return TRANSFER_WAS_FINAL;
	}
	return reply->state == REPLY_HEAD ? judge_head(transfer, code) : judge_body(transfer, code);
}
