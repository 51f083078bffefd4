/* SPDX-License-Identifier: MIT */
/* io_disk_log.h - what io_disk.c remembers and io_disk_crash.c makes a disk of */
#ifndef TESTS_SUPPORT_IO_DISK_LOG_H
#define TESTS_SUPPORT_IO_DISK_LOG_H

#include <pthread.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "io_disk.h"

enum { SECTOR = 512, FDS_MAX = 4096 };

enum kind { WRITE, RESIZE, SYNC, LOST_SYNC, NAME, MOVE, SYNC_ALL };

/* One change. Numbers of files are counted from 1; 0 is no file. */
struct change {
	enum kind kind;
	unsigned file;      /* of WRITE, RESIZE, SYNC; what NAME and MOVE give a name */
	unsigned dir, from; /* directories: of the name; of the old name */
	char *name, *old;   /* owned */
	uint64_t offset;    /* of WRITE; the size of RESIZE */
	struct bytes data;  /* owned */
};

struct known {
	ino_t number; /* of the system; 0 once it is gone */
	bool is_dir;
	char *base_name; /* owned: its first */
};

struct disk_log {
	pthread_mutex_t mutex; /* guards all of it */
	struct change *changes;
	size_t count, room;
	size_t first; /* moment: behind what was there at the beginning */
	struct known *files;
	unsigned file_count;
	unsigned by_fd[FDS_MAX];
	bool appends[FDS_MAX];
	struct disk_fault fault;
	unsigned long calls;
	bool has_failed;
};
extern struct disk_log disk;

#endif
