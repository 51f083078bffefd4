/* SPDX-License-Identifier: MIT */
/* zipnum.c - a sorted index in compressed blocks */
#include "index/zipnum.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/gzip.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/spool.h"
#include "index/cdxj.h"

#define LEVEL 6
#define BLOCK_MEMORY_BYTES ((size_t)1 << 20)

struct zipnum {
	struct sink sink;    /* first */
	struct sink *blocks; /* borrowed */
	struct sink *index;  /* borrowed */
	struct zipnum_options options;
	struct deflater *deflater; /* owned */
	struct buf line;           /* the beginning of one that is not complete */
	struct buf last;           /* the line before */
	struct buf prefix;         /* key and time of the block's first line */
	struct spool *block;       /* owned; NULL between blocks */
	size_t block_lines;
	uint64_t offset; /* where the next block goes */
	uint64_t number; /* of the block, from 1 */
};

/* --- a sink that counts and digests what passes ----------------------------------------------- */

struct meter {
	struct sink sink;          /* first */
	struct sink *next;         /* borrowed */
	struct digester *digester; /* borrowed */
	uint64_t length;
};

static int meter_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct meter *meter = (struct meter *)sink;
	meter->length += b.len;
	digester_add(meter->digester, b);
	return sink_write(meter->next, b, err);
}

static int meter_finish(struct sink *sink, struct flong_error *err)
{
	(void)sink;
	(void)err;
	return FLONG_OK;
}

static void meter_close(struct sink *sink)
{
	(void)sink;
}

/* --- blocks ----------------------------------------------------------------------------------- */

static int write_meta(struct zipnum *zipnum, struct flong_error *err)
{
	if (zipnum->options.dialect != ZIPNUM_WACZ) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf line = {0};
	buf_add_text(&line, "!meta 0 {\"format\": \"cdxj-gzip-1.0\", \"filename\": ");
	json_add_string_ascii(&line, bytes_of(zipnum->options.part));
	buf_add_text(&line, "}\n");
	return sink_write(zipnum->index, buf_bytes(&line), err);
}

static int write_place(struct zipnum *zipnum, uint64_t length, const struct digest *digest,
	struct flong_error *err)
{
	SCOPED(buf_clear) struct buf line = buf_with_max(2 * LIMIT_INDEX_LINE_BYTES);
	buf_add(&line, buf_bytes(&zipnum->prefix));
	if (zipnum->options.dialect == ZIPNUM_PYWB) {
		buf_addf(&line, "\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n",
			zipnum->options.part, zipnum->offset, length, zipnum->number);
	} else {
		char text[DIGEST_TEXT_SIZE];
		digest_format_hex(digest, text);
		buf_addf(&line,
			" {\"offset\": %" PRIu64 ", \"length\": %" PRIu64 ", \"digest\": \"%s\"}\n",
			zipnum->offset, length, text);
	}
	return sink_write(zipnum->index, buf_bytes(&line), err);
}

