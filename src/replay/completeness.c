/* SPDX-License-Identifier: MIT */
/* completeness.c - whether an archive has the parts that a captured page names */
#include "replay/completeness.h"

#include "base/clock.h"
#include "base/limits.h"

bool outlink_read(struct bytes value, struct outlink *outlink_out)
{
	struct bytes letter;
	struct bytes rest;
	if (!bytes_cut(value, ' ', &outlink_out->url, &rest)) {
		return false;
	}
	outlink_out->where = (struct bytes){NULL, 0};
	if (!bytes_cut(rest, ' ', &letter, &outlink_out->where)) {
		letter = rest;
	}
	outlink_out->letter = letter.len == 1 ? letter.ptr[0] : '\0';
	return outlink_out->letter != '\0' && outlink_out->url.len > 0;
}

static bool is_media(const struct outlink *outlink)
{
	static const char *const places[] = {"audio/src", "source/src", "track/src", "video/src"};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (bytes_equal(outlink->where, bytes_of(places[i]))) {
			return true;
		}
	}
	return false;
}

bool outlink_is_optional(const struct outlink *outlink)
{
	return is_media(outlink) || bytes_starts(outlink->where, BYTES("json/"));
}

static bool is_good(struct bytes status)
{
	return status.len == 0 || (status.ptr[0] != '4' && status.ptr[0] != '5');
}

enum part_state completeness_look(struct lookup *lookup, struct bytes url)
{
	SCOPED(buf_clear) struct buf key = {0};
	struct flong_error ignored = {0};
	struct bytes line;
	enum part_state state = PART_MISSING;
	lookup_key(url, LOOKUP_EXACT, &key);
	int rc = lookup_find(lookup, buf_bytes(&key), LOOKUP_EXACT, &ignored);
	while (rc == FLONG_OK && state != PART_THERE &&
		(rc = lookup_next(lookup, &line, &ignored)) == FLONG_OK) {
		SCOPED(cdxj_clear) struct cdxj_row row = {0};
		if (cdxj_parse(line, &row, &ignored) == FLONG_OK) {
			state = is_good(row.entry.status) ? PART_THERE : PART_REFUSED;
		}
	}
	return state;
}

void completeness_count(
	struct lookup *lookup, struct bytes block, struct completeness *completeness)
{
	struct bytes line;
	while (bytes_next_line(&block, &line)) {
		struct outlink outlink;
		struct bytes name;
		struct bytes value;
		if (!bytes_cut(line, ':', &name, &value) ||
			!bytes_equal_nocase(name, BYTES("outlink")) ||
			!outlink_read(bytes_trim(value), &outlink) || outlink.letter != 'E' ||
			!bytes_starts(outlink.url, BYTES("http"))) {
			continue;
		}
		enum part_state state = completeness_look(lookup, outlink.url);
		if (state == PART_MISSING && outlink_is_optional(&outlink)) {
			completeness->media += is_media(&outlink);
			continue;
		}
		completeness->needed++;
		completeness->missing += state == PART_MISSING;
		completeness->refused += state == PART_REFUSED;
	}
}

static bool belongs_to(const struct reader_record *record, struct bytes id)
{
	for (size_t i = 0; i < record->headers.count; i++) {
		const struct header_field *field = &record->headers.fields[i];
		if ((bytes_equal_nocase(field->name, BYTES("WARC-Concurrent-To")) ||
			    bytes_equal_nocase(field->name, BYTES("WARC-Refers-To"))) &&
			bytes_equal(field->value, id)) {
			return true;
		}
	}
	return false;
}

bool completeness_next(struct reader *reader, struct bytes id, size_t *looked,
	const struct reader_record **record_out)
{
	struct flong_error ignored = {0};
	while (id.len > 0 && *looked < LIMIT_RECORDS_BEHIND &&
		reader_next(reader, record_out, &ignored) == FLONG_OK) {
		++*looked;
		if (belongs_to(*record_out, id)) {
			return true;
		}
	}
	return false;
}

/* Reads on from a response to the metadata that says what its page points to. */
static bool find_metadata(struct reader *reader, struct buf *block_out)
{
	SCOPED(buf_clear) struct buf id = {0};
	const struct reader_record *record = NULL;
	struct flong_error ignored = {0};
	size_t looked = 0;
	if (reader_next(reader, &record, &ignored) != FLONG_OK) {
		return false;
	}
	buf_add(&id, headers_first(&record->headers, "WARC-Record-ID"));
	while (completeness_next(reader, buf_bytes(&id), &looked, &record)) {
		if (record->type != RECORD_METADATA) {
			continue;
		}
		SCOPED(source_closep) struct source *block = reader_block(reader);
		buf_reset(block_out);
		int rc = source_read_all(block, block_out, &ignored);
		if ((rc == FLONG_OK || rc == FLONG_E_LIMIT) &&
			bytes_find(buf_bytes(block_out), BYTES("outlink:"), 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

void completeness_find(const struct holding *holding, struct bytes url, int64_t time_ms,
	struct completeness *completeness_out)
{
	SCOPED(buf_clear) struct buf key = {0};
	SCOPED(buf_clear) struct buf block = buf_with_max(LIMIT_METADATA_SHOWN_BYTES);
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(holding);
	SCOPED(cdxj_clear) struct cdxj_row row = {0};
	SCOPED(reader_closep) struct reader *reader = NULL;
	struct flong_error ignored = {0};
	struct bytes line;
	*completeness_out = (struct completeness){0};
	lookup_key(url, LOOKUP_EXACT, &key);
	if (lookup_closest(lookup, buf_bytes(&key), time_ms, &line, &ignored) == FLONG_OK &&
		cdxj_parse(line, &row, &ignored) == FLONG_OK &&
		holding_open_records(holding, row.entry.filename, row.entry.offset, &reader,
			&ignored) == FLONG_OK &&
		find_metadata(reader, &block)) {
		cdxj_clear(&row); /* the next search takes its line away */
		completeness_count(lookup, buf_bytes(&block), completeness_out);
		completeness_out->is_known = true;
	}
}

void completeness_describe(const struct completeness *completeness, struct buf *out)
{
	if (!completeness->is_known) {
		return;
	}
	if (completeness->missing > 0) {
		buf_addf(out, "%zu of %zu parts missing", completeness->missing,
			completeness->needed);
	} else if (completeness->refused > 0) {
		buf_addf(out, "complete but for %zu part%s that the site refused",
			completeness->refused, completeness->refused == 1 ? "" : "s");
	} else if (completeness->media > 0) {
		buf_add_text(out, "complete but for video or sound");
	} else {
		buf_add_text(out, "complete");
	}
}
