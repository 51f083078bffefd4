/* SPDX-License-Identifier: MIT */
/* parser_input.h - a document as a parser process gets it: struct parser_document, then the parts
 * whose lengths that gives, in its order */
#ifndef CRAWL_PARSER_INPUT_H
#define CRAWL_PARSER_INPUT_H

#include "base/buf.h"
#include "crawl/parsers.h"
#include "flong/error.h"

/* Adds the document to `input`; of a body over LIMIT_DOCUMENT_BYTES the beginning, and the document
 * says so. What parser_read_document reads. FLONG_E_IO: its temporary file could not be read. */
MUST_CHECK int parser_input_add(
	const struct parsers_document *wanted, struct buf *input, struct flong_error *err);

#endif
