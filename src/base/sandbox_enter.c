/* SPDX-License-Identifier: MIT */
/* sandbox_enter.c - the steps by which a process enters a sandbox */
#include "base/sandbox_enter.h"

#include <errno.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"

/* Landlock's rights of ABI 1 (linux/landlock.h): every way to read, write, run, make or remove a
 * file. Later ones are added by the kernel's number. */
#define LANDLOCK_FIRST_RIGHTS ((1u << 13) - 1)
#define LANDLOCK_REFER (1u << 13)        /* ABI 2 */
#define LANDLOCK_TRUNCATE (1u << 14)     /* ABI 3 */
#define LANDLOCK_IOCTL_DEVICE (1u << 15) /* ABI 5 */

int sandbox_begin(struct sandbox_support *support_out, struct flong_error *err)
{
	struct sandbox_support support = sandbox_look();
	if (support.is_left_out) {
		return FLONG_END;
	}
	if (!support.has_seccomp) {
		return error_set(
			err, FLONG_E_UNSUPPORTED, "no sandbox: this kernel has no seccomp");
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		return error_set_errno(err, FLONG_E_UNSUPPORTED, errno, "no sandbox");
	}
	*support_out = support;
	return FLONG_OK;
}

int sandbox_make_ruleset(int abi, int *rules_out, struct flong_error *err)
{
	uint64_t rights = LANDLOCK_FIRST_RIGHTS;
	rights |= abi >= 2 ? LANDLOCK_REFER : 0;
	rights |= abi >= 3 ? LANDLOCK_TRUNCATE : 0;
	rights |= abi >= 5 ? LANDLOCK_IOCTL_DEVICE : 0;
	const struct landlock_ruleset_attr attributes = {.handled_access_fs = rights};
	int rules = (int)syscall(
		SYS_landlock_create_ruleset, &attributes, sizeof(attributes.handled_access_fs), 0);
	if (rules < 0) {
		return error_set_errno(err, FLONG_E_UNSUPPORTED, errno, "no sandbox: Landlock");
	}
	*rules_out = rules;
	return FLONG_OK;
}

int sandbox_limit_files(int rules, struct flong_error *err)
{
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0
		       ? FLONG_OK
		       : error_set_errno(
				 err, FLONG_E_UNSUPPORTED, errno, "no sandbox: Landlock refuses");
}

static int add_calls(scmp_filter_ctx filter, const struct sandbox_calls *calls)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < calls->free_count; i++) {
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, calls->free[i], 0, NULL);
	}
	for (size_t i = 0; rc == 0 && i < calls->rule_count; i++) {
		const struct sandbox_rule *rule = &calls->rules[i];
		rc = seccomp_rule_add_array(
			filter, SCMP_ACT_ALLOW, rule->call, rule->count, rule->arguments);
	}
	for (size_t i = 0; rc == 0 && i < calls->absent_count; i++) {
		rc = seccomp_rule_add_array(
			filter, SCMP_ACT_ERRNO(ENOSYS), calls->absent[i], 0, NULL);
	}
	return rc;
}

int sandbox_limit_calls(const struct sandbox_calls *calls, struct flong_error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL) {
		return error_set(err, FLONG_E_UNSUPPORTED, "no sandbox: no filter can be made");
	}
	int rc = add_calls(filter, calls);
	if (rc == 0) {
		rc = seccomp_load(filter); /* sets no_new_privs too */
	}
	seccomp_release(filter);
	return rc == 0 ? FLONG_OK
		       : error_set_errno(err, FLONG_E_UNSUPPORTED, -rc,
				 "no sandbox: the kernel takes no filter of system calls");
}
