/* SPDX-License-Identifier: MIT */
/* server_test.c - clients that are slow, and archives that change under a reply */
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "replay/server.h"

/* Far less than a person's patience: the tests wait for it to be over, not for a time of theirs. */
#define PATIENCE_MS 40
/* More than the kernel keeps for a socket. */
#define BODY_BYTES ((size_t)12 << 20)
#define DRIBBLERS 20

struct kit {
	char folder[40], path[64];
	struct archive *archive;
	struct server *server;
};

/* One record that is long; `mark` tells one file from another. */
static void write_archive(const char *path, char mark, size_t body_bytes)
{
	FILE *file = fopen(path, "wb");
	char block[4096];
	assert_non_null(file);
	memset(block, mark, sizeof(block));
	(void)fprintf(file,
		"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:"
		"00000000-0000-4000-8000-000000000001>\r\nWARC-Date: 2026-11-29T09:00:00Z\r\n"
		"WARC-Target-URI: https://%c.example/\r\nContent-Type: text/plain\r\n"
		"Content-Length: %zu\r\n\r\n",
		mark, body_bytes);
	for (size_t i = 0; i < body_bytes / sizeof(block); i++) {
		assert_int_equal(fwrite(block, 1, sizeof(block), file), sizeof(block));
	}
	(void)fputs("\r\n\r\n", file);
	assert_int_equal(fclose(file), 0);
}

static void kit_open(struct kit *kit, int64_t patience_ms)
{
	struct flong_error err = {0};
	*kit = (struct kit){.folder = "/tmp/server-test-XXXXXX"};
	assert_non_null(mkdtemp(kit->folder));
	(void)snprintf(kit->path, sizeof(kit->path), "%s/one.warc", kit->folder);
	write_archive(kit->path, 'a', BODY_BYTES);
	kit->archive = archive_create();
	assert_int_equal(archive_add(kit->archive, kit->path, &err), FLONG_OK);
	const struct server_options options = {
		.archive = kit->archive, .bind = "127.0.0.1", .patience_ms = patience_ms};
	assert_int_equal(server_open(&options, &kit->server, &err), FLONG_OK);
}

static void kit_close(struct kit *kit)
{
	server_close(kit->server);
	archive_close(kit->archive);
	assert_int_equal(unlink(kit->path), 0);
	assert_int_equal(rmdir(kit->folder), 0);
}

static void turn(struct kit *kit)
{
	struct flong_error err = {0};
	assert_int_equal(server_turn(kit->server, 5, &err), FLONG_OK);
}

static int connect_to(const struct kit *kit)
{
	const struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(server_port(kit->server)),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int small = 4096;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

static void send_request(const struct kit *kit, int fd, const char *target, const char *end)
{
	SCOPED(buf_clear) struct buf text = {0};
	buf_addf(&text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s", target,
		server_port(kit->server), end);
	assert_int_equal(send(fd, buf_text(&text), text.len, MSG_NOSIGNAL), (ssize_t)text.len);
}

/* Reads until `wanted` is there or the connection ends; false: it ended. */
static bool read_until(struct kit *kit, int fd, struct buf *got, const char *wanted)
{
	char room[4096];
	while (strstr(buf_text(got), wanted) == NULL) {
		ssize_t count = recv(fd, room, sizeof(room) - 1, 0);
		if (count == 0 || (count < 0 && errno != EAGAIN)) {
			return false;
		}
		if (count > 0) {
			buf_add(got, bytes_from(room, (size_t)count));
		}
		turn(kit);
	}
	return true;
}

/* Reads to the end of the connection. */
static void read_rest(struct kit *kit, int fd, struct buf *got)
{
	static char room[1 << 18];
	int large = 1 << 22;
	ssize_t count;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof(large));
	while ((count = recv(fd, room, sizeof(room), 0)) != 0) {
		assert_true(count > 0 || errno == EAGAIN);
		if (count > 0) {
			buf_add(got, bytes_from(room, (size_t)count));
		}
		turn(kit);
	}
}

