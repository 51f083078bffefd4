/* SPDX-License-Identifier: MIT */
/* sizes.c - lengths and media conditions, by recursive descent with a bounded depth */
#include "links/sizes.h"

#include "base/bytes.h"

/* Nesting of parentheses in calc() and conditions; pages use two or three. */
#define MAX_NESTING 8
/* em and rem at the default font size. */
#define EM_PX 16.0

struct cursor {
	struct bytes rest;
	double screen_width;
	const struct srcset_screen *screen; /* for media conditions */
	int nesting;
	bool failed;
};

static void skip_space(struct cursor *cursor)
{
	while (cursor->rest.len > 0 && char_is_space(cursor->rest.ptr[0])) {
		cursor->rest = bytes_slice(cursor->rest, 1, cursor->rest.len);
	}
}

static char peek(const struct cursor *cursor)
{
	return cursor->rest.len > 0 ? cursor->rest.ptr[0] : '\0';
}

static bool accept(struct cursor *cursor, char c)
{
	skip_space(cursor);
	if (peek(cursor) != c) {
		return false;
	}
	cursor->rest = bytes_slice(cursor->rest, 1, cursor->rest.len);
	return true;
}

static struct bytes take_word(struct cursor *cursor)
{
	skip_space(cursor);
	size_t end = 0;
	while (end < cursor->rest.len &&
		(char_is_alpha(cursor->rest.ptr[end]) || cursor->rest.ptr[end] == '-')) {
		end++;
	}
	struct bytes word = bytes_slice(cursor->rest, 0, end);
	cursor->rest = bytes_slice(cursor->rest, end, cursor->rest.len);
	return word;
}

static size_t read_digits(struct bytes text, size_t at, double *number, double *scale)
{
	for (; at < text.len && char_is_digit(text.ptr[at]); at++) {
		*number = *number * 10 + (text.ptr[at] - '0');
		*scale *= 10;
	}
	return at;
}

/* Length of the exponent at `at` ("e-3"), 0 when there is none; multiplies it into *number. */
static size_t read_exponent(struct bytes text, size_t at, double *number)
{
	if (at >= text.len || char_lower(text.ptr[at]) != 'e') {
		return 0;
	}
	size_t digits = at + 1;
	bool negative = digits < text.len && text.ptr[digits] == '-';
	if (digits < text.len && (text.ptr[digits] == '-' || text.ptr[digits] == '+')) {
		digits++;
	}
	double exponent = 0;
	double scale = 1;
	size_t end = read_digits(text, digits, &exponent, &scale);
	if (end == digits) {
		return 0;
	}
	/* Over 400 it is infinite or zero anyway. */
	for (int i = 0; i < (exponent > 400 ? 400 : (int)exponent); i++) {
		*number = negative ? *number / 10 : *number * 10;
	}
	return end - at;
}

/* Length of the number at the start of text, 0 when there is none. */
static size_t read_number(struct bytes text, double *number_out)
{
	size_t at = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;
	double number = 0;
	double scale = 1;
	size_t end = read_digits(text, at, &number, &scale);
	bool any = end > at;
	if (end + 1 < text.len && text.ptr[end] == '.' && char_is_digit(text.ptr[end + 1])) {
		scale = 1;
		end = read_digits(text, end + 1, &number, &scale);
		number /= scale;
		any = true;
	}
	if (!any) {
		return 0;
	}
	end += read_exponent(text, end, &number);
	*number_out = at == 1 ? -number : number;
	return end;
}

bool sizes_read_number(struct bytes text, double *number_out)
{
	double number = 0;
	if (text.len == 0 || read_number(text, &number) != text.len) {
		return false;
	}
	*number_out = number;
	return true;
}

