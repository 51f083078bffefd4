/* SPDX-License-Identifier: MIT */
/* request_query_number.c - numbers as JavaScript prints them */
#include "index/request_query_number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

/* The fewest digits that read back as `number` (positive), and the place of the point before which
 * all of them stand at 0. */
static void shortest_digits(double number, char digits[24], int *point_out)
{
	char text[40] = "";
	for (int precision = 0; precision < 17; precision++) {
		(void)snprintf(text, sizeof(text), "%.*e", precision, number);
		if (strtod(text, NULL) == number) {
			break;
		}
	}
	size_t count = 0;
	const char *c = text;
	for (; *c != 'e' && *c != '\0'; c++) {
		if (char_is_digit(*c)) {
			digits[count++] = *c;
		}
	}
	while (count > 1 && digits[count - 1] == '0') {
		count--;
	}
	digits[count] = '\0';
	*point_out = (int)strtod(*c == 'e' ? c + 1 : "0", NULL) + 1;
}

static void add_zeros(struct buf *out, int count)
{
	for (int i = 0; i < count; i++) {
		buf_add_char(out, '0');
	}
}

void request_query_add_number(double number, struct buf *out)
{
	if (number == 0) {
		buf_add_char(out, '0');
		return;
	}
	if (number < 0) {
		buf_add_char(out, '-');
	}
	char text[24];
	int point;
	shortest_digits(fabs(number), text, &point);
	struct bytes digits = bytes_of(text);
	int count = (int)digits.len;
	if (point > 21 || point <= -6) {
		buf_add(out, bytes_slice(digits, 0, 1));
		if (count > 1) {
			buf_add_char(out, '.');
			buf_add(out, bytes_slice(digits, 1, digits.len));
		}
		buf_addf(out, "e%c%d", point > 0 ? '+' : '-', abs(point - 1));
	} else if (point >= count) {
		buf_add(out, digits);
		add_zeros(out, point - count);
	} else if (point > 0) {
		buf_add(out, bytes_slice(digits, 0, (size_t)point));
		buf_add_char(out, '.');
		buf_add(out, bytes_slice(digits, (size_t)point, digits.len));
	} else {
		buf_add_text(out, "0.");
		add_zeros(out, -point);
		buf_add(out, digits);
	}
}
