/* SPDX-License-Identifier: MIT */
/* check_join_rows.c - rows against the records they name, pages against rows */
#include "base/error.h"
#include "index/check_join_state.h"

/* Columns of the lines of tag X: of a record, and of a row. */
enum {
	PLACE_RECORD = JOIN_MORE,
	PLACE_KIND, /* w: wants a row; s: may have one; o: may not */
	PLACE_LENGTH,
	PLACE_TRAILER,
	PLACE_DATE,
	PLACE_URL,
	PLACE_DIGEST,
	PLACE_TYPE
};
enum {
	ROW_NAME = JOIN_MORE,
	ROW_LENGTH,
	ROW_DATE,
	ROW_URL,
	ROW_DIGEST,
	ROW_RECORD_DIGEST,
	ROW_OFFSET
};

static uint64_t number_of(struct bytes text)
{
	uint64_t number = 0;
	(void)bytes_to_u64(text, UINT64_MAX, &number);
	return number;
}

static struct check_finding row_finding(const struct check_join_line *row, const char *rule)
{
	return (struct check_finding){.line = row->at, .severity = CHECK_ERROR, .rule = rule};
}

/* Digests of rows may lack the label (CDX-11, pywb). */
static bool is_same_digest(struct bytes row, struct bytes record)
{
	SCOPED(buf_clear) struct buf normal = {0};
	SCOPED(buf_clear) struct buf labelled = {0};
	struct bytes label;
	struct bytes value;
	if (row.len == 0 || bytes_equal(row, BYTES("-")) || record.len == 0) {
		return true;
	}
	check_join_digest(row, &normal);
	if (bytes_equal(buf_bytes(&normal), record)) {
		return true;
	}
	if (bytes_find_char(row, ':', 0) != SIZE_MAX || !bytes_cut(record, ':', &label, &value)) {
		return false;
	}
	buf_add(&labelled, label);
	buf_add_char(&labelled, ':');
	buf_add(&labelled, row);
	check_join_digest(buf_bytes(&labelled), &normal);
	return bytes_equal(buf_bytes(&normal), record);
}

static void check_stored(struct check_join *join, const struct check_join_line *row)
{
	struct bytes wanted = row->columns[ROW_RECORD_DIGEST];
	struct source *opened = NULL;
	char room[16384];
	char text[DIGEST_TEXT_SIZE];
	size_t got;
	if (wanted.len == 0 || join->options->open == NULL) {
		return;
	}
	int rc = join->options->open(join->options->context, row->columns[ROW_NAME],
		number_of(row->columns[ROW_OFFSET]), number_of(row->columns[ROW_LENGTH]), &opened,
		&join->err);
	SCOPED(source_closep) struct source *source = opened;
	while (rc == FLONG_OK) {
		rc = source_read(source, room, sizeof(room), &got, &join->err);
		digester_add(join->digester, bytes_from(room, rc == FLONG_OK ? got : 0));
	}
	struct digest digest = digester_end(join->digester);
	if (rc == FLONG_E_NOT_FOUND) {
		return; /* the row was reported already: no record is there */
	}
	if (rc != FLONG_END) {
		join->rc = rc;
		return;
	}
	digest_format_hex(&digest, text);
	if (!bytes_equal(wanted, bytes_of(text))) {
		struct check_finding finding = row_finding(row, "W-34");
		check_join_report(join, row, &finding,
			"recordDigest is not that of the stored record, which is %s", text);
		return;
	}
	join->summary.record_digests++;
}

static void compare(struct check_join *join, const struct check_join_line *row,
	const struct check_join_line *place)
{
	struct check_finding wrong = row_finding(row, "W-34");
	unsigned long long offset = number_of(row->columns[ROW_OFFSET]);
	uint64_t length = number_of(row->columns[ROW_LENGTH]);
	uint64_t stored = number_of(place->columns[PLACE_LENGTH]);
	uint64_t trailer = number_of(place->columns[PLACE_TRAILER]);
	struct bytes date = row->columns[ROW_DATE];
	if (bytes_equal(place->columns[PLACE_KIND], BYTES("o"))) {
		check_join_report(join, row, &wrong,
			"the record at offset %llu of " BYTES_FMT " is of type " BYTES_FMT
			", which is not shown",
			offset, BYTES_ARG(row->columns[ROW_NAME]),
			BYTES_ARG(place->columns[PLACE_TYPE]));
		return;
	}
	if (!bytes_equal(row->columns[ROW_URL], place->columns[PLACE_URL])) {
		check_join_report(join, row, &wrong,
			"the record at offset %llu of " BYTES_FMT " is of another URL", offset,
			BYTES_ARG(row->columns[ROW_NAME]));
	}
	if (!bytes_starts(place->columns[PLACE_DATE], date)) {
		struct check_finding finding = row_finding(row, "W-31");
		check_join_report(join, row, &finding,
			"the timestamp " BYTES_FMT " is not that of the record, " BYTES_FMT,
			BYTES_ARG(date), BYTES_ARG(place->columns[PLACE_DATE]));
	}
	/* Some indexers do not count the line ends behind a record that is not compressed. */
	if (length != stored && (length + trailer != stored || trailer == 0)) {
		check_join_report(join, row, &wrong,
			"the length is %llu, the record has %llu bytes", (unsigned long long)length,
			(unsigned long long)stored);
	} else {
		check_stored(join, row);
	}
	if (!is_same_digest(row->columns[ROW_DIGEST], place->columns[PLACE_DIGEST])) {
		check_join_report(join, row, &wrong,
			"the digest is '" BYTES_FMT "', not that of the record, '" BYTES_FMT "'",
			BYTES_ARG(row->columns[ROW_DIGEST]),
			BYTES_ARG(place->columns[PLACE_DIGEST]));
	}
}

