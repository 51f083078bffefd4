/* SPDX-License-Identifier: MIT */
/* regex.c - regular expressions with a match limit */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/regex.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"

struct regex {
	pcre2_code *code;             /* owned */
	pcre2_match_context *context; /* owned: the limits */
};

int regex_compile(const char *pattern, struct regex **regex_out, struct flong_error *err)
{
	int number = 0;
	PCRE2_SIZE position = 0;
	pcre2_code *code = pcre2_compile(
		(PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0, &number, &position, NULL);
	if (code == NULL) {
		PCRE2_UCHAR reason[160];
		(void)pcre2_get_error_message(number, reason, sizeof(reason));
		return error_set(err, FLONG_E_USAGE, "pattern '%s': at character %zu: %s", pattern,
			(size_t)position, (const char *)reason);
	}
	struct regex *regex = ALLOC(struct regex);
	regex->code = code;
	regex->context = pcre2_match_context_create(NULL);
	if (regex->context != NULL) {
		(void)pcre2_set_match_limit(regex->context, LIMIT_REGEX_STEPS);
		(void)pcre2_set_depth_limit(regex->context, LIMIT_REGEX_DEPTH);
	}
	*regex_out = regex;
	return FLONG_OK;
}

void regex_close(struct regex *regex)
{
	if (regex == NULL) {
		return;
	}
	pcre2_match_context_free(regex->context);
	pcre2_code_free(regex->code);
	free(regex);
}

bool regex_matches(const struct regex *regex, struct bytes text)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	if (data == NULL) {
		return false;
	}
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.ptr == NULL ? "" : text.ptr);
	int count = pcre2_match(regex->code, subject, text.len, 0, 0, data, regex->context);
	pcre2_match_data_free(data);
	return count >= 0;
}
