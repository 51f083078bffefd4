/* SPDX-License-Identifier: MIT */
/* capture_fuzz.c - any exchange becomes records, and those become the same exchange again
 *
 * Input: a byte of flags, then URL, request, interim replies, head and body, each but the last
 * ended by 0xff 0x00. */
#include <stdint.h>
#include <stdlib.h>

#include "exchanges.h"
#include "warc/capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes next_part(struct bytes *rest)
{
	size_t at = bytes_find(*rest, bytes_from("\xff\x00", 2), 0);
	struct bytes part = bytes_slice(*rest, 0, at);
	*rest = at == SIZE_MAX ? bytes_slice(*rest, 0, 0) : bytes_slice(*rest, at + 2, rest->len);
	return part;
}

static void require(bool is_true)
{
	if (!is_true) {
		abort();
	}
}

static void read_whole(const struct exchange *exchange, struct buf *out)
{
	struct flong_error err;
	SCOPED(source_closep) struct source *body = NULL;
	buf_add(out, buf_bytes(&exchange->head));
	require(spool_open(exchange->body, &body, &err) == FLONG_OK);
	require(source_read_all(body, out, &err) == FLONG_OK);
}

static void compare(const struct exchange *was, const struct exchange *is, bool has_main)
{
	struct buf a = {0};
	struct buf b = {0};
	read_whole(was, &a);
	read_whole(is, &b);
	require(!has_main || bytes_equal(buf_bytes(&a), buf_bytes(&b)));
	require(bytes_equal(buf_bytes(&was->interim), buf_bytes(&is->interim)));
	bool may_differ = bytes_find_nocase(buf_bytes(&was->request), BYTES("proxy-authorization"),
				  0) != SIZE_MAX;
	require(may_differ || bytes_equal(buf_bytes(&was->request), buf_bytes(&is->request)));
	buf_clear(&a);
	buf_clear(&b);
}

static void read_back(
	const struct exchange *was, const struct capture_group *group, struct bytes file)
{
	struct flong_error err;
	struct reader *reader = NULL;
	const struct reader_record *record;
	SCOPED(exchange_closep) struct exchange *is = NULL;
	bool has_main = false;
	require(reader_create(source_from_bytes(file), 0, "x", &reader, &err) == FLONG_OK);
	for (size_t i = 0; i < group->count; i++) {
		require(reader_next(reader, &record, &err) == FLONG_OK);
		if (record->type == RECORD_RESPONSE || record->type == RECORD_RESOURCE) {
			require(capture_read(reader, record, "/tmp", &is, &err) == FLONG_OK);
			has_main = true;
		} else if (is == NULL) {
			is = exchanges_make(was->url, BYTES(""), BYTES(""), 100, SPOOL_PLAIN);
			buf_reset(&is->request);
		}
		if (record->type == RECORD_REQUEST) {
			require(capture_read_request(reader, is, &err) == FLONG_OK);
		} else if (record->type == RECORD_METADATA) {
			require(capture_read_metadata(reader, is, &err) == FLONG_OK);
		}
		require(reader_finish(reader, &err) == FLONG_OK && record->oddities == 0);
		require(record->length == group->members[i].stored_bytes);
	}
	require(reader_next(reader, &record, &err) == FLONG_END);
	reader_close(reader);
	if (group->count > 0) {
		compare(was, is, has_main);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	struct flong_error err;
	unsigned flags = data[0];
	struct bytes rest = bytes_from(data + 1, size - 1);
	SCOPED(buf_clear) struct buf url = {0};
	buf_add(&url, next_part(&rest));
	struct bytes request = next_part(&rest);
	struct bytes interim = next_part(&rest);
	struct bytes head = next_part(&rest);
	SCOPED(exchange_closep)
	struct exchange *exchange = exchanges_make(buf_text(&url), head, rest,
		(flags & 1) != 0 ? 0 : 1 << 20, (enum spool_form)((flags >> 1) % 3));
	buf_reset(&exchange->request);
	buf_add(&exchange->request, request);
	buf_add(&exchange->interim, interim);
	SCOPED(deflater_closep)
	struct deflater *deflater = (flags & 8) != 0 ? deflater_create(1) : NULL;
	struct capture_digests digests;
	struct capture_options options = {.algorithm = DIGEST_SHA1};
	struct capture_group group = {0};
	require(capture_digest(exchange, DIGEST_SHA1, &digests, &err) == FLONG_OK);
	int rc = capture_compose(exchange, &digests, &options, deflater, &group, &err);
	if (rc == FLONG_OK) {
		SCOPED(buf_clear) struct buf file = {0};
		SCOPED(sink_closep) struct sink *sink = sink_to_buf(&file);
		for (size_t i = 0; i < group.count; i++) {
			require(member_write(&group.members[i], sink, &err) == FLONG_OK);
		}
		read_back(exchange, &group, buf_bytes(&file));
	} else {
		require(group.count == 0); /* a URL that cannot be written */
	}
	capture_group_clear(&group);
	return 0;
}
