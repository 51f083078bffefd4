/* SPDX-License-Identifier: MIT */
/* transfer_events.h - what libcurl tells a transfer: callbacks, and its result codes */
#ifndef CRAWL_TRANSFER_EVENTS_H
#define CRAWL_TRANSFER_EVENTS_H

#include "crawl/transfer.h"

/* What an attempt on libcurl was. */
enum transfer_verdict {
	TRANSFER_WAS_FINAL,  /* the exchange says what became of it */
	TRANSFER_WAS_STALE,  /* a kept connection had died before anything came */
	TRANSFER_WAS_REFUSED /* libcurl kept bytes from us */
};

/* The callbacks of a new handle, and the transfer they are called for. */
void transfer_events_set_callbacks(void *easy);
void transfer_events_set_context(void *easy, struct transfer *transfer);
/* Judges the end of an attempt by libcurl's result (a CURLcode) and our own reading. */
enum transfer_verdict transfer_events_judge(struct transfer *transfer, int result);

#endif
