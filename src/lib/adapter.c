/* SPDX-License-Identifier: MIT */
/* adapter.c - the border between the caller's functions and our streams
 *
 * What the caller's functions return is checked here: nothing behind it has to doubt a length. */
#include "lib/adapter.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "lib/api.h"

void flong_free(void *text)
{
	free(text);
}

int adapter_failure(int rc, const char *what, struct flong_error *err)
{
	if (rc > 0) {
		return error_set(err, FLONG_E_USAGE, "the %s function returned %d", what, rc);
	}
	if (err->code != rc || err->message[0] == '\0') {
		return error_set(err, rc, "the %s function failed", what);
	}
	err->message[sizeof(err->message) - 1] = '\0';
	return rc;
}

struct input_source {
	struct source base;
	struct flong_input input;
	uint64_t at; /* offset of the byte that is read next */
};

static int input_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct input_source *s = (struct input_source *)source;
	size_t got = 0;
	*err = (struct flong_error){.code = FLONG_OK};
	int rc = s->input.read(s->input.context, room, max, &got, err);
	if (rc == FLONG_END) {
		return FLONG_END;
	}
	if (rc != FLONG_OK) {
		return adapter_failure(rc, "read", err);
	}
	if (got == 0 || got > max) {
		return error_set(err, FLONG_E_USAGE,
			"the read function returned FLONG_OK and %zu of at most %zu bytes", got,
			max);
	}
	s->at += got;
	*got_out = got;
	return FLONG_OK;
}

static int input_seek(struct source *source, int64_t by, struct flong_error *err)
{
	struct input_source *s = (struct input_source *)source;
	int64_t to;
	if (s->input.seek == NULL) {
		return error_set(err, FLONG_E_UNSUPPORTED, "the input can only be read on");
	}
	if (__builtin_add_overflow((int64_t)s->at, by, &to) || to < 0) {
		return error_set(err, FLONG_E_IO, "no place %" PRId64 " bytes from here", by);
	}
	*err = (struct flong_error){.code = FLONG_OK};
	int rc = s->input.seek(s->input.context, (uint64_t)to, err);
	if (rc != FLONG_OK) {
		return adapter_failure(rc, "seek", err);
	}
	s->at = (uint64_t)to;
	return FLONG_OK;
}

static void input_close(struct source *source)
{
	struct input_source *s = (struct input_source *)source;
	if (s->input.close != NULL) {
		s->input.close(s->input.context);
	}
	free(s);
}

int adapter_source_open(
	const struct flong_input *input, struct source **source_out, struct flong_error *err)
{
	static const struct source_ops ops = {input_read, input_close, input_seek};
	int rc = api_reserved(input->reserved, "struct flong_input", err);
	if (rc == FLONG_OK && input->read == NULL) {
		rc = api_null("the read function of struct flong_input", err);
	}
	if (rc != FLONG_OK) {
		if (input->close != NULL) {
			input->close(input->context);
		}
		return rc;
	}
	struct input_source *s = ALLOC(struct input_source);
	*s = (struct input_source){{&ops}, *input, 0};
	*source_out = &s->base;
	return FLONG_OK;
}

struct output_sink {
	struct sink base;
	struct flong_output output;
};

static int output_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	const struct output_sink *s = (struct output_sink *)sink;
	*err = (struct flong_error){.code = FLONG_OK};
	int rc = s->output.write(s->output.context, b.ptr, b.len, err);
	return rc == FLONG_OK ? rc : adapter_failure(rc, "write", err);
}

static int output_finish(struct sink *sink, struct flong_error *err)
{
	const struct output_sink *s = (struct output_sink *)sink;
	if (s->output.finish == NULL) {
		return FLONG_OK;
	}
	*err = (struct flong_error){.code = FLONG_OK};
	int rc = s->output.finish(s->output.context, err);
	return rc == FLONG_OK ? rc : adapter_failure(rc, "finish", err);
}

static void output_close(struct sink *sink)
{
	free(sink);
}

int adapter_sink_open(
	const struct flong_output *output, struct sink **sink_out, struct flong_error *err)
{
	static const struct sink_ops ops = {
		.write = output_write, .finish = output_finish, .close = output_close};
	int rc = api_reserved(output->reserved, "struct flong_output", err);
	if (rc == FLONG_OK && output->write == NULL) {
		rc = api_null("the write function of struct flong_output", err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	struct output_sink *s = ALLOC(struct output_sink);
	*s = (struct output_sink){{&ops}, *output};
	*sink_out = &s->base;
	return FLONG_OK;
}

struct flong_stream {
	struct source *source;      /* owned; NULL once ended by its owner */
	struct flong_stream **slot; /* where the owner remembers it; NULL once ended */
	bool is_at_end;
	struct flong_error failure; /* code 0 before */
};

struct flong_stream *adapter_stream_open(struct source *source_take, struct flong_stream **slot)
{
	struct flong_stream *stream = ALLOC(struct flong_stream);
	stream->source = source_take;
	stream->slot = slot;
	if (slot != NULL) {
		*slot = stream;
	}
	return stream;
}

void adapter_stream_end(struct flong_stream **slot)
{
	struct flong_stream *stream = *slot;
	if (stream != NULL) {
		source_close(TAKE(stream->source));
		stream->slot = NULL;
		*slot = NULL;
	}
}

int flong_stream_read(struct flong_stream *stream, void *room, size_t max, size_t *got_out,
	struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (stream == NULL || got_out == NULL || (room == NULL && max > 0)) {
		return api_null("stream, room or got_out", err);
	}
	*got_out = 0;
	if (stream->source == NULL) {
		return error_set(err, FLONG_E_USAGE,
			"the stream ended when what it reads from went on or was closed");
	}
	if (stream->failure.code != FLONG_OK) {
		*err = stream->failure;
		return err->code;
	}
	if (stream->is_at_end) {
		return FLONG_END;
	}
	int rc = source_read(stream->source, room, max, got_out, err);
	stream->is_at_end = rc == FLONG_END;
	if (rc < 0) {
		*got_out = 0;
		err->code = rc;
		stream->failure = *err;
	}
	return rc;
}

void flong_stream_close(struct flong_stream *stream)
{
	if (stream != NULL) {
		if (stream->slot != NULL) {
			*stream->slot = NULL;
		}
		source_close(stream->source);
		free(stream);
	}
}
