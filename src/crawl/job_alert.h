/* SPDX-License-Identifier: MIT */
/* job_alert.h - the command that tells somebody that a run did not go well */
#ifndef CRAWL_JOB_ALERT_H
#define CRAWL_JOB_ALERT_H

#include "base/scoped.h"
#include "flong/error.h"

/* Runs `command` with the shell: standard input is the file `status_path`, the variables are those
 * of this process and `variables` ("NAME=value", NULL-terminated), which no shell reads as code.
 * Waits for it, at most LIMIT_ALERT_MS, then ends it. FLONG_E_IO: it could not be started;
 * FLONG_E_TIMEOUT; FLONG_E_REFUSED: it ended with another status than 0. */
MUST_CHECK int job_alert_run(const char *command, const char *status_path, char *const *variables,
	struct flong_error *err);

#endif
