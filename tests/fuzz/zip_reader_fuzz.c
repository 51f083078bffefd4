/* SPDX-License-Identifier: MIT */
/* zip_reader_fuzz.c - any bytes as a ZIP file: what is accepted has safe names, entries that lie
 * within the file and share nothing, and data of the size that the directory says */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/safe_path.h"
#include "index/zip_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool fine)
{
	if (!fine) {
		abort();
	}
}

/* Reads at most 1 MB; the bytes from within must be those of the whole. */
static void read_entry(const struct zip_reader *reader, const struct zip_entry *entry)
{
	struct flong_error err;
	struct buf whole = buf_with_max(1 << 20);
	struct buf part = buf_with_max(1 << 20);
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(source_closep) struct source *later = NULL;
	insist(zip_reader_open_entry(reader, entry, &source, &err) == FLONG_OK);
	int rc = source_read_all(source, &whole, &err);
	insist(whole.len <= entry->size && (rc != FLONG_OK || whole.len == entry->size));
	if (rc == FLONG_OK && whole.len > 1) {
		insist(zip_reader_open_entry_at(reader, entry, 1, &later, &err) == FLONG_OK);
		insist(source_read_all(later, &part, &err) == FLONG_OK);
		insist(bytes_equal(buf_bytes(&part), bytes_slice(buf_bytes(&whole), 1, whole.len)));
	}
	buf_clear(&whole);
	buf_clear(&part);
}

static void read_file(const struct zip_reader *reader, size_t size)
{
	uint64_t claimed = 0;
	for (size_t i = 0; i < zip_reader_count(reader); i++) {
		const struct zip_entry *entry = zip_reader_at(reader, i);
		insist(safe_path_fault(entry->name) == NULL);
		insist(entry->header_offset < entry->data_offset);
		insist(entry->data_offset + entry->stored_size <= entry->end_offset);
		insist(entry->end_offset <= size);
		claimed += entry->end_offset - entry->header_offset;
		read_entry(reader, entry);
	}
	insist(claimed + zip_reader_unclaimed(reader) <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flong_error err;
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	int fd = memfd_create("zip", MFD_CLOEXEC);
	if (fd < 0 || (size > 0 && write(fd, data, size) != (ssize_t)size)) {
		return 0;
	}
	if (zip_reader_open_fd(fd, "x.wacz", &reader, &err) == FLONG_OK) {
		read_file(reader, size);
	}
	return 0;
}
