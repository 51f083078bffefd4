/* SPDX-License-Identifier: MIT */
/* alloc_fork.h - each allocation fails once, in a copy of the process that ends there
 *
 * Before an allocation of ours the process forks. In the copy the allocation fails; the copy must
 * then end with status 1 and "out of memory" on standard error, and can do nothing else: a seccomp
 * filter lets it write to descriptor 2, manage its memory and end, and any other call is a fault
 * that is reported with its number. So a copy cannot change a file, and what is on disk after
 * allocation n failed is what is on disk when the process is killed there: kill_loop and
 * kill_syscalls tell what must hold then. The process itself goes on as if nothing had been.
 *
 * A call stack is a place. FLONG_ALLOC_FORK=PATH turns this on; FLONG_ALLOC_EACH=stack tries each
 * place once, else every allocation is tried. PATH.PID gets a line of the four numbers
 * (allocations, places, tried, wrong) that is right at every moment, then what the first copies
 * that ended wrongly did, and where. */
#ifndef ALLOC_FORK_H
#define ALLOC_FORK_H

#include <stdbool.h>

/* Reads the environment. Only for the program itself: what it starts does not try. */
void alloc_fork_begin(void);
/* Whether this allocation must fail: true only in a copy. */
bool alloc_fork_fails(void);

#endif
