/* SPDX-License-Identifier: MIT */
/* cdx.c - one line of the older CDX indexes, written and read */
#include "index/cdx.h"

#include <inttypes.h>
#include <stdint.h>

#include "base/error.h"

#define TIME_DIGITS 14
/* Columns in a line of the original of a revisit, behind the usual ones. */
#define ORIGINAL_COLUMNS 3

static const char *const written[] = {[CDX_11] = "NbamskrMSVg", [CDX_9] = "NbamskrVg"};

const char *cdx_header(enum cdx_form form)
{
	return form == CDX_11 ? " CDX N b a m s k r M S V g\n" : " CDX N b a m s k r V g\n";
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A space inside a field would be read as the next field. */
static void add_escaped(struct buf *out, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c <= ' ') {
			buf_addf(out, "%%%02X", c);
		} else {
			buf_add_char(out, text.ptr[i]);
		}
	}
}

static void add_text(struct buf *out, struct bytes text)
{
	if (text.len == 0) {
		buf_add_char(out, '-');
	} else {
		add_escaped(out, text);
	}
}

static struct bytes without_label(struct bytes digest)
{
	size_t colon = bytes_find_last_char(digest, ':');
	return colon == SIZE_MAX ? digest : bytes_slice(digest, colon + 1, digest.len);
}

static void add_column(struct buf *out, const struct cdxj_entry *entry, char letter)
{
	switch (letter) {
	case 'N':
		add_text(out, entry->key);
		break;
	case 'b':
		add_text(out, bytes_slice(entry->timestamp, 0, TIME_DIGITS));
		break;
	case 'a':
		add_text(out, entry->url);
		break;
	case 'm':
		add_text(out, entry->mime);
		break;
	case 's':
		add_text(out, entry->status);
		break;
	case 'k':
		add_text(out, without_label(entry->digest));
		break;
	case 'S':
		buf_addf(out, "%" PRIu64, entry->length);
		break;
	case 'V':
		buf_addf(out, "%" PRIu64, entry->offset);
		break;
	case 'g':
		add_text(out, entry->filename);
		break;
	default:
		buf_add_char(out, '-');
		break;
	}
}

void cdx_format(const struct cdxj_entry *entry, enum cdx_form form, struct buf *line_out)
{
	for (const char *letter = written[form]; *letter != '\0'; letter++) {
		add_column(line_out, entry, *letter);
		buf_add_char(line_out, letter[1] == '\0' ? '\n' : ' ');
	}
}

/* --- reading ---------------------------------------------------------------------------------- */

static struct bytes without_line_end(struct bytes line)
{
	while (line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r')) {
		line.len--;
	}
	return line;
}

bool cdx_is_header(struct bytes line)
{
	/* The first byte is the separator. */
	return line.len > 5 && bytes_equal(bytes_slice(line, 1, 4), BYTES("CDX")) &&
	       line.ptr[0] == line.ptr[4] && !char_is_alnum(line.ptr[0]);
}

int cdx_parse_header(struct bytes line, struct cdx_layout *layout_out, struct flong_error *err)
{
	line = without_line_end(line);
	if (!cdx_is_header(line)) {
		return error_set(err, FLONG_E_FORMAT, "index header '" BYTES_FMT "' is none",
			BYTES_ARG(line));
	}
	struct cdx_layout layout = {.separator = line.ptr[0]};
	struct bytes rest = bytes_slice(line, 5, line.len);
	struct bytes item;
	while (bytes_next_item(&rest, layout.separator, &item)) {
		if (item.len == 0) {
			continue;
		}
		if (layout.count == CDX_COLUMNS_MAX) {
			return error_set(err, FLONG_E_FORMAT, "index header names over %d columns",
				CDX_COLUMNS_MAX);
		}
		layout.letters[layout.count] = item.ptr[0];
		if (item.len > 1) {
			layout.letters[layout.count] = '?';
		}
		layout.count++;
	}
	if (layout.count == 0) {
		return error_set(err, FLONG_E_FORMAT, "index header names no column");
	}
	*layout_out = layout;
	return FLONG_OK;
}

/* The layout of a line without header, by its number of columns as pywb does it; false when no
 * layout has that many. */
