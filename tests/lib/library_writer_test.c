/* SPDX-License-Identifier: MIT */
/* library_writer_test.c - flong/writer.h through the shared library; what it writes is read again
 */
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include <flong/reader.h>
#include <flong/writer.h>

#include "memory.h"

#define URL "http://a.example/x"
static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: "
			    "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
static const char hello_sha256[] =
	"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

static struct flong_draft draft_of(const char *block)
{
	return (struct flong_draft){.type = FLONG_RECORD_RESPONSE,
		.time = 1580702706789,
		.uri = URL,
		.block = {.bytes = block, .length = strlen(block)}};
}

static struct flong_writer *writer_into(
	struct memory *memory, const struct flong_writer_options *options)
{
	struct flong_writer *writer = NULL;
	struct flong_output output = memory_output(memory);
	assert_int_equal(flong_writer_create_output(&output, options, &writer, NULL), FLONG_OK);
	return writer;
}

static struct flong_reader *reader_of(const struct memory *memory)
{
	struct flong_reader *reader = NULL;
	assert_int_equal(
		flong_reader_open_memory(memory->bytes, memory->length, "m", &reader, NULL),
		FLONG_OK);
	return reader;
}

static const struct flong_record *next(struct flong_reader *reader)
{
	const struct flong_record *record = NULL;
	assert_int_equal(flong_reader_next(reader, &record, NULL), FLONG_OK);
	return record;
}

TEST(writes_what_is_read_again_in_every_form)
{
	static const enum flong_form forms[] = {FLONG_GZIP, FLONG_PLAIN, FLONG_ZSTD};
	for (size_t i = 0; i < 3; i++) {
		struct memory memory = {0};
		const struct flong_writer_options options = {
			.form = forms[i], .digest = i == 0 ? FLONG_SHA256 : FLONG_SHA1};
		struct flong_writer *writer = writer_into(&memory, &options);
		struct flong_draft draft = draft_of(reply);
		struct flong_place info;
		struct flong_place place;
		const struct flong_field lines[] = {{"software", "a\r\nb"}};
		assert_int_equal(flong_writer_add_info(writer, lines, 1, &info, NULL), FLONG_OK);
		draft.ip = "1.2.3.4";
		draft.truncated = "length";
		const struct flong_field fields[] = {{"WARC-Protocol", "http/1.1"},
			{"WARC-Protocol", "tls/1.3"}, {"X-Nothing", NULL}};
		draft.fields = fields;
		draft.field_count = 3;
		assert_int_equal(flong_writer_add(writer, &draft, &place, NULL), FLONG_OK);
		assert_int_equal(place.offset, info.length);
		assert_int_equal(place.offset + place.length, memory.length);
		assert_int_equal(flong_writer_finish(writer, NULL), FLONG_OK);
		assert_int_equal(memory.finishes, 1);
		assert_int_equal(flong_writer_finish(writer, NULL), FLONG_E_USAGE);
		assert_int_equal(flong_writer_add(writer, &draft, NULL, NULL), FLONG_E_USAGE);
		flong_writer_close(writer);
		struct flong_reader *reader = reader_of(&memory);
		assert_int_equal(flong_reader_form(reader), forms[i]);
		const struct flong_record *record = next(reader);
		assert_int_equal(flong_record_type(record), FLONG_RECORD_WARCINFO);
		char room[400];
		size_t got;
		assert_int_equal(flong_reader_read(reader, room, 399, &got, NULL), FLONG_OK);
		room[got] = '\0';
		assert_non_null(strstr(room, "software: a  b\r\nformat: WARC File Format 1.1\r\n"));
		record = next(reader);
		struct flong_digests digests = {0};
		assert_string_equal(flong_record_id(record), place.id);
		assert_string_equal(flong_record_date(record), "2020-02-03T04:05:06.789Z");
		assert_string_equal(flong_record_uri(record), URL);
		assert_string_equal(flong_record_field(record, "WARC-IP-Address", 0), "1.2.3.4");
		assert_string_equal(flong_record_field(record, "WARC-Protocol", 1), "tls/1.3");
		assert_null(flong_record_field(record, "X-Nothing", 0));
		assert_string_equal(
			flong_record_content_type(record), "application/http;msgtype=response");
		assert_non_null(strstr(flong_record_field(record, "WARC-Warcinfo-ID", 0), info.id));
		assert_string_equal(flong_record_field(record, "WARC-Payload-Digest", 0),
			i == 0 ? hello_sha256 : "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N");
		assert_int_equal(flong_reader_verify(reader, &digests, NULL), FLONG_OK);
		assert_int_equal(digests.block, FLONG_DIGEST_MATCHES);
		assert_int_equal(digests.payload, FLONG_DIGEST_MATCHES);
		assert_int_equal(flong_reader_finish(reader, NULL), FLONG_OK);
		assert_int_equal(flong_record_oddities(record), 0);
		assert_int_equal(flong_record_offset(record), place.offset);
		assert_int_equal(flong_record_length(record), place.length);
		assert_int_equal(flong_reader_next(reader, &record, NULL), FLONG_END);
		assert_int_equal(flong_reader_seek(reader, place.offset, NULL), FLONG_OK);
		assert_string_equal(flong_record_id(next(reader)), place.id);
		flong_reader_close(reader);
		memory_clear(&memory);
	}
}

