/* SPDX-License-Identifier: MIT */
/* url_host.c - host parsing and writing, WHATWG URL 3.5 */
#include "web/url_host.h"

#include <string.h>

#include "base/limits.h"
#include "web/idna.h"
#include "web/percent.h"
#include "web/utf8.h"

/* URL 3.1: bytes that no host may hold, and those that no domain may hold. */
static bool has_forbidden(struct bytes host, bool is_domain)
{
	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = (unsigned char)host.ptr[i];
		if (c == 0 || strchr("\t\n\r #/:<>?@[\\]^|", c) != NULL) {
			return true;
		}
		if (is_domain && (c <= 0x1F || c == '%' || c == 0x7F)) {
			return true;
		}
	}
	return false;
}

/* An IPv4 number: decimal, 0octal or 0xhex; values over 32 bits come out as UINT32_MAX + 1. */
static bool read_ipv4_number(struct bytes text, uint64_t *number_out)
{
	unsigned base = 10;
	if (text.len == 0) {
		return false;
	}
	if (bytes_starts_nocase(text, BYTES("0x"))) {
		base = 16;
		text = bytes_slice(text, 2, text.len);
	} else if (text.len >= 2 && text.ptr[0] == '0') {
		base = 8;
		text = bytes_slice(text, 1, text.len);
	}
	uint64_t number = 0;
	for (size_t i = 0; i < text.len; i++) {
		int digit = char_hex(text.ptr[i]);
		if (digit < 0 || (unsigned)digit >= base) {
			return false;
		}
		number = number * base + (unsigned)digit;
		if (number > UINT32_MAX) {
			number = (uint64_t)UINT32_MAX + 1;
		}
	}
	*number_out = number;
	return true;
}

static struct bytes without_last_dot(struct bytes host)
{
	bool has_dot = host.len > 1 && host.ptr[host.len - 1] == '.';
	return has_dot ? bytes_slice(host, 0, host.len - 1) : host;
}

/* URL 3.5 "ends in a number checker". */
static bool ends_in_number(struct bytes host)
{
	host = without_last_dot(host);
	size_t dot = bytes_find_last_char(host, '.');
	struct bytes last = dot == SIZE_MAX ? host : bytes_slice(host, dot + 1, host.len);
	bool is_digits = last.len > 0;
	for (size_t i = 0; i < last.len; i++) {
		is_digits = is_digits && char_is_digit(last.ptr[i]);
	}
	uint64_t number;
	return is_digits || read_ipv4_number(last, &number);
}

static const char *parse_ipv4(struct bytes host, struct buf *host_out)
{
	uint64_t numbers[4];
	size_t count = 0;
	struct bytes rest = without_last_dot(host);
	bool has_more = true;
	while (has_more) {
		struct bytes part = rest;
		has_more = bytes_cut(rest, '.', &part, &rest);
		if (count == 4 || !read_ipv4_number(part, &numbers[count])) {
			return "the host ends in a number but is no IPv4 address";
		}
		count++;
	}
	uint64_t address = 0;
	for (size_t i = 0; i + 1 < count; i++) {
		if (numbers[i] > 255) {
			return "a number of the IPv4 address is over 255";
		}
		address |= numbers[i] << (24 - 8 * i);
	}
	if (numbers[count - 1] >> (8 * (5 - count)) != 0) {
		return "the last number of the IPv4 address is too large";
	}
	address |= numbers[count - 1];
	buf_addf(host_out, "%u.%u.%u.%u", (unsigned)(address >> 24),
		(unsigned)(address >> 16 & 255), (unsigned)(address >> 8 & 255),
		(unsigned)(address & 255));
	return NULL;
}

/* The address as it is read: eight pieces, and where "::" stood. */
struct ipv6 {
	uint16_t pieces[8];
	size_t count;
	size_t compress; /* the piece after "::", which counts as one; SIZE_MAX without */
};

/* "1.2.3.4" at the end fills two pieces. */
static bool read_ipv6_tail(struct bytes text, struct ipv6 *ip)
{
	if (ip->count > 6) {
		return false;
	}
	uint32_t address = 0;
	for (size_t n = 0; n < 4; n++) {
		struct bytes part = text;
		if (n < 3 && !bytes_cut(text, '.', &part, &text)) {
			return false;
		}
		uint64_t number;
		bool has_zero = part.len > 1 && part.ptr[0] == '0';
		if (has_zero || !bytes_to_u64(part, 255, &number)) {
			return false;
		}
		address = address << 8 | (uint32_t)number;
	}
	ip->pieces[ip->count++] = (uint16_t)(address >> 16);
	ip->pieces[ip->count++] = (uint16_t)address;
	return true;
}

