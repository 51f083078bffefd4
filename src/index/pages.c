/* SPDX-License-Identifier: MIT */
/* pages.c - writing the page lists of a collection */
#include "index/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/stream.h"

#define FLUSH_BYTES ((size_t)256 << 10)

struct pages {
	char *path;    /* owned */
	char *partial; /* owned */
	int fd;
	bool has_partial;  /* it is there, under that name */
	struct buf buffer; /* what waits to be written */
};

static int flush(struct pages *pages, struct flong_error *err)
{
	if (buf_failed(&pages->buffer)) {
		return error_set(err, FLONG_E_LIMIT, "%s: a page is too long", pages->path);
	}
	int rc = files_write_all(pages->fd, buf_bytes(&pages->buffer), pages->partial, err);
	buf_reset(&pages->buffer);
	io_begin_write_out(pages->fd);
	return rc;
}

int pages_open(const char *path, enum pages_which which, bool has_text, struct pages **pages_out,
	struct flong_error *err)
{
	SCOPED(pages_closep) struct pages *pages = ALLOC(struct pages);
	pages->fd = -1;
	/* Every byte of a text may be escaped in six. */
	pages->buffer = buf_with_max(FLUSH_BYTES + 6 * (LIMIT_DOCUMENT_BYTES + LIMIT_URL_BYTES));
	struct buf partial = {0};
	buf_addf(&partial, "%s.partial", path);
	pages->partial = buf_take(&partial);
	pages->path = alloc_copy(path);
	pages->fd = io_open(pages->partial, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (pages->fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot create %s", pages->partial);
	}
	pages->has_partial = true;
	*pages_out = TAKE(pages);
	if (which == PAGES_STORIES) {
		return FLONG_OK;
	}
	bool main_list = which == PAGES_MAIN;
	buf_addf(&(*pages_out)->buffer,
		"{\"format\": \"json-pages-1.0\", \"id\": \"%s\", \"title\": \"%s\", "
		"\"hasText\": %s}\n",
		main_list ? "pages" : "extra-pages", main_list ? "All Pages" : "Extra Pages",
		has_text ? "true" : "false");
	return FLONG_OK;
}

static void add_text(struct buf *out, const char *name, struct bytes text)
{
	if (text.len > 0) {
		json_add_member(out, name, text);
	}
}

static void add_number(struct buf *out, const char *name, int64_t number)
{
	if (number >= 0) {
		json_add_member_u64(out, name, (uint64_t)number);
	}
}

int pages_add(struct pages *pages, const struct page_entry *page, struct flong_error *err)
{
	if (page->url.len == 0) {
		return error_set(err, FLONG_E_USAGE, "%s: a page without URL", pages->path);
	}
	char time[CLOCK_ISO_SIZE];
	clock_format_iso_ms(page->time_ms, time);
	struct buf *out = &pages->buffer;
	buf_add_char(out, '{');
	add_text(out, "id", page->id);
	add_text(out, "url", page->url);
	add_text(out, "title", page->title);
	add_text(out, "ts", bytes_of(time));
	if (page->seed) {
		json_add_member_bool(out, "seed", true);
	}
	add_number(out, "depth", page->depth);
	add_number(out, "status", page->status);
	add_text(out, "class", page->class);
	add_text(out, "mime", page->mime);
	add_text(out, "favIconUrl", page->favicon_url);
	add_number(out, "size", page->size);
	add_text(out, "text", page->text);
	buf_add_text(out, "}\n");
	return out->len >= FLUSH_BYTES || buf_failed(out) ? flush(pages, err) : FLONG_OK;
}

int pages_add_line(struct pages *pages, struct bytes line, struct flong_error *err)
{
	struct buf *out = &pages->buffer;
	buf_add(out, line);
	return out->len >= FLUSH_BYTES || buf_failed(out) ? flush(pages, err) : FLONG_OK;
}

/* Drops the bytes up to and with the first LF; true once it was found. */
static bool skip_header(struct bytes *part)
{
	size_t feed = bytes_find_char(*part, '\n', 0);
	*part = feed == SIZE_MAX ? (struct bytes){NULL, 0}
				 : bytes_slice(*part, feed + 1, part->len);
	return feed != SIZE_MAX;
}

int pages_copy(struct pages *pages, const char *from_path, struct flong_error *err)
{
	SCOPED(source_closep) struct source *from = NULL;
	int rc = source_open_file(from_path, &from, err);
	bool in_pages = false;
	char room[16384];
	while (rc == FLONG_OK) {
		size_t got = 0;
		rc = source_read(from, room, sizeof(room), &got, err);
		struct bytes part = bytes_from(room, got);
		if (rc == FLONG_OK && !in_pages) {
			in_pages = skip_header(&part);
		}
		if (rc == FLONG_OK) {
			buf_add(&pages->buffer, part);
			rc = pages->buffer.len >= FLUSH_BYTES ? flush(pages, err) : FLONG_OK;
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static void directory_of(const char *path, struct buf *dir_out)
{
	struct bytes name = bytes_of(path);
	size_t slash = bytes_find_last_char(name, '/');
	if (slash == SIZE_MAX) {
		buf_add_char(dir_out, '.');
	} else {
		buf_add(dir_out, bytes_slice(name, 0, slash == 0 ? 1 : slash));
	}
}

int pages_finish(struct pages *pages, struct flong_error *err)
{
	int rc = flush(pages, err);
	if (rc == FLONG_OK) {
		rc = files_finish(&pages->fd, pages->partial, err);
	}
	if (rc < 0) {
		return rc;
	}
	if (io_rename(pages->partial, pages->path) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot rename %s", pages->partial);
	}
	pages->has_partial = false;
	struct buf dir = {0};
	directory_of(pages->path, &dir);
	rc = files_sync_dir(buf_text(&dir), err);
	buf_clear(&dir);
	return rc;
}

void pages_close(struct pages *pages)
{
	if (pages == NULL) {
		return;
	}
	files_close_fd(&pages->fd);
	if (pages->has_partial) {
		(void)io_unlink(pages->partial);
	}
	buf_clear(&pages->buffer);
	free(pages->partial);
	free(pages->path);
	free(pages);
}
