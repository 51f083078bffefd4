/* SPDX-License-Identifier: MIT */
/* check_types.c - which record types have which fields
 *
 * The table is sections 5 and 6 of WARC/1.1. Fields that are not in it are extensions, which any
 * record may have. */
#include "warc/check_values.h"

#define BIT(type) (1U << (type))
#define CONTINUATION (1U << 31) /* none of enum record_type */
#define WARCINFO BIT(RECORD_WARCINFO)
#define REVISIT BIT(RECORD_REVISIT)
#define METADATA BIT(RECORD_METADATA)
#define CONVERSION BIT(RECORD_CONVERSION)
#define REPLIES (BIT(RECORD_RESPONSE) | BIT(RECORD_RESOURCE))
#define CAPTURES (REPLIES | BIT(RECORD_REQUEST) | REVISIT)
#define ALL (CAPTURES | WARCINFO | METADATA | CONVERSION | CONTINUATION)

static const struct check_field fields[] = {
	{"WARC-Type", CHECK_FORM_ANY, "W-59", ALL, 0, CHECK_ERROR},
	{"WARC-Record-ID", CHECK_FORM_ID, "W-04", ALL, 0, CHECK_ERROR},
	{"WARC-Date", CHECK_FORM_DATE, "W-05", ALL, 0, CHECK_ERROR},
	{"Content-Length", CHECK_FORM_ANY, "W-02", ALL, 0, CHECK_ERROR},
	{"Content-Type", CHECK_FORM_MEDIA_TYPE, "W-54", ALL, 0, CHECK_ERROR},
	{"WARC-Concurrent-To", CHECK_FORM_ID, "W-56", CAPTURES | METADATA, 0, CHECK_ERROR},
	{"WARC-Block-Digest", CHECK_FORM_ANY, "W-12", ALL, 0, CHECK_ERROR},
	/* Several writers give every record one; W-15 tells of it. */
	{"WARC-Payload-Digest", CHECK_FORM_ANY, "W-13", ALL, 0, CHECK_WARNING},
	{"WARC-IP-Address", CHECK_FORM_IP, "W-17", CAPTURES | METADATA, 0, CHECK_ERROR},
	{"WARC-Refers-To", CHECK_FORM_ID, "W-56", REVISIT | METADATA | CONVERSION, 0, CHECK_ERROR},
	{"WARC-Refers-To-Target-URI", CHECK_FORM_URI, "W-24", REVISIT, 0, CHECK_ERROR},
	{"WARC-Refers-To-Date", CHECK_FORM_DATE, "W-24", REVISIT, 0, CHECK_ERROR},
	{"WARC-Target-URI", CHECK_FORM_URI, "W-06", ALL & ~WARCINFO,
		CAPTURES | CONVERSION | CONTINUATION, CHECK_ERROR},
	{"WARC-Truncated", CHECK_FORM_REASON, "W-16", ALL, 0, CHECK_ERROR},
	{"WARC-Warcinfo-ID", CHECK_FORM_ID, "W-56", ALL & ~WARCINFO, 0, CHECK_ERROR},
	{"WARC-Filename", CHECK_FORM_FILENAME, "W-03", WARCINFO, 0, CHECK_ERROR},
	{"WARC-Profile", CHECK_FORM_PROFILE, "W-63", REVISIT, 0, CHECK_WARNING},
	{"WARC-Identified-Payload-Type", CHECK_FORM_MEDIA_TYPE, "W-54",
		ALL & ~(WARCINFO | METADATA), 0, CHECK_WARNING},
	{"WARC-Segment-Number", CHECK_FORM_NUMBER, "W-57", ALL, CONTINUATION, CHECK_ERROR},
	{"WARC-Segment-Origin-ID", CHECK_FORM_ID, "W-56", CONTINUATION, CONTINUATION, CHECK_ERROR},
	{"WARC-Segment-Total-Length", CHECK_FORM_NUMBER, "W-57", CONTINUATION, 0, CHECK_ERROR},
	/* Proposals, as their authors mean them. */
	{"WARC-Protocol", CHECK_FORM_ANY, "W-17", CAPTURES | METADATA, 0, CHECK_WARNING},
	{"WARC-Cipher-Suite", CHECK_FORM_ANY, "W-17", CAPTURES | METADATA, 0, CHECK_WARNING},
};
enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

/* No name of the table is shorter; what stands there tells most of them apart. */
#define TELLING 5

static const struct check_field *find_rule(struct bytes name)
{
	char telling = name.len > TELLING ? char_lower(name.ptr[TELLING]) : '\0';
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (char_lower(fields[i].name[TELLING]) == telling &&
			bytes_equal_nocase(name, bytes_of(fields[i].name))) {
			return &fields[i];
		}
	}
	return NULL;
}

static unsigned type_bit(const struct check_state *state)
{
	if (check_state_is_continuation(state)) {
		return CONTINUATION;
	}
	return state->record->type == RECORD_OTHER ? 0 : BIT(state->record->type);
}

