/* SPDX-License-Identifier: MIT */
/* sandbox.h - a process gives up, for good, everything that reading bytes does not need (owner of
 * libseccomp and Landlock)
 *
 * Afterwards it can use the descriptors it names and its own memory, and end. It cannot open or
 * change a file, make a socket, connect, start a process, look into another one, send a signal, or
 * make memory executable: such calls fail with EPERM. seccomp(2) does all of that. Landlock, where
 * the kernel has it, refuses files a second time. */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "flong/error.h"

/* What this kernel offers; built with a sanitizer, which needs more than a sandbox allows, none is
 * entered and `is_left_out` says so. */
struct sandbox_support {
	bool has_seccomp;
	int landlock_abi; /* 0 without Landlock */
	bool is_left_out;
};
struct sandbox_support sandbox_look(void);
/* "seccomp, Landlock ABI 7". */
void sandbox_describe(struct sandbox_support support, struct buf *out);

/* The only descriptors that the process goes on to use. */
struct sandbox_descriptors {
	int socket; /* messages go in and out */
	int input;  /* pread */
	int output; /* pwrite */
};
/* Enters the sandbox; there is no way back. FLONG_E_UNSUPPORTED when the kernel refuses; then the
 * process should end. */
MUST_CHECK int sandbox_enter(
	const struct sandbox_descriptors *descriptors, struct flong_error *err);

/* What a process that answers requests goes on to need: the sockets it has, and files to be read.
 */
struct sandbox_serving {
	const char *const *read_paths; /* borrowed: folders and files, with what is below them */
	size_t read_count;
	const char *temp_dir; /* for temporary files without a name, which are all it may write */
};
/* Enters a sandbox for serving: nothing is started, connected to, bound, or written by name;
 * threads may be made, and memory that can be run may not. Without Landlock all files can be read.
 * A path that is not there is passed over. FLONG_E_UNSUPPORTED when the kernel refuses: nothing is
 * given up then but the way to new privileges. */
MUST_CHECK int sandbox_enter_serving(
	const struct sandbox_serving *serving, struct flong_error *err);
/* Tries what must fail in a sandbox, and adds a line of TAP for each to `out`: "ok 1 - ...". The
 * number that did not fail. For tests. */
int sandbox_probe(struct buf *out);

#endif
