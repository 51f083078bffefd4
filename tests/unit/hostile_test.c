/* SPDX-License-Identifier: MIT */
/* hostile_test.c - documents made to hurt: each is read in linear time and bounded memory
 *
 * Each case is read by a child process: the longest document, and, when that takes FLOOR_US or
 * more, one of which a quarter as much is read. Linear work needs four times the processor time,
 * quadratic work sixteen; the bound lies between, and both are of the same run. The highest
 * resident size, with the program and the document itself in it, stays under the cap of documents
 * and 64 MiB.
 */
#include "unit.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "article/page.h"
#include "base/limits.h"
#include "crawl/parser_process.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

#define ALLOWED_KIB ((long)((LIMIT_DOCUMENT_BYTES + ((size_t)64 << 20)) >> 10))
#define LARGE_BYTES (IS_SANITIZED ? (size_t)2 << 20 : LIMIT_DOCUMENT_BYTES)
#define GROWTH 4 /* in what is read */
#define GROWTH_BOUND 9
#define FLOOR_US 200000

/* A document: `head`, then `item` again and again ("%zu" in it becomes its number), then `tail`,
 * which has to fit. */
struct hostile {
	const char *name;
	const char *type;
	const char *head;
	const char *item;
	size_t item_len; /* for items with NUL, else 0 */
	const char *tail;
	enum link_role role;
};

/* What came of a reading. */
struct cost {
	bool is_read;
	long peak_kib;
	long user_us;
};

static struct bytes item_of(const struct hostile *hostile)
{
	return hostile->item_len > 0 ? bytes_from(hostile->item, hostile->item_len)
				     : bytes_of(hostile->item);
}

/* Items with their numbers, while they fit before `end`. */
static void add_numbered(struct bytes item, size_t at, size_t end, struct buf *out)
{
	struct bytes before = bytes_slice(item, 0, at);
	struct bytes after = bytes_slice(item, at + 3, item.len);
	for (size_t i = 0;; i++) {
		size_t len = out->len;
		buf_add(out, before);
		buf_add_u64(out, i);
		buf_add(out, after);
		if (out->len > end) {
			out->len = len;
			return;
		}
	}
}

static void add_items(const struct hostile *hostile, size_t end, struct buf *out)
{
	struct bytes item = item_of(hostile);
	size_t at = bytes_find(item, BYTES("%zu"), 0);
	if (at != SIZE_MAX) {
		add_numbered(item, at, end, out);
		return;
	}
	size_t wanted = item.len > 0 && out->len < end ? (end - out->len) / item.len * item.len : 0;
	size_t start = out->len;
	while (out->len < start + wanted) { /* what is there once more: `out` has room for all */
		size_t there = out->len - start;
		size_t missing = wanted - there;
		buf_add(out, there == 0 ? item
					: bytes_from(out->ptr + start,
						  missing < there ? missing : there));
	}
}

static void build(const struct hostile *hostile, size_t size, struct buf *input)
{
	struct bytes url = BYTES("http://a.example/page");
	struct bytes type = bytes_of(hostile->type);
	input->max = size + (1 << 20);
	buf_reserve(input, size + 4096);
	struct parser_document document = {.role = (uint32_t)hostile->role,
		.url_length = url.len,
		.type_length = type.len,
		.body_length = size};
	buf_add(input, bytes_from(&document, sizeof(document)));
	buf_add(input, url);
	buf_add(input, type);
	size_t end = input->len + size;
	buf_add_text(input, hostile->head);
	add_items(hostile, end - strlen(hostile->tail), input);
	buf_add_text(input, hostile->tail);
	while (input->len < end) {
		buf_add_char(input, ' ');
	}
}

static long user_us(void)
{
	struct rusage used;
	(void)getrusage(RUSAGE_SELF, &used);
	return used.ru_utime.tv_sec * 1000000 + used.ru_utime.tv_usec;
}

/* In the child: reads the document and tells the time through the pipe, without that of making it.
 */
