/* SPDX-License-Identifier: MIT */
/* zipnum_test.c - an index in compressed blocks: what is written is found again, in both dialects
 */
#include "unit.h"

#include "base/digest.h"
#include "base/files.h"
#include "index/lookup.h"
#include "index/zipnum.h"
#include "index/zipnum_read.h"

struct place {
	char dir[32];
	char *index;
};

static struct place make_place(void)
{
	struct place place = {.dir = "/tmp/zipnum-XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	place.index = files_join(place.dir, "index.idx");
	return place;
}

static void remove_place(struct place *place)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
	free(place->index);
}

static void put(const struct place *place, const char *name, struct bytes content)
{
	SCOPED(free_textp) char *path = files_join(place->dir, name);
	struct flong_error err = {0};
	assert_int_equal(files_replace(path, content, &err), FLONG_OK);
}

/* Writes the text in pieces of seven bytes. */
static int write_blocks(struct bytes text, enum zipnum_dialect dialect, size_t lines,
	struct buf *blocks, struct buf *index)
{
	SCOPED(sink_closep) struct sink *blocks_sink = sink_to_buf(blocks);
	SCOPED(sink_closep) struct sink *index_sink = sink_to_buf(index);
	const struct zipnum_options options = {
		.dialect = dialect, .lines = lines, .part = "index.cdx.gz", .temp_dir = "/tmp"};
	SCOPED(sink_closep)
	struct sink *sink = zipnum_create(blocks_sink, index_sink, &options);
	struct flong_error err = {0};
	for (size_t at = 0; at < text.len; at += 7) {
		int rc = sink_write(sink, bytes_slice(text, at, at + 7), &err);
		if (rc < 0) {
			return rc;
		}
	}
	return sink_finish(sink, &err);
}

static struct buf some_lines(unsigned count)
{
	struct buf text = {0};
	for (unsigned i = 0; i < count; i++) {
		buf_addf(&text, "com,k%04u)/ 20260101000000 {\"n\": \"%u\"}\n", i, i);
	}
	return text;
}

static size_t count_lines(const struct buf *text)
{
	size_t count = 0;
	for (size_t i = 0; i < text->len; i++) {
		count += text->ptr[i] == '\n';
	}
	return count;
}

TEST(the_index_of_blocks_has_the_form_of_its_dialect)
{
	struct buf text = some_lines(2);
	struct buf blocks = {0};
	struct buf index = {0};
	assert_int_equal(write_blocks(buf_bytes(&text), ZIPNUM_PYWB, 3, &blocks, &index), FLONG_OK);
	struct buf want = {0};
	buf_addf(&want, "com,k0000)/ 20260101000000\tindex.cdx.gz\t0\t%zu\t1\n", blocks.len);
	assert_string_equal(buf_text(&index), buf_text(&want));
	buf_reset(&blocks);
	buf_reset(&index);
	buf_reset(&want);
	assert_int_equal(write_blocks(buf_bytes(&text), ZIPNUM_WACZ, 3, &blocks, &index), FLONG_OK);
	struct digest digest = digest_of(DIGEST_SHA256, buf_bytes(&blocks));
	char hash[DIGEST_TEXT_SIZE];
	digest_format_hex(&digest, hash);
	buf_addf(&want,
		"!meta 0 {\"format\": \"cdxj-gzip-1.0\", \"filename\": \"index.cdx.gz\"}\n"
		"com,k0000)/ 20260101000000 "
		"{\"offset\": 0, \"length\": %zu, \"digest\": \"%s\"}\n",
		blocks.len, hash);
	assert_string_equal(buf_text(&index), buf_text(&want));
	buf_clear(&want);
	buf_clear(&index);
	buf_clear(&blocks);
	buf_clear(&text);
}

TEST(no_block_is_empty_and_none_begins_as_another)
{
	for (unsigned count = 0; count < 10; count++) {
		struct buf text = some_lines(count);
		struct buf blocks = {0};
		struct buf index = {0};
		assert_int_equal(
			write_blocks(buf_bytes(&text), ZIPNUM_PYWB, 3, &blocks, &index), FLONG_OK);
		assert_int_equal(count_lines(&index), (count + 2) / 3);
		buf_clear(&index);
		buf_clear(&blocks);
		buf_clear(&text);
	}
	/* Seven captures of one second, and one more. */
	struct buf text = {0};
	for (unsigned i = 0; i < 7; i++) {
		buf_addf(&text, "a)/ 20260101000000 {\"n\": \"%u\"}\n", i);
	}
	buf_add_text(&text, "a)/ 20260101000001 {}\n");
	struct buf blocks = {0};
	struct buf index = {0};
	assert_int_equal(write_blocks(buf_bytes(&text), ZIPNUM_PYWB, 3, &blocks, &index), FLONG_OK);
	assert_int_equal(count_lines(&index), 2);
	assert_non_null(strstr(buf_text(&index), "\na)/ 20260101000001\t"));
	buf_clear(&index);
	buf_clear(&blocks);
	buf_clear(&text);
}

