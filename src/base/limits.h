/* SPDX-License-Identifier: MIT */
/* limits.h - every cap of the program, with its reason */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* Longest URL, bytes. Browsers load up to 2 MB, but nothing on real news pages is over 10 KB; a cap
 * keeps keys, rows and header fields small. */
#define LIMIT_URL_BYTES ((size_t)65536)
/* Longest text of one log or message line taken from the net, bytes. */
#define LIMIT_LINE_BYTES ((size_t)65536)

/* Lines of the crawl log that wait for their acknowledgement, bytes: 64 exchanges with the longest
 * URLs, and those that land meanwhile. */
#define LIMIT_LOG_LINES_BYTES ((size_t)32 << 20)

/* A file of cookies or passwords: thousands of entries. */
#define LIMIT_SECRETS_BYTES ((size_t)1 << 20)
/* The options and seeds of a run, bytes: a million seeds of usual length. */
#define LIMIT_RUN_FILE_BYTES ((size_t)128 << 20)
/* A database up to this size is read as a whole before a crawl goes on with it: that takes a tenth
 * of a second. */
#define LIMIT_STATE_VERIFY_BYTES (UINT64_C(32) << 20)

/* Exchanges that a kill may lose at most: each costs a server a second request, each sync the crawl
 * a hundredth of a second. */
#define LIMIT_UNACKNOWLEDGED 64

/* Bytes of a disk that a crawl leaves free (--min-free): index, page lists, reports and the state
 * of a large crawl fit, and others on the disk feel no want before we stop. */
#define LIMIT_MIN_FREE_BYTES (UINT64_C(64) * 1000 * 1000)

/* Captures of one payload in the archives of --dedup that are opened until one is an original:
 * others are revisits, cut, or framed in another way. */
#define LIMIT_GIVEN_TRIES 8

/* Entries of one feed or sitemap that become seeds: as many as a sitemap may have (sitemaps.org).
 */
#define LIMIT_FEED_ENTRIES ((size_t)50000)
/* Of the title of one: it is shown on a line. */
#define LIMIT_FEED_TITLE_BYTES ((size_t)1000)
/* Sitemaps that one index may lead to; an index may name 50,000 of them. */
#define LIMIT_FEED_LISTS 500

/* Redirect hops from one link: what browsers and wget use. */
#define LIMIT_REDIRECTS 20
/* Story hops from a seed. Related stories of related stories lead everywhere within a handful. */
#define LIMIT_DEPTH 64
/* Requisite hops from a page: style sheets importing style sheets, frames in frames. */
#define LIMIT_EMBEDS 10

/* Response head, bytes: above the first the reply is kept but its outcome is an error (as current
 * curl does), above the second the rest is cut. */
#define LIMIT_HEAD_BYTES ((size_t)300 << 10)
#define LIMIT_HEAD_KEPT_BYTES ((size_t)1 << 20)
/* Fields of a response head; above it the outcome is an error. */
#define LIMIT_HEAD_FIELDS 1000
/* Interim (1xx) replies before a final one; more is an attack. */
#define LIMIT_INTERIM_REPLIES 20

/* Body bytes held in memory before a spool moves to a file: nearly all bodies are smaller. While
 * its record is made, one of this size is held three times. */
#define LIMIT_SPOOL_MEMORY_BYTES ((size_t)512 << 10)
/* A piece that a thread reads ahead of its reader, two of which are held: large enough that a call
 * costs little beside its bytes, small enough to stay in a processor's cache. */
#define LIMIT_AHEAD_BYTES ((size_t)256 << 10)
/* Content-decoded bytes of a document handed to a parser: real pages are under 10 MB; stops
 * decompression bombs. */
#define LIMIT_DOCUMENT_BYTES ((size_t)32 << 20)

/* Text of a page or an SVG image that is read, as UTF-8: as above; reading takes four times as much
 * memory. */
#define LIMIT_MARKUP_BYTES ((size_t)12 << 20)

/* A page result that comes back from a parser process: 20,000 links of long URLs fit many times. */
#define LIMIT_PAGE_RESULT_BYTES ((size_t)64 << 20)
/* Time for one document, wall clock and processor: the slowest real page takes a second. */
#define LIMIT_PARSER_MS 60000
#define LIMIT_PARSER_CPU_SECONDS 30

