/* SPDX-License-Identifier: MIT */
/* script_strings.h - strings of scripts that look like URLs of files: L-46
 *
 * A guess: it costs a request when wrong, and nothing is missing when it fails. */
#ifndef LINKS_SCRIPT_STRINGS_H
#define LINKS_SCRIPT_STRINGS_H

#include <stdbool.h>

#include "links/references.h"

/* By the extension: media_kinds_role, and scripts, style sheets and data (ROLE_UNKNOWN) that pages
 * load at run time. False for all else, pages too. */
bool script_strings_role(struct bytes text, enum link_role *role_out);
/* Whether the text is written as a URL of such a file: absolute, "//host/", "/path", and
 * for pictures and media any relative path; with `is_loaded` (it is given to src or href) for all.
 */
bool script_strings_is_url(struct bytes text, bool is_loaded);
/* Adds guesses on the site (registrable domain) of `base` or `own` that the list does not hold yet
 * in any kind; at most LIMIT_SCRIPT_GUESSES, what is over counts as dropped. */
void script_strings_resolve(const struct references *guesses, const struct url *base,
	const struct url *own, struct link_list *list);

#endif
