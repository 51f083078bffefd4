/* SPDX-License-Identifier: MIT */
/* memento.c - the capture that is shown for a URL and a time, opened */
#include "replay/memento.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "index/cdxj.h"
#include "index/choice.h"
#include "replay/fuzzy.h"
#include "web/media_type.h"
#include "web/surt.h"
#include "web/url.h"

/* Captures of one URL that are tried one after the other. */
#define TRIES 12

/* A row of the index that may do. */
struct candidate {
	struct buf url, filename;
	uint64_t offset;
	int64_t date_ms;
};

struct search {
	const struct holding *holding;
	bool is_raw;
	struct choice choice;
	/* Records that were tried in vain, by the hash of file and offset. */
	uint64_t refused[TRIES];
	size_t refused_count;
	struct candidate best;
	struct choice_best mark; /* of best */
};

static void candidate_clear(struct candidate *candidate)
{
	buf_clear(&candidate->url);
	buf_clear(&candidate->filename);
}

void memento_clear(struct memento *memento)
{
	source_close(memento->inner);
	body_clear(&memento->own_body);
	body_clear(&memento->full_body);
	reader_close(memento->own);
	reader_close(memento->original);
	buf_clear(&memento->url);
	buf_clear(&memento->filename);
	buf_clear(&memento->mime_storage);
	buf_clear(&memento->head_storage);
	*memento = (struct memento){0};
}

/* --- choosing a row ----------------------------------------------------------------------------
 */

static uint64_t place_hash(struct bytes filename, uint64_t offset)
{
	return bytes_hash(filename) ^ (offset * 0x9e3779b97f4a7c15u);
}

static bool was_refused(const struct search *search, uint64_t place)
{
	for (size_t i = 0; i < search->refused_count; i++) {
		if (search->refused[i] == place) {
			return true;
		}
	}
	return false;
}

/* Whether a row may be shown at all, as far as the row tells. */
static bool is_usable(const struct cdxj_entry *entry)
{
	return !bytes_starts(entry->url, BYTES("urn:")) &&
	       !bytes_starts(entry->url, BYTES("metadata:")) &&
	       !bytes_equal(entry->status, BYTES("206"));
}

static void consider(struct search *search, const struct cdxj_entry *entry)
{
	struct choice_capture capture = {.url = entry->url,
		.is_revisit = bytes_equal(entry->mime, BYTES("warc/revisit")),
		.digest = entry->digest};
	if (!is_usable(entry) || was_refused(search, place_hash(entry->filename, entry->offset)) ||
		!clock_parse_digits(entry->timestamp, &capture.date_ms) ||
		!choice_take(&search->choice, &capture, &search->mark)) {
		return;
	}
	struct candidate *best = &search->best;
	best->date_ms = capture.date_ms;
	best->offset = entry->offset;
	buf_reset(&best->url);
	buf_add(&best->url, entry->url);
	buf_reset(&best->filename);
	buf_add(&best->filename, entry->filename);
}