TEST(takes_blocks_from_inputs)
{
	struct memory memory = {0};
	struct flong_writer *writer = writer_into(&memory, NULL);
	struct memory large = {.length = 3000000, .bytes = calloc(3000000, 1)};
	for (size_t i = 0; i < large.length; i += 7) {
		large.bytes[i] = (char)(i * i >> 5);
	}
	memcpy(large.bytes, "HTTP/1.1 200 OK\r\n\r\n", 19);
	struct flong_input input = memory_input(&large);
	struct flong_draft draft = draft_of("");
	draft.block = (struct flong_block){.input = &input, .length = large.length};
	struct flong_error err;
	assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_OK);
	large.at = 0;
	draft.block.length = FLONG_LENGTH_UNKNOWN;
	assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_OK);
	size_t whole = memory.length;
	static const int shifts[] = {-1, 1};
	for (size_t i = 0; i < 2; i++) {
		large.at = 0;
		draft.block.length = large.length + (uint64_t)shifts[i];
		assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_E_USAGE);
	}
	large.at = 0;
	large.fails_after = 3;
	draft.block.length = large.length;
	assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_E_NETWORK);
	assert_string_equal(err.message, "the cable is out");
	draft.reserved[3] = &large; /* the input is closed then too */
	assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_E_USAGE);
	assert_int_equal(large.closings, 6);
	assert_int_equal(memory.length, whole);
	flong_writer_close(writer);
	struct flong_reader *reader = reader_of(&memory);
	for (size_t i = 0; i < 2; i++) {
		struct flong_digests digests = {0};
		assert_int_equal(flong_record_block_length(next(reader)), large.length);
		assert_int_equal(flong_reader_verify(reader, &digests, NULL), FLONG_OK);
		assert_int_equal(digests.payload, FLONG_DIGEST_MATCHES);
		assert_int_equal(digests.payload_length, large.length - 19);
	}
	flong_reader_close(reader);
	memory_clear(&memory);
	memory_clear(&large);
}

TEST(refuses_values_that_break_a_head)
{
	struct memory memory = {0};
	struct flong_writer *writer = writer_into(&memory, NULL);
	struct flong_error err;
	static const char evil[] = "x\r\nWARC-Type: warcinfo";
	static const struct flong_field bad_fields[] = {{"X-A", evil}, {"X A", "b"}, {"", "b"},
		{NULL, "b"}, {"X-A\r\n", "b"}, {"X-A", "\xff"}};
	for (size_t i = 0; i < sizeof(bad_fields) / sizeof(bad_fields[0]); i++) {
		struct flong_draft draft = draft_of(reply);
		draft.fields = &bad_fields[i];
		draft.field_count = 1;
		assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_E_FORMAT);
		struct flong_field line = {"X A", "b"};
		assert_int_equal(
			flong_writer_add_info(writer, &line, 1, NULL, &err), FLONG_E_FORMAT);
	}
	for (size_t i = 0; i < 6; i++) {
		struct flong_draft draft = draft_of(reply);
		*(const char **[]){&draft.uri, &draft.id, &draft.ip, &draft.content_type,
			&draft.concurrent_to, &draft.truncated}[i] = evil;
		assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_E_FORMAT);
		assert_int_not_equal(err.message[0], '\0');
	}
	static const struct flong_field owned = {"content-length", "7"};
	struct flong_draft draft = draft_of(reply);
	draft.fields = &owned;
	draft.field_count = 1;
	assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_E_USAGE);
	assert_int_equal(memory.length, 0);
	flong_writer_close(writer);
	memory_clear(&memory);
}

