/* SPDX-License-Identifier: MIT */
/* credentials.h - users and passwords, each bound to one origin (Basic authentication, RFC 7617) */
#ifndef WEB_CREDENTIALS_H
#define WEB_CREDENTIALS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "web/url.h"

struct credentials;

struct credentials *credentials_create(void);
void credentials_close(struct credentials *credentials);
SCOPED_CLOSE(struct credentials *, credentials_close)
/* Reads a file of netrc's form: "machine WHERE login USER password PASSWORD", over one or several
 * lines, # begins a comment line. WHERE is an origin such as http://intranet.example:8080; a host
 * alone stands for https on its default port. FLONG_E_FORMAT names the line, never a secret. */
MUST_CHECK int credentials_load(
	struct credentials *credentials, struct bytes text, struct flong_error *err);
/* Takes the user information of a URL for its origin. False when it has none. */
bool credentials_add(struct credentials *credentials, const struct url *url);
/* Appends the value of the Authorization header for `url` ("Basic ..."), or nothing. */
void credentials_get(
	const struct credentials *credentials, const struct url *url, struct buf *value_out);
bool credentials_are_empty(const struct credentials *credentials);

#endif
