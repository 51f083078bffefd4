/* SPDX-License-Identifier: MIT */
/* fetch_driver.c - the fetcher on a line protocol, so that a script can ask for anything
 *
 * Input lines: "TICKET<TAB>FLAGS<TAB>URL[<TAB>Name: value]...", FLAGS "-" or "fresh"; "abort" stops
 * what is in flight. Output: one JSON line an exchange. The end of input ends the program when all
 * fetches have. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/spool.h"
#include "crawl/fetcher.h"

#define LISTS_MAX 64

struct driver {
	struct fetcher_options options;
	const char *resolve[LISTS_MAX + 1];
	const char *connect_to[LISTS_MAX + 1];
	const char *denied_ip;
	const char *proxy;
	bool prints_digest; /* of the body, instead of the body */
	struct buf input;
	bool input_ended;
};

static void die(const char *what, const struct flong_error *err)
{
	(void)fprintf(stderr, "fetch_driver: %s: %s\n", what, err->message);
	exit(3);
}

static bool allows(void *context, const char *url, const char *ip, uint16_t port)
{
	const struct driver *driver = context;
	(void)url;
	(void)port;
	return driver->denied_ip == NULL || strcmp(ip, driver->denied_ip) != 0;
}

static uint64_t number_of(const char *text)
{
	uint64_t number = 0;
	if (!bytes_to_u64(bytes_of(text), INT64_MAX, &number)) {
		(void)fprintf(stderr, "fetch_driver: not a number: %s\n", text);
		exit(2);
	}
	return number;
}

static void add_item(const char **list, const char *item)
{
	size_t count = 0;
	while (list[count] != NULL) {
		count++;
	}
	if (count < LISTS_MAX) {
		list[count] = item;
	}
}

/* "--name value" pairs. */
static void read_option(struct driver *driver, const char *name, const char *value)
{
	struct fetcher_options *options = &driver->options;
	const struct {
		const char *name;
		int64_t *number;
		size_t *size;
		uint64_t *wide;
		const char **text;
	} table[] = {
		{"--connect", &options->connect_timeout_ms, NULL, NULL, NULL},
		{"--stall", &options->stall_timeout_ms, NULL, NULL, NULL},
		{"--total", &options->total_timeout_ms, NULL, NULL, NULL},
		{"--connections", NULL, &options->connections_total, NULL, NULL},
		{"--per-host", NULL, &options->connections_per_host, NULL, NULL},
		{"--body-max", NULL, NULL, &options->body_max_bytes, NULL},
		{"--rate", NULL, NULL, &options->rate_limit_bytes, NULL},
		{"--cacert", NULL, NULL, NULL, &options->cacert},
		{"--proxy", NULL, NULL, NULL, &driver->proxy},
		{"--user-agent", NULL, NULL, NULL, &options->user_agent},
		{"--spool", NULL, NULL, NULL, &options->spool_dir},
		{"--deny", NULL, NULL, NULL, &driver->denied_ip},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(name, table[i].name) != 0) {
			continue;
		}
		if (table[i].number != NULL) {
			*table[i].number = (int64_t)number_of(value);
		} else if (table[i].size != NULL) {
			*table[i].size = number_of(value);
		} else if (table[i].wide != NULL) {
			*table[i].wide = number_of(value);
		} else {
			*table[i].text = value;
		}
		return;
	}
	if (strcmp(name, "--resolve") == 0) {
		add_item(driver->resolve, value);
	} else if (strcmp(name, "--connect-to") == 0) {
		add_item(driver->connect_to, value);
	} else if (strcmp(name, "--level") == 0) {
		options->compress_level = (int)number_of(value);
	} else if (strcmp(name, "--tls") == 0) {
		options->tls =
			strcmp(value, "record") == 0 ? FETCHER_TLS_RECORD : FETCHER_TLS_VERIFY;
	} else if (strcmp(name, "--bodies") == 0) {
		driver->prints_digest = strcmp(value, "digest") == 0;
	} else {
		(void)fprintf(stderr, "fetch_driver: unknown option %s\n", name);
		exit(2);
	}
}

/* --- output --- */

static void add_base64(struct buf *out, struct bytes b)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < b.len; i += 3) {
		unsigned long group = 0;
		for (size_t j = 0; j < 3; j++) {
			group = group << 8 | (i + j < b.len ? (unsigned char)b.ptr[i + j] : 0U);
		}
		buf_add_char(out, digits[group >> 18 & 63]);
		buf_add_char(out, digits[group >> 12 & 63]);
		buf_add_char(out, i + 1 < b.len ? digits[group >> 6 & 63] : '=');
		buf_add_char(out, i + 2 < b.len ? digits[group & 63] : '=');
	}
}

