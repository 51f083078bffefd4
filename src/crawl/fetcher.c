/* SPDX-License-Identifier: MIT */
/* fetcher.c - runs transfers side by side: queue, handles, waiting, time limits */
#include "crawl/fetcher.h"

#include <limits.h>
#include <stdlib.h>

#include <curl/curl.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "crawl/transfer.h"
#include "crawl/transfer_events.h"

/* Slots counting the transfers of a host; two hosts in one slot only wait for each other. */
#define HOST_SLOTS 4096
struct transfer_list {
	struct transfer *first;
	struct transfer **end; /* &first or the last one's next */
};

struct fetcher {
	struct fetcher_options options;
	struct transfer_setup setup;
	CURLM *multi;
	CURL **handles; /* idle ones, a stack */
	size_t handle_count, handle_capacity;
	struct transfer_list waiting; /* for their host's turn */
	struct transfer_list running; /* on libcurl */
	struct transfer_list raw;     /* connected, on raw_fetch */
	size_t running_count;         /* running and raw */
	struct transfer *finished;    /* oldest first */
	struct transfer **finished_end;
	size_t in_flight;
	int64_t next_check_us; /* no time limit passes before */
	size_t settling;       /* complete by our reading, not yet by libcurl's */
	uint16_t host_counts[HOST_SLOTS];
	int sockets[TRANSFER_SOCKETS];
	struct curl_waitfd *fds; /* scratch of fetcher_wait */
	size_t fd_capacity;
};

static void list_add(struct transfer_list *list, struct transfer *transfer)
{
	transfer->next = NULL;
	transfer->link = list->end;
	*list->end = transfer;
	list->end = &transfer->next;
}

static void list_remove(struct transfer_list *list, struct transfer *transfer)
{
	*transfer->link = transfer->next;
	if (transfer->next != NULL) {
		transfer->next->link = transfer->link;
	} else {
		list->end = transfer->link;
	}
	transfer->next = NULL;
}

static struct curl_slist *list_of(const char *const *items)
{
	struct curl_slist *list = NULL;
	for (; items != NULL && *items != NULL; items++) {
		list = curl_slist_append(list, *items);
	}
	return list;
}

static void set_up_multi(struct fetcher *fetcher)
{
	const struct fetcher_options *options = &fetcher->options;
	curl_multi_setopt(fetcher->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	if (options->connections_total > 0) {
		long total = (long)options->connections_total;
		curl_multi_setopt(fetcher->multi, CURLMOPT_MAXCONNECTS, total);
		curl_multi_setopt(fetcher->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, total);
	}
	if (options->connections_per_host > 0) {
		curl_multi_setopt(fetcher->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
			(long)options->connections_per_host);
	}
}

static void set_up_transfers(struct fetcher *fetcher)
{
	static const char *const headers[] = {
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,"
		"image/webp,*/*;q=0.8",
		"Accept-Encoding: gzip, br",
		"Expect:",
		NULL,
	};
	struct transfer_setup *setup = &fetcher->setup;
	setup->options = &fetcher->options;
	setup->reply = (struct reply_options){
		.spool_dir = fetcher->options.spool_dir,
		.body_max_bytes = fetcher->options.body_max_bytes,
		.compress_level = fetcher->options.compress_level,
	};
	setup->settling = &fetcher->settling;
	setup->sockets = fetcher->sockets;
	setup->headers = list_of(headers);
	setup->resolve = list_of(fetcher->options.resolve);
	setup->connect_to = list_of(fetcher->options.connect_to);
}

int fetcher_create(const struct fetcher_options *options, struct fetcher **fetcher_out,
	struct flong_error *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		return error_set(err, FLONG_E_INTERNAL, "libcurl cannot be set up");
	}
	SCOPED(fetcher_closep) struct fetcher *fetcher = ALLOC(struct fetcher);
	fetcher->options = *options;
	fetcher->waiting.end = &fetcher->waiting.first;
	fetcher->running.end = &fetcher->running.first;
	fetcher->raw.end = &fetcher->raw.first;
	fetcher->finished_end = &fetcher->finished;
	fetcher->next_check_us = INT64_MAX;
	fetcher->multi = curl_multi_init();
	if (fetcher->multi == NULL) {
		return error_set(err, FLONG_E_INTERNAL, "libcurl cannot be set up");
	}
	set_up_multi(fetcher);
	set_up_transfers(fetcher);
	int rc = tls_reader_create(
		options->cacert, options->tls == FETCHER_TLS_RECORD, &fetcher->setup.tls, err);
	if (rc == FLONG_OK) {
		*fetcher_out = TAKE(fetcher);
	}
	return rc;
}

