/* SPDX-License-Identifier: MIT */
/* check_values.c - ids, URIs, dates, addresses, media types: what each should look like */
#include "warc/check_values.h"

#include <arpa/inet.h>

#include "base/clock.h"

static bool is_uri_text(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		if (c <= ' ' || c >= 0x7f) {
			return false;
		}
	}
	return true;
}

/* scheme ":" (RFC 3986 3.1) */
static bool has_scheme(struct bytes value)
{
	size_t colon = bytes_find_char(value, ':', 0);
	if (colon == SIZE_MAX || colon == 0 || !char_is_alpha(value.ptr[0])) {
		return false;
	}
	for (size_t i = 1; i < colon; i++) {
		char c = value.ptr[i];
		if (!char_is_alnum(c) && c != '+' && c != '-' && c != '.') {
			return false;
		}
	}
	return true;
}

static bool has_brackets(struct bytes value)
{
	return value.len >= 2 && value.ptr[0] == '<' && value.ptr[value.len - 1] == '>';
}

static void say(struct check_state *state, const struct check_field *rule,
	enum check_severity severity, struct bytes value, const char *what)
{
	check_state_report(state, severity, rule->rule, "%s '" BYTES_FMT "' %s", rule->name,
		BYTES_ARG(value), what);
}

static void check_id_form(
	struct check_state *state, const struct check_field *rule, struct bytes value)
{
	bool is_bare = !has_brackets(value);
	struct bytes inner = is_bare ? value : bytes_slice(value, 1, value.len - 1);
	if (!has_scheme(inner) || !is_uri_text(inner)) {
		say(state, rule, CHECK_ERROR, value, "is no URI");
	} else if (is_bare) {
		say(state, rule, CHECK_STATE_STRICT(state), value, "has no angle brackets");
	}
}

static void check_uri_form(
	struct check_state *state, const struct check_field *rule, struct bytes value)
{
	bool is_bracketed = has_brackets(value);
	struct bytes inner = is_bracketed ? bytes_slice(value, 1, value.len - 1) : value;
	if (!has_scheme(inner)) {
		say(state, rule, CHECK_ERROR, value, "is no absolute URI");
	} else if (!is_uri_text(inner)) {
		say(state, rule, CHECK_STATE_STRICT(state), value,
			"has blanks, control bytes or non-ASCII that should be percent-encoded");
	} else if (is_bracketed) {
		say(state, rule, CHECK_STATE_STRICT(state), value,
			"has angle brackets, which not every player takes off");
	} else if (bytes_find_char(value, '#', 0) != SIZE_MAX) {
		say(state, rule, state->options->is_ours ? CHECK_ERROR : CHECK_ADVICE, value,
			"has a fragment, which nobody requests");
	}
}

static void check_date_form(
	struct check_state *state, const struct check_field *rule, struct bytes value)
{
	int64_t date_ms;
	size_t dot = bytes_find_char(value, '.', 0);
	if (!clock_parse_iso(value, &date_ms)) {
		say(state, rule, CHECK_ERROR, value, "is no date of the W3C profile of ISO 8601");
	} else if (value.len > 10 && value.ptr[value.len - 1] != 'Z') {
		say(state, rule, CHECK_WARNING, value, "is not in UTC, with Z");
	} else if (value.len < 20) {
		say(state, rule, state->record->version == 11 ? CHECK_ADVICE : CHECK_WARNING, value,
			"is not exact to the second");
	} else if (dot != SIZE_MAX && state->record->version != 11) {
		say(state, rule, CHECK_WARNING, value,
			"has a fraction of a second, which came with WARC/1.1");
	}
}

static bool is_ip(struct bytes value)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char room[16];
	if (value.len == 0 || value.len >= sizeof(text)) {
		return false;
	}
	memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	return strlen(text) == value.len &&
	       (inet_pton(AF_INET, text, room) == 1 || inet_pton(AF_INET6, text, room) == 1);
}