static void is_answered(struct kit *kit, const char *target, const char *wanted)
{
	SCOPED(buf_clear) struct buf got = {0};
	int fd = connect_to(kit);
	send_request(kit, fd, target, "\r\n");
	assert_true(read_until(kit, fd, &got, wanted));
	assert_int_equal(close(fd), 0);
}

TEST(who_sends_a_byte_now_and_then_is_not_waited_for)
{
	struct kit kit;
	int fds[DRIBBLERS];
	kit_open(&kit, PATIENCE_MS);
	for (size_t i = 0; i < DRIBBLERS; i++) {
		fds[i] = connect_to(&kit);
		send_request(&kit, fds[i], "/", "X-Slow: ");
		turn(&kit);
	}
	assert_true(server_clients(kit.server) > 0);
	/* Each goes on as long as it can. */
	bool is_open = true;
	while (is_open) {
		is_open = false;
		for (size_t i = 0; i < DRIBBLERS; i++) {
			is_open = send(fds[i], "a", 1, MSG_NOSIGNAL) == 1 || is_open;
		}
		turn(&kit);
	}
	assert_int_equal(server_clients(kit.server), 0);
	is_answered(&kit, "/", "</html>");
	for (size_t i = 0; i < DRIBBLERS; i++) {
		assert_int_equal(close(fds[i]), 0);
	}
	kit_close(&kit);
}

TEST(who_never_reads_is_not_waited_for)
{
	struct kit kit;
	kit_open(&kit, PATIENCE_MS);
	int fd = connect_to(&kit);
	send_request(&kit, fd, "/one/file/one.warc", "\r\n");
	do {
		turn(&kit);
	} while (server_clients(kit.server) > 0);
	is_answered(&kit, "/", "</html>");
	assert_int_equal(close(fd), 0);
	kit_close(&kit);
}

TEST(an_archive_that_changes_is_shown_while_a_reply_reads_from_the_old_one)
{
	struct kit kit;
	char aside[64];
	SCOPED(buf_clear) struct buf got = buf_with_max(2 * BODY_BYTES);
	kit_open(&kit, 600000);
	int fd = connect_to(&kit);
	send_request(&kit, fd, "/one/file/one.warc", "Connection: close\r\n\r\n");
	assert_true(read_until(&kit, fd, &got, "https://a.example/"));
	(void)snprintf(aside, sizeof(aside), "%s/aside", kit.folder);
	write_archive(aside, 'b', 4096);
	assert_int_equal(rename(aside, kit.path), 0);
	/* The server looks once a second. */
	SCOPED(buf_clear) struct buf page = {0};
	while (strstr(buf_text(&page), "https://b.example/") == NULL) {
		int other = connect_to(&kit);
		buf_reset(&page);
		send_request(&kit, other, "/one/urls", "\r\n");
		assert_true(read_until(&kit, other, &page, "</html>"));
		assert_int_equal(close(other), 0);
	}
	/* What was begun ends as it began. */
	read_rest(&kit, fd, &got);
	struct bytes all = buf_bytes(&got);
	assert_true(all.len > BODY_BYTES);
	assert_true(bytes_ends(all, BYTES("aaaa\r\n\r\n")));
	assert_int_equal(close(fd), 0);
	kit_close(&kit);
}

TEST(a_request_with_a_body_is_refused_and_its_connection_ends)
{
	static const char *const ends[] = {"Content-Length: 5\r\n\r\nGET /",
		"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"};
	struct kit kit;
	kit_open(&kit, 600000);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		SCOPED(buf_clear) struct buf got = {0};
		int fd = connect_to(&kit);
		send_request(&kit, fd, "/", ends[i]);
		assert_false(read_until(&kit, fd, &got, "HTTP/1.1 200"));
		assert_true(bytes_starts(buf_bytes(&got), BYTES("HTTP/1.1 400")));
		assert_int_equal(close(fd), 0);
	}
	kit_close(&kit);
}

RUN_TESTS(CASE(who_sends_a_byte_now_and_then_is_not_waited_for),
	CASE(who_never_reads_is_not_waited_for),
	CASE(an_archive_that_changes_is_shown_while_a_reply_reads_from_the_old_one),
	CASE(a_request_with_a_body_is_refused_and_its_connection_ends))
