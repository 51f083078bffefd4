/* SPDX-License-Identifier: MIT */
/* rebuild.c - a state that is lost is made anew from the archive and the crawl log */
#include "crawl/rebuild.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawl/archive_walk.h"
#include "crawl/log_lines.h"
#include "crawl/rebuild_visit.h"
#include "crawl/rows.h"
#include "warc/capture.h"

/* Facts that only this code needs: where the original of a payload is. */
#define PLACE_PREFIX "original at "
/* Longest wait for a parser in one turn. */
#define TURN_MS 250

struct rebuild {
	struct crawl *crawl;       /* borrowed */
	struct run_file *run;      /* borrowed */
	struct archive_walk *walk; /* owned */
	struct log_lines *lines;   /* owned */
	bool is_begun;             /* the last run of the collection */
	bool is_cut;
	uint64_t cut; /* end of what is acknowledged in the open segment */
	uint64_t exchanges, lost;
};

static void rebuild_clear(struct rebuild *rebuild)
{
	archive_walk_close(rebuild->walk);
	log_lines_close(rebuild->lines);
}

/* What came before are earlier runs: of these only pages and originals stay. */
static int begin_run(struct rebuild *rebuild, struct flong_error *err)
{
	rebuild->is_begun = true;
	int rc = state_start_run(rebuild->crawl->state, err);
	return rc == FLONG_OK ? setup_add_seeds(rebuild->crawl, err) : rc;
}

static int note_original(
	struct rebuild *rebuild, const struct walked *walked, struct flong_error *err)
{
	const struct crawl *crawl = rebuild->crawl;
	const struct exchange *exchange = walked->exchange;
	struct capture_digests digests = {0};
	if (walked->type != RECORD_RESPONSE) {
		return FLONG_OK;
	}
	int rc = capture_digest(exchange, crawl->options->digest, &digests, err);
	if (rc < 0) {
		return rc;
	}
	walked->exchange->payload_bytes = digests.payload_bytes;
	if (!crawl->options->has_dedup || !capture_may_revisit(exchange, &digests)) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf coding = {0};
	SCOPED(buf_clear) struct buf name = {0};
	SCOPED(buf_clear) struct buf place = {0};
	capture_transfer_encoding(exchange, &coding);
	SCOPED(free_textp) char *coding_text = buf_take(&coding);
	SCOPED(free_textp) char *id = alloc_copy(walked->record_id);
	const struct state_original original = {
		.url = exchange->url,
		.record_id = id,
		.transfer_encoding = coding_text,
		.date_ms = exchange->started_ms,
	};
	rc = state_add_original(crawl->state, bytes_of(walked->digest), &original, err);
	buf_addf(&name, PLACE_PREFIX "%s", walked->digest);
	if (rc < 0 || state_get(crawl->state, buf_text(&name), &place, err) == FLONG_OK) {
		return rc;
	}
	buf_addf(&place, "%llu %s", (unsigned long long)walked->offset, walked->file);
	return state_set(crawl->state, buf_text(&name), buf_bytes(&place), err);
}

/* A revisit gets the body of its original. */
static int find_body(struct rebuild *rebuild, const struct walked *walked, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf name = {0};
	SCOPED(buf_clear) struct buf place = {0};
	struct bytes offset_text, file;
	uint64_t offset = 0;
	buf_addf(&name, PLACE_PREFIX "%s", walked->digest);
	int rc = state_get(rebuild->crawl->state, buf_text(&name), &place, err);
	if (rc < 0) {
		return rc;
	}
	if (!bytes_cut(buf_bytes(&place), ' ', &offset_text, &file) ||
		!bytes_to_u64(offset_text, INT64_MAX, &offset)) {
		return error_set(err, FLONG_E_FORMAT, "no place of an original");
	}
	SCOPED(free_textp) char *file_text = alloc_text(file.ptr, file.len);
	SCOPED(exchange_closep) struct exchange *original = NULL;
	rc = archive_walk_read(rebuild->walk, file_text, offset, &original, err);
	if (rc < 0) {
		return rc;
	}
	struct capture_digests digests = {0};
	rc = capture_digest(original, rebuild->crawl->options->digest, &digests, err);
	struct spool *empty = walked->exchange->body;
	walked->exchange->body = original->body;
	original->body = empty;
	walked->exchange->payload_bytes = digests.payload_bytes;
	return rc;
}

