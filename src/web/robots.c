/* SPDX-License-Identifier: MIT */
/* robots.c - robots.txt read as Google's parser reads it, which is what site owners test against
 *
 * Where RFC 9309 leaves room: keys count by their beginning, common misspellings of "disallow" are
 * taken, a missing colon is forgiven between two words, and other lines do not end a group. */
#include "web/robots.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"

/* Longest line that is looked at, bytes: eight times the longest URL of old browsers. */
#define LINE_MAX_BYTES ((size_t)16664)
/* A day: longer delays are mistakes or spite, and the caller caps further. */
#define DELAY_MAX_MS ((int64_t)86400000)

struct rule {
	bool allows;
	bool is_specific;
	char *text;           /* owned: "allow: /x" */
	struct bytes pattern; /* in text */
};

struct robots {
	struct rule *rules; /* owned */
	size_t rule_count, rule_capacity;
	struct bytes *sitemaps; /* owned array of owned bytes */
	size_t sitemap_count, sitemap_capacity;
	int64_t specific_delay_ms, global_delay_ms;
	bool has_specific; /* some group names our agent: then the groups for '*' do not count */
};

/* Where the reader stands. */
struct reader {
	struct robots *robots;
	struct bytes agent;
	bool in_specific, in_global;
	bool seen_rule; /* since the last user-agent line: the next one starts a new group */
};

enum key { KEY_AGENT, KEY_ALLOW, KEY_DISALLOW, KEY_SITEMAP, KEY_DELAY, KEY_OTHER };

static enum key key_of(struct bytes name)
{
	static const struct {
		const char *name;
		enum key key;
	} known[] = {{"user-agent", KEY_AGENT}, {"useragent", KEY_AGENT}, {"user agent", KEY_AGENT},
		{"allow", KEY_ALLOW}, {"disallow", KEY_DISALLOW}, {"dissallow", KEY_DISALLOW},
		{"dissalow", KEY_DISALLOW}, {"disalow", KEY_DISALLOW}, {"diasllow", KEY_DISALLOW},
		{"disallaw", KEY_DISALLOW}, {"sitemap", KEY_SITEMAP}, {"site-map", KEY_SITEMAP},
		{"crawl-delay", KEY_DELAY}};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (bytes_starts_nocase(name, bytes_of(known[i].name))) {
			return known[i].key;
		}
	}
	return KEY_OTHER;
}

/* Characters that need no escape, and mean the same with one (RFC 3986 2.3). */
static bool is_unreserved(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

/* Appends a pattern or target with the bytes that URLs escape as %XX, the digits of the escapes it
 * has in upper case, and those that are not needed undone: so both are written alike (RFC 9309
 * 2.2.2). */
static void add_pattern(struct buf *out, struct bytes value)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		bool is_escape = c == '%' && i + 2 < value.len && char_hex(value.ptr[i + 1]) >= 0 &&
				 char_hex(value.ptr[i + 2]) >= 0;
		int meant = is_escape ? 16 * char_hex(value.ptr[i + 1]) + char_hex(value.ptr[i + 2])
				      : 0;
		if (is_escape && is_unreserved(meant)) {
			buf_add_char(out, (char)meant);
			i += 2;
		} else if (is_escape) {
			buf_add_char(out, '%');
			buf_add_char(out, digits[char_hex(value.ptr[i + 1])]);
			buf_add_char(out, digits[char_hex(value.ptr[i + 2])]);
			i += 2;
		} else if (c <= ' ' || c >= 0x7F || strchr("\"<>^`{}", c) != NULL) {
			buf_add_char(out, '%');
			buf_add_char(out, digits[c >> 4]);
			buf_add_char(out, digits[c & 15]);
		} else {
			buf_add_char(out, (char)c);
		}
	}
}

static void add_rule(struct reader *reader, bool allows, struct bytes value)
{
	struct robots *robots = reader->robots;
	SCOPED(buf_clear) struct buf text = {0};
	if (!reader->in_specific && !reader->in_global) {
		return;
	}
	reader->seen_rule = true;
	if (value.len == 0) {
		return; /* matches everything with the least weight: says nothing */
	}
	buf_add_text(&text, allows ? "allow: " : "disallow: ");
	size_t start = text.len;
	add_pattern(&text, value);
	size_t length = text.len - start;
	if (robots->rule_count == robots->rule_capacity) {
		robots->rule_capacity = robots->rule_capacity == 0 ? 16 : robots->rule_capacity * 2;
		robots->rules =
			alloc_resize(robots->rules, robots->rule_capacity, sizeof(*robots->rules));
	}
	struct rule *rule = &robots->rules[robots->rule_count++];
	rule->allows = allows;
	rule->is_specific = reader->in_specific;
	rule->text = buf_take(&text);
	rule->pattern = bytes_from(rule->text + start, length);
}

