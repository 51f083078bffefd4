/* SPDX-License-Identifier: MIT */
/* transfer.c - a fetch's life: made, set up, timed, ended, tried again */
#include "crawl/transfer.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "crawl/transfer_events.h"

/* A reply whose end cannot be told by its framing is not waited for longer than this after its last
 * byte: most servers close at once, since the raw way asks for it. */
#define LINGER_MS 5000
/* Less than this a second over a stall window counts as no progress (a drip-feeding peer). */
#define STALL_BYTES_PER_SECOND 1
/* A reply that comes at this rate is not cut by the total time limit. */
#define SLOWEST_BYTES_PER_SECOND 16384

/* Host name (brackets off) and "scheme://host:port" of an href. */
static void read_authority(struct transfer *transfer, struct bytes url)
{
	size_t start = bytes_find(url, BYTES("://"), 0);
	start = start == SIZE_MAX ? 0 : start + 3;
	size_t end = start;
	while (end < url.len && strchr("/?#", url.ptr[end]) == NULL) {
		end++;
	}
	transfer->host_key = bytes_hash(bytes_slice(url, 0, end));
	struct bytes host = bytes_slice(url, start, end);
	size_t at = bytes_find_last_char(host, '@');
	host = bytes_slice(host, at == SIZE_MAX ? 0 : at + 1, host.len);
	if (host.len > 0 && host.ptr[0] == '[') {
		host = bytes_slice(host, 1, bytes_find_char(host, ']', 0));
	} else {
		host = bytes_slice(host, 0, bytes_find_char(host, ':', 0));
	}
	transfer->host = alloc_text(host.ptr, host.len);
}

/* The headers all requests have, unless an extra one has their name; then the extra ones. */
static struct curl_slist *join_headers(const struct curl_slist *common, const char *const *extra)
{
	struct curl_slist *list = NULL;
	for (; common != NULL; common = common->next) {
		struct bytes line = bytes_of(common->data);
		struct bytes name = bytes_slice(line, 0, bytes_find_char(line, ':', 0) + 1);
		bool is_replaced = false;
		for (const char *const *other = extra; *other != NULL; other++) {
			is_replaced = is_replaced || bytes_starts_nocase(bytes_of(*other), name);
		}
		list = is_replaced ? list : curl_slist_append(list, common->data);
	}
	for (; *extra != NULL; extra++) {
		list = curl_slist_append(list, *extra);
	}
	return list;
}

static struct exchange *make_exchange(
	const struct transfer *transfer, struct bytes url, uint64_t ticket)
{
	const struct fetcher_options *options = transfer->setup->options;
	struct exchange *exchange = exchange_create(url, options->spool_dir);
	exchange->ticket = ticket;
	exchange->started_ms =
		options->now_ms != NULL ? options->now_ms(options->now_context) : clock_wall_ms();
	return exchange;
}

struct transfer *transfer_create(
	const struct transfer_setup *setup, const struct fetch_request *request)
{
	struct transfer *transfer = ALLOC(struct transfer);
	transfer->setup = setup;
	transfer->is_fresh = request->fresh_connection;
	transfer->raw.socket = -1;
	read_authority(transfer, request->url);
	transfer->exchange = make_exchange(transfer, request->url, request->ticket);
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (setup->options->proxies != NULL &&
		url_parse(request->url, NULL, &url, &ignored) == FLONG_OK) {
		transfer->proxy = proxies_for(setup->options->proxies, url);
	}
	if (request->extra_headers != NULL && request->extra_headers[0] != NULL) {
		transfer->headers = join_headers(setup->headers, request->extra_headers);
	}
	return transfer;
}

void transfer_close(struct transfer *transfer)
{
	if (transfer == NULL) {
		return;
	}
	curl_slist_free_all(transfer->headers);
	exchange_close(transfer->exchange);
	exchange_close(transfer->refused);
	free(transfer->host);
	free(transfer);
}

