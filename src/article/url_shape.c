/* SPDX-License-Identifier: MIT */
/* url_shape.c - what a URL's path looks like */
#include "article/url_shape.h"

#include <string.h>

/* Whole segments that name lists, people, services or terms rather than a story. Sorted. */
static const char *const listing_words[] = {"about", "about-us", "abo", "abonnement", "abos",
	"account", "advertise", "advertising", "agb", "app", "apps", "archiv", "archive",
	"archives", "archivio", "aboutus", "author", "authors", "auteur", "auteurs", "autor",
	"autoren", "autores", "autori", "barrierefreiheit", "brand", "bookmarks", "careers",
	"categories", "category", "categoria", "categorie", "channel", "columnist", "columnists",
	"contact", "contact-us", "contacts", "cookie-policy", "cookies", "correspondents",
	"contributor", "contributors", "datenschutz", "directory", "e-paper", "epaper", "etiqueta",
	"events", "faq", "feed", "feeds", "fokus", "follow", "games", "gewinnspiele", "help",
	"hilfe", "home", "horoscope", "horoskop", "hub", "impressum", "imprint", "jobs",
	"journalist", "kategorie", "keyword", "keywords", "konto", "kontakt", "label", "landing",
	"legal", "login", "logout", "mediadaten", "mediathek", "member", "members", "membership",
	"menu", "my", "mynews", "newsletter", "newsletters", "newsletter-signup", "offers", "ort",
	"page", "partner", "people", "person", "personen", "personnes", "podcasts", "policies",
	"policy", "premium", "press", "privacy", "privacy-policy", "profil", "profile", "profiles",
	"programm", "puzzles", "quiz", "radio", "region", "register", "registration", "reporter",
	"reporters", "rss", "rubrik", "saved", "search", "section", "sections", "serie", "series",
	"service", "services", "settings", "shop", "shopping", "sign-in", "signin", "signup",
	"sitemap", "staff", "static", "stichwort", "store", "subscribe", "subscription",
	"subscriptions", "suche", "sudoku", "support", "tag", "tags", "team", "temas", "terms",
	"terms-of-service", "terms-of-use", "termes", "thema", "theme", "themen", "themes", "tips",
	"topic", "topics", "tv-guide", "tv-programm", "ueber-uns", "user", "users", "weather",
	"werbung", "wetter", "writers", "zoeken"};

/* The same, but only as the last segment: "/polls/2023/results". */
static const char *const last_words[] = {
	"all", "comments", "email", "index", "list", "print", "results", "share"};

/* Words in a slug that a service page has more often than a story: they only weigh against it. */
static const char *const service_words[] = {"about", "abonnement", "advertise", "agb", "careers",
	"contact", "cookies", "datenschutz", "faq", "feedback", "impressum", "imprint", "kontakt",
	"login", "newsletter", "newsletters", "podcast", "podcasts", "privacy", "registration",
	"sitemap", "subscribe", "subscription", "terms", "tips"};

static const char *const file_extensions[] = {"pdf", "jpg", "jpeg", "png", "gif", "webp", "svg",
	"mp3", "mp4", "m3u8", "zip", "xml", "rss", "json", "css", "js", "ico", "doc", "docx", "xls",
	"xlsx", "ppt", "pptx", "epub", "apk", "ics", "txt", "gz", "exe", "mov", "avi", "wav", "ogg",
	"webm", "avif", "eps"};

static bool is_in(struct bytes word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (words[i][0] == char_lower(word.ptr[0]) &&
			bytes_equal_nocase(word, bytes_of(words[i]))) {
			return true;
		}
	}
	return false;
}

static bool is_number(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_digit(text.ptr[i])) {
			return false;
		}
	}
	return text.len > 0;
}

static int number_in(struct bytes digits)
{
	uint64_t number = 0;
	return bytes_to_u64(digits, 99999999, &number) ? (int)number : -1;
}

static bool is_year(int number)
{
	return number >= 1985 && number <= 2049;
}

/* yyyymmdd as one number. */
static bool set_date_digits(struct url_shape *shape, int number)
{
	int year = number / 10000;
	int month = number / 100 % 100;
	int day = number % 100;
	if (!is_year(year) || month < 1 || month > 12 || day < 1 || day > 31) {
		return false;
	}
	shape->has_date = true;
	shape->year = year;
	shape->month = month;
	shape->day = day;
	return true;
}

