/* SPDX-License-Identifier: MIT */
/* document.c - a document out of an archive, and where it came from */
#include "cli/document.h"

#include "base/stream.h"
#include "warc/body.h"

int document_read(struct record_open *open, struct document *document, struct flong_error *err)
{
	SCOPED(record_open_clear) struct record_open original = {0};
	SCOPED(body_clear) struct body body = {0};
	int rc = FLONG_OK;
	if (open->record->type == RECORD_REVISIT) {
		rc = record_open_original(open, &original, err);
	}
	if (rc == FLONG_OK) {
		const struct record_open *source = original.records != NULL ? &original : open;
		rc = body_open(source->records, source->record, &body, err);
	}
	if (rc == FLONG_OK) {
		const struct headers *headers = &open->record->headers;
		buf_add(&document->url, reader_uri(open->record, "WARC-Target-URI"));
		buf_add(&document->date, headers_first(headers, "WARC-Date"));
		buf_add(&document->type,
			headers_first(body.is_http ? &body.http.headers : headers, "Content-Type"));
		document->status = body.is_http ? body.http.status : 0;
		for (size_t i = 0; body.is_http && i < body.http.headers.count; i++) {
			headers_add(&document->headers, body.http.headers.fields[i].name,
				body.http.headers.fields[i].value);
		}
		rc = source_read_all(body.content, &document->content, err);
	}
	return rc;
}

void document_clear(struct document *document)
{
	buf_clear(&document->content);
	buf_clear(&document->url);
	buf_clear(&document->type);
	buf_clear(&document->date);
	headers_clear(&document->headers);
}
