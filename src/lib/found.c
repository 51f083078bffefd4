/* SPDX-License-Identifier: MIT */
/* found.c - what flong/record.h tells of a record */
#include "lib/found.h"

#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"

/* Both enumerations are one. */
static_assert((int)FLONG_RECORD_OTHER == (int)RECORD_OTHER, "type");
static_assert((int)FLONG_RECORD_WARCINFO == (int)RECORD_WARCINFO, "type");
static_assert((int)FLONG_RECORD_RESPONSE == (int)RECORD_RESPONSE, "type");
static_assert((int)FLONG_RECORD_REQUEST == (int)RECORD_REQUEST, "type");
static_assert((int)FLONG_RECORD_REVISIT == (int)RECORD_REVISIT, "type");
static_assert((int)FLONG_RECORD_METADATA == (int)RECORD_METADATA, "type");
static_assert((int)FLONG_RECORD_RESOURCE == (int)RECORD_RESOURCE, "type");
static_assert((int)FLONG_RECORD_CONVERSION == (int)RECORD_CONVERSION, "type");

/* Bit n of the oddities, both ours and the reader's. */
static const char *const oddity_texts[] = {
	"lines of the head end with a bare LF",
	"a line of the head has no colon, or a NUL",
	"neither WARC/1.0 nor WARC/1.1",
	"a field over several lines",
	"not exactly two line ends after the block",
	"another record is in the same compressed member",
	"goes over several compressed members",
	"an empty compressed member before it",
	"zero bytes after the last compressed member",
};
enum { ODDITIES = sizeof(oddity_texts) / sizeof(oddity_texts[0]) };
static_assert((int)FLONG_ODD_LINE_END == (int)READER_ODD_LINE_END, "oddity");
static_assert((int)FLONG_ODD_FIELD == (int)READER_ODD_FIELD, "oddity");
static_assert((int)FLONG_ODD_VERSION == (int)READER_ODD_VERSION, "oddity");
static_assert((int)FLONG_ODD_FOLD == (int)READER_ODD_FOLD, "oddity");
static_assert((int)FLONG_ODD_TRAILER == (int)READER_ODD_TRAILER, "oddity");
static_assert((int)FLONG_ODD_SHARED == (int)READER_ODD_SHARED, "oddity");
static_assert((int)FLONG_ODD_SPLIT == (int)READER_ODD_SPLIT, "oddity");
static_assert((int)FLONG_ODD_EMPTY_MEMBER == (int)READER_ODD_EMPTY_MEMBER, "oddity");
static_assert((int)FLONG_ODD_PADDING == (int)READER_ODD_PADDING, "oddity");

const char *flong_oddity_text(unsigned oddities)
{
	for (size_t i = 0; i < ODDITIES; i++) {
		if ((oddities & (1U << i)) != 0) {
			return oddity_texts[i];
		}
	}
	return NULL;
}

void found_set(struct flong_record *record, const struct reader_record *found, bool is_arc)
{
	if (record->texts == NULL) {
		record->texts = ALLOC(struct found_texts);
	}
	record->found = found;
	record->is_arc = is_arc;
	record->texts->has_id = false;
	record->texts->has_uri = false;
	fields_set(&record->texts->fields, &found->headers);
}

void found_clear(struct flong_record *record)
{
	if (record->texts != NULL) {
		fields_clear(&record->texts->fields);
		buf_clear(&record->texts->id);
		buf_clear(&record->texts->uri);
		free(record->texts);
	}
	*record = (struct flong_record){0};
}

static bool is_there(const struct flong_record *record)
{
	return record != NULL && record->found != NULL;
}

uint64_t flong_record_offset(const struct flong_record *record)
{
	return is_there(record) ? record->found->offset : 0;
}

uint64_t flong_record_length(const struct flong_record *record)
{
	return is_there(record) ? record->found->length : 0;
}

uint64_t flong_record_block_length(const struct flong_record *record)
{
	return is_there(record) ? record->found->block_length : 0;
}

unsigned flong_record_oddities(const struct flong_record *record)
{
	return is_there(record) ? record->found->oddities : 0;
}

int flong_record_version(const struct flong_record *record)
{
	return is_there(record) && !record->is_arc ? record->found->version : 0;
}

bool flong_record_is_arc(const struct flong_record *record)
{
	return is_there(record) && record->is_arc;
}

enum flong_record_type flong_record_type(const struct flong_record *record)
{
	return is_there(record) ? (enum flong_record_type)record->found->type : FLONG_RECORD_OTHER;
}

const char *flong_record_type_text(const struct flong_record *record)
{
	return flong_record_field(record, "WARC-Type", 0);
}

/* The first value of a field without brackets, copied into `room` once. */
static const char *plain_uri(
	const struct flong_record *record, const char *name, struct buf *room, bool *is_made)
{
	struct bytes value = reader_uri(record->found, name);
	if (value.ptr == NULL) {
		return NULL;
	}
	if (!*is_made) {
		buf_reset(room);
		buf_add(room, value);
		*is_made = true;
	}
	return buf_text(room);
}

const char *flong_record_id(const struct flong_record *record)
{
	return is_there(record) ? plain_uri(record, "WARC-Record-ID", &record->texts->id,
					  &record->texts->has_id)
				: NULL;
}

const char *flong_record_uri(const struct flong_record *record)
{
	return is_there(record) ? plain_uri(record, "WARC-Target-URI", &record->texts->uri,
					  &record->texts->has_uri)
				: NULL;
}

const char *flong_record_date(const struct flong_record *record)
{
	return flong_record_field(record, "WARC-Date", 0);
}

bool flong_record_time(const struct flong_record *record, int64_t *time_out)
{
	return is_there(record) && time_out != NULL &&
	       clock_parse_iso(headers_first(&record->found->headers, "WARC-Date"), time_out);
}

const char *flong_record_content_type(const struct flong_record *record)
{
	return flong_record_field(record, "Content-Type", 0);
}

const char *flong_record_field(const struct flong_record *record, const char *name, size_t n)
{
	return is_there(record) ? fields_value(&record->texts->fields, name, n) : NULL;
}

size_t flong_record_field_count(const struct flong_record *record)
{
	return is_there(record) ? fields_count(&record->texts->fields) : 0;
}

bool flong_record_field_at(
	const struct flong_record *record, size_t index, struct flong_field *field_out)
{
	return is_there(record) && field_out != NULL &&
	       fields_at(&record->texts->fields, index, field_out);
}
