/* SPDX-License-Identifier: MIT */
/* check_package.c - what a WACZ says of itself: datapackage.json and datapackage-digest.json */
#include "index/check_package.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/safe_path.h"
#include "index/wacz_package.h"

enum { TEXT_MAX = 1000 };

static void give(void *context, const struct check_finding *finding)
{
	const struct check_package *package = context;
	package->finding(package->context, package->path, finding);
}

static void say(struct check_package *package, enum check_severity severity, const char *rule,
	const char *format, ...) PRINTF_LIKE(4, 5);
static void say(struct check_package *package, enum check_severity severity, const char *rule,
	const char *format, ...)
{
	const struct check_listener listener = {give, package};
	const struct check_finding place = {.is_of_file = true, .severity = severity, .rule = rule};
	va_list args;
	va_start(args, format);
	check_say(&listener, &place, format, args);
	va_end(args);
}

void check_package_clear(struct check_package *package)
{
	buf_clear(&package->title);
	buf_clear(&package->created);
	buf_clear(&package->software);
	buf_clear(&package->version);
	buf_clear(&package->main_url);
	buf_clear(&package->main_date);
	wacz_manifest_clear(&package->manifest);
	check_signature_clear(&package->signature);
}

/* --- one resource ------------------------------------------------------------------------------
 */

/* Names as the validators of data packages want them. */
static bool is_plain_name(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool is_lower = char_is_alpha(c) && char_lower(c) == c;
		if (!is_lower && !char_is_digit(c) && strchr("-._/", c) == NULL) {
			return false;
		}
	}
	return name.len > 0;
}

/* The form "sha256:" and lower-case hexadecimal digits; validators compare the text. */
static void check_hash_form(
	struct check_package *package, const struct wacz_resource *resource, struct bytes hash)
{
	char right[DIGEST_TEXT_SIZE];
	digest_format_hex(&resource->hash, right);
	enum digest_algorithm algorithm = resource->hash.algorithm;
	if (!bytes_equal(hash, bytes_of(right))) {
		say(package, CHECK_WARNING, "W-37",
			"the hash of '%s' is not written as label and lower-case hexadecimal "
			"digits: validators compare the text",
			resource->path);
	} else if (algorithm != DIGEST_SHA256 && algorithm != DIGEST_MD5) {
		say(package, CHECK_WARNING, "W-37",
			"the hash of '%s' is neither sha256 nor md5: validators may not know it",
			resource->path);
	}
}

/* Version 1.0.0 had "hashing" and "stats": {"hash", "bytes"}. */
static void add_label(const struct json *value, struct buf *hash)
{
	struct bytes label = json_text(json_get(value, "hashing"));
	buf_add(hash, label.len > 0 ? label : BYTES("sha256"));
	buf_add_char(hash, ':');
	buf_add(hash, json_text(json_get(json_get(value, "stats"), "hash")));
}

static void read_hash(
	struct check_package *package, struct wacz_resource *resource, const struct json *value)
{
	SCOPED(buf_clear) struct buf labelled = {0};
	struct flong_error reason;
	struct bytes hash = json_text(json_get(value, "hash"));
	if (hash.len == 0 && json_get(value, "stats") != NULL) {
		add_label(value, &labelled);
		hash = buf_bytes(&labelled);
	}
	if (hash.len == 0) {
		say(package, CHECK_ERROR, "W-37", "'%s' has no hash", resource->path);
	} else if (digest_parse(hash, &resource->hash, &reason) != FLONG_OK) {
		say(package, CHECK_ERROR, "W-37", "the hash of '%s' cannot be read: %s",
			resource->path, reason.message);
	} else {
		resource->has_hash = true;
		check_hash_form(package, resource, hash);
	}
}

static void read_size(
	struct check_package *package, struct wacz_resource *resource, const struct json *value)
{
	const struct json *size = json_get(value, "bytes");
	if (size == NULL) {
		size = json_get(json_get(value, "stats"), "bytes");
	}
	resource->has_size = json_type(size) == JSON_NUMBER && json_int(size) >= 0;
	if (resource->has_size) {
		resource->size = (uint64_t)json_int(size);
	} else {
		say(package, CHECK_WARNING, "W-37", "'%s' has no bytes", resource->path);
	}
}

