/* SPDX-License-Identifier: MIT */
/* crawl_options.c - the option table of crawl, the bare form and resume */
#include "cli/crawl_options.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/stream.h"

/* Remembers an option for crawl_command_save. */
static void note(struct crawl_command *command, const char *name, const char *value)
{
	SCOPED(buf_clear) struct buf line = {0};
	buf_addf(&line, "%s%s%s", name, value == NULL ? "" : " = ", value == NULL ? "" : value);
	crawl_texts_add(&command->called, buf_text(&line));
}

static int set_follow(void *target, const char *value, struct flong_error *err)
{
	static const struct {
		const char *name;
		unsigned bit;
	} kinds[] = {
		{"related", FOLLOW_RELATED},
		{"inline", FOLLOW_INLINE},
		{"pagination", FOLLOW_PAGINATION},
		{"section", FOLLOW_SECTION},
	};
	struct crawl_command *command = target;
	struct bytes rest = bytes_of(value);
	struct bytes item;
	unsigned bits = 0;
	while (bytes_next_item(&rest, ',', &item)) {
		unsigned bit = 0;
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			bit |= bytes_equal(bytes_trim(item), bytes_of(kinds[i].name)) ? kinds[i].bit
										      : 0;
		}
		if (bit == 0) {
			return error_set(err, FLONG_E_USAGE,
				"'" BYTES_FMT "' is none of related, inline, pagination, section",
				BYTES_ARG(item));
		}
		bits |= bit;
	}
	command->options.follow = bits;
	note(command, "follow", value);
	return FLONG_OK;
}

static int set_wait(void *target, const char *value, struct flong_error *err)
{
	struct crawl_command *command = target;
	note(command, "wait", value);
	if (strcmp(value, "adaptive") == 0) {
		command->options.wait_ms = -1;
		return FLONG_OK;
	}
	return option_duration(value, &command->options.wait_ms, err);
}

static int set_allow_private(void *target, const char *value, struct flong_error *err)
{
	(void)err;
	struct crawl_command *command = target;
	note(command, "allow-private", value);
	crawl_texts_add(&command->options.allow_private, strcmp(value, "all") == 0 ? "" : value);
	return FLONG_OK;
}

static int set_cookie_jar(void *target, const char *value, struct flong_error *err)
{
	struct crawl_command *command = target;
	if (strcmp(value, "crawl") != 0 && strcmp(value, "none") != 0) {
		return error_set(err, FLONG_E_USAGE, "'%s' is none of crawl, none", value);
	}
	note(command, "cookie-jar", value);
	command->options.has_cookie_jar = strcmp(value, "crawl") == 0;
	return FLONG_OK;
}

static int set_redact(void *target, const char *value, struct flong_error *err)
{
	struct crawl_command *command = target;
	if (strcmp(value, "configured") != 0 && strcmp(value, "none") != 0) {
		return error_set(err, FLONG_E_USAGE, "'%s' is none of configured, none", value);
	}
	note(command, "redact", value);
	command->options.has_no_redaction = strcmp(value, "none") == 0;
	return FLONG_OK;
}

static int set_sandbox(void *target, const char *value, struct flong_error *err)
{
	struct crawl_command *command = target;
	if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) {
		return error_set(err, FLONG_E_USAGE, "'%s' is none of on, off", value);
	}
	note(command, "sandbox", value);
	command->options.has_no_sandbox = strcmp(value, "off") == 0;
	return FLONG_OK;
}

static int set_dedup(void *target, const char *value, struct flong_error *err)
{
	(void)err;
	struct crawl_command *command = target;
	note(command, "dedup", value);
	command->options.has_dedup = strcmp(value, "none") != 0;
	if (!command->options.has_dedup) {
		crawl_texts_clear(&command->options.dedup_from);
	} else if (strcmp(value, "collection") != 0) {
		crawl_texts_add(&command->options.dedup_from, value);
	}
	return FLONG_OK;
}

/* "7d": so long before now; a date or a time; last. Saved as a time, so that it stays the same. */
static int set_since(void *target, const char *value, struct flong_error *err)
{
	struct crawl_command *command = target;
	struct crawl_options *options = &command->options;
	struct flong_error ignored = {0};
	int64_t age_ms = 0;
	char text[CLOCK_ISO_SIZE];
	options->is_since_last = strcmp(value, "last") == 0;
	options->since_ms = 0;
	if (options->is_since_last) {
		note(command, "since", value);
		return FLONG_OK;
	}
	if (!clock_parse_iso(bytes_of(value), &options->since_ms)) {
		if (option_duration(value, &age_ms, &ignored) < 0) {
			return error_set(err, FLONG_E_USAGE,
				"'%s' is no time such as 7d or 2026-11-23, nor last", value);
		}
		options->since_ms = clock_wall_ms() - age_ms;
	}
	clock_format_iso_s(options->since_ms, text);
	note(command, "since", text);
	return FLONG_OK;
}