static bool usual_layout(size_t count, struct cdx_layout *layout_out)
{
	static const char *const usual[] = {"NbamskrMSVg", "NbamskrMVg", "NbamskrVg"};
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		size_t len = strlen(usual[i]);
		if (count == len || count == len + ORIGINAL_COLUMNS) {
			*layout_out = (struct cdx_layout){.count = count, .separator = ' '};
			memset(layout_out->letters, '?', count);
			memcpy(layout_out->letters, usual[i], len);
			return true;
		}
	}
	return false;
}

static size_t count_columns(struct bytes line, char separator)
{
	size_t count = 1;
	for (size_t at = 0; (at = bytes_find_char(line, separator, at)) != SIZE_MAX; at++) {
		count++;
	}
	return count;
}

static int read_number(
	struct bytes text, const char *name, uint64_t *number_out, struct flong_error *err)
{
	if (!bytes_to_u64(text, INT64_MAX, number_out)) {
		return error_set(err, FLONG_E_FORMAT, "index line: %s '" BYTES_FMT "' is no number",
			name, BYTES_ARG(text));
	}
	return FLONG_OK;
}

static int read_column(struct cdx_row *row, char letter, struct bytes text, struct flong_error *err)
{
	struct cdxj_entry *entry = &row->entry;
	/* Where each text goes. */
	const struct {
		char letter;
		struct bytes *place;
	} texts[] = {{'N', &entry->key}, {'b', &entry->timestamp}, {'a', &entry->url},
		{'m', &entry->mime}, {'s', &entry->status}, {'k', &entry->digest},
		{'r', &row->redirect}, {'M', &row->meta}, {'g', &entry->filename}};
	if (letter == 'V') {
		return read_number(text, "offset", &entry->offset, err);
	}
	if (letter == 'S') {
		row->has_length = !bytes_equal(text, BYTES("-"));
		return row->has_length ? read_number(text, "length", &entry->length, err)
				       : FLONG_OK;
	}
	/* The key of a record without URL is "-". */
	if (text.len == 0 || (letter != 'N' && bytes_equal(text, BYTES("-")))) {
		return FLONG_OK;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].letter == letter) {
			*texts[i].place = text;
		}
	}
	return FLONG_OK;
}

static bool is_time(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_digit(text.ptr[i])) {
			return false;
		}
	}
	return text.len == TIME_DIGITS;
}

/* What every row must have to be of use. */
static int check_row(const struct cdx_row *row, bool has_offset, struct flong_error *err)
{
	const struct cdxj_entry *entry = &row->entry;
	if (!is_time(entry->timestamp)) {
		return error_set(err, FLONG_E_FORMAT,
			"index line: time '" BYTES_FMT "' is not 14 digits",
			BYTES_ARG(entry->timestamp));
	}
	if (!has_offset || entry->filename.len == 0) {
		return error_set(err, FLONG_E_FORMAT, "index line: no offset or file name");
	}
	if (entry->key.len == 0 && entry->url.len == 0) {
		return error_set(err, FLONG_E_FORMAT, "index line: no key and no URL");
	}
	return FLONG_OK;
}

int cdx_parse(struct bytes line, const struct cdx_layout *layout, struct cdx_row *row_out,
	struct flong_error *err)
{
	line = without_line_end(line);
	size_t count = count_columns(line, layout == NULL ? ' ' : layout->separator);
	struct cdx_layout usual;
	if (layout == NULL && usual_layout(count, &usual)) {
		layout = &usual;
	}
	if (layout == NULL || layout->count != count) {
		return error_set(err, FLONG_E_FORMAT, "index line: %zu columns in '" BYTES_FMT "'",
			count, BYTES_ARG(line));
	}
	struct cdx_row row = {.has_length = false};
	bool has_offset = false;
	struct bytes rest = line;
	for (size_t i = 0; i < count; i++) {
		struct bytes item = {NULL, 0};
		(void)bytes_next_item(&rest, layout->separator, &item);
		has_offset = has_offset || layout->letters[i] == 'V';
		int rc = read_column(&row, layout->letters[i], item, err);
		if (rc < 0) {
			return rc;
		}
	}
	int rc = check_row(&row, has_offset, err);
	if (rc == FLONG_OK) {
		*row_out = row;
	}
	return rc;
}
