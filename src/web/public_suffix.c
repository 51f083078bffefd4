/* SPDX-License-Identifier: MIT */
/* public_suffix.c - questions to libpsl's built-in list, which needs no file and no state */
#include "web/public_suffix.h"

#include <libpsl.h>
#include <string.h>

/* Longest domain name, RFC 1035 2.3.4; longer hosts never resolve. */
#define DOMAIN_MAX 255

static bool copy_domain(struct bytes domain, char out[DOMAIN_MAX + 1])
{
	if (domain.len > 0 && domain.ptr[domain.len - 1] == '.') {
		domain.len--;
	}
	if (domain.len == 0 || domain.len > DOMAIN_MAX ||
		memchr(domain.ptr, '\0', domain.len) != NULL) {
		return false;
	}
	memcpy(out, domain.ptr, domain.len);
	out[domain.len] = '\0';
	return true;
}

bool public_suffix_is(struct bytes domain)
{
	char name[DOMAIN_MAX + 1];
	return copy_domain(domain, name) && psl_is_public_suffix(psl_builtin(), name) != 0;
}

struct bytes public_suffix_registrable(struct bytes domain)
{
	char name[DOMAIN_MAX + 1];
	if (!copy_domain(domain, name)) {
		return (struct bytes){NULL, 0};
	}
	const char *start = psl_registrable_domain(psl_builtin(), name);
	if (start == NULL) {
		return (struct bytes){NULL, 0};
	}
	return bytes_slice(domain, (size_t)(start - name), domain.len);
}
