/* SPDX-License-Identifier: MIT */
/* check_blocks.c - the index of an index in compressed blocks: each place against the block there
 */
#include "index/check_blocks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/gzip.h"
#include "base/intake.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/members.h"
#include "index/line_source.h"

#define WINDOW_BYTES ((size_t)64 << 10)
#define RULE "W-35"

static void say(struct check_blocks *blocks, enum check_severity severity, const char *format, ...)
	PRINTF_LIKE(3, 4);
static void say(struct check_blocks *blocks, enum check_severity severity, const char *format, ...)
{
	const struct check_finding place = {
		.line = blocks->number, .severity = severity, .rule = RULE};
	va_list args;
	va_start(args, format);
	check_say(&blocks->listener, &place, format, args);
	va_end(args);
}

/* --- one block -------------------------------------------------------------------------------- */

static int open_block(struct check_blocks *blocks, const struct zipnum_place *place,
	struct source **source_out, struct flong_error *err)
{
	*source_out = NULL;
	int rc = blocks->open(
		blocks->place, blocks->part, place->offset, place->length, source_out, err);
	return rc == FLONG_E_NOT_FOUND ? FLONG_END : rc;
}

/* The digest of the stored bytes, which only the dialect of WACZ files has. */
static int check_digest(struct check_blocks *blocks, const struct zipnum_place *place,
	struct bytes line, struct flong_error *err)
{
	struct bytes prefix;
	struct bytes json;
	struct flong_error reason;
	SCOPED(json_closep) struct json_document *document = NULL;
	SCOPED(source_closep) struct source *source = NULL;
	if (bytes_find_char(line, '\t', 0) != SIZE_MAX ||
		!zipnum_place_split(line, &prefix, &json) ||
		json_parse(json, JSON_STRICT, &document, &reason) != FLONG_OK) {
		return FLONG_OK;
	}
	struct bytes text = json_text(json_get(json_root(document), "digest"));
	struct digest stated;
	if (text.len == 0) {
		if (!blocks->lacks_digests) {
			say(blocks, CHECK_ADVICE, "there is no digest of the block");
			blocks->lacks_digests = true;
		}
		return FLONG_OK;
	}
	if (digest_parse(text, &stated, &reason) != FLONG_OK) {
		say(blocks, CHECK_ERROR, "the digest '" BYTES_FMT "' cannot be read",
			BYTES_ARG(text));
		return FLONG_OK;
	}
	int rc = open_block(blocks, place, &source, err);
	SCOPED(digester_closep) struct digester *digester = digester_create(stated.algorithm);
	while (rc == FLONG_OK) {
		char room[16384];
		size_t got = 0;
		rc = source_read(source, room, sizeof(room), &got, err);
		digester_add(digester, bytes_from(room, rc == FLONG_OK ? got : 0));
	}
	struct digest found = digester_end(digester);
	if (rc == FLONG_END && !digest_equal(&stated, &found)) {
		char right[DIGEST_TEXT_SIZE];
		digest_format(&found, right);
		say(blocks, CHECK_ERROR, "the digest is not that of the block, which is %s", right);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* What is seen of the text of a block. */
struct block_text {
	struct buf first; /* its first line, as far as it is compared */
	bool is_first_whole;
	bool has_end; /* the last byte is a line end */
	uint64_t length;
};

static void add_text(struct block_text *text, struct bytes view)
{
	if (!text->is_first_whole) {
		size_t end = bytes_find_char(view, '\n', 0);
		size_t room = text->first.max - text->first.len;
		buf_add(&text->first, bytes_slice(view, 0, end < room ? end : room));
		text->is_first_whole = end != SIZE_MAX;
	}
	text->has_end = view.ptr[view.len - 1] == '\n';
	text->length += view.len;
}

/* Reads the block as one gzip member. FLONG_E_DAMAGED, FLONG_E_FORMAT: it is none. */
static int read_text(struct members *members, const struct zipnum_place *place,
	struct block_text *text, struct flong_error *err)
{
	int rc = members_next(members, err);
	while (rc == FLONG_OK) {
		struct bytes view;
		rc = members_view(members, &view, err);
		if (rc == FLONG_OK) {
			add_text(text, view);
		}
	}
	uint64_t end = place->offset + place->length;
	if (rc == FLONG_END && members->end != end) {
		return error_set(err, FLONG_E_FORMAT,
			"its gzip member ends at offset %llu, not at %llu",
			(unsigned long long)members->end, (unsigned long long)end);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static void judge_text(struct check_blocks *blocks, const struct zipnum_place *place,
	const struct block_text *text)
{
	struct bytes first = buf_bytes(&text->first);
	struct bytes prefix = place->prefix;
	bool is_first = bytes_starts(first, prefix) && first.len > prefix.len &&
			first.ptr[prefix.len] == ' ';
	if (text->length == 0) {
		say(blocks, CHECK_ERROR,
			"the block is empty: players may take it for the one before it");
	} else if (!is_first) {
		say(blocks, CHECK_ERROR, "the block does not begin with '" BYTES_FMT "'",
			BYTES_ARG(prefix));
	} else if (!text->has_end) {
		say(blocks, CHECK_ERROR, "the block ends inside a line");
	}
}

static int check_content(
	struct check_blocks *blocks, const struct zipnum_place *place, struct flong_error *err)
{
	struct source *source = NULL;
	struct block_text text = {.first = {.max = place->prefix.len + WINDOW_BYTES}};
	struct flong_error reason = {0};
	int rc = open_block(blocks, place, &source, err);
	if (rc != FLONG_OK) {
		return rc == FLONG_END ? FLONG_OK : rc;
	}
	SCOPED(members_closep)
	struct members *members = gunzip_open(intake_create(source, place->offset, WINDOW_BYTES));
	rc = read_text(members, place, &text, &reason);
	if (rc == FLONG_E_IO) {
		*err = reason;
	} else if (rc < 0) {
		say(blocks, CHECK_ERROR, "there is no whole block at offset %llu of '%s': %s",
			(unsigned long long)place->offset, blocks->part, reason.message);
		rc = FLONG_OK;
	} else {
		judge_text(blocks, place, &text);
	}
	buf_clear(&text.first);
	return rc;
}

/* --- the places ------------------------------------------------------------------------------- */

/* The file of blocks is over: nothing may follow the last block of it. */
static void end_part(struct check_blocks *blocks)
{
	if (blocks->has_part && blocks->part_end < blocks->part_size) {
		say(blocks, CHECK_ERROR,
			"bytes %llu to %llu of '%s' belong to no block: players do not find their "
			"rows",
			(unsigned long long)blocks->part_end, (unsigned long long)blocks->part_size,
			blocks->part);
	}
}

static int turn_to_part(struct check_blocks *blocks, const char *part, struct flong_error *err)
{
	if (strcmp(blocks->part, part) == 0) {
		return FLONG_OK;
	}
	end_part(blocks);
	(void)snprintf(blocks->part, sizeof(blocks->part), "%s", part);
	blocks->part_end = 0;
	int rc = blocks->size(blocks->place, part, &blocks->part_size, err);
	blocks->has_part = rc == FLONG_OK;
	if (rc == FLONG_E_NOT_FOUND) {
		say(blocks, CHECK_ERROR, "the file of blocks '%s' is not there", part);
		rc = FLONG_OK;
	}
	return rc;
}

/* Blocks follow each other without gaps, within the file. */
static bool check_range(struct check_blocks *blocks, const struct zipnum_place *place)
{
	bool is_inside = place->offset <= blocks->part_size &&
			 place->length <= blocks->part_size - place->offset;
	if (place->length == 0 || !is_inside) {
		say(blocks, CHECK_ERROR, "there are no %llu bytes at offset %llu of '%s'",
			(unsigned long long)place->length, (unsigned long long)place->offset,
			blocks->part);
		return false;
	}
	if (place->offset > blocks->part_end) {
		say(blocks, CHECK_ERROR,
			"bytes %llu to %llu of '%s' belong to no block: players do not find their "
			"rows",
			(unsigned long long)blocks->part_end, (unsigned long long)place->offset,
			blocks->part);
	} else if (place->offset < blocks->part_end) {
		say(blocks, CHECK_ERROR, "the block begins before the end of the one before");
	}
	blocks->part_end = place->offset + place->length;
	return true;
}

static void check_prefix(struct check_blocks *blocks, struct bytes prefix)
{
	int order = blocks->lines > 1 ? bytes_compare(buf_bytes(&blocks->prefix), prefix) : -1;
	if (order > 0) {
		say(blocks, CHECK_ERROR,
			"the line does not stand where sorting by bytes puts it: searches miss its "
			"block");
	} else if (order == 0) {
		say(blocks, CHECK_ERROR,
			"the block begins with the same key and time as the one before: players "
			"keep one of the two");
	}
	if (bytes_find_char(prefix, ' ', 0) == SIZE_MAX && !blocks->lacks_times) {
		say(blocks, CHECK_WARNING, "there is no time behind the key");
		blocks->lacks_times = true;
	}
	buf_reset(&blocks->prefix);
	buf_add(&blocks->prefix, prefix);
}

static int check_line(struct check_blocks *blocks, struct bytes line, struct flong_error *err)
{
	struct zipnum_place place;
	struct flong_error reason;
	if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
		line.len--;
	}
	int rc = zipnum_place_parse(line, &place, &reason);
	if (rc == FLONG_E_UNSUPPORTED) {
		if (blocks->number > 1) {
			say(blocks, CHECK_WARNING, "there is a header inside the file");
		}
		if (place.part[0] != '\0') {
			memcpy(blocks->usual_part, place.part, sizeof(place.part));
		}
		return FLONG_OK;
	}
	blocks->lines++;
	if (rc != FLONG_OK) {
		say(blocks, CHECK_ERROR, "%s", reason.message);
		return FLONG_OK;
	}
	check_prefix(blocks, place.prefix);
	rc = turn_to_part(blocks, place.part[0] == '\0' ? blocks->usual_part : place.part, err);
	if (rc != FLONG_OK || !blocks->has_part || !check_range(blocks, &place)) {
		return rc;
	}
	rc = check_digest(blocks, &place, line, err);
	return rc == FLONG_OK ? check_content(blocks, &place, err) : rc;
}

/* index.cdx.gz for index.idx. */
static void set_usual_part(struct check_blocks *blocks)
{
	struct bytes name = bytes_of(files_base_name(blocks->name));
	if (bytes_ends(name, BYTES(".idx"))) {
		name.len -= strlen(".idx");
	}
	(void)snprintf(blocks->usual_part, sizeof(blocks->usual_part), "%.*s.cdx.gz",
		name.len < ZIPNUM_NAME_SIZE ? (int)name.len : 0, name.ptr);
}

int check_blocks_run(struct check_blocks *blocks, struct source *source, struct flong_error *err)
{
	struct line_source input = {.source = source};
	int rc = FLONG_OK;
	set_usual_part(blocks);
	while (rc == FLONG_OK) {
		struct bytes line;
		rc = line_source_next(&input, &line, err);
		blocks->number = input.number;
		if (rc == FLONG_E_LIMIT) {
			say(blocks, CHECK_ERROR, "%s", err->message);
			rc = FLONG_OK;
		} else if (rc == FLONG_OK) {
			rc = check_line(blocks, line, err);
		}
	}
	if (rc == FLONG_END && blocks->part[0] == '\0') {
		rc = turn_to_part(blocks, blocks->usual_part, err);
	}
	end_part(blocks);
	buf_clear(&blocks->prefix);
	line_source_clear(&input);
	return rc == FLONG_END ? FLONG_OK : rc;
}
