/* SPDX-License-Identifier: MIT */
/* cookies.c - the storage model of RFC 6265, section 5, as one array that is searched in a line
 *
 * A crawl meets a few hundred cookies; the limits keep the array at some thousand. SameSite is read
 * past: a crawler has no sites that embed one another in the sense of that rule. */
#include "web/cookies.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "web/cookie_date.h"
#include "web/public_suffix.h"

#define NEVER INT64_MAX

struct cookie {
	char *text; /* owned: "name=value" */
	size_t name_length;
	char *domain; /* owned, lower case, without leading dot */
	char *path;   /* owned */
	int64_t expires_ms;
	uint64_t order; /* of creation */
	bool is_host_only;
	bool is_secure;
};

struct cookies {
	struct cookie *items; /* owned */
	size_t count, capacity;
	uint64_t next_order;
};

struct cookies *cookies_create(void)
{
	return ALLOC(struct cookies);
}

static void cookie_clear(struct cookie *cookie)
{
	free(cookie->text);
	free(cookie->domain);
	free(cookie->path);
	*cookie = (struct cookie){0};
}

void cookies_close(struct cookies *cookies)
{
	if (cookies == NULL) {
		return;
	}
	for (size_t i = 0; i < cookies->count; i++) {
		cookie_clear(&cookies->items[i]);
	}
	free(cookies->items);
	free(cookies);
}

static void remove_at(struct cookies *cookies, size_t index)
{
	struct cookie gone = cookies->items[index];
	cookies->count--;
	cookies->items[index] = cookies->items[cookies->count];
	cookies->items[cookies->count] = (struct cookie){0};
	cookie_clear(&gone);
}

static bool is_address(struct bytes host)
{
	uint64_t number;
	size_t dot = bytes_find_last_char(host, '.');
	return bytes_starts(host, BYTES("[")) ||
	       (dot != SIZE_MAX &&
		       bytes_to_u64(bytes_slice(host, dot + 1, host.len), 255, &number));
}

/* RFC 6265 5.1.3. */
static bool domain_matches(struct bytes host, struct bytes domain)
{
	if (bytes_equal_nocase(host, domain)) {
		return true;
	}
	return host.len > domain.len && !is_address(host) &&
	       host.ptr[host.len - domain.len - 1] == '.' &&
	       bytes_equal_nocase(bytes_slice(host, host.len - domain.len, host.len), domain);
}

/* RFC 6265 5.1.4. */
static bool path_matches(struct bytes path, struct bytes cookie_path)
{
	if (!bytes_starts(path, cookie_path)) {
		return false;
	}
	return path.len == cookie_path.len || bytes_ends(cookie_path, BYTES("/")) ||
	       path.ptr[cookie_path.len] == '/';
}

static struct bytes default_path(struct bytes path)
{
	size_t slash = bytes_find_last_char(path, '/');
	return slash == SIZE_MAX || slash == 0 ? BYTES("/") : bytes_slice(path, 0, slash);
}

/* What a Set-Cookie value says. */
struct received {
	struct bytes name, value, domain, path;
	int64_t expires_ms;
	bool has_domain, has_max_age, is_secure;
};

/* RFC 6265 5.2.2: seconds from now, or in the past for what is not positive. */
static void take_max_age(struct received *received, struct bytes value, int64_t now_ms)
{
	uint64_t seconds = 0;
	bool is_negative = bytes_starts(value, BYTES("-"));
	struct bytes digits = is_negative ? bytes_slice(value, 1, value.len) : value;
	for (size_t i = 0; i < digits.len; i++) {
		if (!char_is_digit(digits.ptr[i])) {
			return;
		}
	}
	if (digits.len == 0) {
		return;
	}
	received->has_max_age = true;
	if (!bytes_to_u64(digits, UINT32_MAX, &seconds)) {
		seconds = UINT32_MAX;
	}
	bool is_over = is_negative || seconds == 0;
	received->expires_ms = is_over ? INT64_MIN : now_ms + (int64_t)seconds * 1000;
}