static void set_network(const struct transfer_setup *setup, CURL *easy)
{
	const struct fetcher_options *options = setup->options;
	static const long families[] = {
		[FETCHER_ANY_FAMILY] = CURL_IPRESOLVE_WHATEVER,
		[FETCHER_IPV4] = CURL_IPRESOLVE_V4,
		[FETCHER_IPV6] = CURL_IPRESOLVE_V6,
	};
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_IPRESOLVE, families[options->family]);
	curl_easy_setopt(easy, CURLOPT_RESOLVE, setup->resolve);
	curl_easy_setopt(easy, CURLOPT_CONNECT_TO, setup->connect_to);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	if (options->rate_limit_bytes > 0) {
		curl_easy_setopt(easy, CURLOPT_MAX_RECV_SPEED_LARGE,
			(curl_off_t)(options->rate_limit_bytes & INT64_MAX));
	}
}

static void set_tls(const struct transfer_setup *setup, CURL *easy)
{
	const struct fetcher_options *options = setup->options;
	bool verifies = options->tls == FETCHER_TLS_VERIFY;
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verifies ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verifies ? 2L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* Debian's default CAPATH turns libcurl's CA cache off: 25 ms a connection. */
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	if (!verifies) {
		/* Parsed again for each connection otherwise; tls_reader verifies. */
		curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
	} else if (options->cacert != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, options->cacert);
	}
	/* The proxy is the user's, its certificate always has to hold. */
	curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (options->cacert != NULL) {
		curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, options->cacert);
	}
}

void transfer_set_up_handle(const struct transfer_setup *setup, void *easy)
{
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_TRANSFER_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, setup->options->user_agent);
	set_network(setup, easy);
	set_tls(setup, easy);
	transfer_events_set_callbacks(easy);
}

static void begin_attempt(struct transfer *transfer)
{
	CURL *easy = transfer->easy;
	transfer->has_opened = false;
	transfer->is_reused = false;
	transfer->is_connected = false;
	transfer->is_stale = false;
	transfer->is_refused = false;
	transfer->stop = TRANSFER_GOES_ON;
	transfer->sent_us = 0;
	transfer->fault[0] = '\0';
	buf_clear(&transfer->exchange->request);
	reply_start(&transfer->reply, &transfer->setup->reply, transfer->exchange, transfer->host);
	transfer->reply.needs_farewell =
		bytes_starts(bytes_of(transfer->exchange->url), BYTES("https:"));
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, transfer->is_fresh ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, transfer->is_raw ? 1L : 0L);
}

void transfer_begin(struct transfer *transfer, void *easy)
{
	struct exchange *exchange = transfer->exchange;
	const struct fetcher_options *options = transfer->setup->options;
	transfer->easy = easy;
	transfer->started_us = clock_monotonic_us();
	exchange->started_ms =
		options->now_ms != NULL ? options->now_ms(options->now_context) : clock_wall_ms();
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
	/* An empty string is "none": NULL would take the environment's. */
	curl_easy_setopt(easy, CURLOPT_PROXY, transfer->proxy == NULL ? "" : transfer->proxy);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER,
		transfer->headers != NULL ? transfer->headers : transfer->setup->headers);
	transfer_events_set_context(easy, transfer);
	begin_attempt(transfer);
}

static void stop_settling(struct transfer *transfer)
{
	if (transfer->is_settling) {
		transfer->is_settling = false;
		(*transfer->setup->settling)--;
	}
}

static int64_t step_us(CURL *easy, CURLINFO info)
{
	curl_off_t value = 0;
	return curl_easy_getinfo(easy, info, &value) == CURLE_OK && value > 0 ? value : -1;
}

