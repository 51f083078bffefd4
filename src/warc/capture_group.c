/* SPDX-License-Identifier: MIT */
/* capture_group.c - members of a group, and records that stand alone */
#include "warc/capture_group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"

/* What most heads need. */
#define HEAD_BYTES ((size_t)900)

void capture_group_shorten(struct capture_group *group, size_t count)
{
	while (group->count > count) {
		member_clear(&group->members[--group->count]);
	}
}

void capture_group_clear(struct capture_group *group)
{
	capture_group_shorten(group, 0);
	free(group->members);
	*group = (struct capture_group){0};
}

static struct member *next_member(struct capture_group *group, const struct record_head *head)
{
	group->members = alloc_resize(group->members, group->count + 1, sizeof(*group->members));
	struct member *member = &group->members[group->count++];
	*member = (struct member){.type = head->type, .date_ms = head->date_ms};
	(void)snprintf(member->id, sizeof(member->id), "%s", head->id);
	member->url = alloc_copy(head->target_uri);
	if (head->payload != NULL) {
		digest_format(head->payload, member->digest);
	}
	bool has_mime = head->type == RECORD_RESOURCE || head->type == RECORD_CONVERSION;
	if (has_mime && head->content_type != NULL) {
		size_t length = strcspn(head->content_type, "; \t");
		member->mime = alloc_text(head->content_type, length);
	}
	return member;
}

static int check_warcinfo(
	struct capture_group *group, const struct record_head *head, struct flong_error *err)
{
	const char *warcinfo = head->warcinfo_id == NULL ? "" : head->warcinfo_id;
	if (head->type == RECORD_WARCINFO) {
		warcinfo = head->id;
	}
	if (group->count > 0 && strcmp(group->warcinfo_id, warcinfo) != 0) {
		return error_set(err, FLONG_E_USAGE, "a group cannot name two warcinfo records");
	}
	(void)snprintf(group->warcinfo_id, sizeof(group->warcinfo_id), "%s", warcinfo);
	return FLONG_OK;
}

int capture_group_add(struct capture_group *group, const struct capture_record *record,
	struct deflater *deflater, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf head = {0};
	int rc = check_warcinfo(group, record->head, err);
	(void)buf_reserve(&head, HEAD_BYTES);
	if (rc == FLONG_OK) {
		rc = record_add_head(record->head, &head, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	struct gzip_part parts[CAPTURE_PARTS + 2] = {{GZIP_DEFLATE, buf_bytes(&head), NULL}};
	for (size_t i = 0; i < record->part_count; i++) {
		parts[1 + i] = record->parts[i];
	}
	parts[1 + record->part_count] = (struct gzip_part){GZIP_DEFLATE, BYTES("\r\n\r\n"), NULL};
	struct member *member = next_member(group, record->head);
	const char *dir = record->spool_dir == NULL ? "/tmp" : record->spool_dir;
	rc = member_seal(member, parts, record->part_count + 2, deflater, dir, err);
	if (rc != FLONG_OK) {
		capture_group_shorten(group, group->count - 1);
		return rc;
	}
	member_digest_stored(member);
	return FLONG_OK;
}

int capture_compose_record(const struct capture_single *single,
	const struct capture_options *options, struct deflater *deflater,
	struct capture_group *group_out, struct flong_error *err)
{
	struct record_ids random = {0};
	char id[RECORD_ID_SIZE];
	if (single->id != NULL) {
		(void)snprintf(id, sizeof(id), "%s", single->id);
	} else {
		record_ids_next(options->ids == NULL ? &random : options->ids, id);
	}
	bool has_payload = single->type == RECORD_RESOURCE || single->type == RECORD_CONVERSION;
	bool is_warcinfo = single->type == RECORD_WARCINFO;
	bool is_known = single->digest != NULL && single->digest->algorithm == options->algorithm;
	struct digest digest =
		is_known ? *single->digest : digest_of(options->algorithm, single->block);
	struct record_head head = {.type = single->type,
		.id = id,
		.warcinfo_id = is_warcinfo ? NULL : options->warcinfo_id,
		.concurrent_to = single->concurrent_to,
		.date_ms = single->date_ms,
		.filename = single->filename,
		.target_uri = single->target_uri,
		.refers_to = single->refers_to,
		.payload = has_payload ? &digest : NULL,
		.block = &digest,
		.content_type = single->content_type,
		.length = single->block.len};
	if (head.content_type == NULL && !has_payload) {
		head.content_type = RECORD_TYPE_FIELDS;
	}
	struct gzip_part part = {GZIP_DEFLATE, single->block, NULL};
	struct capture_record record = {&head, &part, 1, options->spool_dir};
	int rc = capture_group_add(group_out, &record, deflater, err);
	return rc < 0 ? error_context(err, "%s record", record_type_name(single->type)) : rc;
}

/* "https://host:port/" of a URL. */
static char *origin_of(const char *url)
{
	struct buf out = {0};
	const char *host = strstr(url, "://");
	size_t length = host == NULL ? 0 : (size_t)(host - url) + 3;
	buf_add(&out, bytes_from(url, length + strcspn(url + length, "/?#")));
	buf_add_char(&out, '/');
	return buf_take(&out);
}

int capture_compose_chain(const struct exchange *exchange, const struct capture_options *options,
	struct deflater *deflater, struct capture_group *group_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf block = {0};
	SCOPED(buf_clear) struct buf certificate = {0};
	struct bytes rest = bytes_of(exchange->chain_pem);
	struct bytes line;
	bool is_inside = false;
	while (bytes_next_line(&rest, &line)) {
		if (bytes_starts(line, BYTES("-----BEGIN CERTIFICATE"))) {
			is_inside = true;
			buf_reset(&certificate);
		} else if (bytes_starts(line, BYTES("-----END")) && is_inside) {
			is_inside = false;
			record_add_field(&block, "tls-certificate", buf_bytes(&certificate));
		} else if (is_inside) {
			buf_add(&certificate, bytes_trim(line));
		}
	}
	if (block.len == 0) {
		return FLONG_OK;
	}
	SCOPED(free_textp) char *origin = origin_of(exchange->url);
	struct capture_single single = {.type = RECORD_METADATA,
		.target_uri = origin,
		.date_ms = exchange->started_ms,
		.block = buf_bytes(&block)};
	return capture_compose_record(&single, options, deflater, group_out, err);
}
