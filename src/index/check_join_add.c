/* SPDX-License-Identifier: MIT */
/* check_join_add.c - what records, rows and pages say, as lines for the sorter */
#include "base/clock.h"
#include "base/error.h"
#include "index/check_join_state.h"
#include "index/url_plain.h"

enum { TEXT_MAX = 400, DATE_SECOND = 14 };

/* Starts a line: its key is the tag and a hash, because ids and URLs are of any length and bytes.
 */
static void begin_line(struct check_join *join, enum check_join_tag tag, struct bytes key)
{
	char text[DIGEST_TEXT_SIZE];
	digester_add(join->digester, key);
	struct digest digest = digester_end(join->digester);
	digest_format_hex(&digest, text);
	buf_reset(&join->line);
	buf_add_char(&join->line, (char)tag);
	buf_add(&join->line, bytes_slice(bytes_of(text), 7, 7 + 32)); /* without "sha256:" */
}

static void add_place(struct check_join *join, unsigned file, uint64_t at)
{
	/* In columns of one width, so that sorting keeps the order of the files. */
	buf_addf(&join->line, "\t%010u\t%020llu", file, (unsigned long long)at);
}

/* A column; what would break the line becomes '?'. */
static void add_text(struct check_join *join, struct bytes text)
{
	buf_add_char(&join->line, '\t');
	for (size_t i = 0; i < text.len && i < TEXT_MAX; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		buf_add_char(&join->line, c < ' ' || c == 0x7f ? '?' : (char)c);
	}
}

static int end_line(struct check_join *join, struct flong_error *err)
{
	return sorter_add(join->sorter, buf_bytes(&join->line), err);
}

void check_join_digest(struct bytes text, struct buf *out)
{
	struct digest digest;
	struct flong_error ignored;
	buf_reset(out);
	if (digest_parse(text, &digest, &ignored) == FLONG_OK) {
		char hex[DIGEST_TEXT_SIZE];
		digest_format_hex(&digest, hex);
		buf_add_text(out, hex);
		return;
	}
	for (size_t i = 0; i < text.len && i < TEXT_MAX; i++) {
		buf_add_char(out, text.ptr[i] < ' ' ? '?' : char_lower(text.ptr[i]));
	}
}

static void add_digest(struct check_join *join, struct bytes text)
{
	SCOPED(buf_clear) struct buf normal = {0};
	check_join_digest(text, &normal);
	add_text(join, buf_bytes(&normal));
}

static void begin_url_line(struct check_join *join, enum check_join_tag tag, struct bytes url)
{
	SCOPED(buf_clear) struct buf normal = {0};
	url_plain(url, &normal);
	begin_line(join, tag, buf_bytes(&normal));
}

static void add_url_hash(struct check_join *join, struct bytes url)
{
	SCOPED(buf_clear) struct buf normal = {0};
	url_plain(url, &normal);
	digester_add(join->digester, buf_bytes(&normal));
	struct digest digest = digester_end(join->digester);
	char text[DIGEST_TEXT_SIZE];
	digest_format_hex(&digest, text);
	add_text(join, bytes_of(text));
}

static struct bytes field(const struct reader_record *record, const char *name)
{
	return headers_first(&record->headers, name);
}

static struct bytes without_brackets(struct bytes id)
{
	bool has_both = id.len >= 2 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>';
	return has_both ? bytes_slice(id, 1, id.len - 1) : id;
}

/* "This id is the record's", and one line for each id that it names. */
static int add_ids(struct check_join *join, unsigned file, const struct reader_record *record,
	struct flong_error *err)
{
	static const char *const names[] = {"WARC-Concurrent-To", "WARC-Refers-To",
		"WARC-Warcinfo-ID", "WARC-Segment-Origin-ID"};
	struct bytes id = field(record, "WARC-Record-ID");
	int rc = FLONG_OK;
	if (id.len > 0) {
		begin_line(join, JOIN_ID, without_brackets(id));
		buf_add_text(&join->line, "\t0");
		add_place(join, file, record->offset);
		add_text(join, id);
		rc = end_line(join, err);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bytes named;
		for (size_t n = 0;
			rc == FLONG_OK && headers_nth(&record->headers, names[i], n, &named); n++) {
			begin_line(join, JOIN_ID, without_brackets(named));
			buf_add_text(&join->line, "\t1");
			add_place(join, file, record->offset);
			add_text(join, id);
			buf_addf(&join->line, "\t%zu\t%s", i, names[i]);
			add_text(join, named);
			rc = end_line(join, err);
		}
	}
	return rc;
}

static char framing_of(const struct check_seen *seen)
{
	return seen->status == 0 ? '-' : seen->is_chunked ? 'c' : 'l';
}

/* One line of tag V: a capture (order 0), or what a revisit names (order 1). */
static int add_moment(struct check_join *join, unsigned file, const struct check_seen *seen,
	bool is_named, struct flong_error *err)
{
	const struct reader_record *record = seen->record;
	struct bytes uri =
		reader_uri(record, is_named ? "WARC-Refers-To-Target-URI" : "WARC-Target-URI");
	struct bytes date = field(record, is_named ? "WARC-Refers-To-Date" : "WARC-Date");
	char second[CLOCK_DIGITS_SIZE];
	int64_t date_ms;
	if (uri.len == 0 || !clock_parse_iso(date, &date_ms)) {
		return FLONG_OK;
	}
	clock_format_digits14(date_ms, second);
	begin_url_line(join, JOIN_REVISIT, uri);
	buf_addf(&join->line, "%s\t%d", second, is_named);
	add_place(join, file, record->offset);
	add_text(join, field(record, "WARC-Record-ID"));
	buf_addf(&join->line, "\t%c\t%lld\t%c", record->type == RECORD_REVISIT ? 'v' : 'r',
		(long long)date_ms, framing_of(seen));
	add_digest(join, field(record, "WARC-Payload-Digest"));
	add_text(join, uri);
	add_text(join, date);
	return end_line(join, err);
}