/* The product token: letters, '_' and '-' at the start. */
static struct bytes product_of(struct bytes value)
{
	size_t length = 0;
	while (length < value.len &&
		(char_is_alpha(value.ptr[length]) || value.ptr[length] == '-' ||
			value.ptr[length] == '_')) {
		length++;
	}
	return bytes_slice(value, 0, length);
}

static void take_agent(struct reader *reader, struct bytes value)
{
	if (reader->seen_rule) {
		reader->in_specific = false;
		reader->in_global = false;
		reader->seen_rule = false;
	}
	bool is_star = value.len > 0 && value.ptr[0] == '*' &&
		       (value.len == 1 || char_is_space(value.ptr[1]));
	if (is_star) {
		reader->in_global = true;
	} else if (bytes_equal_nocase(product_of(value), reader->agent)) {
		reader->in_specific = true;
		reader->robots->has_specific = true;
	}
}

static void take_sitemap(struct robots *robots, struct bytes value)
{
	if (robots->sitemap_count == robots->sitemap_capacity) {
		robots->sitemap_capacity =
			robots->sitemap_capacity == 0 ? 8 : robots->sitemap_capacity * 2;
		robots->sitemaps = alloc_resize(
			robots->sitemaps, robots->sitemap_capacity, sizeof(*robots->sitemaps));
	}
	char *copy = alloc_text(value.ptr, value.len);
	robots->sitemaps[robots->sitemap_count++] = bytes_from(copy, value.len);
}

/* "10" and "0.5" seconds; anything else is no delay. The first one of a group counts. */
static void take_delay(struct reader *reader, struct bytes value)
{
	struct bytes whole = value;
	struct bytes fraction = {NULL, 0};
	uint64_t seconds = 0;
	(void)bytes_cut(value, '.', &whole, &fraction);
	if (whole.len > 0 && !bytes_to_u64(whole, UINT32_MAX, &seconds)) {
		return;
	}
	int64_t ms = (int64_t)seconds * 1000;
	int64_t scale = 100;
	for (size_t i = 0; i < fraction.len; i++) {
		if (!char_is_digit(fraction.ptr[i])) {
			return;
		}
		ms += (fraction.ptr[i] - '0') * scale;
		scale /= 10;
	}
	if (whole.len + fraction.len == 0) {
		return;
	}
	ms = ms > DELAY_MAX_MS ? DELAY_MAX_MS : ms;
	struct robots *robots = reader->robots;
	if (reader->in_specific && robots->specific_delay_ms < 0) {
		robots->specific_delay_ms = ms;
	} else if (reader->in_global && !reader->in_specific && robots->global_delay_ms < 0) {
		robots->global_delay_ms = ms;
	}
}

/* "key: value", or two words without colon. */
static bool split_line(struct bytes line, struct bytes *key_out, struct bytes *value_out)
{
	if (bytes_cut(line, ':', key_out, value_out)) {
		*key_out = bytes_trim(*key_out);
		*value_out = bytes_trim(*value_out);
		return key_out->len > 0;
	}
	size_t end = 0;
	while (end < line.len && line.ptr[end] != ' ' && line.ptr[end] != '\t') {
		end++;
	}
	*key_out = bytes_slice(line, 0, end);
	*value_out = bytes_trim(bytes_slice(line, end, line.len));
	for (size_t i = 0; i < value_out->len; i++) {
		if (value_out->ptr[i] == ' ' || value_out->ptr[i] == '\t') {
			return false;
		}
	}
	return key_out->len > 0 && value_out->len > 0;
}

static void take_line(struct reader *reader, struct bytes line)
{
	struct bytes key;
	struct bytes value;
	struct bytes comment;
	line = bytes_slice(line, 0, LINE_MAX_BYTES);
	(void)bytes_cut(line, '#', &line, &comment);
	if (!split_line(bytes_trim(line), &key, &value)) {
		return;
	}
	switch (key_of(key)) {
	case KEY_AGENT:
		take_agent(reader, value);
		break;
	case KEY_ALLOW:
		add_rule(reader, true, value);
		break;
	case KEY_DISALLOW:
		add_rule(reader, false, value);
		break;
	case KEY_SITEMAP:
		take_sitemap(reader->robots, value);
		break;
	case KEY_DELAY:
		take_delay(reader, value);
		break;
	case KEY_OTHER:
		break;
	}
}

