/* SPDX-License-Identifier: MIT */
/* html_escape.c - the characters that are markup where text is meant */
#include "web/html_escape.h"

bool html_escape(uint32_t code, struct buf *out)
{
	switch (code) {
	case '&':
		buf_add_text(out, "&amp;");
		return true;
	case '<':
		buf_add_text(out, "&lt;");
		return true;
	case '>':
		buf_add_text(out, "&gt;");
		return true;
	case '"':
		buf_add_text(out, "&quot;");
		return true;
	case '\'':
		buf_add_text(out, "&#39;");
		return true;
	default:
		return false;
	}
}
