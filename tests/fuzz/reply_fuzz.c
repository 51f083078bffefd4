/* SPDX-License-Identifier: MIT */
/* reply_fuzz.c - a reply in one piece and in many: the same exchange, and no byte lost
 *
 * The first input byte is the size of the pieces, the second the way the reply ends. */
#include <stdlib.h>
#include <string.h>

#include "base/spool.h"
#include "crawl/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds) {
		abort();
	}
}

static struct exchange *take_reply(struct bytes input, size_t piece, enum reply_end end)
{
	static const struct reply_options options = {.spool_dir = "/tmp", .compress_level = 0};
	struct flong_error err = {0};
	struct reply reply;
	struct exchange *exchange = exchange_create(BYTES("http://a.example/"), options.spool_dir);
	reply_start(&reply, &options, exchange, "a.example");
	for (size_t at = 0; at < input.len; at += piece) {
		check(reply_add(&reply, bytes_slice(input, at, at + piece), &err) == FLONG_OK);
	}
	check(reply.received_bytes == input.len);
	reply_end(&reply, end);
	check(reply_finish(&reply, &err) == FLONG_OK);
	return exchange;
}

/* What was kept is the input from its start. */
static void check_bytes(const struct exchange *exchange, struct bytes input)
{
	const struct bytes parts[] = {buf_bytes(&exchange->interim), buf_bytes(&exchange->head),
		spool_memory(exchange->body)};
	size_t at = 0;
	for (size_t i = 0; i < 3; i++) {
		check(bytes_equal(bytes_slice(input, at, at + parts[i].len), parts[i]));
		at += parts[i].len;
	}
	check(exchange->truncated == TRUNCATED_LENGTH || at + exchange->excess_bytes == input.len);
	check((exchange->outcome == EXCHANGE_OK) == (exchange->reason[0] == '\0'));
	check(exchange->outcome != EXCHANGE_OK || exchange->has_response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2) {
		return 0;
	}
	struct bytes input = bytes_from(data + 2, size - 2);
	enum reply_end end = (enum reply_end)(data[1] % 4);
	struct exchange *whole = take_reply(input, input.len + 1, end);
	struct exchange *split = take_reply(input, data[0] % 32 + 1U, end);
	check_bytes(whole, input);
	check_bytes(split, input);
	check(bytes_equal(buf_bytes(&whole->interim), buf_bytes(&split->interim)));
	check(bytes_equal(buf_bytes(&whole->head), buf_bytes(&split->head)));
	check(bytes_equal(spool_memory(whole->body), spool_memory(split->body)));
	check(whole->outcome == split->outcome && whole->truncated == split->truncated);
	check(strcmp(whole->reason, split->reason) == 0);
	check(whole->payload_bytes == split->payload_bytes);
	exchange_close(whole);
	exchange_close(split);
	return 0;
}
