/* SPDX-License-Identifier: MIT */
/* json_text.h - strings of JSON and of scripts: where they end and what they say */
#ifndef LINKS_JSON_TEXT_H
#define LINKS_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/bytes.h"

/* A '"' stands at *at: gives what is between the quotes, escapes untouched, and moves behind the
 * closing quote. False (nothing moved) when it has no end. */
bool json_text_string(struct bytes text, size_t *at, struct bytes *raw_out);
/* Appends the string with its escapes undone: JSON's, and those of scripts (\xHH, \u{X}, a line
 * that goes on); a lone surrogate becomes U+FFFD. */
void json_text_decode(struct bytes raw, struct buf *out);

#endif
