/* SPDX-License-Identifier: MIT */
/* sniff.c - the forms of files, by their first bytes */
#include "warc/sniff.h"

#include "base/error.h"
#include "base/zstd.h"
#include "warc/arc.h"

int sniff_form(
	struct bytes start, uint64_t offset, enum reader_form *form_out, struct flong_error *err)
{
	*form_out = READER_PLAIN;
	if (bytes_starts(start, BYTES("\x1f\x8b"))) {
		*form_out = READER_GZIP;
		return FLONG_OK;
	}
	if (zstd_is_start(start)) {
		*form_out = READER_ZSTD;
		return FLONG_OK;
	}
	if (bytes_starts(start, BYTES("PK\003\004"))) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"a ZIP file (WACZ) is not read; unzip it and give the folder");
	}
	/* A file may be cut inside its first word, and line ends may stand before it. */
	struct bytes word = bytes_slice(BYTES("WARC/"), 0, start.len);
	bool is_warc = start.len == 0 || bytes_starts(start, word) || char_is_space(start.ptr[0]);
	if (!is_warc && !bytes_starts(start, BYTES("filedesc:")) && arc_head_length(start) == 0) {
		return error_set(err, FLONG_E_FORMAT, "no WARC record at offset %llu",
			(unsigned long long)offset);
	}
	return FLONG_OK;
}

bool sniff_is_warc(struct bytes content)
{
	static const char shape[] = "WARC/d.d";
	struct bytes line;
	for (size_t i = 0; i + 1 < sizeof(shape); i++) {
		bool fits = i < content.len && (shape[i] == 'd' ? char_is_digit(content.ptr[i])
								: content.ptr[i] == shape[i]);
		if (!fits) {
			return false;
		}
	}
	struct bytes rest = content;
	(void)bytes_next_line(&rest, &line);
	if (bytes_trim(line).len > sizeof("WARC/0.18") - 1) {
		return false;
	}
	size_t at = 0;
	while (at < rest.len &&
		(char_is_alnum(rest.ptr[at]) || rest.ptr[at] == '-' || rest.ptr[at] == '_')) {
		at++;
	}
	return at == rest.len || (at > 0 && rest.ptr[at] == ':');
}

bool sniff_is_record(struct bytes content)
{
	return sniff_is_warc(content) || arc_head_length(content) > 0;
}

uint64_t sniff_record_length(struct bytes content)
{
	uint64_t length = 0;
	struct bytes rest = sniff_is_warc(content) ? content : (struct bytes){NULL, 0};
	struct bytes line;
	while (bytes_next_line(&rest, &line) && bytes_trim(line).len > 0) {
		struct bytes name = bytes_slice(line, 0, bytes_find_char(line, ':', 0));
		struct bytes value = bytes_trim(bytes_slice(line, name.len + 1, line.len));
		if (bytes_equal_nocase(bytes_trim(name), BYTES("Content-Length"))) {
			return bytes_to_u64(value, UINT64_MAX, &length) ? length : 0;
		}
	}
	return 0;
}