static void drop_list(struct transfer *transfer)
{
	while (transfer != NULL) {
		struct transfer *next = transfer->next;
		transfer_close(transfer);
		transfer = next;
	}
}

void fetcher_close(struct fetcher *fetcher)
{
	if (fetcher == NULL) {
		return;
	}
	fetcher_abort_all(fetcher);
	drop_list(fetcher->finished);
	for (size_t i = 0; i < fetcher->handle_count; i++) {
		curl_easy_cleanup(fetcher->handles[i]);
	}
	if (fetcher->multi != NULL) {
		curl_multi_cleanup(fetcher->multi);
	}
	tls_reader_close(fetcher->setup.tls);
	curl_slist_free_all(fetcher->setup.headers);
	curl_slist_free_all(fetcher->setup.resolve);
	curl_slist_free_all(fetcher->setup.connect_to);
	free(fetcher->handles);
	free(fetcher->fds);
	free(fetcher);
	curl_global_cleanup();
}

static CURL *lend_handle(struct fetcher *fetcher)
{
	if (fetcher->handle_count > 0) {
		return fetcher->handles[--fetcher->handle_count];
	}
	CURL *easy = curl_easy_init();
	if (easy != NULL) {
		transfer_set_up_handle(&fetcher->setup, easy);
	}
	return easy;
}

static void take_back_handle(struct fetcher *fetcher, CURL *easy)
{
	if (fetcher->handle_count == fetcher->handle_capacity) {
		fetcher->handle_capacity = fetcher->handle_capacity * 2 + 8;
		fetcher->handles = alloc_resize(
			fetcher->handles, fetcher->handle_capacity, sizeof(*fetcher->handles));
	}
	transfer_events_set_context(easy, NULL);
	fetcher->handles[fetcher->handle_count++] = easy;
}

static uint16_t *host_count(struct fetcher *fetcher, const struct transfer *transfer)
{
	return &fetcher->host_counts[transfer->host_key % HOST_SLOTS];
}

static void add_finished(struct fetcher *fetcher, struct transfer *transfer)
{
	transfer->next = NULL;
	*fetcher->finished_end = transfer;
	fetcher->finished_end = &transfer->next;
}

/* `list` is the one it is in. The handle leaves libcurl with it. */
static void end_transfer(
	struct fetcher *fetcher, struct transfer_list *list, struct transfer *transfer)
{
	list_remove(list, transfer);
	if (transfer->easy != NULL) {
		take_back_handle(fetcher, TAKE(transfer->easy));
		fetcher->running_count--;
		(*host_count(fetcher, transfer))--;
	}
	add_finished(fetcher, transfer);
}

static void note_deadline(struct fetcher *fetcher, const struct transfer *transfer, int64_t now_us)
{
	int64_t deadline = transfer_deadline_us(transfer, now_us);
	if (deadline < fetcher->next_check_us) {
		fetcher->next_check_us = deadline;
	}
}

static void run(struct fetcher *fetcher, struct transfer *transfer)
{
	list_add(&fetcher->running, transfer);
	if (curl_multi_add_handle(fetcher->multi, transfer->easy) != CURLM_OK) {
		reply_blame(transfer->exchange, EXCHANGE_ABORTED, "libcurl takes no more fetches");
		transfer_interrupt(transfer, REPLY_END_STOP);
		end_transfer(fetcher, &fetcher->running, transfer);
		return;
	}
	note_deadline(fetcher, transfer, clock_monotonic_us());
}

static bool may_run(struct fetcher *fetcher, const struct transfer *transfer)
{
	const struct fetcher_options *options = &fetcher->options;
	return (options->connections_total == 0 ||
		       fetcher->running_count < options->connections_total) &&
	       (options->connections_per_host == 0 ||
		       *host_count(fetcher, transfer) < options->connections_per_host);
}