/* WARC record header, bytes, when reading: header lines and their sum. */
#define LIMIT_RECORD_LINE_BYTES ((size_t)128 << 10)
#define LIMIT_RECORD_HEAD_BYTES ((size_t)1 << 20)
#define LIMIT_RECORD_FIELDS 1000

/* Window on a file of records: stored bytes that are tried at once. Larger records are unpacked
 * piece by piece, which costs twice the time, but no memory. */
#define LIMIT_STORED_WINDOW_BYTES ((size_t)512 << 10)
/* Content of a record that is packed or unpacked at once: nearly all are smaller. */
#define LIMIT_WHOLE_MEMBER_BYTES ((size_t)1 << 20)
/* Window of a zstd frame, as a power of two (8 MiB), and dictionary: what readers of WARC files
 * must support (WARC with zstd, 1.0). */
#define LIMIT_ZSTD_WINDOW_LOG 23
#define LIMIT_ZSTD_DICTIONARY_BYTES ((size_t)8 << 20)

/* Record ids of one WARC file that are kept in memory to find repeats: 8 MB of hashes; a file of 1
 * GB has under 200,000. */
#define LIMIT_CHECK_IDS 500000
/* Memory for joining what records say of each other, before temporary files are used: 10,000
 * records. */
#define LIMIT_CHECK_JOIN_BYTES ((size_t)2 << 20)
/* Records of one URL and second that a revisit is compared with; a page has one. */
#define LIMIT_CHECK_CANDIDATES 64
/* Rows of a printed report: a book of 100 pages; more is counted, not listed. */
#define LIMIT_REPORT_CAPTURES 2000
#define LIMIT_REPORT_FINDINGS 1000
/* Its lists, bytes each: usual rows have under 1 KB. */
#define LIMIT_REPORT_LIST_BYTES ((size_t)4 << 20)

/* Per page: more requisites or links than any real page has (front pages reach 1,500 links). */
#define LIMIT_PAGE_REQUISITES 5000
#define LIMIT_PAGE_LINKS 20000
/* Strings of one document's scripts that are tried because they look like URLs: few pages of real
 * sites have more than a dozen, bundles that list the files of a whole site have thousands. */
#define LIMIT_SCRIPT_GUESSES 100
/* Longest of them, bytes: what old browsers took at most; longer strings are data. */
#define LIMIT_SCRIPT_STRING_BYTES ((size_t)2083)
/* Entries of the import maps of a page: each specifier is compared with each; real maps have under
 * 500. */
#define LIMIT_IMPORT_MAP_RULES 2000
/* Import map of a page as its modules are read with it, bytes: a copy goes with each of them; that
 * of 2000 rules of usual length. */
#define LIMIT_IMPORT_MAP_BYTES ((size_t)256 << 10)
/* Segments that one DASH manifest is expanded to: eleven hours of four-second ones; above that a
 * manifest of a few bytes asks for anything. Its periods, representations, and entries of timelines
 * and lists: advertisements make 50 periods of an hour, each with 20 representations. */
/* Segments that one manifest (DASH, Smooth) is expanded to: eleven hours of four-second ones; above
 * that a manifest of a few bytes asks for anything. Its periods, representations, and entries of
 * timelines and lists: advertisements make 50 periods of an hour, each with 20 representations. */
#define LIMIT_MEDIA_SEGMENTS 10000
#define LIMIT_DASH_PERIODS 1000
#define LIMIT_DASH_REPRESENTATIONS 2000
#define LIMIT_DASH_ENTRIES 100000
/* Variants and renditions of one HLS playlist, and variables of EXT-X-DEFINE, that are told apart;
 * real ones have under 60. */
#define LIMIT_PLAYLIST_VARIANTS 256
#define LIMIT_PLAYLIST_VARIABLES 64
/* Video and audio of one page under --media smallest and best, bytes: two hours at 2 Mbit/s. What
 * is over is left out and told. */
#define LIMIT_PAGE_MEDIA_BYTES (UINT64_C(2) << 30)
/* Videos that a page says are its own; real stories have under 10. */
#define LIMIT_PAGE_VIDEOS 32
/* Texts of one page's findings, bytes: twice the largest document; more is made, not written. */
#define LIMIT_PAGE_TEXT_BYTES ((size_t)64 << 20)
/* Elements, texts and kept attributes of a page that are looked at for its story: the largest real
 * pages have 30,000. */
#define LIMIT_PAGE_NODES ((size_t)400000)
/* Deepest element nesting that is followed. */
#define LIMIT_MARKUP_DEPTH 2000
/* Bytes of a robots.txt that are read: RFC 9309 2.5 asks for at least 500 KiB. */
#define LIMIT_ROBOTS_BYTES ((size_t)500 << 10)

