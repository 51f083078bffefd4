/* SPDX-License-Identifier: MIT */
/* check_wacz_view.c - what is known of a WACZ file, as lines for people, as JSON, as rows of the
 * report */
#include "cli/check_wacz_view.h"

#include "base/json.h"
#include "cli/check_page.h"
#include "cli/check_print.h"
#include "web/utf8.h"

/* Text of the package for a terminal: no control bytes, those of Latin-1 neither. */
static void add_clean(struct buf *out, const struct buf *text)
{
	SCOPED(buf_clear) struct buf valid = {0};
	utf8_add_valid(&valid, buf_bytes(text));
	for (size_t i = 0; i < valid.len; i++) {
		unsigned char c = (unsigned char)valid.ptr[i];
		bool is_high =
			c == 0xc2 && i + 1 < valid.len && (unsigned char)valid.ptr[i + 1] < 0xa0;
		i += is_high;
		buf_add_char(out, is_high || c < ' ' || c == 0x7f ? '?' : (char)c);
	}
}

static const char *digest_words(enum check_package_digest digest)
{
	switch (digest) {
	case CHECK_PACKAGE_DIGEST_FITS:
		return "datapackage.json has the right hash";
	case CHECK_PACKAGE_DIGEST_WRONG:
		return "datapackage.json has not the hash it should have";
	case CHECK_PACKAGE_DIGEST_ABSENT:
		break;
	}
	return "there is no hash of datapackage.json";
}

static void add_signature(struct buf *out, const struct check_signature *signature)
{
	switch (signature->state) {
	case CHECK_SIGNATURE_NONE:
		buf_add_text(out, "not signed");
		break;
	case CHECK_SIGNATURE_VERIFIED:
		buf_add_text(out, "signed anonymously, verified");
		break;
	case CHECK_SIGNATURE_OPEN:
		buf_add_text(out, "signed for ");
		add_clean(out, &signature->domain);
		buf_add_text(out, ", not verified: it fits its certificate, whose issuer and time "
				  "stamp were not looked at");
		break;
	case CHECK_SIGNATURE_BAD:
		buf_add_text(out, "its signature is not good");
		break;
	}
}

static void add_hashes(struct buf *out, const struct check_wacz_summary *summary)
{
	check_print_count(out, summary->files, "file", "files");
	buf_add_text(out, " of ");
	check_print_size(out, summary->bytes);
	buf_add_text(out, ", ");
	check_print_count(out, summary->hashes_right, "hash verified", "hashes verified");
	if (summary->hashes_wrong > 0) {
		buf_add_text(out, ", ");
		check_print_count(out, summary->hashes_wrong, "wrong", "wrong");
	}
	if (summary->unlisted > 0) {
		buf_add_text(out, ", ");
		check_print_count(
			out, summary->unlisted, "file is not listed", "files are not listed");
	}
}

void check_wacz_view_add_text(struct buf *out, const struct check_wacz_summary *summary)
{
	const struct check_package *package = &summary->package;
	buf_add_text(out, "  ");
	if (package->title.len > 0) {
		buf_add_text(out, "\"");
		add_clean(out, &package->title);
		buf_add_text(out, "\", ");
	}
	buf_add_text(out, "WACZ");
	if (package->version.len > 0) {
		buf_add_text(out, " ");
		add_clean(out, &package->version);
	}
	if (package->created.len > 0) {
		buf_add_text(out, ", created ");
		add_clean(out, &package->created);
	}
	if (package->software.len > 0) {
		buf_add_text(out, package->created.len > 0 ? " by " : ", by ");
		add_clean(out, &package->software);
	}
	buf_add_text(out, "\n  ");
	add_hashes(out, summary);
	buf_addf(out, "; %s; ", digest_words(package->digest));
	add_signature(out, &package->signature);
	buf_add_char(out, '\n');
}

/* --- JSON --------------------------------------------------------------------------------------
 */

static void add_member(struct buf *out, const char *name, const struct buf *text)
{
	if (text->len > 0) {
		json_add_member(out, name, buf_bytes(text));
	}
}

void check_wacz_view_add_json(
	struct buf *out, const char *name, const struct check_wacz_summary *summary)
{
	static const char *const digests[] = {[CHECK_PACKAGE_DIGEST_ABSENT] = "absent",
		[CHECK_PACKAGE_DIGEST_FITS] = "verified",
		[CHECK_PACKAGE_DIGEST_WRONG] = "wrong"};
	static const char *const signatures[] = {[CHECK_SIGNATURE_NONE] = "none",
		[CHECK_SIGNATURE_VERIFIED] = "verified",
		[CHECK_SIGNATURE_OPEN] = "not verified",
		[CHECK_SIGNATURE_BAD] = "wrong"};
	const struct check_package *package = &summary->package;
	buf_add_char(out, '{');
	json_add_member(out, "file", bytes_of(name));
	json_add_name(out, "package");
	buf_add_char(out, '{');
	add_member(out, "title", &package->title);
	add_member(out, "created", &package->created);
	add_member(out, "software", &package->software);
	add_member(out, "wacz_version", &package->version);
	add_member(out, "mainPageUrl", &package->main_url);
	json_add_member_u64(out, "files", summary->files);
	json_add_member_u64(out, "bytes", summary->bytes);
	json_add_name(out, "hashes");
	buf_add_char(out, '{');
	json_add_member_u64(out, "verified", summary->hashes_right);
	json_add_member_u64(out, "wrong", summary->hashes_wrong);
	json_add_member_u64(out, "unlisted", summary->unlisted);
	buf_add_char(out, '}');
	json_add_member(out, "digest", bytes_of(digests[package->digest]));
	json_add_member(out, "signature", bytes_of(signatures[package->signature.state]));
	add_member(out, "domain", &package->signature.domain);
	buf_add_text(out, "}}");
}

/* --- HTML --------------------------------------------------------------------------------------
 */

static void add_row(struct buf *out, const char *term, const struct buf *text)
{
	if (text->len > 0) {
		buf_addf(out, "<dt>%s</dt><dd>", term);
		check_page_add_text(out, buf_bytes(text));
		buf_add_text(out, "</dd>\n");
	}
}

void check_wacz_view_add_html(struct buf *out, const struct check_wacz_summary *summary)
{
	const struct check_package *package = &summary->package;
	SCOPED(buf_clear) struct buf signature = {0};
	add_row(out, "Title", &package->title);
	add_row(out, "Main page", &package->main_url);
	add_row(out, "Created", &package->created);
	add_row(out, "By", &package->software);
	buf_add_text(out, "<dt>Package</dt><dd>WACZ ");
	check_page_add_text(out, buf_bytes(&package->version));
	buf_add_text(out, ", ");
	add_hashes(out, summary);
	buf_addf(out, "; %s</dd>\n", digest_words(package->digest));
	add_signature(&signature, &package->signature);
	add_row(out, "Signature", &signature);
}
