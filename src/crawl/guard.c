/* SPDX-License-Identifier: MIT */
/* guard.c - addresses that a page must not make us talk to */
#include "crawl/guard.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "crawl/guard_url.h"

/* An address block. IPv4 is held as ::ffff:a.b.c.d, so that mapped addresses are the same. */
struct block {
	unsigned char address[16];
	unsigned prefix; /* bits, 0-128 */
};

struct permit {
	char *name;         /* owned: host or numeric address; empty = every one */
	uint16_t port;      /* 0 = every port */
	uint16_t peer_port; /* of a host: the port that is connected to; 0 = every one */
	bool is_seed;       /* ends when the host is reached at a public address */
	bool has_ended;
};

struct guard {
	struct block *blocks; /* owned */
	size_t block_count;
	struct permit *hosts, *addresses; /* owned */
	size_t host_count, address_count;
};

/* IANA special-purpose registries, and what cloud metadata services use. */
static const char *const private_blocks[] = {
	"0.0.0.0/8",
	"10.0.0.0/8",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"168.63.129.16/32",
	"172.16.0.0/12",
	"192.0.0.0/24",
	"192.0.2.0/24",
	"192.88.99.0/24",
	"192.168.0.0/16",
	"198.18.0.0/15",
	"198.51.100.0/24",
	"203.0.113.0/24",
	"224.0.0.0/4",
	"240.0.0.0/4",
	"2001::/23",
	"2001:db8::/32",
	"2002::/16",
	"3fff::/20",
};

/* All else of IPv6 is local, embeds addresses of IPv4 (NAT64, compatible), or is not given out;
 * mapped addresses are IPv4 here. */
static const char global_block[] = "2000::/3";

static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool read_address(const char *text, unsigned char out[16], bool *is_v4_out)
{
	char plain[INET6_ADDRSTRLEN] = {0};
	size_t length = strcspn(text, "%");
	if (length >= sizeof(plain)) {
		return false;
	}
	memcpy(plain, text, length);
	if (inet_pton(AF_INET, plain, out + 12) == 1) {
		memcpy(out, mapped_prefix, sizeof(mapped_prefix));
		*is_v4_out = true;
		return true;
	}
	*is_v4_out = false;
	return inet_pton(AF_INET6, plain, out) == 1;
}

static bool read_block(const char *text, struct block *block_out)
{
	char address[INET6_ADDRSTRLEN] = {0};
	size_t length = strcspn(text, "/");
	if (length >= sizeof(address)) {
		return false;
	}
	memcpy(address, text, length);
	bool is_v4 = false;
	struct block block = {.prefix = 128};
	if (!read_address(address, block.address, &is_v4)) {
		return false;
	}
	if (text[length] == '/') {
		uint64_t bits = 0;
		if (!bytes_to_u64(bytes_of(text + length + 1), is_v4 ? 32 : 128, &bits)) {
			return false;
		}
		block.prefix = (unsigned)bits + (is_v4 ? 96 : 0);
	}
	*block_out = block;
	return true;
}

static bool block_holds(const struct block *block, const unsigned char address[16])
{
	unsigned whole = block->prefix / 8;
	unsigned rest = block->prefix % 8;
	if (memcmp(block->address, address, whole) != 0) {
		return false;
	}
	if (rest == 0) {
		return true;
	}
	unsigned char mask = (unsigned char)(0xff << (8 - rest));
	return (block->address[whole] & mask) == (address[whole] & mask);
}

struct guard *guard_create(void)
{
	return ALLOC(struct guard);
}

static void clear_permits(struct permit *permits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(permits[i].name);
	}
	free(permits);
}

void guard_close(struct guard *guard)
{
	if (guard == NULL) {
		return;
	}
	clear_permits(guard->hosts, guard->host_count);
	clear_permits(guard->addresses, guard->address_count);
	free(guard->blocks);
	free(guard);
}

int guard_allow_block(struct guard *guard, const char *cidr, struct flong_error *err)
{
	struct block v4_all = {.prefix = 0};
	if (cidr[0] != '\0' && !read_block(cidr, &v4_all)) {
		return error_set(err, FLONG_E_USAGE,
			"--allow-private: '%s' is no address block such as 10.0.0.0/8", cidr);
	}
	guard->blocks = alloc_resize(guard->blocks, guard->block_count + 1, sizeof(struct block));
	guard->blocks[guard->block_count++] = v4_all;
	return FLONG_OK;
}

static void add_permit(
	struct permit **permits, size_t *count, struct permit shape, struct bytes name)
{
	*permits = alloc_resize(*permits, *count + 1, sizeof(struct permit));
	shape.name = alloc_text(name.ptr, name.len);
	(*permits)[(*count)++] = shape;
}

void guard_allow_host(struct guard *guard, struct bytes host, uint16_t port)
{
	add_permit(&guard->hosts, &guard->host_count, (struct permit){.port = port}, host);
}

void guard_allow_seed(struct guard *guard, struct bytes host, uint16_t port)
{
	const struct permit shape = {.port = port, .is_seed = true};
	add_permit(&guard->hosts, &guard->host_count, shape, host);
}

void guard_allow_mapped(struct guard *guard, struct bytes host, uint16_t port, uint16_t peer_port)
{
	const struct permit shape = {.port = port, .peer_port = peer_port};
	add_permit(&guard->hosts, &guard->host_count, shape, host);
}

void guard_allow_address(struct guard *guard, struct bytes ip, uint16_t port)
{
	add_permit(&guard->addresses, &guard->address_count, (struct permit){.port = port}, ip);
}