static void take_attribute(
	struct received *received, struct bytes name, struct bytes value, int64_t now_ms)
{
	int64_t expires_ms = 0;
	if (bytes_equal_nocase(name, BYTES("expires"))) {
		if (!received->has_max_age && cookie_date_parse(value, &expires_ms)) {
			received->expires_ms = expires_ms;
		}
	} else if (bytes_equal_nocase(name, BYTES("max-age"))) {
		take_max_age(received, value, now_ms);
	} else if (bytes_equal_nocase(name, BYTES("domain"))) {
		received->domain =
			bytes_starts(value, BYTES(".")) ? bytes_slice(value, 1, value.len) : value;
		received->has_domain = received->domain.len > 0;
	} else if (bytes_equal_nocase(name, BYTES("path"))) {
		received->path = value;
	} else if (bytes_equal_nocase(name, BYTES("secure"))) {
		received->is_secure = true;
	}
}

static bool has_control(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		unsigned char c = (unsigned char)b.ptr[i];
		if ((c < 0x20 && c != '\t') || c == 0x7F) {
			return true;
		}
	}
	return false;
}

/* RFC 6265 5.2; a tab inside name, value or path is refused as in curl. */
static bool read_received(struct bytes text, int64_t now_ms, struct received *received)
{
	struct bytes pair = text;
	struct bytes rest = {NULL, 0};
	*received = (struct received){.expires_ms = NEVER};
	(void)bytes_cut(text, ';', &pair, &rest);
	if (!bytes_cut(pair, '=', &received->name, &received->value)) {
		return false;
	}
	received->name = bytes_trim(received->name);
	received->value = bytes_trim(received->value);
	if (received->name.len == 0 || has_control(text) || text.len > 2 * LIMIT_COOKIE_BYTES ||
		received->name.len + received->value.len > LIMIT_COOKIE_BYTES ||
		bytes_find_char(pair, '\t', 0) != SIZE_MAX) {
		return false;
	}
	struct bytes item;
	while (bytes_next_item(&rest, ';', &item)) {
		struct bytes name = item;
		struct bytes value = {NULL, 0};
		(void)bytes_cut(item, '=', &name, &value);
		take_attribute(received, bytes_trim(name), bytes_trim(value), now_ms);
	}
	if (received->path.len == 0 || received->path.ptr[0] != '/') {
		received->path = (struct bytes){NULL, 0};
	}
	return bytes_find_char(received->path, '\t', 0) == SIZE_MAX;
}

/* "__Secure-" and "__Host-" promise something about the cookie (RFC 6265bis 4.1.3). */
static bool keeps_promise(const struct received *received, bool is_host_only)
{
	if (bytes_starts_nocase(received->name, BYTES("__Host-"))) {
		return received->is_secure && is_host_only &&
		       bytes_equal(received->path, BYTES("/"));
	}
	return !bytes_starts_nocase(received->name, BYTES("__Secure-")) || received->is_secure;
}

static bool is_same(const struct cookie *a, const struct cookie *b)
{
	return a->name_length == b->name_length && a->is_host_only == b->is_host_only &&
	       memcmp(a->text, b->text, a->name_length) == 0 && strcmp(a->domain, b->domain) == 0 &&
	       strcmp(a->path, b->path) == 0;
}