/* JSON of any origin: nesting, and number of values (up to 250 bytes of memory each; the largest
 * page states we met have under 100,000). */
#define LIMIT_JSON_DEPTH 512
#define LIMIT_JSON_VALUES 1000000

/* A path made from a name of an archive, and one part of it, bytes (file systems allow 4096 and
 * 255); directories deep: a page's files lie within ten. */
#define LIMIT_PATH_BYTES ((size_t)1024)
#define LIMIT_PATH_NAME_BYTES ((size_t)255)
#define LIMIT_PATH_DEPTH 16

/* Entries of a ZIP file and the bytes of its directory, which is held in memory: a WACZ has one for
 * each WARC file and a dozen more. */
#define LIMIT_ZIP_ENTRIES 50000
#define LIMIT_ZIP_DIRECTORY_BYTES ((size_t)8 << 20)
/* Of the datapackage.json of a WACZ: one of its resources (a path of the longest kind, escaped, and
 * a few fields), all the rest together (titles, settings of the crawler), and its digest file (two
 * chains of certificates). */
#define LIMIT_RESOURCE_BYTES ((size_t)64 << 10)
#define LIMIT_PACKAGE_REST_BYTES ((size_t)1 << 20)
#define LIMIT_PACKAGE_DIGEST_BYTES ((size_t)256 << 10)

/* One line of an index: a URL of the longest kind, escaped, with its key and request body. */
#define LIMIT_INDEX_LINE_BYTES ((size_t)1 << 20)
/* An index up to this size is packed as it is: players read it whole when they open a WACZ file. A
 * longer one is packed in compressed blocks. */
#define LIMIT_PLAIN_INDEX_BYTES ((size_t)5000000)
/* Beginning of a request body from which an index key is made; the key has 4096 characters. */
#define LIMIT_REQUEST_BODY_BYTES ((size_t)512 << 10)
/* Memory for the lines of an index before temporary files are used: 1,500 usual ones, so that a
 * small index needs about as much as a large one. A line that is longer has as much as it needs.
 * Their table and the sorting itself need up to twice as much again; all of an indexer stays under
 * 32 MB. */
#define LIMIT_SORT_MEMORY_BYTES ((size_t)512 << 10)

/* A report of a run: 10,000 missing URLs are listed, few are longer than 1 KB. */
#define LIMIT_REPORT_JSON_BYTES ((size_t)64 << 20)
/* Time for the command that tells of a bad run: mail is sent in seconds. */
#define LIMIT_ALERT_MS 60000

/* Rows that one question to the index is answered with (pywb's default), and their bytes when they
 * have to be put into another order first. */
#define LIMIT_CDX_ROWS ((uint64_t)100000)
#define LIMIT_CDX_SORT_BYTES ((uint64_t)16 << 20)
/* Rows that are looked at when only almost the same URL may be there: an address with more variants
 * than that is a program, whose answers are not alike. */
#define LIMIT_FUZZY_ROWS 1000u
/* Stories of a collection that the library shows at once, and bytes of one of its pages: a thousand
 * cards of 4 KB. A line of a list of pages or stories has the text of a page. */
#define LIMIT_LIBRARY_STORIES 1000
#define LIMIT_VIEW_BYTES ((size_t)8 << 20)
#define LIMIT_LIST_LINE_BYTES ((size_t)16 << 20)
/* Stories on one page of it: each is looked up part by part. Links to related stories of one page;
 * pages have some dozens. Records behind a response that are looked at for what belongs to it: four
 * of each of the 16 exchanges that are under way at once. Bytes of a metadata record: of a page
 * with 20,000 links. */
#define LIMIT_LIBRARY_PAGE_STORIES ((size_t)60)
#define LIMIT_LIBRARY_LINKS ((size_t)500)
#define LIMIT_RECORDS_BEHIND ((size_t)64)
#define LIMIT_METADATA_SHOWN_BYTES ((size_t)4 << 20)
/* Months of a calendar: a hundred years. */
#define LIMIT_CALENDAR_MONTHS ((size_t)1200)
/* Documents in attributes of documents (srcdoc) that are shown. */
#define LIMIT_REWRITE_DEPTH 4
/* Connections to a port of the server; a browser opens six to an origin. Bytes of a request's head
 * with what the library needs beside it: a URL of the longest kind fits. Silence after which a
 * connection is closed, seconds. */