bool guard_is_private(const char *ip)
{
	unsigned char address[16];
	bool is_v4 = false;
	struct block block;
	if (!read_address(ip, address, &is_v4)) {
		return true;
	}
	bool is_mapped = memcmp(address, mapped_prefix, sizeof(mapped_prefix)) == 0;
	if (!is_mapped && !(read_block(global_block, &block) && block_holds(&block, address))) {
		return true;
	}
	for (size_t i = 0; i < sizeof(private_blocks) / sizeof(private_blocks[0]); i++) {
		if (read_block(private_blocks[i], &block) && block_holds(&block, address)) {
			return true;
		}
	}
	return false;
}

static bool is_in_block(const struct guard *guard, const char *ip)
{
	unsigned char address[16];
	bool is_v4 = false;
	for (size_t i = 0; read_address(ip, address, &is_v4) && i < guard->block_count; i++) {
		if (block_holds(&guard->blocks[i], address)) {
			return true;
		}
	}
	return false;
}

/* Whether two texts are the same address, whatever its spelling. */
static bool is_same_address(const char *a, const char *b)
{
	unsigned char one[16];
	unsigned char other[16];
	bool is_v4 = false;
	return read_address(a, one, &is_v4) && read_address(b, other, &is_v4) &&
	       memcmp(one, other, sizeof(one)) == 0;
}

static bool address_is_permitted(const struct guard *guard, const char *ip, uint16_t port)
{
	for (size_t i = 0; i < guard->address_count; i++) {
		const struct permit *permit = &guard->addresses[i];
		if ((permit->port == 0 || permit->port == port) &&
			is_same_address(permit->name, ip)) {
			return true;
		}
	}
	return false;
}

static bool permit_fits(const struct permit *permit, const struct url *url)
{
	return (permit->port == 0 || permit->port == url_port(url)) &&
	       (permit->name[0] == '\0' || bytes_equal_nocase(bytes_of(permit->name), url->host));
}

/* `peer_port` 0: it is not connected yet. */
static bool host_is_permitted(const struct guard *guard, const struct url *url, uint16_t peer_port)
{
	for (size_t i = 0; i < guard->host_count; i++) {
		const struct permit *permit = &guard->hosts[i];
		if (permit_fits(permit, url) && !permit->has_ended &&
			(peer_port == 0 || permit->peer_port == 0 ||
				permit->peer_port == peer_port)) {
			return true;
		}
	}
	return false;
}

bool guard_allows(void *context, const char *href, const char *ip, uint16_t port)
{
	const struct guard *guard = context;
	if (!guard_is_private(ip) || address_is_permitted(guard, ip, port) ||
		is_in_block(guard, ip)) {
		return true;
	}
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	return url_parse(bytes_of(href), NULL, &url, &ignored) == FLONG_OK &&
	       host_is_permitted(guard, url, port);
}

void guard_reached(void *context, const char *href, const char *ip)
{
	struct guard *guard = context;
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (guard_is_private(ip) || url_parse(bytes_of(href), NULL, &url, &ignored) < 0) {
		return;
	}
	for (size_t i = 0; i < guard->host_count; i++) {
		struct permit *permit = &guard->hosts[i];
		permit->has_ended =
			permit->has_ended || (permit->is_seed && permit_fits(permit, url));
	}
}

/* Through a proxy nobody here sees the address, so the URL itself has to tell. */
static const char *proxied_refusal(const struct guard *guard, const struct url *url)
{
	struct bytes host = url->host;
	bool has_brackets = bytes_starts(host, BYTES("["));
	SCOPED(free_textp)
	char *ip = has_brackets ? alloc_text(host.ptr + 1, host.len - 2)
				: alloc_text(host.ptr, host.len);
	unsigned char address[16];
	bool is_v4 = false;
	if (!has_brackets && !read_address(ip, address, &is_v4)) {
		return guard_url_is_local_name(host) ? "its host is a name of a local network"
						     : NULL;
	}
	bool is_allowed = !guard_is_private(ip) || is_in_block(guard, ip) ||
			  address_is_permitted(guard, ip, url_port(url));
	return is_allowed ? NULL : "its host is a private address";
}

static bool allows_all(const struct guard *guard)
{
	for (size_t i = 0; i < guard->block_count; i++) {
		if (guard->blocks[i].prefix == 0) {
			return true;
		}
	}
	return false;
}

bool guard_refuses(
	void *context, const char *href, bool is_proxied, struct guard_reason *reason_out)
{
	const struct guard *guard = context;
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	const char *why = NULL;
	if (url_parse(bytes_of(href), NULL, &url, &ignored) < 0 || !url->is_http) {
		why = "only http and https URLs are fetched";
	} else if (guard_url_service(url_port(url)) != NULL) {
		(void)snprintf(reason_out->text, sizeof(reason_out->text),
			"port %u belongs to %s, browsers refuse it too", (unsigned)url_port(url),
			guard_url_service(url_port(url)));
		return true;
	} else if (allows_all(guard) || host_is_permitted(guard, url, 0)) {
		return false;
	} else if (guard->block_count == 0 && guard_url_is_metadata_name(url->host)) {
		why = "its host is a metadata service of clouds";
	} else if (is_proxied) {
		why = proxied_refusal(guard, url);
	}
	(void)snprintf(reason_out->text, sizeof(reason_out->text), "%s", why == NULL ? "" : why);
	return why != NULL;
}
