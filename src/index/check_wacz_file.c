/* SPDX-License-Identifier: MIT */
/* check_wacz_file.c - one file of a WACZ: its place in the ZIP file, its size, its hash */
#include <stdarg.h>
#include <string.h>

#include "base/error.h"
#include "index/check_say.h"
#include "index/check_wacz_state.h"

const char *check_wacz_name(struct check_wacz_state *run, const char *file)
{
	buf_reset(&run->name);
	buf_addf(&run->name, "%s%s%s", run->path, *file == '\0' ? "" : ": ", file);
	return buf_text(&run->name);
}

/* A file that a finding is about. */
struct subject {
	struct check_wacz_state *run;
	const char *file;
};

static void give(void *context, const struct check_finding *finding)
{
	const struct subject *subject = context;
	const struct check_set_hooks *hooks = subject->run->options->hooks;
	hooks->finding(hooks->context, check_wacz_name(subject->run, subject->file), finding);
}

void check_wacz_say(struct check_wacz_state *run, const char *file, enum check_severity severity,
	const char *rule, const char *format, ...)
{
	struct subject subject = {run, file};
	const struct check_listener listener = {give, &subject};
	const struct check_finding finding = {
		.is_of_file = true, .severity = severity, .rule = rule};
	va_list args;
	va_start(args, format);
	check_say(&listener, &finding, format, args);
	va_end(args);
}

/* --- each file as a part of the ZIP file --------------------------------------------------------
 */

static void check_entry(struct check_wacz_state *run, const struct wacz_file *file)
{
	struct bytes path = bytes_of(file->path);
	bool is_archive = bytes_starts(path, BYTES("archive/"));
	if (!file->is_stored && (is_archive || bytes_ends(path, BYTES(".gz")))) {
		check_wacz_say(run, file->path, CHECK_ERROR, "W-39",
			"the file is deflated in the ZIP file: players cannot read ranges of it");
	}
	if ((file->entry->oddities & ZIP_ODD_LOCAL_EXTRA) != 0) {
		check_wacz_say(run, file->path, CHECK_ERROR, "W-39",
			"an extra field stands in its local header only: ReplayWeb.page does not "
			"find the data");
	}
	if ((file->entry->oddities & ZIP_ODD_NAME) != 0) {
		check_wacz_say(run, file->path, CHECK_WARNING, "W-66",
			"its name is not ASCII, and not marked as UTF-8: programs read another "
			"name");
	}
}

/* Where files may lie: players look one folder deep, validators compare two parts of a path. */
static void check_place(
	struct check_wacz_state *run, const struct wacz_file *file, enum check_name kind)
{
	static const char *const folders[] = {"archive/", "indexes/", "pages/"};
	struct bytes path = bytes_of(file->path);
	size_t slash = bytes_find_char(path, '/', 0);
	bool is_deep = slash != SIZE_MAX && bytes_find_char(path, '/', slash + 1) != SIZE_MAX;
	bool is_ours = strcmp(file->path, CHECK_PACKAGE_FILE) == 0 ||
		       strcmp(file->path, CHECK_PACKAGE_DIGEST_FILE) == 0;
	bool is_custom = false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		bool is_here = bytes_starts(path, bytes_of(folders[i]));
		is_custom = is_custom ||
			    (is_here && (kind == CHECK_NAME_OTHER || kind == CHECK_NAME_STRANGE));
	}
	if (is_deep) {
		check_wacz_say(run, file->path,
			kind == CHECK_NAME_OTHER ? CHECK_ADVICE : CHECK_WARNING, "W-36",
			"the file lies in a folder of a folder: %s",
			kind == CHECK_NAME_OTHER ? "py-wacz refuses the package"
						 : "players do not find it, py-wacz refuses it");
	} else if (slash == SIZE_MAX && !is_ours) {
		check_wacz_say(run, file->path, CHECK_ADVICE, "W-36",
			"the file lies beside datapackage.json: py-wacz refuses the package");
	}
	if (is_custom) {
		check_wacz_say(run, file->path, CHECK_WARNING, "W-36",
			"the file is no part of a WACZ, and does not belong into this folder");
	}
}

