/* SPDX-License-Identifier: MIT */
/* server.c - the two origins on their ports */
#include "replay/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "replay/site.h"

#define BLOCK_BYTES ((size_t)64 << 10)
/* Between two looks whether files have changed. */
#define REFRESH_MS 1000
/* Longest wait in one turn, so that a signal and new files are seen. */
#define TURN_MS 500

struct side {
	struct server *server;
	enum site_side side;
	struct MHD_Daemon *daemon; /* owned */
	uint16_t number;           /* of the port */
	char port[8];              /* the same as digits */
	int epoll_fd;              /* the daemon's */
};

/* A connection, from its start to its end. */
struct client {
	struct client *next, *previous;
	int fd;              /* of the library */
	int64_t deadline_ms; /* until when something must have happened */
};

struct server {
	struct client *clients; /* owned */
	int64_t patience_ms;
	struct site site;
	struct side library, captures;
	int64_t refreshed_ms;
	unsigned answering; /* replies that still read from a holding */
};

/* --- patience ----------------------------------------------------------------------------------
 *
 * The library closes connections that are silent. One that sends or takes a byte now and then is
 * not: so a request must be there, and each part of a reply taken, in a time of its own. */

static struct client *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info != NULL ? (struct client *)info->socket_context : NULL;
}

static void set_deadline(struct server *server, struct client *client, uint64_t bytes)
{
	if (client != NULL) {
		client->deadline_ms =
			clock_monotonic_ms() + server->patience_ms +
			server->patience_ms * (int64_t)(bytes / LIMIT_SERVER_PATIENCE_BYTES);
	}
}

static void begin_client(struct server *server, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct client *client = ALLOC(struct client);
	client->fd = info != NULL ? info->connect_fd : -1;
	client->next = server->clients;
	if (client->next != NULL) {
		client->next->previous = client;
	}
	server->clients = client;
	set_deadline(server, client, 0);
	*context = client;
}

static void end_client(struct server *server, struct client *client)
{
	if (client->next != NULL) {
		client->next->previous = client->previous;
	}
	if (client->previous != NULL) {
		client->previous->next = client->next;
	} else {
		server->clients = client->next;
	}
	free(client);
}

static void watch_client(void *context, struct MHD_Connection *connection, void **client,
	enum MHD_ConnectionNotificationCode code)
{
	struct side *side = (struct side *)context;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		begin_client(side->server, connection, client);
	} else if (*client != NULL) {
		end_client(side->server, (struct client *)*client);
		*client = NULL;
	}
}

/* The library sees the end of the connection and closes it. */
static void end_slow_clients(struct server *server)
{
	int64_t now_ms = clock_monotonic_ms();
	for (struct client *client = server->clients; client != NULL; client = client->next) {
		if (now_ms > client->deadline_ms && client->fd >= 0) {
			(void)shutdown(client->fd, SHUT_RDWR);
		}
	}
}

/* --- replies -----------------------------------------------------------------------------------
 */

/* What a reply reads from while it is sent. */
struct sending {
	struct server *server;
	struct client *client; /* borrowed: it ends after its replies */
	struct reply reply;
};

static ssize_t read_reply(void *context, uint64_t position, char *room, size_t max)
{
	struct sending *sending = (struct sending *)context;
	struct flong_error err = {0};
	size_t got = 0;
	(void)position;
	set_deadline(sending->server, sending->client, max);
	int rc = source_read(sending->reply.content, room, max, &got, &err);
	if (rc == FLONG_OK) {
		return (ssize_t)got;
	}
	if (rc < 0) {
		log_info("a body ends early: %s", err.message);
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	return MHD_CONTENT_READER_END_OF_STREAM;
}

static void end_reply(void *context)
{
	struct sending *sending = (struct sending *)context;
	sending->server->answering--;
	reply_clear(&sending->reply);
	free(sending);
}

static struct MHD_Response *make_response(
	struct server *server, struct client *client, struct reply *reply_take)
{
	if (reply_take->content == NULL) {
		set_deadline(server, client, reply_take->body.len);
		return MHD_create_response_from_buffer(reply_take->body.len,
			(void *)(uintptr_t)buf_text(&reply_take->body), MHD_RESPMEM_MUST_COPY);
	}
	struct sending *sending = ALLOC(struct sending);
	sending->server = server;
	sending->client = client;
	sending->reply = *reply_take;
	*reply_take = (struct reply){0};
	server->answering++;
	uint64_t length =
		sending->reply.length < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)sending->reply.length;
	return MHD_create_response_from_callback(
		length, BLOCK_BYTES, read_reply, sending, end_reply);
}

