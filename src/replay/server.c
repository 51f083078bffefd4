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

struct server {
	struct site site;
	struct side library, captures;
	int64_t refreshed_ms;
	unsigned answering; /* replies that still read from a holding */
};

/* --- replies -----------------------------------------------------------------------------------
 */

/* What a reply reads from while it is sent. */
struct sending {
	struct server *server;
	struct reply reply;
};

static ssize_t read_reply(void *context, uint64_t position, char *room, size_t max)
{
	struct sending *sending = (struct sending *)context;
	struct flong_error err = {0};
	size_t got = 0;
	(void)position;
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

static struct MHD_Response *make_response(struct server *server, struct reply *reply_take)
{
	if (reply_take->content == NULL) {
		return MHD_create_response_from_buffer(reply_take->body.len,
			(void *)(uintptr_t)buf_text(&reply_take->body), MHD_RESPMEM_MUST_COPY);
	}
	struct sending *sending = ALLOC(struct sending);
	sending->server = server;
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
	struct MHD_Response *response = make_response(server, reply_take);
	enum MHD_Result result = MHD_NO;
	if (response != NULL) {
		for (size_t i = 0; i < fields.count; i++) {
			SCOPED(buf_clear) struct buf name = {0};
			SCOPED(buf_clear) struct buf value = buf_with_max(4 * LIMIT_URL_BYTES);
			buf_add(&name, fields.fields[i].name);
			buf_add(&value, fields.fields[i].value);
			(void)MHD_add_response_header(response, buf_text(&name), buf_text(&value));
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
	(void)context;
	(void)connection;
	(void)code;
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
	struct asked *asked = (struct asked *)*request;
	if (asked == NULL) {
		return MHD_NO;
	}
	if (!asked->has_head) {
		/* An answer before the end of the request would close the connection. */
		asked->has_head = true;
		return MHD_YES;
	}
	if (*upload_bytes > 0) {
		*upload_bytes = 0; /* bodies of requests say nothing here */
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
	side->daemon =
		MHD_start_daemon(flags, port, NULL, NULL, answer, side, MHD_OPTION_EXTERNAL_LOGGER,
			tell, NULL, MHD_OPTION_SOCK_ADDR, &address.any, MHD_OPTION_CONNECTION_LIMIT,
			(unsigned)LIMIT_SERVER_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
			(unsigned)LIMIT_SERVER_SILENCE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
			LIMIT_SERVER_HEAD_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
			MHD_OPTION_URI_LOG_CALLBACK, take_target, NULL, MHD_OPTION_NOTIFY_COMPLETED,
			end_request, NULL, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
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

/* Files are opened anew only while no reply reads from the old ones. */
static void refresh_when_due(struct server *server)
{
	int64_t now_ms = clock_monotonic_ms();
	if (server->answering == 0 && now_ms - server->refreshed_ms >= REFRESH_MS) {
		archive_refresh(server->site.archive);
		server->refreshed_ms = now_ms;
	}
}

int server_run(struct server *server, const volatile int *stop, struct flong_error *err)
{
	struct side *sides[] = {&server->library, &server->captures};
	while (*stop == 0) {
		struct pollfd fds[2];
		int timeout = TURN_MS;
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
		refresh_when_due(server);
	}
	return FLONG_OK;
}
