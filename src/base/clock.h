/* SPDX-License-Identifier: MIT */
/* clock.h - wall-clock and monotonic time in milliseconds, and the time formats we write */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall_ms(void);
/* Milliseconds of a clock that never jumps; only differences mean anything. */
int64_t clock_monotonic_ms(void);
/* The same in microseconds. */
int64_t clock_monotonic_us(void);

#define CLOCK_ISO_SIZE 32
#define CLOCK_DIGITS_SIZE 20
/* "2026-11-23T19:00:00.123Z" (WARC-Date, W-05). Years outside 0-9999 are clamped. */
void clock_format_iso_ms(int64_t wall_ms, char out[CLOCK_ISO_SIZE]);
/* "2026-11-23T19:00:00Z", truncated. */
void clock_format_iso_s(int64_t wall_ms, char out[CLOCK_ISO_SIZE]);
/* "20261123190000123" (17 digits) and "20261123190000" (14 digits), truncated, never rounded
 * (W-31). */
void clock_format_digits17(int64_t wall_ms, char out[CLOCK_DIGITS_SIZE]);
void clock_format_digits14(int64_t wall_ms, char out[CLOCK_DIGITS_SIZE]);
#define CLOCK_HTTP_SIZE 40
/* "Mon, 23 Nov 2026 19:00:00 GMT" (RFC 9110 5.6.7), truncated. */
void clock_format_http(int64_t wall_ms, char out[CLOCK_HTTP_SIZE]);
/* Reads a W3C date as WARC uses it: date and time with 0-9 fraction digits and "Z" or a +hh:mm
 * offset; also a date only or without seconds. False when it is anything else or names an
 * impossible day or time. Fractions are truncated to ms. */
bool clock_parse_iso(struct bytes text, int64_t *wall_ms_out);
/* Reads 4 to 17 digits YYYYMMDDhhmmssmmm, missing parts are the earliest. False for other input. */
bool clock_parse_digits(struct bytes text, int64_t *wall_ms_out);
/* Reads an HTTP date in any of the three forms of RFC 9110 5.6.7. */
bool clock_parse_http(struct bytes text, int64_t *wall_ms_out);
/* Days since 1970-01-01 of a date of the Gregorian calendar; month 1-12, day 1-31. */
int64_t clock_days(int year, int month, int day);

#endif
