/* SPDX-License-Identifier: MIT */
/* zip_names.c - the names of a ZIP file's entries: each a plain relative path, no two the same */
#include "index/zip_names.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/safe_path.h"
#include "index/zip_format.h"
#include "web/utf8.h"

int zip_names_take(struct bytes name, struct zip_entry *entry, struct flong_error *err)
{
	if (name.len > 1 && name.ptr[name.len - 1] == '/') {
		entry->is_directory = true;
		name.len--;
	}
	const char *fault = safe_path_fault(name);
	if (fault == NULL && !utf8_is_valid(name)) {
		fault = "is not UTF-8";
	}
	if (fault != NULL) {
		return error_set(err, FLONG_E_REFUSED, "its name %s", fault);
	}
	if ((entry->flags & ZIP_FLAG_UTF8) == 0 && !utf8_is_ascii(name)) {
		entry->oddities |= ZIP_ODD_NAME;
	}
	entry->name = name;
	return FLONG_OK;
}

/* A slash sorts before all else: so what lies in a directory follows its name at once. */
static int fold(char c)
{
	return c == '/' ? 0 : (unsigned char)char_lower(c);
}

static int compare(const void *a, const void *b)
{
	struct bytes left = (*(const struct zip_entry *const *)a)->name;
	struct bytes right = (*(const struct zip_entry *const *)b)->name;
	for (size_t i = 0; i < left.len && i < right.len; i++) {
		int difference = fold(left.ptr[i]) - fold(right.ptr[i]);
		if (difference != 0) {
			return difference;
		}
	}
	return (left.len > right.len) - (left.len < right.len);
}

static int judge_pair(
	const struct zip_entry *first, const struct zip_entry *second, struct flong_error *err)
{
	if (bytes_equal_nocase(first->name, second->name)) {
		return error_set(err, FLONG_E_REFUSED, "ZIP entry '" BYTES_FMT "': %s",
			BYTES_ARG(second->name),
			bytes_equal(first->name, second->name)
				? "its name is there twice"
				: "its name is there twice, in other letter case");
	}
	if (!first->is_directory && second->name.len > first->name.len &&
		second->name.ptr[first->name.len] == '/' &&
		bytes_starts_nocase(second->name, first->name)) {
		return error_set(err, FLONG_E_REFUSED,
			"ZIP entry '" BYTES_FMT "': it lies in '" BYTES_FMT
			"', which is no directory",
			BYTES_ARG(second->name), BYTES_ARG(first->name));
	}
	return FLONG_OK;
}

int zip_names_judge(const struct zip_entry *entries, size_t count, struct flong_error *err)
{
	const struct zip_entry **sorted = ALLOC_ARRAY(const struct zip_entry *, count + 1);
	for (size_t i = 0; i < count; i++) {
		sorted[i] = &entries[i];
	}
	qsort((void *)sorted, count, sizeof(struct zip_entry *), compare);
	int rc = FLONG_OK;
	for (size_t i = 1; i < count && rc == FLONG_OK; i++) {
		rc = judge_pair(sorted[i - 1], sorted[i], err);
	}
	free((void *)sorted);
	return rc;
}
