/* SPDX-License-Identifier: MIT */
/* json_urls_fuzz.c - any bytes as JSON, JSON-LD and script; the first byte chooses */
#include <stdint.h>

#include "links/json_urls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum json_urls_kind kinds[] = {
		JSON_URLS_SCRIPT, JSON_URLS_STATE, JSON_URLS_LD};
	if (size == 0) {
		return 0;
	}
	struct references references = {0};
	struct templates templates = {0};
	templates_learn(&templates, BYTES("/i/1_600.jpg 78w, /i/1_601.jpg 201w"), true);
	json_urls_find(bytes_from(data + 1, size - 1), kinds[data[0] % 3], &references, &templates);
	templates_expand(&templates, &references);
	references_clear(&references);
	templates_clear(&templates);
	return 0;
}
