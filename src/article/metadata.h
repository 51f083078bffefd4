/* SPDX-License-Identifier: MIT */
/* metadata.h - headline, dates, authors, pictures and names of a story */
#ifndef ARTICLE_METADATA_H
#define ARTICLE_METADATA_H

#include "article/outline.h"
#include "article/page.h"

#define METADATA_OWN_URLS 32

/* Fills the metadata of the result. URLs are made absolute against `base`. */
void metadata_find(const struct outline *outline, const struct url *base,
	const struct page_input *input, struct page_result *result);
/* The other addresses of this same page: request URL, canonical, og:url, AMP, alternates. Borrowed
 * from the outline and input; may be relative. Returns how many. */
size_t metadata_own_urls(const struct outline *outline, const struct page_input *input,
	struct bytes urls_out[METADATA_OWN_URLS]);

#endif