static int read_one(const struct hostile *hostile, size_t size, int pipe_fd)
{
	struct flong_error err = {0};
	struct buf input = {0};
	struct buf result = {.max = LIMIT_PAGE_RESULT_BYTES};
	/* Meson has malloc fill what it gives, which would count as memory in use. */
	(void)mallopt(M_PERTURB, 0);
	build(hostile, size, &input);
	long started_us = user_us();
	int rc = parser_read_document(buf_bytes(&input), &result, &err);
	long took_us = user_us() - started_us;
	buf_clear(&input);
	buf_clear(&result);
	return rc == FLONG_OK && write(pipe_fd, &took_us, sizeof(took_us)) == sizeof(took_us) ? 0
											      : 1;
}

static struct cost measure(const struct hostile *hostile, size_t size)
{
	struct cost cost = {0};
	int fds[2];
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid_t child = fork();
	if (child == 0) {
		_exit(read_one(hostile, size, fds[1]));
	}
	(void)close(fds[1]);
	cost.is_read = read(fds[0], &cost.user_us, sizeof(cost.user_us)) == sizeof(cost.user_us);
	(void)close(fds[0]);
	int status = 0;
	struct rusage used;
	assert_int_equal(wait4(child, &status, 0, &used), child);
	cost.is_read = cost.is_read && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	cost.peak_kib = used.ru_maxrss;
	return cost;
}

/* Of these only the beginning is read. */
static size_t read_bytes(const struct hostile *hostile)
{
	bool is_markup = bytes_starts(bytes_of(hostile->type), BYTES("text/html")) ||
			 bytes_starts(bytes_of(hostile->type), BYTES("image/svg"));
	return is_markup && LIMIT_MARKUP_BYTES < LARGE_BYTES ? LIMIT_MARKUP_BYTES : LARGE_BYTES;
}

static bool check(const struct hostile *hostile)
{
	struct cost large = measure(hostile, LARGE_BYTES);
	/* Sanitizers look at the whole rest of the input at each search in it. */
	bool is_quick = IS_SANITIZED || large.user_us < FLOOR_US;
	struct cost small = is_quick ? large : measure(hostile, read_bytes(hostile) / GROWTH);
	bool is_read = small.is_read && large.is_read;
	bool is_linear = is_quick || large.user_us < GROWTH_BOUND * small.user_us;
	bool is_small = IS_SANITIZED || large.peak_kib <= ALLOWED_KIB;
	(void)printf("# %-34s %5ld ms, %5ld ms, %4ld MiB%s%s%s\n", hostile->name,
		small.user_us / 1000, large.user_us / 1000, large.peak_kib >> 10,
		is_read ? "" : ": NOT READ", is_linear ? "" : ": NOT LINEAR",
		is_small ? "" : ": TOO MUCH MEMORY");
	(void)fflush(stdout);
	return is_read && is_linear && is_small;
}

#define HTML "text/html; charset=utf-8"
#define DOCUMENT .role = ROLE_DOCUMENT, .type = HTML
#define ENTITIES(a, b)                                                                             \
	"<!ENTITY " b " \"&" a ";&" a ";&" a ";&" a ";&" a ";&" a ";&" a ";&" a ";&" a ";&" a ";"  \
	"\""                                                                                       \
	">"
#define LAUGHS                                                                                     \
	"<!DOCTYPE x [<!ENTITY a \"http://a.example/laugh.png\">" ENTITIES("a", "b")               \
		ENTITIES("b", "c") ENTITIES("c", "d") ENTITIES("d", "e") ENTITIES("e", "f")        \
			ENTITIES("f", "g") ENTITIES("g", "h") ENTITIES("h", "i") "]>"

