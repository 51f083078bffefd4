/* SPDX-License-Identifier: MIT */
/* small_site.h - a site of a few pages on loopback, served by a thread of the test */
#ifndef TESTS_SUPPORT_SMALL_SITE_H
#define TESTS_SUPPORT_SMALL_SITE_H

/* Serves a front page, six stories that it links to, a style sheet, images of which some are the
 * same, and a file that is too large for the memory of a spool. Returns the URL of the front page
 * (borrowed). Once a process. */
const char *small_site_start(void);
void small_site_stop(void);

#endif