static enum MHD_Result send_reply(
	struct server *server, struct MHD_Connection *connection, struct reply *reply_take)
{
	unsigned status = (unsigned)reply_take->status;
	struct headers fields = reply_take->fields;
	reply_take->fields = (struct headers){0};
	struct MHD_Response *response = make_response(server, client_of(connection), reply_take);
	enum MHD_Result result = MHD_NO;
	if (response != NULL) {
		for (size_t i = 0; i < fields.count; i++) {
			SCOPED(buf_clear) struct buf name = {0};
			SCOPED(buf_clear) struct buf value = buf_with_max(4 * LIMIT_URL_BYTES);
			buf_add(&name, fields.fields[i].name);
			buf_add(&value, fields.fields[i].value);
			(void)MHD_add_response_header(response, buf_text(&name), buf_text(&value));
		}
		if (status == 400 || status == 405 || status == 421) {
			/* What asks so is no browser, and what else it sent may be anything. */
			(void)MHD_add_response_header(response, "Connection", "close");
		}
		result = MHD_queue_response(connection, status, response);
		MHD_destroy_response(response);
	}
	headers_clear(&fields);
	reply_clear(reply_take);
	return result;
}

/* --- requests ----------------------------------------------------------------------------------
 */

/* A request under way. */
struct asked {
	char *target;  /* owned */
	bool has_head; /* it was looked at once */
};

/* The target as it stands in the request line; the library undoes escapes in what it gives later.
 */
static void *take_target(void *context, const char *target, struct MHD_Connection *connection)
{
	(void)context;
	(void)connection;
	struct asked *asked = ALLOC(struct asked);
	asked->target = alloc_copy(target);
	return asked;
}

static void end_request(void *context, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode code)
{
	struct side *side = (struct side *)context;
	(void)code;
	set_deadline(side->server, client_of(connection), 0);
	struct asked *asked = (struct asked *)*request;
	if (asked != NULL) {
		free(asked->target);
		free(asked);
	}
	*request = NULL;
}

static struct bytes field(struct MHD_Connection *connection, const char *name)
{
	return bytes_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

/* Whether a body is announced. It would say nothing here, and where it ends is what attacks on
 * servers are made of. */
static bool has_body(struct MHD_Connection *connection)
{
	struct bytes length = field(connection, "Content-Length");
	return field(connection, "Transfer-Encoding").ptr != NULL ||
	       (length.ptr != NULL && !bytes_equal(length, BYTES("0")));
}

/* Called when the head is there, for each piece of a body, and at its end. */
/* NOLINTNEXTLINE(readability-function-size): the library's signature */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_bytes,
	void **request)
{
	struct side *side = (struct side *)context;
	(void)url;
	(void)version;
	(void)upload;
	(void)upload_bytes;
	struct asked *asked = (struct asked *)*request;
	if (asked == NULL) {
		return MHD_NO;
	}
	if (!asked->has_head && !has_body(connection)) {
		/* An answer before the end of the request closes the connection: as it should with
		 * a body, which is not read. */
		asked->has_head = true;
		return MHD_YES;
	}
	const struct site_request question = {
		.side = side->side,
		.method = bytes_of(method),
		.target = bytes_of(asked->target),
		.host = field(connection, "Host"),
		.range = field(connection, "Range"),
		.referer = field(connection, "Referer"),
		.accept_datetime = field(connection, "Accept-Datetime"),
		.origin = field(connection, "Origin"),
		.service_worker = field(connection, "Service-Worker"),
		.has_body = has_body(connection),
	};
	struct reply reply = {0};
	site_answer(&side->server->site, &question, &reply);
	log_debug("%s %s: %d", method, asked->target, reply.status);
	return send_reply(side->server, connection, &reply);
}

/* --- ports -------------------------------------------------------------------------------------
 */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int read_address(
	const char *text, uint16_t port, union address *address_out, struct flong_error *err)
{
	*address_out = (union address){0};
	if (inet_pton(AF_INET, text, &address_out->v4.sin_addr) == 1) {
		address_out->v4.sin_family = AF_INET;
		address_out->v4.sin_port = htons(port);
		return FLONG_OK;
	}
	if (inet_pton(AF_INET6, text, &address_out->v6.sin6_addr) == 1) {
		address_out->v6.sin6_family = AF_INET6;
		address_out->v6.sin6_port = htons(port);
		return FLONG_OK;
	}
	return error_set(err, FLONG_E_USAGE, "--bind: '%s' is no address, such as 127.0.0.1", text);
}

static void tell(void *context, const char *format, va_list args) PRINTF_LIKE(2, 0);
static void tell(void *context, const char *format, va_list args)
{
	char line[256];
	(void)context;
	(void)vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	log_debug("%s", line);
}