/* A number with its unit; a bare number stays as it is (0, or a factor in calc()). */
static double take_dimension(struct cursor *cursor)
{
	double number = 0;
	size_t length = read_number(cursor->rest, &number);
	if (length == 0) {
		cursor->failed = true;
		return 0;
	}
	cursor->rest = bytes_slice(cursor->rest, length, cursor->rest.len);
	if (peek(cursor) == '%') {
		cursor->failed = true;
		return 0;
	}
	if (!char_is_alpha(peek(cursor))) {
		return number;
	}
	struct bytes unit = take_word(cursor);
	if (bytes_equal_nocase(unit, BYTES("px"))) {
		return number;
	}
	if (bytes_equal_nocase(unit, BYTES("em")) || bytes_equal_nocase(unit, BYTES("rem"))) {
		return number * EM_PX;
	}
	if (bytes_equal_nocase(unit, BYTES("vw")) || bytes_equal_nocase(unit, BYTES("vi")) ||
		bytes_equal_nocase(unit, BYTES("dvw")) || bytes_equal_nocase(unit, BYTES("svw"))) {
		return number * cursor->screen_width / 100;
	}
	cursor->failed = true;
	return 0;
}

static double take_sum(struct cursor *cursor);

/* min(), max(), clamp() or calc() after its name and parenthesis. */
static double take_arguments(struct cursor *cursor, struct bytes name)
{
	double values[3] = {0};
	size_t count = 0;
	do {
		double value = take_sum(cursor);
		if (count == 3) {
			cursor->failed = true;
			return 0;
		}
		values[count++] = value;
	} while (accept(cursor, ','));
	/* CSS closes what is open at the end. */
	(void)accept(cursor, ')');
	double low = values[0] < values[1] ? values[0] : values[1];
	double high = values[0] < values[1] ? values[1] : values[0];
	if (count == 1 && !bytes_equal_nocase(name, BYTES("clamp"))) {
		return values[0];
	}
	if (bytes_equal_nocase(name, BYTES("min")) && count == 2) {
		return low;
	}
	if (bytes_equal_nocase(name, BYTES("max")) && count == 2) {
		return high;
	}
	if (bytes_equal_nocase(name, BYTES("clamp")) && count == 3) {
		double value = values[1] > values[2] ? values[2] : values[1];
		return value < values[0] ? values[0] : value;
	}
	cursor->failed = true;
	return 0;
}

static double take_value(struct cursor *cursor)
{
	skip_space(cursor);
	if (cursor->nesting >= MAX_NESTING) {
		cursor->failed = true;
		return 0;
	}
	struct bytes name = {0};
	if (char_is_alpha(peek(cursor))) {
		name = take_word(cursor);
		if (peek(cursor) != '(') {
			cursor->failed = true;
			return 0;
		}
	}
	if (!accept(cursor, '(')) {
		return take_dimension(cursor);
	}
	cursor->nesting++;
	double value = take_arguments(cursor, name);
	cursor->nesting--;
	return value;
}

static double take_product(struct cursor *cursor)
{
	double value = take_value(cursor);
	for (;;) {
		if (cursor->failed) {
			return 0;
		}
		if (accept(cursor, '*')) {
			value *= take_value(cursor);
		} else if (accept(cursor, '/')) {
			double divisor = take_value(cursor);
			cursor->failed = cursor->failed || !(divisor > 0 || divisor < 0);
			value = cursor->failed ? 0 : value / divisor;
		} else {
			return value;
		}
	}
}

static double take_sum(struct cursor *cursor)
{
	double value = take_product(cursor);
	for (;;) {
		if (cursor->failed) {
			return 0;
		}
		if (accept(cursor, '+')) {
			value += take_product(cursor);
		} else if (accept(cursor, '-')) {
			value -= take_product(cursor);
		} else {
			return value;
		}
	}
}

static bool compare(const char *op, double value, double limit)
{
	bool below = value < limit || (op[1] == '=' && !(value > limit));
	bool above = value > limit || (op[1] == '=' && !(value < limit));
	if (op[0] == '=') {
		return !(value < limit) && !(value > limit);
	}
	return op[0] == '<' ? below : above;
}