static const char *type_name(const struct check_state *state)
{
	return check_state_is_continuation(state) ? "continuation"
						  : record_type_name(state->record->type);
}

/* WARC/1.1 5.20: 1 in the first segment, more in those that continue it. */
static void check_segment(struct check_state *state, unsigned type)
{
	uint64_t number;
	struct bytes value = check_state_field(state, "WARC-Segment-Number");
	if (!bytes_to_u64(value, UINT64_MAX, &number)) {
		return;
	}
	bool is_fine = type == CONTINUATION ? number >= 2 : number == 1;
	if (!is_fine) {
		check_state_report(state, CHECK_ERROR, "W-57",
			"WARC-Segment-Number of a %s record cannot be " BYTES_FMT, type_name(state),
			BYTES_ARG(value));
	}
}

static void check_revisit(struct check_state *state)
{
	static const char *const needed[] = {
		"WARC-Profile", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"};
	struct bytes profile = check_state_field(state, "WARC-Profile");
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (check_state_field(state, needed[i]).len == 0) {
			check_state_report(state, i == 0 ? CHECK_ERROR : CHECK_STATE_STRICT(state),
				"W-24", "the revisit has no %s", needed[i]);
		}
	}
	bool is_identical = bytes_ends(profile, BYTES("/identical-payload-digest"));
	if (check_state_field(state, "WARC-Payload-Digest").len == 0) {
		check_state_report(state, is_identical ? CHECK_ERROR : CHECK_STATE_STRICT(state),
			"W-24", "the revisit has no WARC-Payload-Digest");
	}
	if (is_identical && state->record->block_length > 0 &&
		check_state_field(state, "WARC-Truncated").len == 0) {
		check_state_report(state, CHECK_ADVICE, "W-24",
			"the revisit leaves out the payload without WARC-Truncated: length");
	}
}

/* What the block should be, by the type of the record. */
static void check_content_type(struct check_state *state, unsigned type)
{
	struct bytes value = check_state_field(state, "Content-Type");
	struct bytes uri = reader_uri(state->record, "WARC-Target-URI");
	bool is_http = bytes_starts_nocase(uri, BYTES("http:")) ||
		       bytes_starts_nocase(uri, BYTES("https:"));
	if (value.len == 0) {
		if (value.ptr == NULL && state->record->block_length > 0 && type != CONTINUATION) {
			check_state_report(state, CHECK_STATE_STRICT(state), "W-54",
				"there is a block, but no Content-Type");
		}
		return;
	}
	if (type == WARCINFO && !bytes_starts_nocase(value, BYTES(RECORD_TYPE_FIELDS))) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-54",
			"the warcinfo is '" BYTES_FMT "', not " RECORD_TYPE_FIELDS,
			BYTES_ARG(value));
	}
	bool is_message = (type & (BIT(RECORD_RESPONSE) | BIT(RECORD_REQUEST))) != 0;
	if (is_message && is_http && !bytes_starts_nocase(value, BYTES("application/http"))) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-54",
			"the %s is '" BYTES_FMT "', not application/http", type_name(state),
			BYTES_ARG(value));
	}
}

/* W-15 */
static void check_payload_field(struct check_state *state, unsigned type)
{
	bool is_there = check_state_field(state, "WARC-Payload-Digest").len > 0;
	if (is_there && (type & (WARCINFO | METADATA)) != 0) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-15",
			"a %s record has no payload to digest", type_name(state));
	}
	if (!is_there && type == BIT(RECORD_RESOURCE)) {
		check_state_report(state, CHECK_STATE_STRICT(state), "W-15",
			"the resource has no payload digest: some indexers take it for empty");
	}
}

void check_types_run(struct check_state *state)
{
	unsigned type = type_bit(state);
	unsigned found = 0; /* bits of the table's rows */
	_Static_assert((int)FIELD_COUNT <= 32, "a bit a row");
	const struct headers *headers = &state->record->headers;
	for (size_t i = 0; i < headers->count; i++) {
		const struct check_field *rule = find_rule(headers->fields[i].name);
		if (rule == NULL) {
			continue;
		}
		unsigned bit = 1U << (rule - fields);
		if (type != 0 && (rule->may & type) == 0 && (found & bit) == 0) {
			check_state_report(state,
				state->options->is_ours ? CHECK_ERROR : rule->stray, "W-55",
				"a %s record cannot have %s", type_name(state), rule->name);
		}
		found |= bit;
		check_values_run(state, rule, headers->fields[i].value);
	}
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if ((fields[i].must & type) != 0 && (found & 1U << i) == 0) {
			check_state_report(state, CHECK_ERROR, "W-55", "a %s record needs %s",
				type_name(state), fields[i].name);
		}
	}
	check_segment(state, type);
	check_content_type(state, type);
	check_payload_field(state, type);
	if (type == REVISIT) {
		check_revisit(state);
	}
}