static bool read_ipv6_pieces(struct bytes text, struct ipv6 *ip)
{
	size_t at = 0;
	if (text.len > 0 && text.ptr[0] == ':') {
		if (text.len < 2 || text.ptr[1] != ':') {
			return false;
		}
		at = 2;
		ip->compress = ++ip->count;
	}
	while (at < text.len) {
		if (ip->count == 8) {
			return false;
		}
		if (text.ptr[at] == ':') {
			if (ip->compress != SIZE_MAX) {
				return false;
			}
			at++;
			ip->compress = ++ip->count;
			continue;
		}
		size_t start = at;
		unsigned value = 0;
		while (at < text.len && at - start < 4 && char_hex(text.ptr[at]) >= 0) {
			value = value * 16 + (unsigned)char_hex(text.ptr[at++]);
		}
		if (at < text.len && text.ptr[at] == '.') {
			return at > start && read_ipv6_tail(bytes_slice(text, start, text.len), ip);
		}
		if (at < text.len && (text.ptr[at] != ':' || ++at == text.len)) {
			return false;
		}
		ip->pieces[ip->count++] = (uint16_t)value;
	}
	return true;
}

static bool read_ipv6(struct bytes text, struct ipv6 *ip)
{
	*ip = (struct ipv6){.compress = SIZE_MAX};
	if (!read_ipv6_pieces(text, ip)) {
		return false;
	}
	if (ip->compress == SIZE_MAX) {
		return ip->count == 8;
	}
	size_t tail = ip->count - ip->compress;
	memmove(&ip->pieces[8 - tail], &ip->pieces[ip->compress], tail * sizeof(ip->pieces[0]));
	for (size_t i = ip->compress; i < 8 - tail; i++) {
		ip->pieces[i] = 0;
	}
	return true;
}

/* The longest run of zeros of at least two, the first of equals, becomes "::". */
static void write_ipv6(const struct ipv6 *ip, struct buf *out)
{
	size_t best = 8;
	size_t best_length = 1;
	for (size_t i = 0; i < 8; i++) {
		size_t length = 0;
		while (i + length < 8 && ip->pieces[i + length] == 0) {
			length++;
		}
		if (length > best_length) {
			best = i;
			best_length = length;
		}
	}
	buf_add_char(out, '[');
	for (size_t i = 0; i < 8; i++) {
		if (i == best) {
			buf_add_text(out, i == 0 ? "::" : ":");
			i += best_length - 1;
			continue;
		}
		buf_addf(out, "%x%s", ip->pieces[i], i == 7 ? "" : ":");
	}
	buf_add_char(out, ']');
}

static const char *parse_domain(struct bytes text, struct buf *host_out)
{
	SCOPED(buf_clear) struct buf decoded = buf_with_max(LIMIT_URL_BYTES);
	SCOPED(buf_clear) struct buf valid = buf_with_max(LIMIT_URL_BYTES);
	SCOPED(buf_clear) struct buf ascii = buf_with_max(LIMIT_URL_BYTES * 8);
	percent_decode(text, &decoded);
	utf8_add_valid(&valid, buf_bytes(&decoded));
	if (buf_failed(&valid) || !idna_to_ascii(buf_bytes(&valid), &ascii)) {
		return "the host is no domain name";
	}
	struct bytes domain = buf_bytes(&ascii);
	if (has_forbidden(domain, true)) {
		return "the host holds a character that no domain may hold";
	}
	if (ends_in_number(domain)) {
		return parse_ipv4(domain, host_out);
	}
	buf_add(host_out, domain);
	return NULL;
}

const char *url_host_parse(struct bytes text, bool is_special, struct buf *host_out)
{
	if (text.len > 0 && text.ptr[0] == '[') {
		struct ipv6 ip;
		if (text.ptr[text.len - 1] != ']' ||
			!read_ipv6(bytes_slice(text, 1, text.len - 1), &ip)) {
			return "the host is no IPv6 address";
		}
		write_ipv6(&ip, host_out);
		return NULL;
	}
	if (is_special) {
		return parse_domain(text, host_out);
	}
	if (has_forbidden(text, false)) {
		return "the host holds a character that no host may hold";
	}
	percent_encode(text, PERCENT_C0, host_out);
	return NULL;
}
