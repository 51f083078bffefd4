/* SPDX-License-Identifier: MIT */
/* credentials.c - users and passwords, each bound to one origin */
#include "web/credentials.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/error.h"
#include "web/percent.h"

struct credential {
	struct url *origin; /* owned: its root */
	struct buf pair;    /* owned: "user:password" */
};

struct credentials {
	struct credential *items; /* owned */
	size_t count;
};

struct credentials *credentials_create(void)
{
	return ALLOC(struct credentials);
}

void credentials_close(struct credentials *credentials)
{
	if (credentials == NULL) {
		return;
	}
	for (size_t i = 0; i < credentials->count; i++) {
		url_close(credentials->items[i].origin);
		buf_clear(&credentials->items[i].pair);
	}
	free(credentials->items);
	free(credentials);
}

bool credentials_are_empty(const struct credentials *credentials)
{
	return credentials->count == 0;
}

/* The last one for an origin wins. Takes `origin`; the pair is copied. */
static void store(struct credentials *credentials, struct url *origin_take, struct bytes pair)
{
	struct credential *item = NULL;
	for (size_t i = 0; i < credentials->count && item == NULL; i++) {
		if (url_same_origin(credentials->items[i].origin, origin_take)) {
			item = &credentials->items[i];
			url_close(item->origin);
		}
	}
	if (item == NULL) {
		credentials->items = alloc_resize(
			credentials->items, credentials->count + 1, sizeof(*credentials->items));
		item = &credentials->items[credentials->count++];
		*item = (struct credential){0};
	}
	item->origin = origin_take;
	buf_reset(&item->pair);
	buf_add(&item->pair, pair);
}

/* A word up to white space; counts the lines that are passed. False at the end. */
static bool next_word(struct bytes *rest, size_t *line, struct bytes *word_out)
{
	size_t start = 0;
	bool is_line_start = *line == 0;
	*line += is_line_start;
	while (start < rest->len) {
		char c = rest->ptr[start];
		if (c == '#' && is_line_start) {
			size_t end = bytes_find_char(*rest, '\n', start);
			start = end == SIZE_MAX ? rest->len : end;
			continue;
		}
		if (!char_is_space(c)) {
			break;
		}
		is_line_start = c == '\n';
		*line += c == '\n';
		start++;
	}
	size_t end = start;
	while (end < rest->len && !char_is_space(rest->ptr[end])) {
		end++;
	}
	*word_out = bytes_slice(*rest, start, end);
	*rest = bytes_slice(*rest, end, rest->len);
	return word_out->len > 0;
}

/* What a machine's words have said so far. */
struct machine {
	struct bytes where, login, password;
	bool has_login, has_password;
	size_t line;
};

static bool is_clean(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < 0x20 || c == 0x7f) {
			return false;
		}
	}
	return true;
}

static int finish_machine(
	struct credentials *credentials, const struct machine *machine, struct flong_error *err)
{
	if (machine->line == 0) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(buf_clear) struct buf pair = {0};
	if (bytes_find(machine->where, BYTES("://"), 0) == SIZE_MAX) {
		buf_add_text(&text, "https://");
	}
	buf_add(&text, machine->where);
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *origin = NULL;
	if (url_parse(buf_bytes(&text), NULL, &origin, &ignored) < 0 || !origin->is_http ||
		origin->host.len == 0 || origin->username.len > 0 || origin->password.len > 0 ||
		origin->path.len > 1 || origin->query.len > 0) {
		return error_set(err, FLONG_E_FORMAT,
			"line %zu: after 'machine' comes a host, or an origin such as "
			"https://www.example.org",
			machine->line);
	}
	if (!machine->has_login || !machine->has_password || !is_clean(machine->login) ||
		!is_clean(machine->password) ||
		bytes_find_char(machine->login, ':', 0) != SIZE_MAX) {
		return error_set(err, FLONG_E_FORMAT,
			"line %zu: this machine needs 'login USER' without a colon, and 'password "
			"PASSWORD'",
			machine->line);
	}
	buf_add(&pair, machine->login);
	buf_add_char(&pair, ':');
	buf_add(&pair, machine->password);
	store(credentials, TAKE(origin), buf_bytes(&pair));
	return FLONG_OK;
}

int credentials_load(struct credentials *credentials, struct bytes text, struct flong_error *err)
{
	struct machine machine = {0};
	struct bytes word;
	struct bytes value;
	size_t line = 0;
	int rc = FLONG_OK;
	while (rc == FLONG_OK && next_word(&text, &line, &word)) {
		size_t word_line = line;
		bool has_value = next_word(&text, &line, &value);
		if (bytes_equal(word, BYTES("machine")) && has_value) {
			rc = finish_machine(credentials, &machine, err);
			machine = (struct machine){.where = value, .line = word_line};
		} else if (bytes_equal(word, BYTES("login")) && has_value && machine.line > 0) {
			machine.login = value;
			machine.has_login = true;
		} else if (bytes_equal(word, BYTES("password")) && has_value && machine.line > 0) {
			machine.password = value;
			machine.has_password = true;
		} else {
			return error_set(err, FLONG_E_FORMAT,
				"line %zu: expected is 'machine WHERE login USER password "
				"PASSWORD'",
				word_line);
		}
	}
	return rc == FLONG_OK ? finish_machine(credentials, &machine, err) : rc;
}

bool credentials_add(struct credentials *credentials, const struct url *url)
{
	if (url->username.len == 0 && url->password.len == 0) {
		return false;
	}
	SCOPED(buf_clear) struct buf pair = {0};
	SCOPED(url_closep) struct url *origin = NULL;
	struct flong_error ignored = {0};
	percent_decode(url->username, &pair);
	buf_add_char(&pair, ':');
	percent_decode(url->password, &pair);
	if (url_parse(url->all, NULL, &origin, &ignored) == FLONG_OK) {
		store(credentials, TAKE(origin), buf_bytes(&pair));
	}
	return true;
}

void credentials_get(
	const struct credentials *credentials, const struct url *url, struct buf *value_out)
{
	for (size_t i = 0; i < credentials->count; i++) {
		if (url_same_origin(credentials->items[i].origin, url)) {
			buf_add_text(value_out, "Basic ");
			base64_encode(buf_bytes(&credentials->items[i].pair), value_out);
			return;
		}
	}
}
