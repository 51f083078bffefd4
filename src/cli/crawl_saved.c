/* SPDX-License-Identifier: MIT */
/* crawl_saved.c - the command line as warcinfo tells it, and as resume needs it: no secrets */
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/files.h"
#include "cli/crawl_options.h"

/* Adds an argument, files of this machine without their folder, URLs without a password. */
static void add_shown(struct buf *text, const char *argument)
{
	struct bytes all = bytes_of(argument);
	if (argument[0] == '/' || argument[0] == '.') {
		buf_add_text(text, files_base_name(argument));
		return;
	}
	size_t start = bytes_find(all, BYTES("://"), 0);
	start = start == SIZE_MAX ? 0 : start + 3;
	size_t length = start + strcspn(argument + start, "/?#");
	struct bytes authority = bytes_slice(all, start, length);
	size_t at = bytes_find_last_char(authority, '@');
	size_t colon = bytes_find_char(authority, ':', 0);
	if (at == SIZE_MAX || (start == 0 && (colon == SIZE_MAX || colon > at))) {
		buf_add(text, all);
		return;
	}
	buf_add(text, bytes_slice(all, 0, start));
	buf_add_text(text, "***");
	buf_add(text, bytes_slice(all, start + at, all.len));
}

char *crawl_command_describe(int argc, char **argv)
{
	/* Values that may hold a secret are left out; those that are files on this machine are
	 * shown without their folder. */
	static const char *const secret[] = {
		"--header", "-H", "--proxy", "-x", "--cookies", "--auth"};
	SCOPED(buf_clear) struct buf text = {0};
	bool hides_next = false;
	for (int i = 1; i < argc; i++) {
		const char *argument = argv[i];
		const char *equals = strchr(argument, '=');
		bool hides = false;
		for (size_t k = 0; k < sizeof(secret) / sizeof(secret[0]); k++) {
			size_t length = strlen(secret[k]);
			hides = hides ||
				(strncmp(argument, secret[k], length) == 0 &&
					(argument[length] == '\0' || argument[length] == '=' ||
						argument[1] != '-'));
		}
		buf_add_text(&text, text.len == 0 ? "" : " ");
		if (hides_next) {
			buf_add_text(&text, "***");
			hides_next = false;
		} else if (hides &&
			   (equals != NULL || (argument[1] != '-' && argument[2] != '\0'))) {
			buf_addf(&text, "%.*s***",
				equals != NULL ? (int)(equals + 1 - argument) : 2, argument);
		} else {
			hides_next = hides;
			add_shown(&text, argument);
		}
	}
	return buf_take(&text);
}

void crawl_command_save(const struct crawl_command *command, struct buf *lines)
{
	/* Secrets, and what belongs to one run only. */
	static const char *const left_out[] = {"header", "proxy", "output", "input", "report",
		"metrics", "max-pages", "max-time", "max-bytes"};
	SCOPED(buf_clear) struct buf all = {0};
	option_write_lines(crawl_option_table, command, &all);
	struct bytes rest = buf_bytes(&all);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		struct bytes name = line;
		struct bytes value;
		(void)bytes_cut(line, ' ', &name, &value);
		bool is_left_out = false;
		for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
			is_left_out = is_left_out || bytes_equal(name, bytes_of(left_out[i]));
		}
		if (!is_left_out) {
			buf_add(lines, line);
			buf_add_char(lines, '\n');
		}
	}
	for (size_t i = 0; i < command->called.count; i++) {
		buf_add_text(lines, command->called.items[i]);
		buf_add_char(lines, '\n');
	}
}
