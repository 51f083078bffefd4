/* SPDX-License-Identifier: MIT */
/* state_vfs.h - how SQLite reaches the disk: through our table of disk calls */
#ifndef CRAWL_STATE_VFS_H
#define CRAWL_STATE_VFS_H

/* The name for sqlite3_open_v2 of a VFS whose files are read, written, cut, synced and removed with
 * base/io; locks and shared memory are those of SQLite's own. Registered at the first call; from
 * the crawl thread. NULL: SQLite has no default VFS. */
const char *state_vfs_name(void);

#endif