/* Reads a document as it was read when it came, and waits for the result. */
static int parse(struct rebuild *rebuild, struct flight *flight, struct flong_error *err)
{
	struct crawl *crawl = rebuild->crawl;
	struct exchange *exchange = flight->recorded->exchange;
	if (!absorb_wants_parser(flight->visit, exchange)) {
		return FLONG_OK;
	}
	exchange->ticket = (uint64_t)(uintptr_t)flight;
	int rc = crawl_submit_document(crawl, flight->visit, exchange, err);
	while (rc == FLONG_OK && flight->parsed == NULL) {
		flight->parsed = parsers_take(crawl->parsers);
		if (flight->parsed == NULL) {
			size_t count = 0;
			const int *fds = parsers_fds(crawl->parsers, &count);
			struct pollfd *polled = ALLOC_ARRAY(struct pollfd, count + 1);
			for (size_t i = 0; i < count; i++) {
				polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
			}
			(void)poll(polled, (nfds_t)count, TURN_MS);
			free(polled);
		}
	}
	return rc;
}

/* What follows from an exchange, or from a fetch that brought nothing. Takes the exchange. */
static int absorb(struct rebuild *rebuild, struct visit *visit_take, struct recorded *recorded_take,
	struct flong_error *err)
{
	struct crawl *crawl = rebuild->crawl;
	SCOPED(flight_closep) struct flight *flight = ALLOC(struct flight);
	flight->visit = visit_take;
	flight->recorded = recorded_take;
	const struct exchange *exchange = recorded_take->exchange;
	struct bytes cookie = headers_first(&exchange->parsed.headers, "set-cookie");
	flight->sets_cookie = crawl->cookies != NULL && cookie.ptr != NULL;
	if (exchange->outcome == EXCHANGE_ABORTED) {
		return FLONG_OK; /* it waits to be fetched */
	}
	int rc = parse(rebuild, flight, err);
	return rc == FLONG_OK ? absorb_flight(crawl, TAKE(flight), err) : rc;
}

static struct recorded *recorded_of(struct exchange *exchange_take)
{
	struct recorded *recorded = ALLOC(struct recorded);
	recorded->exchange = exchange_take;
	return recorded;
}

static enum exchange_outcome outcome_of(struct bytes word)
{
	for (int i = EXCHANGE_OK; i <= EXCHANGE_ABORTED; i++) {
		if (bytes_equal(word, bytes_of(exchange_outcome_name((enum exchange_outcome)i)))) {
			return (enum exchange_outcome)i;
		}
	}
	return EXCHANGE_OK;
}

/* A line without record: the fetch was given up. */
static int absorb_failure(
	struct rebuild *rebuild, const struct log_line *line, struct flong_error *err)
{
	struct crawl *crawl = rebuild->crawl;
	SCOPED(visit_closep) struct visit *visit = NULL;
	SCOPED(exchange_closep)
	struct exchange *exchange = exchange_create(line->url, crawl->spool_dir);
	exchange->outcome = outcome_of(line->outcome);
	(void)snprintf(exchange->reason, sizeof(exchange->reason), BYTES_FMT ", says the crawl log",
		BYTES_ARG(line->outcome));
	int rc = spool_finish(exchange->body, err);
	if (rc == FLONG_OK) {
		rc = rebuild_visit(crawl, line, &visit, err);
	}
	if (rc < 0 || exchange->outcome == EXCHANGE_OK) {
		return rc;
	}
	visit->tries = crawl->options->retries + 1;
	return absorb(rebuild, TAKE(visit), recorded_of(TAKE(exchange)), err);
}

