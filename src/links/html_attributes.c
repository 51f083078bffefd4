/* SPDX-License-Identifier: MIT */
/* html_attributes.c - one line an attribute, sorted by attribute name; "*" comes last of its name
 */
#include "links/html_attributes.h"

#define P LINK_REQUISITE
#define N LINK_PAGE
#define D LINK_DISCOVERY

static const struct html_attribute table[] = {
	{"archive", "applet", HTML_URL_LIST, P, ROLE_OBJECT, "L-18", "applet archive"},
	{"archive", "object", HTML_URL_LIST, P, ROLE_OBJECT, "L-18", "object archive"},
	{"background", "*", HTML_URL, P, ROLE_IMAGE, "L-26", "background"},
	{"background-audio", "amp-story", HTML_URL, P, ROLE_MEDIA, "L-53",
		"amp-story background-audio"},
	{"cite", "blockquote", HTML_URL, D, ROLE_UNKNOWN, "L-27", "blockquote cite"},
	{"cite", "del", HTML_URL, D, ROLE_UNKNOWN, "L-27", "del cite"},
	{"cite", "ins", HTML_URL, D, ROLE_UNKNOWN, "L-27", "ins cite"},
	{"cite", "q", HTML_URL, D, ROLE_UNKNOWN, "L-27", "q cite"},
	{"code", "applet", HTML_URL_LIST, P, ROLE_OBJECT, "L-18", "applet code"},
	{"data", "object", HTML_URL, P, ROLE_OBJECT, "L-18", "object data"},
	{"data-background", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-background"},
	{"data-background-image", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-background-image"},
	{"data-bg", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-bg"},
	{"data-bgset", "*", HTML_LAZY_SRCSET, P, ROLE_IMAGE, "L-13", "data-bgset"},
	{"data-cmp-src", "*", HTML_URL, D, ROLE_UNKNOWN, "L-60", "data-cmp-src"},
	{"data-cookieblock-src", "*", HTML_URL, D, ROLE_UNKNOWN, "L-60", "data-cookieblock-src"},
	{"data-fallback-src", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-fallback-src"},
	{"data-flickity-lazyload", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-flickity-lazyload"},
	{"data-full-src", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-full-src"},
	{"data-hi-res-src", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-hi-res-src"},
	{"data-image", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-image"},
	{"data-img", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-img"},
	{"data-lazy", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-lazy"},
	{"data-lazy-src", "iframe", HTML_URL, D, ROLE_FRAME, "L-60", "iframe data-lazy-src"},
	{"data-lazy-src", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-lazy-src"},
	{"data-lazy-srcset", "*", HTML_LAZY_SRCSET, P, ROLE_IMAGE, "L-13", "data-lazy-srcset"},
	{"data-original", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-original"},
	{"data-original-set", "*", HTML_LAZY_SRCSET, P, ROLE_IMAGE, "L-13", "data-original-set"},
	{"data-poster", "*", HTML_LAZY, P, ROLE_POSTER, "L-13", "data-poster"},
	{"data-posterurl", "*", HTML_LAZY, P, ROLE_POSTER, "L-20", "data-posterurl"},
	{"data-src", "iframe", HTML_URL, D, ROLE_FRAME, "L-60", "iframe data-src"},
	{"data-src", "script", HTML_URL, D, ROLE_SCRIPT, "L-60", "script data-src"},
	{"data-src", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-src"},
	{"data-src-cmplz", "*", HTML_URL, D, ROLE_UNKNOWN, "L-60", "data-src-cmplz"},
	{"data-srcset", "*", HTML_LAZY_SRCSET, P, ROLE_IMAGE, "L-13", "data-srcset"},
	{"data-suppressedsrc", "*", HTML_URL, D, ROLE_UNKNOWN, "L-60", "data-suppressedsrc"},
	{"data-thumb", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-thumb"},
	{"data-thumbnail", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-thumbnail"},
	{"data-uc-src", "*", HTML_URL, D, ROLE_UNKNOWN, "L-60", "data-uc-src"},
	{"data-url", "*", HTML_LAZY, P, ROLE_IMAGE, "L-13", "data-url"},
	{"data-video-src", "*", HTML_LAZY, P, ROLE_MEDIA, "L-20", "data-video-src"},
	{"data-videoid", "amp-youtube", HTML_VIDEO_ID, D, ROLE_POSTER, "L-60", "youtube poster"},
	{"data-youtube-id", "*", HTML_VIDEO_ID, D, ROLE_POSTER, "L-60", "youtube poster"},
	{"dynsrc", "img", HTML_URL, P, ROLE_MEDIA, "L-09", "img dynsrc"},
	{"href", "feimage", HTML_URL, P, ROLE_IMAGE, "L-36", "feImage href"},
	{"href", "filter", HTML_URL, P, ROLE_IMAGE, "L-36", "filter href"},
	{"href", "image", HTML_URL, P, ROLE_IMAGE, "L-36", "image href"},
	{"href", "lineargradient", HTML_URL, P, ROLE_IMAGE, "L-36", "gradient href"},
	{"href", "math", HTML_URL, N, ROLE_UNKNOWN, "L-02", "math href"},
	{"href", "mi", HTML_URL, N, ROLE_UNKNOWN, "L-02", "math href"},
	{"href", "mpath", HTML_URL, P, ROLE_IMAGE, "L-36", "mpath href"},
	{"href", "mrow", HTML_URL, N, ROLE_UNKNOWN, "L-02", "math href"},
	{"href", "mtext", HTML_URL, N, ROLE_UNKNOWN, "L-02", "math href"},
	{"href", "pattern", HTML_URL, P, ROLE_IMAGE, "L-36", "pattern href"},
	{"href", "radialgradient", HTML_URL, P, ROLE_IMAGE, "L-36", "gradient href"},
	{"href", "script", HTML_URL, P, ROLE_SCRIPT, "L-36", "script href"},
	{"href", "textpath", HTML_URL, P, ROLE_IMAGE, "L-36", "textPath href"},
	{"href", "use", HTML_URL, P, ROLE_IMAGE, "L-36", "use href"},
	{"imagesrcset", "link", HTML_SRCSET, P, ROLE_IMAGE, "L-11", "link imagesrcset"},
	{"longdesc", "frame", HTML_URL, N, ROLE_UNKNOWN, "L-09", "frame longdesc"},
	{"longdesc", "iframe", HTML_URL, N, ROLE_UNKNOWN, "L-09", "iframe longdesc"},
	{"longdesc", "img", HTML_URL, N, ROLE_UNKNOWN, "L-09", "img longdesc"},
	{"lowsrc", "img", HTML_URL, P, ROLE_IMAGE, "L-09", "img lowsrc"},
	{"manifest", "html", HTML_URL, P, ROLE_MANIFEST, "L-26", "html manifest"},
	{"poster", "amp-video", HTML_URL, P, ROLE_POSTER, "L-53", "amp-video poster"},
	{"poster", "video", HTML_URL, P, ROLE_POSTER, "L-19", "video poster"},
	{"poster-portrait-src", "amp-story", HTML_URL, P, ROLE_IMAGE, "L-53", "amp-story poster"},
	{"publisher-logo-src", "amp-story", HTML_URL, P, ROLE_IMAGE, "L-53", "amp-story logo"},
	{"src", "amp-anim", HTML_IMAGE, P, ROLE_IMAGE, "L-53", "amp-anim src"},
	{"src", "amp-audio", HTML_URL, P, ROLE_MEDIA, "L-53", "amp-audio src"},
	{"src", "amp-iframe", HTML_URL, P, ROLE_FRAME, "L-53", "amp-iframe src"},
	{"src", "amp-img", HTML_IMAGE, P, ROLE_IMAGE, "L-53", "amp-img src"},
	{"src", "amp-list", HTML_URL, P, ROLE_UNKNOWN, "L-53", "amp-list src"},
	{"src", "amp-state", HTML_URL, P, ROLE_UNKNOWN, "L-53", "amp-state src"},
	{"src", "amp-video", HTML_URL, P, ROLE_MEDIA, "L-53", "amp-video src"},
	{"src", "audio", HTML_URL, P, ROLE_MEDIA, "L-19", "audio src"},
	{"src", "bgsound", HTML_URL, P, ROLE_MEDIA, "L-49", "bgsound src"},
	{"src", "embed", HTML_URL, P, ROLE_OBJECT, "L-18", "embed src"},
	{"src", "fig", HTML_URL, P, ROLE_IMAGE, "L-49", "fig src"},
	{"src", "frame", HTML_URL, P, ROLE_FRAME, "L-17", "frame src"},
	{"src", "iframe", HTML_URL, P, ROLE_FRAME, "L-17", "iframe src"},
	{"src", "ilayer", HTML_URL, P, ROLE_FRAME, "L-49", "ilayer src"},
	{"src", "img", HTML_IMAGE, P, ROLE_IMAGE, "L-09", "img src"},
	{"src", "layer", HTML_URL, P, ROLE_FRAME, "L-49", "layer src"},
	{"src", "overlay", HTML_URL, P, ROLE_IMAGE, "L-49", "overlay src"},
	{"src", "script", HTML_URL, P, ROLE_SCRIPT, "L-05", "script src"},
	{"src", "source", HTML_URL, P, ROLE_MEDIA, "L-19", "source src"},
	{"src", "track", HTML_URL, P, ROLE_TRACK, "L-19", "track src"},
	{"src", "video", HTML_URL, P, ROLE_MEDIA, "L-19", "video src"},
	{"srcdoc", "iframe", HTML_DOCUMENT, P, ROLE_FRAME, "L-17", "iframe srcdoc"},
	{"srcset", "amp-anim", HTML_SRCSET, P, ROLE_IMAGE, "L-53", "amp-anim srcset"},
	{"srcset", "amp-img", HTML_SRCSET, P, ROLE_IMAGE, "L-53", "amp-img srcset"},
	{"srcset", "img", HTML_SRCSET, P, ROLE_IMAGE, "L-10", "img srcset"},
	{"srcset", "source", HTML_SRCSET, P, ROLE_IMAGE, "L-12", "source srcset"},
	{"style", "*", HTML_CSS, P, ROLE_IMAGE, "L-28", "style attribute"},
	{"videoid", "lite-youtube", HTML_VIDEO_ID, D, ROLE_POSTER, "L-60", "youtube poster"},
	{"xlink:href", "feimage", HTML_URL, P, ROLE_IMAGE, "L-36", "feImage xlink:href"},
	{"xlink:href", "filter", HTML_URL, P, ROLE_IMAGE, "L-36", "filter xlink:href"},
	{"xlink:href", "image", HTML_URL, P, ROLE_IMAGE, "L-36", "image xlink:href"},
	{"xlink:href", "lineargradient", HTML_URL, P, ROLE_IMAGE, "L-36", "gradient xlink:href"},
	{"xlink:href", "mpath", HTML_URL, P, ROLE_IMAGE, "L-36", "mpath xlink:href"},
	{"xlink:href", "pattern", HTML_URL, P, ROLE_IMAGE, "L-36", "pattern xlink:href"},
	{"xlink:href", "radialgradient", HTML_URL, P, ROLE_IMAGE, "L-36", "gradient xlink:href"},
	{"xlink:href", "script", HTML_URL, P, ROLE_SCRIPT, "L-36", "script xlink:href"},
	{"xlink:href", "textpath", HTML_URL, P, ROLE_IMAGE, "L-36", "textPath xlink:href"},
	{"xlink:href", "use", HTML_URL, P, ROLE_IMAGE, "L-36", "use xlink:href"},
};

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))

const struct html_attribute *html_attributes_all(size_t *count_out)
{
	*count_out = TABLE_COUNT;
	return table;
}

const struct html_attribute *html_attributes_find(struct bytes element, struct bytes name)
{
	size_t low = 0;
	size_t high = TABLE_COUNT;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (bytes_compare(bytes_of(table[middle].name), name) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (; low < TABLE_COUNT && bytes_equal(bytes_of(table[low].name), name); low++) {
		if (table[low].element[0] == '*' ||
			bytes_equal(bytes_of(table[low].element), element)) {
			return &table[low];
		}
	}
	return NULL;
}