static void add_member_base64(struct buf *out, const char *name, struct bytes b)
{
	json_add_name(out, name);
	buf_add_char(out, '"');
	add_base64(out, b);
	buf_add_char(out, '"');
}

static void add_member_i64(struct buf *out, const char *name, int64_t number)
{
	json_add_name(out, name);
	buf_addf(out, "%lld", (long long)number);
}

static void add_digest(struct buf *out, struct source *source)
{
	struct flong_error err = {0};
	char room[65536];
	char text[DIGEST_TEXT_SIZE];
	size_t got = 0;
	int rc;
	SCOPED(digester_closep) struct digester *digester = digester_create(DIGEST_SHA256);
	while ((rc = source_read(source, room, sizeof(room), &got, &err)) == FLONG_OK) {
		digester_add(digester, bytes_from(room, got));
	}
	if (rc != FLONG_END) {
		die("body", &err);
	}
	struct digest digest = digester_end(digester);
	digest_format_hex(&digest, text);
	json_add_member(out, "body_digest", bytes_of(text));
}

static void add_body(const struct driver *driver, struct buf *out, const struct exchange *exchange)
{
	struct flong_error err = {0};
	json_add_member_u64(out, "body_bytes", spool_size(exchange->body));
	json_add_member_bool(out, "body_in_memory", spool_in_memory(exchange->body));
	add_member_i64(out, "body_form",
		spool_in_memory(exchange->body) ? -1 : (int)spool_file(exchange->body).form);
	SCOPED(source_closep) struct source *source = NULL;
	if (spool_open(exchange->body, &source, &err) != FLONG_OK) {
		die("body", &err);
	}
	if (driver->prints_digest) {
		add_digest(out, source);
		return;
	}
	SCOPED(buf_clear) struct buf body = buf_with_max((size_t)64 << 20);
	if (source_read_all(source, &body, &err) != FLONG_OK) {
		die("body", &err);
	}
	add_member_base64(out, "body", buf_bytes(&body));
}

/* "ok", or why the document cannot be decoded. */
static void add_document(struct buf *out, const struct exchange *exchange)
{
	struct flong_error err = {0};
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(buf_clear) struct buf document = buf_with_max((size_t)64 << 20);
	int rc = exchange_open_document(exchange, &source, &err);
	if (rc == FLONG_OK) {
		rc = source_read_all(source, &document, &err);
	}
	json_add_member(out, "document", bytes_of(rc == FLONG_OK ? "ok" : err.message));
	add_member_i64(out, "document_code", rc);
}

static void add_connection(struct buf *out, const struct exchange *exchange)
{
	const struct exchange_connection *connection = &exchange->connection;
	json_add_member(out, "ip", bytes_of(connection->ip));
	json_add_member_u64(out, "port", connection->port);
	json_add_member_bool(out, "reused", connection->is_reused);
	json_add_member_bool(out, "tls", connection->is_tls);
	json_add_member(out, "tls_version", bytes_of(connection->tls_version));
	json_add_member(out, "tls_cipher", bytes_of(connection->tls_cipher));
	json_add_member(out, "tls_alpn", bytes_of(connection->tls_alpn));
	json_add_member(out, "tls_verify", bytes_of(connection->tls_verify));
	if (exchange->chain_pem != NULL) {
		json_add_member(out, "chain", bytes_of(exchange->chain_pem));
	}
	add_member_i64(out, "dns_us", exchange->times.dns_us);
	add_member_i64(out, "connect_us", exchange->times.connect_us);
	add_member_i64(out, "tls_us", exchange->times.tls_us);
	add_member_i64(out, "first_byte_us", exchange->times.first_byte_us);
	add_member_i64(out, "total_us", exchange->times.total_us);
}

static void print_exchange(const struct driver *driver, const struct exchange *exchange)
{
	const char *truncated = exchange_truncation_name(exchange->truncated);
	SCOPED(buf_clear) struct buf out = buf_with_max((size_t)256 << 20);
	buf_add_char(&out, '{');
	json_add_member_u64(&out, "ticket", exchange->ticket);
	json_add_member(&out, "url", bytes_of(exchange->url));
	json_add_member(&out, "outcome", bytes_of(exchange_outcome_name(exchange->outcome)));
	json_add_member(&out, "reason", bytes_of(exchange->reason));
	json_add_member(&out, "truncated", bytes_of(truncated == NULL ? "" : truncated));
	add_member_i64(&out, "status", exchange_status(exchange));
	add_member_base64(&out, "request", buf_bytes(&exchange->request));
	add_member_base64(&out, "interim", buf_bytes(&exchange->interim));
	add_member_base64(&out, "head", buf_bytes(&exchange->head));
	add_body(driver, &out, exchange);
	if (!driver->prints_digest) {
		add_document(&out, exchange);
	}
	json_add_member_u64(&out, "payload_bytes", exchange->payload_bytes);
	json_add_member_u64(&out, "excess_bytes", exchange->excess_bytes);
	json_add_member_bool(&out, "has_response", exchange->has_response);
	json_add_member_bool(&out, "fallback", exchange->used_fallback);
	json_add_member_bool(&out, "chunk_extension", exchange->has_chunk_extension);
	json_add_member_bool(&out, "trailer", exchange->has_trailer);
	add_connection(&out, exchange);
	buf_add(&out, BYTES("}\n"));
	(void)fwrite(out.ptr, 1, out.len, stdout);
	(void)fflush(stdout);
}