static int open_side(struct side *side, const struct server_options *options, uint16_t port,
	struct flong_error *err)
{
	union address address;
	int rc = read_address(options->bind, port, &address, err);
	if (rc < 0) {
		return rc;
	}
	unsigned flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG |
			 (address.any.sa_family == AF_INET6 ? (unsigned)MHD_USE_IPv6 : 0);
	side->daemon = MHD_start_daemon(flags, port, NULL, NULL, answer, side,
		MHD_OPTION_EXTERNAL_LOGGER, tell, NULL, MHD_OPTION_SOCK_ADDR, &address.any,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_SERVER_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_SERVER_SILENCE_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, LIMIT_SERVER_HEAD_BYTES,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, take_target, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, end_request, side, MHD_OPTION_NOTIFY_CONNECTION,
		watch_client, side, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
	if (side->daemon == NULL) {
		int code = errno == EADDRINUSE ? FLONG_E_BUSY : FLONG_E_IO;
		return error_set_errno(
			err, code, errno, "cannot listen on %s port %u", options->bind, port);
	}
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(side->daemon, MHD_DAEMON_INFO_BIND_PORT);
	side->number = info->port;
	(void)snprintf(side->port, sizeof(side->port), "%u", side->number);
	info = MHD_get_daemon_info(side->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	side->epoll_fd = info->epoll_fd;
	return FLONG_OK;
}

int server_open(
	const struct server_options *options, struct server **server_out, struct flong_error *err)
{
	SCOPED(server_closep) struct server *server = ALLOC(struct server);
	server->patience_ms =
		options->patience_ms > 0 ? options->patience_ms : LIMIT_SERVER_PATIENCE_MS;
	server->library = (struct side){.server = server, .side = SITE_LIBRARY};
	server->captures = (struct side){.server = server, .side = SITE_CAPTURES};
	server->site = (struct site){.archive = options->archive,
		.library_port = server->library.port,
		.captures_port = server->captures.port,
		.allowed_origin = options->allowed_origin};
	int rc = open_side(&server->library, options, options->port, err);
	if (rc == FLONG_OK) {
		rc = open_side(&server->captures, options, options->captures_port, err);
	}
	if (rc == FLONG_OK) {
		*server_out = TAKE(server);
	}
	return rc;
}

void server_close(struct server *server)
{
	if (server != NULL) {
		struct side *sides[] = {&server->library, &server->captures};
		for (size_t i = 0; i < 2; i++) {
			if (sides[i]->daemon != NULL) {
				MHD_stop_daemon(sides[i]->daemon);
			}
		}
		free(server);
	}
}

uint16_t server_port(const struct server *server)
{
	return server->library.number;
}

uint16_t server_captures_port(const struct server *server)
{
	return server->captures.number;
}

/* --- the loop ----------------------------------------------------------------------------------
 */

static int wait_ms(const struct side *side)
{
	MHD_UNSIGNED_LONG_LONG timeout = TURN_MS;
	if (MHD_get_timeout(side->daemon, &timeout) != MHD_YES || timeout > TURN_MS) {
		return TURN_MS;
	}
	return (int)timeout;
}

/* What replies still read from stays open until none is left. */
static void refresh_when_due(struct server *server)
{
	int64_t now_ms = clock_monotonic_ms();
	if (server->answering == 0) {
		archive_release(server->site.archive);
	}
	if (now_ms - server->refreshed_ms >= REFRESH_MS) {
		archive_refresh(server->site.archive);
		server->refreshed_ms = now_ms;
	}
}

int server_turn(struct server *server, int wait_most_ms, struct flong_error *err)
{
	struct side *sides[] = {&server->library, &server->captures};
	struct pollfd fds[2];
	int timeout = wait_most_ms;
	for (size_t i = 0; i < 2; i++) {
		int own = wait_ms(sides[i]);
		fds[i] = (struct pollfd){.fd = sides[i]->epoll_fd, .events = POLLIN};
		timeout = own < timeout ? own : timeout;
	}
	if (poll(fds, 2, timeout) < 0 && errno != EINTR) {
		return error_set_errno(err, FLONG_E_IO, errno, "waiting for requests");
	}
	for (size_t i = 0; i < 2; i++) {
		if (MHD_run(sides[i]->daemon) != MHD_YES) {
			return error_set(err, FLONG_E_IO, "the server stopped");
		}
	}
	end_slow_clients(server);
	refresh_when_due(server);
	return FLONG_OK;
}

size_t server_clients(const struct server *server)
{
	size_t count = 0;
	for (const struct client *client = server->clients; client != NULL; client = client->next) {
		count++;
	}
	return count;
}

int server_run(struct server *server, const volatile int *stop, struct flong_error *err)
{
	int rc = FLONG_OK;
	while (rc == FLONG_OK && *stop == 0) {
		rc = server_turn(server, TURN_MS, err);
	}
	return rc;
}