void check_join_take_row(struct check_join *join, const struct check_join_line *line, bool is_new)
{
	struct check_join_group *group = &join->group;
	(void)is_new;
	if (bytes_equal(line->columns[JOIN_ORDER], BYTES("0"))) {
		/* Kept as text: the columns of this line are gone with the next. */
		buf_reset(&group->text);
		for (size_t i = 0; i < JOIN_COLUMNS; i++) {
			buf_add(&group->text, line->columns[i]);
			buf_add_char(&group->text, '\t');
		}
		return;
	}
	group->is_found = true;
	if (group->text.len == 0) {
		struct check_finding finding = row_finding(line, "W-34");
		check_join_report(join, line, &finding,
			"no record begins at offset " BYTES_FMT " of '" BYTES_FMT "'",
			BYTES_ARG(line->columns[ROW_OFFSET]), BYTES_ARG(line->columns[ROW_NAME]));
		return;
	}
	struct check_join_line place;
	check_join_line_read(buf_bytes(&group->text), &place);
	compare(join, line, &place);
}

static bool is_group_of(const struct check_join *join, enum check_join_tag tag)
{
	return join->group.key.len > 0 && join->group.key.ptr[0] == (char)tag;
}

void check_join_end_row(struct check_join *join)
{
	struct check_join_group *group = &join->group;
	struct check_join_line place;
	if (!is_group_of(join, JOIN_ROW) || group->is_found || group->text.len == 0) {
		return;
	}
	check_join_line_read(buf_bytes(&group->text), &place);
	if (!bytes_equal(place.columns[PLACE_KIND], BYTES("w"))) {
		return;
	}
	const struct check_finding finding = {
		.severity = CHECK_ERROR, .rule = "W-60", .record = place.columns[PLACE_RECORD]};
	check_join_report(join, &place, &finding,
		"the index has no row for this " BYTES_FMT " record",
		BYTES_ARG(place.columns[PLACE_TYPE]));
}

/* Columns of the lines of tag P. */
enum { PAGE_URL = JOIN_MORE };

static void report_page(struct check_join *join, const struct check_join_line *page,
	struct bytes url, bool has_rows)
{
	bool is_main = page->at == 0;
	const struct check_finding finding = {.line = page->at,
		.is_of_file = is_main,
		.severity = has_rows ? CHECK_WARNING : CHECK_ERROR,
		.rule = is_main ? "W-36" : "W-41"};
	const char *when = is_main ? " at mainPageDate" : " at the page's ts";
	check_join_report(join, page, &finding, "%sthe index has no capture of " BYTES_FMT "%s",
		is_main ? "mainPageUrl: " : "", BYTES_ARG(url), has_rows ? when : "");
}

void check_join_take_page(struct check_join *join, const struct check_join_line *line, bool is_new)
{
	struct check_join_group *group = &join->group;
	struct bytes order = line->columns[JOIN_ORDER];
	struct bytes second = bytes_slice(order, 0, order.len - 1);
	if (is_new) {
		group->pending_count = 0;
	}
	if (order.ptr[order.len - 1] == '0') {
		group->is_found = true;
		buf_reset(&group->text);
		buf_add(&group->text, second);
		return;
	}
	bool is_any = bytes_equal(second, BYTES("9")) && group->is_found;
	if (is_any || bytes_equal(second, buf_bytes(&group->text))) {
		return;
	}
	if (group->is_found || group->pending_count == LIMIT_CHECK_CANDIDATES) {
		report_page(join, line, line->columns[PAGE_URL], true);
		return;
	}
	struct check_join_pending *pending = &group->pending[group->pending_count++];
	pending->file = line->file;
	pending->at = line->at;
	buf_reset(&pending->url);
	buf_add(&pending->url, line->columns[PAGE_URL]);
}

void check_join_end_page(struct check_join *join)
{
	struct check_join_group *group = &join->group;
	if (!is_group_of(join, JOIN_PAGE)) {
		return;
	}
	for (size_t i = 0; i < group->pending_count; i++) {
		const struct check_join_pending *pending = &group->pending[i];
		const struct check_join_line place = {.file = pending->file, .at = pending->at};
		report_page(join, &place, buf_bytes(&pending->url), group->is_found);
	}
	group->pending_count = 0;
}