TEST(refuses_drafts_that_make_no_record)
{
	struct memory memory = {0};
	struct flong_writer *writer = writer_into(&memory, NULL);
	struct flong_draft none = {0};
	struct flong_draft no_uri = draft_of(reply);
	no_uri.uri = NULL;
	struct flong_draft no_type = draft_of(reply);
	no_type.type = FLONG_RECORD_RESOURCE;
	struct flong_draft unknown = draft_of(reply);
	unknown.type = (enum flong_record_type)99;
	struct flong_draft renamed = draft_of(reply);
	renamed.type = FLONG_RECORD_OTHER;
	renamed.type_name = "response";
	struct flong_draft digest = draft_of(reply);
	digest.payload_digest = hello_sha256;
	struct flong_draft revisit = draft_of("HTTP/1.1 200 OK\r\n\r\n");
	revisit.type = FLONG_RECORD_REVISIT;
	struct flong_draft null_block = draft_of("");
	null_block.block = (struct flong_block){.length = 1};
	struct flong_draft null_fields = draft_of("");
	null_fields.field_count = 1;
	const struct flong_draft *const drafts[] = {&none, &no_uri, &no_type, &unknown, &renamed,
		&digest, &revisit, &null_block, &null_fields, NULL};
	for (size_t i = 0; i < sizeof(drafts) / sizeof(drafts[0]); i++) {
		struct flong_error err = {0};
		assert_int_equal(flong_writer_add(writer, drafts[i], NULL, &err), FLONG_E_USAGE);
		assert_int_equal(err.code, FLONG_E_USAGE);
	}
	char id[400];
	memset(id, 'i', sizeof(id));
	id[4] = ':';
	id[sizeof(id) - 1] = '\0';
	struct flong_draft long_id = draft_of(reply);
	long_id.id = id;
	assert_int_equal(flong_writer_add(writer, &long_id, NULL, NULL), FLONG_E_LIMIT);
	assert_int_equal(flong_writer_add(NULL, &long_id, NULL, NULL), FLONG_E_USAGE);
	assert_int_equal(flong_writer_add_info(writer, NULL, 1, NULL, NULL), FLONG_E_USAGE);
	assert_int_equal(flong_writer_finish(NULL, NULL), FLONG_E_USAGE);
	assert_int_equal(memory.length, 0);
	flong_writer_close(writer);
	flong_writer_close(NULL);
	memory_clear(&memory);
}

TEST(writes_every_type)
{
	struct memory memory = {0};
	struct flong_writer *writer = writer_into(&memory, NULL);
	struct flong_draft drafts[6];
	for (size_t i = 0; i < 6; i++) {
		drafts[i] = draft_of("some text");
	}
	drafts[0].type = FLONG_RECORD_METADATA;
	drafts[1].type = FLONG_RECORD_RESOURCE;
	drafts[1].content_type = "text/plain";
	drafts[2].type = FLONG_RECORD_CONVERSION;
	drafts[2].content_type = "text/plain";
	drafts[2].refers_to = "urn:uuid:1";
	drafts[3].type = FLONG_RECORD_OTHER;
	drafts[3].type_name = "continuation";
	drafts[4] = draft_of("HTTP/1.1 200 OK\r\n\r\n");
	drafts[4].type = FLONG_RECORD_REVISIT;
	drafts[4].payload_digest = hello_sha256;
	drafts[4].refers_to_uri = URL;
	drafts[4].refers_to_time = 1580702706789;
	drafts[5] = draft_of("");
	drafts[5].type = FLONG_RECORD_REVISIT;
	drafts[5].profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";
	drafts[5].refers_to_uri = URL;
	static const char *const names[] = {
		"metadata", "resource", "conversion", "continuation", "revisit", "revisit"};
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(flong_writer_add(writer, &drafts[i], NULL, NULL), FLONG_OK);
	}
	flong_writer_close(writer);
	struct flong_reader *reader = reader_of(&memory);
	for (size_t i = 0; i < 6; i++) {
		const struct flong_record *record = next(reader);
		assert_string_equal(flong_record_type_text(record), names[i]);
		if (i == 4) {
			assert_string_equal(flong_record_field(record, "WARC-Profile", 0),
				"http://netpreserve.org/warc/1.1/revisit/"
				"identical-payload-digest");
			assert_string_equal(flong_record_field(record, "WARC-Refers-To-Date", 0),
				"2020-02-03T04:05:06.789Z");
		}
	}
	flong_reader_close(reader);
	memory_clear(&memory);
}