TEST(lines_that_are_none_or_out_of_order_are_refused)
{
	const struct bytes texts[] = {BYTES("a)/\n"), BYTES("b)/ 2026 {}\na)/ 2026 {}\n")};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf blocks = {0};
		struct buf index = {0};
		assert_int_equal(
			write_blocks(texts[i], ZIPNUM_WACZ, 3, &blocks, &index), FLONG_E_FORMAT);
		buf_clear(&index);
		buf_clear(&blocks);
	}
}

static size_t count_found(struct lookup *lookup, const char *key, enum lookup_match match)
{
	struct flong_error err = {0};
	assert_int_equal(lookup_find(lookup, bytes_of(key), match, &err), FLONG_OK);
	size_t count = 0;
	struct bytes line;
	int rc;
	while ((rc = lookup_next(lookup, &line, &err)) == FLONG_OK) {
		count++;
	}
	assert_string_equal(err.message, "");
	assert_int_equal(rc, FLONG_END);
	assert_int_equal(lookup_next(lookup, &line, &err), FLONG_END);
	return count;
}

static void check_lookups(const struct place *place, unsigned count)
{
	struct flong_error err = {0};
	SCOPED(lookup_closep) struct lookup *lookup = NULL;
	assert_int_equal(lookup_open(place->index, &lookup, &err), FLONG_OK);
	for (unsigned i = 0; i < count; i++) {
		char key[32];
		(void)snprintf(key, sizeof(key), "com,k%04u)/", i);
		assert_int_equal(count_found(lookup, key, LOOKUP_EXACT), 1);
		assert_int_equal(count_found(lookup, key, LOOKUP_HOST), 1);
		(void)snprintf(key, sizeof(key), "com,k%04u)/x", i);
		assert_int_equal(count_found(lookup, key, LOOKUP_EXACT), 0);
	}
	assert_int_equal(count_found(lookup, "", LOOKUP_PREFIX), count);
	assert_int_equal(count_found(lookup, "com", LOOKUP_DOMAIN), count);
	assert_int_equal(count_found(lookup, "com,k000", LOOKUP_PREFIX), 10);
	assert_int_equal(count_found(lookup, "a", LOOKUP_EXACT), 0);
	assert_int_equal(count_found(lookup, "z", LOOKUP_PREFIX), 0);
	struct bytes line;
	assert_int_equal(lookup_closest(lookup, BYTES("com,k0001)/"), 0, &line, &err), FLONG_OK);
	assert_bytes(line, "com,k0001)/ 20260101000000 {\"n\": \"1\"}");
}

TEST(every_line_is_found_in_both_dialects)
{
	struct place place = make_place();
	struct buf text = some_lines(100);
	for (int dialect = ZIPNUM_PYWB; dialect <= ZIPNUM_WACZ; dialect++) {
		for (size_t lines = 1; lines <= 100; lines += 33) {
			struct buf blocks = {0};
			struct buf index = {0};
			assert_int_equal(
				write_blocks(buf_bytes(&text), (enum zipnum_dialect)dialect, lines,
					&blocks, &index),
				FLONG_OK);
			put(&place, "index.cdx.gz", buf_bytes(&blocks));
			put(&place, "index.idx", buf_bytes(&index));
			check_lookups(&place, 100);
			buf_clear(&index);
			buf_clear(&blocks);
		}
	}
	buf_clear(&text);
	remove_place(&place);
}

TEST(a_block_may_be_longer_than_memory_and_end_in_crlf)
{
	struct place place = make_place();
	struct buf text = {0};
	for (unsigned i = 0; i < 30000; i++) {
		buf_addf(&text, "a)/ 20260101000000 {\"number of the line\": \"%05u\"}\r\n", i);
	}
	struct buf blocks = {0};
	struct buf index = {0};
	assert_int_equal(
		write_blocks(buf_bytes(&text), ZIPNUM_WACZ, 10, &blocks, &index), FLONG_OK);
	assert_int_equal(count_lines(&index), 2);
	put(&place, "index.cdx.gz", buf_bytes(&blocks));
	put(&place, "index.idx", buf_bytes(&index));
	struct flong_error err = {0};
	SCOPED(lookup_closep) struct lookup *lookup = NULL;
	assert_int_equal(lookup_open(place.index, &lookup, &err), FLONG_OK);
	assert_int_equal(count_found(lookup, "a)/", LOOKUP_EXACT), 30000);
	assert_int_equal(lookup_find(lookup, BYTES("a)/"), LOOKUP_EXACT, &err), FLONG_OK);
	struct bytes line;
	assert_int_equal(lookup_next(lookup, &line, &err), FLONG_OK);
	assert_bytes(line, "a)/ 20260101000000 {\"number of the line\": \"00000\"}");
	buf_clear(&index);
	buf_clear(&blocks);
	buf_clear(&text);
	remove_place(&place);
}