/* --- input --- */

static void start(struct fetcher *fetcher, char *line)
{
	struct flong_error err = {0};
	const char *fields[LISTS_MAX + 1] = {NULL};
	size_t count = 0;
	for (char *next = NULL; line != NULL && count < LISTS_MAX; line = next) {
		next = strchr(line, '\t');
		if (next != NULL) {
			*next++ = '\0';
		}
		fields[count++] = line;
	}
	if (count == 1 && strcmp(fields[0], "abort") == 0) {
		fetcher_abort_all(fetcher);
		return;
	}
	if (count < 3) {
		(void)fprintf(stderr, "fetch_driver: bad line\n");
		exit(2);
	}
	struct fetch_request request = {
		.ticket = number_of(fields[0]),
		.url = bytes_of(fields[2]),
		.extra_headers = fields + 3,
		.fresh_connection = strcmp(fields[1], "fresh") == 0,
	};
	if (fetcher_start(fetcher, &request, &err) != FLONG_OK) {
		die("start", &err);
	}
}

static void read_input(struct driver *driver, struct fetcher *fetcher)
{
	char room[65536];
	ssize_t got = read(STDIN_FILENO, room, sizeof(room));
	if (got <= 0) {
		driver->input_ended = true;
		return;
	}
	buf_add(&driver->input, bytes_from(room, (size_t)got));
	size_t start_at = 0;
	size_t end;
	while ((end = bytes_find_char(buf_bytes(&driver->input), '\n', start_at)) != SIZE_MAX) {
		driver->input.ptr[end] = '\0';
		start(fetcher, driver->input.ptr + start_at);
		start_at = end + 1;
	}
	struct buf rest = buf_with_max(driver->input.max);
	buf_add(&rest, bytes_slice(buf_bytes(&driver->input), start_at, driver->input.len));
	buf_clear(&driver->input);
	driver->input = rest;
}

static bool can_read(void)
{
	fd_set set;
	struct timeval now = {0, 0};
	FD_ZERO(&set);
	FD_SET(STDIN_FILENO, &set);
	return select(STDIN_FILENO + 1, &set, NULL, NULL, &now) > 0;
}

int main(int argc, char **argv)
{
	struct flong_error err = {0};
	struct driver driver = {.options = {.connections_total = 256,
					.connections_per_host = 6,
					.connect_timeout_ms = 10000,
					.stall_timeout_ms = 20000,
					.total_timeout_ms = 60000,
					.user_agent = "fetch-driver",
					.spool_dir = "/tmp",
					.compress_level = 6}};
	(void)signal(SIGPIPE, SIG_IGN);
	for (int i = 1; i + 1 < argc; i += 2) {
		read_option(&driver, argv[i], argv[i + 1]);
	}
	driver.options.resolve = driver.resolve;
	driver.options.connect_to = driver.connect_to;
	driver.options.guard = (struct fetcher_guard){.allows = allows, .context = &driver};
	SCOPED(proxies_closep) struct proxies *proxies = NULL;
	if (proxies_create(driver.proxy, &proxies, &err) != FLONG_OK) {
		die("proxy", &err);
	}
	driver.options.proxies = proxies;
	SCOPED(fetcher_closep) struct fetcher *fetcher = NULL;
	if (fetcher_create(&driver.options, &fetcher, &err) != FLONG_OK) {
		die("create", &err);
	}
	const int input = STDIN_FILENO;
	while (!driver.input_ended || fetcher_in_flight(fetcher) > 0) {
		if (fetcher_wait(fetcher, 1000, &input, driver.input_ended ? 0 : 1, &err) !=
			FLONG_OK) {
			die("wait", &err);
		}
		struct exchange *exchange;
		while ((exchange = fetcher_take(fetcher)) != NULL) {
			print_exchange(&driver, exchange);
			exchange_close(exchange);
		}
		if (!driver.input_ended && can_read()) {
			read_input(&driver, fetcher);
		}
	}
	buf_clear(&driver.input);
	return 0;
}