/* "<", "<=", ">", ">=" or "="; NULL when something else stands there. */
static const char *take_comparison(struct cursor *cursor)
{
	static const char *const names[] = {"<=", ">=", "<", ">", "="};
	skip_space(cursor);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bytes name = bytes_of(names[i]);
		if (bytes_starts(cursor->rest, name)) {
			cursor->rest = bytes_slice(cursor->rest, name.len, cursor->rest.len);
			return names[i];
		}
	}
	return NULL;
}

static bool feature_is_width(struct bytes name)
{
	return bytes_equal_nocase(name, BYTES("width")) ||
	       bytes_equal_nocase(name, BYTES("device-width"));
}

/* Density: "2dppx", "2x", "192dpi", or the bare number of -webkit-device-pixel-ratio. */
static double take_density(struct cursor *cursor)
{
	double number = 0;
	skip_space(cursor);
	size_t length = read_number(cursor->rest, &number);
	cursor->failed = cursor->failed || length == 0;
	cursor->rest = bytes_slice(cursor->rest, length, cursor->rest.len);
	struct bytes unit = take_word(cursor);
	return bytes_equal_nocase(unit, BYTES("dpi")) ? number / 96 : number;
}

/* "name: value" after the name and the colon; min- and max- are taken off the name here. */
static bool match_plain_feature(struct cursor *cursor, struct bytes name)
{
	const char *op = "=";
	if (bytes_starts_nocase(name, BYTES("-webkit-"))) {
		name = bytes_slice(name, 8, name.len);
	}
	if (bytes_starts_nocase(name, BYTES("min-")) || bytes_starts_nocase(name, BYTES("max-"))) {
		op = char_lower(name.ptr[1]) == 'i' ? ">=" : "<=";
		name = bytes_slice(name, 4, name.len);
	}
	const struct srcset_screen *screen = cursor->screen;
	if (feature_is_width(name)) {
		return compare(op, screen->width, take_sum(cursor));
	}
	if (bytes_equal_nocase(name, BYTES("resolution")) ||
		bytes_equal_nocase(name, BYTES("device-pixel-ratio"))) {
		return compare(op, screen->density, take_density(cursor));
	}
	if (bytes_equal_nocase(name, BYTES("orientation"))) {
		bool portrait = screen->width < 600;
		struct bytes value = take_word(cursor);
		return bytes_equal_nocase(value, portrait ? BYTES("portrait") : BYTES("landscape"));
	}
	cursor->failed = true;
	return false;
}

static bool match_condition(struct cursor *cursor);

/* What stands in parentheses: a feature, a range, or a nested condition. */
static bool match_in_parens(struct cursor *cursor)
{
	skip_space(cursor);
	if (peek(cursor) == '(') {
		return match_condition(cursor);
	}
	if (char_is_digit(peek(cursor))) {
		double low = take_sum(cursor);
		const char *op = take_comparison(cursor);
		bool known = op != NULL && feature_is_width(take_word(cursor));
		cursor->failed = cursor->failed || !known;
		if (cursor->failed || !compare(op[0] == '<'   ? (op[1] == '=' ? ">=" : ">")
					       : op[1] == '=' ? "<="
							      : "<",
					      cursor->screen->width, low)) {
			cursor->rest = (struct bytes){0};
			return false;
		}
		op = take_comparison(cursor);
		return op == NULL || compare(op, cursor->screen->width, take_sum(cursor));
	}
	struct bytes name = take_word(cursor);
	if (bytes_equal_nocase(name, BYTES("not"))) {
		return !match_condition(cursor);
	}
	if (accept(cursor, ':')) {
		return match_plain_feature(cursor, name);
	}
	const char *op = take_comparison(cursor);
	if (op == NULL || !feature_is_width(name)) {
		cursor->failed = true;
		return false;
	}
	return compare(op, cursor->screen->width, take_sum(cursor));
}