static void assert_place(struct bytes line, int code, const char *part)
{
	struct zipnum_place place;
	struct flong_error err = {0};
	assert_int_equal(zipnum_place_parse(line, &place, &err), code);
	if (part != NULL) {
		assert_string_equal(place.part, part);
	}
}

TEST(lines_of_the_index_name_a_file_beside_it_or_nothing)
{
	assert_place(BYTES("a)/ 2026\tx.gz\t1\t2"), FLONG_OK, "x.gz");
	assert_place(BYTES("a)/ 2026\tx.gz\t1\t2\t3"), FLONG_OK, "x.gz");
	assert_place(BYTES("a)/ 2026 {\"offset\": 1, \"length\": \"2\"}"), FLONG_OK, "");
	assert_place(BYTES("a)/ 2026 {\"offset\": 1, \"length\": 2, \"filename\": \"x\"}"),
		FLONG_OK, "x");
	assert_place(BYTES("!meta 0 {\"filename\": \"y\"}"), FLONG_E_UNSUPPORTED, "y");
	const struct bytes bad[] = {BYTES(""), BYTES("a)/"), BYTES("a)/ 2026"),
		BYTES("a)/ 2026\tx"), BYTES("a)/ 2026\tx\t1\t-2"), BYTES("a)/ 2026\t\t1\t2"),
		BYTES("a)/ 2026\t../x\t1\t2"), BYTES("a)/ 2026\t/etc/passwd\t1\t2"),
		BYTES("a)/ 2026\t..\t1\t2"), BYTES("a)/ 2026 {\"offset\": -1, \"length\": 2}"),
		BYTES("a)/ 2026 {\"offset\": 1}"), BYTES("a)/ 2026 []"),
		BYTES("a)/ 2026 {\"offset\":1,\"length\":2,\"filename\":\"a/b\"}"),
		BYTES("a)/ 2026 {\"offset\":1,\"length\":2,\"filename\":\"a\\u0000\"}")};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_place(bad[i], FLONG_E_FORMAT, NULL);
	}
	struct buf line = {0};
	buf_add_text(&line, "a)/ 2026\t");
	for (int i = 0; i < 300; i++) {
		buf_add_char(&line, 'x');
	}
	buf_add_text(&line, "\t1\t2");
	assert_place(buf_bytes(&line), FLONG_E_FORMAT, NULL);
	buf_clear(&line);
}

TEST(what_is_wrong_with_a_block_is_named)
{
	const struct {
		struct bytes index;
		struct bytes blocks;
		int code;
		const char *part;
	} cases[] = {
		{BYTES("a)/ 2026\tother.gz\t0\t9\n"), BYTES("x"), FLONG_E_NOT_FOUND, "other.gz"},
		{BYTES("a)/ 2026\tindex.cdx.gz\t0\t9\n"), BYTES("no gzip at all"), FLONG_E_FORMAT,
			"index.cdx.gz: block at offset 0"},
		{BYTES("a)/ 2026 nonsense\n"), BYTES("x"), FLONG_E_FORMAT, "index.idx"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct place place = make_place();
		put(&place, "index.idx", cases[i].index);
		put(&place, "index.cdx.gz", cases[i].blocks);
		struct flong_error err = {0};
		SCOPED(lookup_closep) struct lookup *lookup = NULL;
		assert_int_equal(lookup_open(place.index, &lookup, &err), FLONG_OK);
		int rc = lookup_find(lookup, BYTES("a)/"), LOOKUP_EXACT, &err);
		struct bytes line;
		rc = rc == FLONG_OK ? lookup_next(lookup, &line, &err) : rc;
		assert_int_equal(rc, cases[i].code);
		assert_non_null(strstr(err.message, cases[i].part));
		remove_place(&place);
	}
}

RUN_TESTS(CASE(the_index_of_blocks_has_the_form_of_its_dialect),
	CASE(no_block_is_empty_and_none_begins_as_another),
	CASE(lines_that_are_none_or_out_of_order_are_refused),
	CASE(every_line_is_found_in_both_dialects),
	CASE(a_block_may_be_longer_than_memory_and_end_in_crlf),
	CASE(lines_of_the_index_name_a_file_beside_it_or_nothing),
	CASE(what_is_wrong_with_a_block_is_named))