static int set_family(void *target, enum fetcher_family family)
{
	struct crawl_command *command = target;
	command->options.family = family;
	note(command, family == FETCHER_IPV4 ? "ipv4" : "ipv6", NULL);
	return FLONG_OK;
}

static int set_ipv4(void *target, const char *value, struct flong_error *err)
{
	(void)value;
	(void)err;
	return set_family(target, FETCHER_IPV4);
}

static int set_ipv6(void *target, const char *value, struct flong_error *err)
{
	(void)value;
	(void)err;
	return set_family(target, FETCHER_IPV6);
}

static int set_verbose(void *target, const char *value, struct flong_error *err)
{
	(void)value;
	(void)err;
	struct crawl_command *command = target;
	command->verbosity++;
	return FLONG_OK;
}

static int set_log_format(void *target, const char *value, struct flong_error *err)
{
	struct crawl_command *command = target;
	if (strcmp(value, "text") != 0 && strcmp(value, "json") != 0) {
		return error_set(err, FLONG_E_USAGE, "'%s' is none of text, json", value);
	}
	command->logs_json = strcmp(value, "json") == 0;
	return FLONG_OK;
}

static const char *const jars[] = {"crawl", "none", NULL};
static const char *const on_off[] = {"on", "off", NULL};
static const char *const log_formats[] = {"text", "json", NULL};
static const char *const scopes[] = {"related", "page", "prefix", "host", "domain", "any", NULL};
static const char *const robots[] = {"pages", "all", "ignore", NULL};
static const char *const images[] = {"auto", "all", "shown", NULL};
static const char *const stories[] = {"records", "sidecar", "none", NULL};
static const char *const media[] = {"poster", "none", "smallest", "best", "all", NULL};
static const char *const tls[] = {"verify", "record", NULL};
static const char *const digests[] = {"sha256", "sha1", NULL};
static const char *const progress[] = {"auto", "always", "never", "json", NULL};

#define AT(member) .offset = offsetof(struct crawl_command, options.member)
#define HEADING(title)                                                                             \
	{                                                                                          \
		.type = OPTION_HEADING, .name = title                                              \
	}
#define INT(letter_, name_, member, low, high, text)                                               \
	{                                                                                          \
		.type = OPTION_INT, .letter = letter_, .name = name_, .value = "N", AT(member),    \
		.min = low, .max = high, .help = text                                              \
	}
#define TEXT(type_, letter_, name_, value_, member, text)                                          \
	{                                                                                          \
		.type = type_, .letter = letter_, .name = name_, .value = value_, AT(member),      \
		.help = text                                                                       \
	}
#define CHOICE(name_, choices_, member, text)                                                      \
	{                                                                                          \
		.type = OPTION_CHOICE, .name = name_, .value = "M", AT(member),                    \
		.choices = choices_, .help = text                                                  \
	}
/* A choice that is read by a function. */
#define CALL_CHOICE(name_, choices_, function, text)                                               \
	{                                                                                          \
		.type = OPTION_CALL, .name = name_, .value = "M", .choices = choices_,             \
		.set = function, .help = text                                                      \
	}
#define CALL(letter_, name_, value_, function, text)                                               \
	{                                                                                          \
		.type = OPTION_CALL, .letter = letter_, .name = name_, .value = value_,            \
		.set = function, .help = text                                                      \
	}