/* Makes room: expired cookies go first, then the oldest of the domain or of all. */
static void make_room(struct cookies *cookies, const char *domain, int64_t now_ms)
{
	size_t in_domain = 0;
	size_t oldest = SIZE_MAX;
	size_t oldest_in_domain = SIZE_MAX;
	for (size_t i = cookies->count; i-- > 0;) {
		if (cookies->items[i].expires_ms <= now_ms) {
			remove_at(cookies, i);
		}
	}
	for (size_t i = 0; i < cookies->count; i++) {
		uint64_t order = cookies->items[i].order;
		if (oldest == SIZE_MAX || order < cookies->items[oldest].order) {
			oldest = i;
		}
		if (strcmp(cookies->items[i].domain, domain) != 0) {
			continue;
		}
		in_domain++;
		if (oldest_in_domain == SIZE_MAX ||
			order < cookies->items[oldest_in_domain].order) {
			oldest_in_domain = i;
		}
	}
	if (in_domain >= LIMIT_COOKIES_PER_HOST) {
		remove_at(cookies, oldest_in_domain);
	} else if (cookies->count >= LIMIT_COOKIES) {
		remove_at(cookies, oldest);
	}
}

/* RFC 6265 5.3 11 and 12. Takes what `cookie` owns. */
static void store(struct cookies *cookies, struct cookie *cookie, int64_t now_ms)
{
	cookie->order = cookies->next_order++;
	for (size_t i = 0; i < cookies->count; i++) {
		if (is_same(&cookies->items[i], cookie)) {
			cookie->order = cookies->items[i].order;
			remove_at(cookies, i);
			break;
		}
	}
	if (cookie->expires_ms <= now_ms) {
		cookie_clear(cookie);
		return;
	}
	make_room(cookies, cookie->domain, now_ms);
	if (cookies->count == cookies->capacity) {
		cookies->capacity = cookies->capacity == 0 ? 32 : cookies->capacity * 2;
		cookies->items =
			alloc_resize(cookies->items, cookies->capacity, sizeof(*cookies->items));
	}
	cookies->items[cookies->count++] = *cookie;
	*cookie = (struct cookie){0};
}

static char *lower_text(struct bytes text)
{
	char *copy = alloc_text(text.ptr, text.len);
	for (size_t i = 0; i < text.len; i++) {
		copy[i] = char_lower(copy[i]);
	}
	return copy;
}

static char *pair_text(struct bytes name, struct bytes value)
{
	struct buf text = {0};
	buf_add(&text, name);
	buf_add_char(&text, '=');
	buf_add(&text, value);
	return buf_take(&text);
}

void cookies_set(
	struct cookies *cookies, const struct url *url, struct bytes set_cookie, int64_t now_ms)
{
	struct received received;
	if (!url->is_http || !read_received(set_cookie, now_ms, &received)) {
		return;
	}
	bool is_host_only = !received.has_domain;
	if (received.has_domain && public_suffix_is(received.domain)) {
		/* A cookie for all of "co.uk" is refused, but the host may be a suffix itself. */
		if (!bytes_equal_nocase(received.domain, url->host)) {
			return;
		}
		is_host_only = true;
	} else if (received.has_domain && !domain_matches(url->host, received.domain)) {
		return;
	}
	bool from_secure = bytes_equal(url->scheme, BYTES("https"));
	if ((received.is_secure && !from_secure) || !keeps_promise(&received, is_host_only)) {
		return;
	}
	struct cookie cookie = {
		.text = pair_text(received.name, received.value),
		.name_length = received.name.len,
		.domain = lower_text(is_host_only ? url->host : received.domain),
		.expires_ms = received.expires_ms,
		.is_host_only = is_host_only,
		.is_secure = received.is_secure,
	};
	struct bytes path = received.path.len > 0 ? received.path : default_path(url->path);
	cookie.path = alloc_text(path.ptr, path.len);
	store(cookies, &cookie, now_ms);
}

static bool applies(const struct cookie *cookie, const struct url *url, int64_t now_ms)
{
	bool is_secure = bytes_equal(url->scheme, BYTES("https"));
	struct bytes domain = bytes_of(cookie->domain);
	bool is_host = cookie->is_host_only ? bytes_equal_nocase(url->host, domain)
					    : domain_matches(url->host, domain);
	return is_host && cookie->expires_ms > now_ms && (is_secure || !cookie->is_secure) &&
	       path_matches(url->path, bytes_of(cookie->path));
}

/* A cookie that is sent. */
struct choice {
	const struct cookie *cookie; /* borrowed */
};

