/* SPDX-License-Identifier: MIT */
/* fields.c - fields as zero-terminated texts */
#include "lib/fields.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"

struct field_place {
	size_t name, value; /* positions in the text */
};

void fields_set(struct fields *fields, const struct headers *headers)
{
	fields->headers = headers;
	fields->is_copied = false;
}

void fields_clear(struct fields *fields)
{
	buf_clear(&fields->text);
	free(fields->places);
	*fields = (struct fields){0};
}

static size_t add_text(struct buf *text, struct bytes b)
{
	size_t at = text->len;
	buf_add(text, b);
	buf_add_char(text, '\0');
	return at;
}

/* The list came from a head of capped length, so its copy has a limit too. */
static void copy(struct fields *fields)
{
	const struct headers *headers = fields->headers;
	if (fields->is_copied) {
		return;
	}
	buf_reset(&fields->text);
	fields->text.max = 4 * LIMIT_RECORD_HEAD_BYTES;
	if (fields->capacity < headers->count) {
		fields->capacity = headers->count;
		fields->places =
			alloc_resize(fields->places, fields->capacity, sizeof(*fields->places));
	}
	for (size_t i = 0; i < headers->count; i++) {
		fields->places[i].name = add_text(&fields->text, headers->fields[i].name);
		fields->places[i].value = add_text(&fields->text, headers->fields[i].value);
	}
	fields->is_copied = true;
}

size_t fields_count(const struct fields *fields)
{
	return fields->headers == NULL ? 0 : fields->headers->count;
}

bool fields_at(struct fields *fields, size_t index, struct flong_field *field_out)
{
	if (index >= fields_count(fields)) {
		return false;
	}
	copy(fields);
	const char *text = buf_text(&fields->text);
	*field_out = (struct flong_field){
		text + fields->places[index].name, text + fields->places[index].value};
	return true;
}

const char *fields_value(struct fields *fields, const char *name, size_t n)
{
	size_t count = fields_count(fields);
	struct bytes wanted = bytes_of(name);
	for (size_t i = 0; name != NULL && i < count; i++) {
		if (bytes_equal_nocase(fields->headers->fields[i].name, wanted) && n-- == 0) {
			struct flong_field field;
			return fields_at(fields, i, &field) ? field.value : NULL;
		}
	}
	return NULL;
}