static const struct hostile markup[] = {
	{"nesting", DOCUMENT, "", "<div>", 0, ""},
	{"nesting, closed", DOCUMENT, "", "<div><p></div>", 0, ""},
	{"nested tables", DOCUMENT, "", "<table><tr><td>", 0, ""},
	{"formatting elements", DOCUMENT, "", "<b><i><font color=x>", 0, ""},
	{"formatting elements and blocks", DOCUMENT, "", "<p><b>", 0, ""},
	{"end tags out of order", DOCUMENT, "", "<b><i></b></i>", 0, ""},
	{"end tags of nothing", DOCUMENT, "<div>", "</p></x>", 0, ""},
	{"one attribute", DOCUMENT, "<img src='", "abcdefghijklmnop", 0, "'>"},
	{"one attribute of references", DOCUMENT, "<img src='", "&amp;", 0, "'>"},
	{"one attribute without end", DOCUMENT, "<img src='", "abcdefghijklmnop", 0, ""},
	{"attributes", DOCUMENT, "<img ", "a%zu=b ", 0, ">"},
	{"attributes of the same name", DOCUMENT, "<img ", "src=b%zu ", 0, ">"},
	{"attributes without value", DOCUMENT, "<img ", "a ", 0, ">"},
	{"links", DOCUMENT, "", "<a href=/%zu>x</a>", 0, ""},
	{"pictures", DOCUMENT, "", "<img src=/%zu.png>", 0, ""},
	{"the same picture", DOCUMENT, "", "<img src=/1.png>", 0, ""},
	{"NUL", DOCUMENT, "<p>", "\0", 1, ""},
	{"NUL in tags", DOCUMENT, "", "<a\0 href=\0x>", 13, ""},
	{"truncated UTF-8", DOCUMENT, "<p>", "\xe2\x82", 0, ""},
	{"bytes over 0x7f in windows-1252", .role = ROLE_DOCUMENT,
		.type = "text/html; charset=windows-1252", "<p>", "\x80\x93", 0, ""},
	{"<", DOCUMENT, "", "<", 0, ""},
	{"&", DOCUMENT, "", "&", 0, ""},
	{"&amp", DOCUMENT, "", "&amp", 0, ""},
	{"comments without end", DOCUMENT, "", "<!--", 0, ""},
	{"comments", DOCUMENT, "", "<!---->", 0, ""},
	{"conditional comments", DOCUMENT, "", "<!--[if IE]><img src=%zu><![endif]-->", 0, ""},
	{"conditional comments without end", DOCUMENT, "<!--", "[if IE]>", 0, ""},
	{"declarations", DOCUMENT, "", "<!x", 0, ""},
	{"processing instructions", DOCUMENT, "", "<?", 0, ""},
	{"text", DOCUMENT, "", "word ", 0, ""},
	{"one word", DOCUMENT, "", "w", 0, ""},
	{"paragraphs", DOCUMENT, "", "<p>word", 0, ""},
	{"scripts", DOCUMENT, "", "<script>", 0, ""},
	{"script without end", DOCUMENT, "<script>", "</", 0, ""},
	{"scripts in comments", DOCUMENT, "<script><!--", "<script></script>", 0, ""},
	{"strings in a script", DOCUMENT, "<script>", "'/a/%zu.png',", 0, "</script>"},
	{"quotes in a script", DOCUMENT, "<script>", "'", 0, "</script>"},
	{"braces in a script", DOCUMENT, "<script>", "={", 0, "</script>"},
	{"backslashes in a script", DOCUMENT, "<script>'", "\\", 0, "</script>"},
	{"styles", DOCUMENT, "", "<style>a{b:url(%zu)}</style>", 0, ""},
	{"style attributes", DOCUMENT, "", "<p style='b:url(%zu)'>", 0, ""},
	{"srcdoc", DOCUMENT, "", "<iframe srcdoc='<img src=%zu>'>", 0, ""},
	{"srcdoc in srcdoc", DOCUMENT, "<iframe srcdoc='", "&lt;iframe srcdoc=", 0, "'>"},
	{"candidates", DOCUMENT, "<img srcset='", "/a.png %zuw,", 0, "'>"},
	{"candidates without descriptor", DOCUMENT, "<img srcset='", "a, ", 0, "'>"},
	{"parentheses of a candidate", DOCUMENT, "<img srcset='a ", "(", 0, "'>"},
	{"sizes", DOCUMENT, "<img srcset='a 1w' sizes='", "(min-width:1px) 1px,", 0, "'>"},
	{"nesting of sizes", DOCUMENT, "<img srcset='a 1w' sizes='", "calc(", 0, "'>"},
	{"sources", DOCUMENT, "<picture>", "<source srcset='%zu.png 1x'>", 0, "</picture>"},
	{"templates", DOCUMENT, "<img srcset='a_1.png 1w'>", "<img src='/%zu_${formatId}.png'>", 0,
		""},
	{"bases", DOCUMENT, "", "<base href=/%zu/>", 0, ""},
	{"metas", DOCUMENT, "", "<meta property=og:image content=/%zu.png>", 0, ""},
	{"refreshes", DOCUMENT, "", "<meta http-equiv=refresh content='0;url=%zu'>", 0, ""},
	{"SVG in HTML", DOCUMENT, "", "<svg><use href='%zu#a'>", 0, ""},
	{"JSON-LD", DOCUMENT, "<script type='application/ld+json'>[", "{\"image\":\"/%zu.png\"},",
		0, "0]</script>"},
	{"JSON state", DOCUMENT, "<script type='application/json'>[", "{\"u\":\"/%zu.png\"},", 0,
		"0]</script>"},
	{"nesting of JSON state", DOCUMENT, "<script type='application/json'>", "[", 0,
		"</script>"},
	{"state assigned to a variable", DOCUMENT, "<script>window.__STATE__=[",
		"{\"u\":\"/a/%zu.png\"},", 0, "0]</script>"},
	{"cards", DOCUMENT, "<main>",
		"<div><h2><a href='/news/story-%zu'>A title of words</a></h2></div>", 0, ""},
};

