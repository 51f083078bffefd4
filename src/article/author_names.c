/* SPDX-License-Identifier: MIT */
/* author_names.c - the names in a text such as "By A B, C D and E F" */
#include "article/author_names.h"

#include "article/plain.h"
#include "article/words.h"
#include "web/utf8.h"

/* Words of a name, with title and particles. */
#define NAME_WORDS 7

/* Names that are news agencies: closed list of the large ones. */
static bool is_agency(struct bytes name)
{
	static const char *const agencies[] = {"AFP", "AP", "Reuters", "dpa", "DPA", "ANSA", "EFE",
		"APA", "Keystone-SDA", "SDA", "KNA", "epd", "PAP", "PTI", "ANI", "Xinhua", "Kyodo",
		"Yonhap", "Bernama", "AAP", "NTB", "TT", "Ritzau", "STT", "Belga", "ANP", "Lusa",
		"Associated Press", "Agence France-Presse", "PA Media", "The Associated Press",
		"Deutsche Presse-Agentur", "Press Association"};
	for (size_t i = 0; i < sizeof(agencies) / sizeof(agencies[0]); i++) {
		if (bytes_equal(name, bytes_of(agencies[i]))) {
			return true;
		}
	}
	return false;
}

struct bytes author_names_without_by(struct bytes text)
{
	static const char *const words[] = {"by", "von", "par", "por", "di", "af", "av", "autor",
		"autorin", "autorin/autor", "author", "authors", "auteur", "autore", "text",
		"written by", "interview"};
	text = bytes_trim(text);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct bytes word = bytes_of(words[i]);
		if (!bytes_starts_nocase(text, word) || text.len <= word.len) {
			continue;
		}
		char next = text.ptr[word.len];
		if (char_is_space(next) || next == ':') {
			size_t start = word.len + 1;
			struct bytes rest = bytes_trim(bytes_slice(text, start, text.len));
			return bytes_starts(rest, BYTES(":"))
				       ? author_names_without_by(bytes_slice(rest, 1, rest.len))
				       : rest;
		}
	}
	return text;
}

/* "Jane Doe (jd)" is Jane Doe. What stood in parentheses, else empty. */
static struct bytes cut_parenthesis(struct bytes *name)
{
	size_t open = bytes_find(*name, BYTES(" ("), 0);
	if (open == SIZE_MAX || open == 0 || !bytes_ends(*name, BYTES(")"))) {
		return (struct bytes){NULL, 0};
	}
	struct bytes inside = bytes_slice(*name, open + 2, name->len - 1);
	*name = bytes_trim(bytes_slice(*name, 0, open));
	return inside;
}

/* "신현주 기자" is reporter 신현주. */
static struct bytes without_job(struct bytes name)
{
	static const char *const jobs[] = {"기자", "특파원", "記者"};
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		struct bytes job = bytes_of(jobs[i]);
		if (name.len > job.len && bytes_ends(name, job)) {
			return bytes_trim(bytes_slice(name, 0, name.len - job.len));
		}
	}
	return name;
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_name(struct bytes name)
{
	if (name.len < 2 || name.len > 100 || words_count(name) > NAME_WORDS) {
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (c == '@' || c == '{' || c == '<' || c == '?' || c == '!' || c == ':') {
			return false;
		}
	}
	return true;
}

/* Whether it can be the name of a person: what stands in a byline may be a date or a button. */
/* "松村太郎": two to six characters of Chinese, Japanese or Korean without a space. */
static bool is_east_asian(struct bytes name)
{
	size_t characters = 0;
	for (size_t at = 0; at < name.len; characters++) {
		uint32_t code = utf8_next(name, &at);
		if (!((code >= 0x3040 && code < 0x3100) || (code >= 0x3400 && code < 0xa000) ||
			    (code >= 0xac00 && code < 0xd7a4))) {
			return false;
		}
	}
	return characters >= 2 && characters <= 6;
}

bool author_names_is_personal(struct bytes name)
{
	if (is_east_asian(name)) {
		return true;
	}
	size_t last = bytes_find_last_char(name, ' ');
	last = last == SIZE_MAX ? 0 : last + 1;
	double words = words_count(name);
	for (size_t i = 0; i < name.len; i++) {
		if (char_is_digit(name.ptr[i]) || name.ptr[i] == '/') {
			return false;
		}
	}
	return words >= 2 && words <= 5 && name.len > last && !is_small(name.ptr[0]) &&
	       !is_small(name.ptr[last]) && name.ptr[name.len - 1] != '.';
}

/* Whether a name is that of the publisher or of its site. */
static bool is_house(const struct author_names *names, struct bytes name)
{
	if (plain_same(name, names->site_name) || plain_same(name, names->publisher)) {
		return true;
	}
	/* "ndr.de", "NDR" */
	struct bytes host = names->host;
	struct bytes label;
	size_t labels = 0;
	while (bytes_next_item(&host, '.', &label)) {
		if (label.len >= 3 && host.len > 0 && plain_same(name, label)) {
			return true;
		}
		labels++;
	}
	return labels > 0 && bytes_find_char(name, '.', 0) != SIZE_MAX &&
	       bytes_find_char(name, ' ', 0) == SIZE_MAX &&
	       bytes_find_nocase(names->host, name, 0) != SIZE_MAX;
}