struct robots *robots_parse(struct bytes text, struct bytes agent)
{
	struct robots *robots = ALLOC(struct robots);
	/* The version of "name/1.0" is no part of the product token. */
	struct reader reader = {
		.robots = robots, .agent = bytes_slice(agent, 0, bytes_find_char(agent, '/', 0))};
	robots->specific_delay_ms = -1;
	robots->global_delay_ms = -1;
	text = bytes_slice(text, 0, LIMIT_ROBOTS_BYTES);
	if (bytes_starts(text, BYTES("\xEF\xBB\xBF"))) {
		text = bytes_slice(text, 3, text.len);
	}
	size_t start = 0;
	for (size_t i = 0; i <= text.len; i++) {
		/* A lone CR ends a line too; the LF of CRLF then ends an empty one. */
		if (i == text.len || text.ptr[i] == '\n' || text.ptr[i] == '\r') {
			take_line(&reader, bytes_slice(text, start, i));
			start = i + 1;
		}
	}
	return robots;
}

void robots_close(struct robots *robots)
{
	if (robots == NULL) {
		return;
	}
	for (size_t i = 0; i < robots->rule_count; i++) {
		free(robots->rules[i].text);
	}
	for (size_t i = 0; i < robots->sitemap_count; i++) {
		free((char *)(uintptr_t)robots->sitemaps[i].ptr);
	}
	free(robots->rules);
	free(robots->sitemaps);
	free(robots);
}

/* '*' stands for any bytes, '$' at the end for the end; otherwise the pattern is a prefix. Finding
 * each part as early as it can be is enough. */
static bool pattern_matches(struct bytes pattern, struct bytes target)
{
	bool is_anchored = pattern.len > 0 && pattern.ptr[pattern.len - 1] == '$';
	pattern.len -= is_anchored ? 1 : 0;
	struct bytes part = pattern;
	struct bytes rest = {NULL, 0};
	bool has_more = bytes_cut(pattern, '*', &part, &rest);
	if (!bytes_starts(target, part)) {
		return false;
	}
	size_t at = part.len;
	while (has_more) {
		part = rest;
		has_more = bytes_cut(rest, '*', &part, &rest);
		if (!has_more && is_anchored) {
			return target.len - at >= part.len && bytes_ends(target, part);
		}
		at = bytes_find(target, part, at);
		if (at == SIZE_MAX) {
			return false;
		}
		at += part.len;
	}
	return !is_anchored || at == target.len;
}

/* "/dir/index.html" allows "/dir/" as well, as Google has it. */
static bool index_matches(struct bytes pattern, struct bytes target)
{
	size_t slash = bytes_find_last_char(pattern, '/');
	if (slash == SIZE_MAX ||
		!bytes_starts(bytes_slice(pattern, slash, pattern.len), BYTES("/index.htm"))) {
		return false;
	}
	SCOPED(buf_clear) struct buf folder = {0};
	buf_add(&folder, bytes_slice(pattern, 0, slash + 1));
	buf_add_char(&folder, '$');
	return pattern_matches(buf_bytes(&folder), target);
}

/* Weight of a rule for the target: the length of its pattern, 0 when it does not match. */
static size_t rule_weight(const struct rule *rule, struct bytes target)
{
	if (pattern_matches(rule->pattern, target)) {
		return rule->pattern.len;
	}
	if (rule->allows && index_matches(rule->pattern, target)) {
		return bytes_find_last_char(rule->pattern, '/') + 2;
	}
	return 0;
}

bool robots_allows(const struct robots *robots, struct bytes target, struct bytes *rule_out)
{
	SCOPED(buf_clear) struct buf normal = {0};
	const struct rule *best = NULL;
	size_t best_weight = 0;
	if (rule_out != NULL) {
		*rule_out = (struct bytes){NULL, 0};
	}
	if (robots == NULL) {
		return true;
	}
	add_pattern(&normal, target);
	for (size_t i = 0; i < robots->rule_count; i++) {
		const struct rule *rule = &robots->rules[i];
		if (rule->is_specific != robots->has_specific) {
			continue;
		}
		size_t weight = rule_weight(rule, buf_bytes(&normal));
		/* With equal weight the rule that allows wins. */
		if (weight > best_weight ||
			(weight == best_weight && weight > 0 && rule->allows && !best->allows)) {
			best = rule;
			best_weight = weight;
		}
	}
	if (best != NULL && rule_out != NULL) {
		*rule_out = bytes_of(best->text);
	}
	return best == NULL || best->allows;
}

int64_t robots_crawl_delay_ms(const struct robots *robots)
{
	if (robots == NULL) {
		return -1;
	}
	return robots->has_specific ? robots->specific_delay_ms : robots->global_delay_ms;
}

bool robots_sitemap(const struct robots *robots, size_t n, struct bytes *url_out)
{
	if (robots == NULL || n >= robots->sitemap_count) {
		return false;
	}
	*url_out = robots->sitemaps[n];
	return true;
}
