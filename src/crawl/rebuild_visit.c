/* SPDX-License-Identifier: MIT */
/* rebuild_visit.c - the visit that a line of the crawl log speaks of
 *
 * Lines are replayed in their order, so the state knows nearly every visit by the time its line
 * comes. What it does not know (robots.txt, visits of earlier runs, of other options) is made of
 * the letters of the hop path. */
#include "crawl/rebuild_visit.h"

#include <string.h>

#include "base/alloc.h"
#include "base/files.h"

/* The visit that named this one, or NULL. */
static int find_parent(struct state *state, const struct log_line *line, struct visit **visit_out,
	struct flong_error *err)
{
	enum visit_state ignored = VISIT_QUEUED;
	if (line->via.len == 0) {
		return FLONG_OK;
	}
	int rc = state_find_visit(state, line->via, visit_out, &ignored, err);
	return rc == FLONG_E_NOT_FOUND ? FLONG_OK : rc;
}

static void shape(const struct log_line *line, const struct visit *parent, struct visit *visit)
{
	char hop = line->hops.len == 0 ? '\0' : line->hops.ptr[line->hops.len - 1];
	for (size_t i = 0; i < line->hops.len; i++) {
		visit->depth += line->hops.ptr[i] == 'L';
	}
	switch (hop) {
	case 'E':
	case 'I':
		visit->kind = VISIT_REQUISITE;
		visit->role = ROLE_UNKNOWN;
		visit->embeds = parent != NULL ? parent->embeds + 1 : 1;
		visit->is_speculative = hop == 'I';
		break;
	case 'P':
		visit->kind = VISIT_ROBOTS;
		visit->role = ROLE_UNKNOWN;
		visit->is_speculative = true;
		break;
	case 'R':
		visit->kind = parent != NULL ? parent->kind : VISIT_PAGE;
		visit->role = parent != NULL ? parent->role : ROLE_DOCUMENT;
		visit->redirects = parent != NULL ? parent->redirects + 1 : 1;
		visit->embeds = parent != NULL ? parent->embeds : 0;
		visit->is_seed = parent != NULL && parent->is_seed;
		visit->is_speculative = parent != NULL && parent->is_speculative;
		break;
	default:
		visit->kind = VISIT_PAGE;
		visit->role = ROLE_DOCUMENT;
		visit->is_seed = hop == '\0' || hop == VISIT_HOP_ENTRY;
		break;
	}
}

/* Makes a visit of what the line says and adds it. */
static int make_visit(struct crawl *crawl, const struct log_line *line, struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *parent = NULL;
	int rc = find_parent(crawl->state, line, &parent, err);
	if (rc < 0) {
		return rc;
	}
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_text(line->url.ptr, line->url.len);
	visit->via = parent != NULL ? parent->id : 0;
	if (line->via.len > 0) {
		visit->via_url = alloc_text(line->via.ptr, line->via.len);
	}
	struct bytes hops = bytes_slice(line->hops, 0, VISIT_HOPS_MAX);
	if (hops.len > 0) {
		memcpy(visit->hops, hops.ptr, hops.len);
	}
	shape(line, parent, visit);
	return frontier_add(crawl->frontier, visit, NULL, err);
}

int rebuild_visit(struct crawl *crawl, const struct log_line *line, struct visit **visit_out,
	struct flong_error *err)
{
	enum visit_state state = VISIT_QUEUED;
	SCOPED(visit_closep) struct visit *visit = NULL;
	int rc = state_find_visit(crawl->state, line->url, &visit, &state, err);
	if (rc == FLONG_E_NOT_FOUND || (rc == FLONG_OK && state == VISIT_SKIPPED)) {
		visit_close(visit);
		visit = NULL;
		rc = make_visit(crawl, line, err);
		if (rc == FLONG_OK) {
			rc = state_find_visit(crawl->state, line->url, &visit, &state, err);
		}
	}
	if (rc < 0) {
		return rc;
	}
	visit->tries = line->tries;
	*visit_out = TAKE(visit);
	return FLONG_OK;
}

static int find_in_log(const char *log_path, struct run_file *run, struct flong_error *err)
{
	SCOPED(log_lines_closep) struct log_lines *lines = NULL;
	int rc = log_lines_open(log_path, &lines, err);
	if (rc < 0) {
		return rc;
	}
	for (const struct log_line *line = log_lines_peek(lines, 0); line != NULL;
		line = log_lines_peek(lines, 0)) {
		if (line->hops.len == 0 && line->at >= run->log_start) {
			SCOPED(free_textp) char *url = alloc_text(line->url.ptr, line->url.len);
			crawl_texts_add(&run->seeds, url);
		}
		log_lines_pass(lines);
	}
	return FLONG_OK;
}

int rebuild_find_seeds(
	struct crawl *crawl, const char *log_path, struct run_file *run, struct flong_error *err)
{
	int rc = run->seeds.count == 0 ? find_in_log(log_path, run, err) : FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < run->seeds.count; i++) {
		crawl_texts_add(&crawl->options->seeds, run->seeds.items[i]);
	}
	return rc;
}
