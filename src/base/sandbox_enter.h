/* SPDX-License-Identifier: MIT */
/* sandbox_enter.h - the steps by which a process enters a sandbox; for the files that own
 * libseccomp and Landlock only
 *
 * In this order: sandbox_begin, sandbox_make_ruleset, what it allows, sandbox_limit_files,
 * sandbox_limit_calls. */
#ifndef BASE_SANDBOX_ENTER_H
#define BASE_SANDBOX_ENTER_H

#include <seccomp.h>
#include <stddef.h>

#include "base/sandbox.h"

/* A system call that is allowed when its arguments are these. */
struct sandbox_rule {
	int call;
	unsigned count; /* of arguments that are looked at */
	struct scmp_arg_cmp arguments[2];
};

struct sandbox_calls {
	const int *free; /* allowed whatever they are given */
	size_t free_count;
	const struct sandbox_rule *rules;
	size_t rule_count;
	const int *absent; /* fail with ENOSYS, so that something else is tried */
	size_t absent_count;
};

/* Looks what the kernel has, and gives up the way to new privileges. FLONG_END: none is entered
 * (sandbox_support). FLONG_E_UNSUPPORTED. */
MUST_CHECK int sandbox_begin(struct sandbox_support *support_out, struct flong_error *err);
/* A rule set of Landlock that handles every right to files that this ABI has, and allows none. The
 * caller closes it. FLONG_E_UNSUPPORTED. */
MUST_CHECK int sandbox_make_ruleset(int abi, int *rules_out, struct flong_error *err);
/* From here on the rule set holds. FLONG_E_UNSUPPORTED. */
MUST_CHECK int sandbox_limit_files(int rules, struct flong_error *err);
/* From here on all other system calls fail with EPERM. FLONG_E_UNSUPPORTED. */
MUST_CHECK int sandbox_limit_calls(const struct sandbox_calls *calls, struct flong_error *err);

#endif
