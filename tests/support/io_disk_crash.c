/* SPDX-License-Identifier: MIT */
/* io_disk_crash.c - what a disk may hold after the power went */
#include "io_disk_log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "base/io.h"

/* Names that are there: few, so a list is searched. */
struct name {
	unsigned dir, file;
	const char *text; /* borrowed from the change */
};

struct after {
	uint64_t random;
	struct buf *contents; /* one a file: what is on the disk */
	struct name *names;
	size_t name_count;
	bool *is_done; /* one a change: it is on the disk, or never will be */
	/* How much of what was not synced is kept, of 256: nothing, some, nearly all, all. */
	unsigned keeps_data, keeps_names;
	bool in_order; /* names reach the disk in their order, as with a journal */
};

/* xorshift64*, G. Marsaglia and S. Vigna. */
static unsigned dice(struct after *after, unsigned sides)
{
	after->random ^= after->random >> 12;
	after->random ^= after->random << 25;
	after->random ^= after->random >> 27;
	return (unsigned)((after->random * UINT64_C(2685821657736338717)) >> 33) % sides;
}

static void resize(struct buf *content, uint64_t size)
{
	while (content->len < size) {
		static const char zeros[4096];
		uint64_t left = size - content->len;
		buf_add(content, bytes_from(zeros, left < 4096 ? (size_t)left : 4096));
	}
	buf_truncate(content, (size_t)size);
}

/* Writes [from, to) of a change. */
static void put(struct buf *content, const struct change *change, uint64_t from, uint64_t to)
{
	if (content->len < to) {
		resize(content, to);
	}
	memcpy(content->ptr + from, change->data.ptr + (from - change->offset),
		(size_t)(to - from));
}

static void apply(struct after *after, const struct change *change)
{
	struct buf *content = &after->contents[change->file - 1];
	if (change->kind == WRITE) {
		put(content, change, change->offset, change->offset + change->data.len);
	} else {
		resize(content, change->offset);
	}
}

static bool is_content(const struct change *change)
{
	return change->kind == WRITE || change->kind == RESIZE;
}

static bool is_name(const struct change *change)
{
	return change->kind == NAME || change->kind == MOVE;
}

static void set_name(struct after *after, unsigned dir, const char *text, unsigned file)
{
	size_t i = 0;
	while (i < after->name_count &&
		(after->names[i].dir != dir || strcmp(after->names[i].text, text) != 0)) {
		i++;
	}
	if (i == after->name_count) {
		after->names = alloc_resize(after->names, i + 1, sizeof(*after->names));
		after->name_count++;
	}
	after->names[i] = (struct name){dir, file, text};
}

static void apply_name(struct after *after, const struct change *change)
{
	set_name(after, change->dir, change->name, change->file);
	if (change->kind == MOVE) {
		set_name(after, change->from, change->old, 0);
	}
}

static bool has_name(const struct change *change, unsigned dir, const char *text)
{
	return (change->dir == dir && strcmp(change->name, text) == 0) ||
	       (change->kind == MOVE && change->from == dir && strcmp(change->old, text) == 0);
}

/* What concerned the same names before does not come to the disk later. */
static void drop_earlier(struct after *after, size_t end)
{
	const struct change *done = &disk.changes[end];
	for (size_t i = 0; i < end; i++) {
		const struct change *change = &disk.changes[i];
		if (is_name(change) && !after->is_done[i] &&
			(has_name(change, done->dir, done->name) ||
				(done->kind == MOVE && has_name(change, done->from, done->old)))) {
			after->is_done[i] = true;
		}
	}
}

/* The contents of a file, or the names of a directory, are on the disk. */
static void settle(struct after *after, unsigned file, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		const struct change *change = &disk.changes[i];
		if (after->is_done[i]) {
			continue;
		}
		bool is_dir = file != 0 && disk.files[file - 1].is_dir;
		bool concerns = is_name(change) &&
				(file == 0 || (is_dir && after->in_order) || change->dir == file ||
					(change->kind == MOVE && change->from == file));
		if (concerns) {
			drop_earlier(after, i);
			apply_name(after, change);
			after->is_done[i] = true;
		} else if (is_content(change) && (file == 0 || change->file == file)) {
			apply(after, change);
			after->is_done[i] = true;
		}
	}
}