const struct option crawl_option_table[] = {
	HEADING("What is archived"),
	TEXT(OPTION_TEXT, 'o', "output", "PATH", output,
		"x.wacz: one file; x.warc.gz: a WARC with x.cdx beside it; else a collection "
		"directory"),
	{.type = OPTION_TEXTS,
		.letter = 'i',
		.name = "input",
		.value = "FILE",
		.offset = offsetof(struct crawl_command, inputs),
		.help = "seeds from a file, one a line; - is standard input"},
	TEXT(OPTION_TEXTS, 0, "feed", "WHAT", feeds,
		"seeds from a feed or sitemap: a URL or a file (RSS, Atom, JSON Feed, sitemap, "
		"news sitemap); repeatable"),
	CALL(0, "since", "WHEN", set_since,
		"of these only what is not older: 7d, 2026-11-23, or last (than the last crawl of "
		"this collection read it)"),
	INT('l', "depth", depth, 0, LIMIT_DEPTH,
		"how far to follow stories: 0 = the seeds only, 1 = also what they link to (1)"),
	CHOICE("scope", scopes, scope,
		"related stories (default), or links by place: page, prefix, host, domain, any"),
	CALL(0, "follow", "LIST", set_follow,
		"kinds of stories to follow: related (default), inline, pagination, section"),
	TEXT(OPTION_TEXTS, 0, "include", "RE", include,
		"follow only pages whose URL matches (PCRE2); repeatable"),
	TEXT(OPTION_TEXTS, 0, "exclude", "RE", exclude,
		"never fetch URLs that match; repeatable, wins over --include"),
	CHOICE("images", images, images,
		"sizes of pictures: all, shown (what common screens pick), auto (all for seeds, "
		"shown for other stories; default)"),
	CHOICE("media", media, media,
		"video and audio: poster (the picture only, default), none, "
		"smallest or best variant, all"),
	HEADING("Limits"),
	TEXT(OPTION_SIZE, 0, "max-pages", "N", max_pages, "stop after so many pages"),
	TEXT(OPTION_SIZE, 0, "max-bytes", "N", max_bytes, "stop after so many bytes (K, M, G)"),
	TEXT(OPTION_DURATION, 0, "max-time", "D", max_time_ms, "stop after this time (s, m, h)"),
	TEXT(OPTION_SIZE, 0, "max-file", "N", max_file_bytes,
		"cut longer bodies and mark them (256M; 0 = never)"),
	HEADING("Fetching"),
	INT('j', "jobs", jobs, 1, 1000, "fetches at the same time (16)"),
	INT(0, "per-host", per_host, 1, 100, "of these to one host (6)"),
	CALL(0, "wait", "D", set_wait,
		"pause between two pages of one host; 0 = none (adaptive: 100ms to 5s)"),
	TEXT(OPTION_DURATION, 0, "max-crawl-delay", "D", max_crawl_delay_ms,
		"longest crawl-delay obeyed (60s)"),
	CHOICE("robots", robots, robots,
		"robots.txt: pages (followed links obey, default), all (requisites and seeds too), "
		"ignore"),
	INT(0, "retries", retries, 0, 100, "tries after a failure that may pass (3)"),
	TEXT(OPTION_DURATION, 0, "timeout", "D", timeout_ms,
		"longest time of a fetch that is slower than 16 KB a second (60s)"),
	TEXT(OPTION_DURATION, 0, "connect-timeout", "D", connect_timeout_ms,
		"longest time to connect (15s)"),
	TEXT(OPTION_DURATION, 0, "stall", "D", stall_ms, "longest silence within a fetch (20s)"),
	TEXT(OPTION_TEXT, 'A', "user-agent", "S", user_agent,
		"User-Agent (Mozilla/5.0 (compatible; flong/VERSION))"),
	TEXT(OPTION_TEXT, 0, "operator", "S", operator_name,
		"who archives: goes into warcinfo and the User-Agent"),
	TEXT(OPTION_TEXTS, 'H', "header", "'N: V'", headers, "send this header too; repeatable"),
	TEXT(OPTION_TEXT, 0, "cookies", "FILE", cookie_file,
		"cookies to start with (Netscape format)"),
	CALL_CHOICE("cookie-jar", jars, set_cookie_jar,
		"crawl: keep cookies for the crawl (default); none"),
	TEXT(OPTION_TEXT, 0, "auth", "FILE", auth_file,
		"users and passwords (netrc format), each for one origin"),
	CALL(0, "redact", "M", set_redact,
		"secrets of --cookies, --auth, --header, --proxy in request records: configured "
		"(replaced, default), none"),
	TEXT(OPTION_TEXT, 'x', "proxy", "URL", proxy,
		"http, https or socks5h proxy; env: from the environment (default: none)"),
	TEXT(OPTION_TEXT, 0, "cacert", "FILE", cacert,
		"certificates to trust instead of the system's"),
	CHOICE("tls", tls, tls, "verify (default), or record: go on and record the result"),
	TEXT(OPTION_TEXTS, 0, "resolve", "H:P:A", resolve,
		"use this address for host and port; repeatable"),
	TEXT(OPTION_TEXTS, 0, "connect-to", "H:P:H2:P2", connect_to,
		"connect to another host and port; repeatable"),
	CALL('4', "ipv4", NULL, set_ipv4, "use IPv4 only"),
	CALL('6', "ipv6", NULL, set_ipv6, "use IPv6 only"),
	TEXT(OPTION_SIZE, 0, "limit-rate", "N", limit_rate, "bytes a second of one fetch (K, M)"),
	CALL(0, "allow-private", "CIDR", set_allow_private,
		"private addresses that may be connected to; all = every one"),
	HEADING("The archive"),
	{.type = OPTION_FLAG,
		.name = "wacz",
		AT(packs_wacz),
		.help = "pack the collection into a WACZ beside it when done"},
	TEXT(OPTION_TEXT, 0, "sign", "KEY", sign_key,
		"sign the WACZ with this private key (ECDSA P-384, PEM)"),
	TEXT(OPTION_SIZE, 0, "min-free", "N", min_free_bytes,
		"stop before the disk has less free than this (64M); 0 = do not look"),
	TEXT(OPTION_SIZE, 0, "warc-size", "N", warc_size_bytes,
		"start a new WARC file after so many bytes (1G)"),
	TEXT(OPTION_TEXT, 0, "prefix", "S", warc_prefix, "first part of WARC file names (flong)"),
	INT(0, "compress", compress_level, 0, 9, "gzip level (6); 0 = plain .warc"),
	CHOICE("digest", digests, digest, "digest of records: sha256 (default), sha1"),
	CHOICE("text", stories, stories,
		"what pages say: records (WARC and stories.jsonl, default), sidecar "
		"(stories.jsonl), "
		"none"),
	CALL(0, "dedup", "WHERE", set_dedup,
		"where identical payloads are looked for, to become revisit records: collection "
		"(default), also a collection, WACZ, WARC or CDXJ file; repeatable; none"),
	TEXT(OPTION_TEXT, 0, "title", "S", title, "title of the archive (the seed's headline)"),
	TEXT(OPTION_TEXT, 0, "description", "S", description, "description of the archive"),
	{.type = OPTION_FLAG,
		.name = "strict",
		AT(is_strict),
		.help = "exit 9 when a requisite or a story is missing"},
	HEADING("How it runs"),
	INT(0, "parsers", parsers, 0, 64, "parser processes (one a core); 0 = none"),
	CALL_CHOICE("sandbox", on_off, set_sandbox,
		"on (default): parsers can open no file and no connection; off"),
	INT(0, "workers", workers, 0, 64, "compression threads (one a core); 0 = none"),
	CHOICE("progress", progress, progress,
		"auto (default: on a terminal), always, never, json"),
	TEXT(OPTION_TEXT, 0, "report", "F", report_path,
		"write the report as JSON to this file too"),
	TEXT(OPTION_TEXT, 0, "metrics", "FILE", metrics_path,
		"write numbers for Prometheus to this file, every 5 s and at the end"),
	{.type = OPTION_FLAG,
		.letter = 'q',
		.name = "quiet",
		.offset = offsetof(struct crawl_command, is_quiet),
		.help = "no progress, no report, errors only"},
	CALL('v', "verbose", NULL, set_verbose, "log more; twice: debug"),
	CALL_CHOICE("log-format", log_formats, set_log_format, "text (default), json"),
	TEXT(OPTION_TEXT, 0, "deterministic", "SEED", deterministic_seed,
		"fixed clock, ids and order, one job: for tests; stamped in warcinfo"),
	{.type = OPTION_HEADING, .name = NULL},
};