static int take_resource(void *context, const struct json *value, struct flong_error *err)
{
	struct check_package *package = context;
	struct wacz_resource *resource = NULL;
	struct bytes path = json_text(json_get(value, "path"));
	if (path.len == 0) {
		say(package, CHECK_ERROR, "W-37", "a resource has no path");
		return FLONG_OK;
	}
	const char *fault = safe_path_fault(path);
	if (fault != NULL) {
		say(package, CHECK_ERROR, "W-37", "the path '" BYTES_FMT "' %s", BYTES_ARG(path),
			fault);
		return FLONG_OK;
	}
	int rc = wacz_manifest_add(&package->manifest, path, &resource, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	package->odd_names += !is_plain_name(json_text(json_get(value, "name")));
	read_hash(package, resource, value);
	read_size(package, resource, value);
	return FLONG_OK;
}

/* --- the other members -------------------------------------------------------------------------
 */

static void keep(struct buf *out, const struct json *object, const char *name)
{
	buf_add(out, bytes_slice(json_text(json_get(object, name)), 0, TEXT_MAX));
}

static void check_profile(struct check_package *package, const struct json *root)
{
	struct bytes profile = json_text(json_get(root, "profile"));
	if (profile.len == 0) {
		say(package, CHECK_WARNING, "W-36",
			"there is no profile: players take it for data-package, validators do not");
	} else if (bytes_equal(profile, BYTES("wacz-package"))) {
		say(package, CHECK_WARNING, "W-36",
			"the profile is wacz-package, not data-package: players take both");
	} else if (bytes_equal(profile, BYTES("multi-wacz-package"))) {
		package->is_multi = true;
		say(package, CHECK_WARNING, "W-36",
			"the package names other packages, which were not read");
	} else if (!bytes_equal(profile, BYTES("data-package"))) {
		say(package, CHECK_ERROR, "W-36",
			"the profile is '" BYTES_FMT
			"', not data-package: ReplayWeb.page does not open the file",
			BYTES_ARG(profile));
	}
}

static void check_version(struct check_package *package)
{
	struct bytes version = buf_bytes(&package->version);
	if (version.len == 0) {
		say(package, CHECK_ERROR, "W-36", "there is no wacz_version");
	} else if (bytes_equal(version, BYTES("1.0.0")) || bytes_equal(version, BYTES("1.1.0"))) {
		say(package, CHECK_ADVICE, "W-36",
			"wacz_version is " BYTES_FMT ": validators know 1.1.1 only",
			BYTES_ARG(version));
	} else if (!bytes_equal(version, BYTES("1.1.1"))) {
		say(package, CHECK_WARNING, "W-36", "wacz_version '" BYTES_FMT "' is not known",
			BYTES_ARG(version));
	}
}

static void check_dates(struct check_package *package, const struct json *root)
{
	static const char *const names[] = {"created", "modified", "mainPageDate"};
	int64_t time_ms;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct json *value = json_get(root, names[i]);
		if (value != NULL && !clock_parse_iso(json_text(value), &time_ms)) {
			say(package, CHECK_WARNING, "W-36", "%s '" BYTES_FMT "' is no date",
				names[i], BYTES_ARG(json_text(value)));
		}
	}
	if (package->created.len == 0) {
		say(package, CHECK_ADVICE, "W-36", "there is no date of creation");
	}
}

static void check_members(struct check_package *package, const struct json *root)
{
	keep(&package->title, root, "title");
	if (package->title.len == 0) { /* version 1.0.0 */
		keep(&package->title, json_get(root, "metadata"), "title");
	}
	keep(&package->created, root, "created");
	keep(&package->software, root, "software");
	keep(&package->version, root, "wacz_version");
	keep(&package->main_date, root, "mainPageDate");
	struct bytes url = json_text(json_get(root, "mainPageUrl"));
	url = url.len == 0 ? json_text(json_get(root, "mainPageURL")) : url; /* of py-wacz */
	buf_add(&package->main_url, bytes_slice(url, 0, LIMIT_URL_BYTES));
	check_version(package);
	check_dates(package, root);
	if (json_type(json_get(root, "resources")) != JSON_ARRAY) {
		say(package, CHECK_ERROR, "W-37", "there is no list of resources");
	}
	if (package->odd_names > 0) {
		say(package, CHECK_ADVICE, "W-37",
			"%zu resources have no name of lower-case letters, digits and -._/: some "
			"validators refuse it",
			package->odd_names);
	}
}

/* --- the files ---------------------------------------------------------------------------------
 */

/* Whether it is what the file says that is wrong, not the reading of it. */
static bool is_fault(int rc)
{
	return rc == FLONG_E_FORMAT || rc == FLONG_E_DAMAGED || rc == FLONG_E_LIMIT ||
	       rc == FLONG_E_UNSUPPORTED;
}

/* Passes over what a failure left unread, so that the digest is of all bytes. */
static int drain(struct source *source, struct digester *digester, struct flong_error *err)
{
	int rc = FLONG_OK;
	while (rc == FLONG_OK) {
		char room[16384];
		size_t got = 0;
		rc = source_read(source, room, sizeof(room), &got, err);
		digester_add(digester, bytes_from(room, rc == FLONG_OK ? got : 0));
	}
	return rc == FLONG_E_IO ? rc : FLONG_OK;
}