#define LIMIT_SERVER_CONNECTIONS 200
#define LIMIT_SERVER_HEAD_BYTES ((size_t)160 << 10)
#define LIMIT_SERVER_SILENCE_SECONDS 30
/* Time for a request to be there, and for each part of a reply to be taken; a part gets it once
 * more for so many bytes (4 kB a second): who is slower holds a connection that others need.
 * Archives that were opened anew while replies read from them: more are not kept. */
#define LIMIT_SERVER_PATIENCE_MS 30000
#define LIMIT_SERVER_PATIENCE_BYTES ((uint64_t)128 << 10)
#define LIMIT_ARCHIVES_RETIRED ((size_t)16)

/* Steps and nesting of one regular expression match: far more than any sane pattern on a URL needs,
 * stopped within milliseconds. */
#define LIMIT_REGEX_STEPS 1000000
#define LIMIT_REGEX_DEPTH 10000

/* Visits that wait in memory, under 1 KB each; the rest waits in the state. */
#define LIMIT_FRONTIER_VISITS ((size_t)8192)
/* SQLite's cache of the state's pages, KiB: about what the visits of one acknowledgement change.
 * Others are read from the system's cache, where they are anyway; a larger one fills in a long
 * crawl and stays. */
#define LIMIT_STATE_CACHE_KIB "512"
/* The state's log is written back to its tables when it is this long (32 MB): a table's page that
 * many commits change is then written once for all of them, and a resumed crawl reads the log in
 * some 50 ms. */
#define LIMIT_STATE_LOG_PAGES "8192"
/* Hosts without anything to fetch that are remembered for their pauses, and hosts whose robots.txt
 * is held as rules (up to 500 KB each, nearly all under 5): what a crawl turns to within seconds.
 */
#define LIMIT_IDLE_ORIGINS ((size_t)512)
#define LIMIT_ROBOTS_READ ((size_t)64)
/* Redirects of a robots.txt that are followed (RFC 9309 2.3.1.2: at least five). */
#define LIMIT_ROBOTS_REDIRECTS 5

/* Edits between two places of a text that agree, after which all between them counts as replaced:
 * steps grow with the square, a million here. A story rewritten from end to end has more. */
#define LIMIT_DIFF_EDITS 2000

/* Words of a story that are compared one by one: the longest stories have 50,000; and steps to find
 * which paragraph became which: 2,000 by 2,000. */
#define LIMIT_COMPARE_WORDS ((size_t)1000000)
#define LIMIT_COMPARE_STEPS ((size_t)4000000)

/* Versions of one story that are told apart: one every ten minutes for two months. Later ones are
 * counted. */
#define LIMIT_STORY_VERSIONS ((size_t)10000)

/* Pages that are followed (trap.h). Longest URL: what old browsers took at most. Segments of a
 * path: those of real sites have at most twelve. */
#define LIMIT_PAGE_URL_BYTES ((size_t)2083)
#define LIMIT_PATH_SEGMENTS 20
/* Variants of one path by its query: with one parameter (all stories of a site may be numbers of
 * one path), with two, and with more, which are filters and sort orders. */
#define LIMIT_VARIANTS_ONE 10000
#define LIMIT_VARIANTS_TWO 1000
#define LIMIT_VARIANTS_MORE 300
/* Pages of one host: two weeks at one a second, more than all but a few sites have. Hosts of one
 * domain: newspapers with an edition for each town have some hundreds; names made up by a wildcard
 * of the DNS have no end. Pages of one article. */
#define LIMIT_HOST_PAGES 1000000
#define LIMIT_DOMAIN_HOSTS 1000
#define LIMIT_ARTICLE_PAGES 100

/* Hosts in a row that cannot be reached and never could: as many look like a network that is down;
 * a page that names so many dead ones is rare. */
#define LIMIT_OUTAGE_ORIGINS ((size_t)16)

/* Cookies: of one crawl, of one host, and the length of one (RFC 6265 6.1 asks for at least 3000,
 * 50, 4096). */
#define LIMIT_COOKIES 3000
#define LIMIT_COOKIES_PER_HOST 50
#define LIMIT_COOKIE_BYTES ((size_t)4096)
/* Cookies that go with one request: servers refuse longer fields, and so does curl. */
#define LIMIT_COOKIE_FIELD_BYTES ((size_t)8190)

#endif