static int add_segment(struct check_join *join, unsigned file, const struct reader_record *record,
	struct flong_error *err)
{
	uint64_t number;
	uint64_t total;
	if (!bytes_to_u64(field(record, "WARC-Segment-Number"), UINT64_MAX, &number)) {
		return FLONG_OK;
	}
	struct bytes origin = field(record, "WARC-Segment-Origin-ID");
	struct bytes id = field(record, "WARC-Record-ID");
	begin_line(join, JOIN_SEGMENT, without_brackets(origin.len > 0 ? origin : id));
	buf_addf(&join->line, "\t%020llu", (unsigned long long)number);
	add_place(join, file, record->offset);
	add_text(join, id);
	buf_addf(&join->line, "\t%llu\t", (unsigned long long)record->block_length);
	if (bytes_to_u64(field(record, "WARC-Segment-Total-Length"), UINT64_MAX, &total)) {
		buf_addf(&join->line, "%llu", (unsigned long long)total);
	}
	return end_line(join, err);
}

/* Those that cdxj-indexer gives a row: replies, and what else is no list of fields. */
static bool is_capture(const struct reader_record *record)
{
	if (record->type == RECORD_RESPONSE || record->type == RECORD_REVISIT) {
		return true;
	}
	return (record->type == RECORD_RESOURCE || record->type == RECORD_METADATA) &&
	       !bytes_starts_nocase(field(record, "Content-Type"), BYTES(RECORD_TYPE_FIELDS));
}

static int add_position(struct check_join *join, const struct check_join_line *place,
	const char *filename, bool wants_row, const struct reader_record *record,
	struct flong_error *err)
{
	char digits[CLOCK_DIGITS_SIZE] = "";
	int64_t date_ms;
	if (clock_parse_iso(field(record, "WARC-Date"), &date_ms)) {
		clock_format_digits17(date_ms, digits);
	}
	bool is_shown = is_capture(record);
	begin_line(join, JOIN_ROW, bytes_of(filename));
	buf_addf(&join->line, "%020llu\t0", (unsigned long long)record->offset);
	add_place(join, place->file, place->at);
	add_text(join, field(record, "WARC-Record-ID"));
	buf_addf(&join->line, "\t%c\t%llu\t%u\t%s",
		is_shown && wants_row ? 'w'
		: is_shown            ? 's'
				      : 'o',
		(unsigned long long)record->length, record->trailer_bytes, digits);
	add_url_hash(join, reader_uri(record, "WARC-Target-URI"));
	add_digest(join, field(record, "WARC-Payload-Digest"));
	add_text(join, field(record, "WARC-Type"));
	return end_line(join, err);
}

int check_join_record(struct check_join *join, const struct check_join_source *source,
	const struct check_seen *seen, struct flong_error *err)
{
	const struct reader_record *record = seen->record;
	int rc = add_ids(join, source->file, record, err);
	if (rc == FLONG_OK && is_capture(record) && record->type != RECORD_METADATA) {
		rc = add_moment(join, source->file, seen, false, err);
	}
	if (rc == FLONG_OK && record->type == RECORD_REVISIT) {
		rc = add_moment(join, source->file, seen, true, err);
	}
	if (rc == FLONG_OK) {
		rc = add_segment(join, source->file, record, err);
	}
	if (rc == FLONG_OK && source->filename != NULL) {
		const struct check_join_line place = {.file = source->file, .at = record->offset};
		rc = add_position(join, &place, source->filename, source->wants_rows, record, err);
	}
	return rc;
}

int check_join_row(struct check_join *join, unsigned file, uint64_t line,
	const struct cdxj_entry *row, struct flong_error *err)
{
	join->summary.rows++;
	begin_line(join, JOIN_ROW, row->filename);
	buf_addf(&join->line, "%020llu\t1", (unsigned long long)row->offset);
	add_place(join, file, line);
	add_text(join, row->filename);
	buf_addf(&join->line, "\t%llu", (unsigned long long)row->length);
	add_text(join, row->timestamp);
	add_url_hash(join, row->url);
	add_text(join, row->digest);
	add_text(join, row->record_digest);
	buf_addf(&join->line, "\t%llu", (unsigned long long)row->offset);
	int rc = end_line(join, err);
	if (rc == FLONG_OK) {
		begin_url_line(join, JOIN_PAGE, row->url);
		add_text(join, bytes_slice(row->timestamp, 0, DATE_SECOND));
		buf_add_char(&join->line, '0');
		rc = end_line(join, err);
	}
	return rc;
}

int check_join_page(
	struct check_join *join, const struct check_join_page *page, struct flong_error *err)
{
	char second[CLOCK_DIGITS_SIZE] = "9"; /* behind all rows of the URL */
	struct bytes url = page->url;
	struct bytes fragment;
	join->summary.pages += page->line > 0;
	if (!page->has_no_time) {
		clock_format_digits14(page->time_ms, second);
	}
	(void)bytes_cut(url, '#', &url, &fragment);
	begin_url_line(join, JOIN_PAGE, url);
	buf_addf(&join->line, "\t%s1", second);
	add_place(join, page->file, page->line);
	add_text(join, url);
	return end_line(join, err);
}