TEST(writes_pairs_side_by_side)
{
	struct memory memory = {0};
	struct flong_writer *writer = writer_into(&memory, NULL);
	struct flong_draft response = draft_of(reply);
	response.time = 0;
	struct flong_draft request = {.block = {.bytes = "GET /x HTTP/1.1\r\n\r\n", .length = 19}};
	struct flong_pair pair = {&response, &request};
	struct flong_place places[2];
	struct flong_error err;
	assert_int_equal(flong_writer_add_pair(writer, &pair, places, &err), FLONG_OK);
	assert_int_equal(flong_writer_add_pair(writer, &pair, NULL, &err), FLONG_OK);
	size_t length = memory.length;
	request.content_type = "a\r\nb"; /* then the response is not written either */
	assert_int_equal(flong_writer_add_pair(writer, &pair, places, &err), FLONG_E_FORMAT);
	assert_int_equal(flong_writer_add_pair(writer, NULL, places, &err), FLONG_E_USAGE);
	pair.request = NULL;
	assert_int_equal(flong_writer_add_pair(writer, &pair, places, &err), FLONG_E_USAGE);
	assert_int_equal(memory.length, length);
	flong_writer_close(writer);
	struct flong_reader *reader = reader_of(&memory);
	const struct flong_record *record = next(reader);
	char date[64];
	(void)snprintf(date, sizeof(date), "%s", flong_record_date(record));
	assert_int_equal(flong_record_offset(record), places[0].offset);
	record = next(reader);
	assert_int_equal(flong_record_offset(record), places[1].offset);
	assert_int_equal(flong_record_type(record), FLONG_RECORD_REQUEST);
	assert_string_equal(flong_record_date(record), date);
	assert_string_equal(flong_record_uri(record), URL);
	char concurrent[FLONG_ID_SIZE + 2];
	(void)snprintf(concurrent, sizeof(concurrent), "<%s>", places[0].id);
	assert_string_equal(flong_record_field(record, "WARC-Concurrent-To", 0), concurrent);
	flong_reader_close(reader);
	memory_clear(&memory);
}

TEST(gives_a_file_its_name_when_it_is_whole)
{
	char folder[] = "/tmp/flong-XXXXXX";
	assert_non_null(mkdtemp(folder));
	char path[64];
	char open_path[80];
	struct stat status;
	struct flong_error err;
	struct flong_writer *writer;
	struct flong_draft draft = draft_of(reply);
	(void)snprintf(path, sizeof(path), "%s/a.warc.gz", folder);
	(void)snprintf(open_path, sizeof(open_path), "%s.open", path);
	assert_int_equal(flong_writer_create(path, NULL, &writer, &err), FLONG_OK);
	struct flong_writer *other;
	assert_int_equal(flong_writer_create(path, NULL, &other, &err), FLONG_E_EXISTS);
	assert_null(other);
	assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_OK);
	assert_int_not_equal(stat(path, &status), 0);
	assert_int_equal(stat(open_path, &status), 0);
	assert_int_equal(flong_writer_finish(writer, &err), FLONG_OK);
	assert_int_equal(stat(path, &status), 0);
	assert_int_not_equal(stat(open_path, &status), 0);
	flong_writer_close(writer);
	assert_int_equal(flong_writer_create(path, NULL, &writer, &err), FLONG_E_EXISTS);
	(void)unlink(path);
	(void)rmdir(folder);
	assert_int_equal(flong_writer_create(path, NULL, &writer, &err), FLONG_E_IO);
	assert_int_equal(flong_writer_create(NULL, NULL, &writer, &err), FLONG_E_USAGE);
	assert_int_equal(flong_writer_create(path, NULL, NULL, &err), FLONG_E_USAGE);
}

TEST(stops_when_the_output_fails)
{
	struct memory memory = {.fails_after = 1};
	struct flong_writer *writer = writer_into(&memory, NULL);
	struct flong_draft draft = draft_of(reply);
	struct flong_error err;
	assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_E_NETWORK);
	assert_string_equal(err.message, "the cable is out");
	assert_int_equal(flong_writer_add(writer, &draft, NULL, &err), FLONG_E_IO);
	assert_int_equal(flong_writer_finish(writer, &err), FLONG_E_IO);
	flong_writer_close(writer);
	memory_clear(&memory);
}

TEST(refuses_options_that_do_not_exist)
{
	struct memory memory = {0};
	struct flong_output output = memory_output(&memory);
	struct flong_output no_write = {.context = &memory};
	struct flong_writer *writer;
	const struct flong_writer_options bad[] = {{.form = (enum flong_form)9}, {.level = 10},
		{.level = -1}, {.form = FLONG_ZSTD, .level = 20}, {.digest = (enum flong_digest)4},
		{.reserved = {NULL, NULL, NULL, &memory}}};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
			flong_writer_create_output(&output, &bad[i], &writer, NULL), FLONG_E_USAGE);
		assert_null(writer);
	}
	assert_int_equal(flong_writer_create_output(&no_write, NULL, &writer, NULL), FLONG_E_USAGE);
	assert_int_equal(flong_writer_create_output(NULL, NULL, &writer, NULL), FLONG_E_USAGE);
}

RUN_TESTS(CASE(writes_what_is_read_again_in_every_form), CASE(takes_blocks_from_inputs),
	CASE(refuses_values_that_break_a_head), CASE(refuses_drafts_that_make_no_record),
	CASE(writes_every_type), CASE(writes_pairs_side_by_side),
	CASE(gives_a_file_its_name_when_it_is_whole), CASE(stops_when_the_output_fails),
	CASE(refuses_options_that_do_not_exist))