/* Takes the next line off the log: `walked` is its exchange, or NULL. */
static int pass_line(struct rebuild *rebuild, struct walked *walked, struct flong_error *err)
{
	const struct log_line *line = log_lines_peek(rebuild->lines, 0);
	SCOPED(visit_closep) struct visit *visit = NULL;
	int rc = FLONG_OK;
	if (!rebuild->is_begun && line->at >= rebuild->run->log_start) {
		rc = begin_run(rebuild, err);
	}
	if (rc == FLONG_OK && walked == NULL && line->digest.len == 0) {
		rc = absorb_failure(rebuild, line, err);
	} else if (rc == FLONG_OK && walked == NULL) {
		rebuild->lost++;
		log_info(BYTES_FMT ": acknowledged, but not in the archive", BYTES_ARG(line->url));
	} else if (rc == FLONG_OK) {
		struct flong_error ignored = {0};
		rebuild->exchanges++;
		rc = note_original(rebuild, walked, err);
		if (rc == FLONG_OK && walked->type == RECORD_REVISIT &&
			find_body(rebuild, walked, &ignored) < 0) {
			log_warn("%s: its original was not found: its links are not known",
				walked->exchange->url);
		}
		if (rc == FLONG_OK) {
			rc = rebuild_visit(rebuild->crawl, line, &visit, err);
		}
		if (rc == FLONG_OK) {
			struct recorded *recorded = recorded_of(TAKE(walked->exchange));
			recorded->has_record = true;
			recorded->is_revisit = walked->type == RECORD_REVISIT;
			memcpy(recorded->payload_digest, walked->digest, sizeof(walked->digest));
			memcpy(recorded->record_id, walked->record_id, sizeof(walked->record_id));
			rc = absorb(rebuild, TAKE(visit), recorded, err);
		}
	}
	log_lines_pass(rebuild->lines);
	return rc;
}

/* How many lines stand before that of an exchange; SIZE_MAX when none is near. */
static size_t find_line(struct rebuild *rebuild, const struct walked *walked)
{
	for (size_t ahead = 0; ahead < LOG_LINES_AHEAD; ahead++) {
		const struct log_line *line = log_lines_peek(rebuild->lines, ahead);
		if (line == NULL) {
			break;
		}
		if (bytes_equal(line->stamp, bytes_of(walked->stamp)) &&
			bytes_equal(line->digest, bytes_of(walked->digest)) &&
			bytes_equal(line->url, bytes_of(walked->exchange->url))) {
			return ahead;
		}
	}
	return SIZE_MAX;
}

/* Everything that was acknowledged, in its order. */
static int replay(struct rebuild *rebuild, struct flong_error *err)
{
	int rc = FLONG_OK;
	while (rc == FLONG_OK && !rebuild->is_cut) {
		SCOPED(walked_clear) struct walked walked = {0};
		rc = archive_walk_next(rebuild->walk, &walked, err);
		if (rc != FLONG_OK) {
			break;
		}
		size_t before = find_line(rebuild, &walked);
		if (before == SIZE_MAX && walked.is_open) {
			rebuild->is_cut = true;
			rebuild->cut = walked.offset;
		} else if (before == SIZE_MAX) { /* the log lost it: it is there all the same */
			rc = note_original(rebuild, &walked, err);
		} else {
			for (size_t i = 0; rc == FLONG_OK && i < before; i++) {
				rc = pass_line(rebuild, NULL, err);
			}
			if (rc == FLONG_OK) {
				rc = pass_line(rebuild, &walked, err);
			}
		}
	}
	rc = rc == FLONG_END ? FLONG_OK : rc;
	while (rc == FLONG_OK && log_lines_peek(rebuild->lines, 0) != NULL) {
		rc = pass_line(rebuild, NULL, err);
	}
	return rc == FLONG_OK && !rebuild->is_begun ? begin_run(rebuild, err) : rc;
}

/* The rows of each segment, and in the state where the open one ends. */
static int make_rows(struct rebuild *rebuild, struct flong_error *err)
{
	struct crawl *crawl = rebuild->crawl;
	SCOPED(free_textp) char *archive = files_join(crawl->output.dir, "archive");
	SCOPED(free_textp) char *state_dir = files_join(crawl->output.dir, "state");
	SCOPED(buf_clear) struct buf names = {0};
	SCOPED(buf_clear) struct buf position = {0};
	SCOPED(buf_clear) struct buf serial = {0};
	uint64_t end = 0;
	const char *open_name = archive_walk_open_segment(rebuild->walk, &end);
	int rc = files_list(archive, "", &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		const char *file = names.ptr + at;
		bool is_open = bytes_ends(bytes_of(file), BYTES(".open"));
		SCOPED(free_textp)
		char *name = alloc_text(file, strlen(file) - (is_open ? strlen(".open") : 0));
		bool is_cut = is_open && (rebuild->is_cut || open_name != NULL);
		uint64_t rows_bytes = 0;
		end = is_open && rebuild->is_cut ? rebuild->cut : end;
		const struct rows_source source = {archive, file, name, is_cut ? end : UINT64_MAX};
		rc = rows_remake(state_dir, &source, &rows_bytes, err);
		if (is_open && end > 0) {
			buf_reset(&position);
			buf_addf(&position, "%s %llu %llu", name, (unsigned long long)end,
				(unsigned long long)rows_bytes);
		}
	}
	if (rc == FLONG_OK) {
		rc = state_set(crawl->state, "segment", buf_bytes(&position), err);
	}
	buf_addf(&serial, "%u", archive_walk_serial(rebuild->walk));
	return rc == FLONG_OK ? state_set(crawl->state, "serial", buf_bytes(&serial), err) : rc;
}

