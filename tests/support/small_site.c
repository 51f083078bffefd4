/* SPDX-License-Identifier: MIT */
/* small_site.c - a site of a few pages on loopback */
#include "small_site.h"

#include <arpa/inet.h>
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"

enum { STORIES = 6, IMAGE_BYTES = 3000, LARGE_BYTES = (int)LIMIT_SPOOL_MEMORY_BYTES + 70000 };

static int listener = -1;
static pthread_t thread;

static void add_noise(struct buf *body, unsigned seed, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		seed = seed * 1103515245U + 12345U;
		buf_add_char(body, (char)(seed >> 16));
	}
}

static void add_page(struct buf *body, int story)
{
	buf_addf(body,
		"<!DOCTYPE html><html><head><title>Page %d</title>"
		"<link rel=\"stylesheet\" href=\"/style.css\"></head><body><h1>Page %d</h1>"
		"<img src=\"/image/%d.png\"><img src=\"/same/%d.png\">",
		story, story, story, story);
	if (story == 0) {
		buf_add_text(body, "<img src=\"/large.png\">");
	}
	for (int i = 0; i < STORIES; i++) {
		buf_addf(body, "<p>Story: <a href=\"/story/%d.html\">number %d</a></p>", i, i);
	}
	buf_add_text(body, "</body></html>");
}

/* What a path has; its media type, or NULL for nothing. */
static const char *make(const char *path, struct buf *body)
{
	int number = 0;
	size_t length = strlen(path);
	const char *digit = length > 5 ? path + strcspn(path, "0123456789") : "";
	number = *digit >= '0' && *digit <= '9' ? *digit - '0' : 0;
	if (strcmp(path, "/") == 0) {
		add_page(body, 9);
	} else if (strncmp(path, "/story/", 7) == 0) {
		add_page(body, number);
	} else if (strcmp(path, "/style.css") == 0) {
		buf_add_text(body, "body { color: #111 } ");
		return "text/css";
	} else if (strncmp(path, "/image/", 7) == 0) {
		add_noise(body, (unsigned)number + 1, IMAGE_BYTES);
		return "image/png";
	} else if (strncmp(path, "/same/", 6) == 0) {
		add_noise(body, 77, IMAGE_BYTES);
		return "image/png";
	} else if (strcmp(path, "/large.png") == 0) {
		add_noise(body, 99, LARGE_BYTES);
		return "image/png";
	} else {
		return NULL;
	}
	return "text/html; charset=utf-8";
}

static void send_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
		if (sent <= 0) {
			return;
		}
		data += sent;
		length -= (size_t)sent;
	}
}

/* Reads one request; false when there is none any more. */
static bool answer(int fd)
{
	char request[8192];
	size_t length = 0;
	request[0] = '\0';
	while (strstr(request, "\r\n\r\n") == NULL) {
		ssize_t got = recv(fd, request + length, sizeof(request) - 1 - length, 0);
		if (got <= 0) {
			return false;
		}
		length += (size_t)got;
		request[length] = '\0';
	}
	char *path = strchr(request, ' ');
	assert(path != NULL);
	path++;
	path[strcspn(path, " ")] = '\0';
	SCOPED(buf_clear) struct buf body = buf_with_max(2 * (size_t)LARGE_BYTES);
	SCOPED(buf_clear) struct buf head = {0};
	const char *type = make(path, &body);
	buf_addf(&head, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
		type == NULL ? "404 Not Found" : "200 OK", type == NULL ? "text/plain" : type,
		body.len);
	buf_add(&head, buf_bytes(&body));
	send_all(fd, head.ptr, head.len);
	return true;
}

/* One connection at a time: the crawls have one fetch in flight. */
static void *serve(void *unused)
{
	(void)unused;
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0) {
			return NULL;
		}
		while (answer(fd)) {
		}
		(void)close(fd);
	}
}

const char *small_site_start(void)
{
	static char url[64];
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int rc = listener < 0 ? -1 : bind(listener, (struct sockaddr *)&address, size);
	rc = rc == 0 ? listen(listener, 64) : rc;
	rc = rc == 0 ? getsockname(listener, (struct sockaddr *)&address, &size) : rc;
	rc = rc == 0 ? pthread_create(&thread, NULL, serve, NULL) : rc;
	assert(rc == 0);
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/", (unsigned)ntohs(address.sin_port));
	return url;
}

void small_site_stop(void)
{
	(void)shutdown(listener, SHUT_RDWR);
	(void)pthread_join(thread, NULL);
	(void)close(listener);
}