/* RFC 6265 5.4 2: longer paths first, then older cookies. */
static int compare_cookies(const void *a, const void *b)
{
	const struct cookie *x = ((const struct choice *)a)->cookie;
	const struct cookie *y = ((const struct choice *)b)->cookie;
	size_t x_length = strlen(x->path);
	size_t y_length = strlen(y->path);
	if (x_length != y_length) {
		return x_length > y_length ? -1 : 1;
	}
	return x->order < y->order ? -1 : x->order > y->order ? 1 : 0;
}

void cookies_get(
	const struct cookies *cookies, const struct url *url, int64_t now_ms, struct buf *value_out)
{
	struct choice *chosen = ALLOC_ARRAY(struct choice, cookies->count + 1);
	size_t count = 0;
	for (size_t i = 0; i < cookies->count; i++) {
		if (url->is_http && applies(&cookies->items[i], url, now_ms)) {
			chosen[count++].cookie = &cookies->items[i];
		}
	}
	qsort(chosen, count, sizeof(*chosen), compare_cookies);
	size_t start = value_out->len;
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(chosen[i].cookie->text);
		if (value_out->len - start + length + 2 > LIMIT_COOKIE_FIELD_BYTES) {
			continue;
		}
		buf_add_text(value_out, value_out->len == start ? "" : "; ");
		buf_add_text(value_out, chosen[i].cookie->text);
	}
	free(chosen);
}

void cookies_add_pairs(const struct cookies *cookies, struct buf *out)
{
	for (size_t i = 0; i < cookies->count; i++) {
		buf_add_text(out, cookies->items[i].text);
		buf_add_char(out, '\n');
	}
}

/* domain, subdomains, path, secure, expiry, name, value. The value may be missing when empty. */
static bool read_file_line(struct bytes line, struct cookie *cookie)
{
	struct bytes fields[7] = {{NULL, 0}};
	size_t count = 0;
	while (count < 7 && bytes_next_item(&line, '\t', &fields[count])) {
		count++;
	}
	uint64_t expires = 0;
	if (count < 6 || line.len > 0 || !bytes_to_u64(fields[4], INT64_MAX / 1000, &expires) ||
		fields[0].len == 0 || fields[5].len == 0 || has_control(fields[6])) {
		return false;
	}
	bool has_dot = fields[0].ptr[0] == '.';
	*cookie = (struct cookie){
		.text = pair_text(fields[5], fields[6]),
		.name_length = fields[5].len,
		.domain =
			lower_text(has_dot ? bytes_slice(fields[0], 1, fields[0].len) : fields[0]),
		.path = fields[2].len == 0 ? alloc_copy("/")
					   : alloc_text(fields[2].ptr, fields[2].len),
		.expires_ms = expires == 0 ? NEVER : (int64_t)expires * 1000,
		.is_host_only = !bytes_equal_nocase(fields[1], BYTES("TRUE")),
		.is_secure = bytes_equal_nocase(fields[3], BYTES("TRUE")),
	};
	return true;
}

int cookies_load(struct cookies *cookies, struct bytes text, struct flong_error *err)
{
	struct bytes line;
	for (size_t number = 1; bytes_next_line(&text, &line); number++) {
		/* curl marks cookies that scripts may not see by this prefix. */
		if (bytes_starts(line, BYTES("#HttpOnly_"))) {
			line = bytes_slice(line, 10, line.len);
		} else if (bytes_trim(line).len == 0 || line.ptr[0] == '#') {
			continue;
		}
		struct cookie cookie;
		if (line.len > 4 * LIMIT_COOKIE_BYTES || !read_file_line(line, &cookie)) {
			return error_set(err, FLONG_E_FORMAT,
				"line %zu of the cookie file is no cookie: seven fields between "
				"tabs are expected",
				number);
		}
		store(cookies, &cookie, INT64_MIN + 1);
	}
	return FLONG_OK;
}
