/* SPDX-License-Identifier: MIT */
/* script_state.h - which scripts hold a page's state: "window.__STATE__ = {...};" */
#ifndef ARTICLE_SCRIPT_STATE_H
#define ARTICLE_SCRIPT_STATE_H

#include <stddef.h>

#include "base/bytes.h"

/* Where the value starts in a script that begins with a name, '=' and an object or array; SIZE_MAX
 * for other scripts. */
size_t script_state_start(struct bytes script);

#endif
