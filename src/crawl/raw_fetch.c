/* SPDX-License-Identifier: MIT */
/* raw_fetch.c - sends a request over a CONNECT_ONLY connection and reads the reply as it comes */
#include "crawl/raw_fetch.h"

#include <curl/curl.h>

/* Read at once; and how often in one step, so that one fast peer does not hold up the others. */
#define ROOM_BYTES 16384
#define READS_PER_STEP 32

void raw_fetch_add_request(struct bytes refused_request, struct buf *out)
{
	if (!bytes_ends(refused_request, BYTES("\r\n\r\n"))) {
		return;
	}
	buf_add(out, bytes_slice(refused_request, 0, refused_request.len - 2));
	if (bytes_find_nocase(refused_request, BYTES("\r\nConnection:"), 0) == SIZE_MAX) {
		buf_add(out, BYTES("Connection: close\r\n"));
	}
	buf_add(out, BYTES("\r\n"));
}

void raw_fetch_start(struct raw_fetch *raw, void *easy, struct bytes request, struct reply *reply)
{
	*raw = (struct raw_fetch){.easy = easy, .reply = reply, .request = request, .socket = -1};
	curl_socket_t socket = CURL_SOCKET_BAD;
	if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
		socket == CURL_SOCKET_BAD) {
		reply_end(reply, REPLY_END_RESET);
		raw->has_ended = true;
	}
	raw->socket = socket;
}

bool raw_fetch_is_sending(const struct raw_fetch *raw)
{
	return raw->sent_bytes < raw->request.len;
}

/* False when the connection broke. */
static bool send_some(struct raw_fetch *raw)
{
	while (raw_fetch_is_sending(raw)) {
		size_t count = 0;
		CURLcode result = curl_easy_send(raw->easy, raw->request.ptr + raw->sent_bytes,
			raw->request.len - raw->sent_bytes, &count);
		raw->sent_bytes += count;
		if (result == CURLE_AGAIN || (result == CURLE_OK && count == 0)) {
			return true;
		}
		if (result != CURLE_OK) {
			return false;
		}
	}
	return true;
}

static void end_raw(struct raw_fetch *raw, enum reply_end end)
{
	reply_end(raw->reply, end);
	raw->has_ended = true;
}

static int receive_some(struct raw_fetch *raw, struct flong_error *err)
{
	char room[ROOM_BYTES];
	raw->has_more = false;
	for (int i = 0; i < READS_PER_STEP && !raw->has_ended; i++) {
		size_t count = 0;
		CURLcode result = curl_easy_recv(raw->easy, room, sizeof(room), &count);
		if (result == CURLE_AGAIN) {
			return FLONG_OK;
		}
		if (result != CURLE_OK || count == 0) {
			end_raw(raw, result == CURLE_OK ? REPLY_END_CLOSE : REPLY_END_RESET);
			return FLONG_OK;
		}
		int rc = reply_add(raw->reply, bytes_from(room, count), err);
		if (rc != FLONG_OK) {
			return rc;
		}
		raw->has_ended = raw->reply->state == REPLY_DONE;
	}
	raw->has_more = !raw->has_ended;
	return FLONG_OK;
}

int raw_fetch_step(struct raw_fetch *raw, bool *has_ended_out, struct flong_error *err)
{
	int rc = FLONG_OK;
	/* A peer may reply and close before it has read everything: then its bytes still count. */
	bool is_sound = raw->has_ended || send_some(raw);
	if (!raw->has_ended && (!is_sound || !raw_fetch_is_sending(raw))) {
		rc = receive_some(raw, err);
	}
	if (!is_sound && !raw->has_ended) {
		end_raw(raw, REPLY_END_RESET);
	}
	*has_ended_out = raw->has_ended;
	return rc;
}
