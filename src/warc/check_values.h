/* SPDX-License-Identifier: MIT */
/* check_values.h - the forms that values of fields have; for the check files only */
#ifndef WARC_CHECK_VALUES_H
#define WARC_CHECK_VALUES_H

#include "base/bytes.h"
#include "warc/check_state.h"

enum check_form {
	CHECK_FORM_ANY,
	CHECK_FORM_ID,
	CHECK_FORM_URI,
	CHECK_FORM_DATE,
	CHECK_FORM_IP,
	CHECK_FORM_MEDIA_TYPE,
	CHECK_FORM_NUMBER,
	CHECK_FORM_REASON,
	CHECK_FORM_PROFILE,
	CHECK_FORM_FILENAME
};

/* A field of the standard: who may have it, who must, and what it holds. */
struct check_field {
	const char *name;
	enum check_form form;
	const char *rule; /* of the form */
	unsigned may, must;
	enum check_severity stray; /* when a record has it that may not */
};

/* Reports what is wrong with a value of the field in the current record. */
void check_values_run(
	struct check_state *state, const struct check_field *rule, struct bytes value);

#endif
