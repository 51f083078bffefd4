/* SPDX-License-Identifier: MIT */
/* oembed_xml.h - oEmbed answers in XML: L-54; json_documents.h has those in JSON */
#ifndef LINKS_OEMBED_XML_H
#define LINKS_OEMBED_XML_H

#include "links/links.h"

/* Adds what an <oembed> document names (oEmbed 2.3.4): thumbnail_url and the url of a photo are
 * requisites, the rest, and the links of its HTML, are discovery. */
MUST_CHECK int oembed_xml_find(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err);

#endif