static bool match_part(struct cursor *cursor)
{
	if (cursor->nesting >= MAX_NESTING) {
		cursor->failed = true;
		return false;
	}
	if (accept(cursor, '(')) {
		cursor->nesting++;
		bool matches = match_in_parens(cursor);
		cursor->nesting--;
		(void)accept(cursor, ')');
		return matches;
	}
	struct bytes word = take_word(cursor);
	if (bytes_equal_nocase(word, BYTES("not"))) {
		cursor->nesting++;
		bool matches = match_part(cursor);
		cursor->nesting--;
		return !matches;
	}
	if (bytes_equal_nocase(word, BYTES("only"))) {
		word = take_word(cursor);
	}
	cursor->failed = cursor->failed || word.len == 0;
	return bytes_equal_nocase(word, BYTES("screen")) || bytes_equal_nocase(word, BYTES("all"));
}

static bool match_condition(struct cursor *cursor)
{
	bool matches = match_part(cursor);
	for (;;) {
		skip_space(cursor);
		if (cursor->failed || cursor->rest.len == 0 || peek(cursor) == ')') {
			return matches && !cursor->failed;
		}
		struct bytes word = take_word(cursor);
		bool right = match_part(cursor);
		if (bytes_equal_nocase(word, BYTES("and"))) {
			matches = matches && right;
		} else if (bytes_equal_nocase(word, BYTES("or"))) {
			matches = matches || right;
		} else {
			cursor->failed = true;
		}
	}
}

/* Takes the next item off *rest, up to a comma outside parentheses. */
static bool next_item(struct bytes *rest, struct bytes *item_out)
{
	if (rest->len == 0) {
		return false;
	}
	size_t depth = 0;
	size_t at = 0;
	for (; at < rest->len && (rest->ptr[at] != ',' || depth > 0); at++) {
		if (rest->ptr[at] == '(') {
			depth++;
		} else if (rest->ptr[at] == ')' && depth > 0) {
			depth--;
		}
	}
	*item_out = bytes_trim(bytes_slice(*rest, 0, at));
	*rest = bytes_slice(*rest, at + 1, rest->len);
	return true;
}

bool sizes_media_matches(struct bytes media, const struct srcset_screen *screen)
{
	media = bytes_trim(media);
	if (media.len == 0) {
		return true;
	}
	struct bytes item;
	while (next_item(&media, &item)) {
		struct cursor cursor = {
			.rest = item, .screen = screen, .screen_width = screen->width};
		if (match_condition(&cursor) && !cursor.failed && cursor.rest.len == 0) {
			return true;
		}
	}
	return false;
}

/* Where the last component of "(condition) length" starts: behind the last space outside
 * parentheses. */
static size_t length_start(struct bytes item)
{
	size_t depth = 0;
	size_t start = 0;
	for (size_t i = 0; i < item.len; i++) {
		if (item.ptr[i] == '(') {
			depth++;
		} else if (item.ptr[i] == ')' && depth > 0) {
			depth--;
			/* "(min-width:1px)50vw" needs no space. */
			if (depth == 0 && i + 1 < item.len && start == 0 && item.ptr[0] == '(') {
				start = i + 1;
			}
		} else if (depth == 0 && char_is_space(item.ptr[i])) {
			start = i + 1;
		}
	}
	return start;
}

double sizes_length(struct bytes sizes, double screen_width)
{
	struct srcset_screen screen = {screen_width, screen_width < 600 ? 2 : 1};
	struct bytes item;
	while (next_item(&sizes, &item)) {
		size_t start = length_start(item);
		struct cursor cursor = {.rest = bytes_slice(item, start, item.len),
			.screen = &screen,
			.screen_width = screen_width};
		double length = take_sum(&cursor);
		skip_space(&cursor);
		if (cursor.failed || cursor.rest.len > 0 || length < 0) {
			continue;
		}
		if (sizes_media_matches(bytes_slice(item, 0, start), &screen)) {
			return length;
		}
	}
	return screen_width;
}