static const struct hostile formats[] = {
	{"imports", .role = ROLE_STYLE, .type = "text/css", "", "@import 'a%zu.css';", 0, ""},
	{"url()", .role = ROLE_STYLE, .type = "text/css", "", "a{b:url(%zu)}", 0, ""},
	{"string without end", .role = ROLE_STYLE, .type = "text/css", "a{b:'", "\\\n", 0, ""},
	{"strings without end", .role = ROLE_STYLE, .type = "text/css", "", "'\n", 0, ""},
	{"comments without end in CSS", .role = ROLE_STYLE, .type = "text/css", "", "/* ", 0, ""},
	{"url() without end", .role = ROLE_STYLE, .type = "text/css", "a{b:url(", "url(", 0, ""},
	{"blocks without end", .role = ROLE_STYLE, .type = "text/css", "", "a{", 0, ""},
	{"parentheses", .role = ROLE_STYLE, .type = "text/css", "a{b:", "image-set(", 0, ""},
	{"escapes", .role = ROLE_STYLE, .type = "text/css", "a{b:url(", "\\41 ", 0, ")}"},
	{"playlist", .role = ROLE_PLAYLIST, .type = "application/vnd.apple.mpegurl", "#EXTM3U\n",
		"#EXTINF:6,\n%zu.ts\n", 0, ""},
	{"variants", .role = ROLE_PLAYLIST, .type = "application/vnd.apple.mpegurl", "#EXTM3U\n",
		"#EXT-X-STREAM-INF:BANDWIDTH=%zu\nv.m3u8\n", 0, ""},
	{"sitemap", .role = ROLE_UNKNOWN, .type = "application/xml", "<urlset>",
		"<url><loc>http://a.example/%zu</loc></url>", 0, ""},
	{"entities in a sitemap", .role = ROLE_UNKNOWN, .type = "application/xml",
		LAUGHS "<urlset>", "<url><loc>&i;</loc></url>", 0, "</urlset>"},
	{"entities in attributes", .role = ROLE_FEED, .type = "application/atom+xml",
		LAUGHS "<feed>", "<link href='&i;'/>", 0, "</feed>"},
	{"entities of a feed", .role = ROLE_FEED, .type = "application/rss+xml", "<!DOCTYPE x [",
		"<!ENTITY a%zu \"&b;\">", 0, "]><rss/>"},
	{"items of a feed", .role = ROLE_FEED, .type = "application/rss+xml", "<rss><channel>",
		"<item><link>http://a.example/%zu</link></item>", 0, ""},
	{"nesting of a feed", .role = ROLE_FEED, .type = "application/rss+xml", "<rss>", "<item>",
		0, ""},
	{"HTML in a feed", .role = ROLE_FEED, .type = "application/rss+xml", "<rss><channel>",
		"<item><description>&lt;img src=%zu&gt;</description></item>", 0, ""},
	{"billion laughs in SVG", .role = ROLE_IMAGE, .type = "image/svg+xml", LAUGHS "<svg>",
		"<image href='&i;'/><style>&i;</style>", 0, "</svg>"},
	{"nesting of SVG", .role = ROLE_IMAGE, .type = "image/svg+xml", "<svg>", "<g>", 0, ""},
	{"JSON", .role = ROLE_UNKNOWN, .type = "application/json", "[", "{\"u\":\"/%zu.png\"},", 0,
		"0]"},
	{"nesting of JSON", .role = ROLE_UNKNOWN, .type = "application/json", "", "[", 0, ""},
	{"string of JSON", .role = ROLE_UNKNOWN, .type = "application/json", "[\"", "\\u0041", 0,
		"\"]"},
	{"JSON in strings of JSON", .role = ROLE_UNKNOWN, .type = "application/json", "[",
		"\"{\\\"u\\\":\\\"/%zu.png\\\"}\",", 0, "0]"},
	{"manifest", .role = ROLE_MANIFEST, .type = "application/manifest+json", "{\"icons\":[",
		"{\"src\":\"%zu.png\"},", 0, "0]}"},
	{"script", .role = ROLE_SCRIPT, .type = "text/javascript", "", "import'./%zu.js';", 0, ""},
	{"template strings", .role = ROLE_SCRIPT, .type = "text/javascript", "", "`${", 0, ""},
	{"regular expressions", .role = ROLE_SCRIPT, .type = "text/javascript", "a=", "/[/", 0, ""},
	{"comments of a script", .role = ROLE_SCRIPT, .type = "text/javascript", "", "/* ", 0, ""},
	{"parentheses of a script", .role = ROLE_SCRIPT, .type = "text/javascript", "", "import(",
		0, ""},
	{"cues", .role = ROLE_TRACK, .type = "text/vtt", "WEBVTT\n\n",
		"00:00.000 --> 00:04.000\n%zu.jpg#xywh=0,0,1,1\n\n", 0, ""},
	{"DASH", .role = ROLE_PLAYLIST, .type = "application/dash+xml",
		"<MPD><Period><AdaptationSet>",
		"<Representation id='%zu'><BaseURL>a.mp4</BaseURL></Representation>", 0, ""},
};

static void check_all(const struct hostile *all, size_t count)
{
	const char *only = getenv("HOSTILE_ONLY");
	size_t failed = 0;
	for (size_t i = 0; i < count; i++) {
		if (only == NULL || strcmp(only, all[i].name) == 0) {
			failed += check(&all[i]) ? 0 : 1;
		}
	}
	assert_int_equal(failed, 0);
}

TEST(markup_takes_linear_time_and_little_memory)
{
	check_all(markup, sizeof(markup) / sizeof(markup[0]));
}

TEST(other_formats_take_linear_time_and_little_memory)
{
	check_all(formats, sizeof(formats) / sizeof(formats[0]));
}

RUN_TESTS(CASE(markup_takes_linear_time_and_little_memory),
	CASE(other_formats_take_linear_time_and_little_memory))
