/* SPDX-License-Identifier: MIT */
/* file_name.h - a file name for what a URL gave, safe on every file system
 *
 * HOST/FOLDER.../NAME.EXTENSION in lower case. Names of files always end like an extension and
 * those of folders never do, so that no URL's file stands where another's folder must be. The name
 * is for people and need not be unique: whoever writes the file finds out. */
#ifndef WEB_FILE_NAME_H
#define WEB_FILE_NAME_H

#include <stddef.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Appends the path for `url`. Parts are percent-decoded where that is readable text; separators,
 * control and format characters, what Windows does not allow, dots at the start and dots and
 * blanks at the end become '_'; a query becomes eight hexadecimal digits; parts that are too long
 * are cut and get such digits too; too many folders are cut. Without an extension it gets that of
 * `media_type`, else "bin". base/safe_path.h accepts every result. Never fails. */
void file_name_add(struct buf *out, struct bytes url, struct bytes media_type);
/* Where the extension of a path begins, dot included: before it something can be put in. */
size_t file_name_stem(struct bytes path);

#endif
