/* SPDX-License-Identifier: MIT */
/* memory.h - files in memory for tests of libflong: an output and an input of bytes */
#ifndef TESTS_LIB_MEMORY_H
#define TESTS_LIB_MEMORY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flong/flong.h>

/* Bytes that were written, and a place to read them from. Zeroed is empty. */
struct memory {
	char *bytes; /* owned */
	size_t length;
	size_t at;         /* what is read next */
	size_t piece;      /* most bytes a read gives; 0: as many as wanted */
	int fails_after;   /* calls until one fails with FLONG_E_NETWORK; 0: never */
	unsigned closings; /* calls of close */
	unsigned finishes; /* calls of finish */
};

static inline int memory_fails(struct memory *memory, struct flong_error *err)
{
	if (memory->fails_after > 0 && --memory->fails_after == 0) {
		(void)snprintf(err->message, sizeof(err->message), "the cable is out");
		return err->code = FLONG_E_NETWORK;
	}
	return FLONG_OK;
}

static inline int memory_write(
	void *context, const void *bytes, size_t length, struct flong_error *err)
{
	struct memory *memory = context;
	int rc = memory_fails(memory, err);
	if (rc == FLONG_OK) {
		memory->bytes = realloc(memory->bytes, memory->length + length + 1);
		memcpy(memory->bytes + memory->length, bytes, length);
		memory->length += length;
		memory->bytes[memory->length] = '\0';
	}
	return rc;
}

static inline int memory_finish(void *context, struct flong_error *err)
{
	(void)err;
	((struct memory *)context)->finishes++;
	return FLONG_OK;
}

static inline int memory_read(
	void *context, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct memory *memory = context;
	int rc = memory_fails(memory, err);
	size_t left = memory->length - memory->at;
	if (rc != FLONG_OK || left == 0) {
		return rc != FLONG_OK ? rc : FLONG_END;
	}
	size_t count = left < max ? left : max;
	count = memory->piece > 0 && memory->piece < count ? memory->piece : count;
	memcpy(room, memory->bytes + memory->at, count);
	memory->at += count;
	*got_out = count;
	return FLONG_OK;
}

static inline int memory_seek(void *context, uint64_t offset, struct flong_error *err)
{
	struct memory *memory = context;
	(void)err;
	memory->at = offset < memory->length ? (size_t)offset : memory->length;
	return FLONG_OK;
}

static inline void memory_close(void *context)
{
	((struct memory *)context)->closings++;
}

static inline struct flong_output memory_output(struct memory *memory)
{
	return (struct flong_output){
		.write = memory_write, .finish = memory_finish, .context = memory};
}

static inline struct flong_input memory_input(struct memory *memory)
{
	return (struct flong_input){
		.read = memory_read, .seek = memory_seek, .close = memory_close, .context = memory};
}

/* Makes it hold a copy of the text. */
static inline void memory_set(struct memory *memory, const char *text)
{
	struct flong_error err;
	(void)memory_write(memory, text, strlen(text), &err);
}

static inline void memory_clear(struct memory *memory)
{
	free(memory->bytes);
	*memory = (struct memory){0};
}

#endif