/* A failed sync: nothing that waited will be written, and nobody will hear of it again. */
static void lose(struct after *after, unsigned file, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		if (is_content(&disk.changes[i]) && disk.changes[i].file == file) {
			after->is_done[i] = true;
		}
	}
}

/* Of what was written and not synced, some sectors, in no order. */
static void tear(struct after *after, const struct change *change)
{
	uint64_t end = change->offset + change->data.len;
	struct buf *content = &after->contents[change->file - 1];
	for (uint64_t from = change->offset; from < end;) {
		uint64_t to = (from / SECTOR + 1) * SECTOR;
		to = to < end ? to : end;
		if (dice(after, 256) < after->keeps_data) {
			put(content, change, from, to);
		}
		from = to;
	}
	if (content->len < end && dice(after, 2) == 0) {
		resize(content, end); /* the size came to the disk, the data did not */
	}
}

static void tear_all(struct after *after, size_t end)
{
	bool keeps_names = true;
	for (size_t i = 0; i < end; i++) {
		const struct change *change = &disk.changes[i];
		if (after->is_done[i]) {
			continue;
		}
		if (is_name(change)) {
			bool is_kept = dice(after, 256) < after->keeps_names;
			keeps_names = keeps_names && is_kept;
			if (after->in_order ? keeps_names : is_kept) {
				apply_name(after, change);
			}
		} else if (change->kind == WRITE) {
			tear(after, change);
		} else if (change->kind == RESIZE && dice(after, 256) < after->keeps_data) {
			apply(after, change);
		}
	}
}

/* Makes the files below a directory. */
static void make(const struct after *after, unsigned dir, const char *path)
{
	assert(mkdir(path, 0750) == 0);
	for (size_t i = 0; i < after->name_count; i++) {
		const struct name *name = &after->names[i];
		if (name->dir != dir || name->file == 0) {
			continue;
		}
		SCOPED(free_textp) char *child = files_join(path, name->text);
		if (disk.files[name->file - 1].is_dir) {
			make(after, name->file, child);
			continue;
		}
		const struct buf *content = &after->contents[name->file - 1];
		struct flong_error err = {0};
		SCOPED(files_close_fd) int fd = open(child, O_WRONLY | O_CREAT | O_EXCL, 0640);
		assert(fd >= 0);
		assert(files_write_all(fd, buf_bytes(content), child, &err) == FLONG_OK);
	}
}

void disk_crash(size_t moment, uint64_t seed, const char *image)
{
	static const unsigned kept[] = {0, 128, 240, 256};
	assert(moment <= disk.count);
	struct after after = {.random = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15)};
	after.contents = ALLOC_ARRAY(struct buf, disk.file_count);
	after.is_done = ALLOC_ARRAY(bool, disk.count);
	for (unsigned i = 0; i < disk.file_count; i++) {
		after.contents[i] = buf_with_max((size_t)1 << 30);
	}
	after.keeps_data = kept[dice(&after, 4)];
	after.keeps_names = kept[dice(&after, 4)];
	after.in_order = dice(&after, 2) == 0;
	for (size_t i = 0; i < moment; i++) {
		const struct change *change = &disk.changes[i];
		if (change->kind == SYNC || change->kind == SYNC_ALL) {
			settle(&after, change->file, i);
		} else if (change->kind == LOST_SYNC) {
			lose(&after, change->file, i);
		}
	}
	tear_all(&after, moment);
	const struct io_calls *calls = io_use(&io_system);
	make(&after, 1, image);
	(void)io_use(calls);
	for (unsigned i = 0; i < disk.file_count; i++) {
		buf_clear(&after.contents[i]);
	}
	free(after.contents);
	free(after.is_done);
	free(after.names);
}

void disk_written(size_t moment, const char *base_name, struct buf *content_out)
{
	for (size_t i = 0; i < moment; i++) {
		const struct change *change = &disk.changes[i];
		if (!is_content(change) ||
			strcmp(disk.files[change->file - 1].base_name, base_name) != 0) {
			continue;
		}
		if (change->kind == WRITE) {
			put(content_out, change, change->offset, change->offset + change->data.len);
		} else {
			resize(content_out, change->offset);
		}
	}
}