/* Goes through the rows of the URL's key. */
static int choose(struct search *search, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf key = {0};
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(search->holding);
	lookup_key(search->choice.url, LOOKUP_EXACT, &key);
	search->mark = (struct choice_best){0};
	int rc = lookup_find(lookup, buf_bytes(&key), LOOKUP_EXACT, err);
	struct bytes line;
	while (rc == FLONG_OK && (rc = lookup_next(lookup, &line, err)) == FLONG_OK) {
		SCOPED(cdxj_clear) struct cdxj_row row = {0};
		struct flong_error ignored = {0};
		if (cdxj_parse(line, &row, &ignored) == FLONG_OK) {
			consider(search, &row.entry);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* Goes through the rows of almost the same URL: the nearest in time of those that are most alike.
 * What is no success is no help in the place of something else. */
static int choose_alike(struct search *search, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf key = {0};
	SCOPED(fuzzy_clear) struct fuzzy fuzzy = {0};
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(search->holding);
	lookup_key(search->choice.url, LOOKUP_EXACT, &key);
	fuzzy_begin(buf_bytes(&key), &fuzzy);
	search->mark = (struct choice_best){0};
	struct bytes line;
	unsigned score = 0;
	unsigned best_score = 0;
	int rc;
	while ((rc = fuzzy_next(&fuzzy, lookup, &line, &score, err)) == FLONG_OK) {
		SCOPED(cdxj_clear) struct cdxj_row row = {0};
		struct flong_error ignored = {0};
		if (score < best_score || cdxj_parse(line, &row, &ignored) != FLONG_OK ||
			!bytes_starts(row.entry.status, BYTES("2"))) {
			continue;
		}
		if (score > best_score) {
			search->mark = (struct choice_best){0};
			best_score = score;
		}
		consider(search, &row.entry);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* --- opening the record ------------------------------------------------------------------------
 */

/* Opens the record of the best row; FLONG_E_DAMAGED when it is of another URL or time. */
static int open_best(const struct search *search, struct reader **records_out,
	const struct reader_record **record_out, struct flong_error *err)
{
	const struct candidate *best = &search->best;
	SCOPED(reader_closep) struct reader *records = NULL;
	int rc = holding_open_records(
		search->holding, buf_bytes(&best->filename), best->offset, &records, err);
	if (rc == FLONG_OK) {
		rc = reader_next(records, record_out, err);
	}
	if (rc != FLONG_OK) {
		return rc == FLONG_END ? error_set(err, FLONG_E_DAMAGED, "no record is there") : rc;
	}
	SCOPED(buf_clear) struct buf left = {0};
	SCOPED(buf_clear) struct buf right = {0};
	int64_t date_ms = 0;
	surt_ia(reader_uri(*record_out, "WARC-Target-URI"), &left);
	surt_ia(buf_bytes(&best->url), &right);
	if (!bytes_equal(buf_bytes(&left), buf_bytes(&right)) ||
		!clock_parse_iso(headers_first(&(*record_out)->headers, "WARC-Date"), &date_ms) ||
		date_ms / 1000 != best->date_ms / 1000) {
		return error_set(err, FLONG_E_DAMAGED,
			"the index is wrong about the record at offset %llu of %s",
			(unsigned long long)best->offset, buf_text(&best->filename));
	}
	*records_out = TAKE(records);
	return FLONG_OK;
}

/* Opens what a revisit record repeats. */
static int open_original(const struct search *revisit, const struct reader_record *record,
	struct memento *memento, struct flong_error *err)
{
	struct bytes uri = reader_uri(record, "WARC-Refers-To-Target-URI");
	struct bytes date = headers_first(&record->headers, "WARC-Refers-To-Date");
	struct search search = {.holding = revisit->holding,
		.choice = {.url = uri.len > 0 ? uri : buf_bytes(&revisit->best.url),
			.no_revisits = true,
			.digest = headers_first(&record->headers, "WARC-Payload-Digest")}};
	search.choice.has_date =
		clock_parse_iso(date.len > 0 ? date : headers_first(&record->headers, "WARC-Date"),
			&search.choice.date_ms);
	const struct reader_record *found = NULL;
	int rc = choose(&search, err);
	if (rc == FLONG_OK && !search.mark.is_found) {
		rc = error_set(err, FLONG_E_NOT_FOUND,
			"it repeats a capture of " BYTES_FMT ", which is not in the archive",
			BYTES_ARG(search.choice.url));
	}
	if (rc == FLONG_OK) {
		rc = open_best(&search, &memento->original, &found, err);
	}
	if (rc == FLONG_OK) {
		memento->block_bytes = found->block_length;
		rc = body_open(memento->original, found, &memento->full_body, err);
	}
	candidate_clear(&search.best);
	return rc;
}

/* What leads to its own key would be found again there, for ever: http to https, letter case. */
static bool leads_to_itself(const struct search *search, const struct memento *memento)
{
	struct bytes location = headers_first(&memento->http->headers, "Location");
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *base = NULL;
	SCOPED(url_closep) struct url *to = NULL;
	if (memento->status < 300 || memento->status > 399 || location.len == 0 ||
		url_parse(buf_bytes(&memento->url), NULL, &base, &ignored) < 0 ||
		url_parse(location, base, &to, &ignored) < 0) {
		return false;
	}
	SCOPED(buf_clear) struct buf own = {0};
	SCOPED(buf_clear) struct buf other = {0};
	surt_ia(base->all, &own);
	surt_ia(to->all, &other);
	return bytes_equal(base->all, to->all) ||
	       (!search->is_raw && bytes_equal(buf_bytes(&own), buf_bytes(&other)));
}

static int open_memento(
	const struct search *search, struct memento *memento, struct flong_error *err)
{
	const struct reader_record *record = NULL;
	int rc = open_best(search, &memento->own, &record, err);
	if (rc < 0) {
		return rc;
	}
	buf_add(&memento->url, buf_bytes(&search->best.url));
	buf_add(&memento->filename, buf_bytes(&search->best.filename));
	memento->offset = search->best.offset;
	memento->date_ms = search->best.date_ms;
	memento->block_bytes = record->block_length;
	memento->body = &memento->own_body;
	memento->http = &memento->own_body.http;
	if (record->type == RECORD_REVISIT) {
		rc = body_open_head(memento->own, record, &memento->own_body, err);
		if (rc == FLONG_OK) {
			rc = open_original(search, record, memento, err);
		}
		memento->body = &memento->full_body;
		if (!memento->own_body.is_http) {
			memento->http = &memento->full_body.http;
		}
	} else {
		rc = body_open(memento->own, record, &memento->own_body, err);
	}
	if (rc < 0) {
		return rc;
	}
	memento->status = memento->http->status;
	/* The reader's type is of the record that has the content. */
	struct bytes type = headers_first(&memento->http->headers, "Content-Type");
	if (!memento->body->is_http) {
		type = headers_first(&record->headers, "Content-Type");
	}
	buf_add(&memento->mime_storage, media_type_essence(type));
	memento->mime = buf_bytes(&memento->mime_storage);
	if (leads_to_itself(search, memento)) {
		return error_set(err, FLONG_E_NOT_FOUND, "it leads to itself");
	}
	return FLONG_OK;
}

/* Chooses and opens until one can be shown; FLONG_END when none is left. *fault then tells of the
 * last that could not be shown. */
static int find_with(int (*choose_one)(struct search *, struct flong_error *),
	struct search *search, struct memento *memento, struct flong_error *fault,
	struct flong_error *err)
{
	for (;;) {
		int rc = choose_one(search, err);
		if (rc < 0 || !search->mark.is_found) {
			return rc < 0 ? rc : FLONG_END;
		}
		rc = open_memento(search, memento, err);
		if (rc == FLONG_OK || search->refused_count == TRIES) {
			return rc;
		}
		*fault = *err;
		search->refused[search->refused_count++] =
			place_hash(buf_bytes(&search->best.filename), search->best.offset);
		memento_clear(memento);
	}
}

int memento_find(const struct holding *holding, const struct memento_query *query,
	struct memento *memento, struct flong_error *err)
{
	struct flong_error ignored = {0};
	struct flong_error fault = {0};
	SCOPED(url_closep) struct url *parsed = NULL;
	struct search search = {.holding = holding,
		.is_raw = query->is_raw,
		.choice = {
			.url = query->url, .has_date = query->has_date, .date_ms = query->date_ms}};
	if (url_parse(query->url, NULL, &parsed, &ignored) == FLONG_OK) {
		search.choice.href = parsed->all;
	}
	int rc = find_with(choose, &search, memento, &fault, err);
	if (rc == FLONG_END && fault.code == 0 && !query->is_raw) {
		rc = find_with(choose_alike, &search, memento, &fault, err);
		memento->is_alike = rc == FLONG_OK;
	}
	candidate_clear(&search.best);
	if (rc != FLONG_END) {
		return rc;
	}
	return error_set(
		err, FLONG_E_NOT_FOUND, "%s", fault.code != 0 ? fault.message : MEMENTO_ABSENT);
}