static int month_of_name(struct bytes name)
{
	static const char *const months[] = {
		"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
	for (int i = 0; i < 12 && name.len >= 3 && name.len <= 9; i++) {
		if (bytes_starts_nocase(name, bytes_of(months[i]))) {
			return i + 1;
		}
	}
	return 0;
}

/* Dates over several parts: 2024/05/03, 2024/may/03, 2024-05-03, 2024/05. `previous` are the parts
 * before `part`, latest last. */
static void see_date_parts(
	struct url_shape *shape, const struct bytes previous[2], struct bytes part)
{
	if (!shape->has_date && previous[1].len == 4 && is_number(previous[1]) &&
		is_year(number_in(previous[1]))) {
		int month =
			part.len <= 2 && is_number(part) ? number_in(part) : month_of_name(part);
		if (month >= 1 && month <= 12) {
			shape->has_date = true;
			shape->year = number_in(previous[1]);
			shape->month = month;
			shape->day = 0;
			return;
		}
	}
	if (shape->has_date && shape->day == 0 && previous[0].len == 4 && is_number(previous[0]) &&
		number_in(previous[0]) == shape->year && part.len <= 2 && is_number(part)) {
		int day = number_in(part);
		shape->day = day >= 1 && day <= 31 ? day : 0;
	}
}

static void see_digits(struct url_shape *shape, struct bytes part, size_t start, size_t end)
{
	size_t len = end - start;
	struct bytes digits = bytes_slice(part, start, end);
	if (len == 8 && set_date_digits(shape, number_in(digits))) {
		return;
	}
	if (len < 4 || (len == 4 && is_year(number_in(digits)))) {
		return;
	}
	if (shape->id == URL_ID_DIGITS && shape->id_len > len) {
		return;
	}
	shape->id = URL_ID_DIGITS;
	shape->id_len = len;
	shape->id_text = digits;
}

/* Letters in front of an identifier: those of its own part, or the whole part before its hyphen. */
static void set_prefix(
	struct url_shape *shape, struct bytes part, size_t digits_at, struct bytes before)
{
	struct bytes prefix = bytes_slice(part, 0, digits_at);
	if (digits_at == 0) {
		prefix = before;
	}
	bool is_letters = prefix.len > 0 && prefix.len < 4;
	for (size_t i = 0; i < prefix.len && is_letters; i++) {
		is_letters = char_is_alpha(prefix.ptr[i]);
	}
	memset(shape->id_prefix, 0, sizeof(shape->id_prefix));
	if (is_letters) {
		memcpy(shape->id_prefix, prefix.ptr, prefix.len);
	}
}

/* A run without vowels' rhythm: hexadecimal or letters mixed with digits, as content hashes are. */
static bool is_hash(struct bytes part)
{
	size_t digits = 0;
	size_t letters = 0;
	size_t hex = 0;
	size_t changes = 0;
	for (size_t i = 0; i < part.len; i++) {
		char c = part.ptr[i];
		if (!char_is_alnum(c)) {
			return false;
		}
		digits += char_is_digit(c) ? 1 : 0;
		letters += char_is_alpha(c) ? 1 : 0;
		hex += char_hex(c) >= 0 ? 1 : 0;
		changes += i > 0 && char_is_digit(c) != char_is_digit(part.ptr[i - 1]) ? 1 : 0;
	}
	if (digits == 0 || letters == 0) {
		return false;
	}
	return (part.len >= 8 && hex == part.len && changes >= 2) ||
	       (part.len >= 7 && changes >= 3);
}

/* One segment: its parts are divided by '-', '_', ',', '.', '~'. */
static void see_segment(struct url_shape *shape, struct bytes segment, struct bytes previous[2])
{
	size_t words = 0;
	size_t start = 0;
	struct bytes before = {NULL, 0};
	for (size_t i = 0; i <= segment.len; i++) {
		char c = i < segment.len ? segment.ptr[i] : '-';
		if (c != '-' && c != '_' && c != ',' && c != '.' && c != '~' && c != '+') {
			continue;
		}
		struct bytes part = bytes_slice(segment, start, i);
		start = i + 1;
		if (part.len == 0) {
			continue;
		}
		see_date_parts(shape, previous, part);
		bool has_letter = false;
		for (size_t k = 0; k < part.len; k++) {
			if (!char_is_digit(part.ptr[k])) {
				has_letter = true;
				continue;
			}
			size_t end = k;
			while (end < part.len && char_is_digit(part.ptr[end])) {
				end++;
			}
			size_t id_len = shape->id_len;
			enum url_id id = shape->id;
			/* Percent-encoded text is no number. */
			if (k == 0 || part.ptr[k - 1] != '%') {
				see_digits(shape, part, k, end);
			}
			if (shape->id_len != id_len || shape->id != id) {
				set_prefix(shape, part, k, before);
			}
			k = end - 1;
		}
		if (shape->id == URL_ID_NONE && is_hash(part)) {
			shape->id = URL_ID_HASH;
			shape->id_len = part.len;
			shape->id_text = part;
		}
		words += has_letter ? 1 : 0;
		shape->has_service = shape->has_service ||
				     is_in(part, service_words,
					     sizeof(service_words) / sizeof(service_words[0]));
		before = part;
		previous[0] = previous[1];
		previous[1] = part;
	}
	if (words > shape->slug_words) {
		shape->slug_words = words;
	}
}

static void set_extension(struct url_shape *shape)
{
	size_t dot = bytes_find_last_char(shape->last, '.');
	if (dot == SIZE_MAX || dot == 0 || shape->last.len - dot - 1 > 5 ||
		shape->last.len - dot - 1 == 0) {
		return;
	}
	struct bytes extension = bytes_slice(shape->last, dot + 1, shape->last.len);
	if (!char_is_alpha(extension.ptr[0])) {
		return;
	}
	shape->extension = extension;
	shape->is_file = is_in(
		extension, file_extensions, sizeof(file_extensions) / sizeof(file_extensions[0]));
}

/* An identifier in a query value when the path has none: ?id=123456. */
static void see_query(struct url_shape *shape, struct bytes query)
{
	struct bytes rest = bytes_slice(query, 1, query.len);
	struct bytes item;
	while (shape->id == URL_ID_NONE && bytes_next_item(&rest, '&', &item)) {
		struct bytes name;
		struct bytes value;
		if (bytes_cut(item, '=', &name, &value) && value.len >= 4 && is_number(value) &&
			!(value.len == 4 && is_year(number_in(value)))) {
			shape->id = URL_ID_DIGITS;
			shape->id_len = value.len;
			shape->id_text = value;
		}
	}
}

struct url_shape url_shape_of(struct bytes path, struct bytes query)
{
	struct url_shape shape = {.is_root = true};
	struct bytes rest = path;
	struct bytes segment;
	struct bytes previous[2] = {{NULL, 0}, {NULL, 0}};
	while (bytes_next_item(&rest, '/', &segment)) {
		if (segment.len == 0) {
			continue;
		}
		shape.is_root = false;
		shape.depth++;
		shape.last = segment;
		if (is_in(segment, listing_words,
			    sizeof(listing_words) / sizeof(listing_words[0]))) {
			shape.has_listing = true;
		}
		/* The words of a slug may end in an extension: "a-b-c.html" has three. */
		size_t dot = bytes_find_last_char(segment, '.');
		bool has_extension =
			rest.len == 0 && dot != SIZE_MAX && dot > 0 && segment.len - dot <= 6;
		see_segment(
			&shape, has_extension ? bytes_slice(segment, 0, dot) : segment, previous);
	}
	if (!shape.is_root) {
		set_extension(&shape);
		shape.has_listing =
			shape.has_listing ||
			is_in(shape.last, last_words, sizeof(last_words) / sizeof(last_words[0]));
	}
	if (shape.id == URL_ID_NONE && query.len > 1) {
		see_query(&shape, query);
	}
	return shape;
}

static bool is_strong_id(const struct url_shape *shape)
{
	return shape->id == URL_ID_HASH || (shape->id == URL_ID_DIGITS && shape->id_len >= 6);
}

double url_shape_points(const struct url_shape *shape)
{
	if (shape->is_root) {
		return -5;
	}
	double points = 0;
	points += shape->has_date ? 2 : 0;
	if (is_strong_id(shape)) {
		points += 1.5;
	} else if (shape->id != URL_ID_NONE) {
		points += 0.7;
	}
	if (shape->slug_words >= 5) {
		points += 2;
	} else if (shape->slug_words == 4) {
		points += 1.5;
	} else if (shape->slug_words == 3) {
		points += 0.8;
	}
	points -= shape->has_listing ? 3.5 : 0;
	points -= shape->has_service && !shape->has_listing ? 2 : 0;
	return points;
}

static size_t distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

double url_shape_agreement(const struct url_shape *shape, const struct url_shape *seed)
{
	double points = 0;
	if (seed->has_date) {
		points += shape->has_date ? 1 : -1.5;
	}
	if (seed->id != URL_ID_NONE) {
		if (shape->id == URL_ID_NONE) {
			points -= 2;
		} else if (shape->id == seed->id && distance(shape->id_len, seed->id_len) <= 1) {
			points += 1;
		} else if (shape->id_len < seed->id_len) {
			points -= 1;
		}
		if (shape->id != URL_ID_NONE &&
			strncmp(shape->id_prefix, seed->id_prefix, sizeof(seed->id_prefix)) != 0) {
			points -= 1;
		}
	}
	if (seed->slug_words >= 4) {
		points += shape->slug_words >= 3 ? 0.5 : -0.7;
	}
	points += shape->depth == seed->depth ? 0.5 : 0;
	points -= bytes_equal_nocase(shape->extension, seed->extension) ? 0 : 0.5;
	return points;
}

uint64_t url_shape_template(const struct url_shape *shape)
{
	uint64_t words = shape->slug_words >= 4 ? 2 : (shape->slug_words >= 2 ? 1 : 0);
	uint64_t id = shape->id == URL_ID_DIGITS ? 1 + (shape->id_len >= 6 ? 1 : 0)
						 : (shape->id == URL_ID_HASH ? 3 : 0);
	uint64_t hash = bytes_hash(bytes_of(shape->id_prefix)) * 31 + bytes_hash(shape->extension);
	uint64_t depth = shape->depth < 8 ? shape->depth : 8;
	return hash * 1009 + (depth << 8 | words << 5 | id << 2 | (shape->has_date ? 2 : 0) |
				     (shape->has_listing ? 1 : 0));
}