/* libcurl counts from the start of the attempt; good enough for a report. */
static void note_times(struct transfer *transfer)
{
	struct exchange_times *times = &transfer->exchange->times;
	if (transfer->has_opened) {
		times->dns_us = step_us(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T);
		times->connect_us = step_us(transfer->easy, CURLINFO_CONNECT_TIME_T);
		times->tls_us = step_us(transfer->easy, CURLINFO_APPCONNECT_TIME_T);
	}
	times->total_us = clock_monotonic_us() - transfer->started_us;
}

/* The bytes of this attempt are complete or final; false when the spool failed. */
static void finish_attempt(struct transfer *transfer)
{
	struct flong_error err = {0};
	note_times(transfer);
	transfer->exchange->connection.is_reused = transfer->is_reused;
	if (reply_finish(&transfer->reply, &err) != FLONG_OK) {
		reply_blame(transfer->exchange, EXCHANGE_ABORTED, "the body cannot be kept: %s",
			err.message);
		transfer->exchange->truncated = TRUNCATED_UNSPECIFIED;
	}
}

bool transfer_is_refused(struct transfer *transfer)
{
	const struct fetcher_guard *guard = &transfer->setup->options->guard;
	struct guard_reason reason = {""};
	if (guard->refuses == NULL || !guard->refuses(guard->context, transfer->exchange->url,
					      transfer->proxy != NULL, &reason)) {
		return false;
	}
	transfer->started_us = clock_monotonic_us();
	reply_start(&transfer->reply, &transfer->setup->reply, transfer->exchange, transfer->host);
	reply_blame(transfer->exchange, EXCHANGE_REFUSED, "%s is not asked: %s", transfer->host,
		reason.text);
	finish_attempt(transfer);
	return true;
}

static enum transfer_next again_on_fresh(struct transfer *transfer)
{
	transfer->is_fresh = true;
	begin_attempt(transfer);
	return TRANSFER_AGAIN;
}

/* Sets the attempt aside and asks for a bare connection. */
static enum transfer_next again_raw(struct transfer *transfer)
{
	struct exchange *refused = transfer->exchange;
	SCOPED(buf_clear) struct buf request = {0};
	raw_fetch_add_request(buf_bytes(&refused->request), &request);
	finish_attempt(transfer);
	if (request.len == 0) {
		return TRANSFER_FINISHED;
	}
	transfer->refused = refused;
	transfer->exchange = make_exchange(transfer, bytes_of(refused->url), refused->ticket);
	transfer->exchange->chain_pem = TAKE(refused->chain_pem);
	transfer->is_fresh = true;
	transfer->is_raw = true;
	begin_attempt(transfer);
	buf_add(&transfer->exchange->request, buf_bytes(&request));
	transfer->exchange->used_fallback = true;
	return TRANSFER_AGAIN;
}

enum transfer_next transfer_conclude(struct transfer *transfer, int result)
{
	stop_settling(transfer);
	if (transfer->is_raw && result == CURLE_OK) {
		transfer->sent_us = clock_monotonic_us();
		transfer->window_us = transfer->sent_us;
		transfer->window_bytes = 0;
		raw_fetch_start(&transfer->raw, transfer->easy,
			buf_bytes(&transfer->exchange->request), &transfer->reply);
		return TRANSFER_SEND_RAW;
	}
	switch (transfer_events_judge(transfer, result)) {
	case TRANSFER_WAS_STALE:
		return again_on_fresh(transfer);
	case TRANSFER_WAS_REFUSED:
		if (!transfer->is_raw) {
			return again_raw(transfer);
		}
		break;
	case TRANSFER_WAS_FINAL:
		break;
	}
	if (transfer->is_raw) {
		transfer_conclude_raw(transfer);
	} else {
		finish_attempt(transfer);
	}
	return TRANSFER_FINISHED;
}

