/* SPDX-License-Identifier: MIT */
/* guard.c - addresses that a page must not make us talk to */
#include "crawl/guard.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* An address block. IPv4 is held as ::ffff:a.b.c.d, so that mapped addresses are the same. */
struct block {
	unsigned char address[16];
	unsigned prefix; /* bits, 0-128 */
};

struct permit {
	char *name;    /* owned: host or numeric address */
	uint16_t port; /* 0 = every port */
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
	"::/128",
	"::1/128",
	"64:ff9b::/96",
	"64:ff9b:1::/48",
	"100::/64",
	"2001::/23",
	"2001:db8::/32",
	"2002::/16",
	"5f00::/16",
	"fc00::/7",
	"fe80::/10",
	"fec0::/10",
	"ff00::/8",
};

static bool read_address(const char *text, unsigned char out[16], bool *is_v4_out)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char plain[INET6_ADDRSTRLEN] = {0};
	size_t length = strcspn(text, "%");
	if (length >= sizeof(plain)) {
		return false;
	}
	memcpy(plain, text, length);
	if (inet_pton(AF_INET, plain, out + 12) == 1) {
		memcpy(out, mapped, sizeof(mapped));
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

static void add_permit(struct permit **permits, size_t *count, struct bytes name, uint16_t port)
{
	*permits = alloc_resize(*permits, *count + 1, sizeof(struct permit));
	(*permits)[(*count)++] = (struct permit){alloc_text(name.ptr, name.len), port};
}

void guard_allow_host(struct guard *guard, struct bytes host, uint16_t port)
{
	add_permit(&guard->hosts, &guard->host_count, host, port);
}

void guard_allow_address(struct guard *guard, struct bytes ip, uint16_t port)
{
	add_permit(&guard->addresses, &guard->address_count, ip, port);
}

bool guard_is_private(const char *ip)
{
	unsigned char address[16];
	bool is_v4 = false;
	if (!read_address(ip, address, &is_v4)) {
		return true;
	}
	for (size_t i = 0; i < sizeof(private_blocks) / sizeof(private_blocks[0]); i++) {
		struct block block;
		if (read_block(private_blocks[i], &block) && block_holds(&block, address)) {
			return true;
		}
	}
	return false;
}

static bool is_permitted(
	const struct permit *permits, size_t count, struct bytes name, uint16_t port)
{
	for (size_t i = 0; i < count; i++) {
		if ((permits[i].port == 0 || permits[i].port == port) &&
			bytes_equal_nocase(bytes_of(permits[i].name), name)) {
			return true;
		}
	}
	return false;
}

bool guard_allows(void *context, const char *href, const char *ip, uint16_t port)
{
	const struct guard *guard = context;
	if (!guard_is_private(ip) ||
		is_permitted(guard->addresses, guard->address_count, bytes_of(ip), port)) {
		return true;
	}
	unsigned char address[16];
	bool is_v4 = false;
	for (size_t i = 0; read_address(ip, address, &is_v4) && i < guard->block_count; i++) {
		if (block_holds(&guard->blocks[i], address)) {
			return true;
		}
	}
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(bytes_of(href), NULL, &url, &ignored) < 0) {
		return false;
	}
	return is_permitted(guard->hosts, guard->host_count, url->host, url_port(url));
}
