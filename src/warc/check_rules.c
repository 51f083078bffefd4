/* SPDX-License-Identifier: MIT */
/* check_rules.c - the table of rules; src/rules.md has the same rows, and a test compares them */
#include "warc/check_rules.h"

#include <assert.h>
#include <string.h>

static const struct check_rule rules[] = {
	{"W-01", "A head is lines that end with CRLF; behind a block stands CRLF CRLF.",
		"WARC/1.1 4"},
	{"W-02", "The mandatory fields stand in each record: type, id, date, length.",
		"WARC/1.1 5.2-5.5"},
	{"W-03", "A file begins with a warcinfo record; its WARC-Filename is the final name.",
		"WARC/1.1 5.5, 5.17"},
	{"W-04", "An id is a URI in angle brackets, used once; ours are `urn:uuid:` of version 4.",
		"WARC/1.1 5.2"},
	{"W-05",
		"A date is UTC in the form of its version; ours have milliseconds, and the records "
		"of one exchange have the same.",
		"WARC/1.1 5.4, WARC/1.0 5.4"},
	{"W-06",
		"A URI field is an absolute URL as browsers write it: ASCII, no blanks, no "
		"fragment, no brackets.",
		"WARC/1.1 5.14, RFC 3986"},
	{"W-07",
		"Response (or revisit), request, metadata follow each other; the latter two name "
		"the response by WARC-Concurrent-To.",
		"WARC/1.1 5.7; the order is ours"},
	{"W-10", "Interim replies (1xx) are not part of the response block.", "RFC 9110 15.2"},
	{"W-12", "The block digest is that of the block as stored.", "WARC/1.1 5.8"},
	{"W-13",
		"The payload digest is that of the body without transfer coding, content coding "
		"kept.",
		"WARC/1.1 5.9, 6.3.2"},
	{"W-14",
		"A digest is a label, a colon and a value of the right length; ours are `sha256:` "
		"with hexadecimal digits or `sha1:` with base 32, one kind a collection.",
		"WARC/1.1 5.8"},
	{"W-15", "Warcinfo and metadata records have no payload digest, resources have one.",
		"WARC/1.1 5.9"},
	{"W-16", "A body that was cut says so in WARC-Truncated, with the reason.",
		"WARC/1.1 5.15"},
	{"W-17",
		"WARC-IP-Address is one numeric address; ours stand on response and request, with "
		"protocol and cipher.",
		"WARC/1.1 5.10"},
	{"W-18", "No field is repeated but WARC-Concurrent-To and WARC-Protocol.", "WARC/1.1 5.1"},
	{"W-19", "Fields are not folded, have a colon and no CR, LF or NUL.", "WARC/1.1 4"},
	{"W-20", "One compressed member a record, none empty, nothing behind the last.",
		"WARC/1.1 Annex D, RFC 1952 2.2"},
	{"W-24",
		"A revisit has the profile, the payload digest, and URI, date and id of the "
		"response it refers to.",
		"WARC/1.1 6.7, 5.11-5.13"},
	{"W-25",
		"A revisit refers to a response that is there, not to a revisit, with the same "
		"digest and framing; ours are made of whole, not empty payloads.",
		"WARC/1.1 6.7.2"},
	{"W-30",
		"A CDXJ line has url, mime, status, digest, length, offset, filename, and "
		"recordDigest where asked for; all are strings.",
		"CDXJ 0.1"},
	{"W-31", "Timestamps are cut, not rounded: 17 digits in collections and WACZ, else 14.",
		"CDXJ 0.1"},
	{"W-32", "Indexes are sorted by bytes, without repeats.", "CDXJ 0.1"},
	{"W-34", "A row opens the record it names: offset, length, URI, date, digests.",
		"CDXJ 0.1"},
	{"W-35",
		"Each block of an index is one gzip member of whole lines, and none begins with "
		"the key and time of another; the index of blocks has place, digest, key and time "
		"of each.",
		"CDXJ 0.1"},
	{"W-36", "A WACZ has the layout, the profile and the version string of 1.1.1.",
		"WACZ 1.1.1"},
	{"W-37",
		"datapackage.json lists every other file once, with path, bytes, and hash in "
		"lower-case hexadecimal digits.",
		"WACZ 1.1.1 datapackage.json"},
	{"W-38",
		"datapackage-digest.json has the hash of the exact bytes of datapackage.json; a "
		"signature says the same hash and date.",
		"WACZ 1.1.1 datapackage-digest.json"},
	{"W-39",
		"Files of archive/ and compressed files are stored, not deflated; an extra field "
		"stands in both headers of a file or in neither.",
		"WACZ 1.1.1 zip"},
	{"W-40", "The index is `indexes/index.cdx`.", "WACZ 1.1.1 indexes"},
	{"W-41",
		"pages.jsonl has a header line and a line a page with url, ts (the capture's "
		"date), id and title.",
		"WACZ 1.1.1 pages"},
	{"W-43",
		"An anonymous signature is 96 bytes of ECDSA P-384 over the text of the hash; one "
		"of "
		"a domain is DER of P-256.",
		"WACZ signing 0.1"},
	{"W-50", "The version is WARC/1.1 or WARC/1.0; 0.17 and 0.18 were drafts.", "WARC/1.1 4"},
	{"W-51", "A file is whole records, one after the other, and nothing else.", "WARC/1.1 4"},
	{"W-52", "Compressed data is whole, and its checksum and length agree.",
		"RFC 1952 2.3.1, RFC 8878 3.1.1"},
	{"W-53", "Heads stay within the limits of the reader.", "flong"},
	{"W-54", "Content-Type is a media type, and the one that the record type asks for.",
		"WARC/1.1 5.6, 6"},
	{"W-55", "A record has the fields of its type and no others of the standard.",
		"WARC/1.1 5, 6"},
	{"W-56",
		"Concurrent-To, Refers-To, Warcinfo-ID and Segment-Origin-ID name records that "
		"are there.",
		"WARC/1.1 5.7, 5.11, 5.16, 5.21"},
	{"W-57", "Segments are numbered, name the first, and the last tells the length.",
		"WARC/1.1 5.20-5.22, 7"},
	{"W-58", "A block of type application/http is an HTTP message, whole unless truncated.",
		"WARC/1.1 6.3.2, RFC 9112"},
	{"W-59", "The record type is one of the eight of the standard; readers skip others.",
		"WARC/1.1 5.5"},
	{"W-60", "Each record that a player can show has a row in the index.", "flong"},
	{"W-61", "The filename of a row is the plain name of a file in `archive/`.",
		"WACZ 1.1.1 archive"},
	{"W-62", "A file that is being written ends in `.open`; it is checked as far as it goes.",
		"WARC/1.1 Annex C"},
	{"W-63", "WARC-Profile is one of the profiles of the standard; others are not interpreted.",
		"WARC/1.1 5.18, 6.7"},
	{"W-65", "The key of a row is made of its URL.", "CDXJ 0.1"},
	{"W-66",
		"A ZIP file says one thing only: names, sizes, checksums and places agree, no two "
		"files share a name or a byte, and names are plain paths.",
		"APPNOTE 6.3.10"},
};
enum { RULE_COUNT = sizeof(rules) / sizeof(rules[0]) };
_Static_assert((int)RULE_COUNT <= (int)CHECK_RULES_MAX, "CHECK_RULES_MAX is too small");

const struct check_rule *check_rules_at(size_t index)
{
	return index < RULE_COUNT ? &rules[index] : NULL;
}

size_t check_rules_index(const char *id)
{
	size_t i = 0;
	while (i < RULE_COUNT && strcmp(rules[i].id, id) != 0) {
		i++;
	}
	assert(i < RULE_COUNT);
	return i;
}

const struct check_rule *check_rules_find(const char *id)
{
	return &rules[check_rules_index(id)];
}