static int fill_state(struct rebuild *rebuild, struct flong_error *err)
{
	struct crawl *crawl = rebuild->crawl;
	SCOPED(free_textp) char *log = output_path(&crawl->output, "logs", "crawl.log");
	SCOPED(free_textp) char *spools = files_join(crawl->output.dir, "state");
	int rc = archive_walk_open(crawl->output.dir, spools, &rebuild->walk, err);
	if (rc == FLONG_OK) {
		rc = log_lines_open(log, &rebuild->lines, err);
	}
	if (rc == FLONG_OK) {
		rc = rebuild_find_seeds(crawl, log, rebuild->run, err);
	}
	if (rc == FLONG_OK) {
		rc = replay(rebuild, err);
	}
	if (rc == FLONG_OK) {
		rc = make_rows(rebuild, err);
	}
	if (rc == FLONG_OK) {
		rc = state_forget_facts(crawl->state, PLACE_PREFIX, err);
	}
	if (rc == FLONG_OK) {
		rc = state_set(crawl->state, "run",
			rebuild->run->is_finished ? BYTES("finished") : BYTES("unfinished"), err);
	}
	return rc == FLONG_OK ? state_commit(crawl->state, err) : rc;
}

/* A state under another name becomes that of the collection; its texts before it. */
static int give_name(const char *made, const char *path, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf from = {0};
	SCOPED(buf_clear) struct buf to = {0};
	buf_addf(&from, "%s.texts", made);
	buf_addf(&to, "%s.texts", path);
	int rc = files_remove_tree(buf_text(&to), err);
	if (rc == FLONG_OK) {
		rc = files_rename_new(buf_text(&from), buf_text(&to), err);
	}
	return rc == FLONG_OK ? files_rename_new(made, path, err) : rc;
}

static void tell(const struct rebuild *rebuild)
{
	const struct crawl *crawl = rebuild->crawl;
	log_notice("%s: its state was made anew from the archive: %llu exchanges",
		crawl->output.dir, (unsigned long long)rebuild->exchanges);
	if (rebuild->lost > 0) {
		log_warn("%s: %llu acknowledged exchanges are not in its archive any more; what is "
			 "missing is fetched again",
			crawl->output.dir, (unsigned long long)rebuild->lost);
	}
	if (log_lines_odd(rebuild->lines) > 0) {
		log_warn("%s: %llu lines of logs/crawl.log could not be read", crawl->output.dir,
			(unsigned long long)log_lines_odd(rebuild->lines));
	}
}

static int remove_leftovers(const char *made, struct flong_error *err)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", ".texts"};
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		SCOPED(buf_clear) struct buf path = {0};
		buf_addf(&path, "%s%s", made, suffixes[i]);
		rc = files_remove_tree(buf_text(&path), err);
	}
	return rc;
}

int rebuild_state(
	struct crawl *crawl, const char *path, struct run_file *run, struct flong_error *err)
{
	SCOPED(rebuild_clear) struct rebuild rebuild = {.crawl = crawl, .run = run};
	SCOPED(buf_clear) struct buf made = {0};
	const struct crawl_counts counts = crawl->counts;
	struct frontier_options options = {
		.only_state = true,
		.wall_offset_ms = clock_wall_ms() - clock_monotonic_ms(),
	};
	buf_addf(&made, "%s.made", path);
	/* What an earlier attempt has left, if any. */
	int rc = remove_leftovers(buf_text(&made), err);
	if (rc == FLONG_OK) {
		rc = state_open(buf_text(&made), &crawl->state, err);
	}
	options.state = crawl->state;
	if (rc == FLONG_OK) {
		rc = frontier_create(&options, &crawl->frontier, err);
	}
	if (rc == FLONG_OK) {
		rc = fill_state(&rebuild, err);
	}
	if (rc == FLONG_OK) {
		tell(&rebuild);
	}
	frontier_close(crawl->frontier);
	crawl->frontier = NULL;
	state_close(crawl->state);
	crawl->state = NULL;
	crawl->counts = counts;
	return rc == FLONG_OK ? give_name(buf_text(&made), path, err) : rc;
}
