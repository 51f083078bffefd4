/* SPDX-License-Identifier: MIT */
/* pack_run.h - one run of a job as a package of its own */
#ifndef CLI_PACK_RUN_H
#define CLI_PACK_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"

struct pack_run_options {
	const char *dir;        /* the collection. All borrowed */
	const char *run;        /* id of a run, or "last" */
	bool is_self_contained; /* with the originals that the files of other runs have */
	const char *work_dir;   /* does not exist; the caller removes it */
};

/* Makes a collection of it in `work_dir`. *originals_out: how many were copied from other runs.
 * FLONG_E_USAGE: there is no such run; errors of subset_make. */
MUST_CHECK int pack_run_make(
	const struct pack_run_options *options, uint64_t *originals_out, struct flong_error *err);

#endif