static void start_waiting(struct fetcher *fetcher)
{
	struct transfer *next = NULL;
	for (struct transfer *transfer = fetcher->waiting.first; transfer != NULL;
		transfer = next) {
		next = transfer->next;
		if (!may_run(fetcher, transfer)) {
			continue;
		}
		CURL *easy = lend_handle(fetcher);
		if (easy == NULL) {
			return;
		}
		list_remove(&fetcher->waiting, transfer);
		transfer_begin(transfer, easy);
		fetcher->running_count++;
		(*host_count(fetcher, transfer))++;
		run(fetcher, transfer);
	}
}

int fetcher_start(
	struct fetcher *fetcher, const struct fetch_request *request, struct flong_error *err)
{
	if (!bytes_starts(request->url, BYTES("http://")) &&
		!bytes_starts(request->url, BYTES("https://"))) {
		return error_set(err, FLONG_E_USAGE, "not an http or https URL: " BYTES_FMT,
			BYTES_ARG(request->url));
	}
	struct transfer *transfer = transfer_create(&fetcher->setup, request);
	fetcher->in_flight++;
	if (transfer_is_refused(transfer)) {
		add_finished(fetcher, transfer);
		return FLONG_OK;
	}
	list_add(&fetcher->waiting, transfer);
	start_waiting(fetcher);
	return FLONG_OK;
}

static void conclude(struct fetcher *fetcher, struct transfer *transfer, CURLcode result)
{
	switch (transfer_conclude(transfer, (int)result)) {
	case TRANSFER_FINISHED:
		(void)curl_multi_remove_handle(fetcher->multi, transfer->easy);
		end_transfer(fetcher, &fetcher->running, transfer);
		break;
	case TRANSFER_AGAIN:
		(void)curl_multi_remove_handle(fetcher->multi, transfer->easy);
		list_remove(&fetcher->running, transfer);
		run(fetcher, transfer);
		break;
	case TRANSFER_SEND_RAW:
		/* It stays with the multi handle: leaving would close the connection. */
		list_remove(&fetcher->running, transfer);
		list_add(&fetcher->raw, transfer);
		fetcher->next_check_us = 0;
		break;
	}
}

static void read_messages(struct fetcher *fetcher)
{
	CURLMsg *message;
	int left = 0;
	while ((message = curl_multi_info_read(fetcher->multi, &left)) != NULL) {
		struct transfer *transfer = NULL;
		if (message->msg == CURLMSG_DONE &&
			curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer) ==
				CURLE_OK) {
			conclude(fetcher, transfer, message->data.result);
		}
	}
}

static void step_raw(struct fetcher *fetcher)
{
	struct transfer *next = NULL;
	for (struct transfer *transfer = fetcher->raw.first; transfer != NULL; transfer = next) {
		struct flong_error err = {0};
		bool has_ended = false;
		next = transfer->next;
		if (raw_fetch_step(&transfer->raw, &has_ended, &err) != FLONG_OK) {
			reply_blame(transfer->exchange, EXCHANGE_ABORTED,
				"the body cannot be kept: %s", err.message);
			has_ended = true;
		}
		if (has_ended) {
			transfer_conclude_raw(transfer);
			(void)curl_multi_remove_handle(fetcher->multi, transfer->easy);
			end_transfer(fetcher, &fetcher->raw, transfer);
		}
	}
}

static void interrupt(struct fetcher *fetcher, struct transfer_list *list,
	struct transfer *transfer, enum reply_end end)
{
	transfer_interrupt(transfer, end);
	if (transfer->easy != NULL) {
		(void)curl_multi_remove_handle(fetcher->multi, transfer->easy);
	}
	end_transfer(fetcher, list, transfer);
}

static void check_list(struct fetcher *fetcher, struct transfer_list *list, int64_t now_us)
{
	struct transfer *next = NULL;
	for (struct transfer *transfer = list->first; transfer != NULL; transfer = next) {
		next = transfer->next;
		if (transfer->is_settling) {
			/* libcurl waits for more than belongs to the reply. */
			interrupt(fetcher, list, transfer, REPLY_END_CLOSE);
		} else if (transfer_is_late(transfer, now_us)) {
			interrupt(fetcher, list, transfer, REPLY_END_TIME);
		} else {
			note_deadline(fetcher, transfer, now_us);
		}
	}
}