static void check_repeats(struct check_package *package)
{
	const struct wacz_manifest *manifest = &package->manifest;
	wacz_manifest_sort(&package->manifest);
	for (size_t i = 1; i < manifest->count; i++) {
		if (strcmp(manifest->resources[i - 1].path, manifest->resources[i].path) == 0) {
			say(package, CHECK_ERROR, "W-37", "'%s' is listed twice",
				manifest->resources[i].path);
		}
	}
}

/* Reads datapackage.json; its digest is in `digester` then. */
static int read_members(struct check_package *package, const struct wacz_reader *reader,
	const struct wacz_file *file, struct digester *digester, struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(json_closep) struct json_document *rest = NULL;
	struct flong_error reason = {0};
	const struct wacz_package_hooks hooks = {
		.resource = take_resource, .context = package, .digester = digester};
	package->path = CHECK_PACKAGE_FILE;
	int rc = wacz_reader_open_file(reader, file, &source, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	rc = wacz_package_read(source, &hooks, &rest, &reason);
	if (is_fault(rc)) {
		say(package, CHECK_ERROR, "W-36", "%s", reason.message);
		rc = drain(source, digester, err);
	} else if (rc < 0) {
		*err = reason;
	} else {
		package->is_readable = true;
		check_profile(package, json_root(rest));
		check_members(package, json_root(rest));
	}
	check_repeats(package);
	return rc;
}

static int read_digest_file(struct check_package *package, const struct wacz_reader *reader,
	const struct wacz_file *file, struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_PACKAGE_DIGEST_BYTES);
	struct flong_error reason = {0};
	package->path = CHECK_PACKAGE_DIGEST_FILE;
	package->digest = CHECK_PACKAGE_DIGEST_WRONG; /* until it is seen to fit */
	package->signature.listener = (struct check_listener){give, package};
	int rc = wacz_reader_open_file(reader, file, &source, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	rc = source_read_all(source, &text, &reason);
	if (is_fault(rc)) {
		say(package, CHECK_ERROR, "W-38", "%s", reason.message);
		return FLONG_OK;
	}
	if (rc < 0) {
		*err = reason;
		return rc;
	}
	check_signature_read(&package->signature, buf_bytes(&text));
	return FLONG_OK;
}

static void compare_digest(struct check_package *package, struct digester *digester)
{
	struct check_signature *signature = &package->signature;
	struct digest found = digester_end(digester);
	package->path = CHECK_PACKAGE_DIGEST_FILE;
	if (signature->has_hash && digest_equal(&signature->hash, &found)) {
		package->digest = CHECK_PACKAGE_DIGEST_FITS;
	} else if (signature->has_hash) {
		char text[DIGEST_TEXT_SIZE];
		digest_format_hex(&found, text);
		say(package, CHECK_ERROR, "W-38",
			"the hash is not that of datapackage.json, which is %s", text);
	}
	if (package->digest != CHECK_PACKAGE_DIGEST_FITS &&
		signature->state != CHECK_SIGNATURE_NONE) { /* it is of something else */
		signature->state = CHECK_SIGNATURE_BAD;
	}
	if (signature->created.len > 0 && package->is_readable &&
		!bytes_equal(buf_bytes(&signature->created), buf_bytes(&package->created))) {
		say(package, CHECK_ERROR, "W-38",
			"signedData was created at another date than datapackage.json");
	}
}

int check_package_read(
	struct check_package *package, const struct wacz_reader *reader, struct flong_error *err)
{
	const struct wacz_file *file = wacz_reader_find(reader, BYTES(CHECK_PACKAGE_FILE));
	const struct wacz_file *stated = wacz_reader_find(reader, BYTES(CHECK_PACKAGE_DIGEST_FILE));
	int rc = FLONG_OK;
	if (stated != NULL) {
		rc = read_digest_file(package, reader, stated, err);
	} else if (file != NULL) {
		package->path = CHECK_PACKAGE_DIGEST_FILE;
		say(package, CHECK_WARNING, "W-38",
			"the file is not there: whether datapackage.json was changed cannot be "
			"seen");
	}
	if (file == NULL) {
		package->path = CHECK_PACKAGE_FILE;
		say(package, CHECK_ERROR, "W-36", "the file is not there");
		return rc;
	}
	package->is_there = true;
	SCOPED(digester_closep)
	struct digester *digester = digester_create(
		package->signature.has_hash ? package->signature.hash.algorithm : DIGEST_SHA256);
	if (rc == FLONG_OK) {
		rc = read_members(package, reader, file, digester, err);
	}
	if (rc == FLONG_OK && stated != NULL) {
		compare_digest(package, digester);
	}
	return rc;
}
