/* SPDX-License-Identifier: MIT */
/* metrics.h - --metrics FILE: the crawl's numbers in the text format of Prometheus
 *
 * A file for the textfile collector of node_exporter, replaced at once, so that it is never read
 * half written. Numbers begin at 0 with every run, as counters do when a process starts. */
#ifndef CRAWL_METRICS_H
#define CRAWL_METRICS_H

#include <stdint.h>

#include "base/scoped.h"
#include "crawl/crawl.h"
#include "flong/error.h"

struct crawl;

/* How often the file is written while the crawl runs: a third of the shortest usual scrape. */
#define METRICS_PERIOD_MS 5000

/* Writes the file as the crawl begins. FLONG_E_USAGE when it cannot be written. Nothing without
 * --metrics. */
MUST_CHECK int metrics_begin(struct crawl *crawl, struct flong_error *err);
/* Writes it anew when it is time. What fails is warned of once: the crawl is no worse for it. */
void metrics_update(struct crawl *crawl);
/* The last numbers, and the exit status. */
void metrics_end(struct crawl *crawl, enum crawl_exit exit);

#endif
