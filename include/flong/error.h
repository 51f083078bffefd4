/* SPDX-License-Identifier: MIT */
/* error.h - result codes and the error value that carries one readable sentence */
#ifndef FLONG_ERROR_H
#define FLONG_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* What a fallible function returns. Zero is success, negative a failure, positive an outcome that
 * the function's own documentation names and that its direct caller handles. */
enum flong_code {
	FLONG_END = 1,            /* nothing more to read */
	FLONG_OK = 0,             /* done */
	FLONG_E_FORMAT = -1,      /* input does not follow its format */
	FLONG_E_LIMIT = -2,       /* a documented limit was reached */
	FLONG_E_IO = -3,          /* reading or writing a file failed */
	FLONG_E_NOT_FOUND = -4,   /* the named thing does not exist */
	FLONG_E_EXISTS = -5,      /* the named thing exists already */
	FLONG_E_USAGE = -6,       /* the caller's request makes no sense */
	FLONG_E_BUSY = -7,        /* in use by another process */
	FLONG_E_UNSUPPORTED = -8, /* well formed, but not something we handle */
	FLONG_E_DAMAGED = -9,     /* data does not match its digest, length or checksum */
	FLONG_E_NETWORK = -10,    /* DNS, connect or transport failure */
	FLONG_E_TLS = -11,        /* TLS handshake or certificate failure */
	FLONG_E_TIMEOUT = -12,    /* a time limit passed */
	FLONG_E_PROTOCOL = -13,   /* the peer broke HTTP */
	FLONG_E_REFUSED = -14,    /* refused by our own policy */
	FLONG_E_STOPPED = -15,    /* interrupted by a signal or the caller */
	FLONG_E_INTERNAL = -16    /* a library we use failed in a way it should not */
};

/* Longest message with its terminating zero, bytes. When it is too long the context in front is
 * shortened. */
#define FLONG_ERROR_MAX 1024

/* A failure: its code and one sentence that names the thing and what is wrong with it. Zeroed is
 * valid. */
struct flong_error {
	int code;                      /* enum flong_code, 0 when nothing was set */
	char message[FLONG_ERROR_MAX]; /* UTF-8, no line end, lower case, no full stop */
};

#ifdef __cplusplus
}
#endif
#endif