static int read_input(struct crawl_command *command, const char *path, struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(buf_clear) struct buf content = buf_with_max((size_t)64 << 20);
	int rc = source_open_file(path, &source, err);
	if (rc == FLONG_OK) {
		rc = source_read_all(source, &content, err);
	}
	if (rc < 0) {
		err->code = FLONG_E_USAGE;
		return error_context(err, "--input");
	}
	struct bytes rest = buf_bytes(&content);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		line = bytes_trim(line);
		if (line.len > 0 && line.ptr[0] != '#') {
			SCOPED(free_textp) char *seed = alloc_text(line.ptr, line.len);
			crawl_texts_add(&command->options.seeds, seed);
		}
	}
	return FLONG_OK;
}

int crawl_command_read_inputs(struct crawl_command *command, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < command->inputs.count; i++) {
		rc = read_input(command, command->inputs.items[i], err);
	}
	return rc;
}

void crawl_command_set_log(struct crawl_command *command)
{
	log_set_json(command->logs_json);
	log_set_level(command->is_quiet        ? LOG_ERROR
		      : command->verbosity > 1 ? LOG_DEBUG
		      : command->verbosity > 0 ? LOG_INFO
					       : LOG_NOTICE);
	if (command->is_quiet) {
		command->options.progress = PROGRESS_NEVER;
	}
}

void crawl_command_keep_private(void)
{
	(void)umask(umask(0) | 027);
}

static void on_signal(int number)
{
	(void)number;
	crawl_request_stop();
}

void crawl_command_catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct sigaction before;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	/* nohup ignores it, and means it. */
	if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
		(void)sigaction(SIGHUP, &action, NULL);
	}
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &action, NULL);
}

void crawl_command_clear(struct crawl_command *command)
{
	crawl_options_clear(&command->options);
	crawl_texts_clear(&command->inputs);
	crawl_texts_clear(&command->called);
}
