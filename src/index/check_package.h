/* SPDX-License-Identifier: MIT */
/* check_package.h - what a WACZ says of itself: datapackage.json and datapackage-digest.json */
#ifndef INDEX_CHECK_PACKAGE_H
#define INDEX_CHECK_PACKAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/check_signature.h"
#include "index/wacz_manifest.h"
#include "index/wacz_reader.h"

#define CHECK_PACKAGE_FILE "datapackage.json"
#define CHECK_PACKAGE_DIGEST_FILE "datapackage-digest.json"

enum check_package_digest {
	CHECK_PACKAGE_DIGEST_ABSENT,
	CHECK_PACKAGE_DIGEST_FITS,
	CHECK_PACKAGE_DIGEST_WRONG /* or it cannot be read */
};

struct check_package {
	/* Set by the caller: is told of findings, with the path of the file in the package. */
	void (*finding)(void *context, const char *path, const struct check_finding *finding);
	void *context;
	/* Out. Texts are as they stand, cut at 1000 bytes. */
	bool is_there, is_readable; /* datapackage.json */
	bool is_multi;              /* its resources are other packages */
	struct buf title, created, software, version, main_url, main_date;
	struct wacz_manifest manifest; /* the files it lists */
	enum check_package_digest digest;
	struct check_signature signature;
	/* Private. */
	const char *path; /* of the file that is read */
	size_t odd_names; /* of resources */
};

/* Reads and checks both files. FLONG_OK whatever is found; FLONG_E_IO. */
MUST_CHECK int check_package_read(
	struct check_package *package, const struct wacz_reader *reader, struct flong_error *err);
void check_package_clear(struct check_package *package);

#endif