/* Writes the block as one member. */
static int write_member(struct zipnum *zipnum, uint64_t *length_out, struct digest *digest_out,
	struct flong_error *err)
{
	static const struct sink_ops ops = {
		.write = meter_write, .finish = meter_finish, .close = meter_close};
	int rc = spool_finish(zipnum->block, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(digester_closep) struct digester *digester = digester_create(DIGEST_SHA256);
	struct meter meter = {{&ops}, zipnum->blocks, digester, 0};
	const struct gzip_part part = {.form = GZIP_DEFLATE, .spool = zipnum->block};
	rc = gzip_write_member(zipnum->deflater, &part, 1, &meter.sink, err);
	*length_out = meter.length;
	*digest_out = digester_end(digester);
	return rc;
}

static int end_block(struct zipnum *zipnum, struct flong_error *err)
{
	uint64_t length = 0;
	struct digest digest;
	zipnum->number++;
	int rc = zipnum->number == 1 ? write_meta(zipnum, err) : FLONG_OK;
	if (rc == FLONG_OK) {
		rc = write_member(zipnum, &length, &digest, err);
	}
	if (rc == FLONG_OK) {
		rc = write_place(zipnum, length, &digest, err);
	}
	zipnum->offset += length;
	spool_close(zipnum->block);
	zipnum->block = NULL;
	zipnum->block_lines = 0;
	return rc;
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Whether the line begins with the same key and time as the one before it. */
static bool is_same_prefix(const struct zipnum *zipnum, struct bytes prefix)
{
	struct bytes last = buf_bytes(&zipnum->last);
	return bytes_starts(last, prefix) && last.len > prefix.len && last.ptr[prefix.len] == ' ';
}

static int add_line(struct zipnum *zipnum, struct bytes line, struct flong_error *err)
{
	struct bytes key;
	struct bytes time;
	struct bytes json;
	if (!cdxj_split(line, &key, &time, &json)) {
		return error_set(err, FLONG_E_FORMAT,
			"index line without key and time: '" BYTES_FMT "'", BYTES_ARG(line));
	}
	if (bytes_compare(line, buf_bytes(&zipnum->last)) < 0) {
		return error_set(err, FLONG_E_FORMAT, "index line out of order: '" BYTES_FMT "'",
			BYTES_ARG(line));
	}
	struct bytes prefix = bytes_slice(line, 0, key.len + 1 + time.len);
	if (zipnum->block_lines >= zipnum->options.lines && !is_same_prefix(zipnum, prefix)) {
		int rc = end_block(zipnum, err);
		if (rc < 0) {
			return rc;
		}
	}
	if (zipnum->block == NULL) {
		zipnum->block = spool_create(
			zipnum->options.temp_dir, BLOCK_MEMORY_BYTES, SPOOL_DEFLATED, LEVEL);
		buf_reset(&zipnum->prefix);
		buf_add(&zipnum->prefix, prefix);
	}
	buf_reset(&zipnum->last);
	buf_add(&zipnum->last, line);
	zipnum->block_lines++;
	int rc = spool_write(zipnum->block, line, err);
	return rc == FLONG_OK ? spool_write(zipnum->block, BYTES("\n"), err) : rc;
}

static int zipnum_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct zipnum *zipnum = (struct zipnum *)sink;
	while (b.len > 0) {
		size_t end = bytes_find_char(b, '\n', 0);
		struct bytes piece = bytes_slice(b, 0, end);
		b = bytes_slice(b, end == SIZE_MAX ? b.len : end + 1, b.len);
		if (end != SIZE_MAX && zipnum->line.len == 0) {
			int rc = add_line(zipnum, piece, err);
			if (rc < 0) {
				return rc;
			}
			continue;
		}
		buf_add(&zipnum->line, piece);
		if (buf_failed(&zipnum->line)) {
			return error_set(err, FLONG_E_LIMIT, "an index line is over %zu bytes",
				LIMIT_INDEX_LINE_BYTES);
		}
		if (end != SIZE_MAX) {
			int rc = add_line(zipnum, buf_bytes(&zipnum->line), err);
			buf_reset(&zipnum->line);
			if (rc < 0) {
				return rc;
			}
		}
	}
	return FLONG_OK;
}

static int zipnum_finish(struct sink *sink, struct flong_error *err)
{
	struct zipnum *zipnum = (struct zipnum *)sink;
	int rc = zipnum->line.len > 0 ? add_line(zipnum, buf_bytes(&zipnum->line), err) : FLONG_OK;
	if (rc < 0) {
		return rc;
	}
	if (zipnum->block != NULL) {
		return end_block(zipnum, err);
	}
	return zipnum->number == 0 ? write_meta(zipnum, err) : FLONG_OK;
}

static void zipnum_close(struct sink *sink)
{
	struct zipnum *zipnum = (struct zipnum *)sink;
	deflater_close(zipnum->deflater);
	spool_close(zipnum->block);
	buf_clear(&zipnum->line);
	buf_clear(&zipnum->last);
	buf_clear(&zipnum->prefix);
	free(zipnum);
}

struct sink *zipnum_create(
	struct sink *blocks, struct sink *index, const struct zipnum_options *options)
{
	static const struct sink_ops ops = {
		.write = zipnum_write, .finish = zipnum_finish, .close = zipnum_close};
	struct zipnum *zipnum = ALLOC(struct zipnum);
	*zipnum = (struct zipnum){.sink = {&ops},
		.blocks = blocks,
		.index = index,
		.options = *options,
		.deflater = deflater_create(LEVEL),
		.line = {.max = LIMIT_INDEX_LINE_BYTES},
		.last = {.max = LIMIT_INDEX_LINE_BYTES},
		.prefix = {.max = LIMIT_INDEX_LINE_BYTES}};
	return &zipnum->sink;
}