/* "The Courier with agencies", by what a reader sees. */
static bool starts_with_house(const struct author_names *names, struct bytes name)
{
	struct bytes house = names->site_name.len >= 4 ? names->site_name : names->publisher;
	return house.len >= 4 && bytes_starts_nocase(name, house);
}

static void add_name(struct author_names *names, struct bytes name)
{
	name = without_job(author_names_without_by(name));
	struct bytes aside = cut_parenthesis(&name);
	if (!is_name(name) || names->result->authors.count >= NAMES_MAX ||
		(names->is_seen && !author_names_is_personal(name))) {
		return;
	}
	/* "News Agency (www.news.example)" */
	bool is_of_host = aside.len > 3 && bytes_find_nocase(aside, names->host, 0) != SIZE_MAX;
	if (is_of_host || is_house(names, name) ||
		(names->is_seen && starts_with_house(names, name))) {
		if (names->house.len == 0) {
			names->house = page_result_keep(names->result, name);
		}
		return;
	}
	if (is_agency(name)) {
		plain_append(names->result, &names->result->agencies, name);
	}
	plain_append(names->result, &names->result->authors, name);
}

/* What stands between two names: where the first ends, and where the next begins. */
static size_t find_joint(struct bytes text, size_t *next_out)
{
	static const char *const joints[] = {
		" and ", " und ", " et ", " y ", " & ", " og ", " och ", " en ", ";", "|", " / "};
	size_t first = SIZE_MAX;
	for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++) {
		size_t at = bytes_find_nocase(text, bytes_of(joints[i]), 0);
		if (at < first) {
			first = at;
			*next_out = at + bytes_of(joints[i]).len;
		}
	}
	return first;
}

/* "A B, C D" are two names; "A B, Berlin" is one and a place. */
static void add_listed(struct author_names *names, struct bytes text, char mark)
{
	struct bytes item;
	bool is_first = true;
	while (bytes_next_item(&text, mark, &item)) {
		item = bytes_trim(item);
		if (is_first || words_count(item) >= 2) {
			add_name(names, item);
		}
		is_first = false;
	}
}

/* "A B (Berlin, from the scene)" is one name: what is in brackets is cut when it would be split. */
static struct bytes without_aside(struct author_names *names, struct bytes text)
{
	size_t open = bytes_find_char(text, '(', 0);
	size_t close = open == SIZE_MAX ? SIZE_MAX : bytes_find_char(text, ')', open);
	if (close == SIZE_MAX || open == 0) {
		return text;
	}
	size_t ignored = 0;
	struct bytes inside = bytes_slice(text, open + 1, close);
	if (bytes_find_char(inside, ',', 0) == SIZE_MAX &&
		find_joint(inside, &ignored) == SIZE_MAX) {
		return text;
	}
	SCOPED(buf_clear) struct buf rest = {0};
	buf_add(&rest, bytes_trim(bytes_slice(text, 0, open)));
	buf_add(&rest, bytes_slice(text, close + 1, text.len));
	return page_result_keep(names->result, buf_bytes(&rest));
}

void author_names_add(struct author_names *names, struct bytes text)
{
	text = without_aside(names, author_names_without_by(text));
	while (text.len > 0) {
		size_t next = 0;
		size_t at = find_joint(text, &next);
		struct bytes part = bytes_trim(bytes_slice(text, 0, at));
		text = at == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(text, next, text.len);
		size_t slash = bytes_find_char(part, '/', 0);
		bool is_pair = slash != SIZE_MAX && words_count(bytes_slice(part, 0, slash)) >= 2 &&
			       words_count(bytes_slice(part, slash + 1, part.len)) >= 2;
		add_listed(names, part, is_pair ? '/' : ',');
	}
}

/* "The Courier and AFP": a house and agencies, nobody else, is one credit. */
static bool is_credit(const struct author_names *names, struct bytes text)
{
	size_t houses = 0;
	size_t parts = 0;
	while (text.len > 0 && parts < 4) {
		size_t next = 0;
		size_t at = find_joint(text, &next);
		struct bytes part = bytes_trim(bytes_slice(text, 0, at));
		text = at == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(text, next, text.len);
		bool is_own = is_house(names, part);
		if (!is_own && !is_agency(part)) {
			return false;
		}
		houses += is_own ? 1 : 0;
		parts++;
	}
	return houses == 1 && parts > 1;
}

static void add_whole(struct author_names *names, struct bytes credit)
{
	plain_append(names->result, &names->result->authors, credit);
	while (credit.len > 0) {
		size_t next = 0;
		size_t at = find_joint(credit, &next);
		struct bytes part = bytes_trim(bytes_slice(credit, 0, at));
		if (is_agency(part)) {
			plain_append(names->result, &names->result->agencies, part);
		}
		credit = at == SIZE_MAX ? (struct bytes){NULL, 0}
					: bytes_slice(credit, next, credit.len);
	}
}

void author_names_add_plain(struct author_names *names, struct bytes text)
{
	buf_reset(&names->scratch);
	plain_add(&names->scratch, text);
	struct bytes plain = page_result_keep(names->result, buf_bytes(&names->scratch));
	if (is_credit(names, plain)) {
		add_whole(names, plain);
		return;
	}
	author_names_add(names, plain);
}

void author_names_clear(struct author_names *names)
{
	buf_clear(&names->scratch);
}
