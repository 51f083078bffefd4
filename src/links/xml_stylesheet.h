/* SPDX-License-Identifier: MIT */
/* xml_stylesheet.h - style sheets of XML documents, and what an XSLT one includes: L-37 */
#ifndef LINKS_XML_STYLESHEET_H
#define LINKS_XML_STYLESHEET_H

#include "links/references.h"

/* Collects the href of each xml-stylesheet instruction before the root element (Associating Style
 * Sheets with XML documents 1.0). */
void xml_stylesheet_find(struct bytes utf8, struct references *references);
/* Collects xsl:import and xsl:include, when the document is XSLT. */
MUST_CHECK int xml_stylesheet_find_imports(
	struct bytes utf8, struct references *references, struct flong_error *err);
/* The name of the root element, prefix and all, behind declarations, comments and instructions;
 * empty when there is none. An HTML doctype counts as the root "html". */
struct bytes xml_stylesheet_root(struct bytes document);

#endif