/* --- each file against datapackage.json ---------------------------------------------------------
 */

static void compare(struct check_wacz_state *run, const struct wacz_file *file,
	const struct wacz_resource *resource, const struct digest *found)
{
	bool is_right = true;
	if (resource->has_size && resource->size != file->size) {
		is_right = false;
		check_wacz_say(run, file->path, CHECK_ERROR, "W-37",
			"the file has %llu bytes, datapackage.json says %llu",
			(unsigned long long)file->size, (unsigned long long)resource->size);
	}
	if (resource->has_hash && !digest_equal(&resource->hash, found)) {
		char text[DIGEST_TEXT_SIZE];
		digest_format_hex(found, text);
		is_right = false;
		check_wacz_say(run, file->path, CHECK_ERROR, "W-37",
			"the hash is not the one in datapackage.json: that of the file is %s",
			text);
	}
	if (resource->has_hash) {
		run->summary->hashes_right += is_right;
		run->summary->hashes_wrong += !is_right;
	}
}

/* The digests of a file: that of its resource, and SHA-256 for the caller. */
struct sums {
	struct digester *of_resource; /* owned; NULL: the other one will do */
	struct digester *sha256;      /* owned */
};

/* Reads all of it, so that its checksum is compared too. What is damaged is a finding. */
static int sum_up(struct check_wacz_state *run, const struct wacz_file *file,
	const struct sums *sums, struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	int rc = wacz_reader_open_file(run->reader, file, &source, err);
	while (rc == FLONG_OK) {
		size_t got = 0;
		rc = source_read(source, run->room, CHECK_WACZ_READ_BYTES, &got, err);
		struct bytes part = bytes_from(run->room, rc == FLONG_OK ? got : 0);
		digester_add(sums->sha256, part);
		if (sums->of_resource != NULL) {
			digester_add(sums->of_resource, part);
		}
	}
	if (rc == FLONG_E_DAMAGED) {
		check_wacz_say(run, file->path, CHECK_ERROR, "W-66", "%s", err->message);
		rc = FLONG_END;
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static int check_sums(struct check_wacz_state *run, const struct wacz_file *file,
	char text[DIGEST_TEXT_SIZE], struct flong_error *err)
{
	const struct check_package *package = &run->summary->package;
	const struct wacz_resource *resource = wacz_manifest_find(&package->manifest, file->path);
	struct sums sums = {.sha256 = digester_create(DIGEST_SHA256)};
	if (resource != NULL && resource->has_hash && resource->hash.algorithm != DIGEST_SHA256) {
		sums.of_resource = digester_create(resource->hash.algorithm);
	}
	bool is_other = sums.of_resource != NULL;
	int rc = sum_up(run, file, &sums, err);
	struct digest sha256 = digester_end(sums.sha256);
	struct digest own = is_other ? digester_end(sums.of_resource) : sha256;
	digest_format_hex(&sha256, text);
	digester_close(sums.of_resource);
	digester_close(sums.sha256);
	if (rc != FLONG_OK || bytes_starts(bytes_of(file->path), BYTES("datapackage"))) {
		return rc;
	}
	if (resource != NULL) {
		compare(run, file, resource, &own);
	} else if (package->is_readable) {
		run->summary->unlisted++;
		check_wacz_say(run, file->path, CHECK_ERROR, "W-37",
			"datapackage.json does not list the file");
	}
	return rc;
}

int check_wacz_file(struct check_wacz_state *run, const struct wacz_file *file,
	char text[DIGEST_TEXT_SIZE], struct flong_error *err)
{
	check_entry(run, file);
	check_place(run, file, check_names_of(bytes_of(file->path)));
	return check_sums(run, file, text, err);
}