static bool is_token(struct bytes text)
{
	static const char separators[] = "()<>@,;:\\\"/[]?={} \t";
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c <= ' ' || c >= 0x7f || strchr(separators, c) != NULL) {
			return false;
		}
	}
	return text.len > 0;
}

/* type "/" subtype; what stands behind a semicolon is not looked at. */
static bool is_media_type(struct bytes value)
{
	struct bytes essence = value;
	struct bytes parameters;
	struct bytes type;
	struct bytes subtype;
	(void)bytes_cut(value, ';', &essence, &parameters);
	return bytes_cut(bytes_trim(essence), '/', &type, &subtype) && is_token(type) &&
	       is_token(subtype);
}

static bool is_reason(struct bytes value)
{
	static const char *const known[] = {"length", "time", "disconnect", "unspecified"};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (bytes_equal(value, bytes_of(known[i]))) {
			return true;
		}
	}
	return false;
}

/* The two of the standard under the names of its versions, and the misprint of its annex B. */
static bool is_profile(struct bytes value)
{
	static const char *const versions[] = {"0.17", "0.18", "1.0", "1.1"};
	static const char *const kinds[] = {"/revisit/identical-payload-digest",
		"/revisit/server-not-modified", "/server-not-modified"};
	struct bytes host = BYTES("http://netpreserve.org/warc/");
	if (!bytes_starts(value, host)) {
		return false;
	}
	struct bytes rest = bytes_slice(value, host.len, value.len);
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		if (!bytes_starts(rest, bytes_of(versions[i]))) {
			continue;
		}
		struct bytes kind = bytes_slice(rest, strlen(versions[i]), rest.len);
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			if (bytes_equal(kind, bytes_of(kinds[k]))) {
				return true;
			}
		}
	}
	return false;
}

static void check_profile(
	struct check_state *state, const struct check_field *rule, struct bytes value)
{
	bool is_bracketed = has_brackets(value);
	struct bytes inner = is_bracketed ? bytes_slice(value, 1, value.len - 1) : value;
	if (!is_profile(inner)) {
		say(state, rule, CHECK_WARNING, value,
			"is none of the standard: readers do not interpret the record");
	} else if (is_bracketed) {
		say(state, rule, CHECK_STATE_STRICT(state), value, "has angle brackets");
	}
}

void check_values_run(struct check_state *state, const struct check_field *rule, struct bytes value)
{
	uint64_t number;
	if (value.len == 0) {
		check_state_report(state, CHECK_WARNING, rule->rule, "%s is empty", rule->name);
		return;
	}
	switch (rule->form) {
	case CHECK_FORM_ANY:
		break;
	case CHECK_FORM_ID:
		check_id_form(state, rule, value);
		break;
	case CHECK_FORM_URI:
		check_uri_form(state, rule, value);
		break;
	case CHECK_FORM_DATE:
		check_date_form(state, rule, value);
		break;
	case CHECK_FORM_IP:
		if (!is_ip(value)) {
			say(state, rule, CHECK_ERROR, value, "is no numeric address");
		}
		break;
	case CHECK_FORM_MEDIA_TYPE:
		if (!is_media_type(value)) {
			say(state, rule, CHECK_ERROR, value, "is no media type");
		}
		break;
	case CHECK_FORM_NUMBER:
		if (!bytes_to_u64(value, UINT64_MAX, &number)) {
			say(state, rule, CHECK_ERROR, value, "is no number");
		}
		break;
	case CHECK_FORM_REASON:
		if (!is_reason(value)) {
			say(state, rule, CHECK_STATE_STRICT(state), value,
				"is not one of the known reasons");
		}
		break;
	case CHECK_FORM_PROFILE:
		check_profile(state, rule, value);
		break;
	case CHECK_FORM_FILENAME:
		if (bytes_find_char(value, '/', 0) != SIZE_MAX) {
			say(state, rule, CHECK_ADVICE, value, "is a path");
		}
		break;
	}
}