void transfer_conclude_raw(struct transfer *transfer)
{
	struct exchange *refused = transfer->refused;
	finish_attempt(transfer);
	if (!transfer->exchange->has_response && transfer->exchange->interim.len == 0) {
		/* Nothing came this time: what the first attempt kept is all there is. */
		refused->chain_pem = TAKE(transfer->exchange->chain_pem);
		exchange_close(transfer->exchange);
		transfer->exchange = TAKE(transfer->refused);
		return;
	}
	if (transfer->is_unreadable) {
		/* Blames only when our own reading has found no fault. */
		reply_blame(transfer->exchange, EXCHANGE_PROTOCOL, "%s", refused->reason);
	}
}

void transfer_interrupt(struct transfer *transfer, enum reply_end end)
{
	stop_settling(transfer);
	if (transfer->easy == NULL) {
		transfer->started_us = clock_monotonic_us();
		reply_start(&transfer->reply, &transfer->setup->reply, transfer->exchange,
			transfer->host);
		finish_attempt(transfer);
		reply_blame(transfer->exchange, EXCHANGE_ABORTED, "%s was not asked any more",
			transfer->host);
		return;
	}
	if (transfer->sent_us == 0 && end == REPLY_END_TIME) {
		reply_blame(transfer->exchange, EXCHANGE_TIMEOUT,
			"%s: no connection within the time limit", transfer->host);
	}
	reply_end(&transfer->reply, end);
	if (transfer->is_raw) {
		transfer_conclude_raw(transfer);
	} else {
		finish_attempt(transfer);
	}
}

struct exchange *transfer_take(struct transfer *transfer)
{
	return TAKE(transfer->exchange);
}

static int64_t stall_us(const struct transfer *transfer)
{
	int64_t stall_ms = transfer->setup->options->stall_timeout_ms;
	bool lingers = transfer->is_raw && transfer->reply.state == REPLY_BODY &&
		       transfer->reply.ends_by_close;
	if (lingers && (stall_ms == 0 || stall_ms > LINGER_MS)) {
		stall_ms = LINGER_MS;
	}
	return stall_ms * 1000;
}

/* The total time grows with what has arrived: a large body that keeps coming is kept whole, one
 * that drips is not. */
static int64_t total_deadline_us(const struct transfer *transfer)
{
	int64_t total_ms = transfer->setup->options->total_timeout_ms;
	if (total_ms == 0) {
		return INT64_MAX;
	}
	uint64_t earned_s = transfer->reply.received_bytes / SLOWEST_BYTES_PER_SECOND;
	return transfer->started_us + total_ms * 1000 +
	       (int64_t)(earned_s < UINT32_MAX ? earned_s : UINT32_MAX) * 1000000;
}

/* When the silence has lasted too long. */
static int64_t silence_deadline_us(const struct transfer *transfer, int64_t stall)
{
	int64_t since = transfer->reply.last_us > transfer->sent_us ? transfer->reply.last_us
								    : transfer->sent_us;
	return since + stall;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t transfer_deadline_us(const struct transfer *transfer, int64_t now_us)
{
	int64_t deadline = total_deadline_us(transfer);
	int64_t stall = stall_us(transfer);
	if (stall == 0) {
		return deadline;
	}
	if (transfer->sent_us == 0) {
		return earlier(deadline, now_us + stall);
	}
	deadline = earlier(deadline, silence_deadline_us(transfer, stall));
	return earlier(deadline, transfer->window_us + stall);
}

bool transfer_is_late(struct transfer *transfer, int64_t now_us)
{
	int64_t stall = stall_us(transfer);
	if (now_us >= total_deadline_us(transfer)) {
		return true;
	}
	if (stall == 0 || transfer->sent_us == 0) {
		return false;
	}
	if (now_us >= silence_deadline_us(transfer, stall)) {
		return true;
	}
	if (now_us < transfer->window_us + stall) {
		return false;
	}
	uint64_t received = transfer->reply.received_bytes - transfer->window_bytes;
	transfer->window_us = now_us;
	transfer->window_bytes = transfer->reply.received_bytes;
	return received < (uint64_t)(stall / 1000000) * STALL_BYTES_PER_SECOND;
}
