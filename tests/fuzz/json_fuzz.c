/* SPDX-License-Identifier: MIT */
/* json_fuzz.c - any bytes as JSON: what strict mode reads, lenient mode reads too, and every string
 * that comes out is written as JSON that reads back the same */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_string(struct bytes text)
{
	struct buf out = {0};
	struct json_document *document = NULL;
	struct flong_error err = {0};
	json_add_string_ascii(&out, text);
	if (!buf_failed(&out) && (json_parse(buf_bytes(&out), JSON_STRICT, &document, &err) < 0 ||
					 !bytes_equal(json_text(json_root(document)), text))) {
		abort();
	}
	json_close(document);
	buf_clear(&out);
}

static bool check_member(struct bytes name, const struct json *value, void *context)
{
	(void)context;
	check_string(name);
	check_string(json_text(value));
	(void)json_int(value);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_from(data, size);
	struct json_document *strict = NULL;
	struct json_document *lenient = NULL;
	struct flong_error err = {0};
	int strict_rc = json_parse(text, JSON_STRICT, &strict, &err);
	int lenient_rc = json_parse(text, JSON_LENIENT, &lenient, &err);
	if (strict_rc == FLONG_OK && lenient_rc != FLONG_OK) {
		abort();
	}
	if (lenient_rc == FLONG_OK) {
		const struct json *root = json_root(lenient);
		json_each(root, check_member, NULL);
		for (size_t i = 0; json_type(root) == JSON_ARRAY && i < json_count(root); i++) {
			check_string(json_text(json_at(root, i)));
		}
	}
	json_close(lenient);
	json_close(strict);
	return 0;
}