/* After libcurl and raw_fetch have moved: what has ended, what is late, who is next. */
static void settle(struct fetcher *fetcher)
{
	read_messages(fetcher);
	step_raw(fetcher);
	int64_t now_us = clock_monotonic_us();
	if (fetcher->settling > 0 || now_us >= fetcher->next_check_us) {
		fetcher->next_check_us = INT64_MAX;
		check_list(fetcher, &fetcher->running, now_us);
		check_list(fetcher, &fetcher->raw, now_us);
	}
	start_waiting(fetcher);
}

/* Fills fetcher->fds; returns their number. */
static unsigned gather_fds(
	struct fetcher *fetcher, const int *extra_fds, size_t extra_count, bool *has_more_out)
{
	unsigned count = 0;
	size_t needed = extra_count + fetcher->running_count;
	if (needed > fetcher->fd_capacity) {
		fetcher->fds = alloc_resize(fetcher->fds, needed, sizeof(*fetcher->fds));
		fetcher->fd_capacity = needed;
	}
	*has_more_out = false;
	for (size_t i = 0; i < extra_count; i++) {
		fetcher->fds[count++] =
			(struct curl_waitfd){.fd = extra_fds[i], .events = CURL_WAIT_POLLIN};
	}
	for (struct transfer *transfer = fetcher->raw.first; transfer != NULL;
		transfer = transfer->next) {
		short events =
			raw_fetch_is_sending(&transfer->raw) ? CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN;
		fetcher->fds[count++] =
			(struct curl_waitfd){.fd = transfer->raw.socket, .events = events};
		*has_more_out = *has_more_out || transfer->raw.has_more;
	}
	return count;
}

/* Until when poll may sleep: the caller's time, or the next time limit. */
static int poll_timeout_ms(const struct fetcher *fetcher, int64_t timeout_ms)
{
	if (fetcher->finished != NULL) {
		return 0;
	}
	if (fetcher->next_check_us != INT64_MAX) {
		int64_t left_ms = (fetcher->next_check_us - clock_monotonic_us() + 999) / 1000;
		timeout_ms = left_ms < timeout_ms ? left_ms : timeout_ms;
	}
	if (timeout_ms < 0) {
		return 0;
	}
	return timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms;
}

int fetcher_wait(struct fetcher *fetcher, int64_t timeout_ms, const int *extra_fds,
	size_t extra_count, struct flong_error *err)
{
	bool has_more = false;
	int running = 0;
	unsigned count = gather_fds(fetcher, extra_fds, extra_count, &has_more);
	int poll_ms = has_more ? 0 : poll_timeout_ms(fetcher, timeout_ms);
	CURLMcode code = curl_multi_poll(fetcher->multi, fetcher->fds, count, poll_ms, NULL);
	if (code == CURLM_OK) {
		code = curl_multi_perform(fetcher->multi, &running);
	}
	if (code != CURLM_OK) {
		return error_set(err, FLONG_E_INTERNAL, "libcurl: %s", curl_multi_strerror(code));
	}
	settle(fetcher);
	return FLONG_OK;
}

struct exchange *fetcher_take(struct fetcher *fetcher)
{
	struct transfer *transfer = fetcher->finished;
	if (transfer == NULL) {
		return NULL;
	}
	fetcher->finished = transfer->next;
	if (fetcher->finished == NULL) {
		fetcher->finished_end = &fetcher->finished;
	}
	struct exchange *exchange = transfer_take(transfer);
	transfer_close(transfer);
	fetcher->in_flight--;
	return exchange;
}

size_t fetcher_in_flight(const struct fetcher *fetcher)
{
	return fetcher->in_flight;
}

void fetcher_abort_all(struct fetcher *fetcher)
{
	struct transfer_list *lists[] = {&fetcher->waiting, &fetcher->running, &fetcher->raw};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		while (lists[i]->first != NULL) {
			interrupt(fetcher, lists[i], lists[i]->first, REPLY_END_STOP);
		}
	}
}

const char *fetcher_library_versions(void)
{
	return curl_version();
}
